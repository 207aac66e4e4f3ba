package extract

import (
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// This file judges a link by itself: can it lead to an article, and how much does it look like the title of one?

// mayBeEntry refuses links by their address and relation.
func (o *overview) mayBeEntry(a *anchor, pages *pagination) bool {
	if hasRel(a.Node, "tag", "category", "author", "next", "prev", "home", "start", "search", "license", "section") {
		return false
	}
	if samePage(a.url, o.page.URL) || isAbove(a.url, o.page.URL) || isFile(a.url) || pages.isPage(a.url) {
		return false
	}
	a.archive = isListAddress(a.url)
	return true
}

// judge says how much a link looks like the title of an article.
func (o *overview) judge(a *anchor) {
	if a.text == "" {
		a.text = o.seenText(a.Node)
	}
	a.label = cleanLabel(firstOf(attrOf(a.Node, "aria-label"), attrOf(a.Node, "title")))
	inner := o.headingIn(a.Node)
	around := a.heading != nil && contains(a.heading, a.Node)
	if _, ok := parseDate(a.text); ok || o.holdsTime(a.Node) && inner == nil && !around {
		a.isDate = true
	}
	a.isMore = isReadMore(a.text) || o.marks[a.Node]&markMore != 0 && inner == nil && !around && utf8.RuneCountInString(a.text) < 40
	switch {
	case inner != nil || around:
		a.strength = certainTitle
		if isDateAddress(a.url) && (a.isDate || shortNumber(a.text)) || a.isMore {
			a.strength = noTitle
		}
	case a.isDate || a.isMore || a.text != "" && notTitle.MatchString(a.text):
		a.strength = noTitle
	case isDateAddress(a.url) && shortNumber(a.text):
		a.strength = noTitle
	case o.markedTitle(a) && (a.text != "" || a.label != ""):
		a.strength = certainTitle
	case a.text == "":
		if a.label != "" && !isReadMore(a.label) && !notTitle.MatchString(a.label) && !holdsImage(a.Node) {
			a.strength = labelTitle
		}
	default:
		a.strength = plainTitle
	}
}

// markedTitle reports whether a link or what closely surrounds it is marked as a title.
func (o *overview) markedTitle(a *anchor) bool {
	if o.marks[a.Node]&markTitle != 0 {
		return true
	}
	if hasRel(a.Node, "bookmark") && o.marks[a.Parent]&markMeta == 0 {
		return true
	}
	for p, i := a.Parent, 0; p != nil && i < 2; p, i = p.Parent, i+1 {
		if o.marks[p]&markTitle != 0 && o.marks[p]&markMeta == 0 {
			return true
		}
	}
	for d := range a.Node.Descendants() {
		if o.marks[d]&markTitle != 0 {
			return true
		}
	}
	return false
}

func (o *overview) headingIn(n *html.Node) *html.Node {
	for d := range n.Descendants() {
		if isHeading(d) {
			return d
		}
	}
	return nil
}

// holdsTime reports whether a link is wrapped around a date, or the date around it.
func (o *overview) holdsTime(n *html.Node) bool {
	if p := n.Parent; p != nil && (p.DataAtom == atom.Time || o.marks[p]&markDate != 0) {
		return true
	}
	if o.marks[n]&markDate != 0 {
		return true
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.DataAtom == atom.Time {
			return len(oneLine(textOf(n))) < 40 && !o.titleBeside(c)
		}
	}
	return false
}

// titleBeside reports whether a title stands beside a date in the link around both: "02-20 Title".
func (o *overview) titleBeside(date *html.Node) bool {
	const short = 8 // columns: "3 min", "上午"
	for s := date.Parent.FirstChild; s != nil; s = s.NextSibling {
		if s != date && o.marks[s]&markTitle != 0 {
			return true
		}
	}
	after := 0
	for s := date.NextSibling; s != nil; s = s.NextSibling {
		after += breadth(oneLine(textOf(s)))
	}
	return after >= short
}

func holdsImage(n *html.Node) bool {
	for d := range n.Descendants() {
		if d.DataAtom == atom.Img {
			return true
		}
	}
	return false
}

// shortNumber reports whether a text is a year, a month or a count.
func shortNumber(s string) bool {
	digits := 0
	for _, r := range s {
		switch {
		case '0' <= r && r <= '9':
			digits++
		case r == '年' || r == '月' || r == '日' || r == '-' || r == '/' || r == ' ' || r == '(' || r == ')':
		default:
			return false
		}
	}
	return digits > 0
}

func contains(outer, inner *html.Node) bool {
	for ; inner != nil; inner = inner.Parent {
		if inner == outer {
			return true
		}
	}
	return false
}
