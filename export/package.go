package export

import (
	"bytes"
	"strconv"
	"time"
)

// This file writes the book's table of contents, for new and for old readers, and its package document.

// maxEntryTitle bounds a title in lists; the chapter has it whole.
const maxEntryTitle = 150

// year is a run of chapters of one year in the table of contents.
type year struct {
	label   string
	entries []entry
}

// years groups chapters as they come. A book of one year is not grouped.
func years(entries []entry, undated string) []year {
	var groups []year
	last := "-"
	for _, e := range entries {
		label := e.date[:min(len(e.date), 4)]
		if label != last {
			last = label
			if label == "" {
				label = undated
			}
			groups = append(groups, year{label: label})
		}
		group := &groups[len(groups)-1]
		group.entries = append(group.entries, e)
	}
	if len(groups) == 1 {
		groups[0].label = ""
	}
	return groups
}

// writeNavigation writes the table of contents.
func writeNavigation(b *bytes.Buffer, a *about, entries []entry) {
	beginPage(b, a.words.contents, a.lang, "book.css")
	b.WriteString(`<nav epub:type="toc" role="doc-toc" id="toc">` + "\n<h1>")
	writeText(b, a.words.contents)
	b.WriteString("</h1>\n<ol>\n")
	for _, y := range years(entries, a.words.undated) {
		if y.label != "" {
			b.WriteString("<li>")
			writeNavLink(b, y.entries[0], y.label, "", a)
			b.WriteString("\n<ol>\n")
		}
		for _, e := range y.entries {
			b.WriteString("<li>")
			writeNavLink(b, e, e.title, e.lang, a)
			b.WriteString("</li>\n")
		}
		if y.label != "" {
			b.WriteString("</ol></li>\n")
		}
	}
	b.WriteString("</ol>\n</nav>\n")
	endPage(b)
}

func writeNavLink(b *bytes.Buffer, e entry, text, lang string, a *about) {
	b.WriteString(`<a href="text/` + e.name + `.xhtml"`)
	if lang != "" && lang != a.lang {
		b.WriteString(` lang="` + lang + `" xml:lang="` + lang + `"`)
	}
	b.WriteByte('>')
	writeText(b, text)
	b.WriteString("</a>")
}

// writeNCX writes the table of contents that readers of EPUB 2 know.
func writeNCX(b *bytes.Buffer, a *about, entries []entry) {
	groups := years(entries, a.words.undated)
	depth := 1
	if len(groups) > 1 {
		depth = 2
	}
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?>
<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/" version="2005-1" xml:lang="` + a.lang + `">
<head><meta name="dtb:uid" content="` + a.id + `"/><meta name="dtb:depth" content="` + strconv.Itoa(depth) +
		`"/><meta name="dtb:totalPageCount" content="0"/><meta name="dtb:maxPageNumber" content="0"/></head>
<docTitle><text>`)
	writeText(b, a.title)
	b.WriteString("</text></docTitle>\n<navMap>\n")
	order := 0
	for i, y := range groups {
		if y.label != "" {
			beginNavPoint(b, "y"+strconv.Itoa(i+1), order+1, y.label, y.entries[0])
		}
		for _, e := range y.entries {
			order++
			beginNavPoint(b, "n"+strconv.Itoa(order), order, e.title, e)
			b.WriteString("</navPoint>\n")
		}
		if y.label != "" {
			b.WriteString("</navPoint>\n")
		}
	}
	b.WriteString("</navMap>\n</ncx>\n")
}

// beginNavPoint gives a year the order of its first chapter: both lead to the same place.
func beginNavPoint(b *bytes.Buffer, id string, order int, label string, e entry) {
	b.WriteString(`<navPoint id="` + id + `" playOrder="` + strconv.Itoa(order) + `"><navLabel><text>`)
	writeText(b, label)
	b.WriteString(`</text></navLabel><content src="text/` + e.name + `.xhtml"/>`)
}

// accessibility is true of every book that is written here: text in reading order, with a table of contents.
const accessibility = `<meta property="schema:accessMode">textual</meta>
<meta property="schema:accessModeSufficient">textual</meta>
<meta property="schema:accessibilityFeature">structuralNavigation</meta>
<meta property="schema:accessibilityFeature">tableOfContents</meta>
<meta property="schema:accessibilityFeature">readingOrder</meta>
<meta property="schema:accessibilityHazard">none</meta>
`

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
	for _, creator := range a.creators {
		writeMeta(b, "dc:creator", creator)
	}
	for _, source := range a.sources {
		writeMeta(b, "dc:source", source)
	}
	b.WriteString(`<meta property="dcterms:modified">` + a.date.Format(time.RFC3339) + "</meta>\n" + accessibility + "</metadata>\n")
	b.WriteString(`<manifest>
<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>
<item id="ncx" href="toc.ncx" media-type="application/x-dtbncx+xml"/>
<item id="css" href="book.css" media-type="text/css"/>
<item id="title" href="title.xhtml" media-type="application/xhtml+xml"/>
`)
	for _, e := range entries {
		b.WriteString(`<item id="a-` + e.name + `" href="text/` + e.name + `.xhtml" media-type="application/xhtml+xml"/>` + "\n")
	}
	b.WriteString(`</manifest>` + "\n" + `<spine toc="ncx"`)
	if rightToLeft(a.lang) {
		b.WriteString(` page-progression-direction="rtl"`)
	}
	b.WriteString(">\n<itemref idref=\"title\"/>\n")
	for _, e := range entries {
		b.WriteString(`<itemref idref="a-` + e.name + `"/>` + "\n")
	}
	b.WriteString("</spine>\n</package>\n")
}

func writeMeta(b *bytes.Buffer, name, value string) {
	b.WriteString("<" + name + ">")
	writeText(b, value)
	b.WriteString("</" + name + ">\n")
}
