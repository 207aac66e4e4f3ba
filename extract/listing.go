package extract

import (
	"fmt"
	"strings"

	"archiver"
	"archiver/extract/rule"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// This file decides what a page is: a listing, an empty listing, or none.

// Listing reads a category page: its entries, its further pages and where more is told of the entries. An empty category is a
// Listing without entries. An error of kind Unusable says that the page is no listing, and what it looks like instead.
func (x *Extractor) Listing(page *archiver.Page) (archiver.Listing, error) {
	if what := otherThanHTML(page.Text); what != "" {
		return archiver.Listing{}, &archiver.Error{
			Kind: archiver.Unusable, Op: "read listing", URL: page.URL, Err: fmt.Errorf("this is %s, not a page", what),
			Hint: "name the page that a reader's browser shows; archiver finds its channels by itself",
		}
	}
	doc, err := parse(page)
	if err != nil {
		return archiver.Listing{}, err
	}
	o := lookOver(doc)
	about := o.aboutPage()
	pages := o.paginate()
	about.paged = len(pages.next) > 0 || pages.total > 1

	items, why, byRule, err := o.listed(x.opts.Rules.ListingFor(addressOf(page)), pages, about)
	if err != nil {
		return archiver.Listing{}, err
	}
	if reason := o.refuse(items, about); reason != "" && !byRule {
		return archiver.Listing{}, &archiver.Error{
			Kind: archiver.Unusable, Op: "read listing", URL: page.URL, Err: fmt.Errorf("%s", reason),
			Hint: "name the page that lists the articles of a category",
		}
	}
	listing := archiver.Listing{Title: o.listingTitle(items), Next: pages.next, Pages: pages.total}
	language, site := ofSite(doc)
	for _, it := range items {
		entry := o.read(it)
		entry.Language, entry.Site = language, site
		listing.Entries = append(listing.Entries, entry)
	}
	if len(items) == 0 {
		why = "an empty list"
	}
	if pages.how != "" {
		why += "; " + pages.how
	}
	listing.Why = why
	listing.Ways = o.waysOf()
	return listing, nil
}

var feedRoot = expr(`^(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*|<\?[^>]*>\s*)*<(?:rss|feed|rdf:RDF|urlset|sitemapindex)[\s>]`)

// otherThanHTML names what a text is that opens as no page of a blog does.
func otherThanHTML(text string) string {
	const opening = 1000 // bytes; style sheets and comments may stand before the root
	text = strings.TrimSpace(text[:min(len(text), opening)])
	switch {
	case feedRoot.MatchString(text):
		return "a feed or sitemap"
	case strings.HasPrefix(text, "{"), strings.HasPrefix(text, "["):
		return "data for programs"
	}
	return ""
}

// listed gives the items of the list, how they were recognised, and whether a rule of the site did it. Where the rule finds
// further pages, they take the place of those that were detected.
func (o *overview) listed(r *rule.Rule, pages *pagination, is about) (items []item, why string, byRule bool, err error) {
	var of *ruledListing
	if r != nil {
		of = o.askListing(r, pages)
		if len(of.next) > 0 {
			pages.next, pages.total, pages.how = of.next, 0, "further pages by the rule of "+r.Name
		}
		if len(of.items) > 0 {
			return of.items, of.why, true, nil
		}
	}
	if r == nil || len(r.Listing.Item)+len(r.Listing.Link) == 0 {
		items, why = o.findEntries(pages, is)
	} else if !o.saysEmpty() {
		err = noEntries(r, o.page)
	}
	return items, why, false, err
}

// noticeWithin is how much of the text is searched for the notice of an empty list, in bytes.
const noticeWithin = 4000

// about is what a page says of itself.
type about struct {
	listing bool // a category, a tag, the front page of a blog
	article bool // one article
	missing bool // an error page
	paged   bool // it has further pages
}

var (
	emptyWords   = expr(`(?i)nothing (?:was )?(?:found|here)|no (?:posts|articles|entries|results)\b|(?:没有|沒有|未)(?:找到|发现)(?:任何|相关|符合)?(?:的)?(?:内容|文章|结果|日志|条目)?|没有(?:任何|相关)?(?:文章|内容|日志)|沒有(?:任何)?文章|暂无|暫無|还没有|還沒有|空空如也|记事がありません|記事(?:が|は)(?:ありません|見つかりません)|見つかりません|it seems we can.t find`)
	missingWords = expr(`(?i)\b404\b|page not found|not found|(?:未找到|找不到|没有找到|無法找到)(?:该|此|您访问的|相关)?(?:页面|頁面|网页|網頁)|(?:页面|頁面|网页)(?:不存在|未找到|没有找到)|ページが見つかりません|server error|service unavailable|forbidden|access denied|建立数据库连接时出错|error establishing a database connection`)
)

// aboutPage reads the names of the body, the address and the heading.
func (o *overview) aboutPage() about {
	var is about
	is.listing = namesList(o.page.URL) && !isFile(o.page.URL)
	named := false // the body is named an archive, as WordPress does
	if o.body != nil {
		for name := range strings.FieldsSeq(attrOf(o.body, "class") + " " + attrOf(o.body, "data-page-type")) {
			switch name {
			case "archive", "category", "tag", "blog", "home", "tax", "post-type-archive", "archives":
				is.listing, named = true, true
			case "single", "single-post", "post-template-default", "single-format-standard":
				is.article = true
			case "error404", "error-404":
				is.missing = true
			}
			if strings.HasPrefix(name, "postid-") {
				is.article = true
			}
		}
	}
	heading := o.titleText
	for _, h := range o.headings {
		text := oneLine(textOf(h.Node))
		if h.DataAtom == atom.H1 || h.named {
			heading += " " + text
		}
		if h.noise || h.DataAtom != atom.H1 && !h.named || is.listing {
			continue
		}
		_, is.listing = bareTitle(text)
	}
	is.missing = is.missing || missingWords.MatchString(heading) && !is.article && !named
	is.article = is.article || o.publishedHere()
	return is
}

// saysEmpty reports whether the page has the notice of an empty list.
func (o *overview) saysEmpty() bool {
	return o.emptyMarked || emptyWords.MatchString(o.mainText(noticeWithin, nil))
}

// saysEmptyBeside reports the same of what stands outside of a group's items: the words of a notice are those of many an excerpt
// too. What the item of a list of one holds cannot be told from what is around it, so it counts.
func (o *overview) saysEmptyBeside(g *group) bool {
	if len(g.roots) < 2 {
		return o.saysEmpty()
	}
	roots := make(map[*html.Node]bool, len(g.roots))
	for _, root := range g.roots {
		roots[root] = true
	}
	return o.emptyMarked || emptyWords.MatchString(o.mainText(noticeWithin, roots))
}

// publishedHere reports whether the head says that this very address was published as an article. Themes and plugins write
// og:type and even the address of the first article into listings, so it takes the date and the address together.
func (o *overview) publishedHere() bool {
	dated, here := false, false
	kind := ""
	for _, n := range o.heads {
		if n.DataAtom != atom.Meta {
			continue
		}
		switch attrOf(n, "property") {
		case "article:published_time":
			dated = attrOf(n, "content") != ""
		case "og:type":
			kind = attrOf(n, "content")
		case "og:url":
			url, ok := o.address(attrOf(n, "content"))
			here = ok && samePage(url, o.page.URL)
		}
	}
	return here && (dated || kind == "article") || o.describedAsArticle()
}

var articleType = expr(`"@type"\s*:\s*\[?\s*"(?:Article|NewsArticle|BlogPosting|TechArticle|ReportageNewsArticle)"`)

// describedAsArticle reports whether the page's structured data is of exactly one article. Of a list it is of many or none.
func (o *overview) describedAsArticle() bool {
	return strings.Contains(o.page.Text, `"datePublished"`) && len(articleType.compiled().FindAllStringIndex(o.page.Text, 2)) == 1
}

// findEntries gives the items of the list and how they were recognised.
func (o *overview) findEntries(pages *pagination, is about) ([]item, string) {
	groups := o.choose(pages, is)
	said := is.listing || is.paged
	for i, g := range groups {
		if g.score < believable || !said && (g.score < convincing || len(g.anchors) < 2) {
			break
		}
		if (g.other || g.dated < 0.5 && !g.certain) && o.saysEmptyBeside(g) || g.dated < 0.5 && o.emptyMarked {
			continue
		}
		items := o.items(g, groups[i+1:], pages)
		if len(items) == 0 {
			continue
		}
		if !said && is.article {
			return nil, ""
		}
		return items, o.describe(g, items)
	}
	if said && !o.saysEmpty() {
		if items := o.onlyMore(pages); len(items) > 0 {
			return items, fmt.Sprintf("%d entries: their \"read more\" links", len(items))
		}
	}
	return nil, ""
}

// onlyMore finds the items of a list in which only the date or "read more" leads to the article.
func (o *overview) onlyMore(pages *pagination) []item {
	var anchors []*anchor
	known := map[string]bool{}
	for _, a := range o.anchors {
		if a.noise || !a.isMore && !a.isDate || !o.mayBeEntry(a, pages) || a.archive {
			continue
		}
		if key := archiver.Key(a.url); !known[key] {
			known[key] = true
			anchors = append(anchors, a)
		}
	}
	if len(anchors) == 0 {
		return nil
	}
	roots := o.itemRoots(anchors)
	var items []item
	for i, a := range anchors {
		if o.isItem(roots[i]) {
			items = append(items, item{link: a, root: roots[i]})
		}
	}
	return items
}

func (o *overview) describe(g *group, items []item) string {
	how := "links"
	switch a := g.anchors[0]; {
	case a.heading != nil && contains(a.heading, a.Node) || o.headingIn(a.Node) != nil:
		how = "links in headings"
	case g.strength == certainTitle:
		how = "links marked as titles"
	case g.strength == labelTitle:
		how = "links with a label"
	}
	s := fmt.Sprintf("%d entries: %s of <%s>", len(items), how, items[0].root.Data)
	if g.dated > 0.5 {
		s += " with a date"
	}
	return s
}

// refuse says why the page is no listing; empty where it is one.
func (o *overview) refuse(items []item, is about) string {
	if len(items) > 0 {
		if is.article && !is.listing {
			return "this is one article, not a list of articles"
		}
		if !is.listing && !is.paged && o.mostlyText(items) {
			return "this looks like one article, not like a list of articles"
		}
		return ""
	}
	switch {
	case o.password:
		return "the page asks for a login"
	case is.missing:
		return "the site says that there is no such page"
	case is.article:
		return "this is one article, not a list of articles"
	case o.textLength == 0 && !o.emptyMarked:
		return "the page holds no text; it may be made by scripts in the browser"
	case is.listing && !o.saysEmpty() && o.listsLists():
		return "the page lists categories, not articles"
	case o.saysEmpty() && (is.listing || o.emptyMarked), is.listing && o.framed():
		return ""
	}
	return "found no list of articles"
}

// mostlyText reports whether the page holds far more running text outside of the items than in them.
func (o *overview) mostlyText(items []item) bool {
	inside := 0
	for _, it := range items {
		it.nodes(func(n *html.Node) { inside += len(oneLine(textOf(n))) })
	}
	return o.textLength > 3*inside+3000
}

// listsLists reports whether the main region has links to other lists and nothing else.
func (o *overview) listsLists() bool {
	lists := 0
	for _, a := range o.anchors {
		if !a.noise && isListAddress(a.url) && !samePage(a.url, o.page.URL) && !hasRel(a.Node, "tag", "category") {
			lists++
		}
	}
	return lists >= 3
}

// framed reports whether the page has the frame of an archive page: a title, and a heading of the list or its empty body.
func (o *overview) framed() bool {
	return o.titleText != "" && (len(o.headings) > 0 || o.textLength > 20)
}

// mainText is the beginning of the text outside of noise and of what is left out.
func (o *overview) mainText(most int, leftOut map[*html.Node]bool) string {
	if o.body == nil {
		return ""
	}
	var b strings.Builder
	var walk func(n *html.Node)
	walk = func(n *html.Node) {
		if b.Len() > most {
			return
		}
		if n.Type == html.TextNode {
			b.WriteString(n.Data)
			return
		}
		if n.Type == html.ElementNode && (unseen(n) || o.marks[n]&markNoise != 0 || leftOut[n]) {
			return
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	walk(o.body)
	return oneLine(b.String())
}
