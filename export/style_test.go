package export

import (
	"regexp"
	"strings"
	"testing"

	"archiver"
)

func TestStyle(t *testing.T) {
	for css, want := range map[string]string{
		"p { color: red }":                                            "p { color: red }",
		`@import url("http://x.example/a.css"); p{}`:                  " p{}",
		`@IMPORT 'a;b.css' screen; p{}`:                               " p{}",
		`@\69mport "x"; p{}`:                                          " p{}",
		`p { background: url(http://x.example/a.png) no-repeat }`:     "p { background: none no-repeat }",
		`p { background: u\72l( "a)b" ) }`:                            "p { background: none }",
		`p { background: U\000052 L('x') }`:                           "p { background: none }",
		`p { background: -webkit-image-set("a" 1x, url(b) 2x) ; x:y}`: "p { background: none ; x:y}",
		`p::before { content: "url(x) }" }`:                           `p::before { content: "url(x) }" }`,
		"@charset \"utf-8\"; a{}/* url(x) */b{}":                      " a{} b{}",
		"@media screen { p { margin: 0 } }":                           "@media screen { p { margin: 0 } }",
		"} p{}":                                                       " p{}",
		"\ufeffp{}":                                                   "p{}",
		"":                                                            "",
	} {
		got, err := styleOf([]byte(css))
		if err != nil || string(got) != want {
			t.Errorf("styleOf(%q) = %q, %v, want %q", css, got, err, want)
		}
	}
	for _, css := range []string{"p {", "p { a: b } } q {", "\xff"} {
		if _, err := styleOf([]byte(css)); archiver.KindOf(err) != archiver.Invalid {
			t.Errorf("styleOf(%q): %v", css, err)
		}
	}
	book := parts(t, export(t, "epub", articlesOf(small()...), Options{Style: []byte("p { color: red }")}))
	if css := book["EPUB/book.css"]; !strings.HasPrefix(css, string(stylesheet)) || !strings.HasSuffix(css, "p { color: red }") {
		t.Errorf("the book's style ends with %q", css[len(css)-50:])
	}
}

var reaches = regexp.MustCompile(`(?i)\burl\(|@import`)

// FuzzStyle: whatever the CSS, nothing in what is left of it loads anything.
func FuzzStyle(f *testing.F) {
	for _, css := range []string{`@import "x";`, `a{b:u\72l(x)}`, `a{b:"url(x)"}`, `u\0000rl(`, "/**/u/**/rl(x)", `\`, `"`, `@\`, `@im/**/port "x";`, "url(url(x)url(x)", `u\
rl(x)`, `@@import "x";`} {
		f.Add(css)
	}
	quotes := regexp.MustCompile(`"(\\(?s:.)|[^"\\])*"|'(\\(?s:.)|[^'\\])*'`)
	f.Fuzz(func(t *testing.T, css string) {
		once, err := styleOf([]byte(css))
		if err != nil {
			return
		}
		if left := reaches.FindString(quotes.ReplaceAllString(string(once), `""`)); left != "" {
			t.Errorf("%q leaves %q in %q", css, left, once)
		}
	})
}
