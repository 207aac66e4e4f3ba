package export

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"archiver"
)

// This file brings the stored pictures into a book. Rules: a picture is read when a chapter shows it, and written before the
// next one is read, so that memory holds one; it stands in the book once, under its sum, however many chapters show it; what a
// reader of books does not take becomes one of PNG, JPEG, GIF and SVG; what cannot be shown leaves its place, its caption, its
// address and the reason.

// picture is what a chapter shows at an image's place.
type picture struct {
	name          string // of its file in the book; empty where there is none
	wrapped       string // of its file in a format that not every reader knows, beside name
	width, height int    // pixels; 0 where the format does not say
	reason        string // why there is none
}

// gallery is the pictures of a book that is being written.
type gallery struct {
	library Library
	max     int // pixels of the longer side
	write   func(name string, date time.Time, content []byte) error

	bySum map[string]picture // what was written, and what could not be
	items []pictureItem      // in the order they were written
	kinds map[string]bool    // names of items, to write the stand-in once

	shown, missing, foreign int
	undescribed             int // shown without a description
	err                     error
}

// pictureItem is a picture's file for the list of files.
type pictureItem struct{ name, mediaType string }

const (
	// pictureDigits of a picture's sum name its file: 64 bits, no two pictures of an archive share them by chance.
	pictureDigits = 16
	standIn       = "stand-in.png"
)

// newGallery is nil where images are to stay links.
func newGallery(opts Options, write func(string, time.Time, []byte) error) *gallery {
	if opts.NoImages || opts.Library == nil {
		return nil
	}
	g := &gallery{library: opts.Library, max: opts.MaxImage, write: write, bySum: map[string]picture{}, kinds: map[string]bool{}}
	if g.max <= 0 {
		g.max = DefaultMaxImage
	}
	return g
}

// pictures are the stored pictures of one article, by the keys of their addresses.
type pictures struct {
	gallery *gallery
	images  map[string]archiver.Image
	ctx     context.Context // of the one call that writes the chapter; the tree writer hands nothing on
	date    time.Time
}

func (g *gallery) of(ctx context.Context, a *archiver.Article) (*pictures, error) {
	if g == nil {
		return nil, nil
	}
	images, err := g.library.Images(ctx, a.ID)
	if err != nil && archiver.KindOf(err) != archiver.NoMatch {
		return nil, fmt.Errorf("read the pictures of %s: %w", a.URL, err)
	}
	p := &pictures{gallery: g, images: make(map[string]archiver.Image, len(images)), ctx: ctx, date: dateOf(a)}
	for _, image := range images {
		p.images[pictureKey(image.URL)] = image
	}
	return p, nil
}

// pictureKey is the form in which two addresses of a picture are equal.
func pictureKey(addr string) string {
	if canonical, err := archiver.Canonical(addr); err == nil {
		addr = canonical
	}
	return archiver.Key(addr)
}

// show is the picture of an address, written into the book where it is not there yet.
func (p *pictures) show(src string) picture {
	image, ok := p.images[pictureKey(src)]
	switch {
	case !ok:
		return picture{}
	case image.State != archiver.AssetStored || image.Sum == "":
		return picture{reason: plain(image.Reason)}
	}
	g := p.gallery
	if shown, ok := g.bySum[image.Sum]; ok {
		return shown
	}
	if g.err != nil {
		return picture{}
	}
	asset, err := g.library.Asset(p.ctx, image.Sum)
	switch {
	case err == nil:
	case p.ctx.Err() == nil && archiver.KindOf(err) == archiver.NoMatch:
		return picture{reason: "its file is not in the archive"}
	default:
		g.err = fmt.Errorf("read picture %s: %w", src, err)
		return picture{}
	}
	shown, err := g.place(p.date, image.Sum, asset)
	if err != nil {
		g.err = err
	}
	g.bySum[image.Sum] = shown
	return shown
}

// place writes a picture's file. The error is the book's; a picture that cannot be shown says so itself.
func (g *gallery) place(date time.Time, sum string, asset archiver.Asset) (picture, error) {
	base := sum[:min(len(sum), pictureDigits)]
	if asset.Type == "image/avif" {
		return g.placeForeign(date, base, asset)
	}
	file, err := fit(asset, g.max)
	if err != nil {
		return picture{reason: err.Error()}, nil
	}
	name := base + file.ext
	return picture{name: name, width: file.width, height: file.height}, g.put(date, name, file.mediaType, file.data)
}

// placeForeign writes a picture that only some readers know, and what the others show.
func (g *gallery) placeForeign(date time.Time, base string, asset archiver.Asset) (picture, error) {
	if asset.Width > 0 && asset.Height > archiver.MaxPixels/asset.Width {
		return picture{reason: errTooLarge.Error()}, nil
	}
	g.foreign++
	shown := picture{name: standIn, wrapped: base + ".avif", width: asset.Width, height: asset.Height}
	err := g.put(date, shown.wrapped, asset.Type, asset.Data)
	if err == nil && !g.kinds[standIn] {
		var b bytes.Buffer
		if err = drawStandIn(&b, "AVIF"); err == nil {
			err = g.put(time.Time{}, standIn, "image/png", b.Bytes())
		}
	}
	return shown, err
}

func (g *gallery) put(date time.Time, name, mediaType string, data []byte) error {
	if g.kinds[name] {
		return nil
	}
	g.kinds[name] = true
	g.items = append(g.items, pictureItem{name, mediaType})
	return g.write("EPUB/images/"+name, date, data)
}

// stands reports whether the pictures of the keys hold that of src, or another size of it.
func (p *pictures) stands(src string, keys map[string]bool) bool {
	key := pictureKey(src)
	sum := p.images[key].Sum
	for shown := range keys {
		if sizeless(shown) == sizeless(key) || sum != "" && p.images[shown].Sum == sum {
			return true
		}
	}
	return false
}

// sizeless is an address without the size that WordPress writes into the names of its copies: a-300x200.png is a.png.
func sizeless(key string) string {
	dot := strings.LastIndexByte(key, '.')
	if dot < 0 {
		return key
	}
	dash := strings.LastIndexByte(key[:dot], '-')
	if dash < 0 {
		return key
	}
	w, h, ok := strings.Cut(key[dash+1:dot], "x")
	if !ok || w == "" || h == "" || strings.Trim(w+h, "0123456789") != "" {
		return key
	}
	return key[:dash] + key[dot:]
}

// notes say what a reader of the book will not see as the page had it.
func (g *gallery) notes() []string {
	var notes []string
	if g.missing > 0 {
		notes = append(notes, count(g.missing, "image is", "images are")+" not in the archive or cannot be shown; the book names their addresses")
	}
	if g.foreign > 0 {
		notes = append(notes, count(g.foreign, "image is", "images are")+" AVIF, which not every reader knows; the others show a plain stand-in")
	}
	return notes
}

func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

var (
	errTooLarge  = errors.New("it is too large to be decoded")
	errUndecoded = errors.New("its format cannot be shown in a book")
)
