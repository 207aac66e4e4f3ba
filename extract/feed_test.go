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
		{"other XML", "<opml><url><loc>https://blog.example/1</loc></url></opml>", -1},
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

// What a feed says of changes: its date, unless a build made it; a sum of what is read; nothing.
func TestFeedMarks(t *testing.T) {
	marks := func(text string) (all []string) {
		t.Helper()
		f, err := New(Options{}).Facts(&archiver.Page{URL: "https://blog.example/feed/", Text: text})
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range f.Entries {
			all = append(all, e.Mark)
		}
		return all
	}
	item := func(content string) string {
		return marks(`<rss xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:slash="http://purl.org/rss/1.0/modules/slash/"><channel><item><title>甲</title>` +
			`<link>https://blog.example/1</link><slash:comments>3</slash:comments>` + content + `</item></channel></rss>`)[0]
	}
	cdata := func(s string) string { return "<content:encoded><![CDATA[" + s + "]]></content:encoded>" }
	const text = `<p>条件随机场 <a href="/x?nonce=1">链接</a></p><pre>a = 1</pre><img src="/a.png?v=1">`
	first := item(cdata(text))
	if len(first) != markLength {
		t.Fatalf("mark %q", first)
	}
	for name, same := range map[string]string{
		"white space":        cdata(strings.ReplaceAll(text, "<p>", "\n<p class=\"x\">\n")),
		"a signed address":   cdata(strings.ReplaceAll(strings.ReplaceAll(text, "v=1", "v=2"), "nonce=1", "nonce=2")),
		"a tracking pixel":   cdata(text + `<img width="1" height="1" src="https://t.example/p.gif">`),
		"a comment counter":  cdata(text + ` <a href="/1#comments">12</a> 评论 (12)`),
		"a script":           cdata(text + `<script>var t = 12</script>`),
		"the text before it": "<description>x</description>" + cdata(text),
	} {
		if got := item(same); got != first {
			t.Errorf("%s changes the mark", name)
		}
	}
	for name, other := range map[string]string{
		"a word":      cdata(strings.Replace(text, "条件", "条", 1)),
		"code":        cdata(strings.Replace(text, "a = 1", "a = 2", 1)),
		"a picture":   cdata(strings.Replace(text, "a.png", "b.png", 1)),
		"a link":      cdata(strings.Replace(text, "/x?", "/y?", 1)),
		"the summary": "<description>" + "条件" + "</description>",
	} {
		if got := item(other); got == first || got == "" {
			t.Errorf("%s: mark %q", name, got)
		}
	}
	if got := item(""); got != "" {
		t.Errorf("without text: mark %q", got)
	}
	atom := func(dates ...string) []string {
		text := `<feed xmlns="http://www.w3.org/2005/Atom">`
		for i, d := range dates {
			text += `<entry><title>t</title><link href="/` + string(rune('a'+i)) + `"/><updated>` + d + `</updated><content type="xhtml"><div><p>text</p></div></content></entry>`
		}
		return marks(text + "</feed>")
	}
	if got := atom("2025-03-01T00:00:00+08:00", "2025-03-04T00:00:00Z"); got[0] != "2025-03-01T00:00:00+08:00" || got[1] != "2025-03-04T00:00:00Z" {
		t.Errorf("dates of change give %q", got)
	}
	if got := atom("2025-03-01T00:00:00Z", "2025-03-01T00:00:09Z", "2025-03-01T00:03:00Z"); len(got[0]) != markLength {
		t.Errorf("dates of a build give %q", got)
	}
}

func TestFeedNext(t *testing.T) {
	items := func(n int) string {
		return strings.Repeat("<item><link>https://blog.example/1</link></item>", n)
	}
	const wordpress = "<generator>https://wordpress.org/?v=6.5</generator>"
	tests := []struct{ name, url, text, want string }{
		{"a full page of WordPress", "https://blog.example/feed/", "<rss><channel>" + wordpress + items(10) + "</channel></rss>", "https://blog.example/feed/?paged=2"},
		{"plain addresses", "https://blog.example/?feed=rss2&cat=2&paged=3", "<rss><channel>" + wordpress + items(12) + "</channel></rss>", "https://blog.example/?feed=rss2&cat=2&paged=4"},
		{"the last page", "https://blog.example/feed/?paged=8", "<rss><channel>" + wordpress + items(7) + "</channel></rss>", ""},
		{"other software", "https://blog.example/feed/", "<rss><channel>" + items(20) + "</channel></rss>", ""},
		{"named", "https://blog.example/atom.xml", `<feed><link rel="next" href="/atom-2.xml"/><entry><link rel="next" href="/no"/></entry></feed>`, "https://blog.example/atom-2.xml"},
		{"itself", "https://blog.example/atom.xml", `<feed><link rel="next" href="/atom.xml#x"/></feed>`, ""},
		{"another site's", "https://blog.example/atom.xml", `<feed><link rel="next" href="https://other.example/"/></feed>`, ""},
		{"JSON Feed", "https://blog.example/feed.json", `{"version":"https://jsonfeed.org/version/1.1","next_url":"/feed-2.json","items":[]}`, "https://blog.example/feed-2.json"},
	}
	for _, tt := range tests {
		f, err := New(Options{}).Facts(&archiver.Page{URL: tt.url, Text: tt.text})
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
		}
		if got := strings.Join(f.Next, " "); got != tt.want || f.Channel != archiver.ChannelFeed {
			t.Errorf("%s: next %q of %s, want %q", tt.name, got, f.Channel, tt.want)
		}
	}
}

const jsonFeedText = `{"version": "https:\/\/jsonfeed.org\/version\/1.1", "title": "Notes", "items": [
{"id": "https://blog.example/2025/a/", "title": "A", "content_html": "<p>x</p>", "date_published": "2025-02-20T09:30:00+08:00", "date_modified": "2025-03-01T00:00:00+08:00",
 "tags": ["NLP"], "authors": [{"name": "小明"}], "image": "/a.png"},
{"id": 2, "url": "/2025/b/", "content_text": "text"}, {"url": "https://other.example/"}, {"url": 3}, null]}`

func TestFactsJSONFeed(t *testing.T) {
	got, f := facts(t, archiver.Page{URL: "https://blog.example/feed.json", Text: jsonFeedText})
	want := []toldEntry{
		{URL: "https://blog.example/2025/a/", Title: "A", Authors: []string{"小明"}, Published: "2025-02-20T09:30:00+08:00", Modified: "2025-03-01T00:00:00+08:00",
			Tags: []string{"NLP"}, Image: "https://blog.example/a.png"},
		{URL: "https://blog.example/2025/b/"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("JSON Feed mismatch (-want +got):\n%s", diff)
	}
	if f.Entries[0].Mark != "2025-03-01T00:00:00+08:00" || len(f.Entries[1].Mark) != markLength {
		t.Errorf("marks %q and %q", f.Entries[0].Mark, f.Entries[1].Mark)
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

// Whatever a channel answers: its entries and further pages are canonical addresses of the site, and no further page is the page.
func FuzzFacts(f *testing.F) {
	for _, seed := range []string{rss, atomFeed, restAnswer, jsonFeedText, sitemap, sitemapIndex, `{"code":"x"}`, "[", "[null,1,{}]", "<rss><item><link>http://a/</link>"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		page := archiver.Page{URL: "https://blog.example/feed/?paged=2", Text: text, Pages: 4, Total: 7}
		got, err := New(Options{}).Facts(&page)
		if err != nil && archiver.KindOf(err) != archiver.Unusable {
			t.Fatalf("kind %v: %v", archiver.KindOf(err), err)
		}
		if err == nil && got.Channel == "" {
			t.Error("of no channel")
		}
		ours := func(url string) bool {
			canonical, err := archiver.Canonical(url)
			return err == nil && canonical == url && archiver.SameSite(url, page.URL)
		}
		for _, e := range got.Entries {
			if !ours(e.URL) || e.Channel != got.Channel {
				t.Errorf("entry of %q at %q", e.Channel, e.URL)
			}
		}
		known := map[string]bool{archiver.Key(page.URL): true}
		for _, next := range got.Next {
			if !ours(next) || known[archiver.Key(next)] {
				t.Errorf("next %q", next)
			}
			known[archiver.Key(next)] = true
		}
	})
}
