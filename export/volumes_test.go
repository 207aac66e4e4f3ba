package export

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"archiver"

	"github.com/google/go-cmp/cmp"
)

func listOf(t testing.TB, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

func TestVolumes(t *testing.T) {
	var all []archiver.Article
	for i, date := range []string{"2017-03", "2017-05", "2018-01", "2018-01", "2020-12", ""} {
		a := article(i, fmt.Sprint("第", i), `<p><a href="https://blog.example/post/0/">零</a></p>`)
		a.Published = archiver.Timestamp{}
		if when, err := time.Parse("2006-01", date); err == nil {
			a.Published = archiver.OnDay(when.Year(), when.Month(), 3)
		}
		all = append(all, a)
	}
	shuffled := []archiver.Article{all[2], all[0], all[3], all[1], all[5], all[4]}
	for _, tt := range []struct {
		split    Split
		articles []archiver.Article
		want     []string
	}{
		{Split{By: "year"}, all, []string{"nlp-2017.epub", "nlp-2018.epub", "nlp-2020.epub", "nlp-undated.epub"}},
		{Split{By: "year"}, shuffled, []string{"nlp-2017.epub", "nlp-2018.epub", "nlp-2020.epub", "nlp-undated.epub"}},
		{Split{By: "month"}, all, []string{"nlp-2017-03.epub", "nlp-2017-05.epub", "nlp-2018-01.epub", "nlp-2020-12.epub", "nlp-undated.epub"}},
		{Split{Every: 4}, all, []string{"nlp-1.epub", "nlp-2.epub"}},
		{Split{Every: 4}, shuffled, []string{"nlp-1.epub", "nlp-2.epub"}},
	} {
		dir := t.TempDir()
		epub, _ := Lookup("epub")
		steps := 0
		opts := Options{Split: tt.split, Brief: articlesOf(tt.articles...), Sources: []archiver.Source{source}, Progress: func(n int) {
			if steps++; n != steps {
				t.Errorf("progress %d at step %d", n, steps)
			}
		}}
		result, err := epub.Export(context.Background(), filepath.Join(dir, "nlp.epub"), articlesOf(tt.articles...), opts)
		if err != nil {
			t.Fatal(err)
		}
		if result.Articles != len(all) || result.Written != len(tt.want) {
			t.Errorf("%+v: %+v", tt.split, result)
		}
		if diff := cmp.Diff(tt.want, listOf(t, dir)); diff != "" {
			t.Errorf("%+v (-want +got):\n%s", tt.split, diff)
		}
		chapters, ids := 0, map[string]bool{}
		for i, name := range tt.want {
			data, err := os.ReadFile(filepath.Join(dir, name))
			if err != nil {
				t.Fatal(err)
			}
			book := parts(t, data)
			linksLead(t, book)
			opf := book["EPUB/package.opf"]
			_, id, _ := strings.Cut(opf, `<dc:identifier id="book">`)
			ids[id[:45]] = true
			for part := range book {
				if strings.HasPrefix(part, "EPUB/text/") {
					chapters++
				}
			}
			if !strings.Contains(opf, `<meta property="belongs-to-collection" id="series">自然语言处理(NLP)</meta>`) ||
				tt.articles[0].ID == all[0].ID && !strings.Contains(opf, fmt.Sprintf(`group-position">%d<`, i+1)) {
				t.Errorf("%s: no series in\n%s", name, opf)
			}
		}
		if chapters != len(all) || len(ids) != len(tt.want) {
			t.Errorf("%+v: %d chapters, %d identities", tt.split, chapters, len(ids))
		}
		steps = 0
		if result, err = epub.Export(context.Background(), filepath.Join(dir, "nlp.epub"), articlesOf(tt.articles...), opts); err != nil || result.Written != 0 {
			t.Errorf("written again: %+v %v", result, err)
		}
	}
	dir := t.TempDir()
	epub, _ := Lookup("epub")
	for _, opts := range []Options{{Split: Split{By: "week"}, Brief: articlesOf(all...)}, {Split: Split{By: "year"}, Brief: articlesOf()}} {
		if _, err := epub.Export(context.Background(), filepath.Join(dir, "x.epub"), articlesOf(), opts); err == nil {
			t.Errorf("%+v: no error", opts.Split)
		}
	}
	if names := listOf(t, dir); len(names) != 0 {
		t.Errorf("left behind: %v", names)
	}
}

func TestBookPerArticle(t *testing.T) {
	articles := small()
	articles[1].Title, articles[1].Published = articles[0].Title, articles[0].Published
	dir := filepath.Join(t.TempDir(), "books")
	epub, _ := Lookup("epub")
	run := func() Result {
		t.Helper()
		result, err := epub.Export(context.Background(), dir+".epub", articlesOf(articles...), Options{PerArticle: true, Whole: true, Sources: []archiver.Source{source}})
		if err != nil {
			t.Fatal(err)
		}
		return result
	}
	if result := run(); result.Written != 3 || result.Articles != 3 {
		t.Errorf("first: %+v", result)
	}
	want := []string{manifestName, "2023-11-02 RAG 优化浅谈 " + articles[1].ID + ".epub", "2023-11-02 RAG 优化浅谈.epub", articles[2].ID + ".epub"}
	if diff := cmp.Diff(want, listOf(t, dir)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	data, err := os.ReadFile(filepath.Join(dir, want[2]))
	if err != nil {
		t.Fatal(err)
	}
	if opf := parts(t, data)["EPUB/package.opf"]; !strings.Contains(opf, "<dc:title>RAG 优化浅谈</dc:title>") {
		t.Errorf("the book is called otherwise:\n%s", opf)
	}
	articles[2].HTML = "<p>anders</p>"
	if result := run(); result.Written != 1 || result.Unchanged != 2 {
		t.Errorf("after one change: %+v", result)
	}
	if err := os.WriteFile(filepath.Join(dir, want[3]), []byte("mine"), 0o666); err != nil {
		t.Fatal(err)
	}
	if result := run(); result.Kept != 1 || result.Unchanged != 2 {
		t.Errorf("after an edit: %+v", result)
	}
}

func TestContentsByYearAndMonth(t *testing.T) {
	var all []archiver.Article
	for i := range 40 {
		a := article(i, fmt.Sprint("第", i), "<p>x</p>")
		a.Published = archiver.OnDay(2020+i/30, time.Month(1+i%30/10), 1+i%28)
		all = append(all, a)
	}
	book := parts(t, export(t, "epub", articlesOf(all...), Options{}))
	for name, wants := range map[string][]string{
		"EPUB/nav.xhtml": {">2020</a>", ">2020-01</a>", ">2020-03</a>", ">2021</a>"},
		"EPUB/toc.ncx":   {`name="dtb:depth" content="3"`, "<text>2020-02</text>"},
	} {
		for _, want := range wants {
			if !strings.Contains(book[name], want) {
				t.Errorf("%s has no %s", name, want)
			}
		}
		if strings.Contains(book[name], "2021-01<") {
			t.Errorf("%s groups a short year by months", name)
		}
	}
}
