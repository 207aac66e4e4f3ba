package storagetest

import (
	"fmt"
	"time"

	"archiver"
	"archiver/storage"
)

// prose is a text of so many words.
func prose(words int) string {
	text := ""
	for i := range words {
		text += fmt.Sprint("w", i, " ")
	}
	return text
}

var junkPromises = map[string]func(*bench){
	"an article that shrank keeps its text": func(b *bench) {
		source := b.add("nlp")
		b.save(source, noon, "a", func(a *archiver.Article) { a.HTML, a.Words = "<p>"+prose(400)+"</p>", 400 })
		before := b.article(address("a"))
		small := article("a")
		small.HTML, small.Words = "<p>"+prose(80)+"</p>", 80
		bad := page("a")
		bad.Raw = []byte("half of it")
		receipt := b.again(source, noon.Add(time.Hour), &small, bad)
		if receipt.Refused == "" || receipt.Revised {
			b.Errorf("receipt %+v, want it refused", receipt)
		}
		b.same("article", b.article(address("a")), before)
		b.same("problem", []any{b.problems(source)[0].State, b.problems(source)[0].Reason}, []any{archiver.TaskQuarantined, receipt.Refused})
		pages, err := b.Pages(b.Context(), before.ID)
		b.must(err)
		b.same("pages", pages, []archiver.Page{page("a")})
		b.same("looked at again", b.problems(source)[0].NotBefore, noon.Add(time.Hour+archiver.RecheckBlocked))
		// One that lost less is the author's.
		small.HTML, small.Words = "<p>"+prose(81)+"</p>", 81
		b.same("receipt", b.again(source, noon.Add(2*time.Hour), &small), archiver.Receipt{Revised: true})
		b.sound()
	},
	"a text that articles of the source have twice is not taken a third time": func(b *bench) {
		source := b.add("nlp")
		wall := func(a *archiver.Article) { a.HTML, a.Words = "<p>"+prose(30)+"</p>", 30 }
		b.save(source, noon, "good", func(a *archiver.Article) { a.HTML, a.Words = "<p>"+prose(31)+"</p>", 31 })
		good := b.saved
		b.save(source, noon, "a", wall)
		b.save(source, noon, "b", wall)
		b.same("problems of two", len(b.problems(source)), 0)
		if receipt := b.save(source, noon, "c", wall); receipt.Refused == "" {
			b.Errorf("receipt %+v, want it refused", receipt)
		}
		_, err := b.Article(b.Context(), address("c"))
		b.kind(err, archiver.NoMatch)
		b.same("problems", len(b.problems(source)), 3)
		b.same("articles", len(b.articles(storage.Query{})), 3)
		for _, task := range b.problems(source) {
			b.same("looked at again", task.NotBefore, noon.Add(archiver.RecheckBlocked))
		}
		// The good copy of another stays when its address begins to answer so too.
		walled := article("good")
		wall(&walled)
		good.LeaseUntil = time.Time{}
		if receipt := b.commit(archiver.Outcome{Task: good, At: noon.Add(time.Hour), Article: &walled}); receipt.Refused == "" {
			b.Errorf("receipt %+v, want it refused", receipt)
		}
		b.same("good copy", b.article(address("good")).Words, 31)
		// Another source is another matter, and a few words are none.
		b.same("another source", b.save(b.add("ml"), noon, "d", wall), archiver.Receipt{Revised: true, Added: true})
		for _, path := range []string{"e", "f", "g"} {
			b.same("few words", b.save(source, noon, path, func(a *archiver.Article) { a.HTML = "<p>see the picture</p>" }), archiver.Receipt{Revised: true, Added: true})
		}
		b.sound()
	},
	"a text refused is no text of the site": func(b *bench) {
		source := b.add("nlp")
		b.save(source, noon, "a", func(a *archiver.Article) { a.Words = 400 })
		a := article("a")
		a.HTML, a.Words = "<p>gone</p>", 1
		b.retry(source, archiver.Outcome{Article: &a, Site: &archiver.SiteModel{Host: "blog.example", Lessons: 1, Pages: 1}})
		site, err := b.Site(b.Context(), "blog.example")
		b.must(err)
		b.same("site", site, archiver.SiteModel{Host: "blog.example"})
	},
}

var sitePromises = map[string]func(*bench){
	"what is known of a site is kept with the article that taught it": func(b *bench) {
		source := b.add("nlp")
		site := archiver.SiteModel{
			Host: "blog.example", Pages: 3, Lessons: 3, Containers: []archiver.SitePlace{{Signature: "div#正文.entry", Pages: 3, Seen: 3, Share: 0.97}},
			Suffixes: []archiver.SiteText{{Text: " <博客>", Pages: 3}}, Blocks: []archiver.SiteBlock{{Hash: 1<<64 - 1, Words: "关注我", Pages: 2}},
			Once: []archiver.TextHash{7},
		}
		known := func() archiver.SiteModel {
			got, err := b.Site(b.Context(), "blog.example")
			b.must(err)
			return got
		}
		b.same("before", known(), archiver.SiteModel{Host: "blog.example"})
		b.list(source, noon, "a", "b")
		tasks := b.claim(source, noon, 10)
		a, other := article("a"), article("b")
		b.commit(archiver.Outcome{Task: tasks[0], Article: &a, Site: &site})
		b.same("site", known(), site)
		older := archiver.SiteModel{Host: "blog.example", Pages: 2, Lessons: 2}
		b.commit(archiver.Outcome{Task: tasks[1], Article: &other, Site: &older})
		b.same("of two, what knows more", known(), site)
		b.must(b.PutSite(b.Context(), older))
		b.same("put", known(), older)
		b.sound()
	},
	"a page read again is a revision of ours": func(b *bench) {
		source := b.add("nlp")
		b.save(source, noon, "a", nil)
		_, err := b.Search(b.Context(), "机器", storage.SearchOptions{})
		b.must(err)
		was := b.article(address("a"))
		later := noon.Add(time.Hour)
		again := func(a archiver.Article) archiver.Receipt {
			receipt, err := b.Reextract(b.Context(), a, later)
			b.must(err)
			return receipt
		}
		b.same("unchanged", again(was), archiver.Receipt{})
		better := was
		better.HTML, better.Markdown, better.Title = "<p>条件随机场</p>", "条件随机场", "Better"
		better.URL, better.State = "https://elsewhere.example/", archiver.ArticleGone
		b.same("changed", again(better), archiver.Receipt{Revised: true})
		b.same("against an older one", again(was), archiver.Receipt{})
		got := b.article(address("a"))
		want := was
		want.HTML, want.Markdown, want.Title, want.Revision = better.HTML, better.Markdown, better.Title, 2
		b.same("article", got, want)
		revisions, err := b.Revisions(b.Context(), was.ID)
		b.must(err)
		b.same("revisions", revisions, []storage.Revision{
			{Number: 1, Seen: noon, Title: "On a", Words: 7}, {Number: 2, Seen: later, Cause: storage.CauseReextract, Title: "Better", Words: 7},
		})
		hits, err := b.Search(b.Context(), "条件", storage.SearchOptions{})
		b.must(err)
		b.same("found", len(hits), 1)
		hits, err = b.Search(b.Context(), "机器", storage.SearchOptions{})
		b.must(err)
		b.same("not found any more", len(hits), 0)
		pages, err := b.Pages(b.Context(), was.ID)
		b.must(err)
		b.same("pages", pages, []archiver.Page{page("a")})
		markdown := got
		markdown.Markdown = "*条件随机场*"
		b.same("Markdown alone", again(markdown), archiver.Receipt{Revised: true})
		_, err = b.Reextract(b.Context(), archiver.Article{ID: "000000000000"}, later)
		b.kind(err, archiver.NoMatch)
		b.sound()
	},
	"a page read again that lost its text is refused": func(b *bench) {
		source := b.add("nlp")
		b.save(source, noon, "a", func(a *archiver.Article) { a.Words = 400 })
		was := b.article(address("a"))
		for _, change := range []func(*archiver.Article){
			func(a *archiver.Article) { a.Words, a.HTML = 80, "<p>half</p>" },
			func(a *archiver.Article) { a.Words, a.HTML, a.Markdown = 0, "", "" },
		} {
			a := was
			change(&a)
			receipt, err := b.Reextract(b.Context(), a, noon)
			b.must(err)
			if receipt.Refused == "" || receipt.Revised {
				b.Errorf("receipt %+v, want it refused", receipt)
			}
		}
		b.same("article", b.article(address("a")), was)
	},
	"what the channels said of an article can be read": func(b *bench) {
		source := b.add("nlp")
		b.save(source, noon, "a", func(a *archiver.Article) { a.URL = address("moved") })
		got, err := b.Entries(b.Context(), archiver.ArticleID(address("a")))
		b.must(err)
		b.same("entries", got, entries("a"))
		got, err = b.Entries(b.Context(), "000000000000")
		b.must(err)
		b.same("of nothing", got, []archiver.Entry(nil))
	},
}
