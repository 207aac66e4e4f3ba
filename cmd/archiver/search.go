package main

import (
	"errors"
	"fmt"
	"strings"

	"archiver"
	"archiver/storage"

	"github.com/spf13/cobra"
)

func newSearch(a *app) *cobra.Command {
	var o struct {
		asJSON  bool
		limit   int
		sources []string
	}
	cmd := &cobra.Command{
		Use:   "search QUERY…",
		Short: "Find articles that hold every word of the query",
		Long: `Find articles that hold every word of the query, best first. Chinese, Japanese and Korean words are found inside sentences,
one character long or more; a query in "quotes" is found as it stands.`,
		Example: "  archiver search 对抗训练\n  archiver search LoRA 微调 --source nlp",
		Args:    cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			ctx := cmd.Context()
			store, _, err := a.open(ctx) // the index takes in what is new before it answers
			if err != nil {
				return err
			}
			defer store.Close()
			ids, _, err := sourceIDs(ctx, store, o.sources)
			if err != nil {
				return err
			}
			query := strings.Join(args, " ")
			hits, err := store.Search(ctx, query, storage.SearchOptions{Sources: ids, Limit: o.limit})
			if err != nil {
				return err
			}
			if len(hits) == 0 {
				return &archiver.Error{Kind: archiver.NoMatch, Err: errors.New("no article holds " + query), Hint: "fewer or shorter words find more"}
			}
			return a.hits(hits, o.asJSON)
		},
	}
	cmd.Flags().BoolVar(&o.asJSON, "json", false, "one JSON object a line")
	cmd.Flags().IntVar(&o.limit, "limit", 0, "no more than `N` articles (default 50)")
	cmd.Flags().StringSliceVar(&o.sources, "source", nil, "only in these `SOURCES`")
	return cmd
}

// hitRecord is the JSON object of a hit.
type hitRecord struct {
	ID        string             `json:"id"`
	URL       string             `json:"url"`
	Source    string             `json:"source"`
	Title     string             `json:"title,omitempty"`
	Published archiver.Timestamp `json:"published,omitzero"`
	Snippet   string             `json:"snippet"`
}

func (a *app) hits(hits []storage.Hit, asJSON bool) error {
	marks := strings.NewReplacer(storage.Mark, "", storage.EndMark, "")
	if a.terminal(a.Out) {
		marks = strings.NewReplacer(storage.Mark, "\x1b[1m", storage.EndMark, "\x1b[0m")
	}
	for _, hit := range hits {
		if asJSON {
			record := hitRecord{hit.Article.ID, hit.Article.URL, hit.Article.Source, hit.Article.Title, hit.Article.Published, hit.Snippet}
			record.Snippet = strings.NewReplacer(storage.Mark, "**", storage.EndMark, "**").Replace(hit.Snippet)
			if err := jsonLine(a.Out, record); err != nil {
				return err
			}
			continue
		}
		snippet := marks.Replace(printableMarked(hit.Snippet))
		if _, err := fmt.Fprintf(a.Out, "%s  %s  %s\n    %s\n", hit.Article.ID, day(hit.Article.Published), printable(titleOf(hit.Article)), snippet); err != nil {
			return err
		}
	}
	return nil
}

// printableMarked is printable, but for the marks of a match.
func printableMarked(s string) string {
	var b strings.Builder
	for s != "" {
		i := strings.IndexAny(s, storage.Mark+storage.EndMark)
		if i < 0 {
			b.WriteString(printable(s))
			break
		}
		b.WriteString(printable(s[:i]))
		b.WriteString(s[i : i+1])
		s = s[i+1:]
	}
	return b.String()
}
