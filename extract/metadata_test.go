package extract

import (
	"strings"
	"testing"
	"time"

	"archiver"

	"github.com/google/go-cmp/cmp"
)

const factsText = "<p>Sentences make a text, and this one goes on for long enough to be one; it has commas, clauses, and a full stop at its end. " +
	"Another follows it, so that nobody takes it for a label, a byline or a caption of something.</p>"

// readFacts is the article of a page of one heading, with more in the places that facts stand in.
func readFacts(t *testing.T, url, head, above, below string) archiver.Article {
	t.Helper()
	page := "<html lang=en-US><head><title>A title of words - Some Site</title>" + head + "</head><body>" +
		"<main><h1>A title of words</h1>" + above + "<div class=entry-content>" + strings.Repeat(factsText, 4) + "</div>" + below + "</main></body></html>"
	return readPage(t, url, page)
}

// readPage is the article of a page.
func readPage(t *testing.T, url, page string) archiver.Article {
	t.Helper()
	a := New(Options{}).Article(nil)
	if _, err := a.Add(&archiver.Page{URL: url, Requested: url, Text: page}); err != nil {
		t.Fatal(err)
	}
	article, err := a.Article()
	if err != nil {
		t.Fatal(err)
	}
	return article
}

func TestAuthors(t *testing.T) {
	tests := []struct{ name, head, above, below, want string }{
		{"by", "", "<p>By Jane Doe</p>", "", "Jane Doe"},
		{"by with a date", "", "<p>By Jane Doe | May 1, 2024 | 3 comments</p>", "", "Jane Doe"},
		{"by on a line of its own", "", "<div>Written by</div><div>Jane Doe</div>", "", "Jane Doe"},
		{"two", "", "<p>By Jane Doe and John Roe, Senior Editors</p>", "", "Jane Doe; John Roe"},
		{"degree", "", "<p>By Jane Doe, Ph.D., and John Roe</p>", "", "Jane Doe, Ph.D.; John Roe"},
		{"job in brackets", "", "<div class=author-box><h4 class=author-box__name>Jane Doe (Content Manager)</h4></div>", "", "Jane Doe"},
		{"link to a person", "", `<span>May 1</span> <a href="/author/jane/">Jane Doe</a>`, "", "Jane Doe"},
		{"person of another site", "", `<a href="https://social.example/@janedoe">Jane Doe</a>`, "", ""},
		{"portrait", "", `<div class=PostAuthor_wrap__x1><img alt="Picture of Jane Doe"></div>`, "", "Jane Doe"},
		{"reviewer", "", `<p>Written by <a href="/author/j">Jane Doe</a></p><p>Reviewed by <a href="/author/r">John Roe</a></p>`, "", "Jane Doe"},
		{"edited", "", `<p>Edited by <a href="/author/r">John Roe</a></p>`, "", ""},
		{"first name, whole name below", "", `<a href="/author/j">Jane</a>`, `<div class=author-bio><a rel=author href="/author/j">Jane Doe</a></div>`, "Jane Doe"},
		{"box below", "", "", `<section><h3>About the author</h3><div class=author-bio><strong>Jane Doe</strong><p>She writes.</p></div></section>`, "Jane Doe"},
		{"related cards", "", "", `<h3>Related</h3><div><a href="/b">Another</a> <a href="/author/r">John Roe</a></div>`, ""},
		{"Chinese", "", "<p>作者：张三　发布时间：2024-05-01</p>", "", "张三"},
		{"Chinese newspaper", "", "<p>文 / 张三</p>", "", "张三"},
		{"Chinese source", "", "<p>来源：人民网</p>", "", ""},
		{"Chinese editor", "", "<p>编辑：李四</p>", "", ""},
		{"twitter", `<meta name="twitter:label1" content="Written by"><meta name="twitter:data1" content="Jane Doe">`, "", "", "Jane Doe"},
		{"profile address", `<meta property="article:author" content="https://social.example/jane">`, "", "", ""},
		{"citation", `<meta name=citation_author content="Jane Doe"><meta name=citation_author content="John Roe">`, "", "", "Jane Doe; John Roe"},
		{"guest", `<meta name=author content="Guest Contributor">`, "", "", ""},
		{"team", `<meta name=author content="The Blog Team">`, "", "", ""},
		{"a reference", "", "", "<p>A. Author: Partitioning Methods, 1963</p>", ""},
		{"no byline", "", "<p>By the way, this is how it goes</p>", "", ""},
		{"a date is no name", "", `<div class=byline>Jan 15</div>`, "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := strings.Join(readFacts(t, "https://blog.example/p/1", tt.head, tt.above, tt.below).Authors, "; ")
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("authors mismatch (-want +got):\n%s", diff)
			}
		})
	}
}

func TestDates(t *testing.T) {
	tests := []struct{ name, head, above, below, want, modified string }{
		{"a line", "", "<div>May 1, 2024</div>", "", "2024-05-01", ""},
		{"American numbers", "", "<div>03/04/2024</div>", "", "2024-03-04", ""},
		{"two digits", "", "<div>Published on 01/25/26</div>", "", "2026-01-25", ""},
		{"label behind", "", "<div>3 Sept 2024 | Originally published</div><div>12 Jan 2025 | Latest version</div>", "", "2024-09-03", "2025-01-12"},
		{"label in the next line", "", "<h3>17/08/2025</h3><p>Date Posted</p>", "", "2025-08-17", ""},
		{"only updated", "", "<div>Updated November 18, 2025</div>", "", "", "2025-11-18"},
		{"below", "", "", "<div>Post time: 01-04-2024</div>", "2024-01-04", ""},
		{"below without a label", "", "", "<div>Mexico, 01-04-2024</div>", "", ""},
		{"in UTC, shown in another zone", "", "<time datetime='2026-02-24T04:13:00Z'>February 23, 2026</time>", "", "2026-02-23", ""},
		{"in UTC, shown with a clock", "", "<time datetime='2024-05-01T01:30:00Z'>2024-05-01 09:30</time>", "", "2024-05-01T09:30:00+08:00", ""},
		{"head", `<meta name=citation_publication_date content="2023 Jan 7">`, "", "", "2023-01-07", ""},
		{"meta for software", `<meta itemprop=datePublished content="2022-09-20T22:32:00-0400">`, "", "", "2022-09-20T22:32:00-04:00", ""},
		{"RDFa", "", `<span property="dc:date dc:created" content="2015-02-03T10:00:00-05:00"></span>`, "", "2015-02-03T10:00:00-05:00", ""},
		{"era", "", "<p>令和6年5月1日</p>", "", "2024-05-01", ""},
		{"era of the Republic", "", "<p>民國113年5月1日</p>", "", "2024-05-01", ""},
		{"Chinese, with a source", "", "<p>2024-05-01 09:30 来源：某报</p>", "", "2024-05-01T09:30:00", ""},
		{"relative", "", "<p>发布于 3 天前</p>", "", "", ""},
		{"without a year", "", "<p>05月01日 09:30</p>", "", "", ""},
		{"copyright", "", "", "<footer>© 2019-05-01 Some Site</footer>", "", ""},
		{"a book's day", "", "<div>Erscheinungsdatum: 14.08.2017</div>", "", "", ""},
		{"JSON-LD, more behind", `<script type="application/ld+json">{"@type":"Article","datePublished":"2022-01-10T22:06:08:684Z"}</script>`, "", "", "2022-01-10T22:06:08", ""},
		{"JSON-LD of a guide", `<script type="application/ld+json">{"@type":"HowTo","datePublished":"2022-01-10"}</script>`, "", "", "2022-01-10", ""},
		{"the only one that says so, in a box called footer", "", "<div class=footer><p><time itemprop=datePublished datetime=2020-01-27>27.01.2020</time></p></div>", "", "2020-01-27", ""},
		{"cards below", "", "", "<div><div class=date>2024-05-01</div><div class=date>2024-04-01</div><div class=date>2024-03-01</div></div>", "", ""},
		{"a line and cards below", "", "<div>May 9, 2024</div>", "<div><time>2024-05-01</time><time>2024-04-01</time><time>2024-03-01</time></div>", "2024-05-09", ""},
		{"JSON-LD, several", `<script type="application/ld+json">[{"@type":"Article","headline":"Other","datePublished":"2020-01-01"},{"@type":"Article","headline":"A title of words","datePublished":"2024-05-01T09:00:00+08:00"}]</script>`,
			"", "", "2024-05-01T09:00:00+08:00", ""},
		{"JSON-LD, broken", `<script type="application/ld+json">/* seo */ {"@type":"https://schema.org/BlogPosting","headline":"It\'s","datePublished":"2024-05-01",}</script>`, "", "", "2024-05-01", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a := readFacts(t, "https://blog.example/p/1", tt.head, tt.above, tt.below)
			if diff := cmp.Diff([]string{tt.want, tt.modified}, []string{a.Published.String(), a.Modified.String()}); diff != "" {
				t.Errorf("published, modified mismatch (-want +got):\n%s", diff)
			}
		})
	}
}

func TestDatesInBody(t *testing.T) {
	tests := []struct{ name, lang, first, last, want, modified string }{
		{"first line", "en", "<p>2024-05-01</p>", "", "2024-05-01", ""},
		{"in brackets", "de", "<p>(21. November 2022) Es war einmal ein Wort, das stand in einem Satz.</p>", "", "2022-11-21", ""},
		{"before a quote", "de", "<p><strong>01.02.2022 „Der Markt ist gut in das Jahr gestartet.“</strong></p>", "", "2022-02-01", ""},
		{"in a sentence", "zh", "<p>2019年5月1日，我们出发了。</p>", "", "", ""},
		{"signed", "zh", "", "<p>某人<br>2024年5月1日</p>", "2024-05-01", ""},
		{"labelled at the end", "de", "", "<p>Veröffentlicht am 16.08.2019</p>", "2019-08-16", ""},
		{"changed", "en", "", "<p>Updated: 2024-05-01</p>", "", "2024-05-01"},
		{"copyright", "en", "", "<p>© 2024-05-01</p>", "", ""},
		{"two digits", "de", "<p>31.10.23</p>", "", "2023-10-31", ""},
		{"a version", "zh", "<p>3.10.23</p>", "", "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			page := "<html lang=" + tt.lang + "><head><title>A title of words</title></head><body><article><h1>A title of words</h1><div class=entry-content>" +
				tt.first + strings.Repeat(factsText, 4) + tt.last + "</div></article></body></html>"
			article := readPage(t, "https://blog.example/p/1", page)
			if diff := cmp.Diff([]string{tt.want, tt.modified}, []string{article.Published.String(), article.Modified.String()}); diff != "" {
				t.Errorf("published, modified mismatch (-want +got):\n%s", diff)
			}
		})
	}
}

// A title that begins with a day is of that day.
func TestDateOfTitle(t *testing.T) {
	for title, want := range map[string]string{"2024-05-01 周报": "2024-05-01", "31.12.2023 | Ein Tag": "2023-12-31", "Since 2024-05-01": "", "2024 in review": ""} {
		page := "<html><head><title>" + title + "</title></head><body><article><h1>" + title + "</h1>" + strings.Repeat(factsText, 4) + "</article></body></html>"
		a := New(Options{}).Article(nil)
		if _, err := a.Add(&archiver.Page{URL: "https://blog.example/p/1", Requested: "https://blog.example/p/1", Text: page}); err != nil {
			t.Fatal(err)
		}
		if got := a.article.Published.String(); got != want {
			t.Errorf("%q is of %q; want %q", title, got, want)
		}
	}
}

func TestDateOfAddress(t *testing.T) {
	tests := []struct{ url, want string }{
		{"https://a.example/2024/05/01/post/", "2024-05-01"},
		{"https://a.example/n1/2024/0501/c1-2.html", "2024-05-01"},
		{"https://a.example/2024-05/01/content_1.htm", "2024-05-01"},
		{"https://a.example/zwgk/202405/t20240501_123.html", "2024-05-01"},
		{"https://a.example/20240501/post", "2024-05-01"},
		{"https://a.example/a/20240501A01.html", "2024-05-01"},
		{"https://a.example/news/29-10-2021", "2021-10-29"},
		{"https://a.example/news/02-03-2021", ""},
		{"https://a.example/2024/05/post", ""},
		{"https://a.example/20249901/", ""},
		{"https://a.example/p/120240501", ""},
		{"https://a.example/p?d=/2024/05/01/", ""},
	}
	for _, tt := range tests {
		got, ok := dateOfAddress(tt.url)
		if ok != (tt.want != "") || got.String() != tt.want {
			t.Errorf("dateOfAddress(%q) = %v, %v; want %q", tt.url, got, ok, tt.want)
		}
	}
}

// A moment in UTC is shown on the day of the permalink.
func TestDayOfAddress(t *testing.T) {
	tests := []struct{ url, said, want string }{
		{"https://a.example/2024/05/01/p/", "2024-05-02T05:30:00Z", "2024-05-01T23:30:00-06:00"},
		{"https://a.example/2024/05/02/p/", "2024-05-01T23:01:00Z", "2024-05-02T00:01:00+01:00"},
		{"https://a.example/2024/05/02/p/", "2024-05-01T02:00:00Z", "2024-05-01T02:00:00Z"},
		{"https://a.example/2024/05/02/p/", "2024-05-01T23:01:00+08:00", "2024-05-01T23:01:00+08:00"},
	}
	for _, tt := range tests {
		got := readFacts(t, tt.url, `<meta property="article:published_time" content="`+tt.said+`">`, "", "").Published.String()
		if got != tt.want {
			t.Errorf("%s at %s is %s; want %s", tt.said, tt.url, got, tt.want)
		}
	}
}

func TestTitles(t *testing.T) {
	tests := []struct{ name, page, want string }{
		{"a template's heading", "<title>Planning a bathroom</title><meta property='og:title' content='Planning a bathroom'><h1>The Blog Single</h1>", "Planning a bathroom"},
		{"a section that the title begins with", "<title>13 Alternatives That Work</title><h1>13 Alternatives in 2026 (free)</h1>" + factsText + "<h2>13 Alternatives</h2>", "13 Alternatives in 2026 (free)"},
		{"the host's name", "<title>Plants and diets | Acme</title><meta property='og:title' content='Plants and diets | Acme'>", "Plants and diets"},
		{"a bar of the author's own", "<title>Plants | Diets</title>", "Plants"},
		{"kicker", "<title>Plants: How they grow</title><h1><span class=head__kicker>Plants</span><span class=visually-hidden>: </span><span>How they grow</span></h1>", "How they grow"},
		{"kicker that is all", "<title>How they grow</title><h1><span class=label>How they grow</span></h1>", "How they grow"},
		{"small print", "<title>How they grow</title><h1>How they grow <small>by water</small></h1>", "How they grow"},
		{"a date above", "<title>How they grow - A</title><h1><time>1 May 2024</time> How they grow</h1>", "How they grow"},
		{"label of a Chinese site", "<title>条件随机场入门-某某博客</title><h1><span class='article-label'>原创</span>条件随机场入门</h1>", "条件随机场入门"},
		{"section before, as no head says", "<title>How the plants grow</title><meta property='og:title' content='How the plants grow'><h1>Local news | How the plants grow</h1>", "How the plants grow"},
		{"a colon of its own", "<title>Plants: how they grow - Site</title><h1>Plants: how they grow</h1>", "Plants: how they grow"},
		{"another article's heading first", "<title>How the plants grow</title><div><a href='/p/2'><h1>Visit the county</h1></a></div><div><h1>How the plants grow</h1>", "How the plants grow"},
		{"headline of a box", "<title>Site: How the plants grow</title><p class=headline>Interactive house</p><h1>How the plants grow</h1>", "How the plants grow"},
		{"name that is the title", "<title>How the plants grow</title><meta name=application-name content='How the plants grow'><h1>How the plants grow</h1>", "How the plants grow"},
		{"host first", "<title>DRINKACME - How the plants grow</title>", "How the plants grow"},
		{"Chinese site", "<title>英雄的城与人-某某网</title>", "英雄的城与人"},
		{"Chinese site and column", "<title>英雄的城与人_新闻频道_某某网</title>", "英雄的城与人"},
		{"Chinese site, bar", "<title>英雄的城与人 | 某某日报</title>", "英雄的城与人"},
		{"Chinese, no site", "<title>机器学习-物联网</title>", "机器学习-物联网"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a := New(Options{}).Article(nil)
			page := &archiver.Page{URL: "https://drinkacme.example/p/1", Text: "<html><body>" + tt.page + strings.Repeat(factsText, 4) + "</body></html>"}
			if _, err := a.Add(page); err != nil {
				t.Fatal(err)
			}
			if got := a.article.Title; got != tt.want {
				t.Errorf("title = %q, want %q", got, tt.want)
			}
		})
	}
}

func TestCanonical(t *testing.T) {
	tests := []struct{ name, url, head, want string }{
		{"without the query", "https://blog.example/p/1?from=feed", "<link rel=canonical href='/p/1'>", "https://blog.example/p/1"},
		{"the front page", "https://blog.example/p/1", "<link rel=canonical href='/'>", "https://blog.example/p/1"},
		{"another article", "https://blog.example/p/1", "<link rel=canonical href='/p/2'>", "https://blog.example/p/1"},
		{"another site", "https://blog.example/p/1", "<link rel=canonical href='https://other.example/p/1'>", "https://blog.example/p/1"},
		{"confirmed", "https://blog.example/?p=1", "<link rel=canonical href='/2024/title/'><meta property='og:url' content='https://blog.example/2024/title/'>", "https://blog.example/2024/title/"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := readFacts(t, tt.url, tt.head, "", "").URL; got != tt.want {
				t.Errorf("address = %q, want %q", got, tt.want)
			}
		})
	}
}

// dateForms are forms in which a date is understood.
var dateForms = []string{
	"2006-01-02", "2006/1/2", "2006.01.02", "2006年1月2日", "2006 年 1 月 2 日", "2006년 1월 2일", "January 2, 2006", "Jan 2 2006", "2 January 2006", "02-Jan-2006",
	"2006 Jan 2", "Monday, January 2, 2006", "2. January 2006", "02.01.2006",
}

var clockForms = []string{"", " 15:04", " 15:04:05", " 3:04 pm"}

// Whatever a date is written as, it is read as that date.
func FuzzDateForms(f *testing.F) {
	for i := range dateForms {
		f.Add(int64(1_700_000_000+i*86_399), uint8(i), uint8(i))
	}
	f.Fuzz(func(t *testing.T, unix int64, form, clock uint8) {
		at := time.Unix(unix, 0).UTC()
		if at.Year() < firstYear || at.Year() > lastYear {
			t.Skip()
		}
		c := clockForms[int(clock)%len(clockForms)]
		text := at.Format(dateForms[int(form)%len(dateForms)] + c)
		got, ok := findDate(text)
		want := at.Format(time.DateOnly)
		if !ok || got.Time().Format(time.DateOnly) != want {
			t.Fatalf("%q was read as %v, want the day %s", text, got, want)
		}
		if strings.Contains(c, "4") && got.Time().Format("15:04") != at.Format("15:04") && c != " 3:04 pm" {
			t.Errorf("%q was read as %v, want the clock %s", text, got, at.Format("15:04"))
		}
	})
}

func TestLanguageOfScript(t *testing.T) {
	tests := []struct{ name, said, text, want string }{
		{"Chinese said to be English", "en", strings.Repeat("这个问题应该从实现说起。", 6), "zh"},
		{"traditional, said to be English", "en", strings.Repeat("這個問題應該從實現說起。", 6), "zh-Hant"},
		{"Chinese, and said so", "zh-TW", strings.Repeat("這個問題應該從實現說起。", 6), ""},
		{"Japanese said to be Chinese", "zh", strings.Repeat("これは日本語の記事です。", 6), "ja"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := scriptLanguage(tt.text, tt.said); got != tt.want {
				t.Errorf("scriptLanguage = %q, want %q", got, tt.want)
			}
		})
	}
}
