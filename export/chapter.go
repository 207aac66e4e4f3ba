package export

import (
	"bytes"
	"strconv"
	"strings"

	"archiver"
)

// This file writes one article as a chapter: its title, what is known of it, and its text.

// titleOf is the article's title as a line; where it shows nothing, what its address says.
func titleOf(a *archiver.Article) string {
	if title := plain(a.Title); visible(title) {
		return title
	}
	if addr := readable(a.URL); visible(addr) {
		return addr
	}
	return a.ID
}

// chapter is how an article is written.
type chapter struct {
	name      string // of its file
	lang      string
	pictures  *pictures
	crossings *crossings
}

// write makes the article's pages, nearly always one, and hands each to put. It says how many images became links, and whether
// a formula stands as TeX.
func (c *chapter) write(b *bytes.Buffer, a *archiver.Article, put func(file string, page []byte) error) (images int, latex bool, err error) {
	title := titleOf(a)
	x := &body{b: b, words: wordsIn(c.lang), rtl: rightToLeft(c.lang), pictures: c.pictures, crossings: c.crossings}
	c.begin(b, a, title)
	x.write(a.HTML, a.Image)
	if b.Len()-x.start <= maxPart {
		c.remember(x, nil)
		c.end(b)
		return x.images, x.tex, put(partFile(c.name, 0), b.Bytes())
	}
	bodies, at := x.parts(b.Bytes()[x.start:], c.name)
	c.remember(x, at)
	for i, content := range bodies {
		var page bytes.Buffer
		if i == 0 {
			c.begin(&page, a, title)
		} else {
			beginPage(&page, shortened(title, maxEntryTitle)+" ("+strconv.Itoa(i+1)+")", c.lang, "../book.css")
			page.WriteString(`<section>` + "\n")
		}
		page.Write(content)
		c.end(&page)
		if err := put(partFile(c.name, i), page.Bytes()); err != nil {
			return x.images, x.tex, err
		}
	}
	return x.images, x.tex, nil
}

// remember keeps where the chapter's ids are, for links of later chapters.
func (c *chapter) remember(x *body, at map[string]string) {
	if c.crossings == nil || len(x.done) == 0 {
		return
	}
	places := map[string]spot{}
	for own, id := range x.ids {
		if file := at[id]; x.done[id] && file != "" {
			places[own] = spot{file, id}
		} else if x.done[id] {
			places[own] = spot{partFile(c.name, 0), id}
		}
	}
	c.crossings.places[c.name] = places
}

func (c *chapter) end(b *bytes.Buffer) {
	b.WriteString("</section>\n")
	endPage(b)
}

// begin writes a chapter's page up to its text.
func (c *chapter) begin(b *bytes.Buffer, a *archiver.Article, title string) {
	lang, w := c.lang, wordsIn(c.lang)
	beginPage(b, shortened(title, maxEntryTitle), lang, "../book.css")
	b.WriteString(`<section epub:type="chapter" role="doc-chapter">` + "\n" + `<header class="top">` + "\n" + `<h1 dir="auto">`)
	writeText(b, title)
	b.WriteString("</h1>\n")
	writeFacts(b, a, w)
	b.WriteString("</header>\n")
}

// writeFacts writes the dates, the authors and the address of an article, as far as they are known.
func writeFacts(b *bytes.Buffer, a *archiver.Article, w *words) {
	var facts []string
	if !a.Published.IsZero() {
		facts = append(facts, day(a.Published))
	}
	if !a.Modified.IsZero() && day(a.Modified) != day(a.Published) {
		facts = append(facts, w.updated+day(a.Modified))
	}
	var authors []string
	for _, author := range a.Authors {
		if author = plain(author); visible(author) {
			authors = append(authors, author)
		}
	}
	if len(authors) > 0 {
		facts = append(facts, strings.Join(authors, ", "))
	}
	if len(facts) > 0 {
		b.WriteString(`<p class="facts">`)
		writeText(b, strings.Join(facts, " · "))
		b.WriteString("</p>\n")
	}
	if addr := address(a.URL); addr != "" {
		b.WriteString(`<p class="source"><a href="`)
		writeText(b, addr)
		b.WriteString(`">`)
		writeText(b, readable(a.URL))
		b.WriteString("</a></p>\n")
	}
}

// beginPage writes an XHTML page up to its body.
func beginPage(b *bytes.Buffer, title, lang, css string) {
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"`)
	if lang != "" {
		b.WriteString(` lang="` + lang + `" xml:lang="` + lang + `"`)
	}
	if rightToLeft(lang) {
		b.WriteString(` dir="rtl"`)
	}
	b.WriteString(">\n<head>\n<title>")
	writeText(b, title)
	b.WriteString("</title>\n" + `<link rel="stylesheet" type="text/css" href="` + css + `"/>` + "\n</head>\n<body>\n")
}

func endPage(b *bytes.Buffer) { b.WriteString("</body>\n</html>\n") }
