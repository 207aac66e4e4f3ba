package export

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"mime"
	"strconv"
	"strings"
	"time"

	"archiver"

	"github.com/klauspost/compress/gzip"
	"github.com/nlnwa/gowarc/v3"
)

// This file writes WARC 1.1 (ISO 28500) of what the archive keeps as it came: raw pages and pictures. Rules: the archive keeps bodies, not
// the headers that they came with, so records are of type resource, and none says what no server said; each record is a member of gzip
// of its own, as readers that jump into the file need it; ids are made of the content, dates are those of the page.

// maxRecord is how much of a record is held in memory: all of it. Pages and pictures are bounded when they are fetched.
const maxRecord = 256 << 20

const warcAbout = "Pages and pictures as archiver received them, without their Content-Encoding. It does not keep the headers of responses."

// warc is a WARC file that is being written.
type warc struct {
	out  io.Writer
	zip  *gzip.Writer
	info string          // the id of the record that describes the file
	seen map[string]bool // records that are in the file, by their ids' own digits
}

func writeWARC(ctx context.Context, w io.Writer, articles Articles, opts Options) (Result, error) {
	file := warc{out: w, zip: gzip.NewWriter(io.Discard), seen: map[string]bool{}}
	pages, without := 0, 0
	n, err := each(ctx, articles, opts, func(a *archiver.Article) error {
		n, err := file.article(ctx, a, opts)
		if pages += n; n == 0 {
			without++
		}
		return err
	})
	if err != nil {
		return Result{}, err
	}
	if pages == 0 {
		return Result{}, &archiver.Error{Kind: archiver.NoMatch, Op: "export warc", Err: errors.New("the archive has no raw page of these articles; nothing was written")}
	}
	result := Result{Articles: n}
	if without > 0 {
		result.Notes = append(result.Notes, strconv.Itoa(without)+" articles have no raw page in the archive")
	}
	return result, nil
}

// article writes the pages of an article and the pictures that are stored, and says how many pages there were.
func (f *warc) article(ctx context.Context, a *archiver.Article, opts Options) (pages int, err error) {
	if opts.Library == nil {
		return 0, nil
	}
	stored, err := opts.Library.Pages(ctx, a.ID)
	if err != nil {
		return 0, err
	}
	for _, p := range stored {
		target := p.URL
		if target == "" {
			target = a.URL
		}
		if err := f.resource(target, typeOf(&p), p.FetchedAt, p.Raw, opts); err != nil {
			return 0, err
		}
	}
	if opts.NoImages || len(stored) == 0 {
		return len(stored), nil
	}
	images, err := opts.Library.Images(ctx, a.ID)
	if err != nil {
		return 0, err
	}
	for _, image := range images {
		if image.State != archiver.AssetStored || image.Sum == "" {
			continue
		}
		asset, err := opts.Library.Asset(ctx, image.Sum)
		if err != nil {
			return 0, err
		}
		// The archive knows when a picture was looked at last; where it does not, it was not before the article.
		at := image.Checked
		if at.IsZero() {
			at = a.FirstSeen
		}
		if err := f.resource(image.URL, asset.Type, at, asset.Data, opts); err != nil {
			return 0, err
		}
	}
	return len(stored), nil
}

// typeOf is what a server called a page, with the encoding that it was read in.
func typeOf(p *archiver.Page) string {
	kind, params, err := mime.ParseMediaType(p.ContentType)
	if err != nil {
		return "text/html"
	}
	charset := p.Charset
	if charset == "" {
		charset = params["charset"]
	}
	if charset != "" {
		if s := mime.FormatMediaType(kind, map[string]string{"charset": strings.ToLower(charset)}); s != "" {
			return s
		}
	}
	return kind
}

// resource writes a record, once.
func (f *warc) resource(target, kind string, at time.Time, body []byte, opts Options) error {
	if target = address(target); target == "" {
		return nil // it is no address, so nothing can be asked for by it
	}
	if at.IsZero() {
		at = time.Unix(0, 0)
	}
	date := at.UTC().Format(time.RFC3339)
	sum := sha256.Sum256(body)
	id := named("record", strings.Join([]string{target, kind, date, hex.EncodeToString(sum[:])}, "\n"))
	if f.seen[id] {
		return nil
	}
	f.seen[id] = true
	if f.info == "" {
		if err := f.describe(date, opts); err != nil {
			return err
		}
	}
	return f.record(gowarc.Resource, id, date, kind, body, [][2]string{{gowarc.WarcTargetURI, target}, {gowarc.WarcWarcinfoID, "<" + f.info + ">"}})
}

// describe writes the record that describes the file. Its date is that of the first page: when the file is written is nobody's business.
func (f *warc) describe(date string, opts Options) error {
	var b strings.Builder
	line := func(name, value string) {
		if value = plain(value); value != "" {
			b.WriteString(name + ": " + value + "\r\n")
		}
	}
	line("software", "archiver")
	line("format", "WARC File Format 1.1")
	line("conformsTo", "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/")
	for _, s := range opts.Sources {
		line("isPartOf", s.URL)
	}
	line("description", warcAbout)
	f.info = named("record", date+"\n"+b.String())
	return f.record(gowarc.Warcinfo, f.info, date, gowarc.ApplicationWarcFields, []byte(b.String()), nil)
}

func (f *warc) record(kind gowarc.RecordType, id, date, contentType string, body []byte, headers [][2]string) error {
	builder := gowarc.NewRecordBuilder(kind, gowarc.WithVersion(gowarc.V1_1), gowarc.WithStrictValidation(), gowarc.WithAddMissingDigest(true),
		gowarc.WithDefaultDigestAlgorithm("sha1"), // a name for the content that every tool knows, in its own Base32; no proof of anything
		gowarc.WithBufferMaxMemBytes(maxRecord))
	builder.AddWarcHeader(gowarc.WarcRecordID, "<"+id+">")
	builder.AddWarcHeader(gowarc.WarcDate, date)
	for _, h := range headers {
		builder.AddWarcHeader(h[0], h[1])
	}
	builder.AddWarcHeader(gowarc.ContentType, contentType)
	_, err := builder.Write(body)
	if err != nil {
		return errors.Join(err, builder.Close())
	}
	record, _, err := builder.Build()
	if err != nil {
		return &archiver.Error{Kind: archiver.Internal, Op: "write warc record", URL: id, Err: err}
	}
	defer record.Close()
	f.zip.Reset(f.out)
	if _, _, err = gowarc.NewMarshaler().Marshal(f.zip, record, 0); err == nil {
		err = f.zip.Close()
	}
	return err
}
