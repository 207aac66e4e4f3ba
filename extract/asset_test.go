package extract

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"hash/crc32"
	goimage "image"
	"image/color/palette"
	"image/gif"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"

	"archiver"

	"github.com/google/go-cmp/cmp"
)

func pngOf(t testing.TB, w, h int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, goimage.NewGray(goimage.Rect(0, 0, w, h))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func jpegOf(t testing.TB, w, h int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, goimage.NewRGBA(goimage.Rect(0, 0, w, h)), nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func gifOf(t testing.TB, w, h, frames int) []byte {
	t.Helper()
	var g gif.GIF
	for range frames {
		g.Image = append(g.Image, goimage.NewPaletted(goimage.Rect(0, 0, w, h), palette.WebSafe))
		g.Delay = append(g.Delay, 5)
	}
	var b bytes.Buffer
	if err := gif.EncodeAll(&b, &g); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// box is a box of an ISO media file.
func box(name string, content ...[]byte) []byte {
	body := bytes.Join(content, nil)
	return append(append(binary.BigEndian.AppendUint32(nil, uint32(8+len(body))), name...), body...)
}

func ispe(w, h uint32) []byte {
	return box("ispe", make([]byte, 4), binary.BigEndian.AppendUint32(nil, w), binary.BigEndian.AppendUint32(nil, h))
}

func avifOf(brand string, sizes ...[]byte) []byte {
	return bytes.Join([][]byte{
		box("ftyp", []byte(brand), make([]byte, 4), []byte("mif1"), []byte("miaf")),
		box("meta", make([]byte, 4), box("hdlr", make([]byte, 24)), box("iprp", box("ipco", sizes...), box("ipma", make([]byte, 8)))),
		box("mdat", make([]byte, 100)),
	}, nil)
}

func webpOf(kind string, head []byte) []byte {
	chunk := append(append([]byte(kind), binary.LittleEndian.AppendUint32(nil, uint32(len(head)))...), head...)
	return append(append([]byte("RIFF"), binary.LittleEndian.AppendUint32(nil, uint32(4+len(chunk)))...), append([]byte("WEBP"), chunk...)...)
}

func bmpOf(w, h int32) []byte {
	b := make([]byte, 54)
	copy(b, "BM")
	binary.LittleEndian.PutUint32(b[10:], 54)
	binary.LittleEndian.PutUint32(b[14:], 40)
	binary.LittleEndian.PutUint32(b[18:], uint32(w))
	binary.LittleEndian.PutUint32(b[22:], uint32(h))
	binary.LittleEndian.PutUint16(b[28:], 24)
	return append(b, make([]byte, int((w*24+31)/32*4*max(h, -h)))...)
}

func icoOf(sides ...byte) []byte {
	b := []byte{0, 0, 1, 0, byte(len(sides)), 0}
	for _, side := range sides {
		entry := make([]byte, 16)
		entry[0], entry[1] = side, side
		binary.LittleEndian.PutUint32(entry[8:], 40)
		binary.LittleEndian.PutUint32(entry[12:], uint32(6+16*len(sides)))
		b = append(b, entry...)
	}
	return append(b, make([]byte, 40)...)
}

// bombPNG claims to be large and is short.
func bombPNG(w, h uint32) []byte {
	head := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, w), h)
	chunk := append([]byte("IHDR"), append(head, 8, 6, 0, 0, 0)...)
	b := append([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x0d"), chunk...)
	b = binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(chunk))
	return append(b, "\x00\x00\x00\x00IEND\xae\x42\x60\x82"...)
}

// pixelWebP is a real file of one lossless pixel.
const pixelWebP = "UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA=="

func rawPictures(t testing.TB) map[string][]byte {
	thumbnail := append([]byte{0xff, 0xe1}, binary.BigEndian.AppendUint16(nil, uint16(2+len(jpegOf(t, 160, 120))))...)
	thumbnail = append(thumbnail, jpegOf(t, 160, 120)...)
	whole := jpegOf(t, 300, 200)
	return map[string][]byte{
		"png":                      pngOf(t, 640, 360),
		"jpeg":                     jpegOf(t, 300, 200),
		"jpeg with a thumbnail":    append(append(append([]byte{}, whole[:2]...), thumbnail...), whole[2:]...),
		"gif":                      gifOf(t, 30, 20, 1),
		"gif that moves":           gifOf(t, 30, 20, 3),
		"webp, lossy":              webpOf("VP8 ", []byte{0, 0, 0, 0x9d, 1, 0x2a, 0x40, 1, 0xf0, 0, 0, 0}),
		"webp, lossless":           webpOf("VP8L", []byte{0x2f, 0x3f, 0xc1, 0x3b, 0, 0, 0, 0, 0, 0}),
		"webp, extended":           webpOf("VP8X", []byte{0, 0, 0, 0, 0x3f, 1, 0, 0xef, 0, 0}),
		"avif":                     avifOf("avif", ispe(320, 240)),
		"avif of tiles":            avifOf("avif", ispe(512, 512), ispe(3000, 2000), ispe(512, 512)),
		"heic":                     avifOf("heic", ispe(320, 240)),
		"bmp":                      bmpOf(31, 7),
		"bmp from the top":         bmpOf(31, -7),
		"ico":                      icoOf(16, 48, 32),
		"ico of 256":               icoOf(16, 0),
		"svg":                      []byte(`<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0"/></svg>`),
		"svg after much":           []byte("\xef\xbb\xbf\n<?xml version=\"1.0\"?>\n<!-- made by -->\n<!DOCTYPE svg PUBLIC \"-//W3C//DTD SVG 1.1//EN\" \"x\">\n<svg xmlns='http://www.w3.org/2000/svg'></svg>"),
		"svg that names no space":  []byte(`<svg width="10"><path d="M0 0"/></svg>`),
		"svg in UTF-16":            []byte("\xff\xfe<\x00s\x00v\x00g\x00/\x00>\x00"),
		"png with something after": append(pngOf(t, 9, 9), "trailing"...),
	}
}

func TestAsset(t *testing.T) {
	want := map[string]archiver.Asset{
		"png":                      {Type: "image/png", Width: 640, Height: 360},
		"jpeg":                     {Type: "image/jpeg", Width: 300, Height: 200},
		"jpeg with a thumbnail":    {Type: "image/jpeg", Width: 300, Height: 200},
		"gif":                      {Type: "image/gif", Width: 30, Height: 20},
		"gif that moves":           {Type: "image/gif", Width: 30, Height: 20},
		"webp, lossy":              {Type: "image/webp", Width: 320, Height: 240},
		"webp, lossless":           {Type: "image/webp", Width: 320, Height: 240},
		"webp, extended":           {Type: "image/webp", Width: 320, Height: 240},
		"avif":                     {Type: "image/avif", Width: 320, Height: 240},
		"avif of tiles":            {Type: "image/avif", Width: 3000, Height: 2000},
		"heic":                     {Type: "image/heic", Width: 320, Height: 240},
		"bmp":                      {Type: "image/bmp", Width: 31, Height: 7},
		"bmp from the top":         {Type: "image/bmp", Width: 31, Height: 7},
		"ico":                      {Type: "image/x-icon", Width: 48, Height: 48},
		"ico of 256":               {Type: "image/x-icon", Width: 256, Height: 256},
		"svg":                      {Type: "image/svg+xml"},
		"svg after much":           {Type: "image/svg+xml"},
		"svg that names no space":  {Type: "image/svg+xml"},
		"svg in UTF-16":            {Type: "image/svg+xml"},
		"png with something after": {Type: "image/png", Width: 9, Height: 9},
	}
	x := New(Options{})
	for name, raw := range rawPictures(t) {
		t.Run(name, func(t *testing.T) {
			// The header says nothing of importance.
			got, err := x.Asset(&archiver.Page{URL: "https://a.example/x.jpg", ContentType: "text/html", Raw: raw})
			if err != nil {
				t.Fatal(err)
			}
			if !strings.HasPrefix(name, "svg") && !bytes.Equal(got.Data, raw) {
				t.Error("its bytes changed")
			}
			w := want[name]
			w.URL, w.Data = "https://a.example/x.jpg", got.Data
			if diff := cmp.Diff(w, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// A picture that lacks its end, however little of it, was cut short: it may come whole the next time.
func TestAssetCutShort(t *testing.T) {
	for name, raw := range rawPictures(t) {
		if name == "png with something after" {
			continue
		}
		for _, most := range []int{len(raw) - 1, len(raw) * 3 / 4, len(raw) / 2} {
			if strings.HasPrefix(name, "webp") && most == len(raw)-1 {
				most-- // the last byte may be padding
			}
			if strings.HasPrefix(name, "svg") && !bytes.Contains(raw[:most], []byte("svg\">")) {
				continue // cut before it says what it is
			}
			_, err := New(Options{}).Asset(&archiver.Page{Raw: raw[:most]})
			if archiver.KindOf(err) != archiver.Transient {
				t.Errorf("%s, %d of %d bytes: %v, of kind %v", name, most, len(raw), err, archiver.KindOf(err))
			}
		}
	}
	if _, err := New(Options{}).Asset(&archiver.Page{}); archiver.KindOf(err) != archiver.Transient {
		t.Errorf("empty: %v", err)
	}
}

func TestNoAsset(t *testing.T) {
	pixel, err := base64.StdEncoding.DecodeString(pixelWebP)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := json.Marshal(map[string]string{"code": "rest_no_route"})
	if err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		raw  []byte
		want string
	}{
		"page":              {[]byte("<!DOCTYPE html><html><body><svg></svg></body></html>"), "not a picture but a web page"},
		"page without head": {[]byte("\xef\xbb\xbf \n<center>403</center>"), "not a picture but a web page"},
		"feed":              {[]byte("<?xml version='1.0'?><rss><a>svg</a></rss>"), "not a picture but a web page"},
		"answer of an API":  {answer, "not a picture but text"},
		"text in Chinese":   {[]byte(strings.Repeat("图片不存在。", 500)), "not a picture but text"},
		"BM, a text":        {[]byte("BMW is a maker of cars, and not a bitmap of Windows"), "not a picture but text"},
		"pdf":               {[]byte("%PDF-1.4 \xff"), "not a picture but a PDF document"},
		"film":              {box("ftyp", []byte("isom"), make([]byte, 4), []byte("mp42")), "not a picture of a known format"},
		"junk":              {[]byte("\x00\x01\x02\x03\xff\xfe\xfd"), "not a picture of a known format"},
		"bomb":              {bombPNG(12000, 12000), "12000 by 12000 pixels, too large when decoded"},
		"larger bomb":       {bombPNG(0xffffffff, 0xffffffff), "a broken picture"},
		"wide bomb":         {bombPNG(1<<30, 1), "1073741824 by 1 pixels, too large when decoded"},
		"no height":         {bombPNG(10, 0), "a broken picture"},
		"avif bomb":         {avifOf("avif", ispe(1<<20, 1<<20)), "1048576 by 1048576 pixels, too large when decoded"},
		"avif of no size":   {avifOf("avif"), "a broken picture"},
		"huge file":         {make([]byte, archiver.MaxAsset+1), "a file of 20 MB; 20 MB is the most"},
		"pixel, png":        {bombPNG(1, 1), "a tracking pixel"},
		"pixel, gif":        {gifOf(t, 1, 1, 1), "a tracking pixel"},
		"pixel, webp":       {pixel, "a tracking pixel"},
		"broken svg":        {[]byte(`<svg xmlns="http://www.w3.org/2000/svg"><path d=<></svg>`), "a drawing that is no XML"},
		"deep svg":          {[]byte("<svg>" + strings.Repeat("<g>", 200) + strings.Repeat("</g>", 200) + "</svg>"), "a drawing that nests deeper than 100 elements"},
		"large svg":         {[]byte("<svg>" + strings.Repeat("<g/>", 1<<20) + "</svg>"), "a drawing of 4 MB; 4 MB is the most"},
		"many elements":     {[]byte("<svg>" + strings.Repeat("<g/>", 210_000) + "</svg>"), "a drawing of more than 200000 elements"},
		"svg of references": {[]byte(billion()), "a drawing of more than 200000 elements"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := New(Options{}).Asset(&archiver.Page{URL: "https://a.example/x.png", ContentType: "image/png", Raw: tt.raw})
			e, ok := errors.AsType[*archiver.Error](err)
			if !ok || e.Err.Error() != tt.want || e.Kind != archiver.Unusable {
				t.Errorf("got %v of kind %v, want %q", err, archiver.KindOf(err), tt.want)
			}
			if errors.Is(err, archiver.ErrPixel) != strings.HasPrefix(name, "pixel") {
				t.Errorf("%v is ErrPixel: %v", err, errors.Is(err, archiver.ErrPixel))
			}
		})
	}
}

// billion is a drawing of few lines that shows ten billion things.
func billion() string {
	var b strings.Builder
	b.WriteString(`<svg xmlns:xlink="http://www.w3.org/1999/xlink"><path id="a0" d="M0 0"/>`)
	for i := range 10 {
		b.WriteString(`<g id="a` + string(rune('1'+i)) + `">`)
		for range 10 {
			b.WriteString(`<use xlink:href="#a` + string(rune('0'+i)) + `"/>`)
		}
		b.WriteString("</g>")
	}
	return b.String() + "</svg>"
}

func FuzzAsset(f *testing.F) {
	for _, raw := range rawPictures(f) {
		f.Add(raw)
	}
	f.Add(bombPNG(12000, 12000))
	f.Fuzz(func(t *testing.T, raw []byte) {
		asset, err := New(Options{}).Asset(&archiver.Page{Raw: raw})
		if err != nil {
			if kind := archiver.KindOf(err); kind != archiver.Unusable && kind != archiver.Transient {
				t.Fatalf("%v of kind %v", err, kind)
			}
			return
		}
		if asset.Type != "image/svg+xml" && (asset.Width <= 0 || asset.Height <= 0 || asset.Width*asset.Height > archiver.MaxPixels) {
			t.Errorf("%s of %d by %d", asset.Type, asset.Width, asset.Height)
		}
	})
}
