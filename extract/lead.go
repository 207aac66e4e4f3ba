package extract

import (
	"strings"

	"archiver"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// This file is how the channels are teachers of an article's text. Rules: what the list quotes must be in the article, or it is
// noted; some themes hide what stands before the "read more" mark on the article's own page, so where the feed has that
// beginning, and neither its first nor its last words are in the article, it is put before the text.

const (
	// maxLead bounds, in bytes, the beginning that is kept with an entry: some paragraphs. A longer one is left out, for a task
	// carries it.
	maxLead = 4 << 10
	// leadSample is how many letters of a text must be found for it to be there: enough to be no accident.
	leadSample = 24
)

// moreMark is what blog software writes in the place of the author's "read more" mark.
var moreMark = expr(`<(?:span|a) id="more(?:-\d+)?"[^<>]*>|<!--\s*more`)

// leadOf is the HTML before the mark; "" where there is none, or too much before it.
func leadOf(content string) string {
	const atMost = maxLead + 64 // the paragraph around the mark
	at := moreMark.FindStringIndex(content[:min(len(content), atMost)])
	if at == nil || at[0] > maxLead || weigh(anyTag.ReplaceAllString(content[:at[0]], "")) < leastSentence {
		return ""
	}
	return content[:at[0]]
}

// repairLead gives the beginning of the article that its page hides, as a clean tree; nil where nothing is missing.
func (r *articlePage) repairLead(text string) *html.Node {
	lead, ok := fromEntries(r.entries, func(e *archiver.Entry) (string, bool) { return e.Lead, e.Lead != "" })
	if !ok || r.body.empty {
		return nil
	}
	around := &html.Node{Type: html.ElementNode, DataAtom: atom.Div, Data: "div"}
	nodes, err := html.ParseFragment(strings.NewReader(lead), around)
	if err != nil {
		return nil
	}
	for _, n := range nodes {
		around.AppendChild(n)
	}
	tree := clean([]*html.Node{around}, r.document)
	said := []rune(letters(plainText(tree), 0))
	if len(said) < leadSample {
		return nil
	}
	whole := letters(text, 0)
	if strings.Contains(whole, string(said[:leadSample])) || strings.Contains(whole, string(said[len(said)-leadSample:])) {
		return nil
	}
	r.trace.note("site", "the page hides what stands before its \"read more\" mark; the feed has it")
	return tree
}

// noteQuote notes where the list quotes what is not in the article.
func (r *articlePage) noteQuote(text string) {
	if r.trace == nil {
		return
	}
	for _, e := range r.entries {
		quote := letters(e.Excerpt, leadSample)
		if len([]rune(quote)) == leadSample && !strings.Contains(letters(text, 0), quote) {
			r.trace.note("site", "the %s quotes %q, which is not in the article: a summary of its own, or a part that is missing", e.Channel, shorten(oneLine(e.Excerpt), wordsShown))
		}
	}
}
