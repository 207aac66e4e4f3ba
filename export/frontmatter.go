package export

import (
	"bytes"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"archiver"
)

// This file writes an article as Markdown with YAML front matter. Text is always a double-quoted scalar, so that no title can be
// a number, a date, a yes or the end of the front matter; dates are YAML dates. Keys are those of the JSON object, but for
// published, which is date, as note programs and site generators call it. What is not known has no key.

// writeNote writes the file of an article.
func writeNote(b *bytes.Buffer, a *archiver.Article) {
	b.WriteString("---\n")
	scalar(b, "title", a.Title)
	date(b, "date", a.Published)
	date(b, "modified", a.Modified)
	sequence(b, "authors", a.Authors)
	sequence(b, "categories", a.Categories)
	sequence(b, "tags", a.Tags)
	scalar(b, "language", a.Language)
	scalar(b, "excerpt", a.Excerpt)
	scalar(b, "image", a.Image)
	scalar(b, "url", a.URL)
	scalar(b, "source", a.Source)
	scalar(b, "id", a.ID)
	if a.State != archiver.ArticleSaved {
		scalar(b, "state", string(a.State))
	}
	b.WriteString("---\n")
	if text := strings.Trim(markdownText(a.Markdown), "\n"); text != "" {
		b.WriteString("\n" + text + "\n")
	}
}

// markdownText is Markdown without what no editor shows and some terminal obeys.
func markdownText(s string) string {
	return strings.Map(func(r rune) rune {
		if forbidden(r) {
			return -1
		}
		return r
	}, s)
}

func date(b *bytes.Buffer, key string, ts archiver.Timestamp) {
	if !ts.IsZero() {
		b.WriteString(key + ": " + ts.String() + "\n")
	}
}

func scalar(b *bytes.Buffer, key, value string) {
	if value != "" {
		b.WriteString(key + ": ")
		quoted(b, value)
		b.WriteByte('\n')
	}
}

func sequence(b *bytes.Buffer, key string, values []string) {
	if len(values) == 0 {
		return
	}
	b.WriteString(key + ":\n")
	for _, value := range values {
		b.WriteString("  - ")
		quoted(b, value)
		b.WriteByte('\n')
	}
}

// quoted writes a double-quoted YAML scalar: on one line, with escapes for everything that is not plainly seen.
func quoted(b *bytes.Buffer, s string) {
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case r == '\r':
			b.WriteString(`\r`)
		case r == ' ' || r == '\u3000' || r == '\u200c' || r == '\u200d' || r == utf8.RuneError || unicode.IsGraphic(r) && !unicode.IsSpace(r):
			b.WriteRune(r)
		case r <= 0xff:
			fmt.Fprintf(b, `\x%02x`, r)
		case r <= 0xffff:
			fmt.Fprintf(b, `\u%04x`, r)
		default:
			fmt.Fprintf(b, `\U%08x`, r)
		}
	}
	b.WriteByte('"')
}
