package extract

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// This file finds the element that holds an article's text. Rules: where a page has several articles, the one with the page's
// title is looked at; a container whose name says that it holds the text is believed as long as there is not far more text
// elsewhere; without one the block is taken whose sentences outweigh its links, labels and what is set aside in it the most, and
// in it the innermost that is worth nearly as much; sidebars, menus, comments and related posts are never looked into.

// body is where the text of an article stands.
type body struct {
	block int
	// pure containers hold nothing but the text; of others title, byline, tags and the like have to be taken off.
	pure bool
	// exact containers were named by the user: nothing is taken off.
	exact bool
	// empty is an article without any text; block is then where its title stands.
	empty bool
	// parts are the blocks inside it that hold the text; all does where there are none.
	parts []int
}

const (
	// followShare is how much of a block's text a block inside it must hold for the outer one to be a mere wrapper.
	followShare = 0.95
	// nestedShare is the same for a named container inside another: a theme's outer "post-content" around the real one.
	nestedShare = 0.8
	// doubtShare and doubtLeast say how much more text than in the named container must stand elsewhere to distrust the name.
	doubtShare = 0.25
	doubtLeast = 500
	// doubtItem is the share for microdata, which is written for machines to rely on.
	doubtItem = 0.15
	// leastBody is the weight of the shortest text, fifteen Han characters, that is an article where no container is named.
	leastBody = 30
)

// findBody finds the container of the article's text.
func (r *articlePage) findBody() (body, bool) {
	in := r.titledArticle()
	b, found := r.bodyIn(in)
	if !found && in != r.root {
		b, found = r.bodyIn(r.root)
	}
	if r.trace != nil && found {
		chosen := &r.blocks[b.block]
		how := "its text is the densest"
		if b.pure {
			how = "it is named after the text"
		}
		r.trace.score("body", float64(chosen.worth), "%s: %s; sentences weigh %d of the page's %d", describe(chosen.node), how, chosen.prose, r.blocks[r.root].prose)
	}
	return b, found
}

// bodyIn finds it in one block.
func (s *survey) bodyIn(in int) (body, bool) {
	dense := s.densest(in)
	if named, ok := s.namedBody(in); ok {
		b, d := &s.blocks[named], &s.blocks[dense]
		share := doubtShare
		if attrOf(b.node, "itemprop") == "articleBody" {
			share = doubtItem
		}
		// What the followed text shares with the named container does not speak against it.
		elsewhere := d.prose - s.overlap(named, dense)
		if elsewhere < doubtLeast || float64(b.prose) >= share*float64(d.prose) {
			return s.united(named, in), true
		}
		s.trace.score("body", float64(b.worth), "refused %s: named after the text, but sentences that weigh %d stand elsewhere", describe(b.node), elsewhere)
	}
	if loose, ok := s.looseBody(in); ok {
		if dense = s.densest(loose); s.blocks[dense].prose >= leastBody || s.blocks[loose].images > 0 {
			return body{block: dense}, true
		}
		return body{}, false
	}
	if s.blocks[dense].prose < leastBody {
		if pictures, ok := s.pictures(); ok {
			return body{block: pictures}, true
		}
	}
	return body{block: dense}, s.blocks[dense].prose >= leastBody
}

// pictures is the one article element of a page almost without text, where it has pictures.
func (s *survey) pictures() (int, bool) {
	only := -1
	for i := s.root + 1; i < len(s.blocks); i++ {
		if s.blocks[i].node.DataAtom == atom.Article && !s.aside(i) {
			if only >= 0 {
				return 0, false
			}
			only = i
		}
	}
	return only, only >= 0 && s.blocks[only].images > 0
}

func (s *survey) overlap(a, b int) int {
	switch {
	case s.within(a, b):
		return s.blocks[a].prose
	case s.within(b, a):
		return s.blocks[b].prose
	}
	return 0
}

// namedBody is the container that names itself one: the one with the most text, and of nested ones the innermost that still
// holds nearly all of it.
func (s *survey) namedBody(in int) (int, bool) {
	best := -1
	for i := in + 1; i < s.blocks[in].end; i++ {
		if s.blocks[i].roles&roleBody == 0 || s.aside(i) {
			continue
		}
		if best < 0 || s.blocks[i].prose > s.blocks[best].prose {
			best = i
		}
	}
	if best < 0 {
		return 0, false
	}
	for i := best + 1; i < s.blocks[best].end; i++ {
		if s.blocks[i].roles&roleBody != 0 && !s.aside(i) && s.innerBody(i, best) {
			best = i
		}
	}
	return best, true
}

// innerBody reports whether of two nested named containers the inner one is the text's: it holds nearly all of it, or what it
// does not hold is the article's title and facts.
func (s *survey) innerBody(inner, outer int) bool {
	in, out := &s.blocks[inner], &s.blocks[outer]
	if out.prose > 0 && in.images == out.images && float64(in.prose) >= nestedShare*float64(out.prose) {
		return true
	}
	for i := outer + 1; i < inner; i++ {
		titled := s.blocks[i].roles&roleTitle != 0 || s.blocks[i].node.DataAtom == atom.H1
		if titled && s.blocks[i].roles&roleBody == 0 && !s.within(inner, i) {
			return 2*in.prose >= out.prose || attrOf(in.node, "itemprop") == "articleBody"
		}
	}
	return false
}

// looseBody is the article or main element that holds most of the page's text.
func (s *survey) looseBody(in int) (int, bool) {
	best, bestProse := -1, -1
	for i := max(in, s.root+1); i < s.blocks[in].end; i++ {
		b := &s.blocks[i]
		if b.roles&roleLoose == 0 || s.aside(i) || b.node.DataAtom != atom.Article && b.node.DataAtom != atom.Main && b.prose == 0 && b.images == 0 {
			continue
		}
		if b.prose > bestProse || b.prose == bestProse && s.within(i, best) && (b.prose > 0 || b.images == s.blocks[best].images) {
			best, bestProse = i, b.prose
		}
	}
	return best, best >= 0 && float64(bestProse) >= 0.5*float64(s.blocks[in].prose)
}

// densest is the container whose sentences outweigh the links and labels in it the most, and in it the innermost that is worth
// nearly as much.
func (s *survey) densest(in int) int {
	best := in
	for i := in; i < s.blocks[in].end; i++ {
		b := &s.blocks[i]
		if b.aside && i > in {
			i = b.end - 1
			continue
		}
		if b.worth > s.blocks[best].worth && wraps(b.node) {
			best = i
		}
	}
	return s.follow(best)
}

// follow goes from a block into the one inside it that is worth nearly as much, as far as there is one.
func (s *survey) follow(at int) int {
	for {
		next := -1
		for i := at + 1; i < s.blocks[at].end; i = s.blocks[i].end {
			if b := &s.blocks[i]; !b.aside && wraps(b.node) && float64(b.worth) >= followShare*float64(s.blocks[at].worth) && b.prose > 0 {
				next = i
				break
			}
		}
		if next < 0 || codeOnly(s.blocks[next].node) {
			return at
		}
		at = next
	}
}

// wraps reports whether an element can be a wrapper; others are text themselves.
func wraps(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Div, atom.Section, atom.Article, atom.Main, atom.Center, atom.Form, atom.Table, atom.Tbody, atom.Tr, atom.Td, atom.Body, atom.Html, 0:
		return true
	}
	return false
}

// codeOnly reports whether an element is the box around a listing.
func codeOnly(n *html.Node) bool {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		switch {
		case c.Type == html.TextNode && strings.TrimSpace(c.Data) != "":
			return false
		case c.Type == html.ElementNode && c.DataAtom != atom.Pre && !strings.Contains(attrOf(c, "class"), "highlight"):
			return false
		}
	}
	return true
}

// aside reports whether a block is inside one that is not the article's.
func (s *survey) aside(i int) bool {
	for ; i > 0; i = s.blocks[i].parent {
		if s.blocks[i].aside {
			return true
		}
	}
	return false
}

// scopeOf is the element that holds the article: its text, its title, and the facts around them.
func (s *survey) scopeOf(b body, title *spot) int {
	scope := b.block
	if title != nil {
		for scope > s.root && !s.within(title.block, scope) {
			scope = s.blocks[scope].parent
		}
	}
	for i := scope; i > s.root; i = s.blocks[i].parent {
		if n := s.blocks[i].node; n.DataAtom == atom.Article || strings.Contains(attrOf(n, "class"), "hentry") {
			return i
		}
	}
	for i := scope; i > s.root; i = s.blocks[i].parent {
		if n := s.blocks[i].node; n.DataAtom == atom.Main || attrOf(n, "role") == "main" {
			return i
		}
	}
	if title == nil {
		return s.root
	}
	return scope
}

// widen takes a larger container where the list quotes text that stands on the page, before the container found: a theme that
// puts what comes before the more-tag elsewhere. A summary that the theme shows above the text is not the text.
func (s *survey) widen(b body, scope int, excerpt string) body {
	const sample = 24 // letters: enough to be no accident
	want := letters(excerpt, sample)
	if len([]rune(want)) < sample || holds(s.blocks[b.block].node, want) {
		return b
	}
	for outer := b.block; outer > scope; {
		outer = s.blocks[outer].parent
		for i := outer + 1; i < s.blocks[outer].end && s.blocks[i].order < s.blocks[b.block].order; i++ {
			in := &s.blocks[i]
			if s.within(b.block, i) || in.roles&(roleSummary|roleMeta) != 0 || s.aside(i) || in.prose == 0 {
				continue
			}
			if s.summarised(i, outer) {
				continue
			}
			if holds(in.node, want) {
				return body{block: outer}
			}
		}
	}
	return b
}

func (s *survey) summarised(i, outer int) bool {
	for ; i > outer; i = s.blocks[i].parent {
		if s.blocks[i].roles&roleSummary != 0 {
			return true
		}
	}
	return false
}

// holds reports whether the text below a node holds the letters of a sample. Most samples stand at the beginning, so that is looked at first.
func holds(n *html.Node, sample string) bool {
	const beginning = 1000 // letters
	return strings.Contains(lettersOf(n, beginning), sample) || strings.Contains(lettersOf(n, 0), sample)
}

// letters is the letters and digits of a text in lower case, the first most of them, or all where most is 0.
func letters(text string, most int) string {
	b := letterWriter{most: most}
	if most == 0 || len(text) < 4*most {
		b.Grow(len(text))
	}
	b.text(text)
	return b.String()
}

// shortBody is what a page holds that was named for it: the article or main element where there is one, else the whole fragment.
func (s *survey) shortBody() (body, bool) {
	at := -1
	for i := s.root + 1; i < len(s.blocks) && at < 0; i++ {
		if a := s.blocks[i].node.DataAtom; (a == atom.Article || a == atom.Main) && !s.aside(i) {
			at = i
		}
	}
	if at < 0 {
		if strings.Contains(strings.ToLower(s.page.Text[:min(len(s.page.Text), fragmentHead)]), "<html") || s.title != "" {
			return body{}, false
		}
		at = s.root
	}
	s.trace.note("body", "all of <%s>, however short", s.blocks[at].node.Data)
	return body{block: at, exact: true}, weigh(textOf(s.blocks[at].node)) > 0 || holdsMedia(s.blocks[at].node)
}

// fragmentHead is where a page that is no fragment has said so: in its first bytes.
const fragmentHead = 1 << 10
