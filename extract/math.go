package extract

import (
	"net/url"
	"strings"

	"golang.org/x/net/html"
)

// This file reads formulas out of what renderers make of them. Rules: the TeX that the author wrote, where the page still has
// it; else TeX made from MathML; what is drawn beside it is the same formula again and goes.

// mathSpan is a formula as docs/HTML.md has it.
func mathSpan(tex string, display bool) *html.Node {
	class, open, end := "math inline", `\(`, `\)`
	if display {
		class, open, end = "math display", `\[`, `\]`
	}
	return withText("span", open+tex+end, html.Attribute{Key: "class", Val: class})
}

// spanKind is "inline" or "display" for a formula of a clean tree, else empty.
func spanKind(n *html.Node) string {
	if n.Data != "span" || n.Type != html.ElementNode {
		return ""
	}
	switch attrOf(n, "class") {
	case "math inline":
		return "inline"
	case "math display":
		return "display"
	}
	return ""
}

// texOf is the TeX of a formula of a clean tree.
func texOf(n *html.Node) string {
	if m := n.FirstChild; m != nil && m.Data == "math" && m.Type == html.ElementNode {
		if a := firstElement(m, "annotation"); a != nil {
			return textOf(a)
		}
	}
	if s := textOf(n); len(s) >= 4 {
		return s[2 : len(s)-2]
	}
	return ""
}

// drawn are classes of what a renderer draws beside the formula's source.
var drawn = map[string]bool{
	"MathJax_Preview": true, "MathJax": true, "MathJax_Display": true, "MathJax_SVG": true, "MathJax_SVG_Display": true, "MathJax_CHTML": true,
	"mjx-chtml": true, "MJX_Assistive_MathML": true, "MathJax_MathML": true, "katex-html": true, "mwe-math-fallback-image-inline": true,
	"mwe-math-fallback-image-display": true,
}

// mathElement reads an element as a formula. It is one with empty TeX where the formula stands elsewhere, or is not to be read.
func mathElement(n *html.Node) (tex string, display, ok bool) {
	switch n.Data {
	case "script":
		typ := attrOf(n, "type")
		if !strings.HasPrefix(typ, "math/") {
			return "", false, false
		}
		if strings.HasPrefix(typ, "math/mml") {
			return mathMarkup(textOf(n))
		}
		return tidyTeX(textOf(n)), strings.Contains(typ, "display"), true
	case "math":
		tex, display = mathML(n)
		return tex, display, true
	case "img":
		return mathImage(n)
	case "mjx-container":
		return mathContainer(n)
	case "mjx-math", "mjx-assistive-mml":
		return "", false, true
	case "span", "div", "p", "figure", "code":
		return mathWrapper(n)
	}
	return "", false, false
}

func mathWrapper(n *html.Node) (tex string, display, ok bool) {
	class := attrOf(n, "class")
	for _, key := range []string{"data-tex", "data-latex", "data-formula", "data-math", "data-katex", "data-expr"} {
		if s := tidyTeX(attrOf(n, key)); s != "" && n.Data != "p" {
			return s, n.Data == "div" || n.Data == "figure" || isDisplayClass(class), true
		}
	}
	if class == "" {
		return "", false, false
	}
	switch {
	case hasClass(n, "katex-display"), hasClass(n, "katex"), hasClass(n, "katex--display"), hasClass(n, "katex--inline"), hasClass(n, "katex-block"):
		return katex(n)
	case anyClass(n, drawn):
		// MathJax leaves its source behind it, or has none but this.
		if script := scriptAfter(n); script != nil || strings.Contains(class, "Preview") || hasClass(n, "katex-html") {
			return "", false, true
		}
		if m := firstElement(n, "math"); m != nil {
			tex, display = mathML(m)
			return tex, display || isDisplayClass(class), tex != ""
		}
		if s := attrOf(n, "data-mathml"); s != "" {
			return mathMarkup(s)
		}
		return "", false, firstElement(n, "script") == nil && strings.HasPrefix(class, "mjx-")
	case hasClass(n, "math"), hasClass(n, "arithmatex"), hasClass(n, "mathjax"), hasClass(n, "tex"), hasClass(n, "latex"), hasClass(n, "math-inline"),
		hasClass(n, "math-display"), hasClass(n, "math-block"):
		return delimited(n, class)
	}
	return "", false, false
}

func isDisplayClass(class string) bool {
	class = strings.ToLower(class)
	return strings.Contains(class, "display") || strings.Contains(class, "block")
}

// katex reads what KaTeX wrote: its annotation, or where only the drawing is left, nothing.
func katex(n *html.Node) (tex string, display, ok bool) {
	display = strings.Contains(attrOf(n, "class"), "display") || hasClass(n, "katex-block")
	if a := firstElement(n, "annotation"); a != nil {
		m := firstElement(n, "math")
		return tidyTeX(textOf(a)), display || m != nil && attrOf(m, "display") == "block", true
	}
	if m := firstElement(n, "math"); m != nil {
		tex, block := mathML(m)
		return tex, display || block, true
	}
	if s := trimDelimiters(textOf(n)); s != "" && firstElement(n, "span") == nil {
		return s, display, true
	}
	return "", false, false
}

// mathContainer reads what MathJax 3 wrote.
func mathContainer(n *html.Node) (tex string, display, ok bool) {
	display = attrOf(n, "display") == "true" || attrOf(n, "display") == "block"
	for _, key := range []string{"data-tex", "data-latex", "data-original", "title"} {
		if s := trimDelimiters(attrOf(n, key)); s != "" {
			return s, display, true
		}
	}
	for d := range n.Descendants() {
		if d.Data == "mjx-math" {
			if s := tidyTeX(firstOf(attrOf(d, "data-latex"), attrOf(d, "data-tex"))); s != "" {
				return s, display, true
			}
		}
	}
	if m := firstElement(n, "math"); m != nil {
		tex, block := mathML(m)
		return tex, display || block, true
	}
	return tidyTeX(attrOf(n, "aria-label")), display, true
}

// scriptAfter is the source that MathJax 2 keeps behind its drawing.
func scriptAfter(n *html.Node) *html.Node {
	for c, steps := n.NextSibling, 0; c != nil && steps < 4; c, steps = c.NextSibling, steps+1 {
		if c.Data == "script" && strings.HasPrefix(attrOf(c, "type"), "math/") {
			return c
		}
	}
	return nil
}

// delimited reads an element whose class says that its text is a formula, between delimiters or not.
func delimited(n *html.Node, class string) (tex string, display, ok bool) {
	if firstElement(n, "math", "script", "img", "p", "mjx-container", "a", "span") != nil {
		return "", false, false
	}
	text := strings.TrimSpace(textOf(n))
	s := trimDelimiters(text)
	display = n.Data == "div" || isDisplayClass(class) || strings.HasPrefix(text, `\[`) || strings.HasPrefix(text, "$$")
	if s == "" || s == text && n.Data != "span" && !looksTeX(s) || s == text && !strings.HasPrefix(class, "math") && !looksTeX(s) {
		return "", false, false
	}
	return s, display, true
}

var (
	mathImageClass = map[string]bool{"latex": true, "ql-img-inline-formula": true, "ql-img-displayed-equation": true, "tex": true, "mathtex-equation-editor": true, "math": true}
	mathImageHost  = expr(`(?i)(?:latex\.php\?|/latex\b.*[?&](?:latex|tex)=|latex\.codecogs\.com/|zhihu\.com/equation\?tex=|math\.now\.sh|mathtex\.cgi|mimetex\.cgi|/cgi-bin/mathtex|chart\?cht=tx|equatio\.png)`)
)

// mathImage reads a formula that is drawn as an image and kept in its alternative text.
func mathImage(n *html.Node) (tex string, display, ok bool) {
	alt := strings.TrimSpace(attrOf(n, "alt"))
	class := attrOf(n, "class")
	if anyClass(n, drawn) && n.Parent != nil && firstElement(n.Parent, "math") != nil {
		return "", false, true
	}
	display = strings.Contains(class, "displayed-equation") || hasClass(n, "display")
	if alt == "" {
		alt = attrOf(n, "data-formula")
	}
	if anyClass(n, mathImageClass) || strings.HasPrefix(class, "ql-img") || mathImageHost.MatchString(attrOf(n, "src")) || hasAttr(n, "eeimg") || hasAttr(n, "data-formula") {
		if alt == "" || strings.HasPrefix(alt, "http") {
			alt = addressTeX(attrOf(n, "src"))
		}
		if s := trimDelimiters(alt); s != "" {
			return s, display || strings.HasPrefix(alt, `\[`) || strings.HasPrefix(alt, "$$"), true
		}
		return "", false, false
	}
	if strings.HasPrefix(alt, "$latex ") && strings.HasSuffix(alt, "$") || len(alt) > 4 && strings.HasPrefix(alt, "$$") && strings.HasSuffix(alt, "$$") ||
		strings.HasPrefix(alt, `\(`) && strings.HasSuffix(alt, `\)`) || strings.HasPrefix(alt, `\[`) && strings.HasSuffix(alt, `\]`) {
		s := trimDelimiters(alt)
		return s, strings.HasPrefix(alt, "$$") || strings.HasPrefix(alt, `\[`), s != ""
	}
	return "", false, false
}

// drawingOptions are what services that draw formulas read before the TeX itself.
var drawingOptions = expr(`^(?:\s|\\(?:dpi|bg|fn|color|fg)(?:_\w+|\{[^}]*\})|\\(?:inline|tiny|small|large|huge|normalsize|Large|LARGE)\b)+`)

// addressTeX is the TeX that the address of a drawn formula holds: in a field of its query, or as all of it.
func addressTeX(src string) string {
	u, err := url.Parse(strings.TrimSpace(src))
	if err != nil || u.RawQuery == "" {
		return ""
	}
	fields := u.Query()
	for _, key := range []string{"tex", "latex", "from", "chl"} {
		if s := fields.Get(key); s != "" {
			return drawingOptions.ReplaceAllString(s, "")
		}
	}
	if s, err := url.PathUnescape(u.RawQuery); err == nil && !strings.Contains(u.RawQuery, "&") {
		return drawingOptions.ReplaceAllString(s, "")
	}
	return ""
}

// trimDelimiters takes the delimiters from around TeX, if it has some.
func trimDelimiters(s string) string {
	s = strings.TrimSpace(s)
	for _, d := range [][2]string{{"$$", "$$"}, {`\[`, `\]`}, {`\(`, `\)`}, {"$latex ", "$"}, {"$", "$"}, {"[latex]", "[/latex]"}} {
		if len(s) >= len(d[0])+len(d[1]) && strings.HasPrefix(s, d[0]) && strings.HasSuffix(s, d[1]) {
			s = s[len(d[0]) : len(s)-len(d[1])]
			break
		}
	}
	return tidyTeX(s)
}

// texQuotes are what blog software makes of characters that TeX needs plain.
var texQuotes = strings.NewReplacer("\u2018", "'", "\u2019", "'", "\u2032", "'", "\u00a0", " ", "\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u200b", "", "\ufeff", "")

var blankLines = expr(`[ \t]*\n\s*`)

// tidyTeX is TeX without blank lines, which end a formula, and without what would end its span.
func tidyTeX(s string) string {
	if s == "" {
		return ""
	}
	s = strings.TrimSpace(blankLines.ReplaceAllString(texQuotes.Replace(strings.ToValidUTF8(s, "")), "\n"))
	s = strings.TrimPrefix(strings.TrimSuffix(s, "%]]>"), "% <![CDATA[")
	s = strings.Map(func(r rune) rune {
		if r != '\n' && r != '\t' && isInvisible(r) {
			return -1
		}
		return r
	}, s)
	// A backslash that is left at the end would escape the delimiter.
	for strings.HasSuffix(s, `\`) && !strings.HasSuffix(s, `\\`) {
		s = strings.TrimRight(strings.TrimSuffix(s, `\`), " \n")
	}
	return strings.TrimSpace(s)
}

// looksTeX reports whether text has what only formulas have.
func looksTeX(s string) bool { return strings.ContainsAny(s, `\^_=`) || strings.ContainsAny(s, "{}") }

// mathMarkup reads MathML that stands as text.
func mathMarkup(markup string) (tex string, display, ok bool) {
	nodes, err := html.ParseFragment(strings.NewReader(markup), newElement("div"))
	if err != nil {
		return "", false, false
	}
	for _, n := range nodes {
		if n.Data == "math" {
			tex, display = mathML(n)
			return tex, display, true
		}
	}
	return "", false, false
}
