package rule_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"archiver/extract/rule"

	"github.com/andybalholm/cascadia"
	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"
)

const page = `<!doctype html><html><head><title>条件随机场 - 学习笔记</title><meta name="author" content="小明"></head>
<body><div class="list"><article id="a"><h2><a class="title" href="/1">一</a></h2><p class="lead x">甲</p><p>乙</p></article>
<article id="b"><h2><a class="title" href="/2">二</a></h2><p>丙<b>丁</b></p><img src="/b.png"></article></div>
<div id="foot"><a href="/next" rel="next">下一页</a><p></p></div></body></html>`

func tree(t testing.TB, text string) *html.Node {
	t.Helper()
	root, err := html.Parse(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return root
}

// texts are what a selector finds, a name with # in front for an element with an id, the text for others.
func texts(found []rule.Match) []string {
	var all []string
	for _, m := range found {
		all = append(all, strings.Join(strings.Fields(m.Text()), " "))
	}
	return all
}

// TestCSS holds that the one-pass evaluation finds what cascadia's own does.
func TestCSS(t *testing.T) {
	root := tree(t, page)
	for _, text := range []string{
		"p", "*", "article p", "article > p", "div p", "body div article p b", "h2 + p", "h2 ~ p", "p + p", "p ~ p", "article ~ div",
		"article#a p, #foot p", "article h2 > a.title", "a[href='/1'], a[rel~=next]", ".list > article + article > p", "div > div p", "p.lead.x",
		"p:first-child", "p:nth-child(2)", "p:nth-of-type( 2n + 1 )", "article:has(img)", "article:not(#a)", "p:not(.lead):not(:empty)",
		`p:contains("丙")`, "head ~ body a", "a , b", "a[href$=\"2\"]", "html", "article:last-child p", "p:only-of-type", `a[title="x, y > z"]`, "div article h2 ~ p b",
	} {
		sel, err := rule.CSS(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		found, err := sel.Find(root, rule.NewBudget())
		if err != nil {
			t.Errorf("%s: %v", text, err)
		}
		var got []*html.Node
		for _, m := range found {
			got = append(got, m.Node)
		}
		group, err := cascadia.ParseGroup(text)
		if err != nil {
			t.Fatal(err)
		}
		want := cascadia.QueryAll(root, group)
		if len(got) != len(want) {
			t.Errorf("%s: %d elements, want %d", text, len(got), len(want))
			continue
		}
		for i := range want {
			if got[i] != want[i] {
				t.Errorf("%s: element %d differs", text, i)
			}
		}
	}
}

func TestWrongCSS(t *testing.T) {
	for text, want := range map[string]string{
		"": "empty", " , a": "empty", "a,": "empty", "a >": "after", "> a": "before", "a > > b": "before", "a[": "not closed", "div:no-such-thing": "unknown",
		"a[title='x]": "not closed", "p:not(a b)": "simple selector", "p:has(a > b)": "simple selector", "p:has(a:not(b))": "inside of parentheses", "a::before": "",
		"..a": "", "#": "", strings.Repeat("a ", 17): "joined", strings.Repeat("a", 3000): "at most",
	} {
		_, err := rule.CSS(text)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.40q: %v, want %q", text, err, want)
		}
	}
}

func TestXPath(t *testing.T) {
	root := tree(t, page)
	for text, want := range map[string][]string{
		"//h2":                                           {"一", "二"},
		"//article[@id='b']//p":                          {"丙丁"},
		"//a/@href":                                      {"/1", "/2", "/next"},
		"//meta[@name='author']/@content":                {"小明"},
		"substring-before(//title, ' - ')":               {"条件随机场"},
		"concat(//a[@rel='next']/@href, '?print=1')":     {"/next?print=1"},
		"count(//article)":                               {"2"},
		"//article[2]/h2 | //article[1]/h2":              {"二", "一"},
		"//*[contains(concat(' ', @class, ' '), ' x ')]": {"甲"},
		"//p[last()]":                                    {"乙", "丙丁", ""},
		"//article/h2/following-sibling::p[1]":           {"甲", "丙丁"},
		"//none":                                         nil,
		"string(//none)":                                 nil,
		"boolean(//none)":                                nil,
		"//a[normalize-space(.)='下一页']/..//p":            {""},
	} {
		sel, err := rule.XPath(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		for range 2 { // an expression keeps nothing of its first evaluation
			found, err := sel.Find(root, rule.NewBudget())
			if err != nil {
				t.Errorf("%s: %v", text, err)
			}
			if diff := cmp.Diff(want, texts(found)); diff != "" {
				t.Errorf("%s: %s", text, diff)
			}
		}
	}
}

func TestWrongXPath(t *testing.T) {
	for text, want := range map[string]string{
		"string-join(//a, 'x')": "string-join", "php:function('x')": "php:function", "//a[foo(.)]": "foo", strings.Repeat("(", 1000): "",
		strings.Repeat("a/", 2000): "at most",
	} {
		if _, err := rule.XPath(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.40q: %v, want %q", text, err, want)
		}
	}
}

// TestHostile holds that a selector does nothing on a page of 1 MiB that its budget does not count: with a twentieth of it, it ends
// at once, or it would never.
func TestHostile(t *testing.T) {
	flat := tree(t, strings.Repeat("<p class='a b c'>x<b>y</b></p>", 1<<20/30))
	deep := tree(t, strings.Repeat("<div>", 450)+strings.Repeat("<p class=x>a</p>", 1<<16))
	xpaths := []string{
		"//*[count(//*) > 1]", "//*[.//*[.//*[.//*]]]", "//p[last()]/preceding::p", "//*[contains(., 'zzz')]", "//p[. = //b]", "//node()//node()//node()",
		"//*[lower-case(normalize-space(translate(., 'abcdefgh', 'hgfedcba'))) = //body]", "concat(" + strings.Repeat("//html,", 200) + "'x')",
		"//*[" + strings.Repeat("not(", 50) + "//*" + strings.Repeat(")", 50) + "]",
	}
	csses := []string{
		"div div div div div div div div p", "div ~ p ~ p ~ p ~ p b", "p:nth-child(2n+1)", "*:has(b)", `*:contains("zzz")`, "*, *, *, *, *, *, *, *, *",
	}
	for i, root := range []*html.Node{flat, deep} {
		for _, text := range xpaths {
			sel, err := rule.XPath(text)
			if err != nil {
				t.Fatalf("%s: %v", text, err)
			}
			hostile(t, fmt.Sprintf("page %d, %.60s", i, text), sel, root)
		}
		for _, text := range csses {
			sel, err := rule.CSS(text)
			if err != nil {
				t.Fatalf("%s: %v", text, err)
			}
			hostile(t, fmt.Sprintf("page %d, %s", i, text), sel, root)
		}
	}
}

func hostile(t *testing.T, name string, sel rule.Selector, root *html.Node) {
	t.Run(name, func(t *testing.T) {
		began := time.Now()
		if _, err := sel.Find(root, rule.BudgetOf(500_000)); err != nil && !errors.Is(err, rule.ErrTooMuch) {
			t.Error(err)
		}
		// A tenth of a second, with room for the race detector on a busy machine; uncounted, these take hours.
		if took := time.Since(began); took > 20*time.Second {
			t.Errorf("it took %s", took)
		}
	})
}
