package main

import (
	"fmt"
	"time"

	"archiver"
	"archiver/storage"

	"github.com/spf13/cobra"
)

func newHistory(a *app) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "history ID|URL",
		Short: "List the revisions of an article, and the addresses it had",
		Long: `List the revisions of an article with the time and the cause of each, and the addresses it had. Only "changed by the author" is a change of the blog's;
the other causes are another reading of the same article: with better knowledge, over another channel, after damage.`,
		Example: `  archiver history 3f9a`,
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			ctx := cmd.Context()
			store, _, err := a.openToRead(ctx)
			if err != nil {
				return err
			}
			defer store.Close()
			article, err := findArticle(ctx, store, args[0])
			if err != nil {
				return err
			}
			revisions, err := store.Revisions(ctx, article.ID)
			if err != nil {
				return err
			}
			addresses, err := store.Addresses(ctx, article.ID)
			if err != nil {
				return err
			}
			if asJSON {
				return a.historyJSON(article, revisions, addresses)
			}
			return a.historyTable(article, revisions, addresses)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "one JSON object")
	return cmd
}

// causeWords say why a revision was made.
func causeWords(r storage.Revision) string {
	switch {
	case r.Number == 0:
		return "not read: facts only"
	case r.Number == 1 && r.Cause == storage.CauseAuthor:
		return "saved first"
	}
	switch r.Cause {
	case storage.CauseAuthor:
		return "changed by the author"
	case storage.CauseReextract:
		return "read again, the page was the same"
	case storage.CauseChannel:
		return "came over another channel"
	case storage.CauseRepair:
		return "made anew after damage"
	case storage.CauseDamaged:
		return "damaged; nothing could mend it"
	}
	return string(r.Cause)
}

func (a *app) historyTable(article archiver.Article, revisions []storage.Revision, addresses []string) error {
	fmt.Fprintf(a.Out, "%s  %s\n\n", article.ID, cut(printable(titleOf(article)), 100))
	rows := [][]string{{"REV", "SEEN", " WORDS", "    +/-", "CAUSE", "TITLE"}}
	before := 0
	for _, r := range revisions {
		delta := ""
		if r.Number > 1 {
			delta = fmt.Sprintf("%+7d", r.Words-before)
		}
		before = r.Words
		rows = append(rows, []string{fmt.Sprintf("%3d", r.Number), r.Seen.Local().Format("2006-01-02 15:04"), fmt.Sprintf("%6d", r.Words), delta, causeWords(r),
			cut(printable(r.Title), 50)})
	}
	if err := table(a.Out, rows); err != nil {
		return err
	}
	fmt.Fprintf(a.Out, "\nfirst seen  %s\nchecked     %s\n", article.FirstSeen.Local().Format(time.DateTime), article.Checked.Local().Format(time.DateTime))
	switch article.State {
	case archiver.ArticleGone:
		fmt.Fprintf(a.Out, "gone        %s\n", goneWords(article))
	case archiver.ArticleProtected:
		fmt.Fprintln(a.Out, "protected   it needs a password now")
	}
	fmt.Fprintf(a.Out, "address     %s\n", article.URL)
	for _, key := range addresses {
		if key != archiver.Key(article.URL) {
			fmt.Fprintf(a.Out, "also        %s\n", printable(key))
		}
	}
	return nil
}

// historyRecord is the JSON object of an article's history.
type historyRecord struct {
	ID        string             `json:"id"`
	URL       string             `json:"url"`
	State     string             `json:"state"`
	FirstSeen archiver.Timestamp `json:"first_seen,omitzero"`
	Checked   archiver.Timestamp `json:"checked,omitzero"`
	Gone      archiver.Timestamp `json:"gone,omitzero"`
	Why       string             `json:"why,omitempty"`
	Addresses []string           `json:"addresses"` // without scheme, as they are compared
	Revisions []revisionRecord   `json:"revisions"`
}

type revisionRecord struct {
	Number int                `json:"number"` // 0 for the facts of an article that was not read
	Seen   archiver.Timestamp `json:"seen"`
	Cause  string             `json:"cause"` // author, reextract, channel, repair, damaged
	Title  string             `json:"title,omitempty"`
	Words  int                `json:"words"`
}

func (a *app) historyJSON(article archiver.Article, revisions []storage.Revision, addresses []string) error {
	record := historyRecord{ID: article.ID, URL: article.URL, State: string(article.State), FirstSeen: archiver.At(article.FirstSeen.UTC()),
		Checked: archiver.At(article.Checked.UTC()), Gone: archiver.At(article.Gone.UTC()), Why: article.Why, Addresses: addresses}
	for _, r := range revisions {
		cause := string(r.Cause)
		if cause == "" {
			cause = "author"
		}
		record.Revisions = append(record.Revisions, revisionRecord{r.Number, archiver.At(r.Seen.UTC()), cause, r.Title, r.Words})
	}
	return jsonLine(a.Out, record)
}
