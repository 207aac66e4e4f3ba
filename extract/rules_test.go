package extract

import (
	"strings"
	"sync"
	"testing"
	"time"

	"archiver"
	"archiver/extract/rule"

	"github.com/google/go-cmp/cmp"
)

const ruledURL = "https://notes.example/2024/crf"

// community makes an Extractor with the rule that a file of the community's format is.
func community(lines ...string) *Extractor {
	r := rule.ParseFile("notes.example.txt", []byte(strings.Join(lines, "\n"))).Rule()
	return New(Options{Rules: rule.NewBook(nil, func(string) *rule.Rule { return r })})
}

func css(t *testing.T, text string) rule.Choice {
	t.Helper()
	sel, err := rule.CSS(text)
	if err != nil {
		t.Fatal(err)
	}
	return rule.Choice{sel}
}

// paragraph is as long as the texts that are found without a rule.
func paragraph(words string) string {
	return "<p>" + words + "，" + strings.Repeat("条件随机场是给定一组输入随机变量条件下另一组输出随机变量的条件概率分布模型，", 3) + "它广泛用于中文分词。</p>"
}

func pageOf(url, body string) *archiver.Page {
	return &archiver.Page{URL: url, Requested: url, Text: `<!doctype html><html lang="zh"><head><title>学习笔记</title></head><body>` + body + "</body></html>"}
}

func TestRuledArticle(t *testing.T) {
	type want struct {
		Title, Published string
		Authors          []string
		Has, HasNot      []string
	}
	two := `<h1>栏目</h1><h3 id="t">条件随机场</h3><i class="d">2024年5月1日</i><b class="a">作者：小明</b><div class="x">` + paragraph("第一段") +
		`</div><div class="o">` + paragraph("推荐") + `</div><div class="x">` + paragraph("第二段") + `<div class="gift">` + paragraph("打赏") + `</div></div>`
	tests := []struct {
		name  string
		lines []string
		body  string
		want  want
	}{
		{"two elements are one text", []string{"title: //h3", "body: //div[@class='x']", "author: //b", "date: //i", "strip: //div[@class='gift']"}, two,
			want{"条件随机场", "2024-05-01", []string{"小明"}, []string{"第一段", "第二段"}, []string{"推荐", "打赏", "2024年"}}},
		{"in the order of the page, each once", []string{"body: //div[@class='x'][2] | //div[@class='x'] | //div[@class='gift']"}, two,
			want{"栏目", "2024-05-01", []string{"小明"}, []string{"第一段", "第二段", "打赏"}, []string{"推荐"}}},
		{"the first line that finds something", []string{"body: //div[@class='none']", "body: //div[@class='o']", "title: string(//h6)", "title: concat(//h3, '！')"}, two,
			want{"条件随机场！", "2024-05-01", []string{"小明"}, []string{"推荐"}, []string{"第一段"}}},
		{"nothing found", []string{"title: //h6", "body: //div[@class='none']", "date: //b", "strip: //table"}, "<article><h1>甲乙丙</h1>" + paragraph("正文") + "</article>",
			want{"甲乙丙", "", nil, []string{"正文"}, nil}},
		{"an empty element is no text", []string{"body: //div[@class='empty']"}, `<div class="empty"> </div><article><h1>甲乙丙</h1>` + paragraph("正文") + "</article>",
			want{"甲乙丙", "", nil, []string{"正文"}, nil}},
		{"the text is not removed", []string{"body: //div[@class='x']", "strip_id_or_class: x", "strip: //body", "strip: //html"}, two,
			want{"栏目", "2024-05-01", []string{"小明"}, []string{"第一段", "第二段"}, []string{"推荐"}}},
		{"an inline element", []string{"body: //span"}, `<h1>甲乙丙</h1><span>短短的正文。</span>` + paragraph("别的"),
			want{"甲乙丙", "", nil, []string{"短短的正文"}, []string{"别的"}}},
		{"a short text that would be none", []string{"body: //div[@class='x']"}, `<h1>甲乙丙</h1><div class="x">短。</div>` + paragraph("别的"),
			want{"甲乙丙", "", nil, []string{"短。"}, []string{"别的"}}},
		{"replaced in the source", []string{"find_string: <!--text", "replace_string: <div class='x'>", "replace_string(text-->): </div>", "body: //div[@class='x']"},
			`<h1>甲乙丙</h1><!--text` + paragraph("藏起来的") + `text-->`, want{"甲乙丙", "", nil, []string{"藏起来的"}, nil}},
		{"an attribute is removed", []string{"body: //div", "strip: //a/@href"}, `<h1>甲乙丙</h1><div>` + paragraph(`<a href="/1">链接</a>`) + `</div>`,
			want{"甲乙丙", "", nil, []string{"链接，"}, []string{"notes.example/1"}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			page := pageOf(ruledURL, tt.body)
			source := page.Text
			a := community(tt.lines...).Article(nil)
			var trace Trace
			a.Explain(&trace)
			if _, err := a.Add(page); err != nil {
				t.Fatal(err)
			}
			got, err := a.Article()
			if err != nil {
				t.Fatal(err)
			}
			if page.Text != source {
				t.Error("the page itself was changed")
			}
			if got.Title != tt.want.Title || got.Published.String() != tt.want.Published || !cmp.Equal(got.Authors, tt.want.Authors) {
				t.Errorf("title %q, published %s, authors %q", got.Title, got.Published, got.Authors)
			}
			for _, words := range tt.want.Has {
				if strings.Count(got.Markdown, words) != 1 {
					t.Errorf("%q does not stand in the text once:\n%s", words, got.Markdown)
				}
			}
			for _, words := range tt.want.HasNot {
				if strings.Contains(got.Markdown, words) {
					t.Errorf("%q stands in the text", words)
				}
			}
			if len(trace.Steps) == 0 || trace.Steps[0].Stage != "rule" || !strings.Contains(trace.Steps[0].Text, "notes.example.txt") {
				t.Errorf("the trace does not begin with the rule: %+v", trace.Steps)
			}
		})
	}
}

// TestRuledParts follows the links that a rule names: to the next page, to all of the article on one.
func TestRuledParts(t *testing.T) {
	x := community("body: //div", "next_page_link: //a[@class='n']", "single_page_link: //a[@class='s']/@href", "if_page_contains: //i")
	add := func(a *Assembly, url, body, want string) {
		t.Helper()
		next, err := a.Add(pageOf(url, "<h1>甲乙丙</h1>"+body))
		if err != nil || next != want {
			t.Fatalf("next %q, %v, want %q", next, err, want)
		}
	}
	a := x.Article(nil)
	add(a, ruledURL, "<div>"+paragraph("一")+`</div><a class="n" href="/x/b">去</a><a class="s" href="/print">印</a>`, "https://notes.example/x/b")
	add(a, "https://notes.example/x/b", "<div>"+paragraph("二")+`</div><a class="n" href="https://elsewhere.example/c">去</a>`, "")
	got, err := a.Article()
	if err != nil || !strings.Contains(got.Markdown, "一，") || !strings.Contains(got.Markdown, "二，") {
		t.Errorf("%v\n%s", err, got.Markdown)
	}

	a = x.Article(nil)
	add(a, ruledURL, "<i></i><div>"+paragraph("一")+`</div><a class="n" href="/x/b">去</a><a class="s" href="/print">印</a>`, "https://notes.example/print")
	add(a, "https://notes.example/print", "<div>"+paragraph("一")+paragraph("二")+"</div>", "")
	got, err = a.Article()
	if err != nil || strings.Count(got.Markdown, "一，") != 1 || !strings.Contains(got.Markdown, "二，") || got.URL != ruledURL {
		t.Errorf("%v %s\n%s", err, got.URL, got.Markdown)
	}

	// Where the one page has no text the first is kept.
	a = x.Article(nil)
	add(a, ruledURL, "<i></i><div>"+paragraph("一")+`</div><a class="s" href="/print">印</a>`, "https://notes.example/print")
	add(a, "https://notes.example/print", "", "")
	if got, err = a.Article(); err != nil || !strings.Contains(got.Markdown, "一，") {
		t.Errorf("%v\n%s", err, got.Markdown)
	}
}

const ruledList = `<h2><a href="/hot">热门文章一览</a></h2>
<div class="k"><u><a href="/i/1">图</a></u><b><a href="/1">条件随机场</a></b> 2024-05-01 <p>摘要一。</p></div>
<div class="k"><u><a href="/i/2">图</a></u><b><a href="/2">支持向量机</a></b> 2024-04-01</div>
<div class="k"><b><a href="/2">支持向量机</a></b></div><div class="k"><b><a href="https://elsewhere.example/">广告</a></b></div>
<a class="o" href="/c/nlp/older">再往前</a>`

func TestRuledListing(t *testing.T) {
	const url = "https://notes.example/c/nlp"
	list := func(l rule.Listing) *Extractor {
		return New(Options{Rules: rule.NewBook([]*rule.Rule{{Name: "my.toml:1", Hosts: []string{"notes.example"}, Path: "/c/", Listing: &l}}, nil)})
	}
	for name, l := range map[string]rule.Listing{
		"items and links":              {Item: css(t, ".k"), Link: css(t, "b > a"), Next: css(t, ".o")},
		"a frame named like the items": {Item: css(t, ".k, body, html"), Link: css(t, "b > a"), Next: css(t, ".o")},
		"links alone":                  {Link: css(t, ".k b a"), Next: css(t, ".o")},
	} {
		got, err := list(l).Listing(pageOf(url, ruledList))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		var entries []string
		for _, e := range got.Entries {
			entries = append(entries, e.URL+" "+e.Title+" "+e.Published.String())
		}
		want := []string{"https://notes.example/1 条件随机场 2024-05-01", "https://notes.example/2 支持向量机 2024-04-01"}
		if diff := cmp.Diff(want, entries); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		if diff := cmp.Diff([]string{"https://notes.example/c/nlp/older"}, got.Next); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		if !strings.Contains(got.Why, "my.toml:1") {
			t.Errorf("%s: %s", name, got.Why)
		}
	}
	x := list(rule.Listing{Item: css(t, ".none")})
	if _, err := x.Listing(pageOf(url, ruledList)); archiver.KindOf(err) != archiver.Unusable || !strings.Contains(err.Error(), "my.toml:1") {
		t.Errorf("a rule that finds nothing: %v", err)
	}
	if got, err := x.Listing(pageOf("https://notes.example/c/none", `<h1>分类：空</h1><div class="no-results"><p>没有文章</p></div>`)); err != nil || len(got.Entries) > 0 {
		t.Errorf("an empty category: %+v, %v", got, err)
	}
	// Elsewhere the rule is silent.
	if got, err := x.Listing(pageOf("https://notes.example/category/nlp/", ruledList)); err != nil || len(got.Entries) == 0 || strings.Contains(got.Why, "rule") {
		t.Errorf("a page that the rule is not for: %+v, %v", got, err)
	}
	// A rule for the further pages alone leaves the entries to detection.
	headed := `<main><article><h2><a href="/1">条件随机场</a></h2><time>2024-05-01</time></article>
<article><h2><a href="/2">支持向量机</a></h2><time>2024-04-01</time></article></main><a class="o" href="/c/nlp/older">再往前</a>`
	got, err := list(rule.Listing{Next: css(t, ".o")}).Listing(pageOf("https://notes.example/c/nlp", `<h1>分类：自然语言处理</h1>`+headed))
	if err != nil || len(got.Entries) != 2 || len(got.Next) != 1 {
		t.Errorf("%+v, %v", got, err)
	}
}

// TestHostileRule holds that no rule takes longer than a page of 1 MiB may, and that the page is read without it then.
func TestHostileRule(t *testing.T) {
	x := community("body: //div[count(//*[count(//*) > 1]) > 1]", "title: //p[.//*[//*]]/preceding::h6", "strip: //p[last()]/preceding::p", "strip_id_or_class: b",
		"replace_string(x): "+strings.Repeat("x", 100), "author: //p/following::p/preceding::p")
	page := pageOf(ruledURL, "<article><h1>甲乙丙</h1>"+paragraph("正文")+strings.Repeat("<p>x<b>y</b></p>", 1<<16)+"</article>")
	began := time.Now()
	a := x.Article(nil)
	if _, err := a.Add(page); err != nil {
		t.Fatal(err)
	}
	got, err := a.Article()
	if err != nil || got.Title != "甲乙丙" || !strings.Contains(got.Markdown, "正文") {
		t.Errorf("%q, %v", got.Title, err)
	}
	// Two seconds, with room for the race detector on a busy machine; uncounted, it takes hours.
	if took := time.Since(began); took > 3*time.Minute {
		t.Errorf("it took %s", took)
	}
}

// TestRulesAtOnce holds that one rule reads many pages at once.
func TestRulesAtOnce(t *testing.T) {
	x := community("title: concat(//h1, '')", "body: //div[position() = last()]", "strip: //div[@class='a'] | //div[@class='b']")
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 20 {
				a := x.Article(nil)
				if _, err := a.Add(pageOf(ruledURL, "<h1>甲乙丙</h1><div class='a'>1</div><div>"+paragraph("正文")+"</div>")); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
}

// FuzzRule holds that no rule and no page make the extractor panic, and that a rule never changes the page that is kept.
func FuzzRule(f *testing.F) {
	f.Add("body: //div\nstrip: //p\ntitle: //@class", "<div class=x><p>a<p>b</div>")
	f.Add("body: //td | //tr\nstrip: //body/..\nbody: //text()", "<table><tr><td>a<td>b</table>")
	f.Add("body: /\nsingle_page_link: //a\nnext_page_link: //a/@href", "<a href=x>y</a>")
	f.Add("body: //head\ntitle: //comment()", "<title>x</title><!-- y -->z")
	f.Fuzz(func(t *testing.T, lines, body string) {
		page := pageOf(ruledURL, body)
		source := page.Text
		x := community(lines)
		a := x.Article(nil)
		if _, err := a.Add(page); err == nil {
			if _, err := a.Article(); err != nil && archiver.KindOf(err) == archiver.Internal {
				t.Error(err)
			}
		}
		if _, err := x.TestRules(page); err != nil && archiver.KindOf(err) == archiver.Internal {
			t.Error(err)
		}
		if page.Text != source {
			t.Error("the page was changed")
		}
	})
}
