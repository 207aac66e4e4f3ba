package extract

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// This file takes off what stands between an article's title and its first sentence. Rules: the head ends with the first text; a
// summary goes where byline or time stand under it; headings, pictures and their captions stay; of a container that is named
// after the text only what says what it is goes.

// headText is the weight of text above a byline up to which it is a summary.
const headText = 400

func (o *outline) cutHead() {
	// first is the first text, or the summary above a byline while nothing speaks for it; text is where the article begins.
	first, text, summary := -1, -1, -1
	var units []int
	for i := 0; i < len(o.parts) && text < 0; i = o.next(i) {
		p := &o.parts[i]
		switch {
		case p.gone && p.fact && first >= 0 && summary < 0:
			summary, first = first, -1
		case p.gone || p.caption || !o.isUnit(i):
		case !o.isProse(i) && p.node.DataAtom != atom.Td && !p.quoted:
			if first < 0 {
				units = append(units, i)
			} else if o.isFact(i) && summary < 0 {
				summary, first = first, -1
				units = append(units, i)
			} else if summary >= 0 || isHeading(p.node) || p.weight >= labelWeight {
				text = first
			}
		case o.headReason(i) != "":
			units = append(units, i)
		case first >= 0:
			text = first
		default:
			first = i
			if p.weight > headText || p.solid || summary >= 0 {
				text = i
			}
		}
	}
	if text < 0 && first < 0 {
		return // no text at all: what there is, is the article
	}
	if text = max(text, first); summary >= 0 && o.parts[summary].parent != o.parts[text].parent {
		o.cut(summary, "a summary above the byline")
	}
	for _, i := range units {
		if why := o.headReason(i); why != "" {
			o.cut(i, why)
		}
	}
}

// leadsOn reports whether a line ends as one that something follows: a salutation, what is said next.
func leadsOn(line string) bool {
	for _, quote := range [...]string{`"`, "”", "»"} {
		if said, ok := strings.CutSuffix(line, quote); ok {
			line = said
			break
		}
	}
	for _, end := range [...]string{":", "：", ",", "，", "…", "..."} {
		if strings.HasSuffix(line, end) {
			return true
		}
	}
	return false
}

// isFact reports whether a unit says by whom or when the article is.
func (o *outline) isFact(i int) bool {
	p := &o.parts[i]
	if p.weight >= labelWeight || isHeading(p.node) || p.caption {
		return false
	}
	return o.s.rolesOf(p.node)&(roleDate|roleAuthor) != 0 || bylineText(o.textOf(i))
}

// headReason says why a unit before the first text is none.
func (o *outline) headReason(i int) string {
	p := &o.parts[i]
	if p.caption || p.weight >= longestLabel || p.solid {
		return ""
	}
	text := o.textOf(i)
	switch {
	case !o.pure && o.title != "" && same(text, o.title):
		return "the title again"
	case o.isFact(i):
		return "a byline"
	case p.weight < headText && isDek(p.node):
		return "a summary"
	case isHeading(p.node) && o.said != "" && p.weight > leastProse && strings.HasPrefix(o.said, letters(text, longestSaid)):
		return "a summary"
	case p.node.DataAtom == atom.Td || p.node.DataAtom == atom.Th:
		return "" // a cell may well hold "x" or a number
	case p.weight < labelWeight && (factLabel.MatchString(text) || bareNumber.MatchString(text)) && !isHeading(p.node):
		return "a count"
	case p.weight < 100 && shareLabel.MatchString(text):
		return "a share button"
	case isHeading(p.node), p.node.DataAtom == atom.Li && p.links == 0:
		return ""
	case o.s.rolesOf(p.node)&(roleMeta|roleSummary) != 0 && p.weight < headText:
		return "a fact above the text"
	case o.pure, p.node.DataAtom == atom.P && p.links == 0 && leadsOn(text):
		return ""
	case p.node.DataAtom == atom.P && p.links == 0 && len(p.node.Attr) == 0:
		return "" // what a template writes has a class; an author's first line may well be short
	case p.weight < labelWeight/2 && !sentenceEnd.MatchString(text) && o.prose > 4*labelWeight:
		return "a label above the text"
	}
	return ""
}

// isDek reports whether an element is named after the summary that stands under a title.
func isDek(n *html.Node) bool {
	for name := range strings.FieldsSeq(attrOf(n, "class")) {
		var buf [8]string
		words := splitName(name, buf[:0])
		for i, word := range words {
			switch word {
			case "dek", "deck", "subhead", "subheadline", "subheading", "subtitle", "standfirst", "kicker", "strapline", "tagline", "abstract":
				return true
			case "head", "headline", "title":
				if i > 0 && words[i-1] == "sub" {
					return true
				}
			}
		}
	}
	return false
}
