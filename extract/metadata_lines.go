package extract

import (
	"slices"
	"strings"

	"archiver"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// This file gathers the lines that stand around an article's text, for the facts that a page only shows: "By Jane Doe | 1 May
// 2024", a name beside a portrait, a box about the author. Rules: only what stands near is read - the lines before the title, those
// from the title to the first sentences, those after the text up to the next heading; menus, comments and other articles never.

// side is where a line stands.
type side uint8

const (
	aboveTitle side = iota // above the title
	aboveText              // between the title and the text
	inLead                 // between the first sentences and the next ones: below a summary
	belowText              // after the text
)

const (
	// Above the title stand the site's header and its menus too, so only the nearest lines count.
	mostBefore = 16
	// A byline stands within so many lines; between title and text themes put share buttons and tables of contents.
	mostHead = 60
	mostTail = 60
	// longestLine is how many bytes of a line are kept; a longer one is a paragraph, and only its beginning is looked at.
	longestLine = 400
)

// line is one line of visible text.
type line struct {
	text    string
	side    side
	heading bool
}

// credit is an element that may name the author: a link to a person's page, or an element that is named so.
type credit struct {
	*html.Node
	side   side
	line   int    // the line it stands in
	lead   string // what stands before it in the line, or the line before it where it begins one
	person bool   // a link to a person's page
}

// vicinity is the lines around the text and the elements in them that may name the author.
type vicinity struct {
	stamps  []stamp
	lines   []line
	credits []credit
}

// stamp is a date that a time element, or one with a property for software, gives.
type stamp struct {
	archiver.Timestamp
	side    side
	line    int
	updated bool
}

// lineReader walks over the page and keeps what stands around the text.
type lineReader struct {
	*articlePage
	out      vicinity
	partial  strings.Builder
	next     int  // the block that is met next
	side     side // of what is read now
	count    int  // lines on this side
	prose    int  // sentences of the text seen
	credited int  // named elements around
	headings int  // headings around, the title aside
	stopped  bool // nothing further on this side
}

// around are the lines around the article's text; they are read once.
func (r *articlePage) around() *vicinity {
	if r.surrounding == nil {
		w := &lineReader{articlePage: r}
		if r.title == nil {
			w.side = aboveText
		}
		w.node(r.blocks[0].node)
		w.flush()
		r.surrounding = w.out.near()
	}
	return r.surrounding
}

// near drops the lines that stand too far above the title.
func (s *vicinity) near() *vicinity {
	first := 0
	for first < len(s.lines) && s.lines[first].side == aboveTitle {
		first++
	}
	drop := max(0, first-mostBefore)
	s.lines = s.lines[drop:]
	kept := s.credits[:0]
	for _, c := range s.credits {
		if c.line >= drop {
			c.line -= drop
			kept = append(kept, c)
		}
	}
	s.credits = kept
	s.stamps = slices.DeleteFunc(s.stamps, func(t stamp) bool { return t.line < drop })
	return s
}

func (w *lineReader) node(n *html.Node) {
	switch n.Type {
	case html.TextNode:
		if !w.stopped && w.partial.Len() < longestLine {
			w.partial.WriteString(n.Data)
		}
		return
	case html.DocumentNode:
	case html.ElementNode:
		if unseen(n) {
			return
		}
	default:
		return
	}
	at := -1
	if w.next < len(w.blocks) && w.blocks[w.next].node == n {
		at = w.next
		w.next++
	}
	if at >= 0 && w.skips(at) {
		w.next = w.blocks[at].end
		return
	}
	if n.DataAtom == atom.Br || n.DataAtom == atom.Hr || at > 0 {
		w.flush()
	}
	if at > 0 && at == w.body.block && w.side == aboveTitle && !w.within(w.title.block, at) {
		w.enter(aboveText)
	}
	isTitle := w.title != nil && n == w.title.Node
	if isTitle {
		w.enter(aboveText)
		if at >= 0 {
			w.next = w.blocks[at].end
		}
		w.stopped = false
		w.partial.Reset()
		return
	}
	heading := isHeading(n)
	if heading {
		w.headings++
	}
	if (n.DataAtom == atom.Span || n.DataAtom == atom.Time) && attrOf(n, "class") != "" && w.partial.Len() > 0 {
		w.partial.WriteByte(' ') // elements side by side are words of their own, which the page's style sheet parts
	}
	w.stamp(n)
	named := w.credit(n, at)
	if named {
		w.credited++
	}
	w.children(n)
	if named {
		w.credited--
	}
	if at > 0 {
		w.flush()
	}
	if heading {
		w.headings--
	}
	if at > 0 {
		if at == w.body.block {
			w.enter(belowText)
		}
	}
}

func (w *lineReader) children(n *html.Node) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		w.node(c)
	}
}

// skips reports whether a block has nothing to say about the article.
func (w *lineReader) skips(at int) bool {
	b := &w.blocks[at]
	switch {
	case b.node.DataAtom == atom.Head:
		return true
	case at == 0 || at == w.root || w.within(w.body.block, at) || w.title != nil && w.within(w.title.block, at):
		return false
	case b.aside && b.roles&(roleForeign|roleComments) != 0:
		return !creditedElement(b.node)
	case w.stopped && w.side != aboveTitle && w.within(at, w.body.block):
		return true
	case w.stopped && w.side == belowText:
		return true
	case w.side == belowText && isHeading(b.node) && w.credited == 0:
		// What comes under a heading after the text is something else, unless the heading says that it is the author.
		if !aboutAuthor.MatchString(shownText(b.node)) {
			w.stopped = true
			return true
		}
	}
	return false
}

func (w *lineReader) enter(s side) {
	w.flush()
	w.side, w.count, w.stopped = s, 0, false
}

// flush ends a line.
func (w *lineReader) flush() {
	if w.partial.Len() == 0 {
		return
	}
	text := oneLine(w.partial.String())
	w.partial.Reset()
	if text == "" || w.stopped {
		return
	}
	if len(text) > longestLine {
		text = strings.ToValidUTF8(text[:longestLine], "")
	}
	inBody := w.side != belowText && w.next > w.body.block && w.next <= w.blocks[w.body.block].end
	if inBody && w.side != aboveTitle && weigh(text) > labelWeight {
		// The text begins: what follows is the article's, but a byline may stand below its first sentences.
		w.prose++
		w.side = inLead
		w.stopped = w.prose > 1
	}
	w.count++
	w.stopped = w.stopped || w.side == aboveText && w.count > mostHead || w.side == belowText && w.count > mostTail ||
		w.side == inLead && w.count > mostHead
	w.out.lines = append(w.out.lines, line{text, w.side, w.headings > 0})
}

// credit notes an element that may name the author. It reports whether what is inside belongs to it.
func (w *lineReader) credit(n *html.Node, at int) bool {
	if w.stopped || at >= 0 && (w.within(w.body.block, at) || w.title != nil && w.within(w.title.block, at)) {
		return false
	}
	person := n.DataAtom == atom.A && w.leadsToPerson(attrOf(n, "href"))
	named := creditedElement(n)
	if !person && !named {
		return false
	}
	lead := oneLine(w.partial.String())
	if lead == "" && len(w.out.lines) > 0 {
		lead = w.out.lines[len(w.out.lines)-1].text
	}
	w.out.credits = append(w.out.credits, credit{Node: n, side: w.side, line: len(w.out.lines), lead: lead, person: person})
	return named
}

// stamp notes a date for software.
func (w *lineReader) stamp(n *html.Node) {
	if w.stopped {
		return
	}
	text, updated := "", false
	if n.DataAtom == atom.Time {
		text = attrOf(n, "datetime")
	} else if property := attrOf(n, "property"); property != "" {
		for name := range strings.FieldsSeq(property) {
			switch strings.ToLower(name[strings.LastIndexByte(name, ':')+1:]) {
			case "datepublished", "created", "issued", "date", "datecreated":
				text = attrOf(n, "content")
			case "datemodified", "modified":
				text, updated = attrOf(n, "content"), true
			}
		}
	}
	ts, ok := parseDate(text)
	if !ok {
		return
	}
	if shown, ok := findDate(shownText(n)); ok {
		ts = shownIn(ts, shown)
	}
	before := oneLine(w.partial.String())
	if before == "" && len(w.out.lines) > 0 {
		before = w.out.lines[len(w.out.lines)-1].text
	}
	w.out.stamps = append(w.out.stamps, stamp{ts, w.side, len(w.out.lines), updated || saysUpdated(before)})
}

// creditedElement reports whether an element is named after the author.
func creditedElement(n *html.Node) bool {
	if hasRel(n, "author") {
		return true
	}
	found := false
	for i := range n.Attr {
		a := &n.Attr[i]
		switch a.Key {
		case "itemprop", "property":
			if a.Val == "author" || a.Val == "schema:author" || a.Val == "dc:creator" {
				return true
			}
		case "class", "id":
			if !mayCredit(a.Val) {
				continue
			}
			for name := range strings.FieldsSeq(a.Val) {
				switch creditWord(name) {
				case creditYes:
					found = true
				case creditNo:
					return false
				}
			}
		}
	}
	return found
}

// mayCredit is the cheap look that spares most names being split.
func mayCredit(names string) bool {
	return strings.Contains(names, "uthor") || strings.Contains(names, "yline") || strings.Contains(names, "riter") ||
		strings.Contains(names, "uteur") || strings.Contains(names, "redakteur") || strings.Contains(names, "zuozhe")
}

type creditKind uint8

const (
	creditNone creditKind = iota
	creditYes
	creditNo
)

// creditWord reads one class or id: "post-author", "BlogAuthor__Name"; "comment-author" and "author-posts" are of others.
func creditWord(name string) creditKind {
	var buf [8]string
	kind := creditNone
	for _, word := range splitName(name, buf[:0]) {
		switch word {
		case "author", "authors", "byline", "writer", "auteur", "autor", "redakteur", "zuozhe":
			kind = creditYes
		case "comment", "comments", "related", "no", "hide", "hidden", "reviewer", "reviewed", "editor", "quote", "book", "testimonial", "reply",
			"posts", "stories", "archive", "badge", "level":
			return creditNo
		}
	}
	return kind
}

// leadsToPerson reports whether a link leads to a person of this site; links to other sites are people's profiles, and share buttons.
func (r *articlePage) leadsToPerson(href string) bool {
	if !isPersonAddress(href) {
		return false
	}
	url, ok := r.resolve(href)
	return ok && archiver.SameSite(url, r.page.URL)
}

// isPersonAddress reports whether a link leads to the page of a person: /author/jane, /u/jane, /@jane, ?author=3.
func isPersonAddress(href string) bool {
	path, query, _ := strings.Cut(href, "?")
	if i := strings.IndexByte(path, '#'); i >= 0 {
		path = path[:i]
	}
	if strings.HasPrefix(query, "author=") {
		return true
	}
	path = strings.TrimSuffix(path, "/")
	i := strings.LastIndexByte(path, '/')
	if i < 0 || i == len(path)-1 {
		return false
	}
	if path[i+1] == '@' {
		return true
	}
	if dot := strings.LastIndexByte(path, '.'); dot > i && isImageType(path[dot+1:]) {
		return false
	}
	path = path[:i]
	switch strings.ToLower(path[strings.LastIndexByte(path, '/')+1:]) {
	case "author", "authors", "people", "person", "u", "user", "users", "profile", "profiles", "contributor", "contributors", "staff",
		"writer", "writers", "blogger", "bloggers", "columnist", "columnists", "experts", "by", "auteur", "auteurs", "autor", "autoren", "autores",
		"author-bio", "bio", "bios", "reporter", "reporters", "zuozhe", "作者":
		return true
	}
	return false
}

func isImageType(ext string) bool {
	switch strings.ToLower(ext) {
	case "png", "jpg", "jpeg", "gif", "webp", "svg", "avif", "bmp":
		return true
	}
	return false
}
