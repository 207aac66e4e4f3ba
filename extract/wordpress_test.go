package extract

import (
	"testing"

	"archiver"

	"github.com/google/go-cmp/cmp"
)

const restAnswer = `[
{"id":175,"date":"2025-02-20T09:30:00","date_gmt":"2025-02-20T01:30:00","modified":"2025-03-01T08:00:00","modified_gmt":"2025-03-01T00:00:00",
 "link":"https:\/\/blog.example\/archives\/175","title":{"rendered":"A &amp; B &#8211; <em>\u7532<\/em> &lt;b&gt;"},"content":{"protected":false},
 "_embedded":{"author":[{"name":"\u5c0f\u660e"}],"wp:featuredmedia":[{"source_url":"https:\/\/cdn.example\/fig.png"}],
  "wp:term":[[{"name":"NLP &amp; ML","taxonomy":"category"}],[{"name":"BERT","taxonomy":"post_tag"},{"name":"x","taxonomy":"series"}]]}},
{"id":"159","date":"2024-01-01T00:00:00","date_gmt":"2024-01-01T00:00:00","modified":"0000-00-00T00:00:00","modified_gmt":"0000-00-00T00:00:00",
 "link":"https://blog.example/archives/159","title":{"rendered":""},"content":{"rendered":"","protected":true},
 "_embedded":{"author":[{"code":"rest_user_invalid_id","message":"x"}],"wp:featuredmedia":[{"code":"rest_forbidden"}]}},
{"date":"2024-01-02T10:00:00","link":"https://blog.example/archives/3","title":"plain","_embedded":[]},
{"link":"https://other.example/archives/4"}, {"link":42}, null, "x"]`

func TestFactsREST(t *testing.T) {
	got, f := facts(t, archiver.Page{URL: "https://blog.example/wp-json/wp/v2/posts?categories%5Bterms%5D=2&per_page=100", Pages: 3, Text: restAnswer})
	want := []toldEntry{
		{URL: "https://blog.example/archives/175", Title: "A & B – 甲 <b>", Authors: []string{"小明"}, Published: "2025-02-20T09:30:00+08:00",
			Modified: "2025-03-01T08:00:00+08:00", Categories: []string{"NLP & ML"}, Tags: []string{"BERT"}, Image: "https://cdn.example/fig.png"},
		{URL: "https://blog.example/archives/159", Published: "2024-01-01T00:00:00Z", Protected: true},
		{URL: "https://blog.example/archives/3", Title: "plain", Published: "2024-01-02T10:00:00"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("REST mismatch (-want +got):\n%s", diff)
	}
	next := []string{
		"https://blog.example/wp-json/wp/v2/posts?categories%5Bterms%5D=2&per_page=100&page=2",
		"https://blog.example/wp-json/wp/v2/posts?categories%5Bterms%5D=2&per_page=100&page=3",
	}
	if diff := cmp.Diff(next, f.Next); diff != "" {
		t.Errorf("next mismatch (-want +got):\n%s", diff)
	}
	for _, e := range f.Entries {
		if e.Channel != archiver.ChannelREST {
			t.Errorf("%s: channel %q", e.URL, e.Channel)
		}
	}
}

func TestFactsRESTLastPage(t *testing.T) {
	_, f := facts(t, archiver.Page{URL: "https://blog.example/?rest_route=/wp/v2/posts&page=3", Pages: 3, Text: `[]`})
	if f.Next != nil {
		t.Errorf("next = %q after the last page", f.Next)
	}
}

func TestFactsRESTRefused(t *testing.T) {
	for _, text := range []string{`{"code":"rest_no_route","message":"No route","data":{"status":404}}`, `{}`, `[1`, `{"a":`} {
		if _, err := New(Options{}).Facts(&archiver.Page{URL: "https://blog.example/wp-json/", Text: text}); archiver.KindOf(err) != archiver.Unusable {
			t.Errorf("Facts(%s) = %v, want kind unusable", text, err)
		}
	}
}

func TestFactsAddress(t *testing.T) {
	const (
		all  = "&per_page=100&orderby=modified&order=desc&_fields=id,link,modified_gmt"
		tail = "categories%5Bterms%5D=2&categories%5Binclude_children%5D=true" + all
		page = "https://blog.example/category/nlp/page/2/"
	)
	feed := func(href string) string {
		return `<link rel="alternate" type="application/rss+xml" title="x" href="` + href + `">`
	}
	tests := []struct {
		name, url, html string
		links           []string
		want            []string
	}{
		{"nothing", page, "", nil, nil},
		{"link header", page, "", []string{`<https://blog.example/wp-json/>; rel="https://api.w.org/", <https://blog.example/wp-json/wp/v2/categories/2>; rel="alternate"; type="application/json"`},
			[]string{"https://blog.example/wp-json/wp/v2/posts?" + tail}},
		{"plain addresses", "https://blog.example/?cat=2", "", []string{`<https://blog.example/index.php?rest_route=/wp/v2/categories/2>; rel="alternate"; type="application/json"`},
			[]string{"https://blog.example/index.php?rest_route=/wp/v2/posts&" + tail}},
		{"link element and feed", page, `<link rel="alternate" type="application/json" href="https://blog.example/wp-json/wp/v2/categories/2">` + feed("/category/nlp/feed/"), nil,
			[]string{"https://blog.example/wp-json/wp/v2/posts?" + tail, "https://blog.example/category/nlp/feed/"}},
		{"the root and the body's class", page, `<link rel="https://api.w.org/" href="https://blog.example/wp-json/"></head><body class="archive category category-2024 category-2">`, nil,
			[]string{"https://blog.example/wp-json/wp/v2/posts?" + tail}},
		{"a tag", "https://blog.example/tag/bert/", `<link rel="alternate" type="application/json" href="/wp-json/wp/v2/tags/20">`, nil,
			[]string{"https://blog.example/wp-json/wp/v2/posts?tags=20" + all}},
		{"REST of another site", page, `<link rel="alternate" type="application/json" href="https://other.example/wp-json/wp/v2/categories/2">`, nil, nil},
		{"the category's feed before the blog's, comments never", page,
			feed("/feed/") + feed("/comments/feed/") + feed("/category/nlp/feed/"), nil, []string{"https://blog.example/category/nlp/feed/"}},
		{"the feed of a plain category", "https://blog.example/?cat=2", feed("/?feed=rss2") + feed("/?feed=rss2&amp;cat=2") + feed("/?feed=comments-rss2"), nil,
			[]string{"https://blog.example/?feed=rss2&cat=2"}},
		{"the blog's feed", page, feed("/atom.xml"), nil, []string{"https://blog.example/atom.xml"}},
		{"a feed elsewhere", page, feed("https://feeds.example/x"), nil, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			doc, err := parse(&archiver.Page{URL: tt.url, Links: tt.links, Text: "<!DOCTYPE html><head><title>x</title>" + tt.html})
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, way := range lookOver(doc).waysOf() {
				got = append(got, way.URL)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("facts mismatch (-want +got):\n%s", diff)
			}
		})
	}
}

func TestInstead(t *testing.T) {
	const rest = "https://blog.example/wp-json/wp/v2/posts?categories%5Bterms%5D=2"
	tests := []struct{ listing, channel, want string }{
		{"https://blog.example/category/nlp/", rest, "https://blog.example/category/nlp/feed/"},
		{"https://blog.example/archives/category/nlp", rest, "https://blog.example/archives/category/nlp/feed/"},
		{"https://blog.example/?cat=2", "https://blog.example/?rest_route=/wp/v2/posts&categories%5Bterms%5D=2", "https://blog.example/?cat=2&feed=rss2"},
		{"https://blog.example/category/nlp/", "https://blog.example/category/nlp/feed/", ""},
		{"https://blog.example/categories/nlp/", "https://blog.example/atom.xml", ""},
	}
	for _, tt := range tests {
		if got := New(Options{}).Instead(tt.listing, tt.channel); got != tt.want {
			t.Errorf("instead of %s of %s: %q, want %q", tt.channel, tt.listing, got, tt.want)
		}
	}
}
