package extract

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"
)

func TestCountWords(t *testing.T) {
	tests := []struct {
		in   string
		want int
	}{
		{"", 0},
		{"机器学习，入门。", 6},
		{"Attention is all you need", 5},
		{"don't pre-training x_1", 3},
		{"BERT模型的F1", 5},
		{"かなカナ、漢字ー", 7},
		{"한국어 문장", 5},
		{"naïve café Москва", 3},
		{"ＡＢＣ １２", 5},
		{"３.14 + \\frac{a}{b}", 5},
		{"𠀀々〇", 3},
	}
	for _, tt := range tests {
		if got := countWords(tt.in); got != tt.want {
			t.Errorf("countWords(%q) = %d, want %d", tt.in, got, tt.want)
		}
	}
}

func TestPlainText(t *testing.T) {
	tree := cleanHTML(t, `<h2>标题</h2><p>一<b>二</b><br>三 $x^2$</p><ul><li>甲<ul><li>乙</li></ul></li></ul><pre><code>a
b</code></pre><table><tr><th>A</th><th>B</th></tr><tr><td>1</td><td>2</td></tr></table><p><img src="/x.png" alt="图"></p>`)
	want := "标题\n一二\n三 x^2\n甲\n乙\na\nb\nA\nB\n1\n2"
	if diff := cmp.Diff(want, plainText(tree)); diff != "" {
		t.Errorf("plainText mismatch (-want +got):\n%s", diff)
	}
}

func TestMergeParts(t *testing.T) {
	one := cleanHTML(t, `<h2 id="a">一</h2><p><a href="#a">见</a>，注<sup id="fnref:1"><a href="#fn:1">1</a></sup></p>
<div class="footnotes"><ol><li id="fn:1">甲 <a href="#fnref:1" class="footnote-backref">↩</a></li></ol></div>`)
	two := cleanHTML(t, `<h2 id="a">二</h2><p><a href="#a">见</a>，注<sup id="fnref:1"><a href="#fn:1">1</a></sup></p>
<div class="footnotes"><ol><li id="fn:1">乙 <a href="#fnref:1" class="footnote-backref">↩</a></li></ol></div>`)
	three := cleanHTML(t, `<p>三</p>`)
	got := renderHTML(mergeParts([]*html.Node{one, two, three}))
	want := `<h2 id="a">一</h2>
<p><a href="#a">见</a>，注<sup><a class="footnote-ref" href="#fn-1" id="fnref-1">1</a></sup></p>
<h2 id="a-2">二</h2>
<p><a href="#a-2">见</a>，注<sup><a class="footnote-ref" href="#fn-2" id="fnref-2">2</a></sup></p>
<p>三</p>
<section class="footnotes"><ol><li id="fn-1">甲 <a class="footnote-back" href="#fnref-1">↩</a></li><li id="fn-2">乙 <a class="footnote-back" href="#fnref-2">↩</a></li></ol></section>
`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("mergeParts mismatch (-want +got):\n%s", diff)
	}
}
