package testsite_test

import (
	"errors"
	"io"
	"syscall"
	"testing"
	"time"

	"archiver/internal/testsite"

	"github.com/google/go-cmp/cmp"
)

func TestFaults(t *testing.T) {
	site := start(t, testsite.Posts(3),
		testsite.OnPath("/archives/100", testsite.Status(429, "Retry-After: 3").Times(2)),
		testsite.OnPath("/archives/101", testsite.Truncate.Times(1)),
		testsite.OnPath("/archives/102", testsite.Reset.Times(1)),
		testsite.OnPath("/category/llm/", testsite.BadGzip),
		testsite.OnPath("/category/essay/", testsite.Empty),
		testsite.OnPath("/about/", testsite.Redirect("/")),
		testsite.OnPath("/author/admin/", testsite.Slow(30*time.Millisecond)),
		testsite.OnPath("/tag/NLP/", testsite.Instead("Just a moment...")),
	)
	address := func(path string) string { return site.URL() + path }
	for i, want := range []int{429, 429, 200} {
		res, _, err := get(t, address("/archives/100"))
		if err != nil || res.StatusCode != want || want == 429 && res.Header.Get("Retry-After") != "3" {
			t.Errorf("status, request %d: %v %v", i, res, err)
		}
	}
	if _, body, err := get(t, address("/archives/101")); !errors.Is(err, io.ErrUnexpectedEOF) || len(body) == 0 {
		t.Errorf("truncate: %d bytes, %v", len(body), err)
	}
	if _, _, err := get(t, address("/archives/102")); !errors.Is(err, syscall.ECONNRESET) && !errors.Is(err, io.EOF) {
		t.Errorf("reset: %v", err)
	}
	for _, path := range []string{"/archives/101", "/archives/102"} {
		if res, _, err := get(t, address(path)); err != nil || res.StatusCode != 200 {
			t.Errorf("%s after its fault: %v %v", path, res, err)
		}
	}
	if _, _, err := get(t, address("/category/llm/")); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("bad gzip: %v", err)
	}
	if res, body, err := get(t, address("/category/essay/")); err != nil || res.StatusCode != 200 || len(body) != 0 {
		t.Errorf("empty: %v %q %v", res, body, err)
	}
	if res, _, err := get(t, address("/about/")); err != nil || res.StatusCode != 302 || res.Header.Get("Location") != "/" {
		t.Errorf("redirect: %v %v", res, err)
	}
	before := time.Now()
	if res, _, err := get(t, address("/author/admin/")); err != nil || res.StatusCode != 200 || time.Since(before) < 30*time.Millisecond {
		t.Errorf("slow: %v after %v, %v", res, time.Since(before), err)
	}
	if _, body, err := get(t, address("/tag/NLP/")); err != nil || string(body) != "Just a moment..." {
		t.Errorf("instead: %q %v", body, err)
	}
}

func TestEveryNth(t *testing.T) {
	site := start(t, testsite.Posts(1), testsite.Every(3, testsite.Status(503)))
	var got []int
	for i := range 9 {
		path := site.Category()
		if i%2 == 0 {
			// robots.txt is not counted.
			path = site.URL() + "/robots.txt"
			if res, _, err := get(t, path); err != nil || res.StatusCode != 200 {
				t.Fatalf("robots.txt: %v %v", res, err)
			}
			path = site.Category()
		}
		res, _, err := get(t, path)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, res.StatusCode)
	}
	if diff := cmp.Diff([]int{200, 200, 503, 200, 200, 503, 200, 200, 503}, got); diff != "" {
		t.Error(diff)
	}
}

func TestRequestsAreRemembered(t *testing.T) {
	site := start(t, testsite.Posts(1), testsite.RobotsStatus(503), testsite.Robots("nothing"))
	paths := []string{"/robots.txt", "/category/nlp/?a=1&b=%E4%B8%AD", "/nowhere"}
	before := time.Now()
	for _, path := range paths {
		if _, _, err := get(t, site.URL()+path, "User-Agent: tester", `If-None-Match: "x"`); err != nil {
			t.Fatal(err)
		}
	}
	type seen struct {
		Method, Path string
		Status       int
		Agent, Match string
	}
	var got []seen
	for _, r := range site.Requests() {
		got = append(got, seen{r.Method, r.Path, r.Status, r.Header.Get("User-Agent"), r.Header.Get("If-None-Match")})
		if r.At.Before(before) || r.At.After(time.Now()) {
			t.Errorf("%s at %v", r.Path, r.At)
		}
		before = r.At
	}
	var want []seen
	for i, status := range []int{503, 200, 404} {
		want = append(want, seen{"GET", paths[i], status, "tester", `"x"`})
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	site.Forget()
	if n := len(site.Requests()); n != 0 {
		t.Errorf("%d requests after Forget", n)
	}
}
