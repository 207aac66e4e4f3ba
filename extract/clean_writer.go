package extract

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
)

// This file is the writer of clean trees. It is told what comes, in the order of the page, and puts it where HTML allows it:
// phrases stand in a paragraph or a cell, items in a list, links never in links. Spaces and line breaks wait until something
// follows them, and stand outside of emphasis; an element that nothing was written into never comes to be. So whatever it is
// told, the tree is one that a parser would build again from its text.

// Depths beyond which elements are unwrapped: no author nests deeper, and what is written later costs depth times length.
const (
	maxBlocks  = 40
	maxPhrases = 12
)

// hostKind says what may stand directly in a block.
type hostKind uint8

const (
	flowHost   hostKind = iota // blocks; phrases are wrapped in paragraphs
	mixedHost                  // blocks and phrases
	phraseHost                 // phrases only
	listHost                   // li only
	termHost                   // dt and dd only
	tableHost                  // what tables consist of
)

var hosts = map[string]hostKind{
	"blockquote": flowHost, "section": flowHost, "details": flowHost,
	"li": mixedHost, "dd": mixedHost, "td": mixedHost, "th": mixedHost, "figure": mixedHost, "figcaption": mixedHost,
	"p": phraseHost, "h1": phraseHost, "h2": phraseHost, "h3": phraseHost, "h4": phraseHost, "h5": phraseHost, "h6": phraseHost,
	"dt": phraseHost, "summary": phraseHost, "caption": phraseHost,
	"ul": listHost, "ol": listHost, "dl": termHost,
	"table": tableHost, "thead": tableHost, "tbody": tableHost, "tfoot": tableHost, "tr": tableHost,
}

// gap is the white space that waits to be written.
type gap uint8

const (
	noGap    gap = iota
	wordGap      // spaces
	lineGap      // with a line end, which is nothing between characters of CJK scripts
	blockGap     // the border of a block where none can stand: always a space
)

// opening is a phrase element that is open on the page; node is nil until something is written into it.
type opening struct {
	name string
	attr []html.Attribute
	node *html.Node
}

type host struct {
	node *html.Node
	kind hostKind
	// implied hosts are items that the page does not have; what comes next in the list closes them.
	implied bool
}

// leafRune stands for an image, a formula or a piece of code as the last character written.
const leafRune = '\uFFFC'

// scope is the language and direction of an unwrapped element: the blocks that come to be at its depth take them.
type scope struct {
	depth int
	attr  []html.Attribute
}

type treeWriter struct {
	hosts   []host // open blocks, the root first
	phrases []opening
	ids     []string // of elements that are not in the tree; the next block that comes to be takes the first of them
	alias   map[string]string
	gap     gap
	breaks  int
	last    rune // the last character written in the paragraph, 0 at its start
	// divided is set where the next phrase in a mixed host begins a paragraph.
	divided bool
	scope   scope
	tail    tail
}

// tail is the text that was last added to. Pieces of one text are put together in a buffer: adding string to string would copy
// what is there each time.
type tail struct {
	node   *html.Node
	buffer strings.Builder
}

// appendText writes text into n, behind what is there.
func (w *treeWriter) appendText(n *html.Node, s string) {
	l := n.LastChild
	if l == nil || l.Type != html.TextNode {
		n.AppendChild(newText(s))
		return
	}
	if w.tail.node != l || w.tail.buffer.Len() != len(l.Data) {
		w.tail.node = l
		w.tail.buffer.Reset()
		w.tail.buffer.WriteString(l.Data)
	}
	w.tail.buffer.WriteString(s)
	l.Data = w.tail.buffer.String()
}

func newTreeWriter() *treeWriter {
	root := &html.Node{Type: html.DocumentNode}
	return &treeWriter{hosts: []host{{node: root, kind: flowHost}}, alias: map[string]string{}}
}

func (w *treeWriter) root() *html.Node { return w.hosts[0].node }

func (w *treeWriter) host() host { return w.hosts[len(w.hosts)-1] }

// open begins a block. It reports whether it did: in a host of phrases, and beyond maxBlocks, it only divides.
func (w *treeWriter) open(name string, attr ...html.Attribute) bool {
	w.endParagraph()
	if name == "li" || name == "dt" || name == "dd" {
		w.closeImplied()
	}
	kind := hosts[name]
	if len(w.hosts) > maxBlocks && kind != tableHost && name != "li" {
		w.divide()
		return false
	}
	if w.host().kind == phraseHost {
		w.divide()
		return false
	}
	switch w.host().kind {
	case listHost:
		if name != "li" {
			w.openItem()
		}
	case termHost:
		if name != "dt" && name != "dd" {
			w.openTerm()
		}
	}
	w.push(newElement(name, attr...), kind)
	return true
}

// openItem goes on in the last item of the list, or begins one.
func (w *treeWriter) openItem() {
	if li := w.host().node.LastChild; li != nil {
		w.hosts = append(w.hosts, host{node: li, kind: mixedHost})
		w.startParagraph()
		w.divided = true
	} else {
		w.push(newElement("li"), mixedHost)
	}
	w.hosts[len(w.hosts)-1].implied = true
}

// openTerm begins a description for what stands in a list of terms and is none.
func (w *treeWriter) openTerm() {
	w.push(newElement("dd"), mixedHost)
	w.hosts[len(w.hosts)-1].implied = true
}

func (w *treeWriter) closeImplied() {
	for w.host().implied {
		if n := w.host().node; n.FirstChild == nil {
			n.Parent.RemoveChild(n)
			w.returnID(n)
		}
		w.hosts = w.hosts[:len(w.hosts)-1]
		w.startParagraph()
	}
}

func (w *treeWriter) push(n *html.Node, kind hostKind) {
	if len(w.hosts) == w.scope.depth {
		for _, a := range w.scope.attr {
			if attrOf(n, a.Key) == "" {
				n.Attr = append(n.Attr, a)
			}
		}
	}
	w.host().node.AppendChild(n)
	w.hosts = append(w.hosts, host{node: n, kind: kind})
	w.startParagraph()
	w.divided = false
	if kind != listHost && kind != termHost && kind != tableHost {
		w.takeID(n)
	}
}

// close ends the innermost open block of a name, and all within it. A block without content is taken away again.
func (w *treeWriter) close(name string) {
	w.endParagraph()
	for len(w.hosts) > 1 {
		n := w.host().node
		w.hosts = w.hosts[:len(w.hosts)-1]
		w.startParagraph()
		w.divided = true
		switch {
		case n.FirstChild == nil && n.Data != "td" && n.Data != "th":
			n.Parent.RemoveChild(n)
			w.returnID(n)
		case n.Data == "td" || n.Data == "th" || n.Data == "figcaption":
			unwrapOnly(n)
		}
		if n.Data == name {
			break
		}
	}
	w.closeImplied()
}

// unwrapOnly takes away the paragraph that is all of a cell or a caption.
func unwrapOnly(n *html.Node) {
	p := n.FirstChild
	if p == nil || p != n.LastChild || p.Data != "p" || p.Type != html.ElementNode || len(p.Attr) > 0 {
		return
	}
	n.RemoveChild(p)
	adopt(n, p)
}

// adopt moves all children of from to the end of n.
func adopt(n, from *html.Node) {
	for c := from.FirstChild; c != nil; c = from.FirstChild {
		from.RemoveChild(c)
		n.AppendChild(c)
	}
}

// leafBlock writes a finished block.
func (w *treeWriter) leafBlock(n *html.Node) {
	w.endParagraph()
	switch w.host().kind {
	case phraseHost:
		return
	case listHost:
		w.openItem()
	case termHost:
		w.openTerm()
	}
	w.host().node.AppendChild(n)
	w.takeID(n)
	w.divided = true
}

// divide ends a paragraph where the page has the border of a block.
func (w *treeWriter) divide() {
	if w.host().kind == phraseHost && w.host().node.Data != "p" {
		w.gap = blockGap
		return
	}
	w.endParagraph()
	if w.host().node.FirstChild != nil {
		w.divided = true
	}
}

// paragraph begins a paragraph that the page has as one.
func (w *treeWriter) paragraph() {
	w.divide()
	if k := w.host().kind; k == mixedHost {
		w.divided = true
	}
}

// endParagraph ends the implied paragraph, and what phrases are written in.
func (w *treeWriter) endParagraph() {
	w.trimEnd()
	if w.host().node.Data == "p" {
		w.hosts = w.hosts[:len(w.hosts)-1]
		w.divided = true
	}
	if w.host().kind != phraseHost {
		w.startParagraph()
	}
}

func (w *treeWriter) startParagraph() {
	for i := range w.phrases {
		w.phrases[i].node = nil
	}
	w.gap, w.breaks, w.last = noGap, 0, 0
}

// begin opens a phrase element. Within one of its own name it only counts.
func (w *treeWriter) begin(name string, attr ...html.Attribute) {
	if name != "" {
		within := len(w.phrases) > maxPhrases
		for _, p := range w.phrases {
			within = within || p.name == name
		}
		if within {
			name = ""
		}
	}
	w.phrases = append(w.phrases, opening{name: name, attr: attr})
}

// end closes the innermost open phrase element.
func (w *treeWriter) end() { w.phrases = w.phrases[:len(w.phrases)-1] }

// text writes text as a page has it.
func (w *treeWriter) text(s string) {
	lead, text, trail := squeeze(s)
	w.gap = max(w.gap, lead)
	if w.last == 0 {
		text = strings.TrimLeft(text, indents)
	}
	if text == "" {
		return
	}
	first, _ := utf8.DecodeRuneInString(text)
	w.appendText(w.place(first), text)
	w.last, _ = utf8.DecodeLastRuneInString(text)
	w.gap = trail
}

// indents are spaces by which editors indent paragraphs.
const indents = " \u00a0\u3000"

// trimEnd takes the spaces from the end of the paragraph that is ended.
func (w *treeWriter) trimEnd() {
	if w.last != '\u00a0' && w.last != '\u3000' {
		return
	}
	// A text that was nothing but spaces goes whole, and the one before it ends the paragraph then.
	for host := w.host().node; host.LastChild != nil; {
		n := host
		for n.LastChild != nil {
			n = n.LastChild
		}
		if n.Type != html.TextNode {
			return
		}
		if n.Data = strings.TrimRight(n.Data, indents); n.Data != "" {
			return
		}
		parent := n.Parent
		parent.RemoveChild(n)
		for parent != host && parent.FirstChild == nil && isInline(parent) {
			n, parent = parent, parent.Parent
			parent.RemoveChild(n)
		}
	}
}

// leaf writes a finished phrase.
func (w *treeWriter) leaf(n *html.Node) {
	w.place(leafRune).AppendChild(n)
	w.last = leafRune
}

func (w *treeWriter) lineBreak() {
	if w.last != 0 {
		w.breaks++
	}
}

// place is the node that the next phrase, which begins with first, is to be written into.
func (w *treeWriter) place(first rune) *html.Node {
	if w.breaks > 1 && w.host().kind != phraseHost || w.breaks > 1 && w.host().node.Data == "p" {
		w.paragraph()
	}
	switch h := w.host(); {
	case h.kind == flowHost, h.kind == mixedHost && w.divided:
		w.push(newElement("p"), phraseHost)
	case h.kind == listHost:
		w.openItem()
		return w.place(first)
	case h.kind == termHost:
		w.openTerm()
		return w.place(first)
	}
	at := w.host().node
	open := 0
	for ; open < len(w.phrases); open++ {
		p := w.phrases[open]
		if p.name != "" && p.node == nil {
			break
		}
		if p.node != nil {
			at = p.node
		}
	}
	gapped := false
	switch {
	case w.last == 0:
	case w.breaks > 0:
		at.AppendChild(newElement("br"))
		gapped = true
	case w.gap == wordGap, w.gap == blockGap, w.gap == lineGap && !(isCJK(w.last) && isCJK(first)):
		w.appendText(at, " ")
		gapped = true
	}
	w.gap, w.breaks = noGap, 0
	for ; open < len(w.phrases); open++ {
		p := &w.phrases[open]
		if p.name == "" {
			continue
		}
		if l := at.LastChild; !gapped && l != nil && l.Data == p.name && mergeable[p.name] && l.Type == html.ElementNode {
			p.node = l // one emphasis that the page wrote in two pieces
		} else {
			p.node = newElement(p.name, p.attr...)
			at.AppendChild(p.node)
		}
		at, gapped = p.node, false
	}
	return at
}

var mergeable = map[string]bool{"em": true, "strong": true, "del": true, "ins": true, "mark": true, "small": true}

// identify gives an id to the block that is open, or where that is no place to lead to, to the next one.
func (w *treeWriter) identify(id string) {
	if h := w.host(); h.kind == phraseHost || h.kind == mixedHost {
		w.give(h.node, id)
		return
	}
	w.ids = append(w.ids, id)
}

func (w *treeWriter) takeID(n *html.Node) {
	for _, id := range w.ids {
		w.give(n, id)
	}
	w.ids = w.ids[:0]
}

// returnID keeps the id of a block that was taken away for the next one.
func (w *treeWriter) returnID(n *html.Node) {
	if id := attrOf(n, "id"); id != "" {
		w.ids = append(w.ids, id)
	}
}

// give makes id lead to n: by the attribute, or where n has one already, by that.
func (w *treeWriter) give(n *html.Node, id string) {
	if own := attrOf(n, "id"); own != "" {
		w.alias[id] = own
		return
	}
	n.Attr = append(n.Attr, html.Attribute{Key: "id", Val: id})
}

// finish ends the tree.
func (w *treeWriter) finish() *html.Node {
	w.phrases = nil
	w.close("")
	w.endParagraph()
	if last := w.root().LastChild; last != nil {
		w.takeID(last)
	}
	return w.root()
}
