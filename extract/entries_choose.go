package extract

import (
	"cmp"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// This file chooses the links that are the entries of a listing. Links that stand in the same place of alike elements are a
// group; the group that looks most like titles of articles wins. Words, dates and places only add to a group's score: a list
// may have no headings, no excerpts, no dates and a single item.

// group are links in the same place of alike elements, each address once.
type group struct {
	anchors  []*anchor
	roots    []*html.Node // the item that each anchor stands in
	strength int
	score    float64
	dated    float64 // share of items with a date
	certain  bool    // it needs no other sign to be believed
	other    bool    // words before it say that it is of recent or related articles
}

// Bounds of the choice, found by trying the forms in testdata/listing.
const (
	believable   = 3.5    // on a page that says of itself that it is a listing
	convincing   = 8      // on any page
	manyAnchors  = 20_000 // links of one page that are looked at: a page that lists every post of a large blog has some thousand
	shortItem    = 200    // bytes of text of an item that is a title with a date
	longestTitle = 300    // characters; a longer link is the whole item
)

// choose gives the groups of the page, best first.
func (o *overview) choose(pages *pagination, is about) []*group {
	var order []uint64
	byPath := map[uint64][]*anchor{}
	titled := false // titles stand outside of what looks like the text of an article
	for i, a := range o.anchors {
		if i == manyAnchors {
			break
		}
		if a.noise || !o.mayBeEntry(a, pages) {
			continue
		}
		o.judge(a)
		if a.strength == noTitle {
			continue
		}
		if len(byPath[a.path]) == 0 {
			order = append(order, a.path)
		}
		byPath[a.path] = append(byPath[a.path], a)
		titled = titled || a.strength == certainTitle && !a.content
	}
	// Some themes put the list itself where the text of an article would stand.
	listInText := is.listing && !titled
	var groups []*group
	for _, path := range order {
		for _, g := range o.split(byPath[path]) {
			o.rate(g, listInText)
			groups = append(groups, g)
		}
	}
	slices.SortStableFunc(groups, func(a, b *group) int { return cmp.Compare(b.score, a.score) })
	return groups
}

// split makes groups of anchors in alike places: one for each list that they stand in. A list cut into years is one list.
func (o *overview) split(anchors []*anchor) []*group {
	roots := o.itemRoots(anchors)
	var groups []*group
	byList := map[uint64]*group{}
	type listed struct {
		list uint64
		url  string
	}
	seen := map[listed]bool{}
	for i, a := range anchors {
		list := o.listOf(roots[i])
		g := byList[list]
		if g == nil {
			g = &group{}
			byList[list] = g
			groups = append(groups, g)
		}
		known := listed{list, a.url}
		if !seen[known] {
			seen[known] = true
			g.anchors = append(g.anchors, a)
			g.roots = append(g.roots, roots[i])
			g.strength = max(g.strength, a.strength)
		}
	}
	return groups
}

// listOf names the list that an item stands in by the kinds and names of the elements around it.
func (o *overview) listOf(root *html.Node) uint64 {
	list := uint64(pathSeed)
	for n := root.Parent; n != nil; n = n.Parent {
		list = extendPath(list, n.Data)
		if o.isItem(n) || n == o.body {
			continue
		}
		for i := range n.Attr {
			if key := n.Attr[i].Key; key == "class" || key == "id" {
				for name := range strings.FieldsSeq(n.Attr[i].Val) {
					if !strings.ContainsAny(name, "0123456789") && !stateName(name) {
						list = extendPath(list, name)
					}
				}
			}
		}
	}
	return list
}

// itemRoots finds for each anchor the element that holds its item and no other's.
func (o *overview) itemRoots(anchors []*anchor) []*html.Node {
	const shared = -1
	owner := make(map[*html.Node]int, 8*len(anchors))
	byURL := make(map[string]int, len(anchors))
	for i, a := range anchors {
		if first, ok := byURL[a.url]; ok {
			i = first
		}
		byURL[a.url] = i
		for n := a.Node; n != nil; n = n.Parent {
			if have, ok := owner[n]; ok {
				if have == shared {
					break
				}
				if have != i {
					owner[n] = shared
				}
				continue
			}
			owner[n] = i
		}
	}
	height := 1 << 30 // items are alike: the lowest of them says how high all are
	if len(byURL) == 1 {
		height = o.lonelyHeight(anchors[0])
	}
	for _, a := range anchors {
		h := 0
		for n := a.Parent; n != nil && owner[n] == byURL[a.url] && n.Type == html.ElementNode && n != o.body; n = n.Parent {
			h++
		}
		height = min(height, h)
	}
	roots := make([]*html.Node, len(anchors))
	for i, a := range anchors {
		root, marked := a.Node, (*html.Node)(nil)
		for range height {
			root = root.Parent
			if o.isItem(root) {
				marked = root
			}
		}
		if marked != nil {
			root = marked
		}
		roots[i] = root
	}
	return roots
}

// isItem reports whether an element usually is one item of a list.
func (o *overview) isItem(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Article, atom.Li, atom.Tr, atom.Dt:
		return true
	}
	return o.marks[n]&markItem != 0
}

// lonelyHeight is how many levels above the link of a list of one its item ends.
func (o *overview) lonelyHeight(a *anchor) int {
	height, level := 0, 0
	for n := a.Parent; n != nil && n != o.body && n.DataAtom != atom.Main && n.DataAtom != atom.Ul && n.DataAtom != atom.Ol; n = n.Parent {
		level++
		if id := attrOf(n, "id"); id == "main" || id == "content" || id == "primary" {
			break
		}
		if o.isItem(n) {
			height = level
		}
		if height == 0 && o.alienHeading(n, a) {
			return level - 1
		}
	}
	if height == 0 {
		return min(level, 3)
	}
	return height
}

// alienHeading reports whether an element has a heading that is not the link's.
func (o *overview) alienHeading(n *html.Node, a *anchor) bool {
	for d := range n.Descendants() {
		if isHeading(d) && !contains(d, a.Node) && !contains(a.Node, d) {
			return true
		}
	}
	return false
}

// rate gives a group its score.
func (o *overview) rate(g *group, listInText bool) {
	n := float64(len(g.anchors))
	var main, item, dated, repeated, archive, content, letters, text float64
	for i, a := range g.anchors {
		look := o.lookAtItem(g.roots[i], a)
		main += share(a.main)
		item += share(a.item || o.isItem(g.roots[i]))
		dated += share(look.dated)
		repeated += share(look.repeated)
		archive += share(a.archive)
		content += share(a.content)
		letters += float64(min(breadth(firstOf(a.text, a.label)), 20))
		text += float64(min(look.text, 600))
	}
	g.dated = dated / n
	archivePenalty := 8.0
	if g.strength == certainTitle && g.dated > 0.5 {
		archivePenalty = 2
	}
	g.score = [...]float64{noTitle: -9, plainTitle: 0, labelTitle: 3, certainTitle: 5}[g.strength] +
		0.75*min(n, 8) + main/n + 2*item/n + 3*g.dated + 2*repeated/n + text/n/300 -
		archivePenalty*archive/n
	if !listInText {
		g.score -= 7 * content / n
	}
	if g.other = o.calledOther(g); g.other {
		g.score -= 6
	}
	switch average := letters / n; {
	case average >= 8:
		g.score++
	case average < 4 && g.strength < certainTitle && item/n < 0.5:
		g.score -= 3
	case average < 4 && g.strength < certainTitle:
		g.score--
	}
	g.certain = g.strength == certainTitle && content/n < 0.5 && archive/n < 0.5 && (g.dated > 0.5 || repeated/n > 0.5)
}

var otherLists = expr(`(?i)^\W{0,3}(?:recent|latest|newest|popular|trending|top|related|recommended|you (?:may|might)|more from|see also|最近|最新|近期|热门|熱門|相关|相關|推荐|推薦|猜你|随机|隨機|关联|人气|人気|新着|おすすめ|関連)`)

// calledOther reports whether words before a list say that it is of recent, popular or related articles.
func (o *overview) calledOther(g *group) bool {
	n := g.roots[0]
	for range 3 {
		before := n.PrevSibling
		for before != nil && (before.Type != html.ElementNode || o.inItems(before, g) || isMenu(before)) {
			before = before.PrevSibling
		}
		if before != nil {
			text := oneLine(textOf(before))
			return len(text) < 60 && otherLists.MatchString(text)
		}
		if n = n.Parent; n == nil || n == o.body || n.DataAtom == atom.Main {
			return false
		}
	}
	return false
}

// isMenu reports whether an element is a row of links: its words name what they lead to, not what comes after.
func isMenu(n *html.Node) bool {
	links := 0
	for d := range n.Descendants() {
		if d.DataAtom == atom.A {
			links++
		}
	}
	return links > 1
}

func (o *overview) inItems(n *html.Node, g *group) bool {
	return slices.ContainsFunc(g.roots, func(root *html.Node) bool { return contains(n, root) })
}

func share(yes bool) float64 {
	if yes {
		return 1
	}
	return 0
}

// breadth is the width of a text: two for each character of Han and its neighbours.
func breadth(s string) int {
	width := 0
	for _, r := range s {
		if r >= 0x1100 {
			width++
		}
		width++
	}
	return width
}

func nextElement(n *html.Node) *html.Node {
	for s := n.NextSibling; s != nil; s = s.NextSibling {
		if s.Type == html.ElementNode {
			return s
		}
	}
	return nil
}

// itemLook is what an item shows at first sight.
type itemLook struct {
	dated    bool
	repeated bool // another link to the same address, or one that says "read more"
	text     int  // bytes
}

func (o *overview) lookAtItem(root *html.Node, a *anchor) itemLook {
	var look itemLook
	href := attrOf(a.Node, "href")
	for d := range root.Descendants() {
		switch d.Type {
		case html.TextNode:
			if d.Parent != nil && !unseen(d.Parent) {
				look.text += len(d.Data)
			}
		case html.ElementNode:
			switch {
			case d.DataAtom == atom.Time || o.marks[d]&markDate != 0:
				look.dated = true
			case d.DataAtom == atom.A && d != a.Node:
				if other := attrOf(d, "href"); other == href || len(other) > len(href) && other[:len(href)] == href && other[len(href)] == '#' {
					look.repeated = true
				}
			}
		}
	}
	if !look.dated && look.text < shortItem {
		text := oneLine(textOf(root))
		if next := nextElement(root); next != nil && (root.DataAtom == atom.Dt || isHeading(root)) {
			text += " " + oneLine(textOf(next))
		}
		if _, ok := findDate(text); ok {
			look.dated = true
		}
	}
	return look
}
