package extract

import (
	"strconv"
	"strings"

	"archiver"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// This file finds the further pages of one article. Rules: the address after part n is the article's own with n+1 written into
// it in one of the ways that blogs have; a next link without such an address leads to another article.

// maxParts bounds the pages of one article; more are a trap.
const maxParts = 50

// nextPart is the address of part n+1 of the article whose first part stood at one of bases, if this page leads there.
func (r *articlePage) nextPart(bases []string, n int) (string, bool) {
	if r.ruled != nil && r.ruled.next != "" {
		return r.ruled.next, true
	}
	for _, link := range r.links {
		if hasRel(link, "next") {
			if url, ok := r.resolve(attrOf(link, "href")); ok && isPart(bases, url, n+1, false) {
				return url, true
			}
		}
	}
	for i := range r.anchors {
		sp := &r.anchors[i]
		if r.foreign(sp) {
			continue
		}
		href := attrOf(sp.Node, "href")
		if !strings.Contains(href, strconv.Itoa(n+1)) {
			continue
		}
		if url, ok := r.resolve(href); ok && isPart(bases, url, n+1, r.inParts(sp)) {
			return url, true
		}
	}
	return "", false
}

// cutPageNumbers takes the article's page numbers, and the words that count its pages, out of the text.
func (r *articlePage) cutPageNumbers(bases []string) {
	for i := r.body.block + 1; i < r.blocks[r.body.block].end; i++ {
		b := &r.blocks[i]
		if b.end > i+maxPagerBlocks || b.own > labelWeight || b.roles&roleParts == 0 && !opensWithPage(b.node) {
			continue
		}
		text := shownText(b.node)
		if len(text) > labelWeight {
			continue
		}
		_, all := pageCount(text, false)
		if all > 1 || b.roles&roleParts != 0 && (deadNumbers(b.node, 0) > 0 || r.leadsToParts(b.node, bases)) {
			remove(b.node)
			i = b.end - 1
		}
	}
}

// leadsToParts reports whether a link below an element leads to another part of the article.
func (r *articlePage) leadsToParts(n *html.Node, bases []string) bool {
	for d := range n.Descendants() {
		if d.DataAtom != atom.A {
			continue
		}
		url, ok := r.resolve(attrOf(d, "href"))
		if !ok {
			continue
		}
		for _, base := range bases {
			if archiver.Key(url) == archiver.Key(base) {
				return true
			}
		}
		for n := 2; n <= 3; n++ {
			if isPart(bases, url, n, true) {
				return true
			}
		}
	}
	return false
}

// foreign reports whether a link stands outside of the article or among its comments.
func (r *articlePage) foreign(sp *spot) bool {
	if !r.within(sp.block, r.scope) {
		return true
	}
	for i := sp.block; i > r.scope; i = r.blocks[i].parent {
		if r.blocks[i].roles&roleComments != 0 {
			return true
		}
	}
	return false
}

// inParts reports whether a link is one of an article's page numbers.
func (r *articlePage) inParts(sp *spot) bool {
	if sp.DataAtom != atom.A {
		return false
	}
	text := shownText(sp.Node)
	if _, err := strconv.Atoi(text); err != nil && !nextPartWords.MatchString(text) {
		return false
	}
	if sp.roles&roleParts != 0 {
		return true
	}
	for i := sp.block; i > r.scope; i = r.blocks[i].parent {
		if r.blocks[i].roles&roleParts != 0 {
			return true
		}
	}
	return false
}

var nextPartWords = expr(`(?i)^[\s«»›→>]*(?:下一?[页頁]|后一?页|next(?: page)?|次のページ|page \d+)[\s«»›→>]*$`)

// isPart reports whether an address is that of part n of an article. Endings like -2.html are other articles' too, and count
// only for a link among page numbers.
func isPart(bases []string, url string, n int, numbered bool) bool {
	number := strconv.Itoa(n)
	key := archiver.Key(url)
	path, query, _ := strings.Cut(key, "?")
	for _, base := range bases {
		basePath, baseQuery, _ := strings.Cut(archiver.Key(base), "?")
		if path == basePath {
			for _, param := range [...]string{"page", "paged", "p", "pg", "pageno", "page_no"} {
				if addsParam(baseQuery, query, param+"="+number) {
					return true
				}
			}
			continue
		}
		if query != baseQuery {
			continue
		}
		if path == basePath+"/"+number || path == basePath+"/page/"+number || path == basePath+"/page-"+number {
			return true
		}
		if !numbered {
			continue
		}
		stem, ext := basePath, ""
		if i := strings.LastIndexByte(basePath, '.'); i > strings.LastIndexByte(basePath, '/') {
			stem, ext = basePath[:i], basePath[i:]
		}
		if path == stem+"-"+number+ext || path == stem+"_"+number+ext || path == stem+"/"+number+ext {
			return true
		}
	}
	return false
}

// addsParam reports whether query is base with one parameter more.
func addsParam(base, query, param string) bool {
	if base == "" {
		return query == param
	}
	return query == base+"&"+param || query == param+"&"+base
}
