package extract

import (
	"strings"

	"archiver"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// This file looks a category page over, once, and notes its links and what the page says about itself. Which links are
// entries is decided in entries_choose.go, what an entry says in entries_facts.go.

// anchor is one link of the page to its own site.
type anchor struct {
	*html.Node
	order    int    // among the anchors of the page
	url      string // as Canonical writes it
	path     uint64 // the kinds of the elements from the root to the link, as a hash
	heading  *html.Node
	text     string // what a reader sees of it, on one line
	label    string // its aria-label or title
	strength int    // how much it looks like the title of an article, 0 to 3
	isMore   bool   // "read more"
	isDate   bool   // its text is a date
	noise    bool   // in a region that lists other things
	main     bool   // in the main region
	content  bool   // inside the text of an entry
	item     bool   // inside an element that is marked as one entry
	archive  bool   // its address is that of another list
}

// Strengths of an anchor.
const (
	noTitle      = iota
	plainTitle   // some words
	labelTitle   // no words, but a label
	certainTitle // in or around a heading, or marked as a title
)

// overview is a page looked over.
type overview struct {
	*document
	marks   map[*html.Node]mark
	urls    map[string]string
	anchors []*anchor
	byNode  map[*html.Node]*anchor
	years   []yearMark
	pagers  []*html.Node // elements marked as pagination

	heads       []*html.Node // link and meta elements
	body        *html.Node
	headings    []heading
	titleText   string
	password    bool // there is a password field, and not that of one post
	emptyMarked bool // an element is marked as the notice of an empty list
	textLength  int  // bytes of visible text outside of noise
}

// heading is one that may be the listing's name.
type heading struct {
	*html.Node
	named bool // it is marked as the name of an archive page
	noise bool
}

// maxHeadings bounds the headings that are looked at; the name of a listing is among the first.
const maxHeadings = 100

// namedHeading reports whether an element is marked as the heading of an archive page.
func namedHeading(n *html.Node) bool {
	for name := range strings.FieldsSeq(attrOf(n, "class")) {
		switch name {
		case "page-title", "archive-title", "category-title", "tag-title", "page-heading", "archive-heading", "taxonomy-title", "term-title",
			"wp-block-query-title", "collection-header", "archive__title", "page__title", "archive-header-title", "list-title":
			return true
		}
	}
	return false
}

// yearMark is a heading that is a year; it holds for the anchors from order on.
type yearMark struct {
	order, year int
}

// place is where the walk stands.
type place struct {
	path                       uint64
	heading                    *html.Node
	noise, main, content, item bool
	recent                     bool // in the list that its theme calls one of recent posts on every page
}

func lookOver(doc *document) *overview {
	o := &overview{document: doc, marks: make(map[*html.Node]mark, 256), urls: make(map[string]string, 128), byNode: make(map[*html.Node]*anchor, 128)}
	for _, root := range doc.Nodes {
		o.walk(root, place{path: pathSeed})
	}
	return o
}

// The path hash is FNV-1a.
const (
	pathSeed  = 14695981039346656037
	pathPrime = 1099511628211
)

func extendPath(path uint64, s string) uint64 {
	for i := 0; i < len(s); i++ {
		path = (path ^ uint64(s[i])) * pathPrime
	}
	return (path ^ '>') * pathPrime
}

func (o *overview) walk(n *html.Node, at place) {
	switch n.Type {
	case html.TextNode:
		o.seeText(n, at)
		return
	case html.ElementNode:
		if unseen(n) {
			return
		}
		at = o.enter(n, at)
		switch n.DataAtom {
		case atom.Link, atom.Meta:
			o.heads = append(o.heads, n)
			return
		case atom.Title:
			if o.titleText == "" {
				o.titleText = oneLine(textOf(n))
			}
			return
		case atom.Input:
			o.password = o.password || attrOf(n, "type") == "password" && !o.inPostPasswordForm(n)
		case atom.A:
			if attrOf(n, "href") != "" {
				o.seeAnchor(n, at)
			}
		}
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		o.walk(c, at)
	}
}

// enter notes what the names of an element say and where that puts its children.
func (o *overview) enter(n *html.Node, at place) place {
	m := o.readNames(n)
	at.path = extendPath(at.path, n.Data)
	switch n.DataAtom {
	case atom.Html:
		m = 0
	case atom.Body:
		o.body, m = n, 0
	case atom.Main:
		at.main, at.noise = true, false
		m &^= markNoise | markItem
	case atom.Article:
		m = m&^(markNoise|markMeta|markContent|markPager) | markItem
		at.content = false
	case atom.Nav, atom.Aside, atom.Footer, atom.Form:
		m |= markNoise
	case atom.Header:
		if attrOf(n, "role") == "banner" {
			m |= markNoise
		}
	}
	named := namedHeading(n)
	if isHeading(n) {
		at.heading = n
	}
	if (isHeading(n) || named) && !at.content && len(o.headings) < maxHeadings {
		o.headings = append(o.headings, heading{Node: n, named: named && !at.noise, noise: at.noise})
	}
	switch attrOf(n, "role") {
	case "main":
		at.main, at.noise = true, false
		m &^= markNoise
	case "navigation", "complementary", "contentinfo", "search", "dialog", "menu", "banner":
		m |= markNoise
	case "article":
		m |= markItem
	}
	if m&markNoise != 0 && at.main && !at.noise && n.DataAtom != atom.Aside && n.DataAtom != atom.Nav {
		if list, part := namedRecent(n); list || part && at.recent {
			at.recent = true
			m &^= markNoise
		}
	}
	if m&markNoise != 0 && !at.noise && n.DataAtom != atom.A && !isHeading(n) {
		if holdsMain(n) {
			m &^= markNoise | markPager | markMeta
		} else {
			at.noise = true
		}
	}
	if m != 0 {
		o.marks[n] = m
	}
	if m&markPager != 0 {
		o.pagers = append(o.pagers, n)
	}
	if m&markItem != 0 {
		at.item = true
	}
	if at.item && m&(markContent|markSummary) != 0 && m&markItem == 0 && n.DataAtom != atom.Ul && n.DataAtom != atom.Ol {
		at.content = true
	}
	return at
}

// readNames reads the class, the id and the itemprop of an element.
func (o *overview) readNames(n *html.Node) mark {
	var m mark
	post := false // WordPress writes the names of tags and categories into the class of an entry
	list := false // Blogger's list of posts is a widget too
	for i := range n.Attr {
		switch n.Attr[i].Key {
		case "class", "id":
			for name := range strings.FieldsSeq(n.Attr[i].Val) {
				switch {
				case name == "hentry" || name == "type-post" || name == "wp-block-post":
					post = true
				case name == "no-results" || name == "not-found" || name == "no-posts" || name == "no-post":
					if n.DataAtom != atom.Body && n.DataAtom != atom.Html {
						o.emptyMarked = true
						m |= markNoise
					}
				}
				m |= marksOf(name)
				list = list || name == "Blog"
			}
		case "itemprop":
			switch n.Attr[i].Val {
			case "headline", "name headline", "name":
				m |= markTitle
			case "articleBody":
				m |= markContent
			case "description":
				m |= markSummary
			}
			if strings.HasPrefix(n.Attr[i].Val, "date") {
				m |= markDate | markMeta
			}
		}
	}
	switch {
	case post:
		return markItem
	case list:
		m &^= markNoise
	}
	return m
}

// holdsMain reports whether a region that is named like noise has the page's main region in it after all.
func holdsMain(n *html.Node) bool {
	for d := range n.Descendants() {
		if d.Type != html.ElementNode {
			continue
		}
		if d.DataAtom == atom.Main || attrOf(d, "role") == "main" {
			return true
		}
		switch attrOf(d, "id") {
		case "main", "content", "primary", "main-content":
			return true
		}
	}
	return false
}

func (o *overview) inPostPasswordForm(n *html.Node) bool {
	for p := n.Parent; p != nil; p = p.Parent {
		if p.DataAtom == atom.Form {
			return strings.Contains(attrOf(p, "class"), "post-password-form") || strings.Contains(attrOf(p, "action"), "action=postpass")
		}
	}
	return false
}

func (o *overview) seeText(n *html.Node, at place) {
	if at.noise {
		return
	}
	s := strings.TrimSpace(n.Data)
	o.textLength += len(s)
	if !at.content && len(s) >= 4 && len(s) <= 10 {
		if year, ok := yearAlone(s); ok {
			o.years = append(o.years, yearMark{order: len(o.anchors), year: year})
		}
	}
}

func (o *overview) seeAnchor(n *html.Node, at place) {
	url, ok := o.address(attrOf(n, "href"))
	if !ok || !archiver.SameSite(url, o.page.URL) {
		return
	}
	for i := range n.Attr {
		if n.Attr[i].Key == "class" {
			for name := range strings.FieldsSeq(n.Attr[i].Val) {
				if !strings.ContainsAny(name, "0123456789") && !stateName(name) {
					at.path = extendPath(at.path, name)
				}
			}
		}
	}
	a := &anchor{
		Node: n, order: len(o.anchors), url: url, path: at.path, heading: at.heading,
		noise: at.noise, main: at.main, content: at.content, item: at.item,
	}
	o.anchors = append(o.anchors, a)
	o.byNode[n] = a
}

// stateName reports whether a class says how one of many alike links is at the moment.
func stateName(name string) bool {
	var buf [8]string
	words := splitName(name, buf[:0])
	if len(words) == 0 {
		return true
	}
	switch words[0] {
	case "is", "has", "active", "current", "visited", "first", "last", "odd", "even", "sticky":
		return true
	}
	return false
}

// address resolves a reference; what is no page is none.
func (o *overview) address(href string) (string, bool) {
	if url, ok := o.urls[href]; ok {
		return url, url != ""
	}
	url, ok := "", false
	ref := strings.TrimSpace(href)
	if ref != "" && ref[0] != '#' && !strings.HasPrefix(ref, "javascript:") && !strings.HasPrefix(ref, "mailto:") {
		url, ok = o.resolve(ref)
	}
	if !ok {
		url = ""
	}
	o.urls[href] = url
	return url, ok
}
