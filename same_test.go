package archiver

import (
	"strings"
	"testing"
)

func TestSameArticle(t *testing.T) {
	long := strings.Repeat("条件随机场是一种概率图模型，常用于序列标注。", 3) + "维特比算法求最优路径。前向后向算法求边缘概率。"
	other := "梯度下降法沿着负梯度方向更新参数。学习率太大会发散，太小则收敛缓慢，动量可以减少震荡。"
	for _, tt := range []struct {
		name       string
		known, met Article
		want       bool
	}{
		{"itself", Article{Title: "T", Markdown: long}, Article{Title: "T", Markdown: long}, true},
		{"the same title in other letters", Article{Title: "CRF 入门", Markdown: long}, Article{Title: "crf入门！", Markdown: other}, true},
		{"another title over the same text", Article{Title: "T", Markdown: long}, Article{Title: "U", Markdown: long}, true},
		{"edited", Article{Title: "T", Markdown: long}, Article{Title: "U", Markdown: long + other}, true},
		{"cut", Article{Title: "T", Markdown: long + other}, Article{Title: "U", Markdown: long}, true},
		{"another text", Article{Title: "T", Markdown: long}, Article{Title: "U", Markdown: other}, false},
		{"without title or text", Article{}, Article{}, true},
		{"a title without letters says nothing", Article{Title: "……", Markdown: long}, Article{Title: "……", Markdown: other}, false},
		{"too short to tell", Article{Title: "T", Markdown: "图"}, Article{Title: "U", Markdown: "图"}, false},
		{"a text and none", Article{Title: "T", Markdown: long}, Article{Title: "U"}, false},
		{"other spaces and marks", Article{Title: "T", Markdown: long}, Article{Title: "U", Markdown: strings.ReplaceAll(long, "，", " , ")}, true},
	} {
		if got := SameArticle(tt.known, tt.met); got != tt.want {
			t.Errorf("%s: %t", tt.name, got)
		}
		if got := SameArticle(tt.met, tt.known); got != tt.want {
			t.Errorf("%s, the other way: %t", tt.name, got)
		}
	}
}

// FuzzSameArticle: every article is the same as itself, whatever its title is and whatever stands behind its text, and neither comes first.
func FuzzSameArticle(f *testing.F) {
	f.Add("T", "a text that is long enough to be compared", "U", "another")
	f.Add("", "", "", "")
	f.Add("无题", "图\xff", "", "机器学习机器学习机器学习")
	f.Fuzz(func(t *testing.T, title, text, otherTitle, other string) {
		a, b := Article{Title: title, Markdown: text}, Article{Title: otherTitle, Markdown: other}
		if !SameArticle(a, a) {
			t.Error("it is not itself")
		}
		if SameArticle(a, b) != SameArticle(b, a) {
			t.Error("it depends on which comes first")
		}
		if len(shingles(text)) > 0 && len([]rune(letters(text))) < maxShingles {
			if !SameArticle(a, Article{Title: otherTitle, Markdown: text}) {
				t.Error("another title makes it another one")
			}
			if !SameArticle(a, Article{Title: otherTitle, Markdown: text + "\n\n" + other}) {
				t.Error("more text makes it another one")
			}
		}
	})
}
