package extract

import (
	"slices"
	"strconv"
	"strings"

	"archiver"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// This file finds the further pages of a listing. Rules: a page belongs to the listing if its address is the listing's with
// another number, or, where a link says "next" in so many words, the listing's with something added; a number that is not
// higher than this page's leads backwards; what <link rel=canonical> says is not asked.

// maxListingPages bounds the pages of one listing: a blog of 50,000 posts at 10 a page; beyond that it is a calendar trap.
const maxListingPages = 5000

// pagination is what the page says of the listing's pages.
type pagination struct {
	stem    string // what the addresses of the listing's pages share
	current int    // the number of this page
	total   int    // 0 where the page does not say
	next    []string
	how     string // for people
}

var (
	nextWords = expr(`(?i)^[\s«»‹›<>←→…|·]*(?:下一页|下一頁|下页|下頁|后一页|後一頁|下一组|次のページ|次ページ|次へ|次の\d*件|older(?:\s+(?:posts?|entries|articles))?|next(?:\s+(?:page|posts?|entries|»|›|→))*|more\s+posts?|load\s+more.*|show\s+more.*|` +
		`(?:点击)?(?:加载|載入|加載|查看|显示|更多|浏览)(?:更多)?(?:文章|内容|日志)?|更早的?(?:文章|日志|内容)?|较早的?(?:文章|日志)?|较旧的?(?:文章|日志)?|較舊的?文章|較早的?文章|早期文章|以前的(?:文章|记录|記事)|旧文章?|过去的文章|過去の(?:記事|投稿)|古い(?:記事|投稿)(?:へ)?|前の記事へ)[\s«»‹›<>←→…|·]*$`)
	backWords = expr(`(?i)上一页|上一頁|上页|前一页|前のページ|前へ|newer|prev|较新|較新|更新的|新しい`)
	arrowNext = expr(`^[»›>→]+$`)
	totalText = expr(`(?i)(?:共\s*(\d{1,5})\s*[页頁]|page\s*\d+\s*(?:of|/)\s*(\d{1,5})|第\s*\d+\s*/\s*(\d{1,5})\s*[页頁]|^\s*\d{1,5}\s*/\s*(\d{1,5})\s*$|全\s*(\d{1,5})\s*ページ|(?:\d+)\s*/\s*(\d{1,5})\s*ページ)`)
	anyNumber = expr(`\d+`)
)

// paginate reads the pagination of the page.
func (o *overview) paginate() *pagination {
	self := o.page.URL
	p := &pagination{current: 1, stem: inSeries(pathOf(self), queryOf(self))}
	marked := o.markedCurrent()
	own, ok := readNumber(self, true)
	switch {
	case ok && own.strong:
		p.stem, p.current = own.stem, max(own.number, 1)
	case ok && (own.number == marked || marked == 0 && o.besidePage(own)):
		// The number at the end of the address is a page's, not a part of the category's name.
		p.stem, p.current = own.stem, own.number
	case marked > 0:
		p.current = marked
	}
	found := o.collectPages(p)
	p.finish(found, o.statedTotal(), marked > 0)
	return p
}

// besidePage reports whether the pagination has a link to the page before or after the one with this number.
func (o *overview) besidePage(own numbered) bool {
	for _, a := range o.anchors {
		n, ok := readNumber(a.url, true)
		if !ok || n.stem != own.stem || n.number != own.number+1 && n.number != own.number-1 {
			continue
		}
		if o.inPager(a.Node) && wordNumber(o.wordsOf(a)) == n.number || n.number > own.number && o.leadsOn(a) {
			return true
		}
	}
	return false
}

// pageLinks are the links of a pagination.
type pageLinks struct {
	pages   map[int]numbered
	urls    map[int]string
	onward  []string // links to the next page without a number
	certain bool     // a link's words or place agree with the number in its address
}

func (l *pageLinks) add(n numbered, url string) {
	if _, known := l.urls[n.number]; !known {
		l.pages[n.number], l.urls[n.number] = n, url
	}
}

func (o *overview) collectPages(p *pagination) *pageLinks {
	self := o.page.URL
	found := &pageLinks{pages: map[int]numbered{}, urls: map[int]string{}}
	var unsure []*anchor
	beside := map[*html.Node]bool{}
	take := func(a *anchor, n numbered, nextish bool) {
		found.add(n, a.url)
		found.certain = found.certain || nextish && n.number == p.current+1 || wordNumber(o.wordsOf(a)) == n.number
		beside[a.Parent] = true
		if a.Parent.DataAtom == atom.Li {
			beside[a.Parent.Parent] = true
		}
	}
	for _, a := range o.anchors {
		if a.content || samePage(a.url, self) {
			continue
		}
		n, ok := p.page(a.url)
		if !ok && !p.cursor(self, a.url) {
			continue
		}
		nextish := o.leadsOn(a)
		switch {
		case ok && n.strong, ok && nextish && n.number == p.current+1, ok && o.inPager(a.Node) && wordNumber(o.wordsOf(a)) == n.number:
			take(a, n, nextish)
		case ok && wordNumber(o.wordsOf(a)) == n.number && len(a.text) < 6:
			unsure = append(unsure, a)
		case nextish && p.cursor(self, a.url):
			found.onward = append(found.onward, a.url)
		}
	}
	// A bare number beside a link that surely is a page's is one too.
	for _, a := range unsure {
		if beside[a.Parent] || a.Parent.DataAtom == atom.Li && beside[a.Parent.Parent] {
			n, _ := p.page(a.url)
			take(a, n, false)
		}
	}
	for _, link := range o.heads {
		if link.DataAtom != atom.Link || !hasRel(link, "next") {
			continue
		}
		url, ok := o.address(attrOf(link, "href"))
		if !ok || !archiver.SameSite(url, self) || samePage(url, self) {
			continue
		}
		if n, ok := p.page(url); ok && n.strong && n.number == p.current+1 {
			found.add(n, url)
			found.certain = true
		} else if !ok && len(found.pages) == 0 && p.cursor(self, url) {
			found.onward = append(found.onward, url)
		}
	}
	return found
}

// finish orders what was found. Every page up to the last is named, so that the walk need not go from one to the next.
func (p *pagination) finish(found *pageLinks, stated int, marked bool) {
	last := 0
	for n := range found.pages {
		last = max(last, n)
	}
	form := found.pages[last]
	if stated <= maxListingPages {
		last = max(last, stated)
	}
	if last > 0 || marked {
		p.total = max(last, p.current)
	}
	for n := p.current + 1; n <= min(last, maxListingPages); n++ {
		url := found.urls[n]
		if url == "" && found.certain && form.number > 0 {
			url = form.prefix + strconv.Itoa(n) + form.suffix
		}
		if url != "" {
			p.next = append(p.next, url)
		}
	}
	switch {
	case len(p.next) > 0:
		p.how = "numbered pages"
	case len(found.onward) > 0:
		p.next, p.how, p.total = dedupe(found.onward), "a link to the next page", 0
	}
}

// page reads an address as a page of this listing.
func (p *pagination) page(url string) (numbered, bool) {
	if n, ok := readNumber(url, false); ok {
		return n, n.stem == p.stem && n.number > 0
	}
	n, ok := readNumber(url, true)
	return n, ok && n.number > 0 && n.number <= maxListingPages && n.stem == p.stem
}

// isPage reports whether an address is a page of the listing and so no entry.
func (p *pagination) isPage(url string) bool {
	if n, ok := readNumber(url, false); ok && n.stem == p.stem {
		return true
	}
	return inSeries(pathOf(url), queryOf(url)) == p.stem || slices.Contains(p.next, url)
}

// cursor reports whether an address is the listing's own with something added: ?before=2024-05-01, /older/2024.
func (p *pagination) cursor(self, url string) bool {
	own, path := strings.TrimSuffix(pathOf(self), "/"), strings.TrimSuffix(pathOf(url), "/")
	if path != own && (own == "" || !strings.HasPrefix(path, own+"/")) {
		return false
	}
	have := strings.Split(queryOf(url), "&")
	for pair := range strings.SplitSeq(queryOf(self), "&") {
		name, _, _ := strings.Cut(pair, "=")
		if pair != "" && !slices.ContainsFunc(have, func(h string) bool { return strings.HasPrefix(h, name+"=") }) {
			return false
		}
	}
	for _, pair := range have {
		switch name, _, _ := strings.Cut(pair, "="); name {
		case "p", "page_id", "cat", "author", "tag", "m", "s", "attachment_id", "share", "replytocom":
			if !slices.Contains(strings.Split(queryOf(self), "&"), pair) {
				return false
			}
		}
	}
	return path != own || queryOf(url) != queryOf(self)
}

// wordsOf is what a link says: its text, or its label where it is an icon.
func (o *overview) wordsOf(a *anchor) string {
	if a.text == "" {
		a.text = o.seenText(a.Node)
	}
	if a.text == "" || arrowNext.MatchString(a.text) {
		if label := oneLine(firstOf(attrOf(a.Node, "aria-label"), attrOf(a.Node, "title"))); label != "" {
			return label
		}
	}
	return a.text
}

// leadsOn reports whether a link says that it leads to the next page.
func (o *overview) leadsOn(a *anchor) bool {
	if hasRel(a.Node, "prev") {
		return false
	}
	if hasRel(a.Node, "next") {
		return true
	}
	marked := o.marks[a.Node]&markNext != 0
	for p, i := a.Parent, 0; p != nil && i < 2 && !marked; p, i = p.Parent, i+1 {
		marked = o.marks[p]&markNext != 0
	}
	words := o.wordsOf(a)
	if len(words) > 60 {
		return false
	}
	if marked {
		return !backWords.MatchString(words)
	}
	return nextWords.MatchString(words) || arrowNext.MatchString(words) && o.inPager(a.Node)
}

// inPager reports whether a node is in an element that is marked as pagination.
func (o *overview) inPager(n *html.Node) bool {
	for i := 0; n != nil && i < 6; n, i = n.Parent, i+1 {
		if o.marks[n]&markPager != 0 {
			return true
		}
	}
	return false
}

// markedCurrent is the number of the page that the pagination marks as the current one, 0 if none.
func (o *overview) markedCurrent() int {
	for _, n := range o.pagers {
		if number := o.currentIn(n); number > 0 {
			return number
		}
	}
	return 0
}

func (o *overview) currentIn(pager *html.Node) int {
	check := func(n *html.Node) int {
		if n.Type != html.ElementNode {
			return 0
		}
		current := attrOf(n, "aria-current") != "" && attrOf(n, "aria-current") != "false"
		for name := range strings.FieldsSeq(attrOf(n, "class")) {
			switch strings.ToLower(name) {
			case "current", "active", "is-active", "is-current", "page-current", "current-page", "now", "selected", "on":
				current = true
			}
		}
		if !current {
			return 0
		}
		if text := oneLine(textOf(n)); len(text) <= 24 {
			return wordNumber(text)
		}
		return 0
	}
	if number := check(pager); number > 0 {
		return number
	}
	for d := range pager.Descendants() {
		if number := check(d); number > 0 {
			return number
		}
	}
	return 0
}

// statedTotal is the number of pages that the pagination states in words, 0 if none.
func (o *overview) statedTotal() int {
	total := 0
	for _, n := range o.pagers {
		text := oneLine(textOf(n))
		if len(text) > 400 {
			continue
		}
		for _, group := range totalText.FindStringSubmatch(text) {
			if number, err := strconv.Atoi(group); err == nil {
				total = max(total, number)
			}
		}
	}
	return total
}

// wordNumber is the number in a short text that holds exactly one: "8", "页 8", "Page 8", "第8页".
func wordNumber(text string) int {
	if len(text) > 24 {
		return 0
	}
	found := anyNumber.FindAllString(text, 2)
	if len(found) != 1 || len(found[0]) > 6 {
		return 0
	}
	n, _ := strconv.Atoi(found[0])
	return n
}

func firstOf(values ...string) string {
	for _, v := range values {
		if strings.TrimSpace(v) != "" {
			return v
		}
	}
	return ""
}

// dedupe keeps the first of equal addresses.
func dedupe(urls []string) []string {
	var kept []string
	for _, u := range urls {
		if !slices.Contains(kept, u) {
			kept = append(kept, u)
		}
	}
	return kept
}
