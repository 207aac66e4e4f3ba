package export

import (
	"bytes"
	"encoding/xml"
	"io"
	"math/rand/v2"
	"strings"
	"testing"

	"archiver"
)

// wellFormed reads a page as XML and checks what a book asks of it: ids that are unique, links inside that lead somewhere.
func wellFormed(t testing.TB, name string, page []byte) {
	t.Helper()
	d := xml.NewDecoder(bytes.NewReader(page))
	ids := map[string]bool{}
	var links []string
	for {
		token, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatalf("%s is not XML: %v\n%s", name, err, page)
		}
		element, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		attrs := map[xml.Name]bool{}
		for _, a := range element.Attr {
			if attrs[a.Name] {
				t.Fatalf("%s: <%s> has %s twice\n%s", name, element.Name.Local, a.Name.Local, page)
			}
			attrs[a.Name] = true
			switch {
			case a.Name.Local == "id":
				if ids[a.Value] || a.Value == "" || strings.ContainsAny(a.Value, " \t\n") {
					t.Fatalf("%s: bad or second id %q\n%s", name, a.Value, page)
				}
				ids[a.Value] = true
			case a.Name.Local == "href" && strings.HasPrefix(a.Value, "#"):
				links = append(links, a.Value[1:])
			case strings.HasPrefix(a.Name.Local, "on"), a.Name.Local == "src" && element.Name.Local != "content":
				t.Fatalf("%s: <%s> has %s\n%s", name, element.Name.Local, a.Name.Local, page)
			}
		}
	}
	for _, id := range links {
		if !ids[id] {
			t.Fatalf("%s: #%s leads nowhere\n%s", name, id, page)
		}
	}
}

// FuzzXHTML: whatever the HTML, the chapter is XML.
func FuzzXHTML(f *testing.F) {
	for _, a := range append(nasty(), small()...) {
		f.Add(a.Title, a.HTML)
	}
	for i := range 200 {
		f.Add("x", randomHTML(rand.New(rand.NewPCG(uint64(i), 2))))
	}
	f.Fuzz(func(t *testing.T, title, source string) {
		var b bytes.Buffer
		a := archiver.Article{URL: "https://x.example/", Title: title, Authors: []string{title}, HTML: source}
		writeChapter(&b, &a, languageOf(&a))
		wellFormed(t, "chapter", b.Bytes())
	})
}

// fuzzedBooks are articles of random HTML.
func fuzzedBooks(n int) Articles {
	return func(yield func(archiver.Article, error) bool) {
		for i := range n {
			var body strings.Builder
			for part := range 6 {
				body.WriteString(randomHTML(rand.New(rand.NewPCG(uint64(i), uint64(part)))))
			}
			if !yield(article(i, "random", body.String()), nil) {
				return
			}
		}
	}
}

var tags = strings.Fields(`p h1 h2 h6 blockquote pre ul ol li dl dt dd figure figcaption hr div section details summary table caption
	thead tbody tfoot tr th td a em strong del ins code kbd mark sub sup small q cite abbr ruby rb rt rp br span img
	b i s u center font svg math form custom-x video button label colgroup col template main`)

var attributes = []string{` id="a"`, ` id="b c"`, ` id="中"`, ` id="1"`, ` href="#a"`, ` href="#b c"`, ` href="#中"`, ` href="#1"`, ` href="#z"`,
	` href="https://x.example/?a=b&c"`, ` class="footnote-ref"`, ` class="footnote-back"`, ` class="math inline"`, ` class="math display"`, ` class="footnotes"`, ` class="task done"`,
	` class="language-go"`, ` lang="zh"`, ` lang="--"`, ` dir="rtl"`, ` title='"<&>'`, ` src="https://x.example/a.png"`, ` alt="图"`, ` start="3"`, ` reversed`,
	` value="2"`, ` colspan="2"`, ` rowspan="3"`, ` scope="col"`, ` style="text-align: left"`, ` style="x"`, ` open`, ` onclick="x"`}

// randomHTML is a few dozen tags of any kind in any order, some closed.
func randomHTML(r *rand.Rand) string {
	var b strings.Builder
	var open []string
	for range 5 + r.IntN(60) {
		switch r.IntN(6) {
		case 0, 1, 2:
			tag := tags[r.IntN(len(tags))]
			b.WriteString("<" + tag)
			for range r.IntN(4) {
				b.WriteString(attributes[r.IntN(len(attributes))])
			}
			b.WriteString(">")
			open = append(open, tag)
		case 3:
			b.WriteString([]string{"文字", " ", "a < b & c", "\n", "x"}[r.IntN(5)])
		case 4:
			if len(open) > 0 {
				b.WriteString("</" + open[len(open)-1] + ">")
				open = open[:len(open)-1]
			}
		case 5:
			b.WriteString("</" + tags[r.IntN(len(tags))] + ">")
		}
	}
	return b.String()
}
