package extract

import (
	"fmt"

	"archiver"
	"archiver/extract/rule"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// This file reads a category page by the rule of its site. Rules: the rule says which elements are entries and which links lead
// to the articles; what an entry says is read from it as on other pages. A rule that finds no entry on a page that does not say
// that it is empty is an error that names the rule: going on by guesses would archive something else.

// ruledListing is what a rule found on a category page.
type ruledListing struct {
	items []item
	next  []string
	why   string
	tried []Tried
}

// askListing evaluates the selectors of the rule for a category page.
func (o *overview) askListing(r *rule.Rule, pages *pagination) *ruledListing {
	q := &ask{document: o.document, budget: rule.NewBudget()}
	l := &ruledListing{}
	switch {
	case len(r.Listing.Item) > 0:
		l.items = o.ruledItems(q, r.Listing, pages)
	case len(r.Listing.Link) > 0:
		l.items = o.linkedItems(q, r.Listing.Link)
	}
	l.next = o.ruledNext(q, r.Listing.Next)
	if len(l.items) > 0 {
		l.why = fmt.Sprintf("%d entries: by the rule of %s", len(l.items), r.Name)
	}
	l.tried = q.tried
	return l
}

// ruledItems are the entries where the rule names their elements.
func (o *overview) ruledItems(q *ask, l *rule.Listing, pages *pagination) []item {
	list := &itemList{keys: map[string]bool{}, roots: map[*html.Node]bool{}, around: map[*html.Node]bool{}}
	roots := innermost(q.all("listing.item", l.Item))
	if len(roots) == 0 {
		return nil
	}
	at := len(q.tried) - 1
	links, bare := 0, 0
	for _, root := range roots {
		a := o.linkIn(q, root, l.Link, pages, &links)
		if a == nil {
			bare++
			continue
		}
		list.add(a, root)
	}
	if bare > 0 {
		q.tried[at].Problem = fmt.Sprintf("in %d of them is no link to an article of this site", bare)
	}
	for i := range l.Link {
		q.tried = append(q.tried, Tried{Part: "listing.link", Selector: l.Link[i].Text, Count: links})
	}
	return list.items
}

// innermost gives the elements that were found, in their order, without those that hold another: the frame around a list is often
// named as its items are.
func innermost(found []rule.Match) []*html.Node {
	holds := map[*html.Node]bool{}
	for _, m := range found {
		if m.Node != nil {
			for p := m.Node.Parent; p != nil && !holds[p]; p = p.Parent {
				holds[p] = true
			}
		}
	}
	var nodes []*html.Node
	for _, m := range found {
		if m.Node != nil && !holds[m.Node] {
			nodes = append(nodes, m.Node)
		}
	}
	return nodes
}

// linkIn is the link of an entry to its article.
func (o *overview) linkIn(q *ask, root *html.Node, choice rule.Choice, pages *pagination, links *int) *anchor {
	for i := range choice {
		found, err := choice[i].Find(root, q.budget)
		if err != nil {
			return nil
		}
		for _, m := range found {
			if a := o.anchorOf(m.Node); a != nil {
				*links++
				return a
			}
		}
	}
	if len(choice) > 0 {
		return nil
	}
	if a := o.anchorOf(root); a != nil && root.DataAtom == atom.A {
		return a
	}
	if a := o.permalink(root, pages); a != nil {
		return a
	}
	return o.anchorOf(root)
}

// anchorOf is the link that a node is, else the first in it, to this site.
func (o *overview) anchorOf(n *html.Node) *anchor {
	if n == nil {
		return nil
	}
	a := o.byNode[n]
	for d := range n.Descendants() {
		if a != nil {
			break
		}
		a = o.byNode[d]
	}
	if a == nil || samePage(a.url, o.page.URL) {
		return nil
	}
	o.judge(a)
	if a.strength == noTitle && a.text != "" && !a.isDate && !a.isMore {
		a.strength = plainTitle // the rule says that it is one
	}
	return a
}

// linkedItems are the entries where the rule names their links alone.
func (o *overview) linkedItems(q *ask, choice rule.Choice) []item {
	var anchors []*anchor
	known := map[*anchor]bool{}
	for _, m := range q.all("listing.link", choice) {
		if a := o.anchorOf(m.Node); a != nil && !known[a] && len(anchors) < manyAnchors {
			known[a] = true
			anchors = append(anchors, a)
		}
	}
	if len(anchors) == 0 {
		if len(q.tried) > 0 && q.tried[len(q.tried)-1].Count > 0 {
			q.problem("none of them is a link to an article of this site")
		}
		return nil
	}
	list := &itemList{keys: map[string]bool{}, roots: map[*html.Node]bool{}, around: map[*html.Node]bool{}}
	for i, root := range o.itemRoots(anchors) {
		list.add(anchors[i], root)
	}
	return list.items
}

// ruledNext are the further pages of the list that the rule finds.
func (o *overview) ruledNext(q *ask, choice rule.Choice) []string {
	var next []string
	found := q.all("listing.next", choice)
	for _, m := range found {
		if url, ok := q.resolve(linkOf(m)); ok && q.leadsAway(url) && len(next) < maxListingPages {
			next = append(next, url)
		}
	}
	if len(found) > 0 && len(next) == 0 {
		q.problem("no address of another page of this site is in it")
	}
	return dedupe(next)
}

// noEntries is the error of a rule that found none.
func noEntries(r *rule.Rule, page *archiver.Page) error {
	return &archiver.Error{
		Kind: archiver.Unusable, Op: "read listing", URL: page.URL, Err: fmt.Errorf("the rule of %s finds no entries on this page", r.Name),
		Hint: "`archiver rule test` with this address shows what its selectors find",
	}
}

// RuleTest is what the rules for a page find on it.
type RuleTest struct {
	// Listing and Article are the rules, nil where there is none for such a page at this address.
	Listing, Article *rule.Rule
	// OfListing and OfArticle are their selectors.
	OfListing, OfArticle []Tried
}

// TestRules evaluates the rules for a page, for people who write them.
func (x *Extractor) TestRules(page *archiver.Page) (RuleTest, error) {
	address := addressOf(page)
	test := RuleTest{Listing: x.opts.Rules.ListingFor(address), Article: x.opts.Rules.ArticleFor(address)}
	if test.Listing != nil {
		doc, err := parse(page)
		if err != nil {
			return test, err
		}
		o := lookOver(doc)
		test.OfListing = o.askListing(test.Listing, o.paginate()).tried
	}
	if test.Article != nil {
		doc, err := parseArticle(page, x.opts.Rules, nil)
		if err != nil {
			return test, err
		}
		test.OfArticle = doc.ruled.tried
	}
	return test, nil
}
