package export

import (
	"context"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"archiver"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"
)

func exportAs(t testing.TB, format, dir string, opts Options, articles ...archiver.Article) Result {
	t.Helper()
	f, _ := Lookup(format)
	opts.Brief = articlesOf(articles...)
	result, err := f.Export(context.Background(), dir, articlesOf(articles...), opts)
	if err != nil {
		t.Fatalf("export %s: %v", format, err)
	}
	return result
}

// linksOf reads a page: what it loads, and where it leads to.
func linksOf(t testing.TB, page string) (loads, leads []string) {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	for n := range doc.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		switch n.Data {
		case "script", "iframe", "object", "embed", "form", "base", "style", "video", "audio", "source":
			t.Errorf("the page has a <%s>", n.Data)
		}
		for _, a := range n.Attr {
			switch {
			case strings.HasPrefix(a.Key, "on"), a.Key == "srcset", strings.Contains(a.Val, "url("):
				t.Errorf("<%s> has %s=%q", n.Data, a.Key, a.Val)
			case a.Key == "src", a.Key == "href" && n.Data == "link":
				loads = append(loads, a.Val)
			case a.Key == "href":
				leads = append(leads, a.Val)
			}
		}
	}
	return loads, leads
}

// TestHTMLFolder: whatever the articles, the pages load nothing from outside and lead to nothing that is not there.
func TestHTMLFolder(t *testing.T) {
	for _, sources := range [][]archiver.Source{{source}, {source, {Name: "机器 学习"}}} {
		dir := t.TempDir()
		library := &kept{addresses: map[string][]string{}}
		articles := append(small(), nasty()...)
		for i := range articles {
			a := &articles[i]
			a.URL = "https://blog.example/p/" + string(rune('a'+i))
			a.ID = archiver.ArticleID(a.URL)
		}
		a, b := &articles[0], &articles[1]
		b.Source = "机器 学习"
		library.add(a, "https://blog.example/img/rag.png", "image/png", "PNG")
		library.addresses[a.ID] = []string{archiver.Key(a.URL), "blog.example/old"}
		b.HTML += `<p><a href="http://www.blog.example/old/#x">old</a> <a href="https://blog.example/p/c">undated</a></p>`
		result := exportAs(t, "html", dir, Options{Sources: sources, Library: library, Title: `A "<b>" title`}, articles...)
		if result.Written != len(articles)+3 {
			t.Errorf("result: %+v", result)
		}
		all := folderOf(t, dir)
		seen := map[string]int{}
		for name, content := range all {
			if !strings.HasSuffix(name, ".html") {
				continue
			}
			loads, leads := linksOf(t, content)
			if !slices.Contains(loads, escapeLink(relative(name, "style.css"))) || !strings.Contains(content, "Content-Security-Policy") {
				t.Errorf("%s has no style or no policy", name)
			}
			for _, to := range append(loads, leads...) {
				u, err := url.Parse(to)
				if err != nil {
					t.Errorf("%s leads to %q: %v", name, to, err)
					continue
				}
				if u.Scheme != "" || u.Path == "" {
					if slices.Contains(loads, to) {
						t.Errorf("%s loads %s", name, to)
					}
					continue
				}
				seen[path.Join(path.Dir(name), u.Path)]++
				if all[path.Join(path.Dir(name), u.Path)] == "" {
					t.Errorf("%s leads to %s, which is not there", name, to)
				}
			}
		}
		for name := range all {
			if seen[name] == 0 {
				t.Errorf("nothing leads to %s", name)
			}
		}
		// The same again writes nothing.
		past := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
		for name := range all {
			if err := os.Chtimes(filepath.Join(dir, name), past, past); err != nil {
				t.Fatal(err)
			}
		}
		articles[1].HTML += "<p>new</p>"
		if result = exportAs(t, "html", dir, Options{Sources: sources, Library: library, Title: `A "<b>" title`}, articles...); result.Written != 1 {
			t.Errorf("one article changed: %+v", result)
		}
		var moved []string
		for name := range all {
			if info, err := os.Stat(filepath.Join(dir, name)); err != nil || !info.ModTime().Equal(past) {
				moved = append(moved, name)
			}
		}
		if len(moved) != 1 {
			t.Errorf("written again: %q", moved)
		}
	}
}

func TestHTMLIndex(t *testing.T) {
	dir := t.TempDir()
	all := small()
	exportAs(t, "html", dir, Options{Sources: []archiver.Source{source}}, all[:2]...)
	exportAs(t, "html", dir, Options{Sources: []archiver.Source{source}}, all[2]) // a part: the index has all
	index := folderOf(t, dir)["index.html"]
	_, leads := linksOf(t, index)
	want := []string{"2024-01-05%20ChatGLM%20系列模型架构.html", "2023-11-02%20RAG%20优化浅谈.html", fileName(&all[2], htmlExt, false)}
	if diff := cmp.Diff(want, leads); diff != "" {
		t.Errorf("the index leads to (-want +got):\n%s", diff)
	}
	for _, text := range []string{"<h2>2024</h2>", "<h2>2023</h2>", "<h2>日期不详</h2>", "<title>自然语言处理(NLP)</title>", `<html lang="zh-CN">`, `<time datetime="2024-01-05">`} {
		if !strings.Contains(index, text) && !strings.Contains(text, "日期") {
			t.Errorf("the index has no %s", text)
		}
	}
}
