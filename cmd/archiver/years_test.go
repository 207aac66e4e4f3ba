package main

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"archiver/internal/testsite"
	"archiver/storage/sqlite"

	"github.com/google/go-cmp/cmp"
)

// This file is what a blog does in years, and what a sync may cost and must not lose then. A blog runs in this process, each sync in
// one of its own.

// ways are the blogs of the tests by how they tell of their articles.
var ways = map[string][]testsite.Option{
	"rest":          {testsite.REST()},
	"feed":          {testsite.Feed(testsite.RSS, 10)},
	"static":        {testsite.Style(testsite.Titles), testsite.Validators(), testsite.Feed(testsite.Atom, 20), testsite.Sitemap(testsite.OneSitemap)},
	"sitemap index": {testsite.Validators(), testsite.Sitemap(testsite.SitemapIndex)},
	"listing":       {},
}

func blogOf(t *testing.T, opts ...testsite.Option) *testsite.Site {
	t.Helper()
	site, err := testsite.Start(opts...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { site.Close() })
	return site
}

// syncBlog syncs and gives what was said.
func syncBlog(t *testing.T, db, category string, flags ...string) string {
	t.Helper()
	return output(t, program(t, db, append([]string{"sync", category, "--delay", "0"}, flags...)...))
}

// revisionsOf counts the texts that the articles of an archive have had, by address.
func revisionsOf(t *testing.T, db string) map[string]int {
	t.Helper()
	ctx := context.Background()
	store, err := sqlite.Open(ctx, db, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	counts := map[string]int{}
	for url, article := range listed(t, db) {
		revisions, err := store.Revisions(ctx, article["id"].(string))
		if err != nil {
			t.Fatal(err)
		}
		counts[url] = len(revisions)
	}
	return counts
}

func paths(requests []testsite.Request) []string {
	var list []string
	for _, r := range requests {
		list = append(list, fmt.Sprintf("%s %d", r.Path, r.Status))
	}
	return list
}

// TestNothingChanged is what a sync costs on most days: a few requests however many articles there are, conditional ones where the
// blog has validators.
func TestNothingChanged(t *testing.T) {
	const budget = 4
	for name, opts := range ways {
		t.Run(name, func(t *testing.T) {
			var cost [2]int
			for i, posts := range []int{30, 120} {
				site := blogOf(t, append(opts, testsite.Posts(posts))...)
				db := filepath.Join(t.TempDir(), "archive.db")
				syncBlog(t, db, site.Category())
				before := revisionsOf(t, db)
				site.Forget()
				if said := syncBlog(t, db, site.Category()); !strings.Contains(said, "nothing new") {
					t.Errorf("it says %q", said)
				}
				requests := site.Requests()
				cost[i] = len(requests)
				if len(requests) > budget {
					t.Errorf("%d posts: %d requests\n%s", posts, len(requests), strings.Join(paths(requests), "\n"))
				}
				for _, r := range requests {
					conditional := r.Header.Get("If-None-Match") != "" || r.Header.Get("If-Modified-Since") != ""
					if name == "static" && r.Path != "/robots.txt" && (!conditional || r.Status != http.StatusNotModified) {
						t.Errorf("%s is asked for without condition, or in vain: %d", r.Path, r.Status)
					}
				}
				if diff := cmp.Diff(before, revisionsOf(t, db)); diff != "" {
					t.Error(diff)
				}
			}
			if cost[0] != cost[1] {
				t.Errorf("%d requests for 30 posts, %d for 120", cost[0], cost[1])
			}
		})
	}
}

// TestChangesOfABlog is what an author does. A default sync brings what is new; a full one has the truth, whatever the channels tell.
func TestChangesOfABlog(t *testing.T) {
	for name, opts := range ways {
		t.Run(name, func(t *testing.T) {
			site := blogOf(t, append(opts, testsite.Posts(45))...)
			db := filepath.Join(t.TempDir(), "archive.db")
			syncBlog(t, db, site.Category())
			before, texts := site.Articles(), exportedArticles(t, db)
			revisions := revisionsOf(t, db)

			add := func(words string) func(*testsite.Post) {
				return func(p *testsite.Post) { p.Body += "\n\n<p>" + words + "</p>" }
			}
			site.Edit(4, func(p *testsite.Post) {
				add("明说的改动，发生在第四篇。")(p)
				p.Modified = p.Modified.AddDate(8, 0, 0)
			})
			site.EditSilently(21, add("没有说的改动，发生在第二十一篇。"))
			renamed := site.Rename(12, "xin-di-zhi", true)
			gone := []string{before[30].URL, before[8].URL}
			site.Delete(30)
			site.MoveOut(8)
			site.Add(testsite.Post{}, testsite.Post{})

			site.Forget()
			syncBlog(t, db, site.Category())
			requests := site.Requests()
			added := site.Articles()[:2]
			after := exportedArticles(t, db)
			for _, a := range added {
				if after[a.URL] == nil {
					t.Errorf("the new %s is not there after %s", a.URL, paths(requests))
				}
			}
			syncBlog(t, db, site.Category(), "--full")
			after = exportedArticles(t, db)
			text := func(url string) string {
				words, _ := after[url]["markdown"].(string)
				return words
			}
			if !strings.Contains(text(before[4].URL), "第四篇") {
				t.Error("the edit is not there")
			}
			if !strings.Contains(text(before[21].URL), "第二十一篇") {
				t.Error("the silent edit is not there")
			}
			for _, url := range gone {
				if after[url]["state"] != "gone" || after[url]["markdown"] != texts[url]["markdown"] {
					t.Errorf("%s is %v, its text kept: %v", url, after[url]["state"], after[url]["markdown"] == texts[url]["markdown"])
				}
			}
			if after[renamed] == nil || after[before[12].URL] != nil || after[renamed]["id"] != texts[before[12].URL]["id"] {
				t.Errorf("renamed: under the new address %v, under the old one %v", after[renamed] != nil, after[before[12].URL] != nil)
			}
			var changed []string
			now := revisionsOf(t, db)
			for url, n := range now {
				// The one that moved out has other categories now, which is news of it.
				if old := revisions[url]; old > 0 && old != n && url != before[8].URL {
					changed = append(changed, url)
				}
			}
			slices.Sort(changed)
			if diff := cmp.Diff(slices.Sorted(slices.Values([]string{before[4].URL, before[21].URL})), changed); diff != "" {
				t.Errorf("articles with another revision (-wanted +got):\n%s", diff)
			}
			// Both come back, as they were.
			for _, url := range gone {
				site.Restore(url)
			}
			syncBlog(t, db, site.Category(), "--full")
			after = exportedArticles(t, db)
			for _, url := range gone {
				if after[url]["state"] != "saved" {
					t.Errorf("%s came back and is %v", url, after[url]["state"])
				}
			}
			if len(after) != 47 {
				t.Errorf("%d articles", len(after))
			}
		})
	}
}

// TestNoRevisionWithoutChange: new validators, view counters and another order are no news.
func TestNoRevisionWithoutChange(t *testing.T) {
	for name, opts := range ways {
		t.Run(name, func(t *testing.T) {
			site := blogOf(t, append(opts, testsite.Posts(25), testsite.Live())...)
			db := filepath.Join(t.TempDir(), "archive.db")
			syncBlog(t, db, site.Category())
			before := revisionsOf(t, db)
			for _, happens := range []func(){site.Rebuild, func() { site.Stick(19) }, func() { site.Reorder(testsite.MostDiscussed) }, func() { site.Reorder(testsite.OldestFirst) }} {
				happens()
				syncBlog(t, db, site.Category(), "--full")
			}
			if diff := cmp.Diff(before, revisionsOf(t, db)); diff != "" || len(before) != 25 {
				t.Errorf("%d articles\n%s", len(before), diff)
			}
		})
	}
}

// TestNewPostInAnyOrder: sticky posts and a listing that is not newest first do not hide a new one.
func TestNewPostInAnyOrder(t *testing.T) {
	for name, happens := range map[string]func(*testsite.Site){
		"sticky": func(s *testsite.Site) {
			for i := range 6 {
				s.Stick(20 + i)
			}
		},
		"oldest first":   func(s *testsite.Site) { s.Reorder(testsite.OldestFirst) },
		"most discussed": func(s *testsite.Site) { s.Reorder(testsite.MostDiscussed) },
	} {
		t.Run(name, func(t *testing.T) {
			site := blogOf(t, testsite.Posts(60))
			happens(site)
			db := filepath.Join(t.TempDir(), "archive.db")
			syncBlog(t, db, site.Category())
			site.Add(testsite.Post{})
			happens(site)
			syncBlog(t, db, site.Category())
			if url := site.Articles()[0].URL; listed(t, db)[url] == nil {
				t.Errorf("the new %s is not there", url)
			}
		})
	}
}

// TestLostListing: a layout that names no article any more loses none, and is said.
func TestLostListing(t *testing.T) {
	site := blogOf(t, testsite.Posts(40))
	db := filepath.Join(t.TempDir(), "archive.db")
	syncBlog(t, db, site.Category())
	site.ChangeLayout(true)
	for _, flags := range [][]string{nil, {"--full"}} {
		cmd := program(t, db, append([]string{"sync", site.Category(), "--delay", "0"}, flags...)...)
		if out, err := cmd.CombinedOutput(); err == nil || cmd.ProcessState.ExitCode() != 4 {
			t.Errorf("exit %v\n%s", err, out)
		}
	}
	saved := 0
	for _, a := range listed(t, db) {
		if a["state"] == "saved" {
			saved++
		}
	}
	if saved != 40 {
		t.Errorf("%d of 40 are saved", saved)
	}
	site.ChangeLayout(false)
	syncBlog(t, db, site.Category())
}

// TestOldSlugOfAnother: an address that leads to a different article is no change of either.
func TestOldSlugOfAnother(t *testing.T) {
	site := blogOf(t, testsite.Posts(30))
	db := filepath.Join(t.TempDir(), "archive.db")
	syncBlog(t, db, site.Category())
	before, all := exportedArticles(t, db), site.Articles()
	lost, other := all[5].URL, all[9].URL
	site.Delete(5)
	site.Divert(strings.TrimPrefix(lost, site.URL()), other)
	syncBlog(t, db, site.Category(), "--full")
	after := exportedArticles(t, db)
	if after[lost]["markdown"] != before[lost]["markdown"] || after[lost]["state"] != "gone" {
		t.Errorf("%s is %v with its text: %v", lost, after[lost]["state"], after[lost]["markdown"] == before[lost]["markdown"])
	}
	if diff := cmp.Diff(before[other], after[other]); diff != "" {
		t.Errorf("the other one changed:\n%s", diff)
	}
}

// TestKilledWhileTheBlogChanges kills syncs at random moments with changes between them; then one runs to its end, and the archive has
// what a new one has.
func TestKilledWhileTheBlogChanges(t *testing.T) {
	const kills = 8
	for _, name := range []string{"rest", "static"} {
		t.Run(name, func(t *testing.T) {
			site := blogOf(t, append(ways[name], testsite.Posts(60), testsite.Every(1, testsite.Slow(10*time.Millisecond)))...)
			dir := t.TempDir()
			killed, undisturbed := filepath.Join(dir, "killed.db"), filepath.Join(dir, "undisturbed.db")
			for i := range kills {
				cmd := program(t, killed, append([]string{"sync", site.Category(), "--delay", "0"}, []string{"--full"}[:i%2]...)...)
				if err := cmd.Start(); err != nil {
					t.Fatal(err)
				}
				ended := make(chan error, 1)
				go func() { ended <- cmd.Wait() }()
				select {
				case <-time.After(50*time.Millisecond + rand.N(600*time.Millisecond)):
					_ = cmd.Process.Kill() // it may have ended by itself
					<-ended
				case <-ended:
				}
				site.Edit(i*5, func(p *testsite.Post) {
					p.Body += fmt.Sprintf("\n\n<p>第%d次改动。</p>", i)
					p.Modified = p.Modified.AddDate(9, 0, i)
				})
				site.Add(testsite.Post{})
				site.Delete(30)
			}
			// What was listed and deleted before it was read may be said once, and then no more.
			_ = program(t, killed, "sync", site.Category(), "--delay", "0", "--full").Run()
			syncBlog(t, killed, site.Category(), "--full")
			syncBlog(t, undisturbed, site.Category())
			if diff := cmp.Diff(online(t, undisturbed), online(t, killed)); diff != "" {
				t.Errorf("the archives differ (-undisturbed +killed):\n%s", diff)
			}
		})
	}
}

// TestSpoiltAnswers gives a tenth of the answers a fault that real blogs have: three more syncs later nothing is to be seen of it.
func TestSpoiltAnswers(t *testing.T) {
	for i, name := range []string{"rest", "static", "listing"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel() // it is waiting, mostly
			site := blogOf(t, append(ways[name], testsite.Posts(40))...)
			proxy, err := testsite.StartProxy(site.URL(), uint64(i), 20*time.Millisecond)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { proxy.Close() })
			category := proxy.URL() + strings.TrimPrefix(site.Category(), site.URL())
			dir := t.TempDir()
			spoilt, undisturbed := filepath.Join(dir, "spoilt.db"), filepath.Join(dir, "undisturbed.db")
			syncBlog(t, undisturbed, category)
			want := online(t, undisturbed)
			share := 0.1
			if name == "rest" {
				share = 0.3 // of a handful of requests
			}
			proxy.Spoil(share)
			var diff string
			for more := range 4 {
				flags := []string{"sync", category, "--delay", "0"}
				if more > 0 {
					flags = append(flags, "--full")
				}
				// How it ends is not the question, that it does is.
				_ = program(t, spoilt, flags...).Run()
				if diff = cmp.Diff(want, online(t, spoilt)); diff == "" {
					t.Logf("equal after %d more syncs, %d kinds of faults", more, len(proxy.Met()))
					return
				}
			}
			problems, _ := program(t, spoilt, "list", "--problems").CombinedOutput()
			t.Errorf("after three more syncs and %v: %s\n(-undisturbed +spoilt):\n%s", proxy.Met(), problems, diff)
		})
	}
}

// online is what a reader has of the articles that are online, without what depends on when they were seen.
func online(t *testing.T, db string) map[string]map[string]any {
	t.Helper()
	articles := exportedArticles(t, db)
	maps.DeleteFunc(articles, func(_ string, a map[string]any) bool {
		delete(a, "id")
		return a["state"] == "gone"
	})
	return articles
}
