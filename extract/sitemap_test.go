package extract

import (
	"fmt"
	"strings"
	"testing"

	"archiver"

	"github.com/google/go-cmp/cmp"
)

const sitemap = `<?xml version="1.0" encoding="UTF-8"?><?xml-stylesheet type="text/xsl" href="/main-sitemap.xsl"?>
<!-- made by a plugin --><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
<url><loc> https://blog.example/archives/1?a=1&amp;b=2 </loc><lastmod>2025-02-20T09:30:00+08:00</lastmod><image:image><image:loc>https://blog.example/a.png</image:loc></image:image></url>
<url><loc>https://blog.example/archives/2</loc></url>
<url><loc>https://blog.example/archives/3/</loc><lastmod>2024-01-01</lastmod></url>
<url><loc>https://blog.example/archives/3</loc><lastmod>2024-01-02</lastmod></url>
<url><loc>https://other.example/archives/4</loc><lastmod>2024-01-01</lastmod></url>
<url><loc>https://blog.example/archives/5</loc><lastmod>soon</lastmod></url><url><loc></loc></url></urlset>`

const sitemapIndex = `<sitemapindex><sitemap><loc>https://blog.example/page-sitemap.xml</loc></sitemap>
<sitemap><loc>https://blog.example/post_tag-sitemap.xml</loc></sitemap><sitemap><loc>https://blog.example/local-sitemap.xml</loc></sitemap>
<sitemap><loc>https://blog.example/post-sitemap.xml</loc><lastmod>2024-01-01</lastmod></sitemap>
<sitemap><loc>https://blog.example/post-sitemap2.xml</loc><lastmod>2025-01-01</lastmod></sitemap>
<sitemap><loc>https://blog.example/sitemap_index.xml</loc></sitemap><sitemap><loc>https://blog.example/post-sitemap.xml</loc></sitemap>
<sitemap><loc>https://other.example/post-sitemap.xml</loc></sitemap><sitemap><loc>https://blog.example/category-sitemap.xml</loc></sitemap></sitemapindex>`

func readMap(t *testing.T, text string) archiver.Facts {
	t.Helper()
	f, err := New(Options{}).Facts(&archiver.Page{URL: "https://blog.example/sitemap_index.xml", Text: text})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestFactsSitemap(t *testing.T) {
	var got []string
	for _, e := range readMap(t, sitemap).Entries {
		got = append(got, strings.TrimSpace(string(e.Channel)+" "+e.URL+" "+e.Mark))
	}
	want := []string{
		"sitemap https://blog.example/archives/1?a=1&b=2 2025-02-20T09:30:00+08:00", "sitemap https://blog.example/archives/2",
		"sitemap https://blog.example/archives/3/ 2024-01-01", "sitemap https://blog.example/archives/5",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("sitemap mismatch (-want +got):\n%s", diff)
	}
}

func TestFactsSitemapOfABuild(t *testing.T) {
	text := "<urlset>"
	for i := range 4 {
		text += fmt.Sprintf("<url><loc>https://blog.example/%d</loc><lastmod>2025-02-20T09:30:0%d.123Z</lastmod></url>", i, i)
	}
	for _, e := range readMap(t, text+"</urlset>").Entries {
		if e.Mark != "" {
			t.Errorf("%s is marked %q, as all others", e.URL, e.Mark)
		}
	}
}

func TestFactsSitemapIndex(t *testing.T) {
	f := readMap(t, sitemapIndex)
	want := []string{
		"https://blog.example/post-sitemap2.xml", "https://blog.example/post-sitemap.xml", "https://blog.example/local-sitemap.xml", "https://blog.example/page-sitemap.xml",
	}
	if diff := cmp.Diff(want, f.Next); diff != "" || f.Channel != archiver.ChannelSitemap || len(f.Entries) > 0 {
		t.Errorf("children of %s mismatch (-want +got):\n%s", f.Channel, diff)
	}
	core := "<sitemapindex>"
	for _, name := range []string{"wp-sitemap-users-1", "wp-sitemap-posts-page-1", "wp-sitemap-taxonomies-category-1", "wp-sitemap-posts-post-1"} {
		core += "<sitemap><loc>https://blog.example/" + name + ".xml</loc></sitemap>"
	}
	if got := readMap(t, core).Next; len(got) != 2 || got[0] != "https://blog.example/wp-sitemap-posts-post-1.xml" {
		t.Errorf("of WordPress itself: %q", got)
	}
	if got := readMap(t, "<sitemapindex><sitemap><loc>/tag-sitemap.xml</loc></sitemap></sitemapindex>").Next; len(got) != 1 {
		t.Errorf("where there is nothing else: %q", got)
	}
	many := "<sitemapindex>"
	for i := range 3 * maxSitemapChildren {
		many += fmt.Sprintf("<sitemap><loc>/posts-%d.xml</loc></sitemap>", i)
	}
	if got := len(readMap(t, many).Next); got != maxSitemapChildren {
		t.Errorf("%d children", got)
	}
}

func TestFactsBadSitemaps(t *testing.T) {
	tests := []struct {
		name, text string
		entries    int // -1: unusable
	}{
		{"empty", "<urlset></urlset>", 0},
		{"cut", "<urlset><url><loc>https://blog.example/1</loc></url><url><loc>https://blog.ex", 1},
		{"a bare ampersand", "<urlset><url><loc>https://blog.example/?a=1&b=2</loc></url></urlset>", 1},
		{"byte order mark and blank lines", "\ufeff\n<urlset><url><loc>https://blog.example/1</loc></url></urlset>", 1},
		{"billion laughs", `<!DOCTYPE r [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><urlset><url><loc>https://blog.example/&b;</loc></url></urlset>`, -1},
		{"a file", `<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><urlset><url><loc>https://blog.example/&x;</loc></url></urlset>`, -1},
		{"too large", "<urlset>" + strings.Repeat(" ", maxSitemapBytes), -1},
		{"too many", "<urlset>" + strings.Repeat("<url><loc>/a</loc></url>", maxSitemapURLs+10), 1},
	}
	for _, tt := range tests {
		got, err := New(Options{}).Facts(&archiver.Page{URL: "https://blog.example/sitemap.xml", Text: tt.text})
		if tt.entries < 0 && archiver.KindOf(err) != archiver.Unusable || tt.entries >= 0 && (err != nil || len(got.Entries) != tt.entries) {
			t.Errorf("%s: %d entries, %v; want %d", tt.name, len(got.Entries), err, tt.entries)
		}
	}
}
