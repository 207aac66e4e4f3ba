package extract

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
)

// hasClass reports whether an element has a class.
func hasClass(n *html.Node, class string) bool {
	value := attrOf(n, "class")
	if !strings.Contains(value, class) {
		return false
	}
	for name := range strings.FieldsSeq(value) {
		if name == class {
			return true
		}
	}
	return false
}

// shownText is the text below an element that a reader sees, on one line.
func shownText(n *html.Node) string {
	if c := n.FirstChild; c != nil && c == n.LastChild && c.Type == html.TextNode {
		return oneLine(c.Data)
	}
	var b strings.Builder
	writeShown(&b, n)
	return oneLine(b.String())
}

func writeShown(b *strings.Builder, n *html.Node) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		switch {
		case c.Type == html.TextNode:
			b.WriteString(c.Data)
		case c.Type != html.ElementNode || unseen(c) || isForMachines(c):
		case isBlock(c):
			b.WriteByte(' ')
			writeShown(b, c)
			b.WriteByte(' ')
		default:
			writeShown(b, c)
		}
	}
}

// isForMachines reports whether an element is for screen readers, for the blog's owner, or a mark to link to a heading.
func isForMachines(n *html.Node) bool {
	class := attrOf(n, "class")
	if class == "" {
		return false
	}
	for name := range strings.FieldsSeq(class) {
		switch name {
		case "screen-reader-text", "sr-only", "visually-hidden", "visuallyhidden", "off-screen", "offscreen", "a11y-hidden", "u-visually-hidden", "visually-hidden-text", "edit-link", "post-edit-link", "headerlink", "header-anchor", "anchor-link",
			"anchorjs-link", "heading-anchor", "hash-link":
			return true
		}
	}
	return false
}

// same reports whether two texts are the same to a reader: letter case, spaces and punctuation aside, where there are letters.
func same(a, b string) bool {
	if a == b {
		return true
	}
	x, y := a, b
	for {
		var p, q rune
		p, x = nextLetter(x)
		q, y = nextLetter(y)
		switch {
		case p != q:
			return false
		case p == 0 && hasLetter(a):
			return true
		case p == 0:
			return strings.TrimSpace(a) == strings.TrimSpace(b)
		}
	}
}

// nextLetter is the first letter or digit of a text, in lower case, and what follows it; 0 where there is none.
func nextLetter(text string) (rune, string) {
	for i, r := range text {
		if letter, ok := asLetter(r); ok {
			return letter, text[i+utf8.RuneLen(r):]
		}
	}
	return 0, ""
}

func hasLetter(text string) bool {
	letter, _ := nextLetter(text)
	return letter != 0
}

// asLetter is a letter or digit in lower case.
func asLetter(r rune) (rune, bool) {
	switch {
	case 'a' <= r && r <= 'z', '0' <= r && r <= '9', 0x4E00 <= r && r <= 0x9FFF: // most of them, and quickly
		return r, true
	case unicode.IsLetter(r) || unicode.IsDigit(r):
		return unicode.ToLower(r), true
	}
	return 0, false
}
