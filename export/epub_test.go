package export

import (
	"archive/zip"
	"bytes"
	"flag"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"archiver"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files anew")

// parts are the files of a book.
func parts(t testing.TB, epub []byte) map[string]string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(epub), int64(len(epub)))
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		if _, twice := all[f.Name]; twice {
			t.Errorf("%s is in the book twice", f.Name)
		}
		all[f.Name] = string(content)
	}
	return all
}

func TestEPUBGolden(t *testing.T) {
	got := parts(t, export(t, "epub", articlesOf(small()...), Options{Sources: []archiver.Source{source}}))
	dir := filepath.Join("testdata", "small.epub")
	if *update {
		if err := os.RemoveAll(dir); err != nil {
			t.Fatal(err)
		}
		for name, content := range got {
			file := filepath.Join(dir, filepath.FromSlash(name))
			if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(file, []byte(content), 0o666); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(got)) {
		want, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), got[name]); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// TestEPUBBegins: readers tell a book by bytes at fixed places of its first entry.
func TestEPUBBegins(t *testing.T) {
	book := export(t, "epub", articlesOf(small()...), Options{})
	want := "PK\x03\x04\x14\x00\x00\x00\x00\x00"
	if !bytes.HasPrefix(book, []byte(want)) || string(book[26:30]) != "\x08\x00\x00\x00" || string(book[30:58]) != "mimetypeapplication/epub+zip" {
		t.Errorf("the book begins with %q", book[:58])
	}
}

func TestEPUBOfNastyArticles(t *testing.T) {
	all := parts(t, export(t, "epub", articlesOf(nasty()...), Options{Title: nasty()[0].Title, Sources: []archiver.Source{source}}))
	for name, content := range all {
		if name != "mimetype" && !strings.HasSuffix(name, ".css") {
			wellFormed(t, name, []byte(content))
		}
		for _, evil := range []string{"<script", "javascript:", "data:text", "file:", "onclick", "onload", "\x1b", "user:pw", "<svg", "<iframe"} {
			if strings.Contains(content, evil) {
				t.Errorf("%s holds %q", name, evil)
			}
		}
	}
	for _, name := range []string{"title.xhtml", "nav.xhtml", "toc.ncx", "package.opf"} {
		if strings.Contains(all["EPUB/"+name], "\u202e") {
			t.Errorf("%s turns the direction of what follows a title", name)
		}
	}
	chapter := func(n int) string { return all["EPUB/text/"+nasty()[n].ID+".xhtml"] }
	for n, texts := range [][]string{
		{"mitte", "rot", "custom", "both"},
		{`<a href="#a">a</a> <a href="#id-`, `</a> d top`},
	} {
		for _, text := range texts {
			if !strings.Contains(chapter(n), text) {
				t.Errorf("article %d lost %q:\n%s", n, text, chapter(n))
			}
		}
	}
	if !strings.Contains(chapter(10), "deep") || !strings.Contains(chapter(10), "<p>after</p>") {
		t.Errorf("the text of a page that nests too deep is lost:\n%s", chapter(10))
	}
}

// TestDuplicateIDs: two articles of one ID are two chapters.
func TestFormulaWithMathML(t *testing.T) {
	a := article(1, "公式", `<p>设 <span class="math inline"><math xmlns="http://www.w3.org/1998/Math/MathML"><semantics><mi>x</mi><annotation encoding="application/x-tex">\hat x &lt; 1</annotation></semantics></math></span> 为</p>`)
	book := export(t, "epub", articlesOf(a), Options{})
	want := `<p>设 <span class="math inline">\hat x &lt; 1</span> 为</p>`
	for name, text := range parts(t, book) {
		if strings.Contains(name, a.ID) || strings.Contains(text, "hat x") {
			if !strings.Contains(text, want) {
				t.Errorf("%s has no %s:\n%s", name, want, text)
			}
			return
		}
	}
	t.Error("the formula is gone")
}

func TestDuplicateIDs(t *testing.T) {
	a := small()[0]
	all := parts(t, export(t, "epub", articlesOf(a, a, archiver.Article{ID: "../x", URL: a.URL}), Options{}))
	n := 0
	for name := range all {
		if strings.HasPrefix(name, "EPUB/text/"+a.ID) {
			n++
		}
	}
	if n != 3 {
		t.Errorf("%d chapters, want 3: %v", n, slices.Sorted(maps.Keys(all)))
	}
}

func TestBookTitle(t *testing.T) {
	long := archiver.Source{Name: "long", Title: strings.Repeat("长", 500)}
	for _, tt := range []struct {
		opts Options
		want string
	}{
		{Options{Title: " My\nbook ", Sources: []archiver.Source{source}}, "My book"},
		{Options{Sources: []archiver.Source{source, {Name: "ml"}}}, "自然语言处理(NLP), ml"},
		{Options{Title: "\u200f"}, "示例博客"},
		{Options{}, "示例博客"},
		{Options{Sources: []archiver.Source{long}}, strings.Repeat("长", maxBookTitle-1) + "…"},
	} {
		opf := parts(t, export(t, "epub", articlesOf(small()...), tt.opts))["EPUB/package.opf"]
		if !strings.Contains(opf, "<dc:title>"+tt.want+"</dc:title>") {
			t.Errorf("%+v: title is not %q in\n%s", tt.opts, tt.want, opf[:600])
		}
	}
}

func TestAddress(t *testing.T) {
	for raw, want := range map[string]string{
		"https://x.example/a?b=1&c=2#d":      "https://x.example/a?b=1&c=2#d",
		"HTTP://X.example":                   "http://X.example/",
		"http://u:p@x.example:8080/":         "http://x.example:8080/",
		"https://x.example/中 文":              "https://x.example/%E4%B8%AD%20%E6%96%87",
		"https://x.example/%e4%b8?q=[1]|{2}": "https://x.example/%e4%b8?q=%5B1%5D%7C%7B2%7D",
		"http://[2001:DB8::1]/":              "http://[2001:DB8::1]/",
		"mailto:a@b.example":                 "mailto:a@b.example",
		"mailto:nobody":                      "",
		"javascript:alert(1)":                "",
		"java\nscript:alert(1)":              "",
		"data:text/html,x":                   "",
		"/relative":                          "",
		"//x.example/":                       "",
		"http://":                            "",
		"http://a b/":                        "",
		"http://-x/":                         "",
		"":                                   "",
	} {
		if got := address(raw); got != want {
			t.Errorf("address(%q) = %q, want %q", raw, got, want)
		}
	}
}

func TestLanguage(t *testing.T) {
	for _, tt := range []struct{ tag, title, want string }{
		{"zh-CN", "", "zh-CN"}, {"zh_Hant_TW", "", "zh-Hant-TW"}, {"EN", "", "EN"}, {"", "中文", "zh"}, {"", "日本の本", "ja"}, {"", "한국어", "ko"},
		{"x", "English", ""}, {"i-klingon", "", ""}, {"zh-", "", ""}, {"", "", ""},
	} {
		if got := languageOf(&archiver.Article{Language: tt.tag, Title: tt.title}); got != tt.want {
			t.Errorf("language of %q, %q = %q, want %q", tt.tag, tt.title, got, tt.want)
		}
	}
	for tag, want := range map[string]bool{"ar": true, "he-IL": true, "fa": true, "az-Arab": true, "ar-Latn": false, "zh": false, "": false, "arn": false} {
		if got := rightToLeft(tag); got != want {
			t.Errorf("rightToLeft(%q) = %v", tag, got)
		}
	}
}

func TestASCIIHost(t *testing.T) {
	// The samples are those of RFC 3492, 7.1, where they hold no capital letter.
	for host, want := range map[string]string{
		"x.example":            "x.example",
		"例子.example":           "xn--fsqu00a.example",
		"bücher.example":       "xn--bcher-kva.example",
		"BU\u0308CHER.example": "xn--bcher-kva.example",
		"他们为什么不说中文":            "xn--ihqwcrb4cv8a8dqg056pqjye",
		"なぜみんな日本語を話してくれないのか":       "xn--n8jok5ay5dzabd5bym9f0cm5685rrjetr6pdxa",
		"세계의모든사람들이한국어를이해한다면얼마나좋을까": "", // a label has 63 characters at most
		"afö": "xn--af-gka",
	} {
		if got := asciiHost(host); got != want {
			t.Errorf("asciiHost(%q) = %q, want %q", host, got, want)
		}
	}
}
