package export

import (
	"bytes"
	"strconv"
	"time"
)

// This file writes the book's package document: what it says of itself, its files, the order to read them in.

// writeAccessibility says by which senses the book can be read: text in reading order, with a table of contents, is true of every
// book that is written here.
func writeAccessibility(b *bytes.Buffer, a *about) {
	say := func(property, value string) {
		b.WriteString(`<meta property="schema:` + property + `">` + value + "</meta>\n")
	}
	say("accessMode", "textual")
	if len(a.pictures) > 0 {
		say("accessMode", "visual")
		say("accessModeSufficient", "textual,visual")
	}
	if a.described || len(a.pictures) == 0 {
		say("accessModeSufficient", "textual")
	}
	if a.described && len(a.pictures) > 0 {
		say("accessibilityFeature", "alternativeText")
	}
	if a.mathML {
		say("accessibilityFeature", "MathML")
	}
	if a.latex || a.mathML { // the TeX is the alternative text of MathML
		say("accessibilityFeature", "latex")
	}
	for _, feature := range [...]string{"structuralNavigation", "tableOfContents", "readingOrder"} {
		say("accessibilityFeature", feature)
	}
	say("accessibilityHazard", "none")
}

// writePackage writes metadata, the list of files and the reading order.
func writePackage(b *bytes.Buffer, a *about, entries []entry) {
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?>
<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="book" xml:lang="` + a.lang + `"`)
	if rightToLeft(a.lang) {
		b.WriteString(` dir="rtl"`)
	}
	b.WriteString(">\n<metadata xmlns:dc=\"http://purl.org/dc/elements/1.1/\">\n")
	b.WriteString(`<dc:identifier id="book">` + a.id + "</dc:identifier>\n")
	writeMeta(b, "dc:title", a.title)
	writeMeta(b, "dc:language", a.lang)
	if a.day != "" {
		writeMeta(b, "dc:date", a.day)
	}
	for _, creator := range a.creators {
		writeMeta(b, "dc:creator", creator)
	}
	for _, site := range a.sites {
		writeMeta(b, "dc:publisher", site)
	}
	for _, subject := range a.subjects {
		writeMeta(b, "dc:subject", subject)
	}
	writeMeta(b, "dc:description", a.description)
	for _, source := range a.sources {
		writeMeta(b, "dc:source", source)
	}
	if a.position > 0 {
		b.WriteString(`<meta property="belongs-to-collection" id="series">`)
		writeText(b, a.series)
		b.WriteString("</meta>\n" + `<meta refines="#series" property="collection-type">series</meta>` + "\n" +
			`<meta refines="#series" property="group-position">` + strconv.Itoa(a.position) + "</meta>\n")
	}
	b.WriteString(`<meta property="dcterms:modified">` + a.date.Format(time.RFC3339) + "</meta>\n")
	writeAccessibility(b, a)
	b.WriteString(`<meta name="cover" content="cover-image"/>` + "\n</metadata>\n")
	b.WriteString(`<manifest>
<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>
<item id="ncx" href="toc.ncx" media-type="application/x-dtbncx+xml"/>
<item id="css" href="book.css" media-type="text/css"/>
<item id="cover-image" href="cover.png" media-type="image/png" properties="cover-image"/>
<item id="cover" href="cover.xhtml" media-type="application/xhtml+xml"/>
<item id="title" href="title.xhtml" media-type="application/xhtml+xml"/>
`)
	if a.changes {
		b.WriteString(`<item id="changes" href="changes.xhtml" media-type="application/xhtml+xml"/>` + "\n")
	}
	for _, f := range a.files {
		b.WriteString(`<item id="a-` + f.name + `" href="text/` + f.name + `.xhtml" media-type="application/xhtml+xml"`)
		if f.math {
			b.WriteString(` properties="mathml"`)
		}
		b.WriteString("/>\n")
	}
	for i, p := range a.pictures {
		b.WriteString(`<item id="p-` + strconv.Itoa(i+1) + `" href="images/` + p.name + `" media-type="` + p.mediaType + `"/>` + "\n")
	}
	b.WriteString(`</manifest>` + "\n" + `<spine toc="ncx"`)
	if rightToLeft(a.lang) {
		b.WriteString(` page-progression-direction="rtl"`)
	}
	b.WriteString(">\n<itemref idref=\"cover\"/>\n<itemref idref=\"title\"/>\n")
	if a.changes {
		b.WriteString(`<itemref idref="changes"/>` + "\n")
	}
	for _, f := range a.files {
		b.WriteString(`<itemref idref="a-` + f.name + `"/>` + "\n")
	}
	b.WriteString("</spine>\n</package>\n")
}

func writeMeta(b *bytes.Buffer, name, value string) {
	b.WriteString("<" + name + ">")
	writeText(b, value)
	b.WriteString("</" + name + ">\n")
}
