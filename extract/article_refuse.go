package extract

import (
	"strings"

	"archiver"
)

// This file says of a page why it is not the article that was asked for. Rules: where the page shows the title that the list
// gave, it is the article, whatever else speaks against it; every refusal says what was found in the article's place.

var (
	listPage = expr(`(?:^|\s)(?:error404|search-no-results|archive|search-results)(?:\s|$)`)
	postPage = expr(`(?:^|\s)(?:single|page|single-post|singular|postid-\d+)(?:\s|$)`)
)

// leastStanding is the weight of text, a hundred and fifty Han characters, from which a page with menus around it is an article
// whatever its title says.
const leastStanding = 300

// refuse says why the page is not the article, if it is not. Kind Unusable where the page stays as it is, Denied where it wants a
// login, Blocked where somebody stands between, Transient where the site is out of order.
func (r *articlePage) refuse(found bool) error {
	say := func(e *archiver.Error) error {
		e.Op, e.URL = "read article", r.page.URL
		r.trace.note("refuse", "%s", e.Err)
		return e
	}
	unusable := func(format string, args ...any) error {
		return say(archiver.Errorf(archiver.Unusable, format, args...))
	}
	entry := r.entryTitle()
	title := r.titleShown()
	confirmed := entry != "" && (same(entry, title) || r.headSays(entry))
	if confirmed {
		r.trace.note("refuse", "nothing: the page shows the title that the list gave, %q", entry)
	}
	if r.page.Requested != "" && isHome(r.page.URL) && !isHome(r.page.Requested) && r.page.URL != r.page.Requested && !strings.Contains(r.page.Requested, "?p=") {
		return unusable("the address leads to the front page; the article is no longer there")
	}
	class := attrOf(r.blocks[r.root].node, "class")
	if listPage.MatchString(class) && !postPage.MatchString(class) && !confirmed && !(strings.Contains(class, "archive") && r.standsAlone(found)) {
		return unusable("found a list or an error page in the article's place")
	}
	if entry != "" && !confirmed && (r.ruled == nil || r.ruled.body == nil) && !r.signed() && r.linkedTitles() >= leastList && !r.isKin(entry, title) {
		return unusable("found a list of articles in the article's place")
	}
	if prose := r.blocks[r.root].prose; !found || !confirmed && prose < largestWall {
		if w := r.standing(found, confirmed); w != nil {
			return say(w.error())
		}
	}
	if l, ok := r.findLock(found); ok && !r.isProtected() {
		if l.all {
			e := archiver.Errorf(archiver.Denied, "the site hides the article: %q", cutText(l.words, 60))
			e.Hint = "what a stranger does not get to see, archiver does not either"
			return say(e)
		}
		r.trace.note("refuse", "nothing, but a part of the text is hidden from strangers: %q", cutText(l.words, 60))
		r.showLock(l)
	}
	if !found && !r.isProtected() && r.asksPassword() {
		return say(archiver.Errorf(archiver.Denied, "the site asks for a login"))
	}
	if !found && !(confirmed && r.blocks[r.root].images > 0) {
		return unusable("%s", r.nothing())
	}
	if r.redirectedElsewhere(entry, title) {
		return unusable("the address now leads to another article, %q", title)
	}
	return nil
}

// standsAlone reports whether the page has a text of its own, and no list of others: themes name all pages of a kind of post
// archives, and the pages of one post among them.
func (r *articlePage) standsAlone(found bool) bool {
	return found && !r.body.empty && r.blocks[r.body.block].prose >= leastStanding && r.linkedTitles() == 0
}

// asksPassword reports whether the main part of the page has a field for a password; one in a menu is on every page.
func (r *articlePage) asksPassword() bool {
	for i := range r.passwords {
		if !r.apart(r.passwords[i].block, r.root) || r.look().whole && r.look().weight < fewWords {
			return true
		}
	}
	return false
}

// largestWall is the weight of sentences beyond which no page is a wall.
const largestWall = 2600

// standing is the wall that stands in the article's place, or nil.
func (r *articlePage) standing(found, confirmed bool) *wall {
	if confirmed && found || r.signed() {
		return nil
	}
	prose := 0
	if found && !r.body.empty {
		prose = r.blocks[r.body.block].prose
	}
	contained := r.body.pure && prose >= leastStanding
	if contained && r.linkedTitles() < leastList {
		return nil
	}
	g := r.look()
	if w := r.wallOf(g, func() bool { return r.body.pure || r.ownTitle(g) }); w != nil && !contained && !(w.kind == archiver.Denied && r.isProtected()) {
		return w
	}
	// Menus and lists of recent posts may stand around the wall: then the text in the article's place is what counts.
	text := ""
	if found && !r.body.empty && prose < leastStanding {
		text = shownText(r.blocks[r.body.block].node)
	}
	for i := range walls {
		w := &walls[i]
		switch {
		case prose >= leastStanding:
			// A page for what is not there may list what is.
			if w.name == "not found" && r.linkedTitles() >= leastList && w.titled(g) {
				return w
			}
		case w.markup != nil || w.name == "maintenance" || w.name == "not found" || w.name == "login":
			if w.titled(g) && (!found || w.words.MatchString(text) || !r.body.pure && weigh(text) < fewWords && w.name == "not found") {
				return w
			}
			if w.name == "not found" && text != "" && weigh(text) < fewWords && goneNotice.MatchString(text) {
				return w
			}
		}
	}
	return nil
}

// signed reports whether the head of the page, or its body, says that it is an article.
func (r *articlePage) signed() bool {
	if r.meta("article:published_time", "og:type") == "article" || r.meta("article:published_time") != "" {
		return true
	}
	for _, t := range r.things {
		if t.isArticle() {
			return true
		}
	}
	class := attrOf(r.blocks[r.root].node, "class")
	return strings.Contains(class, "single-post") || strings.Contains(class, "postid-")
}

// ownTitle reports whether the heading is the page's title, and no wall's.
func (r *articlePage) ownTitle(g *glimpse) bool {
	if g.heading == "" || !r.headSays(g.heading) && !same(g.heading, r.survey.title) {
		return false
	}
	for i := range walls {
		if walls[i].title.MatchString(g.heading) {
			return false
		}
	}
	return true
}

// nothing says what a page without an article's text is instead.
func (r *articlePage) nothing() string {
	g := r.look()
	switch {
	case g.whole && g.weight < fewWords && g.scripts > 0 && (g.weight == 0 || scriptWords.MatchString(g.noscript+" "+g.text) || r.hasShell()):
		return "the page is made by a script in the browser; there is no text in it"
	case g.whole && g.weight == 0 && r.blocks[r.root].images == 0:
		return "the page is empty"
	case r.linkedTitles() >= leastList:
		return "found a list of articles in the article's place"
	}
	return "found no article text"
}

var scriptWords = expr(`(?i)javascript|loading|加载中|正在加载`)

// hasShell reports whether the page has the empty element that a script fills.
func (r *articlePage) hasShell() bool {
	for i := range r.blocks {
		switch n := r.blocks[i].node; attrOf(n, "id") {
		case "root", "app", "__next", "__nuxt", "gatsby", "___gatsby", "svelte":
			if weigh(textOf(n)) == 0 {
				return true
			}
		}
	}
	return false
}

// leastList is how many titles that lead elsewhere make a page a list.
const leastList = 3

// linkedTitles counts the titles in the main part of the page that lead to other articles.
func (r *articlePage) linkedTitles() (n int) {
	for i := range r.headings {
		sp := &r.headings[i]
		if sp.roles&roleTitle == 0 || r.apart(sp.block, r.root) {
			continue
		}
		for d := range sp.Node.Descendants() {
			if d.Data != "a" {
				continue
			}
			if url, ok := r.resolve(attrOf(d, "href")); ok && archiver.Key(url) != archiver.Key(r.page.URL) && archiver.Key(url) != archiver.Key(r.page.Requested) {
				n++
				break
			}
		}
	}
	return n
}

// redirectedElsewhere reports whether the site answered with an article that is not the one listed: old short addresses do.
func (r *articlePage) redirectedElsewhere(entry, title string) bool {
	if entry == "" || title == "" || archiver.Key(r.page.URL) == archiver.Key(r.page.Requested) || r.page.Requested == "" {
		return false
	}
	heads := r.headTitles()
	for _, h := range append(heads, r.survey.title) {
		if strings.Contains(letters(h, 0), letters(entry, 0)) {
			return false
		}
	}
	if r.title != nil && same(r.headingText(r.title.Node), entry) {
		return false
	}
	return len(heads) > 0 && !r.isKin(entry, title)
}

// leastKin is the share of a title's words, in per cent, that it keeps when its author edits it or a list cuts it.
const leastKin = 50

// isKin reports whether the page's title is the list's in other words, or there is no telling.
func (r *articlePage) isKin(entry, title string) bool {
	if len(pieces(entry)) == 0 {
		return true
	}
	titles := append(r.headTitles(), title)
	if kinship(entry, titles) >= leastKin {
		return true
	}
	for _, t := range titles {
		if len(pieces(t)) > 0 && kinship(t, []string{entry}) >= leastKin {
			return true
		}
	}
	return false
}
