package extract

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
)

// This file reads the lines of a block of code. Rules: an element that is a line by its kind or its place ends with a line end, once;
// line numbers are dropped, be they named so or just be the numbers of all lines; tabs, blank lines and every other space stay.

// codeReader collects the text of a block of code, line by line.
type codeReader struct {
	b         strings.Builder
	spans     int // elements that are lines by their class
	spanLines bool
	atStart   bool // something was written, and it ended with a line end
	// hardSpaces is set where the page has spaces that do not break for what may have been tabs.
	hardSpaces bool
	numbers    []lineNumber
}

// lineNumber is an element with nothing but a number in it that begins a line.
type lineNumber struct{ start, end, number int }

// readCode reads what is below source.
func readCode(source *html.Node) *codeReader {
	r := &codeReader{}
	r.read(source)
	if r.spans > 1 && !strings.Contains(r.b.String(), "\n") {
		// Lines that only a style sheet sets apart.
		r = &codeReader{spanLines: true}
		r.read(source)
	}
	return r
}

// text is what was read, without the numbers of lines where all lines have theirs.
func (r *codeReader) text() string {
	text := r.b.String()
	if len(r.numbers) < 2 || len(r.numbers) != strings.Count(strings.TrimRight(text, "\n"), "\n")+1 {
		return text
	}
	var b strings.Builder
	spaced, from := true, 0
	for i, n := range r.numbers {
		if n.number != r.numbers[0].number+i {
			return text
		}
		b.WriteString(text[from:n.start])
		from = n.end
		spaced = spaced && (from == len(text) || text[from] == ' ' || text[from] == '\n')
	}
	b.WriteString(text[from:])
	bare := b.String()
	switch {
	case strings.TrimSpace(bare) == "":
		return text // a list of numbers
	case spaced:
		return strings.ReplaceAll(strings.TrimPrefix(bare, " "), "\n ", "\n")
	}
	return bare
}

func (r *codeReader) write(s string) {
	if s == "" {
		return
	}
	if needsPlain(s) {
		r.hardSpaces = r.hardSpaces || strings.Contains(s, "\u00a0")
		s = plainCode(s)
	}
	r.b.WriteString(s)
	r.atStart = strings.HasSuffix(s, "\n")
}

// phrase reads an element that is not a line.
func (r *codeReader) phrase(n *html.Node) {
	start, first := r.b.Len(), n.FirstChild
	if first == nil || first != n.LastChild || first.Type != html.TextNode || start > 0 && !r.atStart || len(first.Data) > 12 || !isDigits(first.Data) {
		r.read(n)
		return
	}
	number, err := strconv.Atoi(strings.TrimSpace(first.Data))
	r.read(n)
	if err == nil && !r.atStart {
		r.numbers = append(r.numbers, lineNumber{start, r.b.Len(), number})
	}
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
			if r.b.Len() == before && firstElement(c, "div", "li", "tr", "p", "pre") == nil || r.b.Len() > before && !r.atStart {
				r.write("\n")
			}
		default:
			r.phrase(c)
		}
	}
}

// isLine reports whether an element is a line, or lines, of its own.
func (r *codeReader) isLine(n *html.Node) bool {
	switch n.Data {
	case "div", "li", "tr", "p":
		return true
	case "pre":
		return hasClass(n, "CodeMirror-line")
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
	case "button", "script", "style", "textarea", "svg", "select", "template", "clipboard-copy":
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
			if (strings.Contains(a.Val, "copy") || strings.Contains(a.Val, "clipboard")) && n.Data != "pre" && n.Data != "code" &&
				(n.Data != "div" || firstElement(n, "pre") == nil) {
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
	if n.Data != "pre" || n.Parent == nil || n.Parent.Data != "td" || !isDigits(textOf(n)) {
		return false
	}
	beside := elementAfter(n.Parent)
	return firstElement(n, "span") != nil || beside != nil && firstElement(beside, "pre") != nil
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

// tidyCode is code that stands in an attribute or a field.
func tidyCode(s string) string {
	if needsPlain(s) {
		s = plainCode(s)
	}
	return trimCode(s)
}

// needsTabs are languages that are indented by tabs and nothing else.
var needsTabs = map[string]bool{"go": true, "golang": true, "makefile": true, "make": true}

// shownTab is how many spaces highlighters that cannot show tabs write for one.
const shownTab = 4

// tabbed gives code its tabs back where all its lines are indented by as many spaces as stand for tabs.
func tabbed(s string) string {
	var b strings.Builder
	for i, line := range strings.Split(s, "\n") {
		if i > 0 {
			b.WriteByte('\n')
		}
		words := strings.TrimLeft(line, " ")
		indent := len(line) - len(words)
		if words != "" && (indent%shownTab != 0 || words[0] == '\t') {
			return s
		}
		b.WriteString(strings.Repeat("\t", indent/shownTab))
		b.WriteString(words)
	}
	return b.String()
}
