package testsite_test

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"archiver"
	"archiver/internal/testsite"

	"golang.org/x/net/html"
	"golang.org/x/net/html/charset"
)

func start(t *testing.T, opts ...testsite.Option) *testsite.Site {
	t.Helper()
	site, err := testsite.Start(opts...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { site.Close() })
	return site
}

// get fetches an address without following redirects.
func get(t *testing.T, address string, headers ...string) (*http.Response, []byte, error) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		req.Header.Set(name, value)
	}
	transport := &http.Transport{DisableKeepAlives: true}
	res, err := transport.RoundTrip(req)
	if err != nil {
		return nil, nil, err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	return res, body, err
}

func page(t *testing.T, address string) *html.Node {
	t.Helper()
	res, body, err := get(t, address)
	if err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("GET %s: %v %v", address, res, err)
	}
	r, err := charset.NewReader(strings.NewReader(string(body)), res.Header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	root, err := html.Parse(r)
	if err != nil {
		t.Fatal(err)
	}
	return root
}

// text is all text of a tree, white space out: what no way of writing a page changes.
func text(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode && d.Parent.Data != "script" && d.Parent.Data != "style" {
			b.WriteString(d.Data)
		}
	}
	return squash(b.String())
}

func squash(s string) string { return strings.Join(strings.Fields(s), "") }

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// next finds what leads to the next page, the way a person does it.
func next(root *html.Node) string {
	for n := range root.Descendants() {
		if n.Data != "a" {
			continue
		}
		words := text(n)
		if words == "下一页" || words == "加载更多" || words == "更早的文章" {
			return attr(n, "href")
		}
	}
	var current int
	for n := range root.Descendants() {
		if n.Data == "span" && strings.Contains(attr(n, "class"), "page-numbers current") {
			fmt.Sscan(text(n), &current)
		}
	}
	for n := range root.Descendants() {
		if n.Data == "a" && attr(n, "class") == "page-numbers" && text(n) == fmt.Sprint(current+1) {
			return attr(n, "href")
		}
	}
	return ""
}

// walk reads a listing to its end and gives the pages.
func walk(t *testing.T, first string, most int) []*html.Node {
	t.Helper()
	var pages []*html.Node
	for address := first; address != "" && len(pages) < most; {
		root := page(t, address)
		pages = append(pages, root)
		address = next(root)
	}
	return pages
}

func links(pages []*html.Node) map[string]bool {
	found := map[string]bool{}
	for _, root := range pages {
		for n := range root.Descendants() {
			if n.Data == "a" {
				found[attr(n, "href")] = true
			}
		}
	}
	return found
}

var themes = map[string]testsite.Theme{
	"classic": testsite.Classic, "full text": testsite.FullText, "titles": testsite.Titles, "cards": testsite.Cards,
}

var paginations = map[string]testsite.Pagination{
	"next": testsite.NextLink, "numbers": testsite.Numbers, "query": testsite.Query, "html": testsite.PageHTML,
	"load more": testsite.LoadMore, "older": testsite.Older,
}

func TestListingLeadsToEveryArticle(t *testing.T) {
	for name, theme := range themes {
		for how, pagination := range paginations {
			t.Run(name+"/"+how, func(t *testing.T) {
				site := start(t, testsite.Posts(47), testsite.PerPage(5), testsite.Style(theme), testsite.Paginate(pagination))
				pages := walk(t, site.Category(), 20)
				if len(pages) != 10 {
					t.Errorf("%d pages, want 10", len(pages))
				}
				found := links(pages)
				for _, a := range site.Articles() {
					if !found[a.URL] {
						t.Errorf("no link to %s", a.URL)
					}
				}
			})
		}
	}
}

func TestArticlesAreServedAsTheTruthSays(t *testing.T) {
	tests := map[string][]testsite.Option{
		"generated": {testsite.Posts(12)},
		"seed":      {testsite.Seed()},
		"titles":    {testsite.Posts(6), testsite.Style(testsite.Titles)},
		"cards":     {testsite.Seed(), testsite.Style(testsite.Cards)},
		"odd":       {testsite.Posts(12), testsite.OddTitles(), testsite.Style(testsite.Cards)},
		"linked":    {testsite.Posts(4), testsite.DeepLinks(), testsite.MultiPage(1, 3)},
		"gb18030":   {testsite.Seed(), testsite.Charset("gb18030")},
		"big5":      {testsite.Seed(), testsite.Charset("big5")},
		"no zone":   {testsite.Posts(3), testsite.NoZone(), testsite.NoGzip()},
		"large":     {testsite.Posts(3), testsite.PageSize(60)},
	}
	for name, opts := range tests {
		t.Run(name, func(t *testing.T) {
			site := start(t, opts...)
			for _, a := range site.Articles() {
				served := text(page(t, a.URL))
				for part := 2; part <= a.Parts; part++ {
					served += text(page(t, fmt.Sprintf("%s/%d", strings.TrimSuffix(a.URL, "/"), part)))
				}
				facts := append(strings.Split(a.Text, "\n"), a.Title)
				facts = append(slices.Concat(facts, a.Authors, a.Categories), a.Tags...)
				for _, fact := range facts {
					if !strings.Contains(served, squash(fact)) {
						t.Errorf("%s: %q is not on the page", a.URL, fact)
					}
				}
				if again, err := archiver.Canonical(a.URL); err != nil || again != a.URL {
					t.Errorf("%s: canonical is %s, %v", a.URL, again, err)
				}
				if len(a.Text) < 1000 || a.Published.IsZero() {
					t.Errorf("%s: %d bytes, published %q", a.URL, len(a.Text), a.Published)
				}
			}
		})
	}
}

func TestDatesAreServedAsTheTruthSays(t *testing.T) {
	for name, theme := range themes {
		for _, zone := range [][]testsite.Option{nil, {testsite.NoZone()}, {testsite.Zone(time.UTC)}} {
			site := start(t, append(zone, testsite.Posts(2), testsite.Style(theme))...)
			a := site.Articles()[1]
			_, body, err := get(t, a.URL)
			if err != nil {
				t.Fatal(err)
			}
			served := html.UnescapeString(string(body))
			for _, date := range []string{a.Published.String(), a.Modified.String()} {
				if !strings.Contains(served, `"`+date+`"`) {
					t.Errorf("%s: no %q on %s", name, date, a.URL)
				}
			}
		}
	}
}

func TestSeedIsTheDemo(t *testing.T) {
	site := start(t, testsite.Seed())
	pages := walk(t, site.Category(), 9)
	if len(pages) != 2 {
		t.Fatalf("%d pages, want 2", len(pages))
	}
	all := text(pages[0]) + text(pages[1])
	if !strings.Contains(all, "分类目录归档：自然语言处理(NLP)") {
		t.Error("the heading is not there")
	}
	articles := site.Articles()
	if len(articles) != 10 || articles[0].Title != "DeepSeek技术分析" || articles[9].Title != "NLP中的对抗训练" {
		t.Fatalf("%d articles", len(articles))
	}
	for _, a := range articles {
		if !strings.Contains(all, squash(a.Title)) || !strings.Contains(all, squash(a.Excerpt)+"Readmore") {
			t.Errorf("%s: title or excerpt is not in the listing", a.Title)
		}
		if !strings.HasPrefix(squash(a.Text), squash(a.Excerpt)) {
			t.Errorf("%s: the article does not begin as its excerpt", a.Title)
		}
		if n := len([]rune(a.Text)); n < 900 {
			t.Errorf("%s: %d characters", a.Title, n)
		}
	}
}

func TestProtectedShowsNoText(t *testing.T) {
	for name, theme := range themes {
		site := start(t, testsite.Posts(5), testsite.Style(theme))
		secret := strings.Split(site.Articles()[2].Text, "\n")[0]
		site = start(t, testsite.Posts(5), testsite.Style(theme), testsite.Protected(2))
		a := site.Articles()[2]
		if !a.Protected || a.Text != "" {
			t.Fatalf("%s: truth says %v, %q", name, a.Protected, a.Text)
		}
		article, listing := text(page(t, a.URL)), text(page(t, site.Category()))
		if strings.Contains(article+listing, squash(secret)) {
			t.Errorf("%s: the text is served", name)
		}
		if !strings.Contains(article, "密码保护："+a.Title) || !strings.Contains(listing, "密码保护："+a.Title) {
			t.Errorf("%s: the title does not say that it is protected", name)
		}
	}
}

func TestPagesOfAnArticle(t *testing.T) {
	site := start(t, testsite.Posts(3), testsite.MultiPage(0, 3))
	a := site.Articles()[0]
	if a.Parts != 3 {
		t.Fatalf("%d parts", a.Parts)
	}
	found := links([]*html.Node{page(t, a.URL)})
	if !found[a.URL+"/2"] || !found[a.URL+"/3"] || found[a.URL+"/4"] {
		t.Errorf("links to parts: %v", found)
	}
	res, _, err := get(t, a.URL+"/4")
	if err != nil || res.StatusCode != http.StatusMovedPermanently || res.Header.Get("Location") != a.URL {
		t.Errorf("beyond the last part: %v %v", res, err)
	}
}

func TestBeyondTheLastPage(t *testing.T) {
	site := start(t, testsite.Posts(12))
	if res, _, err := get(t, site.Category()+"page/3/"); err != nil || res.StatusCode != http.StatusNotFound {
		t.Errorf("page 3 of 2: %v %v", res, err)
	}
	trap := start(t, testsite.Posts(12), testsite.Trap())
	if pages := walk(t, trap.Category(), 40); len(pages) != 40 {
		t.Errorf("the trap has %d pages", len(pages))
	}
	last := trap.Articles()[11]
	if !links([]*html.Node{page(t, trap.Category()+"page/99999/")})[last.URL] {
		t.Error("a page of the trap does not show the last posts")
	}
}

func TestEmptyCategory(t *testing.T) {
	site := start(t, testsite.Posts(0))
	if words := text(page(t, site.Category())); !strings.Contains(words, "还没有文章") {
		t.Error("it does not say that it is empty")
	}
}

func TestEncodings(t *testing.T) {
	tests := []struct {
		name        string
		opts        []testsite.Option
		contentType string
		meta        string
	}{
		{"utf-8", nil, "text/html; charset=utf-8", `<meta charset="utf-8"`},
		{"labelled", []testsite.Option{testsite.Charset("gb18030")}, "text/html; charset=gb18030", `<meta charset="gb18030"`},
		{"wrong label", []testsite.Option{testsite.Charset("gb18030"), testsite.Label("gb2312")}, "text/html; charset=gb2312", `<meta charset="gb2312"`},
		{"no label", []testsite.Option{testsite.Charset("big5"), testsite.Label("")}, "text/html", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			site := start(t, append(tt.opts, testsite.Posts(1))...)
			res, body, err := get(t, site.Category())
			if err != nil {
				t.Fatal(err)
			}
			if got := res.Header.Get("Content-Type"); got != tt.contentType {
				t.Errorf("Content-Type %q, want %q", got, tt.contentType)
			}
			if tt.meta == "" && strings.Contains(string(body), "<meta charset") || !strings.Contains(string(body), tt.meta) {
				t.Errorf("the page's label is not %q", tt.meta)
			}
		})
	}
}

func TestStrangersAreNoMembers(t *testing.T) {
	site := start(t, testsite.Posts(3))
	members := map[string]bool{}
	for _, a := range site.Articles() {
		members[a.URL] = true
	}
	strangers := 0
	for address := range links([]*html.Node{page(t, site.Category())}) {
		u, err := url.Parse(address)
		if err == nil && strings.HasPrefix(u.Path, "/archives/") && !members[strings.TrimSuffix(address, "#"+u.Fragment)] {
			strangers++
			page(t, address)
		}
	}
	if strangers == 0 {
		t.Error("the sidebar shows nothing of other categories")
	}
}

func TestPicturesAreServed(t *testing.T) {
	site := start(t, testsite.Seed())
	root := page(t, site.Articles()[3].URL)
	for n := range root.Descendants() {
		if n.Data != "img" {
			continue
		}
		res, body, err := get(t, site.URL()+attr(n, "src"))
		if err != nil || res.Header.Get("Content-Type") != "image/png" || !strings.HasPrefix(string(body), "\x89PNG") {
			t.Errorf("%s: %v %v", attr(n, "src"), res, err)
		}
		return
	}
	t.Error("no picture")
}

func TestOptionsAreChecked(t *testing.T) {
	for name, opts := range map[string][]testsite.Option{
		"no such post":    {testsite.Posts(3), testsite.Protected(3)},
		"no such charset": {testsite.Charset("klingon")},
		"nothing a page":  {testsite.PerPage(0)},
	} {
		if site, err := testsite.Start(opts...); err == nil {
			site.Close()
			t.Errorf("%s: no error", name)
		}
	}
}
