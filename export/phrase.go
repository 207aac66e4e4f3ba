package export

import (
	"path"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// This file writes what stands in a line, and the tags themselves.

// phrase writes an element that is no block.
func (x *body) phrase(n *html.Node, where content) {
	switch n.DataAtom {
	case atom.Br:
		x.anchor(n)
		x.b.WriteString("<br/>")
	case atom.Img:
		x.image(n, where)
	case atom.A:
		x.link(n, where)
	case atom.Ruby:
		x.ruby(n, where)
	case atom.Ins, atom.Del: // they may hold what their place may hold
		x.element(n.Data, "", n, where)
	case atom.S, atom.Strike:
		x.element("del", "", n, where)
	case atom.B:
		x.span("strong", n, where)
	case atom.I:
		x.span("em", n, where)
	case atom.Em, atom.Strong, atom.Kbd, atom.Mark, atom.Sub, atom.Sup, atom.Small, atom.Q, atom.Cite, atom.Abbr, atom.Code:
		x.span(n.Data, n, where)
	case atom.Span:
		switch {
		case hasClass(n, "math"):
			x.math(n, where)
		case attr(n, "lang") != "" || attr(n, "dir") != "":
			x.span("span", n, where)
		default:
			x.anchor(n)
			x.children(n, where)
		}
	default:
		x.anchor(n)
		x.children(n, where)
	}
}

// span writes an element of a line. One that is wrapped around blocks gives way to them.
func (x *body) span(tag string, n *html.Node, where content) {
	if x.split[n] && where == flow {
		x.anchor(n)
		x.children(n, flow)
		return
	}
	class := ""
	if tag == "code" {
		class = codeClass(n)
	}
	x.element(tag, class, n, phrasing)
}

// codeClass is the mark of a code block's language.
func codeClass(n *html.Node) string {
	for class := range strings.FieldsSeq(attr(n, "class")) {
		if name, ok := strings.CutPrefix(class, "language-"); ok && name != "" && strings.Trim(name, languageLetters) == "" {
			return class
		}
	}
	return ""
}

const languageLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+#-_."

// math writes a formula as its TeX, without the delimiters that the clean HTML keeps around it.
func (x *body) math(n *html.Node, where content) {
	if x.split[n] {
		x.anchor(n)
		x.children(n, where)
		return
	}
	class, tex := "math inline", textOf(n)
	if a := annotation(n); a != nil {
		tex = textOf(a)
	}
	if hasClass(n, "display") {
		class = "math display"
	}
	for _, pair := range [...][2]string{{`\(`, `\)`}, {`\[`, `\]`}} {
		if len(tex) >= 4 && strings.HasPrefix(tex, pair[0]) && strings.HasSuffix(tex, pair[1]) {
			tex = strings.TrimSpace(tex[2 : len(tex)-2])
			break
		}
	}
	x.open("span", class, n)
	x.text(tex)
	x.close("span")
}

// annotation is the TeX of a formula that has MathML too.
func annotation(n *html.Node) *html.Node {
	for d := range n.Descendants() {
		if d.Type == html.ElementNode && d.Data == "annotation" && attr(d, "encoding") == "application/x-tex" {
			return d
		}
	}
	return nil
}

// link writes an a that leads somewhere and shows something; of another one the text stays.
func (x *body) link(n *html.Node, where content) {
	picture, other := onlyImages(n)
	href, internal := attr(n, "href"), false
	if id, ok := strings.CutPrefix(href, "#"); ok {
		href, internal = "", x.ids[id] != ""
		if internal {
			href = "#" + x.ids[id]
		}
	} else {
		href = address(href)
	}
	if href == "" || x.inLink || !picture && !other {
		x.anchor(n)
		x.children(n, where)
		return
	}
	if where == flow && picture && !other && !x.split[n] {
		x.b.WriteString(`<p class="picture">`)
		defer x.b.WriteString("</p>\n")
	}
	x.inLink = true
	x.b.WriteString(`<a href="`)
	x.text(href)
	x.b.WriteByte('"')
	switch {
	case internal && hasClass(n, "footnote-ref"):
		x.b.WriteString(` class="footnote-ref" epub:type="noteref" role="doc-noteref"`)
	case internal && hasClass(n, "footnote-back"):
		x.b.WriteString(` class="footnote-back" role="doc-backlink"`)
	}
	x.attributes(n, "a")
	x.b.WriteByte('>')
	if x.split[n] && where == flow {
		x.children(n, flow)
	} else {
		x.children(n, phrasing)
	}
	x.close("a")
	x.inLink = false
}

// maxFileName is how much of an image's file name stands for its missing description.
const maxFileName = 60

// image writes what an image shows, as a link to it.
func (x *body) image(n *html.Node, where content) {
	x.anchor(n)
	src := address(attr(n, "src"))
	if strings.HasPrefix(src, "mailto:") {
		src = ""
	}
	caption := plain(attr(n, "alt"))
	if !visible(caption) {
		caption = plain(attr(n, "title"))
	}
	if !visible(caption) {
		caption = shortened(path.Base(readable(src)), maxFileName)
		if caption == "." || caption == "/" {
			caption = ""
		}
	}
	if src == "" && caption == "" {
		return
	}
	x.images++
	if where == flow {
		x.b.WriteString(`<p class="picture">`)
		defer x.b.WriteString("</p>\n")
	}
	if src != "" && !x.inLink {
		x.b.WriteString(`<a class="image" href="`)
		x.text(src)
		x.b.WriteString(`">`)
		defer x.close("a")
	} else {
		x.b.WriteString(`<span class="image">`)
		defer x.close("span")
	}
	x.b.WriteString(x.words.image)
	if caption != "" {
		x.b.WriteString(" · ")
		x.text(caption)
	}
}

// figure writes its content, and one caption after it.
func (x *body) figure(n *html.Node) {
	var caption *html.Node
	for c := range n.ChildNodes() {
		if c.Type == html.ElementNode && c.DataAtom == atom.Figcaption {
			caption = c
			break
		}
	}
	x.open("figure", "", n)
	x.b.WriteByte('\n')
	for c := range n.ChildNodes() {
		if c != caption && !(c.Type == html.TextNode && strings.TrimSpace(c.Data) == "") {
			x.node(c, flow)
		}
	}
	if caption != nil {
		x.element("figcaption", "", caption, flow)
	}
	x.close("figure")
	x.b.WriteByte('\n')
}

// ruby writes base and reading, with brackets for readers that know no ruby. A ruby in a ruby is its text.
func (x *body) ruby(n *html.Node, where content) {
	readings := 0
	for c := range n.ChildNodes() {
		if c.Type == html.ElementNode && c.DataAtom == atom.Rt {
			readings++
		}
	}
	if x.inRuby || readings == 0 || x.split[n] {
		x.anchor(n)
		x.children(n, where)
		return
	}
	x.inRuby = true
	x.open("ruby", "", n)
	base := false
	for c := range n.ChildNodes() {
		switch {
		case c.Type == html.ElementNode && c.DataAtom == atom.Rt:
			if !base {
				x.b.WriteString("<span></span>")
			}
			x.b.WriteString("<rp>(</rp>")
			x.element("rt", "", c, phrasing)
			x.b.WriteString("<rp>)</rp>")
			base = false
		case c.Type == html.ElementNode && c.DataAtom == atom.Rp:
			x.anchor(c)
		default:
			x.node(c, phrasing)
			base = true
		}
	}
	x.close("ruby")
	x.inRuby = false
}

// element writes n as a tag with its content.
func (x *body) element(tag, class string, n *html.Node, inside content) {
	x.open(tag, class, n)
	x.children(n, inside)
	x.close(tag)
}

func (x *body) open(tag, class string, n *html.Node) {
	x.b.WriteByte('<')
	x.b.WriteString(tag)
	if class != "" {
		x.b.WriteString(` class="`)
		x.text(class)
		x.b.WriteByte('"')
	}
	if x.rtl && attr(n, "dir") == "" && (tag == "pre" || strings.HasPrefix(class, "math")) {
		x.attribute("dir", "ltr")
	}
	x.attributes(n, tag)
	x.b.WriteByte('>')
}

func (x *body) close(tag string) {
	x.b.WriteString("</")
	x.b.WriteString(tag)
	x.b.WriteByte('>')
}

// attributes writes those of n that may stand on tag. Which ones is said here and nowhere else; class is the caller's.
func (x *body) attributes(n *html.Node, tag string) {
	for _, a := range n.Attr {
		if a.Namespace != "" {
			continue
		}
		value := a.Val
		switch a.Key {
		case "id":
			if value = x.id(value); value == "" {
				continue
			}
		case "lang":
			if value = language(value); value == "" {
				continue
			}
			x.attribute("xml:lang", value)
		case "dir":
			value = strings.ToLower(value)
			if value != "ltr" && value != "rtl" && value != "auto" {
				continue
			}
		case "title":
			if value = plain(value); value == "" || tag != "a" && tag != "abbr" {
				continue
			}
		case "start", "value":
			if _, err := strconv.ParseInt(value, 10, 32); err != nil || value[0] == '+' || a.Key == "start" && tag != "ol" ||
				a.Key == "value" && !(tag == "li" && n.Parent != nil && n.Parent.DataAtom == atom.Ol) {
				continue
			}
		case "reversed":
			if value = "reversed"; tag != "ol" {
				continue
			}
		case "colspan", "rowspan":
			if span, err := strconv.Atoi(value); err != nil || span < 2 || span > 1000 || tag != "td" && tag != "th" {
				continue
			}
		case "scope":
			if tag != "th" || value != "row" && value != "col" && value != "rowgroup" && value != "colgroup" {
				continue
			}
		case "style":
			if value = alignment(value); value == "" || tag != "td" && tag != "th" {
				continue
			}
		default:
			continue
		}
		x.attribute(a.Key, value)
	}
}

func (x *body) attribute(key, value string) {
	x.b.WriteByte(' ')
	x.b.WriteString(key)
	x.b.WriteString(`="`)
	x.text(value)
	x.b.WriteByte('"')
}

// id is how the chapter writes an id, once; "" where no link leads to it.
func (x *body) id(id string) string {
	name := x.ids[id]
	if name == "" || x.done[name] {
		return ""
	}
	x.done[name] = true
	return name
}

// anchor keeps the place that a link leads to where the element itself is not written.
func (x *body) anchor(n *html.Node) {
	if name := x.id(attr(n, "id")); name != "" {
		x.b.WriteString(`<span id="`)
		x.text(name)
		x.b.WriteString(`"></span>`)
	}
}
