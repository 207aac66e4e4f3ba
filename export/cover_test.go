package export

import (
	"bytes"
	"image/png"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

func TestCover(t *testing.T) {
	for i, tt := range []about{
		{title: "自然语言处理(NLP)", lang: "zh-CN", id: "urn:uuid:1", span: "2017-05-04 – 2024-03-10", sites: []string{"我爱自然语言处理"}},
		{title: "機器學習與深度學習筆記：從「感知器」到大型語言模型的二十年", lang: "zh-TW", id: "2", span: "2017-05-04 – 2024-03-10"},
		{title: "The Go Blog", lang: "en", id: "3", span: "2009-11-10 – 2025-02-11", sites: []string{"go.dev"}},
		{title: "مدونة العربية للبرمجة", lang: "ar", id: "4", span: "2020-01-01"},
		{title: strings.Repeat("长标题与 long words ", 40), lang: "zh", id: "5", sites: []string{strings.Repeat("blog ", 60)}},
		{title: "👩‍👩‍👧", lang: "und", id: "6"},
	} {
		tt.words = wordsIn(tt.lang)
		var b, again bytes.Buffer
		if err := drawCover(&b, &tt); err != nil {
			t.Fatal(err)
		}
		if err := drawCover(&again, &tt); err != nil || !bytes.Equal(b.Bytes(), again.Bytes()) {
			t.Errorf("%s: drawn twice it is another cover (%v)", tt.title, err)
		}
		img, err := png.Decode(bytes.NewReader(b.Bytes()))
		if err != nil {
			t.Fatal(err)
		}
		if size := img.Bounds().Size(); size.X != coverWidth || size.Y != coverHeight {
			t.Errorf("%s: the cover is %v", tt.title, size)
		}
		ink := 0
		for y := 300; y < 1500; y++ { // where the title is
			for _, x := range []int{coverMargin / 2, coverWidth - coverMargin/2} {
				if img.At(x, y) != img.At(0, 0) {
					t.Fatalf("%s: ink in the margin at %d, %d", tt.title, x, y)
				}
			}
			for x := coverMargin; x < coverWidth-coverMargin; x++ {
				if img.At(x, y) != img.At(0, 0) {
					ink++
				}
			}
		}
		if ink < 1000 {
			t.Errorf("%s: the cover shows nothing", tt.title)
		}
		if keep := os.Getenv("ARCHIVER_KEEP_BOOKS"); keep != "" {
			if err := os.WriteFile(filepath.Join(keep, "cover-"+strconv.Itoa(i)+".png"), b.Bytes(), 0o666); err != nil {
				t.Error(err)
			}
		}
	}
}

func TestBreaks(t *testing.T) {
	for text, want := range map[string]string{
		"自然语言处理(NLP)入门": "自|然|语|言|处|理|(NLP)|入|门",
		"The Go Blog":   "The |Go |Blog",
		"用「引号」，和标点。":    "用|「引|号」，|和|标|点。",
		"":              "",
	} {
		if got := strings.Join(breaks(text), "|"); got != want {
			t.Errorf("breaks(%q) = %q, want %q", text, got, want)
		}
	}
}
