package crawler

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"runtime/debug"
	"strings"
	"time"

	"archiver"
)

const (
	// maxListingPages is a blog of 50,000 posts at ten a page; beyond that it is a calendar trap.
	maxListingPages = 5000
	// maxBarren is how many listing pages in a row may show nothing new to the walk. Overlapping pages and sticky posts
	// make one or two; a server that gives its last page for ever makes more.
	maxBarren = 3
	// maxParts is more than any article has pages.
	maxParts = 50
)

// Accept headers by role. A blog that negotiates is asked for what is to be read.
const (
	acceptPage  = "text/html,application/xhtml+xml;q=0.9,*/*;q=0.1"
	acceptFacts = "application/json,application/rss+xml,application/atom+xml;q=0.9,*/*;q=0.1"
)

// handle takes a task to its end: fetched, understood, settled, committed.
func (r *run) handle(ctx context.Context, task archiver.Task) (s settled) {
	began := r.opts.Now()
	s.task = task
	s.early = r.site.now().Pages < archiver.SettledPages
	s.outcome, s.err = r.understand(ctx, task)
	if ctx.Err() != nil && s.err != nil {
		// The interruption broke it off, not the page.
		s.fatal, s.err = context.Cause(ctx), nil
		if err := r.giveBack(ctx, []archiver.Task{task}); err != nil {
			s.fatal = err
		}
		return s
	}
	now := r.opts.Now()
	switch archiver.KindOf(s.err) {
	case archiver.Storage:
		s.fatal = s.err
		return s
	case archiver.Internal:
		if s.err != nil {
			r.opts.Log.Error("task left", "url", task.URL, "err", s.err)
			return s // left leased: the next run, or the next version, tries again
		}
	}
	s.outcome = settle(task, s.outcome, s.err, now)
	commit, cancel := context.WithTimeout(context.WithoutCancel(ctx), max(settleTime, lease))
	defer cancel()
	s.receipt, s.fatal = r.frontier.Commit(commit, s.outcome)
	if s.receipt.Refused != "" {
		s.outcome.State = archiver.TaskQuarantined
		s.err = &archiver.Error{Kind: archiver.Unusable, Op: "save", URL: task.URL, Err: errors.New(s.receipt.Refused)}
	}
	r.opts.Log.Debug("task committed", "role", task.Role, "url", task.URL, "state", s.outcome.State,
		"reason", s.outcome.Reason, "took", r.opts.Now().Sub(began).Round(time.Millisecond))
	return s
}

// understand fetches what the task names and reads it as its role says. A page that brings the reader down is a bug of ours,
// and costs that page only.
func (r *run) understand(ctx context.Context, task archiver.Task) (outcome archiver.Outcome, err error) {
	defer func() {
		if p := recover(); p != nil {
			r.opts.Log.Error("panic", "url", task.URL, "stack", string(debug.Stack()))
			err = &archiver.Error{Kind: archiver.Internal, Op: "understand", URL: task.URL, Err: fmt.Errorf("panic: %v", p)}
		}
	}()
	switch task.Role {
	case archiver.RoleListing:
		return r.listing(ctx, task)
	case archiver.RoleFacts:
		return r.facts(ctx, task)
	case archiver.RoleArticle:
		return r.article(ctx, task)
	}
	return outcome, archiver.Errorf(archiver.Internal, "task %d has the unknown role %q", task.ID, task.Role)
}

func (r *run) fetch(ctx context.Context, address, accept string) (*archiver.Page, error) {
	return r.fetcher.Fetch(ctx, archiver.Request{URL: address, Scope: r.source.URL, Accept: accept, Traffic: &r.traffic})
}

func (r *run) listing(ctx context.Context, task archiver.Task) (outcome archiver.Outcome, err error) {
	if task.Barren >= maxBarren || task.Number > maxListingPages {
		// The walk is at its end, whatever the server goes on to give.
		return archiver.Outcome{WalkEnd: true}, nil
	}
	page, err := r.fetch(ctx, task.URL, acceptPage)
	if err != nil {
		if task.Number > 1 && archiver.KindOf(err) == archiver.Gone {
			return archiver.Outcome{WalkEnd: true}, nil // past the end
		}
		return outcome, err
	}
	listing, err := r.extract.Listing(page)
	if err == nil && task.Number == 1 && len(listing.Entries) == 0 && r.source.Articles() > 0 {
		err = &archiver.Error{Kind: archiver.Unusable, Op: "read listing", URL: task.URL,
			Err:  fmt.Errorf("it shows no articles, and it had %d", r.source.Articles()),
			Hint: "look at the page in a browser: the blog may have changed its layout or shut the category"}
	}
	if err != nil {
		outcome.Pages = []archiver.Page{*page}
		return outcome, err
	}
	outcome.Title, outcome.Entries = listing.Title, listing.Entries
	for i, next := range listing.Next {
		outcome.Next = append(outcome.Next, archiver.Task{
			SourceID: task.SourceID, Role: archiver.RoleListing, URL: next, Walk: task.Walk, Number: task.Number + 1 + i,
		})
	}
	for _, way := range listing.Ways {
		outcome.Facts = append(outcome.Facts, archiver.Task{SourceID: task.SourceID, Role: archiver.RoleFacts, URL: way.URL, Walk: task.Walk})
	}
	outcome.WalkEnd = len(listing.Next) == 0
	return outcome, nil
}

func (r *run) facts(ctx context.Context, task archiver.Task) (outcome archiver.Outcome, err error) {
	further := func(addresses ...string) {
		for _, address := range addresses {
			outcome.Next = append(outcome.Next, archiver.Task{SourceID: task.SourceID, Role: archiver.RoleFacts, URL: address, Walk: task.Walk})
		}
	}
	page, err := r.fetch(ctx, task.URL, acceptFacts)
	var facts archiver.Facts
	if err == nil {
		facts, err = r.extract.Facts(page)
	}
	if err != nil {
		switch archiver.KindOf(err) {
		case archiver.Denied, archiver.Gone, archiver.Blocked, archiver.Unusable:
			if instead := r.extract.Instead(r.source.URL, task.URL); instead != "" {
				further(instead)
			}
		}
		return outcome, err
	}
	outcome.Entries = facts.Entries
	further(facts.Next...)
	return outcome, nil
}

func (r *run) article(ctx context.Context, task archiver.Task) (outcome archiver.Outcome, err error) {
	assembly := r.extract.Article(task.Entries)
	assembly.Knowing(r.site.now())
	seen := map[string]bool{}
	for next := task.URL; next != "" && !seen[archiver.Key(next)] && len(outcome.Pages) < maxParts; {
		seen[archiver.Key(next)] = true
		page, err := r.fetch(ctx, next, acceptPage)
		if err != nil {
			if len(outcome.Pages) > 0 && archiver.KindOf(err) == archiver.Gone {
				break // a link to a part that is not there
			}
			return archiver.Outcome{}, err
		}
		if len(outcome.Pages) == 0 && r.ledAway(page) {
			return outcome, &archiver.Error{Kind: archiver.Gone, Op: "read article", URL: task.URL, Err: fmt.Errorf("its address now leads to %s", page.URL)}
		}
		outcome.Pages = append(outcome.Pages, *page)
		if next, err = assembly.Add(page); err != nil {
			return outcome, err
		}
	}
	article, err := assembly.Article()
	if err != nil && article.State != archiver.ArticleProtected {
		return outcome, err
	}
	article.Source = r.source.Name
	outcome.Article = &article
	if err == nil {
		outcome.Site = r.site.learn(assembly)
	}
	return outcome, err
}

// ledAway reports whether the answer is the blog's front page or the listing: what many blogs redirect deleted posts to.
func (r *run) ledAway(page *archiver.Page) bool {
	if archiver.Key(page.URL) == archiver.Key(page.Requested) {
		return false
	}
	if archiver.Key(page.URL) == archiver.Key(r.source.URL) {
		return true
	}
	u, err := url.Parse(page.URL)
	return err == nil && strings.Trim(u.Path, "/") == "" && u.RawQuery == ""
}
