package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"archiver"
	"archiver/export"
	"archiver/storage"

	"github.com/agnivade/levenshtein"
	"github.com/spf13/cobra"
)

func newExport(a *app) *cobra.Command {
	var target, title string
	cmd := &cobra.Command{
		Use:   "export FORMAT [SOURCE…]",
		Short: "Write the archive as " + strings.Join(formatNames(), ", "),
		Long: `Write the articles of the sources, or of all of them, in a form that other programs read. The same archive gives the same
bytes. A file is replaced whole or not at all; in a folder nothing that you wrote or changed yourself is touched.

Formats:
` + formatsHelp(),
		Example: `  archiver export epub nlp -o nlp.epub
  archiver export markdown -o notes/
  archiver export jsonl -o - | jq .title`,
		Args: cobra.MinimumNArgs(1),
		ValidArgsFunction: func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			if len(args) == 0 {
				return formatNames(), cobra.ShellCompDirectiveNoFileComp
			}
			return nil, cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			format, err := lookupFormat(args[0])
			if err != nil {
				return err
			}
			store, _, err := a.openToRead(cmd.Context())
			if err != nil {
				return err
			}
			defer store.Close()
			return a.export(cmd.Context(), store, format, args[1:], target, title)
		},
	}
	cmd.Flags().StringVarP(&target, "output", "o", "", "the `PATH` to write: a file, a folder for markdown, - for standard output (default: SOURCE.EXT here)")
	cmd.Flags().StringVar(&title, "title", "", "the book's `TITLE` (default: the listing's own)")
	return cmd
}

func (a *app) export(ctx context.Context, store storage.Store, format export.Format, names []string, target, title string) error {
	ids, sources, err := sourceIDs(ctx, store, names)
	if err != nil {
		return err
	}
	if len(names) == 0 {
		if sources, err = store.Sources(ctx); err != nil {
			return err
		}
	}
	articles := store.Articles(ctx, storage.Query{Sources: ids})
	opts := export.Options{Title: title, Sources: sources, Library: store}
	if target == "-" {
		_, err := format.Write(ctx, a.Out, articles, opts)
		return err
	}
	if target == "" {
		target = defaultTarget(format, names, sources)
	}
	result, err := format.Export(ctx, target, articles, opts)
	if err != nil {
		return err
	}
	for _, note := range result.Notes {
		fmt.Fprintln(a.Err, "archiver: "+printable(note))
	}
	if a.quiet {
		return nil
	}
	_, err = fmt.Fprintln(a.Out, exported(format, result))
	return err
}

// exported says what an export did.
func exported(format export.Format, r export.Result) string {
	line := fmt.Sprintf("%s: %s", r.Path, count(r.Articles, "article"))
	if format.Dir {
		line += fmt.Sprintf(", %d written, %d unchanged", r.Written, r.Unchanged)
		if r.Kept > 0 {
			line += fmt.Sprintf(", %d left as you made them", r.Kept)
		}
		return line
	}
	if r.Unchanged > 0 {
		return line + ", unchanged"
	}
	if info, err := os.Stat(r.Path); err == nil {
		line += ", " + size(info.Size())
	}
	return line
}

// defaultTarget is a file or folder here, named after the one source, else after the program.
func defaultTarget(format export.Format, names []string, sources []archiver.Source) string {
	name := "archive"
	if len(names) == 1 || len(names) == 0 && len(sources) == 1 {
		name = sources[0].Name
	}
	return name + format.Ext
}

func lookupFormat(name string) (export.Format, error) {
	format, ok := export.Lookup(name)
	if ok {
		return format, nil
	}
	err := &archiver.Error{Kind: archiver.Invalid, Err: errors.New("there is no format " + name), Hint: "the formats are " + strings.Join(formatNames(), ", ")}
	for _, known := range formatNames() {
		if levenshtein.ComputeDistance(name, known) <= 2 || strings.HasPrefix(known, name) {
			err.Hint = "did you mean " + known + "? " + err.Hint
		}
	}
	return export.Format{}, err
}

func formatNames() []string {
	var names []string
	for _, f := range export.Formats() {
		names = append(names, f.Name)
	}
	return names
}

func formatsHelp() string {
	var b strings.Builder
	for _, f := range export.Formats() {
		fmt.Fprintf(&b, "  %-9s %s\n", f.Name, f.Summary)
	}
	return strings.TrimRight(b.String(), "\n")
}
