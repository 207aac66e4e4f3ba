package extract

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// A page of largePage bytes takes not much more than growth times as long as one of an eighth: work that grows with the square of
// the size takes 64 times as long, work that grows with the size 8 times. Less than quickly is too short to be compared.
const (
	largePage = 1 << 18
	growth    = 24
	quickly   = 10 * time.Millisecond
)

// TestLargePages takes what is short, and costly where each piece looks at all that came before it or comes after it.
func TestLargePages(t *testing.T) {
	for _, piece := range []string{
		"<sup>1</sup>", "$x$ ", `\(`, `\begin{matrix}`, "<strong>重要。</strong>后", "<del>~</del>", "<sup><a href=#fn1 id=r1>1</a></sup>", "<p>$",
		"(\\alpha ", "<h2>注释</h2><ol><li>a</ol>", "<math><mi>x</mi></math>", "<a href=/a-1x1.png><img src=/a.png>",
	} {
		t.Run(piece, func(t *testing.T) {
			read := func(size int) time.Duration {
				start := time.Now()
				tree := cleanHTML(t, strings.Repeat(piece, size/len(piece))+"<p>the end")
				md := markdownOf(t, tree)
				took := time.Since(start)
				if text := plainText(tree); !strings.Contains(text, "the end") || !strings.Contains(md, "the end") {
					t.Error("the end is lost")
				}
				return took
			}
			// A busy machine may stop one reading for a while, not each of three.
			for try := 1; ; try++ {
				small, large := read(largePage/8), read(largePage)
				if large <= growth*max(small, quickly) {
					break
				}
				if try == 3 {
					t.Fatalf("%v for %d bytes, and %v for an eighth", large, largePage, small)
				}
			}
		})
	}
}

// TestDeepPages nests elements deeper than a parser goes: the text stays.
func TestDeepPages(t *testing.T) {
	const justTooDeep, deep, deepest = 600, 50_000, 1_000_000
	tests := []struct {
		piece string
		depth int
	}{
		{"<div>", justTooDeep}, {"<div>", deepest}, {"<b>", justTooDeep}, {"<b>", deepest},
		{"<ul><li>", justTooDeep}, {"<ul><li>", deep}, {"<math><mrow>", justTooDeep}, {"<math><mrow>", deep},
	}
	for _, tt := range tests {
		t.Run(fmt.Sprint(tt.piece, tt.depth), func(t *testing.T) {
			tree := cleanHTML(t, "<p>first words"+strings.Repeat(tt.piece, tt.depth)+"last words")
			md := markdownOf(t, tree)
			for _, want := range []string{"first words", "last words"} {
				if !strings.Contains(plainText(tree), want) || !strings.Contains(md, want) {
					t.Errorf("%q is lost", want)
				}
			}
		})
	}
}
