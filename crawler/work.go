package crawler

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"runtime/debug"
	"slices"
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
	// stopAfter is how many known entries in a row end a walk that need not be whole: sticky posts are fewer.
	stopAfter = 5
)

// Accept headers by role. A blog that negotiates is asked for what is to be read.
const (
	acceptPage  = "text/html,application/xhtml+xml;q=0.9,*/*;q=0.1"
	acceptFacts = "application/json,application/rss+xml,application/atom+xml;q=0.9,*/*;q=0.1"
)

// handle takes a task to its end: fetched, understood, settled, committed.
func (r *run) handle(ctx context.Context, job job) (s settled) {
	began, task := r.opts.Now(), job.task
	s.task = task
	s.early = job.post == nil && r.site.now().Pages < archiver.SettledPages
	s.outcome, s.err = r.understand(ctx, job)
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
			// It fails: the next run, or the next version, tries again. Left leased it would keep the tasks of later roles waiting.
			r.opts.Log.Error("task failed", "url", task.URL, "err", s.err)
		}
	}
	s.outcome = settle(task, s.outcome, s.err, now)
	commit, cancel := context.WithTimeout(context.WithoutCancel(ctx), max(settleTime, lease))
	defer cancel()
	s.receipt, s.fatal = r.frontier.Commit(commit, s.outcome)
	r.fresh.Add(int64(s.receipt.NewArticles))
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
func (r *run) understand(ctx context.Context, job job) (outcome archiver.Outcome, err error) {
	task := job.task
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
		return r.article(ctx, task, job.post)
	case archiver.RoleAsset:
		return r.asset(ctx, task)
	}
	return outcome, archiver.Errorf(archiver.Internal, "task %d has the unknown role %q", task.ID, task.Role)
}

// statusNotModified answers a conditional request: what was given before is still the same.
const statusNotModified = 304

// fetch asks for the task's address; conditionally where that is wanted and there is something to ask by.
func (r *run) fetch(ctx context.Context, task archiver.Task, accept string, conditional bool) (*archiver.Page, error) {
	req := archiver.Request{URL: task.URL, Scope: r.source.URL, Accept: accept, Traffic: &r.traffic}
	if conditional {
		req.Validator = task.Validator
	}
	return r.fetcher.Fetch(ctx, req)
}

func (r *run) listing(ctx context.Context, task archiver.Task) (outcome archiver.Outcome, err error) {
	if task.Barren >= maxBarren || task.Number > maxListingPages {
		// The walk is at its end, whatever the server goes on to give.
		return archiver.Outcome{WalkEnd: true}, nil
	}
	page, err := r.fetch(ctx, task, acceptPage, task.Number == 1 && !r.walk.Whole && r.walk.Sure)
	if err != nil {
		if task.Number > 1 && archiver.KindOf(err) == archiver.Gone {
			return archiver.Outcome{WalkEnd: true}, nil // past the end
		}
		return outcome, err
	}
	if page.Status == statusNotModified {
		return archiver.Outcome{WalkEnd: true, Unchanged: true}, nil
	}
	if err := r.strayed(page, task); err != nil {
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
	next := listing.Next
	if !r.walk.Whole {
		outcome.Stop, next = stopAfter, next[:min(len(next), 1)]
	}
	for i, address := range next {
		outcome.Next = append(outcome.Next, archiver.Task{
			SourceID: task.SourceID, Role: archiver.RoleListing, URL: address, Walk: task.Walk, Number: task.Number + 1 + i,
		})
	}
	if task.Number == 1 {
		outcome.Validator = archiver.Validator{ETag: page.ETag, Modified: page.Modified}
		if r.walk.Whole && len(listing.Entries) > 0 {
			outcome.Ways = r.discover(ctx, listing)
			for _, address := range r.ways.toAsk() {
				outcome.Next = append(outcome.Next, archiver.Task{SourceID: task.SourceID, Role: archiver.RoleFacts, URL: address, Walk: task.Walk, Number: 1})
			}
		}
	}
	outcome.WalkEnd = len(listing.Next) == 0
	return outcome, nil
}

// article reads an article: its post where a channel gave that, else its pages.
func (r *run) article(ctx context.Context, task archiver.Task, post *archiver.Post) (outcome archiver.Outcome, err error) {
	defer func() {
		led := len(outcome.Pages) > 0 && archiver.Key(outcome.Pages[0].URL) != archiver.Key(outcome.Pages[0].Requested)
		if archiver.KindOf(err) == archiver.Unusable && err != nil && (task.Missing || task.Known && led && !r.ledAway(&outcome.Pages[0])) {
			// Neither its list nor its address has it.
			outcome, err = archiver.Outcome{}, &archiver.Error{Kind: archiver.Gone, Op: "read article", URL: task.URL, Err: errors.New(reason(err))}
		}
	}()
	entries := task.Entries
	if post != nil {
		entries = with(entries, post.Entry)
		outcome.Entries = []archiver.Entry{post.Entry}
	}
	assembly := r.extract.Article(entries)
	assembly.Knowing(r.site.now())
	switch {
	case post != nil && post.Entry.Protected:
		outcome.Article = locked(post.Entry)
		outcome.Article.Source = r.source.Name
		return outcome, archiver.ErrProtected
	case post != nil && len(post.Page.Raw) > 0:
		outcome.Pages = []archiver.Page{post.Page}
		_, err = assembly.Add(&post.Page)
	default:
		err = r.pages(ctx, task, assembly, &outcome)
	}
	if err == nil && outcome.Unchanged {
		known, err := r.frontier.Article(ctx, task.URL)
		if err == nil {
			outcome.NotBefore = nextLook(&known, r.opts.Now())
		} else if archiver.KindOf(err) != archiver.NoMatch {
			return outcome, err
		}
	}
	if err != nil || outcome.Unchanged {
		return outcome, err
	}
	article, err := assembly.Article()
	if err != nil && article.State != archiver.ArticleProtected {
		return outcome, err
	}
	article.Source = r.source.Name
	outcome.Article = &article
	outcome.Images = !r.source.Settings.NoImages
	if err != nil {
		return outcome, err
	}
	outcome.Site = r.site.learn(assembly)
	if task.Known {
		if err := r.compare(ctx, task, &outcome); err != nil {
			return archiver.Outcome{}, err
		}
		return outcome, nil
	}
	if !r.walk.First {
		outcome.Renamed, err = r.earlier(ctx, &article)
	}
	return outcome, err
}

// pages fetches the pages of an article.
func (r *run) pages(ctx context.Context, task archiver.Task, assembly Assembly, outcome *archiver.Outcome) error {
	seen := map[string]bool{}
	for next := task.URL; next != "" && !seen[archiver.Key(next)] && len(outcome.Pages) < maxParts; {
		seen[archiver.Key(next)] = true
		first := len(outcome.Pages) == 0
		at := task
		at.URL = next
		page, err := r.fetch(ctx, at, acceptPage, first && task.Known && !r.opts.Full)
		if err != nil {
			if !first && archiver.KindOf(err) == archiver.Gone {
				break // a link to a part that is not there
			}
			outcome.Pages = nil
			return err
		}
		if page.Status == statusNotModified {
			outcome.Unchanged = true
			return nil
		}
		if first && r.ledAway(page) {
			kind := archiver.Unusable // a wall, or a bad moment
			if task.Missing {
				kind = archiver.Gone // the listing says the same
			}
			return &archiver.Error{Kind: kind, Op: "read article", URL: task.URL, Err: fmt.Errorf("its address now leads to %s", page.URL)}
		}
		outcome.Pages = append(outcome.Pages, *page)
		if first && !r.source.Settings.IgnoreNoarchive && r.extract.Noarchive(page) {
			outcome.Pages = nil
			return &archiver.Error{Kind: archiver.Blocked, Op: "read article", URL: task.URL, Err: errors.New("it asks not to be archived (noarchive)"),
				Hint: `noarchive = "ignore" in the source's settings keeps such articles, for yourself`}
		}
		if next, err = assembly.Add(page); err != nil {
			return err
		}
	}
	if len(outcome.Pages) == 1 { // the first page of several says nothing of the others
		outcome.Validator = archiver.Validator{ETag: outcome.Pages[0].ETag, Modified: outcome.Pages[0].Modified}
	}
	return nil
}

// with puts an entry in the place of what its channel said before.
func with(entries []archiver.Entry, e archiver.Entry) []archiver.Entry {
	entries = slices.Clone(entries)
	for i := range entries {
		if entries[i].Channel == e.Channel {
			entries[i] = e
			return entries
		}
	}
	return append(entries, e)
}

// asset fetches a picture.
func (r *run) asset(ctx context.Context, task archiver.Task) (outcome archiver.Outcome, err error) {
	req := archiver.Request{URL: task.URL, Scope: r.source.URL, Asset: true, Traffic: &r.traffic, Referer: r.source.URL}
	if len(task.Entries) > 0 {
		req.Referer = task.Entries[0].URL
	}
	page, err := r.fetcher.Fetch(ctx, req)
	if err != nil {
		return outcome, err
	}
	asset, err := r.extract.Asset(page)
	if err == nil {
		outcome.Asset = &asset
	}
	return outcome, err
}

// strayed says that a page of the listing answers at an address that is none of the listing's: the front page, a wall. Its entries would be
// members that the category does not have.
func (r *run) strayed(page *archiver.Page, task archiver.Task) error {
	if archiver.Key(page.URL) == archiver.Key(page.Requested) {
		return nil
	}
	to, err := url.Parse(page.URL)
	if err != nil {
		return nil
	}
	listing, err := url.Parse(r.source.URL)
	front := err == nil && strings.Trim(to.Path, "/") == "" && strings.Trim(listing.Path, "/") != ""
	elsewhere := front || task.Number > 1 && !strings.HasPrefix(archiver.Key(page.URL), archiver.Key(r.source.URL))
	switch {
	case err != nil || !elsewhere:
		return nil
	case task.Number > 1: // a page that is there tomorrow, perhaps
		return &archiver.Error{Kind: archiver.Transient, Op: "read listing", URL: task.URL, Err: fmt.Errorf("it leads to %s", page.URL)}
	}
	return &archiver.Error{Kind: archiver.Unusable, Op: "read listing", URL: task.URL, Err: fmt.Errorf("its address now leads to %s", page.URL),
		Hint: "look at it in a browser: the category may have been given another address, or shut"}
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
