package extract

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"archiver"

	"github.com/google/go-cmp/cmp"
	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	rendererhtml "github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
	"golang.org/x/net/html"
)

// A reader of Markdown as many note programs have it: GFM, footnotes, and TeX between dollar signs.
var reader = goldmark.New(
	goldmark.WithExtensions(extension.Table, extension.Strikethrough, extension.Footnote, extension.TaskList),
	goldmark.WithParserOptions(parser.WithInlineParsers(util.Prioritized(dollarParser{}, 50))),
	goldmark.WithRendererOptions(rendererhtml.WithUnsafe()),
)

// dollarParser leaves formulas as they are.
type dollarParser struct{}

func (dollarParser) Trigger() []byte { return []byte{'$'} }

func (dollarParser) Parse(_ ast.Node, block text.Reader, _ parser.Context) ast.Node {
	line, _ := block.PeekLine()
	sign := "$"
	if bytes.HasPrefix(line, []byte("$$")) {
		sign = "$$"
	} else if len(line) < 2 || line[1] == ' ' || line[1] == '\n' {
		return nil
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
			if sign == "$" && (i == 0 || line[i-1] == ' ' || i+1 < len(line) && isDigit(line[i+1])) {
				continue
			}
			tex = append(tex, line[:i]...)
			block.Advance(i + len(sign))
			s := ast.NewString(tex)
			s.SetRaw(true)
			return s
		}
		if sign == "$" {
			block.SetPosition(row, at)
			return nil
		}
		tex = append(tex, line...)
		block.AdvanceLine()
	}
}

// wordsOf is a text's letters and digits.
func wordsOf(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, s)
}

func parseFragment(t testing.TB, s string) *html.Node {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(s))
	if err != nil {
		t.Fatal(err)
	}
	root := &html.Node{Type: html.DocumentNode}
	for _, n := range bodyNodes(doc) {
		n.Parent.RemoveChild(n)
		root.AppendChild(n)
	}
	return root
}

// allowed is docs/HTML.md as another library's policy.
var allowed = func() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements(strings.Fields(`p h1 h2 h3 h4 h5 h6 blockquote pre ul ol li dl dt dd figure figcaption hr section details summary table caption thead
tbody tfoot tr th td em strong del ins code kbd mark sub sup small q cite abbr ruby rb rt rp br span img a`)...)
	p.AllowNoAttrs().Globally()
	p.AllowNoAttrs().OnElements(strings.Fields(`semantics mi mn mo mtext ms mspace mrow mphantom merror msqrt mpadded mstyle mfrac mroot msub msup msubsup
munder mover munderover mtable mtr mtd`)...)
	p.AllowAttrs("xmlns", "display").OnElements("math")
	p.AllowAttrs("encoding").OnElements("annotation")
	for name, may := range markupElements {
		if may.attr != "" {
			p.AllowAttrs(strings.Fields(may.attr)...).OnElements(name)
		}
	}
	p.AllowAttrs("href").OnElements("a")
	p.AllowAttrs("src", "alt", "width", "height").OnElements("img")
	p.AllowAttrs("title").OnElements("a", "img", "abbr")
	p.AllowAttrs("id", "lang", "dir").Globally()
	p.AllowAttrs("class").Matching(regexp.MustCompile(`^[A-Za-z0-9+#._ -]+$`)).OnElements("code", "span", "a", "section", "li", "pre")
	p.AllowAttrs("start", "reversed").OnElements("ol")
	p.AllowAttrs("value").OnElements("li")
	p.AllowAttrs("colspan", "rowspan", "scope").OnElements("td", "th")
	p.AllowStyles("text-align").MatchingEnum("left", "right", "center").OnElements("td", "th")
	p.AllowAttrs("open").OnElements("details")
	p.AllowURLSchemes("http", "https", "mailto")
	p.AllowRelativeURLs(true)
	p.RequireParseableURLs(true)
	return p
}()

// checkLaws holds a page's fragment against what is promised of every clean tree.
func checkLaws(t *testing.T, fragment string) {
	t.Helper()
	doc, err := parse(&archiver.Page{URL: cleanPage, Text: fragment})
	if err != nil {
		t.Skip()
	}
	var before bytes.Buffer
	if err := html.Render(&before, doc.Nodes[0]); err != nil {
		t.Skip()
	}
	tree := clean(bodyNodes(doc.Nodes[0]), doc)
	var after bytes.Buffer
	if err := html.Render(&after, doc.Nodes[0]); err != nil || !bytes.Equal(before.Bytes(), after.Bytes()) {
		t.Errorf("clean changed the page (%v)", err)
	}
	out := renderHTML(tree)

	if again := renderHTML(parseFragment(t, out)); again != out {
		t.Errorf("parsed and written again:\n%s", cmp.Diff(out, again))
	}
	if again := renderHTML(cleanHTML(t, out)); again != out {
		t.Errorf("cleaned again:\n%s", cmp.Diff(out, again))
	}
	if err := wellFormed(out); err != nil {
		t.Errorf("not well-formed: %v\n%s", err, out)
	}
	// The policy writes hosts of other scripts as bytes; that is no difference.
	if got, want := unescaped(renderHTML(parseFragment(t, allowed.Sanitize(out)))), unescaped(out); got != want {
		t.Errorf("not all is allowed:\n%s", cmp.Diff(want, got))
	}

	md := markdownOf(t, tree)
	if renderHTML(tree) != out {
		t.Error("toMarkdown changed the tree")
	}
	if md != "" && (strings.HasSuffix(md, "\n\n") || !strings.HasSuffix(md, "\n")) {
		t.Errorf("Markdown does not end with one line end: %q", md)
	}
	var shown bytes.Buffer
	if err := reader.Convert([]byte(md), &shown); err != nil {
		t.Fatal(err)
	}
	got, want := wordsOf(textOf(parseFragment(t, shown.String()))), wordsOf(plainText(tree))
	if got != want {
		t.Errorf("words of the Markdown as it is shown (-want +got):\n%s\n%s\n%s", cmp.Diff(want, got), out, md)
	}
}

var percentEscape = regexp.MustCompile(`%[0-9A-Fa-f]{2}`)

func unescaped(s string) string {
	return percentEscape.ReplaceAllStringFunc(s, func(e string) string { c, _ := url.PathUnescape(e); return c })
}

func wellFormed(s string) error {
	d := xml.NewDecoder(strings.NewReader("<x>" + s + "</x>"))
	for {
		if _, err := d.Token(); err != nil {
			if errors.Is(err, io.EOF) {
				return nil
			}
			return err
		}
	}
}

func TestCleanLaws(t *testing.T) {
	inputs, err := filepath.Glob("testdata/clean/*.in.html")
	if err != nil || len(inputs) == 0 {
		t.Fatalf("no inputs: %v", err)
	}
	for _, input := range inputs {
		t.Run(filepath.Base(input), func(t *testing.T) {
			in, err := os.ReadFile(input)
			if err != nil {
				t.Fatal(err)
			}
			checkLaws(t, string(in))
		})
	}
}

func FuzzClean(f *testing.F) {
	inputs, _ := filepath.Glob("testdata/clean/*.in.html")
	for _, input := range inputs {
		in, err := os.ReadFile(input)
		if err != nil {
			f.Fatal(err)
		}
		for line := range strings.SplitSeq(string(in), "\n") {
			f.Add(line)
		}
	}
	f.Fuzz(func(t *testing.T, fragment string) {
		if len(fragment) > 4000 {
			t.Skip()
		}
		// The text of a page is UTF-8 without control characters: fetching sees to it. Other bytes bring nothing down.
		if !utf8.ValidString(fragment) || strings.ContainsFunc(fragment, isForbidden) {
			markdownOf(t, cleanHTML(t, fragment))
			return
		}
		checkLaws(t, fragment)
	})
}

// isForbidden reports whether a character stands in no page's text.
func isForbidden(r rune) bool { return unicode.IsControl(r) && r != '\t' && r != '\n' }
