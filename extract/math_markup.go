package extract

import (
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// This file keeps the MathML that a page has of a formula, beside its TeX. Rules: presentation MathML only, by an allow-list of
// elements with the number of their children, and of attributes with the form of their values; text only in tokens; a formula
// that breaks a rule keeps its TeX alone, so what is kept is valid. Nothing is made from TeX.

// Bounds of what is kept: no author writes more by hand, and what is larger is drawn badly.
const (
	maxMarkup      = 600 // elements
	maxMarkupDepth = 30
	maxMarkupTeX   = 4000 // bytes
)

const mathNamespace = "http://www.w3.org/1998/Math/MathML"

// markupElement says what may be in an element of MathML: text, or how many children; -1 for any number.
type markupElement struct {
	text     bool
	children int
	in       string // the only element that it may stand in
	attr     string
}

var markupElements = map[string]markupElement{
	"mi": {text: true, attr: "mathvariant"}, "mn": {text: true, attr: "mathvariant"}, "mtext": {text: true, attr: "mathvariant"},
	"ms":     {text: true, attr: "mathvariant"},
	"mo":     {text: true, attr: "accent fence form largeop lspace mathvariant maxsize minsize movablelimits rspace separator stretchy symmetric"},
	"mspace": {attr: "depth height width"},
	"mrow":   {children: -1}, "mphantom": {children: -1}, "merror": {children: -1}, "msqrt": {children: -1},
	"mpadded": {children: -1, attr: "depth height lspace voffset width"}, "mstyle": {children: -1, attr: "displaystyle scriptlevel"},
	"mfrac": {children: 2, attr: "linethickness"}, "mroot": {children: 2}, "msub": {children: 2}, "msup": {children: 2}, "msubsup": {children: 3},
	"munder": {children: 2, attr: "accentunder"}, "mover": {children: 2, attr: "accent"}, "munderover": {children: 3, attr: "accent accentunder"},
	"mtable": {children: -1, attr: "columnalign columnspacing displaystyle rowspacing"}, "mtr": {children: -1, in: "mtable"},
	"mtd": {children: -1, in: "mtr", attr: "columnalign columnspan rowspan"},
}

var (
	mathLength = expr(`^[+-]?(?:\d{1,3}(?:\.\d{0,6})?|\.\d{1,6})(?:em|ex|px|pt|cm|mm|in|pc|%)$`)
	mathWords  = expr(`^(?:left|center|right)(?: (?:left|center|right))*$`)
)

// markupValue reports whether a value of an attribute of MathML has the form that it must have.
func markupValue(key, value string) bool {
	switch key {
	case "mathvariant":
		switch value {
		case "normal", "bold", "italic", "bold-italic", "double-struck", "bold-fraktur", "script", "bold-script", "fraktur", "sans-serif",
			"bold-sans-serif", "sans-serif-italic", "sans-serif-bold-italic", "monospace":
			return true
		}
		return false
	case "form":
		return value == "prefix" || value == "infix" || value == "postfix"
	case "accent", "accentunder", "displaystyle", "fence", "largeop", "movablelimits", "separator", "stretchy", "symmetric":
		return value == "true" || value == "false"
	case "scriptlevel":
		return len(value) == 1 && value[0] >= '0' && value[0] <= '9'
	case "columnspan", "rowspan":
		return len(value) == 1 && value[0] >= '1' && value[0] <= '9'
	case "columnalign":
		return mathWords.MatchString(value)
	case "columnspacing", "rowspacing":
		values := strings.Fields(value)
		return len(values) > 0 && len(values) < maxMarkup && strings.Join(values, " ") == value && !slices.ContainsFunc(values, func(v string) bool { return !mathLength.MatchString(v) })
	default:
		return mathLength.MatchString(value)
	}
}

// withMarkup puts the MathML m of a page into a formula, where it can be kept.
func withMarkup(span, m *html.Node, tex string) *html.Node {
	if m == nil || len(tex) > maxMarkupTeX {
		return span
	}
	// What is drawn is all but the annotations; they stand beside the first child of a semantics element.
	from := m
	for s := onlyElement(from); s != nil && s.Data == "semantics"; s = onlyElement(from) {
		from = s
	}
	k := markupCopy{}
	row := newElement("mrow")
	for c := from.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.ElementNode && (c.Data == "annotation" || c.Data == "annotation-xml") {
			continue
		}
		if !k.node(row, c, 1) {
			return span
		}
	}
	drawn := row
	if only := row.FirstChild; only == nil {
		return span
	} else if only == row.LastChild {
		row.RemoveChild(only)
		drawn = only
	}
	if oneLine(textOf(drawn)) == "" {
		return span
	}
	math := newElement("math", html.Attribute{Key: "xmlns", Val: mathNamespace})
	if spanKind(span) == "display" {
		math.Attr = append(math.Attr, html.Attribute{Key: "display", Val: "block"})
	}
	semantics := newElement("semantics")
	semantics.AppendChild(drawn)
	semantics.AppendChild(withText("annotation", tex, html.Attribute{Key: "encoding", Val: "application/x-tex"}))
	math.AppendChild(semantics)
	span.RemoveChild(span.FirstChild)
	span.AppendChild(math)
	return span
}

// onlyElement is the element that is all there is in n.
func onlyElement(n *html.Node) *html.Node {
	var only *html.Node
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.ElementNode {
			if only != nil {
				return nil
			}
			only = c
		} else if c.Type == html.TextNode && strings.TrimSpace(c.Data) != "" {
			return nil
		}
	}
	return only
}

// markupCopy counts the elements that were kept.
type markupCopy struct{ elements int }

// node writes a node of the page's MathML into a parent of ours. It reports false where that cannot be kept.
func (k *markupCopy) node(parent, n *html.Node, depth int) bool {
	if n.Type == html.TextNode {
		return strings.TrimSpace(n.Data) == ""
	}
	if n.Type != html.ElementNode {
		return true // a comment
	}
	may, ok := markupElements[n.Data]
	if k.elements++; !ok || k.elements > maxMarkup || depth > maxMarkupDepth || (n.Data == "mtr" || n.Data == "mtd") && parent.Data != may.in ||
		(parent.Data == "mtable" && n.Data != "mtr") || (parent.Data == "mtr" && n.Data != "mtd") {
		return false
	}
	own := newElement(n.Data)
	for _, a := range n.Attr {
		if value := strings.TrimSpace(a.Val); a.Namespace == "" && slices.Contains(strings.Fields(may.attr), a.Key) && markupValue(a.Key, value) {
			own.Attr = append(own.Attr, html.Attribute{Key: a.Key, Val: value})
		}
	}
	parent.AppendChild(own)
	if may.text {
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			if c.Type == html.ElementNode {
				return false
			}
		}
		if text := tokenText(textOf(n)); text != "" {
			own.AppendChild(newText(text))
		}
		return true
	}
	count := 0
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if !k.node(own, c, depth+1) {
			return false
		}
	}
	for range own.ChildNodes() {
		count++
	}
	return may.children < 0 || count == may.children
}

// tokenText is the text of a token as MathML reads it: without white space at its edges, and one space for more.
func tokenText(s string) string {
	s = strings.Map(func(r rune) rune {
		if r != '\n' && r != '\t' && isInvisible(r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == '\t' || r == '\n' || r == '\r' || r == '\f' }), " ")
}
