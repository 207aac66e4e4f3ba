package testsite_test

import (
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"
	"testing"

	"archiver/internal/testsite"

	"github.com/google/go-cmp/cmp"
)

type restPost struct {
	ID      int
	Link    string
	Content struct{ Rendered string }
}

func TestREST(t *testing.T) {
	site := start(t, testsite.Posts(130), testsite.REST(), testsite.Protected(2), testsite.MultiPage(3, 3))
	res, _, err := get(t, site.Category())
	if err != nil || !strings.Contains(strings.Join(res.Header["Link"], " "), "/wp-json/wp/v2/categories/2>") {
		t.Errorf("the listing's links: %v %v", res.Header["Link"], err)
	}
	ask := func(query string) (posts []restPost, total, pages, link string) {
		res, body, err := get(t, site.URL()+query)
		if err != nil {
			t.Fatal(err)
		}
		if res.StatusCode == 200 {
			err = json.Unmarshal(body, &posts)
		}
		if err != nil {
			t.Fatalf("%s: %v\n%.200s", query, err, body)
		}
		return posts, res.Header.Get("X-WP-Total"), res.Header.Get("X-WP-TotalPages"), res.Header.Get("Link")
	}
	posts, total, pages, link := ask("/wp-json/wp/v2/posts?categories=2&per_page=100&_fields=id,link")
	if len(posts) != 100 || total != "130" || pages != "2" || !strings.Contains(link, `page=2`) || !strings.Contains(link, `rel="next"`) {
		t.Errorf("%d posts, %s in %s pages, %s", len(posts), total, pages, link)
	}
	more, _, _, _ := ask("/?rest_route=/wp/v2/posts&categories[terms]=2&categories[include_children]=true&per_page=100&page=2")
	var got, want []string
	for _, p := range append(posts, more...) {
		got = append(got, p.Link)
	}
	for _, a := range site.Articles() {
		want = append(want, a.URL)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if res, _, _ := get(t, site.URL()+"/wp-json/wp/v2/posts?categories=2&per_page=100&page=3"); res.StatusCode != 400 {
		t.Errorf("past the end: %d", res.StatusCode)
	}
	site.Edit(9, func(p *testsite.Post) { p.Modified = p.Modified.AddDate(9, 0, 0) })
	posts, _, _, _ = ask("/wp-json/wp/v2/posts?categories=2&orderby=modified")
	if posts[0].Link != want[9] {
		t.Errorf("%s is the newest change, not %s", posts[0].Link, want[9])
	}
	chosen, _, _, _ := ask(fmt.Sprintf("/wp-json/wp/v2/posts?include=%d,%d", posts[0].ID, posts[1].ID))
	if len(chosen) != 2 || chosen[0].Content.Rendered == "" {
		t.Errorf("include gives %v", chosen)
	}
}

func TestFeedAndSitemap(t *testing.T) {
	for _, tt := range []struct {
		name       string
		feed, path string
		opts       []testsite.Option
	}{
		{"rss and index", "/category/nlp/feed/", "/sitemap-1.xml.gz", []testsite.Option{testsite.Feed(testsite.RSS, 10), testsite.Sitemap(testsite.SitemapIndex)}},
		{"atom and one sitemap", "/atom.xml", "/sitemap.xml", []testsite.Option{testsite.Feed(testsite.Atom, 20), testsite.Sitemap(testsite.OneSitemap), testsite.Style(testsite.Titles)}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			site := start(t, append(tt.opts, testsite.Posts(25))...)
			if _, body, _ := get(t, site.URL()+"/robots.txt"); !strings.Contains(string(body), "Sitemap: "+site.URL()+"/sitemap.xml") {
				t.Errorf("robots.txt: %s", body)
			}
			if _, body, _ := get(t, site.Category()); !strings.Contains(string(body), `rel="alternate"`) {
				t.Error("no page names the feed")
			}
			newest := site.Articles()[0].URL
			for _, path := range []string{tt.feed, tt.path} {
				res, body, err := get(t, site.URL()+path)
				if err != nil || res.StatusCode != 200 {
					t.Fatalf("%s: %v %v", path, res, err)
				}
				if strings.HasSuffix(path, ".gz") {
					r, err := gzip.NewReader(strings.NewReader(string(body)))
					if err != nil {
						t.Fatal(err)
					}
					body, _ = io.ReadAll(r)
				}
				if !strings.Contains(string(body), newest) {
					t.Errorf("%s does not tell of %s", path, newest)
				}
				tag := "If-None-Match: " + res.Header.Get("ETag")
				if res, _, _ := get(t, site.URL()+path, tag); res.StatusCode != 304 {
					t.Errorf("%s, unchanged: %d", path, res.StatusCode)
				}
				site.Edit(0, func(p *testsite.Post) { p.Body += "<p>补</p>"; p.Modified = p.Modified.AddDate(3, 0, 0) })
				if res, _, _ := get(t, site.URL()+path, tag); res.StatusCode != 200 {
					t.Errorf("%s, changed: %d", path, res.StatusCode)
				}
			}
		})
	}
}

func TestLifeOfABlog(t *testing.T) {
	site := start(t, testsite.Posts(12), testsite.Validators())
	articles := site.Articles()
	status := func(address string) (int, string) {
		res, _, err := get(t, address)
		if err != nil {
			t.Fatal(err)
		}
		return res.StatusCode, res.Header.Get("Location")
	}
	urls := func() (list []string) {
		for _, a := range site.Articles() {
			list = append(list, a.URL)
		}
		return list
	}
	site.EditSilently(0, func(p *testsite.Post) { p.Body += "<p>悄悄改的。</p>" })
	if a := site.Articles()[0]; a.Modified != articles[0].Modified || !strings.Contains(a.Text, "悄悄改的") {
		t.Errorf("silently edited: %v, was %v", a.Modified, articles[0].Modified)
	}
	site.Delete(3)
	site.MoveOut(5)
	if code, _ := status(articles[3].URL); code != 404 {
		t.Errorf("deleted: %d", code)
	}
	if code, _ := status(articles[6].URL); code != 200 || slices.Contains(urls(), articles[6].URL) {
		t.Errorf("moved out: %d", code)
	}
	if !site.Restore(articles[3].URL) || !site.Restore(articles[6].URL) || site.Restore(articles[3].URL) {
		t.Error("not restored once each")
	}
	var before []string
	for _, a := range articles {
		before = append(before, a.URL)
	}
	if diff := cmp.Diff(before, urls()); diff != "" {
		t.Error(diff)
	}
	moved := site.Rename(1, "xin-ming", true)
	if code, to := status(articles[1].URL); code != 301 || to != moved {
		t.Errorf("renamed: %d to %s", code, to)
	}
	lost := site.Rename(2, "lost", false)
	if code, _ := status(articles[2].URL); code != 404 {
		t.Errorf("renamed without redirect: %d", code)
	}
	if code, _ := status(lost); code != 200 {
		t.Errorf("its new address: %d", code)
	}
	old, _ := url.Parse(articles[2].URL)
	site.Divert(old.Path, articles[7].URL)
	if code, to := status(articles[2].URL); code != 301 || to != articles[7].URL {
		t.Errorf("diverted: %d to %s", code, to)
	}
	first := func() string {
		body := text(page(t, site.Category()))
		best, at := "", len(body)
		for _, a := range site.Articles() {
			if i := strings.Index(body, "分类目录归档"); i >= 0 {
				if j := strings.Index(body[i:], squash(a.Title)); j >= 0 && j < at {
					best, at = a.URL, j
				}
			}
		}
		return best
	}
	if got := first(); got != articles[0].URL {
		t.Errorf("%s is first", got)
	}
	site.Reorder(testsite.OldestFirst)
	if got := first(); got != articles[11].URL {
		t.Errorf("oldest first: %s", got)
	}
	site.Reorder(testsite.NewestFirst)
	site.Stick(8)
	if got := first(); got != articles[8].URL {
		t.Errorf("sticky: %s", got)
	}
	res, was, _ := get(t, articles[4].URL)
	site.Rebuild()
	res2, is, _ := get(t, articles[4].URL, "If-None-Match: "+res.Header.Get("ETag"), "If-Modified-Since: "+res.Header.Get("Last-Modified"))
	if res2.StatusCode != 200 || string(was) != string(is) {
		t.Errorf("rebuilt: %d, same bytes: %v", res2.StatusCode, string(was) == string(is))
	}
	site.ChangeLayout(true)
	if first() != "" {
		t.Error("the listing still names articles")
	}
}

func TestLivePagesAreNeverTheSame(t *testing.T) {
	for _, theme := range []testsite.Theme{testsite.Classic, testsite.Titles, testsite.Cards} {
		site := start(t, testsite.Posts(3), testsite.Live(), testsite.Validators(), testsite.Style(theme))
		for _, address := range []string{site.Category(), site.Articles()[0].URL} {
			res, one, _ := get(t, address)
			_, two, _ := get(t, address, "If-None-Match: "+res.Header.Get("ETag"))
			if len(two) == 0 || string(one) == string(two) {
				t.Errorf("theme %d: two answers of %s are the same", theme, address)
			}
		}
	}
}

func TestFalseNotModified(t *testing.T) {
	site := start(t, testsite.Posts(1), testsite.FalseNotModified())
	a := site.Articles()[0]
	res, _, _ := get(t, a.URL)
	site.Edit(0, func(p *testsite.Post) { p.Body += "<p>新</p>" })
	if res, _, _ := get(t, a.URL, "If-None-Match: "+res.Header.Get("ETag")); res.StatusCode != 304 {
		t.Errorf("%d", res.StatusCode)
	}
}
