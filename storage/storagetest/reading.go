package storagetest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"archiver"
	"archiver/storage"
)

var readingPromises = map[string]func(*bench){
	"an article is found by the beginning of its ID": func(b *bench) {
		source := b.add("nlp")
		b.save(source, noon, "a", nil)
		id := archiver.ArticleID(address("a"))
		for n := 4; n <= len(id); n++ {
			b.same(id[:n], b.article(id[:n]).ID, id)
		}
		b.same("in capitals", b.article(strings.ToUpper(id)).ID, id)
		_, err := b.Article(b.Context(), id[:3])
		b.kind(err, archiver.Invalid)
		for _, name := range []string{"ffffffffffff", address("b"), "", "no such thing", "http://[", strings.Repeat("f", 13)} {
			_, err := b.Article(b.Context(), name)
			b.kind(err, archiver.NoMatch)
		}
	},
	"a beginning that two IDs have names neither": func(b *bench) {
		source := b.add("nlp")
		seen := map[string]string{}
		for i := 0; ; i++ {
			path := fmt.Sprint("post-", i)
			id := archiver.ArticleID(address(path))
			if twin, ok := seen[id[:4]]; ok {
				b.save(source, noon, twin, nil)
				b.save(source, noon, path, nil)
				_, err := b.Article(b.Context(), id[:4])
				b.kind(err, archiver.Invalid)
				b.same("whole", b.article(id).URL, address(path))
				return
			}
			seen[id[:4]] = path
		}
	},
	"articles stand by date, absent last, then by address": func(b *bench) {
		source := b.add("nlp")
		dates := []struct {
			path string
			date archiver.Timestamp
		}{
			{"undated-b", archiver.Timestamp{}},
			{"march-noon-8", archiver.At(time.Date(2026, 3, 1, 12, 0, 0, 0, time.FixedZone("", 8*3600)))}, // 04:00 UTC
			{"march-local", archiver.AtLocal(time.Date(2026, 3, 1, 3, 0, 0, 0, time.UTC))},
			{"march-day-b", archiver.OnDay(2026, 3, 1)},
			{"march-day-a", archiver.OnDay(2026, 3, 1)},
			{"before-1970", archiver.OnDay(1969, 1, 1)},
			{"epoch", archiver.OnDay(1970, 1, 1)},
			{"undated-a", archiver.Timestamp{}},
		}
		for _, d := range dates {
			b.save(source, noon, d.path, func(a *archiver.Article) { a.Title, a.Published = d.path, d.date })
		}
		want := []string{"before-1970", "epoch", "march-day-a", "march-day-b", "march-local", "march-noon-8", "undated-a", "undated-b"}
		b.same("oldest first", titles(b.articles(storage.Query{})), want)
		newest := []string{"march-noon-8", "march-local", "march-day-b", "march-day-a", "epoch", "before-1970", "undated-b", "undated-a"}
		b.same("newest first", titles(b.articles(storage.Query{Newest: true})), newest)
		b.same("some", titles(b.articles(storage.Query{Newest: true, Limit: 7})), newest[:7])
		b.same("published", b.article(address("march-noon-8")).Published.String(), "2026-03-01T12:00:00+08:00")
		b.same("a wall clock", b.article(address("march-local")).Published.String(), "2026-03-01T03:00:00")
		b.same("a day", b.article(address("march-day-a")).Published.String(), "2026-03-01")
	},
	"a query chooses by source, state and number, and leaves out text where asked": func(b *bench) {
		one, two := b.add("one"), b.add("two")
		b.save(one, noon, "a", nil)
		b.save(two, noon, "b", nil)
		b.list(two, noon, "a", "b")
		b.save(one, noon, "c", func(a *archiver.Article) { a.State = archiver.ArticleGone })
		b.same("all", titles(b.articles(storage.Query{})), []string{"On a", "On b", "On c"})
		b.same("one", titles(b.articles(storage.Query{Sources: []int64{one.ID}})), []string{"On a", "On c"})
		b.same("two", titles(b.articles(storage.Query{Sources: []int64{two.ID}})), []string{"On a", "On b"})
		b.same("both", titles(b.articles(storage.Query{Sources: []int64{one.ID, two.ID}})), []string{"On a", "On b", "On c"})
		b.same("gone", titles(b.articles(storage.Query{States: []archiver.ArticleState{archiver.ArticleGone}})), []string{"On c"})
		b.same("one article", titles(b.articles(storage.Query{Limit: 1})), []string{"On a"})
		brief := b.articles(storage.Query{Limit: 1, Brief: true})[0]
		want := b.article(address("a"))
		want.HTML, want.Markdown = "", ""
		b.same("brief", brief, want)
	},
	"a long reading sees every article once, while the archive is written": func(b *bench) {
		source := b.add("nlp")
		const n = 230
		var paths []string
		for i := range n {
			paths = append(paths, fmt.Sprintf("post-%03d", i))
		}
		b.list(source, noon, paths...)
		commit := func(task archiver.Task, i int) {
			a := article(paths[i])
			a.Published = archiver.At(noon.Add(time.Duration(i/7) * time.Hour))
			if i%10 == 0 {
				a.Published = archiver.Timestamp{}
			}
			b.commit(archiver.Outcome{Task: task, Article: &a})
		}
		tasks := b.claim(source, noon, n)
		for i, task := range tasks {
			commit(task, i)
		}
		for _, newest := range []bool{false, true} {
			seen := map[string]int{}
			for a, err := range b.Articles(b.Context(), storage.Query{Newest: newest}) {
				b.must(err)
				seen[a.URL]++
				commit(tasks[len(seen)%n], len(seen)%n) // a writer is not kept waiting
			}
			b.same("articles", len(seen), n)
			for url, times := range seen {
				if times != 1 {
					b.Errorf("%s was read %d times", url, times)
				}
			}
		}
		oldest, newest := titles(b.articles(storage.Query{Brief: true})), titles(b.articles(storage.Query{Brief: true, Newest: true}))
		slices.Reverse(newest[:n-n/10])
		slices.Reverse(newest[n-n/10:])
		b.same("newest first is the reverse", newest, oldest)
	},
	"a reading may stop early, and ends with its context": func(b *bench) {
		source := b.add("nlp")
		b.save(source, noon, "a", nil)
		b.save(source, noon, "b", nil)
		for range b.Articles(b.Context(), storage.Query{}) {
			break
		}
		ctx, cancel := context.WithCancel(b.Context())
		cancel()
		for _, err := range b.Articles(ctx, storage.Query{}) {
			if err == nil {
				b.Error("read on after the context had ended")
			}
		}
		b.same("articles", len(b.articles(storage.Query{})), 2)
	},
}
