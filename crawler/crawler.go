// Package crawler keeps a source in sync: it claims tasks from the frontier, has their pages fetched and understood, settles
// what came of them and commits each task with everything it produced.
//
// The law of the loop: a task is done if and only if everything it produced is committed with it. There is no second queue
// and no truth in memory, so a run may be killed at any moment and the next one goes on. A later sync is not a special path:
// the listing is walked again, and only articles that the archive does not have become tasks.
//
// How a page is fetched (crawler/fetch), understood (extract) and kept (storage) is not known here, only the interfaces in
// ports.go.
package crawler

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"archiver"
)

const (
	// lease is longer than any task takes: fifty parts of one article at a pace of ten seconds.
	lease = 15 * time.Minute
	// claimBatch is how many tasks are leased at once: enough that the store is not asked for each, few enough that a
	// killed run leaves little leased.
	claimBatch = 16
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

// Sync walks the source's listing to its end and archives every article that is not in the archive yet. The report is
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
	if _, err := r.frontier.StartWalk(ctx, r.source.ID, r.opts.Now()); err != nil {
		return err
	}
	backlog, err := r.frontier.Backlog(ctx, r.source.ID)
	if err != nil {
		return err
	}
	r.report.Left = backlog.Articles

	todo, done := make(chan archiver.Task), make(chan settled)
	var workers sync.WaitGroup
	for range r.opts.Workers {
		workers.Go(func() {
			for task := range todo {
				done <- r.handle(ctx, task)
			}
		})
	}
	defer workers.Wait()
	defer close(todo)
	return r.dispatch(ctx, todo, done)
}

// dispatch feeds the workers until nothing is left that is due soon. It always takes back every task that it gave.
func (r *run) dispatch(ctx context.Context, todo chan<- archiver.Task, done <-chan settled) error {
	var (
		queue   []archiver.Task
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
		if failure == nil && !r.report.Stopped && len(queue) == 0 && !dry && inHand < r.opts.Workers {
			queue, failure = r.frontier.Claim(ctx, r.source.ID, r.opts.Now(), lease, claimBatch)
			dry = len(queue) == 0
		}
		if failure != nil || r.report.Stopped {
			failure = errors.Join(failure, r.giveBack(ctx, queue))
			queue = nil
		}
		if len(queue) == 0 && inHand == 0 {
			if failure != nil || r.report.Stopped {
				return failure
			}
			more, err := r.await(ctx)
			if !more {
				return err
			}
			dry = false
			continue
		}
		var give chan<- archiver.Task
		var next archiver.Task
		if len(queue) > 0 {
			give, next = todo, queue[0]
		}
		select {
		case <-stop:
			stop, r.report.Stopped = nil, true
		case give <- next:
			queue = queue[1:]
			inHand++
			if next.Role == archiver.RoleArticle {
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
	if err != nil || backlog.Due.IsZero() {
		return false, err
	}
	pause, longest := backlog.Due.Sub(r.opts.Now()), longestPause
	if r.report.Broken != nil {
		longest = firstPagePause
	}
	if pause > longest {
		r.report.Waiting = backlog.Listing + backlog.Facts + backlog.Articles
		r.report.Due = backlog.Due
		return false, nil
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
