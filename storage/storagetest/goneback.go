package storagetest

import (
	"archiver"
	"archiver/storage"
	"strings"
)

var gonePromises = map[string]func(*bench){
	"an article is gone since the first time it was, and comes back": func(b *bench) {
		source := b.add("nlp")
		b.sync(source, noon, "a", "b")
		b.sync(source, noon.Add(day), "a")
		since := noon.Add(day)
		receipt := b.commit(archiver.Outcome{Task: b.one(source, since), At: since, State: archiver.TaskGone, Reason: "404 Not Found", NotBefore: since.Add(7 * day)})
		b.same("receipt", receipt, archiver.Receipt{Gone: true})
		later := noon.Add(9 * day)
		b.start(source, later)
		b.first(source, later, "a")
		receipt = b.commit(archiver.Outcome{Task: b.one(source, later), At: later, State: archiver.TaskGone, Reason: "410 Gone"})
		b.same("again", receipt, archiver.Receipt{})
		got := b.article(address("b"))
		b.same("article", []any{got.State, got.Gone, got.Why, got.Markdown}, []any{archiver.ArticleGone, since, "410 Gone", article("b").Markdown})
		b.sync(source, later, "a", "b")
		got = b.article(address("b"))
		b.same("back", []any{got.State, got.Gone.IsZero(), got.Why}, []any{archiver.ArticleSaved, true, ""})
		b.sound()
	},
	"an article that is online and no longer listed is gone from its category": func(b *bench) {
		source := b.add("nlp")
		b.sync(source, noon, "a", "b", "c")
		now := noon.Add(day)
		b.sync(source, now, "a")
		tasks := b.claim(source, now, 10)
		same := article("b")
		receipts := []archiver.Receipt{
			b.commit(archiver.Outcome{Task: tasks[0], At: now, Article: &same, NotBefore: now.Add(day)}),
			b.commit(archiver.Outcome{Task: tasks[1], At: now, Unchanged: true, NotBefore: now.Add(day)}),
		}
		b.same("receipts", receipts, []archiver.Receipt{{Gone: true}, {Gone: true}})
		for _, path := range []string{"b", "c"} {
			got := b.article(address(path))
			b.same(path, []any{got.State, got.Gone, got.Why != ""}, []any{archiver.ArticleGone, now, true})
		}
		b.same("a listing that hides articles while it is read is read again", b.start(source, now.Add(day)).Whole, true)
		b.first(source, now.Add(day), "a")
		b.same("missing no more", b.end(source, now.Add(day)), archiver.Missing{Of: 1})
		b.same("nor looked at", b.backlog(source).Articles, 0)
	},
	"an article that another source lists is not gone": func(b *bench) {
		one, two := b.add("one"), b.add("two")
		b.sync(one, noon, "a", "b")
		b.sync(two, noon, "b")
		b.sync(one, noon.Add(day), "a")
		b.same("receipts", b.read(one, noon.Add(day)), []archiver.Receipt{{}})
		b.same("state", b.article(address("b")).State, archiver.ArticleSaved)
		b.same("members", titles(b.articles(storage.Query{Sources: []int64{two.ID}})), []string{"On b"})
		b.sync(two, noon.Add(2*day))
		b.same("receipts", b.read(two, noon.Add(2*day)), []archiver.Receipt{{Gone: true}})
	},
	"an article that leaves one category for another comes back": func(b *bench) {
		one, two := b.add("one"), b.add("two")
		b.sync(one, noon, "a", "b")
		b.sync(two, noon, "x")
		b.sync(one, noon.Add(day), "a")
		b.same("gone", b.read(one, noon.Add(day)), []archiver.Receipt{{Gone: true}})
		b.start(two, noon.Add(day))
		b.first(two, noon.Add(day), "x", "b")
		b.same("back", b.read(two, noon.Add(day)), []archiver.Receipt{{Back: true}})
		b.same("state", b.article(address("b")).State, archiver.ArticleSaved)
	},
	"a missing article that answers at an address that is listed has moved": func(b *bench) {
		source := b.add("nlp")
		b.sync(source, noon, "old", "x")
		now := noon.Add(day)
		b.start(source, now)
		b.first(source, now, "new", "x")
		b.end(source, now)
		tasks := b.claim(source, now, 10)
		b.same("tasks", paths(tasks), []string{"new", "old"})
		a := article("old")
		a.URL = address("new")
		for _, task := range tasks {
			if task.Missing {
				b.same("old", b.commit(archiver.Outcome{Task: task, At: now, Article: &a, NotBefore: now.Add(day)}), archiver.Receipt{Moved: true})
			}
		}
		b.same("state", b.article(address("old")).State, archiver.ArticleSaved)
		b.same("backlog", b.backlog(source).Articles, 0)
		later := now.Add(2 * day)
		b.start(source, later)
		b.first(source, later, "new", "x")
		b.same("looked at", paths(b.claim(source, later, 10)), []string{"new"})
		b.same("missing", b.end(source, later), archiver.Missing{Of: 2})
	},
	"two workers may find out at once that an article has moved": func(b *bench) {
		for i, order := range [][]bool{{true, false}, {false, true}} { // whether the missing one is committed
			source := b.add([]string{"one", "two"}[i])
			old, fresh := source.Name+"-old", source.Name+"-new"
			b.sync(source, noon, old, "x")
			now := noon.Add(day)
			b.start(source, now)
			b.first(source, now, fresh, "x")
			b.end(source, now)
			byMissing := map[bool]archiver.Task{}
			for _, task := range b.claim(source, now, 10) {
				byMissing[task.Missing] = task
			}
			a := article(old)
			a.URL = address(fresh)
			for _, missing := range order {
				outcome := archiver.Outcome{Task: byMissing[missing], At: now, Article: &a, NotBefore: now.Add(day)}
				if !missing {
					outcome.Renamed = address(old)
				}
				b.commit(outcome)
			}
			got := b.article(address(old))
			b.same("article", []any{got.ID, got.URL, got.State, got.Revision}, []any{archiver.ArticleID(address(old)), address(fresh), archiver.ArticleSaved, 1})
			b.same("the same under the new address", b.article(address(fresh)).ID, got.ID)
			b.start(source, now.Add(2*day))
			b.first(source, now.Add(2*day), fresh, "x")
			b.same("looked at", paths(b.claim(source, now.Add(2*day), 10)), []string{fresh})
			b.same("missing", b.end(source, now.Add(2*day)), archiver.Missing{Of: 2})
			b.sound()
		}
	},
	"one that was renamed is the article of its earlier address": func(b *bench) {
		source := b.add("nlp")
		b.sync(source, noon, "old")
		now := noon.Add(day)
		b.start(source, now)
		b.first(source, now, "new")
		b.end(source, now)
		var task archiver.Task
		for _, t := range b.claim(source, now, 10) {
			if t.URL == address("new") {
				task = t
			}
		}
		a := article("old")
		a.URL, a.Markdown, a.HTML = address("new"), "edited", "<p>edited</p>"
		receipt := b.commit(archiver.Outcome{Task: task, At: now, Article: &a, Renamed: address("old")})
		b.same("receipt", receipt, archiver.Receipt{Revised: true, Moved: true})
		b.same("id", b.article(address("new")).ID, archiver.ArticleID(address("old")))
		b.same("members", len(b.articles(storage.Query{Sources: []int64{source.ID}})), 1)
		b.same("nothing is left of the old one", b.backlog(source).Articles, 0)
	},
	"the same text by another channel in other tags is no revision, another text is one and says why": func(b *bench) {
		source := b.add("nlp")
		words := strings.Repeat("机器学习 ", 20)
		b.save(source, noon, "a", func(a *archiver.Article) { a.Markdown, a.HTML, a.Words = words, "<p>"+words+"</p>", 80 })
		a := article("a")
		a.Markdown, a.HTML, a.Words = words, "<div><p>"+words+"</p></div>", 80
		b.same("other tags", b.commit(archiver.Outcome{Task: b.due(source), At: noon.Add(day), Article: &a, Cause: archiver.CauseChannel}), archiver.Receipt{})
		a.Markdown += "more"
		a.HTML = "<p>" + a.Markdown + "</p>"
		for i, cause := range []string{archiver.CauseChannel, archiver.CauseReextract} {
			a.HTML += "<p>and more</p>"
			receipt := b.commit(archiver.Outcome{Task: b.due(source), At: noon.Add(day), Article: &a, Cause: cause})
			b.same("receipt", receipt, archiver.Receipt{Revised: true})
			revisions, err := b.Revisions(b.Context(), archiver.ArticleID(address("a")))
			b.must(err)
			b.same("number", len(revisions), 2+i)
			b.same("cause", string(revisions[1+i].Cause), cause)
		}
	},
	"what a server gave to ask by is given with the task, and only that of what was taken": func(b *bench) {
		source := b.add("nlp")
		b.list(source, noon, "a")
		words := strings.Repeat("机器学习 ", 20)
		a := article("a")
		a.Markdown, a.HTML, a.Words = words, "<p>"+words+"</p>", 80
		good := archiver.Validator{ETag: `"good"`, Modified: "Sun, 01 Mar 2026 12:00:00 GMT"}
		b.saved = b.one(source, noon)
		b.commit(archiver.Outcome{Task: b.saved, Article: &a, Validator: good})
		short := a
		short.Markdown, short.HTML, short.Words = "维护中", "<p>维护中</p>", 3
		bad := archiver.Validator{ETag: `"bad"`}
		for _, outcome := range []archiver.Outcome{
			{Article: &short, Validator: bad},
			{State: archiver.TaskQuarantined, Validator: bad, Reason: "no article"},
			{State: archiver.TaskProtected, Validator: bad, Reason: "it needs a password", Article: &archiver.Article{URL: address("a"), State: archiver.ArticleProtected}},
			{Article: &a},
		} {
			b.retry(source, outcome)
			b.start(source, noon.Add(day), whole)
			b.first(source, noon.Add(day), "a")
			task := b.one(source, noon.Add(day))
			b.same("validator", task.Validator, good)
			b.must(b.Release(b.Context(), task))
			b.saved = task
		}
	},
	"a twin is an article with the same title and text that the walk has not met": func(b *bench) {
		source, other := b.add("nlp"), b.add("other")
		words := strings.Repeat("机器学习 ", 20)
		text := func(a *archiver.Article) { a.Markdown, a.HTML, a.Words, a.Title = words, "<p>"+words+"</p>", 80, "T" }
		b.start(source, noon)
		b.first(source, noon, "a")
		b.read(source, noon, text)
		b.end(source, noon)
		twin := func(source archiver.Source, change ...func(*archiver.Article)) string {
			b.Helper()
			a := article("new")
			text(&a)
			for _, set := range change {
				set(&a)
			}
			url, err := b.Twin(b.Context(), source.ID, a)
			b.must(err)
			return url
		}
		b.same("met", twin(source), "")
		b.start(source, noon.Add(day))
		b.same("not met", twin(source), address("a"))
		b.same("of another source", twin(other), "")
		b.same("another title", twin(source, func(a *archiver.Article) { a.Title = "U" }), "")
		b.same("another text", twin(source, func(a *archiver.Article) { a.HTML = "<p>" + words + "x</p>"; a.Markdown += "x" }), "")
		b.same("itself", twin(source, func(a *archiver.Article) { a.URL = address("a") }), "")
		b.same("too short to tell", twin(source, func(a *archiver.Article) { a.Words = 3 }), "")
	},
}
