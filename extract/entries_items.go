package extract

import (
	"slices"
	"strings"

	"archiver"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// This file makes the winning group a list of items: it drops stray links, adds the items that look different (a first one in
// large, one without a title) and finds where each item ends.

// item is one entry of the list, in the tree.
type item struct {
	link  *anchor
	root  *html.Node
	until *html.Node // for flat lists: the item goes on over root's siblings up to this one
	flat  bool
}

// itemList collects items.
type itemList struct {
	items  []item
	keys   map[string]bool     // of their addresses
	roots  map[*html.Node]bool // their elements
	around map[*html.Node]bool // all elements that hold one of them
}

func (l *itemList) add(a *anchor, root *html.Node) {
	if key := archiver.Key(a.url); !l.keys[key] {
		l.keys[key] = true
		l.items = append(l.items, item{link: a, root: root})
		l.roots[root] = true
		for n := root.Parent; n != nil && !l.around[n]; n = n.Parent {
			l.around[n] = true
		}
	}
}

// apart reports whether an element neither holds an item nor stands in one.
func (l *itemList) apart(n *html.Node) bool { return !l.around[n] && !under(n, l.roots) }

// under reports whether a node or one that holds it is in the set.
func under(n *html.Node, set map[*html.Node]bool) bool {
	for ; n != nil; n = n.Parent {
		if set[n] {
			return true
		}
	}
	return false
}

// items lists the entries of the winner in the order of the page, each address once.
func (o *overview) items(winner *group, others []*group, pages *pagination) []item {
	list := &itemList{keys: map[string]bool{}, roots: map[*html.Node]bool{}, around: map[*html.Node]bool{}}
	lists := 0
	for _, a := range winner.anchors {
		if a.archive {
			lists++
		}
	}
	for i, a := range winner.anchors {
		// Where few of the links lead to lists, those are no entries; where most do, it is how the site names its articles.
		if !a.archive || 2*lists > len(winner.anchors) {
			list.add(a, winner.roots[i])
		}
	}
	if len(list.items) == 0 {
		return nil
	}
	for _, g := range others {
		if g.strength < winner.strength || g.score < believable {
			continue
		}
		for i, a := range g.anchors {
			if !a.archive && !a.content && list.apart(g.roots[i]) && o.alike(g.roots[i], list.items) {
				list.add(a, g.roots[i])
			}
		}
	}
	o.addUntitled(list, pages)
	slices.SortStableFunc(list.items, func(a, b item) int { return a.link.order - b.link.order })
	o.flatten(list.items, list.roots)
	return list.items
}

// likeEnough is to how many items another is compared.
const likeEnough = 20

// alike reports whether an element outside of all items is of their kind.
func (o *overview) alike(root *html.Node, items []item) bool {
	return o.marks[root]&markItem != 0 && slices.ContainsFunc(items[:min(likeEnough, len(items))], func(it item) bool {
		return root.DataAtom == it.root.DataAtom && (root.DataAtom == atom.Article || sharesClass(root, it.root))
	})
}

func sharesClass(a, b *html.Node) bool {
	for have := range strings.FieldsSeq(attrOf(a, "class")) {
		if stateName(have) {
			continue
		}
		for other := range strings.FieldsSeq(attrOf(b, "class")) {
			if have == other {
				return true
			}
		}
	}
	return false
}

// addUntitled adds the siblings of items that have no title to link: their date, picture or "read more" leads to the article.
func (o *overview) addUntitled(list *itemList, pages *pagination) {
	model := list.items[0].root
	seen := map[*html.Node]bool{}
	for _, it := range slices.Clone(list.items) {
		parent := it.root.Parent
		if parent == nil || seen[parent] {
			continue
		}
		seen[parent] = true
		for c := parent.FirstChild; c != nil; c = c.NextSibling {
			if c.Type != html.ElementNode || c.DataAtom != model.DataAtom || o.marks[c]&markNoise != 0 || isHeading(c) || !list.apart(c) {
				continue
			}
			if c.DataAtom != atom.Article && !sharesClass(c, model) && attrOf(model, "class")+attrOf(c, "class") != "" {
				continue
			}
			if a := o.permalink(c, pages); a != nil {
				list.add(a, c)
			}
		}
	}
}

// permalink is the link of an item to its article: the best title, else the date, "read more", the picture.
func (o *overview) permalink(root *html.Node, pages *pagination) *anchor {
	var best *anchor
	rank := 0
	for d := range root.Descendants() {
		a := o.byNode[d]
		if a == nil || a.noise || a.content && !isReadMore(oneLine(textOf(d))) || !o.mayBeEntry(a, pages) || a.archive {
			continue
		}
		o.judge(a)
		r := 0
		switch {
		case a.strength == certainTitle:
			r = 6
		case a.isDate, hasRel(a.Node, "bookmark"):
			r = 5
		case a.isMore:
			r = 4
		case a.strength == labelTitle:
			r = 3
		case holdsImage(a.Node):
			r = 2
		case a.strength == plainTitle && o.marks[a.Parent]&markMeta == 0:
			r = 1
		}
		if r > rank {
			best, rank = a, r
		}
	}
	return best
}

// flatten finds where the items of a flat list end: a heading, then the paragraphs that belong to it.
func (o *overview) flatten(items []item, roots map[*html.Node]bool) {
	for i := range items {
		root := items[i].root
		if o.isItem(root) && root.DataAtom != atom.Dt || contains(items[i].link.Node, root) && root.DataAtom == atom.A && !isFlatParent(root.Parent) {
			continue
		}
		if !isHeading(root) && root.DataAtom != atom.Dt && len(oneLine(textOf(root))) > len(items[i].link.text)+40 {
			continue
		}
		items[i].flat = true
		for s := root.NextSibling; s != nil; s = s.NextSibling {
			if roots[s] || s.Type == html.ElementNode && (o.marks[s]&(markNoise|markPager) != 0 || s.DataAtom == root.DataAtom && isHeading(s) || s.DataAtom == atom.Nav) {
				items[i].until = s
				break
			}
			if s.Type == html.ElementNode && isHeading(s) && isHeading(root) && s.Data < root.Data {
				items[i].until = s
				break
			}
		}
	}
}

func isFlatParent(n *html.Node) bool {
	if n == nil {
		return false
	}
	switch n.DataAtom {
	case atom.Div, atom.Main, atom.Section, atom.Dl:
		return true
	}
	return false
}

// nodes calls see with the nodes that make up an item.
func (it item) nodes(see func(*html.Node)) {
	see(it.root)
	if !it.flat {
		return
	}
	for s := it.root.NextSibling; s != nil && s != it.until; s = s.NextSibling {
		see(s)
	}
}
