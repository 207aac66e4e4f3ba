package extract

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
)

// This file finds footnotes, whatever made them. Rules: a mark is a link to a place that is a note; a place is a note if it
// leads back to the mark, or stands in a list that calls itself footnotes. Marks and notes are numbered by their order in the
// text, and the notes come last.

type note struct {
	item  *html.Node
	marks []string // ids of the marks written so far
	n     int      // its number, once it is known
	// back are the parts that are not its text: the ways back, the label.
	back map[*html.Node]bool
}

type notes struct {
	marks map[*html.Node]*note
	skip  map[*html.Node]bool // the notes themselves, and what is only around them
	list  []*note
	used  []*note // in the order of their first marks
	// passed are the places before the one that is looked at: a link back to one of them is no mark.
	passed map[*html.Node]bool
}

var (
	noteHref  = expr(`(?i)^(?:user-content-)?(?:fn|foot-?note|_ftn|_edn|cite_note|endnote|easy-footnote|note|ref|reference|sdfootnote|mod-footnote|_?fnref)`)
	noteList  = expr(`(?i)(?:^|[\s_-])(?:footnotes?|endnotes|wp-block-footnotes|doc-endnotes|footnote-list|modern-footnotes-list)(?:$|[\s_-])`)
	noteLabel = expr(`^\s*[\[(（【^*]*\s*(?:\d{1,3}|[ivx]{1,4}|[a-z]|\*|†|‡|注)\s*[\])）】.、:：^]*\s*$`)
	backText  = expr(`^[\s↩↵⏎↑^⬆️↖︎\x{fe0e}\x{fe0f}\[\]⤴☝]*$`)
)

// findNotes pairs marks with notes. Nothing is written yet.
func findNotes(nodes []*html.Node, ids map[string]*html.Node) *notes {
	f := &notes{marks: map[*html.Node]*note{}, skip: map[*html.Node]bool{}, passed: map[*html.Node]bool{}}
	known := map[string]*note{}
	for _, root := range nodes {
		f.find(root, ids, known)
	}
	f.findPlain(nodes)
	for _, note := range f.list {
		f.skip[note.item] = true
	}
	for _, note := range f.list {
		f.skipAround(note.item.Parent)
	}
	return f
}

func (f *notes) find(n *html.Node, ids map[string]*html.Node, known map[string]*note) {
	if len(n.Attr) > 0 && (attrOf(n, "id") != "" || attrOf(n, "name") != "") {
		f.passed[n] = true
	}
	if n.Data == "a" && n.Type == html.ElementNode {
		f.see(n, ids, known)
		for d := range n.Descendants() {
			f.passed[d] = true
		}
		return
	}
	if n.Type == html.ElementNode && f.beside(n) {
		return
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		f.find(c, ids, known)
	}
}

// see decides whether a link is the mark of a note.
func (f *notes) see(a *html.Node, ids map[string]*html.Node, known map[string]*note) {
	_, id, ok := strings.Cut(attrOf(a, "href"), "#")
	if !ok || id == "" || f.backLink(a) {
		return
	}
	target := ids[id]
	if target == nil {
		if plain, ok := strings.CutPrefix(id, "fn-"); !ok || ids["fn:"+plain] == nil {
			return
		}
		target = ids["fn:"+strings.TrimPrefix(id, "fn-")]
	}
	if f.passed[target] {
		return
	}
	text := oneLine(textOf(a))
	if utf8.RuneCountInString(text) > 6 || !noteLabel.MatchString(text) || contains(target, a) {
		return
	}
	item := noteItem(target)
	if item == nil || contains(item, a) {
		return
	}
	mark := a
	for p := a.Parent; p != nil && (p.Data == "sup" || p.Data == "span") && oneLine(textOf(p)) == text; p = p.Parent {
		mark = p
	}
	inSup := mark.Data == "sup" || firstElement(a, "sup") != nil || hasClass(a, "footnote-ref")
	back := backLinks(item, markIDs(a, mark))
	bracketed := strings.HasPrefix(text, "[") && item.Data == "li" && item.Parent != nil && belowHeading(item.Parent, refHeading)
	if len(back) == 0 && !bracketed && !(inSup && (noteHref.MatchString(id) || inNoteList(item) || noteBlock.MatchString(attrOf(item, "class")))) {
		return
	}
	if n := known[id]; n != nil {
		f.marks[mark] = n
		for b := range back {
			n.back[b] = true
		}
		return
	}
	for _, other := range f.list {
		if other.item == item {
			f.marks[mark], known[id] = other, other
			return
		}
	}
	n := &note{item: item, back: back}
	// The label of a note is written again by whoever shows it.
	if item != target && noteLabel.MatchString(textOf(target)) {
		n.back[target] = true
	}
	if label := firstPhrase(item); label != nil && noteLabel.MatchString(textOf(label)) && labelled(label) {
		n.back[label] = true
	}
	known[id] = n
	f.marks[mark] = n
	f.list = append(f.list, n)
}

// labelled reports whether an element is the number of the note that begins with it. A number that is only raised is text.
func labelled(n *html.Node) bool {
	if n.Data == "sup" {
		return strings.Contains(attrOf(n, "class"), "label")
	}
	return strings.ContainsAny(textOf(n), ".]）)、")
}

// backLink reports whether a link leads from a note to its mark.
func (f *notes) backLink(a *html.Node) bool {
	if hasRel(a, "footnote") {
		return false
	}
	return isFootnoteBack(a)
}

// isFootnoteBack reports whether a link calls itself the way back from a note.
func isFootnoteBack(n *html.Node) bool {
	if n.Data != "a" || n.Type != html.ElementNode {
		return false
	}
	for _, class := range []string{"footnote-back", "footnote-backref", "reversefootnote", "footnote-backlink", "data-footnote-backref"} {
		if hasClass(n, class) {
			return true
		}
	}
	return attrOf(n, "rev") == "footnote" || attrOf(n, "role") == "doc-backlink" || hasAttr(n, "data-footnote-backref")
}

// noteItem is the block that is the whole note around a place of the page.
func noteItem(target *html.Node) *html.Node {
	for n := target; n != nil; n = n.Parent {
		switch n.Data {
		case "li", "p", "dd":
			if n.Data == "p" && n.Parent != nil && (n.Parent.Data == "li" || n.Parent.Data == "dd") && n.Parent.FirstChild == n {
				continue
			}
			return n
		case "div", "aside", "tr":
			if n == target || noteBlock.MatchString(attrOf(n, "class")) {
				return n
			}
			return nil
		case "body", "article", "section", "ol", "ul", "table":
			return nil
		}
	}
	return nil
}

// firstPhrase is the element that a block begins with.
func firstPhrase(n *html.Node) *html.Node {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.TextNode && strings.TrimSpace(c.Data) == "" {
			continue
		}
		if c.Data == "span" || c.Data == "sup" {
			return c
		}
		return nil
	}
	return nil
}

// markIDs are the ids by which a note may lead back to a mark: those of the link, of what is in it and what is around it.
func markIDs(a, mark *html.Node) map[string]bool {
	ids := map[string]bool{}
	for _, n := range []*html.Node{a, mark} {
		for ; n != nil && (n.Data == "a" || n.Data == "sup" || n.Data == "span"); n = n.Parent {
			if id := attrOf(n, "id"); id != "" {
				ids[id] = true
			}
			if name := attrOf(n, "name"); name != "" {
				ids[name] = true
			}
		}
	}
	for d := range a.Descendants() {
		ids[attrOf(d, "id")] = true
	}
	// An empty anchor just before the mark.
	if prev := mark.PrevSibling; prev != nil && prev.Data == "a" && prev.Type == html.ElementNode && prev.FirstChild == nil {
		ids[firstOf(attrOf(prev, "id"), attrOf(prev, "name"))] = true
	}
	delete(ids, "")
	return ids
}

// backLinks are the links of a note that lead to one of the ids, or say that they lead back.
func backLinks(item *html.Node, ids map[string]bool) map[*html.Node]bool {
	back := map[*html.Node]bool{}
	for d := range item.Descendants() {
		if d.Data != "a" || d.Type != html.ElementNode {
			continue
		}
		_, id, _ := strings.Cut(attrOf(d, "href"), "#")
		text := textOf(d)
		if id == "" || !ids[id] && !isFootnoteBack(d) && (strings.TrimSpace(text) == "" || !backText.MatchString(text)) {
			continue
		}
		back[outermost(d)] = true
	}
	return back
}

// outermost is the largest phrase that has nothing but n in it.
func outermost(n *html.Node) *html.Node {
	text := oneLine(textOf(n))
	for p := n.Parent; p != nil && (p.Data == "sup" || p.Data == "span") && oneLine(textOf(p)) == text; p = p.Parent {
		n = p
	}
	return n
}

func inNoteList(n *html.Node) bool {
	for p := n.Parent; p != nil && p.Data != "body"; p = p.Parent {
		if isNoteList(p) {
			return true
		}
	}
	return false
}

func isNoteList(n *html.Node) bool {
	return noteList.MatchString(attrOf(n, "class")) || noteList.MatchString(attrOf(n, "id")) || attrOf(n, "role") == "doc-endnotes" || hasAttr(n, "data-footnotes")
}

// skipAround leaves out what holds nothing but notes, a rule and a heading.
func (f *notes) skipAround(n *html.Node) {
	for ; n != nil && n.Data != "body"; n = n.Parent {
		if f.skip[n] {
			return
		}
		if prev := elementBefore(n); prev != nil && isHeading(prev) && noteHeading.MatchString(oneLine(textOf(prev))) && f.onlyNotes(n) {
			f.skip[prev] = true
		}
		named := isNoteList(n)
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			switch {
			case c.Type == html.TextNode && strings.TrimSpace(c.Data) != "":
				return
			case c.Type != html.ElementNode || f.skip[c]:
			case c.Data == "hr" || named && (isHeading(c) || c.Data == "br"):
			case named && strings.TrimSpace(textOf(c)) == "" && !holdsImage(c):
			default:
				return
			}
		}
		if n.Data != "ol" && n.Data != "ul" && n.Data != "dl" && !named {
			return
		}
		f.skip[n] = true
	}
}

// onlyNotes reports whether all elements of n are left out.
func (f *notes) onlyNotes(n *html.Node) bool {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.ElementNode && !f.skip[c] || c.Type == html.TextNode && strings.TrimSpace(c.Data) != "" {
			return false
		}
	}
	return true
}

// writeMark writes the mark of a note.
func (c *cleaner) writeMark(n *note) {
	if n.n == 0 {
		c.notes.used = append(c.notes.used, n)
		n.n = len(c.notes.used)
	}
	id := "fnref-" + strconv.Itoa(n.n)
	if len(n.marks) > 0 {
		id += "-" + strconv.Itoa(len(n.marks)+1)
	}
	n.marks = append(n.marks, id)
	c.leaf(footnoteMark(strconv.Itoa(n.n), id))
}

func footnoteMark(number, id string) *html.Node {
	sup := newElement("sup")
	sup.AppendChild(withText("a", number, html.Attribute{Key: "href", Val: "#fn-" + number}, html.Attribute{Key: "id", Val: id},
		html.Attribute{Key: "class", Val: "footnote-ref"}))
	return sup
}

// writeNotes writes the notes of the marks, last in the tree.
func (c *cleaner) writeNotes() {
	if len(c.notes.used) == 0 {
		return
	}
	for len(c.hosts) > 1 {
		c.close(c.host().node.Data)
	}
	c.open("section", html.Attribute{Key: "class", Val: "footnotes"})
	c.open("ol")
	// Notes may have marks of notes in them.
	for i := 0; i < len(c.notes.used); i++ {
		n := c.notes.used[i]
		number := strconv.Itoa(n.n)
		c.open("li", html.Attribute{Key: "id", Val: "fn-" + number})
		li := c.host().node
		for b := range n.back {
			c.done[b] = true
		}
		c.children(n.item)
		c.endParagraph()
		trimNote(li)
		back := withText("a", "↩", html.Attribute{Key: "href", Val: "#" + n.marks[0]}, html.Attribute{Key: "class", Val: "footnote-back"})
		at := li
		if last := li.LastChild; last != nil && last.Data == "p" && last.Type == html.ElementNode {
			at = last
		}
		if at.FirstChild != nil && isInline(at.LastChild) {
			appendText(at, " ")
		}
		at.AppendChild(back)
		c.close("li")
	}
	c.close("ol")
	c.close("section")
}

// trimNote unwraps the paragraph that is all of a note, and drops an arrow that was no link.
func trimNote(li *html.Node) {
	unwrapOnly(li)
	last := li
	for last.LastChild != nil {
		last = last.LastChild
	}
	if last.Type == html.TextNode {
		if i := strings.LastIndexByte(last.Data, ' '); i > 0 && backText.MatchString(last.Data[i:]) {
			last.Data = strings.TrimRight(last.Data[:i], " ")
		}
	}
}
