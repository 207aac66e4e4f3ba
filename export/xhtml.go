package export

import (
	"bytes"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// This file writes the clean HTML of an article (docs/HTML.md) as the strict XHTML of a book. It trusts nothing: whatever HTML
// comes in, what goes out is well formed, holds only the elements and attributes named here, each where the content model of
// HTML lets it stand, with unique ids and without a link that leads nowhere. Where an element cannot stand, its text stays.

// content is what the place that is being written may hold.
type content uint8

const (
	flow     content = iota // blocks and text
	phrasing                // text and what stands in a line
)

// body writes one article.
type body struct {
	b     *bytes.Buffer
	words *words
	ids   map[string]string   // those that links of the article lead to, and how the chapter writes them
	done  map[string]bool     // ids that stand in the chapter already
	split map[*html.Node]bool // phrasing elements around a block
	down  bool                // headings go one level down, beneath the chapter's title
	rtl   bool                // the chapter runs from right to left; code and formulas never do
	// What is around the node that is being written:
	inLink, inRuby, inPre, inNotes bool

	images int // that stand as links
}

// writeBody writes an article's HTML to b and says how many images of it became links.
func writeBody(b *bytes.Buffer, source string, w *words, rtl bool) (images int) {
	x := &body{b: b, words: w, rtl: rtl}
	nodes, err := html.ParseFragment(strings.NewReader(source), &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body})
	if err != nil {
		nodes = flatten(source) // nested deeper than the parser goes
	}
	wanted := map[string]bool{}
	for _, n := range nodes {
		want(n, wanted)
	}
	if len(wanted) > 0 {
		x.ids, x.done = map[string]string{}, map[string]bool{}
	}
	for _, n := range nodes {
		x.survey(n, wanted)
	}
	for _, n := range nodes {
		x.node(n, flow)
	}
	return x.images
}

// flatten keeps the text of HTML that cannot be made a tree: one paragraph for each run between tags of blocks.
func flatten(source string) []*html.Node {
	var nodes []*html.Node
	var run strings.Builder
	flush := func() {
		if strings.TrimSpace(run.String()) != "" {
			p := &html.Node{Type: html.ElementNode, Data: "p", DataAtom: atom.P}
			p.AppendChild(&html.Node{Type: html.TextNode, Data: run.String()})
			nodes = append(nodes, p)
		}
		run.Reset()
	}
	z := html.NewTokenizer(strings.NewReader(source))
	for {
		switch z.Next() {
		case html.ErrorToken:
			flush()
			return nodes
		case html.TextToken:
			run.Write(z.Text())
		case html.StartTagToken, html.EndTagToken, html.SelfClosingTagToken:
			name, _ := z.TagName()
			switch tag := atom.Lookup(name); {
			case isBlock(tag), tag == atom.Br:
				flush()
			}
		}
	}
}

// want collects the ids that links lead to.
func want(n *html.Node, wanted map[string]bool) {
	if n.Type != html.ElementNode || dropped(n) {
		return
	}
	if n.DataAtom == atom.A {
		if id, ok := strings.CutPrefix(attr(n, "href"), "#"); ok && id != "" {
			wanted[id] = true
		}
	}
	for c := range n.ChildNodes() {
		want(c, wanted)
	}
}

// survey names the wanted ids, finds phrasing elements that hold a block, and a heading of the first level.
func (x *body) survey(n *html.Node, wanted map[string]bool) (block bool) {
	if n.Type != html.ElementNode || dropped(n) {
		return false
	}
	if id := attr(n, "id"); wanted[id] && known(n.DataAtom) && x.ids[id] == "" {
		x.ids[id] = x.name(id)
	}
	for c := range n.ChildNodes() {
		if x.survey(c, wanted) {
			block = true
		}
	}
	if block && !isBlock(n.DataAtom) {
		if x.split == nil {
			x.split = map[*html.Node]bool{}
		}
		x.split[n] = true
	}
	if n.DataAtom == atom.H1 {
		x.down = true
	}
	return block || isBlock(n.DataAtom)
}

// name is how the chapter writes an id: as it is where XML lets it, else a new one.
func (x *body) name(id string) string {
	good := id != "" && !strings.HasPrefix(id, "id-") && len(id) < 200
	for i, c := range []byte(id) {
		letter := 'a' <= c|0x20 && c|0x20 <= 'z' || c == '_'
		if !letter && (i == 0 || !('0' <= c && c <= '9' || c == '-' || c == '.')) {
			good = false
			break
		}
	}
	if good {
		return id
	}
	return "id-" + strconv.Itoa(len(x.ids)+1)
}

// node writes one node where content may stand.
func (x *body) node(n *html.Node, where content) {
	switch n.Type {
	case html.TextNode:
		x.text(n.Data)
		return
	case html.ElementNode:
	default:
		return
	}
	if dropped(n) {
		return
	}
	switch {
	case isBlock(n.DataAtom) && where == phrasing:
		x.inLine(n)
	case isBlock(n.DataAtom):
		x.block(n)
	default:
		x.phrase(n, where)
	}
}

func (x *body) children(n *html.Node, where content) {
	for c := range n.ChildNodes() {
		x.node(c, where)
	}
}

// inLine writes a block where only a line may stand: its text, set apart.
func (x *body) inLine(n *html.Node) {
	apart := " "
	if x.inPre {
		apart = "\n"
	}
	x.anchor(n)
	x.b.WriteString(apart)
	x.children(n, phrasing)
	if n.DataAtom != atom.Td && n.DataAtom != atom.Th || n.NextSibling != nil {
		x.b.WriteString(apart)
	}
}

// block writes a block where blocks may stand.
func (x *body) block(n *html.Node) {
	switch tag := n.DataAtom; tag {
	case atom.P:
		x.paragraph(n)
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		x.element(x.heading(tag), "", n, phrasing)
		x.b.WriteByte('\n')
	case atom.Pre:
		inPre := x.inPre
		x.inPre = true
		x.element("pre", "", n, phrasing)
		x.inPre = inPre
		x.b.WriteByte('\n')
	case atom.Blockquote:
		x.element("blockquote", "", n, flow)
		x.b.WriteByte('\n')
	case atom.Hr:
		x.b.WriteString("<hr")
		x.attributes(n, "hr")
		x.b.WriteString("/>\n")
	case atom.Ul, atom.Ol:
		x.list(n)
	case atom.Dl:
		x.definitions(n)
	case atom.Table:
		x.table(n)
	case atom.Figure:
		x.figure(n)
	case atom.Details:
		x.details(n)
	case atom.Section:
		x.section(n)
	default: // div, and what stands outside of the element that it belongs to
		x.element("div", "", n, flow)
		x.b.WriteByte('\n')
	}
}

func (x *body) heading(tag atom.Atom) string {
	level := tag.String()
	if x.down && level != "h6" {
		return "h" + string(level[1]+1)
	}
	return level
}

func (x *body) paragraph(n *html.Node) {
	class := ""
	if picture, other := onlyImages(n); picture && !other {
		class = "picture"
	}
	x.element("p", class, n, phrasing)
	x.b.WriteByte('\n')
}

// onlyImages reports whether a node holds an image, and whether it holds anything else to see.
func onlyImages(n *html.Node) (picture, other bool) {
	for c := range n.ChildNodes() {
		switch {
		case c.Type == html.TextNode:
			other = other || strings.TrimSpace(c.Data) != ""
		case c.Type != html.ElementNode || c.DataAtom == atom.Br:
		case c.DataAtom == atom.Img:
			picture = true
		default:
			p, o := onlyImages(c)
			picture, other = picture || p, other || o
		}
	}
	return picture, other
}

// list writes ul and ol. What stands in one without an item gets one.
func (x *body) list(n *html.Node) {
	notes := x.inNotes
	x.inNotes = false
	defer func() { x.inNotes = notes }()
	x.open(n.Data, "", n)
	x.b.WriteByte('\n')
	for c := range n.ChildNodes() {
		switch {
		case c.Type == html.TextNode && strings.TrimSpace(c.Data) == "", c.Type == html.CommentNode, dropped(c):
		case c.Type == html.ElementNode && c.DataAtom == atom.Li && notes:
			x.note(c)
		case c.Type == html.ElementNode && c.DataAtom == atom.Li:
			x.element("li", taskClass(c), c, flow)
			x.b.WriteByte('\n')
		default:
			x.b.WriteString(`<li class="bare">`)
			x.node(c, flow)
			x.b.WriteString("</li>\n")
		}
	}
	x.close(n.Data)
	x.b.WriteByte('\n')
}

// note writes a footnote: an element of its own inside the item, which readers show beside the text that points at it.
func (x *body) note(li *html.Node) {
	x.b.WriteString("<li>")
	x.b.WriteString(`<div epub:type="footnote" role="doc-footnote"`)
	x.attributes(li, "div")
	x.b.WriteByte('>')
	x.children(li, flow)
	x.b.WriteString("</div></li>\n")
}

func taskClass(li *html.Node) string {
	switch {
	case !hasClass(li, "task"):
		return ""
	case hasClass(li, "done"):
		return "task done"
	}
	return "task"
}

// definitions writes dl: groups of terms and what they mean, each with both.
func (x *body) definitions(n *html.Node) {
	x.open("dl", "", n)
	x.b.WriteByte('\n')
	last := ""
	for c := range n.ChildNodes() {
		tag := "dd"
		switch {
		case c.Type == html.TextNode && strings.TrimSpace(c.Data) == "", c.Type == html.CommentNode, dropped(c):
			continue
		case c.Type == html.ElementNode && c.DataAtom == atom.Dt:
			tag = "dt"
		case last == "":
			x.b.WriteString("<dt></dt>")
		}
		last = tag
		switch {
		case tag == "dt":
			x.element("dt", "", c, phrasing)
		case c.DataAtom == atom.Dd:
			x.element("dd", "", c, flow)
		default:
			x.b.WriteString("<dd>")
			x.node(c, flow)
			x.close("dd")
		}
		x.b.WriteByte('\n')
	}
	if last != "dd" {
		if last == "" {
			x.b.WriteString("<dt></dt>")
		}
		x.b.WriteString("<dd></dd>\n")
	}
	x.close("dl")
	x.b.WriteByte('\n')
}

// details are written open: a book has nothing to press.
func (x *body) details(n *html.Node) {
	x.open("div", "details", n)
	x.b.WriteByte('\n')
	for c := range n.ChildNodes() {
		if c.DataAtom == atom.Summary && c.Type == html.ElementNode {
			x.element("p", "summary", c, phrasing)
			x.b.WriteByte('\n')
			continue
		}
		x.node(c, flow)
	}
	x.close("div")
	x.b.WriteByte('\n')
}

func (x *body) section(n *html.Node) {
	if !hasClass(n, "footnotes") {
		x.element("div", "", n, flow)
		x.b.WriteByte('\n')
		return
	}
	x.b.WriteString(`<section class="footnotes" epub:type="footnotes" role="doc-endnotes"`)
	x.attributes(n, "section")
	x.b.WriteString(">\n")
	x.inNotes = true
	x.children(n, flow)
	x.inNotes = false
	x.close("section")
	x.b.WriteByte('\n')
}

// text writes characters that XML can hold.
func (x *body) text(s string) { writeText(x.b, s) }
