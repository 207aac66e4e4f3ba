package extract

import (
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// This file writes clean trees. Rules: the same tree gives the same bytes; what is written is HTML and well-formed XML at
// once; parsing it and writing it again changes nothing.

// renderHTML writes the children of a clean tree's root, one block a line.
func renderHTML(tree *html.Node) string {
	var b strings.Builder
	size := textSize(tree)
	b.Grow(size + size/4) // with its tags
	for c := tree.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.TextNode && strings.TrimSpace(c.Data) == "" {
			continue
		}
		writeHTML(&b, c)
		b.WriteByte('\n')
	}
	return b.String()
}

func writeHTML(b *strings.Builder, n *html.Node) { htmlWriter{b, false}.node(n) }

// htmlWriter writes nodes. Plain formulas are TeX between delimiters, also where the tree has MathML.
type htmlWriter struct {
	*strings.Builder
	plainFormulas bool
}

func (b htmlWriter) node(n *html.Node) {
	switch n.Type {
	case html.TextNode:
		writeEscaped(b.Builder, n.Data)
		return
	case html.ElementNode:
	default:
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			b.node(c)
		}
		return
	}
	b.WriteByte('<')
	b.WriteString(n.Data)
	for _, a := range sorted(n.Attr) {
		b.WriteByte(' ')
		b.WriteString(a.Key)
		b.WriteString(`="`)
		writeEscaped(b.Builder, a.Val)
		b.WriteByte('"')
	}
	if n.Data == "br" || n.Data == "hr" || n.Data == "img" {
		b.WriteString("/>")
		return
	}
	b.WriteByte('>')
	if c := n.FirstChild; c != nil && n.Data == "pre" && c.Type == html.TextNode && strings.HasPrefix(c.Data, "\n") {
		b.WriteByte('\n') // a parser drops the first line end of a pre
	}
	if kind := spanKind(n); b.plainFormulas && kind != "" && n.FirstChild != nil && n.FirstChild.Type == html.ElementNode {
		n = mathSpan(texOf(n), kind == "display")
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		b.node(c)
	}
	b.WriteString("</")
	b.WriteString(n.Data)
	b.WriteByte('>')
}

// sorted are attributes by name: a parser keeps no other order.
func sorted(attr []html.Attribute) []html.Attribute {
	byName := func(a, b html.Attribute) int { return strings.Compare(a.Key, b.Key) }
	if slices.IsSortedFunc(attr, byName) {
		return attr
	}
	return slices.SortedFunc(slices.Values(attr), byName)
}

// writeEscaped writes text that may stand between tags and in an attribute.
func writeEscaped(b *strings.Builder, s string) {
	from := 0
	for i := range len(s) {
		name := ""
		switch s[i] {
		case '&':
			name = "&amp;"
		case '<':
			name = "&lt;"
		case '>':
			name = "&gt;"
		case '"':
			name = "&quot;"
		default:
			continue
		}
		b.WriteString(s[from:i])
		b.WriteString(name)
		from = i + 1
	}
	b.WriteString(s[from:])
}
