package export

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"archiver"

	"github.com/google/go-cmp/cmp"
	"github.com/mmcdole/gofeed"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

// oddTitles is what titles of the wild look like, and what a person should be able to read of them.
var oddTitles = []struct{ given, shown string }{
	{`"quoted" 'single' \ back`, `"quoted" 'single' \ back`},
	{"a: b: c", "a: b: c"},
	{"two\nlines\r\nand\tmore", "two lines and more"},
	{"---", "---"},
	{"---\nx: y\n---", "--- x: y ---"},
	{"👩‍👩‍👧 emoji 🇨🇳", "👩‍👩‍👧 emoji 🇨🇳"},
	{"\u200fعنوان\u200e", "\u200fعنوان\u200e"},
	{"\u202eevil\u202c", "evil"},
	{"=cmd()|'/C calc'!A0", "=cmd()|'/C calc'!A0"},
	{"+1", "+1"}, {"-1", "-1"}, {"@SUM(A1)", "@SUM(A1)"}, {"\t=1", "=1"}, {"＝1", "＝1"},
	{"nul \x00 esc \x1b[31m bell \x07", "nul esc [31m bell"},
	{"a ]]> b <![CDATA[ c", "a ]]> b <![CDATA[ c"},
	{"<b>&amp; &lt;</title><script>", "<b>&amp; &lt;</title><script>"},
	{"bad \xff\xfe bytes", "bad �� bytes"},
	{"\ufffe\uffff x", "x"},
	{"comma, semicolon; \"\"", "comma, semicolon; \"\""},
}

func oddlyTitled() []archiver.Article {
	var all []archiver.Article
	for i, odd := range oddTitles {
		a := article(100+i, odd.given, "<p>text "+strings.ToValidUTF8(odd.given, "?")+"</p>")
		a.Authors, a.Tags, a.Excerpt = []string{odd.given, "b"}, []string{odd.given}, odd.given
		all = append(all, a)
	}
	return all
}

// TestFeedsAsReadersSeeThem: an independent reader finds in both feeds what the archive has.
func TestFeedsAsReadersSeeThem(t *testing.T) {
	for _, name := range []string{"atom", "jsonfeed"} {
		t.Run(name, func(t *testing.T) {
			opts := Options{Sources: []archiver.Source{source}, Language: "zh-CN"}
			feed, err := gofeed.NewParser().Parse(bytes.NewReader(export(t, name, articlesOf(append(oddlyTitled(), small()...)...), opts)))
			if err != nil {
				t.Fatal(err)
			}
			if feed.Title != source.Title || feed.Link != source.URL || feed.Language != "zh-CN" || len(feed.Authors) != 1 || feed.Authors[0].Name != "示例博客" {
				t.Errorf("feed: %q %q %q %v", feed.Title, feed.Link, feed.Language, feed.Authors)
			}
			all := append(oddlyTitled(), small()...)
			if len(feed.Items) != len(all) {
				t.Fatalf("%d items, want %d", len(feed.Items), len(all))
			}
			seen := map[string]bool{}
			for i, item := range feed.Items {
				want := titleOf(&all[i])
				if i < len(oddTitles) {
					if want = oddTitles[i].shown; item.Description != want || len(item.Categories) != 2 || item.Categories[1] != want ||
						name == "atom" && item.Authors[0].Name != want { // the reader takes the names of JSON Feed apart
						t.Errorf("%q: summary %q, categories %q, author %q", want, item.Description, item.Categories, item.Authors[0].Name)
					}
				}
				if item.Title != want || item.Link != all[i].URL || item.GUID == "" || seen[item.GUID] {
					t.Errorf("item: %q %q %q, want %q %q", item.Title, item.Link, item.GUID, want, all[i].URL)
				}
				seen[item.GUID] = true
				if published := all[i].Published; !published.IsZero() && (item.PublishedParsed == nil || !item.PublishedParsed.Equal(published.Time())) {
					t.Errorf("%q: published %v, want %v", want, item.PublishedParsed, published)
				}
				content := item.Content
				if name == "atom" { // the reader leads links inside the text to the article, by xml:base, and writes it anew
					if strings.Contains(content, `href="#`) || !strings.Contains(all[i].HTML, "#fn-1") != !strings.Contains(content, `"`+all[i].URL+`#fn-1"`) {
						t.Errorf("%q: links inside the text: %s", want, content)
					}
					content = all[i].HTML
				}
				if i >= len(oddTitles) && content != all[i].HTML {
					t.Errorf("%q: content (-want +got):\n%s", want, cmp.Diff(all[i].HTML, item.Content))
				}
			}
		})
	}
}

// TestAtomIsWellFormed, also of what a reader would forgive; and it has what RFC 4287 asks of a feed and of each entry.
func TestAtomIsWellFormed(t *testing.T) {
	all := append(append(oddlyTitled(), nasty()...), small()...)
	all = append(all, archiver.Article{}, archiver.Article{ID: "0123456789ab", URL: "https://x.example/"})
	for _, brief := range []Articles{nil, articlesOf(all...)} {
		data := export(t, "atom", articlesOf(all...), Options{Brief: brief})
		var feed struct {
			XMLName xml.Name `xml:"http://www.w3.org/2005/Atom feed"`
			ID      []string `xml:"id"`
			Title   []string `xml:"title"`
			Updated []string `xml:"updated"`
			Author  []string `xml:"author>name"`
			Entries []struct {
				ID      []string `xml:"id"`
				Title   []string `xml:"title"`
				Updated []string `xml:"updated"`
				Links   []struct {
					Href string `xml:"href,attr"`
				} `xml:"link"`
				Content []string `xml:"content"`
			} `xml:"entry"`
		}
		decoder := xml.NewDecoder(bytes.NewReader(data))
		if err := decoder.Decode(&feed); err != nil {
			t.Fatal(err)
		}
		if rest, _ := decoder.Token(); rest == nil || strings.TrimSpace(string(rest.(xml.CharData))) != "" {
			t.Errorf("after the feed: %v", rest)
		}
		if _, err := decoder.Token(); err != io.EOF {
			t.Errorf("after the feed: %v", err)
		}
		if len(feed.ID) != 1 || len(feed.Title) != 1 || len(feed.Updated) != 1 || len(feed.Author) != 1 || len(feed.Entries) != len(all) {
			t.Fatalf("the feed's own: %q %q %q %q, %d entries", feed.ID, feed.Title, feed.Updated, feed.Author, len(feed.Entries))
		}
		if newest, err := time.Parse(time.RFC3339, feed.Updated[0]); err != nil || newest.Year() != 9999 {
			t.Errorf("updated %q: %v", feed.Updated[0], err)
		}
		for i, e := range feed.Entries {
			if want := strings.ToValidUTF8(all[i].HTML, "�"); len(e.Content) == 1 && i < len(oddTitles) && e.Content[0] != strings.Map(func(r rune) rune {
				if forbidden(r) {
					return -1
				}
				return r
			}, want) {
				t.Errorf("content %q, want %q", e.Content[0], want)
			}
			if len(e.ID) != 1 || len(e.Title) != 1 || len(e.Updated) != 1 || len(e.Links) > 1 || len(e.Links) == 0 && len(e.Content) != 1 {
				t.Errorf("entry: %+v", e)
			}
			if _, err := time.Parse(time.RFC3339, e.Updated[0]); err != nil {
				t.Error(err)
			}
		}
	}
}

func TestJSONFeedKeepsItsSchema(t *testing.T) {
	f, err := os.Open(filepath.Join("testdata", "jsonfeed-1.1.schema.json"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	document, err := jsonschema.UnmarshalJSON(f)
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("jsonfeed.schema.json", document); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("jsonfeed.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	all := append(append(oddlyTitled(), nasty()...), small()...)
	all = append(all, archiver.Article{ID: "0123456789ab", URL: "https://x.example/", State: archiver.ArticleProtected})
	data := export(t, "jsonfeed", articlesOf(all...), Options{Sources: []archiver.Source{source}})
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err == nil {
		err = s.Validate(v)
	}
	if err != nil {
		t.Errorf("%v", err)
	}
	for _, bad := range []string{`{"version":"https://jsonfeed.org/version/1.1","title":"x","items":[{"id":"1","title":"no content"}]}`,
		`{"version":"https://jsonfeed.org/version/1.1","items":[]}`, `{"version":"https://jsonfeed.org/version/1.1","title":"x","items":[{"content_text":""}]}`} {
		v, err := jsonschema.UnmarshalJSON(strings.NewReader(bad))
		if err != nil || s.Validate(v) == nil {
			t.Errorf("passes: %s", bad)
		}
	}
	if !json.Valid(data) {
		t.Error("not JSON")
	}
}

func TestCSV(t *testing.T) {
	all := append(oddlyTitled(), nasty()...)
	data := export(t, "csv", articlesOf(all...), Options{})
	if !bytes.HasPrefix(data, []byte("\xef\xbb\xbfid,url,")) || bytes.Count(data, []byte("\n")) != len(all)+1 || bytes.Count(data, []byte("\r\n")) != len(all)+1 {
		t.Errorf("the form: %.60q, %d lines", data, bytes.Count(data, []byte("\n")))
	}
	rows, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(data, []byte(byteOrderMark)))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(csvColumns, rows[0]); diff != "" {
		t.Errorf("header (-want +got):\n%s", diff)
	}
	for i, row := range rows[1:] {
		for _, cell := range row {
			if cell != "" && strings.ContainsAny(cell[:1], "=+-@\t\r\n") {
				t.Errorf("a spreadsheet works out %q", cell)
			}
		}
		if i >= len(oddTitles) {
			continue
		}
		want := oddTitles[i].shown
		if got := strings.TrimPrefix(row[3], "'"); got != want {
			t.Errorf("title %q, want %q", row[3], want)
		}
	}
	got := rows[1:][0]
	if want := []string{all[0].ID, all[0].URL, "nlp", oddTitles[0].shown, oddTitles[0].shown + "; b", "2024-02-09T08:30:00+08:00", "", "自然语言处理(NLP)",
		oddTitles[0].shown, "zh-CN", "100", oddTitles[0].shown, "2024-06-01T12:00:00Z", "2024-07-01T12:00:00Z", "saved", "", ""}; cmp.Diff(want, got) != "" {
		t.Errorf("row (-want +got):\n%s", cmp.Diff(want, got))
	}
}
