package export

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"path/filepath"
	"strconv"
	"strings"

	"archiver"
)

// This file writes several books in the place of one: volumes beside the target, or a book an article in a folder.

// volume is which one of several books a book is. The zero value is the only one.
type volume struct {
	label    string // that its title ends with
	position int    // in the series of volumes, from 1; 0 where it is in none
	title    string // in the place of the sources' titles
	key      string // what tells it from the other books of its sources
}

// several reports whether the options ask for more than one book.
func several(opts Options) bool { return opts.PerArticle || opts.Split != Split{} && opts.Brief != nil }

func exportBooks(ctx context.Context, target string, articles Articles, opts Options) (Result, error) {
	if opts.PerArticle {
		return exportSingles(ctx, target, articles, opts)
	}
	return exportVolumes(ctx, target, articles, opts)
}

// volumes are the labels of a book's volumes in the order of their first articles.
type volumes struct {
	split  Split
	labels []string
	digits int
	apart  bool // a label comes again after another one
}

// label is the volume of the article that is the n-th from 0.
func (v *volumes) label(n int, a *archiver.Article) string {
	date := day(a.Published)
	switch v.split.By {
	case "year":
		date = date[:min(len(date), len("2006"))]
	case "month":
		date = date[:min(len(date), len("2006-01"))]
	default:
		return fmt.Sprintf("%0*d", v.digits, n/max(v.split.Every, 1)+1)
	}
	if date == "" {
		return "undated"
	}
	return date
}

// planVolumes reads the articles without their texts.
func planVolumes(ctx context.Context, opts Options) (*volumes, error) {
	switch opts.Split.By {
	case "year", "month", "":
	default:
		return nil, &archiver.Error{Kind: archiver.Invalid, Op: "export epub", Err: errors.New("a book cannot be split by " + opts.Split.By),
			Hint: "split it by year, by month, or into so many articles each"}
	}
	v := &volumes{split: opts.Split}
	known := map[string]bool{}
	n, last := 0, ""
	for a, err := range opts.Brief {
		if err == nil && ctx.Err() != nil {
			err = context.Cause(ctx)
		}
		if err != nil {
			return nil, err
		}
		label := v.label(n, &a)
		if n++; n > 1 && label == last {
			continue
		}
		if last = label; known[label] {
			v.apart = true
			continue
		}
		known[label] = true
		v.labels = append(v.labels, label)
	}
	if v.split.By == "" {
		count := len(v.labels)
		v.digits = len(strconv.Itoa(count))
		v.labels = nil
		for i := range count {
			v.labels = append(v.labels, fmt.Sprintf("%0*d", v.digits, i+1))
		}
	}
	return v, nil
}

// only are the articles of one volume.
func (v *volumes) only(label string, articles Articles) Articles {
	return func(yield func(archiver.Article, error) bool) {
		n := 0
		for a, err := range articles {
			if err == nil {
				mine := v.label(n, &a) == label
				if n++; !mine {
					continue
				}
			}
			if !yield(a, err) || err != nil {
				return
			}
		}
	}
}

// exportVolumes writes a file a volume beside the target: nlp-2017.epub for nlp.epub. Articles that come volume by volume are read
// once; where they do not, once for each volume.
func exportVolumes(ctx context.Context, target string, articles Articles, opts Options) (Result, error) {
	v, err := planVolumes(ctx, opts)
	if err != nil {
		return Result{}, err
	}
	if len(v.labels) == 0 { // the error for nothing to export is said in one place
		return writeBook(ctx, io.Discard, articles, opts, volume{})
	}
	next, stop := iter.Pull2(articles)
	defer stop()
	run := &volumeRun{volumes: v, next: next}
	ext := filepath.Ext(target)
	stem := strings.TrimSuffix(target, ext)
	total := Result{Path: stem + "-*" + ext}
	if len(v.labels) == 1 {
		total.Path = stem + "-" + v.labels[0] + ext
	}
	missing := map[string]bool{}
	for i, label := range v.labels {
		mine := run.of(label)
		if v.apart {
			mine = v.only(label, articles)
		}
		inner := opts
		inner.Brief = v.only(label, opts.Brief)
		done := total.Articles
		if opts.Progress != nil {
			inner.Progress = func(n int) { opts.Progress(done + n) }
		}
		var result Result
		changed, err := placeFile(stem+"-"+label+ext, func(w io.Writer) (err error) {
			result, err = writeBook(ctx, w, mine, inner, volume{label: label, position: i + 1, key: label})
			return err
		})
		if err != nil {
			return Result{}, err
		}
		total.Articles += result.Articles
		if changed {
			total.Written++
		} else {
			total.Unchanged++
		}
		for _, note := range result.Notes {
			if note = label + ": " + note; !missing[note] && len(total.Notes) < maxNotes {
				missing[note] = true
				total.Notes = append(total.Notes, note)
			}
		}
	}
	if run.left() && !v.apart {
		return Result{}, &archiver.Error{Kind: archiver.Transient, Op: "export epub", Err: errors.New("the archive changed while its volumes were written"),
			Hint: "run it again"}
	}
	return total, nil
}

// volumeRun hands out the articles of volume after volume.
type volumeRun struct {
	*volumes
	next func() (archiver.Article, error, bool)
	n    int
	held *archiver.Article // read, and not of the volume before
	err  error
}

func (r *volumeRun) of(label string) Articles {
	return func(yield func(archiver.Article, error) bool) {
		for r.left() {
			a := r.held
			if r.label(r.n, a) != label {
				return
			}
			r.held = nil
			r.n++
			if !yield(*a, nil) {
				return
			}
		}
		if r.err != nil {
			yield(archiver.Article{}, r.err)
		}
	}
}

// left reports whether there is another article, and holds it.
func (r *volumeRun) left() bool {
	if r.held == nil && r.err == nil {
		if a, err, ok := r.next(); ok && err == nil {
			r.held = &a
		} else if ok {
			r.err = err
		}
	}
	return r.held != nil
}

// exportSingles writes a book an article into a folder, by the rules of folder.go.
func exportSingles(ctx context.Context, target string, articles Articles, opts Options) (result Result, err error) {
	const ext = ".epub"
	if trimmed := strings.TrimSuffix(target, ext); trimmed != "" {
		target = trimmed
	}
	inner := opts
	inner.Brief, inner.Progress, inner.Changes = nil, nil, false
	var f *folder
	defer func() {
		if f != nil {
			err = errors.Join(err, f.close())
			result = f.result
		}
	}()
	notes := 0
	_, err = each(ctx, articles, opts, func(a *archiver.Article) error {
		if f == nil {
			if f, err = openFolder(target, "epub"); err != nil {
				return err
			}
		}
		f.result.Articles++
		var b bytes.Buffer
		one := func(yield func(archiver.Article, error) bool) { yield(*a, nil) }
		written, err := writeBook(ctx, &b, one, inner, volume{title: titleOf(a), key: idOf(a)})
		if err != nil {
			return err
		}
		notes += len(written.Notes)
		return f.put(piece{key: idOf(a), source: a.Source, names: []string{fileName(a, ext, false), fileName(a, ext, true)}, content: b.Bytes()})
	})
	if err == nil && opts.Whole {
		err = f.clear(ctx, opts.Sources)
	}
	if f != nil && notes > 0 {
		f.note("some books lack images; they name their addresses")
	}
	return result, err
}
