package export

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// This file writes tables, and knows the elements.

// table writes a table in a box that readers can scroll: caption, head, bodies, foot, in this order.
func (x *body) table(n *html.Node) {
	var caption, foot *html.Node
	var parts []*html.Node
	for c := range n.ChildNodes() {
		switch c.DataAtom {
		case atom.Caption:
			if caption == nil {
				caption = c
				continue
			}
		case atom.Tfoot:
			if foot == nil {
				foot = c
				continue
			}
			parts = append(parts, c)
		case atom.Thead, atom.Tbody:
			parts = append(parts, c)
		}
	}
	x.b.WriteString(`<div class="table">`)
	x.open("table", "", n)
	x.b.WriteByte('\n')
	if caption != nil {
		x.element("caption", "", caption, phrasing)
		x.b.WriteByte('\n')
	}
	bodies := 0
	for i, part := range parts {
		tag := "tbody"
		if i == 0 && part.DataAtom == atom.Thead {
			tag = "thead"
		} else {
			bodies++
		}
		x.rows(tag, part)
	}
	if bodies == 0 && foot == nil {
		x.b.WriteString("<tbody></tbody>\n")
	}
	if foot != nil {
		x.rows("tfoot", foot)
	}
	x.b.WriteString("</table></div>\n")
	for c := range n.ChildNodes() {
		if c.DataAtom == atom.Caption && c != caption {
			x.element("div", "", c, phrasing)
			x.b.WriteByte('\n')
		}
	}
}

func (x *body) rows(tag string, part *html.Node) {
	x.open(tag, "", part)
	x.b.WriteByte('\n')
	for row := range part.ChildNodes() {
		if row.DataAtom != atom.Tr {
			continue
		}
		x.open("tr", "", row)
		for cell := range row.ChildNodes() {
			switch cell.DataAtom {
			case atom.Th:
				x.element("th", "", cell, phrasing)
			case atom.Td:
				x.element("td", "", cell, flow)
			}
		}
		x.b.WriteString("</tr>\n")
	}
	x.close(tag)
	x.b.WriteByte('\n')
}

// alignment is a cell's style where it is one of the three that clean HTML has.
func alignment(style string) string {
	for _, side := range [...]string{"left", "right", "center"} {
		if strings.Join(strings.Fields(strings.TrimSuffix(strings.TrimSpace(style), ";")), "") == "text-align:"+side {
			return "text-align: " + side
		}
	}
	return ""
}

// isBlock reports whether the element is a block, or a part of one.
func isBlock(tag atom.Atom) bool {
	switch tag {
	case atom.P, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Blockquote, atom.Pre, atom.Ul, atom.Ol, atom.Li,
		atom.Dl, atom.Dt, atom.Dd, atom.Figure, atom.Figcaption, atom.Hr, atom.Div, atom.Section, atom.Details, atom.Summary,
		atom.Table, atom.Caption, atom.Thead, atom.Tbody, atom.Tfoot, atom.Tr, atom.Th, atom.Td,
		// Foreign to clean HTML; their text stands apart.
		atom.Article, atom.Aside, atom.Header, atom.Footer, atom.Main, atom.Nav, atom.Address, atom.Center, atom.Fieldset,
		atom.Form, atom.Hgroup, atom.Menu, atom.Listing, atom.Xmp, atom.Plaintext:
		return true
	}
	return false
}

// known reports whether the element is one whose id is written, on it or in its place.
func known(tag atom.Atom) bool {
	switch tag {
	case atom.Col, atom.Colgroup, atom.Form, 0: // a table may hold them where it holds nothing else
		return false
	}
	return true
}

// dropped reports whether nothing of the node is for readers.
func dropped(n *html.Node) bool {
	if n.Type != html.ElementNode {
		return false
	}
	if n.Namespace != "" {
		return true // SVG and MathML: no part of clean HTML
	}
	switch n.DataAtom {
	case atom.Script, atom.Style, atom.Template, atom.Noscript, atom.Noframes, atom.Noembed, atom.Iframe, atom.Object, atom.Embed,
		atom.Audio, atom.Video, atom.Canvas, atom.Select, atom.Textarea, atom.Button, atom.Input, atom.Head, atom.Title, atom.Meta,
		atom.Link, atom.Base, atom.Frameset, atom.Frame, atom.Source, atom.Track, atom.Param, atom.Map, atom.Area, atom.Datalist:
		return true
	}
	return false
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key && a.Namespace == "" {
			return a.Val
		}
	}
	return ""
}

func hasClass(n *html.Node, class string) bool {
	for c := range strings.FieldsSeq(attr(n, "class")) {
		if c == class {
			return true
		}
	}
	return false
}

func textOf(n *html.Node) string {
	if n.FirstChild != nil && n.FirstChild == n.LastChild && n.FirstChild.Type == html.TextNode {
		return n.FirstChild.Data
	}
	var b strings.Builder
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		if n.Type == html.TextNode {
			b.WriteString(n.Data)
		}
		if dropped(n) {
			return
		}
		for c := range n.ChildNodes() {
			walk(c)
		}
	}
	walk(n)
	return b.String()
}
