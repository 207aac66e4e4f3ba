package fetch

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"archiver"

	"golang.org/x/net/idna"
	"golang.org/x/net/publicsuffix"
)

// This file reads cookies.txt as Netscape wrote it and browsers' add-ons, curl and wget do: one cookie a line, seven fields with
// tabs between them. Rules: what a browser would not send is not sent; an error names the line and never what stands in it.

const (
	maxCookieFile = 4 << 20 // a browser's whole jar has some hundred kilobytes
	cookieFields  = 7
)

// Cookie is one cookie of the user's browser.
type Cookie struct {
	Domain   string    // in lower case, in ASCII, without a dot before it
	HostOnly bool      // not for hosts below Domain
	Path     string    // begins with "/"
	Secure   bool      // for https only
	Expires  time.Time // zero where it lives as long as the browser
	Name     string
	Value    string
}

// String keeps the value out of logs.
func (c Cookie) String() string { return c.Name + "=… of " + c.Domain }

// ParseCookies reads a cookies.txt file. Cookies that have expired are left out, and so are those that claim a whole public suffix
// such as "co.uk". The error is of kind Invalid.
func ParseCookies(r io.Reader) ([]Cookie, error) {
	const hint = `a cookies.txt file has one cookie a line, seven fields with tabs between them; browsers' add-ons export it as "Netscape format"`
	lines := bufio.NewScanner(io.LimitReader(r, maxCookieFile+1))
	lines.Buffer(nil, maxCookieFile)
	var (
		all  []Cookie
		read int
		now  = time.Now()
	)
	for n := 1; lines.Scan(); n++ {
		read += len(lines.Bytes()) + 1
		line := strings.TrimRight(strings.TrimPrefix(lines.Text(), "\ufeff"), "\r")
		line = strings.TrimPrefix(line, "#HttpOnly_")
		if strings.TrimSpace(line) == "" || strings.HasPrefix(line, "#") {
			continue
		}
		c, err := parseCookie(line)
		if err != nil {
			return nil, &archiver.Error{Kind: archiver.Invalid, Op: "read cookies", Err: fmt.Errorf("line %d: %w", n, err), Hint: hint}
		}
		if suffix, _ := publicsuffix.PublicSuffix(c.Domain); suffix == c.Domain && !c.HostOnly || c.expired(now) {
			continue
		}
		all = append(all, c)
	}
	err := lines.Err()
	if read > maxCookieFile || errors.Is(err, bufio.ErrTooLong) {
		err = errors.New("larger than a file of cookies can be")
	}
	if err != nil {
		return nil, &archiver.Error{Kind: archiver.Invalid, Op: "read cookies", Err: err}
	}
	return all, nil
}

func parseCookie(line string) (Cookie, error) {
	fields := strings.Split(line, "\t")
	if len(fields) == cookieFields-1 {
		fields = append(fields, "") // an editor took the tab before an empty value away
	}
	if len(fields) != cookieFields {
		return Cookie{}, fmt.Errorf("%d fields where %d are wanted", len(fields), cookieFields)
	}
	c := Cookie{
		Domain: asciiHost(strings.TrimPrefix(strings.TrimSpace(fields[0]), ".")), HostOnly: !strings.EqualFold(fields[1], "TRUE"),
		Path: fields[2], Secure: strings.EqualFold(fields[3], "TRUE"), Name: fields[5], Value: fields[6],
	}
	if _, err := netip.ParseAddr(c.Domain); err == nil {
		c.HostOnly = true // there is nothing below an address
	}
	if !strings.HasPrefix(c.Path, "/") {
		c.Path = "/"
	}
	seconds, err := strconv.ParseFloat(cmp.Or(strings.TrimSpace(fields[4]), "0"), 64)
	switch {
	case c.Domain == "":
		return Cookie{}, errors.New("a cookie of no site")
	case c.Name == "" || strings.ContainsAny(c.Name, "=; "):
		return Cookie{}, errors.New("a cookie without a name")
	case strings.ContainsFunc(c.Name+c.Value, func(r rune) bool { return r < ' ' || r == ';' || r == 0x7f }):
		return Cookie{}, errors.New("a cookie with characters that no header can hold")
	case err != nil:
		return Cookie{}, errors.New("the fifth field is no time")
	}
	const never = 1 << 40 // some write milliseconds or the last second there is
	if seconds > 0 && seconds < never {
		c.Expires = time.Unix(int64(seconds), 0)
	}
	return c, nil
}

func (c Cookie) expired(now time.Time) bool { return !c.Expires.IsZero() && !now.Before(c.Expires) }

// fits reports whether a browser would send the cookie there.
func (c Cookie) fits(at *url.URL, now time.Time) bool {
	if c.Secure && at.Scheme != "https" || c.expired(now) {
		return false
	}
	host := asciiHost(at.Hostname())
	if host != c.Domain && (c.HostOnly || !strings.HasSuffix(host, "."+c.Domain)) {
		return false
	}
	path := cmp.Or(at.EscapedPath(), "/")
	rest, ok := strings.CutPrefix(path, c.Path)
	return ok && (rest == "" || strings.HasSuffix(c.Path, "/") || rest[0] == '/')
}

// fitting are the cookies for an address, those of longer paths first.
func fitting(all []Cookie, at *url.URL, now time.Time) []Cookie {
	var some []Cookie
	for _, c := range all {
		if c.fits(at, now) {
			some = append(some, c)
		}
	}
	slices.SortStableFunc(some, func(a, b Cookie) int { return len(b.Path) - len(a.Path) })
	return some
}

// asciiHost is a host's name as it is looked up.
func asciiHost(host string) string {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	if ascii, err := idna.Lookup.ToASCII(host); err == nil {
		return ascii
	}
	return host
}
