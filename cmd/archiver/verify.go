package main

import (
	"context"
	"fmt"
	"time"

	"archiver"
	"archiver/crawler"
	"archiver/extract"
	"archiver/storage"

	"github.com/spf13/cobra"
)

// This file verifies an archive, and mends what can be mended: a text whose stored page is whole is read anew from it, everything
// else is left to the store, which has the next sync fetch what was lost.

// maxDamages is how many damages are told and mended in one run: a file hurt in more places has to come from a backup.
const maxDamages = 10_000

func newVerify(a *app) *cobra.Command {
	var repair, asJSON bool
	cmd := &cobra.Command{
		Use:   "verify",
		Short: "Compare everything in the archive with the sums made when it was saved",
		Long: `Compare everything in the archive with the SHA-256 sums that were made when it was saved: texts with their facts, raw pages,
pictures, and the structure of the file. What is damaged is named, with what is lost by that and what is not.

With --repair a damaged text is read anew from its stored page where that is whole; otherwise it is marked, never deleted, and the
next sync fetches it again, as it does damaged pages and pictures. Make a copy of the file first.`,
		Example: `  archiver verify
  archiver backup before.db && archiver verify --repair`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			ctx := cmd.Context()
			open := a.openToRead
			if repair {
				open = a.open
			}
			store, cfg, err := open(ctx)
			if err != nil {
				return err
			}
			defer store.Close()
			if repair {
				release, err := store.Hold(ctx)
				if err != nil {
					return err
				}
				defer release()
			}
			damages, err := a.verify(ctx, store, asJSON)
			if err != nil || len(damages) == 0 {
				return err
			}
			if !repair {
				return &archiver.Error{Kind: archiver.Storage, Err: fmt.Errorf("%s found in the archive", count(len(damages), "damage")),
					Hint: "copy the archive's file, then run `archiver verify --repair`"}
			}
			x, err := a.extractor(cfg, extract.Options{})
			if err != nil {
				return err
			}
			return a.repair(ctx, store, x, damages, asJSON)
		},
	}
	cmd.Flags().BoolVar(&repair, "repair", false, "mend what can be mended")
	cmd.Flags().BoolVar(&asJSON, "json", false, "one JSON object for each damage")
	return cmd
}

// damageRecord is the JSON object of a damage.
type damageRecord struct {
	Part     storage.Part `json:"part"`
	Article  string       `json:"article,omitempty"`
	URL      string       `json:"url,omitempty"`
	Revision int          `json:"revision,omitempty"`
	What     string       `json:"what,omitempty"`
	Repair   string       `json:"repair,omitempty"` // what was done
}

func (a *app) tellDamage(d storage.Damage, repair string, asJSON bool) error {
	if asJSON {
		return jsonLine(a.Out, damageRecord{d.Part, d.Article, d.URL, d.Revision, d.What, repair})
	}
	line := fmt.Sprintf("%-9s %s", d.Part, d)
	if repair != "" {
		line = fmt.Sprintf("%-9s %s: %s", "repaired", d, repair)
	}
	_, err := fmt.Fprintln(a.Out, printable(line))
	return err
}

// verify tells every damage of the archive.
func (a *app) verify(ctx context.Context, store storage.Store, asJSON bool) ([]storage.Damage, error) {
	var damages []storage.Damage
	bar := a.newBar("verify")
	verified, err := store.Verify(ctx, func(d storage.Damage) {
		if len(damages) < maxDamages {
			damages = append(damages, d)
		}
	}, func(done, of int) { bar.steps(done, of, count(len(damages), "damage")) })
	bar.clear()
	if err != nil {
		return nil, err
	}
	for _, d := range damages {
		if err := a.tellDamage(d, "", asJSON); err != nil {
			return nil, err
		}
	}
	if asJSON || a.quiet {
		return damages, nil
	}
	said := fmt.Sprintf("verified  %s, %s, %s, %s", count(verified.Articles, "article"), count(verified.Revisions, "revision"),
		count(verified.Pages, "raw page"), count(verified.Pictures, "picture"))
	if len(damages) == 0 {
		said += ": all as it was saved"
	}
	fmt.Fprintln(a.Out, said)
	if verified.Unsealed > 0 {
		fmt.Fprintf(a.Out, "          %d of them are from before all of their columns were summed\n", verified.Unsealed)
	}
	if verified.Marked > 0 {
		fmt.Fprintf(a.Out, "          %s marked as damaged by an earlier repair\n", count(verified.Marked, "revision"))
	}
	return damages, nil
}

// repair mends what can be mended, and looks again.
func (a *app) repair(ctx context.Context, store storage.Store, x *extract.Extractor, damages []storage.Damage, asJSON bool) error {
	restored, err := a.restore(ctx, store, x, damages)
	if err != nil {
		return err
	}
	for _, d := range damages {
		done := restored[d.Article]
		if d.Part != storage.PartRevision || !d.Current || done == "" {
			if done, err = store.Mend(ctx, d, time.Now()); err != nil {
				return err
			}
		}
		if err := a.tellDamage(d, done, asJSON); err != nil {
			return err
		}
	}
	left := 0
	if _, err := store.Verify(ctx, func(storage.Damage) { left++ }, nil); err != nil {
		return err
	}
	if left > 0 {
		return &archiver.Error{Kind: archiver.Storage, Err: fmt.Errorf("%s could not be mended", count(left, "damage")),
			Hint: "take those from a copy that `archiver backup` made; what can be read can still be exported"}
	}
	if !a.quiet && !asJSON {
		fmt.Fprintln(a.Out, "repaired; `archiver sync` fetches again what was lost")
	}
	return nil
}

// restore reads the damaged texts anew from their stored pages, where those are whole. It tells by ID what became of each.
func (a *app) restore(ctx context.Context, store storage.Store, x *extract.Extractor, damages []storage.Damage) (map[string]string, error) {
	torn := map[string]bool{}
	for _, d := range damages {
		if d.Part == storage.PartPage || d.Part == storage.PartArticle {
			torn[d.Article] = true
		}
	}
	r := &restorer{withText: withText{store}, done: map[string]string{}}
	for _, d := range damages {
		if d.Part != storage.PartRevision || !d.Current || d.Lost || torn[d.Article] {
			continue
		}
		_, err := crawler.New(nil, nil, extractor{x}, crawler.Options{}).Reextract(ctx, r, []string{d.Article}, crawler.RereadOptions{})
		if err != nil && (archiver.KindOf(err) == archiver.Storage || ctx.Err() != nil) {
			return nil, err
		}
	}
	return r.done, nil
}

// restorer has what is read of stored pages put in the place of damaged texts.
type restorer struct {
	withText
	done map[string]string
}

func (r *restorer) Reextract(ctx context.Context, article archiver.Article, at time.Time) (archiver.Receipt, error) {
	exact, err := r.Restore(ctx, article, at)
	if archiver.KindOf(err) == archiver.Unusable && err != nil {
		return archiver.Receipt{Refused: err.Error()}, nil
	}
	if err != nil {
		return archiver.Receipt{}, err
	}
	r.done[article.ID] = "read anew from its stored page, and exactly what was saved"
	if !exact {
		r.done[article.ID] = "read anew from its stored page, as a new revision; the damaged one is marked"
	}
	return archiver.Receipt{Revised: true}, nil
}

var _ crawler.Archive = (*restorer)(nil)
