package export

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"

	"archiver"

	"golang.org/x/image/bmp"
	"golang.org/x/image/draw"
	"golang.org/x/image/webp"
)

// This file makes of a stored picture one that every reader of books shows, not larger than a page of it. What fits already
// keeps its bytes. No pixel is decoded before the head told how many there are.

// jpegQuality is where a photograph's faults cannot be seen on a page.
const jpegQuality = 85

// fitted is a picture as it stands in a book.
type fitted struct {
	data           []byte
	mediaType, ext string
	width, height  int
}

// decoder reads one format.
type decoder struct {
	config func(io.Reader) (image.Config, error)
	pixels func(io.Reader) (image.Image, error)
}

func decoderOf(mediaType string) (d decoder, ext string) {
	switch mediaType {
	case "image/png":
		return decoder{png.DecodeConfig, png.Decode}, ".png"
	case "image/jpeg":
		return decoder{jpeg.DecodeConfig, jpeg.Decode}, ".jpg"
	case "image/gif":
		return decoder{gif.DecodeConfig, gif.Decode}, ".gif"
	case "image/svg+xml":
		return decoder{}, ".svg"
	case "image/webp":
		return decoder{webp.DecodeConfig, webp.Decode}, ""
	case "image/bmp":
		return decoder{bmp.DecodeConfig, bmp.Decode}, ""
	}
	return decoder{}, ""
}

// fit is the picture with its longer side at most that long. The error is for people. Moving pictures stay as they are: a still one
// is not what the author showed.
func fit(asset archiver.Asset, side int) (fitted, error) {
	d, ext := decoderOf(asset.Type)
	small := max(asset.Width, asset.Height) <= side
	if asset.Width > 0 && asset.Height > archiver.MaxPixels/asset.Width {
		return fitted{}, errTooLarge // a reader would pay for it
	}
	if ext != "" && (small || asset.Type == "image/svg+xml" || asset.Type == "image/gif" || asset.Type == "image/jpeg" && turned(asset.Data)) {
		return fitted{asset.Data, asset.Type, ext, asset.Width, asset.Height}, nil
	}
	if d.pixels == nil {
		return fitted{}, errUndecoded
	}
	img, err := decode(d, asset.Data)
	if err == nil {
		_, lossy := img.(*image.YCbCr)
		return encode(shrink(img, side), asset.Type == "image/jpeg" || lossy)
	}
	if ext != "" && err != errTooLarge {
		// A reader may show what this decoder does not know: a page with a wide picture is better than one without.
		return fitted{asset.Data, asset.Type, ext, asset.Width, asset.Height}, nil
	}
	return fitted{}, err
}

// decode decodes a picture of bounded size. Decoders meet files of strangers here: one that panics has not decoded.
func decode(d decoder, data []byte) (img image.Image, err error) {
	defer func() {
		if fault := recover(); fault != nil {
			img, err = nil, fmt.Errorf("it cannot be decoded: %v", fault)
		}
	}()
	config, err := d.config(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("it cannot be decoded: %w", err)
	}
	if config.Width <= 0 || config.Height <= 0 || config.Width > archiver.MaxPixels/config.Height {
		return nil, errTooLarge
	}
	if img, err = d.pixels(bytes.NewReader(data)); err != nil {
		return nil, fmt.Errorf("it cannot be decoded: %w", err)
	}
	return img, nil
}

// shrink scales a picture down to a longer side.
func shrink(img image.Image, side int) image.Image {
	size := img.Bounds().Size()
	longer := max(size.X, size.Y)
	if longer <= side {
		return img
	}
	scaled := func(n int) int { return max(1, (n*side+longer/2)/longer) }
	bounds := image.Rect(0, 0, scaled(size.X), scaled(size.Y))
	var small draw.Image = image.NewNRGBA(bounds)
	if isOpaque(img) {
		small = image.NewRGBA(bounds) // the scaler's fast road
	}
	draw.CatmullRom.Scale(small, bounds, img, img.Bounds(), draw.Src, nil)
	return small
}

func isOpaque(img image.Image) bool {
	o, ok := img.(interface{ Opaque() bool })
	return ok && o.Opaque()
}

// encode writes a photograph as JPEG and all else as PNG: lines and letters suffer in JPEG, and it knows no transparency.
func encode(img image.Image, photo bool) (fitted, error) {
	f := fitted{mediaType: "image/png", ext: ".png", width: img.Bounds().Dx(), height: img.Bounds().Dy()}
	var b bytes.Buffer
	var err error
	if photo {
		f.mediaType, f.ext = "image/jpeg", ".jpg"
		err = jpeg.Encode(&b, img, &jpeg.Options{Quality: jpegQuality})
	} else {
		err = (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&b, img)
	}
	f.data = b.Bytes()
	return f, err
}

// turned reports whether a JPEG says that it is to be shown turned or mirrored (Exif, orientation). Its pixels cannot be
// scaled without that being lost.
func turned(data []byte) bool {
	const orientation = 0x0112
	for i := 2; i+4 <= len(data) && data[i] == 0xff; {
		size := int(binary.BigEndian.Uint16(data[i+2:]))
		if data[i+1] == 0xda || size < 2 || i+2+size > len(data) { // the pixels begin
			return false
		}
		segment := data[i+4 : i+2+size]
		if data[i+1] != 0xe1 || !bytes.HasPrefix(segment, []byte("Exif\x00\x00")) || len(segment) < 14 {
			i += 2 + size
			continue
		}
		tiff := segment[6:]
		var order binary.ByteOrder = binary.LittleEndian
		if tiff[0] == 'M' {
			order = binary.BigEndian
		}
		at := int64(order.Uint32(tiff[4:]))
		if at+2 > int64(len(tiff)) {
			return false
		}
		entries := int64(order.Uint16(tiff[at:]))
		for at += 2; entries > 0 && at+12 <= int64(len(tiff)); at, entries = at+12, entries-1 {
			if order.Uint16(tiff[at:]) == orientation {
				value := order.Uint16(tiff[at+8:])
				return value > 1 && value <= 8
			}
		}
		return false
	}
	return false
}
