package fetch

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/textproto"
	"net/url"
	"slices"
	"strings"
	"time"

	"archiver"

	"golang.org/x/net/http/httpguts"
)

// This file is what one host is asked with that others are not: the user's cookies, headers, name and way. Rules: it goes to
// requests of exactly that host, by whatever redirect they came about, and never from https down to http; nothing prints it.

// Access is how one host is to be asked.
type Access struct {
	// Host is the host, with its port where that is not the scheme's own: "blog.example", "127.0.0.1:8080".
	Host string
	// Cookies are sent where a browser would send them.
	Cookies []Cookie
	// Header is sent with each page and picture, but not for robots.txt. What the gate itself has to write is Invalid in it.
	Header http.Header
	// UserAgent is sent in the place of Options.UserAgent. robots.txt is still read for the name in that one.
	UserAgent string
	// Proxy is the way to the host, as a proxy of Options; nil for that of Options.
	Proxy *url.URL
	// Direct is for a host that is asked without any proxy.
	Direct bool
}

// String keeps everything secret out of logs.
func (a Access) String() string { return "access to " + a.Host }

// gateHeaders are what the gate writes, or relies upon, with what the user can do instead.
var gateHeaders = map[string]string{
	"Host": "", "Content-Length": "", "Content-Type": "", "Accept": "", "Accept-Encoding": "", "Connection": "", "Keep-Alive": "", "Te": "", "Trailer": "",
	"Transfer-Encoding": "", "Upgrade": "", "Expect": "", "Range": "", "Proxy-Connection": "",
	"Cookie":              "put cookies into a cookies.txt file",
	"User-Agent":          "the user agent has a setting of its own",
	"Proxy-Authorization": "put the user and the password into the proxy's address",
}

// accesses are found by hostKey.
type accesses map[string]*Access

// newAccesses reads Options.Access. What is said of a host twice, as two sources of one blog do, is put together; two values for
// one thing are an error of kind Invalid.
func newAccesses(all []Access) (accesses, error) {
	known := accesses{}
	for _, a := range all {
		a.Host = strings.ToLower(a.Host)
		invalid := func(hint, format string, args ...any) error {
			return &archiver.Error{Kind: archiver.Invalid, Op: "set up access to", URL: withoutUser(a.Host), Err: fmt.Errorf(format, args...), Hint: hint}
		}
		if u, err := url.Parse("//" + a.Host); err != nil || u.Host != a.Host || u.Hostname() == "" {
			a.Host = "" // there may be a password in it
			return nil, invalid(`write "host" or "host:port"`, "it is no host")
		}
		for name, values := range a.Header {
			if hint, own := gateHeaders[textproto.CanonicalMIMEHeaderKey(name)]; own || strings.HasPrefix(strings.ToLower(name), "if-") {
				return nil, invalid(hint, "%s is not for the user to send", name)
			}
			if !httpguts.ValidHeaderFieldName(name) {
				return nil, invalid("", "%q is no name of a header", name)
			}
			if slices.ContainsFunc(values, func(v string) bool { return !httpguts.ValidHeaderFieldValue(v) }) {
				return nil, invalid("", "the value of %s has characters that no header can hold", name)
			}
		}
		if !printable(a.UserAgent) {
			return nil, invalid("", "the user agent holds characters that may not stand in a header")
		}
		if a.Proxy != nil {
			if err := checkProxy(a.Proxy); err != nil {
				return nil, invalid(archiver.HintOf(err), "%w", err)
			}
		}
		if err := known.add(a); err != nil {
			return nil, invalid("say it once", "%w", err)
		}
	}
	return known, nil
}

func (all accesses) add(a Access) error {
	header := make(http.Header, len(a.Header))
	for name, values := range a.Header {
		header[textproto.CanonicalMIMEHeaderKey(name)] = slices.Clone(values)
	}
	a.Header, a.Cookies = header, slices.Clone(a.Cookies)
	old, ok := all[a.Host]
	if !ok {
		all[a.Host] = &a
		return nil
	}
	for name, values := range header {
		if before, ok := old.Header[name]; ok && !slices.Equal(before, values) {
			return fmt.Errorf("there are two values for %s", name)
		}
	}
	maps.Copy(old.Header, header)
	switch {
	case a.UserAgent != "" && old.UserAgent != "" && a.UserAgent != old.UserAgent:
		return errors.New("there are two user agents")
	case a.Proxy != nil && old.Proxy != nil && *a.Proxy != *old.Proxy, a.Proxy != nil && old.Direct, a.Direct && old.Proxy != nil:
		return errors.New("there are two ways to it")
	}
	for _, c := range a.Cookies {
		i := slices.IndexFunc(old.Cookies, func(o Cookie) bool { return o.Name == c.Name && o.Domain == c.Domain && o.Path == c.Path })
		if i < 0 {
			old.Cookies = append(old.Cookies, c)
		} else {
			old.Cookies[i] = c
		}
	}
	if old.UserAgent == "" {
		old.UserAgent = a.UserAgent
	}
	if old.Proxy == nil {
		old.Proxy = a.Proxy
	}
	old.Direct = old.Direct || a.Direct
	return nil
}

// userAgent is the name to go by at a host.
func (all accesses) userAgent(at *url.URL, general string) string {
	if a := all[hostKey(at)]; a != nil && a.UserAgent != "" {
		return a.UserAgent
	}
	return general
}

// secrets are the header and the cookies for a request that began at an address: none where https was left on the way.
func (all accesses) secrets(asked, at *url.URL) (http.Header, []Cookie) {
	a := all[hostKey(at)]
	if a == nil || asked.Scheme == "https" && at.Scheme != "https" {
		return nil, nil
	}
	return a.Header, fitting(a.Cookies, at, time.Now())
}

// printable reports whether s may stand in a header of ours.
func printable(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r > '~' })
}
