package extract

import (
	"bytes"
	"encoding/json"
	"os"
	"regexp"
	"strings"
	"testing"

	"archiver"

	"golang.org/x/net/html"
)

// casesPage is where the fragments of testdata/markdown-cases.json stand.
const casesPage = "https://ex.com/p/1.html"

// markdownCase is one HTML feature, and what its Markdown must and must not match: Python's regular expressions, those that are
// wanted with a dot that is any character. Strong is text that a CommonMark reader must show as emphasis.
type markdownCase struct {
	Name   string
	HTML   string
	Want   []string
	Deny   []string
	Strong string
}

// TestMarkdownCases takes each case the way that the body of an article goes.
func TestMarkdownCases(t *testing.T) {
	b, err := os.ReadFile("testdata/markdown-cases.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases []markdownCase
	if err := json.Unmarshal(b, &cases); err != nil || len(cases) != 70 {
		t.Fatalf("%d cases, %v", len(cases), err)
	}
	for _, tt := range cases {
		t.Run(tt.Name, func(t *testing.T) {
			doc, err := parse(&archiver.Page{URL: casesPage, Text: tt.HTML})
			if err != nil {
				t.Fatal(err)
			}
			md := markdownOf(t, clean(bodyNodes(doc.Nodes[0]), doc))
			for _, want := range tt.Want {
				if !python(t, "(?s)", want).MatchString(md) {
					t.Errorf("no match of %s in\n%s", want, md)
				}
			}
			for _, deny := range tt.Deny {
				if s := python(t, "", deny).FindString(md); s != "" {
					t.Errorf("%s matches %q in\n%s", deny, s, md)
				}
			}
			if tt.Strong == "" {
				return
			}
			var shown bytes.Buffer
			if err := reader.Convert([]byte(md), &shown); err != nil {
				t.Fatal(err)
			}
			if got, want := emphasised(parseFragment(t, shown.String())), wordsOf(tt.Strong); !strings.Contains(wordsOf(got), want) {
				t.Errorf("emphasis on %q, want %q\n%s", got, tt.Strong, md)
			}
		})
	}
}

// python compiles an expression of Python's; RE2 has no look-behind, and needs none in these.
func python(t *testing.T, flags, expression string) *regexp.Regexp {
	t.Helper()
	expression = strings.ReplaceAll(expression, `(?<!\\)`, `(?:^|[^\\])`)
	expression = regexp.MustCompile(`\\u([0-9a-f]{4})`).ReplaceAllString(expression, `\x{$1}`)
	re, err := regexp.Compile(flags + expression)
	if err != nil {
		t.Fatal(err)
	}
	return re
}

// emphasised is the text that stands in strong or em.
func emphasised(n *html.Node) string {
	var s strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode && within(d, "strong", "em") {
			s.WriteString(d.Data)
		}
	}
	return s.String()
}
