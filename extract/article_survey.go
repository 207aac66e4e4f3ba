package extract

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// This file looks an article's page over, once, and notes all that body and metadata are decided from. Rules: text is measured
// in sentences, because menus, tags and bylines are made of words; a Han character counts as two letters; what lists other
// things has no text of the article in it, whatever it says.

// survey is an article's page looked over.
type survey struct {
	*document
	lang   string // of the html element
	title  string // of the title element
	metas  map[string][]string
	links  []*html.Node // link elements
	ld     []string     // JSON-LD
	blocks []block      // in the order of the page; blocks[0] is the root
	root   int          // of the body element

	headings, times, anchors, marked, passwords []spot

	trace *Trace
	names map[string]role
	order int
	run   run
}

// block is an element that stands on lines of its own.
type block struct {
	node            *html.Node
	parent          int
	end             int // the index after its last descendant
	order           int // where it begins among all elements
	last            int // where it ends
	roles           role
	own, prose      int // weight of the sentences directly in it, and of those below it that are the article's
	ownWorth, worth int // what speaks for its being the article's text, less what speaks against it: body.go
	ownImages       int
	images          int // below it
	aside           bool
}

// spot is an element and where it stands.
type spot struct {
	*html.Node
	block int // the innermost block around it, or itself
	order int
	roles role
}

// run is the text of a block up to the next block inside it.
type run struct {
	weight, linked int
	last           rune // its last character
}

const (
	// A run lighter than leastSentence, ten Han characters or four words, is a label and not a sentence.
	leastSentence = 20
	// One of longSentence is a sentence however it ends; a shorter one that ends in nothing may be a title.
	longSentence = 120
	// sentenceEnds are the characters that sentences end in; a colon leads to a list or to code.
	sentenceEnds = ".!?:;…。！？：；।۔؟。．"
	// labelShare is how many letters of labels speak against a container as much as one of a link does.
	labelShare = 4
	// imageWorth is what an image is worth beside sentences.
	imageWorth = 10
	// asideShare is what part of the text of what is not the article's speaks against the container around it.
	asideShare = 8
)

func surveyPage(doc *document, trace *Trace) *survey {
	s := &survey{
		document: doc, trace: trace, metas: make(map[string][]string, 32), names: make(map[string]role, 128),
		blocks: make([]block, 0, 512), anchors: make([]spot, 0, 128),
	}
	s.blocks = append(s.blocks, block{node: doc.Nodes[0], parent: -1})
	for c := doc.Nodes[0].FirstChild; c != nil; c = c.NextSibling {
		s.walk(c, 0, inside{})
	}
	s.close(0)
	s.total()
	if s.reconsider() {
		s.total()
	}
	return s
}

// inside is what the walk is in.
type inside struct {
	link, body, code, article bool
}

func (s *survey) walk(n *html.Node, at int, in inside) {
	switch n.Type {
	case html.TextNode:
		w := weigh(n.Data)
		s.run.weight += w
		if w > 0 {
			s.run.last, _ = utf8.DecodeLastRuneInString(strings.TrimRight(n.Data, " \t\r\n\u00a0\u3000\"'”’」』）)"))
		}
		if in.link {
			s.run.linked += w
		}
		return
	case html.ElementNode:
	default:
		return
	}
	s.order++
	switch n.DataAtom {
	case atom.Script:
		if strings.Contains(attrOf(n, "type"), "ld+json") {
			s.ld = append(s.ld, textOf(n))
		}
		return
	case atom.Style, atom.Noscript, atom.Template, atom.Svg, atom.Iframe, atom.Select, atom.Textarea, atom.Object, atom.Button:
		return
	case atom.Meta:
		s.seeMeta(n, at)
		return
	case atom.Link:
		s.links = append(s.links, n)
		return
	case atom.Title:
		if s.title == "" {
			s.title = oneLine(textOf(n))
		}
		return
	case atom.Html:
		s.lang = attrOf(n, "lang")
		if s.lang == "" {
			s.lang = attrOf(n, "xml:lang")
		}
	case atom.Br:
		return
	case atom.Img:
		s.blocks[at].ownImages++
		return
	case atom.Input:
		if attrOf(n, "type") == "password" {
			s.passwords = append(s.passwords, spot{Node: n, block: at, order: s.order})
		}
		return
	}
	if !isBlock(n) || in.code {
		s.walkInline(n, at, in)
		return
	}
	s.walkBlock(n, at, in)
}

func (s *survey) walkInline(n *html.Node, at int, in inside) {
	here := spot{Node: n, block: at, order: s.order}
	if !in.body && !in.code {
		here.roles = s.rolesOf(n)
	}
	switch {
	case n.DataAtom == atom.A:
		in.link = true
		s.anchors = append(s.anchors, here)
		if here.roles&(roleAuthor|roleTitle|roleSite) != 0 {
			s.marked = append(s.marked, here)
		}
	case n.DataAtom == atom.Time:
		s.times = append(s.times, here)
	case here.roles != 0:
		s.marked = append(s.marked, here)
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		s.walk(c, at, in)
	}
}

func (s *survey) walkBlock(n *html.Node, at int, in inside) {
	s.flush(at)
	me := len(s.blocks)
	b := block{node: n, parent: at, order: s.order, roles: s.rolesOf(n)}
	switch n.DataAtom {
	case atom.Body:
		s.root = me
		b.roles = 0
	case atom.Html:
		b.roles = 0
	case atom.Pre:
		in.code = true
		b.roles = 0
	case atom.Footer, atom.Aside, atom.Header:
		if !in.article && b.roles&(roleMeta|roleTitle|roleBody|roleLoose) == 0 && n.DataAtom != atom.Header {
			b.roles |= roleForeign
		}
	case atom.Form:
		b.roles |= roleForeign
	case atom.Article, atom.Main:
		in.article = true
	}
	if !wraps(n) {
		b.roles &^= roleBody // a paragraph that is named after the text is a part of it
	}
	if b.roles&roleBody != 0 {
		in.body = true
	}
	b.aside = b.roles&roleNotText != 0 && !isHeading(n)
	s.blocks = append(s.blocks, b)
	here := spot{Node: n, block: me, order: s.order, roles: b.roles}
	switch n.DataAtom {
	case atom.H1, atom.H2, atom.H3, atom.H4:
		s.headings = append(s.headings, here)
	}
	if b.roles&(roleTitle|roleMeta|roleSite) != 0 {
		s.marked = append(s.marked, here)
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		s.walk(c, me, in)
	}
	s.flush(me)
	s.close(me)
}

func (s *survey) close(i int) {
	s.blocks[i].end = len(s.blocks)
	s.blocks[i].last = s.order
}

// flush ends a run of text: it counts if it is a sentence and not a link.
func (s *survey) flush(at int) {
	r := s.run
	s.run = run{}
	if r.weight == 0 {
		return
	}
	least := leastSentence
	switch s.blocks[at].node.DataAtom {
	case atom.Td, atom.Th, atom.Pre:
		least = 0
	}
	b := &s.blocks[at]
	switch {
	case r.linked*2 > r.weight:
		b.ownWorth -= r.linked
	case r.weight >= least:
		b.own += r.weight - r.linked
		if r.weight >= longSentence || least == 0 || strings.ContainsRune(sentenceEnds, r.last) {
			b.ownWorth += r.weight - r.linked
		} else {
			b.ownWorth += (r.weight - r.linked) / 2
		}
	case !isHeading(b.node):
		b.ownWorth -= r.weight / labelShare
	}
}

// weigh is the weight of a text: letters and digits, a Han character as two.
func weigh(text string) int {
	w := 0
	for i := 0; i < len(text); {
		c := text[i]
		if c < utf8.RuneSelf {
			if c > ' ' {
				w++
			}
			i++
			continue
		}
		if c >= 0xe4 && c <= 0xec && i+2 < len(text) && text[i+1]&0xc0 == 0x80 && text[i+2]&0xc0 == 0x80 {
			w += 2 // from U+4000 to U+CFFF: Han and Hangul, and quickly
			i += 3
			continue
		}
		r, size := utf8.DecodeRuneInString(text[i:])
		i += size
		switch {
		case r >= 0x2e80 && r < 0xfe00:
			w += 2
		case r != '\u00a0' && r != '\u200b' && r != '\u3000':
			w++
		}
	}
	return w
}

// total sums the blocks up, from the innermost outwards.
func (s *survey) total() {
	worth := make([]int, len(s.blocks))
	for i := range s.blocks {
		b := &s.blocks[i]
		worth[i] = b.ownWorth + imageWorth*b.ownImages
		b.prose, b.images = b.own, b.ownImages
	}
	for i := len(s.blocks) - 1; i > 0; i-- {
		b := &s.blocks[i]
		p := &s.blocks[b.parent]
		b.worth = worth[i]
		if b.aside {
			worth[b.parent] -= b.prose / asideShare
			continue
		}
		worth[b.parent] += b.worth
		p.prose += b.prose
		p.images += b.images
	}
	s.blocks[0].worth = worth[0]
}

// seeMeta notes a meta element under its name, and one with an itemprop as a mark.
func (s *survey) seeMeta(n *html.Node, at int) {
	content := strings.TrimSpace(attrOf(n, "content"))
	if content == "" {
		return
	}
	for _, key := range [...]string{"property", "name"} {
		if name := attrOf(n, key); name != "" {
			name = strings.ToLower(name)
			s.metas[name] = append(s.metas[name], content)
		}
	}
	if item := attrOf(n, "itemprop"); item != "" {
		s.marked = append(s.marked, spot{Node: n, block: at, order: s.order, roles: itemRoles(item)})
	}
}

// meta is the first value of the first of these names that the page has.
func (s *survey) meta(names ...string) string {
	for _, name := range names {
		if values := s.metas[name]; len(values) > 0 {
			return values[0]
		}
	}
	return ""
}

// within reports whether block i is block outer or inside it.
func (s *survey) within(i, outer int) bool {
	return i >= outer && i < s.blocks[outer].end
}

// apart reports whether a block is no part of the article whose text and facts are in scope.
func (s *survey) apart(i, scope int) bool {
	for ; i > scope; i = s.blocks[i].parent {
		if b := &s.blocks[i]; b.aside && b.roles&(roleForeign|roleComments) != 0 {
			return true
		}
	}
	return i < scope
}
