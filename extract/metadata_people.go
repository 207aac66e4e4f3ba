package extract

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"archiver"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// This file decides who wrote an article. Rules: a name is one that the page, its head or a channel gives as the author's; what the
// byline above the text and the licence below it show is believed before what software wrote into the head, and that before a box
// below the text; who
// reviewed, edited or translated is no author; the blog's own name is nobody's; two spellings of one name are one author.

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
	if len(names) > 0 {
		r.trace.note("authors", "%q from REST", names)
		return names
	}
	const channels = "the channels"
	var named []string // after the site
	for _, witness := range [...]struct {
		name string
		hear func() []string
	}{
		{"the byline", func() []string { return r.authorsShown(aboveText) }},
		{"the words of the byline", func() []string { return r.authorsOfLines(aboveText) }},
		{"the licence below the text", r.authorsOfLicence},
		{"JSON-LD", r.authorsOfThings},
		{"the head", r.authorsOfHead},
		{"a byline elsewhere", func() []string { return r.authorsShown(inLead, aboveTitle) }},
		{"the words of a byline elsewhere", func() []string { return r.authorsOfLines(inLead, aboveTitle) }},
		{channels, r.authorsOfChannels},
		{"the words around the text", r.authorsOfBylines},
		{"the box below the text", r.authorsBelow},
		{"the words below the text", r.authorsOfTail},
	} {
		said := witness.hear()
		if len(said) == 0 {
			continue
		}
		names := r.cleanNames(said)
		if witness.name != channels {
			names = slices.DeleteFunc(names, r.isNoOne) // a channel means a user of that name
		}
		switch {
		case len(names) == 0:
			r.trace.note("authors", "%q from %s refused", said, witness.name)
		case len(names) == 1 && r.isHost(names[0]):
			// A person who named the blog after himself, or a company: others may know better.
			if named == nil {
				named = names
			}
			r.trace.note("authors", "%q from %s is the site's name too", names, witness.name)
		default:
			r.trace.note("authors", "%q from %s", names, witness.name)
			return r.fullerName(names)
		}
	}
	return named
}

// isHost reports whether a name is that of the host too: Jane Doe of janedoe.com.
func (r *articlePage) isHost(name string) bool {
	return strings.HasPrefix(letters(strings.TrimPrefix(archiver.Host(r.page.URL), "www."), 0), letters(name, 0))
}

// fullerName takes the whole name where the byline shows only a first one.
func (r *articlePage) fullerName(names []string) []string {
	if len(names) != 1 || strings.ContainsRune(names[0], ' ') {
		return names
	}
	for _, hear := range [...]func() []string{r.authorsOfThings, r.authorsOfHead, r.authorsBelow} {
		if said := r.cleanNames(hear()); len(said) == 1 && strings.HasPrefix(said[0], names[0]+" ") && isName(said[0], false) {
			return said
		}
	}
	return names
}

// reviewedBy is what leads to people who are no authors.
var reviewedBy = regexp.MustCompile(`(?i)(?:review|fact.?check|edited|editor|illustrat|photo|image|translat|approved|updated|verified|medically|interview with|recommended|in:|编辑|編輯|审校|校对|校對|翻译|翻譯|译者|審校|排版)\S*(?:\s+(?:by|on))?\s*[:：]?\s*$`)

// authorsShown are the names that a byline shows: those of links to people, else those of elements that are named so.
func (r *articlePage) authorsShown(sides ...side) []string {
	v := r.around()
	for _, at := range sides {
		for _, linked := range [...]bool{true, false} {
			var names []string
			var last *credit
			for i := range v.credits {
				c := &v.credits[i]
				if c.side != at || linked != (c.person || hasRel(c.Node, "author")) || reviewedBy.MatchString(c.lead) || hidden(c.Node) {
					continue
				}
				if last != nil && !v.together(last, c) {
					break
				}
				if more := creditNames(c); len(more) > 0 {
					names, last = append(names, more...), c
				}
			}
			if len(names) > 0 {
				return names
			}
		}
	}
	return nil
}

// together reports whether two names are of one byline: they stand in one line, or look the same and stand one below the other;
// where there is a heading or a date between them, the second is another article's.
func (v *vicinity) together(a, b *credit) bool {
	if a.line == b.line {
		return true
	}
	if b.line > a.line+2 || attrOf(a.Node, "class") != attrOf(b.Node, "class") {
		return false
	}
	for i := a.line; i < b.line && i < len(v.lines); i++ {
		if v.lines[i].heading {
			return false
		}
		if _, dated := findDate(v.lines[i].text); dated {
			return false
		}
	}
	return true
}

// authorsBelow are the names in the box about the author below the text.
func (r *articlePage) authorsBelow() []string {
	for i := range r.around().credits {
		c := &r.surrounding.credits[i]
		if c.side != belowText || reviewedBy.MatchString(c.lead) || hidden(c.Node) {
			continue
		}
		if names := creditNames(c); len(names) > 0 {
			return names
		}
	}
	return nil
}

// hidden reports whether an element, or one close around it, is not shown.
func hidden(n *html.Node) bool {
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

// creditNames are the names in an element that may name the author.
func creditNames(c *credit) []string {
	if content := attrOf(c.Node, "content"); content != "" {
		return splitNames(content, true)
	}
	var inner *html.Node
	nodes := 0
	for d := range c.Descendants() {
		// A box about the author is small; a larger one is not about the author alone.
		if nodes++; nodes > mostCreditNodes {
			break
		}
		if d.Type == html.ElementNode && namesPerson(d) {
			inner = d
			break
		}
	}
	if inner != nil {
		if content := attrOf(inner, "content"); content != "" {
			return splitNames(content, true)
		}
		if names := splitNames(shownText(inner), true); len(names) > 0 {
			return names
		}
	}
	var linked []string
	if !c.person {
		nodes = 0
		lead := ""
		for d := range c.Descendants() {
			if nodes++; nodes > mostCreditNodes {
				break
			}
			if d.Type == html.TextNode && strings.TrimSpace(d.Data) != "" {
				lead = oneLine(d.Data)
			}
			if d.DataAtom == atom.A && (hasRel(d, "author") || isPersonAddress(attrOf(d, "href"))) && !reviewedBy.MatchString(lead) {
				linked = append(linked, splitNames(personLink(d), true)...)
			}
		}
		if len(linked) > 0 {
			return linked
		}
	}
	// In a box of several lines a name has a line of its own.
	if hasBlocks(c.Node) {
		if names := firstName(c); len(names) > 0 {
			return names
		}
	}
	if text := personLink(c.Node); text != "" && len(text) < longestLine/2 {
		if names := splitNames(text, true); len(names) > 0 {
			return names
		}
	}
	return firstName(c)
}

// hasBlocks reports whether an element is of several lines.
func hasBlocks(n *html.Node) bool {
	nodes := 0
	for d := range n.Descendants() {
		if nodes++; nodes > mostCreditNodes {
			break
		}
		if d.Type == html.ElementNode && isBlock(d) && d.DataAtom != atom.Img {
			return true
		}
	}
	return false
}

// firstName is the first text in an element that is a name, or the name of the first portrait.
func firstName(c *credit) []string {
	nodes := 0
	for d := range c.Descendants() {
		if nodes++; nodes > mostCreditNodes {
			break
		}
		switch {
		case d.Type == html.TextNode && strings.TrimSpace(d.Data) != "":
			if names := splitNames(d.Data, false); len(names) > 0 {
				return names
			}
		case d.DataAtom == atom.Img:
			if name := portraitName(attrOf(d, "alt")); isName(name, false) && (!c.person || !hasHan(name)) {
				return []string{name}
			}
		}
	}
	return nil
}

// mostCreditNodes bounds how much of an element is searched for a name.
const mostCreditNodes = 200

// namesPerson reports whether an element is named as a person's name.
func namesPerson(n *html.Node) bool {
	for i := range n.Attr {
		switch a := &n.Attr[i]; a.Key {
		case "itemprop":
			if a.Val == "name" {
				return true
			}
		case "class":
			for class := range strings.FieldsSeq(a.Val) {
				switch class {
				case "fn", "p-name", "name":
					return true
				}
				if !strings.Contains(class, "ame") || !mayCredit(class) {
					continue
				}
				var buf [8]string
				if words := splitName(class, buf[:0]); slices.Contains(words, "name") && creditWord(class) == creditYes {
					return true
				}
			}
		}
	}
	return false
}

var viewPosts = regexp.MustCompile(`(?i)^(?:view|see|read|show)?\s*(?:all|more)?\s*(?:posts|articles|stories)\s+(?:by|from|of)\s+|^(?:posts|articles)\s+by\s+`)

// personLink is the text of a link to a person.
func personLink(a *html.Node) string {
	text := strings.TrimRight(shownText(a), " →»›")
	return viewPosts.ReplaceAllString(text, "")
}

var portraitOf = regexp.MustCompile(`(?i)^(?:picture|photo|avatar|portrait|image|headshot|profile (?:picture|photo|image)|author)\s*(?:of|for|:)?\s+|(?:'s|’s)?\s+(?:avatar|photo|picture|headshot|profile picture)$`)

func portraitName(alt string) string { return cutName(portraitOf.ReplaceAllString(oneLine(alt), "")) }

var (
	bylineAuthor = regexp.MustCompile(`(?i)^[\s|·•-]*(?:(?:posted|written|published|created|authored|words|article|story)\s+by\b|by\b|von\b|par\b|por\b|authors?\s*[:：]|текст\s*[:：]|автор\s*[:：]|author\(s\)\s*[:：]|(?:文章|本文|原)?作者\s*[:：]?|撰文\s*[:：]?|文\s*[/|:：｜／]|由)\s*[:：]?\s*`)
	bylineEnd    = regexp.MustCompile(`(?i)\s+(?:分类|标签|时间|日期|阅读|浏览|发布|on|in|at|am|um|于|發表|发表|posted|published|updated)(?:\b|\s|$|[^A-Za-z])|\s*[|·•／]|\s+[-–—]\s+|\s*[,，]?\s*(?:19|20)\d\d|[(（]`)
)

// writtenBy leads to a name anywhere in a line of the byline, byAlone is a line that leads to the next one.
var (
	writtenBy = regexp.MustCompile(`(?i)(?:\b(?:posted|written|published|authored)\s+by\s*[:：]?\s*|(?:文章|本文|原)?作者\s*[:：]\s*|撰文\s*[:：]\s*|\bauthor(?:s|\(s\))?\s*[:：]\s*)`)
	byStart   = regexp.MustCompile(`(?i)^[\s|·•—–-]*(?:(?:words\s+|text\s+|story\s+|article\s+)?by\s*[:：]?\s+|文\s*[/|:：｜／]\s*|撰文\s*|由\s*)`)
	byAlone   = regexp.MustCompile(`(?i)^[\s|·•—–-]*(?:(?:posted|written|published|authored|words|article|story)\s+)?by\s*[:：]?$|^(?:the\s+)?authors?\s*[:：]?$|^(?:written\s+by|作者|本文作者|撰文|文章作者)\s*[:：]?$`)

	aboutAuthor = regexp.MustCompile(`(?i)about (?:the |our )?(?:author|writer)|author bio|^(?:the )?authors?$|written by|关于作者|作者简介|作者介绍|本文作者`)
)

// authorsOfLines are the names that a line gives in words: "By Jane Doe and John Roe | May 1".
func (r *articlePage) authorsOfLines(sides ...side) []string {
	s := r.around()
	for _, z := range sides {
		for i := range s.lines {
			if s.lines[i].side != z {
				continue
			}
			text := s.lines[i].text
			if names := namesOfLine(text); len(names) > 0 {
				return names
			}
			if byAlone.MatchString(text) && i+1 < len(s.lines) {
				if names := splitNames(s.lines[i+1].text, true); len(names) > 0 {
					return names
				}
			}
		}
	}
	return nil
}

// licensed is how the box below a text, which says whose it is, names the author of this one; what themes write into the head is
// often the blog's owner, whoever wrote.
var licensed = regexp.MustCompile(`(?i)^[\s|·•]*(?:(?:本文|文章|原)?作者|(?:article |post )?author)\s*[:：]\s*`)

// authorsOfLicence are the names in a line below the text that begins as licensed does.
func (r *articlePage) authorsOfLicence() []string {
	for _, l := range r.around().lines {
		if at := licensed.FindStringIndex(l.text); l.side == belowText && at != nil {
			return splitNames(l.text[at[1]:], true)
		}
	}
	return nil
}

// authorsOfTail are the names that a line below the text gives in words.
func (r *articlePage) authorsOfTail() []string {
	s := r.around()
	for i := range s.lines {
		if s.lines[i].side != belowText {
			continue
		}
		if at := writtenBy.FindStringIndex(s.lines[i].text); at != nil && at[0] < 4 {
			if names := splitNames(s.lines[i].text[at[1]:], true); len(names) > 0 {
				return names
			}
		}
		if byAlone.MatchString(s.lines[i].text) && i+1 < len(s.lines) {
			if names := splitNames(s.lines[i+1].text, false); len(names) > 0 {
				return names
			}
		}
	}
	return r.authorsOfLastLines()
}

// authorsOfLastLines are the names in the text's own last lines: "Written by Jane Doe", "（作者：张三）".
func (r *articlePage) authorsOfLastLines() []string {
	const last = 8 // lines; references and notes come after it
	b := r.blocks[r.body.block]
	for i, seen := b.end-1, 0; i > r.body.block && seen < last; i-- {
		if r.blocks[i].end != i+1 {
			continue
		}
		text := shownText(r.blocks[i].node)
		if text == "" {
			continue
		}
		seen++
		if len(text) > longestLine/2 {
			continue
		}
		if at := writtenBy.FindStringIndex(text); at != nil && at[0] < 4 {
			if names := splitNames(text[at[1]:], false); len(names) > 0 {
				return names
			}
		}
	}
	return nil
}

// namesOfLine are the names in a line that says that it is a byline.
func namesOfLine(text string) []string {
	if weigh(text) > labelWeight {
		// A sentence: only "By Jane Doe. The rest" at its beginning is a byline.
		if at := byStart.FindStringIndex(text); at != nil {
			if end := strings.Index(text, ". "); end > at[1] && end-at[1] < longestName {
				return splitNames(text[at[1]:end], false)
			}
		}
		return nil
	}
	if at := writtenBy.FindStringIndex(text); at != nil && !reviewedBy.MatchString(text[:at[0]]) {
		return splitNames(text[at[1]:], true)
	}
	if at := byStart.FindStringIndex(text); at != nil {
		return splitNames(text[at[1]:], !startsASCII(text[at[1]:]))
	}
	return nil
}

func startsASCII(s string) bool { return s == "" || s[0] < 0x80 }

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

func (r *articlePage) authorsOfThings() []string {
	for _, t := range r.things {
		if t.isArticle() {
			if names := headNames(t.names("author", r.things)); len(names) > 0 {
				return names
			}
		}
	}
	return nil
}

// authorsOfHead are the names in meta elements, those with an itemprop inside the article among them.
func (r *articlePage) authorsOfHead() []string {
	if label := strings.ToLower(r.meta("twitter:label1")); strings.HasSuffix(label, "by") || label == "author" || strings.Contains(label, "作者") {
		if names := headNames(r.metas["twitter:data1"]); len(names) > 0 {
			return names
		}
	}
	for i := range r.marked {
		if sp := &r.marked[i]; sp.roles&roleAuthor != 0 && sp.DataAtom == atom.Meta && !r.apart(sp.block, r.root) && !r.within(sp.block, r.body.block) {
			if names := headNames([]string{attrOf(sp.Node, "content")}); len(names) > 0 {
				return names
			}
		}
	}
	for _, key := range [...]string{"citation_author", "author", "article:author", "article:author_name", "og:article:author", "dc.creator", "dcterms.creator",
		"parsely-author", "sailthru.author", "byl", "byline", "authors", "author_name", "mediator_author", "article.author", "weibo:article:author"} {
		if names := headNames(r.metas[key]); len(names) > 0 {
			return names
		}
	}
	return nil
}

// headNames are the names in what software wrote; what is no name by its looks may still be one there.
func headNames(said []string) []string {
	var names []string
	for _, s := range said {
		if strings.Contains(s, "://") || strings.HasPrefix(s, "www.") || strings.HasPrefix(s, "/") {
			continue
		}
		if listed := splitNames(s, true); len(listed) > 0 {
			names = append(names, listed...)
		} else {
			names = append(names, cutDate(s))
		}
	}
	return names
}

// cutDate takes off the date that some write behind a name.
func cutDate(s string) string {
	if ts, start, _ := scanDate(s); !ts.IsZero() {
		return strings.TrimRight(s[:start], " ,|-")
	}
	return s
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
		if r.site != "" && same(name, r.site) && !(strings.ContainsRune(name, ' ') && !hasHan(name) && isName(name, false)) {
			continue
		}
		seen[key] = true
		kept = append(kept, name)
	}
	return kept
}

func hasHan(s string) bool {
	return strings.ContainsFunc(s, func(c rune) bool { return unicode.Is(unicode.Han, c) })
}
