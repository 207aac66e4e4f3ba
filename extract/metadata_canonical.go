package extract

import (
	"strings"

	"archiver"
)

// This file decides whether the page's own word for its address is believed. Rules: the list and a redirect know better; a page
// that names the front page, another site or another article is mistaken, as many are; so what is taken is another way to write
// the same path, without the query that led here, or an address that og:url confirms.

// canonical is the address that the page gives as its own, empty where it gives none that can be believed.
func (r *articlePage) canonical() string {
	said := ""
	for _, n := range r.links {
		if hasRel(n, "canonical") {
			if url, ok := r.resolve(attrOf(n, "href")); ok {
				said = url
			}
			break
		}
	}
	if said == "" || !archiver.SameSite(said, r.page.URL) || isHome(said) || archiver.Key(said) == archiver.Key(r.page.URL) {
		return ""
	}
	confirmed := false
	if url, ok := r.resolve(r.meta("og:url")); ok {
		confirmed = archiver.Key(url) == archiver.Key(said)
	}
	if !confirmed && barePath(said) != barePath(r.page.URL) {
		r.trace.note("address", "canonical %s refused: nothing confirms it", said)
		return ""
	}
	r.trace.note("address", "%s from canonical", said)
	return said
}

// barePath is the path of an address without what leads to another form of the same page.
func barePath(url string) string {
	url, _, _ = strings.Cut(url, "?")
	url, _, _ = strings.Cut(url, "#")
	_, path, _ := strings.Cut(strings.TrimSuffix(url, "/"), "://")
	_, path, _ = strings.Cut(path, "/")
	path = strings.TrimSuffix(path, "/amp")
	return strings.TrimSuffix(path, "/")
}
