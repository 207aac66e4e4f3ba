package extract

import (
	"strings"

	"golang.org/x/net/html"
)

// This file finds the block of code in the elements that a highlighter builds around it. Rules: an element holds one block where
// there is one place with code in it and nothing else but what highlighters add: line numbers, buttons, the name of the
// language, a title. Numbers and buttons are dropped, the name is the block's language where no attribute says it, a title is the
// author's and stays. Several highlighters show spaces for tabs and keep the code as it was typed for their copy buttons: that
// copy is taken where it is, spaces aside, what they show.

var mayHoldCode = map[string]bool{"pre": true, "div": true, "figure": true, "table": true, "code": true, "listing": true, "xmp": true, "section": true}

// wrapperClasses are of elements that hold one block of code with its gutter and its buttons.
var wrapperClasses = map[string]bool{
	"lntable": true, "gist": true, "rouge-table": true, "sourceCode": true, "listingblock": true, "src": true, "expressive-code": true,
	"shiki": true, "prettyprint": true, "hljs-ln": true, "js-file-line-container": true, "wp_syntax": true, "dp-highlighter": true,
	"hcb_wrap": true, "CodeMirror": true, "cm-editor": true, "code": true,
}

// wrapperNames are parts of the names of such classes.
var wrapperNames = []string{
	"highlight", "codehilite", "codeblock", "code-block", "code_block", "code-toolbar", "code-wrap", "code-box", "code-area", "code-container", "codewrap",
	"code-snippet", "code-example", "code-panel", "cnblogs_code", "crayon-syntax", "crayon-table", "enlighter", "wp-block-code", "prettyprint",
}

// isWrapper reports whether an element is by its class one around a block of code.
func isWrapper(n *html.Node) bool {
	class := attrOf(n, "class")
	if class == "" {
		return false
	}
	for name := range strings.FieldsSeq(class) {
		if wrapperClasses[name] || strings.HasPrefix(name, "language-") || strings.HasPrefix(name, "lang-") {
			return true
		}
		name = strings.ToLower(name)
		for _, part := range wrapperNames {
			if strings.Contains(name, part) {
				return true
			}
		}
	}
	return false
}

// notCode are parts of such elements that are not the author's.
var notCode = map[string]bool{
	"gutter": true, "lnt": true, "ln": true, "lineno": true, "linenos": true, "linenodiv": true, "line-numbers-rows": true, "line-number": true,
	"line-numbers": true, "lines-numbers": true, "line_numbers": true, "line-numbers-wrapper": true, "line-nums": true, "linenum": true,
	"crayon-nums": true, "crayon-toolbar": true, "crayon-info": true, "crayon-plain-wrap": true,
	"rouge-gutter": true, "blob-num": true, "hljs-ln-numbers": true, "hljs-ln-n": true, "toolbar": true,
	"btn-clipboard": true, "clipboard": true, "code-header": true, "code-lang": true, "code-info": true, "highlight-tools": true,
	"gist-meta": true, "dp-highlighter-tools": true, "bar": true, "pre-numbering": true, "hljs-button": true,
	"react-syntax-highlighter-line-number": true, "linenumber": true, "fold-toggle": true, "cnblogs_code_toolbar": true,
	"enlighter-toolbar": true, "enlighter-raw": true, "sr-only": true, "screen-reader-text": true, "hidden": true,
	"CodeMirror-gutter-wrapper": true, "CodeMirror-gutters": true, "CodeMirror-measure": true, "CodeMirror-cursors": true, "cm-gutters": true,
	"zeroclipboard-container": true, "lang": true, "window-controls": true, "buttonGroup": true,
}

// maxWrapped is how deep below its wrapper code is looked for: highlighters need half of it, and nested wrappers cost so much each.
const maxWrapped = 12

// wrapped is what an element around a block of code holds.
type wrapped struct {
	pres, rows []*html.Node // places of code: elements of their own, or cells and containers of lines
	copies     []string     // the code as it was typed
	label      string       // the language in words
	titles     []*html.Node
	foreign    bool // there is something else
}

// codeSource is the element below a wrapper that holds the code; nil where there is none or more than one.
func codeSource(wrapper *html.Node) (*html.Node, wrapped) {
	var w wrapped
	w.walk(wrapper, maxWrapped)
	switch {
	case w.foreign:
	case len(w.pres) == 1:
		return w.pres[0], w
	case len(w.pres) == 0 && len(w.rows) == 1:
		return w.rows[0], w
	case len(w.pres) == 0 && len(w.rows) > 1 && w.rows[0].Data == "td":
		// A row for each line, as gists have them.
		if t := ancestor(w.rows[0], "table"); t != nil && t == ancestor(w.rows[len(w.rows)-1], "table") {
			return t, w
		}
	}
	return nil, w
}

func (w *wrapped) walk(n *html.Node, depth int) {
	for c := n.FirstChild; c != nil && !w.foreign; c = c.NextSibling {
		switch {
		case c.Type == html.TextNode:
			w.word(c.Data)
		case c.Type != html.ElementNode:
		case isTitle(c):
			w.title(c)
		case isNotCode(c) || c.Data != "pre" && isHidden(c) || c.Data == "pre" && hasClass(c, "enlighter-raw"):
			w.tools(c, depth)
		case hasClass(c, "CodeMirror-code") || hasClass(c, "cm-content"):
			w.rows = append(w.rows, c)
		case c.Data == "pre":
			w.pres = append(w.pres, c)
		case hasClass(c, "crayon-pre"), c.Data == "td" && (hasClass(c, "code") || hasClass(c, "crayon-code") || hasClass(c, "blob-code")),
			hasClass(c, "js-file-line-container"), c.Data == "code" && firstElement(c, "pre") == nil && n.Data != "p",
			hasClass(c, "enlighter"):
			if inner := firstElement(c, "pre"); inner != nil {
				w.pres = append(w.pres, inner)
			} else {
				w.rows = append(w.rows, c)
			}
		case depth == 0 || hasClass(c, "p") || notBesideCode[c.Data]:
			w.foreign = true
		default:
			w.walk(c, depth-1)
		}
		w.foreign = w.foreign || len(w.pres) > 1
	}
}

// notBesideCode are elements that no highlighter writes.
var notBesideCode = map[string]bool{
	"p": true, "img": true, "picture": true, "amp-img": true, "iframe": true, "video": true, "audio": true, "object": true, "embed": true, "hr": true,
	"math": true,
}

// title takes a title, or the label that stands in its place.
func (w *wrapped) title(n *html.Node) {
	if text := shownText(n); isLabel(text) {
		w.word(text)
		return
	}
	w.titles = append(w.titles, n)
}

// word takes a text that stands beside the code.
func (w *wrapped) word(s string) {
	s = oneLine(s)
	switch l := labelLanguage(s); {
	case l != "":
		if w.label == "" {
			w.label = l
		}
	case !isLabel(s):
		w.foreign = true
	}
}

// tools looks among the buttons for what is worth keeping.
func (w *wrapped) tools(n *html.Node, depth int) {
	w.typed(n)
	if l := labelLanguage(oneLine(textOf(n))); l != "" && w.label == "" {
		w.label = l
	}
	if depth == 0 || n.Data == "textarea" {
		return
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type != html.ElementNode {
			continue
		}
		if isTitle(c) {
			w.title(c)
			continue
		}
		w.tools(c, depth-1)
	}
}

// typed takes the code of a copy button.
func (w *wrapped) typed(n *html.Node) {
	if n.Data == "textarea" || n.Data == "pre" && hasClass(n, "enlighter-raw") {
		w.copies = append(w.copies, textOf(n))
	}
	for _, key := range []string{"data-code", "data-clipboard-text"} {
		if s := attrOf(n, key); s != "" {
			w.copies = append(w.copies, s)
		}
	}
	if n.Data == "clipboard-copy" && attrOf(n, "value") != "" {
		w.copies = append(w.copies, attrOf(n, "value"))
	}
}

// typed is the copy that is what is shown, spaces aside; what is shown where none is.
func typed(shown string, copies []string) string {
	for _, s := range copies {
		if s = tidyCode(s); s != shown && withoutSpaces(s) == withoutSpaces(shown) {
			return s
		}
	}
	return shown
}

func withoutSpaces(s string) string { return strings.Join(strings.Fields(s), "") }

// isTitle reports whether an element beside code holds its title.
func isTitle(n *html.Node) bool {
	if n.Data == "figcaption" || n.Data == "caption" {
		return true
	}
	if n.Data == "button" || n.Data == "pre" || n.Data == "code" {
		return false
	}
	for name := range strings.FieldsSeq(strings.ToLower(attrOf(n, "class"))) {
		if strings.Contains(name, "title") || strings.Contains(name, "filename") || strings.Contains(name, "file-name") {
			return true
		}
	}
	return false
}

// buttonWords are what the buttons beside code say.
var buttonWords = map[string]bool{
	"copy": true, "copy code": true, "copied": true, "copied!": true, "raw": true, "view raw": true, "plain text": true, "expand": true,
	"collapse": true, "wrap": true, "run": true, "code": true, "复制": true, "复制代码": true, "已复制": true, "已复制!": true, "复制成功": true,
	"代码": true, "展开": true, "收起": true, "折叠": true, "运行": true, "下载": true, "複製": true, "複製程式碼": true, "コピー": true,
	"untitled": true,
}

// isLabel reports whether a text is none of the author's: a button's, a language's name, line numbers.
func isLabel(s string) bool {
	return s == "" || buttonWords[strings.ToLower(s)] || isDigits(s) || labelLanguage(s) != "" || noLanguage[strings.ToLower(s)]
}

// labelLanguage is the language whose name a text is.
func labelLanguage(s string) string {
	if len(s) > 20 {
		return ""
	}
	if !knownLanguages[strings.ToLower(s)] {
		return ""
	}
	return tidyLanguage(s)
}

func ancestor(n *html.Node, name string) *html.Node {
	for ; n != nil; n = n.Parent {
		if n.Data == name {
			return n
		}
	}
	return nil
}
