package storagetest

import (
	"time"

	"archiver"
	"archiver/storage"
)

var sourcePromises = map[string]func(*bench){
	"a source is found by its name and by any form of its address": func(b *bench) {
		want := b.add("nlp")
		if want.ID == 0 {
			b.Error("the source has no ID")
		}
		for _, name := range []string{"nlp", "https://blog.example/category/nlp/", "http://www.blog.example/category/nlp", "blog.example/category/nlp"} {
			got, err := b.Source(b.Context(), name)
			b.must(err)
			b.same(name, got, want)
		}
		for _, name := range []string{"ml", "", "https://blog.example/", "://", "http://[", "NLP"} {
			_, err := b.Source(b.Context(), name)
			b.kind(err, archiver.Invalid)
		}
	},
	"a known address and a taken name are refused": func(b *bench) {
		b.add("nlp")
		_, err := b.AddSource(b.Context(), archiver.Source{Name: "x", URL: "http://blog.example/category/nlp"})
		b.kind(err, archiver.Invalid)
		_, err = b.AddSource(b.Context(), archiver.Source{Name: "nlp", URL: "https://other.example/"})
		b.kind(err, archiver.Invalid)
		_, err = b.AddSource(b.Context(), archiver.Source{Name: "", URL: "https://other.example/"})
		b.kind(err, archiver.Invalid)
		sources, err := b.Sources(b.Context())
		b.must(err)
		b.same("number of sources", len(sources), 1)
	},
	"sources stand in the order they were added, removed ones last, with counts": func(b *bench) {
		first, second := b.add("one"), b.add("two")
		b.save(first, noon, "a", nil)
		b.save(first, noon, "b", func(a *archiver.Article) { a.HTML, a.Markdown, a.State = "", "", archiver.ArticleProtected })
		b.list(second, noon, "a")
		_, err := b.RemoveSource(b.Context(), first.ID, false)
		b.must(err)
		b.add("three")
		sources, err := b.Sources(b.Context())
		b.must(err)
		var names []string
		for _, s := range sources {
			names = append(names, s.Name)
		}
		b.same("names", names, []string{"two", "three", "one"})
		b.same("counts of the second", sources[0].Counts, map[archiver.ArticleState]int{"saved": 1})
		b.same("counts of the third", len(sources[1].Counts), 0)
		b.same("counts of the first", sources[2].Counts, map[archiver.ArticleState]int{"saved": 1, "protected": 1})
		b.same("removed", sources[2].Removed, true)
		got, err := b.Source(b.Context(), "one")
		b.must(err)
		b.same("one of them", got, sources[2])
	},
	"a removed source keeps its articles and comes back under its old name": func(b *bench) {
		source := b.add("nlp")
		b.save(source, noon, "a", nil)
		purged, err := b.RemoveSource(b.Context(), source.ID, false)
		b.must(err)
		b.same("purged", purged, 0)
		b.article(address("a"))
		_, err = b.StartWalk(b.Context(), source.ID, noon, archiver.WalkOptions{})
		b.kind(err, archiver.Invalid)
		back, err := b.AddSource(b.Context(), archiver.Source{Name: "other", URL: source.URL})
		b.must(err)
		b.same("name", back.Name, "nlp")
		b.same("id", back.ID, source.ID)
		b.same("removed", back.Removed, false)
		b.walk(source, noon)
	},
	"nothing is claimed of a removed source": func(b *bench) {
		source := b.add("nlp")
		b.walk(source, noon)
		_, err := b.RemoveSource(b.Context(), source.ID, false)
		b.must(err)
		b.same("claimed", urls(b.claim(source, noon, 10)), []string(nil))
	},
	"a purge takes what no other source lists": func(b *bench) {
		one, two := b.add("one"), b.add("two")
		b.save(one, noon, "mine", nil)
		b.save(one, noon, "ours", nil)
		b.list(two, noon, "ours")
		b.save(two, noon, "theirs", nil)
		_, err := b.Search(b.Context(), "机器", storage.SearchOptions{})
		b.must(err)
		purged, err := b.RemoveSource(b.Context(), one.ID, true)
		b.must(err)
		b.same("purged", purged, 1)
		_, err = b.Article(b.Context(), address("mine"))
		b.kind(err, archiver.NoMatch)
		b.same("source of what stays", b.article(address("ours")).Source, "two")
		b.article(address("theirs"))
		hits, err := b.Search(b.Context(), "机器", storage.SearchOptions{})
		b.must(err)
		b.same("hits", len(hits), 2)
		_, err = b.Source(b.Context(), "one")
		b.kind(err, archiver.Invalid)
		b.sound()
		again := b.add("one")
		b.save(again, noon, "mine", nil)
	},
	"a source keeps its settings, also while it is removed": func(b *bench) {
		want := archiver.Settings{Discover: []archiver.Channel{archiver.ChannelREST, archiver.ChannelListing}, Schedule: "15 3 * * 1-5",
			Recheck: 12 * time.Hour, NoImages: true, IgnoreNoarchive: true}
		plain := b.add("ml")
		b.same("settings of a source without any", plain.Settings, archiver.Settings{})
		source, err := b.AddSource(b.Context(), archiver.Source{Name: "nlp", URL: "https://blog.example/nlp/", Settings: want})
		b.must(err)
		b.same("settings of the source that was added", source.Settings, want)
		_, err = b.RemoveSource(b.Context(), source.ID, false)
		b.must(err)
		source, err = b.AddSource(b.Context(), archiver.Source{Name: "other", URL: "https://blog.example/nlp/"})
		b.must(err)
		b.same("settings of the source that came back", source.Settings, want)
		b.must(b.SetSettings(b.Context(), plain.ID, want))
		b.must(b.SetSettings(b.Context(), source.ID, archiver.Settings{}))
		for name, want := range map[string]archiver.Settings{"ml": want, "nlp": {}} {
			got, err := b.Source(b.Context(), name)
			b.must(err)
			b.same("settings of "+name, got.Settings, want)
		}
		b.kind(b.SetSettings(b.Context(), 77, want), archiver.Invalid)
	},
	"removing what is not there is an error": func(b *bench) {
		_, err := b.RemoveSource(b.Context(), 77, true)
		b.kind(err, archiver.Invalid)
	},
	"the end of a walk is the source's last sync, its first page names it": func(b *bench) {
		source := b.add("nlp")
		walk := b.walk(source, noon)
		b.commit(archiver.Outcome{Task: b.one(source, noon), Title: "自然语言处理", Next: []archiver.Task{listingPage(2, walk)}})
		got, err := b.Source(b.Context(), "nlp")
		b.must(err)
		b.same("title", got.Title, "自然语言处理")
		b.same("last sync before the end", got.LastSync, time.Time{})
		b.commit(archiver.Outcome{Task: b.one(source, noon), Title: "Page 2", WalkEnd: true, At: noon.Add(time.Second)})
		got, err = b.Source(b.Context(), "nlp")
		b.must(err)
		b.same("title", got.Title, "自然语言处理")
		b.same("last sync", got.LastSync, noon.Add(time.Second))
		b.same("walk", got.Walk, walk)
	},
	"only one holds the archive": func(b *bench) {
		release, err := b.Hold(b.Context())
		b.must(err)
		_, err = b.Hold(b.Context())
		b.kind(err, archiver.Held)
		b.must(release())
		release, err = b.Hold(b.Context())
		b.must(err)
		b.must(release())
	},
}
