package extract

import (
	"strings"
	"unicode"

	"archiver"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// This file decides an article's title. Rules: the list's title and the page's heading confirm each other; a title that only one
// of the page's witnesses has is believed if nothing better speaks; the site's name is never a title, and an untitled article has none.

// leastHeading is the score from which a heading is the article's title.
const leastHeading = 3

// findHeading is the heading that shows the article's title, or the empty one of an untitled article.
func (r *articlePage) findHeading() *spot {
	witnesses := r.headTitles()
	if e := r.entryTitle(); e != "" {
		witnesses = append(witnesses, e)
	}
	var best *spot
	bestScore := leastHeading - 1
	most := r.blocks[r.body.block].prose / 2
	before, from := 0, r.body.block // the weight of the text's sentences up to a block
	consider := func(sp *spot) {
		score := r.scoreHeading(sp, witnesses)
		if r.within(sp.block, r.body.block) {
			if sp.block < from {
				before, from = 0, r.body.block
			}
			for ; from < sp.block; from++ {
				if !r.blocks[from].aside {
					before += r.blocks[from].own
				}
			}
			if before > most && before >= leastStanding {
				score -= 3 // of what follows the text
			}
		}
		if r.trace != nil && score > 0 {
			r.trace.score("title", float64(score), "%s, a heading", describe(sp.Node))
		}
		if score > bestScore {
			best, bestScore = sp, score
		}
	}
	for i := range r.headings {
		consider(&r.headings[i])
	}
	for i := range r.marked {
		if m := &r.marked[i]; m.roles&roleTitle != 0 && !isHeading(m.Node) {
			consider(m)
		}
	}
	return best
}

func (r *articlePage) scoreHeading(sp *spot, witnesses []string) int {
	if sp.roles&roleSite != 0 || r.linksHome(sp.Node) || sp.roles&roleTitle == 0 && r.inSiteName(sp) {
		return 0
	}
	score, confirmed := 0, false
	text := r.headingText(sp.Node)
	if text != "" {
		whole := r.wholeHeading(sp.Node)
		for _, w := range witnesses {
			if same(text, w) || same(whole, w) {
				score += 3
				confirmed = true
			}
		}
		if _, ok := r.siteAfter(text); ok || r.siteBefore(text) {
			score += 2
			confirmed = true
		}
		switch kin := r.kinship(text, witnesses); {
		case kin == 0 && len(witnesses) > 0 && sp.roles&roleTitle != 0 && !isHeading(sp.Node):
			score -= 3 // the headline of a box beside the text
		case sp.roles&roleTitle != 0 || len(witnesses) < 2 || (kin > 0 || isHome(r.page.URL)) && !same(witnesses[0], witnesses[len(witnesses)-1]):
		case kin == 0:
			score -= 2 // a template's "The blog", which is nothing that the head says
		case kin >= 60 && sp.order < r.blocks[r.body.block].order:
			score += 2
		}
		if !confirmed && r.leadsAway(sp.Node) {
			score -= 3 // another article's
		}
	} else if sp.roles&roleTitle == 0 {
		return 0
	}
	if sp.roles&roleTitle != 0 {
		score += 3
	}
	switch sp.DataAtom {
	case atom.H1:
		score += 2
	case atom.H2:
		score++
	}
	if r.apart(sp.block, r.root) {
		score -= 3
	}
	b := &r.blocks[r.body.block]
	switch {
	case r.body.pure && r.within(sp.block, r.body.block):
		if !confirmed || sp.DataAtom != atom.H1 {
			score -= 3
		}
	case sp.order < b.order || r.within(sp.block, r.body.block):
		score++
	case sp.order > b.last:
		score -= 3 // related posts, comments
	}
	if text == "" {
		score = min(score, leastHeading)
	}
	return score
}

// kinship is how many of a heading's words, in per cent, the most similar of the titles has; Chinese goes by pairs of characters.
// Without words to compare it is 1.
func kinship(heading string, titles []string) int {
	return (&articlePage{}).kinship(heading, titles)
}

// kinship remembers the words of the titles, which all headings of a page are compared with.
func (r *articlePage) kinship(heading string, titles []string) int {
	words := pieces(heading)
	if len(words) == 0 {
		return 1
	}
	if r.words == nil {
		r.words = make(map[string]map[string]bool)
	}
	most := 0
	for _, title := range titles {
		theirs, shared := r.words[title], 0
		if theirs == nil {
			theirs = pieces(title)
			r.words[title] = theirs
		}
		for word := range words {
			if theirs[word] {
				shared++
			}
		}
		if len(theirs) == 0 {
			return 1
		}
		most = max(most, 100*shared/len(words))
	}
	return most
}

// pieces are the words of a title that carry meaning, and the pairs of its Han characters.
func pieces(title string) map[string]bool {
	found := make(map[string]bool)
	for word := range strings.FieldsFuncSeq(strings.ToLower(title), func(c rune) bool { return !unicode.IsLetter(c) && !unicode.IsDigit(c) }) {
		runes := []rune(word)
		switch {
		case isCJK(runes[0]):
			for i := 0; i+1 < len(runes); i++ {
				found[string(runes[i:i+2])] = true
			}
		case len(runes) > 3 || unicode.IsDigit(runes[0]):
			found[word] = true
		}
	}
	return found
}

// headingLink is the link that a heading holds or stands in; nil without one.
func headingLink(n *html.Node) *html.Node {
	for d := range n.Descendants() {
		if d.DataAtom == atom.A && attrOf(d, "href") != "" {
			return d
		}
	}
	for p := n.Parent; p != nil && !isBlock(p); p = p.Parent {
		if p.DataAtom == atom.A {
			return p
		}
	}
	return nil
}

// leadsAway reports whether a heading is a link to another page of the site.
func (r *articlePage) leadsAway(n *html.Node) bool {
	a := headingLink(n)
	if a == nil || !strings.Contains(shownText(a), shownText(n)) {
		return false
	}
	url, ok := r.resolve(attrOf(a, "href"))
	if !ok || !archiver.SameSite(url, r.page.URL) || isHome(r.page.URL) {
		return false
	}
	there := strings.TrimSuffix(pathOf(url), "/")
	for _, here := range [...]string{r.page.URL, r.page.Requested} {
		if strings.TrimSuffix(pathOf(here), "/") == there && queryOf(here) == queryOf(url) {
			return false
		}
	}
	return true
}

// linksHome reports whether a heading is a link to the blog's front page.
func (r *articlePage) linksHome(n *html.Node) bool {
	a := headingLink(n)
	if a == nil {
		return false
	}
	if hasRel(a, "home") {
		return true
	}
	url, ok := r.resolve(attrOf(a, "href"))
	return ok && isHome(url) && !isHome(r.page.URL)
}

func (r *articlePage) inSiteName(sp *spot) bool {
	for i := sp.block; i > r.root; i = r.blocks[i].parent {
		if r.blocks[i].roles&roleSite != 0 {
			return true
		}
	}
	return false
}

// isHome reports whether an address is that of a site's front page.
func isHome(url string) bool {
	_, rest, _ := strings.Cut(url, "://")
	_, path, found := strings.Cut(rest, "/")
	return !found || path == "" || path == "index.html" || path == "index.php"
}

// headTitles are the titles that the head of the page gives, the site's name taken off.
func (r *articlePage) headTitles() []string {
	var titles []string
	add := func(title string) {
		if title = withoutOutlet(r.withoutSite(r.learned.cutTitle(oneLine(title)))); title != "" && !same(title, r.site) {
			titles = append(titles, title)
		}
	}
	for _, t := range r.things {
		if t.isArticle() {
			add(t.text("headline"))
			break
		}
	}
	add(r.meta("og:title", "twitter:title"))
	add(r.survey.title)
	return titles
}

// siteSeparators stand between an article's title and the site's name. Those without spaces are only used beside a known name.
var (
	spacedSeparators = []string{" – ", " — ", " | ", " - ", " · ", " • ", " » ", " « ", " :: ", " / ", " ‹ ", " › "}
	tightSeparators  = []string{"_", "|", "-", "–", "—", "·", "｜", ":", "："}
)

// withoutSite takes the site's name off a title.
func (r *articlePage) withoutSite(title string) string {
	if r.site == "" {
		return r.withoutHost(title)
	}
	for _, separators := range [...][]string{spacedSeparators, tightSeparators} {
		for _, sep := range separators {
			if head, ok := strings.CutSuffix(title, sep+r.site); ok {
				return r.withoutHost(strings.TrimSpace(head))
			}
			if tail, ok := strings.CutPrefix(title, r.site+sep); ok {
				return strings.TrimSpace(tail)
			}
		}
	}
	// Some add the blog's motto after its name.
	for _, sep := range spacedSeparators {
		if i := strings.LastIndex(title, sep+r.site+" "); i > 0 {
			return r.withoutHost(strings.TrimSpace(title[:i]))
		}
	}
	return r.withoutHost(title)
}

// leastSiteName is how many letters a part of a title has that is taken for the site's name because the host has it too.
const leastSiteName = 4

// withoutHost takes the last part off a title, where the site's name or the host contains it: "Title | Acme" of Drink Acme Online.
func (r *articlePage) withoutHost(title string) string {
	at, length := -1, 0
	for _, sep := range spacedSeparators {
		if i := strings.LastIndex(title, sep); i > at {
			at, length = i, len(sep)
		}
	}
	if at <= 0 {
		return title
	}
	name := letters(title[at+length:], 0)
	if cut := r.withoutHostBefore(title); cut != title {
		return cut
	}
	if len(name) < leastSiteName || !strings.Contains(letters(r.site, 0), name) && !strings.Contains(letters(archiver.Host(r.page.URL), 0), name) {
		return title
	}
	return strings.TrimSpace(title[:at])
}

// cutSite takes the last part off a title element on a page that nowhere else tells the site's name.
func cutSite(title string) string {
	last := -1
	for _, sep := range spacedSeparators {
		last = max(last, strings.LastIndex(title, sep))
	}
	if last > 0 {
		return strings.TrimSpace(title[:last])
	}
	return title
}

func (r *articlePage) entryTitle() string {
	title, _ := fromEntries(r.entries, func(e *archiver.Entry) (string, bool) {
		t, _ := unprotect(oneLine(e.Title))
		return t, t != "" && !r.isUntitled(t)
	})
	return title
}

// untitled is what themes and plugins show in the place of a title that is not there.
var untitled = expr(`(?i)^(?:untitled|no title|[（(]no title[)）]|无标题|無標題|[（(]无标题[)）]|未命名|無題)$`)

// isUntitled reports whether a title is a theme's word for one that is missing; then the title element has not even that.
func (r *articlePage) isUntitled(title string) bool {
	return untitled.MatchString(title) && !strings.Contains(r.survey.title, title)
}

var markup = expr(`</?([A-Za-z][A-Za-z0-9]*)[^<>]*>`)

// unstripped is the heading with what it lost where a theme wrote the title unescaped, "Vec<T> explained", and the head did not.
func unstripped(heading string, heads []string) string {
	for _, h := range heads {
		if heading == "" || !strings.Contains(h, "<") || !same(html.UnescapeString(markup.ReplaceAllString(h, "")), heading) {
			continue
		}
		for _, tag := range markup.FindAllStringSubmatch(h, -1) {
			if !phrases[strings.ToLower(tag[1])] {
				return h
			}
		}
	}
	return heading
}

// phrases are the elements that authors do write into titles.
var phrases = map[string]bool{"em": true, "strong": true, "b": true, "i": true, "code": true, "sub": true, "sup": true, "span": true, "br": true, "mark": true, "small": true, "u": true, "s": true, "del": true, "a": true}

// titleWhole is all that the heading shows.
func (r *articlePage) titleWhole() string {
	if r.title == nil {
		return ""
	}
	whole, _ := unprotect(r.wholeHeading(r.title.Node))
	return whole
}

// titleShown is the title that the page gives, as far as it gives one.
func (r *articlePage) titleShown() string {
	heading := ""
	if r.title != nil {
		heading, _ = unprotect(r.headingText(r.title.Node))
	}
	heads := r.headTitles()
	if whole := r.titleWhole(); whole != heading && same(whole, r.entryTitle()) {
		heading = whole
	} else if e := r.entryTitle(); !same(heading, e) {
		heading = confirmedPart(heading, heads)
	}
	page := unstripped(heading, heads)
	if page == "" && r.title == nil && len(heads) > 0 {
		page, _ = unprotect(heads[0])
		if r.site == "" && page == r.survey.title {
			page = cutSite(page)
		}
	}
	return page
}

// hostLetters is how much of a host's name says whose it is.
const hostLetters = 8

// surerHead is the title that the page's head agrees on, where the page's own is in doubt: it stands below another h1,
// which is the site's name.
func (r *articlePage) surerHead(page string, heads []string) (string, bool) {
	if len(heads) < 2 || !same(heads[0], heads[1]) || r.title == nil {
		return "", false
	}
	for _, h := range heads {
		if same(h, page) {
			return "", false
		}
	}
	for i := range r.headings {
		h := &r.headings[i]
		if h.DataAtom == atom.H1 && !hidden(h.Node) && !same(oneLine(textOf(h.Node)), page) {
			name := oneLine(textOf(h.Node))
			host := letters(strings.TrimPrefix(archiver.Host(r.page.URL), "www."), hostLetters)
			return heads[0], h.order < r.title.order && (same(name, r.site) || strings.Contains(letters(name, 0), host))
		}
	}
	return "", false
}

// titleOf is the article's title.
func (r *articlePage) titleOf() string {
	entry, page, heads := r.entryTitle(), r.titleShown(), r.headTitles()
	r.trace.note("title", "the page shows %q, its head says %q, the list %q", page, heads, entry)
	switch {
	case entry == "" && r.isUntitled(page):
		return ""
	case entry == "":
		if head, ok := r.surerHead(page, heads); ok {
			r.trace.note("title", "%q, as the head says: the site's name is an h1 too, before %q", head, page)
			return head
		}
		return page
	case page == "":
		return entry
	case same(entry, page):
		return page
	}
	if cut := strings.TrimRight(entry, "….。 "); cut != entry && strings.HasPrefix(page, cut) {
		return page
	}
	agree := func(title string) (n int) {
		for _, h := range heads {
			if same(h, title) {
				n++
			}
		}
		return n
	}
	// Renamed since the list was read, or an entry that was misread: the page has the last word if it is sure of it.
	if agree(page) > 0 && agree(entry) == 0 {
		return page
	}
	return entry
}
