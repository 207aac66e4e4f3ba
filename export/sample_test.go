package export

import (
	"bytes"
	"context"
	"fmt"
	"iter"
	"strings"
	"testing"
	"time"

	"archiver"
)

// sequence yields articles, as a store does.
func articlesOf(articles ...archiver.Article) Articles {
	return func(yield func(archiver.Article, error) bool) {
		for _, a := range articles {
			if !yield(a, nil) {
				return
			}
		}
	}
}

// failing yields articles and then an error.
func failing(err error, articles ...archiver.Article) Articles {
	return func(yield func(archiver.Article, error) bool) {
		for a := range articlesOf(articles...) {
			if !yield(a, nil) {
				return
			}
		}
		yield(archiver.Article{}, err)
	}
}

func export(t testing.TB, name string, articles Articles, opts Options) []byte {
	t.Helper()
	f, ok := Lookup(name)
	if !ok {
		t.Fatalf("no format %s", name)
	}
	var b bytes.Buffer
	if _, err := f.Write(context.Background(), &b, articles, opts); err != nil {
		t.Fatalf("write %s: %v", name, err)
	}
	return b.Bytes()
}

var (
	east   = time.FixedZone("", 8*3600)
	source = archiver.Source{Name: "nlp", URL: "https://blog.example/category/nlp/", Title: "自然语言处理(NLP)"}
)

func article(n int, title, body string) archiver.Article {
	url := fmt.Sprintf("https://blog.example/post/%d/", n)
	return archiver.Article{
		ID: archiver.ArticleID(url), URL: url, Source: "nlp", Title: title, Site: "示例博客", Authors: []string{"张三"},
		Published: archiver.At(time.Date(2023, 11, 1+n, 8, 30, 0, 0, east)), Categories: []string{"自然语言处理(NLP)"}, Language: "zh-CN",
		Words: 100, HTML: body, Markdown: "正文\n", State: archiver.ArticleSaved, Revision: 1,
		FirstSeen: time.Date(2024, 6, 1, 12, 0, 0, 0, time.UTC), Checked: time.Date(2024, 7, 1, 12, 0, 0, 0, time.UTC),
	}
}

// small is the book of the golden files: what clean HTML has, once each.
func small() []archiver.Article {
	first := article(1, "RAG 优化浅谈", `<p>检索模块才是 <strong>RAG</strong> 调优空间最大的部分，见<a href="https://example.com/a?b=1&amp;c=2">论文</a>。<sup><a href="#fn-1" id="fnref-1" class="footnote-ref">1</a></sup></p>
<h2 id="s1">一、检索</h2>
<ul><li>意图识别</li><li>词典<ul><li>同义词</li></ul></li></ul>
<ol start="3"><li>重排</li><li>召回</li></ol>
<pre><code class="language-go">func main() {
	if a &lt; b &amp;&amp; c &gt; d {

		fmt.Println("你好")
	}
}</code></pre>
<figure><img src="https://blog.example/img/rag.png" alt="RAG 的流程图" width="640"><figcaption>图 1：RAG 的流程</figcaption></figure>
<p>回到<a href="#s1">检索</a>，或<a href="#nowhere">不在这里</a>。</p>
<section class="footnotes"><ol><li id="fn-1"><p>一条脚注。 <a href="#fnref-1" class="footnote-back">↩</a></p></li></ol></section>`)
	first.Modified = archiver.OnDay(2024, 2, 3)
	second := article(2, "ChatGLM 系列模型架构", `<h1>1. 背景</h1><p>注意力 <span class="math inline">\(QK^T\)</span> 的缩放：</p>
<p><span class="math display">\[\mathrm{softmax}\left(\frac{QK^T}{\sqrt{d}}\right)V \quad a &lt; b\]</span></p>
<table><caption>比较</caption><thead><tr><th scope="col">模型</th><th style="text-align: right">参数</th></tr></thead><tbody><tr><td>GLM</td><td style="text-align: right">130B</td></tr><tr><td colspan="2">…</td></tr></tbody></table>
<blockquote><p>引用</p></blockquote><dl><dt>AR</dt><dd>自回归</dd></dl><hr>
<ul><li class="task">待办</li><li class="task done">已办</li></ul>
<details><summary>展开</summary><p>折叠的内容</p></details>
<p><ruby>漢<rt>かん</rt></ruby> <kbd>Ctrl</kbd> H<sub>2</sub>O <mark>重点</mark> <del>旧</del> <ins>新</ins> <abbr title="大语言模型">LLM</abbr><br>换行</p>
<p><img src="https://blog.example/img/a%20b.png" alt=""></p>`)
	second.Published = archiver.OnDay(2024, 1, 5)
	second.Authors = []string{"李四", "张三"}
	undated := article(3, "", `<p>没有标题，也没有日期。</p>`)
	undated.Published, undated.Authors, undated.Language = archiver.Timestamp{}, nil, ""
	return []archiver.Article{first, second, undated}
}

// nasty are articles with everything that HTML and facts of the wild have done to a book.
func nasty() []archiver.Article {
	bodies := []string{
		`<p>a&nbsp;b &copy; &hellip; &unknown; &#0; &#x1F; &#xFFFE; &#x110000;<center>mitte<font color=red size=7>rot</font></center><p>unclosed <b>bold <i>both</b> it</i><div class=x onclick="x()">div<custom-element foo>custom</custom-element>`,
		`<svg onload="alert(1)"><script>alert(1)</script><a xlink:href="javascript:x">x</a></svg><math><mi>x</mi></math><iframe src="javascript:alert(1)"></iframe><p id="a">1</p><p id="a">2</p><p id="1 2">3</p><p id="中文">4</p><a href="#a">a</a> <a href="#1 2">b</a> <a href="#中文">c</a> <a href="#missing">d</a> <a href="#">top</a> <a href="#%E4%B8%AD">e</a>`,
		`<p><img src=""> <img> <img src="data:image/png;base64,AAAA" alt="data"> <img src="missing.avif" alt="relative"> <img src="http://x.example/a b.avif?x=[1]&amp;y={2}|3"> <a href="http://x.example/big.png"><img src="https://x.example/s.png" alt="in a link"></a></p><h2><img src="https://x.example/h.png" alt="head"></h2><img src="https://x.example/bare.png"><pre><img src="https://x.example/pre.png"></pre>`,
		`<a href="javascript:alert(1)">js</a> <a href="data:text/html,x">data</a> <a href="file:///etc/passwd">file</a> <a href="ftp://x.example/">ftp</a> <a href="//x.example/">rel</a> <a href="http://user:pw@x.example:8080/p?q#f">cred</a> <a href="http://[::1]:80/">v6</a> <a href="http://">nohost</a> <a href="http://x.example/%zz">stray</a> <a href="http://x.example/中文?查=询#片段">idn</a> <a href="http://例子.example/">host</a> <a href="mailto:a@b.example?subject=x y">mail</a> <a href="http://x.example/a^b` + "`" + `{c}|d\e">odd</a> <a href="https://x_y.example/">underscore</a> <a name="old">name</a><a href="https://x.example/"></a>`,
		`<em>inline <p>with a block</p> and <ul><li>a list</li></ul></em><h2>head <div>div</div><table><tr><td>cell</td><td>cell 2</td></tr></table></h2><a href="https://x.example/">link <p>block</p> <a href="https://y.example/">nested</a></a><p>text <span lang="xx-!!">s</span><span lang="ar" dir="RTL">عربي</span></p><ins><p>inserted block</p></ins><del>gone <blockquote>quoted</blockquote></del>`,
		`<ul>text<li>one</li><p>para</p><ul><li>nested</li></ul></ul><ol reversed start="x"><li value="3">v</li></ol><li value=9>stray</li><dt>stray dt</dt><dd>stray dd</dd><dl><dd>only dd</dd></dl><dl><dt>only dt</dt></dl><dl></dl><dl><div><dt>x</dt><dd>y</dd></div></dl><dl><p>p</p><dt><h3>h</h3></dt></dl><ul></ul>`,
		`<table><tbody><tr><td>b</td></tr></tbody><thead><tr><th><h3>late head</h3><p>p</p></th></tr></thead><tfoot><tr><td>f1</td></tr></tfoot><tfoot><tr><td>f2</td></tr></tfoot><caption>late</caption><caption>second</caption></table><table></table><table><tr></tr></table><table><tr><td colspan="0">0</td><td colspan="99999">x</td><td rowspan=2 style="text-align:center;">c</td><td style="color:red">r</td><td><table><tr><td>nested</td></tr></table></td></table><table><thead><tr><th scope=row>only head</th></tr></thead></table><table id="t"><form id="f"><tr id="r"><td id="d">x</td></tr></form></table><a href="#t">t</a><a href="#f">f</a><a href="#r">r</a><a href="#d">d</a>`,
		`<figure><figcaption>one</figcaption><img src="https://x.example/1.png" alt="x"><figcaption>two</figcaption></figure><figcaption>stray</figcaption><figure><table><tr><td>t</td></tr></table></figure><figure><pre><code class="language-c++ evil&quot;&gt;">x</code></pre></figure><details>no summary</details><details open><summary><h3>head</h3></summary>x<summary>two</summary></details><summary>stray</summary><section><h2>s</h2></section>`,
		`<ruby><rt>no base</rt></ruby><ruby>no reading</ruby><ruby>漢<rp>(</rp><rt>かん</rt><rp>)</rp>字<rt>じ</rt></ruby><ruby><rb>基</rb><rtc><rt>x</rt></rtc></ruby><ruby>a<rt><ruby>b<rt>c</rt></ruby></rt></ruby><rt>stray</rt><rp id="rp">stray</rp><a href="#rp">x</a><q>q</q><cite>c</cite><small>s</small><bdo dir=rtl>bdo</bdo><time datetime=x>t</time><input value=x><button>b</button><select><option>o</select><textarea>t</textarea><label>l</label><object data=x></object><video controls src=x></video>`,
		"<p>controls \x00\x01\x08\x0b\x0c\x1b[31m\x7f\u0085\u009f\ufffe\uffff\ufdd0 invalid \xff\xfe\xed\xa0\x80 bidi \u202eevil\u202c</p><pre>\n\n  two\n\tlines\r\n</pre><pre><p>p in pre</p><p>another</p></pre><xmp><b>raw</b></xmp><sup><a href=\"#n\" id=\"r\" class=\"footnote-ref\">1</a></sup><section class=footnotes><p>before</p><ol><li id=n>note <a href=\"#r\" class=\"footnote-back\">back</a><ol><li>inner</li></ol></li></ol></section><plaintext><b>rest",
		strings.Repeat("<div>", 600) + "deep <b>text</b>" + strings.Repeat("</div>", 600) + "<p>after",
		strings.Repeat("<b><p>", 60) + strings.Repeat("<a href=https://x.example/>", 60) + "formatting",
		``,
	}
	titles := []string{
		"\": {}[]!@#%&*|>-\n---\nx: y", "<b>&amp;]]></title><script>", "yes", "\u202eevil\u202c \u200ftitle", "العنوان العربي", "👩‍👩‍👧 emoji 🇨🇳", "\u200f\u200e",
		"  ", "\x00\x1b[31mred\x07", "../../etc/passwd", "CON", strings.Repeat("长标题 ", 10_000), "\xff\xfe bad bytes",
	}
	languages := []string{"zh-CN", "en", "zh_TW", "he", "ar-EG", "not a language", "", "x", "zh-Hans-CN", "ja", "i-klingon", "en-US-posix", "zh-CN-"}
	var all []archiver.Article
	for i, body := range bodies {
		a := article(i, titles[i], body)
		a.Language = languages[i]
		a.Authors = []string{titles[i], "\u202e", "a & b"}
		a.Tags = []string{titles[i], "=cmd()", "-", ""}
		a.Excerpt = titles[i]
		switch i % 4 {
		case 1:
			a.Published = archiver.AtLocal(time.Date(2022, 1, 1, 23, 59, 59, 0, time.UTC))
		case 2:
			a.Published, a.Modified = archiver.OnDay(1969, 12, 31), archiver.OnDay(9999, 12, 31)
		case 3:
			a.Published = archiver.Timestamp{}
		}
		all = append(all, a)
	}
	all[3].URL = "http://例子.example/路径/?q=\"<>"
	all[4].State, all[5].State = archiver.ArticleGone, archiver.ArticleProtected
	return all
}

// synthetic is n articles of a Chinese technical blog, of about 12 KB each.
func synthetic(n int) Articles {
	return func(yield func(archiver.Article, error) bool) {
		for i := range n {
			if !yield(syntheticArticle(i), nil) {
				return
			}
		}
	}
}

var _ iter.Seq2[archiver.Article, error] = synthetic(1)

func syntheticArticle(i int) archiver.Article {
	const text = "检索模块才是模型调优空间最大的部分而并非大模型本身尤其是项目的前期毕竟查的准是大模型最终能吐出正确结果的前提条件一旦结果查的不对预测的结果可能还不如不进行检索这点是应该能从大量的案例分析中得到发现早期的项目经验上大概有八成的问题来源于检索此时优化检索的结果让查询能查的准就变得非常重要"
	runes := []rune(text)
	var h, m strings.Builder
	seed := uint32(i)*2654435761 + 1
	next := func(n int) int {
		seed = seed*1664525 + 1013904223
		return int(seed>>16) % n
	}
	sentence := func() string {
		var b strings.Builder
		for range 6 + next(6) {
			at := next(len(runes) - 12)
			b.WriteString(string(runes[at : at+4+next(8)]))
		}
		return b.String() + "。"
	}
	for p := range 22 {
		s := sentence() + sentence()
		switch p % 6 {
		case 2:
			fmt.Fprintf(&h, "<h2>%d %s</h2>", p, string(runes[p:p+6]))
			fmt.Fprintf(&m, "## %d %s\n\n", p, string(runes[p:p+6]))
		case 3:
			code := strings.Repeat("for i := range n {\n\tif a[i] < b { fmt.Println(i) }\n}\n", 4)
			h.WriteString(`<pre><code class="language-go">` + strings.ReplaceAll(code, "<", "&lt;") + "</code></pre>")
			m.WriteString("```go\n" + code + "```\n\n")
		case 4:
			h.WriteString(`<table><thead><tr><th>模型</th><th>参数</th></tr></thead><tbody>` + strings.Repeat(`<tr><td>GLM</td><td>130B</td></tr>`, 6) + `</tbody></table>`)
		}
		h.WriteString("<p>" + s + `<a href="https://example.com/` + fmt.Sprint(p) + `">链接</a>，<code>vector</code>。</p>` + "\n")
		m.WriteString(s + "\n\n")
	}
	a := article(i, fmt.Sprintf("%s（%d）", string(runes[i%50:i%50+10]), i), h.String())
	a.Markdown = m.String()
	a.Published = archiver.At(time.Date(2010, 1, 1, 8, 0, 0, 0, east).Add(time.Duration(i) * 12 * time.Hour))
	return a
}
