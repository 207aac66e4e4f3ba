package extract

import (
	"strings"
	"unicode"

	"archiver"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// This file takes out what stands among an article's paragraphs and is not the author's: share bars, sign-up boxes, links to other
// articles, notices of advertisements. Rules: a box goes by its name only if it looks like what the name says; a label goes
// with the links under it; nothing that holds much of the text goes at all.

const (
	// boxShare is the share of the article's sentences from which a box is the article's, whatever its name says.
	boxShare = 0.25
	// boxText is the weight of the sentences in a named box from which it must look like one in another way.
	boxText = 300
)

func (o *outline) cutInside() {
	for i := 0; i < len(o.parts); i = o.next(i) {
		p := &o.parts[i]
		if p.gone || p.parent < 0 || p.weight == 0 && p.controls == 0 {
			continue
		}
		if o.cutContents(i) {
			continue
		}
		if why := o.boxed(i); why != "" {
			o.cut(i, why)
			continue
		}
		if !o.isUnit(i) {
			continue
		}
		if why := o.labelled(i); why != "" {
			if moreLine.MatchString(o.textOf(i)) {
				o.cutListAfter(i)
			}
			o.cut(i, why)
			continue
		}
		if p.weight < longestLabel/4 && p.linked*2 < p.weight+1 && !p.quoted && !o.isProse(i) && o.tries < mostLabels && o.linksFollow(i) && o.isRelatedLabel(i) {
			o.tries++
			o.cutRelated(i)
		}
	}
}

// cutContents takes out a list of links to places on this page together with its heading, and reports whether part i was one.
func (o *outline) cutContents(i int) bool {
	p := &o.parts[i]
	if p.links < leastCards || p.linked*20 < p.weight*19 || !strings.HasPrefix(p.address, "#") || p.solid || o.tries >= mostLabels {
		return false
	}
	o.tries++
	label := i - 1
	for label >= 0 && (o.parts[label].gone || o.parts[label].weight == 0 || o.within(i, label)) {
		label--
	}
	if label < 0 || !o.isUnit(label) || o.parts[label].weight >= labelWeight/2 || !contentsLabel.MatchString(o.textOf(label)) {
		return false
	}
	for d := range p.node.Descendants() {
		if d.DataAtom == atom.A && attrOf(d, "href") != "" && !strings.HasPrefix(attrOf(d, "href"), "#") {
			return false
		}
	}
	o.cut(label, "the heading of the contents")
	o.cut(i, "a list of contents")
	return true
}

// boxed says why a part is a box that is not the article's, if it is one.
func (o *outline) boxed(i int) string {
	p := &o.parts[i]
	if p.solid || !isBlock(p.node) && !p.phrase || p.node.DataAtom == atom.Figure && p.images > 0 && p.links < 3 {
		return ""
	}
	if float64(p.prose) > boxShare*float64(o.prose) {
		return ""
	}
	dense := p.linked*2 >= p.weight || p.controls > 0
	word := o.boxName(p.node)
	switch {
	case word == "":
	case p.caption || o.holdsWork(i) || p.media > 0 && p.prose > 0 || p.media > 0 && strings.HasPrefix(word, "video"):
	case p.prose < boxText && (dense || p.weight < labelWeight), (dense || isSurelyNot(word)) && p.prose < 2*boxText:
		return "a box named " + word
	}
	if p.node.DataAtom == atom.Form && p.controls > 0 && p.prose < boxText && !o.holdsWork(i) {
		return "a form"
	}
	return ""
}

// holdsWork reports whether a listing, a formula or a quotation is in a part.
func (o *outline) holdsWork(i int) bool {
	for c := i; c < min(o.parts[i].end, i+manyParts); c++ {
		if p := &o.parts[c]; p.solid || p.quoted && p.weight > leastProse {
			return true
		}
	}
	return o.parts[i].end > i+manyParts
}

// manyParts is the number of parts of a box above which it is an article.
const manyParts = 600

// labelled says why one unit is no text, if it is none wherever it stands.
func (o *outline) labelled(i int) string {
	p := &o.parts[i]
	if p.weight >= longestLabel || p.solid {
		return ""
	}
	linked := p.linked*10 >= p.weight*4
	if !linked && p.weight >= labelWeight && o.pure {
		return "" // a paragraph: none of what follows
	}
	text := o.textOf(i)
	switch {
	case p.weight < 60 && adLabel.MatchString(text):
		return "an advertisement's label"
	case p.weight < 100 && p.linked*10 >= p.weight*8 && shareLabel.MatchString(text):
		return "a share button"
	case p.weight < 120 && !isHeading(p.node) && !o.isProse(i) && shareList.MatchString(text):
		return "share buttons"
	case linked && moreLine.MatchString(text):
		return "a link to another article"
	case (linked || p.weight < labelWeight || !o.pure) && o.asks(i):
		return "asks to subscribe"
	case p.weight < 60 && p.linked*10 >= p.weight*9 && !strings.HasSuffix(text, ".") && buttonLabel.MatchString(text):
		return "a button"
	case p.linked*10 >= p.weight*9 && p.weight >= 16 && shouted(text):
		return "a link that shouts"
	}
	return ""
}

// cutListAfter takes out the list of nothing but links that goes on from a line that leads to another article.
func (o *outline) cutListAfter(i int) {
	for j := o.parts[i].end; j < len(o.parts) && o.parts[j].parent == o.parts[i].parent; j = o.parts[j].end {
		p := &o.parts[j]
		if p.gone || p.weight == 0 {
			continue
		}
		if p.node.DataAtom == atom.Ul && p.linked*10 >= p.weight*9 {
			o.cut(j, "links to other articles")
		}
		return
	}
}

// shouted reports whether a text of some words is all in capitals.
func shouted(text string) bool {
	capitals, spaces := 0, 0
	for _, r := range text {
		switch {
		case r >= 'a' && r <= 'z' || r > 0x24f:
			return false
		case r >= 'A' && r <= 'Z':
			capitals++
		case r == ' ':
			spaces++
		}
	}
	return capitals >= 16 && spaces >= 3
}

// nearParts is how many parts after a label belong to it.
const nearParts = 12

// linksFollow reports whether among the next parts is a link.
func (o *outline) linksFollow(i int) bool {
	for j := o.parts[i].end; j < min(len(o.parts), i+nearParts); j++ {
		if p := &o.parts[j]; !p.gone && p.links > 0 {
			return true
		}
	}
	return false
}

// isRelatedLabel reports whether a unit is the heading of links to other articles of the site.
func (o *outline) isRelatedLabel(i int) bool {
	if o.parts[i].weight >= 4*labelWeight {
		return false
	}
	text := o.textOf(i)
	return (relatedLabel.MatchString(text) || lastIs(text, "stories") && recentStories.MatchString(text)) && (!furtherLabel.MatchString(text) || o.leadsHome(i))
}

// lastIs reports whether a word is the last of a text, in any case and whatever signs follow.
func lastIs(text, word string) bool {
	text = strings.TrimRightFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) })
	return len(text) >= len(word) && strings.EqualFold(text[len(text)-len(word):], word)
}

// leadsHome reports whether the first link after a label leads to another page of this site.
func (o *outline) leadsHome(i int) bool {
	for j := o.parts[i].end; j < len(o.parts) && j < o.parts[i].end+nearParts; j++ {
		if p := &o.parts[j]; !p.gone && p.links > 0 {
			return o.sameSite(j)
		}
	}
	return false
}

// cutRelated takes out the box that a label begins, or the links that follow it.
func (o *outline) cutRelated(i int) {
	box := o.boxOf(i)
	b := &o.parts[box]
	if box != i && b.links >= leastCards && (b.linkHeading || o.isLast(box)) && isHeading(o.parts[i].node) && o.sameSite(box) && !o.holdsWork(box) {
		o.cut(box, "links to other articles")
		return
	}
	if box != i && b.links > 0 && float64(b.prose) <= boxShare*float64(o.prose) && (b.prose < boxText || b.linked*5 >= b.weight || o.sameSite(box)) {
		o.cut(box, "links to other articles")
		return
	}
	// Siblings of the label: links, pictures and short lines up to the next text.
	n, last := 0, i
	for j := b.end; j < len(o.parts) && o.parts[j].parent == b.parent; j = o.parts[j].end {
		p := &o.parts[j]
		if p.gone || p.weight == 0 && p.images == 0 {
			continue
		}
		cards := p.links >= leastCards && p.prose <= p.links*cardText/2 && (p.linkHeading || p.images >= 2) && o.sameSite(j) && !o.holdsWork(j) && isHeading(o.parts[i].node)
		if !cards && (p.prose > 0 || p.linked*10 < p.weight*6 || p.links == 0) {
			break
		}
		n += p.links
		last = j
	}
	if n == 0 {
		return
	}
	for j := b.end; j <= last; j = o.parts[j].end {
		o.cut(j, "a link to another article")
	}
	o.cut(box, "the label of links")
}

// isLast reports whether no sentence stands after part i.
func (o *outline) isLast(i int) bool {
	for up := o.parts[i].parent; up >= 0; up = o.parts[up].parent {
		for c := o.parts[i].end; c < o.parts[up].end; c = o.parts[c].end {
			if p := &o.parts[c]; !p.gone && (p.prose > 0 || p.solid) {
				return false
			}
		}
		i = up
	}
	return true
}

// boxOf is the outermost part that begins with unit i and is not a container.
func (o *outline) boxOf(i int) int {
	box := i
	for up := o.parts[i].parent; up >= 0 && o.parts[up].parent >= 0; up = o.parts[up].parent {
		if o.textBefore(up, i) || float64(o.parts[up].prose) > cardsShare*float64(o.prose) {
			break
		}
		box = up
	}
	return box
}

// textBefore reports whether there is text or a picture in box before part i, which is in it.
func (o *outline) textBefore(box, i int) bool {
	for c := box + 1; c < i; {
		p := &o.parts[c]
		switch {
		case o.within(i, c):
			c++
		case !p.gone && (p.weight > 0 || p.images > 0):
			return true
		default:
			c = p.end
		}
	}
	return false
}

func (o *outline) within(i, outer int) bool { return i >= outer && i < o.parts[outer].end }

// sameSite reports whether the first link in a part leads to another page of this site.
func (o *outline) sameSite(i int) bool {
	if strings.HasPrefix(o.parts[i].address, "#") {
		return false
	}
	url, ok := o.s.resolve(o.parts[i].address)
	return ok && archiver.SameSite(url, o.s.page.URL)
}

// cutCards takes out rows of three or more boxes of one kind that each lead to another article of the site: a picture or a
// heading that is a link, and little text. Of a container that is named after the text only those at its end go.
func (o *outline) cutCards() {
	before := 0 // the weight of the sentences so far
	for i := 0; i < len(o.parts); i = o.next(i) {
		p := &o.parts[i]
		if !p.gone && o.isUnit(i) {
			before += p.prose
		}
		if o.pure && (before*2 < o.prose || float64(o.prose-before-p.prose) > shortTail*float64(o.prose)) {
			continue
		}
		if !o.pure && !p.gone && p.parent >= 0 && p.links == 1 && p.linkHeading && isBox(p.node) && p.linked*20 >= p.weight*19 && o.sameSite(i) {
			o.cut(i, "a teaser of another article")
			continue
		}
		if p.gone || p.parent < 0 || p.links < leastCards || p.blocks < leastCards || float64(p.prose) > cardsShare*float64(o.prose) {
			continue
		}
		cards, other := 0, 0
		for c := i + 1; c < p.end; c = o.parts[c].end {
			card := &o.parts[c]
			switch {
			case card.gone || card.weight == 0 && card.images == 0:
			case card.links > 0 && (!o.pure || card.linked > 0) && (card.linkHeading || card.images > 0 && card.linked > 0 || card.linked*2 >= card.weight) && card.prose < cardText && o.sameSite(c):
				cards++
			default:
				other++
			}
		}
		if float64(p.prose) > boxShare*float64(o.prose) && (other > 0 || !p.linkHeading) {
			continue
		}
		if cards >= leastCards && other <= 1 && !o.isData(p.node) && (p.images >= leastCards || p.linkHeading) {
			o.cut(i, "a row of links to other articles")
		}
	}
}

// isData reports whether an element is a table with headers, or rows of one: what stands in it is data.
func (o *outline) isData(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Thead, atom.Tbody, atom.Tfoot, atom.Tr:
		for n != nil && n.DataAtom != atom.Table {
			n = n.Parent
		}
	}
	if n == nil || n.DataAtom != atom.Table {
		return false
	}
	headed, known := o.headed[n]
	if !known {
		headed = firstElement(n, "th") != nil
		if o.headed == nil {
			o.headed = make(map[*html.Node]bool)
		}
		o.headed[n] = headed
	}
	return headed
}

const (
	leastCards = 3
	// cardsShare is the share of the sentences that may be teasers below headings that are links.
	cardsShare = 0.65
	// cardText is the weight of the teaser in a card.
	cardText = 400
)
