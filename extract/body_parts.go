package extract

import (
	"slices"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// This file knows pages of several articles, and articles in several containers. Rules: of articles beside each other the one
// under the page's title is meant; containers of the same element and classes hold one text in pieces, with advertisements between
// them, unless each of them is in an article of its own, has a title above it, or says the same once more.

const (
	// leastTitle is how many letters a heading has that can tell articles apart.
	leastTitle = 4
	// An article is dwarfed by dwarfTimes as much text outside of articles, from dwarfLeast on: a sidebar may hold more than a note.
	dwarfTimes, dwarfLeast = 4, 1000
	// leastTitled is the weight of the text before an article's first heading that says that it is none for the whole.
	leastTitled = 60
	// maxPieces is how many containers one text is put together from; a list of more is one of other things.
	maxPieces = 60
	// sampleLetters are enough to tell that two texts begin alike.
	sampleLetters = 60
)

// titledArticle is the article element under whose roof the page's title stands, where there are others beside it; else the page.
func (r *articlePage) titledArticle() int {
	titles := r.headTitles()
	if e := r.entryTitle(); e != "" {
		titles = append(titles, e)
	}
	for i := range r.headings {
		h := &r.headings[i]
		article := r.articleAround(h.block)
		if article < 0 || r.aside(h.block) {
			continue
		}
		text := r.headingText(h.Node)
		if len(letters(text, leastTitle)) < leastTitle || !slices.ContainsFunc(titles, func(t string) bool { return same(t, text) }) {
			if _, said := r.siteAfter(text); !said {
				continue
			}
		}
		// A card that says the page's title is no article; neither is a header without the text.
		if r.blocks[article].prose >= freeLeast && r.hasOther(article) && !r.dwarfed(article) {
			return article
		}
		return r.root
	}
	return r.root
}

// dwarfed reports whether far more text than in an article stands in none, or in one without a title of its own: then it is a card
// that leads to the page it is on, or the head of the page.
func (s *survey) dwarfed(article int) bool {
	rest := s.blocks[s.root].prose
	heading := 0
	for i := s.root + 1; i < len(s.blocks); i++ {
		if s.blocks[i].aside {
			i = s.blocks[i].end - 1
			continue
		}
		if !s.isArticle(i) || i != article && s.within(article, i) {
			continue
		}
		for heading < len(s.headings) && s.headings[heading].block < i {
			heading++
		}
		if i == article || heading < len(s.headings) && s.begins(i, s.headings[heading].block) {
			rest -= s.blocks[i].prose
			i = s.blocks[i].end - 1
		}
	}
	return rest >= dwarfLeast && rest >= dwarfTimes*s.blocks[article].prose
}

// begins reports whether an article begins with a heading, which is then its title.
func (s *survey) begins(article, heading int) bool {
	before := 0
	for i := article; i < heading && before < leastTitled; i++ {
		before += s.blocks[i].own
	}
	return s.within(heading, article) && before < leastTitled
}

func (s *survey) articleAround(i int) int {
	for ; i > s.root; i = s.blocks[i].parent {
		if s.isArticle(i) {
			return i
		}
	}
	return -1
}

func (s *survey) isArticle(i int) bool {
	n := s.blocks[i].node
	return n.DataAtom == atom.Article || hasClass(n, "hentry")
}

// hasOther reports whether another article with text stands beside one, and none around it.
func (s *survey) hasOther(article int) bool {
	if s.articleAround(s.blocks[article].parent) >= 0 {
		return false
	}
	for i := s.root + 1; i < len(s.blocks); i++ {
		if i == article {
			i = s.blocks[i].end - 1
			continue
		}
		if s.isArticle(i) && s.blocks[i].prose >= freeLeast {
			return true
		}
	}
	return false
}

// united is a named container with those that hold the rest of the same text.
func (s *survey) united(named, in int) body {
	alone := body{block: named, pure: true}
	first := s.blocks[named].node
	class := attrOf(first, "class")
	if class == "" {
		return alone
	}
	var parts []int
	seen := make(map[string]bool)
	for i := in + 1; i < s.blocks[in].end; i++ {
		b := &s.blocks[i]
		if b.roles&roleBody == 0 || b.node.DataAtom != first.DataAtom || attrOf(b.node, "class") != class || s.aside(i) ||
			b.prose == 0 || s.articleAround(i) != s.articleAround(named) {
			continue
		}
		if begin := lettersOf(b.node, sampleLetters); !seen[begin] {
			seen[begin] = true
			parts = append(parts, i)
		}
		i = b.end - 1
	}
	if len(parts) < 2 || len(parts) > maxPieces || !slices.Contains(parts, named) {
		return alone
	}
	from, to := parts[0], parts[len(parts)-1]
	for i := range s.headings {
		h := &s.headings[i]
		if h.block > from && h.block < to && (h.DataAtom == atom.H1 || h.roles&roleTitle != 0) {
			return alone
		}
	}
	around := s.blocks[from].parent
	for around > s.root && !s.within(to, around) {
		around = s.blocks[around].parent
	}
	s.trace.note("body", "the text stands in %d containers like %s", len(parts), describe(first))
	return body{block: around, pure: true, parts: parts}
}

// keepParts takes out of the body's block what is beside its parts; figures between them are the author's.
func (s *survey) keepParts(b body) {
	if len(b.parts) == 0 {
		return
	}
	inside := make(map[*html.Node]bool)  // the parts
	towards := make(map[*html.Node]bool) // what is around them
	container := s.blocks[b.block].node
	for _, i := range b.parts {
		n := s.blocks[i].node
		inside[n] = true
		for p := n.Parent; p != nil && p != container && !towards[p]; p = p.Parent {
			towards[p] = true
		}
	}
	started := false
	var prune func(n *html.Node)
	prune = func(n *html.Node) {
		for c := n.FirstChild; c != nil; {
			next := c.NextSibling
			switch {
			case inside[c]:
				started = true
			case towards[c]:
				prune(c)
			case started && (c.DataAtom == atom.Figure || c.DataAtom == atom.Img || c.DataAtom == atom.Pre || c.DataAtom == atom.Blockquote):
			default:
				n.RemoveChild(c)
			}
			c = next
		}
	}
	prune(container)
}

// show shows what holds most of the body's sentences but waits for a script to be shown. What less is hidden is a copy, or is for
// those who subscribe or click.
func (s *survey) show(b body) {
	for i := b.block + 1; i < s.blocks[b.block].end; {
		in := &s.blocks[i]
		if in.aside || 2*in.prose <= s.blocks[b.block].prose {
			i = in.end
			continue
		}
		if isHidden(in.node) {
			s.trace.note("body", "%s is hidden, but holds most of the text", describe(in.node))
			in.node.Attr = slices.DeleteFunc(in.node.Attr, func(a html.Attribute) bool {
				return a.Key == "hidden" || a.Key == "style" || a.Key == "aria-hidden"
			})
		}
		i++
	}
}
