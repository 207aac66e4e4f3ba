package export

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"

	"archiver"
)

// Articles is what a format writes: articles in the order they are to stand in. An error ends the export.
type Articles = iter.Seq2[archiver.Article, error]

// Options say what an export is called. The zero value is useful.
type Options struct {
	Title    string // of the book; the sources' own titles where empty
	Language string // BCP 47, of the book; the articles' most frequent one where empty
	// Sources are the listings that the articles were chosen by. With more than one, a folder has a folder for each.
	Sources []archiver.Source
	// Library has the pictures of the articles; where it is nil, pictures stay links.
	Library Library
	// Progress, where it is not nil, is called after each article with the number of articles so far.
	Progress func(n int)
}

// Library is what formats ask of an archive beside the articles themselves. Nothing is asked of the network.
type Library interface {
	// Images are the pictures of an article by its ID, the lead image first, stored or not.
	Images(ctx context.Context, articleID string) ([]archiver.Image, error)
	// Asset is a stored picture by its sum, or by its address.
	Asset(ctx context.Context, sumOrURL string) (archiver.Asset, error)
}

// Result is what an export did.
type Result struct {
	Articles  int
	Written   int      // files that are new or have changed
	Unchanged int      // files that hold the same bytes already; they are not touched
	Kept      int      // articles whose file a person changed, removed or put there; it is left as it is
	Path      string   // where it was written; empty for a stream
	Notes     []string // for people, one line each
}

// Format is one way out of the archive.
type Format struct {
	Name    string // for the command line
	Ext     string // of the file, with its dot; empty for a folder
	Summary string
	Dir     bool // it writes a folder: Export only
	Stream  bool // it is text, fit for standard output

	write  func(ctx context.Context, w io.Writer, articles Articles, opts Options) (Result, error)
	folder func(ctx context.Context, path string, articles Articles, opts Options) (Result, error)
}

// Formats are all formats, in the order of their names.
func Formats() []Format {
	return []Format{
		{Name: "epub", Ext: ".epub", Summary: "one book, a chapter an article", write: writeEPUB},
		{Name: "json", Ext: ".json", Summary: "one JSON document", Stream: true, write: writeJSON},
		{Name: "jsonl", Ext: ".jsonl", Summary: "JSON Lines, one article a line", Stream: true, write: writeJSONL},
		{Name: "markdown", Summary: "a folder, one file with front matter an article", Dir: true, folder: writeMarkdown},
	}
}

// Lookup finds a format by its name.
func Lookup(name string) (Format, bool) {
	for _, f := range Formats() {
		if f.Name == name {
			return f, true
		}
	}
	return Format{}, false
}

// Write writes articles to w; the format is one of files, not of folders. Without any article nothing is written and the error
// is of kind NoMatch. An error leaves w with a part.
func (f Format) Write(ctx context.Context, w io.Writer, articles Articles, opts Options) (Result, error) {
	if f.Dir {
		return Result{}, &archiver.Error{Kind: archiver.Invalid, Op: "export " + f.Name,
			Err: errors.New("it is a folder and cannot be written to a stream"), Hint: "name a folder with -o"}
	}
	return f.write(ctx, w, articles, opts)
}

// Export writes articles to a file, or into a folder. A file is replaced whole, after everything was written; where anything
// fails before that, the old file is as it was. Without any article nothing is written and the error is of kind NoMatch. A
// target that cannot be written is Invalid where the name is to blame and Storage where the disk is.
func (f Format) Export(ctx context.Context, path string, articles Articles, opts Options) (Result, error) {
	if f.Dir {
		return f.folder(ctx, path, articles, opts)
	}
	var result Result
	changed, err := placeFile(path, func(w io.Writer) (err error) {
		result, err = f.write(ctx, w, articles, opts)
		return err
	})
	if err != nil {
		return Result{}, err
	}
	result.Path = path
	if changed {
		result.Written = 1
	} else {
		result.Unchanged = 1
	}
	return result, nil
}

// each hands the articles to write one by one and counts them.
func each(ctx context.Context, articles Articles, opts Options, write func(*archiver.Article) error) (n int, err error) {
	for article, err := range articles {
		if ctx.Err() != nil {
			return n, context.Cause(ctx)
		}
		if err != nil {
			return n, fmt.Errorf("read articles: %w", err)
		}
		if err := write(&article); err != nil {
			return n, err
		}
		n++
		if opts.Progress != nil {
			opts.Progress(n)
		}
	}
	switch {
	case ctx.Err() != nil:
		return n, context.Cause(ctx)
	case n == 0:
		return 0, &archiver.Error{Kind: archiver.NoMatch, Op: "export", Err: errors.New("there is no article to export; nothing was written")}
	}
	return n, nil
}
