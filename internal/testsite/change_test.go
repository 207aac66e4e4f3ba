package testsite_test

import (
	"net/http"
	"strings"
	"testing"

	"archiver/internal/testsite"

	"github.com/google/go-cmp/cmp"
)

func TestValidators(t *testing.T) {
	site := start(t, testsite.Posts(2), testsite.Validators())
	a := site.Articles()[0]
	res, _, err := get(t, a.URL)
	if err != nil {
		t.Fatal(err)
	}
	tag, date := res.Header.Get("ETag"), res.Header.Get("Last-Modified")
	for _, header := range []string{"If-None-Match: " + tag, "If-Modified-Since: " + date} {
		if res, body, err := get(t, a.URL, header); err != nil || res.StatusCode != 304 || len(body) != 0 {
			t.Errorf("%s: %v %v", header, res, err)
		}
	}
	site.Edit(0, func(p *testsite.Post) { p.Body += "\n\n<p>补记。</p>" })
	for _, header := range []string{"If-None-Match: " + tag, "If-Modified-Since: " + date} {
		if res, _, err := get(t, a.URL, header); err != nil || res.StatusCode != 200 {
			t.Errorf("edited, %s: %v %v", header, res, err)
		}
	}
	plain := start(t, testsite.Posts(1))
	if res, _, err := get(t, plain.Category()); err != nil || res.Header.Get("ETag") != "" {
		t.Errorf("a tag that nobody asked for: %v %v", res, err)
	}
}

func TestChangesWhileItRuns(t *testing.T) {
	site := start(t, testsite.Posts(3))
	before := site.Articles()
	site.Edit(1, func(p *testsite.Post) { p.Title = "改过的标题" })
	site.Delete(2)
	site.Add(testsite.Post{Title: "新的一篇"}, testsite.Post{})
	after := site.Articles()
	var titles []string
	for _, a := range after {
		titles = append(titles, a.Title)
	}
	if diff := cmp.Diff([]string{after[0].Title, "新的一篇", before[0].Title, "改过的标题"}, titles); diff != "" {
		t.Error(diff)
	}
	if after[3].URL != before[1].URL || !after[3].Modified.Time().After(before[1].Modified.Time()) {
		t.Errorf("edited: %v, was %v", after[3], before[1])
	}
	if res, _, err := get(t, before[2].URL); err != nil || res.StatusCode != http.StatusNotFound {
		t.Errorf("deleted: %v %v", res, err)
	}
	listing := text(page(t, site.Category()))
	for _, a := range after {
		if !strings.Contains(listing, a.Title) || !strings.Contains(text(page(t, a.URL)), a.Title) {
			t.Errorf("%s is not served", a.Title)
		}
	}
}
