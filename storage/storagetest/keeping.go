package storagetest

import (
	"os"
	"path/filepath"
	"time"

	"archiver"
	"archiver/storage"
)

var keepingPromises = map[string]func(*bench){
	"what was saved is verified, and nothing is wrong with it": func(b *bench) {
		source := b.add("nlp")
		b.save(source, noon, "a", nil)
		b.save(source, noon, "b", func(a *archiver.Article) { a.State = archiver.ArticleGone })
		b.save(source, noon, "c", func(a *archiver.Article) {
			*a = archiver.Article{URL: address("c"), Title: "x", State: archiver.ArticleProtected}
		})
		read := b.article(address("a"))
		read.Title = "Read better"
		_, err := b.Reextract(b.Context(), read, noon.Add(time.Hour))
		b.must(err)
		done, of := 0, 0
		verified, err := b.Verify(b.Context(), func(d storage.Damage) { b.Errorf("found %v", d) }, func(d, o int) { done, of = d, o })
		b.must(err)
		b.same("verified", verified, storage.Verified{Articles: 3, Revisions: 4, Pages: 3})
		b.same("all was looked at", done, of)
	},
	"a text read anew takes the place of the current one only": func(b *bench) {
		source := b.add("nlp")
		b.save(source, noon, "a", nil)
		was := b.article(address("a"))
		exact, err := b.Restore(b.Context(), was, noon)
		b.must(err)
		b.same("exact", exact, true)
		b.same("article", b.article(address("a")), was)
		was.Revision = 2
		_, err = b.Restore(b.Context(), was, noon)
		b.kind(err, archiver.NoMatch)
	},
	"a copy is an archive, and takes no file's place unasked": func(b *bench) {
		source := b.add("nlp")
		b.save(source, noon, "a", nil)
		target := filepath.Join(b.TempDir(), "copy")
		size, err := b.Backup(b.Context(), target, false)
		b.must(err)
		info, err := os.Stat(target)
		b.must(err)
		b.same("size", size, info.Size())
		_, err = b.Backup(b.Context(), target, false)
		b.kind(err, archiver.Invalid)
		_, err = b.Backup(b.Context(), target, true)
		b.must(err)
		b.sound()
	},
}
