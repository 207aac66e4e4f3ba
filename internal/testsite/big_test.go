package testsite_test

import (
	"compress/gzip"
	"io"
	"regexp"
	"strings"
	"testing"

	"archiver/internal/testsite"

	"github.com/google/go-cmp/cmp"
)

func TestPageSize(t *testing.T) {
	const kb = 60
	site := start(t, testsite.Posts(40), testsite.PageSize(kb))
	total, compressed := 0, 0
	for _, a := range site.Articles() {
		res, body, err := get(t, a.URL, "Accept-Encoding: gzip")
		if err != nil || res.Header.Get("Content-Encoding") != "gzip" {
			t.Fatalf("%v %v", res, err)
		}
		compressed += len(body)
		r, err := gzip.NewReader(strings.NewReader(string(body)))
		if err != nil {
			t.Fatal(err)
		}
		plain, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		total += len(plain)
		if len(plain) < 38<<10 || len(plain) > 84<<10 {
			t.Errorf("%s: %d bytes", a.URL, len(plain))
		}
	}
	if mean := total / 40; mean < 54<<10 || mean > 66<<10 {
		t.Errorf("%d bytes on average", mean)
	}
	t.Logf("%d KB, %d KB in gzip", total/40>>10, compressed/40>>10)
}

func TestSameOptionsSamePages(t *testing.T) {
	port := regexp.MustCompile(`127\.0\.0\.1:\d+`)
	var pages [2]string
	for i := range pages {
		site := start(t, testsite.Posts(5), testsite.PageSize(30))
		_, body, err := get(t, site.Articles()[3].URL)
		if err != nil {
			t.Fatal(err)
		}
		pages[i] = port.ReplaceAllString(string(body), "HOST")
	}
	if diff := cmp.Diff(pages[0], pages[1]); diff != "" {
		t.Error(diff)
	}
}
