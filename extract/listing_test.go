package extract

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"archiver"

	"github.com/google/go-cmp/cmp"
)

var updateListings = flag.Bool("update-listings", false, "write what the listings of testdata/listing are read as")

var (
	urlComment  = regexp.MustCompile(`^<!-- url: (\S+) -->\n`)
	linkComment = regexp.MustCompile(`<!-- link: (.+) -->\n`)
)

// listingPage reads a page of testdata; comments at its head say where it came from.
func listingPage(t testing.TB, file string) *archiver.Page {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	m := urlComment.FindSubmatch(raw)
	if m == nil {
		t.Fatalf("%s does not begin with its address", file)
	}
	page := &archiver.Page{URL: string(m[1]), Requested: string(m[1]), Status: 200, ContentType: "text/html; charset=utf-8", Raw: raw, Text: string(raw)}
	for _, link := range linkComment.FindAllSubmatch(raw, -1) {
		page.Links = append(page.Links, string(link[1]))
	}
	return page
}

// told is a listing as its golden file has it: absent facts are absent.
type told struct {
	Error   string      `json:",omitempty"`
	Title   string      `json:",omitempty"`
	Entries []toldEntry `json:",omitempty"`
	Next    []string    `json:",omitempty"`
	Facts   []string    `json:",omitempty"`
	Pages   int         `json:",omitempty"`
	Why     string      `json:",omitempty"`
}

type toldEntry struct {
	URL        string
	Title      string   `json:",omitempty"`
	Excerpt    string   `json:",omitempty"`
	Authors    []string `json:",omitempty"`
	Published  string   `json:",omitempty"`
	Modified   string   `json:",omitempty"`
	Categories []string `json:",omitempty"`
	Tags       []string `json:",omitempty"`
	Image      string   `json:",omitempty"`
	Protected  bool     `json:",omitempty"`
}

func tell(l archiver.Listing, err error) told {
	if err != nil {
		return told{Error: archiver.KindOf(err).String() + ": " + errors.Unwrap(err).Error()}
	}
	out := told{Title: l.Title, Next: l.Next, Pages: l.Pages, Why: l.Why}
	for _, way := range l.Ways {
		out.Facts = append(out.Facts, way.URL)
	}
	for _, e := range l.Entries {
		out.Entries = append(out.Entries, toldEntry{
			URL: e.URL, Title: e.Title, Excerpt: e.Excerpt, Authors: e.Authors, Published: e.Published.String(), Modified: e.Modified.String(),
			Categories: e.Categories, Tags: e.Tags, Image: e.Image, Protected: e.Protected,
		})
	}
	return out
}

func TestListing(t *testing.T) {
	files, err := filepath.Glob("testdata/listing/*.html")
	if err != nil || len(files) < 20 {
		t.Fatalf("found %d listings in testdata: %v", len(files), err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".html")
		t.Run(name, func(t *testing.T) {
			got := tell(New(Options{}).Listing(listingPage(t, file)))
			golden := strings.TrimSuffix(file, ".html") + ".json"
			if *updateListings {
				var b bytes.Buffer
				enc := json.NewEncoder(&b)
				enc.SetEscapeHTML(false)
				enc.SetIndent("", "  ")
				if err := enc.Encode(got); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(golden, b.Bytes(), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			raw, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			var want told
			if err := json.Unmarshal(raw, &want); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("listing %s mismatch (-want +got):\n%s", name, diff)
			}
			if strings.HasPrefix(name, "not-") != (got.Error != "") {
				t.Errorf("listing %s: error %q", name, got.Error)
			}
		})
	}
}

func BenchmarkListing(b *testing.B) {
	for _, name := range []string{"wp-classic", "wp-fulltext"} {
		page := listingPage(b, "testdata/listing/"+name+".html")
		b.Run(name+"/parse", func(b *testing.B) {
			for b.Loop() {
				if _, err := parse(page); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(name+"/listing", func(b *testing.B) {
			for b.Loop() {
				if _, err := New(Options{}).Listing(page); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// Whatever a page is: every address that Listing gives is canonical and of the page's site, entries come once, and no page of
// the listing is this page.
func FuzzListing(f *testing.F) {
	files, err := filepath.Glob("testdata/listing/*.html")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		page := listingPage(f, file)
		f.Add(page.URL, page.Text)
	}
	f.Fuzz(func(t *testing.T, url, text string) {
		url, err := archiver.Canonical(url)
		if err != nil {
			return
		}
		got, err := New(Options{}).Listing(&archiver.Page{URL: url, Text: text})
		if err != nil && archiver.KindOf(err) != archiver.Unusable {
			t.Fatalf("kind %v: %v", archiver.KindOf(err), err)
		}
		check := func(address string) {
			t.Helper()
			if again, err := archiver.Canonical(address); err != nil || again != address || !archiver.SameSite(address, url) {
				t.Errorf("address %q: %q, %v", address, again, err)
			}
		}
		seen := map[string]bool{}
		for _, e := range got.Entries {
			check(e.URL)
			if key := archiver.Key(e.URL); seen[key] || key == archiver.Key(url) {
				t.Errorf("%s is listed twice, or the page itself", e.URL)
			} else {
				seen[key] = true
			}
		}
		for _, next := range got.Next {
			check(next)
			if archiver.Key(next) == archiver.Key(url) || seen[archiver.Key(next)] {
				t.Errorf("next page %s is this page or an entry", next)
			}
		}
	})
}

// A page made to cost time must not cost minutes: thousands of links, deep lists, endless headings.
func TestListingLarge(t *testing.T) {
	var many strings.Builder
	many.WriteString("<!DOCTYPE html><title>x</title><body class=archive><ul>")
	for i := range 15_000 {
		many.WriteString(`<li class="item"><a href="/post/` + strconv.Itoa(i) + `">An article with a number</a></li>`)
		if i%10 == 0 {
			many.WriteString(`<li class="item"><span>no link</span></li>`)
		}
	}
	for name, text := range map[string]string{
		"links":    many.String(),
		"headings": "<title>x</title>" + strings.Repeat("<h2><a href=/a>", 20_000),
		"lists":    "<title>x</title>" + strings.Repeat("<ul><li><a href=/b>text</a>", 240),
		"pagers":   "<title>x</title>" + strings.Repeat(`<div class=pagination><a href=/category/x/page/2>2</a>`, 240),
	} {
		t.Run(name, func(t *testing.T) {
			page := &archiver.Page{URL: "https://blog.example/category/x", Text: text}
			start := time.Now()
			got, _ := New(Options{}).Listing(page)
			if took := time.Since(start); took > 20*time.Second {
				t.Errorf("took %v", took)
			}
			if name == "links" && len(got.Entries) != 15_000 {
				t.Errorf("%d entries, want 15000", len(got.Entries))
			}
		})
	}
}
