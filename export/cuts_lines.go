package export

import (
	"regexp"
	"strings"
)

// This file reads Markdown line by line and knows which lines belong to code and formulas.

type lineKind uint8

const (
	textLine  lineKind = iota
	solidLine          // of a code block or a formula of its own, its fences included
)

// blockReader goes through the lines of a text.
type blockReader struct {
	text        string
	start, end  int // of the line, its line end included
	kind        lineKind
	first, last bool // of a code block or formula
	sign        string
	quotes      int // how many quotes the fence stands in
}

// lead is what a line begins with inside of quotes and lists.
var lead = regexp.MustCompile(`^(?:[ \t]*(?:>|[-*+][ \t]|[0-9]{1,9}[.)][ \t]))*[ \t]*`)

func (r *blockReader) next() bool {
	r.start = r.end
	if r.start >= len(r.text) {
		return false
	}
	if i := strings.IndexByte(r.text[r.start:], '\n'); i >= 0 {
		r.end = r.start + i + 1
	} else {
		r.end = len(r.text)
	}
	line := strings.TrimRight(r.text[r.start:r.end], " \t\r\n")
	if r.kind == solidLine && !r.last {
		r.first = false
		r.last = r.closes(line) || r.end == len(r.text)
		return true
	}
	r.kind, r.first, r.last = textLine, true, false
	prefix := lead.FindString(line)
	rest := line[len(prefix):]
	r.quotes = strings.Count(prefix, ">")
	switch {
	case strings.HasPrefix(rest, "```") || strings.HasPrefix(rest, "~~~"):
		n := len(rest) - len(strings.TrimLeft(rest, rest[:1]))
		if rest[0] == '~' || !strings.Contains(rest[n:], "`") {
			r.kind, r.sign = solidLine, rest[:n]
			r.last = r.end == len(r.text)
		}
	case strings.HasPrefix(rest, "$$"):
		switch i := strings.Index(rest[2:], "$$"); {
		case i >= 0 && len(rest) == i+4: // on one line
			r.kind, r.last = solidLine, true
		case i < 0 && strings.Contains(r.text[r.end:], "$$"):
			r.kind, r.sign = solidLine, "$$"
		}
	}
	return true
}

// closes reports whether a line ends the code block or the formula.
func (r *blockReader) closes(line string) bool {
	if r.sign == "$$" {
		return strings.HasSuffix(line, "$$")
	}
	line = strings.TrimLeft(line, " \t")
	for range r.quotes {
		line = strings.TrimLeft(strings.TrimPrefix(line, ">"), " \t")
	}
	return len(line) >= len(r.sign) && strings.Trim(line, r.sign[:1]) == ""
}

// headingLine is a heading with its level and text.
var headingLine = regexp.MustCompile(`^ {0,3}(#{1,6})(?:[ \t]+(.*?))?(?:[ \t]+#+)?[ \t]*\r?\n?$`)

// heading is the level of a heading and its text; 0 for any other line.
func heading(line string) (level int, title string) {
	if !strings.Contains(line, "#") {
		return 0, ""
	}
	m := headingLine.FindStringSubmatch(line)
	if m == nil {
		return 0, ""
	}
	return len(m[1]), plain(wordsOf(m[2]))
}

// marks are the signs of Markdown in a line, with what of them is text: that of links and pictures, what is escaped, what emphasis and
// code are around. Formulas stay as they are.
var marks = regexp.MustCompile("\\\\([!-/:-@\\[-`{-~])|(\\$+[^$]+\\$+)|!?\\[([^\\[\\]]*)\\]\\([^()]*\\)|\\*+|`+")

// wordsOf is a line of Markdown without its marks.
func wordsOf(line string) string { return marks.ReplaceAllString(line, "$1$2$3") }
