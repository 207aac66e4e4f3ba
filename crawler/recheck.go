package crawler

import (
	"context"
	"fmt"
	"strings"
	"time"

	"archiver"
)

// This file looks at articles again. Rules: only what the author changed is a change: a text that differs because the page is read
// with better knowledge, or comes by another channel, is marked so; an address that leads to another article is gone, not changed; an
// article that stands at a new address and no longer at its old one has moved.

// An article is looked at again after an eighth of its age: authors mend what they wrote last week, seldom what they wrote last year.
const (
	lookShare    = 8
	earliestLook = 24 * time.Hour
	latestLook   = 90 * 24 * time.Hour
	undatedLook  = 30 * 24 * time.Hour
)

// nextLook is when an article that was read at now is to be looked at again.
func nextLook(article *archiver.Article, now time.Time) time.Time {
	written := article.Published.Time()
	if modified := article.Modified.Time(); modified.After(written) {
		written = modified
	}
	if written.IsZero() {
		return now.Add(undatedLook)
	}
	return now.Add(min(max(now.Sub(written)/lookShare, earliestLook), latestLook))
}

// compare finds out what a new reading of a known article says. article is what was read of the outcome's pages.
func (r *run) compare(ctx context.Context, task archiver.Task, outcome *archiver.Outcome) error {
	article := outcome.Article
	known, err := r.frontier.Article(ctx, task.URL)
	if archiver.KindOf(err) == archiver.NoMatch {
		return nil
	}
	if err != nil || known.Revision == 0 {
		return err
	}
	first := &outcome.Pages[0]
	if archiver.Key(first.URL) != archiver.Key(first.Requested) && archiver.Key(first.URL) != archiver.Key(known.URL) && !archiver.SameArticle(known, *article) {
		return &archiver.Error{Kind: archiver.Gone, Op: "read article", URL: task.URL, Err: fmt.Errorf("its address now leads to another article, %s", first.URL)}
	}
	if article.ContentHash() == known.ContentHash() {
		return nil
	}
	stored, err := r.frontier.Pages(ctx, known.ID)
	if err != nil || len(stored) == 0 {
		return err
	}
	again, _, err := r.assemble(stored, task.Entries, r.site.now())
	switch {
	case err == nil && again.ContentHash() == article.ContentHash():
		outcome.Cause = archiver.CauseReextract
	case isPost(&stored[0]) != isPost(first) && (article.Modified.IsZero() || known.Modified.IsZero() || article.Modified.Time().Equal(known.Modified.Time())):
		outcome.Cause = archiver.CauseChannel
	}
	return nil
}

// isPost tells what a channel gave from a page.
func isPost(page *archiver.Page) bool { return strings.Contains(page.ContentType, "json") }

// earlier is the address that a new article had before, where it was in the archive under one that ended.
func (r *run) earlier(ctx context.Context, article *archiver.Article) (string, error) {
	before, err := r.frontier.Twin(ctx, r.source.ID, *article)
	if err != nil || before == "" {
		return "", err
	}
	page, err := r.fetch(ctx, archiver.Task{URL: before}, acceptPage, false)
	switch {
	case err == nil && archiver.Key(page.URL) == archiver.Key(before):
		return "", nil // two articles
	case err == nil && archiver.Key(page.URL) != archiver.Key(article.URL):
		return "", nil
	case err != nil && archiver.KindOf(err) != archiver.Gone:
		return "", nil // not known today
	}
	return before, nil
}

// locked is an article that a channel says is behind a password: what the channel tells of it, without text.
func locked(e archiver.Entry) *archiver.Article {
	return &archiver.Article{
		URL: e.URL, Title: e.Title, Authors: e.Authors, Published: e.Published, Modified: e.Modified, Categories: e.Categories, Tags: e.Tags,
		State: archiver.ArticleProtected,
	}
}
