package extract

import (
	"fmt"
	"strings"
	"testing"

	"archiver"

	"github.com/google/go-cmp/cmp"
)

func TestPagination(t *testing.T) {
	const nlp = "https://blog.example/category/nlp/"
	span := func(format string, from, to int) (urls []string) {
		for n := from; n <= to; n++ {
			urls = append(urls, fmt.Sprintf(format, n))
		}
		return urls
	}
	tests := []struct {
		name, url, html string
		next            []string
		pages           int
	}{
		{"none", nlp, `<p>nothing</p>`, nil, 0},
		{"only the first page, as the number one", nlp, `<div class="pagination"><span class="current">1</span></div>`, nil, 1},
		{"rel=next", nlp, `<a rel="next" href="page/2/">x</a>`, span(nlp+"page/%d/", 2, 2), 2},
		{"older is the next page, newer leads back", nlp + "page/2/",
			`<div class="nav-previous"><a href="/category/nlp/page/3/">Older posts</a></div><div class="nav-next"><a href="/category/nlp/">Newer posts</a></div>`,
			span(nlp+"page/%d/", 3, 3), 3},
		{"page 1 is the first page", nlp + "page/2/", `<nav class="pagination"><a href="/category/nlp/page/1/">1</a><b class="current">2</b></nav>`, nil, 2},
		{"the last page fills the range", nlp,
			`<nav><a class="page-numbers" href="page/2/">2</a><a class="page-numbers" href="page/6/">6</a></nav>`, span(nlp+"page/%d/", 2, 6), 6},
		{"a total in words fills the range", nlp,
			`<div class="wp-pagenavi"><span class="pages">第 1 页，共 4 页</span><span class="current">1</span><a href="page/2/">2</a></div>`, span(nlp+"page/%d/", 2, 4), 4},
		{"a bare number far away names no form", nlp, `<a href="page/9/">see the end</a>`, []string{nlp + "page/9/"}, 9},
		{"another category", nlp, `<nav class="pagination"><a rel="next" href="/category/cv/page/2/">2</a></nav>`, nil, 0},
		{"another site", nlp, `<a rel="next" href="https://other.example/category/nlp/page/2/">next</a>`, nil, 0},
		{"a post's neighbour", nlp, `<div class="nav-next"><a rel="next" href="/archives/12">下一篇</a></div>`, nil, 0},
		{"the parts of an article", nlp, `<div class="page-links">Pages: <a href="/archives/12/2">2</a></div>`, nil, 0},
		{"comment pages", nlp, `<a class="page-numbers" href="/category/nlp/comment-page-2/">2</a>`, nil, 0},
		{"a fragment", nlp, `<a class="next" href="/category/nlp/page/2/#board">下一页</a>`, span(nlp+"page/%d/", 2, 2), 2},
		{"plain numbers", "https://blog.example/?cat=2", `<a class="next page-numbers" href="?paged=2&amp;cat=2">»</a>`, []string{"https://blog.example/?paged=2&cat=2"}, 2},
		{"plain numbers of another category", "https://blog.example/?cat=2", `<a class="next page-numbers" href="?paged=2&amp;cat=3">»</a>`, nil, 0},
		{"a post on a plain front page", "https://blog.example/", `<a class="next" href="?p=12">next</a>`, nil, 0},
		{"page/2.html", "https://blog.example/sort/linux", `<a href="/sort/linux/page/2.html">2</a>`, []string{"https://blog.example/sort/linux/page/2.html"}, 2},
		{"a number at the end", "https://blog.example/category/nlp/2/",
			`<ol class="page-navigator"><li><a href="/category/nlp/1/">1</a></li><li class="current"><a href="/category/nlp/2/">2</a></li><li><a href="/category/nlp/3/">3</a></li></ol>`,
			[]string{nlp + "3/"}, 3},
		{"the first of such", nlp, `<ol class="page-navigator"><li class="current">1</li><li><a href="/category/nlp/2/">2</a></li></ol>`, []string{nlp + "2/"}, 2},
		{"a category that is a year", "https://blog.example/category/2024/",
			`<nav class="pagination"><a href="/category/2024/page/2/">2</a></nav><ul><li><a href="/category/2023/">2023</a></li></ul>`, []string{"https://blog.example/category/2024/page/2/"}, 2},
		{"years below a blog are no pages", "https://blog.example/blog/", `<ul><li><a href="/blog/2024/">2024</a></li><li><a href="/blog/2023/">2023</a></li></ul>`, nil, 0},
		{"list_2.html", "https://blog.example/news/list_1.html",
			`<div class="x"><a href="list_1.html">1</a><a href="list_2.html">2</a><a href="list_3.html">3</a><a href="list_2.html">下一页</a></div>`,
			[]string{"https://blog.example/news/list_2.html", "https://blog.example/news/list_3.html"}, 3},
		{"index.html is the first page", "https://blog.example/categories/NLP/index.html", `<a class="next" href="/categories/NLP/page/2/">next</a>`,
			[]string{"https://blog.example/categories/NLP/page/2/"}, 2},
		{"a cursor", nlp, `<a class="older" href="/category/nlp/?before=2024-05-01">更早的文章</a>`, []string{nlp + "?before=2024-05-01"}, 0},
		{"a cursor backwards", nlp, `<div class="next"><a href="/category/nlp/?after=2024-05-01">较新的文章</a></div>`, nil, 0},
		{"link in the head", nlp, `<link rel="next" href="https://blog.example/category/nlp/page/2/">`, span(nlp+"page/%d/", 2, 2), 2},
		{"link in the head to the second part of an article", nlp, `<link rel="next" href="https://blog.example/archives/12/2">`, nil, 0},
		{"an icon with a title", nlp, `<a title="下一页" href="page/2/"><i class="i"></i></a>`, span(nlp+"page/%d/", 2, 2), 2},
		{"Japanese", nlp, `<a href="?pn=2">次のページ</a>`, []string{nlp + "?pn=2"}, 2},
		{"a calendar trap is bounded", nlp, `<nav class="pagination"><a href="page/2/">2</a><a href="page/999999/">999999</a></nav>`, span(nlp+"page/%d/", 2, maxListingPages), 999999},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			doc, err := parse(&archiver.Page{URL: tt.url, Text: "<!DOCTYPE html><title>x</title>" + tt.html})
			if err != nil {
				t.Fatal(err)
			}
			got := lookOver(doc).paginate()
			if diff := cmp.Diff(tt.next, got.next); diff != "" {
				t.Errorf("next mismatch (-want +got):\n%s", diff)
			}
			if got.total != tt.pages {
				t.Errorf("pages = %d, want %d", got.total, tt.pages)
			}
		})
	}
}

// A page number that was read can be written again: prefix, number and suffix are the address.
func FuzzReadNumber(f *testing.F) {
	for _, seed := range []string{
		"https://a.example/category/nlp/page/2/", "https://a.example/?paged=2&cat=2", "https://a.example/x_12.html", "https://a.example/page2",
		"https://a.example/1", "https://a.example/?page=3", "https://a.example/c/page/2.html?x=1", "https://a.example/2/index.html", "https://a.example/0007/",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		url, err := archiver.Canonical(raw)
		if err != nil {
			return
		}
		for _, weak := range []bool{false, true} {
			n, ok := readNumber(url, weak)
			if !ok {
				continue
			}
			if !strings.HasPrefix(url, n.prefix) || !strings.HasSuffix(url, n.suffix) || len(n.prefix)+len(n.suffix) > len(url) {
				t.Fatalf("readNumber(%q) = %+v", url, n)
			}
			again, ok := readNumber(n.prefix+"17"+n.suffix, weak)
			if !ok || again.number != 17 || again.stem != n.stem {
				t.Errorf("readNumber(%q) = %+v, with another number %+v", url, n, again)
			}
		}
	})
}
