package fetch

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"archiver"

	"golang.org/x/net/http/httpguts"
)

// requestHeader is the header of one request: who asks, for what, and nothing that follows a reader around.
func requestHeader(userAgent string, req archiver.Request, at *url.URL) http.Header {
	accept := req.Accept
	switch {
	case accept != "":
	case req.Asset:
		accept = acceptAsset
	default:
		accept = acceptPage
	}
	h := http.Header{
		"User-Agent":      {userAgent},
		"Accept":          {accept},
		"Accept-Encoding": {"gzip"},
	}
	if referer, ok := refererFor(req, at); ok {
		h.Set("Referer", referer)
	}
	return h
}

// refererFor is the address to name as the referring page: the whole of it to its own site; to another site only with a picture,
// which guards against hot links give to known sites alone, and only the origin, as browsers do; never from https to http.
func refererFor(req archiver.Request, at *url.URL) (string, bool) {
	if req.Referer == "" {
		return "", false
	}
	canonical, err := archiver.Canonical(req.Referer) // it has no credentials and no fragment
	if err != nil || strings.HasPrefix(canonical, "https:") && at.Scheme != "https" {
		return "", false
	}
	if archiver.SameSite(canonical, addressOf(at)) {
		return canonical, true
	}
	scheme, _, _ := strings.Cut(canonical, "://")
	return scheme + "://" + archiver.Host(canonical) + "/", req.Asset
}

// askConditionally makes the request one for news only. Apache names the packed form of a page by its ETag with "-gzip" added,
// and then knows only the plain one again: both are asked for.
func askConditionally(h http.Header, v archiver.Validator) {
	if v.ETag != "" && httpguts.ValidHeaderFieldValue(v.ETag) {
		tags := v.ETag
		if plain, ok := strings.CutSuffix(v.ETag, `-gzip"`); ok {
			tags += `, ` + plain + `"`
		}
		h.Set("If-None-Match", tags)
	}
	if v.Modified != "" && httpguts.ValidHeaderFieldValue(v.Modified) {
		h.Set("If-Modified-Since", v.Modified)
	}
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

// header is a Cookie header of them and, behind, of those of the user's that the server has not set anew.
func (c *cookies) header(at *url.URL, users []Cookie) string {
	var parts []string
	set := map[string]bool{}
	if origin(at) == c.origin {
		for _, pair := range c.pairs {
			parts = append(parts, pair.String())
			set[pair.Name] = true
		}
	}
	for _, own := range users {
		if !set[own.Name] {
			parts = append(parts, own.Name+"="+own.Value)
		}
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
