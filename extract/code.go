package extract

import (
	"strings"

	"golang.org/x/net/html"
)

// This file makes blocks of code of what highlighters make of them: code_source.go finds the code, code_lines.go reads its lines,
// code_language.go its language. Rule: the author's lines, exactly.

type code struct {
	text     string
	language string
	verse    bool
	titles   []*html.Node // what stands above the block
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

// codeBlock reads an element as one block of code.
func codeBlock(n *html.Node) (code, bool) {
	switch n.Data {
	case "pre", "listing", "xmp":
		if holdsBlocks(n) {
			return code{}, false
		}
		return codeOf(n, n, wrapped{})
	case "code":
		// Old editors write lines of code as one element with breaks in it.
		if firstElement(n, "br") == nil || firstElement(n, "pre", "p", "div") != nil || !standsAlone(n) {
			return code{}, false
		}
		return codeOf(n, n, wrapped{})
	}
	if !isWrapper(n) {
		return code{}, false
	}
	source, around := codeSource(n)
	if source == nil {
		return code{}, false
	}
	return codeOf(source, n, around)
}

// codeOf reads the text below source; its language may be named at any element up to wrapper, just around it, or in words.
func codeOf(source, wrapper *html.Node, around wrapped) (code, bool) {
	r := readCode(source)
	text := r.text()
	if source.Data != "pre" && source.Data != "code" && firstElement(source, "pre", "code") == nil {
		text = blankEnds.ReplaceAllString(plainQuotes.Replace(text), "")
	}
	text = typed(trimCode(text), around.copies)
	if strings.TrimSpace(text) == "" {
		return code{}, false
	}
	c := code{text: text, titles: around.titles}
	if source.Data == "pre" && (hasClass(source, "verse") || hasClass(source, "wp-block-verse")) {
		c.verse = true
		return c, true
	}
	c.language = languageAround(source, wrapper)
	if c.language == "" {
		c.language = around.label
	}
	if c.language == "" {
		c.language = guessLanguage(text)
	}
	if noLanguage[c.language] {
		c.language = ""
	}
	if r.hardSpaces && needsTabs[c.language] {
		c.text = tabbed(c.text)
	}
	return c, true
}

// blankEnds are what keeps an empty line open where lines are elements.
var blankEnds = expr(`(?m) +$`)

// plainQuotes undoes what blog software makes of typewriter signs outside of pre.
var plainQuotes = strings.NewReplacer("“", `"`, "”", `"`, "″", `"`, "‘", "'", "’", "'", "′", "'", "…", "...")

// trimCode takes the empty lines from both ends, and the spaces from the end.
func trimCode(s string) string { return strings.TrimRight(strings.TrimLeft(s, "\n"), " \t\n") }

// codeBlock writes a block of code below its titles.
func (c *cleaner) codeBlock(b code) {
	for _, title := range b.titles {
		c.paragraph()
		c.children(title)
		c.divide()
	}
	c.leafBlock(b.node())
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
