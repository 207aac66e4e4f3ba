package extract

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"archiver"

	"github.com/google/go-cmp/cmp"
)

// hashedSite makes the pages of a site whose class names say nothing: a build tool made them. Two templates; each page has a box of
// links to other posts and a notice within its text's element, and what readers wrote beside it, long on some pages.
type hashedSite struct{ rand *rand.Rand }

var siteWords = strings.Fields("条件 随机 场 模型 分词 标注 训练 数据 概率 特征 函数 解码 算法 序列 网络 注意力 损失 梯度 参数 语料 评测 指标 基线 结果")

func (s hashedSite) sentence(n int) string {
	var b strings.Builder
	for range n {
		b.WriteString(siteWords[s.rand.IntN(len(siteWords))])
	}
	return b.String() + "。"
}

const notice = "欢迎关注我的公众号，每周更新一篇机器学习笔记，转载请注明出处并保留全文。"

// page gives an article page, and its own text.
func (s hashedSite) page(n int) (page *archiver.Page, own []string) {
	box, text := "x7f3a", "k9q2z"
	if n%4 == 3 { // another template
		box, text = "m3n8c", "t4r1v"
	}
	var b strings.Builder
	title := fmt.Sprintf("第%s讲 %s", siteWords[n%len(siteWords)], s.sentence(2))
	fmt.Fprintf(&b, `<html><head><title>%s_机器学习笔记 一个人的博客</title></head><body><div class="w1"><div class="n0"><a href="/">首页</a> <a href="/about">关于</a></div>`, title)
	fmt.Fprintf(&b, `<div class="%s"><h1>%s</h1><div class="b5d">Xiao Ming</div><div class="%s"><p>%s</p>`, box, title, text, notice)
	for range 3 + s.rand.IntN(4) {
		p := s.sentence(30)
		own = append(own, p)
		fmt.Fprintf(&b, "<p>%s</p>", p)
	}
	b.WriteString(`<div class="r6y"><ul>`)
	for range 4 {
		fmt.Fprintf(&b, `<li><a href="/p/%d">%s</a></li>`, s.rand.IntN(1000), s.sentence(8))
	}
	fmt.Fprintf(&b, `</ul></div></div></div><div class="c2h">`)
	for range 6 * ((n%5 + 1) / 5) {
		fmt.Fprintf(&b, `<div class="c3"><p>%s</p></div>`, s.sentence(40))
	}
	fmt.Fprintf(&b, `</div></div><p>%s</p></body></html>`, notice)
	url := fmt.Sprintf("https://blog.example/p/%d", n)
	return &archiver.Page{URL: url, Requested: url, Text: b.String()}, own
}

// noise is how much of a text is not the page's own, and lost how much of that is missing, in characters.
func noise(got string, own []string) (noise, lost int) {
	for _, p := range own {
		if !strings.Contains(got, p) {
			lost += len([]rune(p))
		}
		got = strings.ReplaceAll(got, p, "")
	}
	return len([]rune(strings.ReplaceAll(got, "\n", ""))), lost
}

func TestSiteModelHelps(t *testing.T) {
	s := hashedSite{rand.New(rand.NewPCG(7, 7))}
	x := New(Options{})
	site := &archiver.SiteModel{}
	var before, after, lostBefore, lostAfter int
	for n := range 40 {
		page, own := s.page(n)
		read := func(known *archiver.SiteModel) (*Assembly, archiver.Article) {
			a := x.Article(nil)
			a.Knowing(known)
			if _, err := a.Add(page); err != nil {
				t.Fatal(err)
			}
			article, err := a.Article()
			if err != nil {
				t.Fatal(err)
			}
			return a, article
		}
		alone, _ := read(nil)
		with, article := read(site)
		if n >= 20 {
			more, lost := noise(alone.Text(), own)
			before, lostBefore = before+more, lostBefore+lost
			more, lost = noise(with.Text(), own)
			after, lostAfter = after+more, lostAfter+lost
			if strings.Contains(article.Title, "博客") {
				t.Errorf("page %d: title %q", n, article.Title)
			}
		}
		site = with.Teach(site)
	}
	t.Logf("20 pages: %d characters of noise and %d lost by the page alone; %d and %d with the model", before, lostBefore, after, lostAfter)
	if after*10 > before || lostAfter > lostBefore {
		t.Errorf("noise %d, with the model %d; lost %d, with the model %d", before, after, lostBefore, lostAfter)
	}
	if got := site.Containers[0].Signature; got != "div.k9q2z" {
		t.Errorf("the container is %s", got)
	}
	if len(site.Suffixes) != 1 || site.Suffixes[0].Text != "_机器学习笔记 一个人的博客" {
		t.Errorf("title suffixes: %+v", site.Suffixes)
	}
	if got := site.Fixtures[0].Signature; got != "div.r6y" {
		t.Errorf("fixtures: %+v", site.Fixtures)
	}

	// What is kept is what was learned.
	text, err := json.Marshal(site)
	if err != nil {
		t.Fatal(err)
	}
	var again archiver.SiteModel
	if err := json.Unmarshal(text, &again); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(*site, again); diff != "" {
		t.Errorf("read back (-want +got):\n%s", diff)
	}
	if len(text) > 64<<10 {
		t.Errorf("the model is %d bytes", len(text))
	}
}

// TestSiteModelNeverSpeaksEarly: fewer than three pages say nothing, and a model of another site neither.
func TestSiteModelNeverSpeaksEarly(t *testing.T) {
	s := hashedSite{rand.New(rand.NewPCG(1, 1))}
	x := New(Options{})
	site := &archiver.SiteModel{}
	read := func(page *archiver.Page, known *archiver.SiteModel) (string, *archiver.SiteModel) {
		a := x.Article(nil)
		a.Knowing(known)
		if _, err := a.Add(page); err != nil {
			t.Fatal(err)
		}
		if _, err := a.Article(); err != nil {
			t.Fatal(err)
		}
		if known == nil {
			return a.Text(), nil
		}
		before, _ := json.Marshal(known)
		taught := a.Teach(known)
		if after, _ := json.Marshal(known); string(before) != string(after) {
			t.Error("teaching changed the model that was given")
		}
		return a.Text(), taught
	}
	for n := range 20 {
		page, _ := s.page(n)
		alone, _ := read(page, nil)
		with, taught := read(page, site)
		if n < archiver.SettledPages && with != alone {
			t.Errorf("after %d pages the model speaks", n)
		}
		site = taught
		other := *page
		other.URL, other.Requested = "https://other.example/", "https://other.example/"
		alone, _ = read(&other, nil)
		with, taught = read(&other, site)
		if alone != with || taught != site {
			t.Error("another site's page is read with the model, or teaches it")
		}
	}
}

// TestSiteModelKeepsHeadings: the part of an article that ends with a heading goes on under it on the next page.
func TestSiteModelKeepsHeadings(t *testing.T) {
	s := hashedSite{rand.New(rand.NewPCG(5, 5))}
	site := &archiver.SiteModel{}
	for n := range 12 {
		url := fmt.Sprintf("https://blog.example/%d/", n)
		own := s.sentence(40)
		links := `<div class="page-links">页码 <span>1</span> <a href="/12/2/">2</a></div>`
		a := New(Options{}).Article(nil)
		a.Knowing(site)
		_, err := a.Add(&archiver.Page{URL: url, Requested: url, Text: `<html><title>甲` + s.sentence(2) + `</title><body><article><h1>甲</h1>
<div class="entry-content"><h2>一、问题从哪里来</h2><p>` + own + `</p><p>` + s.sentence(40) + `</p><h2>二、怎么解决</h2>` + links + `</div></article></body></html>`})
		if err != nil {
			t.Fatal(err)
		}
		article, err := a.Article()
		if err != nil {
			t.Fatal(err)
		}
		for _, heading := range []string{"一、问题从哪里来", "二、怎么解决"} {
			if !strings.Contains(article.HTML, heading) {
				t.Errorf("page %d lacks %s: %s", n, heading, article.HTML)
			}
		}
		site = a.Teach(site)
	}
}

func TestSiteModelForgets(t *testing.T) {
	s := hashedSite{rand.New(rand.NewPCG(3, 3))}
	x := New(Options{})
	site := &archiver.SiteModel{}
	learn := func(n int, rename string) {
		page, _ := s.page(4 * n)
		page.Text = strings.ReplaceAll(page.Text, "k9q2z", rename)
		a := x.Article(nil)
		a.Knowing(site)
		if _, err := a.Add(page); err != nil {
			t.Fatal(err)
		}
		if _, err := a.Article(); err != nil {
			t.Fatal(err)
		}
		site = a.Teach(site)
		if site.Pages >= archiver.MaxSitePages || len(site.Blocks) > archiver.MaxSiteBlocks || len(site.Once) > archiver.MaxSiteOnce ||
			len(site.Containers) > archiver.MaxSitePlaces {
			t.Fatalf("beyond its bounds after %d lessons", site.Lessons)
		}
	}
	for n := range 300 {
		learn(n, "k9q2z")
	}
	for n := range 2 * archiver.MaxSitePages {
		learn(n, "v2")
	}
	if site.Containers[0].Signature != "div.v2" {
		t.Errorf("after the theme was changed: %+v", site.Containers)
	}
}

func TestSignature(t *testing.T) {
	for _, tt := range []struct{ tag, want string }{
		{`<div id="post-1234" class="post-1234 post hentry category-nlp tag-crf">`, "div#post-#.post-#.post.hentry"},
		{`<div class="Post_body__x7Fz2">`, "div.Post_body__x7Fz2"},
		{`<section class="h2 col-8">`, "section.h2.col-#"},
		{`<div>`, "body > div"},
		{`<div id="p20240501">`, "div#p#"},
	} {
		doc, err := parse(&archiver.Page{Text: "<body>" + tt.tag + "x"})
		if err != nil {
			t.Fatal(err)
		}
		if got := signature(doc.Find("body").Children().Nodes[0], "body"); got != tt.want {
			t.Errorf("%s is %s, want %s", tt.tag, got, tt.want)
		}
	}
}
