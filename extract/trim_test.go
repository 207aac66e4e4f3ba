package extract

import (
	"strings"
	"testing"

	"archiver"
)

// textWith is the text of an article of five paragraphs in a box of that class, with something before and after them.
func textWith(t *testing.T, class, before, after string) string {
	t.Helper()
	const para = "<p>条件随机场是一种判别式模型，常用来做序列标注，它对整个序列归一化，所以没有标注偏置的问题。训练用前向后向算法，解码用维特比算法。</p>\n"
	page := &archiver.Page{URL: "https://blog.example.com/2020/03/crf", Text: `<html lang="zh"><head><title>条件随机场 - 某博客</title></head><body>
		<header><a href="/">某博客</a></header><div class="main"><h1>条件随机场</h1><div class="` + class + `">` + before + strings.Repeat(para, 5) + after + `</div></div></body></html>`}
	a := New(Options{}).Article(nil)
	if _, err := a.Add(page); err != nil {
		t.Fatal(err)
	}
	if _, err := a.Article(); err != nil {
		t.Fatal(err)
	}
	return a.Text()
}

// What stands after a text goes by what it is, in containers that are named after the text and in others; sentences and lists of the
// author's that begin with the same words stay.
func TestTrimTail(t *testing.T) {
	const (
		papers = `<ul><li><a href="https://arxiv.org/abs/1">MARK Conditional Random Fields</a></li><li><a href="https://arxiv.org/abs/2">Entropy models</a></li></ul>`
		own    = `<ul><li><a href="/2020/a">MARK 分词的历史</a></li><li><a href="/2020/b">隐马尔可夫模型</a></li><li><a href="/2020/c">维特比算法</a></li></ul>`
		cards  = `<div><div><h4><a href="/2020/a">MARK 分词的历史</a></h4><p>分词是最早的任务，从词典说起。</p></div><div><h4><a href="/2020/b">马尔可夫模型</a></h4><p>它是生成式的模型，先说定义。</p></div><div><h4><a href="/2020/c">维特比</a></h4><p>动态规划的一种，先看图。</p></div></div>`
	)
	tests := []struct {
		name, after string
		stays       bool
	}{
		{"a sentence that begins with a label", `<p>打赏，MARK 条件随机场是我最喜欢的模型之一，如果要给它打分，我给满分，它在分词上有很好的效果。</p>`, true},
		{"a label", `<p>打赏 MARK</p>`, false},
		{"a request for money", `<p>如果觉得MARK文章对你有帮助，欢迎打赏支持。</p>`, false},
		{"a licence", `<p>版权声明：MARK 本文为博主原创文章，转载请注明出处。</p>`, false},
		{"reprinting as a subject", `<p>转载这篇论文的译文时，MARK 我改了两处公式的错误，读者可以对照原文来看。</p>`, true},
		{"the article before as a subject", `<p>上一篇讲了MARK隐马尔可夫模型，下一篇我们来看怎么用神经网络代替特征函数。</p>`, true},
		{"the article before", `<p>上一篇：<a href="/2020/a">MARK 分词的历史</a></p>`, false},
		{"comments as a subject", `<p>评论数据的情感分析见下一节，MARK 我们用的是豆瓣的短评，一共两百万条。</p>`, true},
		{"counts", `<p>点赞 12 评论 3 收藏</p><p>公众号：MARK机器学习</p>`, false},
		{"related articles", `<h3>相关文章</h3>` + own, false},
		{"further reading on the site", `<h3>推荐阅读</h3>` + own, false},
		{"further reading elsewhere", `<h3>推荐阅读</h3>` + papers, true},
		{"further reading elsewhere, without a heading", `<p>推荐阅读</p>` + papers, true},
		{"references", `<h2>参考资料</h2>` + own, true},
		{"a list that is led in", `<p>代码和笔记在这里：</p>` + own, true},
		{"a list that nothing introduces", own, false},
		{"teasers", `<h3>更多文章</h3>` + cards, false},
		{"teasers without a label", cards, false},
		{"a heading over nothing", `<h3>MARK 说两句</h3>`, false},
		{"a numbered heading over nothing", `<h3>三、MARK</h3>`, true},
		{"a heading over a picture", `<h3>MARK 结果</h3><p><img src="/a.png"></p>`, true},
	}
	for _, tt := range tests {
		for _, class := range []string{"post-content", "x7"} {
			if got := strings.Contains(textWith(t, class, "", tt.after), "MARK"); got != tt.stays {
				t.Errorf("%s in %q: stays is %v, want %v", tt.name, class, got, tt.stays)
			}
		}
	}
}

// What is named as no text, or is made of links, stays where it is a piece of the article.
func TestTrimPieces(t *testing.T) {
	tests := []struct {
		name, before string
		stays        bool
	}{
		{"contents under their heading", `<h2>目录</h2><ul><li><a href="#a">MARK</a></li><li><a href="#b">模型</a></li><li><a href="#c">实验</a></li></ul>`, false},
		{"links into the page without a heading", `<p>先看三个例子：</p><ul><li><a href="#a">MARK</a></li><li><a href="#b">模型</a></li><li><a href="#c">实验</a></li></ul>`, true},
		{"a heading's id is no name", `<h2 id="mailchimp-newsletter">MARK</h2>`, true},
		{"a section's id says its heading", `<section id="related-work"><h2>Related work, MARK</h2><p>相关工作有三类，第一类最多。</p></section>`, true},
		{"a widget of sentences", `<div class="text-widget"><p>MARK 有的系统把文章的每一段都叫做组件，这一段有两句话，一个链接也没有。这是第二句，它也是作者写的，应当留下，不能丢。</p></div>`, true},
		{"a widget of links", `<div class="recent widget"><a href="/a">MARK 最新文章一</a> <a href="/b">最新文章二</a></div>`, false},
		{"a table with headers", `<table class="model-ranking"><tr><th>模型</th><th>分数</th></tr><tr><td><a href="/a">MARK 模型一</a></td><td>九十一点二，是最好的一个。</td></tr></table>`, true},
		{"a salutation", `<p>各位读者 MARK：</p>`, true},
	}
	for _, tt := range tests {
		if got := strings.Contains(textWith(t, "x7", tt.before, ""), "MARK"); got != tt.stays {
			t.Errorf("%s: stays is %v, want %v", tt.name, got, tt.stays)
		}
	}
}

// A title below the text is not the one over it: nothing is cut off above it.
func TestTrimTitleBelow(t *testing.T) {
	const para = "<p>蚯蚓把厨余变成腐殖土，箱子要放在阴凉处，冬天不能低于五度，夏天不能高于二十五度，否则它们会死。</p>"
	page := &archiver.Page{URL: "https://blog.example.com/2020/03/box", Text: `<html lang="zh"><head><title>自己做蚯蚓箱</title></head><body><div class="x7">` +
		strings.Repeat(para, 8) + `<div><h2>自己做蚯蚓箱</h2></div><p>图纸在下面。</p></div></body></html>`}
	a := New(Options{}).Article(nil)
	if _, err := a.Add(page); err != nil {
		t.Fatal(err)
	}
	if _, err := a.Article(); err != nil || !strings.Contains(a.Text(), "腐殖土") {
		t.Errorf("the text went with the title below it: %q, %v", a.Text(), err)
	}
}
