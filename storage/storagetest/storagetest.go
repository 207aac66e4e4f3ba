// Package storagetest is the contract of package storage as tests: every store runs the same suite, one subtest a promise.
package storagetest

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"archiver"
	"archiver/storage"

	"github.com/google/go-cmp/cmp"
)

// Run holds a store to the contract. open makes an empty archive and closes it when the test ends.
func Run(t *testing.T, open func(t *testing.T) storage.Store) {
	groups := []map[string]func(*bench){
		sourcePromises, frontierPromises, listingPromises, articlePromises, junkPromises, sitePromises, hostPromises, readingPromises, historyPromises,
		assetPromises, keepingPromises, searchPromises, walkPromises, missingPromises, stopPromises, channelPromises, gonePromises,
	}
	for _, group := range groups {
		names := make([]string, 0, len(group))
		for name := range group {
			names = append(names, name)
		}
		slices.Sort(names)
		for _, name := range names {
			t.Run(name, func(t *testing.T) {
				group[name](&bench{T: t, Store: open(t)})
			})
		}
	}
}

// noon is when the tests begin. Stores keep milliseconds at least.
var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

const lease = 10 * time.Minute

// bench is a store with the moves that every promise is made of. A move that fails ends the test.
type bench struct {
	*testing.T
	storage.Store
	saved archiver.Task // the last one that save committed
}

func (b *bench) must(err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}

// kind wants err to be of a kind.
func (b *bench) kind(err error, want archiver.Kind) {
	b.Helper()
	if err == nil {
		b.Fatalf("got no error, want one of kind %v", want)
	}
	if _, ok := errors.AsType[*archiver.Error](err); !ok || archiver.KindOf(err) != want {
		b.Fatalf("got the error %q of kind %v, want kind %v", err, archiver.KindOf(err), want)
	}
}

func (b *bench) same(what string, got, want any) {
	b.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		b.Errorf("%s mismatch (-want +got):\n%s", what, diff)
	}
}

func (b *bench) add(name string) archiver.Source {
	b.Helper()
	source, err := b.AddSource(b.Context(), archiver.Source{Name: name, URL: "https://blog.example/category/" + name + "/", Added: noon})
	b.must(err)
	return source
}

func (b *bench) walk(source archiver.Source, now time.Time) int64 {
	b.Helper()
	walk, err := b.StartWalk(b.Context(), source.ID, now, archiver.WalkOptions{Images: true})
	b.must(err)
	return walk.Number
}

func (b *bench) claim(source archiver.Source, now time.Time, limit int) []archiver.Task {
	b.Helper()
	tasks, err := b.Claim(b.Context(), source.ID, now, lease, limit)
	b.must(err)
	return tasks
}

// one claims the one task that is due.
func (b *bench) one(source archiver.Source, now time.Time) archiver.Task {
	b.Helper()
	tasks := b.claim(source, now, 10)
	if len(tasks) != 1 {
		b.Fatalf("claimed %v, want one task", urls(tasks))
	}
	return tasks[0]
}

func (b *bench) commit(outcome archiver.Outcome) archiver.Receipt {
	b.Helper()
	if outcome.State == "" {
		outcome.State = archiver.TaskDone
	}
	if outcome.At.IsZero() {
		outcome.At = noon
	}
	receipt, err := b.Commit(b.Context(), outcome)
	b.must(err)
	return receipt
}

// list walks a listing of one page that names the paths.
func (b *bench) list(source archiver.Source, now time.Time, paths ...string) archiver.Receipt {
	b.Helper()
	b.walk(source, now)
	return b.commit(archiver.Outcome{Task: b.one(source, now), At: now, Entries: entries(paths...), WalkEnd: true})
}

// save lists one path and commits its article.
func (b *bench) save(source archiver.Source, now time.Time, path string, change func(*archiver.Article)) archiver.Receipt {
	b.Helper()
	b.list(source, now, path)
	a := article(path)
	if change != nil {
		change(&a)
	}
	b.saved = b.one(source, now)
	return b.commit(archiver.Outcome{Task: b.saved, At: now, Article: &a, Pages: []archiver.Page{page(path)}})
}

func (b *bench) article(idOrURL string) archiver.Article {
	b.Helper()
	a, err := b.Article(b.Context(), idOrURL)
	b.must(err)
	return a
}

func (b *bench) articles(query storage.Query) []archiver.Article {
	b.Helper()
	var all []archiver.Article
	for a, err := range b.Articles(b.Context(), query) {
		b.must(err)
		all = append(all, a)
	}
	return all
}

func (b *bench) backlog(source archiver.Source) archiver.Backlog {
	b.Helper()
	backlog, err := b.Backlog(b.Context(), source.ID)
	b.must(err)
	return backlog
}

func (b *bench) problems(source archiver.Source) []archiver.Task {
	b.Helper()
	tasks, err := b.Problems(b.Context(), source.ID)
	b.must(err)
	return tasks
}

// sound wants the archive to find nothing wrong with itself.
func (b *bench) sound() {
	b.Helper()
	found, err := b.Check(b.Context())
	b.must(err)
	b.same("Check", found, []string(nil))
}

func address(path string) string { return "https://blog.example/" + path + "/" }

func entries(paths ...string) []archiver.Entry {
	var all []archiver.Entry
	for _, path := range paths {
		all = append(all, archiver.Entry{Channel: archiver.ChannelListing, URL: address(path), Title: "On " + path})
	}
	return all
}

// article is one with every fact set.
func article(path string) archiver.Article {
	return archiver.Article{
		URL: address(path), Title: "On " + path, Authors: []string{"王小明", "B"}, Published: archiver.At(noon.In(time.FixedZone("", 8*3600))),
		Modified: archiver.AtLocal(noon), Categories: []string{"自然语言处理"}, Tags: []string{"a & b"}, Language: "zh-CN", Site: "博客",
		Excerpt: "Short.", Image: "https://blog.example/i.png", Words: 7,
		Markdown: "机器学习 of " + path, HTML: "<p>机器学习 of " + path + "</p>", State: archiver.ArticleSaved,
	}
}

func page(path string) archiver.Page {
	return archiver.Page{
		Requested: address(path), URL: address(path), Status: 200, ContentType: "text/html", Charset: "utf-8", Links: []string{"<x>; rel=y"},
		Pages: 3, ETag: `"e"`, Modified: "Sun, 01 Mar 2026 12:00:00 GMT", Robots: "noai",
		Raw: []byte("<html>\x00\xff " + path), FetchedAt: noon,
	}
}

func urls(tasks []archiver.Task) []string {
	var all []string
	for _, task := range tasks {
		all = append(all, fmt.Sprint(task.Role, " ", task.URL))
	}
	return all
}

func titles(articles []archiver.Article) []string {
	var all []string
	for _, a := range articles {
		all = append(all, a.Title)
	}
	return all
}
