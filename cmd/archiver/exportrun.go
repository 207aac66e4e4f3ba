package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"archiver"
	"archiver/export"
	"archiver/storage"
)

// This file does an export. Rules: what is written is what was read, article by article; a delivery is noted only after the file is
// in its place; what went wrong, or was broken off, leaves the old file and what is known of it as they were.

// stdout is the target that is no file.
const stdout = "-"

// edition is an export that was asked for.
type edition struct {
	format  export.Format
	opts    export.Options
	order   string
	css     string // a file
	target  string
	isNew   bool   // only what is new for the target
	name    string // that the target is remembered by; its path where empty
	ids     []int64
	sources []archiver.Source
}

// export writes what is wanted.
func (a *app) export(ctx context.Context, store storage.Store, w edition) (export.Result, error) {
	query := storage.Query{Sources: w.ids, Since: w.opts.Since, Newest: w.order == "newest"}
	if w.isNew {
		var err error
		if query.NotAt, err = w.remembered(); err != nil {
			return export.Result{}, err
		}
	}
	went := map[string]int{}
	result, err := a.writeEdition(ctx, store, w, query, went, func(articles export.Articles, opts export.Options) (export.Result, error) {
		if w.target == stdout {
			return w.format.Write(ctx, a.Out, articles, opts)
		}
		return w.format.Export(ctx, w.target, articles, opts)
	})
	switch {
	case err != nil && archiver.KindOf(err) == archiver.NoMatch && w.isNew:
		return result, a.nothingNew(ctx, store, query.NotAt, w.target, "written")
	case err != nil || !w.isNew:
		return result, err
	}
	// The file is in its place: a signal now is not to have its articles come twice.
	return result, store.Deliver(context.WithoutCancel(ctx), query.NotAt, went, time.Now())
}

// writeEdition has the articles of a query written, and keeps which revision of each was read.
func (a *app) writeEdition(ctx context.Context, store storage.Store, w edition, query storage.Query, went map[string]int,
	write func(export.Articles, export.Options) (export.Result, error)) (export.Result, error) {
	brief := query
	brief.Brief = true
	articles, known := store.Articles(ctx, query), store.Articles(ctx, brief)
	if w.order == "title" {
		var err error
		if articles, known, err = byTitle(ctx, store, known); err != nil {
			return export.Result{}, err
		}
	}
	opts := w.opts
	var err error
	if opts.Style, err = readStyle(w.css); err != nil {
		return export.Result{}, err
	}
	opts.Brief, opts.Library, opts.Sources = known, store, w.sources
	opts.Whole = query.Since.IsZero() && query.NotAt == "" // only then may a folder lose what it does not get
	bar := a.newBar(w.format.Name)
	defer bar.clear()
	if bar.bar != nil {
		of := 0
		for _, err := range known {
			if err != nil {
				return export.Result{}, err
			}
			of++
		}
		opts.Progress = func(n int) { bar.steps(n, of, "writing") }
	}
	return write(noting(articles, went), opts)
}

// remembered is the name that the archive knows the target by.
func (w edition) remembered() (string, error) {
	switch {
	case w.name != "":
		return w.format.Name + ":=" + w.name, nil
	case w.target == stdout:
		return "", flagError("new", "standard output is nothing to remember", "name it: --new=NAME")
	}
	path, err := filepath.Abs(w.target)
	if err != nil {
		return "", archiver.Errorf(archiver.Internal, "find the folder that this is: %w", err)
	}
	return w.format.Name + ":" + path, nil
}

// nothingNew says that a target has everything.
func (a *app) nothingNew(ctx context.Context, store storage.Store, target, shown, done string) error {
	has, err := store.Delivered(ctx, target)
	if err != nil {
		return err
	}
	what := "there is nothing new; nothing was " + done
	if has.Articles > 0 {
		what = fmt.Sprintf("there is nothing new since %s; nothing was %s", has.Last.Local().Format("2006-01-02 15:04"), done)
	}
	return &archiver.Error{Kind: archiver.NoMatch, URL: shown, Err: errors.New(what)}
}

// noting keeps which revision of each article was read. Of an article that is read twice, the earlier one: what is sent twice is not lost.
func noting(articles export.Articles, went map[string]int) export.Articles {
	return func(yield func(archiver.Article, error) bool) {
		for a, err := range articles {
			if err == nil {
				if n, again := went[a.ID]; !again || a.Revision < n {
					went[a.ID] = a.Revision
				}
			}
			if !yield(a, err) {
				return
			}
		}
	}
}

// byTitle gives the articles in the order of their titles, with and without texts. The titles of all are in memory meanwhile.
func byTitle(ctx context.Context, store storage.Store, known export.Articles) (articles, brief export.Articles, err error) {
	type entry struct{ id, title, url string }
	var entries []entry
	for a, err := range known {
		if err != nil {
			return nil, nil, err
		}
		entries = append(entries, entry{a.ID, strings.ToLower(a.Title), a.URL})
	}
	slices.SortFunc(entries, func(a, b entry) int { return cmp.Or(cmp.Compare(a.title, b.title), cmp.Compare(a.url, b.url)) })
	read := func(brief bool) export.Articles {
		return func(yield func(archiver.Article, error) bool) {
			for _, e := range entries {
				a, err := store.Article(ctx, e.id)
				if brief {
					a.HTML, a.Markdown = "", ""
				}
				if !yield(a, err) {
					return
				}
			}
		}
	}
	return read(false), read(true), nil
}
