package export

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"archiver"
)

// TestEpubcheck has the books judged by the W3C's own checker. ARCHIVER_EPUBCHECK names its jars, separated as in PATH.
func TestEpubcheck(t *testing.T) {
	jars := filepath.SplitList(os.Getenv("ARCHIVER_EPUBCHECK"))
	if len(jars) == 0 {
		t.Skip("ARCHIVER_EPUBCHECK names no epubcheck jar")
	}
	rtl := article(1, "مدونة", "<p>نص</p>")
	rtl.Language = "ar"
	pictured, shelf := illustrated(t)
	books := map[string]checked{
		"small":  {articlesOf(small()...), Options{Sources: []archiver.Source{source}}},
		"nasty":  {articlesOf(nasty()...), Options{Title: nasty()[0].Title, Sources: []archiver.Source{source, {Name: "x", URL: "http://x.example/?a=1&b=2"}}}},
		"rtl":    {articlesOf(rtl), Options{}},
		"images": {articlesOf(pictured), Options{Library: shelf, Sources: []archiver.Source{source}}},
		"ten":    ten(t),
		"few":    {articlesOf(archiver.Article{URL: "https://x.example/"}), Options{}},
		"random": {fuzzedBooks(400), Options{}},
		"big":    {synthetic(1000), Options{Sources: []archiver.Source{source}}},
	}
	for name, book := range books {
		path := filepath.Join(t.TempDir(), name+".epub")
		epub, _ := Lookup("epub")
		if _, err := epub.Export(context.Background(), path, book.articles, book.opts); err != nil {
			t.Fatalf("export %s: %v", name, err)
		}
		if keep := os.Getenv("ARCHIVER_KEEP_BOOKS"); keep != "" {
			data, err := os.ReadFile(path)
			if err == nil {
				err = os.WriteFile(filepath.Join(keep, name+".epub"), data, 0o666)
			}
			if err != nil {
				t.Error(err)
			}
		}
		for _, jar := range jars {
			t.Run(name+"/"+filepath.Base(filepath.Dir(jar)), func(t *testing.T) { epubcheck(t, jar, path) })
		}
	}
}

// checked is a book for the checker.
type checked struct {
	articles Articles
	opts     Options
}

// ten is the book of ten articles with everything: pictures of every kind, formulas, links between articles, notes, tables, text from
// right to left, a chapter that is cut, changes, a person's style.
func ten(t testing.TB) checked {
	pictured, s := illustrated(t)
	all := append(nasty()[:7:7], pictured)
	formulas := article(20, "公式", `<p>行内 <span class="math inline">\(E=mc^2\)</span> 与 <span class="math inline">\(\undefinedcommand{x\)</span></p>
<p><span class="math display">\[\sum_{i=1}^{n} \frac{x_i^2}{\sqrt{\sigma}} \begin{pmatrix} a & b \\ c & d \end{pmatrix}\]</span></p>
<p><span class="math display"><math xmlns="http://www.w3.org/1998/Math/MathML" display="block"><semantics><mrow><mi>y</mi><mo stretchy="false">=</mo><mfrac><mn>1</mn><mi>x</mi></mfrac></mrow><annotation encoding="application/x-tex">y=\frac1x</annotation></semantics></math></span></p>
<p><a href="https://blog.example/post/7/">图片</a>与<a href="https://blog.example/post/21/#s3">长文</a></p>
<pre><code class="language-python">def f(x):
    return "一行很长的代码，" + "一行很长的代码，" + "一行很长的代码，" + "一行很长的代码，" + x  # 注释</code></pre>
<table><thead><tr><th>甲</th><th>乙</th><th>丙</th><th>丁</th><th>戊</th><th>己</th><th>庚</th><th>辛</th></tr></thead><tbody><tr><td>一段文字</td><td>一段文字</td><td>一段文字</td><td>一段文字</td><td>一段文字</td><td>一段文字</td><td>一段文字</td><td>一段文字</td></tr></tbody></table>
<p>一句<sup><a class="footnote-ref" href="#fn-1" id="fnref-1">1</a></sup>。</p><section class="footnotes"><ol><li id="fn-1">注释。 <a class="footnote-back" href="#fnref-1">↩</a></li></ol></section>`)
	before := formulas
	before.HTML = "<p>行内，与旧的一句话。</p>"
	long := article(21, "长文", strings.Repeat(`<h2>节</h2><p>`+strings.Repeat("很长的文字。", 400)+"</p>", 60)+`<h2 id="s3">末节</h2><p><a href="#s3">此处</a></p>`)
	all = append(all, formulas, long)
	s.revisions = map[string][]archiver.Article{formulas.ID: {before, formulas}}
	s.seen = map[string][]time.Time{formulas.ID: {formulas.FirstSeen, formulas.FirstSeen.AddDate(0, 1, 0)}}
	return checked{articlesOf(all...), Options{Library: s, Brief: articlesOf(all...), Sources: []archiver.Source{source}, Changes: true,
		Author: "张三", Style: []byte(`@import "x.css"; p { background: url(http://x.example/); text-indent: 2em }`)}}
}

func epubcheck(t *testing.T, jar, path string) {
	report := filepath.Join(t.TempDir(), "report.json")
	// The exit code says the same as the report; a checker that did not run leaves no report.
	out, _ := exec.Command("java", "-Xss8m", "-jar", jar, "--failonwarnings", "--json", report, path).CombinedOutput()
	data, err := os.ReadFile(report)
	if err != nil {
		t.Fatalf("%s: %v\n%s", jar, err, out)
	}
	var result struct {
		Checker  struct{ CheckerVersion string }
		Messages []struct {
			ID, Severity, Message string
			Locations             []struct {
				Path         string
				Line, Column int
			}
		}
	}
	if err := json.Unmarshal(data, &result); err != nil || result.Checker.CheckerVersion == "" {
		t.Fatalf("%s: not a report of epubcheck: %v\n%s", jar, err, data[:min(len(data), 500)])
	}
	for _, m := range result.Messages {
		if m.Severity == "FATAL" || m.Severity == "ERROR" || m.Severity == "WARNING" {
			t.Errorf("epubcheck %s: %s %s: %s %v", result.Checker.CheckerVersion, m.Severity, m.ID, m.Message, m.Locations[:min(len(m.Locations), 3)])
		}
	}
}
