package extract

import (
	"fmt"
	"strings"

	"archiver"
	"archiver/extract/rule"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// This file asks the rule of a site what it says of an article's page. Rules: what a rule finds goes before all other witnesses;
// where it finds nothing the page is read as if there were none, and that is said; a rule never takes out what it calls the text.

// Tried is one selector of a rule, and what it found on a page.
type Tried struct {
	// Part is what the selector is for: "article.title".
	Part     string `json:"part"`
	Selector string `json:"selector"`
	Count    int    `json:"count"`
	// First is the text of the first that was found.
	First string `json:"first,omitempty"`
	// Problem says why what was found, or nothing, is not used.
	Problem string `json:"problem,omitempty"`
}

// ruled is what the rule of a site says of one page.
type ruled struct {
	rule      *rule.Rule
	title     string
	heading   *html.Node // the element of the title
	authors   []string
	published archiver.Timestamp
	body      *html.Node
	// next and single are addresses: of the article's next page, of all of it on one page.
	next, single string
	tried        []Tried
}

// ask evaluates the selectors of one page's rule.
type ask struct {
	*document
	budget *rule.Budget
	tried  []Tried
	trace  *Trace
}

// parseArticle parses an article's page and asks the rule for it, if there is one.
func parseArticle(page *archiver.Page, rules *rule.Book, trace *Trace) (*document, error) {
	r := rules.ArticleFor(addressOf(page))
	var replaced []rule.Replacement
	if r != nil {
		replaced = r.Article.Replace
	}
	doc, err := parseEither(page, replaced)
	if err != nil || r == nil {
		return doc, err
	}
	q := &ask{document: doc, budget: rule.NewBudget(), trace: trace}
	trace.note("rule", "%s is for this page", r.Name)
	doc.ruled = q.article(r)
	return doc, nil
}

// parseEither parses a page of HTML, or one that is a post of the REST API, with texts of its source replaced.
func parseEither(page *archiver.Page, replaced []rule.Replacement) (*document, error) {
	post := wholePost(page)
	if post == nil {
		return parse(replaceIn(page, replaced))
	}
	content := *page
	content.Text = rendered(post.Content)
	root, err := post.frame(replaceIn(&content, replaced).Text)
	if err != nil {
		return nil, &archiver.Error{Kind: archiver.Unusable, Op: "parse post", URL: page.URL, Err: err}
	}
	doc := documentOf(root, page)
	doc.post = post
	return doc, nil
}

// addressOf is the address that rules are looked up by.
func addressOf(page *archiver.Page) string {
	if page.URL != "" {
		return page.URL
	}
	return page.Requested
}

// maxGrowth is how much larger than the page its source may become where texts are replaced, in bytes.
const maxGrowth = 1 << 20

// replaceIn gives the page with texts of its source replaced.
func replaceIn(page *archiver.Page, replacements []rule.Replacement) *archiver.Page {
	if len(replacements) == 0 {
		return page
	}
	changed := *page
	most := len(page.Text) + maxGrowth
	for _, r := range replacements {
		n := strings.Count(changed.Text, r.Old)
		if n > 0 && len(changed.Text)+n*(len(r.New)-len(r.Old)) <= most {
			changed.Text = strings.ReplaceAll(changed.Text, r.Old, r.New)
		}
	}
	return &changed
}

// article asks all that a rule says of an article, and changes the tree after it: what is to be removed goes, and a text of
// several elements is put into one.
func (q *ask) article(r *rule.Rule) *ruled {
	t := &ruled{rule: r}
	if m, text := q.first("article.title", r.Article.Title); text != "" {
		t.title, t.heading = text, m.Node
	}
	for _, m := range q.all("article.author", r.Article.Author) {
		name := oneLine(bylineAuthor.ReplaceAllString(oneLine(factOf(m)), ""))
		if name != "" && len([]rune(name)) <= longestName && len(t.authors) < maxAuthors {
			t.authors = append(t.authors, name)
		}
	}
	t.published = q.date("article.published", r.Article.Published)
	t.next = q.link("article.next", r.Article.Next)
	t.single = q.link("article.single", r.Article.Single)
	texts := q.outermost(q.all("article.body", r.Article.Body))
	q.remove(r.Article.Remove, texts)
	t.body = join(texts)
	t.tried = q.tried
	return t
}

// find evaluates one selector, and notes what came of it.
func (q *ask) find(part string, s *rule.Selector) []rule.Match {
	found, err := s.Find(q.Nodes[0], q.budget)
	tried := Tried{Part: part, Selector: s.Text, Count: len(found)}
	switch {
	case err != nil:
		tried.Problem = err.Error()
		q.trace.note("rule", "%s %s: %v", part, s.Text, err)
	case len(found) > 0:
		tried.First = shorten(oneLine(factOf(found[0])), excerptLength)
		q.trace.note("rule", "%s %s: found %d", part, s.Text, len(found))
	default:
		q.trace.note("rule", "%s %s: found nothing", part, s.Text)
	}
	q.tried = append(q.tried, tried)
	return found
}

// problem notes of the last selector why what it found is not used.
func (q *ask) problem(format string, args ...any) {
	last := &q.tried[len(q.tried)-1]
	last.Problem = fmt.Sprintf(format, args...)
	q.trace.note("rule", "%s %s: %s", last.Part, last.Selector, last.Problem)
}

// all is what the first selector finds that finds something.
func (q *ask) all(part string, choice rule.Choice) []rule.Match {
	for i := range choice {
		if found := q.find(part, &choice[i]); len(found) > 0 {
			return found
		}
	}
	return nil
}

// first is the first text that a choice finds, on one line.
func (q *ask) first(part string, choice rule.Choice) (rule.Match, string) {
	for i := range choice {
		found := q.find(part, &choice[i])
		for _, m := range found {
			if text := oneLine(factOf(m)); text != "" {
				return m, text
			}
		}
		if len(found) > 0 {
			q.problem("there is no text in it")
		}
	}
	return rule.Match{}, ""
}

func (q *ask) date(part string, choice rule.Choice) archiver.Timestamp {
	for i := range choice {
		found := q.find(part, &choice[i])
		for _, m := range found {
			for _, text := range []string{oneLine(factOf(m)), oneLine(m.Text())} {
				if ts, ok := parseDate(text); ok {
					return ts
				}
				if ts, ok := findDate(text); ok {
					return ts
				}
			}
		}
		if len(found) > 0 {
			q.problem("no date is in it")
		}
	}
	return archiver.Timestamp{}
}

// link is the first address on this site, of another page, that a choice finds.
func (q *ask) link(part string, choice rule.Choice) string {
	for i := range choice {
		found := q.find(part, &choice[i])
		for _, m := range found {
			if url, ok := q.resolve(linkOf(m)); ok && q.leadsAway(url) {
				return url
			}
		}
		if len(found) > 0 {
			q.problem("no address of another page of this site is in it")
		}
	}
	return ""
}

func (d *document) leadsAway(url string) bool {
	here := addressOf(d.page)
	return archiver.SameSite(url, here) && archiver.Key(url) != archiver.Key(here)
}

// linkOf is the address that was found: an attribute or text itself, else the one of the element or of the first link in it.
func linkOf(m rule.Match) string {
	if m.Node == nil || m.Attr != "" {
		return strings.TrimSpace(m.Text())
	}
	if href := attrOf(m.Node, "href"); href != "" {
		return href
	}
	for d := range m.Node.Descendants() {
		if d.DataAtom == atom.A && attrOf(d, "href") != "" {
			return attrOf(d, "href")
		}
	}
	return ""
}

// factOf is what an element says: one for machines has it in an attribute.
func factOf(m rule.Match) string {
	if m.Node != nil && m.Attr == "" && m.Node.Type == html.ElementNode {
		for _, key := range [...]string{"datetime", "content"} {
			if value := attrOf(m.Node, key); value != "" {
				return value
			}
		}
		return shownText(m.Node)
	}
	return m.Text()
}

// remove takes what the selectors find out of the page: never the page itself, nor what holds the text.
func (q *ask) remove(selectors []rule.Selector, texts []*html.Node) {
	kept := map[*html.Node]bool{}
	for _, n := range texts {
		for ; n != nil && !kept[n]; n = n.Parent {
			kept[n] = true
		}
	}
	for i := range selectors {
		held := 0
		for _, m := range q.find("article.remove", &selectors[i]) {
			switch {
			case m.Node == nil:
			case m.Attr != "":
				dropAttr(m.Node, m.Attr)
			case kept[m.Node], m.Node.DataAtom == atom.Html, m.Node.DataAtom == atom.Body, m.Node.DataAtom == atom.Head:
				held++
			default:
				remove(m.Node)
			}
		}
		if held > 0 {
			q.problem("%d of them hold the text, and are kept", held)
		}
	}
}

func dropAttr(n *html.Node, key string) {
	for i := range n.Attr {
		if n.Attr[i].Key == key {
			n.Attr = append(n.Attr[:i:i], n.Attr[i+1:]...)
			return
		}
	}
}

// outermost gives the elements that were found in the order of the page, without those that stand in another.
func (q *ask) outermost(found []rule.Match) []*html.Node {
	set := make(map[*html.Node]bool, len(found))
	for _, m := range found {
		if m.Node != nil && m.Attr == "" && m.Node.Type == html.ElementNode {
			set[m.Node] = true
		}
	}
	if len(set) == 0 {
		return nil
	}
	var nodes []*html.Node
	for n := range q.Nodes[0].Descendants() {
		if set[n] && !under(n.Parent, set) {
			nodes = append(nodes, n)
		}
	}
	return nodes
}

// join gives one block that holds all of the elements.
func join(nodes []*html.Node) *html.Node {
	switch {
	case len(nodes) == 0:
		return nil
	case len(nodes) == 1 && (isBlock(nodes[0]) || nodes[0].DataAtom == atom.Body):
		return nodes[0]
	case nodes[0].Parent == nil:
		return nil
	}
	whole := &html.Node{Type: html.ElementNode, DataAtom: atom.Div, Data: "div"}
	nodes[0].Parent.InsertBefore(whole, nodes[0])
	for _, n := range nodes {
		remove(n)
		whole.AppendChild(n)
	}
	return whole
}

// ruledBody is the body that the rule names, if it names one that has something in it.
func (r *articlePage) ruledBody() (body, bool) {
	if r.ruled == nil || len(r.ruled.rule.Article.Body) == 0 {
		return body{}, false
	}
	if n := r.ruled.body; n != nil {
		for i := range r.blocks {
			if b := &r.blocks[i]; b.node == n && (weigh(textOf(n)) > 0 || holdsMedia(n)) {
				r.trace.note("body", "the rule of %s names the text's element, <%s>", r.ruled.rule.Name, n.Data)
				return body{block: i, pure: true, exact: true}, true
			}
		}
	}
	r.trace.note("rule", "%s names no text on this page; it is looked for without the rule", r.ruled.rule.Name)
	return body{}, false
}

// ruledHeading is the heading that the rule names, where it is one.
func (r *articlePage) ruledHeading() *spot {
	if r.ruled == nil || r.ruled.heading == nil {
		return nil
	}
	for _, spots := range [...][]spot{r.headings, r.marked} {
		for i := range spots {
			if spots[i].Node == r.ruled.heading {
				return &spots[i]
			}
		}
	}
	return nil
}

// overrule puts what the rule says of the article in the place of what others do.
func (r *articlePage) overrule(a *archiver.Article) {
	t := r.ruled
	if t == nil {
		return
	}
	if t.title != "" {
		a.Title = t.title
		r.trace.note("title", "%q, says the rule of %s", t.title, t.rule.Name)
	}
	if len(t.authors) > 0 {
		a.Authors = dedupe(t.authors)
		r.trace.note("authors", "%q, says the rule of %s", a.Authors, t.rule.Name)
	}
	if !t.published.IsZero() {
		a.Published = t.published
		if !a.Modified.IsZero() && !later(a.Modified, a.Published) {
			a.Modified = archiver.Timestamp{}
		}
		r.trace.note("published", "%s, says the rule of %s", t.published, t.rule.Name)
	}
}
