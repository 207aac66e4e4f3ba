package export

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"archiver"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

const lecture = `开头一段，没有标题。

# 一、检索 \#1

## **意图**识别与 ` + "`code`" + `

第一句。第二句！第三句？（括号里。）第四句。

` + "```go\n# no heading\n\nfunc main() {\n\tfmt.Println(\"你好。世界。\")\n}\n```" + `

- 一
- 二

  ` + "```\n  inner\n\n  still\n  ```" + `

## [链接](https://x.example/a_b) $a_b$

$$
E = mc^2 \\
x。y
$$

行内公式 $\text{甲。乙。丙}$ 与 ` + "`a. B. C`" + ` 之后。The end. Another one.

# 二

| 模型 | 参数 |
|---|---|
| GLM | 130B |
`

func lectureArticle() archiver.Article {
	a := article(90, "讲义", "<p>x</p>")
	a.Markdown = lecture
	return a
}

func TestPieces(t *testing.T) {
	type piece struct {
		Headings []string
		Text     string
	}
	var got []piece
	for _, p := range Pieces(lectureArticle(), 1000, 0) {
		got = append(got, piece{p.Headings, p.Text})
	}
	i, j, k := strings.Index(lecture, "# 一"), strings.Index(lecture, "## [链"), strings.Index(lecture, "# 二")
	want := []piece{
		{nil, strings.TrimSpace(lecture[:i])},
		{[]string{"一、检索 #1", "意图识别与 code"}, strings.TrimSpace(lecture[i:j])},
		{[]string{"一、检索 #1", "链接 $a_b$"}, strings.TrimSpace(lecture[j:k])},
		{[]string{"二"}, strings.TrimSpace(lecture[k:])},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("pieces (-want +got):\n%s", diff)
	}
}

// TestPiecesAreCutWherePeopleWould: between blocks where that fits, between sentences where not, and never in code or a formula.
func TestPiecesAreCutWherePeopleWould(t *testing.T) {
	for _, tt := range []struct {
		name, text    string
		most, overlap int
		want          []string
	}{
		{"blocks", "one two.\n\nthree four.\n\nfive six.\n", 24, 0, []string{"one two.\n\nthree four.", "five six."}},
		{"sentences", "第一句话。第二句话。第三句话。", 11, 0, []string{"第一句话。第二句话。", "第三句话。"}},
		{"repeated sentences", "第一句话。第二句话。第三句话。第四句话。", 11, 5, []string{"第一句话。第二句话。", "第二句话。第三句话。", "第三句话。第四句话。"}},
		{"words", "alpha beta gamma delta", 12, 0, []string{"alpha beta", "gamma delta"}},
		{"letters", "一二三四五六七八九十", 4, 0, []string{"一二三四", "五六七八", "九十"}},
		{"a formula in a line", "一二三四 $a+b+c。d$ 五六", 14, 0, []string{"一二三四 $a+b+c。d$", "五六"}},
		{"a formula that does not fit beside its words", "一二三四五六 $a+b+c。d$ 七", 14, 0, []string{"一二三四五六", "$a+b+c。d$ 七"}},
		{"code that fits", "aaaa\n\n```\n1\n\n2\n3\n```\n\nbbbb\n", 14, 0, []string{"aaaa", "```\n1\n\n2\n3\n```", "bbbb"}},
		{"code that fits without what is repeated", "第一句。\n\n```\n1\n\n2\n3\n```\n\nb\n", 14, 7, []string{"第一句。", "```\n1\n\n2\n3\n```", "b"}},
		{"code that is too long", "```\nfirst line\nsecond line\nthird line\n```\n", 24, 0, []string{"```\nfirst line", "second line\nthird line", "```"}},
		{"code in a quote", "> ```\n> a\n>\n> b\n> ```\n> end of it\n", 22, 0, []string{"> ```\n> a\n>\n> b\n> ```", "> end of it"}},
		{"a heading goes with its text", "# A\n\n## B\n\ntext\n", 100, 0, []string{"# A\n\n## B\n\ntext"}},
		{"a heading alone", "text\n\n# A\n", 100, 0, []string{"text", "# A"}},
		{"nothing", "\n \n", 100, 0, nil},
		{"a list", "- one\n- two\n- three\n- four\n", 12, 0, []string{"- one\n- two", "- three", "- four"}},
	} {
		var got []string
		a := article(1, "x", "")
		a.Markdown = tt.text
		for _, p := range Pieces(a, tt.most, tt.overlap) {
			got = append(got, p.Text)
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}

// lawsOfPieces are what holds whatever the text.
func lawsOfPieces(t *testing.T, text string, most, overlap int) {
	t.Helper()
	a := archiver.Article{ID: "0123456789ab", URL: "https://x.example/", Markdown: text}
	pieces := Pieces(a, most, overlap)
	text = strings.ToValidUTF8(text, "\uFFFD")
	runes := []rune(text)
	ids := map[string]bool{}
	covered := make([]bool, len(runes))
	before := Piece{}
	for i, p := range pieces {
		if n := utf8.RuneCountInString(p.Text); n > most || n == 0 {
			t.Errorf("a piece of %d characters, at most %d: %q", n, most, p.Text)
		}
		if p.Start < 0 || p.End > len(runes) || p.Start >= p.End || string(runes[p.Start:p.End]) != p.Text {
			t.Fatalf("piece %d is not the text from %d to %d: %q", i+1, p.Start, p.End, p.Text)
		}
		if ids[p.ID] || p.Piece != i+1 || p.Pieces != len(pieces) {
			t.Errorf("piece %d of %d calls itself %s, %d of %d", i+1, len(pieces), p.ID, p.Piece, p.Pieces)
		}
		ids[p.ID] = true
		if i > 0 && (p.Start <= before.Start || p.End <= before.End || before.End-p.Start > overlap) {
			t.Errorf("piece %d from %d to %d comes after %d to %d, overlap %d", i+1, p.Start, p.End, before.Start, before.End, overlap)
		}
		for j := p.Start; j < p.End; j++ {
			covered[j] = true
		}
		before = p
	}
	for i, r := range runes {
		if !covered[i] && !unicode.IsSpace(r) {
			t.Fatalf("the character %q at %d is in no piece", r, i)
		}
	}
	for _, s := range sectionsOf(text) {
		for _, solid := range s.solid {
			if !fits(text[solid.start:solid.end], most) {
				continue
			}
			first := utf8.RuneCountInString(text[:solid.start])
			last := first + utf8.RuneCountInString(strings.TrimRight(text[solid.start:solid.end], " \t\r\n"))
			for _, p := range pieces {
				if p.Start > first && p.Start < last || p.End > first && p.End < last {
					t.Errorf("the piece from %d to %d cuts %q", p.Start, p.End, text[solid.start:solid.end])
				}
			}
		}
	}
}

func FuzzPieces(f *testing.F) {
	f.Add(lecture, 20, 5)
	f.Add(syntheticArticle(1).Markdown, 300, 100)
	f.Add(strings.Repeat("- a `b. C` $x$ \\$ \\` ```\n> $$\n> y\n$$\n\n", 10), 100, 50)
	f.Add("# \xff\n\n\r\n# a #\n```\n# b", 3, 1)
	f.Fuzz(func(t *testing.T, text string, most, overlap int) {
		if most < 1 || most > 5000 || overlap < 0 || overlap > most/2 || len(text) > 20_000 {
			t.Skip()
		}
		lawsOfPieces(t, text, most, overlap)
	})
}

func TestPiecesOfAnyLength(t *testing.T) {
	for most := 1; most < 400; most += 7 {
		for _, overlap := range []int{0, most / 10, most / 2} {
			lawsOfPieces(t, lecture, most, overlap)
			lawsOfPieces(t, syntheticArticle(most).Markdown, most, overlap)
		}
	}
}

// TestPiecesKeepTheirNames: a change under one heading leaves the names under the others.
func TestPiecesKeepTheirNames(t *testing.T) {
	before := Pieces(lectureArticle(), 100, 20)
	changed := lectureArticle()
	changed.Markdown = "新的开头。\n\n" + strings.Replace(changed.Markdown, "第二句！", "改过的第二句！", 1)
	kept := map[string]bool{}
	for _, p := range Pieces(changed, 100, 20) {
		kept[p.ID] = true
	}
	for _, p := range before {
		if touched := p.Headings == nil || strings.Contains(p.Text, "第二句！"); kept[p.ID] == touched {
			t.Errorf("kept %v: %q", kept[p.ID], p.Text)
		}
	}
}

func TestPiecesKeepTheSchema(t *testing.T) {
	f, err := os.Open(filepath.Join("..", "docs", "chunk.schema.json"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	document, err := jsonschema.UnmarshalJSON(f)
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("chunk.schema.json", document); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("chunk.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	if got, want := len(s.Properties), reflect.TypeFor[Piece]().NumField(); got != want {
		t.Errorf("the schema has %d keys, the object %d", got, want)
	}
	var all []archiver.Article
	for i, odd := range oddlyTitled() {
		odd.Markdown = "# " + odd.Title + "\n\n" + syntheticArticle(i).Markdown
		all = append(all, odd)
	}
	all = append(append(all, small()...), lectureArticle(), archiver.Article{ID: "0123456789ab", URL: "https://x.example/", Markdown: "x"},
		archiver.Article{ID: "0123456789ac", URL: "https://x.example/2", State: archiver.ArticleProtected})
	lines := 0
	for line := range bytes.Lines(export(t, "jsonl", articlesOf(all...), Options{Chunk: 200, Overlap: 30})) {
		lines++
		v, err := jsonschema.UnmarshalJSON(bytes.NewReader(line))
		if err == nil {
			err = s.Validate(v)
		}
		if err != nil {
			t.Errorf("%v\n%.300s", err, line)
		}
		if !json.Valid(line) {
			t.Errorf("not JSON: %.300s", line)
		}
	}
	if lines < len(all) {
		t.Errorf("%d lines of %d articles", lines, len(all))
	}
	for _, bad := range []string{`{"id":"0123456789ab-0123456789abcdef","article":"0123456789ab","url":"https://x.example/","piece":0,"pieces":1,"start":0,"end":1,"text":"x"}`,
		`{"id":"0123456789ab-0123456789abcdef","article":"0123456789ab","url":"https://x.example/","piece":1,"pieces":1,"start":0,"end":1}`} {
		if v, err := jsonschema.UnmarshalJSON(strings.NewReader(bad)); err != nil || s.Validate(v) == nil {
			t.Errorf("passes: %s", bad)
		}
	}
}

func TestPiecesThatCannotBe(t *testing.T) {
	jsonl, _ := Lookup("jsonl")
	for _, opts := range []Options{{Chunk: 10}, {Chunk: -1}, {Chunk: 200, Overlap: 101}, {Chunk: 200, Overlap: -1}, {Overlap: 10}} {
		var b bytes.Buffer
		if _, err := jsonl.Write(context.Background(), &b, articlesOf(small()...), opts); archiver.KindOf(err) != archiver.Invalid || b.Len() > 0 {
			t.Errorf("%d and %d: %v, %d bytes", opts.Chunk, opts.Overlap, err, b.Len())
		}
	}
}
