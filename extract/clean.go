package extract

import (
	"net/url"
	"regexp"
	"slices"
	"strconv"
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
	page   string // the page's address as resolve writes it
	linked map[string]bool
	notes  *notes
	// done are nodes that were written together with an earlier one.
	done map[*html.Node]bool
	// note is the footnote that is being written.
	note *note
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
			c.leafBlock(code.node())
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
	c.leaf(mathSpan(tex, display))
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

func (c *cleaner) list(n *html.Node) {
	name := "ul"
	var attr []html.Attribute
	if n.Data == "ol" {
		name = "ol"
		if start, err := strconv.Atoi(attrOf(n, "start")); err == nil && start != 1 {
			attr = append(attr, html.Attribute{Key: "start", Val: strconv.Itoa(start)})
		}
		if hasAttr(n, "reversed") {
			attr = append(attr, html.Attribute{Key: "reversed", Val: "reversed"})
		}
	}
	c.block(name, n, attr...)
}

func (c *cleaner) item(n *html.Node) {
	var attr []html.Attribute
	if value, err := strconv.Atoi(attrOf(n, "value")); err == nil {
		attr = append(attr, html.Attribute{Key: "value", Val: strconv.Itoa(value)})
	}
	if class := taskClass(n); class != "" {
		attr = append(attr, html.Attribute{Key: "class", Val: class})
	}
	c.endParagraph()
	c.closeImplied()
	if c.host().kind == listHost {
		c.block("li", n, attr...)
		return
	}
	// An item without a list makes one, which the items that follow it join.
	if prev := elementBefore(n); prev != nil && prev.Data == "li" {
		if l := c.host().node.LastChild; l != nil && l.Data == "ul" {
			c.hosts = append(c.hosts, host{node: l, kind: listHost})
			c.block("li", n, attr...)
			c.close("ul")
			return
		}
	}
	if !c.open("ul") {
		c.unwrapped(n)
		return
	}
	c.block("li", n, attr...)
	c.close("ul")
}

// taskClass is the mark of an item that begins with a check box.
func taskClass(n *html.Node) string {
	if hasClass(n, "task") {
		if hasClass(n, "done") {
			return "task done"
		}
		return "task"
	}
	for d := range n.Descendants() {
		switch {
		case d.Type == html.TextNode && strings.TrimSpace(d.Data) != "", d.Data == "li":
			return ""
		case d.Data == "input" && d.Type == html.ElementNode && strings.EqualFold(attrOf(d, "type"), "checkbox"):
			if hasAttr(d, "checked") {
				return "task done"
			}
			return "task"
		}
	}
	return ""
}

// termList writes a list of terms, or a gallery of the kind that old themes make of one.
func (c *cleaner) termList(n *html.Node) {
	if !hasClass(n, "gallery-item") {
		c.block("dl", n, langOf(n)...)
		return
	}
	if !c.open("figure") {
		c.unwrapped(n)
		return
	}
	for child := n.FirstChild; child != nil; child = child.NextSibling {
		if child.Data == "dd" {
			c.block("figcaption", child)
		} else {
			c.children(child)
		}
	}
	c.closeFigure()
}

// figure writes a figure where there is something to caption, and what is in it alone where there is not.
func (c *cleaner) figure(n *html.Node) {
	if !c.open("figure", langOf(n)...) {
		c.unwrapped(n)
		return
	}
	c.children(n)
	c.closeFigure()
}

func (c *cleaner) closeFigure() {
	c.endParagraph()
	figure := c.host().node
	c.close("figure")
	if figure.Parent == nil {
		return
	}
	// The blocks of a figure without a caption are blocks like others.
	onlyImages := firstElement(figure, "img") != nil
	for child := figure.FirstChild; child != nil; child = child.NextSibling {
		if child.Data == "figcaption" {
			return
		}
		onlyImages = onlyImages && (isInline(child) || child.Data == "p")
	}
	if onlyImages {
		return
	}
	dissolve(figure, figure)
}

// dissolve puts what is in content in the place of n, as blocks.
func dissolve(n, content *html.Node) {
	var p *html.Node
	for child := content.FirstChild; child != nil; child = content.FirstChild {
		content.RemoveChild(child)
		if !isInline(child) {
			p = nil
			n.Parent.InsertBefore(child, n)
			continue
		}
		if p == nil {
			p = newElement("p")
			n.Parent.InsertBefore(p, n)
		}
		p.AppendChild(child)
	}
	n.Parent.RemoveChild(n)
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

// link writes a link where it leads somewhere: to a web address, a mailbox or a place of this article.
func (c *cleaner) link(n *html.Node) {
	href := attrOf(n, "href")
	if isHeading(c.host().node) && isPermalink(n, href) {
		return
	}
	if img := onlyImage(n); img != nil && c.imageLink(img, href) {
		return
	}
	address, ok := c.address(href)
	if !ok {
		c.begin("")
	} else {
		c.begin("a", append([]html.Attribute{{Key: "href", Val: address}}, titleOf(n)...)...)
	}
	c.children(n)
	c.end()
}

// address is the href of a link in the tree.
func (c *cleaner) address(href string) (string, bool) {
	if id, ok := c.fragment(href); ok {
		return "#" + id, true
	}
	href = strings.TrimSpace(href)
	if len(href) > 7 && strings.EqualFold(href[:7], "mailto:") {
		u, err := url.Parse(href)
		if err != nil || !strings.Contains(u.Opaque, "@") {
			return "", false
		}
		return u.String(), true
	}
	if strings.HasPrefix(href, "#") {
		return "", false
	}
	abs, ok := c.resolve(href)
	if !ok {
		return "", false
	}
	if u, err := url.Parse(href); err == nil && u.Fragment != "" {
		abs += "#" + u.EscapedFragment()
	}
	return abs, true
}

// fixLinks leads the links within the article to where their places came to be, and unwraps those that have none. Ids that no
// link leads to go.
func (c *cleaner) fixLinks(root *html.Node) {
	ids, used := map[string]*html.Node{}, map[string]bool{}
	var links []*html.Node
	for n := range root.Descendants() {
		if id := attrOf(n, "id"); id != "" {
			ids[id] = n
		}
		if n.Data == "a" && strings.HasPrefix(attrOf(n, "href"), "#") {
			links = append(links, n)
		}
	}
	for _, n := range links {
		for i := range n.Attr {
			if a := &n.Attr[i]; a.Key == "href" {
				id := a.Val[1:]
				if own, ok := c.alias[id]; ok {
					id = own
				}
				a.Val = "#" + id
				used[id] = true
				if ids[id] == nil {
					unwrap(n)
					break
				}
			}
		}
	}
	for id, n := range ids {
		if !used[id] {
			n.Attr = slices.DeleteFunc(n.Attr, func(a html.Attribute) bool { return a.Key == "id" })
		}
	}
}

// unwrap puts what is in n in its place.
func unwrap(n *html.Node) {
	for child := n.FirstChild; child != nil; child = n.FirstChild {
		n.RemoveChild(child)
		if prev := n.PrevSibling; child.Type == html.TextNode && prev != nil && prev.Type == html.TextNode {
			prev.Data += child.Data
			continue
		}
		n.Parent.InsertBefore(child, n)
	}
	prev, next := n.PrevSibling, n.NextSibling
	n.Parent.RemoveChild(n)
	if prev != nil && next != nil && prev.Type == html.TextNode && next.Type == html.TextNode {
		prev.Data += next.Data
		next.Parent.RemoveChild(next)
	}
}

var permalinkText = regexp.MustCompile(`^[#¶§🔗⚓∞\s\x{200b}\x{fe0f}\x{f0c1}]*$`)

// isPermalink reports whether a link in a heading is only there to link to the heading.
func isPermalink(n *html.Node, href string) bool {
	if !strings.Contains(href, "#") && href != "" {
		return false
	}
	return permalinkText.MatchString(textOf(n)) && onlyImage(n) == nil || isForMachines(n)
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

var wellFormedLang = regexp.MustCompile(`^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$`)

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
