package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"archiver"
	"archiver/export"
	"archiver/storage"

	"github.com/spf13/cobra"
)

func newList(a *app) *cobra.Command {
	var o struct {
		asJSON, problems bool
		limit            int
		states           []string
	}
	cmd := &cobra.Command{
		Use:   "list [SOURCE…]",
		Short: "List the articles, newest first",
		RunE: func(cmd *cobra.Command, args []string) error {
			ctx := cmd.Context()
			store, _, err := a.openToRead(ctx)
			if err != nil {
				return err
			}
			defer store.Close()
			if o.problems {
				return a.problems(ctx, store, args, o.asJSON)
			}
			query, err := listQuery(ctx, store, args, o.states)
			if err != nil {
				return err
			}
			query.Limit = o.limit
			if o.asJSON {
				return a.listJSON(ctx, store, query)
			}
			return a.listTable(ctx, store, query)
		},
	}
	cmd.Flags().BoolVar(&o.asJSON, "json", false, "one JSON object a line, without the text")
	cmd.Flags().BoolVar(&o.problems, "problems", false, "list instead what did not come, and why")
	cmd.Flags().IntVar(&o.limit, "limit", 0, "no more than `N` articles")
	cmd.Flags().StringSliceVar(&o.states, "state", nil, "only articles that are `saved, gone or protected`")
	return cmd
}

func listQuery(ctx context.Context, store storage.Store, names, states []string) (storage.Query, error) {
	query := storage.Query{Brief: true, Newest: true, States: []archiver.ArticleState{archiver.ArticleSaved, archiver.ArticleGone, archiver.ArticleProtected}}
	ids, _, err := sourceIDs(ctx, store, names)
	query.Sources = ids
	if len(states) > 0 {
		known := query.States
		query.States = nil
		for _, s := range states {
			state := archiver.ArticleState(s)
			if !slices.Contains(known, state) {
				return query, &archiver.Error{Kind: archiver.Invalid, Err: fmt.Errorf("there is no state %q", s), Hint: "the states are saved, gone, protected"}
			}
			query.States = append(query.States, state)
		}
	}
	return query, err
}

func (a *app) listJSON(ctx context.Context, store storage.Store, query storage.Query) error {
	for article, err := range store.Articles(ctx, query) {
		if err != nil {
			return err
		}
		if err := writeArticleJSON(a.Out, article); err != nil {
			return err
		}
	}
	return nil
}

func (a *app) listTable(ctx context.Context, store storage.Store, query storage.Query) error {
	var rows [][]string
	for article, err := range store.Articles(ctx, query) {
		if err != nil {
			return err
		}
		words := fmt.Sprintf("%6d", article.Words)
		if article.State != archiver.ArticleSaved {
			words = string(article.State)
		}
		rows = append(rows, []string{article.ID, day(article.Published), words, cut(printable(titleOf(article)), 70)})
	}
	if len(rows) == 0 {
		fmt.Fprintln(a.Err, "archiver: no articles")
		return nil
	}
	return table(a.Out, append([][]string{{"ID", "DATE", " WORDS", "TITLE"}}, rows...))
}

// problems lists the tasks that did not end well.
func (a *app) problems(ctx context.Context, store storage.Store, names []string, asJSON bool) error {
	ids, _, err := sourceIDs(ctx, store, names)
	if err != nil {
		return err
	}
	if len(ids) == 0 {
		all, err := store.Sources(ctx)
		if err != nil {
			return err
		}
		for _, s := range all {
			ids = append(ids, s.ID)
		}
	}
	rows := [][]string{{"STATE", "ADDRESS", "WHY"}}
	for _, id := range ids {
		tasks, err := store.Problems(ctx, id)
		if err != nil {
			return err
		}
		for _, t := range tasks {
			if asJSON {
				record := map[string]string{"state": string(t.State), "role": string(t.Role), "url": t.URL, "reason": t.Reason}
				if err := jsonLine(a.Out, record); err != nil {
					return err
				}
				continue
			}
			rows = append(rows, []string{string(t.State), t.URL, printable(t.Reason)})
		}
	}
	if asJSON {
		return nil
	}
	if len(rows) == 1 {
		fmt.Fprintln(a.Err, "archiver: no problems")
		return nil
	}
	return table(a.Out, rows)
}

func writeArticleJSON(w interface{ Write([]byte) (int, error) }, article archiver.Article) error {
	line, err := export.JSON(article)
	if err != nil {
		return err
	}
	_, err = w.Write(append(line, '\n'))
	return err
}

// titleOf is the title, or for an article without one the beginning of its text.
func titleOf(article archiver.Article) string {
	switch {
	case article.Title != "":
		return article.Title
	case article.Excerpt != "":
		return "(untitled) " + strings.TrimSpace(article.Excerpt)
	}
	return "(untitled) " + article.URL
}

func day(ts archiver.Timestamp) string {
	if ts.IsZero() {
		return "–"
	}
	return ts.Time().Format("2006-01-02")
}

// noArticle is what show says where nothing has that name.
func noArticle(typed string) error {
	return &archiver.Error{Kind: archiver.NoMatch, Err: errors.New("there is no article " + typed), Hint: "`archiver list` and `archiver search` show the IDs"}
}
