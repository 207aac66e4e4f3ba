package testsite

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"net/http"
	"strings"
)

// This file is pictures as the web has them: named for what they are not, dead, cut short, too large, loaded by scripts, guarded. The
// post that Gallery adds shows each of them once, in the ways that themes do.

// Gallery adds a post that shows every odd picture; it is the newest one.
func Gallery() Option {
	return func(o *options) { o.added = append(o.added, Post{Title: "各种图片", Body: galleryBody()}) }
}

// HotlinkGuard refuses pictures to requests that do not come from the blog's own pages: with the status, or, where that is 200, with
// another picture in its place.
func HotlinkGuard(status int) Option { return func(o *options) { o.guard = status } }

// Picture is what is true of a picture of the Gallery.
type Picture struct {
	URL  string
	Type string // of its bytes; empty where an archive cannot have it
}

// Gallery is what is true of the pictures of the post that the option of this name adds, in their order.
func (s *Site) Gallery() []Picture {
	var all []Picture
	for _, p := range odd {
		all = append(all, Picture{URL: s.base + picturesPath + p.name, Type: p.kept})
	}
	return all
}

// oddPicture is one picture of the gallery.
type oddPicture struct {
	name    string
	kept    string // its media type in an archive
	html    string // how the post shows it, %s for the address
	claimed string // the header
	bytes   func() []byte
}

var odd = [...]oddPicture{
	{"plain.jpg", "image/jpeg", `<p><img src="%s" alt="普通的照片"></p>`, "image/jpeg", jpegBytes},
	{"attention-map.png", "image/png", `<p><img class="lazyload" src="data:image/gif;base64,R0lGODlhAQABAAAAACw=" data-src="%s" alt="懒加载"></p>`, "image/png", func() []byte { return plainPNG(color.White) }},
	{"wide-1600x900.png", "image/png", `<p><img src="/wp-content/uploads/2025/02/wide-300x169.png" srcset="/wp-content/uploads/2025/02/wide-300x169.png 300w, %s 1600w" alt="多种尺寸"></p>`,
		"image/png", func() []byte { return plainPNG(color.Black) }},
	{"really-webp.jpg", "image/webp", `<figure class="wp-block-image"><img src="%s" alt="其实是 WebP"/><figcaption>扩展名不可信</figcaption></figure>`, "image/jpeg", webpBytes},
	{"script.svg", "image/svg+xml", `<p><img src="%s" alt="带脚本的矢量图"></p>`, "image/svg+xml", func() []byte { return []byte(scriptSVG) }},
	{"full.png", "image/png", `<p><a href="%s"><img src="/wp-content/uploads/2025/02/full-300x200.png" alt="点击放大"></a></p>`, "application/octet-stream",
		func() []byte { return plainPNG(color.Gray{120}) }},
	{"copy-of-plain.jpg", "image/jpeg", `<figure class="wp-block-gallery"><figure class="wp-block-image"><img src="%s" alt="同样的字节"></figure></figure>`, "image/jpeg", jpegBytes},
	{"moves.gif", "image/gif", `<p><noscript><img src="%s" alt="动图"></noscript></p>`, "image/gif", func() []byte { return gifBytes(40, 30) }},
	{"dead.png", "", `<p><img src="%s" alt="失效的图片"></p>`, "", nil},
	{"page.png", "", `<p><img src="%s" alt="其实是网页"></p>`, "image/png", func() []byte {
		return []byte("<!DOCTYPE html><html><head><title>404</title></head><body>图片不存在</body></html>")
	}},
	{"huge.png", "", `<p><img src="%s" alt="解码后太大"></p>`, "image/png", func() []byte { return emptyPNG(12000, 12000) }},
	{"cut.jpg", "", `<p><img src="%s" alt="只有一半"></p>`, "image/jpeg", func() []byte { b := jpegBytes(); return b[:len(b)/2] }},
	{"counter.gif", "", `<p><img src="%s" alt="统计"></p>`, "image/gif", func() []byte { return gifBytes(1, 1) }},
}

func galleryBody() string {
	var b strings.Builder
	for _, p := range odd {
		fmt.Fprintf(&b, "<p>下面是文件 %s，看看它会变成什么样子，文字则应当原样保留下来。</p>\n\n"+p.html+"\n\n", p.name, picturesPath+p.name)
	}
	return b.String()
}

// pictureFor answers a request of a picture.
func (s *Site) pictureFor(r *http.Request, name string) *answer {
	if s.opts.guard != 0 && !strings.HasPrefix(r.Referer(), s.base+"/") {
		if s.opts.guard == http.StatusOK {
			return &answer{status: http.StatusOK, contentType: "image/png", body: plainPNG(color.RGBA{200, 0, 0, 255})}
		}
		return &answer{status: s.opts.guard, contentType: "text/html", body: []byte("<html><body><h1>403 Forbidden</h1></body></html>")}
	}
	for _, p := range odd {
		if p.name == name && p.bytes != nil {
			return &answer{status: http.StatusOK, contentType: p.claimed, body: p.bytes()}
		}
	}
	return picture(name)
}

// scriptSVG is a drawing that would do more than show itself.
const scriptSVG = `<?xml version="1.0"?>
<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="120" height="60" onload="alert(1)">
  <script>alert(document.cookie)</script>
  <image xlink:href="https://tracker.invalid/pixel.png" width="1" height="1"/>
  <rect width="120" height="60" fill="#eef"/>
  <a xlink:href="javascript:alert(1)"><text x="10" y="35">注意力</text></a>
</svg>
`

func plainPNG(c color.Color) []byte {
	return encoded(func(b *bytes.Buffer) error {
		return png.Encode(b, image.NewPaletted(image.Rect(0, 0, 80, 60), color.Palette{c}))
	})
}

func jpegBytes() []byte {
	img := image.NewGray(image.Rect(0, 0, 160, 90))
	for i := range img.Pix {
		img.Pix[i] = byte(i * 7)
	}
	return encoded(func(b *bytes.Buffer) error { return jpeg.Encode(b, img, nil) })
}

func gifBytes(width, height int) []byte {
	var g gif.GIF
	for shade := range 2 {
		g.Image = append(g.Image, image.NewPaletted(image.Rect(0, 0, width, height), color.Palette{color.Gray{byte(shade * 200)}, color.White}))
		g.Delay = append(g.Delay, 50)
	}
	return encoded(func(b *bytes.Buffer) error { return gif.EncodeAll(b, &g) })
}

// webpBytes is a lossless picture of one colour, 64 by 36.
func webpBytes() []byte {
	b, err := base64.StdEncoding.DecodeString("UklGRhgAAABXRUJQVlA4TAwAAAAvP8AIAKhWPYrc/wA=")
	if err != nil {
		panic(err) // it is a constant
	}
	return b
}

// emptyPNG claims a size and has no pixels.
func emptyPNG(width, height uint32) []byte {
	head := append([]byte("IHDR"), binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, width), height)...)
	head = append(head, 8, 0, 0, 0, 0)
	b := append([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x0d"), head...)
	b = binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(head))
	return append(b, "\x00\x00\x00\x00IEND\xae\x42\x60\x82"...)
}

func encoded(write func(*bytes.Buffer) error) []byte {
	var b bytes.Buffer
	if err := write(&b); err != nil {
		panic(err) // a buffer takes everything
	}
	return b.Bytes()
}
