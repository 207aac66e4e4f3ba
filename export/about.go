package export

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"archiver"
)

// This file gathers what a book says of itself: title, language, identity, date, creators.

// maxCreators bounds the creators that a book names; readers show them in one line.
const maxCreators = 20

// maxBookTitle bounds a title made of the titles of many sources.
const maxBookTitle = 120

// gathered is what chapters tell about their book.
type gathered struct {
	languages map[string]int
	sites     map[string]bool // names of the blogs
	hosts     map[string]bool
	creators  []string
	named     map[string]bool
	newest    time.Time
	images    int
}

func (g *gathered) add(a *archiver.Article, e entry) {
	if g.languages == nil {
		g.languages, g.sites, g.hosts, g.named = map[string]int{}, map[string]bool{}, map[string]bool{}, map[string]bool{}
	}
	if e.lang != "" {
		g.languages[e.lang]++
	}
	if site := plain(a.Site); visible(site) {
		g.sites[site] = true
	}
	g.hosts[archiver.Host(a.URL)] = true
	for _, author := range a.Authors {
		if author = shortened(plain(author), maxEntryTitle); visible(author) && len(g.creators) < maxCreators && !g.named[author] {
			g.named[author] = true
			g.creators = append(g.creators, author)
		}
	}
	if date := dateOf(a); date.After(g.newest) {
		g.newest = date
	}
}

// about is what a book says of itself.
type about struct {
	title, lang string
	id          string // a urn:uuid, the same for every book of the same sources
	date        time.Time
	creators    []string
	sources     []string // addresses of the listings
	span        string   // the first and last day of its articles
	words       *words
}

func (b *book) about() *about {
	a := &about{title: b.title(), lang: language(b.opts.Language), date: b.seen.newest, creators: b.seen.creators}
	if a.lang == "" {
		a.lang = mostFrequent(b.seen.languages)
	}
	a.words = wordsIn(a.lang)
	if a.title == "" {
		a.title = a.words.untitled
	}
	var identity []string
	for _, s := range b.opts.Sources {
		identity = append(identity, s.URL)
		if addr := address(s.URL); addr != "" {
			a.sources = append(a.sources, addr)
		}
	}
	if len(identity) == 0 {
		identity = append(slices.Sorted(maps.Keys(b.seen.hosts)), a.title)
	}
	slices.Sort(identity)
	a.id = urn(strings.Join(identity, "\n"))
	a.span = span(b.entries)
	return a
}

// title is the book's: the user's, else that of its sources, else that of the blogs, else where they are.
func (b *book) title() string {
	if title := plain(b.opts.Title); visible(title) {
		return title
	}
	var titles []string
	for _, s := range b.opts.Sources {
		title := plain(s.Title)
		if !visible(title) {
			title = plain(s.Name)
		}
		if visible(title) {
			titles = append(titles, title)
		}
	}
	if len(titles) == 0 {
		titles = slices.Sorted(maps.Keys(b.seen.sites))
	}
	if len(titles) == 0 {
		titles = slices.Sorted(maps.Keys(b.seen.hosts))
	}
	return shortened(strings.Join(titles, ", "), maxBookTitle)
}

// mostFrequent is the language of most chapters; "und" (undetermined) where none has one.
func mostFrequent(languages map[string]int) string {
	best := "und"
	for _, lang := range slices.Sorted(maps.Keys(languages)) {
		if languages[lang] > languages[best] {
			best = lang
		}
	}
	return best
}

// urn is a name-based UUID (RFC 9562, version 8) of a text.
func urn(text string) string {
	sum := sha256.Sum256([]byte("archiver book\n" + text))
	sum[6] = sum[6]&0x0f | 0x80
	sum[8] = sum[8]&0x3f | 0x80
	return fmt.Sprintf("urn:uuid:%x-%x-%x-%x-%x", sum[:4], sum[4:6], sum[6:8], sum[8:10], sum[10:16])
}

func span(entries []entry) string {
	first, last := "", ""
	for _, e := range entries {
		if e.date == "" {
			continue
		}
		if first == "" || e.date < first {
			first = e.date
		}
		last = max(last, e.date)
	}
	if first == last {
		return first
	}
	return first + " – " + last
}

// writeTitlePage writes the first page: title, creators, days, and where it is from.
func writeTitlePage(b *bytes.Buffer, a *about, entries []entry) {
	beginPage(b, a.title, a.lang, "book.css")
	b.WriteString(`<section class="titlepage" epub:type="titlepage">` + "\n<h1>")
	writeText(b, a.title)
	b.WriteString("</h1>\n")
	line := func(parts ...string) {
		if text := strings.Join(parts, ""); text != "" {
			b.WriteString("<p>")
			writeText(b, text)
			b.WriteString("</p>\n")
		}
	}
	line(strings.Join(a.creators, ", "))
	line(fmt.Sprint(len(entries)), a.words.articles)
	line(a.span)
	for _, addr := range a.sources {
		b.WriteString(`<p class="source"><a href="`)
		writeText(b, addr)
		b.WriteString(`">`)
		writeText(b, readable(addr))
		b.WriteString("</a></p>\n")
	}
	b.WriteString("</section>\n")
	endPage(b)
}
