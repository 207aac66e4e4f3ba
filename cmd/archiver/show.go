package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"archiver"
	"archiver/storage"

	"github.com/spf13/cobra"
)

func newShow(a *app) *cobra.Command {
	var asMD, asHTML, asJSON, asRaw bool
	cmd := &cobra.Command{
		Use:   "show ID|URL",
		Short: "Print one article",
		Long: `Print one article as Markdown, or in another form. The ID is what "archiver list" shows; its first four characters do where
they name one article only.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			store, _, err := a.openToRead(cmd.Context())
			if err != nil {
				return err
			}
			defer store.Close()
			article, err := findArticle(cmd.Context(), store, args[0])
			if err != nil {
				return err
			}
			switch {
			case asRaw:
				return a.showRaw(cmd.Context(), store, article)
			case asJSON:
				return writeArticleJSON(a.Out, article)
			case asHTML:
				_, err = fmt.Fprintln(a.Out, article.HTML)
			case asMD:
				_, err = io.WriteString(a.Out, article.Markdown)
			default:
				_, err = io.WriteString(a.Out, reading(article))
			}
			return err
		},
	}
	cmd.Flags().BoolVar(&asMD, "md", false, "the body's Markdown alone")
	cmd.Flags().BoolVar(&asHTML, "html", false, "the body's clean HTML alone")
	cmd.Flags().BoolVar(&asJSON, "json", false, "the JSON object that exports use")
	cmd.Flags().BoolVar(&asRaw, "raw", false, "the page as the server sent it")
	cmd.MarkFlagsMutuallyExclusive("md", "html", "json", "raw")
	return cmd
}

func findArticle(ctx context.Context, store storage.Store, typed string) (archiver.Article, error) {
	name := typed
	if looksLikeAddress(typed) {
		var err error
		if name, err = address(typed); err != nil {
			return archiver.Article{}, err
		}
	}
	article, err := store.Article(ctx, name)
	if archiver.KindOf(err) == archiver.NoMatch {
		return article, noArticle(typed)
	}
	return article, err
}

// reading is an article for reading in a terminal: its facts, then its Markdown.
func reading(article archiver.Article) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n\n", printable(titleOf(article)))
	facts := []string{}
	if len(article.Authors) > 0 {
		facts = append(facts, strings.Join(article.Authors, ", "))
	}
	if !article.Published.IsZero() {
		facts = append(facts, "published "+article.Published.String())
	}
	if !article.Modified.IsZero() {
		facts = append(facts, "modified "+article.Modified.String())
	}
	if len(facts) > 0 {
		fmt.Fprintln(&b, printable(strings.Join(facts, " · ")))
	}
	if labels := append(append([]string{}, article.Categories...), article.Tags...); len(labels) > 0 {
		fmt.Fprintln(&b, printable(strings.Join(labels, " · ")))
	}
	fmt.Fprintf(&b, "%s\n", article.URL)
	switch article.State {
	case archiver.ArticleGone:
		fmt.Fprintln(&b, goneWords(article)+"; this is the copy that was saved")
	case archiver.ArticleProtected:
		fmt.Fprintln(&b, "it needs a password; its text is not in the archive")
	}
	fmt.Fprintf(&b, "\n%s", article.Markdown)
	return b.String()
}

// goneWords say since when an article is gone, and how it went.
func goneWords(article archiver.Article) string {
	words := "no longer online"
	if !article.Gone.IsZero() {
		words += " since " + article.Gone.Local().Format(time.DateOnly)
	}
	if article.Why != "" {
		words += " (" + printable(article.Why) + ")"
	}
	return words
}

func (a *app) showRaw(ctx context.Context, store storage.Store, article archiver.Article) error {
	pages, err := store.Pages(ctx, article.ID)
	if err != nil {
		return err
	}
	for _, page := range pages {
		if _, err := a.Out.Write(page.Raw); err != nil {
			return err
		}
	}
	return nil
}
