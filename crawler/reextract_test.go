package crawler

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"archiver"
)

// cellar is an archive of articles to be read again.
type cellar struct {
	articles map[string]archiver.Article
	site     archiver.SiteModel
	kept     []string
	full     bool
}

func (c *cellar) Article(_ context.Context, id string) (archiver.Article, error) {
	return c.articles[id], nil
}

func (c *cellar) Pages(_ context.Context, id string) ([]archiver.Page, error) {
	if c.articles[id].State == archiver.ArticleProtected {
		return nil, nil
	}
	return []archiver.Page{{URL: c.articles[id].URL}}, nil
}

func (c *cellar) Entries(_ context.Context, id string) ([]archiver.Entry, error) {
	return []archiver.Entry{{URL: c.articles[id].URL}}, nil
}

func (c *cellar) Reextract(_ context.Context, a archiver.Article, _ time.Time) (archiver.Receipt, error) {
	if c.full {
		return archiver.Receipt{}, &archiver.Error{Kind: archiver.Storage, Op: "save", Err: errors.New("the disk is full")}
	}
	if a.URL == "http://blog.example/shrunk" {
		return archiver.Receipt{Refused: "it shrank"}, nil
	}
	c.kept = append(c.kept, a.ID)
	return archiver.Receipt{Revised: true}, nil
}

func (c *cellar) Site(context.Context, string) (archiver.SiteModel, error) { return c.site, nil }

func (c *cellar) PutSite(_ context.Context, site archiver.SiteModel) error {
	c.site = site
	return nil
}

func cellarOf(n int) (*cellar, []string) {
	c := &cellar{articles: map[string]archiver.Article{}}
	var ids []string
	for i := range n {
		id := fmt.Sprint(i)
		c.articles[id] = archiver.Article{ID: id, URL: "http://blog.example/" + id, Revision: 1, Words: 100}
		ids = append(ids, id)
	}
	return c, ids
}

func TestReextract(t *testing.T) {
	store, ids := cellarOf(6)
	for id, url := range map[string]string{"1": "shrunk", "2": "broken"} {
		a := store.articles[id]
		a.URL = "http://blog.example/" + url
		store.articles[id] = a
	}
	locked := store.articles["3"]
	locked.State, locked.Revision = archiver.ArticleProtected, 0
	store.articles["3"] = locked
	loop := New(nil, nil, reader{broken: "http://blog.example/broken"}, Options{})

	report, err := loop.Reextract(t.Context(), store, ids, RereadOptions{DryRun: true, Learn: true})
	if err != nil || report.Failed == 0 || len(store.kept) > 0 || store.site.Lessons > 0 {
		t.Errorf("a dry run: %+v, %v; kept %v, learned %d", report, err, store.kept, store.site.Lessons)
	}
	steps := 0
	report, err = loop.Reextract(t.Context(), store, ids, RereadOptions{Learn: true, Progress: func(_ Rereading, of int) { steps += of / len(ids) }})
	if err != nil {
		t.Fatal(err)
	}
	if report.Read != 5 || report.Changed != 3 || report.Failed != 2 || len(report.Problems) != 2 || report.ExitCode() != archiver.ExitPartial || steps != 6 {
		t.Errorf("report %+v after %d steps", report, steps)
	}
	if store.site.Lessons != 4 {
		t.Errorf("learned from %d articles, want the 4 that could be read", store.site.Lessons)
	}
}

func TestReextractKeepsTheModelThatKnowsMore(t *testing.T) {
	store, ids := cellarOf(4)
	store.site = archiver.SiteModel{Pages: 50, Lessons: 50}
	if _, err := New(nil, nil, reader{}, Options{}).Reextract(t.Context(), store, ids, RereadOptions{Learn: true}); err != nil {
		t.Fatal(err)
	}
	if store.site.Lessons != 50 {
		t.Errorf("a model of 50 pages gave way to one of %d", store.site.Lessons)
	}
}

func TestReextractEnds(t *testing.T) {
	store, ids := cellarOf(4)
	ctx, cancel := context.WithCancel(t.Context())
	report, err := New(nil, nil, reader{}, Options{}).Reextract(ctx, store, ids, RereadOptions{Progress: func(done Rereading, _ int) {
		if done.Read == 2 {
			cancel()
		}
	}})
	if !errors.Is(err, context.Canceled) || report.Changed != 2 {
		t.Errorf("interrupted: %+v, %v", report, err)
	}
	store.full = true
	if _, err := New(nil, nil, reader{}, Options{}).Reextract(t.Context(), store, ids, RereadOptions{}); archiver.KindOf(err) != archiver.Storage {
		t.Errorf("a full disk: %v", err)
	}
}
