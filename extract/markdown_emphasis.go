package extract

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/JohannesKaufmann/html-to-markdown/v2/converter"
	"golang.org/x/net/html"
)

// emphasis writes strong, em or del. CommonMark does not see a sign that has punctuation on its inner and a letter on its outer
// side, as in **重要。**下一句. A colon or comma is then moved out, as **注意**：请 reads the same; other punctuation belongs to what is
// emphasised, and an empty comment, which is punctuation itself, sets the letter apart. Where neither serves the element is HTML.
func (p markdownPlugin) emphasis(ctx converter.Context, b *bytes.Buffer, n *html.Node, sign string) {
	var inner bytes.Buffer
	p.phrases(ctx, &inner, children(n))
	text := strings.Trim(inner.String(), " ")
	if text == "" {
		return
	}
	left, right := before(b, n), after(n)
	lead, body, trail := "", text, ""
	if endsInside(b, sign[0]) {
		left = 0 // the sign would grow longer
	}
	if left != 0 && !opens(left, firstRune(body)) {
		if lead, body = cutLeading(body, n.FirstChild); !separators(lead) {
			lead, body = setApart, lead+body
		}
	}
	if !closes(lastRune(body), right) {
		if body, trail = cutTrailing(body, n.LastChild); !separators(trail) {
			body, trail = body+trail, setApart
		}
	}
	okay := left != 0 && body != "" && body[0] != sign[0] && !endsIn(body, sign[0]) || left != 0 && wholly(n)
	if okay {
		outer := left
		if lead != "" {
			outer = lastRune(lead)
		}
		next := right
		if trail != "" {
			next = firstRune(trail)
		}
		okay = opens(outer, firstRune(strings.TrimLeft(body, "*"))) && closes(lastRune(strings.TrimRight(body, "*")), next)
	}
	if !okay {
		b.WriteString("<" + n.Data + ">" + text + "</" + n.Data + ">")
		return
	}
	b.WriteString(lead + sign + body + sign + trail)
}

// wholly reports whether an emphasis holds nothing but another one of the other kind, as ***strong and em***.
func wholly(n *html.Node) bool {
	c := n.FirstChild
	return c != nil && c == n.LastChild && (n.Data == "em" && c.Data == "strong" || n.Data == "strong" && c.Data == "em") &&
		c.FirstChild != nil && c.FirstChild.Type == html.TextNode && c.LastChild.Type == html.TextNode
}

// opens reports whether a sign of emphasis between the two opens one.
func opens(left, right rune) bool {
	return !isBlank(right) && (!mayBePunctuation(right) || isBlank(left) || isPunctuation(left))
}

// closes reports whether a sign of emphasis between the two closes one.
func closes(left, right rune) bool { return opens(right, left) }

func isBlank(r rune) bool { return r == '\n' || r == '\t' || unicode.Is(unicode.Zs, r) }

// isPunctuation is what all versions of CommonMark take for punctuation, mayBePunctuation what one of them does.
func isPunctuation(r rune) bool {
	return r < 0x80 && unicode.In(r, unicode.P, unicode.S) || unicode.Is(unicode.P, r)
}

func mayBePunctuation(r rune) bool { return unicode.In(r, unicode.P, unicode.S) }

// setApart stands between a sign of emphasis and a letter.
const setApart = "<!-- -->"

// separators reports whether a text is nothing but marks that part what is emphasised from what is said of it.
func separators(text string) bool {
	return strings.Trim(text, "：，、:, ") == ""
}

// movable reports whether a punctuation mark at the edge of text is just that, and no sign of Markdown.
func movable(r rune) bool {
	return r >= 0x80 && mayBePunctuation(r) || strings.ContainsRune(`.,:;?"'()%`, r) && r != 0
}

// cutLeading takes the punctuation from the start of what an emphasis holds.
func cutLeading(text string, first *html.Node) (lead, rest string) {
	if first == nil || first.Type != html.TextNode {
		return "", text
	}
	rest = text
	for rest != "" {
		r, size := utf8.DecodeRuneInString(rest)
		if !movable(r) && r != ' ' {
			break
		}
		rest = rest[size:]
	}
	return text[:len(text)-len(rest)], rest
}

// cutTrailing takes the punctuation from the end of what an emphasis holds.
func cutTrailing(text string, last *html.Node) (rest, trail string) {
	if last == nil || last.Type != html.TextNode {
		return text, ""
	}
	rest = text
	for rest != "" {
		r, size := utf8.DecodeLastRuneInString(rest)
		if !movable(r) && r != ' ' || strings.HasSuffix(rest[:len(rest)-size], `\`) {
			break
		}
		rest = rest[:len(rest)-size]
	}
	return rest, text[len(rest):]
}

// endsIn reports whether text ends with a sign that is not escaped.
func endsIn(s string, sign byte) bool {
	return strings.HasSuffix(s, string(sign)) && !strings.HasSuffix(s, `\`+string(sign))
}

func endsInside(b *bytes.Buffer, sign byte) bool {
	s := b.Bytes()
	return len(s) > 0 && s[len(s)-1] == sign && !(len(s) > 1 && s[len(s)-2] == '\\')
}
