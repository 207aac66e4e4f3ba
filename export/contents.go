package export

import (
	"bytes"
	"strconv"
)

// This file writes the book's table of contents, for new and for old readers.

const (
	// maxEntryTitle bounds a title in lists; the chapter has it whole.
	maxEntryTitle = 150
	// maxUngrouped is how many chapters of a year stand in one list; more are grouped by month.
	maxUngrouped = 24
)

// group is a run of chapters of one year, or of one month, in the table of contents. Without a label its entries stand by themselves.
type group struct {
	label   string
	entries []entry
	months  []group
}

// years groups chapters as they come. A book of one year is not grouped by years.
func years(entries []entry, undated string) []group {
	groups := runsOf(entries, len("2006"), undated)
	if len(groups) == 1 {
		groups[0].label = ""
	}
	for i := range groups {
		if g := &groups[i]; len(g.entries) > maxUngrouped && g.entries[0].date != "" {
			if months := runsOf(g.entries, len("2006-01"), undated); len(months) > 1 {
				g.months = months
			}
		}
	}
	return groups
}

// runsOf groups chapters by the first n letters of their dates.
func runsOf(entries []entry, n int, undated string) (groups []group) {
	last := "-"
	for _, e := range entries {
		label := e.date[:min(len(e.date), n)]
		if label != last {
			last = label
			if label == "" {
				label = undated
			}
			groups = append(groups, group{label: label})
		}
		g := &groups[len(groups)-1]
		g.entries = append(g.entries, e)
	}
	return groups
}

// writeNavigation writes the table of contents.
func writeNavigation(b *bytes.Buffer, a *about, entries []entry) {
	beginPage(b, a.words.contents, a.lang, "book.css")
	b.WriteString(`<nav epub:type="toc" role="doc-toc" id="toc">` + "\n<h1>")
	writeText(b, a.words.contents)
	b.WriteString("</h1>\n<ol>\n")
	if a.changes {
		b.WriteString(`<li><a href="changes.xhtml">` + a.words.changes + "</a></li>\n")
	}
	for _, g := range years(entries, a.words.undated) {
		writeGroup(b, g, a)
	}
	b.WriteString("</ol>\n</nav>\n")
	b.WriteString(`<nav epub:type="landmarks" hidden="hidden" aria-label="` + a.words.landmarks + `">
<ol>
<li><a epub:type="cover" href="cover.xhtml">` + a.words.cover + `</a></li>
<li><a epub:type="bodymatter" href="text/` + entries[0].name + `.xhtml">` + a.words.text + `</a></li>
</ol>
</nav>
`)
	endPage(b)
}

func writeGroup(b *bytes.Buffer, g group, a *about) {
	if g.label != "" {
		b.WriteString("<li>")
		writeNavLink(b, g.entries[0], g.label, "", a)
		b.WriteString("\n<ol>\n")
	}
	for _, month := range g.months {
		writeGroup(b, month, a)
	}
	if g.months == nil {
		for _, e := range g.entries {
			b.WriteString("<li>")
			writeNavLink(b, e, e.title, e.lang, a)
			b.WriteString("</li>\n")
		}
	}
	if g.label != "" {
		b.WriteString("</ol></li>\n")
	}
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
	for _, g := range groups {
		below := 1
		if g.label != "" {
			below++
		}
		if g.months != nil {
			below++
		}
		depth = max(depth, below)
	}
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?>
<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/" version="2005-1" xml:lang="` + a.lang + `">
<head><meta name="dtb:uid" content="` + a.id + `"/><meta name="dtb:depth" content="` + strconv.Itoa(depth) +
		`"/><meta name="dtb:totalPageCount" content="0"/><meta name="dtb:maxPageNumber" content="0"/></head>
<docTitle><text>`)
	writeText(b, a.title)
	b.WriteString("</text></docTitle>\n<navMap>\n")
	n := navMap{b: b}
	if a.changes {
		n.order++
		n.begin("changes", n.order, a.words.changes, "changes.xhtml")
		n.end()
	}
	for _, g := range groups {
		n.group(g)
	}
	b.WriteString("</navMap>\n</ncx>\n")
}

// navMap numbers the points of the old table of contents.
type navMap struct {
	b             *bytes.Buffer
	order, groups int
}

// group gives a year, and a month, the order of its first chapter: they lead to the same place.
func (n *navMap) group(g group) {
	if g.label != "" {
		n.groups++
		n.begin("y"+strconv.Itoa(n.groups), n.order+1, g.label, "text/"+g.entries[0].name+".xhtml")
	}
	for _, month := range g.months {
		n.group(month)
	}
	if g.months == nil {
		for _, e := range g.entries {
			n.order++
			n.begin("n"+strconv.Itoa(n.order), n.order, e.title, "text/"+e.name+".xhtml")
			n.end()
		}
	}
	if g.label != "" {
		n.end()
	}
}

func (n *navMap) begin(id string, order int, label, file string) {
	n.b.WriteString(`<navPoint id="` + id + `" playOrder="` + strconv.Itoa(order) + `"><navLabel><text>`)
	writeText(n.b, label)
	n.b.WriteString(`</text></navLabel><content src="` + file + `"/>`)
}

func (n *navMap) end() { n.b.WriteString("</navPoint>\n") }
