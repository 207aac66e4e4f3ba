package extract

import (
	"os"
	"strings"
	"testing"

	"archiver"
)

// BenchmarkClean is what a page costs from its body to all that is stored of it: about 30 KB of Chinese text, headings, code, formulas
// and a table.
func BenchmarkClean(b *testing.B) {
	in, err := os.ReadFile("testdata/clean/long.in.html")
	if err != nil {
		b.Fatal(err)
	}
	fragment := strings.Repeat(string(in), 30<<10/len(in)+1)
	doc, err := parse(&archiver.Page{URL: cleanPage, Text: fragment})
	if err != nil {
		b.Fatal(err)
	}
	nodes := bodyNodes(doc.Nodes[0])
	b.Run("clean", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			clean(nodes, doc)
		}
	})
	tree := clean(nodes, doc)
	b.Run("render", func(b *testing.B) {
		for b.Loop() {
			renderHTML(tree)
		}
	})
	b.Run("markdown", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := toMarkdown(tree); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("plain", func(b *testing.B) {
		for b.Loop() {
			countWords(plainText(tree))
		}
	})
	b.Run("all", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			tree := clean(nodes, doc)
			renderHTML(tree)
			countWords(plainText(tree))
			if _, err := toMarkdown(tree); err != nil {
				b.Fatal(err)
			}
		}
	})
}
