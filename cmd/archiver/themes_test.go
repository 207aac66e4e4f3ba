package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"archiver/export"
	"archiver/internal/testsite"

	"github.com/google/go-cmp/cmp"
)

// TestThemes archives the fake blog in every form that it has, and compares what came with what the blog says it published.
func TestThemes(t *testing.T) {
	themes := map[string]testsite.Theme{"classic": testsite.Classic, "full text": testsite.FullText, "titles": testsite.Titles, "cards": testsite.Cards}
	paginations := map[string]testsite.Pagination{"next": testsite.NextLink, "numbers": testsite.Numbers, "query": testsite.Query,
		"page.html": testsite.PageHTML, "load more": testsite.LoadMore, "older": testsite.Older}
	more := map[string][]testsite.Option{
		"plain":        nil,
		"gb18030":      {testsite.Charset("gb18030")},
		"no label":     {testsite.Charset("gb18030"), testsite.Label("")},
		"wrong label":  {testsite.Charset("gb18030"), testsite.Label("utf-8")},
		"no zone":      {testsite.NoZone()},
		"odd titles":   {testsite.OddTitles(), testsite.DeepLinks()},
		"trap":         {testsite.Trap()},
		"hiccups":      {testsite.Every(5, testsite.Status(502).Times(3)), testsite.Every(7, testsite.Truncate.Times(2))},
		"parts":        {testsite.MultiPage(0, 3), testsite.MultiPage(4, 2)},
		"protected":    {testsite.Protected(0), testsite.Protected(5)},
		"one post":     {testsite.Posts(1)},
		"without gzip": {testsite.NoGzip()},
	}
	for theme, style := range themes {
		for pagination, paginate := range paginations {
			archiveAndCompare(t, theme+"/"+pagination, testsite.Posts(23), testsite.Style(style), testsite.Paginate(paginate))
		}
		for name, opts := range more {
			archiveAndCompare(t, theme+"/"+name, append([]testsite.Option{testsite.Posts(23), testsite.Style(style)}, opts...)...)
		}
	}
}

func archiveAndCompare(t *testing.T, name string, opts ...testsite.Option) {
	t.Run(name, func(t *testing.T) {
		t.Parallel()
		site, err := testsite.Start(opts...)
		if err != nil {
			t.Fatal(err)
		}
		defer site.Close()
		db := filepath.Join(t.TempDir(), "archive.db")
		var out, errs bytes.Buffer
		archiver := func(args ...string) {
			out.Reset()
			args = append([]string{"--config", os.DevNull, "--db", db}, args...)
			if code := run(context.Background(), args, env{Out: &out, Err: &errs, Getenv: func(string) string { return "0" }}); code != 0 {
				t.Fatalf("%v: exit code %d\n%s%s", args, code, out.String(), errs.String())
			}
		}
		archiver("sync", site.Category(), "--delay", "0")
		archiver("export", "jsonl", "-o", "-")
		got := map[string]string{}
		for line := range strings.Lines(out.String()) {
			var r export.Record
			if err := json.Unmarshal([]byte(line), &r); err != nil {
				t.Fatal(err)
			}
			got[r.URL] = fmt.Sprintf("%s · %s · %s · %s", r.Title, r.Published, strings.Join(r.Categories, ","), strings.Join(r.Tags, ","))
		}
		want := map[string]string{}
		for _, a := range site.Articles() {
			if !a.Protected {
				want[a.URL] = fmt.Sprintf("%s · %s · %s · %s", a.Title, a.Published, strings.Join(a.Categories, ","), strings.Join(a.Tags, ","))
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("articles (-published +archived):\n%s", diff)
		}
	})
}
