package extract

import (
	"encoding/json"
	"strings"
	"testing"

	"archiver"

	"github.com/google/go-cmp/cmp"
)

func facts(t *testing.T, page archiver.Page) ([]toldEntry, archiver.Facts) {
	t.Helper()
	got, err := New(Options{}).Facts(&page)
	if err != nil {
		t.Fatal(err)
	}
	return tell(archiver.Listing{Entries: got.Entries}, nil).Entries, got
}

const rss = `<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:atom="http://www.w3.org/2005/Atom">
<channel><title>拾光笔记</title><link>https://blog.example</link><atom:link href="https://blog.example/feed/" rel="self" type="application/rss+xml"/>
<item><title>Attention &#8211; 再谈 &amp;amp; 其他</title><link>https://blog.example/archives/2/?utm_source=rss</link><comments>https://blog.example/archives/2/#comments</comments>
<dc:creator><![CDATA[小明]]></dc:creator><pubDate>Thu, 20 Feb 2025 01:30:00 +0000</pubDate><category><![CDATA[自然语言处理]]></category><category><![CDATA[BERT]]></category>
<guid isPermaLink="false">https://blog.example/?p=2</guid><content:encoded><![CDATA[<p>Text <a href="/x">x</a></p>]]></content:encoded></item>
<item><title>泛型 List&lt;String&gt; 与 &lt;em&gt;强调&lt;/em&gt;</title><guid>https://blog.example/archives/1/</guid><author>ming@blog.example (小明)</author><pubDate>broken</pubDate></item>
<item><title>elsewhere</title><link>https://other.example/1</link></item>
</channel></rss>`

func TestFactsRSS(t *testing.T) {
	got, _ := facts(t, archiver.Page{URL: "https://blog.example/feed/", Text: rss})
	want := []toldEntry{
		{URL: "https://blog.example/archives/2/", Title: "Attention – 再谈 & 其他", Authors: []string{"小明"}, Published: "2025-02-20T01:30:00Z", Categories: []string{"自然语言处理", "BERT"}},
		{URL: "https://blog.example/archives/1/", Title: "泛型 List<String> 与 <em>强调</em>", Authors: []string{"小明"}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("RSS mismatch (-want +got):\n%s", diff)
	}
}

const atomFeed = `<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom"><title>Notes</title><link href="/atom.xml" rel="self"/><author><name>Ming</name></author>
<entry><title type="html">A &amp;lt;b&amp;gt; &lt;em&gt;tag&lt;/em&gt;</title><link href="/2025/a/"/><link rel="edit" href="/edit"/><id>tag:blog,1</id>
<published>2025-02-20T09:30:00.000Z</published><updated>2025-03-01T00:00:00+08:00</updated><author><name>小明</name></author>
<category term="NLP" scheme="https://blog.example/categories/NLP/"/><category term="bert" scheme="https://blog.example/tags/bert/"/><content type="html">x</content></entry>
<entry><title>No link</title><id>https://blog.example/2025/b/</id><updated>2025-03-02T00:00:00Z</updated></entry>
</feed>`

func TestFactsAtom(t *testing.T) {
	got, _ := facts(t, archiver.Page{URL: "https://blog.example/atom.xml", Text: atomFeed})
	want := []toldEntry{
		{URL: "https://blog.example/2025/a/", Title: "A <b> tag", Authors: []string{"小明"}, Published: "2025-02-20T09:30:00Z", Modified: "2025-03-01T00:00:00+08:00",
			Categories: []string{"NLP"}, Tags: []string{"bert"}},
		{URL: "https://blog.example/2025/b/", Title: "No link", Modified: "2025-03-02T00:00:00Z"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Atom mismatch (-want +got):\n%s", diff)
	}
}

func TestFactsBrokenFeeds(t *testing.T) {
	item := "<item><title>t</title><link>https://blog.example/1</link></item>"
	tests := []struct {
		name, text string
		entries    int // -1: unusable
	}{
		{"empty", "", -1},
		{"words", "try again later", -1},
		{"web page", "<!DOCTYPE html><html><body>no</body></html>", -1},
		{"a document type of its own", `<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss><channel><item><title>&x;</title><link>https://blog.example/1</link></item></channel></rss>`, 1},
		{"billion laughs", `<!DOCTYPE r [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><rss><channel><title>&b;</title>` + item + `</channel></rss>`, 1},
		{"byte order mark and blank lines", "\ufeff\n\n<rss><channel>" + item + "</channel></rss>", 1},
		{"control characters", "<rss><channel>" + strings.Replace(item, "t<", "a\x0bb\x00<", 1) + "</channel></rss>", 1},
		{"entities of HTML", "<rss><channel>" + strings.Replace(item, "t<", "a&nbsp;b&hellip;<", 1) + "</channel></rss>", 1},
		{"a bare ampersand", "<rss><channel>" + strings.Replace(item, "t<", "a & b &c<", 1) + "</channel></rss>", 1},
		{"PHP warning before it", "<br />\n<b>Warning</b>: x<br />\n<rss><channel>" + item + "</channel></rss>", 1},
		{"cut in the second item", "<rss><channel>" + item + "<item><title>u", 1},
		{"no items", "<rss><channel><title>x</title></channel></rss>", 0},
		{"other XML", "<urlset><url><loc>https://blog.example/1</loc></url></urlset>", -1},
		{"old encoding named", `<?xml version="1.0" encoding="gb2312"?><rss><channel>` + item + "</channel></rss>", 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := New(Options{}).Facts(&archiver.Page{URL: "https://blog.example/feed", Text: tt.text})
			switch {
			case tt.entries < 0:
				if archiver.KindOf(err) != archiver.Unusable {
					t.Errorf("error %v, want kind unusable", err)
				}
			case err != nil || len(got.Entries) != tt.entries:
				t.Errorf("%d entries, %v; want %d", len(got.Entries), err, tt.entries)
			}
			if strings.Contains(string(mustJSON(t, got)), "root:") {
				t.Error("a file was read")
			}
		})
	}
}

func mustJSON(t *testing.T, v any) []byte {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func FuzzFacts(f *testing.F) {
	for _, seed := range []string{rss, atomFeed, restAnswer, `{"code":"x"}`, "[", "[null,1,{}]", "<rss><item><link>http://a/</link>"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		page := archiver.Page{URL: "https://blog.example/feed/", Text: text}
		got, err := New(Options{}).Facts(&page)
		if err != nil && archiver.KindOf(err) != archiver.Unusable {
			t.Fatalf("kind %v: %v", archiver.KindOf(err), err)
		}
		for _, e := range got.Entries {
			if url, err := archiver.Canonical(e.URL); err != nil || url != e.URL || !archiver.SameSite(url, page.URL) {
				t.Errorf("entry at %q", e.URL)
			}
		}
	})
}
