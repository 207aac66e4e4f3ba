package storagetest

import (
	"time"

	"archiver"
)

var listingPromises = map[string]func(*bench){
	"entries become members and article tasks, and are counted once a walk": func(b *bench) {
		source := b.add("nlp")
		walk := b.walk(source, noon)
		got := b.commit(archiver.Outcome{Task: b.one(source, noon), Entries: entries("a", "b", "a"), Next: []archiver.Task{listingPage(2, walk)}})
		b.same("first page", got, archiver.Receipt{NewArticles: 2, NewInWalk: 2})
		got = b.commit(archiver.Outcome{Task: b.one(source, noon), Entries: entries("b", "c"), Next: []archiver.Task{listingPage(3, walk)}})
		b.same("second page", got, archiver.Receipt{NewArticles: 1, NewInWalk: 1})
		got = b.commit(archiver.Outcome{Task: b.one(source, noon), Entries: entries("a", "b", "c")})
		b.same("third page", got, archiver.Receipt{})
		b.same("the next walk sees all anew", b.list(source, noon.Add(time.Hour), "a", "b"), archiver.Receipt{NewInWalk: 2})
		b.same("backlog", b.backlog(source).Articles, 3)
	},
	"pages that show nothing new are counted on": func(b *bench) {
		source := b.add("nlp")
		walk := b.walk(source, noon)
		var barren []int
		for i, paths := range [][]string{{"a"}, {"a"}, {"a"}, {"b"}, {"b"}} {
			task := b.one(source, noon)
			barren = append(barren, task.Barren)
			b.commit(archiver.Outcome{Task: task, Entries: entries(paths...), Next: []archiver.Task{listingPage(i+2, walk)}})
		}
		b.same("barren", barren, []int{0, 0, 1, 2, 0})
	},
	"a listing page is read once a walk, whatever leads to it": func(b *bench) {
		source := b.add("nlp")
		walk := b.walk(source, noon)
		first := b.one(source, noon)
		b.commit(archiver.Outcome{Task: first, Next: []archiver.Task{listingPage(2, walk), listingPage(3, walk)}})
		for range 2 {
			task := b.claim(source, noon, 1)[0]
			b.commit(archiver.Outcome{Task: task, Next: []archiver.Task{listingPage(2, walk), listingPage(3, walk), {Role: archiver.RoleListing, URL: first.URL, Walk: walk}}})
		}
		b.same("backlog", b.backlog(source), archiver.Backlog{})
		walk = b.walk(source, noon)
		b.commit(archiver.Outcome{Task: b.one(source, noon), Next: []archiver.Task{listingPage(2, walk)}})
		got := b.one(source, noon)
		b.same("again in the next walk", got.Number, 2)
		b.same("walk", got.Walk, walk)
	},
	"further facts are pended once a walk, and again in the next": func(b *bench) {
		source := b.add("nlp")
		for range 2 {
			b.walk(source, noon)
			b.commit(archiver.Outcome{Task: b.one(source, noon), Next: []archiver.Task{factsTask("posts")}})
			facts := b.one(source, noon)
			b.same("facts", facts.URL, factsTask("posts").URL)
			b.commit(archiver.Outcome{Task: facts, Next: []archiver.Task{factsTask("posts?page=2")}})
			next := b.one(source, noon)
			b.same("further facts", next.URL, factsTask("posts?page=2").URL)
			b.commit(archiver.Outcome{Task: next, Next: []archiver.Task{factsTask("posts")}})
			b.same("backlog", b.backlog(source).Facts, 0)
		}
	},
	"a circle of facts ends": func(b *bench) {
		source := b.add("nlp")
		b.walk(source, noon)
		one, two := factsTask("feed?paged=1"), factsTask("feed?paged=2")
		b.commit(archiver.Outcome{Task: b.one(source, noon), Entries: entries("a"), Next: []archiver.Task{one}})
		for _, want := range []archiver.Task{one, two} {
			task := b.one(source, noon)
			b.same("facts", task.URL, want.URL)
			b.commit(archiver.Outcome{Task: task, Next: []archiver.Task{one, two}})
		}
		b.same("backlog", b.backlog(source).Facts, 0)
	},
	"what channels say is merged into the task, one entry a channel, the listing's first": func(b *bench) {
		source := b.add("nlp")
		b.walk(source, noon)
		b.commit(archiver.Outcome{Task: b.one(source, noon), Entries: entries("a"), Next: []archiver.Task{factsTask("posts"), factsTask("feed")}})
		facts := b.claim(source, noon, 2)
		rest := archiver.Entry{Channel: archiver.ChannelREST, URL: "http://www.blog.example/a", Title: "A <b> & c", Authors: []string{"王"},
			Published: archiver.At(noon), Modified: archiver.OnDay(2026, 3, 2), Categories: []string{"x"}, Tags: []string{"y"}, Image: "https://i.example/", Protected: true}
		foreign := archiver.Entry{Channel: archiver.ChannelREST, URL: address("foreign")}
		got := b.commit(archiver.Outcome{Task: facts[0], Entries: []archiver.Entry{foreign, rest}})
		b.same("receipt", got, archiver.Receipt{})
		feed := archiver.Entry{Channel: archiver.ChannelFeed, URL: address("a"), Excerpt: "old"}
		b.commit(archiver.Outcome{Task: facts[1], Entries: []archiver.Entry{feed, {Channel: archiver.ChannelFeed, URL: address("a"), Excerpt: "new"}}})
		feed.Excerpt = "new"
		listed := entries("a")[0]
		listed.Title = "Renamed"
		b.walk(source, noon)
		b.commit(archiver.Outcome{Task: b.one(source, noon), Entries: []archiver.Entry{listed}})
		task := b.one(source, noon)
		b.same("task", task.URL, address("a"))
		b.same("entries", task.Entries, []archiver.Entry{listed, rest, feed})
		b.same("no member, no task", b.backlog(source), archiver.Backlog{Articles: 1, Due: noon.Add(lease)})
	},
	"facts of an article that is read already are kept for later": func(b *bench) {
		source := b.add("nlp")
		b.walk(source, noon)
		b.commit(archiver.Outcome{Task: b.one(source, noon), Entries: entries("a"), Next: []archiver.Task{{Role: archiver.RoleFacts, URL: factsTask("p").URL, NotBefore: noon.Add(time.Hour)}}})
		a := article("a")
		b.commit(archiver.Outcome{Task: b.one(source, noon), Article: &a})
		facts := b.one(source, noon.Add(time.Hour))
		b.commit(archiver.Outcome{Task: facts, Entries: []archiver.Entry{{Channel: archiver.ChannelREST, URL: address("a")}}})
		b.same("revision", b.article(address("a")).Revision, 1)
		b.same("backlog", b.backlog(source), archiver.Backlog{})
	},
	"a date beyond the calendar is left out, and harms nothing": func(b *bench) {
		source := b.add("nlp")
		b.walk(source, noon)
		e := entries("a")[0]
		e.Published = archiver.At(time.Date(20250, 1, 1, 0, 0, 0, 0, time.UTC))
		b.commit(archiver.Outcome{Task: b.one(source, noon), Entries: []archiver.Entry{e}})
		task := b.one(source, noon)
		b.same("entries", task.Entries, entries("a"))
		a := article("a")
		a.Published, a.Tags = e.Published, []string{"b\xffd"}
		b.commit(archiver.Outcome{Task: task, Article: &a})
		got := b.article(address("a"))
		b.same("published", got.Published, archiver.Timestamp{})
		b.same("tags", got.Tags, []string{"b\ufffdd"})
		b.sound()
	},
}
