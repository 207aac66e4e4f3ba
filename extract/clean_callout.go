package extract

import (
	"strings"

	"golang.org/x/net/html"
)

// This file writes the boxes in which authors set a remark apart. Rules: a box is a quote, and its title a strong line; a class that
// themes give to other things too, like note, makes a box only beside one that says which kind.

var (
	calloutClass = expr(`(?:^|\s)(?:admonition|callout|markdown-alert|theme-admonition|custom-block|hint-container|bs-callout|admonitionblock)(?:$|\s)`)
	noteClass    = expr(`(?:^|\s)(?:note|notice|alert|message|tip-box|remark)(?:$|\s)`)
	noteKind     = expr(`(?:^|\s)(?:(?:note|notice|alert|message|is)-)?(?:info|tip|warning|danger|success|primary|important|caution|error|secondary|default)(?:$|\s)`)
	titleClass   = expr(`(?i)title|heading`)
)

// isCallout reports whether an element is a box around a remark.
func isCallout(n *html.Node) bool {
	if n.Data != "div" && n.Data != "aside" && n.Data != "section" {
		return false
	}
	class := attrOf(n, "class")
	return class != "" && (calloutClass.MatchString(class) || noteClass.MatchString(class) && noteKind.MatchString(class))
}

// callout writes a box as a quote. It reports false where its place can hold none.
func (c *cleaner) callout(n *html.Node) bool {
	if c.host().kind == phraseHost && c.host().node.Data != "p" || !c.open("blockquote", langOf(n)...) {
		return false
	}
	if title := calloutTitle(n); title != nil {
		c.paragraph()
		c.phrase("strong", title)
		c.divide()
		c.done[title] = true
	}
	c.children(n)
	c.close("blockquote")
	return true
}

// calloutTitle is the element that is a box's title: the first that holds text, where its class says so.
func calloutTitle(n *html.Node) *html.Node {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.TextNode && strings.TrimSpace(c.Data) != "" {
			return nil
		}
		if c.Type != html.ElementNode || oneLine(shownText(c)) == "" {
			continue
		}
		switch {
		case (c.Data == "p" || c.Data == "div" || c.Data == "span") && titleClass.MatchString(attrOf(c, "class")):
			return c
		case c.Data == "div":
			return calloutTitle(c)
		}
		return nil
	}
	return nil
}
