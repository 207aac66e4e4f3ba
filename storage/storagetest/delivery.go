package storagetest

import (
	"time"

	"archiver"
	"archiver/storage"
)

var deliveryPromises = map[string]func(*bench){
	"what was delivered is not new there until its author changes it": func(b *bench) {
		source := b.add("nlp")
		day := func(n int) time.Time { return noon.Add(time.Duration(n) * 24 * time.Hour) }
		for _, path := range []string{"c", "b", "a"} { // the last one is read again
			b.save(source, day(0), path, nil)
		}
		wants := func(what, target string, want ...string) {
			b.Helper()
			b.same(what, titles(b.articles(storage.Query{NotAt: target, Brief: true})), want)
			b.same(what+", newest first", len(b.articles(storage.Query{NotAt: target, Newest: true})), len(want))
		}
		wants("at first", "epub:x", "On a", "On b", "On c")
		b.must(b.Deliver(b.Context(), "epub:x", map[string]int{archiver.ArticleID(address("a")): 1, archiver.ArticleID(address("b")): 1, "000000000000": 1}, day(1)))
		wants("after a delivery", "epub:x", "On c")
		wants("elsewhere", "epub:y", "On a", "On b", "On c")
		got, err := b.Delivered(b.Context(), "epub:x")
		b.must(err)
		b.same("delivered", got, storage.Delivered{Articles: 2, Last: day(1)})

		a := article("a")
		a.HTML = "<p>深度学习</p>"
		b.again(source, day(2), &a, page("a"))
		read := b.article(address("b"))
		read.HTML = "<p>read better</p>"
		_, err = b.Reextract(b.Context(), read, day(2))
		b.must(err)
		wants("changed by its author, not by us", "epub:x", "On a", "On c")

		// A slow delivery of an older text does not unsay a later one.
		b.must(b.Deliver(b.Context(), "epub:x", map[string]int{archiver.ArticleID(address("a")): 2}, day(3)))
		b.must(b.Deliver(b.Context(), "epub:x", map[string]int{archiver.ArticleID(address("a")): 1}, day(2)))
		wants("after both", "epub:x", "On c")
		got, err = b.Delivered(b.Context(), "epub:x")
		b.must(err)
		b.same("delivered at last", got, storage.Delivered{Articles: 2, Last: day(3)})
		b.sound()
	},
	"a delivery of nothing is none, and a purge forgets": func(b *bench) {
		source := b.add("nlp")
		b.save(source, noon, "a", nil)
		b.must(b.Deliver(b.Context(), "mail:x", nil, noon))
		got, err := b.Delivered(b.Context(), "mail:x")
		b.must(err)
		b.same("of nothing", got, storage.Delivered{})
		b.must(b.Deliver(b.Context(), "mail:x", map[string]int{archiver.ArticleID(address("a")): 1}, noon))
		_, err = b.RemoveSource(b.Context(), source.ID, true)
		b.must(err)
		got, err = b.Delivered(b.Context(), "mail:x")
		b.must(err)
		b.same("after the purge", got, storage.Delivered{})
		b.save(b.add("nlp"), noon, "a", nil)
		b.same("it is new again", titles(b.articles(storage.Query{NotAt: "mail:x"})), []string{"On a"})
		b.sound()
	},
	"a query chooses by date, and by what the author changed": func(b *bench) {
		source := b.add("nlp")
		day := func(n int) time.Time { return noon.Add(time.Duration(n) * 24 * time.Hour) }
		dated := func(at time.Time) func(*archiver.Article) {
			return func(a *archiver.Article) { a.Published = archiver.At(at) }
		}
		b.save(source, day(9), "old", dated(day(-100)))
		b.save(source, day(9), "new", dated(day(1)))
		b.save(source, day(9), "undated", func(a *archiver.Article) { a.Published = archiver.Timestamp{} })
		b.save(source, day(9), "edited", dated(day(-90)))
		a := article("edited")
		a.HTML, a.Published = "<p>深度学习</p>", archiver.At(day(-90))
		b.again(source, day(10), &a, page("edited"))
		for _, c := range []struct {
			since time.Time
			want  []string
		}{
			{day(1), []string{"On edited", "On new", "On undated"}},
			{day(2), []string{"On edited", "On undated"}},
			{day(10), []string{"On edited"}},
			{day(11), nil},
			{day(-100), []string{"On old", "On edited", "On new", "On undated"}},
		} {
			b.same(c.since.String(), titles(b.articles(storage.Query{Since: c.since})), c.want)
		}
	},
}
