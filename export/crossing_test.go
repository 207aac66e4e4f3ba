package export

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"archiver"
)

func TestLinksBetweenArticles(t *testing.T) {
	first := article(1, "一", `<p id="top">见<a href="https://blog.example/post/2/">二</a>、<a href="http://www.blog.example/?p=2#part">二之节</a>、<a href="https://blog.example/post/1/#top">此处</a>、<a href="https://blog.example/post/9/">别处</a>、<a href="#top">上</a></p>`)
	second := article(2, "二", `<p><a href="https://blog.example/post/1#top">一之顶</a> <a href="https://blog.example/post/1/#none">一</a> <a href="https://blog.example/post/3/">三</a></p>`)
	gone := article(3, "三", `<p>三</p>`)
	s := &shelf{addresses: map[string][]string{second.ID: {keyOf(second.URL), keyOf("https://blog.example/?p=2")}}}
	opts := Options{Library: s, Brief: articlesOf(first, second, gone)}
	all := parts(t, export(t, "epub", articlesOf(first, second), opts)) // the third went away in between
	for name, wants := range map[string][]string{
		first.ID: {`href="` + second.ID + `.xhtml">二<`, `href="` + second.ID + `.xhtml">二之节<`, `href="` + first.ID + `.xhtml">此处<`,
			`href="https://blog.example/post/9/">别处<`, `href="#top">上<`},
		second.ID: {`href="` + first.ID + `.xhtml#top">一之顶<`, `href="` + first.ID + `.xhtml">一<`, `href="` + gone.ID + `.xhtml">三<`},
	} {
		page := all["EPUB/text/"+name+".xhtml"]
		for _, want := range wants {
			if !strings.Contains(page, want) {
				t.Errorf("no %s in\n%s", want, page)
			}
		}
	}
	if stub := all["EPUB/text/"+gone.ID+".xhtml"]; !strings.Contains(stub, `href="https://blog.example/post/3/"`) {
		t.Errorf("the article that went away has no page: %s", stub)
	}
	linksLead(t, all)
}

var hrefs = regexp.MustCompile(`(?:href|src|srcset)="([^"#:]*)(#[^"]*)?"`)

// linksLead checks that every link inside the book leads to a file that is in it, and to an id that is there.
func linksLead(t testing.TB, all map[string]string) {
	t.Helper()
	for name, page := range all {
		if !strings.HasSuffix(name, ".xhtml") {
			continue
		}
		dir := name[:strings.LastIndexByte(name, '/')+1]
		for _, m := range hrefs.FindAllStringSubmatch(page, -1) {
			file := dir + m[1]
			if rest, ok := strings.CutPrefix(m[1], "../"); ok {
				file = "EPUB/" + rest
			}
			if m[1] == "" {
				file = name
			}
			target, ok := all[file]
			if !ok || m[2] != "" && !strings.Contains(target, ` id="`+m[2][1:]+`"`) {
				t.Errorf("%s: %s leads nowhere", name, m[0])
			}
		}
	}
}

func TestHugeArticle(t *testing.T) {
	var body strings.Builder
	for i := range 60 {
		fmt.Fprintf(&body, `<h2 id="s%d">节 %d</h2><p>%s<sup><a class="footnote-ref" href="#fn-%d" id="fnref-%d">1</a></sup> <a href="#s%d">下一节</a></p>`, i, i, strings.Repeat("很长的文字。", 800), i, i, (i+1)%60)
	}
	body.WriteString(`<pre><code class="language-go">` + strings.Repeat("a := 1\n", 100_000) + `</code></pre><p>` + strings.Repeat("无尽", 200_000) + `</p><section class="footnotes"><ol>`)
	for i := range 60 {
		fmt.Fprintf(&body, `<li id="fn-%d">注 <a class="footnote-back" href="#fnref-%d">↩</a></li>`, i, i)
	}
	body.WriteString("</ol></section>")
	a := article(1, "长文", body.String())
	other := article(2, "短文", `<p><a href="https://blog.example/post/1/#s50">第五十节</a></p>`)
	all := parts(t, export(t, "epub", articlesOf(a, other), Options{Brief: articlesOf(a, other)}))
	text, files := 0, 0
	for name, page := range all {
		if !strings.HasPrefix(name, "EPUB/text/"+a.ID) {
			continue
		}
		files++
		wellFormed(t, name, []byte(page))
		if len(page) > maxPart+maxBlock {
			t.Errorf("%s has %d bytes", name, len(page))
		}
		text += strings.Count(page, "很长的文字。")*18 + strings.Count(page, "a := 1\n")*7 + strings.Count(page, "无尽")*6
	}
	if want := 60*800*18 + 700_000 - 14 + 1_200_000; files < 9 || text < want-150 || text > want {
		t.Errorf("%d files with %d bytes of text, want %d", files, text, want)
	}
	linksLead(t, all)
	if page := all["EPUB/text/"+other.ID+".xhtml"]; !strings.Contains(page, a.ID+"_") {
		t.Errorf("the link does not lead to the part: %s", page)
	}
}

func TestCutBody(t *testing.T) {
	k := func(n int) int { return n * 1000 }
	for _, tt := range []struct {
		size  int
		seams []seam
		want  []int
	}{
		{k(10), nil, []int{k(10)}},
		{k(900), nil, []int{k(900)}},
		{k(500), []seam{{0, true}, {k(200), true}, {k(290), false}}, []int{k(200), k(500)}},
		{k(500), []seam{{0, true}, {k(50), true}, {k(290), false}, {k(310), true}}, []int{k(290), k(500)}},
		{k(1000), []seam{{0, false}, {k(700), false}, {k(800), false}}, []int{k(700), k(1000)}},
	} {
		if got := cutBody(tt.size, tt.seams); !slices.Equal(got, tt.want) {
			t.Errorf("cutBody(%d, %v) = %v, want %v", tt.size, tt.seams, got, tt.want)
		}
	}
}

func TestPageMath(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{`<math><semantics><mrow><mi mathvariant="bold" href="x">x</mi><mo stretchy="false" onclick="x">(</mo></mrow><annotation encoding="application/x-tex">x</annotation></semantics></math>`,
			`alttext="x"><mrow><mi mathvariant="bold">x</mi><mo stretchy="false">(</mo></mrow></math>`},
		{`<math><mfrac><mn>1</mn></mfrac></math>`, ""},
		{`<math><mi><script>x</script></mi></math>`, ""},
		{`<math><maction>x</maction></math>`, ""},
		{`<math><mtable><mtr><mtd><mn>1</mn></mtd></mtr></mtable></math>`, `<mtable><mtr><mtd><mn>1</mn></mtd></mtr></mtable></math>`},
	} {
		a := archiver.Article{URL: "https://x.example/", Title: "x", HTML: `<p><span class="math inline">` + tt.in + `</span></p>`}
		page := ""
		for name, text := range parts(t, export(t, "epub", articlesOf(a), Options{})) {
			if strings.HasPrefix(name, "EPUB/text/") {
				page = text
			}
		}
		if !strings.Contains(page, tt.want) || tt.want == "" && strings.Contains(page, "<math") {
			t.Errorf("%s: no %s in\n%s", tt.in, tt.want, page)
		}
	}
}
