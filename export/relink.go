package export

import (
	"html"
	"strings"
)

// This file finds where a text of Markdown leads to, and lets it lead elsewhere. It knows the Markdown that this program writes
// (extract/markdown.go): links and images in brackets, addresses in angle brackets, and elements of HTML where Markdown has no
// sign. Code, in blocks and in lines, is none of these, whatever it looks like.

// relink writes text with other targets where target gives one: of a link, or of an image.
func relink(text string, target func(destination string, image bool) string) string {
	r := relinker{target: target}
	r.b.Grow(len(text))
	fence := 0 // backticks of the code block that we are in
	for len(text) > 0 {
		line := text
		if end := strings.IndexByte(text, '\n'); end >= 0 {
			line = text[:end+1]
		}
		text = text[len(line):]
		content := line[prefixLen(line):]
		ticks := len(content) - len(strings.TrimLeft(content, "`"))
		switch {
		case fence > 0:
			if ticks >= fence && strings.TrimSpace(content[ticks:]) == "" {
				fence = 0
			}
			r.b.WriteString(line)
		case ticks >= 3 && !strings.Contains(content[ticks:], "`"):
			fence = ticks
			r.b.WriteString(line)
		default:
			if strings.TrimSpace(content) == "" {
				r.open = r.open[:0] // no text of a link goes on after a blank line
			}
			r.line(line)
		}
	}
	return r.b.String()
}

// prefixLen is how much of a line is the signs of the quotes, lists and notes that it stands in.
func prefixLen(line string) int {
	i := 0
	for i < len(line) {
		rest := line[i:]
		switch c := rest[0]; {
		case c == ' ' || c == '>':
			i++
			continue
		case strings.HasPrefix(rest, "- "), strings.HasPrefix(rest, "* "), strings.HasPrefix(rest, ": "):
			i += 2
			continue
		case strings.HasPrefix(rest, "[^"):
			if end := strings.Index(rest, "]: "); end > 0 {
				i += end + 3
				continue
			}
		case '0' <= c && c <= '9':
			digits := len(rest) - len(strings.TrimLeft(rest, "0123456789"))
			if after := rest[digits:]; strings.HasPrefix(after, ". ") || strings.HasPrefix(after, ") ") {
				i += digits + 2
				continue
			}
		}
		break
	}
	return i
}

type relinker struct {
	b      strings.Builder
	open   []bool // for each open bracket, whether it is an image's
	target func(string, bool) string
}

// line writes a line that is not in a code block.
func (r *relinker) line(s string) {
	for i := 0; i < len(s); {
		switch s[i] {
		case '\\':
			end := min(i+2, len(s))
			r.b.WriteString(s[i:end])
			i = end
		case '`':
			end := i + codeLen(s[i:])
			r.b.WriteString(s[i:end])
			i = end
		case '[':
			r.open = append(r.open, i > 0 && s[i-1] == '!' && (i < 2 || s[i-2] != '\\'))
			r.b.WriteByte('[')
			i++
		case ']':
			image := false
			if n := len(r.open); n > 0 {
				image, r.open = r.open[n-1], r.open[:n-1]
			}
			r.b.WriteByte(']')
			if i++; i < len(s) && s[i] == '(' {
				r.b.WriteByte('(')
				i++
				i += r.destination(s[i:], image)
			}
		case '<':
			i += r.angle(s[i:])
		default:
			end := strings.IndexAny(s[i+1:], "\\`[]<")
			if end < 0 {
				end = len(s) - i - 1
			}
			r.b.WriteString(s[i : i+1+end])
			i += 1 + end
		}
	}
}

// codeLen is the length of the code that s begins with; of the backticks, where they are no code's.
func codeLen(s string) int {
	ticks := len(s) - len(strings.TrimLeft(s, "`"))
	for i := ticks; i < len(s); {
		if s[i] != '`' {
			i++
			continue
		}
		run := len(s[i:]) - len(strings.TrimLeft(s[i:], "`"))
		if i += run; run == ticks {
			return i
		}
	}
	return ticks
}

// destination writes the target of a link, s being what follows the parenthesis, and says how much of s it was.
func (r *relinker) destination(s string, image bool) int {
	end, address := 0, ""
	if strings.HasPrefix(s, "<") {
		if end = strings.IndexAny(s, ">\n") + 1; end == 0 || s[end-1] != '>' {
			return 0
		}
		address = s[1 : end-1]
	} else {
		depth := 0
	scan:
		for ; end < len(s); end++ {
			switch s[end] {
			case ' ', '\t', '\n':
				break scan
			case '\\':
				end = min(end+1, len(s)-1)
			case '(':
				depth++
			case ')':
				if depth--; depth < 0 {
					break scan
				}
			}
		}
		address = s[:end]
	}
	if to := r.target(unescapeSigns(address), image); to != "" {
		r.b.WriteString(to)
	} else {
		r.b.WriteString(s[:end])
	}
	return end
}

// unescapeSigns takes the backslashes out that stand before signs.
func unescapeSigns(s string) string {
	if !strings.Contains(s, `\`) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+1 < len(s) && strings.IndexByte("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~", s[i+1]) >= 0 {
			i++
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// angle writes what s begins with: an address in angle brackets, a tag, or the sign alone. It says how much of s it was.
func (r *relinker) angle(s string) int {
	if strings.HasPrefix(s, "<http://") || strings.HasPrefix(s, "<https://") {
		end := strings.IndexAny(s, "> \n")
		if end < 0 || s[end] != '>' {
			r.b.WriteByte('<')
			return 1
		}
		address := unescapeSigns(s[1:end])
		if to := r.target(address, false); to != "" {
			r.b.WriteString("[" + escapeSigns(address) + "](" + to + ")")
		} else {
			r.b.WriteString(s[:end+1])
		}
		return end + 1
	}
	key, image := "", false
	switch {
	case strings.HasPrefix(s, "<a "):
		key = ` href="`
	case strings.HasPrefix(s, "<img "):
		key, image = ` src="`, true
	default:
		r.b.WriteByte('<')
		return 1
	}
	end, quoted := 0, false
	for ; end < len(s) && (quoted || s[end] != '>'); end++ {
		quoted = quoted != (s[end] == '"')
	}
	tag := s[:end]
	at := strings.Index(tag, key)
	if at >= 0 {
		at += len(key)
		value, _, _ := strings.Cut(tag[at:], `"`)
		if to := r.target(html.UnescapeString(value), image); to != "" {
			tag = tag[:at] + html.EscapeString(to) + tag[at+len(value):]
		}
	}
	r.b.WriteString(tag)
	return end
}

// escapeSigns writes text in which no sign is markup.
func escapeSigns(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if strings.IndexByte("\\`*_[]<>&~!$|", s[i]) >= 0 {
			b.WriteByte('\\')
		}
		b.WriteByte(s[i])
	}
	return b.String()
}
