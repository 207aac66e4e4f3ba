package fetch

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"archiver"
)

// requestHeader is the header of one request: who asks, for what, and nothing that follows a reader around.
func requestHeader(userAgent string, req archiver.Request, at *url.URL, cookies string) http.Header {
	accept := req.Accept
	if accept == "" {
		accept = acceptPage
	}
	h := http.Header{
		"User-Agent":      {userAgent},
		"Accept":          {accept},
		"Accept-Encoding": {"gzip"},
	}
	if referer, ok := refererFor(req.Referer, at); ok {
		h.Set("Referer", referer)
	}
	if cookies != "" {
		h.Set("Cookie", cookies)
	}
	return h
}

// refererFor is the address to name as the referring page: to its own site only, and not from https to http.
func refererFor(referer string, at *url.URL) (string, bool) {
	if referer == "" {
		return "", false
	}
	canonical, err := archiver.Canonical(referer) // it has no credentials and no fragment
	if err != nil || !archiver.SameSite(canonical, at.String()) {
		return "", false
	}
	return canonical, !strings.HasPrefix(canonical, "https:") || at.Scheme == "https"
}

// cookies are what a server sets while it redirects: some send a reader back to the same page and look whether the cookie
// returns. They live as long as the fetch of one page and go to the very origin that set them.
type cookies struct {
	origin string
	pairs  []*http.Cookie
}

const maxCookies = 50 // as browsers keep at least for one domain

func (c *cookies) keep(at *url.URL, header http.Header) {
	if o := origin(at); o != c.origin {
		c.origin, c.pairs = o, nil
	}
	if len(header["Set-Cookie"]) == 0 {
		return
	}
	for _, set := range (&http.Response{Header: header}).Cookies() {
		kept := c.pairs[:0:0]
		for _, old := range c.pairs {
			if old.Name != set.Name {
				kept = append(kept, old)
			}
		}
		if set.MaxAge >= 0 && len(kept) < maxCookies {
			kept = append(kept, &http.Cookie{Name: set.Name, Value: set.Value, Quoted: set.Quoted})
		}
		c.pairs = kept
	}
}

func (c *cookies) header(at *url.URL) string {
	if origin(at) != c.origin {
		return ""
	}
	parts := make([]string, len(c.pairs))
	for i, pair := range c.pairs {
		parts[i] = pair.String()
	}
	return strings.Join(parts, "; ")
}

// origin is what robots.txt and cookies belong to.
func origin(u *url.URL) string { return u.Scheme + "://" + hostKey(u) }

// wholeNumber reads a count; 0 where it is none.
func wholeNumber(s string) int {
	n, err := strconv.Atoi(strings.TrimSpace(s))
	if err != nil || n < 0 {
		return 0
	}
	return n
}
