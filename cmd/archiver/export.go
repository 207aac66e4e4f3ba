package main

import (
	"fmt"
	"os"
	"strings"

	"archiver"
	"archiver/export"
	"archiver/storage/sqlite"

	"github.com/spf13/cobra"
)

func newExport(a *app) *cobra.Command {
	var f exportFlags
	var target string
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "export FORMAT [SOURCE…]",
		Short: "Write the archive in a form that other programs read",
		Long: `Write the articles of the sources, or of all of them, in a form that other programs read. The same archive gives the same
bytes. A file is replaced whole or not at all; in a folder nothing that you wrote or changed yourself is touched.

Formats, with the options that are for each:
` + formatsHelp() + `
For all of them: --since, --order; for files also --new, with which the exit code is 7 where nothing is new.`,
		Example: `  archiver export epub nlp -o nlp.epub
  archiver export epub nlp --since 30d --order newest --title "This month"
  archiver export epub --new -o today.epub          only what the last today.epub had not
  archiver export markdown -o notes/
  archiver export jsonl -o - | jq .title`,
		Args:              cobra.MinimumNArgs(1),
		ValidArgsFunction: a.completeExport,
		RunE: func(cmd *cobra.Command, args []string) error {
			ctx := cmd.Context()
			format, err := lookupFormat(args[0])
			if err != nil {
				return err
			}
			w, err := f.read(cmd.Flags(), format)
			if err != nil {
				return err
			}
			store, _, err := a.openWith(ctx, sqlite.Options{ReadOnly: !w.isNew})
			if err != nil {
				return err
			}
			defer store.Close()
			if w.ids, w.sources, err = sourceIDs(ctx, store, args[1:]); err != nil {
				return err
			}
			if len(w.ids) == 0 {
				if w.sources, err = store.Sources(ctx); err != nil {
					return err
				}
			}
			if w.target = target; target == "" {
				w.target = defaultTarget(format, w)
			}
			if asJSON && w.target == stdout {
				return invalidExport("--json tells of a file, and here standard output is the file", "name a file with -o, or leave out --json")
			}
			if w.target == stdout && !format.Stream && a.terminal(a.Out) {
				return invalidExport(format.Name+" is nothing for a terminal", "name a file with -o, or send it into another program")
			}
			result, err := a.export(ctx, store, w)
			if err != nil {
				return err
			}
			return a.tellExport(w, result, asJSON)
		},
	}
	cmd.Flags().StringVarP(&target, "output", "o", "", "the `PATH` to write: a file, a folder for markdown, - for standard output (default: SOURCE.EXT here)")
	cmd.Flags().BoolVar(&asJSON, "json", false, "say what was done as one JSON object")
	f.flags(cmd.Flags())
	completeFlags(cmd)
	return cmd
}

// exportRecord is the JSON object of an export that was done.
type exportRecord struct {
	Format    string   `json:"format"`
	Path      string   `json:"path"`
	Articles  int      `json:"articles"`
	Written   int      `json:"written"`
	Unchanged int      `json:"unchanged"`
	Kept      int      `json:"kept"`
	Notes     []string `json:"notes,omitempty"`
}

// tellExport says what an export did. Of one to standard output there is nothing to say but its notes.
func (a *app) tellExport(w edition, r export.Result, asJSON bool) error {
	if asJSON {
		return jsonLine(a.Out, exportRecord{w.format.Name, r.Path, r.Articles, r.Written, r.Unchanged, r.Kept, r.Notes})
	}
	if a.quiet {
		return nil
	}
	for _, note := range r.Notes {
		fmt.Fprintln(a.Err, "archiver: "+printable(note))
	}
	if w.target == stdout {
		return nil
	}
	_, err := fmt.Fprintln(a.Out, exported(r))
	return err
}

// exported says what an export did.
func exported(r export.Result) string {
	line := fmt.Sprintf("%s: %s", printable(r.Path), count(r.Articles, "article"))
	info, err := os.Stat(r.Path)
	switch {
	case err == nil && info.IsDir():
		line += fmt.Sprintf(", %d written, %d unchanged", r.Written, r.Unchanged)
		if r.Kept > 0 {
			line += fmt.Sprintf(", %d left as you made them", r.Kept)
		}
	case r.Unchanged > 0:
		line += ", unchanged"
	case err == nil:
		line += ", " + size(info.Size())
	}
	return line
}

// defaultTarget is a file or folder here, named after the one source, else after the program.
func defaultTarget(format export.Format, w edition) string {
	name := "archive"
	if len(w.sources) == 1 {
		name = w.sources[0].Name
	}
	if w.opts.PerArticle {
		return name // a folder of them
	}
	return name + format.Ext
}

func (a *app) completeExport(cmd *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	if len(args) == 0 {
		return formatNames(), cobra.ShellCompDirectiveNoFileComp
	}
	return a.completeSources(cmd, args, "")
}

// completeSources are the names of the sources, for a shell. Where the archive cannot be read there are none.
func (a *app) completeSources(cmd *cobra.Command, _ []string, _ string) ([]string, cobra.ShellCompDirective) {
	store, _, err := a.openToRead(cmd.Context())
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	defer store.Close()
	sources, err := store.Sources(cmd.Context())
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	var names []string
	for _, s := range sources {
		names = append(names, s.Name)
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}

func lookupFormat(name string) (export.Format, error) {
	format, ok := export.Lookup(name)
	if ok {
		return format, nil
	}
	return export.Format{}, noSuchWord("format", name, formatNames())
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
		if len(f.Takes) > 0 {
			fmt.Fprintf(&b, "  %-9s --%s\n", "", strings.Join(f.Takes, " --"))
		}
	}
	return b.String()
}

func invalidExport(what, hint string) error {
	return &archiver.Error{Kind: archiver.Invalid, Op: "export", Err: fmt.Errorf("%s", what), Hint: hint}
}
