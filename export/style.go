package export

import (
	"errors"
	"strconv"
	"strings"
	"unicode/utf8"

	"archiver"
)

// This file takes a person's CSS into a book. Nothing in it may reach out of the book: rules that load (@import) and values that
// name files are taken away, whatever way they are escaped; a book has no files for them. What is left has its braces in pairs.

// maxStyle bounds a person's CSS; a book's own has 6 KB.
const maxStyle = 1 << 20

// styleOf is the CSS as a book may have it.
func styleOf(css []byte) ([]byte, error) {
	bad := func(why string) error {
		return &archiver.Error{Kind: archiver.Invalid, Op: "read the style", Err: errors.New(why), Hint: "mend the CSS; nothing was written"}
	}
	if len(css) > maxStyle {
		return nil, bad("it is larger than 1 MiB")
	}
	if !utf8.Valid(css) {
		return nil, bad("it is not UTF-8")
	}
	s := &styleReader{css: strings.TrimPrefix(string(css), "\ufeff")}
	for s.at < len(s.css) {
		s.step()
	}
	if s.depth != 0 {
		return nil, bad("its braces are not in pairs")
	}
	return []byte(s.out.String()), nil
}

// styleReader reads CSS by its tokens, as far as they matter here.
type styleReader struct {
	css   string
	at    int
	depth int
	out   strings.Builder
}

func (s *styleReader) step() {
	rest := s.css[s.at:]
	c := rest[0]
	switch {
	case strings.HasPrefix(rest, "/*"):
		end := strings.Index(rest[2:], "*/")
		if end < 0 {
			s.at = len(s.css)
			return
		}
		s.at += 2 + end + 2
		s.out.WriteByte(' ')
	case c == '"' || c == '\'':
		s.out.WriteString(s.quoted())
	case c == '@':
		s.at++
		switch name := s.name(); strings.ToLower(name) {
		case "import", "charset", "namespace":
			s.skipTo(';')
		default:
			s.out.WriteString("@" + name)
		}
	case nameByte(c):
		name := s.name()
		if s.at < len(s.css) && s.css[s.at] == '(' && loads(strings.ToLower(name)) {
			s.skipTo(')')
			s.out.WriteString("none")
			return
		}
		s.out.WriteString(name)
	default:
		switch {
		case c == '{':
			s.depth++
		case c == '}' && s.depth == 0:
			s.at++ // it closes nothing
			return
		case c == '}':
			s.depth--
		case c < 0x20 && c != '\n' && c != '\t' || c == 0x7f:
			c = ' '
		}
		s.out.WriteByte(c)
		s.at++
	}
}

func nameByte(c byte) bool {
	return c >= 0x80 || c == '\\' || c == '-' || c == '_' || '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'z'
}

// loads reports whether the function names files.
func loads(name string) bool {
	switch strings.TrimPrefix(name, "-webkit-") {
	case "url", "url-prefix", "src", "image", "image-set", "cross-fade", "element", "expression":
		return true
	}
	return false
}

// name reads a name, its escapes resolved where that leaves a plain letter.
func (s *styleReader) name() string {
	var b strings.Builder
	for s.at < len(s.css) && nameByte(s.css[s.at]) {
		if s.css[s.at] != '\\' {
			b.WriteByte(s.css[s.at])
			s.at++
			continue
		}
		start := s.at
		s.at++
		digits := s.at
		for s.at < len(s.css) && s.at-digits < 6 && isHex(s.css[s.at]|0x20) {
			s.at++
		}
		if s.at == digits { // the character itself
			if _, size := utf8.DecodeRuneInString(s.css[s.at:]); size > 0 {
				s.at += size
			}
			if r := s.css[digits:s.at]; len(r) == 1 && nameByte(r[0]) && r[0] != '\\' {
				b.WriteString(r)
				continue
			}
		} else {
			code, _ := strconv.ParseUint(s.css[digits:s.at], 16, 32)
			if s.at < len(s.css) && (s.css[s.at] == ' ' || s.css[s.at] == '\n' || s.css[s.at] == '\t') {
				s.at++
			}
			if code < 0x80 && nameByte(byte(code)) && code != '\\' && !('0' <= code && code <= '9') {
				b.WriteByte(byte(code))
				continue
			}
		}
		b.WriteString(s.css[start:s.at])
	}
	return b.String()
}

// quoted reads a string; one that its line does not close ends with it.
func (s *styleReader) quoted() string {
	start, quote := s.at, s.css[s.at]
	for s.at++; s.at < len(s.css); s.at++ {
		switch s.css[s.at] {
		case '\\':
			if s.at++; s.at >= len(s.css) {
				return s.css[start:] + string(quote)
			}
		case quote:
			s.at++
			return s.css[start:s.at]
		case '\n':
			return s.css[start:s.at] + string(quote)
		}
	}
	return strings.TrimRight(s.css[start:], "\\") + string(quote)
}

// skipTo passes over everything up to a sign, strings and brackets whole.
func (s *styleReader) skipTo(end byte) {
	open := 0
	for s.at < len(s.css) {
		switch c := s.css[s.at]; {
		case c == '"' || c == '\'':
			s.quoted()
			continue
		case c == '\\':
			s.at++
		case c == '(':
			open++
		case c == ')':
			open--
		case c == '{' || c == '}':
			return // the rule ended without its sign
		}
		if s.at < len(s.css) && s.css[s.at] == end && (end != ')' && open <= 0 || end == ')' && open == 0) {
			s.at++
			return
		}
		s.at++
	}
}
