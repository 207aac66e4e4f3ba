package extract

import (
	"strings"

	"archiver"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// This file is what the model of a site says of one of its pages. Rules: a model that was learned from fewer than three pages, or
// whose pages disagree, says nothing; a container that names itself is doubted only where the model's stands apart from it;
// what the site repeats is taken off the head and the end of a text, never out of its midst, and never most of it; author and
// date are read from where the site shows them only where nothing else tells them.

const (
	// agreeShare is on how much of the pages that have an element it must have been the place.
	agreeShare = 0.7
	// fixtureAgree is the same for fixtures, which are cut.
	fixtureAgree = 0.8
	// commonShare is on how much of the site's pages a text must stand to be the site's.
	commonShare = 0.3
	// mostCommon is how much of a text may be taken for the site's; a page with more is a post made from a pattern.
	mostCommon = 0.5
	// leastVoted is how much of the text that the page alone would take the voted container must hold.
	leastVoted = 0.1
)

// siteView is a model and a page looked at together. A nil one says nothing.
type siteView struct {
	*archiver.SiteModel
	*places
}

// view prepares the model for a page; nil where it has nothing to say.
func (s *survey) view(m *archiver.SiteModel, p *places) *siteView {
	if m == nil || p == nil || m.Pages < archiver.SettledPages || m.Host != archiver.Host(s.page.URL) {
		return nil
	}
	return &siteView{m, p}
}

// settled reports whether enough pages agree on a place.
func settled(p *archiver.SitePlace, share float64) bool {
	return p.Pages >= archiver.SettledPages && float64(p.Pages) >= share*float64(p.Seen)
}

// container is the block where the site's pages have their text, where they agree and this page has it.
func (v *siteView) container() (block int, place *archiver.SitePlace) {
	if v == nil {
		return 0, nil
	}
	for i := range v.Containers {
		place := &v.Containers[i]
		if !settled(place, agreeShare) {
			continue
		}
		if block, ok := v.block(place.Signature); ok {
			return block, place
		}
	}
	return 0, nil
}

// place is the first block of this page that the places agree on.
func (v *siteView) place(list []archiver.SitePlace) (block int, ok bool) {
	if v == nil {
		return 0, false
	}
	for i := range list {
		if !settled(&list[i], agreeShare) {
			continue
		}
		if block, ok := v.block(list[i].Signature); ok {
			return block, true
		}
	}
	return 0, false
}

// votedBody is the container of the text, as the page alone gives it, weighed against what the site's other pages say.
func (r *articlePage) votedBody(alone body, found bool) (body, bool) {
	block, place := r.learned.container()
	if place == nil || block <= r.root {
		return alone, found
	}
	voted, b := &r.blocks[block], &r.blocks[alone.block]
	if found && block == alone.block {
		r.trace.note("site", "%s holds the text, as on %d of %d pages", place.Signature, place.Pages, place.Seen)
		return alone, found
	}
	apart := !r.within(block, alone.block) && !r.within(alone.block, block)
	switch {
	case r.aside(block), voted.prose < leastBody && voted.images == 0, codeOnly(voted.node):
		return alone, found
	case found && alone.pure && !apart, found && float64(voted.prose) < leastVoted*float64(b.prose):
		return alone, found
	case found && r.within(alone.block, block) && b.prose > 0 && float64(voted.prose) < float64(b.prose)/followShare:
		return alone, found // the page alone found the same text, and less around it
	}
	if r.trace != nil {
		r.trace.note("site", "%s is taken for the text, as on %d of %d pages; the page alone has %s", place.Signature, place.Pages, place.Seen, r.learned.of[alone.block])
	}
	return body{block: block, pure: voted.roles&roleBody != 0}, true
}

// cutTitle takes off a title element what the site adds to every title.
func (v *siteView) cutTitle(title string) string {
	if v == nil {
		return title
	}
	agreed := func(t *archiver.SiteText) bool {
		return t.Pages >= archiver.SettledPages && 2*t.Pages >= v.Pages
	}
	for i := range v.Suffixes {
		if head, ok := strings.CutSuffix(title, v.Suffixes[i].Text); ok && agreed(&v.Suffixes[i]) && strings.TrimSpace(head) != "" {
			return strings.TrimSpace(head)
		}
	}
	for i := range v.Prefixes {
		if tail, ok := strings.CutPrefix(title, v.Prefixes[i].Text); ok && agreed(&v.Prefixes[i]) && strings.TrimSpace(tail) != "" {
			return strings.TrimSpace(tail)
		}
	}
	return title
}

// fillFacts reads author and date where the site's other pages show them, if nothing else told them.
func (r *articlePage) fillFacts(a *archiver.Article) {
	if len(a.Authors) == 0 {
		if i, ok := r.learned.placeOf(r, func(v *siteView) []archiver.SitePlace { return v.Bylines }); ok {
			n := r.blocks[i].node
			name := nameIn(n)
			if a.Authors = r.cleanNames([]string{name}); len(a.Authors) > 0 {
				r.trace.note("authors", "%q, from where the site's other pages name theirs", name)
			}
		}
	}
	if a.Published.IsZero() {
		if i, ok := r.learned.placeOf(r, func(v *siteView) []archiver.SitePlace { return v.Dates }); ok {
			if ts, ok := findDate(shownText(r.blocks[i].node)); ok {
				a.Published = ts
				r.trace.note("published", "%v, from where the site's other pages show theirs", ts)
			}
		}
	}
}

// nameIn is the name that an element gives: by its markup, after "by", or alone.
func nameIn(n *html.Node) string {
	for d := range n.Descendants() {
		if d.Type == html.ElementNode && (namesPerson(d) || hasRel(d, "author")) {
			return personLink(d)
		}
	}
	if shown := authorInByline(shownText(n), labelWeight); shown != "" {
		return shown
	}
	return byStart.ReplaceAllString(shownText(n), "")
}

// placeOf is a place of the model that is outside of other articles.
func (v *siteView) placeOf(r *articlePage, list func(*siteView) []archiver.SitePlace) (block int, ok bool) {
	if v == nil {
		return 0, false
	}
	block, ok = v.place(list(v))
	return block, ok && !r.apart(block, r.root)
}

// cutCommon takes off the head and the end of the text what other pages of the site have too.
func (r *articlePage) cutCommon() {
	v := r.learned
	if v == nil || r.body.empty || r.body.exact || len(r.blocks) > maxSignedBlocks {
		return
	}
	at := r.body.block
	if r.title != nil && r.within(r.title.block, at) && r.title.block != at {
		at = r.title.block // what is before goes with the title
	}
	units := r.unitsOf(r.body.block)
	common, passed := v.commonUnits(r, units)
	heads := func(i int) bool { return isHeading(r.blocks[units[i].block].node) }
	total, begin := 0, 0
	for i, u := range units {
		total += u.weight
		if at != r.body.block && u.block < r.blocks[at].end {
			begin = i + 1
		}
	}
	head := begin
	for head < len(units) && (common[head] || passed[head]) {
		head++
	}
	for head > begin && head < len(units) && (passed[head-1] || heads(head-1)) {
		head-- // it is the heading of what follows
	}
	end := len(units)
	for end > head && passed[end-1] {
		end--
	}
	tail := end
	// The text under a heading at the very end is on the article's next page.
	for tail > head && (common[tail-1] || passed[tail-1]) && !heads(end-1) {
		tail--
	}
	cut := 0
	for i, u := range units {
		if i >= begin && i < head || i >= tail && i < end {
			cut += u.weight
		}
	}
	if cut == 0 || float64(cut) > mostCommon*float64(total) {
		return
	}
	for i, u := range units {
		b := &r.blocks[u.block]
		switch {
		case i >= tail && i < end:
		case i >= begin && i < head && (head == len(units) || b.end <= units[head].block):
		default:
			continue
		}
		if u.block == r.body.block {
			continue
		}
		if r.trace != nil {
			r.trace.note("trim", "%q: other pages of the site have it too", firstWords(b.node))
		}
		remove(b.node)
	}
}

// commonUnits tells which units are the site's: texts on many of its pages, and all that is in a fixture. Passed are those that
// trim takes off by their names: they neither end a run nor are the text below a heading.
func (v *siteView) commonUnits(r *articlePage, units []unit) (common, passed []bool) {
	many := make(map[archiver.TextHash]bool)
	for _, b := range v.Blocks {
		if b.Pages >= archiver.SettledPages && float64(b.Pages) >= commonShare*float64(v.Pages) {
			many[b.Hash] = true
		}
	}
	fixed := make(map[int]bool)
	for i := range v.Fixtures {
		f := &v.Fixtures[i]
		if block, ok := v.block(f.Signature); ok && settled(f, fixtureAgree) && 2*f.Pages >= v.Pages {
			fixed[block] = true
		}
	}
	common, passed = make([]bool, len(units)), make([]bool, len(units))
	for n, u := range units {
		common[n] = u.hash != 0 && many[u.hash] && !isMatter(r.blocks[u.block].node)
		for i := u.block; i > r.body.block; i = r.blocks[i].parent {
			common[n] = common[n] || fixed[i]
			passed[n] = passed[n] || r.blocks[i].aside && r.blocks[i].roles&roleSure != 0
		}
	}
	return common, passed
}

// isMatter reports whether a block holds code, a formula or a table: a blog that ends several articles with one formula means it.
func isMatter(n *html.Node) bool {
	if strings.ContainsAny(textOf(n), `$\`) {
		return true
	}
	for d := range n.Descendants() {
		switch d.DataAtom {
		case atom.Pre, atom.Code, atom.Table, atom.Math:
			return true
		}
		if class := attrOf(d, "class"); strings.Contains(class, "katex") || strings.Contains(class, "MathJax") || strings.Contains(class, "mjx") {
			return true
		}
	}
	return n.DataAtom == atom.Pre || n.DataAtom == atom.Table || n.DataAtom == atom.Math
}
