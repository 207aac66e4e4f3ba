package export

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"
	"time"

	"archiver"
)

// shelf is a Library in memory.
type shelf struct {
	images    map[string][]archiver.Image
	assets    map[string]archiver.Asset
	addresses map[string][]string
	revisions map[string][]archiver.Article // texts of an article, the first one first
	causes    map[string][]archiver.Cause
	seen      map[string][]time.Time
}

func (s *shelf) Images(_ context.Context, id string) ([]archiver.Image, error) {
	return s.images[id], nil
}

func (s *shelf) Asset(_ context.Context, sum string) (archiver.Asset, error) {
	if a, ok := s.assets[sum]; ok {
		return a, nil
	}
	return archiver.Asset{}, &archiver.Error{Kind: archiver.NoMatch, Err: errors.New("it is not in the archive")}
}

func (s *shelf) Addresses(_ context.Context, id string) ([]string, error) {
	return s.addresses[id], nil
}

func (s *shelf) Pages(context.Context, string) ([]archiver.Page, error) { return nil, nil }

func (s *shelf) Revisions(_ context.Context, id string) ([]archiver.Revision, error) {
	var all []archiver.Revision
	for i, a := range s.revisions[id] {
		r := archiver.Revision{Number: i + 1, Seen: s.seen[id][i], Title: a.Title}
		if i < len(s.causes[id]) {
			r.Cause = s.causes[id][i]
		}
		all = append(all, r)
	}
	return all, nil
}

func (s *shelf) Revision(_ context.Context, id string, n int) (archiver.Article, error) {
	return s.revisions[id][n-1], nil
}

// keep puts a picture on the shelf.
func (s *shelf) keep(id, url, mediaType string, width, height int, data []byte) string {
	if s.images == nil {
		s.images, s.assets = map[string][]archiver.Image{}, map[string]archiver.Asset{}
	}
	hash := sha256.Sum256(data)
	sum := hex.EncodeToString(hash[:])
	s.assets[sum] = archiver.Asset{URL: url, Type: mediaType, Width: width, Height: height, Data: data}
	s.images[id] = append(s.images[id], archiver.Image{URL: url, State: archiver.AssetStored, Sum: sum, Type: mediaType, Width: width, Height: height})
	return sum
}

func (s *shelf) miss(id, url, reason string) {
	s.images[id] = append(s.images[id], archiver.Image{URL: url, State: archiver.AssetFailed, Reason: reason})
}

func gradient(width, height int) image.Image {
	img := image.NewRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			img.Set(x, y, color.RGBA{uint8(x * 255 / width), uint8(y * 255 / height), 90, 255})
		}
	}
	return img
}

func pngOf(t testing.TB, width, height int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, gradient(width, height)); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func jpegOf(t testing.TB, width, height int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, gradient(width, height), nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func gifOf(t testing.TB, width, height int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := gif.Encode(&b, gradient(width, height), nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// A lossless WebP of one pixel, and the head of an AVIF: no encoder of them is at hand.
var (
	smallWebP, _ = base64.StdEncoding.DecodeString("UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==")
	headOfAVIF   = append([]byte("\x00\x00\x00\x1cftypavif\x00\x00\x00\x00avifmif1miaf"), bytes.Repeat([]byte{0}, 64)...)
)

const drawing = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 10"><rect width="20" height="10" fill="#369"/></svg>`

// illustrated is an article with pictures of every kind, and its shelf.
func illustrated(t testing.TB) (archiver.Article, *shelf) {
	const at = "https://blog.example/img/"
	a := article(7, "图片", `<p>小图 <img src="`+at+`small.png" alt="小图" width="40"/> 在行内。</p>
<figure><img src="`+at+`wide.png" alt="大图"/><figcaption>图 1</figcaption></figure>
<p><a href="https://blog.example/big"><img src="`+at+`photo.jpg" alt=""/></a></p>
<p><img src="`+at+`move.gif" alt="动图"/><img src="`+at+`draw.svg" alt="图画"/></p>
<p><img src="`+at+`web.webp" alt="WebP"/></p><p><img src="`+at+`new.avif" alt="AVIF" width="300" height="200"/></p>
<p><img src="`+at+`broken.webp" alt="坏图"/></p><p><img src="`+at+`gone.png" alt="没了"/></p><p><img src="`+at+`bomb.png" alt="炸弹"/></p>
<p><img src="http://www.blog.example/img/small.png?utm_source=x" alt="同一张"/></p><p><img src="`+at+`never.png" alt="没听说过"/></p>`)
	a.Image = at + "lead.jpg"
	s := &shelf{}
	s.keep(a.ID, at+"lead.jpg", "image/jpeg", 80, 60, jpegOf(t, 80, 60))
	s.keep(a.ID, at+"small.png", "image/png", 40, 30, pngOf(t, 40, 30))
	s.keep(a.ID, at+"wide.png", "image/png", 2600, 300, pngOf(t, 2600, 300))
	s.keep(a.ID, at+"photo.jpg", "image/jpeg", 900, 1800, jpegOf(t, 900, 1800))
	s.keep(a.ID, at+"move.gif", "image/gif", 1300, 20, gifOf(t, 1300, 20))
	s.keep(a.ID, at+"draw.svg", "image/svg+xml", 0, 0, []byte(drawing))
	s.keep(a.ID, at+"web.webp", "image/webp", 1, 1, smallWebP)
	s.keep(a.ID, at+"new.avif", "image/avif", 600, 400, headOfAVIF)
	s.keep(a.ID, at+"broken.webp", "image/webp", 10, 10, smallWebP[:20])
	bomb := pngOf(t, 8, 8)
	copy(bomb[16:], []byte{0, 0, 0x40, 0, 0, 0, 0x40, 0}) // its head claims 16384 by 16384
	s.keep(a.ID, at+"bomb.png", "image/png", 16384, 16384, bomb)
	s.miss(a.ID, at+"gone.png", "404 Not Found")
	return a, s
}

func TestPictures(t *testing.T) {
	a, s := illustrated(t)
	opts := Options{Library: s, Sources: []archiver.Source{source}}
	second := article(8, "再来", `<p><img src="https://blog.example/img/small.png" alt="小图"/></p>`)
	s.images[second.ID] = s.images[a.ID][1:2]
	all := parts(t, export(t, "epub", articlesOf(a, second), opts))
	chapter := all["EPUB/text/"+a.ID+".xhtml"]
	wellFormed(t, "chapter", []byte(chapter))
	name := func(n int, ext string) string { return "../images/" + s.images[a.ID][n].Sum[:pictureDigits] + ext }
	for _, want := range []string{
		`<p class="picture lead"><img src="` + name(0, ".jpg") + `" alt="" width="80" height="60"/></p>`,
		`小图 <img src="` + name(1, ".png") + `" alt="小图" width="40"/> 在行内`,
		`<img src="` + name(2, ".png") + `" alt="大图" width="1200" height="138"/>`,
		`<a href="https://blog.example/big"><img src="` + name(3, ".jpg") + `" alt="photo.jpg" width="600" height="1200"/></a>`,
		`<img src="` + name(4, ".gif") + `" alt="动图" width="1300" height="20"/><img src="` + name(5, ".svg") + `" alt="图画"/>`,
		`<img src="` + name(6, ".png") + `" alt="WebP" width="1" height="1"/>`,
		`<picture><source type="image/avif" srcset="` + name(7, ".avif") + `"/><img src="../images/stand-in.png" alt="AVIF" width="300" height="200"/></picture>`,
		`图 · 坏图 <small class="why">(存档中没有: it cannot be decoded`,
		`<a class="image" href="https://blog.example/img/gone.png">图 · 没了 <small class="why">(存档中没有: 404 Not Found)</small></a>`,
		`图 · 炸弹 <small class="why">(存档中没有: it is too large to be decoded)</small>`,
		`<img src="` + name(1, ".png") + `" alt="同一张" width="40" height="30"/>`,
		`图 · 没听说过 <small class="why">(存档中没有)</small>`,
	} {
		if !strings.Contains(chapter, want) {
			t.Errorf("the chapter has no %s", want)
		}
	}
	if t.Failed() {
		t.Log(chapter)
	}
	for name, content := range all {
		if strings.HasPrefix(name, "EPUB/images/") && !strings.Contains(all["EPUB/package.opf"], `href="`+strings.TrimPrefix(name, "EPUB/")+`"`) {
			t.Errorf("%s is not in the list of files", name)
		}
		if strings.HasSuffix(name, ".png") {
			if config, err := png.DecodeConfig(strings.NewReader(content)); err != nil || name != "EPUB/cover.png" && config.Width > DefaultMaxImage {
				t.Errorf("%s: %+v %v", name, config, err)
			}
		}
	}
	if got := strings.Count(all["EPUB/package.opf"], `href="images/`); got != 9 {
		t.Errorf("%d pictures in the book, want 9", got)
	}

	opts.NoImages = true
	if chapter := parts(t, export(t, "epub", articlesOf(a), opts))["EPUB/text/"+a.ID+".xhtml"]; strings.Contains(chapter, "<img") || strings.Contains(chapter, "why") {
		t.Errorf("without images:\n%s", chapter)
	}
}

func TestSizeless(t *testing.T) {
	for key, want := range map[string]string{
		"x.example/a-300x200.png": "x.example/a.png", "x.example/a.png": "x.example/a.png", "x.example/a-b.png": "x.example/a-b.png",
		"x.example/a-x.png": "x.example/a-x.png", "x.example/3x4.png": "x.example/3x4.png", "": "",
	} {
		if got := sizeless(key); got != want {
			t.Errorf("sizeless(%q) = %q, want %q", key, got, want)
		}
	}
}

func TestTurned(t *testing.T) {
	plain := jpegOf(t, 8, 8)
	exif := "Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00\x06\x00\x00\x00\x00\x00\x00"
	rotated := append([]byte("\xff\xd8\xff\xe1\x00"+string(rune(len(exif)+2))+exif), plain[2:]...)
	if turned(plain) || !turned(rotated) {
		t.Errorf("turned: plain %v, rotated %v", turned(plain), turned(rotated))
	}
	for n := range rotated[:60] {
		turned(rotated[:n])
	}
}

// TestTenNastyArticles: what the checkers judge is right by our own rules too.
func TestTenNastyArticles(t *testing.T) {
	c := ten(t)
	first, again := export(t, "epub", c.articles, c.opts), export(t, "epub", c.articles, c.opts)
	if !bytes.Equal(first, again) {
		t.Error("the same articles gave another book")
	}
	all := parts(t, first)
	for name, content := range all {
		if isXML(name) {
			wellFormed(t, name, []byte(content))
		}
	}
	linksLead(t, all)
	for file, want := range map[string]string{"EPUB/package.opf": `properties="mathml"`, "EPUB/book.css": "background: none; text-indent: 2em", "EPUB/changes.xhtml": "<del>"} {
		if !strings.Contains(all[file], want) {
			t.Errorf("%s has no %s", file, want)
		}
	}
}
