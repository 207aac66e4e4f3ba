package extract

import (
	"strings"
	"unicode/utf8"

	"archiver"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// This file decides, part by part, which page of an article comes next and what of it is new. Rules: a page that only sends its
// reader on is followed; a part that begins as an earlier one does is a copy, and ends the article; what every part
// repeats - the introduction, the last line - is kept once; a part whose address was not given by a link must carry the
// article's title.

const (
	// maxHops is how many pages that only send the reader on are followed, one after the other.
	maxHops = 3
	// copyShare is how much of the shorter of two parts must be the beginning of the longer, for it to be a copy.
	copyShare = 0.8
	// maxCompared bounds what is compared of a part, in letters.
	maxCompared = 20000
	// maxRepeated is how many blocks at the head of each part may be the same introduction.
	maxRepeated = 4
)

// sequel is what is known of an article's further pages.
type sequel struct {
	asked    string // the address that was asked for, where a page sent us on from it
	hops     int
	texts    []func() string // letters of the parts that are kept, told when they are compared: most articles have one part
	total    int             // how many parts the article says it has; 0 where a link leads on, or nothing does
	form     int             // of addresses that no link gives
	guess    string          // the address of the next part, where no link gives it
	view     string          // the address of all parts as one, while it is waited for
	instead  string          // the part that comes next where that is no use
	repeated []string        // letters of the blocks at the head of part 1
}

// sendsOn is the address to which a page does nothing but send its reader, and has the page remembered.
func (a *Assembly) sendsOn(doc *document) (string, bool) {
	if a.sequel.hops >= maxHops {
		return "", false
	}
	for n := range doc.Nodes[0].Descendants() {
		if n.DataAtom == atom.Body {
			break
		}
		if n.DataAtom != atom.Meta || !strings.EqualFold(attrOf(n, "http-equiv"), "refresh") {
			continue
		}
		m := refreshTo.FindStringSubmatch(attrOf(n, "content"))
		if m == nil {
			continue
		}
		url, ok := doc.resolve(strings.Trim(m[1], `'" `))
		if !ok || archiver.Key(url) == archiver.Key(doc.page.URL) || !archiver.SameSite(url, doc.page.URL) || isHome(url) {
			continue
		}
		if g := doc.look(); !g.whole || g.weight >= fewWords {
			continue
		}
		if a.sequel.asked == "" {
			a.sequel.asked = doc.page.Requested
		}
		a.sequel.hops++
		a.trace.note("parts", "the page only sends the reader on to %s", url)
		return url, true
	}
	return "", false
}

// refreshTo reads the content of a refresh that a reader does not see happen: ten seconds at most.
var refreshTo = expr(`(?i)^\s*\d(?:\.\d*)?\s*[;,]\s*url\s*=\s*(.+)$`)

// isCopy reports whether a text is that of a part that is there.
func (s *sequel) isCopy(text string) bool {
	for _, known := range s.texts {
		short, long := text, known()
		if len(short) > len(long) {
			short, long = long, short
		}
		if short == "" || strings.HasPrefix(long, short[:int(copyShare*float64(len(short)))]) && 2*len(short) > len(long) {
			return true
		}
	}
	return false
}

// follow is the address of the page after part n, with what the page of part n says.
func (a *Assembly) follow(r *articlePage, n int) string {
	s := &a.sequel
	s.guess = ""
	next, linked := r.nextPart(a.bases, n)
	switch {
	case n >= maxParts:
		a.trace.note("parts", "%d parts are as many as are read", n)
		return ""
	case linked:
		a.trace.note("parts", "part %d is at %s", n+1, next)
	default:
		next = a.unlinked(r, n)
	}
	if n == 1 && next != "" && a.whole == "" {
		if whole, ok := r.wholeArticle(a.bases); ok {
			a.trace.note("parts", "all parts as one are at %s", whole)
			s.view, s.instead = whole, next
			return whole
		}
	}
	return next
}

// unlinked is the address of part n+1 where the page says that it is there and does not link to it.
func (a *Assembly) unlinked(r *articlePage, n int) string {
	s := &a.sequel
	total, block := r.saysParts(n)
	if total == 0 && n < s.total {
		total = s.total
	}
	if total <= n {
		return ""
	}
	s.total = total
	if block > 0 {
		if url, ok := r.writtenParts(r.blocks[block].node, a.bases, n+1); ok {
			a.trace.note("parts", "the page says %d of %d; part %d is at %s", n, total, n+1, url)
			s.guess = url
			return url
		}
	}
	if url, ok := formOf(a.bases[0], n+1, s.form); ok {
		a.trace.note("parts", "the page says %d of %d and links to none; trying %s", n, total, url)
		s.guess = url
		return url
	}
	return ""
}

// otherForm is another address for the part that was not at the one tried; "" where there is none.
func (a *Assembly) otherForm() string {
	s := &a.sequel
	n := len(a.parts) + 1
	if s.guess == "" || n > 2 {
		return ""
	}
	s.form++
	url, ok := formOf(a.bases[0], n, s.form)
	if !ok {
		s.guess = ""
		return ""
	}
	a.trace.note("parts", "not there; trying %s", url)
	s.guess = url
	return url
}

// isOurs reports whether a page to which no link led is a part of the article: it has its title, a part's number aside.
func (a *Assembly) isOurs(r *articlePage) bool {
	if a.sequel.guess == "" {
		return true
	}
	want := withoutPart(a.article.Title)
	if same(withoutPart(r.titleShown()), want) {
		return true
	}
	for _, title := range r.headTitles() {
		if same(withoutPart(title), want) {
			return true
		}
	}
	return false
}

// partNumber is what software adds to the title of a part.
var partNumber = expr(`(?i)\s*(?:[(（\[【]\s*(?:第\s*)?(?:\d+|[一二三四五六七八九十]+)\s*[页頁]?(?:\s*[/／]\s*\d+)?\s*[)）\]】]|[\s–—_|-]*第\s*(?:\d+|[一二三四五六七八九十]+)\s*[页頁]|[\s–—_|,-]+page\s+\d+(?:\s+of\s+\d+)?)\s*$`)

// partOne is the same of part 1.
var partOne = expr(`(?i)\s*(?:[(（\[【]\s*(?:第\s*)?[1一]\s*[页頁]?(?:\s*[/／]\s*\d+)?\s*[)）\]】]|[\s–—_|-]*第\s*[1一]\s*[页頁]|[\s–—_|,-]+page\s+1(?:\s+of\s+\d+)?)\s*$`)

func withoutPart(title string) string { return partNumber.ReplaceAllString(title, "") }

// takeView puts a page with all parts in the place of part 1, if it is that.
func (a *Assembly) takeView(r *articlePage, text string) bool {
	const sample = 200 // letters
	first := a.sequel.texts[0]()
	begins := cutText(first, min(sample, int(copyShare*float64(utf8.RuneCountInString(first)))))
	if len(text) <= len(first) || !strings.Contains(cutText(text, maxCompared), begins) {
		a.trace.note("parts", "%s has not all parts", r.page.URL)
		return false
	}
	a.trace.note("parts", "%s has all parts", r.page.URL)
	r.cutPageNumbers(a.bases)
	r.cutCommon()
	a.parts = append(a.parts[:0], clean(r.trim(r.body, r.title), r.document))
	return true
}

// dropRepeated takes off a part what part 1 begins with too, and off the part before it the last line that both have.
func (a *Assembly) dropRepeated(part *html.Node) {
	s := &a.sequel
	if len(a.parts) == 0 {
		for c := part.FirstChild; c != nil && len(s.repeated) < maxRepeated; c = c.NextSibling {
			s.repeated = append(s.repeated, letters(textOf(c), 0))
		}
		return
	}
	for _, head := range s.repeated {
		c := part.FirstChild
		if c == nil || c == part.LastChild || head == "" || letters(textOf(c), 0) != head {
			break
		}
		part.RemoveChild(c)
	}
	before, last := a.parts[len(a.parts)-1].LastChild, part.LastChild
	if before != nil && last != nil && before.PrevSibling != nil && last.Type == html.ElementNode && last.Data == "p" && weigh(textOf(last)) >= leastSentence &&
		same(textOf(before), textOf(last)) {
		before.Parent.RemoveChild(before)
	}
}
