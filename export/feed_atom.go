package export

import (
	"bytes"
	"context"
	"io"
	"time"

	"archiver"
)

// This file writes Atom (RFC 4287). An entry is known by a UUID made of the article's ID, so that a reader does not show an article anew
// when its address changes.

func writeAtom(ctx context.Context, w io.Writer, articles Articles, opts Options) (Result, error) {
	var f *feed
	var page bytes.Buffer // one entry; nothing larger is held
	var newest time.Time
	n, err := each(ctx, articles, opts, func(a *archiver.Article) (err error) {
		page.Reset()
		if f == nil {
			if f, err = feedOf(ctx, a, opts); err != nil {
				return err
			}
			beginAtom(&page, f)
		}
		if date := updatedOf(a); date.After(newest) {
			newest = date
		}
		writeEntry(&page, a)
		_, err = w.Write(page.Bytes())
		return err
	})
	if err != nil {
		return Result{}, err
	}
	page.Reset()
	if opts.Brief == nil { // it is known only now; the order of a feed's elements has no meaning
		xmlElement(&page, "updated", atomTime(newest))
	}
	page.WriteString("</feed>\n")
	_, err = w.Write(page.Bytes())
	return Result{Articles: n}, err
}

func beginAtom(b *bytes.Buffer, f *feed) {
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?>` + "\n" + `<feed xmlns="http://www.w3.org/2005/Atom"`)
	if f.language != "" {
		b.WriteString(` xml:lang="` + f.language + `"`)
	}
	b.WriteString(">\n")
	xmlElement(b, "id", f.id)
	xmlElement(b, "title", f.title)
	if !f.updated.IsZero() {
		xmlElement(b, "updated", atomTime(f.updated))
	}
	xmlPerson(b, f.author)
	if f.home != "" {
		xmlLink(b, f.home)
	}
	b.WriteString("<generator>archiver</generator>\n")
}

func writeEntry(b *bytes.Buffer, a *archiver.Article) {
	b.WriteString("<entry")
	if lang := languageOf(a); lang != "" {
		b.WriteString(` xml:lang="` + lang + `"`)
	}
	b.WriteString(">\n")
	xmlElement(b, "id", named("article", a.ID))
	xmlElement(b, "title", titleOf(a))
	link := address(a.URL)
	if link != "" {
		xmlLink(b, link)
	}
	if published := moment(a.Published); published != "" {
		xmlElement(b, "published", published)
	}
	xmlElement(b, "updated", atomTime(updatedOf(a)))
	for _, author := range authorsOf(a) {
		xmlPerson(b, author)
	}
	for _, label := range labels(a) {
		b.WriteString(`<category term="`)
		writeText(b, label)
		b.WriteString(`"/>` + "\n")
	}
	if summary := plain(a.Excerpt); visible(summary) {
		xmlElement(b, "summary", summary)
	}
	if a.HTML != "" || link == "" { // without a link an entry must have content
		b.WriteString(`<content type="html"`)
		if link != "" { // what links inside the article, to a footnote, start from
			b.WriteString(` xml:base="`)
			writeText(b, link)
			b.WriteByte('"')
		}
		b.WriteByte('>')
		writeText(b, a.HTML)
		b.WriteString("</content>\n")
	}
	b.WriteString("</entry>\n")
}

func xmlElement(b *bytes.Buffer, name, text string) {
	b.WriteString("<" + name + ">")
	writeText(b, text)
	b.WriteString("</" + name + ">\n")
}

func xmlPerson(b *bytes.Buffer, name string) {
	b.WriteString("<author><name>")
	writeText(b, name)
	b.WriteString("</name></author>\n")
}

func xmlLink(b *bytes.Buffer, target string) {
	b.WriteString(`<link rel="alternate" type="text/html" href="`)
	writeText(b, target)
	b.WriteString(`"/>` + "\n")
}

// atomTime is a moment of a feed, which has to have one: where nothing is known, the first one that computers count.
func atomTime(t time.Time) string {
	if t.IsZero() {
		t = time.Unix(0, 0).UTC()
	}
	return t.Format(time.RFC3339)
}
