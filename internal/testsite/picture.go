package testsite

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"net/http"
)

// pictures is how many images the blog has.
const pictures = 8

func picturePath(n int) string { return fmt.Sprintf("%sfig%02d.png", picturesPath, n+1) }

// picture draws an image of the blog: a curve, another one for each number.
func picture(name string) *answer {
	var n int
	if _, err := fmt.Sscanf(name, "fig%02d.png", &n); err != nil || n < 1 || n > pictures {
		return &answer{status: http.StatusNotFound, contentType: "text/plain", body: []byte("404\n")}
	}
	const width, height = 640, 360
	img := image.NewPaletted(image.Rect(0, 0, width, height), color.Palette{color.White, color.Gray{200}, color.RGBA{30, 90, 200, 255}})
	for x := range width {
		for y := range height {
			if x%80 == 0 || y%60 == 0 {
				img.SetColorIndex(x, y, 1)
			}
		}
		// It falls as a loss does, faster for a higher number.
		y := 20 + (height-40)*x*n/(x*n+width)
		for thick := range 4 {
			img.SetColorIndex(x, y+thick, 2)
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		panic(err) // a buffer takes everything
	}
	return &answer{status: http.StatusOK, contentType: "image/png", body: b.Bytes()}
}
