package archiver

import (
	"errors"
	"net"
	"net/url"
	"path"
	"strings"
)

// maxURL is the longest address any common server takes; calendar traps and session ids grow beyond it.
const maxURL = 2083

// trackers are query parameters that name the visitor's way, not the page.
var trackers = map[string]bool{
	"fbclid": true, "gclid": true, "dclid": true, "msclkid": true, "yclid": true, "mc_cid": true, "mc_eid": true,
	"igshid": true, "_ga": true, "replytocom": true, "jsessionid": true, "phpsessid": true, "spm": true,
}

// Canonical writes an address the one way that is stored and fetched: absolute http or https, host in lower case, no
// credentials, default port, fragment, dot segments or tracking parameters, percent-encoding in upper case and only where
// needed. The order of the query and a trailing slash are kept, because servers may tell them apart.
// It is idempotent. The error is of kind Invalid.
func Canonical(raw string) (string, error) {
	return Resolve("", raw)
}

// Resolve is Canonical of a reference found on the page base.
func Resolve(base, ref string) (string, error) {
	u, err := url.Parse(tidy(ref))
	if err == nil && base != "" {
		var b *url.URL
		if b, err = url.Parse(base); err == nil {
			u = b.ResolveReference(u)
		}
	}
	if err == nil {
		err = checkURL(u)
	}
	if err != nil {
		return "", &Error{Kind: Invalid, Op: "read address", URL: shorten(ref), Err: bare(err)}
	}
	u.Scheme = strings.ToLower(u.Scheme)
	u.Host = canonicalHost(u)
	u.User = nil
	u.Fragment, u.RawFragment = "", ""
	u.RawPath = ""
	u.ForceQuery = false
	escaped := escapePath(u)
	u.RawQuery = canonicalQuery(u.RawQuery)
	s := u.Scheme + "://" + u.Host + escaped
	if u.RawQuery != "" {
		s += "?" + u.RawQuery
	}
	if len(s) > maxURL {
		return "", &Error{Kind: Invalid, Op: "read address", URL: shorten(ref), Err: errors.New("longer than 2,083 characters")}
	}
	return s, nil
}

// Key is the form in which two addresses of one page are equal: without scheme, "www." and trailing slash.
// Its argument is canonical.
func Key(canonical string) string {
	_, rest, ok := strings.Cut(canonical, "://")
	if !ok {
		rest = canonical
	}
	rest = strings.TrimPrefix(rest, "www.")
	head, query, hasQuery := strings.Cut(rest, "?")
	head = strings.TrimRight(head, "/")
	if hasQuery {
		return head + "?" + query
	}
	return head
}

// Host is the host and, where it is not the default, the port of a canonical address.
func Host(canonical string) string {
	_, rest, _ := strings.Cut(canonical, "://")
	if i := strings.IndexAny(rest, "/?#"); i >= 0 {
		rest = rest[:i]
	}
	return rest
}

// SameSite reports whether two canonical addresses belong to one site: the same host and port, "www." aside.
func SameSite(a, b string) bool {
	return strings.TrimPrefix(Host(a), "www.") == strings.TrimPrefix(Host(b), "www.")
}

// tidy drops what browsers drop: surrounding space, and tabs and line ends inside. A backslash is a slash.
func tidy(ref string) string {
	ref = strings.Map(func(r rune) rune {
		switch {
		case r == '\t' || r == '\n' || r == '\r' || r == 0:
			return -1
		case r == '\\':
			return '/'
		}
		return r
	}, strings.TrimSpace(ref))
	return strayPercent(ref)
}

// strayPercent encodes a percent sign that begins no escape, as in "/100%/", which url.Parse refuses.
func strayPercent(s string) string {
	if !strings.Contains(s, "%") {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '%' && (i+2 >= len(s) || !isHex(s[i+1]) || !isHex(s[i+2])) {
			b.WriteString("%25")
			continue
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
}

func checkURL(u *url.URL) error {
	switch strings.ToLower(u.Scheme) {
	case "http", "https":
	case "":
		return errors.New("not an absolute address; it begins with http:// or https://")
	default:
		return errors.New("only http and https addresses can be archived")
	}
	switch host := u.Hostname(); {
	case strings.Trim(host, ".") == "":
		return errors.New("it names no host")
	case strings.ContainsAny(host, "%<>\"'`{}|\\^ /?#@"):
		return errors.New("its host is no name")
	}
	return nil
}

// bare takes the address out of a url.Error, which may hold credentials.
func bare(err error) error {
	if e, ok := errors.AsType[*url.Error](err); ok {
		return e.Err
	}
	return err
}

// shorten makes an address fit for a message: no credentials, no endless tail.
func shorten(ref string) string {
	const most = 200
	if head, tail, ok := strings.Cut(ref, "://"); ok {
		if i := strings.IndexAny(tail, "/?#@"); i >= 0 && tail[i] == '@' {
			ref = head + "://" + tail[i+1:]
		}
	}
	if r := []rune(ref); len(r) > most {
		return string(r[:most]) + "…"
	}
	return ref
}

func canonicalHost(u *url.URL) string {
	host := strings.ToLower(strings.TrimRight(u.Hostname(), "."))
	port := u.Port()
	if port == "" || u.Scheme == "http" && port == "80" || u.Scheme == "https" && port == "443" {
		if strings.Contains(host, ":") {
			return "[" + host + "]"
		}
		return host
	}
	return net.JoinHostPort(host, port)
}

// escapePath resolves dot segments and writes the path with escapes only where they are needed.
func escapePath(u *url.URL) string {
	p := normalEscapes(u.EscapedPath(), true)
	if p == "" {
		return "/"
	}
	if i := strings.Index(strings.ToLower(p), ";jsessionid="); i >= 0 {
		p = p[:i]
	}
	if strings.Contains(p, "/.") {
		slash := strings.HasSuffix(p, "/") || strings.HasSuffix(p, "/.") || strings.HasSuffix(p, "/..")
		p = path.Clean(p)
		if slash && p != "/" {
			p += "/"
		}
	}
	if !strings.HasPrefix(p, "/") {
		p = "/" + p
	}
	return p
}

func canonicalQuery(q string) string {
	if q == "" {
		return ""
	}
	var kept string
	for pair := range strings.SplitSeq(q, "&") {
		name, _, _ := strings.Cut(pair, "=")
		lower := strings.ToLower(name)
		if pair == "" || trackers[lower] || strings.HasPrefix(lower, "utm_") {
			continue
		}
		if kept != "" {
			kept += "&"
		}
		kept += normalEscapes(pair, false)
	}
	return kept
}

const upperHex = "0123456789ABCDEF"

// normalEscapes decodes escapes of unreserved characters, writes the others in upper case, and escapes what may not stand raw.
func normalEscapes(s string, inPath bool) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		c := s[i]
		escaped := c == '%' && i+2 < len(s) && isHex(s[i+1]) && isHex(s[i+2])
		if escaped {
			c = unhex(s[i+1])<<4 | unhex(s[i+2])
			i += 2
		}
		switch {
		case unreserved(c), !escaped && mayStandRaw(c, inPath):
			b.WriteByte(c)
		default:
			b.WriteByte('%')
			b.WriteByte(upperHex[c>>4])
			b.WriteByte(upperHex[c&15])
		}
	}
	return b.String()
}

func unhex(c byte) byte {
	switch {
	case c <= '9':
		return c - '0'
	case c >= 'a':
		return c - 'a' + 10
	}
	return c - 'A' + 10
}

func unreserved(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || strings.IndexByte("-._~", c) >= 0
}

func mayStandRaw(c byte, inPath bool) bool {
	if strings.IndexByte("!$&'()*+,;=:@/", c) >= 0 {
		return true
	}
	return !inPath && c == '?'
}
