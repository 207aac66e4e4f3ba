package extract

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"archiver"

	"github.com/google/go-cmp/cmp"
)

const blog = "https://blog.example"

func articlePageOf(t *testing.T, name, url string) *archiver.Page {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", "article", name+".html"))
	if err != nil {
		t.Fatal(err)
	}
	return &archiver.Page{Requested: url, URL: url, Status: 200, Text: string(b)}
}

// goldenFacts are the parts of an article that a golden file shows; what is absent is left out.
type goldenFacts struct {
	URL        string   `json:"url"`
	Title      string   `json:"title"`
	Authors    []string `json:"authors,omitempty"`
	Published  string   `json:"published,omitempty"`
	Modified   string   `json:"modified,omitempty"`
	Categories []string `json:"categories,omitempty"`
	Tags       []string `json:"tags,omitempty"`
	Language   string   `json:"language,omitempty"`
	Site       string   `json:"site,omitempty"`
	Excerpt    string   `json:"excerpt,omitempty"`
	Image      string   `json:"image,omitempty"`
	State      string   `json:"state"`
}

func listed(url, title string) archiver.Entry {
	return archiver.Entry{Channel: archiver.ChannelListing, URL: url, Title: title}
}

// Each page of testdata/article is read as its .json and .md say.
func TestArticle(t *testing.T) {
	tests := []struct {
		name    string
		url     string
		entries []archiver.Entry
		parts   []string
		err     error
	}{
		{name: "wp-classic", url: "/archives/12", entries: []archiver.Entry{listed(blog+"/archives/12", "中文分词入门")}},
		{name: "wp-jsonld-graph", url: "/tokenising/"},
		{name: "typecho", url: "/archives/7/"},
		{name: "hugo-papermod", url: "/posts/vector/"},
		{name: "jekyll-minima", url: "/2023/11/05/reading.html"},
		{name: "no-h1-no-dates", url: "/post/33.html", entries: []archiver.Entry{listed(blog+"/post/33.html", "卷积的直观理解")}},
		{name: "no-container", url: "/web.html"},
		{name: "bare-article", url: "/bare/"},
		{name: "header-outside", url: "/2021/01/05/gnn/"},
		{name: "multi", url: "/archives/30", parts: []string{"multi-2"}},
		{name: "protected", url: "/archives/40", entries: []archiver.Entry{listed(blog+"/archives/40", "密码保护：私密日记")}, err: archiver.ErrProtected},
		{name: "image-only", url: "/archives/41"},
		{name: "empty-body", url: "/archives/42"},
		{name: "untitled", url: "/archives/43"},
		{name: "arabic", url: "/archives/44"},
		{name: "wp-template-parts", url: "/archives/51"},
		{name: "wp-sentence-meta", url: "/archives/52"},
		{name: "wp-sentence-images", url: "/archives/53"},
		{name: "form-wrapped", url: "/p/1.aspx"},
		{name: "licence-after-short", url: "/2023/10/19/memo/", entries: []archiver.Entry{
			{Channel: archiver.ChannelFeed, URL: blog + "/2023/10/19/memo/", Categories: []string{"NLP", "日本語"}, Tags: []string{"メモ"}},
		}},
		{name: "created-and-updated", url: "/post/tokenizers/", entries: []archiver.Entry{listed(blog+"/post/tokenizers/", "分词器的评测")}},
		{name: "trim-news", url: "/2024/05/tokenisers"},
		{name: "trim-blog", url: "/archives/9"},
		{name: "pictures-only", url: "/2024/03/21/pictures/", entries: []archiver.Entry{listed(blog+"/2024/03/21/pictures/", "图片大全")}},
		{name: "several-articles", url: "/crf/"},
		{name: "split-containers", url: "/crf/"},
		{name: "shown-by-script", url: "/attention/"},
		{name: "title-on-card", url: "/attention/"},
		{name: "title-in-hero", url: "/hero/"},
		{name: "page-builder", url: "/crf/"},
		{name: "table-and-breaks", url: "/crf/"},
		{name: "column-named-sidebar", url: "/2023/10/19/short/", entries: []archiver.Entry{listed(blog+"/2023/10/19/short/", "短文")}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a := New(Options{}).Article(tt.entries)
			next, err := a.Add(articlePageOf(t, tt.name, blog+tt.url))
			if err != nil {
				t.Fatal(err)
			}
			for _, part := range tt.parts {
				if next == "" {
					t.Fatalf("no address of part %s", part)
				}
				if next, err = a.Add(articlePageOf(t, part, next)); err != nil {
					t.Fatal(err)
				}
			}
			if next != "" {
				t.Errorf("a further part at %s", next)
			}
			got, err := a.Article()
			if !errors.Is(err, tt.err) {
				t.Fatalf("error %v, want %v", err, tt.err)
			}
			compareArticle(t, tt.name, got)
		})
	}
}

func compareArticle(t *testing.T, name string, a archiver.Article) {
	t.Helper()
	if want := archiver.ArticleID(a.URL); a.ID != want {
		t.Errorf("ID %s, want %s", a.ID, want)
	}
	facts := goldenFacts{
		a.URL, a.Title, a.Authors, a.Published.String(), a.Modified.String(), a.Categories, a.Tags, a.Language, a.Site, a.Excerpt, a.Image, string(a.State),
	}
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(facts); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join("testdata", "article", name)
	compareGolden(t, file+".json", b.String())
	compareGolden(t, file+".md", a.Markdown)
}

func TestNoArticle(t *testing.T) {
	tests := []struct {
		name           string
		requested, url string
		entry          archiver.Entry
		denied         bool
	}{
		{name: "not-found", url: "/archives/1"},
		{name: "soft-404", url: "/archives/1"},
		{name: "login", url: "/archives/1", denied: true},
		{name: "list", url: "/archives/1", entry: listed(blog+"/archives/1", "另一篇文章")},
		{name: "wp-classic", requested: "/archives/1", url: "/", entry: listed(blog+"/archives/1", "中文分词入门")},
		{name: "wp-classic", requested: "/archives/1", url: "/archives/12", entry: listed(blog+"/archives/1", "完全不同的文章")},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			page := articlePageOf(t, tt.name, blog+tt.url)
			if tt.requested != "" {
				page.Requested = blog + tt.requested
			}
			var entries []archiver.Entry
			if tt.entry.URL != "" {
				entries = append(entries, tt.entry)
			}
			a := New(Options{}).Article(entries)
			_, err := a.Add(page)
			want := archiver.Unusable
			if tt.denied {
				want = archiver.Denied
			}
			if archiver.KindOf(err) != want {
				t.Fatalf("error %v, want one of kind %v", err, want)
			}
			if _, err := a.Article(); archiver.KindOf(err) != archiver.Unusable {
				t.Errorf("article after it: error %v, want one of kind unusable", err)
			}
		})
	}
}

// A page beyond the last is the first again: it ends the article and is not in it.
func TestRepeatedPart(t *testing.T) {
	a := New(Options{}).Article(nil)
	next, err := a.Add(articlePageOf(t, "multi", blog+"/archives/30"))
	if err != nil || next != blog+"/archives/30/2" {
		t.Fatalf("next %q, %v", next, err)
	}
	for _, url := range []string{"/archives/30", "/archives/30/2"} {
		if next, err := a.Add(articlePageOf(t, "multi", blog+url)); next != "" || err != nil {
			t.Errorf("after the copy at %s: next %q, %v", url, next, err)
		}
	}
	got, err := a.Article()
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(got.Markdown, "第一页"); n != 1 {
		t.Errorf("the first page is in it %d times:\n%s", n, got.Markdown)
	}
}

func TestRedirectedArticleKeepsItsName(t *testing.T) {
	page := articlePageOf(t, "wp-classic", blog+"/new-name/")
	page.Requested = blog + "/archives/12"
	a := New(Options{}).Article([]archiver.Entry{listed(blog+"/archives/12", "中文分词入门")})
	if _, err := a.Add(page); err != nil {
		t.Fatal(err)
	}
	got, err := a.Article()
	if err != nil {
		t.Fatal(err)
	}
	if got.URL != page.URL || got.ID != archiver.ArticleID(page.Requested) {
		t.Errorf("URL %s, ID %s; want the new address and the ID of the old one", got.URL, got.ID)
	}
}

// What REST says of dates, authors and terms is believed before the page.
func TestFactsOfREST(t *testing.T) {
	url := blog + "/archives/12"
	zone := time.FixedZone("", 8*3600)
	rest := archiver.Entry{
		Channel: archiver.ChannelREST, URL: url, Title: "中文分词入门（修订）", Authors: []string{"李华 Li Hua"},
		Published: archiver.At(time.Date(2024, 5, 1, 9, 31, 0, 0, zone)), Modified: archiver.At(time.Date(2024, 6, 1, 0, 0, 0, 0, zone)),
		Categories: []string{"自然语言处理", "入门"}, Tags: []string{"分词"},
	}
	a := New(Options{}).Article([]archiver.Entry{listed(url, "中文分词入门"), rest})
	if _, err := a.Add(articlePageOf(t, "wp-classic", url)); err != nil {
		t.Fatal(err)
	}
	got, err := a.Article()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(rest.Authors, got.Authors); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([][]string{rest.Categories, rest.Tags}, [][]string{got.Categories, got.Tags}); diff != "" {
		t.Error(diff)
	}
	if !got.Published.Equal(rest.Published) || !got.Modified.Equal(rest.Modified) {
		t.Errorf("published %v, modified %v", got.Published, got.Modified)
	}
	if got.Title != "中文分词入门" {
		t.Errorf("title %q: page and head agree on another", got.Title)
	}
}

// A theme that puts what stands before the more-tag outside of its container has it in the text all the same.
func TestExcerptWidensBody(t *testing.T) {
	lead := strings.Repeat("开头的一段话介绍了全文的背景和动机，", 3)
	rest := strings.Repeat("后面的正文讨论方法与实验的细节。", 12)
	page := &archiver.Page{URL: blog + "/a/", Requested: blog + "/a/", Text: `<title>某文</title><article><h1>某文</h1><div class="lead-in"><p>` + lead +
		`</p></div><div class="entry-content"><p>` + rest + `</p></div></article>`}
	for excerpt, want := range map[string]bool{lead: true, "作者手写的摘要与正文完全不同，不应该出现在文章的正文里面。": false} {
		e := listed(page.URL, "某文")
		e.Excerpt = excerpt
		a := New(Options{}).Article([]archiver.Entry{e})
		if _, err := a.Add(page); err != nil {
			t.Fatal(err)
		}
		got, err := a.Article()
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(got.Markdown, "开头的一段话") != want || !strings.Contains(got.Markdown, "后面的正文") || strings.Contains(got.Markdown, "手写") {
			t.Errorf("with the excerpt %.30q:\n%s", excerpt, got.Markdown)
		}
	}
}

func TestIsPart(t *testing.T) {
	tests := []struct {
		base, url string
		n         int
		numbered  bool
		want      bool
	}{
		{"/archives/160", "/archives/160/2", 2, false, true},
		{"/archives/160/", "/archives/160/2/", 2, false, true},
		{"/archives/160", "/archives/160/3", 2, false, false},
		{"/?p=160", "/?p=160&page=2", 2, false, true},
		{"/?p=160", "/?page=2&p=160", 2, false, true},
		{"/a.html", "/a.html/2/", 2, false, true},
		{"/a.html", "/a.html?page=2", 2, false, true},
		{"/a.html", "/a-2.html", 2, true, true},
		{"/a.html", "/a_2.html", 2, true, true},
		{"/a.html", "/a-2.html", 2, false, false}, // the second article named a
		{"/a/", "/a-2/", 2, false, false},
		{"/a/", "/b/2/", 2, true, false},
		{"/a/", "/a/comment-page-2/", 2, true, false},
	}
	for _, tt := range tests {
		if got := isPart([]string{blog + tt.base}, blog+tt.url, tt.n, tt.numbered); got != tt.want {
			t.Errorf("isPart(%s, %s, %d, %v) = %v", tt.base, tt.url, tt.n, tt.numbered, got)
		}
	}
}

// The survey and everything read from it, the cleaning and the Markdown left out.
func BenchmarkReadArticle(b *testing.B) {
	raw, err := os.ReadFile(filepath.Join("testdata", "article", "wp-classic.html"))
	if err != nil {
		b.Fatal(err)
	}
	// A usual page: 60 KB, most of it in the text.
	head, tail, _ := strings.Cut(string(raw), "<h2>")
	para := tail[strings.Index(tail, "<p>"):strings.Index(tail, "</p>")] + `<a href="/x">链接</a><code>code</code><strong>重点</strong></p>` + "\n"
	text := head + strings.Repeat(para, 170) + "<h2>" + tail
	page := &archiver.Page{URL: blog + "/archives/12", Requested: blog + "/archives/12", Text: text}
	b.Run("parse", func(b *testing.B) {
		for b.Loop() {
			if _, err := parse(page); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("read", func(b *testing.B) {
		doc, err := parse(page)
		if err != nil {
			b.Fatal(err)
		}
		b.SetBytes(int64(len(text)))
		b.ReportAllocs()
		for b.Loop() {
			r, err := readArticle(doc, []archiver.Entry{listed(page.URL, "中文分词入门")}, nil, nil)
			if err != nil {
				b.Fatal(err)
			}
			r.article()
			r.nextPart([]string{page.URL}, 1)
		}
	})
}

// Whatever a page holds, it is read without a panic, and the same way twice.
func FuzzArticle(f *testing.F) {
	files, err := filepath.Glob("testdata/article/*.html")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(b))
	}
	f.Fuzz(func(t *testing.T, text string) {
		readTwice := func() (archiver.Article, bool) {
			a := New(Options{}).Article(nil)
			if _, err := a.Add(&archiver.Page{URL: blog + "/a/", Requested: blog + "/a/", Text: text}); err != nil {
				return archiver.Article{}, false
			}
			article, _ := a.Article()
			return article, true
		}
		one, ok := readTwice()
		if two, again := readTwice(); ok != again || one.ContentHash() != two.ContentHash() {
			t.Error("the same page was read in two ways")
		}
	})
}

// Whatever two pages hold, they are one article at most, and a page that comes twice is in it once.
func FuzzAssembly(f *testing.F) {
	files, err := filepath.Glob("testdata/article/*.html")
	if err != nil {
		f.Fatal(err)
	}
	for i, file := range files {
		one, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		two, err := os.ReadFile(files[(i+1)%len(files)])
		if err != nil {
			f.Fatal(err)
		}
		f.Add(one, two)
	}
	f.Fuzz(func(t *testing.T, one, two []byte) {
		first := func() (*Assembly, string, bool) {
			a := New(Options{}).Article([]archiver.Entry{listed(blog+"/a/", "A title")})
			a.Knowing(&archiver.SiteModel{})
			next, err := a.Add(&archiver.Page{URL: blog + "/a/", Requested: blog + "/a/", Text: string(one)})
			return a, next, err == nil
		}
		alone, _, ok := first()
		want, wantErr := alone.Article()
		alone.Teach(&archiver.SiteModel{})
		for i, text := range [][]byte{one, two} {
			a, next, again := first()
			if again != ok {
				t.Fatal("the same page was read in two ways")
			}
			if next == "" {
				next = blog + "/a/?page=2"
			}
			a.Add(&archiver.Page{URL: next, Requested: next, Text: string(text)})
			got, err := a.Article()
			if ok && i == 0 && (got.Words > want.Words || (err == nil) != (wantErr == nil)) {
				t.Errorf("the page read twice has %d words, %v; once %d, %v", got.Words, err, want.Words, wantErr)
			}
		}
	})
}
