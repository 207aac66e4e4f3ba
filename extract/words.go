package extract

import (
	"strings"
	"unicode"

	"golang.org/x/net/html"
)

// plainText is the text of a clean tree as a reader sees it: a line for each block, formulas as TeX without their delimiters.
func plainText(tree *html.Node) string {
	var w plainWriter
	return w.tree(tree)
}

// bodyText is the text without the captions of figures, which stand beside it; where there is nothing else, with them. plain is the
// tree's plain text.
func bodyText(tree *html.Node, plain string) string {
	if firstElement(tree, "figcaption") == nil {
		return plain
	}
	w := plainWriter{captionless: true}
	if text := w.tree(tree); text != "" {
		return text
	}
	return plain
}

type plainWriter struct {
	b strings.Builder
	// captionless leaves captions out.
	captionless bool
	// line is set where the next text begins a new line.
	line bool
}

func (w *plainWriter) tree(n *html.Node) string {
	size := textSize(n)
	w.b.Grow(size + size/16) // a line end for each block
	w.node(n)
	return strings.TrimSpace(w.b.String())
}

func (w *plainWriter) node(n *html.Node) {
	if n.Type == html.TextNode {
		w.text(n.Data)
		return
	}
	switch kind := spanKind(n); {
	case kind != "":
		w.text(texOf(n))
		return
	case n.Data == "br":
		w.line = true
		return
	case isFootnoteBack(n), w.captionless && n.Data == "figcaption":
		return
	}
	block := n.Type == html.ElementNode && !phraseTags[n.Data]
	if block {
		w.line = true
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		w.node(c)
	}
	if block {
		w.line = true
	}
}

func (w *plainWriter) text(s string) {
	if s == "" {
		return
	}
	if w.line {
		if w.b.Len() > 0 {
			w.b.WriteByte('\n')
		}
		w.line = false
	}
	w.b.WriteString(s)
}

// countWords counts words of alphabetic scripts and characters of Han, Kana and Hangul, which write no spaces between words.
func countWords(text string) int {
	count, inWord := 0, false
	for _, r := range text {
		switch {
		case r < 0x80:
			letter := 'a' <= r|0x20 && r|0x20 <= 'z' || '0' <= r && r <= '9'
			if letter && !inWord {
				count++
			}
			// An apostrophe or a hyphen joins what it stands between: don't, pre-training.
			inWord = letter || inWord && (r == '\'' || r == '-' || r == '_')
		case 0x4E00 <= r && r <= 0x9FFF: // Han, and quickly
			count++
			inWord = false
		case isCJK(r):
			if !isWide(r) {
				count++
			}
			inWord = false
		case unicode.IsLetter(r) || unicode.IsNumber(r):
			if !inWord {
				count++
			}
			inWord = true
		case unicode.IsMark(r), r == '’' && inWord:
		default:
			inWord = false
		}
	}
	return count
}

// isCJK reports whether r belongs to a script that is written without spaces, or is a punctuation mark of one.
func isCJK(r rune) bool {
	switch {
	case r < 0x1100:
		return false
	case r >= 0x2E80 && r <= 0x9FFF, r >= 0xF900 && r <= 0xFAFF, r >= 0x20000 && r <= 0x3FFFF:
		return true
	case r >= 0xAC00 && r <= 0xD7AF, r >= 0x1100 && r <= 0x11FF:
		return true // Hangul
	case r >= 0xFE30 && r <= 0xFE4F, r >= 0xFF00 && r <= 0xFFEF:
		return true
	}
	return false
}

// isWide reports whether r is a punctuation mark or a symbol of a CJK script rather than a character of it.
func isWide(r rune) bool {
	return r >= 0x3000 && r <= 0x303F && r != 0x3005 && r != 0x3007 || r >= 0xFF00 && r <= 0xFF65 && !unicode.IsLetter(r) && !unicode.IsNumber(r) ||
		r >= 0xFE30 && r <= 0xFE4F || r >= 0xFFE0 && r <= 0xFFEF || r == 0x30FB
}
