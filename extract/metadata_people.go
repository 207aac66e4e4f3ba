package extract

import (
	"regexp"
	"strings"

	"archiver"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// This file decides who wrote an article. Rules: a name is one that the page, its head or a channel gives as the author's; the
// blog's own name is nobody's; two spellings of one name are one author.

// maxAuthors and longestName bound what can be authors and their names; longer ones are lists and sentences.
const (
	maxAuthors  = 20
	longestName = 60 // characters
)

// authors are the article's authors in the order the page gives.
func (r *articlePage) authors() []string {
	names, _ := fromEntries(r.entries, func(e *archiver.Entry) ([]string, bool) {
		if e.Channel != archiver.ChannelREST {
			return nil, false
		}
		clean := r.cleanNames(e.Authors)
		return clean, len(clean) > 0
	})
	for _, witness := range [...]func() []string{r.authorsShown, r.authorsOfThings, r.authorsOfHead, r.authorsOfChannels, r.authorsOfBylines} {
		if len(names) > 0 {
			break
		}
		names = r.cleanNames(witness())
	}
	return names
}

// authorsShown are the names that the byline shows: a link to the author's page before an element that is named so.
func (r *articlePage) authorsShown() []string {
	var linked, named, loose []string
	for i := range r.marked {
		sp := &r.marked[i]
		if sp.roles&roleAuthor == 0 || !r.about(sp) || r.late(sp) {
			continue
		}
		if sp.DataAtom == atom.Meta || r.isHidden(sp) {
			continue
		}
		switch name, sure := authorIn(sp.Node); {
		case name == "":
		case hasRel(sp.Node, "author"):
			linked = append(linked, name)
		case sure:
			named = append(named, name)
		default:
			loose = append(loose, name)
		}
	}
	switch {
	case len(linked) > 0:
		return linked
	case len(named) > 0:
		return named
	}
	return loose
}

// isHidden reports whether an element, or one close around it, is not shown.
func (r *articlePage) isHidden(sp *spot) bool {
	n := sp.Node
	for range 3 {
		if n == nil {
			break
		}
		for _, a := range n.Attr {
			if a.Key == "hidden" || a.Key == "style" && strings.Contains(strings.ReplaceAll(a.Val, " ", ""), "display:none") {
				return true
			}
		}
		n = n.Parent
	}
	return false
}

// authorIn is the name in an element that is named as the author's; sure is false where it had to be cut out of a sentence.
func authorIn(n *html.Node) (name string, sure bool) {
	for d := range n.Descendants() {
		if d.Type != html.ElementNode {
			continue
		}
		if strings.Contains(attrOf(d, "itemprop"), "name") {
			if content := attrOf(d, "content"); content != "" {
				return oneLine(content), true
			}
			return shownText(d), true
		}
		if hasClass(d, "fn") || hasClass(d, "p-name") || hasRel(d, "author") || hasClass(d, "name") || hasClass(d, "author-name") || hasClass(d, "wp-block-post-author__name") {
			return shownText(d), true
		}
	}
	text := shownText(n)
	cut := bylineAuthor.ReplaceAllString(text, "")
	if cut != text {
		// "By Jane Doe on May 1, 2024 | 3 comments"
		if i := bylineEnd.FindStringIndex(cut); i != nil {
			cut = cut[:i[0]]
		}
		return cut, false
	}
	for d := range n.Descendants() {
		if d.DataAtom == atom.A {
			if name := shownText(d); name != "" {
				return name, true
			}
		}
	}
	_, dated := findDate(text)
	if dated {
		return "", false
	}
	return text, true
}

var (
	bylineAuthor = regexp.MustCompile(`(?i)^[\s|·•-]*(?:(?:posted|written|published|created)\s+by\b|by\b|author\s*[:：]|(?:文章|本文|原)?作者\s*[:：]?|撰文\s*[:：]?|文\s*[/|:：]|由)\s*[:：]?\s*`)
	bylineEnd    = regexp.MustCompile(`(?i)\s+(?:分类|标签|时间|日期|阅读|浏览|发布|on|in|at|am|um|于|發表|发表|posted|published|updated)(?:\b|\s|$|[^A-Za-z])|\s*[|·•／]|\s+[-–—]\s+|\s*[,，]?\s*(?:19|20)\d\d|[(（]`)
)

// authorsOfBylines are the names that a line around the text gives in words: "Posted by Jane Doe on May 1".
func (r *articlePage) authorsOfBylines() []string {
	for i := range r.marked {
		if sp := &r.marked[i]; sp.roles&roleMeta != 0 && r.about(sp) && !r.late(sp) {
			if name := authorInByline(shownText(sp.Node), 4*labelWeight); name != "" {
				return []string{name}
			}
		}
	}
	for i := r.scope; i < r.blocks[r.scope].end; i++ {
		b := &r.blocks[i]
		if b.end != i+1 || r.apart(i, r.scope) || r.body.pure && r.within(i, r.body.block) || isHeading(b.node) {
			continue
		}
		text := shownText(b.node)
		if name := authorInByline(text, labelWeight); name != "" {
			return []string{name}
		}
		if weigh(text) > labelWeight && r.within(i, r.body.block) {
			break // the text has begun
		}
	}
	return nil
}

// authorInByline is the name that a line gives in words. Where the line is named as one it may go on: "This entry was posted by
// Jane Doe on May 1 and is filed under Notes. You can follow any responses…"
func authorInByline(text string, most int) string {
	if weigh(text) > most {
		return ""
	}
	m := writtenBy.FindStringIndex(text)
	if m == nil {
		return ""
	}
	name := text[m[1]:]
	if end := bylineEnd.FindStringIndex(name); end != nil {
		name = name[:end[0]]
	}
	if name, _, _ = strings.Cut(name, "　"); len([]rune(name)) > longestName/2 {
		return ""
	}
	return name
}

var writtenBy = regexp.MustCompile(`(?i)(?:\b(?:posted|written|published)\s+by\s*[:：]?\s*|(?:文章|本文|原)?作者\s*[:：]\s*|撰文\s*[:：]\s*|\bauthor\s*[:：]\s*)`)

func (r *articlePage) authorsOfThings() []string {
	for _, t := range r.things {
		if t.isArticle() {
			if names := t.names("author", r.things); len(names) > 0 {
				return names
			}
		}
	}
	return nil
}

// authorsOfHead are the names in meta elements, those with an itemprop inside the article among them.
func (r *articlePage) authorsOfHead() []string {
	for i := range r.marked {
		sp := &r.marked[i]
		if sp.roles&roleAuthor != 0 && sp.DataAtom != atom.Meta && !r.apart(sp.block, r.root) {
			if name, sure := authorIn(sp.Node); sure && attrOf(sp.Node, "itemprop") != "" {
				return []string{name}
			}
		}
		if sp.roles&roleAuthor != 0 && sp.DataAtom == atom.Meta {
			return []string{attrOf(sp.Node, "content")}
		}
	}
	for _, key := range [...]string{"author", "article:author", "dc.creator", "parsely-author", "sailthru.author", "twitter:data1"} {
		if key == "twitter:data1" && !strings.Contains(strings.ToLower(r.meta("twitter:label1")), "by") && r.meta("twitter:label1") != "作者" {
			continue
		}
		if names := r.metas[key]; len(names) > 0 {
			return names
		}
	}
	return nil
}

func (r *articlePage) authorsOfChannels() []string {
	names, _ := fromEntries(r.entries, func(e *archiver.Entry) ([]string, bool) { return e.Authors, len(e.Authors) > 0 })
	return names
}

// cleanNames drops what is no name, and names that are given twice.
func (r *articlePage) cleanNames(names []string) []string {
	var kept []string
	seen := make(map[string]bool)
	for _, name := range names {
		name = strings.Trim(oneLine(bylineAuthor.ReplaceAllString(oneLine(name), "")), ",，、:：|· ")
		key := letters(name, 0)
		if key == "" || seen[key] || len(kept) == maxAuthors || len([]rune(name)) > longestName || strings.Contains(name, "://") || strings.HasPrefix(name, "www.") {
			continue
		}
		if r.site != "" && same(name, r.site) {
			continue
		}
		seen[key] = true
		kept = append(kept, name)
	}
	return kept
}
