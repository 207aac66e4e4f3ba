package extract

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"archiver"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"
)

var update = flag.Bool("update", false, "write the golden files instead of comparing with them")

const cleanPage = "https://blog.example/posts/attention/"

// cleanHTML is the clean tree of a fragment that stands on cleanPage.
func cleanHTML(t testing.TB, fragment string) *html.Node {
	t.Helper()
	doc, err := parse(&archiver.Page{URL: cleanPage, Text: fragment})
	if err != nil {
		t.Fatal(err)
	}
	return clean(bodyNodes(doc.Nodes[0]), doc)
}

func bodyNodes(root *html.Node) []*html.Node {
	for d := range root.Descendants() {
		if d.Data == "body" {
			return children(d)
		}
	}
	return nil
}

func markdownOf(t testing.TB, tree *html.Node) string {
	t.Helper()
	md, err := toMarkdown(tree)
	if err != nil {
		t.Fatal(err)
	}
	return md
}

func TestClean(t *testing.T) {
	inputs, err := filepath.Glob("testdata/clean/*.in.html")
	if err != nil || len(inputs) == 0 {
		t.Fatalf("no golden pairs: %v", err)
	}
	for _, input := range inputs {
		name := strings.TrimSuffix(filepath.Base(input), ".in.html")
		t.Run(name, func(t *testing.T) {
			in, err := os.ReadFile(input)
			if err != nil {
				t.Fatal(err)
			}
			tree := cleanHTML(t, string(in))
			compareGolden(t, strings.TrimSuffix(input, ".in.html")+".out.html", renderHTML(tree))
			compareGolden(t, strings.TrimSuffix(input, ".in.html")+".out.md", markdownOf(t, tree))
		})
	}
}

func compareGolden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s mismatch (-want +got):\n%s", path, diff)
	}
}
