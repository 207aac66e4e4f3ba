package extract

import (
	"bytes"
	"strings"
	"unicode"
)

// This file decides which characters of text are escaped. Rules: what CommonMark, GFM or a reader of formulas would take for
// markup is; nothing else: a page of Chinese prose has no backslash in it.

// special are the characters that may be markup within a line.
var special = [256]bool{
	'\\': true, '`': true, '*': true, '_': true, '[': true, ']': true, '<': true, '&': true, '~': true, '!': true, '$': true, '(': true, ':': true,
}

// surroundings is where text stands: between two characters, in the brackets of a link, in a block that has another dollar sign.
type surroundings struct {
	before, after rune
	inLink        bool
	dollars       bool
}

// escapeText writes text.
func escapeText(b *bytes.Buffer, s string, at surroundings) {
	before, after, inLink := at.before, at.after, at.inLink
	start := 0
	tildes := -1
	for i := 0; i < len(s); i++ {
		c := s[i]
		if !special[c] {
			continue
		}
		escape := false
		switch c {
		case '`':
			escape = true
		case '\\':
			next := byteAfter(s, i, after)
			escape = next >= '!' && next <= '~' && !isDigit(next) && !isASCIILetter(next) || next == '\n'
		case '*':
			l, r := around(s, i, before, after)
			escape = !(isBlank(l) && isBlank(r))
		case '_':
			l, r := around(s, i, before, after)
			escape = !(isBlank(l) && isBlank(r)) && !(isWordRune(l) && isWordRune(r))
		case '[':
			escape = inLink || byteAfter(s, i, after) == '^'
		case ']':
			next := byteAfter(s, i, after)
			escape = inLink || next == '(' || next == '[' || next == ':'
		case '(', ':':
			escape = i == 0 && before == ']' && b.Len() > 0
		case '<':
			next := byteAfter(s, i, after)
			escape = isASCIILetter(next) || next == '/' || next == '!' || next == '?'
		case '&':
			escape = isEntity(s[i:])
		case '~':
			if tildes < 0 {
				tildes = strings.Count(s, "~")
			}
			escape = tildes > 1 || before == '~' || after == '~'
		case '!':
			escape = i == len(s)-1 && after == '['
		case '$':
			escape = at.dollars
		}
		if escape {
			b.WriteString(s[start:i])
			b.WriteByte('\\')
			start = i
		}
	}
	b.WriteString(s[start:])
}

// byteAfter is the byte after s[i]; of characters beyond ASCII, one that is none.
func byteAfter(s string, i int, after rune) byte {
	if i+1 < len(s) {
		return s[i+1]
	}
	if after < 0x80 {
		return byte(after)
	}
	return 0xff
}

// around are the characters on both sides of s[i].
func around(s string, i int, before, after rune) (rune, rune) {
	if i > 0 {
		before = lastRune(s[:i])
	}
	if i+1 < len(s) {
		after = firstRune(s[i+1:])
	}
	return before, after
}

func isWordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// isEntity reports whether s begins as the reference to a character does.
func isEntity(s string) bool {
	for i := 1; i < len(s) && i < 34; i++ {
		switch c := s[i]; {
		case c == ';':
			return i > 1
		case isASCIILetter(c), isDigit(c), c == '#' && i == 1:
		default:
			return false
		}
	}
	return false
}

// escapeLines writes the lines of a paragraph so that none begins a block of another kind.
func escapeLines(b *bytes.Buffer, text []byte) {
	if len(text) == 0 {
		return
	}
	first := true
	for line := range bytes.SplitSeq(text, []byte("\n")) {
		if !first {
			b.WriteByte('\n')
		}
		line = bytes.TrimLeft(line, " \t")
		at := blockSign(line, first)
		first = false
		if at < 0 {
			b.Write(line)
			continue
		}
		b.Write(line[:at])
		b.WriteByte('\\')
		b.Write(line[at:])
	}
}

// blockSign is where the sign stands by which a line would begin a block; -1 if it would not.
func blockSign(line []byte, first bool) int {
	if len(line) == 0 {
		return -1
	}
	endsAt := func(i int) bool {
		return i >= len(line) || line[i] == ' ' || line[i] == '\t' || line[i] == '\\' && i == len(line)-1
	}
	switch c := line[0]; c {
	case '>':
		return 0
	case '#':
		n := 1
		for n < len(line) && line[n] == '#' {
			n++
		}
		if n <= 6 && endsAt(n) {
			return 0
		}
	case '-', '+', '*':
		if endsAt(1) || c == '-' && onlyOf(line, "- \\") || onlyOf(line, "-:| \\") && c == '-' {
			return 0
		}
	case '=':
		if !first && onlyOf(line, "= \\") {
			return 0
		}
	case '|', ':':
		if onlyOf(line, "-:| \\") && bytes.IndexByte(line, '-') >= 0 {
			return 0
		}
	case '0', '1', '2', '3', '4', '5', '6', '7', '8', '9':
		n := 1
		for n < len(line) && n < 9 && isDigit(line[n]) {
			n++
		}
		if n < len(line) && (line[n] == '.' || line[n] == ')') && endsAt(n+1) {
			return n
		}
	}
	return -1
}

func onlyOf(line []byte, set string) bool {
	for _, c := range line {
		if strings.IndexByte(set, c) < 0 {
			return false
		}
	}
	return true
}
