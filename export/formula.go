package export

import (
	"bytes"
	"strings"

	"archiver/internal/tex"

	"golang.org/x/net/html"
)

// This file writes formulas: the MathML that the page has, else that of the TeX, else the TeX as it is.

// maxFormulaDepth bounds the nesting of MathML; the clean HTML has less.
const maxFormulaDepth = 60

// math writes a formula. The TeX is without the delimiters that the clean HTML keeps around it.
func (x *body) math(n *html.Node, where content) {
	if x.split[n] {
		x.anchor(n)
		x.children(n, where)
		return
	}
	source := textOf(n)
	if a := annotation(n); a != nil {
		source = textOf(a)
	}
	for _, pair := range [...][2]string{{`\(`, `\)`}, {`\[`, `\]`}} {
		if len(source) >= 4 && strings.HasPrefix(source, pair[0]) && strings.HasSuffix(source, pair[1]) {
			source = strings.TrimSpace(source[2 : len(source)-2])
			break
		}
	}
	display := hasClass(n, "display")
	class := " inline"
	if display {
		class = " display"
	}
	markup, ok := pageMath(n, source, display)
	if !ok {
		markup, ok = tex.MathML(source, display)
	}
	if ok {
		x.open("span", "formula"+class, n)
		x.b.WriteString(markup)
		x.close("span")
		return
	}
	x.tex = true
	x.open("span", "math"+class, n)
	x.text(source)
	x.close("span")
}

// pageMath is the MathML of the page, where it is presentation MathML of the elements that clean HTML has.
func pageMath(n *html.Node, source string, display bool) (string, bool) {
	for c := range n.ChildNodes() {
		if c.Type != html.ElementNode || c.Data != "math" || c.Namespace != "math" {
			continue
		}
		x := &body{b: new(bytes.Buffer)}
		x.b.WriteString(`<math xmlns="http://www.w3.org/1998/Math/MathML"`)
		if display {
			x.b.WriteString(` display="block"`)
		}
		if visible(source) {
			x.attribute("alttext", plain(source))
		}
		x.b.WriteByte('>')
		for child := range c.ChildNodes() {
			if !x.mathNode(child, false, 0) {
				return "", false
			}
		}
		x.b.WriteString("</math>")
		return x.b.String(), true
	}
	return "", false
}

// arity is how many children an element of MathML has; -1 for any number, -2 for text.
func arity(name string) (children int, ok bool) {
	switch name {
	case "mi", "mn", "mo", "mtext", "ms":
		return -2, true
	case "mspace":
		return 0, true
	case "mrow", "mstyle", "mpadded", "mphantom", "merror", "msqrt", "mtable", "mtr", "mtd":
		return -1, true
	case "mroot", "mfrac", "msub", "msup", "munder", "mover":
		return 2, true
	case "msubsup", "munderover":
		return 3, true
	}
	return 0, false
}

// mathNode writes a node of MathML; it reports false where the node is none that may stand there.
func (x *body) mathNode(n *html.Node, text bool, depth int) bool {
	switch {
	case n.Type == html.TextNode:
		if text {
			x.text(n.Data)
		}
		return text || strings.TrimSpace(n.Data) == ""
	case n.Type == html.CommentNode:
		return true
	case n.Type != html.ElementNode || text || n.Namespace != "math" || depth > maxFormulaDepth:
		return false
	}
	if n.Data == "semantics" { // its formula alone: what else it holds says the same for other programs
		for c := range n.ChildNodes() {
			if c.Type == html.ElementNode {
				return x.mathNode(c, false, depth+1)
			}
		}
		return false
	}
	want, ok := arity(n.Data)
	if !ok {
		return false
	}
	x.b.WriteString("<" + n.Data)
	for _, a := range n.Attr {
		if a.Namespace == "" && mathAttribute(n.Data, a.Key) && mathValue(a.Val) {
			x.attribute(a.Key, a.Val)
		}
	}
	x.b.WriteByte('>')
	have := 0
	for c := range n.ChildNodes() {
		if !x.mathNode(c, want == -2, depth+1) {
			return false
		}
		if c.Type == html.ElementNode {
			have++
			if n.Data == "mtable" && c.Data != "mtr" || n.Data == "mtr" && c.Data != "mtd" {
				return false
			}
		}
	}
	x.close(n.Data)
	return want < 0 || want == have
}

// mathAttribute reports whether the attribute is one of layout that the element has.
func mathAttribute(element, key string) bool {
	switch key {
	case "mathvariant":
		want, _ := arity(element)
		return want == -2
	case "displaystyle", "scriptlevel":
		return element == "mstyle"
	case "stretchy", "fence", "separator", "lspace", "rspace", "minsize", "maxsize", "symmetric", "largeop", "movablelimits", "form":
		return element == "mo"
	case "accent":
		return element == "mo" || element == "mover" || element == "munderover"
	case "accentunder":
		return element == "munder" || element == "munderover"
	case "width", "height", "depth":
		return element == "mspace" || element == "mpadded"
	case "voffset":
		return element == "mpadded"
	case "linethickness":
		return element == "mfrac"
	case "columnalign", "rowalign":
		return element == "mtable" || element == "mtr" || element == "mtd"
	case "columnspacing", "rowspacing", "columnlines", "rowlines", "frame":
		return element == "mtable"
	}
	return false
}

func mathValue(value string) bool {
	return value != "" && len(value) < 100 && strings.Trim(value, "abcdefghijklmnopqrstuvwxyz0123456789.-+% ") == ""
}
