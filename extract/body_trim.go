package extract

import (
	"slices"
	"strings"

	"archiver"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// This file takes off a container what is not the article's text. Rules: inside a container that is known to hold nothing but
// text only what no author writes goes: share bars, page links, password forms, plugins' related posts. Of others the head goes up to
// the title with the byline after it, and at the end what comes after the text. Facts are read before, for this changes the tree.

// labelWeight is the weight below which a block at the head or the end of a loose container may be a label: a byline, a list of
// tags, a licence.
const labelWeight = 160

// wrongTitleShare is the share of a container's sentences above a title from which it is not the one over the text.
const wrongTitleShare = 0.9

// trim takes the blocks that are not text out of the page and gives what is left of the body.
func (s *survey) trim(b body, title *spot) []*html.Node {
	if b.empty {
		return nil
	}
	container := s.blocks[b.block].node
	s.show(b)
	s.keepParts(b)
	if title != nil && s.within(title.block, b.block) && title.block != b.block && !s.detached(title.Node, b) {
		s.cutHead(b, title)
	}
	if b.exact {
		return []*html.Node{container}
	}
	s.cutSecondTitle(b, title)
	cut := roleSure
	if !b.pure {
		cut = roleNotText
	}
	for i := b.block + 1; i < s.blocks[b.block].end; i++ {
		if in := &s.blocks[i]; in.roles&roleNotText != 0 && in.roles&cut != 0 && in.aside {
			if in.roles&(roleSure|roleComments) == 0 && s.isPiece(i) {
				continue
			}
			if in.roles&roleMeta != 0 {
				removeFact(in.node)
			} else {
				remove(in.node)
			}
			i = in.end - 1
		}
	}
	if !b.pure {
		s.cutByline(b, title)
		s.cutTail(b)
	}
	s.cutMore(b)
	o := outlineOf(s, []*html.Node{container}, shownTitle(title), b.pure)
	o.setCaptions()
	o.cutInside()
	o.cutCards()
	o.cutTail()
	o.cutHead()
	return []*html.Node{container}
}

// isPiece reports whether a block that is named a widget or a ranking is a piece of the text: some systems make their articles of
// such. A table is one, and so are sentences with few links among them, and a section whose id says its heading's words.
func (s *survey) isPiece(i int) bool {
	n := s.blocks[i].node
	if n.DataAtom == atom.Table {
		return s.blocks[i].prose > 0
	}
	names := attrOf(n, "class")
	if id := attrOf(n, "id"); id != "" {
		if isAnchor(n, id) && !slices.ContainsFunc(strings.Fields(names), func(name string) bool { return s.roleOfName(name)&roleNotText != 0 }) {
			return true
		}
		names += " " + id
	}
	named := false
	for name := range strings.FieldsSeq(names) {
		if boxWord(name) != "" {
			return false
		}
		if s.roleOfName(name)&roleNotText == 0 {
			continue
		}
		var buf [8]string
		if !slices.ContainsFunc(splitName(name, buf[:0]), func(word string) bool { return word == "widget" || word == "widgets" || word == "ranking" }) {
			return false
		}
		named = true
	}
	if !named || n.DataAtom == atom.Nav || n.DataAtom == atom.Aside || attrOf(n, "role") != "" {
		return false
	}
	in := &s.blocks[i]
	return in.prose >= labelWeight/2 && in.worth*2 > in.prose
}

// shownTitle is the title as a reader sees it, "" without one.
func shownTitle(title *spot) string {
	if title == nil {
		return ""
	}
	return shownText(title.Node)
}

// cutHead takes off the title, with the header around it, and all before it.
func (s *survey) cutHead(b body, title *spot) {
	before := 0
	for i := b.block; i < title.block; i++ {
		if !s.within(title.block, i) { // where the text directly around it stands is not known
			before += s.blocks[i].own
		}
	}
	card := s.articleAround(title.block)
	if all := s.blocks[b.block].prose; all >= leastStanding && (2*before > all || card > b.block && 2*s.blocks[card].prose < all) {
		s.trace.note("trim", "the title %q stands after most of the text or on a card inside it: what is before it is kept", shownTitle(title))
		return
	}
	top := title.block
	sentence := s.blocks[top].prose // a long title is one
	for p := s.blocks[top].parent; p > b.block; p = s.blocks[p].parent {
		if in := &s.blocks[p]; in.prose > sentence || in.images > 0 && in.node.DataAtom != atom.Header {
			break
		}
		top = p
	}
	if float64(s.proseBefore(top, b.block)) > wrongTitleShare*float64(s.blocks[b.block].prose) {
		s.trace.note("trim", "the title stands below most of the text: nothing above it goes")
		return
	}
	container := s.blocks[b.block].node
	node := s.blocks[top].node
	for n := node; n != container; n = n.Parent {
		for p := n.PrevSibling; p != nil; p = n.PrevSibling {
			remove(p)
		}
	}
	remove(node)
}

// proseBefore is the weight of the sentences in a container that stand before a block of it.
func (s *survey) proseBefore(block, container int) int {
	prose := 0
	for i := container + 1; i < block; i++ {
		switch in := &s.blocks[i]; {
		case in.aside:
			i = max(i, min(in.end, block)-1)
		case in.end <= block:
			prose += in.own
		}
	}
	return prose
}

// cutSecondTitle takes off the header in which some themes say title and facts once more, for machines.
func (s *survey) cutSecondTitle(b body, title *spot) {
	if title == nil || s.within(title.block, b.block) {
		return
	}
	for i := range s.headings {
		h := &s.headings[i]
		header := h.Parent
		if h.DataAtom == atom.H1 && s.within(h.block, b.block) && header != nil && header.DataAtom == atom.Header &&
			same(oneLine(textOf(h.Node)), oneLine(textOf(title.Node))) && weigh(textOf(header)) < weigh(textOf(h.Node))+labelWeight {
			remove(header)
			return
		}
	}
}

// cutByline takes off the labels between title and text: all up to the first block that is neither.
func (s *survey) cutByline(b body, title *spot) {
	from := b.block + 1
	if title != nil && s.within(title.block, b.block) {
		from = max(from, s.blocks[title.block].end)
	}
	for i := from; i < s.blocks[b.block].end; i++ {
		in := &s.blocks[i]
		switch {
		case s.detached(in.node, b):
		case in.images == 0 && s.isLabel(in.node) && (in.roles&roleMeta != 0 || isByline(in.node)):
			removeFact(in.node)
			i = in.end - 1
		case in.end == i+1 && (weigh(textOf(in.node)) > 0 || in.images > 0):
			return
		}
	}
}

var (
	metaLabel = expr(`(?i)^[\s|·•]*(?:(?:发布|发表|更新|修改|创建|编辑|作者|分类|标签|时间|日期|阅读|浏览|字数|投稿|来源)(?:于|时间|日期|数|量|者)?\s*[:：]|` +
		`(?:posted|published|updated|written|last modified)\s+(?:(?:on|in|by|at)\b|@)|(?:date|author|tags?|categor(?:y|ies)|views)\s*:|by\s+\p{Lu})`)
	sentenceEnd = expr(`[。！？；!?;]|\.(?:\s|$)`)
)

// isByline reports whether a short block says when, by whom or where an article was published.
func isByline(n *html.Node) bool { return bylineText(oneLine(textOf(n))) }

func bylineText(text string) bool {
	if text == "" || sentenceEnd.MatchString(text) {
		return false
	}
	if metaLabel.MatchString(text) {
		return true
	}
	date, start, end := scanDate(text)
	return !date.IsZero() && weigh(text)-weigh(text[start:end]) < labelWeight/4
}

// isLabel reports whether a block is too short to be text.
func (s *survey) isLabel(n *html.Node) bool { return weigh(textOf(n)) < labelWeight }

// tailStart is how the blocks after a text begin, whatever they are named.
var tailStart = expr(`(?i)^\s*(?:上一?篇|下一?篇|前一篇|后一篇|相关(?:文章|阅读|推荐|日志)|猜你喜欢|推荐阅读|延伸阅读推荐|版权(?:声明|所有)|本文(?:链接|地址|作者|由|采用)|(?:未经许可|转载)(?:请|,|，)|标签\s*[:：]|分类\s*[:：]|分享(?:到|至|本文)|打赏|赞赏|发表(?:评论|回复)|(?:\d+\s*条)?评论|` +
	`previous(?: post| article)?\s*[:：]?\b|next(?: post| article)\b|related (?:posts|articles)|you (?:may|might) also|share (?:this|on)|filed under|posted in|this (?:entry|post|article) was (?:posted|published|written|filed)|tags?\s*:|tagged|categor(?:y|ies)\s*:|leave a (?:comment|reply)|about the author|«|»|←|→)`)

// cutTail takes off what comes after the text, from the end, up to the first block that is text.
func (s *survey) cutTail(b body) {
	n := s.blocks[b.block].node
	for {
		last := lastBlock(n)
		if last == nil {
			return
		}
		text := oneLine(textOf(last))
		switch {
		case last.DataAtom == atom.Footer && weigh(text) < 4*labelWeight,
			last.DataAtom == atom.Hr,
			weigh(text) == 0 && !holdsMedia(last),
			weigh(text) < 4*labelWeight && !holdsMedia(last) && tailStart.MatchString(text) && !saysSentence(last, text):
			remove(last)
		case wraps(last) && last.FirstChild != nil && lastBlock(last) != nil:
			n = last
		default:
			return
		}
	}
}

// saysSentence reports whether a paragraph begins with the word of a label and goes on as a sentence does.
func saysSentence(n *html.Node, text string) bool {
	return n.DataAtom == atom.P && weigh(text) >= leastProse && sentenceEnd.MatchString(text) && firstElement(n, "a") == nil
}

// lastBlock is the last element of n; nil where n ends in text.
func lastBlock(n *html.Node) *html.Node {
	for c := n.LastChild; c != nil; c = c.PrevSibling {
		switch c.Type {
		case html.ElementNode:
			return c
		case html.TextNode:
			if weigh(c.Data) > 0 {
				return nil
			}
		}
	}
	return nil
}

func holdsMedia(n *html.Node) bool {
	for d := range n.Descendants() {
		switch d.DataAtom {
		case atom.Img, atom.Video, atom.Audio, atom.Iframe, atom.Pre, atom.Table, atom.Math, atom.Picture, atom.Svg:
			return true
		}
	}
	return n.DataAtom == atom.Img || n.DataAtom == atom.Pre || n.DataAtom == atom.Table
}

// cutMore takes off the "read more" link that some themes leave in the article itself; one to another article is the author's.
func (s *survey) cutMore(b body) {
	for i := range s.anchors {
		a := &s.anchors[i]
		if !s.within(a.block, b.block) || a.Parent == nil || !hasClass(a.Node, "more-link") && !hasClass(a.Node, "read-more") {
			continue
		}
		if url, ok := s.resolve(attrOf(a.Node, "href")); ok && archiver.Key(url) == archiver.Key(s.page.URL) {
			remove(a.Node)
		}
	}
}

func (s *survey) detached(n *html.Node, b body) bool {
	container := s.blocks[b.block].node
	for ; n != nil; n = n.Parent {
		if n == container {
			return false
		}
	}
	return true
}

func remove(n *html.Node) {
	if n.Parent != nil {
		n.Parent.RemoveChild(n)
	}
}
