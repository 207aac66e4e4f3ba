package extract

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// This file reads the text of elements as a reader sees it.

// unseen are elements without text for a reader.
func unseen(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Script, atom.Style, atom.Noscript, atom.Template, atom.Svg, atom.Iframe, atom.Select, atom.Object, atom.Textarea:
		return true
	}
	return false
}

func isHeading(n *html.Node) bool {
	switch n.DataAtom {
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		return true
	}
	return false
}

// yearAlone reads "2025", "2025年" and "2025 年".
func yearAlone(s string) (int, bool) {
	s = strings.TrimSpace(strings.TrimSuffix(s, "年"))
	if len(s) != 4 {
		return 0, false
	}
	year := 0
	for i := range 4 {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
		year = year*10 + int(s[i]-'0')
	}
	return year, year >= 1990 && year <= 2100
}

// textOf is all text below a node, as it stands.
func textOf(n *html.Node) string {
	if n.Type == html.TextNode {
		return n.Data
	}
	if c := n.FirstChild; c != nil && c == n.LastChild && c.Type == html.TextNode {
		return c.Data
	}
	var b strings.Builder
	b.Grow(textSize(n))
	writeText(&b, n)
	return b.String()
}

func writeText(b *strings.Builder, n *html.Node) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.TextNode {
			b.WriteString(c.Data)
		} else {
			writeText(b, c)
		}
	}
}

// textSize is how long the text below a node is, in bytes: what is written of it grows no buffer.
func textSize(n *html.Node) int {
	size := 0
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.TextNode {
			size += len(c.Data)
		} else {
			size += textSize(c)
		}
	}
	return size
}

// lettersOf is letters(textOf(n), most), without the text that is not asked for.
func lettersOf(n *html.Node, most int) string {
	var w letterWriter
	w.most = most
	w.node(n)
	return w.String()
}

// letterWriter takes letters and digits in lower case, most of them at most.
type letterWriter struct {
	strings.Builder
	n, most int
}

// node reports whether there is room for more.
func (w *letterWriter) node(n *html.Node) bool {
	if n.Type == html.TextNode {
		return w.text(n.Data)
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if !w.node(c) {
			return false
		}
	}
	return true
}

func (w *letterWriter) text(s string) bool {
	for _, r := range s {
		letter, ok := asLetter(r)
		if !ok {
			continue
		}
		w.WriteRune(letter)
		if w.n++; w.n == w.most {
			return false
		}
	}
	return true
}

// seenText is the text below a node that a reader sees, on one line.
func (o *overview) seenText(n *html.Node) string {
	if c := n.FirstChild; c != nil && c == n.LastChild && c.Type == html.TextNode {
		return oneLine(c.Data)
	}
	var b strings.Builder
	o.writeSeen(&b, n)
	return oneLine(b.String())
}

func (o *overview) writeSeen(b *strings.Builder, n *html.Node) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		switch {
		case c.Type == html.TextNode:
			b.WriteString(c.Data)
		case c.Type != html.ElementNode || unseen(c) || o.marks[c]&markHidden != 0:
		default:
			if isBlock(c) {
				b.WriteByte(' ')
			}
			o.writeSeen(b, c)
			if isBlock(c) {
				b.WriteByte(' ')
			}
		}
	}
}

// isBlock reports whether an element stands on lines of its own.
func isBlock(n *html.Node) bool {
	switch n.DataAtom {
	case atom.A, atom.Span, atom.Em, atom.Strong, atom.B, atom.I, atom.Code, atom.Small, atom.Sub, atom.Sup, atom.Mark, atom.Kbd, atom.Abbr,
		atom.U, atom.S, atom.Del, atom.Ins, atom.Font, atom.Time, atom.Q, atom.Cite, atom.Ruby, atom.Rt, atom.Rp, atom.Wbr:
		return false
	}
	return true
}
