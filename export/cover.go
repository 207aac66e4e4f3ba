package export

import (
	"bytes"
	"hash/fnv"
	"image"
	"image/color"
	"io"
	"strings"
	"unicode"

	"github.com/hajimehoshi/bitmapfont/v3"
	"golang.org/x/image/font"
	"golang.org/x/image/math/fixed"
	bcp47 "golang.org/x/text/language"
)

// This file draws a book's cover: its title on one calm colour, which the book's identity picks, a line, the days that it spans and
// the blog's name. The letters are of a font of 12 pixels that knows Chinese, enlarged by whole numbers with their edges made
// smooth. All sums are of whole numbers, so that every machine draws the same bytes.

const (
	coverWidth, coverHeight = 1200, 1800 // 2:3, as shelves of readers have it
	coverMargin             = 120
	maxTitleLines           = 7
)

// coverColours are dark enough for white letters (contrast 7:1 and more).
var coverColours = [...]color.RGBA{
	{0x1f, 0x3a, 0x5f, 0xff}, {0x2f, 0x4f, 0x4a, 0xff}, {0x5a, 0x2e, 0x3c, 0xff}, {0x3d, 0x36, 0x5c, 0xff}, {0x4a, 0x3f, 0x2a, 0xff}, {0x28, 0x45, 0x5c, 0xff},
}

// drawCover writes the cover as PNG.
func drawCover(w io.Writer, a *about) error {
	sum := fnv.New32a()
	io.WriteString(sum, a.id)
	ground := coverColours[sum.Sum32()%uint32(len(coverColours))]
	canvas := newCanvas(coverWidth, coverHeight, ground, color.RGBA{0xff, 0xff, 0xff, 0xff})
	face := faceOf(a.lang)

	canvas.fill(image.Rect(coverMargin, coverMargin, coverWidth-coverMargin, coverMargin+6), shades-1)
	scale, lines := fitTitle(face, a.title)
	y := 330
	rtl := rightToLeft(a.lang)
	write := func(line string, y, scale, shade int) {
		line = asDrawn(line, rtl)
		x := coverMargin
		if rtl {
			x = coverWidth - coverMargin - font.MeasureString(face, line).Ceil()*scale
		}
		canvas.text(face, line, x, y, scale, shade)
	}
	for _, line := range lines {
		write(strings.TrimRight(line, " "), y, scale, shades-1)
		y += lineHeight(scale)
	}
	rule := image.Rect(coverMargin, y+40, coverMargin+180, y+46)
	if rtl {
		rule = rule.Add(image.Pt(coverWidth-2*coverMargin-180, 0))
	}
	canvas.fill(rule, shades-1)
	const small = 4
	y = coverHeight - coverMargin - lineHeight(small)
	for _, line := range []string{a.span, onCover(strings.Join(a.sites, ", "))} {
		if line == "" || line == a.title {
			continue
		}
		short := wrap(face, line, (coverWidth-2*coverMargin)/small)
		if len(short) > 1 {
			short[0] = strings.TrimRight(short[0], " ,") + "…"
		}
		write(short[0], y, small, shades*3/4)
		y -= lineHeight(small)
	}
	return canvas.encode(w)
}

// drawStandIn writes what readers show that do not know a picture's format.
func drawStandIn(w io.Writer, format string) error {
	const width, height, scale = 600, 400, 6
	canvas := newCanvas(width, height, color.RGBA{0xee, 0xee, 0xee, 0xff}, color.RGBA{0x66, 0x66, 0x66, 0xff})
	face := bitmapfont.FaceSC
	for _, side := range []image.Rectangle{{image.Pt(0, 0), image.Pt(width, 2)}, {image.Pt(0, height-2), image.Pt(width, height)},
		{image.Pt(0, 0), image.Pt(2, height)}, {image.Pt(width-2, 0), image.Pt(width, height)}} {
		canvas.fill(side, shades/2)
	}
	length := font.MeasureString(face, format).Ceil() * scale
	canvas.text(face, format, (width-length)/2, (height-glyphHeight*scale)/2, scale, shades-1)
	return canvas.encode(w)
}

func writeCoverPage(b *bytes.Buffer, a *about, _ []entry) {
	beginPage(b, a.words.cover, a.lang, "book.css")
	b.WriteString(`<section class="cover" epub:type="cover"><img role="doc-cover" src="cover.png" alt="`)
	writeText(b, a.words.cover+": "+a.title)
	b.WriteString(`" width="1200" height="1800"/></section>` + "\n")
	endPage(b)
}

// faceOf is the font with the forms of Han characters that the language writes.
func faceOf(lang string) font.Face {
	switch wordsIn(lang) {
	case &traditionalChinese:
		return bitmapfont.FaceTC
	case &simplifiedChinese:
		return bitmapfont.FaceSC
	}
	return bitmapfont.Face
}

// fitTitle is the title in lines, as large as it can be.
func fitTitle(face font.Face, title string) (scale int, lines []string) {
	title = onCover(title)
	for scale = 10; scale > 5; scale-- {
		lines = wrap(face, title, (coverWidth-2*coverMargin)/scale)
		if len(lines) <= maxTitleLines {
			return scale, lines
		}
	}
	lines = wrap(face, title, (coverWidth-2*coverMargin)/scale)
	if limit := maxTitleLines + 2; len(lines) > limit {
		lines = lines[:limit]
		lines[limit-1] += "…"
	}
	return scale, lines
}

// wrap breaks a text into lines of a width: at spaces, and between characters that stand without any.
func wrap(face font.Face, text string, width int) (lines []string) {
	limit := fixed.I(width)
	for _, word := range breaks(text) {
		last := len(lines) - 1
		if last >= 0 && font.MeasureString(face, strings.TrimRight(lines[last]+word, " ")) <= limit {
			lines[last] += word
			continue
		}
		for font.MeasureString(face, strings.TrimRight(word, " ")) > limit { // no line holds it
			cut, runes := 0, []rune(word)
			for cut < len(runes)-1 && font.MeasureString(face, string(runes[:cut+1])) <= limit {
				cut++
			}
			lines, word = append(lines, string(runes[:max(cut, 1)])), string(runes[max(cut, 1):])
		}
		if word != "" {
			lines = append(lines, word)
		}
	}
	if len(lines) == 0 {
		lines = []string{""}
	}
	return lines
}

// onCover is a text of which the font knows every character.
func onCover(text string) string {
	text = strings.Map(func(r rune) rune {
		if r > 0xffff || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Variation_Selector, r) {
			return -1
		}
		return r
	}, shortened(text, maxBookTitle))
	return strings.Join(strings.Fields(text), " ")
}

// breaks cuts a text where a line may end: after a space, and beside a Han character, but not before what closes nor after what opens.
func breaks(text string) (all []string) {
	const opens = "([{（［｛「『《〈“‘【"
	var piece strings.Builder
	var last rune
	for _, r := range text {
		free := wide(r) || wide(last)
		closes := unicode.In(r, unicode.Pe, unicode.Pf) || unicode.Is(unicode.Po, r)
		if piece.Len() > 0 && (last == ' ' || free && !closes && !strings.ContainsRune(opens, last)) && r != ' ' {
			all = append(all, piece.String())
			piece.Reset()
		}
		piece.WriteRune(r)
		last = r
	}
	if piece.Len() > 0 {
		all = append(all, piece.String())
	}
	return all
}

// wide reports whether the character is of a script that sets no spaces.
func wide(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul) || 0x3000 <= r && r <= 0x303f || 0xff00 <= r && r <= 0xff60
}

// asDrawn is a line with its letters in the order and the forms in which they are drawn, from left to right.
func asDrawn(line string, rtl bool) string {
	direction := bitmapfont.DirectionLeftToRight
	if rtl {
		direction = bitmapfont.DirectionRightToLeft
	}
	return bitmapfont.PresentationForms(line, direction, bcp47.Und)
}
