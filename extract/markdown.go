package extract

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/JohannesKaufmann/html-to-markdown/v2/converter"
	"golang.org/x/net/html"
)

// This file and its neighbours write the Markdown of a clean tree: CommonMark with GFM's tables, task lists, strikethrough and
// footnotes, and TeX between dollar signs. Rules: a CommonMark reader gives back the words of the tree, each once; a character is
// escaped only where it would be read as markup; a line ends without spaces.
//
// The converter is html-to-markdown's; the renderers are a plugin of ours and the only one. Those that the library comes with are
// made for any HTML, change the tree, escape every character through a table, and lose what a clean tree holds: code in quotes,
// emphasis beside Chinese punctuation, spans of tables. A clean tree has few elements, so each is written here.

// markdown turns clean trees into Markdown. It is safe for concurrent use, and leaves the trees as they are.
var markdown = converter.NewConverter(converter.WithPlugins(markdownPlugin{}), converter.WithEscapeMode(converter.EscapeModeDisabled))

// toMarkdown is the Markdown of a clean tree. It ends with one line end, and is empty for an empty tree.
func toMarkdown(tree *html.Node) (string, error) {
	b, err := markdown.ConvertNode(tree)
	if err != nil {
		return "", err
	}
	if len(b) == 0 {
		return "", nil
	}
	return string(append(b, '\n')), nil
}

type markdownPlugin struct{}

func (markdownPlugin) Name() string { return "archiver" }

func (p markdownPlugin) Init(conv *converter.Converter) error {
	conv.Register.Renderer(p.render, converter.PriorityEarly)
	return nil
}

// render writes one node: a block without the blank lines around it, or a phrase.
func (p markdownPlugin) render(ctx converter.Context, w converter.Writer, n *html.Node) converter.RenderStatus {
	b, ok := w.(*bytes.Buffer)
	if !ok {
		return converter.RenderTryNext
	}
	if isInline(n) {
		p.phrase(ctx, b, n)
		return converter.RenderSuccess
	}
	if n.Type != html.ElementNode {
		b.Write(p.blocks(ctx, n, false))
		return converter.RenderSuccess
	}
	switch n.Data {
	case "p":
		p.paragraph(ctx, b, children(n))
	case "h1", "h2", "h3", "h4", "h5", "h6":
		p.heading(ctx, b, n)
	case "blockquote":
		prefixLines(b, p.blocks(ctx, n, false), "> ", "> ")
	case "pre":
		p.pre(b, n)
	case "ul", "ol":
		p.list(ctx, b, n)
	case "dl":
		p.terms(ctx, b, n)
	case "table":
		p.table(ctx, b, n)
	case "hr":
		b.WriteString("---")
	case "details":
		p.details(ctx, b, n)
	case "figcaption":
		p.caption(ctx, b, n)
	case "section":
		if hasClass(n, "footnotes") {
			p.footnotes(ctx, b, n)
			break
		}
		b.Write(p.blocks(ctx, n, false))
	default: // li outside of a list, figure, div and what else holds blocks
		b.Write(p.blocks(ctx, n, false))
	}
	return converter.RenderSuccess
}

// blocks writes what is in n, block by block: phrases that stand between blocks are paragraphs. In a tight list, lists follow
// their item's text without a blank line.
func (p markdownPlugin) blocks(ctx converter.Context, n *html.Node, tight bool) []byte {
	return p.blocksFrom(ctx, n.FirstChild, tight, textSize(n))
}

// blocksFrom is blocks for n and those after it. size is how long their text is, about.
func (p markdownPlugin) blocksFrom(ctx converter.Context, c *html.Node, tight bool, size int) []byte {
	var all, one bytes.Buffer
	all.Grow(size + size/8)
	for c != nil {
		one.Reset()
		start := c
		if isInline(c) {
			var run []*html.Node
			for ; c != nil && isInline(c); c = c.NextSibling {
				run = append(run, c)
			}
			p.paragraph(ctx, &one, run)
		} else {
			ctx.RenderNodes(ctx, &one, c)
			c = c.NextSibling
		}
		if one.Len() == 0 {
			continue
		}
		if all.Len() > 0 {
			all.WriteByte('\n')
			if !tight || !interrupts(start) {
				all.WriteByte('\n')
			}
		}
		all.Write(one.Bytes())
	}
	return all.Bytes()
}

// interrupts reports whether a list may follow a line of text without a blank line.
func interrupts(n *html.Node) bool {
	return n.Data == "ul" || n.Data == "ol" && firstNumber(n) == 1
}

// paragraph writes phrases as a paragraph. A formula that is all there is stands on lines of its own.
func (p markdownPlugin) paragraph(ctx converter.Context, b *bytes.Buffer, run []*html.Node) {
	if len(run) == 1 && spanKind(run[0]) == "display" {
		displayMath(b, texOf(run[0]))
		return
	}
	var line bytes.Buffer
	p.phrases(ctx, &line, run)
	escapeLines(b, bytes.Trim(line.Bytes(), " \n"))
}

func (p markdownPlugin) heading(ctx converter.Context, b *bytes.Buffer, n *html.Node) {
	var line bytes.Buffer
	p.phrases(ctx, &line, children(n))
	text := bytes.TrimSpace(line.Bytes())
	if len(text) == 0 {
		return
	}
	b.WriteString("######"[:n.Data[1]-'0'])
	b.WriteByte(' ')
	if text[len(text)-1] == '#' { // or it would be taken for the heading's end
		text = append(text[:len(text)-1:len(text)-1], `\#`...)
	}
	b.Write(text)
}

func (p markdownPlugin) pre(b *bytes.Buffer, n *html.Node) {
	text := textOf(n)
	if hasClass(n, "verse") {
		verse(b, text)
		return
	}
	language := ""
	if c := n.FirstChild; c != nil && c.Data == "code" {
		language = strings.TrimPrefix(attrOf(c, "class"), "language-")
	}
	fence := strings.Repeat("`", max(3, longestRun(text, '`')+1))
	b.WriteString(fence)
	b.WriteString(language)
	b.WriteByte('\n')
	b.WriteString(text)
	b.WriteByte('\n')
	b.WriteString(fence)
}

// verse writes lines that are lines of a poem; they keep their indents as spaces that do not break.
func verse(b *bytes.Buffer, text string) {
	var line bytes.Buffer
	for i, s := range strings.Split(text, "\n") {
		if i > 0 {
			if strings.TrimSpace(s) != "" && line.Len() > 0 {
				line.WriteByte('\\')
			}
			line.WriteByte('\n')
		}
		words := strings.Trim(s, " \t")
		if words == "" {
			continue
		}
		line.WriteString(strings.Repeat("\u00a0", len(s)-len(strings.TrimLeft(s, " \t"))))
		escapeText(&line, words, surroundings{before: '\n', after: '\n', dollars: true})
	}
	escapeLines(b, bytes.TrimSpace(line.Bytes()))
}

func (p markdownPlugin) list(ctx converter.Context, b *bytes.Buffer, n *html.Node) {
	loose := isLoose(n)
	number := firstNumber(n)
	// Two lists side by side are two lists only where their marks differ.
	mark, second := ".", false
	for prev := n.PrevSibling; prev != nil; prev = prev.PrevSibling {
		if prev.Type == html.TextNode && strings.TrimSpace(prev.Data) == "" {
			continue
		}
		if prev.Data != n.Data {
			break
		}
		second = !second
	}
	if second {
		mark = ")"
	}
	first := true
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type != html.ElementNode {
			continue
		}
		if !first {
			b.WriteByte('\n')
			if loose {
				b.WriteByte('\n')
			}
		}
		first = false
		bullet := "- "
		if n.Data == "ol" {
			if value, err := strconv.Atoi(attrOf(c, "value")); err == nil {
				number = clampNumber(value)
			}
			bullet = strconv.Itoa(number) + mark + " "
			number++
		} else if second {
			bullet = "* "
		}
		content := p.blocks(ctx, c, !loose)
		switch task := attrOf(c, "class"); {
		case task == "task":
			content = append([]byte("[ ] "), content...)
		case task == "task done":
			content = append([]byte("[x] "), content...)
		case len(content) > 3 && content[0] == '[' && content[2] == ']' && strings.IndexByte(" xX", content[1]) >= 0:
			content = append([]byte(`\`), content...)
		}
		if len(content) == 0 {
			b.WriteString(strings.TrimRight(bullet, " "))
			continue
		}
		prefixLines(b, content, bullet, strings.Repeat(" ", len(bullet)))
	}
}

// isLoose reports whether an item of the list holds more than a line of text and lists.
func isLoose(n *html.Node) bool {
	for item := n.FirstChild; item != nil; item = item.NextSibling {
		for c := item.FirstChild; c != nil; c = c.NextSibling {
			if isInline(c) || interrupts(c) || c.Data == "ol" && c == item.FirstChild {
				continue
			}
			if c == item.FirstChild && c == item.LastChild && c.Data != "p" && c.Data != "pre" {
				continue
			}
			return true
		}
	}
	return false
}

func firstNumber(n *html.Node) int {
	if start, err := strconv.Atoi(attrOf(n, "start")); err == nil {
		return clampNumber(start)
	}
	return 1
}

// clampNumber keeps the number of an item within what CommonMark reads as one.
func clampNumber(n int) int { return min(max(n, 0), 999_999_000) }

// terms writes a list of terms as PHP Markdown Extra and pandoc read it; others show it as paragraphs.
func (p markdownPlugin) terms(ctx converter.Context, b *bytes.Buffer, n *html.Node) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		content := p.blocks(ctx, c, false)
		if len(content) == 0 {
			continue
		}
		if b.Len() > 0 {
			b.WriteString("\n\n")
		}
		if c.Data == "dt" {
			b.Write(content)
			continue
		}
		prefixLines(b, content, ": ", "  ")
	}
}

func (p markdownPlugin) details(ctx converter.Context, b *bytes.Buffer, n *html.Node) {
	b.WriteString("<details")
	if hasAttr(n, "open") {
		b.WriteString(" open")
	}
	b.WriteString(">\n")
	start := n.FirstChild
	if start != nil && start.Data == "summary" {
		b.WriteString(inlineHTML(start))
		b.WriteByte('\n')
		start = start.NextSibling
	}
	content := p.blocksFrom(ctx, start, false, 0)
	if len(content) > 0 {
		b.WriteByte('\n')
		b.Write(content)
		b.WriteString("\n\n")
	}
	b.WriteString("</details>")
}

// caption writes a caption as emphasis, where it has none of its own.
func (p markdownPlugin) caption(ctx converter.Context, b *bytes.Buffer, n *html.Node) {
	for d := range n.Descendants() {
		if !isInline(d) && !within(d, "span") || d.Data == "em" || d.Data == "strong" || d.Data == "br" || d.Data == "img" {
			b.Write(p.blocks(ctx, n, false))
			return
		}
	}
	var line bytes.Buffer
	p.phrases(ctx, &line, children(n))
	if text := bytes.TrimSpace(line.Bytes()); len(text) > 0 {
		b.WriteByte('*')
		b.Write(text)
		b.WriteByte('*')
	}
}

func (p markdownPlugin) footnotes(ctx converter.Context, b *bytes.Buffer, n *html.Node) {
	for list := n.FirstChild; list != nil; list = list.NextSibling {
		for li := list.FirstChild; li != nil; li = li.NextSibling {
			if li.Data != "li" {
				continue
			}
			if b.Len() > 0 {
				b.WriteString("\n\n")
			}
			label := "[^" + strings.TrimPrefix(attrOf(li, "id"), "fn-") + "]: "
			prefixLines(b, p.blocks(ctx, li, false), label, "    ")
		}
	}
}

func children(n *html.Node) []*html.Node {
	var list []*html.Node
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		list = append(list, c)
	}
	return list
}

// prefixLines writes lines with something before each: first before the first, rest before the others. A blank line takes no
// spaces.
func prefixLines(b *bytes.Buffer, content []byte, first, rest string) {
	prefix := first
	for line := range bytes.SplitSeq(content, []byte("\n")) {
		if len(line) == 0 {
			prefix = strings.TrimRight(prefix, " ")
		}
		b.WriteString(prefix)
		b.Write(line)
		b.WriteByte('\n')
		prefix = rest
	}
	b.Truncate(b.Len() - 1)
}

func longestRun(s string, c byte) int {
	longest, run := 0, 0
	for i := 0; i < len(s); i++ {
		if s[i] != c {
			run = 0
			continue
		}
		run++
		longest = max(longest, run)
	}
	return longest
}
