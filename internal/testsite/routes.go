package testsite

import (
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Pagination is how a listing leads to its further pages.
type Pagination uint8

const (
	// NextLink has numbers and a next link: /page/2/.
	NextLink Pagination = iota
	// Numbers has numbers only: 1 2 3 … 9.
	Numbers
	// Query has a next link ?paged=2.
	Query
	// PageHTML has a next link /page/2.html.
	PageHTML
	// LoadMore has a button that a script would answer, with an address of its own.
	LoadMore
	// Older has "older posts" and "newer posts" and no numbers.
	Older
)

const (
	robotsPath   = "/robots.txt"
	picturesPath = "/wp-content/uploads/2025/02/"
)

// answer is what the blog says to a request, without faults.
func (s *Site) answer(r *http.Request) *answer {
	if r.URL.Path == robotsPath {
		return &answer{status: s.opts.robotsStatus, contentType: "text/plain; charset=utf-8", body: []byte(s.opts.robots + s.sitemapLine())}
	}
	if name, ok := strings.CutPrefix(r.URL.Path, picturesPath); ok {
		return s.pictureFor(r, name)
	}
	key := r.URL.Path
	if paged := r.URL.Query().Get("paged"); paged != "" {
		key += "?paged=" + paged
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if a := s.channel(r.URL); a != nil {
		return a
	}
	if a, ok := s.pages.get(key); ok {
		return a
	}
	a := s.route(r.URL)
	s.announce(a, r.URL.Path)
	// Other answers have no bound in number, and live ones are no two the same.
	if a.status == http.StatusOK && !s.opts.trap && !s.opts.live {
		s.pages.put(key, a)
	}
	return a
}

// route makes the page of an address. The caller holds the lock.
func (s *Site) route(u *url.URL) *answer {
	if p, part, ok := s.find(u.Path); ok {
		return s.articlePage(p, part)
	}
	path := strings.TrimSuffix(u.Path, "/")
	if p, ok := s.moved[path]; ok {
		return &answer{status: http.StatusMovedPermanently, location: s.address(p)}
	}
	if to, ok := s.diverted[path]; ok {
		return &answer{status: http.StatusMovedPermanently, location: to}
	}
	base, n := s.pageOf(u)
	switch {
	case base == "/":
		return s.listingPage(base, n, blogName, s.everything())
	case base == "/about/":
		return s.page("plain", listingView{shell: s.shell("关于 – "+blogName, nil), Heading: "关于", Description: "这里写的是自然语言处理。"})
	case base == "/author/admin/":
		return s.listingPage(base, n, "作者："+author, s.everything())
	case strings.HasPrefix(base, "/tag/"):
		name := strings.TrimSuffix(strings.TrimPrefix(base, "/tag/"), "/")
		return s.listingPage(base, n, "标签："+name, s.having(func(p *post) bool { return slices.Contains(p.Tags, name) }))
	}
	for _, c := range categories {
		if base != categoryPath(c.slug) {
			continue
		}
		if c == mainCategory {
			return s.listingPage(base, n, "分类目录归档："+c.name, s.listed())
		}
		return s.listingPage(base, n, "分类目录归档："+c.name, s.having(func(p *post) bool { return slices.Contains(p.Categories, c.name) }))
	}
	return s.notFound()
}

// find is the post of an address and the page of it, 1 for the first.
func (s *Site) find(path string) (*post, int, bool) {
	if p, ok := s.byPath[strings.TrimSuffix(path, "/")]; ok {
		return p, 1, true
	}
	head, tail := splitLast(strings.TrimSuffix(path, "/"))
	part, err := strconv.Atoi(tail)
	p, ok := s.byPath[head]
	return p, part, ok && err == nil && part > 0
}

func splitLast(path string) (head, tail string) {
	i := strings.LastIndexByte(path, '/')
	return path[:max(0, i)], path[i+1:]
}

// reindex makes byPath and place true again and empties the cache. The caller holds the lock.
func (s *Site) reindex() {
	s.pages.clear()
	s.byPath = make(map[string]*post, len(s.posts)+len(s.others))
	s.place = make(map[int]int, len(s.posts))
	for i, p := range s.posts {
		s.place[p.id] = i
	}
	for _, p := range slices.Concat(s.posts, s.others) {
		s.byPath[strings.TrimSuffix(s.path(p), "/")] = p
	}
}

// pageOf takes the number of a listing's page from its address; 0 for a number that is none.
func (s *Site) pageOf(u *url.URL) (base string, n int) {
	base, number := u.Path, ""
	switch s.opts.pagination {
	case Query:
		number = u.Query().Get("paged")
	default:
		if head, tail, ok := strings.Cut(u.Path, "/page/"); ok {
			base, number = head+"/", strings.TrimSuffix(tail, "/")
			if s.opts.pagination == PageHTML {
				number = strings.TrimSuffix(number, ".html")
			}
		}
	}
	if number == "" {
		return base, 1
	}
	n, err := strconv.Atoi(number)
	if err != nil || n < 1 {
		return base, 0
	}
	return base, n
}

// pageURL is the address of a listing's page.
func (s *Site) pageURL(base string, n int) string {
	// The parts of base may be Chinese.
	base = s.base + (&url.URL{Path: base}).EscapedPath()
	switch {
	case n == 1:
		return base
	case s.opts.pagination == Query:
		return fmt.Sprintf("%s?paged=%d", base, n)
	case s.opts.pagination == PageHTML:
		return fmt.Sprintf("%spage/%d.html", base, n)
	}
	return fmt.Sprintf("%spage/%d/", base, n)
}

// listingPage is page n of a listing of posts.
func (s *Site) listingPage(base string, n int, heading string, posts []*post) *answer {
	last := max(1, (len(posts)+s.opts.perPage-1)/s.opts.perPage)
	trap := s.opts.trap && base == categoryPath(mainCategory.slug)
	if n < 1 || n > last && !trap {
		return s.notFound()
	}
	if s.scripted {
		return s.page("plain", listingView{shell: s.shell(heading, nil), Heading: heading, Description: "正在加载……"})
	}
	view := listingView{shell: s.shell(strings.TrimPrefix(heading, "分类目录归档：")+" – "+blogName, nil), Heading: heading, Style: s.opts.pagination}
	view.Canonical = s.pageURL(base, n)
	shown := min(n, last)
	for i := (shown - 1) * s.opts.perPage; i < min(len(posts), shown*s.opts.perPage); i++ {
		it := s.item(posts[i])
		it.FirstOfYear = len(view.Items) == 0 || view.Items[len(view.Items)-1].Year != it.Year
		s.showText(&it, posts[i])
		view.Items = append(view.Items, it)
	}
	if n < last || trap {
		view.Older = s.pageURL(base, n+1)
	}
	if n > 1 {
		view.Newer = s.pageURL(base, n-1)
	}
	if last > 1 || trap {
		view.Numbers = s.numbers(base, n, max(last, n))
	}
	return s.page("listing", view)
}

// showText gives an item of a listing the text that the theme shows of it.
func (s *Site) showText(it *item, p *post) {
	first := p.parts()[0]
	excerpt, cut := p.excerpt(first)
	if s.opts.theme == FullText && !p.Protected {
		excerpt, cut = strings.Replace(first, moreMark, "", 1), false
		it.Whole = true
	}
	it.Excerpt, it.HasMore = template.HTML(excerpt), cut
	if markedByHand(first) {
		it.More = fmt.Sprintf("%s#more-%d", it.URL, p.id)
	}
}

// numbers are the links 1 … 4 5 6 … 20 of page n.
func (s *Site) numbers(base string, n, last int) []link {
	const beside = 2 // shown on each side of the current page, as WordPress does
	var links []link
	for i := 1; i <= last; i++ {
		switch {
		case i == 1 || i == last || i >= n-beside && i <= n+beside:
			links = append(links, link{Name: strconv.Itoa(i), URL: s.pageURL(base, i), Current: i == n})
		case len(links) > 0 && links[len(links)-1].Name != "":
			links = append(links, link{})
		}
	}
	return links
}

// articlePage is one page of an article; a page beyond the last leads to the first.
func (s *Site) articlePage(p *post, part int) *answer {
	parts := []string{""}
	if !p.Protected {
		parts = p.parts()
	}
	if part > len(parts) {
		return &answer{status: http.StatusMovedPermanently, location: s.address(p)}
	}
	body, mark := parts[part-1], ""
	if markedByHand(body) {
		// WordPress leaves the place of the mark in the article.
		mark = fmt.Sprintf(`<span id="more-%d"></span>`, p.id)
	}
	body = strings.Replace(body, moreMark, mark, 1)
	view := articleView{shell: s.shell(s.shownTitle(p)+" – "+blogName, p), item: s.item(p), Body: template.HTML(body)}
	view.Canonical = s.address(p)
	if !p.Modified.Equal(p.Published) {
		view.Modified = s.datetime(p.Modified)
	}
	for i := range parts {
		if len(parts) > 1 {
			view.Parts = append(view.Parts, link{Name: strconv.Itoa(i + 1), URL: s.partURL(p, i+1), Current: i+1 == part})
		}
	}
	if i, ok := s.place[p.id]; ok {
		if i > 0 {
			view.Later = s.linkTo(s.posts[i-1])
		}
		if i+1 < len(s.posts) {
			view.Earlier = s.linkTo(s.posts[i+1])
		}
	}
	a := s.page("article", view)
	a.modified = p.Modified.Add(time.Duration(s.build) * time.Hour)
	return a
}

// partURL is the address of a page of an article.
func (s *Site) partURL(p *post, part int) string {
	address := s.address(p)
	switch {
	case part == 1:
		return address
	case strings.HasSuffix(address, "/"):
		return address + strconv.Itoa(part) + "/"
	}
	return address + "/" + strconv.Itoa(part)
}

func (s *Site) notFound() *answer {
	a := s.page("plain", listingView{shell: s.shell("未找到页面 – "+blogName, nil), Heading: "有点尴尬诶！该页无法显示。", Description: "这儿似乎什么都没有，试试搜索？"})
	a.status = http.StatusNotFound
	return a
}

// everything is all posts of the blog, newest first.
func (s *Site) everything() []*post {
	all := slices.Concat(s.posts, s.others)
	slices.SortStableFunc(all, func(a, b *post) int { return b.Published.Compare(a.Published) })
	return all
}

// having are the posts of the blog that a test chooses.
func (s *Site) having(choose func(*post) bool) []*post {
	return slices.DeleteFunc(s.everything(), func(p *post) bool { return !choose(p) })
}

func slugOf(name string) string {
	for _, c := range categories {
		if c.name == name {
			return c.slug
		}
	}
	return url.PathEscape(name)
}

func (s *Site) tagURL(name string) string { return s.base + "/tag/" + url.PathEscape(name) + "/" }
