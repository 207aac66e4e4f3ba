package extract

import (
	"iter"
	"strconv"
	"strings"

	"golang.org/x/net/html"
)

// This file finds notes whose marks are no links. Rules: a note that stands in the text beside its mark, as side notes do, goes
// to the end; a number that is raised is a mark only where the page has a list of notes, and the numbers from 1 to the last note
// all stand in the text, in this order: one that is left over, and none is a mark.

var (
	// noteBeside are classes of notes that stand in the text.
	noteBeside   = expr(`(?:^|\s)(?:sidenote|marginnote|ltx_role_footnote|modern-footnotes-footnote__note)(?:$|\s)`)
	noteBlock    = expr(`(?i)(?:^|\s)(?:footnote|footnote-?(?:definition|item|entry)|endnote|ltx_note)(?:$|\s)`)
	noteHeading  = expr(`(?i)^\s*(?:foot-?notes?|end-?notes?|notes?|脚注|注释|尾注|注解|注|脚註|註釋|註)\s*[:：]?\s*$`)
	refHeading   = expr(`(?i)^\s*(?:references?(?: and notes| & notes)?|notes and references|citations|bibliography|参考|参考文献|参考资料|引用|參考文獻|參考資料)\s*[:：]?\s*$`)
	raisedNumber = expr(`^\s*[\[(（]?(\d{1,3})[\])）]?\s*$`)
)

// maxPlainNotes bounds the notes without links that are looked for.
const maxPlainNotes = 300

// beside makes a note of one that stands in the text. It reports whether n is one.
func (f *notes) beside(n *html.Node) bool {
	if n.Data != "span" && n.Data != "small" || !noteBeside.MatchString(attrOf(n, "class")) || strings.TrimSpace(textOf(n)) == "" {
		return false
	}
	item := n
	if hasClass(n, "ltx_role_footnote") {
		for d := range n.Descendants() {
			if hasClass(d, "ltx_note_content") {
				item = d
				break
			}
		}
	}
	note := &note{item: item, back: map[*html.Node]bool{}}
	for d := range item.Descendants() {
		if d.Type == html.ElementNode && (hasClass(d, "sidenote-number") || hasClass(d, "ltx_note_mark") || hasClass(d, "ltx_tag_note")) {
			note.back[d] = true
		}
	}
	mark := n
	if prev := elementBefore(n); prev != nil {
		if f.marks[prev] != nil {
			f.skip[n] = true // the note of a mark, shown a second time
			return true
		}
		if prev.Data == "sup" && raisedNumber.MatchString(textOf(prev)) {
			mark = prev
		}
	}
	f.marks[mark] = note
	f.list = append(f.list, note)
	return true
}

// findPlain pairs raised numbers with the notes of a list.
func (f *notes) findPlain(nodes []*html.Node) {
	raised := map[*html.Node]int{}
	var order []*html.Node
	for d := range eachBelow(nodes) {
		if d.Data != "sup" && d.Data != "strong" || d.Type != html.ElementNode || f.marks[d] != nil || len(order) > 4*maxPlainNotes || firstElement(d, "a") != nil {
			continue
		}
		if m := raisedNumber.FindStringSubmatch(textOf(d)); m != nil {
			raised[d], _ = strconv.Atoi(m[1])
			order = append(order, d)
		}
	}
	if len(order) == 0 {
		return
	}
	items, labels := plainNotes(nodes, raised)
	if len(items) == 0 || len(items) > maxPlainNotes {
		return
	}
	own := map[*html.Node]bool{}
	for _, label := range labels {
		own[label] = true
	}
	var marks []*html.Node
	for _, sup := range order {
		if raised[sup] == len(marks)+1 && !own[sup] && sup.Data == "sup" && !isPower(sup) {
			marks = append(marks, sup)
		}
	}
	if len(marks) != len(items) {
		return
	}
	for i, item := range items {
		if f.skip[item] || contains(item, marks[i]) {
			return
		}
	}
	for i, item := range items {
		n := &note{item: item, back: map[*html.Node]bool{}}
		if labels != nil {
			n.back[labels[i]] = true
			if prev := elementBefore(item); prev != nil && isHeading(prev) {
				f.skip[prev] = true
			}
		}
		f.marks[marks[i]] = n
		f.list = append(f.list, n)
	}
}

// plainNotes are the items of the last list of notes, and where they have them, their numbers: the items of a list that calls
// itself notes or stands below a heading that does, or the paragraphs there that each begin with the next raised number.
func plainNotes(nodes []*html.Node, raised map[*html.Node]int) (items, labels []*html.Node) {
	for d := range eachBelow(nodes) {
		if d.Type != html.ElementNode {
			continue
		}
		if d.Data == "ol" && (isNoteList(d) || d.Parent != nil && isNoteList(d.Parent) || belowHeading(d, noteHeading)) {
			items, labels = nil, nil
			for c := d.FirstChild; c != nil; c = c.NextSibling {
				if c.Data == "li" {
					items = append(items, c)
				}
			}
		}
		if isHeading(d) && noteHeading.MatchString(textOf(d)) {
			if p, l := numberedParagraphs(d, raised); len(p) > 0 {
				items, labels = p, l
			}
		}
	}
	return items, labels
}

// eachBelow yields nodes and all below them, in the order of the page.
func eachBelow(nodes []*html.Node) iter.Seq[*html.Node] {
	return func(yield func(*html.Node) bool) {
		for _, root := range nodes {
			if !yield(root) {
				return
			}
			for d := range root.Descendants() {
				if !yield(d) {
					return
				}
			}
		}
	}
}

// isPower reports whether a raised number stands behind a digit, or a letter that is a word of its own, as in 10² and x².
func isPower(sup *html.Node) bool {
	prev := sup.PrevSibling
	if prev == nil || prev.Type != html.TextNode || prev.Data == "" {
		return prev != nil && (prev.Data == "em" || prev.Data == "i" || prev.Data == "var") && len(oneLine(textOf(prev))) == 1
	}
	s := prev.Data
	c := s[len(s)-1]
	return isDigit(c) || isASCIILetter(c) && (len(s) == 1 || !isASCIILetter(s[len(s)-2]))
}

// numberedParagraphs are the paragraphs after a heading that begin with 1, 2 and so on, raised or bold.
func numberedParagraphs(heading *html.Node, raised map[*html.Node]int) (items, labels []*html.Node) {
	for p := heading.NextSibling; p != nil; p = p.NextSibling {
		if p.Type != html.ElementNode {
			continue
		}
		label := p.FirstChild
		for label != nil && label.Type == html.TextNode && strings.TrimSpace(label.Data) == "" {
			label = label.NextSibling
		}
		if p.Data != "p" || label == nil || raised[label] != len(items)+1 {
			break
		}
		items, labels = append(items, p), append(labels, label)
	}
	return items, labels
}

// belowHeading reports whether a list comes right after a heading of such a name.
func belowHeading(list *html.Node, name *expression) bool {
	prev := elementBefore(list)
	return prev != nil && isHeading(prev) && name.MatchString(oneLine(textOf(prev)))
}
