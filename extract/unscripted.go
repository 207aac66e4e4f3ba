package extract

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// This file shows the text that a page has for readers without scripts, which we are. Rules: a container that is empty but for
// scripts and a noscript element as long as a text has the text there - blogs that draw their posts in the browser have them so;
// beside other content, a noscript repeats a menu or counts a visit, and what asks for JavaScript is no text.

const (
	// leastUnscripted is the weight of the shortest noscript that is a text: notices and banners are shorter, or ask for scripts.
	leastUnscripted = 300
	// maxUnscripted is how many of them a page shows: a blog's index has one for each post.
	maxUnscripted = 50
)

// asksForScript is how a notice begins.
var asksForScript = expr(`(?i)^.{0,160}(?:(?:enable|disabled?|activate|aktivier|turn(?:ed)? on|without|requires?|开启|启用|禁用|支持|打开).{0,40}(?:java ?script|cookies?)|java ?script.{0,40}(?:enabled?|disabled?|aktivier|deaktiviert|turned|required|开启|启用|禁用))`)

// showUnscripted puts such texts in their noscript's place.
func showUnscripted(root *html.Node) {
	var found []*html.Node
	for n := range root.Descendants() {
		if n.DataAtom == atom.Noscript && isTextHolder(n) {
			if found = append(found, n); len(found) == maxUnscripted {
				break
			}
		}
	}
	for _, n := range found {
		around := n.Parent
		nodes, err := html.ParseFragment(strings.NewReader(textOf(n)), newElement("div"))
		if err != nil {
			continue
		}
		for _, child := range nodes {
			around.InsertBefore(child, n)
		}
		around.RemoveChild(n)
	}
}

// isTextHolder reports whether a noscript has a text, and stands alone.
func isTextHolder(n *html.Node) bool {
	around := n.Parent
	if around == nil || around.DataAtom == atom.Body || around.DataAtom == atom.Head || around.DataAtom == atom.Html {
		return false
	}
	source := textOf(n)
	if len(source) < leastUnscripted {
		return false
	}
	// It stands last or first beside scripts; a long row of siblings is something else.
	const most = 8
	beside := 0
	for c := around.FirstChild; c != nil; c = c.NextSibling {
		if beside++; beside > most {
			return false
		}
		switch {
		case c == n, c.Type == html.CommentNode, c.DataAtom == atom.Script, c.DataAtom == atom.Style:
		case c.Type == html.TextNode && strings.TrimSpace(c.Data) == "":
		default:
			return false
		}
	}
	text := oneLine(markup.ReplaceAllString(source, " "))
	return weigh(text) >= leastUnscripted && !asksForScript.MatchString(text)
}
