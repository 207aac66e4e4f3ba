package extract

import (
	"strings"
	"time"

	"archiver"

	"golang.org/x/net/html"
)

// This file reads the dates that an author wrote into the text, where nothing around it gives one. Rules: a text is dated by a date
// that stands alone in its first or last line, in brackets or before a dash at its beginning, or behind a word that says so at its
// end; a date inside of a sentence is of what the sentence tells.

const (
	// headLines and tailLines are how many pieces of text are looked at from either end of the body.
	headLines, tailLines = 3, 6
	// longestDateline is how many bytes a line has at most that says when the text was published.
	longestDateline = 80
)

// afterDateline is what may follow a date that begins a text.
var afterDateline = expr(`^\s*(?:[)）\]】|–—„“"«:：]|- )`)

// datesInBody reads the first and the last lines of the text.
func (r *articlePage) datesInBody(pub, mod *testimony) {
	if r.body.empty {
		return
	}
	// A title that begins with a day is of that day: 2024-05-01 Notes.
	if ts, start, end := scanDate(r.titleShown()); !ts.IsZero() && start == 0 && end > 0 && !r.isFuture(ts) {
		pub.add(ts, rankText)
		return
	}
	n := r.blocks[r.body.block].node
	seen := 0
	eachText(n, false, func(text string) bool {
		seen++
		ts, start, end := scanDate(text[:min(len(text), longestDateline)])
		if !ts.IsZero() && !r.isFuture(ts) && strings.Trim(text[:start], "(（[【 ") == "" && (besideDate(text[end:]) || afterDateline.MatchString(text[end:])) {
			pub.add(ts, rankText)
			return false
		}
		return seen < headLines
	})
	if len(*pub) > 0 {
		return
	}
	seen = 0
	eachText(n, true, func(text string) bool {
		seen++
		if len(text) <= longestDateline {
			ts, start, end := scanDate(text)
			before := text[:start]
			switch {
			case ts.IsZero() || r.isFuture(ts) || !besideDate(text[end:]) || otherDays.MatchString(before) || issueDays.MatchString(before):
			case saysUpdated(before):
				mod.add(ts, rankAfter)
			case besideDate(before) || publishedWords.MatchString(before):
				pub.add(ts, rankAfter)
				return false
			}
		}
		return seen < tailLines
	})
}

// eachText calls see with the pieces of text below an element that are not empty, the last first if backwards, until it says false.
func eachText(n *html.Node, backwards bool, see func(string) bool) bool {
	next := func(c *html.Node) *html.Node { return c.NextSibling }
	c := n.FirstChild
	if backwards {
		next, c = func(c *html.Node) *html.Node { return c.PrevSibling }, n.LastChild
	}
	for ; c != nil; c = next(c) {
		switch {
		case c.Type == html.TextNode:
			if text := oneLine(c.Data); text != "" && !see(text) {
				return false
			}
		case c.Type == html.ElementNode && !unseen(c) && !eachText(c, backwards, see):
			return false
		}
	}
	return true
}

// onPageDay gives a moment in UTC a zone in which its day is the one of the page's address, where that is the day before or after:
// software writes the permalink by the site's clock. The moment stays what it is; a site in Chinese is in China's zone.
func (r *articlePage) onPageDay(ts archiver.Timestamp, all testimony) archiver.Timestamp {
	if ts.Precision() != archiver.Instant || !plainUTC(witness{Timestamp: ts}) {
		return ts
	}
	const farthest = 10 // hours; beyond hardly anybody lives, and the address is mistaken
	for _, w := range all {
		if w.rank != rankAddress || ts.Time().Format(time.DateOnly) == w.Time().Format(time.DateOnly) {
			continue
		}
		east := ts.Time().Before(w.Time())
		if east && strings.HasPrefix(r.lang, "zh") {
			if t := ts.Time().In(time.FixedZone("", 8*3600)); t.Format(time.DateOnly) == w.Time().Format(time.DateOnly) {
				return archiver.At(t)
			}
		}
		step := -1
		if east {
			step = 1
		}
		for hours := step; -farthest <= hours && hours <= farthest; hours += step {
			if t := ts.Time().In(time.FixedZone("", hours*3600)); t.Format(time.DateOnly) == w.Time().Format(time.DateOnly) {
				return archiver.At(t)
			}
		}
	}
	return ts
}
