package extract

import (
	"fmt"
	"strings"
	"testing"

	"archiver"

	"github.com/google/go-cmp/cmp"
)

// onePart is a page of an article: its title, and all that stands in the text's container.
func onePart(title, body string) string {
	return themed(title+" - 某人的笔记", `<article><h1>`+title+`</h1><div class="entry-content">`+body+`</div></article>`)
}

func sentences(what string) string {
	return fmt.Sprintf(`<p>%[1]s的开头，先说明记号，再给出假设，然后推导目标函数，读者可以对照前面的公式逐行检查。</p><p>%[1]s的中间，讨论了训练的细节，包括学习率、批次大小和正则化系数的选择，以及它们对结果的影响。</p><p>%[1]s的结尾，总结了得到的结论，并指出还有哪些问题没有回答，留给以后的文章。</p>`, what)
}

// crawlParts reads an article as the crawler does: it asks for what the assembly names until nothing is named, or the page is not there.
func crawlParts(t *testing.T, pages map[string]string, entries ...archiver.Entry) (article archiver.Article, asked []string, err error) {
	t.Helper()
	a := New(Options{}).Article(entries)
	for next := "/post/7.html"; next != "" && len(asked) < 10; {
		path, _ := strings.CutPrefix(next, "https://blog.example")
		asked = append(asked, path)
		text, ok := pages[path]
		if !ok {
			break
		}
		at := path
		if to, ok := strings.CutPrefix(text, "302 "); ok {
			at, text = to, pages[to]
		}
		if next, err = a.Add(&archiver.Page{Requested: "https://blog.example" + path, URL: "https://blog.example" + at, Status: 200, Text: text}); err != nil {
			return article, asked, err
		}
	}
	article, err = a.Article()
	return article, asked, err
}

// The pages of one article, however they are told of; asked is every request that is made for it.
func TestParts(t *testing.T) {
	one, two, three := sentences("第一部分"), sentences("第二部分"), sentences("第三部分")
	tests := []struct {
		name  string
		pages map[string]string
		asked []string
		holds string // the parts that the text has, in their order
	}{
		{name: "no sign of more", pages: map[string]string{"/post/7.html": onePart("长文", one)}, asked: []string{"/post/7.html"}, holds: "1"},
		{name: "linked", pages: map[string]string{
			"/post/7.html":   onePart("长文", one+`<div class="pagination"><span>1</span><a href="/post/7_2.html">2</a></div>`),
			"/post/7_2.html": onePart("长文（2）", two+`<div class="pagination"><a href="/post/7.html">1</a><span>2</span></div>`),
		}, asked: []string{"/post/7.html", "/post/7_2.html"}, holds: "12"},
		{name: "said in words", pages: map[string]string{
			"/post/7.html":   onePart("长文(1)", one+`<p class="num">第 1 页 / 共 3 页</p>`),
			"/post/7_2.html": onePart("长文(2)", two+`<p class="num">第 2 页 / 共 3 页</p>`),
			"/post/7_3.html": onePart("长文(3)", three+`<p class="num">第 3 页 / 共 3 页</p>`),
		}, asked: []string{"/post/7.html", "/post/7_2.html", "/post/7_3.html"}, holds: "123"},
		{name: "numbers without links", pages: map[string]string{
			"/post/7.html":   onePart("长文", one+`<div class="pager"><span class="on">1</span><button data-page="2">2</button></div>`),
			"/post/7_2.html": onePart("长文", two),
		}, asked: []string{"/post/7.html", "/post/7_2.html"}, holds: "12"},
		{name: "numbers with addresses in them", pages: map[string]string{
			"/post/7.html":   onePart("长文", one+`<div class="pager"><span>1</span><a href="javascript:;" onclick="go('/post/7-2.html')">2</a></div>`),
			"/post/7-2.html": onePart("长文", two),
		}, asked: []string{"/post/7.html", "/post/7-2.html"}, holds: "12"},
		{name: "not at the first address tried", pages: map[string]string{
			"/post/7.html":   onePart("长文", one+`<p>Page 1 of 2</p>`),
			"/post/7_2.html": "302 /post/7.html",
			"/post/7-2.html": onePart("长文", two+`<p>Page 2 of 2</p>`),
		}, asked: []string{"/post/7.html", "/post/7_2.html", "/post/7-2.html"}, holds: "12"},
		{name: "not there at all", pages: map[string]string{
			"/post/7.html": onePart("长文", one+`<p>第1页 共2页</p>`),
		}, asked: []string{"/post/7.html", "/post/7_2.html"}, holds: "1"},
		{name: "copies at every address", pages: map[string]string{
			"/post/7.html":        onePart("长文", one+`<p>第1页 共2页</p>`),
			"/post/7_2.html":      onePart("长文", one+`<p>第1页 共2页，阅读 12 次</p>`),
			"/post/7-2.html":      onePart("长文", one+`<p>第1页 共2页，阅读 13 次</p>`),
			"/post/7.html?page=2": onePart("长文", one+`<p>第1页 共2页，阅读 14 次</p>`),
		}, asked: []string{"/post/7.html", "/post/7_2.html", "/post/7-2.html", "/post/7.html?page=2"}, holds: "1"},
		{name: "another article at the address tried", pages: map[string]string{
			"/post/7.html":   onePart("长文", one+`<p>第1页 共2页</p>`),
			"/post/7_2.html": onePart("别的文章", two),
		}, asked: []string{"/post/7.html", "/post/7_2.html", "/post/7-2.html"}, holds: "1"},
		{name: "numbers of the blog", pages: map[string]string{
			"/post/7.html": onePart("长文", one) + `<div class="pagination"><span>1</span><a href="/page/2">2</a><a href="/page/3">3</a></div>`,
		}, asked: []string{"/post/7.html"}, holds: "1"},
		{name: "numbers of the comments", pages: map[string]string{
			"/post/7.html": onePart("长文", one+`<div class="comments"><div class="pager"><span>1</span><button data-page="2">2</button></div></div>`),
		}, asked: []string{"/post/7.html"}, holds: "1"},
		{name: "a count in the text", pages: map[string]string{
			"/post/7.html": onePart("长文", one+`<p>1/3 的数据用来测试，其余用来训练。</p><p>1/3</p>`),
		}, asked: []string{"/post/7.html"}, holds: "1"},
		{name: "all as one", pages: map[string]string{
			"/post/7.html":     onePart("长文", one+`<div class="pagination"><span>1</span><a href="/post/7_2.html">2</a><a href="/post/7_all.html">单页阅读</a></div>`),
			"/post/7_all.html": onePart("长文", one+two),
		}, asked: []string{"/post/7.html", "/post/7_all.html"}, holds: "12"},
		{name: "all as one is only the first", pages: map[string]string{
			"/post/7.html":     onePart("长文", one+`<div class="pagination"><span>1</span><a href="/post/7_2.html">2</a><a href="/post/7_all.html">显示全文</a></div>`),
			"/post/7_all.html": onePart("长文", one),
			"/post/7_2.html":   onePart("长文", two),
		}, asked: []string{"/post/7.html", "/post/7_all.html", "/post/7_2.html"}, holds: "12"},
		{name: "an introduction on every part", pages: map[string]string{
			"/post/7.html":   onePart("长文", `<p>编者按：这是一篇分成几页的长文，每一页的开头都有这句话。</p>`+one+`<p class="num">第1页/共2页</p>`),
			"/post/7_2.html": onePart("长文", `<p>编者按：这是一篇分成几页的长文，每一页的开头都有这句话。</p>`+two),
		}, asked: []string{"/post/7.html", "/post/7_2.html"}, holds: "12"},
		{name: "sent on", pages: map[string]string{
			"/post/7.html": `<!doctype html><html><head><title>Redirecting</title><meta http-equiv="refresh" content="0; url=https://blog.example/2024/long/"><link rel="canonical" href="https://blog.example/2024/long/"></head><body><h1>Redirecting&hellip;</h1><a href="/2024/long/">Click here if you are not redirected.</a></body></html>`,
			"/2024/long/":  onePart("长文", one),
		}, asked: []string{"/post/7.html", "/2024/long/"}, holds: "1"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			article, asked, err := crawlParts(t, tt.pages, listed("https://blog.example/post/7.html", "长文"))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.asked, asked); diff != "" {
				t.Errorf("requests mismatch (-want +got):\n%s", diff)
			}
			holds := ""
			for i, name := range []string{"第一部分的开头", "第二部分的开头", "第三部分的开头"} {
				holds += strings.Repeat(fmt.Sprint(i+1), strings.Count(article.Markdown, name))
			}
			if holds != tt.holds {
				t.Errorf("the text has the parts %s, want %s:\n%s", holds, tt.holds, article.Markdown)
			}
			if n := strings.Count(article.Markdown, "编者按"); n > 1 {
				t.Errorf("the introduction is in it %d times", n)
			}
			if article.Title != "长文" {
				t.Errorf("title %q", article.Title)
			}
		})
	}
}

// A page that sends its reader on in circles, home, or to another site ends at once.
func TestSentNowhere(t *testing.T) {
	stub := func(to string) string {
		return `<html><head><meta http-equiv="refresh" content="0;url=` + to + `"></head><body>Redirecting</body></html>`
	}
	for _, to := range []string{"/", "/post/7.html", "https://elsewhere.example/a", "javascript:alert(1)"} {
		_, asked, err := crawlParts(t, map[string]string{"/post/7.html": stub(to)})
		if archiver.KindOf(err) != archiver.Unusable || len(asked) != 1 {
			t.Errorf("%s: %v after %q", to, err, asked)
		}
	}
	_, asked, err := crawlParts(t, map[string]string{"/post/7.html": stub("/b"), "/b": stub("/c"), "/c": stub("/d"), "/d": stub("/e"), "/e": stub("/f")})
	if archiver.KindOf(err) != archiver.Unusable || len(asked) != 1+maxHops {
		t.Errorf("%v after %q", err, asked)
	}
}
