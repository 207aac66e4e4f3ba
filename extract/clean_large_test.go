package extract

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// largePage and longest: a page of so many bytes is cleaned and written as Markdown within a second or two, whatever it holds.
// The bound is far above that, for busy machines, and far below what work that grows with the square of the size takes.
const (
	largePage = 1 << 19
	longest   = 8 * time.Second
)

// TestLargePages takes what is short, and costly where each piece looks at all that came before it or comes after it.
func TestLargePages(t *testing.T) {
	for _, piece := range []string{
		"<sup>1</sup>", "$x$ ", `\(`, `\begin{matrix}`, "<strong>重要。</strong>后", "<del>~</del>", "<sup><a href=#fn1 id=r1>1</a></sup>", "<p>$",
		"(\\alpha ", "<h2>注释</h2><ol><li>a</ol>", "<math><mi>x</mi></math>", "<a href=/a-1x1.png><img src=/a.png>",
	} {
		t.Run(piece, func(t *testing.T) {
			start := time.Now()
			tree := cleanHTML(t, strings.Repeat(piece, largePage/len(piece))+"<p>the end")
			md := markdownOf(t, tree)
			if took := time.Since(start); took > longest {
				t.Errorf("%v for %d bytes", took, largePage)
			}
			if text := plainText(tree); !strings.Contains(text, "the end") || !strings.Contains(md, "the end") {
				t.Error("the end is lost")
			}
		})
	}
}

// TestDeepPages nests elements deeper than a parser goes: the text stays.
func TestDeepPages(t *testing.T) {
	for _, piece := range []string{"<div>", "<b>", "<ul><li>", "<math><mrow>"} {
		for _, depth := range []int{600, 1_000_000} {
			t.Run(fmt.Sprint(piece, depth), func(t *testing.T) {
				tree := cleanHTML(t, "<p>first words"+strings.Repeat(piece, depth)+"last words")
				md := markdownOf(t, tree)
				for _, want := range []string{"first words", "last words"} {
					if !strings.Contains(plainText(tree), want) || !strings.Contains(md, want) {
						t.Errorf("%q is lost", want)
					}
				}
			})
		}
	}
}
