package main

import (
	"context"
	"errors"
	"fmt"
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
		since            string
	}
	cmd := &cobra.Command{
		Use:   "list [SOURCE…]",
		Short: "List the articles, newest first",
		Long: `List the articles, newest first. --state chooses, several with commas between: saved, gone, protected are how an article stands;
new and changed (by its author) are what happened since --since, or in the last 7 days; failed, quarantined, blocked and denied are
what did not come. --since alone lists what is new, changed and gone since then.`,
		Example: `  archiver list --since 7d
  archiver list nlp --state gone --since 2026-11-01
  archiver list --state failed,quarantined`,
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
			wanted, err := a.listWanted(o.states, o.since)
			if err != nil {
				return err
			}
			query := storage.Query{Brief: true, Newest: true, Limit: o.limit}
			if query.Sources, _, err = sourceIDs(ctx, store, args); err != nil {
				return err
			}
			if !wanted.plain() {
				return a.listEvents(ctx, store, query, wanted, o.asJSON)
			}
			query.States = wanted.states
			if o.asJSON {
				return a.listJSON(ctx, store, query)
			}
			return a.listTable(ctx, store, query)
		},
	}
	cmd.Flags().BoolVar(&o.asJSON, "json", false, "one JSON object a line, without the text")
	cmd.Flags().BoolVar(&o.problems, "problems", false, "list instead what did not come, and why")
	cmd.Flags().IntVar(&o.limit, "limit", 0, "no more than `N` articles")
	cmd.Flags().StringSliceVar(&o.states, "state", nil, "only `STATES`: new, changed, saved, gone, protected, failed, quarantined, blocked, denied")
	cmd.Flags().StringVar(&o.since, "since", "", "of new, changed and gone: since `WHEN`, as 7d, 12h or 2026-11-01")
	return cmd
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
	tasks, err := problemTasks(ctx, store, ids)
	if err != nil {
		return err
	}
	if asJSON {
		return a.problemsJSON(tasks)
	}
	rows := [][]string{{"STATE", "ADDRESS", "WHY"}}
	for _, t := range tasks {
		rows = append(rows, []string{string(t.State), t.URL, printable(t.Reason)})
	}
	if len(rows) == 1 {
		fmt.Fprintln(a.Err, "archiver: no problems")
		return nil
	}
	return table(a.Out, rows)
}

// problemTasks are the tasks of these sources, of all where there are none, that did not end well; what several sources list once.
func problemTasks(ctx context.Context, store storage.Store, sources []int64) ([]archiver.Task, error) {
	if len(sources) == 0 {
		all, err := store.Sources(ctx)
		if err != nil {
			return nil, err
		}
		for _, s := range all {
			sources = append(sources, s.ID)
		}
	}
	var tasks []archiver.Task
	told := map[string]bool{}
	for _, id := range sources {
		found, err := store.Problems(ctx, id)
		if err != nil {
			return nil, err
		}
		for _, task := range found {
			name := string(task.Role) + " " + archiver.Key(task.URL)
			if !told[name] {
				told[name] = true
				tasks = append(tasks, task)
			}
		}
	}
	return tasks, nil
}

func (a *app) problemsJSON(tasks []archiver.Task) error {
	for _, t := range tasks {
		record := map[string]string{"state": string(t.State), "role": string(t.Role), "url": t.URL, "reason": t.Reason}
		if err := jsonLine(a.Out, record); err != nil {
			return err
		}
	}
	return nil
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
