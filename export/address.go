package export

import (
	"net/netip"
	"net/url"
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/idna"
)

// hostName is a host in the letters that every reader takes.
var hostName = regexp.MustCompile(`^[A-Za-z0-9](?:[A-Za-z0-9_-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9_-]*[A-Za-z0-9])?)*\.?$`)

// lookup is how names are looked up, with the bound on a label's length.
var lookup = idna.New(idna.MapForLookup(), idna.BidiRule(), idna.VerifyDNSLength(true))

// address writes a link's target so that strict readers accept it: http, https or mailto, without credentials, everything else
// than the characters of RFC 3986 escaped. It gives "" for a target that cannot be written so.
func address(raw string) string {
	u, err := url.Parse(strings.TrimSpace(raw))
	if err != nil {
		return ""
	}
	switch strings.ToLower(u.Scheme) {
	case "mailto":
		to := escaped(u.Opaque)
		if !strings.Contains(to, "@") {
			return ""
		}
		return "mailto:" + to + query(u)
	case "http", "https":
	default:
		return ""
	}
	host, ok := authority(u)
	if !ok {
		return ""
	}
	path := escaped(u.EscapedPath())
	if path == "" {
		path = "/"
	}
	s := strings.ToLower(u.Scheme) + "://" + host + path + query(u)
	if u.Fragment != "" {
		s += "#" + escaped(u.EscapedFragment())
	}
	return s
}

func authority(u *url.URL) (string, bool) {
	name := u.Hostname()
	if ip, err := netip.ParseAddr(name); err == nil && ip.Is6() {
		if ip.Zone() != "" {
			return "", false
		}
		name = "[" + name + "]"
	} else if name = asciiHost(name); !hostName.MatchString(name) {
		return "", false
	}
	if port := u.Port(); port != "" {
		name += ":" + port
	}
	return name, true
}

func query(u *url.URL) string {
	if u.RawQuery == "" {
		return ""
	}
	return "?" + escaped(u.RawQuery)
}

// escaped keeps escapes and the characters that may stand in a path, a query and a fragment alike; it escapes the others.
func escaped(s string) string {
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', strings.IndexByte("-._~!$&'()*+,;=:@/?", c) >= 0,
			c == '%' && i+2 < len(s) && isHex(s[i+1]) && isHex(s[i+2]):
			b.WriteByte(c)
		default:
			b.Write([]byte{'%', hex[c>>4], hex[c&15]})
		}
	}
	return b.String()
}

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
}

// readable is an address for people: without scheme, escapes decoded where that gives text.
func readable(addr string) string {
	_, rest, ok := strings.Cut(addr, "://")
	if !ok {
		rest = addr
	}
	if s, err := url.PathUnescape(rest); err == nil {
		rest = s
	}
	return strings.TrimSuffix(plain(rest), "/")
}

// asciiHost is a host in ASCII, the way it is looked up: 例子.example is xn--fsqu00a.example. Older readers take no other form.
// It is empty where the host has none. A host in ASCII stays as it is.
func asciiHost(host string) string {
	if !strings.ContainsFunc(host, func(r rune) bool { return r >= utf8.RuneSelf }) {
		return host
	}
	ascii, err := lookup.ToASCII(host)
	if err != nil {
		return ""
	}
	return ascii
}
