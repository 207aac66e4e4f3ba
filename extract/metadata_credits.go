package extract

import (
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// This file reads the names of authors out of elements: links to people, elements that are named so, boxes about the author. Rules:
// a link to a person comes before an element that is named; the names of one byline stand together; a portrait's text is the last
// thing that is asked.

// reviewedBy is what leads to people who are no authors.
var reviewedBy = expr(`(?i)(?:review|fact.?check|edited|editor|illustrat|photo|image|translat|approved|updated|verified|medically|interview with|recommended|in:|编辑|編輯|审校|校对|校對|翻译|翻譯|译者|審校|排版)\S*(?:\s+(?:by|on))?\s*[:：]?\s*$`)

// authorsShown are the names that a byline shows: those of links to people, else those of elements that are named so.
func (r *articlePage) authorsShown(sides ...side) []string {
	v := r.around()
	for _, at := range sides {
		for _, linked := range [...]bool{true, false} {
			var names []string
			var last *credit
			for i := range v.credits {
				c := &v.credits[i]
				if c.side != at || linked != (c.person || hasRel(c.Node, "author")) || reviewedBy.MatchString(c.lead) || hidden(c.Node) {
					continue
				}
				if last != nil && !v.together(last, c) {
					break
				}
				if more := creditNames(c); len(more) > 0 {
					names, last = append(names, more...), c
				}
			}
			if len(names) > 0 {
				return names
			}
		}
	}
	return nil
}

// together reports whether two names are of one byline: they stand in one line, or look the same and stand one below the other;
// where there is a heading or a date between them, the second is another article's.
func (v *vicinity) together(a, b *credit) bool {
	if a.line == b.line {
		return true
	}
	if b.line > a.line+2 || attrOf(a.Node, "class") != attrOf(b.Node, "class") {
		return false
	}
	for i := a.line; i < b.line && i < len(v.lines); i++ {
		if v.lines[i].heading {
			return false
		}
		if _, dated := findDate(v.lines[i].text); dated {
			return false
		}
	}
	return true
}

// authorsBelow are the names in the box about the author below the text.
func (r *articlePage) authorsBelow() []string {
	for i := range r.around().credits {
		c := &r.surrounding.credits[i]
		if c.side != belowText || reviewedBy.MatchString(c.lead) || hidden(c.Node) {
			continue
		}
		if names := creditNames(c); len(names) > 0 {
			return names
		}
	}
	return nil
}

// hidden reports whether an element, or one close around it, is not shown.
func hidden(n *html.Node) bool {
	for range 3 {
		if n == nil {
			break
		}
		for _, a := range n.Attr {
			if a.Key == "hidden" || a.Key == "style" && strings.Contains(strings.ReplaceAll(a.Val, " ", ""), "display:none") {
				return true
			}
		}
		n = n.Parent
	}
	return false
}

// creditNames are the names in an element that may name the author.
func creditNames(c *credit) []string {
	if content := attrOf(c.Node, "content"); content != "" {
		return splitNames(content, true)
	}
	var inner *html.Node
	nodes := 0
	for d := range c.Descendants() {
		// A box about the author is small; a larger one is not about the author alone.
		if nodes++; nodes > mostCreditNodes {
			break
		}
		if d.Type == html.ElementNode && namesPerson(d) {
			inner = d
			break
		}
	}
	if inner != nil {
		if content := attrOf(inner, "content"); content != "" {
			return splitNames(content, true)
		}
		if names := splitNames(shownText(inner), true); len(names) > 0 {
			return names
		}
	}
	var linked []string
	if !c.person {
		nodes = 0
		lead := ""
		for d := range c.Descendants() {
			if nodes++; nodes > mostCreditNodes {
				break
			}
			if d.Type == html.TextNode && strings.TrimSpace(d.Data) != "" {
				lead = oneLine(d.Data)
			}
			if d.DataAtom == atom.A && (hasRel(d, "author") || isPersonAddress(attrOf(d, "href"))) && !reviewedBy.MatchString(lead) {
				linked = append(linked, splitNames(personLink(d), true)...)
			}
		}
		if len(linked) > 0 {
			return linked
		}
	}
	// In a box of several lines a name has a line of its own.
	if hasBlocks(c.Node) {
		if names := firstName(c); len(names) > 0 {
			return names
		}
	}
	if text := personLink(c.Node); text != "" && len(text) < longestLine/2 {
		if names := splitNames(text, true); len(names) > 0 {
			return names
		}
	}
	return firstName(c)
}

// hasBlocks reports whether an element is of several lines.
func hasBlocks(n *html.Node) bool {
	nodes := 0
	for d := range n.Descendants() {
		if nodes++; nodes > mostCreditNodes {
			break
		}
		if d.Type == html.ElementNode && isBlock(d) && d.DataAtom != atom.Img {
			return true
		}
	}
	return false
}

// firstName is the first text in an element that is a name, or the name of the first portrait.
func firstName(c *credit) []string {
	nodes := 0
	for d := range c.Descendants() {
		if nodes++; nodes > mostCreditNodes {
			break
		}
		switch {
		case d.Type == html.TextNode && strings.TrimSpace(d.Data) != "":
			if names := splitNames(d.Data, false); len(names) > 0 {
				return names
			}
		case d.DataAtom == atom.Img:
			if name := portraitName(attrOf(d, "alt")); isName(name, false) && (!c.person || !hasHan(name)) {
				return []string{name}
			}
		}
	}
	return nil
}

// mostCreditNodes bounds how much of an element is searched for a name.
const mostCreditNodes = 200

// namesPerson reports whether an element is named as a person's name.
func namesPerson(n *html.Node) bool {
	for i := range n.Attr {
		switch a := &n.Attr[i]; a.Key {
		case "itemprop":
			if a.Val == "name" {
				return true
			}
		case "class":
			for class := range strings.FieldsSeq(a.Val) {
				switch class {
				case "fn", "p-name", "name":
					return true
				}
				if !strings.Contains(class, "ame") || !mayCredit(class) {
					continue
				}
				var buf [8]string
				if words := splitName(class, buf[:0]); slices.Contains(words, "name") && creditWord(class) == creditYes {
					return true
				}
			}
		}
	}
	return false
}

var viewPosts = expr(`(?i)^(?:view|see|read|show)?\s*(?:all|more)?\s*(?:posts|articles|stories)\s+(?:by|from|of)\s+|^(?:posts|articles)\s+by\s+`)

// personLink is the text of a link to a person.
func personLink(a *html.Node) string {
	text := strings.TrimRight(shownText(a), " →»›")
	return viewPosts.ReplaceAllString(text, "")
}

var portraitOf = expr(`(?i)^(?:picture|photo|avatar|portrait|image|headshot|profile (?:picture|photo|image)|author)\s*(?:of|for|:)?\s+|(?:'s|’s)?\s+(?:avatar|photo|picture|headshot|profile picture)$`)

func portraitName(alt string) string { return cutName(portraitOf.ReplaceAllString(oneLine(alt), "")) }
