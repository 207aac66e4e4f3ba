package export

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"time"

	"archiver"
)

// Articles is what a format writes: articles in the order they are to stand in. An error ends the export.
type Articles = iter.Seq2[archiver.Article, error]

// Options say what an export is called and how it is to be. The zero value is useful; a format leaves alone what is not for it
// (Format.Takes).
type Options struct {
	Title    string // of the book; the sources' own titles where empty
	Author   string // of the book; those of the articles where empty
	Language string // BCP 47, of the book; the articles' most frequent one where empty
	// Sources are the listings that the articles were chosen by. With more than one, a folder has a folder for each.
	Sources []archiver.Source
	// Whole says that the articles are all that the archive has of the Sources: a folder may remove what it wrote of others.
	Whole bool
	// Brief are the same articles in the same order without their texts: what has to know all of them before the first is written
	// (links from one to another, volumes). Where it is nil, links lead to the web and nothing is split.
	Brief Articles
	// Library has what the archive keeps beside the articles; where it is nil, pictures stay links.
	Library Library
	// Progress, where it is not nil, is called after each article with the number of articles so far.
	Progress func(n int)

	Split      Split     // into volumes
	PerArticle bool      // a file each, in a folder
	NoImages   bool      // pictures stay links
	MaxImage   int       // pixels of a picture's longer side in books; DefaultMaxImage where 0
	Style      []byte    // CSS that stands after a book's own
	Changes    bool      // a chapter that tells what changed
	Since      time.Time // from when Changes tells; all of them where zero
	Flavor     Flavor    // of Markdown
	Chunk      int       // characters of a piece at most (JSON Lines); articles stay whole where 0
	Overlap    int       // characters that a piece repeats of the one before
}

// Split says where one volume of a book ends.
type Split struct {
	By    string // "year" or "month" of an article's date; empty where Every rules, or for no split
	Every int    // articles a volume; 0 for no bound
}

// Flavor is for whom Markdown is written.
type Flavor string

// Flavors of Markdown; the empty one is FlavorPlain.
const (
	FlavorPlain    Flavor = "plain"
	FlavorObsidian Flavor = "obsidian"
	FlavorHugo     Flavor = "hugo"
	FlavorJekyll   Flavor = "jekyll"
)

// DefaultMaxImage is what an e-reader's page shows of a picture's longer side; larger ones cost space and memory for nothing.
const DefaultMaxImage = 1200

// Library is what formats ask of an archive beside the articles themselves. Nothing is asked of the network.
type Library interface {
	// Images are the pictures of an article by its ID, the lead image first, stored or not.
	Images(ctx context.Context, articleID string) ([]archiver.Image, error)
	// Asset is a stored picture by its sum, or by its address.
	Asset(ctx context.Context, sumOrURL string) (archiver.Asset, error)
	// Addresses are the keys (archiver.Key) of all addresses of an article, that of its URL first.
	Addresses(ctx context.Context, articleID string) ([]string, error)
	// Pages are the raw pages of an article, first page first.
	Pages(ctx context.Context, articleID string) ([]archiver.Page, error)
	// Revisions are the texts that an article had, the first one first.
	Revisions(ctx context.Context, articleID string) ([]archiver.Revision, error)
	// Revision is an article with the text and facts of one of them.
	Revision(ctx context.Context, articleID string, number int) (archiver.Article, error)
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
	// Takes are the options that mean something to it, by the names of their flags.
	Takes []string

	write  func(ctx context.Context, w io.Writer, articles Articles, opts Options) (Result, error)
	many   func(ctx context.Context, path string, articles Articles, opts Options) (Result, error) // where the options ask for several files
	folder func(ctx context.Context, path string, articles Articles, opts Options) (Result, error)
}

// Formats are all formats, in the order of their names.
func Formats() []Format {
	return []Format{
		{Name: "atom", Ext: ".atom", Summary: "a feed that readers and importers take", Stream: true, Takes: []string{"title", "author", "language"}, write: writeAtom},
		{Name: "csv", Ext: ".csv", Summary: "an index for spreadsheets, one article a row", Stream: true, write: writeCSV},
		{Name: "epub", Ext: ".epub", Summary: "one book, a chapter an article", write: writeEPUB, many: exportBooks,
			Takes: []string{"title", "author", "language", "split", "per-article", "no-images", "max-image", "css", "changes"}},
		{Name: "html", Summary: "a folder of web pages that are read without a network", Dir: true, Takes: []string{"title", "language", "no-images"}, folder: writeHTML},
		{Name: "json", Ext: ".json", Summary: "one JSON document", Stream: true, write: writeJSON},
		{Name: "jsonfeed", Ext: ".feed.json", Summary: "JSON Feed 1.1", Stream: true, Takes: []string{"title", "author", "language"}, write: writeJSONFeed},
		{Name: "jsonl", Ext: ".jsonl", Summary: "JSON Lines, one article a line, or one piece of it", Stream: true, Takes: []string{"chunks", "overlap"}, write: writeJSONL},
		{Name: "markdown", Summary: "a folder, one file with front matter an article", Dir: true, Takes: []string{"flavor", "no-images"}, folder: writeMarkdown},
		{Name: "pdf", Ext: ".pdf", Summary: "one book for paper, printed by the system's Chromium", write: writePDF,
			Takes: []string{"title", "author", "language", "no-images", "max-image", "css", "changes"}},
		{Name: "warc", Ext: ".warc.gz", Summary: "WARC 1.1 of the raw pages and pictures", Takes: []string{"no-images"}, write: writeWARC},
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
	if f.many != nil && several(opts) {
		return f.many(ctx, path, articles, opts)
	}
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
