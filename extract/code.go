package extract

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
)

// This file reads blocks of code out of what highlighters make of them. Rules: the author's lines, exactly; line numbers,
// buttons and titles are not his.

type code struct {
	text     string
	language string
	verse    bool
}

// node is the block as docs/HTML.md has it.
func (c code) node() *html.Node {
	if c.verse {
		return withText("pre", c.text, html.Attribute{Key: "class", Val: "verse"})
	}
	var attr []html.Attribute
	if c.language != "" {
		attr = []html.Attribute{{Key: "class", Val: "language-" + c.language}}
	}
	pre := newElement("pre")
	pre.AppendChild(withText("code", c.text, attr...))
	return pre
}

var mayHoldCode = map[string]bool{"pre": true, "div": true, "figure": true, "table": true, "code": true, "listing": true, "xmp": true, "section": true}

// wrapperClasses are of elements that hold one block of code with its gutter and its buttons.
var wrapperClasses = map[string]bool{
	"highlight": true, "highlighter-rouge": true, "code-toolbar": true, "crayon-syntax": true, "syntaxhighlighter": true, "lntable": true,
	"codehilite": true, "highlighttable": true, "codehilitetable": true, "gist": true, "code-block": true, "codeblock": true,
	"code-wrapper": true, "code-block-wrapper": true, "wp-block-code": true, "wp-block-syntaxhighlighter-code": true, "wp-block-enlighter-codeblock": true,
	"wp-block-code-block-pro": true, "crayon-table": true, "rouge-table": true, "sourceCode": true, "listingblock": true, "src": true,
	"expressive-code": true, "shiki": true, "prettyprint": true, "hljs-ln": true, "js-file-line-container": true, "wp_syntax": true,
	"EnlighterJSWrapper": true, "enlighter-default": true, "dp-highlighter": true, "cnblogs_code": true, "hcb_wrap": true, "code-box": true,
}

// notCode are parts of such elements that are not the author's.
var notCode = map[string]bool{
	"gutter": true, "lnt": true, "ln": true, "lineno": true, "linenos": true, "linenodiv": true, "line-numbers-rows": true, "line-number": true,
	"line-numbers": true, "lines-numbers": true, "crayon-nums": true, "crayon-toolbar": true, "crayon-info": true, "crayon-plain-wrap": true,
	"rouge-gutter": true, "blob-num": true, "hljs-ln-numbers": true, "hljs-ln-n": true, "toolbar": true, "copy": true, "copy-btn": true, "copy-button": true,
	"btn-clipboard": true, "clipboard": true, "code-header": true, "code-title": true, "code-lang": true, "code-info": true, "highlight-tools": true,
	"gist-meta": true, "cnblogs_code_toolbar": true, "dp-highlighter-tools": true, "bar": true, "pre-numbering": true, "hljs-button": true,
	"react-syntax-highlighter-line-number": true, "linenumber": true, "fold-toggle": true, "code-copy": true, "copy-code-button": true,
	"enlighter-toolbar": true, "enlighter-raw": true, "sr-only": true, "screen-reader-text": true, "hidden": true,
}

// codeBlock reads an element as one block of code.
func codeBlock(n *html.Node) (code, bool) {
	switch n.Data {
	case "pre", "listing", "xmp":
		if holdsBlocks(n) {
			return code{}, false
		}
		return codeOf(n, n)
	case "code":
		// Old editors write lines of code as one element with breaks in it.
		if firstElement(n, "br") == nil || firstElement(n, "pre", "p", "div") != nil || !standsAlone(n) {
			return code{}, false
		}
		return codeOf(n, n)
	}
	if !anyClass(n, wrapperClasses) {
		return code{}, false
	}
	source := codeSource(n)
	if source == nil {
		return code{}, false
	}
	return codeOf(source, n)
}

// codeSource is the one element below a wrapper that holds the code; nil where there is none or more than one.
func codeSource(wrapper *html.Node) *html.Node {
	var pres, rows []*html.Node
	foreign := false
	var walk func(n *html.Node)
	walk = func(n *html.Node) {
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			switch {
			case c.Type == html.TextNode:
				foreign = foreign || strings.TrimSpace(c.Data) != ""
			case c.Type != html.ElementNode || isNotCode(c):
			case c.Data == "pre":
				pres = append(pres, c)
			case hasClass(c, "crayon-pre"), c.Data == "td" && (hasClass(c, "code") || hasClass(c, "crayon-code") || hasClass(c, "blob-code")),
				hasClass(c, "js-file-line-container"), c.Data == "code" && firstElement(c, "pre") == nil && n.Data != "p":
				if inner := firstElement(c, "pre"); inner != nil {
					pres = append(pres, inner)
				} else {
					rows = append(rows, c)
				}
			case c.Data == "figcaption", c.Data == "button":
			case hasClass(c, "p") || c.Data == "p":
				foreign = true
			default:
				walk(c)
			}
		}
	}
	walk(wrapper)
	switch {
	case len(pres) == 1 && !foreign:
		return pres[0]
	case len(pres) == 0 && len(rows) == 1:
		return rows[0]
	case len(pres) == 0 && len(rows) > 1 && rows[0].Data == "td":
		// A row for each line, as gists have them.
		if t := ancestor(rows[0], "table"); t != nil && t == ancestor(rows[len(rows)-1], "table") {
			return t
		}
	}
	return nil
}

func ancestor(n *html.Node, name string) *html.Node {
	for ; n != nil; n = n.Parent {
		if n.Data == name {
			return n
		}
	}
	return nil
}

// codeOf reads the text below source; its language may be named at any element up to wrapper, or just around it.
func codeOf(source, wrapper *html.Node) (code, bool) {
	var r codeReader
	r.read(source)
	text := r.b.String()
	if !strings.Contains(text, "\n") && r.spans > 1 {
		// Lines that only a style sheet sets apart.
		r = codeReader{spanLines: true}
		r.read(source)
		text = r.b.String()
	}
	if source.Data != "pre" && source.Data != "code" && firstElement(source, "pre", "code") == nil {
		text = blankEnds.ReplaceAllString(plainQuotes.Replace(text), "")
	}
	text = strings.TrimRight(strings.TrimLeft(text, "\n"), " \t\n")
	if strings.TrimSpace(text) == "" {
		return code{}, false
	}
	c := code{text: text}
	if source.Data == "pre" && (hasClass(source, "verse") || hasClass(source, "wp-block-verse")) {
		c.verse = true
		return c, true
	}
	c.language = languageAround(source, wrapper)
	if c.language == "" {
		c.language = guessLanguage(text)
	}
	if noLanguage[c.language] {
		c.language = ""
	}
	return c, true
}

// blankEnds are what keeps an empty line open where lines are elements.
var blankEnds = regexp.MustCompile(`(?m) +$`)

// plainQuotes undoes what blog software makes of typewriter signs outside of pre.
var plainQuotes = strings.NewReplacer("“", `"`, "”", `"`, "″", `"`, "‘", "'", "’", "'", "′", "'", "…", "...")

// codeReader collects the text of a block of code, line by line.
type codeReader struct {
	b         strings.Builder
	spans     int // elements that are lines by their class
	spanLines bool
	atStart   bool // something was written, and it ended with a line end
}

func (r *codeReader) write(s string) {
	if s == "" {
		return
	}
	if needsPlain(s) {
		s = plainCode(s)
	}
	r.b.WriteString(s)
	r.atStart = strings.HasSuffix(s, "\n")
}

func (r *codeReader) read(n *html.Node) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		switch {
		case c.Type == html.TextNode:
			// Between the rows of a table and the items of a list stands only the page's own indentation.
			if p := c.Parent.Data; (p == "table" || p == "tbody" || p == "tr" || p == "ol" || p == "ul") && strings.TrimSpace(c.Data) == "" {
				continue
			}
			r.write(c.Data)
		case c.Type != html.ElementNode || isNotCode(c):
		case c.Data == "br":
			r.write("\n")
		case r.isLine(c):
			if r.b.Len() > 0 && !r.atStart {
				r.write("\n")
			}
			before := r.b.Len()
			r.read(c)
			if r.b.Len() == before && firstElement(c, "div", "li", "tr", "p") == nil || r.b.Len() > before && !r.atStart {
				r.write("\n")
			}
		default:
			r.read(c)
		}
	}
}

// isLine reports whether an element is a line, or lines, of its own.
func (r *codeReader) isLine(n *html.Node) bool {
	switch n.Data {
	case "div", "li", "tr", "p":
		return true
	case "span":
		if hasClass(n, "line") || hasAttr(n, "data-line") || hasClass(n, "view-line") {
			r.spans++
			return r.spanLines
		}
	}
	return false
}

func isNotCode(n *html.Node) bool {
	switch n.Data {
	case "button", "script", "style", "textarea", "svg", "select", "template":
		return true
	case "td", "span", "div", "a", "pre", "code", "p", "ul", "figcaption":
	default:
		return false
	}
	for i := range n.Attr {
		switch a := &n.Attr[i]; a.Key {
		case "class":
			// prism puts "line-numbers" on the code itself.
			if n.Data != "pre" && n.Data != "code" && anyClass(n, notCode) || hasClass(n, "lineno") || hasClass(n, "gutter") {
				return true
			}
		case "style":
			if strings.Contains(a.Val, "user-select:none") || strings.Contains(a.Val, "user-select: none") {
				return true
			}
		case "data-clipboard-text", "data-clipboard-target":
			return true
		}
	}
	// Only line numbers stand in the first of two columns.
	if n.Data == "pre" && firstElement(n, "span") != nil && isDigits(textOf(n)) && n.Parent != nil && n.Parent.Data == "td" {
		return true
	}
	return false
}

func isDigits(s string) bool {
	found := false
	for i := 0; i < len(s); i++ {
		if isDigit(s[i]) {
			found = true
		} else if !isSpace(s[i]) {
			return false
		}
	}
	return found
}

func needsPlain(s string) bool {
	if !utf8.ValidString(s) {
		return true
	}
	for i := 0; i < len(s); i++ {
		if c := s[i]; c < ' ' && c != '\n' && c != '\t' || c == 0x7f || c == 0xC2 || c == 0xE2 || c == 0xEF || c >= 0xF0 {
			return true
		}
	}
	return false
}

// plainCode makes line ends "\n" and no-break spaces spaces, and drops what is invisible.
func plainCode(s string) string {
	s = strings.ToValidUTF8(strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n"), "\uFFFD")
	return strings.Map(func(r rune) rune {
		switch {
		case r == 0xA0 || r == 0x2028 || r == 0x2029:
			return ' '
		case isInvisible(r):
			return -1
		}
		return r
	}, s)
}

// holdsBlocks reports whether a pre was misused around ordinary blocks.
func holdsBlocks(n *html.Node) bool {
	return firstElement(n, "h1", "h2", "h3", "h4", "blockquote", "figure") != nil
}

func standsAlone(n *html.Node) bool {
	p := n.Parent
	if p == nil || p.Data != "p" && p.Data != "div" && p.Data != "body" {
		return false
	}
	for c := p.FirstChild; c != nil; c = c.NextSibling {
		if c != n && !(c.Type == html.TextNode && strings.TrimSpace(c.Data) == "") && c.Data != "br" {
			return false
		}
	}
	return true
}

func anyClass(n *html.Node, set map[string]bool) bool {
	class := attrOf(n, "class")
	if class == "" {
		return false
	}
	for name := range strings.FieldsSeq(class) {
		if set[name] {
			return true
		}
	}
	return false
}

// inlineCode writes a piece of code within a line.
func (c *cleaner) inlineCode(n *html.Node) {
	if firstElement(n, "pre", "p", "ul", "table", "img") != nil {
		c.children(n)
		return
	}
	lead, text, trail := squeeze(strings.ReplaceAll(textOf(n), "\u00a0", " "))
	c.gap = max(c.gap, lead)
	if text != "" {
		c.leaf(withText("code", text))
		c.gap = trail
	}
}
