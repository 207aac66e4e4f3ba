package main

import (
	"context"
	"errors"
	"fmt"

	"archiver"
	"archiver/crawler"
	"archiver/extract"
	"archiver/internal/config"
	"archiver/storage"

	"github.com/spf13/cobra"
)

func newSync(a *app) *cobra.Command {
	var c crawling
	cmd := &cobra.Command{
		Use:   "sync [SOURCE|URL…]",
		Short: "Archive what is new; the first time, everything",
		Long: `Walk the listing of each source to its end and archive every article that is not in the archive yet. Without arguments all
sources are synced. An address that is no source yet becomes one first. An interrupted sync goes on where it was.`,
		Example: `  archiver sync https://blog.example/category/nlp/
  archiver sync nlp --delay 3s
  archiver sync -q                     under cron: silent unless something is wrong`,
		RunE: func(cmd *cobra.Command, args []string) error {
			store, cfg, err := a.open(cmd.Context())
			if err != nil {
				return err
			}
			defer store.Close()
			c := c.withConfig(cmd, cfg)
			if err := c.check(); err != nil {
				return err
			}
			release, err := store.Hold(cmd.Context())
			if err != nil {
				return err
			}
			defer release()
			return a.sync(cmd.Context(), store, cfg, c, args)
		},
	}
	c.flags(cmd)
	return cmd
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

// sync syncs the sources that the arguments name, one after the other, and says what came of each.
func (a *app) sync(ctx context.Context, store storage.Store, cfg config.Config, c crawling, args []string) error {
	x, err := a.extractor(cfg, extract.Options{})
	if err != nil {
		return err
	}
	chosen, added, err := a.choose(ctx, store, cfg, args)
	if err != nil {
		return err
	}
	all, err := store.Sources(ctx)
	if err != nil {
		return err
	}
	fetcher, err := a.fetcher(cfg, c, store, all...)
	if err != nil {
		return err
	}
	defer fetcher.Close()
	code := archiver.ExitDone
	for _, source := range chosen {
		bar := a.newBar(source.Name)
		loop, err := a.crawler(store, fetcher, x, c, bar.show)
		if err != nil {
			return err
		}
		report, err := loop.Sync(ctx, source)
		if err == nil && len(report.Early) > 0 {
			// The first articles were read before anything was known of the site. What fails now was good enough then.
			_, err = a.reread(ctx, store, x, report.Early, crawler.RereadOptions{})
		}
		bar.clear()
		code = archiver.WorseExit(code, report.ExitCode())
		if err := errors.Join(a.tell(report), err); err != nil {
			return err
		}
		if added[source.ID] && report.Broken != nil && report.Listed == 0 {
			// A mistyped address is not to be asked for year after year.
			if _, err := store.RemoveSource(ctx, source.ID, true); err != nil {
				return err
			}
			fmt.Fprintf(a.Err, "archiver: %s was not kept as a source\n", source.URL)
		}
	}
	if code != archiver.ExitDone {
		return exit(code)
	}
	return nil
}

// tell writes the summary line, and before it what went wrong.
func (a *app) tell(r crawler.Report) error {
	if r.Broken != nil {
		sayError(a.Err, r.Broken)
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
		fmt.Fprintf(a.Err, "archiver: %s of %s did not come; the rest is saved\n", count(r.Failed, "article"), r.Source.Name)
		fmt.Fprintf(a.Err, "archiver: hint: `archiver list %s --problems` says why; the next sync tries again what may pass\n", r.Source.Name)
	}
	if r.Waiting > 0 && r.Broken == nil {
		fmt.Fprintf(a.Err, "archiver: %s of %s will be tried again by a sync after %s\n", count(r.Waiting, "page"), r.Source.Name, r.Due.Local().Format("15:04"))
	}
	if a.quiet {
		return nil
	}
	_, err := fmt.Fprintln(a.Out, summary(r))
	return err
}

// choose finds the sources that the arguments name; addresses that are none yet become sources, and so do those that the
// configuration declares.
func (a *app) choose(ctx context.Context, store storage.Store, cfg config.Config, args []string) (chosen []archiver.Source, added map[int64]bool, err error) {
	added = map[int64]bool{}
	for _, declared := range cfg.Sources {
		if _, err := store.Source(ctx, declared.URL); archiver.KindOf(err) != archiver.Invalid {
			if err != nil {
				return nil, nil, err
			}
			continue
		}
		if _, err := addSource(ctx, store, declared.URL, declared.Name); err != nil {
			return nil, nil, err
		}
	}
	if len(args) == 0 {
		all, err := activeSources(ctx, store)
		if err == nil && len(all) == 0 {
			err = &archiver.Error{Kind: archiver.Invalid, Err: errors.New("there are no sources yet"), Hint: "name a category page: archiver sync https://blog.example/category/nlp/"}
		}
		return all, added, err
	}
	for _, arg := range args {
		source, err := findSource(ctx, store, arg)
		missing := archiver.KindOf(err) == archiver.Invalid && err != nil
		if looksLikeAddress(arg) && (missing || err == nil && source.Removed) {
			if source, err = addSource(ctx, store, arg, ""); err == nil {
				added[source.ID] = missing // one that comes back may have articles
			}
		}
		if err != nil {
			return nil, nil, err
		}
		chosen = append(chosen, source)
	}
	return chosen, added, nil
}
