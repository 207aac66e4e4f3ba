package storagetest

import (
	"fmt"
	"slices"
	"strings"

	"archiver"
	"archiver/storage"
)

var searchPromises = map[string]func(*bench){
	"a word of Chinese, Japanese or Korean is found inside a sentence": func(b *bench) {
		source := b.add("nlp")
		texts := map[string]string{
			"zh": "<p>统计<em>机</em>器学习是基础。</p>", "ja": "<p>データ構造を学ぶ。</p>", "ko": "<p>한국어처리</p>", "rare": "<p>𠮷野家</p>",
			"en": "<p>The Transformer, and café.</p>", "none": "<p>习 学</p>",
		}
		for path, html := range texts {
			b.save(source, noon, path, func(a *archiver.Article) {
				a.Title, a.Tags, a.Categories, a.HTML, a.Markdown = path, nil, nil, html, html
			})
		}
		for query, want := range map[string]string{
			"机器学习": "zh", "学习": "zh", "习": "none zh", "统计 基础": "zh", "データ": "ja", "ー": "ja", "国": "", "한국": "ko", "어": "ko", "𠮷": "rare",
			"transformer": "en", "CAFE": "en", "café": "en", "form": "", "学 习": "none zh", "机器翻译": "", "ZH": "zh",
		} {
			b.same(query, found(b, query, storage.SearchOptions{}), want)
		}
	},
	"every word of the query must be there": func(b *bench) {
		source := b.add("nlp")
		b.save(source, noon, "a", func(a *archiver.Article) { a.Title, a.HTML = "Attention", "<p>is all</p>" })
		b.save(source, noon, "b", func(a *archiver.Article) { a.Title, a.HTML = "Attention", "<p>please</p>" })
		b.same("both", found(b, "attention", storage.SearchOptions{}), "Attention Attention")
		b.same("one", found(b, "attention all", storage.SearchOptions{}), "Attention")
		b.same("none", found(b, "attention all please", storage.SearchOptions{}), "")
		b.same("title, tags and text", found(b, "attention 自然语言处理 王小明 please", storage.SearchOptions{}), "Attention")
	},
	"a formula is found by its TeX": func(b *bench) {
		source := b.add("nlp")
		b.save(source, noon, "a", func(a *archiver.Article) {
			a.Title, a.HTML = "t", `<p>设<span class="math inline"><math xmlns="http://www.w3.org/1998/Math/MathML"><semantics><mi>drawn</mi><annotation encoding="application/x-tex">\\sqrt{x}</annotation></semantics></math></span>为</p>`
		})
		b.same("its TeX", found(b, "sqrt", storage.SearchOptions{}), "t")
		b.same("what is drawn", found(b, "drawn", storage.SearchOptions{}), "")
	},
	"odd queries are no errors": func(b *bench) {
		source := b.add("nlp")
		b.save(source, noon, "a", func(a *archiver.Article) { a.Title, a.HTML = "t", "<p>c++ and R&amp;D, NEAR nosuch:x</p>" })
		for query, want := range map[string]string{
			`"`: "", `*`: "", ``: "", ` `: "", "\x00": "", `""`: "", `AND`: "t", `c++`: "t", `R&D`: "t", `nosuch:x`: "t", `c++ " *`: "t", `c"`: "t", `NEAR(`: "t",
			`-`: "", `^c`: "t", `{title}:x`: "", "c\x00d": "t", "\xff": "", "c\xff": "t", `'`: "", `;--`: "", `NOT`: "", `a AND zzz`: "",
		} {
			b.same(fmt.Sprintf("%q", query), found(b, query, storage.SearchOptions{}), want)
		}
		var many strings.Builder
		for i := range 5000 {
			fmt.Fprintf(&many, "w%d OR ", i)
		}
		b.same("5,000 words", found(b, many.String(), storage.SearchOptions{}), "")
		b.same("one word 5,000 times", found(b, strings.Repeat("c++ ", 5000), storage.SearchOptions{}), "t")
		b.same("a long word", found(b, strings.Repeat("习", 5000), storage.SearchOptions{}), "")
	},
	"a search sees every revision at once, and only the newest": func(b *bench) {
		source := b.add("nlp")
		b.save(source, noon, "a", nil)
		b.same("first", found(b, "机器", storage.SearchOptions{}), "On a")
		a := article("a")
		a.HTML = "<p>深度</p>"
		b.again(source, noon, &a)
		b.same("old words", found(b, "机器", storage.SearchOptions{}), "")
		b.same("new words", found(b, "深度", storage.SearchOptions{}), "On a")
		b.sound()
	},
	"a search is narrowed to sources and a number": func(b *bench) {
		one, two := b.add("one"), b.add("two")
		b.save(one, noon, "a", nil)
		b.save(two, noon, "b", nil)
		b.list(two, noon, "a", "b")
		b.same("one", found(b, "机器", storage.SearchOptions{Sources: []int64{one.ID}}), "On a")
		b.same("two", found(b, "机器", storage.SearchOptions{Sources: []int64{two.ID}}), "On a On b")
		b.same("one hit", len(strings.Fields(found(b, "机器", storage.SearchOptions{Limit: 1}))), 2)
	},
	"a title counts more than a text": func(b *bench) {
		source := b.add("nlp")
		b.save(source, noon, "a", func(a *archiver.Article) { a.Title, a.HTML = "text", "<p>"+strings.Repeat("x ", 50)+"bert</p>" })
		b.save(source, noon, "b", func(a *archiver.Article) { a.Title, a.HTML = "bert", "<p>"+strings.Repeat("x ", 50)+"</p>" })
		hits, err := b.Search(b.Context(), "bert", storage.SearchOptions{})
		b.must(err)
		b.same("first", hits[0].Article.Title, "bert")
		b.same("hits", len(hits), 2)
		b.same("text is left out", hits[1].Article.HTML+hits[1].Article.Markdown, "")
	},
	"a snippet shows the match as it stands in the text": func(b *bench) {
		source := b.add("nlp")
		filler := strings.Repeat("甲乙丙丁", 20)
		b.save(source, noon, "a", func(a *archiver.Article) {
			a.HTML = "<p>" + filler + "</p><pre><code class=\"language-go\">if a &lt; b {</code></pre><p>统计<em>机器</em>学习 uses BERT and " + filler + filler + "</p>"
		})
		hits, err := b.Search(b.Context(), "机器学习 bert", storage.SearchOptions{})
		b.must(err)
		got := hits[0].Snippet
		for _, part := range []string{"统计\x02机器学习\x03 uses \x02BERT\x03 and 甲乙", "if a < b {"} {
			if !strings.Contains(got, part) {
				b.Errorf("snippet %q does not hold %q", got, part)
			}
		}
		if !strings.HasPrefix(got, "…") || !strings.HasSuffix(got, "…") || len([]rune(got)) > 200 {
			b.Errorf("snippet %q is not cut on both sides", got)
		}
	},
}

// found are the titles of the hits, sorted.
func found(b *bench, query string, opts storage.SearchOptions) string {
	b.Helper()
	hits, err := b.Search(b.Context(), query, opts)
	if err != nil {
		b.Fatalf("Search(%q): %v", query, err)
	}
	var all []string
	for _, hit := range hits {
		all = append(all, hit.Article.Title)
	}
	slices.Sort(all)
	return strings.Join(all, " ")
}
