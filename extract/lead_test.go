package extract

import (
	"strings"
	"testing"

	"archiver"
)

func TestLeadThatThePageHides(t *testing.T) {
	const lead = "<p>条件随机场是给定一组输入随机变量条件下另一组输出随机变量的<em>条件概率</em>分布模型，常用于标注。</p>"
	const rest = "<p>下面从定义出发，推导它的参数化形式，并给出学习与预测的算法，最后用一个例子说明。</p>"
	feed := `<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><item><title>条件随机场</title><link>https://blog.example/crf/</link>
<content:encoded><![CDATA[` + lead + `<p><span id="more-12"></span></p>` + rest + `]]></content:encoded></item></channel></rss>`
	facts, err := New(Options{}).Facts(&archiver.Page{URL: "https://blog.example/feed/", Text: feed})
	if err != nil || len(facts.Entries) != 1 || !strings.HasPrefix(facts.Entries[0].Lead, lead) {
		t.Fatalf("the feed tells %+v, %v", facts.Entries, err)
	}
	read := func(body string) archiver.Article {
		a := New(Options{}).Article(facts.Entries)
		_, err := a.Add(&archiver.Page{URL: "https://blog.example/crf/", Requested: "https://blog.example/crf/",
			Text: `<html><title>条件随机场</title><body><article><h1>条件随机场</h1><div class="entry-content">` + body + `</div></article></body></html>`})
		if err != nil {
			t.Fatal(err)
		}
		article, err := a.Article()
		if err != nil {
			t.Fatal(err)
		}
		return article
	}
	if got := read(rest); got.HTML != read(lead+rest).HTML || !strings.Contains(got.Markdown, "*条件概率*") || strings.Index(got.HTML, "条件随机场是") > strings.Index(got.HTML, "下面从") {
		t.Errorf("with the beginning hidden: %s", got.HTML)
	}
	if got := read(lead + rest); strings.Count(got.HTML, "条件随机场是") != 1 {
		t.Errorf("with the beginning shown: %s", got.HTML)
	}
	// One that was edited since the feed was read is not there twice.
	if got := read(strings.Replace(lead, "条件随机场是", "CRF 是", 1) + rest); strings.Count(got.HTML, "分布模型") != 1 {
		t.Errorf("with the beginning edited: %s", got.HTML)
	}
}

func TestLeadOf(t *testing.T) {
	text := strings.Repeat("字", 20)
	for _, tt := range []struct{ name, content, want string }{
		{"WordPress", text + `<span id="more-7"></span>rest`, text},
		{"Hexo", text + `<a id="more"></a>rest`, text},
		{"the mark itself", text + `<!-- more -->rest`, text},
		{"none", text, ""},
		{"too short", `<p>字</p><span id="more-7"></span>rest`, ""},
		{"too long", strings.Repeat(text, 100) + `<!--more-->rest`, ""},
	} {
		if got := leadOf(tt.content); got != tt.want {
			t.Errorf("%s: %q", tt.name, got)
		}
	}
}
