package archiver

import (
	"strings"
	"unicode"
)

const (
	// shingle is how many letters in a row are compared: two texts of one language share few such rows by chance.
	shingle = 8
	// maxShingles bounds the work on long texts: their beginnings tell.
	maxShingles = 20_000
)

// SameArticle reports whether a page that was met at another address is the article that is known, edited perhaps: it has the same title,
// or half of the shorter text.
func SameArticle(known, met Article) bool {
	if title := letters(known.Title); title != "" && title == letters(met.Title) {
		return true
	}
	a, b := shingles(known.Markdown), shingles(met.Markdown)
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(a) == 0 {
		return known.Title == met.Title
	}
	shared := 0
	for row := range a {
		if b[row] {
			shared++
		}
	}
	return shared*2 >= len(a)
}

func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}

func shingles(text string) map[string]bool {
	runes := []rune(letters(text))
	set := map[string]bool{}
	for i := 0; i+shingle <= len(runes) && i < maxShingles; i++ {
		set[string(runes[i:i+shingle])] = true
	}
	return set
}
