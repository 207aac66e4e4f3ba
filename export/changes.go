package export

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"time"
	"unicode"

	"archiver"

	"github.com/aymanbagabas/go-udiff/lcs"
)

// This file writes the chapter that tells what changed since a day: which articles are new, which ones their authors changed and
// where, and which ones are gone. A text that was only read in another way is no change.

const (
	// maxTold bounds the changed paragraphs that are shown of an article, maxEdits the changes of it, maxChangeLog the chapter: a
	// blog that rewrites everything is told in titles.
	maxTold      = 40
	maxEdits     = 5
	maxChangeLog = 200_000
	// maxSame is how many characters of an unchanged run stand beside a change, on each side.
	maxSame = 60
)

// changelog gathers what changed while the chapters are written.
type changelog struct {
	library               Library
	since                 time.Time
	fresh, edited, absent []change
	size                  int
}

// change is what is told of an article.
type change struct {
	entry
	note string // why it is gone
	diff []byte // XHTML
}

func newChangelog(opts Options) *changelog {
	if !opts.Changes || opts.Library == nil {
		return nil
	}
	return &changelog{library: opts.Library, since: opts.Since}
}

func (l *changelog) empty() bool { return l == nil || len(l.fresh)+len(l.edited)+len(l.absent) == 0 }

func (l *changelog) add(ctx context.Context, a *archiver.Article, e entry) error {
	if l == nil {
		return nil
	}
	if a.State == archiver.ArticleGone && !a.Gone.IsZero() && !a.Gone.Before(l.since) {
		l.absent = append(l.absent, change{entry: e, note: plain(a.Why)})
	}
	if !l.since.IsZero() && !a.FirstSeen.Before(l.since) {
		l.fresh = append(l.fresh, change{entry: e})
		return nil
	}
	revisions, err := l.library.Revisions(ctx, a.ID)
	if err != nil && archiver.KindOf(err) != archiver.NoMatch {
		return fmt.Errorf("read the revisions of %s: %w", a.URL, err)
	}
	var edits []int
	for i := 1; i < len(revisions); i++ {
		r := revisions[i]
		if r.Cause == archiver.CauseAuthor && !r.Seen.Before(l.since) && revisions[i-1].Cause != archiver.CauseDamaged {
			edits = append(edits, i)
		}
	}
	if len(edits) == 0 {
		return nil
	}
	told := change{entry: e}
	for _, i := range edits[max(0, len(edits)-maxEdits):] {
		if l.size > maxChangeLog {
			break
		}
		before, err := l.library.Revision(ctx, a.ID, revisions[i-1].Number)
		if err != nil {
			return fmt.Errorf("read an earlier text of %s: %w", a.URL, err)
		}
		after, err := l.library.Revision(ctx, a.ID, revisions[i].Number)
		if err != nil {
			return fmt.Errorf("read an earlier text of %s: %w", a.URL, err)
		}
		var b bytes.Buffer
		b.WriteString(`<p class="facts">` + revisions[i].Seen.UTC().Format(time.DateOnly) + "</p>\n")
		writeDiff(&b, paragraphs(&before), paragraphs(&after))
		l.size += b.Len()
		told.diff = append(told.diff, b.Bytes()...)
	}
	l.edited = append(l.edited, told)
	return nil
}

// paragraphs are an article's title and the texts of its blocks.
func paragraphs(a *archiver.Article) []string {
	all := []string{plain(a.Title)}
	for _, n := range flatten(a.HTML) {
		all = append(all, plain(textOf(n)))
	}
	return all
}

// writeDiff writes the paragraphs that differ.
func writeDiff(b *bytes.Buffer, before, after []string) {
	told := 0
	for _, d := range lcs.DiffLines(before, after) {
		was, is := before[d.Start:d.End], after[d.ReplStart:d.ReplEnd]
		for i := range max(len(was), len(is)) {
			if told++; told > maxTold {
				b.WriteString("<p>…</p>\n")
				return
			}
			b.WriteString(`<p class="change">`)
			switch {
			case i >= len(was):
				writeEdit(b, "ins", is[i])
			case i >= len(is):
				writeEdit(b, "del", was[i])
			default:
				writeWords(b, was[i], is[i])
			}
			b.WriteString("</p>\n")
		}
	}
}

// writeWords writes what differs in a paragraph. Where little is the same, both stand whole.
func writeWords(b *bytes.Buffer, before, after string) {
	was, is := tokens(before), tokens(after)
	diffs := lcs.DiffLines(was, is)
	same := len(is)
	for _, d := range diffs {
		same -= d.ReplEnd - d.ReplStart
	}
	if same*3 < max(len(was), len(is)) {
		writeEdit(b, "del", before)
		b.WriteByte(' ')
		writeEdit(b, "ins", after)
		return
	}
	at := 0
	for i, d := range diffs {
		writeSame(b, strings.Join(was[at:d.Start], ""), i > 0, true)
		writeEdit(b, "del", strings.Join(was[d.Start:d.End], ""))
		writeEdit(b, "ins", strings.Join(is[d.ReplStart:d.ReplEnd], ""))
		at = d.End
	}
	writeSame(b, strings.Join(was[at:], ""), true, false)
}

func writeEdit(b *bytes.Buffer, tag, text string) {
	if text == "" {
		return
	}
	b.WriteString("<" + tag + ">")
	writeText(b, text)
	b.WriteString("</" + tag + ">")
}

// writeSame writes an unchanged run: its ends where a change is beside them.
func writeSame(b *bytes.Buffer, text string, afterChange, beforeChange bool) {
	runes := []rune(text)
	if len(runes) <= 3*maxSame {
		writeText(b, text)
		return
	}
	if afterChange {
		writeText(b, string(runes[:maxSame]))
	}
	b.WriteString(" … ")
	if beforeChange {
		writeText(b, string(runes[len(runes)-maxSame:]))
	}
}

// tokens are the words of a text, each character of scripts without spaces by itself; joined they are the text.
func tokens(text string) (all []string) {
	start := 0
	word := func(r rune) bool { return !wide(r) && (unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r)) }
	var last rune
	for i, r := range text {
		if i > start && !(word(r) && word(last)) {
			all = append(all, text[start:i])
			start = i
		}
		last = r
	}
	if start < len(text) {
		all = append(all, text[start:])
	}
	return all
}

// writeChangelog writes the chapter.
func (l *changelog) write(b *bytes.Buffer, a *about) {
	beginPage(b, a.words.changes, a.lang, "book.css")
	b.WriteString(`<section class="changes">` + "\n<h1>")
	writeText(b, a.words.changes)
	b.WriteString("</h1>\n")
	if !l.since.IsZero() {
		b.WriteString(`<p class="facts">`)
		writeText(b, a.words.since+l.since.UTC().Format(time.DateOnly))
		b.WriteString("</p>\n")
	}
	for _, part := range []struct {
		title string
		all   []change
	}{{a.words.fresh, l.fresh}, {a.words.edited, l.edited}, {a.words.gone, l.absent}} {
		if len(part.all) == 0 {
			continue
		}
		b.WriteString("<h2>")
		writeText(b, part.title)
		b.WriteString("</h2>\n")
		list := true
		for _, c := range part.all {
			list = list && len(c.diff) == 0
		}
		if list {
			b.WriteString("<ul>\n")
		}
		for _, c := range part.all {
			open, end := "<h3>", "</h3>\n"
			if list {
				open, end = "<li>", ""
			}
			b.WriteString(open)
			writeNavLink(b, c.entry, c.title, c.lang, a)
			b.WriteString(end)
			if c.note != "" {
				b.WriteString(` <small class="why">`)
				writeText(b, c.note)
				b.WriteString("</small>")
			}
			b.Write(c.diff)
			if list {
				b.WriteString("</li>\n")
			}
		}
		if list {
			b.WriteString("</ul>\n")
		}
	}
	b.WriteString("</section>\n")
	endPage(b)
}
