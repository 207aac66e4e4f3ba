package extract

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"github.com/JohannesKaufmann/html-to-markdown/v2/converter"
	"golang.org/x/net/html"
)

// phrases writes what stands in one paragraph.
func (p markdownPlugin) phrases(ctx converter.Context, b *bytes.Buffer, run []*html.Node) {
	for _, n := range run {
		if n.Type == html.TextNode {
			p.phrase(ctx, b, n)
			continue
		}
		ctx.RenderNodes(ctx, b, n)
	}
}

func (p markdownPlugin) phrase(ctx converter.Context, b *bytes.Buffer, n *html.Node) {
	if n.Type == html.TextNode {
		if strings.IndexByte(n.Data, '\n') >= 0 { // only between the blocks of a tree that was read from its text
			b.WriteString(strings.ReplaceAll(n.Data, "\n", " "))
			return
		}
		escapeText(b, n.Data, surroundings{before(b, n), after(n), inLink(n), strings.IndexByte(n.Data, '$') >= 0 && hasDollars(n)})
		return
	}
	switch n.Data {
	case "strong":
		p.emphasis(ctx, b, n, "**")
	case "em":
		p.emphasis(ctx, b, n, "*")
	case "del":
		p.emphasis(ctx, b, n, "~~")
	case "code":
		codeSpan(b, textOf(n))
	case "br":
		switch {
		case within(n, "td", "th"):
			b.WriteString("<br>")
		case within(n, "h1", "h2", "h3", "h4", "h5", "h6"):
			b.WriteByte(' ')
		default:
			b.WriteString("\\\n")
		}
	case "img":
		image(b, n)
	case "a":
		p.link(ctx, b, n)
	case "span":
		switch spanKind(n) {
		case "inline":
			b.WriteString("$" + oneLineTeX(texOf(n)) + "$")
		case "display":
			b.WriteString("$$" + oneLineTeX(texOf(n)) + "$$")
		default:
			p.phrases(ctx, b, children(n))
		}
	case "sup":
		if number := footnoteNumber(n); number != "" {
			b.WriteString("[^" + number + "]")
			return
		}
		p.tagged(ctx, b, n)
	case "sub", "kbd", "mark", "ins":
		p.tagged(ctx, b, n)
	case "q":
		b.WriteByte('"')
		p.phrases(ctx, b, children(n))
		b.WriteByte('"')
	default: // small, cite, abbr, ruby and its parts
		p.phrases(ctx, b, children(n))
	}
}

// tagged writes an element for which Markdown has no sign as HTML.
func (p markdownPlugin) tagged(ctx converter.Context, b *bytes.Buffer, n *html.Node) {
	b.WriteString("<" + n.Data + ">")
	p.phrases(ctx, b, children(n))
	b.WriteString("</" + n.Data + ">")
}

// footnoteNumber is the number of a footnote's mark; empty for any other element.
func footnoteNumber(sup *html.Node) string {
	a := sup.FirstChild
	if a == nil || a != sup.LastChild || a.Data != "a" || !hasClass(a, "footnote-ref") {
		return ""
	}
	return strings.TrimPrefix(attrOf(a, "href"), "#fn-")
}

// before is the character that stands before what is to be written for n.
func before(b *bytes.Buffer, n *html.Node) rune {
	if b.Len() > 0 {
		r, _ := utf8.DecodeLastRune(b.Bytes())
		return r
	}
	if n.Parent == nil || !isInline(n.Parent) || n.PrevSibling != nil {
		return '\n'
	}
	return edge(n.Parent, '[')
}

// after is the character that will stand after what is written for n.
func after(n *html.Node) rune {
	for ; n != nil; n = n.Parent {
		if n.NextSibling != nil {
			return lead(n.NextSibling)
		}
		p := n.Parent
		if p == nil || !isInline(p) {
			return '\n'
		}
		if r := edge(p, ']'); r != 0 {
			return r
		}
	}
	return '\n'
}

// edge is the sign that an element puts around what is in it; 0 for none.
func edge(n *html.Node, link rune) rune {
	switch n.Data {
	case "a":
		return link
	case "strong", "em":
		return '*'
	case "del":
		return '~'
	case "q":
		return '"'
	case "sub", "sup", "kbd", "mark", "ins":
		return '<'
	}
	return 0
}

// lead is the first character that will be written for n.
func lead(n *html.Node) rune {
	if n.Type == html.TextNode {
		return firstRune(n.Data)
	}
	switch n.Data {
	case "code":
		return '`'
	case "img":
		return '!'
	case "br":
		return '\\'
	case "span":
		return '$'
	case "sup":
		if footnoteNumber(n) != "" {
			return '['
		}
	}
	if !isInline(n) {
		return '\n'
	}
	if n.Data == "a" && strings.HasPrefix(attrOf(n, "href"), "#") && n.FirstChild != nil {
		return lead(n.FirstChild)
	}
	if r := edge(n, '['); r != 0 {
		return r
	}
	if n.FirstChild != nil {
		return lead(n.FirstChild)
	}
	return after(n)
}

func firstRune(s string) rune { r, size := utf8.DecodeRuneInString(s); return r * rune(min(size, 1)) }

func lastRune(s string) rune {
	r, size := utf8.DecodeLastRuneInString(s)
	return r * rune(min(size, 1))
}

func within(n *html.Node, names ...string) bool {
	for p := n.Parent; p != nil; p = p.Parent {
		for _, name := range names {
			if p.Data == name {
				return true
			}
		}
	}
	return false
}

// hasDollars reports whether the block of a text has more than one dollar sign, those of formulas counted.
func hasDollars(n *html.Node) bool {
	block := n.Parent
	for block.Parent != nil && isInline(block) {
		block = block.Parent
	}
	count := 0
	for d := range block.Descendants() {
		switch {
		case d.Type == html.TextNode:
			count += strings.Count(d.Data, "$")
		case spanKind(d) != "":
			count++
		}
		if count > 1 {
			return true
		}
	}
	return false
}

// inLink reports whether text stands in the brackets of a link.
func inLink(n *html.Node) bool {
	for p := n.Parent; p != nil && isInline(p); p = p.Parent {
		if p.Data == "a" {
			return !strings.HasPrefix(attrOf(p, "href"), "#")
		}
	}
	return false
}

func (p markdownPlugin) link(ctx converter.Context, b *bytes.Buffer, n *html.Node) {
	href := attrOf(n, "href")
	if hasClass(n, "footnote-back") {
		return
	}
	if href == "" || strings.HasPrefix(href, "#") {
		p.phrases(ctx, b, children(n)) // Markdown has no places to lead to
		return
	}
	if textOf(n) == href && n.FirstChild.Type == html.TextNode && !strings.HasPrefix(href, "mailto:") && !strings.ContainsAny(href, "<>| ") {
		b.WriteString("<" + href + ">")
		return
	}
	var text bytes.Buffer
	p.phrases(ctx, &text, children(n))
	if text.Len() == 0 {
		return
	}
	b.WriteByte('[')
	b.Write(text.Bytes())
	b.WriteString("](")
	destination(b, href)
	linkTitle(b, attrOf(n, "title"))
	b.WriteByte(')')
}

func image(b *bytes.Buffer, n *html.Node) {
	b.WriteString("![")
	escapeText(b, strings.ReplaceAll(attrOf(n, "alt"), "\n", " "), surroundings{'[', ']', true, true})
	b.WriteString("](")
	destination(b, attrOf(n, "src"))
	linkTitle(b, attrOf(n, "title"))
	b.WriteByte(')')
}

// destination writes an address. Parentheses that do not pair would end it.
func destination(b *bytes.Buffer, address string) {
	depth := 0
	for i := 0; i < len(address) && depth >= 0; i++ {
		switch address[i] {
		case '(':
			depth++
		case ')':
			depth--
		}
	}
	if depth != 0 {
		address = safeParentheses.Replace(address)
	}
	b.WriteString(safeAddress.Replace(address))
}

// safeAddress escapes what a reader of Markdown, or of formulas in it, would not take for part of an address.
var (
	safeAddress     = strings.NewReplacer(" ", "%20", "<", "%3C", ">", "%3E", `\`, "%5C", "\n", "", "$", "%24")
	safeParentheses = strings.NewReplacer("(", "%28", ")", "%29")
	safeTitle       = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", " ", "&", `\&`, "`", "\\`", "$", `\$`)
)

func linkTitle(b *bytes.Buffer, title string) {
	if title == "" {
		return
	}
	b.WriteString(` "`)
	b.WriteString(safeTitle.Replace(title))
	b.WriteByte('"')
}

// codeSpan writes code within a line, between more backticks than it has in a row.
func codeSpan(b *bytes.Buffer, text string) {
	if text == "" {
		return
	}
	text = strings.ReplaceAll(text, "\n", " ")
	fence := strings.Repeat("`", longestRun(text, '`')+1)
	pad := ""
	if text[0] == '`' || text[len(text)-1] == '`' {
		pad = " "
	}
	b.WriteString(fence + pad + text + pad + fence)
}

// tagLike is a less-than sign of TeX that a reader without formulas would take for a tag.
var tagLike = expr(`<([A-Za-z/!?])`)

func readableTeX(tex string) string {
	if strings.IndexByte(tex, '<') < 0 {
		return tex
	}
	return tagLike.ReplaceAllString(tex, "< $1")
}

func oneLineTeX(tex string) string {
	return readableTeX(strings.ReplaceAll(tex, "\n", " "))
}

// displayMath writes a formula on lines of its own. No line of it may begin as a block of Markdown does.
func displayMath(b *bytes.Buffer, tex string) {
	b.WriteString("$$")
	for line := range strings.SplitSeq(readableTeX(tex), "\n") {
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		var probe bytes.Buffer
		escapeLines(&probe, []byte(line))
		if probe.Len() != len(line) || strings.ContainsAny(line[:1], "=-<>|:~`#*+") {
			b.WriteByte(' ')
		} else {
			b.WriteByte('\n')
		}
		b.WriteString(line)
	}
	b.WriteString("\n$$")
}

// inlineHTML is an element of phrases as HTML on one line.
func inlineHTML(n *html.Node) string {
	var s strings.Builder
	htmlWriter{&s, true}.node(n)
	return strings.ReplaceAll(s.String(), "\n", "&#10;")
}
