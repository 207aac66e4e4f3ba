package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"archiver"
	"archiver/crawler"
	"archiver/internal/config"
	"archiver/internal/schedule"
	"archiver/storage"

	"github.com/spf13/cobra"
)

// syncOptions are what a sync may be told.
type syncOptions struct {
	crawling
	parallel        int
	full            bool
	since           time.Time
	limit           int
	budget          time.Duration
	report, metrics string // files
}

func newSync(a *app) *cobra.Command {
	var o syncOptions
	var s settingFlags
	var since string
	var due bool
	cmd := &cobra.Command{
		Use:   "sync [SOURCE|URL…]",
		Short: "Archive what is new, changed or gone; the first time, everything",
		Long: `Archive what is new, changed or gone since the last time. Without arguments all sources are synced; with --due those whose schedule
says so, and nothing is said of a source where nothing happened. An address that is no source yet becomes one first. An
interrupted sync goes on where it was.

Most syncs read the listing's first page and ask REST, the feed or the sitemaps what changed; from time to time (--recheck), and where anything is in
doubt, the listing is read to its end. Nothing that a sync does removes a text: what changed is a revision, what is gone is marked so.`,
		Example: `  archiver sync https://blog.example/category/nlp/
  archiver sync nlp --delay 3s
  archiver sync --due                  from cron or a timer: silent unless something happened
  archiver sync --budget 10m           begin nothing more after ten minutes; the next sync goes on
  archiver sync nlp --since 30d        also look again at what is a month old at most
  archiver sync nlp --full             the whole listing, and every article again`,
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			if due && len(args) > 0 {
				return &archiver.Error{Kind: archiver.Invalid, Err: errors.New("--due chooses the sources itself"), Hint: "leave out either --due or the sources"}
			}
			if since != "" {
				if o.since, err = pastTime(since, time.Now()); err != nil {
					return err
				}
			}
			store, cfg, err := a.open(cmd.Context())
			if err != nil {
				return err
			}
			defer store.Close()
			o := o.withConfig(cmd, cfg)
			if err := o.check(); err != nil {
				return err
			}
			change, err := s.read(cmd)
			if err != nil {
				return err
			}
			if due {
				return a.syncDue(cmd.Context(), store, cfg, o)
			}
			release, err := store.Hold(cmd.Context())
			if err != nil {
				return err
			}
			defer release()
			return a.sync(cmd.Context(), store, cfg, o, change, args)
		},
	}
	o.flags(cmd)
	s.flags(cmd)
	flags := cmd.Flags()
	flags.BoolVar(&due, "due", false, "only the sources whose schedule says that they are due, however many times were missed")
	flags.BoolVar(&o.full, "full", false, "read the listing to its end, and look at every article again")
	flags.StringVar(&since, "since", "", "look again at the articles that were published or changed since then: a `DATE`, or 7d")
	return cmd
}

// flags are those that sync and daemon share.
func (o *syncOptions) flags(cmd *cobra.Command) {
	o.crawling.flags(cmd)
	flags := cmd.Flags()
	flags.IntVar(&o.parallel, "parallel", defaultParallel, "how many hosts at the same time; each is asked no faster for it")
	flags.IntVar(&o.limit, "limit", 0, "read no more than `N` articles of each source; the next sync goes on")
	flags.DurationVar(&o.budget, "budget", 0, "begin nothing more after this `TIME`; the next sync goes on")
	flags.StringVar(&o.report, "report", "", "write what was done of each source into a `FILE`, as JSON")
	flags.StringVar(&o.metrics, "metrics", "", "write a `FILE` for Prometheus (default: the configuration's metrics)")
}

func (o syncOptions) withConfig(cmd *cobra.Command, cfg config.Config) syncOptions {
	o.crawling = o.crawling.withConfig(cmd, cfg)
	if o.metrics == "" {
		o.metrics = cfg.Metrics
	}
	return o
}

func (o syncOptions) check() error {
	switch {
	case o.parallel < 1 || o.parallel > 64:
		return &archiver.Error{Kind: archiver.Invalid, Err: fmt.Errorf("--parallel is %d", o.parallel), Hint: "between 1 and 64"}
	case o.limit < 0:
		return &archiver.Error{Kind: archiver.Invalid, Err: errors.New("--limit is negative"), Hint: "a number of articles; 0 is no bound"}
	case o.budget < 0:
		return &archiver.Error{Kind: archiver.Invalid, Err: errors.New("--budget is negative"), Hint: "write it like 90s or 10m"}
	}
	return o.crawling.check()
}

// pastTime reads a date, a moment, or how long ago.
func pastTime(text string, now time.Time) (time.Time, error) {
	for _, layout := range []string{time.DateOnly, "2006-01-02 15:04", time.RFC3339} {
		if t, err := time.ParseInLocation(layout, text, now.Location()); err == nil {
			return t, nil
		}
	}
	ago, err := config.Span(text)
	if err != nil {
		return time.Time{}, &archiver.Error{Kind: archiver.Invalid, Err: fmt.Errorf("%q is no time", text), Hint: "write a date like 2026-03-01, or how long ago: 7d, 12h"}
	}
	return now.Add(-ago), nil
}

func (c *crawling) flags(cmd *cobra.Command) {
	cmd.Flags().DurationVar(&c.delay, "delay", defaultDelay, "least time between two requests to one host; 0 is for hosts of your own")
	cmd.Flags().IntVar(&c.concurrency, "concurrency", defaultConcurrency, "most requests in hand at once, where the delay is 0")
}

// withConfig takes from the configuration what the command line left open.
func (c crawling) withConfig(cmd *cobra.Command, cfg config.Config) crawling {
	if cfg.Delay != nil && !cmd.Flags().Changed("delay") {
		c.delay = *cfg.Delay
	}
	if cfg.Concurrency > 0 && !cmd.Flags().Changed("concurrency") {
		c.concurrency = cfg.Concurrency
	}
	return c
}

func (c crawling) check() error {
	switch {
	case c.delay < 0:
		return &archiver.Error{Kind: archiver.Invalid, Err: errors.New("--delay is negative"), Hint: "write it like 500ms or 2s; 0 is no delay"}
	case c.concurrency < 1 || c.concurrency > 64:
		return &archiver.Error{Kind: archiver.Invalid, Err: fmt.Errorf("--concurrency is %d", c.concurrency), Hint: "between 1 and 64"}
	}
	return nil
}

// sync syncs the sources that the arguments name and says what came of each. The archive is held.
func (a *app) sync(ctx context.Context, store storage.Store, cfg config.Config, o syncOptions, change settingChange, args []string) error {
	p, err := a.newPass(store, cfg, o)
	if err != nil {
		return err
	}
	var chosen []archiver.Source
	if chosen, p.added, err = a.choose(ctx, store, cfg, args); err != nil {
		return err
	}
	if !change.empty() {
		if len(args) == 0 {
			return &archiver.Error{Kind: archiver.Invalid, Err: errors.New("settings are of a source"), Hint: "name the source: archiver sync nlp --schedule @daily"}
		}
		for i := range chosen {
			if chosen[i], err = a.setSettings(ctx, store, cfg, chosen[i], change); err != nil {
				return err
			}
		}
	}
	return a.syncAll(ctx, p, chosen)
}

// syncDue syncs the sources that are due. Where none is, nothing is held, asked or said.
func (a *app) syncDue(ctx context.Context, store storage.Store, cfg config.Config, o syncOptions) error {
	chosen, err := a.dueSources(ctx, store, cfg)
	if err != nil {
		return err
	}
	p, err := a.newPass(store, cfg, o)
	if err != nil {
		return err
	}
	p.changesOnly = a.verbose == 0
	if len(chosen) == 0 {
		return p.after(ctx)
	}
	release, err := store.Hold(ctx)
	if archiver.KindOf(err) == archiver.Held && err != nil && a.verbose == 0 {
		return exit(archiver.ExitHeld) // a run that takes long is no news every few minutes
	}
	if err != nil {
		return err
	}
	defer release()
	if chosen, err = a.dueSources(ctx, store, cfg); err != nil {
		return err // what another run did before it let go is not done again
	}
	return a.syncAll(ctx, p, chosen)
}

// dueSources are the sources whose schedule says that they are due now.
func (a *app) dueSources(ctx context.Context, store storage.Store, cfg config.Config) ([]archiver.Source, error) {
	all, _, err := a.choose(ctx, store, cfg, nil)
	if err != nil {
		return nil, err
	}
	due, _, err := dueAt(time.Now(), cfg, all)
	if err == nil && !slices.ContainsFunc(all, func(s archiver.Source) bool { return scheduleOf(cfg, s) != "" }) {
		err = &archiver.Error{Kind: archiver.Invalid, Err: errors.New("no source has a schedule"),
			Hint: "give one: archiver schedule set " + all[0].Name + " @daily; or `schedule` in the configuration for all"}
	}
	return due, err
}

// scheduleOf is the schedule that a source goes by: its own, or that of all.
func scheduleOf(cfg config.Config, source archiver.Source) string {
	if source.Settings.Schedule != "" {
		return source.Settings.Schedule
	}
	return cfg.Schedule
}

// dueAt are the sources that are due at now, and when the next of the others is; zero for never.
func dueAt(now time.Time, cfg config.Config, sources []archiver.Source) (due []archiver.Source, next time.Time, err error) {
	for _, source := range sources {
		s, err := schedule.Parse(scheduleOf(cfg, source))
		if err != nil {
			return nil, time.Time{}, fmt.Errorf("schedule of %s: %w", source.Name, err)
		}
		if s.Due(source.LastRun, now) {
			due = append(due, source)
			continue
		}
		if t := s.Next(now); !t.IsZero() && (next.IsZero() || t.Before(next)) {
			next = t
		}
	}
	return due, next, nil
}

// syncAll runs a pass over sources to its end, and what follows it. The archive is held.
func (a *app) syncAll(ctx context.Context, p *pass, sources []archiver.Source) error {
	stop, usedUp, end := until(ctx, a.interrupts.grace(), p.options.budget)
	defer end()
	p.stop = stop
	err := p.run(ctx, sources)
	if left := p.left(); err == nil && left != "" && usedUp() {
		fmt.Fprintf(a.Err, "archiver: the budget of %s is used up; %s left for the next sync\n", p.options.budget, left)
	}
	after := p.after(ctx)
	if err != nil {
		return err
	}
	return after
}

// after is what follows a pass: the files, the hook, and the exit code.
func (p *pass) after(ctx context.Context) error {
	for _, err := range []error{p.writeReport(), p.writeMetrics(ctx), p.hook(ctx)} {
		if err != nil {
			sayError(p.Err, err)
			p.code = archiver.WorseExit(p.code, archiver.ExitPartial)
		}
	}
	switch {
	case p.interrupts.came():
		return context.Canceled
	case p.code != archiver.ExitDone:
		return exit(p.code)
	}
	return nil
}

// tell writes the summary line, and before it what went wrong. Where changesOnly says so nothing is said of a sync in which
// nothing happened.
func (a *app) tell(r crawler.Report, changesOnly bool) error {
	if r.Broken != nil {
		sayError(a.Err, r.Broken)
		if archiver.KindOf(r.Broken) == archiver.Unusable && r.Source.Articles() > 0 {
			fmt.Fprintf(a.Err, "archiver: hint: `archiver explain %s` shows what was made of the page\n", r.Source.URL)
		}
	}
	if a.verbose > 0 || r.Failed > 0 {
		for _, p := range r.Problems {
			fmt.Fprintln(a.Err, "archiver: "+problemWords(p))
		}
		if more := r.Failed - len(r.Problems); more > 0 {
			fmt.Fprintf(a.Err, "archiver: and %s more\n", count(more, "article"))
		}
	}
	if r.Failed > 0 {
		fmt.Fprintf(a.Err, "archiver: %s of %s did not come; what was saved is kept\n", count(r.Failed, "article"), r.Source.Name)
		fmt.Fprintf(a.Err, "archiver: hint: `archiver list %s --problems` says why; the next sync tries again what may pass\n", r.Source.Name)
	}
	if r.Waiting > 0 && r.Broken == nil {
		fmt.Fprintf(a.Err, "archiver: %s of %s will be tried again by a sync after %s\n", count(r.Waiting, "page"), r.Source.Name, r.Due.Local().Format("15:04"))
	}
	if a.quiet || changesOnly && !happened(r) {
		return nil
	}
	_, err := fmt.Fprintln(a.Out, summary(r))
	return err
}

// choose finds the sources that the arguments name; addresses that are none yet become sources, and so do those that the
// configuration declares. What it says of a source goes before what the archive keeps.
func (a *app) choose(ctx context.Context, store storage.Store, cfg config.Config, args []string) (chosen []archiver.Source, added map[int64]bool, err error) {
	added = map[int64]bool{}
	for _, declared := range cfg.Sources {
		if _, err := store.Source(ctx, declared.URL); archiver.KindOf(err) != archiver.Invalid {
			if err != nil {
				return nil, nil, err
			}
			continue
		}
		if _, err := addSource(ctx, store, declared.URL, declared.Name, archiver.Settings{}); err != nil {
			return nil, nil, err
		}
	}
	if len(args) == 0 {
		all, err := activeSources(ctx, store)
		if err == nil && len(all) == 0 {
			err = &archiver.Error{Kind: archiver.Invalid, Err: errors.New("there are no sources yet"), Hint: "name a category page: archiver sync https://blog.example/category/nlp/"}
		}
		return withDeclared(cfg, all), added, err
	}
	for _, arg := range args {
		source, err := findSource(ctx, store, arg)
		missing := archiver.KindOf(err) == archiver.Invalid && err != nil
		if looksLikeAddress(arg) && (missing || err == nil && source.Removed) {
			if source, err = addSource(ctx, store, arg, "", archiver.Settings{}); err == nil {
				added[source.ID] = missing // one that comes back may have articles
			}
		}
		if err != nil {
			return nil, nil, err
		}
		if !slices.ContainsFunc(chosen, func(s archiver.Source) bool { return s.ID == source.ID }) {
			chosen = append(chosen, source)
		}
	}
	return withDeclared(cfg, chosen), added, nil
}
