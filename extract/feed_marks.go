package extract

import (
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"io"
	"regexp"
	"strings"
	"time"

	"archiver"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// This file gives the items of feeds their marks, which are others once the articles have changed. Rules: the date of change that a
// feed gives is believed, unless all its items have nearly the same one, which is that of the build; else the mark is a sum of what
// a reader sees - words, pictures, links - without what changes by itself; where nothing tells there is no mark.

const (
	// leastDated is how many items have to agree on a time for it to be that of the build.
	leastDated = 3
	// buildTime is how far apart, at most, such times are.
	buildTime = time.Hour
	// markLength is how many hexadecimal digits of a sum make a mark: no two texts of one article share them.
	markLength = 16
)

// marks are those of the items of one feed.
type marks struct {
	page    *archiver.Page
	updated []string
	sums    []string
}

// add notes what an item tells of its changes.
func (m *marks) add(updated, title, text string) {
	m.updated = append(m.updated, strings.TrimSpace(updated))
	m.sums = append(m.sums, sumOf(m.page.URL, title, text))
}

// put gives the entries their marks.
func (m *marks) put(entries []archiver.Entry) {
	built := sameBuild(m.updated)
	for i := range entries {
		at := archiver.Timestamp{}
		if !built {
			at, _ = parseDate(m.updated[i])
		}
		switch {
		case !at.IsZero():
			entries[i].Mark = at.String()
		default:
			entries[i].Mark = m.sums[i]
		}
	}
}

// sameBuild reports whether dates of change are those of a build: software that makes all pages anew dates them all alike.
func sameBuild(dates []string) bool {
	var first, last time.Time
	n := 0
	for _, date := range dates {
		ts, ok := parseDate(date)
		if !ok {
			continue
		}
		at := ts.Time()
		if n == 0 || at.Before(first) {
			first = at
		}
		if n == 0 || at.After(last) {
			last = at
		}
		n++
	}
	return n >= leastDated && last.Sub(first) <= buildTime
}

// counters are the words in which software counts readers and their comments.
var counters = regexp.MustCompile(`(?i)\d+ ?(?:条|條|個|个|次|件)? ?(?:comments?|replies|views?|likes?|评论|評論|回复|回復|留言|阅读|閱讀|浏览|瀏覽|点赞|コメント)|(?:comments?|views?|likes?|评论|評論|回复|阅读|閱讀|浏览|コメント)(?:数|量|次数)? ?[:：(（]? ?\d+[)）]?`)

// sumOf is the sum of an item's text as HTML; "" without one.
func sumOf(base, title, text string) string {
	if strings.TrimSpace(text) == "" {
		return ""
	}
	sum := itemSum{h: sha256.New(), base: base}
	sum.say("title", oneLine(title))
	z := html.NewTokenizer(strings.NewReader(text))
	for {
		switch z.Next() {
		case html.ErrorToken:
			sum.say("text", oneLine(counters.ReplaceAllString(sum.words.String(), "")))
			return hex.EncodeToString(sum.h.Sum(nil))[:markLength]
		case html.TextToken:
			if sum.skip == 0 {
				sum.words.Write(z.Text())
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			sum.element(z.Token())
		case html.EndTagToken:
			if name, _ := z.TagName(); sum.skip != 0 && atom.Lookup(name) == sum.skip {
				sum.skip = 0
			}
		}
	}
}

// itemSum is a sum while it is made.
type itemSum struct {
	h     hash.Hash
	base  string
	words strings.Builder
	skip  atom.Atom // the element whose text does not count
}

func (s *itemSum) say(what, text string) {
	_, _ = io.WriteString(s.h, what+"\x1f"+text+"\x1e")
}

// element counts what an element shows or leads to: its address without the query, in which sites sign, count and track.
func (s *itemSum) element(t html.Token) {
	if s.skip != 0 {
		return
	}
	attr := func(key string) string {
		for _, a := range t.Attr {
			if a.Key == key {
				return a.Val
			}
		}
		return ""
	}
	s.words.WriteByte('\n')
	switch t.DataAtom {
	case atom.Script, atom.Style, atom.Noscript, atom.Title, atom.Textarea:
		if t.Type == html.StartTagToken {
			s.skip = t.DataAtom
		}
	case atom.A:
		href := attr("href")
		if strings.Contains(href, "#comment") || strings.Contains(href, "#respond") || strings.HasSuffix(strings.TrimSuffix(href, "/"), "/comments") {
			s.skip = atom.A
			return
		}
		s.address("link", href)
	case atom.Img, atom.Iframe, atom.Video, atom.Audio, atom.Source, atom.Embed:
		if isDot(attr("width")) || isDot(attr("height")) {
			return
		}
		s.address("media", attr("src"))
	}
}

func (s *itemSum) address(what, ref string) {
	if url, err := archiver.Resolve(s.base, ref); err == nil && ref != "" {
		url, _, _ = strings.Cut(url, "?")
		_, url, _ = strings.Cut(url, "://")
		s.say(what, url)
	}
}

// isDot reports whether a measure is that of a picture which nobody is to see.
func isDot(measure string) bool {
	return measure == "0" || measure == "1" || measure == "1px" || measure == "0px"
}
