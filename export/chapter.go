package export

import (
	"bytes"
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

// writeChapter writes the page of an article and says how many images of it became links.
func writeChapter(b *bytes.Buffer, a *archiver.Article, lang string) (images int) {
	w := wordsIn(lang)
	title := titleOf(a)
	beginPage(b, shortened(title, maxEntryTitle), lang, "../book.css")
	b.WriteString(`<section epub:type="chapter" role="doc-chapter">` + "\n" + `<header class="top">` + "\n" + `<h1 dir="auto">`)
	writeText(b, title)
	b.WriteString("</h1>\n")
	writeFacts(b, a, w)
	b.WriteString("</header>\n")
	images = writeBody(b, a.HTML, w, rightToLeft(lang))
	b.WriteString("</section>\n")
	endPage(b)
	return images
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
