package extract

import (
	"cmp"
	"slices"
	"strings"

	"archiver"

	"golang.org/x/net/html"
)

// This file is what a page teaches of its site. Rules: text that another page has too is the site's, the rest is the page's own; the
// innermost element with nearly all of the page's own text is where this page's article stands; what the channels or the page's own
// witnesses say of author, date and title shows where the site puts them. A lesson is made before the tree is changed.

const (
	// holderShare is how much of a page's own text its container holds at least.
	holderShare = 0.85
	// leastOwn is the weight of own text, a hundred Han characters, from which a page may say where its text stands.
	leastOwn = 200
	// fixtureShare is how much of a fixture's text is links.
	fixtureShare = 0.6
	// longestAffix is how long, in bytes, what a title element adds to the title may be: a blog's name and motto.
	longestAffix = 160
	// maxLessonUnits bounds the texts of one page that are remembered, half from its beginning and half from its end: what a
	// site repeats stands there.
	maxLessonUnits = 300
	// wordsShown is how many characters of a repeated text are kept for people.
	wordsShown = 40
)

// lesson is what one page shows.
type lesson struct {
	page           *articlePage
	host           string
	places         *places
	units          []unit
	suffix, prefix string
	byline, date   string // signatures
	fixtures       []string
}

// newLesson looks the page over, on which the article a was found.
func newLesson(r *articlePage, a *archiver.Article) *lesson {
	l := &lesson{page: r, host: archiver.Host(r.page.URL), places: r.places, units: r.units(r.root)}
	r.texts = l.units
	l.seeTitle(a)
	l.seeFacts(a)
	l.seeFixtures()
	return l
}

// seeTitle notes what the title element adds to the title.
func (l *lesson) seeTitle(a *archiver.Article) {
	element, title := l.page.survey.title, a.Title
	if title == "" || len(element) <= len(title) || len(element)-len(title) > longestAffix {
		return
	}
	if rest, ok := strings.CutPrefix(element, title); ok {
		l.suffix = rest
	} else if rest, ok := strings.CutSuffix(element, title); ok {
		l.prefix = rest
	}
}

// seeFacts notes where the author's name and the date are shown: in the first labels of the article's scope that have them.
func (l *lesson) seeFacts(a *archiver.Article) {
	r := l.page
	name := ""
	if len(a.Authors) == 1 {
		name = a.Authors[0]
	}
	day := a.Published
	for i := r.scope; i < r.blocks[r.scope].end; i++ {
		b := &r.blocks[i]
		if b.end != i+1 || l.places.of[i] == "" || r.within(i, r.body.block) && (r.body.pure || b.own > labelWeight) || r.apart(i, r.scope) {
			continue
		}
		if l.byline != "" && l.date != "" {
			return
		}
		text := shownText(b.node)
		if len(text) == 0 || len(text) > 4*labelWeight {
			continue
		}
		if l.byline == "" && name != "" && strings.Contains(text, name) && weigh(text) < weigh(name)+labelWeight {
			l.byline = l.places.of[i]
		}
		if l.date == "" && !day.IsZero() {
			if ts, ok := findDate(text); ok && onOneDay(ts, day) {
				l.date = l.places.of[i]
			}
		}
	}
}

func onOneDay(a, b archiver.Timestamp) bool {
	const day = len("2006-01-02")
	x, y := a.String(), b.String()
	return len(x) >= day && len(y) >= day && x[:day] == y[:day]
}

// seeFixtures notes the named elements within the text that are mostly links.
func (l *lesson) seeFixtures() {
	r := l.page
	weights, links := make([]int, len(r.blocks)), make([]int, len(r.blocks))
	for _, u := range l.units {
		for i := u.block; i >= r.body.block && i > r.root; i = r.blocks[i].parent {
			weights[i] += u.weight
			links[i] += u.linked
		}
	}
	for i := r.body.block + 1; i < r.blocks[r.body.block].end; i++ {
		sig := l.places.of[i]
		if at, ok := l.places.block(sig); !ok || at != i || strings.Contains(sig, " > ") {
			continue
		}
		if weights[i] >= leastSentence && float64(links[i]) >= fixtureShare*float64(weights[i]) {
			l.fixtures = append(l.fixtures, sig)
		}
	}
}

// Teach gives the model with what the article's first page teaches added to it: m itself where that is nothing. It is called
// once Article gave the article, and only of one that Knowing was called for.
func (a *Assembly) Teach(m *archiver.SiteModel) *archiver.SiteModel {
	l := a.lesson
	if l == nil || m == nil || a.locked || m.Host != "" && m.Host != l.host {
		return m
	}
	a.lesson = nil
	taught := *m
	taught.Host = l.host
	taught.Lessons++
	taught.Pages++
	container, share := l.container(m)
	taught.Containers = l.count(m.Containers, container, share)
	taught.Fixtures = slices.Clone(m.Fixtures)
	for _, sig := range l.fixtures {
		taught.Fixtures = vote(taught.Fixtures, sig, 0)
	}
	taught.Fixtures = l.see(taught.Fixtures)
	taught.Bylines = l.count(m.Bylines, l.byline, 0)
	taught.Dates = l.count(m.Dates, l.date, 0)
	taught.Suffixes = countText(m.Suffixes, l.suffix)
	taught.Prefixes = countText(m.Prefixes, l.prefix)
	taught.Blocks, taught.Once = l.countBlocks(m)
	if taught.Pages >= archiver.MaxSitePages {
		halve(&taught)
	}
	return &taught
}

// container is the signature of the innermost element that holds nearly all of the text which no other page had, and how much
// of it; "" where the page has too little text to say.
func (l *lesson) container(m *archiver.SiteModel) (sig string, share float64) {
	r := l.page
	known := make(map[archiver.TextHash]bool, len(l.units)) // by the hashes of this page, which are fewer than the model's
	for i := range l.units {
		known[l.units[i].hash] = false
	}
	know := func(h archiver.TextHash) {
		if _, here := known[h]; here {
			known[h] = true
		}
	}
	for i := range m.Blocks {
		know(m.Blocks[i].Hash)
	}
	for _, h := range m.Once {
		know(h)
	}
	own := make([]int, len(r.blocks))
	for _, u := range l.units {
		if u.weight >= leastSentence && 2*u.linked <= u.weight && (u.hash == 0 || !known[u.hash]) {
			own[u.block] += u.weight
		}
	}
	for i := len(r.blocks) - 1; i > r.root; i-- {
		if b := &r.blocks[i]; !b.aside {
			own[b.parent] += own[i]
		}
	}
	total := own[r.root]
	if total < leastOwn {
		return "", 0
	}
	at := r.root
	for {
		next := -1
		for i := at + 1; i < r.blocks[at].end; i = r.blocks[i].end {
			if b := &r.blocks[i]; !b.aside && wraps(b.node) && float64(own[i]) >= holderShare*float64(total) && !codeOnly(b.node) {
				next = i
				break
			}
		}
		if next < 0 {
			break
		}
		at = next
	}
	for ; at > r.root; at = r.blocks[at].parent {
		if i, ok := l.places.block(l.places.of[at]); ok && i == at {
			break
		}
	}
	return l.places.of[at], float64(own[at]) / float64(total)
}

// count adds a page to the place that it names, and counts it for all places that it has.
func (l *lesson) count(list []archiver.SitePlace, sig string, share float64) []archiver.SitePlace {
	list = slices.Clone(list)
	if sig != "" {
		list = vote(list, sig, share)
	}
	return l.see(list)
}

// vote adds a page to a place.
func vote(list []archiver.SitePlace, sig string, share float64) []archiver.SitePlace {
	for i := range list {
		if p := &list[i]; p.Signature == sig {
			p.Share += (share - p.Share) / float64(p.Pages+1)
			p.Pages++
			return list
		}
	}
	return append(list, archiver.SitePlace{Signature: sig, Pages: 1, Share: share})
}

// see counts the page for all places that it has, and keeps the list in order and within its bound.
func (l *lesson) see(list []archiver.SitePlace) []archiver.SitePlace {
	for i := range list {
		if _, there := l.places.at[list[i].Signature]; there {
			list[i].Seen++
		}
	}
	slices.SortStableFunc(list, func(a, b archiver.SitePlace) int { return cmp.Compare(b.Pages, a.Pages) })
	return list[:min(len(list), archiver.MaxSitePlaces)]
}

func countText(list []archiver.SiteText, text string) []archiver.SiteText {
	if text == "" {
		return list
	}
	list = slices.Clone(list)
	i := slices.IndexFunc(list, func(t archiver.SiteText) bool { return t.Text == text })
	if i < 0 {
		i = len(list)
		list = append(list, archiver.SiteText{Text: text})
	}
	list[i].Pages++
	slices.SortStableFunc(list, func(a, b archiver.SiteText) int { return cmp.Compare(b.Pages, a.Pages) })
	return list[:min(len(list), archiver.MaxSitePlaces)]
}

// standing is what the model knows of a text of the page.
type standing uint8

const (
	notHere standing = iota
	isNew
	wasOnce
	isCommon
)

// countBlocks counts the texts of the page: once each, however often the page has them.
func (l *lesson) countBlocks(m *archiver.SiteModel) (blocks []archiver.SiteBlock, once []archiver.TextHash) {
	blocks = slices.Clone(m.Blocks)
	here := make(map[archiver.TextHash]standing, min(len(l.units), maxLessonUnits)) // the hashes of this page, which are fewer than the model's
	var texts []unit
	for n, u := range l.units {
		if n >= maxLessonUnits/2 && n < len(l.units)-maxLessonUnits/2 || u.hash == 0 || here[u.hash] != notHere {
			continue
		}
		here[u.hash] = isNew
		texts = append(texts, u)
	}
	for i := range blocks {
		if here[blocks[i].Hash] != notHere {
			here[blocks[i].Hash] = isCommon
			blocks[i].Pages++
		}
	}
	once = make([]archiver.TextHash, 0, len(m.Once)+len(texts))
	for _, h := range m.Once {
		switch here[h] {
		case isNew:
			here[h] = wasOnce
		case notHere:
			once = append(once, h)
		}
	}
	for _, u := range texts {
		switch here[u.hash] {
		case wasOnce:
			blocks = append(blocks, archiver.SiteBlock{Hash: u.hash, Words: firstWords(l.page.blocks[u.block].node), Pages: 2})
		case isNew:
			once = append(once, u.hash)
		}
	}
	once = once[max(0, len(once)-archiver.MaxSiteOnce):]
	slices.SortStableFunc(blocks, func(a, b archiver.SiteBlock) int { return cmp.Compare(b.Pages, a.Pages) })
	return blocks[:min(len(blocks), archiver.MaxSiteBlocks)], once
}

func firstWords(n *html.Node) string {
	text := []rune(shownText(n))
	return string(text[:min(len(text), wordsShown)])
}

// halve takes half of every count back. m is not shared yet, and neither are its lists, titles aside.
func halve(m *archiver.SiteModel) {
	m.Pages /= 2
	for _, list := range []*[]archiver.SitePlace{&m.Containers, &m.Fixtures, &m.Bylines, &m.Dates} {
		for i := range *list {
			(*list)[i].Pages /= 2
			(*list)[i].Seen /= 2
		}
		*list = slices.DeleteFunc(*list, func(p archiver.SitePlace) bool { return p.Pages == 0 })
	}
	for _, list := range []*[]archiver.SiteText{&m.Suffixes, &m.Prefixes} {
		kept := slices.Clone(*list)
		for i := range kept {
			kept[i].Pages /= 2
		}
		*list = slices.DeleteFunc(kept, func(t archiver.SiteText) bool { return t.Pages == 0 })
	}
	for i := range m.Blocks {
		m.Blocks[i].Pages /= 2
	}
	m.Blocks = slices.DeleteFunc(m.Blocks, func(b archiver.SiteBlock) bool { return b.Pages < 1 })
}
