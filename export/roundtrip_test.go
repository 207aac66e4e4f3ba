package export

import (
	"bufio"
	"bytes"
	"encoding/json"
	"flag"
	"html"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"

	"archiver"

	"github.com/google/go-cmp/cmp"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	rendererhtml "github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
	nethtml "golang.org/x/net/html"
)

// leastF1 is how much of an article's text a reader of its Markdown must see, and how little else.
const leastF1 = 0.995

var articlesFile = flag.String("articles", "", "a `FILE` of JSON Lines whose articles are written as Markdown and read back")

// TestMarkdownReadsBack shows files of articles through a CommonMark reader: text, code blocks and formulas are those of the HTML.
func TestMarkdownReadsBack(t *testing.T) {
	articles := cleaned(t)
	if *articlesFile != "" {
		articles = append(articles, fromLines(t, *articlesFile)...)
	}
	reader := markdownReader()
	worst := 1.0
	codes, formulas := 0, 0
	for _, a := range articles {
		dir := t.TempDir()
		exportFolder(t, dir, Options{}, a)
		var file string
		for _, content := range folderOf(t, dir) {
			file = content
		}
		_, body, _ := strings.Cut(strings.TrimPrefix(file, "---\n"), "\n---\n")
		var shown bytes.Buffer
		if err := reader.Convert([]byte(body), &shown); err != nil {
			t.Fatal(err)
		}
		want, got := seenIn(t, a.HTML), seenIn(t, shown.String())
		if f1 := f1(want.words, got.words); f1 < leastF1 {
			t.Errorf("%s: text F1 %.4f (-want +got):\n%s", a.Title, f1, cmp.Diff(want.words, got.words))
		} else {
			worst = min(worst, f1)
		}
		if diff := cmp.Diff(want.code, got.code); diff != "" {
			t.Errorf("%s: code (-want +got):\n%s", a.Title, diff)
		}
		if diff := cmp.Diff(want.formulas, got.formulas); diff != "" {
			t.Errorf("%s: formulas (-want +got):\n%s", a.Title, diff)
		}
		codes, formulas = codes+len(want.code), formulas+len(want.formulas)
	}
	t.Logf("%d articles, %d code blocks, %d formulas, worst text F1 %.4f", len(articles), codes, formulas, worst)
}

// cleaned are the golden pairs of clean HTML and Markdown.
func cleaned(t *testing.T) (articles []archiver.Article) {
	names, err := filepath.Glob(filepath.Join("..", "extract", "testdata", "clean", "*.out.html"))
	if err != nil || len(names) < 10 {
		t.Fatalf("golden pairs: %q, %v", names, err)
	}
	for i, name := range names {
		a := article(i, filepath.Base(name), "")
		page, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		markdown, err := os.ReadFile(strings.TrimSuffix(name, ".html") + ".md")
		if err != nil {
			t.Fatal(err)
		}
		a.HTML, a.Markdown = string(page), string(markdown)
		articles = append(articles, a)
	}
	return articles
}

func fromLines(t *testing.T, name string) (articles []archiver.Article) {
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 64<<20)
	for lines.Scan() {
		var a archiver.Article
		if err := json.Unmarshal(lines.Bytes(), &struct {
			URL, Title, HTML, Markdown *string
		}{&a.URL, &a.Title, &a.HTML, &a.Markdown}); err != nil {
			t.Fatal(err)
		}
		a.ID = archiver.ArticleID(a.URL)
		articles = append(articles, a)
	}
	if lines.Err() != nil || len(articles) == 0 {
		t.Fatalf("%s: %d articles, %v", name, len(articles), lines.Err())
	}
	return articles
}

// seen is what a reader of a text has before the eyes.
type seen struct {
	words          map[string]int
	code, formulas []string
}

func seenIn(t *testing.T, page string) seen {
	t.Helper()
	doc, err := nethtml.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	s := seen{words: map[string]int{}}
	var walk func(n *nethtml.Node)
	walk = func(n *nethtml.Node) {
		switch {
		case n.Type == nethtml.TextNode:
			countWords(n.Data, s.words)
			return
		case n.Type == nethtml.ElementNode && n.Data == "pre" && !hasClass(n, "verse"):
			s.code = append(s.code, strings.TrimSuffix(textOf(n), "\n"))
		case n.Type == nethtml.ElementNode && hasClass(n, "math"):
			tex := textOf(n)
			if a := annotation(n); a != nil {
				tex = textOf(a)
			}
			for _, pair := range [...]string{`\(\)`, `\[\]`} {
				if len(tex) >= 4 && strings.HasPrefix(tex, pair[:2]) && strings.HasSuffix(tex, pair[2:]) {
					tex = tex[2 : len(tex)-2]
				}
			}
			tex = strings.Join(strings.Fields(tex), "") // white space means nothing in TeX, and a line of Markdown needs another
			s.formulas = append(s.formulas, tex)
			countWords(tex, s.words)
			return
		}
		for c := range n.ChildNodes() {
			walk(c)
		}
	}
	walk(doc)
	slices.Sort(s.formulas) // those of footnotes stand elsewhere
	return s
}

// countWords counts words; a character of Han, Kana or Hangul is one.
func countWords(s string, count map[string]int) {
	start := -1
	for i, r := range s + " " {
		letter := unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) && !unicode.Is(unicode.Variation_Selector, r)
		alone := unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul)
		if start >= 0 && (!letter || alone) {
			count[s[start:i]]++
			start = -1
		}
		if alone {
			count[string(r)]++
		} else if letter && start < 0 {
			start = i
		}
	}
}

func f1(want, got map[string]int) float64 {
	both, all := 0, 0
	for word, n := range want {
		both += min(n, got[word])
		all += n
	}
	for _, n := range got {
		all += n
	}
	if all == 0 {
		return 1
	}
	return 2 * float64(both) / float64(all)
}

// markdownReader reads as note programs do: GFM, footnotes, and TeX between dollar signs.
func markdownReader() goldmark.Markdown {
	return goldmark.New(
		goldmark.WithExtensions(extension.Table, extension.Strikethrough, extension.Footnote, extension.TaskList),
		goldmark.WithParserOptions(parser.WithInlineParsers(util.Prioritized(dollars{}, 50))),
		goldmark.WithRendererOptions(rendererhtml.WithUnsafe()),
	)
}

// dollars reads a formula and shows its TeX.
type dollars struct{}

func (dollars) Trigger() []byte { return []byte{'$'} }

func (dollars) Parse(parent ast.Node, block text.Reader, _ parser.Context) ast.Node {
	sign := "$"
	if line, _ := block.PeekLine(); bytes.HasPrefix(line, []byte("$$")) {
		sign = "$$"
	}
	row, at := block.Position()
	block.Advance(len(sign))
	var tex []byte
	for {
		line, _ := block.PeekLine()
		if line == nil {
			block.SetPosition(row, at)
			return nil
		}
		for i := 0; i < len(line); i++ {
			if line[i] == '\\' {
				i++
				continue
			}
			if !bytes.HasPrefix(line[i:], []byte(sign)) {
				continue
			}
			block.Advance(i + len(sign))
			shown := string(append(tex, line[:i]...))
			if parent.Kind() == extast.KindTableCell { // a pipe is escaped there, whatever it is in
				shown = strings.ReplaceAll(shown, `\|`, "|")
			}
			s := ast.NewString([]byte(`<span class="math">` + html.EscapeString(shown) + "</span>"))
			s.SetCode(true) // it is HTML already
			return s
		}
		tex = append(tex, line...)
		block.AdvanceLine()
		if sign == "$" {
			block.SetPosition(row, at)
			return nil
		}
	}
}
