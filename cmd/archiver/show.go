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
	var form articleForm
	var asRaw, images bool
	cmd := &cobra.Command{
		Use:   "show ID|URL",
		Short: "Print one article",
		Long: `Print one article as Markdown, or in another form. The ID is what "archiver list" shows; its first four characters do where
they name one article only. --images lists its pictures instead: each with its size, or why it is not in the archive.`,
		Example: `  archiver show 3f9a
  archiver show https://blog.example/2024/05/post/ --json
  archiver show 3f9a --images`,
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
			case images:
				return a.showImages(cmd.Context(), store, article, form.json)
			case asRaw:
				return a.showRaw(cmd.Context(), store, article)
			}
			return form.write(a.Out, article)
		},
	}
	form.flags(cmd)
	cmd.Flags().BoolVar(&asRaw, "raw", false, "the page as the server sent it; of an article that came over REST its post's JSON")
	cmd.Flags().BoolVar(&images, "images", false, "list its pictures; with --json one object a line")
	cmd.MarkFlagsMutuallyExclusive("md", "html", "json", "raw")
	for _, form := range []string{"md", "html", "raw"} {
		cmd.MarkFlagsMutuallyExclusive("images", form)
	}
	return cmd
}

// articleForm is how one article is printed: for reading where nothing is set.
type articleForm struct{ md, html, json bool }

func (f *articleForm) flags(cmd *cobra.Command) {
	cmd.Flags().BoolVar(&f.md, "md", false, "the body's Markdown alone")
	cmd.Flags().BoolVar(&f.html, "html", false, "the body's clean HTML alone")
	cmd.Flags().BoolVar(&f.json, "json", false, "the JSON object that exports use")
}

func (f articleForm) write(w io.Writer, article archiver.Article) error {
	var err error
	switch {
	case f.json:
		return writeArticleJSON(w, article)
	case f.html:
		_, err = fmt.Fprintln(w, article.HTML)
	case f.md:
		_, err = io.WriteString(w, article.Markdown)
	default:
		_, err = io.WriteString(w, reading(article))
	}
	return err
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

// imageRecord is a picture as --json prints it.
type imageRecord struct {
	URL     string    `json:"url"`
	State   string    `json:"state"`
	Reason  string    `json:"reason,omitempty"`
	Checked time.Time `json:"checked,omitzero"`
	SHA256  string    `json:"sha256,omitempty"`
	Type    string    `json:"type,omitempty"`
	Width   int       `json:"width,omitempty"`
	Height  int       `json:"height,omitempty"`
	Bytes   int64     `json:"bytes,omitempty"`
}

// showImages lists the pictures of an article.
func (a *app) showImages(ctx context.Context, store storage.Store, article archiver.Article, asJSON bool) error {
	images, err := store.Images(ctx, article.ID)
	if err != nil {
		return err
	}
	rows := [][]string{{"STATE", "WHAT", "ADDRESS"}}
	for _, i := range images {
		if asJSON {
			record := imageRecord{i.URL, string(i.State), i.Reason, i.Checked, i.Sum, i.Type, i.Width, i.Height, i.Size}
			if err := jsonLine(a.Out, record); err != nil {
				return err
			}
			continue
		}
		rows = append(rows, []string{string(i.State), whatOf(i), i.URL})
	}
	if len(images) == 0 {
		fmt.Fprintln(a.Err, "archiver: it has no pictures")
	}
	if asJSON || len(images) == 0 {
		return nil
	}
	return table(a.Out, rows)
}

// whatOf says in a few words what there is of a picture, or why it is not there.
func whatOf(i archiver.Image) string {
	switch {
	case i.State != archiver.AssetStored:
		return cut(printable(i.Reason), 60)
	case i.Width > 0:
		return fmt.Sprintf("%s %d×%d, %s", strings.TrimPrefix(i.Type, "image/"), i.Width, i.Height, size(i.Size))
	}
	return strings.TrimPrefix(i.Type, "image/") + ", " + size(i.Size)
}
