package extract

import (
	"net/url"
	"strings"

	"archiver"

	"golang.org/x/net/html"
)

// This file turns the body of an article, as a page has it, into a clean tree. Rules: docs/HTML.md says what may be in it, and
// only what is named there gets in; the page's own tree is read and never changed; elements that are not named are unwrapped,
// their text stays. Code, formulas, footnotes, images, tables and embeds are recognised first, each in its own file.

type cleaner struct {
	*treeWriter
	doc    *document
	page   string          // the page's address as resolve writes it
	linked map[string]bool // ids that a link of the page leads to and that were not written yet
	notes  *notes
	// done are nodes that were written together with an earlier one.
	done map[*html.Node]bool
}

// clean builds the clean tree of a body. It reads nodes and all below them; its root is a document node.
func clean(nodes []*html.Node, doc *document) *html.Node {
	c := &cleaner{treeWriter: newTreeWriter(), doc: doc, linked: map[string]bool{}, done: map[*html.Node]bool{}}
	c.page, _ = doc.resolve(doc.page.URL)
	ids := map[string]*html.Node{}
	for _, n := range nodes {
		c.survey(n, ids, false)
	}
	c.notes = findNotes(nodes, ids)
	for _, n := range nodes {
		if len(nodes) == 1 && n.Type == html.ElementNode && isHidden(n) {
			c.children(n) // a theme that shows the body by script
			continue
		}
		c.node(n)
	}
	c.writeNotes()
	root := c.finish()
	c.fixLinks(root)
	findFormulas(root)
	return root
}

// survey learns which ids there are and which are linked to.
func (c *cleaner) survey(n *html.Node, ids map[string]*html.Node, inHeading bool) {
	inHeading = inHeading || isHeading(n)
	for i := range n.Attr {
		switch a := &n.Attr[i]; a.Key {
		case "id", "name":
			if a.Val != "" && ids[a.Val] == nil && (a.Key == "id" || n.Data == "a") {
				ids[a.Val] = n
			}
		case "href":
			if id, ok := c.fragment(a.Val); ok && !(inHeading && isPermalink(n, a.Val)) {
				c.linked[id] = true
			}
		}
	}
	for child := n.FirstChild; child != nil; child = child.NextSibling {
		c.survey(child, ids, inHeading)
	}
}

// fragment is the id that a link of this page to itself leads to.
func (c *cleaner) fragment(href string) (string, bool) {
	address, id, ok := strings.Cut(href, "#")
	if !ok || id == "" {
		return "", false
	}
	if address = strings.TrimSpace(address); address != "" {
		if abs, ok := c.resolve(address); !ok || abs != c.page {
			return "", false
		}
	}
	if plain, err := url.PathUnescape(id); err == nil {
		id = plain
	}
	return strings.TrimSpace(id), true
}

// resolve makes a reference an address that every reader can parse.
func (c *cleaner) resolve(ref string) (string, bool) {
	abs, ok := c.doc.resolve(ref)
	if !ok || strings.ContainsAny(archiver.Host(abs), "%<> \"'`{}\\\uFFFD") {
		return "", false
	}
	return abs, true
}

func (c *cleaner) children(n *html.Node) {
	for child := n.FirstChild; child != nil; child = child.NextSibling {
		c.node(child)
	}
}

func (c *cleaner) node(n *html.Node) {
	switch n.Type {
	case html.TextNode:
		c.pageText(n)
	case html.ElementNode:
		c.element(n)
	case html.DocumentNode:
		c.children(n)
	}
}

func (c *cleaner) pageText(n *html.Node) {
	if p := n.Parent; p != nil && p.Data == "div" && strings.Contains(n.Data, "://") && hasClass(p, "wp-block-embed__wrapper") {
		if s := strings.TrimSpace(n.Data); !strings.ContainsAny(s, " \n") {
			c.embedLink(s, s)
			return
		}
	}
	c.text(n.Data)
}

func (c *cleaner) element(n *html.Node) {
	if c.done[n] {
		return
	}
	if note, ok := c.notes.marks[n]; ok {
		c.writeMark(note)
		return
	}
	if c.notes.skip[n] {
		return
	}
	if tex, display, ok := mathElement(n); ok {
		c.formula(n, tex, display)
		return
	}
	// Formulas for machines hide their markup and show a drawing.
	if unseenTags[n.Data] || isHidden(n) && firstElement(n, "math") == nil {
		return
	}
	for i := range n.Attr {
		if a := &n.Attr[i]; (a.Key == "id" || a.Key == "name" && n.Data == "a") && c.linked[a.Val] && isID(a.Val) {
			c.identify(a.Val)
			delete(c.linked, a.Val) // ids are unique
		}
	}
	if mayHoldCode[n.Data] {
		if code, ok := codeBlock(n); ok {
			c.codeBlock(code)
			return
		}
	}
	switch n.Data {
	case "h1", "h2", "h3", "h4", "h5", "h6":
		c.block(n.Data, n)
	case "blockquote", "summary", "figcaption":
		c.block(n.Data, n)
	case "details":
		var attr []html.Attribute
		if hasAttr(n, "open") {
			attr = []html.Attribute{{Key: "open"}}
		}
		c.block("details", n, attr...)
	case "p":
		if hasClass(n, "wp-caption-text") && c.host().node.Data == "figure" {
			c.block("figcaption", n)
			return
		}
		c.paragraph()
		c.unwrapped(n)
	case "ul", "ol", "menu", "dir":
		c.list(n)
	case "li":
		c.item(n)
	case "dl":
		c.termList(n)
	case "dt", "dd":
		if k := c.host().kind; k == termHost {
			c.block(n.Data, n)
			return
		}
		c.unwrapped(n)
	case "figure":
		c.figure(n)
	case "table":
		c.table(n)
	case "hr":
		c.leafBlock(newElement("hr"))
	case "br":
		c.lineBreak()
	case "img", "picture", "amp-img":
		c.image(n)
	case "noscript":
		c.noscript(n)
	case "iframe", "video", "audio", "embed", "object":
		c.embed(n)
	case "a":
		c.link(n)
	case "ruby":
		c.ruby(n)
	case "code", "tt", "samp":
		c.inlineCode(n)
	case "abbr", "acronym":
		c.phrase("abbr", n, titleOf(n)...)
	default:
		switch name := phraseOf(n); {
		case n.Data == "div" && hasClass(n, "wp-caption"):
			c.figure(n)
		case hasClass(n, "image-caption"):
			c.divide()
			c.phrase("em", n)
			c.divide()
		case isCallout(n) && c.callout(n):
		case name != "":
			c.phrase(name, n)
		case dividing[n.Data]:
			c.divide()
			c.unwrapped(n)
		default:
			c.children(n)
		}
	}
}

func (c *cleaner) formula(n *html.Node, tex string, display bool) {
	if tex == "" {
		return
	}
	apart := display && dividing[n.Data]
	if apart {
		c.divide()
	}
	m := n
	if n.Data != "math" {
		m = firstElement(n, "math")
	}
	c.leaf(withMarkup(mathSpan(tex, display), m, tex))
	if apart {
		c.divide()
	}
}

// block writes an element of the tree that is a block, with what is in it.
func (c *cleaner) block(name string, n *html.Node, attr ...html.Attribute) {
	if !c.open(name, append(attr, langOf(n)...)...) {
		c.children(n)
		c.divide()
		return
	}
	c.children(n)
	c.close(name)
}

// unwrapped writes what is in an element that divides text and is not itself in the tree.
func (c *cleaner) unwrapped(n *html.Node) {
	outer := c.scope
	if lang := langOf(n); lang != nil {
		c.scope = scope{len(c.hosts), lang}
	}
	c.children(n)
	c.scope = outer
	c.divide()
}

func (c *cleaner) phrase(name string, n *html.Node, attr ...html.Attribute) {
	if name == "strong" && isHeading(c.host().node) {
		name = "" // a heading is strong
	}
	c.begin(name, attr...)
	c.children(n)
	c.end()
}

// ruby writes every reading between parentheses, which readers without ruby show.
func (c *cleaner) ruby(n *html.Node) {
	c.begin("ruby")
	for child := n.FirstChild; child != nil; child = child.NextSibling {
		switch child.Data {
		case "rp":
		case "rt":
			if text := oneLine(textOf(child)); text != "" {
				_, text, _ = squeeze(text)
				at := c.place(leafRune)
				at.AppendChild(withText("rp", "("))
				at.AppendChild(withText("rt", text))
				at.AppendChild(withText("rp", ")"))
				c.last = leafRune
			}
		case "rtc":
			c.ruby(child)
		default:
			c.node(child)
		}
	}
	c.end()
}

// langOf are the attributes that say the language and the direction of an element.
func langOf(n *html.Node) []html.Attribute {
	var attr []html.Attribute
	for i := range n.Attr {
		switch a := &n.Attr[i]; a.Key {
		case "lang":
			if wellFormedLang.MatchString(a.Val) && n.Namespace == "" {
				attr = append(attr, html.Attribute{Key: "lang", Val: a.Val})
			}
		case "dir":
			if d := strings.ToLower(a.Val); d == "rtl" || d == "ltr" || d == "auto" {
				attr = append(attr, html.Attribute{Key: "dir", Val: d})
			}
		}
	}
	return attr
}

var wellFormedLang = expr(`^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$`)

func titleOf(n *html.Node) []html.Attribute {
	title := tidyText(attrOf(n, "title"))
	if title == "" || title == oneLine(textOf(n)) {
		return nil
	}
	return []html.Attribute{{Key: "title", Val: title}}
}

// tidyText is an attribute's text on one line, without what is invisible.
func tidyText(s string) string {
	if s == "" {
		return ""
	}
	_, s, _ = squeeze(s)
	return s
}
