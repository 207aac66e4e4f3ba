package storagetest

import (
	"time"

	"archiver"
	"archiver/storage"
)

var historyPromises = map[string]func(*bench){
	"an earlier text is there as it was": func(b *bench) {
		source := b.add("nlp")
		b.save(source, noon, "a", nil)
		id := archiver.ArticleID(address("a"))
		first := b.article(id)
		a := article("a")
		a.HTML, a.Markdown, a.Title, a.Words, a.Tags = "<p>深度学习</p>", "深度学习", "Other", 4, nil
		later := noon.Add(time.Hour)
		b.again(source, later, &a, page("a"))
		second := b.article(id)
		first.Checked = second.Checked
		for i, want := range []archiver.Article{first, second} {
			got, err := b.Revision(b.Context(), id, i+1)
			b.must(err)
			b.same("revision", got, want)
		}
		revisions, err := b.Revisions(b.Context(), id)
		b.must(err)
		b.same("revisions", revisions, []storage.Revision{
			{Number: 1, Seen: noon, Title: "On a", Words: 7}, {Number: 2, Seen: later, Title: "Other", Words: 4},
		})
		for _, n := range []int{-1, 0, 3} {
			_, err := b.Revision(b.Context(), id, n)
			b.kind(err, archiver.NoMatch)
		}
		_, err = b.Revision(b.Context(), "000000000000", 1)
		b.kind(err, archiver.NoMatch)
	},
	"all addresses of an article are told, today's first": func(b *bench) {
		source := b.add("nlp")
		b.save(source, noon, "a-old", func(a *archiver.Article) { a.URL = address("z-new") })
		keys, err := b.Addresses(b.Context(), archiver.ArticleID(address("a-old")))
		b.must(err)
		b.same("addresses", keys, []string{archiver.Key(address("z-new")), archiver.Key(address("a-old"))})
		keys, err = b.Addresses(b.Context(), "000000000000")
		b.must(err)
		b.same("of none", keys, []string(nil))
	},
	"a query chooses what is new, what the author changed and what went": func(b *bench) {
		source := b.add("nlp")
		day := func(n int) time.Time { return noon.Add(time.Duration(n) * 24 * time.Hour) }
		b.save(source, day(0), "a", nil)
		a := article("a")
		a.HTML = "<p>深度学习</p>"
		b.again(source, day(2), &a, page("a"))
		b.save(source, day(1), "b", nil)
		read := b.article(address("b"))
		read.HTML = "<p>read better</p>"
		_, err := b.Reextract(b.Context(), read, day(3))
		b.must(err)
		b.save(source, day(2), "c", nil)
		for _, c := range []struct {
			what  string
			query storage.Query
			want  []string
		}{
			{"new", storage.Query{New: day(1)}, []string{"On b", "On c"}},
			{"newest", storage.Query{New: day(2), Newest: true}, []string{"On c"}},
			{"none new", storage.Query{New: day(3)}, nil},
			{"changed", storage.Query{Changed: day(1)}, []string{"On a"}},
			{"changed at that moment", storage.Query{Changed: day(2)}, []string{"On a"}},
			{"none changed", storage.Query{Changed: day(3)}, nil},
			{"both", storage.Query{New: day(0), Changed: day(1)}, []string{"On a"}},
			{"gone", storage.Query{Gone: day(0)}, nil},
		} {
			b.same(c.what, titles(b.articles(c.query)), c.want)
		}
	},
}
