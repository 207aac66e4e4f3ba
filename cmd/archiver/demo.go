package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"archiver"
	"archiver/export"
	"archiver/internal/config"
	"archiver/internal/testsite"
	"archiver/storage"
	"archiver/storage/sqlite"

	"github.com/spf13/cobra"
)

const demoArchive = "archive.db"

func newDemo(a *app) *cobra.Command {
	var dir string
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Archive a built-in sample blog: no network needed, a few seconds",
		Long: `Serve a small Chinese NLP blog on this machine, archive its category into a new archive, and export it in every format into
one folder, in place of an earlier demo. Then the blog goes on: an article is published, one edited, one deleted, and a second sync
finds out. It shows the whole job and needs no network.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.demo(cmd.Context(), dir)
		},
	}
	cmd.Flags().StringVar(&dir, "dir", "demo", "the `FOLDER` to write into")
	return cmd
}

func (a *app) demo(ctx context.Context, dir string) (err error) {
	if err := freshDemo(dir); err != nil {
		return err
	}
	site, err := testsite.Start(testsite.Seed(), testsite.REST())
	if err != nil {
		return &archiver.Error{Kind: archiver.Internal, Op: "serve the sample blog", Err: err}
	}
	defer func() { err = errors.Join(err, site.Close()) }()
	a.db = filepath.Join(dir, demoArchive)
	store, err := sqlite.Open(ctx, a.db, sqlite.Options{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()

	a.say("a sample blog is served at %s; its category page is", site.URL())
	a.say("  %s", site.Category())
	a.say("")
	a.say("$ archiver --db %s sync %s --delay 0", a.db, site.Category())
	if _, err := addSource(ctx, store, site.Category(), "nlp", archiver.Settings{}); err != nil {
		return err
	}
	o := syncOptions{crawling: crawling{concurrency: defaultConcurrency}, parallel: 1}
	if err := a.sync(ctx, store, config.Config{}, o, nil, []string{"nlp"}); err != nil {
		return err
	}
	a.say("")
	a.say("$ archiver --db %s list", a.db)
	query := storage.Query{Brief: true, Newest: true, States: articleStates}
	if err := a.listTable(ctx, store, query); err != nil {
		return err
	}
	query.Limit = 1
	var newest archiver.Article
	for newest, err = range store.Articles(ctx, query) {
		if err != nil {
			return err
		}
	}
	if err := a.demoExports(ctx, store, dir); err != nil {
		return err
	}
	if err := a.demoLater(ctx, store, site, o); err != nil {
		return err
	}
	a.say("")
	a.say("what to try next (archiver is `go run ./cmd/archiver` until you `go install ./cmd/archiver`):")
	a.say("  archiver --db %s search 对抗训练", a.db)
	a.say("  archiver --db %s show %s", a.db, newest.ID)
	a.say("  open %s in an e-book reader, %s in Obsidian", filepath.Join(dir, "nlp.epub"), filepath.Join(dir, "markdown"))
	a.say("  archiver probe https://YOUR.BLOG/category/…    what archiver makes of a blog of yours")
	a.say("  archiver sync https://YOUR.BLOG/category/…     archive it")
	return nil
}

func (a *app) demoExports(ctx context.Context, store storage.Store, dir string) error {
	a.say("")
	for _, format := range export.Formats() {
		target := filepath.Join(dir, "nlp"+format.Ext)
		if format.Dir {
			target = filepath.Join(dir, format.Name)
		}
		a.say("$ archiver --db %s export %s nlp -o %s", a.db, format.Name, target)
		if err := a.export(ctx, store, format, []string{"nlp"}, target, ""); err != nil {
			return err
		}
	}
	return nil
}

func (a *app) say(format string, args ...any) {
	if !a.quiet {
		fmt.Fprintf(a.Out, format+"\n", args...)
	}
}

// freshDemo makes the folder, or empties it of an earlier demo. A folder that holds something else is left alone.
func freshDemo(dir string) error {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, os.ErrNotExist) {
		err = os.MkdirAll(dir, 0o755)
	}
	if err != nil {
		return &archiver.Error{Kind: archiver.Invalid, Op: "make the demo's folder", Err: err, Hint: "name another one with --dir"}
	}
	if len(entries) == 0 {
		return nil
	}
	if _, err := os.Stat(filepath.Join(dir, demoArchive)); err != nil {
		return &archiver.Error{Kind: archiver.Invalid, Err: fmt.Errorf("the folder %s holds something that is not an earlier demo", dir),
			Hint: "name another one with --dir"}
	}
	for _, name := range []string{demoArchive, demoArchive + "-wal", demoArchive + "-shm", demoArchive + ".lock", "nlp.epub", "nlp.json", "nlp.jsonl", "markdown"} {
		if err := os.RemoveAll(filepath.Join(dir, name)); err != nil {
			return &archiver.Error{Kind: archiver.Storage, Op: "clear the earlier demo", Err: err}
		}
	}
	return nil
}
