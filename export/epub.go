package export

import (
	"archive/zip"
	"bytes"
	"context"
	_ "embed"
	"hash/crc32"
	"io"
	"strconv"
	"time"

	"archiver"

	"github.com/klauspost/compress/flate"
)

// This file is the container of an EPUB 3 book. The chapters are written while the articles come; what stands about all of
// them (table of contents, metadata) is written last, from the little that is kept of each: entry. Nothing in a book says when
// it was made: an entry of the zip has the date of its article.

const (
	mediaType = "application/epub+zip"
	// compression is the level beyond which Chinese text hardly gets smaller.
	compression = 6
)

//go:embed book.css
var stylesheet []byte

const container = `<?xml version="1.0" encoding="UTF-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles><rootfile full-path="EPUB/package.opf" media-type="application/oebps-package+xml"/></rootfiles>
</container>
`

// book is an EPUB that is being written.
type book struct {
	zip     *zip.Writer
	page    bytes.Buffer // the part that is being made
	opts    Options
	entries []entry
	names   map[string]bool
	seen    gathered
}

// entry is what is kept of a chapter.
type entry struct {
	name  string // of its file and its item, without ending
	title string
	date  string // as its page gave it, the day; empty for none
	lang  string
}

func writeEPUB(ctx context.Context, w io.Writer, articles Articles, opts Options) (Result, error) {
	b := newBook(w, opts)
	n, err := each(ctx, articles, opts, b.add)
	if err != nil {
		return Result{}, err
	}
	if err := b.finish(); err != nil {
		return Result{}, err
	}
	result := Result{Articles: n}
	if b.seen.images > 0 {
		result.Notes = append(result.Notes, strconv.Itoa(b.seen.images)+" images are links to their addresses; the book holds none")
	}
	return result, nil
}

func newBook(w io.Writer, opts Options) *book {
	b := &book{zip: zip.NewWriter(w), opts: opts, names: map[string]bool{}}
	var deflate *flate.Writer // one for all entries: they are written one after the other
	b.zip.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) {
		if deflate != nil {
			deflate.Reset(w)
			return deflate, nil
		}
		var err error
		deflate, err = flate.NewWriter(w, compression)
		return deflate, err
	})
	return b
}

// add writes the article's chapter.
func (b *book) add(a *archiver.Article) error {
	if len(b.entries) == 0 {
		if err := b.begin(); err != nil {
			return err
		}
	}
	e := entry{name: b.name(a), title: shortened(titleOf(a), maxEntryTitle), date: day(a.Published), lang: languageOf(a)}
	b.entries = append(b.entries, e)
	b.seen.add(a, e)
	b.page.Reset()
	b.seen.images += writeChapter(&b.page, a, e.lang)
	return b.part("EPUB/text/"+e.name+".xhtml", dateOf(a), b.page.Bytes())
}

// name is the chapter's file name: the article's ID, so that a chapter keeps its address from book to book.
func (b *book) name(a *archiver.Article) string {
	name := a.ID
	for _, c := range []byte(name) {
		if !isHex(c) {
			name = ""
			break
		}
	}
	if name == "" {
		name = archiver.ArticleID(a.URL)
	}
	for i, base := 2, name; b.names[name]; i++ {
		name = base + "-" + strconv.Itoa(i)
	}
	b.names[name] = true
	return name
}

// begin writes what a book begins with.
func (b *book) begin() error {
	// The first entry tells what the file is: at a fixed place, so without compression, extra field or data descriptor.
	header := &zip.FileHeader{
		Name: "mimetype", Method: zip.Store, ReaderVersion: 20, CRC32: crc32.ChecksumIEEE([]byte(mediaType)),
		CompressedSize64: uint64(len(mediaType)), UncompressedSize64: uint64(len(mediaType)),
	}
	//lint:ignore SA1019 Modified would add the extra field that this entry may not have
	header.ModifiedDate = firstDOSDate
	w, err := b.zip.CreateRaw(header)
	if err == nil {
		_, err = io.WriteString(w, mediaType)
	}
	if err == nil {
		err = b.part("META-INF/container.xml", time.Time{}, []byte(container))
	}
	if err == nil {
		err = b.part("EPUB/book.css", time.Time{}, stylesheet)
	}
	return err
}

// finish writes what stands about all chapters.
func (b *book) finish() error {
	a := b.about()
	for _, part := range []struct {
		name  string
		write func(*bytes.Buffer, *about, []entry)
	}{
		{"EPUB/title.xhtml", writeTitlePage},
		{"EPUB/nav.xhtml", writeNavigation},
		{"EPUB/toc.ncx", writeNCX},
		{"EPUB/package.opf", writePackage},
	} {
		b.page.Reset()
		part.write(&b.page, a, b.entries)
		if err := b.part(part.name, a.date, b.page.Bytes()); err != nil {
			return err
		}
	}
	return b.zip.Close()
}

// firstDOSDate is 1 January 1980, the first day that a zip can name.
const firstDOSDate = 1<<5 | 1

func (b *book) part(name string, date time.Time, content []byte) error {
	if year := date.UTC().Year(); year < 1980 || year > 2107 {
		date = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	w, err := b.zip.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: date.UTC()})
	if err == nil {
		_, err = w.Write(content)
	}
	return err
}

// dateOf is the newest date that belongs to the article's text; the archive's looks at it since do not change it.
func dateOf(a *archiver.Article) time.Time {
	newest := a.FirstSeen
	for _, ts := range []archiver.Timestamp{a.Published, a.Modified} {
		if !ts.IsZero() && ts.Time().After(newest) {
			newest = ts.Time()
		}
	}
	return newest.UTC().Truncate(time.Second)
}
