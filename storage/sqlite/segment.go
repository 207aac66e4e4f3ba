package sqlite

import (
	"html"
	"strings"
	"unicode"
	"unicode/utf8"

	"archiver/storage"
)

// This file is how text becomes words for the index. Rules: every character of Han, Kana and Hangul is a word of its own, and
// a word of the query is a phrase of such words, so that 学习 is found in 机器学习; all else is a word as FTS5's unicode61 sees
// one. Text and query go through the same function.

// apart reports whether r stands apart in the index.
func apart(r rune) bool {
	if r < 0x1100 {
		return false
	}
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul) || r == 'ー' || r == 'ｰ'
}

// setApart puts spaces around every character that stands apart.
func setApart(s string) string {
	var b strings.Builder
	b.Grow(len(s) + len(s)/2)
	open := false // the last character stood apart
	for _, r := range s {
		if apart(r) {
			b.WriteByte(' ')
			b.WriteRune(r)
			open = true
			continue
		}
		if open {
			b.WriteByte(' ')
			open = false
		}
		b.WriteRune(r)
	}
	return b.String()
}

// inWord reports whether r is part of a word.
func inWord(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r)
}

// queryWords are the words of a query, each once, those without a letter or number left out.
func queryWords(query string) []string {
	var words []string
	seen := map[string]bool{}
	for _, word := range strings.FieldsFunc(query, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }) {
		if strings.ContainsFunc(word, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) }) && !seen[word] {
			seen[word] = true
			words = append(words, word)
		}
	}
	return words
}

// matchAll is the query of FTS5 for texts that hold every word. Nothing of a word is syntax inside quotes.
func matchAll(words []string) string {
	var b strings.Builder
	for _, word := range words {
		b.WriteString(`"` + setApart(strings.ReplaceAll(strings.ToValidUTF8(word, " "), `"`, " ")) + `" `)
	}
	return b.String()
}

// phrases of clean HTML do not end a word.
var phrases = map[string]bool{
	"a": true, "em": true, "strong": true, "del": true, "ins": true, "code": true, "kbd": true, "mark": true, "sub": true, "sup": true,
	"small": true, "q": true, "cite": true, "abbr": true, "ruby": true, "rb": true, "span": true, "math": true, "annotation": true,
}

// plainText is the text of clean HTML, whose form is given: tags closed, attributes quoted, no comments, and & only where it begins
// a name. White space is one space.
func plainText(clean string) string { return string(appendPlain(make([]byte, 0, len(clean)), clean)) }

// appendPlain adds it to b. Every article that comes is read so, which is why it is done in one go.
func appendPlain(b []byte, clean string) []byte {
	w := spacer{b: b}
	for clean != "" {
		text, rest, found := strings.Cut(clean, "<")
		if strings.Contains(text, "&") {
			text = html.UnescapeString(text)
		}
		w.write(text)
		if !found {
			break
		}
		name := strings.TrimPrefix(rest, "/")
		if i := strings.IndexAny(name, " />"); i >= 0 {
			name = name[:i]
		}
		if name == "semantics" {
			// A formula is drawn, and then written as TeX: that is its text.
			if i := strings.Index(rest, "<annotation"); i >= 0 && rest[0] != '/' {
				rest = rest[i+1:]
			}
		} else if !phrases[name] {
			w.space = true
		}
		clean = afterTag(rest)
	}
	return w.b
}

// spacer writes words with one space between them.
type spacer struct {
	b     []byte
	space bool // before the next word
}

func (w *spacer) write(text string) {
	from := 0 // of the word that is being read
	for i := 0; i < len(text); {
		size, blank := 1, false
		switch c := text[i]; {
		case c < utf8.RuneSelf:
			blank = c == ' ' || c >= '\t' && c <= '\r'
		case c >= 0xe4 && c <= 0xef && i+2 < len(text): // U+4000 and above: no space, and most of a Chinese text
			size = 3
		default:
			var r rune
			r, size = utf8.DecodeRuneInString(text[i:])
			blank = unicode.IsSpace(r)
		}
		if blank {
			w.word(text[from:i])
			w.space = true
			from = i + size
		}
		i += size
	}
	w.word(text[from:])
}

func (w *spacer) word(s string) {
	if s == "" {
		return
	}
	if w.space && len(w.b) > 0 {
		w.b = append(w.b, ' ')
	}
	w.space = false
	w.b = append(w.b, s...)
}

// afterTag is what follows the tag whose inside s begins with.
func afterTag(s string) string {
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '>':
			return s[i+1:]
		case '"':
			end := strings.IndexByte(s[i+1:], '"')
			if end < 0 {
				return ""
			}
			i += end + 1
		}
	}
	return ""
}

// Lengths of a snippet in characters.
const (
	snippetBefore = 30
	snippetLength = 160
)

// snippet is the text around the first match of a word, its matches marked; the text's beginning where none matches, which
// happens where the match is in title or tags.
func snippet(text string, words []string) string {
	wanted := make([][]string, len(words))
	for i, word := range words {
		wanted[i] = tokens(word)
	}
	first, _ := nextMatch(text, 0, wanted)
	begin := back(text, max(first, 0), snippetBefore)
	var b strings.Builder
	if begin > 0 {
		b.WriteString("…")
	}
	end := forward(text, begin, snippetLength)
	for at := begin; at < end; {
		from, to := nextMatch(text, at, wanted)
		if from < 0 || from >= end {
			b.WriteString(text[at:end])
			break
		}
		b.WriteString(text[at:from] + storage.Mark + text[from:to] + storage.EndMark)
		at = to
		end = max(end, to)
	}
	if end < len(text) {
		b.WriteString("…")
	}
	return b.String()
}

// tokens are the words that the index sees in s, in lower case.
func tokens(s string) []string {
	var all []string
	for at := 0; ; {
		from, to := nextToken(s, at)
		if from < 0 {
			return all
		}
		all = append(all, strings.ToLower(s[from:to]))
		at = to
	}
}

// nextToken finds the next word that the index sees in s from at on. from is -1 where there is none.
func nextToken(s string, at int) (from, to int) {
	from = -1
	for i, r := range s[at:] {
		switch {
		case from < 0 && apart(r):
			return at + i, at + i + utf8.RuneLen(r)
		case from < 0 && inWord(r):
			from = at + i
		case from >= 0 && (apart(r) || !inWord(r)):
			return from, at + i
		}
	}
	return from, len(s)
}

// nextMatch finds the first place from at on where one of the phrases stands. from is -1 where there is none.
func nextMatch(s string, at int, phrases [][]string) (from, to int) {
	for {
		from, to := nextToken(s, at)
		if from < 0 {
			return -1, -1
		}
		longest := -1
		for _, phrase := range phrases {
			if end := matchAt(s, from, to, phrase); end > longest {
				longest = end
			}
		}
		if longest >= 0 {
			return from, longest
		}
		at = to
	}
}

// matchAt is the end of the phrase that begins with the word s[from:to], -1 where it does not.
func matchAt(s string, from, to int, phrase []string) int {
	for i, word := range phrase {
		if i > 0 {
			if from, to = nextToken(s, to); from < 0 {
				return -1
			}
		}
		if !strings.EqualFold(s[from:to], word) {
			return -1
		}
	}
	if len(phrase) == 0 {
		return -1
	}
	return to
}

// back is n characters before at, at the beginning of a word where one begins there.
func back(s string, at, n int) int {
	begin := at
	for ; n > 0 && begin > 0; n-- {
		_, size := utf8.DecodeLastRuneInString(s[:begin])
		begin -= size
	}
	if i := strings.IndexByte(s[begin:at], ' '); begin > 0 && i >= 0 && i < at-begin-1 && !apart(first(s[begin:])) {
		begin += i + 1
	}
	return begin
}

// forward is n characters after at.
func forward(s string, at, n int) int {
	for ; n > 0 && at < len(s); n-- {
		_, size := utf8.DecodeRuneInString(s[at:])
		at += size
	}
	return at
}

func first(s string) rune {
	r, _ := utf8.DecodeRuneInString(s)
	return r
}
