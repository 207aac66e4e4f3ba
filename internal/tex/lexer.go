package tex

import (
	"strings"
	"unicode/utf8"
)

type kind uint8

const (
	end     kind = iota
	command      // text is its name
	char         // text is the character
	blank        // one or more spaces
	opening      // {
	closing      // }
	param        // #1, in the text of a macro; text is the digit
)

// lexeme is TeX's token; that word is MathML's here.
type lexeme struct {
	kind kind
	text string
}

func (t lexeme) isChar(s string) bool    { return t.kind == char && t.text == s }
func (t lexeme) isCommand(s string) bool { return t.kind == command && t.text == s }

// lex reads a text into its lexemes. Comments are none of them.
func lex(s string) []lexeme {
	var list []lexeme
	for s != "" {
		r, size := utf8.DecodeRuneInString(s)
		switch {
		case r == '\\' && size < len(s):
			name := commandName(s[size:])
			list = append(list, lexeme{command, name})
			s = s[size+len(name):]
			if isLetter(rune(name[0])) {
				s = strings.TrimLeft(s, " \t\n")
			}
			continue
		case r == '\\':
			return append(list, lexeme{command, ""})
		case r == '%':
			_, s, _ = strings.Cut(s, "\n")
			s = strings.TrimLeft(s, " \t")
			continue
		case r == ' ' || r == '\t' || r == '\n':
			list = append(list, lexeme{blank, " "})
			s = strings.TrimLeft(s, " \t\n")
			continue
		case r == '{':
			list = append(list, lexeme{opening, "{"})
		case r == '}':
			list = append(list, lexeme{closing, "}"})
		case r == '#' && size < len(s) && s[size] >= '1' && s[size] <= '9':
			list = append(list, lexeme{param, s[size : size+1]})
			size++
		default:
			list = append(list, lexeme{char, s[:size]})
		}
		s = s[size:]
	}
	return list
}

// commandName is the name that a text begins with: letters, or one other character.
func commandName(s string) string {
	i := 0
	for i < len(s) && isLetter(rune(s[i])) {
		i++
	}
	if i == 0 {
		_, i = utf8.DecodeRuneInString(s)
	}
	return s[:i]
}

func isLetter(r rune) bool { return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' }

func isDigit(s string) bool { return len(s) == 1 && s[0] >= '0' && s[0] <= '9' }
