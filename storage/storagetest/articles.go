package storagetest

import (
	"time"

	"archiver"
	"archiver/storage"
)

var articlePromises = map[string]func(*bench){
	"an article is kept as it is, with its raw pages": func(b *bench) {
		source := b.add("nlp")
		b.same("receipt", b.save(source, noon, "a", nil), archiver.Receipt{Revised: true, Added: true})
		want := article("a")
		want.ID, want.Source, want.FirstSeen, want.Checked, want.Revision = archiver.ArticleID(address("a")), "nlp", noon, noon, 1
		b.same("article", b.article(address("a")), want)
		pages, err := b.Pages(b.Context(), want.ID)
		b.must(err)
		b.same("pages", pages, []archiver.Page{page("a")})
		b.same("backlog", b.backlog(source), archiver.Backlog{})
		b.sound()
	},
	"all pages of an article are kept in their order": func(b *bench) {
		source := b.add("nlp")
		b.list(source, noon, "a")
		a := article("a")
		b.commit(archiver.Outcome{Task: b.one(source, noon), Article: &a, Pages: []archiver.Page{page("a"), page("a/3"), page("a/2")}})
		pages, err := b.Pages(b.Context(), archiver.ArticleID(address("a")))
		b.must(err)
		b.same("pages", pages, []archiver.Page{page("a"), page("a/3"), page("a/2")})
		_, err = b.Pages(b.Context(), "000000000000")
		b.kind(err, archiver.NoMatch)
	},
	"an unchanged article only has its check moved": func(b *bench) {
		source := b.add("nlp")
		b.save(source, noon, "a", nil)
		later := noon.Add(time.Hour)
		a := article("a")
		changed := page("a")
		changed.Raw = []byte("another view counter")
		b.same("receipt", b.again(source, later, &a, changed), archiver.Receipt{})
		got := b.article(address("a"))
		b.same("checked", got.Checked, later)
		b.same("first seen", got.FirstSeen, noon)
		b.same("revision", got.Revision, 1)
	},
	"another content is a new revision, with new pages": func(b *bench) {
		source := b.add("nlp")
		b.save(source, noon, "a", nil)
		later := noon.Add(time.Hour)
		a := article("a")
		a.HTML, a.Markdown, a.Published = "<p>深度学习</p>", "深度学习", archiver.OnDay(2027, 1, 1)
		changed := page("a")
		changed.Raw = []byte("new")
		b.same("receipt", b.again(source, later, &a, changed), archiver.Receipt{Revised: true})
		got := b.article(address("a"))
		b.same("text", got.Markdown, "深度学习")
		b.same("published", got.Published.String(), "2027-01-01")
		b.same("revision", got.Revision, 2)
		b.same("first seen", got.FirstSeen, noon)
		pages, err := b.Pages(b.Context(), got.ID)
		b.must(err)
		b.same("pages", pages, []archiver.Page{changed})
		b.sound()
	},
	"an article that is gone keeps its text": func(b *bench) {
		source := b.add("nlp")
		b.save(source, noon, "a", nil)
		before := b.article(address("a"))
		b.retry(source, archiver.Outcome{State: archiver.TaskGone, Reason: "404", NotBefore: noon.Add(time.Hour), At: noon.Add(time.Minute)})
		before.State, before.Gone, before.Why = archiver.ArticleGone, noon.Add(time.Minute), "404"
		b.same("article", b.article(address("a")), before)
		b.same("query", titles(b.articles(storage.Query{})), []string{"On a"})
		b.same("gone since", titles(b.articles(storage.Query{Gone: noon.Add(time.Minute)})), []string{"On a"})
		b.same("gone later", titles(b.articles(storage.Query{Gone: noon.Add(time.Hour)})), []string(nil))
		// It comes back.
		a := article("a")
		at := noon.Add(2 * time.Hour)
		b.same("receipt", b.again(source, at, &a), archiver.Receipt{Back: true})
		back := b.article(address("a"))
		b.same("state", back.State, archiver.ArticleSaved)
		b.same("gone", back.Gone, time.Time{})
	},
	"an article that needs a password has no text": func(b *bench) {
		source := b.add("nlp")
		b.list(source, noon, "a")
		a := archiver.Article{URL: address("a"), Title: "密码保护", State: archiver.ArticleProtected}
		b.commit(archiver.Outcome{Task: b.one(source, noon), State: archiver.TaskProtected, Reason: "it needs a password", Article: &a})
		got := b.article(address("a"))
		b.same("state", got.State, archiver.ArticleProtected)
		b.same("revision", got.Revision, 0)
		b.same("title", got.Title, "密码保护")
		b.same("without states", titles(b.articles(storage.Query{})), []string(nil))
		b.same("asked for", titles(b.articles(storage.Query{States: []archiver.ArticleState{archiver.ArticleProtected}})), []string{"密码保护"})
		b.same("problems", b.problems(source)[0].State, archiver.TaskProtected)
		hits, err := b.Search(b.Context(), "密码", storage.SearchOptions{})
		b.must(err)
		b.same("hits", len(hits), 0)
		b.sound()
		// The password is taken off.
		open := article("a")
		b.same("receipt", b.again(source, noon.Add(time.Hour), &open), archiver.Receipt{Revised: true})
		b.same("revision", b.article(address("a")).Revision, 1)
		b.same("without states", titles(b.articles(storage.Query{})), []string{"On a"})
		b.sound()
	},
	"a password that is put on takes no text away": func(b *bench) {
		source := b.add("nlp")
		b.save(source, noon, "a", nil)
		a := archiver.Article{URL: address("a"), Title: "密码保护", State: archiver.ArticleProtected}
		b.retry(source, archiver.Outcome{State: archiver.TaskProtected, Article: &a})
		got := b.article(address("a"))
		b.same("state", got.State, archiver.ArticleProtected)
		b.same("text", got.Markdown, article("a").Markdown)
		b.same("title", got.Title, "On a")
		b.same("every article with text", titles(b.articles(storage.Query{})), []string{"On a"})
	},
	"an article that another source has is a member without being read again": func(b *bench) {
		one, two := b.add("one"), b.add("two")
		b.save(one, noon, "a", nil)
		b.same("receipt", b.list(two, noon, "a"), archiver.Receipt{NewInWalk: 1})
		b.same("backlog", b.backlog(two), archiver.Backlog{})
		b.same("members", titles(b.articles(storage.Query{Sources: []int64{two.ID}})), []string{"On a"})
		b.same("first source", b.article(address("a")).Source, "one")
	},
	"an article that another source saves first is done": func(b *bench) {
		one, two := b.add("one"), b.add("two")
		b.list(one, noon, "a", "b")
		b.list(two, noon, "a", "b")
		a := article("a")
		tasks := b.claim(two, noon, 10)
		b.commit(archiver.Outcome{Task: tasks[0], Article: &a})
		b.same("left to the first", urls(b.claim(one, noon, 10)), []string{"article " + address("b")})
		b.same("the source that listed it first", b.article(address("a")).Source, "one")
	},
	"a quarantined page leaves the article as it is": func(b *bench) {
		source := b.add("nlp")
		b.save(source, noon, "a", nil)
		before := b.article(address("a"))
		bad := page("a")
		bad.Raw = []byte("maintenance")
		b.retry(source, archiver.Outcome{State: archiver.TaskQuarantined, Reason: "no article", Pages: []archiver.Page{bad}})
		b.same("article", b.article(address("a")), before)
		pages, err := b.Pages(b.Context(), before.ID)
		b.must(err)
		b.same("pages", pages, []archiver.Page{page("a")})
		task := b.problems(source)[0]
		pages, err = b.TaskPages(b.Context(), task.ID)
		b.must(err)
		b.same("pages of the task", pages, []archiver.Page{bad})
		pages, err = b.TaskPages(b.Context(), task.ID+100)
		b.must(err)
		b.same("pages of no task", pages, []archiver.Page(nil))
		b.sound()
	},
	"an article that answers at a new address is found under both": func(b *bench) {
		source := b.add("nlp")
		b.save(source, noon, "old", func(a *archiver.Article) { a.URL = address("new") })
		id := archiver.ArticleID(address("old"))
		for _, name := range []string{address("old"), address("new"), "http://blog.example/new", id, id[:6]} {
			b.same(name, b.article(name).ID, id)
		}
		b.same("url", b.article(id).URL, address("new"))
		b.same("the new address is known", b.list(source, noon, "new"), archiver.Receipt{NewInWalk: 1})
		b.same("articles", titles(b.articles(storage.Query{Sources: []int64{source.ID}})), []string{"On old"})
	},
	"an address that leads to another article does not take its place": func(b *bench) {
		source := b.add("nlp")
		b.save(source, noon, "a", nil)
		b.save(source, noon, "b", func(a *archiver.Article) { a.URL = address("a") })
		b.same("a", b.article(address("a")).Title, "On a")
		b.same("b", b.article(address("b")).Title, "On b")
		b.same("its address", b.article(address("b")).URL, address("b"))
		// One text under two addresses is one article.
		b.save(source, noon, "c", func(a *archiver.Article) { *a = article("a") })
		b.same("c", b.article(address("c")).ID, archiver.ArticleID(address("a")))
		b.same("articles", len(b.articles(storage.Query{})), 2)
		b.sound()
	},
	"an outcome of a deleted source is an error, not a wreck": func(b *bench) {
		source := b.add("nlp")
		b.list(source, noon, "a")
		task := b.one(source, noon)
		_, err := b.RemoveSource(b.Context(), source.ID, true)
		b.must(err)
		a := article("a")
		_, err = b.Commit(b.Context(), archiver.Outcome{Task: task, State: archiver.TaskDone, At: noon, Article: &a})
		b.kind(err, archiver.Invalid)
		b.sound()
	},
}

// retry makes the one article task of the source due again and commits the outcome for it.
func (b *bench) retry(source archiver.Source, outcome archiver.Outcome) archiver.Receipt {
	b.Helper()
	outcome.Task = b.due(source)
	return b.commit(outcome)
}

// again commits the article for the source's one article task.
func (b *bench) again(source archiver.Source, at time.Time, a *archiver.Article, pages ...archiver.Page) archiver.Receipt {
	b.Helper()
	return b.commit(archiver.Outcome{Task: b.due(source), At: at, Article: a, Pages: pages})
}

// due is the source's article task as it is when a recheck has made it due.
func (b *bench) due(source archiver.Source) archiver.Task {
	b.Helper()
	if tasks := b.problems(source); len(tasks) > 0 {
		return tasks[0]
	}
	task := b.saved
	task.LeaseUntil = time.Time{}
	return task
}
