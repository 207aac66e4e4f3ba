package export

import (
	"bytes"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"archiver"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"
)

var flavors = []Flavor{FlavorPlain, FlavorObsidian, FlavorHugo, FlavorJekyll}

// TestFlavors has one article in each of them, with all that front matter and links know.
func TestFlavors(t *testing.T) {
	for _, tt := range []struct {
		flavor              Flavor
		name, picture, body string
		front               map[string]any
	}{
		{FlavorPlain, "2023-11-02 RAG [一] #1.md", "images/PIC", "![图](images/PIC) [二](2024-01-05%20ChatGLM%20系列模型架构.md) [密](2023-11-05%20p.md)",
			map[string]any{"aliases": []any{"旧题", "blog.example/old (1)", "blog.example/?p=1", "blog.example"}, "tags": []any{"machine learning", "2024", "C++"}, "url": "https://blog.example/post/1/",
				"image": "images/PIC", "excerpt": "摘要"}},
		{FlavorObsidian, "2023-11-02 RAG 一 1.md", "images/PIC", "![图](images/PIC) [二](2024-01-05%20ChatGLM%20系列模型架构.md) [密](2023-11-05%20p.md)",
			map[string]any{"aliases": []any{"旧题", "blog.example/old (1)", "blog.example/?p=1", "blog.example"}, "tags": []any{"machine-learning", "_2024", "C"}, "url": "https://blog.example/post/1/",
				"image": "images/PIC", "excerpt": "摘要"}},
		{FlavorHugo, "2023-11-02-rag-一-1/index.md", "2023-11-02-rag-一-1/PIC", "![图](PIC) [二](../2024-01-05-chatglm-系列模型架构/) [密](https://blog.example/post/4/)",
			map[string]any{"aliases": []any{"/post/1/", "/old (1)/"}, "tags": []any{"machine learning", "2024", "C++"}, "source_url": "https://blog.example/post/1/",
				"image": "PIC", "summary": "摘要"}},
		{FlavorJekyll, "_posts/2023-11-02-rag-一-1.md", "images/PIC", `![图]({{ "/images/PIC" | relative_url }}) [二]({% post_url 2024-01-05-chatglm-系列模型架构 %}) [密](https://blog.example/post/4/)`,
			map[string]any{"redirect_from": []any{"/post/1/", "/old (1)/"}, "tags": []any{"machine learning", "2024", "C++"}, "source_url": "https://blog.example/post/1/",
				"image": "/images/PIC", "excerpt": "摘要", "layout": "post"}},
	} {
		t.Run(string(tt.flavor), func(t *testing.T) {
			dir := t.TempDir()
			articles := small()
			a := &articles[0]
			protected := article(4, "p", "")
			protected.State = archiver.ArticleProtected
			library := &kept{addresses: map[string][]string{a.ID: {"blog.example/post/1", "blog.example/old%20%281%29", "blog.example/?p=1", "blog.example"}},
				revisions: map[string][]archiver.Revision{a.ID: {{Title: "旧题"}, {Title: "RAG [一] #1"}}}}
			a.Title, a.Tags, a.Excerpt, a.Image = "RAG [一] #1", []string{"machine learning", "2024", "C++"}, "摘要", "https://blog.example/a.png"
			picture := library.add(a, "https://www.blog.example/a.png", "image/png", "PNG")
			a.Markdown = "![图](https://blog.example/a.png) [二](http://blog.example/post/2#x) [密](https://blog.example/post/4/)\n"
			exportAs(t, "markdown", dir, Options{Flavor: tt.flavor, Library: library}, append(articles, protected)...)
			all := folderOf(t, dir)
			named := func(s string) string { return strings.ReplaceAll(s, "PIC", picture) }
			front, body, _ := strings.Cut(strings.TrimPrefix(all[tt.name], "---\n"), "\n---\n")
			if diff := cmp.Diff(named(tt.body), strings.TrimSpace(body)); diff != "" {
				t.Errorf("text (-want +got):\n%s\nfiles: %q", diff, namesIn(t, dir))
			}
			if all[named(tt.picture)] != "PNG" {
				t.Errorf("there is no picture %s in %q", named(tt.picture), namesIn(t, dir))
			}
			got := map[string]any{}
			if err := yaml.Unmarshal([]byte(front), &got); err != nil {
				t.Fatal(err)
			}
			for key, want := range tt.front {
				if s, ok := want.(string); ok {
					want = named(s)
				}
				if diff := cmp.Diff(want, got[key]); diff != "" {
					t.Errorf("%s (-want +got):\n%s", key, diff)
				}
			}
		})
	}
}

// TestFoldersAreTheSame: what is in a folder does not depend on where and when it is written.
func TestFoldersAreTheSame(t *testing.T) {
	for _, form := range folderForms {
		first, second := t.TempDir(), t.TempDir()
		opts := Options{Flavor: form.flavor, Sources: []archiver.Source{source}}
		all := append(small(), nasty()[:8]...)
		exportAs(t, form.format, first, opts, all...)
		local := time.Local
		time.Local = time.FixedZone("east", 9*3600)
		exportAs(t, form.format, second, opts, all...)
		time.Local = local
		if diff := cmp.Diff(folderOf(t, first), folderOf(t, second)); diff != "" {
			t.Errorf("%s %s (-first +second):\n%s", form.format, form.flavor, diff)
		}
	}
}

// FuzzFlavors: whatever title and tags are, names are safe, front matter is read as it was meant, and tags are what the program takes.
func FuzzFlavors(f *testing.F) {
	for _, a := range nasty() {
		f.Add(a.Title, a.Title)
	}
	f.Add("../x/.", "a b/c#d")
	f.Add("index", "2024")
	f.Add("con", "١٢")
	f.Fuzz(func(t *testing.T, title, tag string) {
		valid := func(s string) string { return string([]rune(s)) }
		for _, flavor := range flavors {
			for _, published := range []archiver.Timestamp{{}, archiver.OnDay(2024, 1, 2)} {
				a := archiver.Article{ID: "796a3a943cb4", URL: "https://x.example/", Title: title, Tags: []string{tag}, Published: published, Source: tag, Categories: []string{tag}}
				l, _ := layoutOf(flavor, true)
				for _, name := range l.names(&a) {
					for part := range strings.SplitSeq(name, "/") {
						if part == "" || len(part) > maxName || device(part) || strings.ContainsAny(part, "<>:\"\\|?*\x00\n") || strings.HasSuffix(part, ".") || strings.HasSuffix(part, " ") ||
							!filepath.IsLocal(part) || flavor == FlavorObsidian && part != name[:max(0, strings.Index(name, "/"))] && strings.ContainsAny(part, "[]#^|") {
							t.Errorf("%s: name %q of %q", flavor, name, title)
						}
					}
				}
				var b bytes.Buffer
				front := frontMatter{flavor: flavor, titles: []string{tag}, addresses: []string{"x.example", "x.example/" + tag}}
				front.write(&b, &a)
				var got struct {
					Title            string
					Tags, Categories []string
				}
				if err := yaml.Unmarshal(b.Bytes(), &got); err != nil {
					t.Fatalf("%s: %v\n%s", flavor, err, b.String())
				}
				want := valid(title)
				if front.builds() {
					want = titleOf(&a)
				}
				if got.Title != want {
					t.Errorf("%s: title %q is read as %q", flavor, want, got.Title)
				}
				for _, tag := range got.Tags {
					if flavor == FlavorObsidian && (strings.ContainsFunc(tag, func(r rune) bool {
						return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) && r != '_' && r != '-'
					}) || strings.Trim(tag, "0123456789") == "") {
						t.Errorf("Obsidian takes no tag %q", tag)
					}
				}
				if flavor == FlavorPlain && !slices.Equal(got.Tags, []string{valid(tag)}) {
					t.Errorf("tag %q is read as %q", tag, got.Tags)
				}
			}
		}
	})
}
