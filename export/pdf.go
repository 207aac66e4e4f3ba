package export

import (
	"bufio"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"archiver"
)

// This file makes a PDF: the book that EPUB is, as one page, printed by the system's Chromium (browser.go). What a browser says of when it
// printed is replaced by the date of the newest article, so that the same archive printed by the same browser with the same fonts is the
// same file.

const (
	tempBook   = "archiver-pdf-" // begins the name of the folder that a book is printed in
	bookFile   = "book.epub"
	pageFile   = "book.xhtml"
	pdfFile    = "book.pdf"
	maxPDF     = 4 << 30 // beyond that most readers give up
	leftBehind = 24 * time.Hour
)

func writePDF(ctx context.Context, w io.Writer, articles Articles, opts Options) (result Result, err error) {
	dir, err := os.MkdirTemp("", tempBook)
	if err != nil {
		return Result{}, diskError(os.TempDir(), err)
	}
	defer func() {
		// Where the last process of a browser is still writing, a second look finds the folder at rest.
		if os.RemoveAll(dir) != nil {
			os.RemoveAll(dir)
		}
	}()
	sweepBooks(dir)
	opts.Split, opts.PerArticle = Split{}, false
	var browser string
	var missing error
	var newest time.Time
	known := func(yield func(archiver.Article, error) bool) {
		for a, err := range articles {
			if err == nil && browser == "" { // before the work, but not for nothing
				if browser, missing = findBrowser(); missing != nil {
					err = missing
				}
			}
			if date := dateOf(&a); date.After(newest) {
				newest = date
			}
			if !yield(a, err) || err != nil {
				return
			}
		}
	}
	if result, err = tempEPUB(ctx, filepath.Join(dir, bookFile), known, opts); missing != nil {
		return Result{}, missing
	} else if err != nil {
		return Result{}, err
	}
	if err := unfoldBook(dir, bookFile, pageFile); err != nil {
		return Result{}, err
	}
	if err := printPage(ctx, browser, dir, pageFile, pdfFile, result.Articles); err != nil {
		return Result{}, err
	}
	file, err := os.Open(filepath.Join(dir, pdfFile))
	if err != nil {
		return Result{}, diskError(dir, err)
	}
	defer file.Close()
	if err := isPDF(file); err != nil {
		return Result{}, err
	}
	return result, timeless(w, file, newest)
}

func tempEPUB(ctx context.Context, path string, articles Articles, opts Options) (result Result, err error) {
	file, err := os.Create(path)
	if err != nil {
		return Result{}, diskError(path, err)
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	out := bufio.NewWriterSize(diskWriter{file, path}, 1<<16)
	if result, err = writeEPUB(ctx, out, articles, opts); err != nil {
		return Result{}, err
	}
	return result, out.Flush()
}

// sweepBooks removes the folders that killed runs left. There is no clock here: the new folder's own date tells what is old.
func sweepBooks(fresh string) {
	now, err := os.Stat(fresh)
	if err != nil {
		return
	}
	entries, err := os.ReadDir(filepath.Dir(fresh))
	if err != nil {
		return
	}
	for _, entry := range entries {
		if !entry.IsDir() || !strings.HasPrefix(entry.Name(), tempBook) {
			continue
		}
		if info, err := entry.Info(); err == nil && now.ModTime().Sub(info.ModTime()) > leftBehind {
			os.RemoveAll(filepath.Join(filepath.Dir(fresh), entry.Name()))
		}
	}
}

// isPDF looks whether a file is a whole PDF.
func isPDF(file *os.File) error {
	info, err := file.Stat()
	if err != nil {
		return diskError(file.Name(), err)
	}
	var head [5]byte
	end := make([]byte, min(info.Size(), 1024))
	_, err = file.ReadAt(head[:], 0)
	if err == nil {
		_, err = file.ReadAt(end, info.Size()-int64(len(end)))
	}
	if err != nil || string(head[:]) != "%PDF-" || !strings.Contains(string(end), "%%EOF") || info.Size() > maxPDF {
		return &archiver.Error{Kind: archiver.Invalid, Op: "export pdf", Err: errors.New("what the browser printed is no whole PDF"),
			Hint: "name another browser with " + browserVariable}
	}
	return nil
}

// printed is when a PDF says that it was made. Its length is that of what takes its place.
var printed = regexp.MustCompile(`/(CreationDate|ModDate) ?\(D:[0-9]{14}[+\-Z][0-9]{2}'[0-9]{2}'\)`)

// maxPrinted bounds the length of what printed finds.
const maxPrinted = 64

// timeless copies a PDF with another date. Places in the file stay what they are.
func timeless(w io.Writer, r io.Reader, date time.Time) error {
	stamp := date.UTC().Format("20060102150405") + "+00'00'"
	buffer := make([]byte, 1<<20)
	held := 0
	for {
		n, err := io.ReadFull(r, buffer[held:])
		held += n
		last := err == io.EOF || err == io.ErrUnexpectedEOF
		if err != nil && !last {
			return err
		}
		for _, at := range printed.FindAllIndex(buffer[:held], -1) {
			found := buffer[at[0]:at[1]]
			copy(found[len(found)-len(stamp)-1:], stamp)
		}
		done := held
		if !last {
			done -= maxPrinted
		}
		if _, err := w.Write(buffer[:done]); err != nil || last {
			return err
		}
		held = copy(buffer, buffer[done:held])
	}
}
