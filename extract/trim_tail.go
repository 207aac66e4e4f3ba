package extract

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// This file takes off what stands after an article's last sentence. Rules: what is under a heading that says so goes with it, up to
// the end; of the rest, from the end backwards, what says what it is, and lists of links; what stands under a heading such as
// References is the author's, and so are listings, formulas, notes and pictures.

// tailShare is the share of the article's sentences that a heading's rest may hold at most and still be what comes after it.
const tailShare = 0.3

// shortTail is the same where few links say that these are others' words.
const shortTail = 0.1

func (o *outline) cutTail() {
	defer o.cutEndHeadings()
	last := -1 // the last text
	// Of units, and of named those that stand under a heading of the author's, what says what it is goes.
	var units, named []int
	before := 0
	authors := false
	for i := 0; i < len(o.parts); i = o.next(i) {
		p := &o.parts[i]
		if p.gone || !o.isUnit(i) {
			continue
		}
		inTail := before > 0 && float64(o.prose-before) <= tailShare*float64(o.prose)
		if o.isProse(i) && (!inTail || o.tailReason(i, o.pure) == "") || p.quoted {
			last, before, authors = i, before+p.prose, o.leadsIn(i) && o.listFollows(i)
			units, named = units[:0], named[:0]
			continue
		}
		text := ""
		if p.weight < labelWeight && (inTail || isHeading(p.node)) {
			text = o.textOf(i)
		}
		if text != "" && inTail && p.node.DataAtom == atom.P && p.links == 0 && o.leadsIn(i) && o.listFollows(i) && o.tailReason(i, true) == "" &&
			!tailLabel.MatchString(text) && !shareLabel.MatchString(text) {
			authors = true
			continue
		}
		if text != "" && p.weight < 4*labelWeight && furtherLabel.MatchString(text) && o.linksFollow(i) && !o.leadsHome(i) {
			authors = true
			continue
		}
		if isLabel := text != "" && p.weight < 4*labelWeight && authorsLabel.MatchString(text); isLabel || isHeading(p.node) {
			authors = isLabel
		}
		if text != "" && before > 0 && p.linked*2 <= p.weight && o.tries < mostLabels &&
			(inTail && tailLabel.MatchString(text) && o.onlyTail(i, false) || o.isRelatedLabel(i) && o.onlyTail(i, true)) {
			o.cutFrom(i)
			break
		}
		switch {
		case !authors:
			units = append(units, i)
		case p.node.DataAtom != atom.Li && p.node.DataAtom != atom.Dd && !isHeading(p.node):
			named = append(named, i)
		}
	}
	if last < 0 {
		return
	}
	o.cutBareLists()
	for _, i := range units {
		if why := o.tailReason(i, o.pure); why != "" {
			o.cut(i, why)
		}
	}
	for _, i := range named {
		if why := o.tailReason(i, true); why != "" {
			o.cut(i, why)
		}
	}
}

// onlyTail reports whether what follows a label holds no listing or formula, and little text: very little, or with many links.
func (o *outline) onlyTail(i int, linked bool) bool {
	o.tries++
	prose, weight, inLinks, links, longest := 0, 0, 0, 0, 0
	for j := i + 1; j < len(o.parts); j = o.next(j) {
		p := &o.parts[j]
		if p.gone || !o.isUnit(j) {
			continue
		}
		if p.solid || p.weight < labelWeight && authorsLabel.MatchString(o.textOf(j)) {
			return false
		}
		prose += p.prose
		weight += p.weight
		inLinks += p.linked
		links += p.links
		longest = max(longest, p.prose)
	}
	heading := isHeading(o.parts[i].node)
	switch {
	case linked && inLinks == 0:
		return false
	case linked && heading && links >= leastCards && longest < cardText && prose < links*cardText/2:
		return float64(prose) <= cardsShare*float64(o.prose) // teasers
	case linked && !heading && links >= leastCards && inLinks*10 >= weight*4 && prose < links*leastProse:
	case o.pure && !heading && inLinks*10 < weight*8:
		return false
	}
	if inLinks*4 >= weight {
		return float64(prose) <= tailShare*float64(o.prose)
	}
	return float64(prose) <= shortTail*float64(o.prose)
}

// cutFrom takes off everything from part i on.
func (o *outline) cutFrom(i int) {
	for j := i; j < len(o.parts); {
		p := &o.parts[j]
		switch {
		case p.gone:
			j = p.end
		case p.parent >= 0:
			o.cut(j, "after the text")
			j = p.end
		default:
			j++
		}
	}
}

// tailReason says why a unit after the last text is none. Where strict is set only what says what it is goes.
func (o *outline) tailReason(i int, strict bool) string {
	p := &o.parts[i]
	if p.caption || p.weight >= longestLabel || p.solid || p.quoted {
		return ""
	}
	text := o.textOf(i)
	roles := o.s.rolesOf(p.node)
	switch {
	case licence.MatchString(text):
		return "a licence"
	case o.asks(i):
		return "asks to subscribe"
	case tailStart.MatchString(text) && !o.saysSentence(i, text) && (!strict || p.linked*2 >= p.weight || !sentenceEnd.MatchString(text)):
		return "after the text"
	case introduces(text) && (!o.pure || p.weight < labelWeight):
		return "about the author"
	case p.weight < 100 && (shareLabel.MatchString(text) || factLabel.MatchString(text)):
		return "a share button or a count"
	case tailDate(text), roles&roleMeta != 0 && p.weight < labelWeight:
		return "a byline"
	case p.linked*10 >= p.weight*8 && moreLine.MatchString(text), o.isRelatedLabel(i):
		return "a link to another article"
	case strict:
		return ""
	case p.linked*10 >= p.weight*9 && o.sameSite(i):
		return "a link after the text"
	case p.weight < leastProse && (p.phrase || isBox(p.node) || p.linked*2 > p.weight) && !sentenceEnd.MatchString(text):
		return "a label after the text"
	}
	return ""
}

// cutBareLists takes out, at the end, lists of links to other pages of the site that nothing introduces: a site's own. What
// an author lists stands under a heading or after a colon.
func (o *outline) cutBareLists() {
	before, prev := 0, -1
	for i := 0; i < len(o.parts); i = o.next(i) {
		p := &o.parts[i]
		if p.gone || p.weight == 0 {
			continue
		}
		if p.node.DataAtom == atom.Ul && p.linked*20 >= p.weight*19 && p.links >= leastCards && prev >= 0 && o.isProse(prev) &&
			float64(o.prose-before) <= shortTail*float64(o.prose) && o.sameSite(i) && !o.leadsIn(prev) {
			o.cut(i, "links that nothing introduces")
			continue
		}
		if o.isUnit(i) {
			before += p.prose
			prev = i
		}
	}
}

// saysSentence reports whether a unit is a paragraph of the author's that begins with the word of a label.
func (o *outline) saysSentence(i int, text string) bool {
	p := &o.parts[i]
	return p.node.DataAtom == atom.P && p.links == 0 && p.weight >= leastProse && sentenceEnd.MatchString(text)
}

// listFollows reports whether a list is the next thing after a unit.
func (o *outline) listFollows(i int) bool {
	for j := o.parts[i].end; j < len(o.parts); j++ {
		if p := &o.parts[j]; !p.gone && p.weight > 0 {
			return p.node.DataAtom == atom.Ul || p.node.DataAtom == atom.Ol
		}
	}
	return false
}

// leadsIn reports whether a unit ends as a text does that something follows.
func (o *outline) leadsIn(i int) bool {
	text := o.text[o.parts[i].from:o.parts[i].to]
	return leadsOn(strings.TrimRight(text[max(0, len(text)-lastBytes):], " \n\t\r\u00a0"))
}

// lastBytes are enough of a text to see how it ends.
const lastBytes = 64

// tailDate reports whether a unit is a date with at most a word beside it.
func tailDate(text string) bool {
	if metaLabel.MatchString(text) && !sentenceEnd.MatchString(text) {
		return true
	}
	date, start, end := scanDate(text)
	return !date.IsZero() && weigh(text)-weigh(text[start:end]) < leastSentence
}

// mostEndHeadings is the number of headings without text that an article may end in: more are a text of headings.
const mostEndHeadings = 8

// numberedHeading is a heading that is one of the author's, whatever is below.
var numberedHeading = expr(`^[（(]?第?[\d一二三四五六七八九十]+[、.．)）章节：:\s]`)

// cutEndHeadings takes off the headings at the end that nothing stands under any more.
func (o *outline) cutEndHeadings() {
	for i, n := len(o.parts)-1, 0; i > 0 && n < mostEndHeadings && o.prose > 0; i-- {
		p := &o.parts[i]
		switch {
		case p.gone || p.weight == 0 && p.images+p.media == 0 || !o.isUnit(i) && p.images+p.media == 0:
		case !isHeading(p.node) || p.images+p.media+p.links > 0 || p.weight >= labelWeight/2 || numberedHeading.MatchString(o.textOf(i)) || o.holdsAfter(i):
			return
		default:
			o.cut(i, "a heading over nothing")
			n++
		}
	}
}

// holdsAfter reports whether anything to read or see stands after a part within the container.
func (o *outline) holdsAfter(i int) bool {
	container := o.parts[0].node
	for n := o.parts[i].node; n != nil && n != container; n = n.Parent {
		for next := n.NextSibling; next != nil; next = next.NextSibling {
			if next.Type == html.TextNode && weigh(next.Data) > 0 || next.Type == html.ElementNode && (holdsMedia(next) || weigh(textOf(next)) > 0) {
				return true
			}
		}
	}
	return false
}
