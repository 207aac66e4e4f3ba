package extract

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"archiver"
)

// This file tells whether an answer is a picture. Rules: its first bytes say what it is, neither its header nor its address; its
// size is read from its head, and no pixel is decoded; a file that does not reach its own end was cut short, which may pass;
// what is no picture, too large, or not to be seen is refused with the reason.

// Asset checks a picture. An error of kind Unusable says that the answer is none, Transient that it was cut short;
// archiver.ErrPixel is for one that is too small to be seen.
func (x *Extractor) Asset(page *archiver.Page) (archiver.Asset, error) {
	asset, err := readAsset(page.Raw)
	if err != nil {
		if errors.Is(err, archiver.ErrPixel) {
			return archiver.Asset{}, err
		}
		kind := archiver.Unusable
		if errors.Is(err, errCutShort) {
			kind = archiver.Transient
		}
		return archiver.Asset{}, &archiver.Error{Kind: kind, Op: "read picture", URL: page.URL, Err: err}
	}
	asset.URL = page.URL
	return asset, nil
}

// errCutShort is of a picture whose end is missing.
var errCutShort = errors.New("the picture was cut short")

// errBroken is of a picture whose head makes no sense.
var errBroken = errors.New("a broken picture")

// smallPicture is the side in pixels up to which a picture is not to be seen.
const smallPicture = 2

func readAsset(raw []byte) (archiver.Asset, error) {
	if len(raw) > archiver.MaxAsset {
		return archiver.Asset{}, fmt.Errorf("a file of %d MB; %d MB is the most", len(raw)>>20, archiver.MaxAsset>>20)
	}
	if len(bytes.TrimSpace(raw)) == 0 {
		return archiver.Asset{}, fmt.Errorf("an empty answer: %w", errCutShort)
	}
	for _, f := range pictureFormats {
		if !f.is(raw) {
			continue
		}
		p, err := f.read(raw)
		if err != nil {
			return archiver.Asset{}, err
		}
		if err := p.check(); err != nil {
			return archiver.Asset{}, err
		}
		typ := f.name
		if p.name != "" {
			typ = p.name
		}
		return archiver.Asset{Type: typ, Width: p.width, Height: p.height, Data: raw}, nil
	}
	if text, ok := textOfSVG(raw); ok {
		drawing, err := cleanSVG(text)
		if err != nil {
			return archiver.Asset{}, err
		}
		return archiver.Asset{Type: "image/svg+xml", Data: drawing}, nil
	}
	return archiver.Asset{}, errors.New(whatElse(raw))
}

// bitmap is what the head of a file says of its picture.
type bitmap struct {
	name          string // its media type, where the format has several
	width, height int
}

func (p bitmap) check() error {
	switch w, h := p.width, p.height; {
	case w <= 0 || h <= 0:
		return errBroken
	case w <= smallPicture && h <= smallPicture:
		return archiver.ErrPixel
	case w > archiver.MaxPixels/h:
		return fmt.Errorf("%d by %d pixels, too large when decoded", w, h)
	}
	return nil
}

// whatElse says what an answer is that is no picture.
func whatElse(raw []byte) string {
	head := bytes.TrimPrefix(raw[:min(len(raw), 1024)], []byte("\xef\xbb\xbf"))
	for len(head) > 0 && len(raw) > 1024 && !utf8.Valid(head) && len(head) > 1024-utf8.UTFMax {
		head = head[:len(head)-1] // a character that the cut halved
	}
	text := strings.TrimSpace(string(head))
	switch {
	case strings.HasPrefix(text, "<"):
		return "not a picture but a web page"
	case strings.HasPrefix(text, "%PDF"):
		return "not a picture but a PDF document"
	case utf8.ValidString(text) && !strings.ContainsFunc(text, isBinary):
		return "not a picture but text"
	}
	return "not a picture of a known format"
}

func isBinary(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\r' && r != '\t' }
