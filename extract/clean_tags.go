package extract

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// unseenTags are elements of which a reader of the article sees nothing worth keeping.
var unseenTags = map[string]bool{
	"script": true, "style": true, "template": true, "svg": true, "canvas": true, "button": true, "select": true, "textarea": true,
	"input": true, "head": true, "meta": true, "link": true, "title": true, "map": true, "area": true, "datalist": true, "dialog": true,
	"source": true, "track": true, "param": true, "progress": true, "meter": true, "optgroup": true, "option": true, "base": true,
	"noframes": true, "noembed": true, "wbr": true, "math": true, "rp": true,
}

// dividing are elements that are unwrapped and stand apart from what is beside them.
var dividing = map[string]bool{
	"div": true, "section": true, "article": true, "main": true, "header": true, "footer": true, "aside": true, "address": true,
	"center": true, "form": true, "fieldset": true, "legend": true, "nav": true, "hgroup": true, "search": true, "body": true, "html": true,
	"caption": true, "tr": true, "td": true, "th": true, "thead": true, "tbody": true, "tfoot": true, "xmp": true,
	"listing": true, "frameset": true, "marquee": true, "pre": true,
}

// phraseNames says how phrase elements are written.
var phraseNames = map[string]string{
	"b": "strong", "strong": "strong", "i": "em", "em": "em", "var": "em", "dfn": "em", "s": "del", "strike": "del", "del": "del", "ins": "ins",
	"kbd": "kbd", "mark": "mark", "sub": "sub", "sup": "sup", "small": "small", "q": "q", "cite": "cite",
}

// phraseTags are the elements of a clean tree that stand within a paragraph.
var phraseTags = map[string]bool{
	"a": true, "em": true, "strong": true, "del": true, "ins": true, "code": true, "kbd": true, "mark": true, "sub": true, "sup": true,
	"small": true, "q": true, "cite": true, "abbr": true, "ruby": true, "rb": true, "rt": true, "rp": true, "br": true, "span": true, "img": true,
}

func isInline(n *html.Node) bool { return n.Type == html.TextNode || phraseTags[n.Data] }

var (
	boldStyle   = expr(`(?i)font-weight\s*:\s*(?:bold|[6-9]00)`)
	lightStyle  = expr(`(?i)font-weight\s*:\s*(?:normal|[1-4]00)`)
	italicStyle = expr(`(?i)font-style\s*:\s*(?:italic|oblique)`)
	struckStyle = expr(`(?i)text-decoration[a-z-]*\s*:[^;]*line-through`)
	hiddenStyle = expr(`(?i)display\s*:\s*none`)
)

// phraseOf is the phrase that an element is written as, by its name or by its style; empty for none.
func phraseOf(n *html.Node) string {
	name := phraseNames[n.Data]
	style := attrOf(n, "style")
	switch {
	case style == "" || n.Data != "span" && n.Data != "font" && n.Data != "b":
	case n.Data == "b":
		if lightStyle.MatchString(style) {
			return ""
		}
	case boldStyle.MatchString(style):
		return "strong"
	case italicStyle.MatchString(style):
		return "em"
	case struckStyle.MatchString(style):
		return "del"
	}
	// Icon fonts hang their pictures on empty elements and give them text for none.
	if n.Data == "i" && strings.HasPrefix(attrOf(n, "class"), "fa") && oneLine(textOf(n)) == "" {
		return ""
	}
	return name
}

// isHidden reports whether an element is not shown, or only to machines.
func isHidden(n *html.Node) bool {
	for i := range n.Attr {
		switch a := &n.Attr[i]; a.Key {
		case "hidden":
			if !strings.EqualFold(a.Val, "until-found") {
				return true
			}
		case "style":
			if hiddenStyle.MatchString(a.Val) {
				return true
			}
		case "aria-hidden":
			if a.Val == "true" && (n.Data == "a" || n.Data == "span" || n.Data == "i") {
				return true
			}
		case "class":
			if n.Data != "div" && n.Data != "section" && isForMachines(n) {
				return true
			}
		}
	}
	return false
}

func hasAttr(n *html.Node, key string) bool {
	for i := range n.Attr {
		if n.Attr[i].Key == key {
			return true
		}
	}
	return false
}

// isID reports whether a page's id can be one of the tree: XML readers know no others.
func isID(id string) bool {
	return id != "" && len(id) <= 200 && utf8.ValidString(id) && !strings.ContainsAny(id, " \t\n\f\r\"<>&") && !strings.ContainsFunc(id, isInvisible)
}

// elementBefore is the element beside n with nothing but white space between.
func elementBefore(n *html.Node) *html.Node {
	for p := n.PrevSibling; p != nil; p = p.PrevSibling {
		if p.Type == html.ElementNode {
			return p
		}
		if p.Type == html.TextNode && strings.TrimSpace(p.Data) != "" {
			return nil
		}
	}
	return nil
}

// elementAfter is the element beside n with nothing but white space between.
func elementAfter(n *html.Node) *html.Node {
	for p := n.NextSibling; p != nil; p = p.NextSibling {
		if p.Type == html.ElementNode {
			return p
		}
		if p.Type == html.TextNode && strings.TrimSpace(p.Data) != "" {
			return nil
		}
	}
	return nil
}

func newElement(name string, attr ...html.Attribute) *html.Node {
	return &html.Node{Type: html.ElementNode, Data: name, DataAtom: atom.Lookup([]byte(name)), Attr: attr}
}

func newText(s string) *html.Node { return &html.Node{Type: html.TextNode, Data: s} }

// withText is an element that holds one text.
func withText(name, text string, attr ...html.Attribute) *html.Node {
	n := newElement(name, attr...)
	if text != "" {
		n.AppendChild(newText(text))
	}
	return n
}

func appendText(n *html.Node, s string) {
	if l := n.LastChild; l != nil && l.Type == html.TextNode {
		l.Data += s
		return
	}
	n.AppendChild(newText(s))
}
