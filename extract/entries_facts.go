package extract

import (
	"slices"
	"strings"
	"unicode/utf8"

	"archiver"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// This file reads what an item of a list says of its article. Rules: a fact is taken only where it clearly is the item's; the
// text of the article itself is never searched for dates, names or pictures.

// maxExcerpt bounds the excerpt, in characters; where a list shows the whole article its beginning will do.
const maxExcerpt = 2000

// itemReader walks over the nodes of one item.
type itemReader struct {
	*overview
	link  *anchor
	root  *html.Node
	title *html.Node // the element whose text is the title
	entry archiver.Entry

	all, marked strings.Builder // text outside of title and metadata; the same of an element marked as excerpt
	meta        strings.Builder // text of the metadata
	protected   bool            // there is a form for the password
}

// reading is where the walk over an item stands.
type reading struct {
	content bool // inside the excerpt or the text of the article
	quiet   bool // inside something that is no part of the text
}

func (o *overview) read(it item) archiver.Entry {
	r := itemReader{overview: o, link: it.link, root: it.root, entry: archiver.Entry{Channel: archiver.ChannelListing, URL: it.link.url}}
	r.title, r.entry.Title = o.titleOf(it)
	it.nodes(func(n *html.Node) { r.walk(n, reading{}) })
	r.finish()
	return r.entry
}

// titleOf is the element that holds the title of an item, and the title.
func (o *overview) titleOf(it item) (*html.Node, string) {
	a := it.link
	if a.strength == noTitle {
		if h := o.headingIn(it.root); h != nil && !o.inContent(h, it.root) {
			return h, o.seenText(h)
		}
		return nil, ""
	}
	element := a.Node
	switch inner := o.headingIn(a.Node); {
	case inner != nil:
		element = inner
	case a.heading != nil && contains(a.heading, a.Node):
		element = a.heading
		if strings.TrimSpace(o.seenText(a.Node)) == "" && a.label == "" && !holdsImage(a.Node) {
			// An empty link in a heading with words is an anchor beside the title.
			return element, o.seenText(element)
		}
	default:
		for d := range a.Node.Descendants() {
			if o.marks[d]&markTitle != 0 {
				element = d
				break
			}
		}
	}
	title := a.text
	if contains(a.Node, element) {
		title = o.seenText(element)
	}
	if title == "" {
		title = oneLine(textOf(element))
	}
	if title == "" {
		title = a.label
	}
	if full := a.label; len(full) > len(title) && (strings.HasSuffix(title, "…") || strings.HasSuffix(title, "...")) {
		if head := strings.TrimRight(title, ".… "); strings.HasPrefix(full, head) {
			title = full
		}
	}
	if utf8.RuneCountInString(title) > longestTitle && a.label != "" {
		title = a.label
	}
	if element == a.Node && utf8.RuneCountInString(title) > longestTitle {
		return nil, ""
	}
	return element, title
}

func (o *overview) inContent(n, root *html.Node) bool {
	for ; n != nil && n != root; n = n.Parent {
		if o.marks[n]&(markContent|markSummary) != 0 {
			return true
		}
	}
	return false
}

func (r *itemReader) walk(n *html.Node, at reading) {
	switch n.Type {
	case html.TextNode:
		r.text(n.Data, at)
		return
	case html.ElementNode:
	default:
		return
	}
	if unseen(n) || n == r.title {
		return
	}
	m := r.marks[n]
	switch n.DataAtom {
	case atom.Time:
		if !at.content {
			r.date(n, m)
			r.meta.WriteByte(' ')
			return
		}
	case atom.Form:
		r.protected = r.protected || strings.Contains(attrOf(n, "class"), "post-password-form") || strings.Contains(attrOf(n, "action"), "action=postpass")
		return
	case atom.Img:
		if !at.content {
			r.image(n)
		}
		return
	case atom.A:
		if r.anchor(n, at) {
			return
		}
	case atom.Button, atom.Nav, atom.Audio, atom.Video:
		return
	}
	if m&markHidden != 0 {
		return
	}
	if !at.content {
		if m&(markMeta|markMore|markNoise|markPager) != 0 && m&(markContent|markSummary|markItem) == 0 && !contains(n, r.link.Node) {
			at.quiet = true
		}
		if n.DataAtom != atom.A && (m&markDate != 0 && !holdsTimeElement(n) || bareDate(n)) {
			r.date(n, m)
			at.quiet = true
		}
		if m&(markContent|markSummary) != 0 && !at.quiet && m&markItem == 0 && (r.title == nil || !contains(n, r.title)) {
			at.content = true
		}
		if style := attrOf(n, "style"); strings.Contains(style, "url(") && r.entry.Image == "" {
			r.background(style)
		}
	}
	block := isBlock(n)
	if block {
		r.text(" ", at)
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		r.walk(c, at)
	}
	if block {
		r.text(" ", at)
	}
}

func (r *itemReader) text(s string, at reading) {
	switch {
	case at.quiet:
		if r.meta.Len() < 1000 {
			r.meta.WriteString(s)
		}
	case at.content:
		if r.marked.Len() < 5*maxExcerpt {
			r.marked.WriteString(s)
		}
	default:
		if r.all.Len() < 5*maxExcerpt {
			r.all.WriteString(s)
		}
	}
}

// anchor reads a link of the item; true says that its text is no part of the excerpt.
func (r *itemReader) anchor(n *html.Node, at reading) bool {
	if n == r.link.Node {
		if r.title != nil && r.title != n && contains(n, r.title) {
			return false // the whole card is the link
		}
		for d := range n.Descendants() {
			if d.DataAtom == atom.Img {
				r.image(d)
			} else if d.DataAtom == atom.Time {
				r.date(d, r.marks[d])
			}
		}
		return r.link.strength > noTitle || r.link.isMore || r.link.isDate
	}
	if hasRel(n, "tag", "category") && !at.content {
		name := oneLine(textOf(n))
		list := &r.entry.Tags
		if hasRel(n, "category") || strings.Contains(attrOf(n, "href"), "/categor") {
			list = &r.entry.Categories
		}
		if name = strings.TrimPrefix(name, "#"); name != "" && !slices.Contains(*list, name) {
			*list = append(*list, name)
		}
		return true
	}
	if hasRel(n, "author") && !at.content {
		if name := oneLine(textOf(n)); name != "" && !slices.Contains(r.entry.Authors, name) {
			r.entry.Authors = append(r.entry.Authors, name)
		}
		return true
	}
	url, ok := r.address(attrOf(n, "href"))
	if !ok || !samePage(url, r.link.url) {
		return false
	}
	text := oneLine(textOf(n))
	if isReadMore(text) || r.marks[n]&markMore != 0 || hasRel(n, "contents") || strings.Contains(attrOf(n, "href"), "#more") {
		return true
	}
	return !at.content && (notTitle.MatchString(text) && !holdsImage(n) || text == r.entry.Title && text != "")
}

// image takes the picture of the item: one that stands outside of its text.
func (r *itemReader) image(n *html.Node) {
	if r.entry.Image != "" {
		return
	}
	for p := n; p != nil; p = p.Parent {
		if r.marks[p]&markMeta != 0 || strings.Contains(attrOf(p, "class"), "emoji") || strings.Contains(attrOf(p, "class"), "avatar") {
			return
		}
		if p == r.root || p.Parent == r.root.Parent {
			break
		}
	}
	for _, key := range []string{"data-src", "data-original", "data-lazy-src", "data-lazy", "src"} {
		src := strings.TrimSpace(attrOf(n, key))
		if src == "" || strings.HasPrefix(src, "data:") || strings.Contains(src, "gravatar.com/avatar") {
			continue
		}
		if url, ok := r.resolve(src); ok && url != r.page.URL {
			r.entry.Image = url
			return
		}
	}
}

var cssURL = expr(`url\(\s*["']?([^"')]+)["']?\s*\)`)

func (r *itemReader) background(style string) {
	if m := cssURL.FindStringSubmatch(style); m != nil && !strings.HasPrefix(m[1], "data:") {
		if url, ok := r.resolve(m[1]); ok {
			r.entry.Image = url
		}
	}
}

func (r *itemReader) finish() {
	// The words alone may be an author's own; WordPress is known to put them there.
	if bare, marked := unprotect(r.entry.Title); r.protected || marked && r.onWordPress() {
		r.entry.Protected, r.entry.Title = true, bare
	}
	rest, excerpt := oneLine(r.all.String()), oneLine(r.marked.String())
	if r.entry.Published.IsZero() && r.entry.Modified.IsZero() {
		if ts, ok := findDate(oneLine(r.meta.String())); ok {
			r.entry.Published = ts
		} else if len(rest) < shortItem || excerpt != "" {
			r.entry.Published, rest = r.dateBeside(rest)
		}
	}
	if excerpt == "" {
		excerpt = rest
	}
	if !hasLetters(excerpt) {
		excerpt = ""
	}
	if !r.entry.Protected {
		r.entry.Excerpt = cutText(tidyExcerpt(excerpt), maxExcerpt)
	}
}

// onWordPress reports whether the page was made by WordPress.
func (o *overview) onWordPress() bool {
	for _, n := range o.heads {
		if hasRel(n, "https://api.w.org/", "EditURI") || attrOf(n, "name") == "generator" && strings.HasPrefix(attrOf(n, "content"), "WordPress") ||
			strings.Contains(attrOf(n, "href"), "/wp-content/") || strings.Contains(attrOf(n, "href"), "/wp-includes/") {
			return true
		}
	}
	return false
}

func hasLetters(s string) bool {
	for _, r := range s {
		if r >= 0x80 && r != '…' && r != '·' && r != '»' && r != '→' || 'a' <= r|0x20 && r|0x20 <= 'z' {
			return true
		}
	}
	return false
}

var trailingMore = expr(`(?i)\s*(?:\[(?:…|\.\.\.|&hellip;)\]|\[\s*(?:阅读全文|继续阅读|更多|more)\s*\]|(?:阅读全文|继续阅读|閱讀全文|繼續閱讀|阅读剩余部分|Read more|Continue reading)\s*(?:[»›→>…]|\.\.\.)*)$`)

// brokenEnd is what is left of a character that a plugin cut in two.
var brokenEnd = expr(`\x{FFFD}+\s*(…|\.\.\.|\[…\])?$`)

// tidyExcerpt takes the sign of a cut and the "read more" words off the end of an excerpt.
func tidyExcerpt(s string) string {
	const longest = 80 // bytes of the words
	from := max(0, len(s)-longest)
	s = brokenEnd.ReplaceAllString(s, "$1")
	m := trailingMore.FindStringIndex(s[from:])
	if m == nil {
		return s
	}
	head := strings.TrimRight(s[:from+m[0]], " -–—|")
	if strings.HasPrefix(strings.TrimSpace(s[from+m[0]:]), "[") && !strings.HasSuffix(head, "…") && head != "" {
		head += "…"
	}
	return head
}

// cutText cuts a text to so many characters.
func cutText(s string, most int) string {
	if len(s) <= most {
		return s
	}
	count := 0
	for i := range s {
		if count == most {
			return strings.TrimSpace(s[:i])
		}
		count++
	}
	return s
}
