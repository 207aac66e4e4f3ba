package crawler

import (
	"context"
	"fmt"
	"runtime/debug"
	"slices"
	"sync"

	"archiver"
)

// This file asks the channels of a source beside its listing. Rules: the one that tells of all articles is asked alone, the others
// only where it does not answer; what a channel says of an article is welcome, never needed; a channel that answers with nonsense
// is not asked again until the whole listing is read anew.

const (
	// maxPosts is how many articles a channel gives at once, whole.
	maxPosts = 100
	// fewPosts are asked for where so many were too large an answer.
	fewPosts = 20
	// maxIndexPages is 100,000 articles.
	maxIndexPages = 1000
	// maxFeedPages is how far back a feed is read when a source is new.
	maxFeedPages = 50
	// maxSitemaps bounds the parts of a sitemap that are read.
	maxSitemaps = 50
)

// channels are the ways of a source. It is safe for concurrent use.
type channels struct {
	mu       sync.Mutex
	settings archiver.Settings
	ways     []archiver.Way // the best one first
	size     int            // posts to ask for at once; 0 where they are not to be asked for
}

// put takes in what ways there are. Those that the user does not want are left out.
func (c *channels) put(settings archiver.Settings, ways []archiver.Way) []archiver.Way {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.settings, c.size = settings, maxPosts
	c.ways = slices.DeleteFunc(slices.Clone(ways), func(w archiver.Way) bool { return !settings.Asks(w.Channel) })
	return slices.Clone(c.ways)
}

// toAsk are the addresses to be asked: the channel that tells of all, else the others.
func (c *channels) toAsk() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	var addresses []string
	for _, way := range c.ways {
		if way.Channel == archiver.ChannelREST {
			return []string{way.URL}
		}
		addresses = append(addresses, way.URL)
	}
	return addresses
}

// instead takes a way out and puts another, if there is one, in its place. It gives what is left, and what is to be asked now.
func (c *channels) instead(failed, other string) (left []archiver.Way, ask []string) {
	c.mu.Lock()
	i := slices.IndexFunc(c.ways, func(w archiver.Way) bool { return archiver.Key(w.URL) == archiver.Key(failed) })
	if i < 0 {
		c.mu.Unlock()
		return nil, nil
	}
	rest := c.ways[i].Channel == archiver.ChannelREST
	c.ways = slices.Delete(slices.Clone(c.ways), i, i+1)
	known := slices.ContainsFunc(c.ways, func(w archiver.Way) bool { return archiver.Key(w.URL) == archiver.Key(other) })
	if other != "" && !known && c.settings.Asks(archiver.ChannelFeed) {
		c.ways = slices.Insert(c.ways, i, archiver.Way{Channel: archiver.ChannelFeed, URL: other})
	}
	left = slices.Clone(c.ways)
	if left == nil {
		left = []archiver.Way{}
	}
	c.mu.Unlock()
	if rest || other != "" {
		ask = c.toAsk()
	}
	return left, ask
}

// posts is the channel that gives whole articles; empty where none does.
func (c *channels) posts() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, way := range c.ways {
		if way.Channel == archiver.ChannelREST && c.size > 0 {
			return way.URL
		}
	}
	return ""
}

// smaller has fewer posts asked for at once, and at last none.
func (c *channels) smaller() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.size > fewPosts {
		c.size = fewPosts
	} else {
		c.size = 0
	}
}

func (c *channels) most() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.size
}

// discover completes the ways that the listing shows by the site's sitemaps, where no better channel makes them needless.
func (r *run) discover(ctx context.Context, listing archiver.Listing) []archiver.Way {
	ways := slices.Clone(listing.Ways)
	best := slices.ContainsFunc(ways, func(w archiver.Way) bool { return w.Channel == archiver.ChannelREST })
	if (!best || !r.source.Settings.Asks(archiver.ChannelREST)) && r.source.Settings.Asks(archiver.ChannelSitemap) {
		sitemaps, err := r.fetcher.Sitemaps(ctx, r.source.URL)
		if err != nil {
			r.opts.Log.Info("sitemaps are not known", "err", err) // a channel less
		} else if usual, err := archiver.Resolve(r.source.URL, "/sitemap.xml"); err == nil && len(sitemaps) == 0 {
			sitemaps = []string{usual}
		}
		for _, address := range sitemaps {
			ways = append(ways, archiver.Way{Channel: archiver.ChannelSitemap, URL: address})
		}
	}
	return r.ways.put(r.source.Settings, ways)
}

// facts reads an answer of a channel.
func (r *run) facts(ctx context.Context, task archiver.Task) (outcome archiver.Outcome, err error) {
	further := func(number int, addresses ...string) {
		for _, address := range addresses {
			outcome.Next = append(outcome.Next, archiver.Task{SourceID: task.SourceID, Role: archiver.RoleFacts, URL: address, Walk: task.Walk, Number: number})
		}
	}
	page, err := r.fetch(ctx, task, acceptFacts, !r.walk.Whole && r.walk.Sure)
	var facts archiver.Facts
	if err == nil {
		if page.Status == statusNotModified {
			return archiver.Outcome{Unchanged: true}, nil
		}
		facts, err = r.extract.Facts(page)
	}
	if err != nil {
		switch archiver.KindOf(err) {
		case archiver.Denied, archiver.Gone, archiver.Blocked, archiver.Unusable:
			var ask []string
			outcome.Ways, ask = r.ways.instead(task.URL, r.extract.Instead(r.source.URL, task.URL))
			further(1, ask...)
		}
		return outcome, err
	}
	outcome.Entries, outcome.Total = facts.Entries, facts.Total
	outcome.Validator = archiver.Validator{ETag: page.ETag, Modified: page.Modified}
	next, number := facts.Next, task.Number+1
	switch facts.Channel {
	case archiver.ChannelREST:
		// What was modified last comes first. Where the count is as expected nothing vanished, and the rest need not be read.
		if !r.walk.Whole && facts.Total == r.walk.Told+int(r.fresh.Load()) {
			next = nil
		}
		next = next[:min(len(next), maxIndexPages)]
	case archiver.ChannelFeed:
		if !r.walk.First || task.Number >= maxFeedPages {
			next = nil
		}
	case archiver.ChannelSitemap:
		if number > 2 {
			next = nil // an index of indexes is a trap
		}
		next = next[:min(len(next), maxSitemaps)]
	}
	further(number, next...)
	return outcome, nil
}

// posts asks for the articles of the tasks at once, where a channel gives whole ones. What it does not give is read from its page, with what
// the channel says of it all the same.
func (r *run) posts(ctx context.Context, tasks []archiver.Task) map[int64]archiver.Post {
	byRef := map[string]archiver.Task{}
	var refs []string
	for _, task := range tasks {
		if task.Role != archiver.RoleArticle {
			return nil
		}
		for _, e := range task.Entries {
			if e.Channel == archiver.ChannelREST && e.Ref != "" {
				byRef[e.Ref] = task
				refs = append(refs, e.Ref)
			}
		}
	}
	given := make(map[int64]archiver.Post, len(refs))
	for len(refs) > 0 {
		index, n := r.ways.posts(), min(r.ways.most(), len(refs))
		if index == "" || n == 0 || ctx.Err() != nil {
			break
		}
		posts, capped, err := r.askPosts(ctx, index, refs[:n])
		if err != nil {
			r.opts.Log.Info("articles are read one by one", "asked", n, "err", err)
			if archiver.KindOf(err) == archiver.Unusable {
				r.ways.smaller()
				continue
			}
			break
		}
		answered := map[string]bool{}
		for _, post := range posts {
			task, ok := byRef[post.Entry.Ref]
			answered[post.Entry.Ref] = ok
			if ok && archiver.Key(post.Entry.URL) == archiver.Key(task.URL) {
				given[task.ID] = post
			}
		}
		asked := refs[:n]
		refs = refs[n:]
		left := slices.DeleteFunc(slices.Clone(asked), func(ref string) bool { return answered[ref] })
		if capped && len(left) < len(asked) {
			refs = append(left, refs...)
		}
	}
	return given
}

// askPosts asks for posts by their names. capped says that the host has more of them than it gives at once. It runs where no worker stands
// between a bug of ours and the run.
func (r *run) askPosts(ctx context.Context, index string, refs []string) (posts []archiver.Post, capped bool, err error) {
	address := r.extract.PostsAt(index, refs)
	defer func() {
		if p := recover(); p != nil {
			r.opts.Log.Error("panic", "url", address, "stack", string(debug.Stack()))
			posts, err = nil, &archiver.Error{Kind: archiver.Unusable, Op: "understand", URL: address, Err: fmt.Errorf("panic: %v", p)}
		}
	}()
	if address == "" {
		return nil, false, archiver.Errorf(archiver.NoMatch, "the channel gives no whole articles")
	}
	page, err := r.fetch(ctx, archiver.Task{URL: address}, acceptFacts, false)
	if err != nil {
		return nil, false, err
	}
	posts, err = r.extract.Posts(page)
	return posts, page.Total > len(posts), err
}
