package extract

import (
	"strings"
	"unicode/utf8"
)

// squeeze makes runs of white space one space each, none between characters of CJK scripts where the run has a line end, and drops
// what is invisible. The space at either end is told apart.
func squeeze(s string) (lead gap, text string, trail gap) {
	start := 0
	for start < len(s) && isSpace(s[start]) {
		lead = max(lead, gapOf(s[start]))
		start++
	}
	end := len(s)
	for end > start && isSpace(s[end-1]) {
		end--
		trail = max(trail, gapOf(s[end]))
	}
	// A run that holds a line end counts as one, whatever else it holds: sources are indented.
	if strings.IndexByte(s[:start], '\n') >= 0 {
		lead = lineGap
	}
	if strings.IndexByte(s[end:], '\n') >= 0 {
		trail = lineGap
	}
	s = s[start:end]
	if !needsSqueeze(s) {
		return lead, s, trail
	}
	var b strings.Builder
	b.Grow(len(s))
	var last rune
	waiting := noGap
	for _, r := range s {
		if r < 0x80 && isSpace(byte(r)) {
			if waiting != lineGap {
				waiting = gapOf(byte(r))
			}
			continue
		}
		if isInvisible(r) {
			continue
		}
		switch {
		case b.Len() == 0:
			lead = max(lead, waiting)
		case waiting == wordGap, waiting == lineGap && !(isCJK(last) && isCJK(r)):
			b.WriteByte(' ')
		}
		waiting = noGap
		b.WriteRune(r)
		last = r
	}
	return lead, b.String(), max(trail, waiting)
}

func gapOf(c byte) gap {
	if c == '\n' {
		return lineGap
	}
	return wordGap
}

func isSpace(c byte) bool { return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f' }

// needsSqueeze looks at bytes only: most texts need nothing.
func needsSqueeze(s string) bool {
	if !utf8.ValidString(s) {
		return true
	}
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c < ' ' || c == 0x7f:
			return true
		case c == ' ' && s[i+1] == ' ': // s ends with no space
			return true
		case c == 0xC2 && s[i+1] < 0xA0 || c == 0xC2 && s[i+1] == 0xAD:
			return true // C1 control characters and the soft hyphen
		case c == 0xE2 && s[i+1] == 0x80 && s[i+2] == 0x8B, c == 0xEF && (s[i+1] == 0xBB || s[i+1] == 0xBF):
			return true
		}
	}
	return false
}

// isInvisible are control characters, the zero width space, the byte order mark, the soft hyphen and what Unicode says is no character.
func isInvisible(r rune) bool {
	return r < ' ' && r != '\t' && r != '\n' || r >= 0x7f && r < 0xa0 || r == 0xAD || r == 0x200B || r == 0xFEFF || r&0xFFFE == 0xFFFE
}
