package extract

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// This file looks a container over for trimming, once. Rules: text is kept in one string of which every part has its piece, so that
// no text is gathered twice; listings, formulas and hidden elements are not looked into; what is taken out of the page is
// taken out of the weights around it.

// part is an element of the container that stands for itself: a block, or a phrase directly in a box.
type part struct {
	node        *html.Node
	parent      int // -1 for the containers themselves
	end         int // the index after its last descendant
	from, to    int // its text within outline.text
	weight      int // of its text
	linked      int // of the text in links
	links       int
	images      int
	controls    int // fields and buttons
	prose       int // weight of the sentences that are not links
	blocks      int // parts directly in it
	phrase      bool
	solid       bool // a listing, a formula, media: always the author's
	caption     bool
	quoted      bool // in a quotation or an embedded post
	gone        bool
	sentences   bool   // see isProse
	fact        bool   // where a byline stood that is gone
	media       int    // players and embeds
	address     string // where its first link leads
	linkHeading bool   // a heading in it is a link, or in one
	line        string // see textOf
	read        bool   // line is set
	asks, asked bool   // see asks
}

type outline struct {
	s      *survey
	parts  []part
	text   string
	prose  int // of all containers
	title  string
	said   string // the letters of the page's description
	pure   bool
	buf    strings.Builder
	names  map[string]nameKind
	headed map[*html.Node]bool // tables with headers
	tries  int                 // labels whose surroundings were looked at
	link   *html.Node
}

// outlineOf looks the containers over.
func outlineOf(s *survey, nodes []*html.Node, title string, pure bool) *outline {
	o := &outline{s: s, title: title, pure: pure, parts: make([]part, 0, 256), names: make(map[string]nameKind, 64)}
	size := 0
	for _, n := range nodes {
		size += textSize(n)
	}
	o.buf.Grow(size + size/8) // a space for each part
	for _, n := range nodes {
		o.block(n, -1, false)
	}
	o.text = o.buf.String()
	for i := range o.parts {
		o.parts[i].prose = 0
	}
	for i := len(o.parts) - 1; i >= 0; i-- {
		p := &o.parts[i]
		if p.sentences = o.isUnit(i) && o.readsAsText(i); p.sentences {
			p.prose = p.weight - p.linked
		}
		if p.parent >= 0 {
			o.parts[p.parent].prose += p.prose
		} else {
			o.prose += p.prose
		}
	}
	o.said = letters(s.meta("description", "og:description", "twitter:description"), longestSaid)
	return o
}

// mostLabels is the number of labels of a page whose surroundings are looked at: that costs time with every one, and articles have few.
const mostLabels = 40

// longestSaid bounds what is read of the page's description, in letters.
const longestSaid = 400

func (o *outline) block(n *html.Node, parent int, phrase bool) {
	if unseenTags[n.Data] && n.DataAtom != atom.Math || isHidden(n) && n.DataAtom != atom.Math && parent >= 0 {
		return
	}
	i := len(o.parts)
	p := part{node: n, parent: parent, from: o.buf.Len(), phrase: phrase}
	if parent >= 0 {
		up := &o.parts[parent]
		up.blocks++
		p.caption, p.quoted = up.caption, up.quoted
	}
	switch n.DataAtom {
	case atom.Figcaption:
		p.caption = true
	case atom.Blockquote:
		p.quoted = true
	case atom.Pre, atom.Math:
		p.solid = true
	}
	o.parts = append(o.parts, p)
	if p.solid {
		o.write(textOf(n), i)
	} else {
		outer := o.link
		if n.DataAtom == atom.A {
			o.seeLink(n, i)
		}
		o.children(n, i)
		o.link = outer
	}
	o.buf.WriteByte(' ')
	me := &o.parts[i]
	me.end, me.to = len(o.parts), o.buf.Len()
	if parent >= 0 {
		up := &o.parts[parent]
		up.weight += me.weight
		up.linked += me.linked
		up.links += me.links
		up.images += me.images
		up.controls += me.controls
		up.media += me.media
		up.linkHeading = up.linkHeading || me.linkHeading || isHeading(n) && me.linked*2 > me.weight
		if up.address == "" {
			up.address = me.address
		}
	}
}

func (o *outline) seeLink(n *html.Node, i int) {
	o.link = n
	o.parts[i].links++
	if o.parts[i].address == "" {
		o.parts[i].address = attrOf(n, "href")
	}
}

// children reads what is in part i, or in a phrase of it.
func (o *outline) children(n *html.Node, i int) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		switch {
		case c.Type == html.TextNode:
			o.write(c.Data, i)
		case c.Type == html.CommentNode && c.Data == factMark:
			at := o.buf.Len()
			o.parts = append(o.parts, part{node: c, parent: i, end: len(o.parts) + 1, from: at, to: at, gone: true, fact: true})
		case c.Type != html.ElementNode:
		case c.DataAtom == atom.Iframe || c.DataAtom == atom.Video || c.DataAtom == atom.Audio || c.DataAtom == atom.Object || c.DataAtom == atom.Embed:
			o.parts[i].media++
		case c.DataAtom == atom.Noscript:
			if strings.Contains(textOf(c), "<img") || firstElement(c, "img") != nil {
				o.parts[i].images++
			}
		case c.DataAtom == atom.Br:
			o.buf.WriteByte(' ')
		case c.DataAtom == atom.Img || c.DataAtom == atom.Picture || c.Data == "amp-img":
			o.parts[i].images++
		case c.DataAtom == atom.Input || c.DataAtom == atom.Button || c.DataAtom == atom.Select || c.DataAtom == atom.Textarea:
			if attrOf(c, "type") != "hidden" {
				o.parts[i].controls++
			}
		case isBlock(c):
			o.block(c, i, false)
		case isBox(n) && n == o.parts[i].node:
			o.block(c, i, true)
		case isHidden(c):
		default:
			outer := o.link
			if c.DataAtom == atom.A {
				o.seeLink(c, i)
			}
			o.children(c, i)
			o.link = outer
		}
	}
}

// isBox reports whether an element holds blocks rather than text.
func isBox(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Div, atom.Section, atom.Article, atom.Main, atom.Header, atom.Footer, atom.Aside, atom.Figure, atom.Nav, atom.Form:
		return true
	}
	return false
}

func (o *outline) write(text string, i int) {
	w := weigh(text)
	if w == 0 {
		o.buf.WriteByte(' ')
		return
	}
	o.buf.WriteString(text)
	o.parts[i].weight += w
	if o.link != nil {
		o.parts[i].linked += w
	}
}

// longestLabel is the weight up to which a part's text is read as a label; longer ones are text.
const longestLabel = 400

// textOf is the text of a part on one line, of a long one the beginning. It is remembered: many questions are asked about it.
func (o *outline) textOf(i int) string {
	p := &o.parts[i]
	if !p.read {
		p.line, p.read = o.lineOf(p), true
	}
	return p.line
}

func (o *outline) lineOf(p *part) string {
	text := o.text[p.from:p.to]
	if len(text) > 4*longestLabel {
		text = strings.TrimLeft(text, " \n\t\r")
		text = strings.ToValidUTF8(text[:min(len(text), 4*longestLabel)], "")
	}
	return oneLine(text)
}

// isUnit reports whether a part is one piece of text: there is no block in it.
func (o *outline) isUnit(i int) bool {
	p := &o.parts[i]
	if p.weight == 0 {
		return false
	}
	return p.blocks == 0 || o.phrasesOnly(i)
}

// phrasesOnly reports whether the parts in a part are phrases among text of its own, one sentence with them.
func (o *outline) phrasesOnly(i int) bool {
	p := &o.parts[i]
	inside := 0
	for c := i + 1; c < p.end; c = o.parts[c].end {
		if !o.parts[c].phrase {
			return false
		}
		inside += o.parts[c].weight
	}
	return inside < p.weight
}

// A text lighter than leastProse is a label; one from sureProse on is text, even without the end of a sentence.
const (
	leastProse = 40
	sureProse  = 140
)

// isProse reports whether a unit is text of sentences, and not a label or a list of links.
func (o *outline) isProse(i int) bool { return o.parts[i].sentences && !o.parts[i].caption }

func (o *outline) readsAsText(i int) bool {
	p := &o.parts[i]
	if p.solid {
		return true
	}
	if p.weight < leastProse || p.linked*2 > p.weight || p.caption || isHeading(p.node) {
		return false
	}
	if p.weight >= sureProse {
		return true
	}
	return sentenceEnd.MatchString(o.textOf(i))
}

// next is the part after part i where its inside was seen to.
func (o *outline) next(i int) int {
	if o.isUnit(i) || o.parts[i].gone || o.parts[i].weight == 0 {
		return o.parts[i].end
	}
	return i + 1
}

// cut takes a part out of the page, with the boxes that hold nothing else.
func (o *outline) cut(i int, why string) {
	if o.parts[i].gone {
		return
	}
	p := o.parts[i]
	if o.s.trace != nil {
		o.s.trace.note("trim", "%s: %s", why, shorten(o.textOf(i), quoteLength))
	}
	for up := p.parent; up >= 0; up = o.parts[up].parent {
		u := &o.parts[up]
		u.weight -= p.weight
		u.linked -= p.linked
		u.links -= p.links
		u.images -= p.images
		u.controls -= p.controls
		u.media -= p.media
		u.prose -= p.prose
	}
	o.prose -= p.prose
	for c := i; c < p.end; c++ {
		o.parts[c].gone = true
	}
	o.parts[i].fact = o.s.rolesOf(p.node)&(roleMeta|roleDate|roleAuthor) != 0 || strings.Contains(why, "byline")
	remove(p.node)
}

// factMark is the comment that stands where a byline was taken out.
const factMark = "fact"

// removeFact takes a byline out and marks where it stood.
func removeFact(n *html.Node) {
	if n.Parent != nil {
		n.Parent.InsertBefore(&html.Node{Type: html.CommentNode, Data: factMark}, n)
		n.Parent.RemoveChild(n)
	}
}

// quoteLength is how many characters of a trimmed part the trace quotes.
const quoteLength = 60
