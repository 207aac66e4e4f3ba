package extract

import (
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"archiver"

	"github.com/google/go-cmp/cmp"
)

func TestPostsAt(t *testing.T) {
	const tail = "&per_page=100&_embed=" + postEmbed + "&_fields=" + postFields
	const pretty, plain = "https://blog.example/wp-json/wp/v2/posts", "https://blog.example/index.php?rest_route=/wp/v2/posts"
	many := strings.Split(strings.Repeat("7,", 150), ",")
	tests := []struct {
		name, index string
		refs        []string
		want        string
	}{
		{"the index", pretty + "?categories%5Bterms%5D=2&per_page=100&page=2", []string{"175", "3"}, pretty + "?include=175,3" + tail},
		{"plain addresses", plain + "&tags=20&per_page=100", []string{"175"}, plain + "&include=175" + tail},
		{"what is no number", pretty + "?x", []string{"175&x=1", "-1", "", "3"}, pretty + "?include=3" + tail},
		{"none", pretty + "?x", []string{"a"}, ""},
		{"no index", "https://blog.example/feed/?paged=2", []string{"175"}, ""},
		{"too many", pretty + "?x", many, pretty + "?include=" + strings.TrimSuffix(strings.Repeat("7,", 100), ",") + tail},
	}
	for _, tt := range tests {
		got := New(Options{}).PostsAt(tt.index, tt.refs)
		if got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
		if canonical, err := archiver.Canonical(got); got != "" && (err != nil || canonical != got) {
			t.Errorf("%s: %s is not as it is fetched: %v", tt.name, got, err)
		}
	}
}

func TestPosts(t *testing.T) {
	at := time.Date(2025, 3, 2, 0, 0, 0, 0, time.UTC)
	answer := `[{"id":175,"link":"https://blog.example/archives/175","modified_gmt":"2025-03-01T00:00:00","title":{"rendered":"甲"},"content":{"rendered":"<p>\u6b63\u6587<\/p>","protected":false}},
{"id":159,"link":"https://blog.example/archives/159","modified_gmt":"0000-00-00T00:00:00","content":{"rendered":"","protected":true}},
{"id":3,"link":"https://blog.example/archives/3","content":{"rendered":"<div> <\/div>\n"}},{"id":4,"link":"https://blog.example/archives/4"},
{"id":5,"link":"https://blog.example/archives/5","content":{"rendered":"<img src=\"\/a.png\">"}},{"id":6,"link":"https://other.example/6"}, null]`
	posts, err := New(Options{}).Posts(&archiver.Page{URL: "https://blog.example/wp-json/wp/v2/posts?include=175", Text: answer, FetchedAt: at})
	if err != nil {
		t.Fatal(err)
	}
	type seen struct {
		Ref, Mark, URL string
		Protected, Raw bool
	}
	var got []seen
	for _, p := range posts {
		got = append(got, seen{p.Entry.Ref, p.Entry.Mark, p.Page.URL, p.Entry.Protected, len(p.Page.Raw) > 0})
		if string(p.Page.Raw) != p.Page.Text || p.Page.Requested != p.Page.URL || p.Page.Status != 200 || !p.Page.FetchedAt.Equal(at) {
			t.Errorf("page %+v", p.Page)
		}
	}
	want := []seen{
		{"175", "2025-03-01T00:00:00", "https://blog.example/archives/175", false, true}, {"159", "", "https://blog.example/archives/159", true, false},
		{"3", "", "https://blog.example/archives/3", false, false}, {"4", "", "https://blog.example/archives/4", false, false},
		{"5", "", "https://blog.example/archives/5", false, true},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("posts mismatch (-want +got):\n%s", diff)
	}
	for _, text := range []string{`{"code":"rest_forbidden","message":"No"}`, "<html>", "[1"} {
		if _, err := New(Options{}).Posts(&archiver.Page{URL: "https://blog.example/wp-json/", Text: text}); archiver.KindOf(err) != archiver.Unusable {
			t.Errorf("Posts(%s) = %v, want kind unusable", text, err)
		}
	}
}

// storedPost is the page of a post of testdata.
func storedPost(t *testing.T, name string) *archiver.Page {
	t.Helper()
	text, err := os.ReadFile("testdata/article/" + name + ".post")
	if err != nil {
		t.Fatal(err)
	}
	posts, err := New(Options{}).Posts(&archiver.Page{URL: blog + "/wp-json/wp/v2/posts", Text: "[" + string(text) + "]"})
	if err != nil || len(posts) != 1 {
		t.Fatalf("%d posts, %v", len(posts), err)
	}
	return &posts[0].Page
}

// A post of the REST API is an article like any other; what it says of itself goes before what REST said earlier.
func TestArticleOfPost(t *testing.T) {
	page := storedPost(t, "rest-post")
	entries := []archiver.Entry{
		{Channel: archiver.ChannelListing, URL: page.URL, Title: "CRF – 分词 再谈 List<String>", Excerpt: "分词是中文处理的第一步", Language: "zh-CN", Site: "拾光笔记"},
		{Channel: archiver.ChannelREST, URL: page.URL, Title: "旧标题", Authors: []string{"别人"}, Ref: "175"},
	}
	site := &archiver.SiteModel{Host: "blog.example"}
	a := New(Options{}).Article(entries)
	a.Knowing(site)
	if next, err := a.Add(page); next != "" || err != nil {
		t.Fatalf("next %q, %v", next, err)
	}
	got, err := a.Article()
	if err != nil {
		t.Fatal(err)
	}
	compareArticle(t, "rest-post", got)
	if a.Teach(site) != site {
		t.Error("the site's model learned from a page that has none of the site")
	}
}

func TestArticleOfPostBehindPassword(t *testing.T) {
	page := archiver.Page{URL: blog + "/archives/9", Requested: blog + "/archives/9", Text: `{"id":9,"link":"` + blog + `/archives/9","title":{"rendered":"密码保护：日记"},"content":{"rendered":"","protected":true}}`}
	a := New(Options{}).Article(nil)
	if _, err := a.Add(&page); err != nil {
		t.Fatal(err)
	}
	got, err := a.Article()
	if !errors.Is(err, archiver.ErrProtected) || got.State != archiver.ArticleProtected || got.Title != "日记" || got.HTML != "" {
		t.Errorf("%+v, %v", got, err)
	}
}

// Whatever a plugin makes of a content: the words of its first paragraph are in the article, and nothing follows it.
func FuzzPost(f *testing.F) {
	for _, seed := range []string{"", "</div></article></body>", "<p>text<!--nextpage--><a href='/archives/1/2'>2</a>", strings.Repeat("<b>", 600) + "x", "<script>", "<plaintext>", "\x00<input name=post_password>"} {
		f.Add(seed, "题")
	}
	const said = "这一段是作者写的，无论后面跟着什么都不应该丢失。"
	f.Fuzz(func(t *testing.T, content, title string) {
		text, err := json.Marshal(map[string]any{"id": 1, "link": blog + "/archives/1", "title": map[string]string{"rendered": title},
			"content": map[string]string{"rendered": "<p>" + said + "</p>\n" + content}})
		if err != nil {
			t.Skip()
		}
		a := New(Options{}).Article(nil)
		next, err := a.Add(&archiver.Page{URL: blog + "/archives/1", Requested: blog + "/archives/1", Text: string(text)})
		if next != "" {
			t.Errorf("next %q", next)
		}
		if err != nil {
			if kind := archiver.KindOf(err); kind == archiver.Internal {
				t.Error(err)
			}
			return
		}
		got, err := a.Article()
		if err == nil && !strings.Contains(got.Markdown, said) {
			t.Errorf("lost:\n%s", got.Markdown)
		}
	})
}
