// Package crawler keeps a source in sync: it claims tasks from the frontier, has their pages fetched and understood, settles
// what came of them and commits each task with everything it produced.
//
// The law of the loop: a task is done if and only if everything it produced is committed with it. There is no second queue
// and no truth in memory, so a run may be killed at any moment and the next one goes on. A later sync is not a special path:
// the listing is walked again, as far as anything is new in it, channels say what changed and what is no more, and only such
// articles become tasks (channels.go). Of an article that is read again only what its author changed is a change (recheck.go).
//
// How a page is fetched (crawler/fetch), understood (extract) and kept (storage) is not known here, only the interfaces in
// ports.go.
package crawler

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"archiver"
)

const (
	// lease is longer than any task takes: fifty parts of one article at a pace of ten seconds.
	lease = 15 * time.Minute
	// claimBatch is how many tasks are leased at once: enough that the store is not asked for each, few enough that a
	// killed run leaves little leased.
	claimBatch = 16
	// Articles whose next look is due are many years after the first sync. A daily sync that looks at so many of them is no
	// burden: their pages are asked for one by one, posts of a channel a hundred at a time.
	maxRechecks, maxPostRechecks = 25, maxPosts
	// longestPause is how long a run sits idle for a task that is due later. What is due after that is left to the next run.
	longestPause = 2 * time.Minute
	// firstPagePause is the same while nothing was reached yet: the address may be mistyped, and somebody may be waiting.
	firstPagePause = 5 * time.Second
	// settleTime bounds the writes that finish a task after the run was interrupted.
	settleTime = 4 * time.Second
)

// Options configure a Crawler. The zero value works one task at a time.
type Options struct {
	// Workers is the number of tasks in hand at once. What reaches a host at once is the Fetcher's to decide.
	Workers int
	// Now is the clock; time.Now where nil.
	Now func() time.Time
	// Log takes one line a task; nothing is logged where nil.
	Log *slog.Logger
	// Progress is called after each task, never concurrently.
	Progress func(Report)
	// Full reads the listing to its end and asks every known article, whatever is due.
	Full bool
	// Since, where it is not zero, looks again also at the known articles that were published or changed since then.
	Since time.Time
	// Limit is how many articles a Sync begins at most; 0 is no bound.
	Limit int
	// Stop, when it is closed, has no further task begun: what is in hand is finished, and the Sync ends without an error.
	Stop <-chan struct{}
}

// Crawler syncs sources of one archive.
type Crawler struct {
	frontier Frontier
	fetcher  Fetcher
	extract  Extractor
	opts     Options
}

// New makes a Crawler.
func New(frontier Frontier, fetcher Fetcher, extractor Extractor, opts Options) *Crawler {
	opts.Workers = max(opts.Workers, 1)
	if opts.Now == nil {
		opts.Now = time.Now
	}
	if opts.Log == nil {
		opts.Log = slog.New(slog.DiscardHandler)
	}
	return &Crawler{frontier: frontier, fetcher: fetcher, extract: extractor, opts: opts}
}

// Sync brings the source's part of the archive up to what its site has now: new articles, changed ones, and which are gone. The report is
// complete also where the error is not nil. The error ends the run: Storage, or the context's. What went wrong with the
// source or with single articles is in the report.
func (c *Crawler) Sync(ctx context.Context, source archiver.Source) (Report, error) {
	began := c.opts.Now()
	r := &run{Crawler: c, source: source, report: Report{Source: source}}
	r.site.model = &archiver.SiteModel{}
	err := r.sync(ctx)
	if r.site.now().Pages < archiver.SettledPages {
		r.report.Early = nil
	}
	r.report.Traffic = r.traffic.Load()
	r.report.Took = c.opts.Now().Sub(began)
	return r.report, err
}

// run is one sync of one source. Its report belongs to the goroutine that dispatches.
type run struct {
	*Crawler
	source  archiver.Source
	report  Report
	traffic archiver.Traffic
	site    knowledge
	walk    archiver.Walk
	ways    channels
	fresh   atomic.Int64 // articles that this walk made known
	ended   bool         // the walk was ended
}

// job is a task with what a channel gave in the place of its page, if one did.
type job struct {
	task archiver.Task
	post *archiver.Post
}

// settled is a task with what came of it.
type settled struct {
	task    archiver.Task
	outcome archiver.Outcome
	receipt archiver.Receipt
	early   bool  // an article that was read before its site was known
	err     error // why the task did not end well; nil where it did
	fatal   error // why the run cannot go on
}

func (r *run) sync(ctx context.Context) error {
	site, err := r.frontier.Site(ctx, archiver.Host(r.source.URL))
	if err != nil {
		return err
	}
	r.site.model = &site
	r.ways.put(r.source.Settings, r.source.Channels)
	if r.walk, err = r.frontier.StartWalk(ctx, r.source.ID, r.opts.Now(), r.walkOptions()); err != nil {
		return err
	}
	r.report.Whole = r.walk.Whole
	backlog, err := r.frontier.Backlog(ctx, r.source.ID)
	if err != nil {
		return err
	}
	r.report.Left = backlog.Articles

	todo, done := make(chan job), make(chan settled)
	var workers sync.WaitGroup
	for range r.opts.Workers {
		workers.Go(func() {
			for job := range todo {
				done <- r.handle(ctx, job)
			}
		})
	}
	defer workers.Wait()
	defer close(todo)
	return r.dispatch(ctx, todo, done)
}

func (r *run) walkOptions() archiver.WalkOptions {
	opts := archiver.WalkOptions{
		Whole: r.opts.Full, Since: r.opts.Since, Recheck: r.source.Settings.Recheck, Rechecks: maxRechecks, Ask: r.ways.toAsk(),
		Images: !r.source.Settings.NoImages,
	}
	if opts.Recheck == 0 {
		opts.Recheck = archiver.DefaultRecheck
	}
	if r.ways.posts() != "" {
		opts.Rechecks = maxPostRechecks
	}
	return opts
}

// dispatch feeds the workers until nothing is left that is due soon. It always takes back every task that it gave.
func (r *run) dispatch(ctx context.Context, todo chan<- job, done <-chan settled) error {
	var (
		queue   []archiver.Task
		posts   map[int64]archiver.Post // of tasks in the queue
		inHand  int
		begun   int  // articles
		dry     bool // the last claim gave nothing, and nothing was settled since
		stop    = r.opts.Stop
		failure error
	)
	for {
		if r.opts.Limit > 0 && begun >= r.opts.Limit {
			r.report.Stopped = true
		}
		if failure == nil {
			failure = context.Cause(ctx)
		}
		if failure == nil && !r.report.Stopped && !r.ended && len(queue) == 0 && inHand == 0 {
			var read bool
			if read, failure = r.isRead(ctx); failure == nil && read {
				_, failure = r.endWalk(ctx)
			}
		}
		if failure == nil && !r.report.Stopped && len(queue) == 0 && !dry && inHand < r.opts.Workers {
			queue, failure = r.frontier.Claim(ctx, r.source.ID, r.opts.Now(), lease, r.batch(begun))
			dry = len(queue) == 0
			if failure == nil && !r.ended && !dry && inHand > 0 && queue[0].Role != archiver.RoleListing && queue[0].Role != archiver.RoleFacts {
				// The last channel was done just now, perhaps. Which of these are missing is known when the walk has ended.
				var read bool
				if read, failure = r.isRead(ctx); failure == nil && read {
					failure, queue, dry = r.giveBack(ctx, queue), nil, true
					continue
				}
			}
			posts = r.posts(ctx, queue)
		}
		if failure != nil || r.report.Stopped {
			failure = errors.Join(failure, r.giveBack(ctx, queue))
			queue = nil
		}
		if len(queue) == 0 && inHand == 0 {
			if failure != nil {
				return failure
			}
			if r.report.Stopped {
				_, err := r.endWalk(ctx)
				return err
			}
			more, err := r.await(ctx)
			if !more {
				return err
			}
			dry = false
			continue
		}
		var give chan<- job
		var next job
		if len(queue) > 0 {
			give, next.task = todo, queue[0]
			if post, ok := posts[next.task.ID]; ok {
				next.post = &post
			}
		}
		select {
		case <-stop:
			stop, r.report.Stopped = nil, true
		case give <- next:
			queue = queue[1:]
			inHand++
			if next.task.Role == archiver.RoleArticle {
				begun++
			}
		case s := <-done:
			inHand--
			dry = false
			if s.fatal != nil && failure == nil {
				failure = s.fatal
			}
			r.report.add(s)
			if r.opts.Progress != nil {
				r.report.Traffic = r.traffic.Load()
				r.opts.Progress(r.report)
			}
		}
	}
}

// await sits until the next task is due. It gives false where nothing is left, or nothing that is due soon.
func (r *run) await(ctx context.Context) (more bool, err error) {
	backlog, err := r.frontier.Backlog(ctx, r.source.ID)
	if err != nil {
		return false, err
	}
	if backlog.Due.IsZero() {
		return false, nil
	}
	pause, longest := backlog.Due.Sub(r.opts.Now()), longestPause
	if r.report.Broken != nil {
		longest = firstPagePause
	}
	if pause > longest {
		r.report.Waiting = backlog.Listing + backlog.Facts + backlog.Articles + backlog.Assets
		r.report.Due = backlog.Due
		_, err := r.endWalk(ctx)
		return false, err
	}
	timer := time.NewTimer(max(pause, time.Millisecond))
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false, context.Cause(ctx)
	case <-r.opts.Stop:
		r.report.Stopped = true
		return false, nil
	case <-timer.C:
		return true, nil
	}
}

// batch is how many tasks are to be claimed at once.
func (r *run) batch(begun int) int {
	n := claimBatch
	if r.ways.posts() != "" {
		n = maxPosts
	}
	if r.opts.Limit > 0 {
		n = min(n, r.opts.Limit-begun)
	}
	return n
}

// isRead reports whether nothing is left of listing and facts. The walk is ended then, so that an article is read when it is known whether
// it is missing.
func (r *run) isRead(ctx context.Context) (bool, error) {
	backlog, err := r.frontier.Backlog(ctx, r.source.ID)
	return err == nil && backlog.Listing+backlog.Facts == 0, err
}

// endWalk has the articles looked at that the walk should have met. more says that there are any.
func (r *run) endWalk(ctx context.Context) (more bool, err error) {
	if r.ended {
		return false, nil
	}
	r.ended = true
	missing, err := r.frontier.EndWalk(ctx, r.source.ID, r.opts.Now())
	if missing.Alarm {
		r.report.Broken = &archiver.Error{Kind: archiver.Unusable, Op: "read listing", URL: r.source.URL,
			Err:  fmt.Errorf("it shows %d articles of the %d that it had", missing.Of-missing.Articles, missing.Of),
			Hint: "nothing was marked as gone; look at the page in a browser: the blog may have changed its layout"}
		return false, err
	}
	if err != nil {
		return false, err
	}
	// What was missing may have been pending already, and channels had others looked at again.
	backlog, err := r.frontier.Backlog(ctx, r.source.ID)
	r.report.Left = backlog.Articles
	return missing.Articles > 0, err
}

// giveBack returns claimed tasks that were not begun. It is done also when the run was interrupted.
func (r *run) giveBack(ctx context.Context, queue []archiver.Task) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleTime)
	defer cancel()
	for _, task := range queue {
		if err := r.frontier.Release(ctx, task); err != nil {
			return err
		}
	}
	return nil
}
