package extract

import "golang.org/x/net/html/atom"

// This file takes off what stands after an article's last sentence. Rules: what is under a heading that says so goes with it, up to
// the end; of the rest, from the end backwards, what says what it is, and lists of links; what stands under a heading such as
// References is the author's, and so are listings, formulas, notes and pictures.

// tailShare is the share of the article's sentences that a heading's rest may hold at most and still be what comes after it.
const tailShare = 0.3

// shortTail is the same where few links say that these are others' words.
const shortTail = 0.1

func (o *outline) cutTail() {
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
			last, before, authors = i, before+p.prose, false
			units, named = units[:0], named[:0]
			continue
		}
		text := ""
		if p.weight < labelWeight && (inTail || isHeading(p.node)) {
			text = o.textOf(i)
		}
		if isLabel := text != "" && authorsLabel.MatchString(text); isLabel || isHeading(p.node) {
			authors = isLabel
		}
		if text != "" && inTail && p.linked*2 <= p.weight &&
			o.tries < mostLabels && (tailLabel.MatchString(text) && o.onlyTail(i, false) || relatedLabel.MatchString(text) && o.onlyTail(i, true)) {
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
	prose, weight, inLinks := 0, 0, 0
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
	}
	if linked && inLinks == 0 {
		return false
	}
	if o.pure && !isHeading(o.parts[i].node) && inLinks*10 < weight*8 {
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
	case asks(text):
		return "asks to subscribe"
	case tailStart.MatchString(text) && (!strict || p.linked*2 >= p.weight || !sentenceEnd.MatchString(text)):
		return "after the text"
	case bioLine.MatchString(text) && (!o.pure || p.weight < labelWeight):
		return "about the author"
	case p.weight < 100 && (shareLabel.MatchString(text) || factLabel.MatchString(text)):
		return "a share button or a count"
	case tailDate(text), roles&roleMeta != 0 && p.weight < labelWeight:
		return "a byline"
	case p.linked*10 >= p.weight*8 && moreLine.MatchString(text), relatedLabel.MatchString(text):
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

// tailDate reports whether a unit is a date with at most a word beside it.
func tailDate(text string) bool {
	if metaLabel.MatchString(text) && !sentenceEnd.MatchString(text) {
		return true
	}
	date, start, end := scanDate(text)
	return !date.IsZero() && weigh(text)-weigh(text[start:end]) < leastSentence
}
