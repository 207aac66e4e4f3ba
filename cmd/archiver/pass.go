package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"archiver"
	"archiver/crawler"
	"archiver/extract"
	"archiver/internal/config"
	"archiver/storage"
)

// This file syncs several sources in one go. Rules: sources of different hosts go at the same time, those of one host one after the
// other, in the order they were given; what is said of a source is said whole, as each one ends; trouble with the archive ends all.

// defaultParallel is how many hosts are asked at the same time. Each is asked no faster for it.
const defaultParallel = 4

// pass is one go over sources.
type pass struct {
	*app
	store   storage.Store
	cfg     config.Config
	extract *extract.Extractor
	options syncOptions
	// stop, when it is closed, has no further task and no further source begun.
	stop <-chan struct{}
	// added are the sources that became sources with this command; those that are none are not kept.
	added map[int64]bool
	// changesOnly leaves a source unsaid where nothing happened.
	changesOnly bool

	mu      sync.Mutex // over what is said
	board   *board
	reports []crawler.Report
	unbegun int // sources
	code    int
}

// newPass makes a pass. The error is what is wrong with the configuration.
func (a *app) newPass(store storage.Store, cfg config.Config, o syncOptions) (*pass, error) {
	x, err := a.extractor(cfg, extract.Options{})
	if err != nil {
		return nil, err
	}
	return &pass{app: a, store: store, cfg: cfg, extract: x, options: o}, nil
}

// run syncs the sources. The error is what ended all; what went wrong with sources is in code.
func (p *pass) run(ctx context.Context, sources []archiver.Source) error {
	all, err := p.store.Sources(ctx)
	if err != nil {
		return err
	}
	fetcher, err := p.fetcher(p.cfg, p.options.crawling, p.store, all...)
	if err != nil {
		return err
	}
	defer fetcher.Close()
	p.board = p.newBoard(sources)
	defer p.board.clear()

	hosts := byHost(sources)
	work := make(chan []archiver.Source, len(hosts))
	for _, host := range hosts {
		work <- host
	}
	close(work)
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var workers sync.WaitGroup
	for range min(p.options.parallel, len(hosts)) {
		workers.Go(func() {
			for host := range work {
				for _, source := range host {
					if err := p.sync(ctx, fetcher, source); err != nil {
						cancel(err) // the first one counts
					}
				}
			}
		})
	}
	workers.Wait()
	return context.Cause(ctx)
}

// byHost puts the sources of one host together.
func byHost(sources []archiver.Source) (hosts [][]archiver.Source) {
	for _, source := range sources {
		i := slices.IndexFunc(hosts, func(host []archiver.Source) bool { return archiver.SameSite(host[0].URL, source.URL) })
		if i < 0 {
			i, hosts = len(hosts), append(hosts, nil)
		}
		hosts[i] = append(hosts[i], source)
	}
	return hosts
}

// sync syncs one source and says what came of it.
func (p *pass) sync(ctx context.Context, fetcher crawler.Fetcher, source archiver.Source) error {
	if ctx.Err() != nil || p.stopped() {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.unbegun++
		return nil
	}
	loop, err := p.crawler(p.store, fetcher, p.extract, p.options.crawling, crawler.Options{
		Full: p.options.full, Since: p.options.since, Limit: p.options.limit, Stop: p.stop,
		Progress: func(r crawler.Report) { p.mu.Lock(); defer p.mu.Unlock(); p.board.show(r) },
	})
	if err != nil {
		return err
	}
	report, err := loop.Sync(ctx, source)
	if err == nil && len(report.Early) > 0 {
		// The first articles were read before anything was known of the site. What fails now was good enough then.
		_, err = p.reread(ctx, p.store, p.extract, report.Early, crawler.RereadOptions{})
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.board.done(report)
	p.code = archiver.WorseExit(p.code, report.ExitCode())
	p.reports = append(p.reports, report)
	if err := errors.Join(p.tell(report, p.changesOnly), err); err != nil {
		return err
	}
	if p.added[source.ID] && report.Broken != nil && report.Listed == 0 {
		// A mistyped address is not to be asked for year after year.
		if _, err := p.store.RemoveSource(ctx, source.ID, true); err != nil {
			return err
		}
		fmt.Fprintf(p.Err, "archiver: %s was not kept as a source\n", source.URL)
	}
	return nil
}

func (p *pass) stopped() bool {
	select {
	case <-p.stop:
		return true
	default:
		return false
	}
}

// left is what the pass did not get to, in words; empty where it got to everything.
func (p *pass) left() string {
	articles, cut := 0, 0
	for _, r := range p.reports {
		if r.Stopped {
			articles += r.Left
			cut++
		}
	}
	switch {
	case p.unbegun > 0 && articles > 0:
		return count(articles, "article") + " and " + count(p.unbegun, "source")
	case p.unbegun > 0:
		return count(p.unbegun, "source")
	case articles > 0:
		return count(articles, "article")
	case cut > 0:
		return "a part of the listing"
	}
	return ""
}

// changes is how many articles and pictures a sync made another in the archive.
func changes(r crawler.Report) int {
	return r.Saved + r.Changed + r.Reread + r.Gone + r.Back + r.Moved + r.Pictures
}

// happened reports whether there is something to say of a sync.
func happened(r crawler.Report) bool {
	return changes(r) > 0 || r.New > 0 || r.ExitCode() != archiver.ExitDone
}

// until is a channel that is closed when the time is used up, or stop is closed. end must be called.
func until(ctx context.Context, stop <-chan struct{}, budget time.Duration) (_ <-chan struct{}, usedUp func() bool, end func()) {
	timed, end := context.WithCancel(ctx)
	if budget > 0 {
		timed, end = context.WithTimeout(ctx, budget)
	}
	go func() {
		select {
		case <-stop:
			end()
		case <-timed.Done():
		}
	}()
	return timed.Done(), func() bool { return errors.Is(timed.Err(), context.DeadlineExceeded) }, end
}
