package extract

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// This file takes it back that a block is not the article's. A name is a word of the theme's maker, and page builders call every
// part of a page a widget. Rules: what readers wrote is never the article's, nor is what carries a name that no author gives; a
// container that is named after an article's text frees the blocks around it; a block, or all blocks of one name, where most of
// the page's sentences stand is no sidebar.

const (
	// freeShare is which part of a page's sentences no sidebar has.
	freeShare = 0.5
	// freeLeast is the weight of the shortest text that frees what is around it.
	freeLeast = 120
	// Sentences of the weight wholeArticle that are wholeShare of the page's are an article: what is set aside beside them may be
	// more, such as related articles in full length.
	wholeArticle, wholeShare = 2000, 0.15
	// nearBlocks is how many blocks upwards a name is looked for, so that deep pages stay quick.
	nearBlocks = 64
)

// reconsider takes back what names say where the text speaks against them. It reports whether it did; total is to be taken again.
func (s *survey) reconsider() bool {
	changed := s.freeBody()
	if changed {
		s.total()
	}
	if s.hidden() && s.freeDense() {
		changed = true
	}
	return changed
}

// isLogin reports whether a block asks for a password.
func (s *survey) isLogin(i int) bool {
	for k := range s.passwords {
		if s.within(s.passwords[k].block, i) {
			return true
		}
	}
	return false
}

// hidden reports whether so much text is set aside that some of it may be the article's.
func (s *survey) hidden() bool {
	all := 0
	for i := range s.blocks {
		all += s.blocks[i].own
	}
	left := s.blocks[s.root].prose
	if left >= wholeArticle && float64(left) >= wholeShare*float64(all) {
		return false
	}
	return float64(left) < freeShare*float64(all)
}

// freeDense frees the blocks, and the names, that hold most of the page's sentences.
func (s *survey) freeDense() bool {
	all := make([]int, len(s.blocks)) // sentences, set aside or not, but no readers'
	for i := len(s.blocks) - 1; i > 0; i-- {
		b := &s.blocks[i]
		all[i] += b.own
		if b.roles&(roleComments|roleSure) == 0 || !b.aside {
			all[b.parent] += all[i]
		}
	}
	most := max(freeLeast, int(freeShare*float64(all[s.root])))
	changed := false
	byName := make(map[string]int)
	for i := s.root + 1; i < len(s.blocks); i++ {
		b := &s.blocks[i]
		if !b.aside || b.roles&(roleComments|roleSure) != 0 || all[i] == 0 {
			continue
		}
		if all[i] >= most && !s.isLogin(i) {
			b.aside, b.roles, changed = false, b.roles&^roleNotText, true
			s.trace.note("body", "%s is named as no text, but holds most of it", describe(b.node))
		}
		for name := range strings.FieldsSeq(attrOf(b.node, "class")) {
			if s.roleOfName(name)&roleNotText != 0 && !s.nearName(i, name) {
				byName[name] += all[i]
			}
		}
	}
	for name, prose := range byName {
		if prose < most {
			continue
		}
		for i := s.root + 1; i < len(s.blocks); i++ {
			if b := &s.blocks[i]; b.aside && b.roles&(roleComments|roleSure) == 0 && s.onlyFor(b.node, name) {
				b.aside, b.roles, changed = false, b.roles&^roleNotText, true
			}
		}
		s.trace.note("body", "%q is on most of the text, and is no name of a sidebar here", name)
	}
	return changed
}

// nearName reports whether a block around block i has the same name.
func (s *survey) nearName(i int, name string) bool {
	for n := 0; n < nearBlocks && i > s.root; n++ {
		if i = s.blocks[i].parent; hasClass(s.blocks[i].node, name) {
			return true
		}
	}
	return false
}

// onlyFor reports whether nothing but one of its classes says that an element is not the article's.
func (s *survey) onlyFor(n *html.Node, only string) bool {
	found := false
	for name := range strings.FieldsSeq(attrOf(n, "class")) {
		if name == only {
			found = true
		} else if s.roleOfName(name)&roleNotText != 0 {
			return false
		}
	}
	return found && n.DataAtom != atom.Nav && n.DataAtom != atom.Aside && n.DataAtom != atom.Footer &&
		s.roleOfName(attrOf(n, "id"))&roleNotText == 0
}

// freeBody takes it back of the blocks around the only container that is named after an article's text, however short that is.
func (s *survey) freeBody() bool {
	only := -1
	for i := s.root + 1; i < len(s.blocks); i++ {
		b := &s.blocks[i]
		switch {
		case b.roles&roleBody == 0 || s.inComments(i):
		case !s.aside(i):
			return false
		case only < 0 && (attrOf(b.node, "itemprop") == "articleBody" || b.prose > s.blocks[s.root].prose && hasAncestor(b.node, atom.Article)):
			only = i
		}
	}
	for i := only; i > s.root; i = s.blocks[i].parent {
		s.blocks[i].aside = false
		s.blocks[i].roles &^= roleNotText
	}
	return only >= 0
}

func (s *survey) inComments(i int) bool {
	for ; i > s.root; i = s.blocks[i].parent {
		if s.blocks[i].roles&(roleComments|roleSure) != 0 {
			return true
		}
	}
	return false
}

func hasAncestor(n *html.Node, kind atom.Atom) bool {
	for ; n != nil; n = n.Parent {
		if n.DataAtom == kind {
			return true
		}
	}
	return false
}

// describe is an element as a selector names it, for traces.
func describe(n *html.Node) string {
	if n.Type != html.ElementNode {
		return "the page"
	}
	name := n.Data
	if id := attrOf(n, "id"); id != "" {
		name += "#" + id
	}
	for class := range strings.FieldsSeq(attrOf(n, "class")) {
		name += "." + class
	}
	return shorten(name, 80)
}
