package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode"

	"archiver"
	"archiver/crawler"

	"github.com/rivo/uniseg"
)

// This file holds the words for people. Everything that came from a page passes printable before it reaches a terminal.

const exitCodesHelp = `
Exit codes:
  0    done, also when there was nothing new
  1    a bug in archiver
  2    a wrong flag, argument, address or configuration
  3    finished; some articles did not come, or a report or hook failed; what was saved is kept
  4    a source failed, or its listing suddenly lacks most of its articles
  5    another run holds the archive
  6    refused or put off by the site; try again later
  7    nothing matched (search, show, export)
  8    the archive's disk or file is in trouble
  130  interrupted; what was finished is saved
`

// kindHints say what to do where an error does not know better.
var kindHints = map[archiver.Kind]string{
	archiver.Internal:  "this should not happen; run again with -vv and report what it prints",
	archiver.Transient: "it may pass by itself; run the same command again later",
	archiver.Gone:      "look at the address in a browser; what is in the archive is kept",
	archiver.Denied:    "the page needs a login: export the cookies of yours from the browser, and name the file as cookies of the source in the configuration",
	archiver.Unusable:  "try `archiver explain URL` to see what was made of the page",
	archiver.Storage:   "what was saved before is kept; `archiver doctor` looks the archive over",
}

// printable makes text from a page fit for a terminal: control characters, escapes and direction overrides are shown, not obeyed.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return ' '
		case unicode.IsControl(r), r >= 0x202A && r <= 0x202E, r >= 0x2066 && r <= 0x2069:
			return '�'
		}
		return r
	}, s)
}

// cut shortens text to a width in terminal cells.
func cut(s string, width int) string {
	if uniseg.StringWidth(s) <= width {
		return s
	}
	var b strings.Builder
	used := 1 // for the ellipsis
	for g := uniseg.NewGraphemes(s); g.Next(); {
		if used += g.Width(); used > width {
			break
		}
		b.WriteString(g.Str())
	}
	return b.String() + "…"
}

// table writes rows in columns that line up also where cells hold Chinese. The last column is not padded.
func table(w io.Writer, rows [][]string) error {
	var widths []int
	for _, row := range rows {
		for i, cell := range row {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], uniseg.StringWidth(cell))
		}
	}
	for _, row := range rows {
		var b strings.Builder
		for i, cell := range row {
			b.WriteString(cell)
			if i < len(row)-1 {
				b.WriteString(strings.Repeat(" ", widths[i]-uniseg.StringWidth(cell)+2))
			}
		}
		if _, err := fmt.Fprintln(w, strings.TrimRight(b.String(), " ")); err != nil {
			return err
		}
	}
	return nil
}

// jsonLine writes one object on one line, text as it is.
func jsonLine(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}

// count writes a number with its noun: "1 article", "2 articles".
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// size writes bytes as people do.
func size(n int64) string {
	switch {
	case n >= 1e9:
		return fmt.Sprintf("%.1f GB", float64(n)/1e9)
	case n >= 1e6:
		return fmt.Sprintf("%.1f MB", float64(n)/1e6)
	case n >= 1e3:
		return fmt.Sprintf("%.0f kB", float64(n)/1e3)
	}
	return fmt.Sprintf("%d B", n)
}

// took writes a duration as people do.
func took(d time.Duration) string {
	switch {
	case d < 10*time.Second:
		return fmt.Sprintf("%.1f s", d.Seconds())
	case d < time.Minute:
		return fmt.Sprintf("%.0f s", d.Seconds())
	case d < time.Hour:
		return fmt.Sprintf("%d min %d s", int(d.Minutes()), int(d.Seconds())%60)
	}
	return fmt.Sprintf("%d h %d min", int(d.Hours()), int(d.Minutes())%60)
}

// summary is the one line that a sync always ends with.
func summary(r crawler.Report) string {
	var parts []string
	nothing := changes(r)+r.Protected+r.Failed+r.Waiting+r.Left == 0
	switch {
	case r.Broken != nil:
		parts = append(parts, "the listing could not be read")
	case nothing && r.Listed == 0 && r.Source.Articles() == 0:
		parts = append(parts, "the listing has no articles")
	case nothing:
		parts = append(parts, "nothing new")
	default:
		parts = append(parts, fmt.Sprintf("%d saved", r.Saved))
		for _, more := range []struct {
			n     int
			words string
		}{{r.Changed, "changed"}, {r.Reread, "read better"}, {r.Gone, "gone"}, {r.Back, "back"}, {r.Moved, "moved"}} {
			if more.n > 0 {
				parts = append(parts, fmt.Sprintf("%d %s", more.n, more.words))
			}
		}
		if r.Protected > 0 {
			parts = append(parts, fmt.Sprintf("%d need%s a password", r.Protected, map[bool]string{true: "s"}[r.Protected == 1]))
		}
		parts = append(parts, fmt.Sprintf("%d failed", r.Failed))
		if r.Pictures > 0 {
			parts = append(parts, count(r.Pictures, "picture"))
		}
	}
	if r.Left > 0 && r.Broken == nil {
		parts = append(parts, fmt.Sprintf("%d left", r.Left))
	}
	parts = append(parts, count(r.ListingPages, "listing page"), count(int(r.Traffic.Requests), "request"), size(r.Traffic.Bytes), took(r.Took))
	return r.Source.Name + ": " + strings.Join(parts, ", ")
}

// problemWords tell what became of an article that did not come.
func problemWords(p crawler.Problem) string {
	why := p.Err.Error()
	if e, ok := p.Err.(*archiver.Error); ok && e.Err != nil {
		why = e.Err.Error()
	}
	switch p.Kind {
	case archiver.Gone:
		why += "; a copy that was saved before is kept"
	case archiver.Denied:
		why += "; it needs a login"
	}
	return printable(p.URL + ": " + why)
}
