package export

import (
	"image"
	"image/color"
	"image/png"
	"io"

	"golang.org/x/image/font"
	"golang.org/x/image/math/fixed"
)

// This file draws letters and bars in shades between two colours, with whole numbers only.

const (
	glyphHeight   = 16
	glyphBaseline = 13
	// shades is how many steps lie between the two colours: enough for smooth edges, few enough for a small file.
	shades = 16
)

type canvas struct{ *image.Paletted }

func newCanvas(width, height int, ground, ink color.RGBA) canvas {
	palette := make(color.Palette, shades)
	for i := range palette {
		mix := func(from, to uint8) uint8 { return uint8((int(from)*(shades-1-i) + int(to)*i) / (shades - 1)) }
		palette[i] = color.RGBA{mix(ground.R, ink.R), mix(ground.G, ink.G), mix(ground.B, ink.B), 0xff}
	}
	return canvas{image.NewPaletted(image.Rect(0, 0, width, height), palette)}
}

func (c canvas) fill(r image.Rectangle, shade int) {
	r = r.Intersect(c.Rect)
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			c.SetColorIndex(x, y, uint8(shade))
		}
	}
}

func lineHeight(scale int) int { return (glyphHeight + 3) * scale }

// text draws a line, enlarged by scale. The corners of its pixels are cut where they touch at an angle: what lies between two
// pixels gets a share of both, and the half where there is more of them is ink.
func (c canvas) text(face font.Face, line string, left, top, scale, shade int) {
	width := font.MeasureString(face, line).Ceil() + 2
	mask := image.NewAlpha(image.Rect(0, 0, width, glyphHeight+2))
	(&font.Drawer{Dst: mask, Src: image.Opaque, Face: face, Dot: fixed.P(1, glyphBaseline+1)}).DrawString(line)
	ink := func(x, y int) int {
		if !image.Pt(x, y).In(mask.Rect) || mask.AlphaAt(x, y).A < 0x80 {
			return 0
		}
		return 1
	}
	unit := 2 * scale // a pixel of the font, in halves of a pixel of the canvas
	whole := unit * unit
	for y := range mask.Rect.Dy() * scale {
		for x := range width * scale {
			px, py := 2*x+1+scale, 2*y+1+scale // one pixel of the font further than they are, so that none is negative
			x0, fx := px/unit-1, px%unit
			y0, fy := py/unit-1, py%unit
			amount := ink(x0, y0)*(unit-fx)*(unit-fy) + ink(x0+1, y0)*fx*(unit-fy) + ink(x0, y0+1)*(unit-fx)*fy + ink(x0+1, y0+1)*fx*fy
			level := shade/2 + (2*amount-whole)*scale*shade/(2*whole)
			if level = min(max(level, 0), shade); level > 0 {
				if at := image.Pt(left+x-scale, top+y-scale); at.In(c.Rect) {
					c.SetColorIndex(at.X, at.Y, uint8(level))
				}
			}
		}
	}
}

func (c canvas) encode(w io.Writer) error {
	return (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(w, c.Paletted)
}
