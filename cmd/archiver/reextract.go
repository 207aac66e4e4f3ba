package main

import (
	"context"
	"fmt"

	"archiver"
	"archiver/crawler"
	"archiver/crawler/fetch"
	"archiver/extract"
	"archiver/storage"

	"github.com/spf13/cobra"
)

func newReextract(a *app) *cobra.Command {
	var asJSON, dryRun bool
	cmd := &cobra.Command{
		Use:   "reextract [SOURCE|ID|URL…]",
		Short: "Read articles again from their stored pages, with what is known now",
		Long: `Read articles again from the pages that the archive keeps, without one request: a newer archiver, and what the pages of a site
were seen to have in common, may read them better. What changed becomes a revision that is marked as read again. An article
whose pages give nothing now, or far less, keeps its text and is named. Without arguments all articles are read.`,
		Example: `  archiver reextract nlp --dry-run     how many would change
  archiver reextract nlp
  archiver reextract 3f9a`,
		RunE: func(cmd *cobra.Command, args []string) error {
			open := a.open
			if dryRun {
				open = a.openToRead
			}
			store, cfg, err := open(cmd.Context())
			if err != nil {
				return err
			}
			defer store.Close()
			x, err := a.extractor(cfg, extract.Options{})
			if err != nil {
				return err
			}
			if !dryRun {
				release, err := store.Hold(cmd.Context())
				if err != nil {
					return err
				}
				defer release()
			}
			work, err := a.toReread(cmd.Context(), store, args)
			if err != nil {
				return err
			}
			return a.reextract(cmd.Context(), store, x, work, dryRun, asJSON)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "one JSON object for each source")
	cmd.Flags().BoolVar(&dryRun, "dry-run", false, "write nothing; say what would change")
	return cmd
}

// readAgain is a group of articles to be read again.
type readAgain struct {
	name  string
	ids   []string
	whole bool // all articles of a source: they can teach what its site has in common
}

// toReread finds what the arguments name: sources, and single articles, which become one group.
func (a *app) toReread(ctx context.Context, store storage.Store, args []string) ([]readAgain, error) {
	var work []readAgain
	source := func(s archiver.Source) error {
		group := readAgain{name: s.Name, whole: true}
		for article, err := range store.Articles(ctx, storage.Query{Sources: []int64{s.ID}, Brief: true}) {
			if err != nil {
				return err
			}
			group.ids = append(group.ids, article.ID)
		}
		work = append(work, group)
		return nil
	}
	if len(args) == 0 {
		all, err := store.Sources(ctx)
		if err != nil {
			return nil, err
		}
		for _, s := range all {
			if err := source(s); err != nil {
				return nil, err
			}
		}
		return work, nil
	}
	single := readAgain{name: "articles"}
	for _, arg := range args {
		s, missing := findSource(ctx, store, arg)
		if missing == nil {
			if err := source(s); err != nil {
				return nil, err
			}
			continue
		}
		if archiver.KindOf(missing) != archiver.Invalid {
			return nil, missing
		}
		article, err := findArticle(ctx, store, arg)
		if archiver.KindOf(err) == archiver.NoMatch && err != nil && !looksLikeAddress(arg) {
			return nil, missing // it tells the nearest name
		}
		if err != nil {
			return nil, err
		}
		single.ids = append(single.ids, article.ID)
	}
	if len(single.ids) > 0 {
		work = append(work, single)
	}
	return work, nil
}

// reextract reads the groups again and says what came of each.
func (a *app) reextract(ctx context.Context, store storage.Store, x *extract.Extractor, work []readAgain, dryRun, asJSON bool) error {
	code := archiver.ExitDone
	for _, group := range work {
		bar := a.newBar(group.name)
		report, err := a.reread(ctx, store, x, group.ids, crawler.RereadOptions{
			Learn: group.whole, DryRun: dryRun,
			Progress: func(done crawler.Rereading, of int) {
				bar.steps(done.Read, of, count(done.Changed, "article")+" changed")
			},
		})
		bar.clear()
		if err != nil {
			return err
		}
		for _, p := range report.Problems {
			fmt.Fprintln(a.Err, "archiver: "+problemWords(p))
		}
		if report.Failed > 0 {
			fmt.Fprintf(a.Err, "archiver: %s of %s kept the text that was there\n", count(report.Failed, "article"), group.name)
			fmt.Fprintln(a.Err, "archiver: hint: `archiver show --raw` with an ID shows the page as it was stored")
		}
		code = archiver.WorseExit(code, report.ExitCode())
		if err := a.tellReread(group.name, report, dryRun, asJSON); err != nil {
			return err
		}
	}
	if code != archiver.ExitDone {
		return exit(code)
	}
	return nil
}

// rereadRecord is the JSON object of a group that was read again.
type rereadRecord struct {
	Name    string   `json:"name"`
	Read    int      `json:"read"`
	Changed int      `json:"changed"`
	Failed  int      `json:"failed"`
	DryRun  bool     `json:"dry_run,omitempty"`
	Revised []string `json:"revised,omitempty"` // IDs
}

func (a *app) tellReread(name string, r crawler.Rereading, dryRun, asJSON bool) error {
	if asJSON {
		return jsonLine(a.Out, rereadRecord{Name: name, Read: r.Read, Changed: r.Changed, Failed: r.Failed, DryRun: dryRun, Revised: r.Revised})
	}
	if a.quiet {
		return nil
	}
	changed := "changed"
	if dryRun {
		changed = "would change"
	}
	_, err := fmt.Fprintf(a.Out, "%s: %d read again, %d %s, %d failed\n", name, r.Read, r.Changed, changed, r.Failed)
	return err
}

// reread reads articles again from their stored pages.
func (a *app) reread(ctx context.Context, store storage.Store, x *extract.Extractor, ids []string, opts crawler.RereadOptions) (crawler.Rereading, error) {
	log, err := a.logger()
	if err != nil {
		return crawler.Rereading{}, err
	}
	return crawler.New(nil, nil, extractor{x}, crawler.Options{Log: log}).Reextract(ctx, withText{store}, ids, opts)
}

// withText gives stored pages their text, which the archive does not keep.
type withText struct{ storage.Store }

func (s withText) Pages(ctx context.Context, id string) ([]archiver.Page, error) {
	pages, err := s.Store.Pages(ctx, id)
	for i := range pages {
		fetch.Decode(&pages[i])
	}
	return pages, err
}

var _ crawler.Archive = withText{}
