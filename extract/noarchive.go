package extract

import (
	"strings"

	"archiver"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// maxHead is how much of a page is looked at for the wishes of its head.
const maxHead = 256 << 10

// Noarchive reports whether a page asks not to be archived: by <meta name="robots" content="noarchive">, by one that names archiver, or by the
// header X-Robots-Tag. What it asks of other robots by their names is theirs.
func (x *Extractor) Noarchive(page *archiver.Page) bool {
	if headerSays(page.Robots) {
		return true
	}
	text := page.Text[:min(len(page.Text), maxHead)]
	if !speaksOf(text, "noarchive", 'v') {
		return false
	}
	for z := html.NewTokenizer(strings.NewReader(text)); ; {
		switch z.Next() {
		case html.ErrorToken:
			return false
		case html.StartTagToken, html.SelfClosingTagToken:
			token := z.Token()
			if token.DataAtom == atom.Body {
				return false
			}
			if token.DataAtom == atom.Meta && metaSays(token.Attr) {
				return true
			}
		}
	}
}

// speaksOf reports whether a text has a word, in letters of either case. Its letter rare is looked for, which few texts have often: every
// page is asked, and few have the word.
func speaksOf(text, word string, rare byte) bool {
	before := strings.IndexByte(word, rare)
	for _, letter := range [...]byte{rare, rare - 'a' + 'A'} {
		for i := before; i < len(text); i++ {
			at := strings.IndexByte(text[i:], letter)
			if at < 0 {
				break
			}
			i += at
			if end := i - before + len(word); end <= len(text) && strings.EqualFold(text[i-before:end], word) {
				return true
			}
		}
	}
	return false
}

func metaSays(attrs []html.Attribute) bool {
	var name, content string
	for _, a := range attrs {
		switch a.Key {
		case "name":
			name = strings.ToLower(strings.TrimSpace(a.Val))
		case "content":
			content = a.Val
		}
	}
	return (name == "robots" || name == "archiver") && hasDirective(content)
}

// headerSays reads X-Robots-Tag: directives with commas between them, each perhaps after the name of the robot that it and those after it are for.
func headerSays(value string) bool {
	ours := true
	for part := range strings.SplitSeq(value, ",") {
		if name, rest, ok := strings.Cut(part, ":"); ok {
			name = strings.ToLower(strings.TrimSpace(name))
			if name != "unavailable_after" && !strings.HasPrefix(name, "max-") {
				ours, part = name == "archiver" || name == "*", rest
			}
		}
		if ours && hasDirective(part) {
			return true
		}
	}
	return false
}

func hasDirective(list string) bool {
	for word := range strings.SplitSeq(list, ",") {
		if strings.EqualFold(strings.TrimSpace(word), "noarchive") {
			return true
		}
	}
	return false
}
