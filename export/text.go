package export

import (
	"bytes"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"archiver"
)

// This file knows characters and languages: what XML can hold, what a line of text may hold, which way a language runs, and the
// few words that a book says itself.

// forbidden reports whether XML, or a reader of it, refuses the character.
func forbidden(r rune) bool {
	switch {
	case r < 0x20:
		return r != '\t' && r != '\n'
	case r < 0x7f:
		return false
	case r < 0xa0:
		return true
	}
	return r == 0xfffe || r == 0xffff || 0xfdd0 <= r && r <= 0xfdef || r > 0xffff && r&0xfffe == 0xfffe
}

// writeText escapes s for an element's text or a quoted attribute.
func writeText(b *bytes.Buffer, s string) {
	start := 0
	for i := 0; i < len(s); {
		var escape string
		size := 1
		switch c := s[i]; {
		case c == '&':
			escape = "&amp;"
		case c == '<':
			escape = "&lt;"
		case c == '>':
			escape = "&gt;"
		case c == '"':
			escape = "&quot;"
		case c >= 0x20 && c < 0x7f, c == '\n', c == '\t':
			i++
			continue
		case c < utf8.RuneSelf:
		default:
			var r rune
			if r, size = utf8.DecodeRuneInString(s[i:]); r == utf8.RuneError && size == 1 {
				escape = "\uFFFD"
			} else if !forbidden(r) {
				i += size
				continue
			}
		}
		b.WriteString(s[start:i])
		b.WriteString(escape)
		i += size
		start = i
	}
	b.WriteString(s[start:])
}

// direction reports whether the character turns the direction of the text after it, beyond its own end. Marks that only lean on
// their neighbours (U+200E, U+200F) do not.
func direction(r rune) bool {
	return 0x202a <= r && r <= 0x202e || 0x2066 <= r && r <= 0x2069
}

// plain is a fact of an article as one line: no controls, no turned direction, single spaces.
func plain(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t' || r == '\r' || r == '\u2028' || r == '\u2029':
			return ' '
		case forbidden(r) || direction(r):
			return -1
		}
		return r
	}, s)
	return strings.Join(strings.Fields(s), " ")
}

// visible reports whether there is anything to see in a line.
func visible(s string) bool {
	for _, r := range s {
		if unicode.IsGraphic(r) && !unicode.IsSpace(r) && !unicode.Is(unicode.Variation_Selector, r) && r != '\u115f' && r != '\u3164' {
			return true
		}
	}
	return false
}

// shortened is at most n characters of a line, the last one an ellipsis where some are missing.
func shortened(s string, n int) string {
	if len(s) <= n {
		return s
	}
	count := 0
	for i := range s {
		if count++; count == n && utf8.RuneCountInString(s[i:]) > 1 {
			return strings.TrimRight(s[:i], " ") + "…"
		}
	}
	return s
}

// languageTag is a language with script, region and variants, as BCP 47 writes it.
var languageTag = regexp.MustCompile(`^[A-Za-z]{2,3}(?:-[A-Za-z]{4})?(?:-(?:[A-Za-z]{2}|[0-9]{3}))?(?:-(?:[A-Za-z0-9]{5,8}|[0-9][A-Za-z0-9]{3}))?$`)

// language is a well-formed tag, or empty.
func language(tag string) string {
	tag = strings.ReplaceAll(strings.TrimSpace(tag), "_", "-")
	if !languageTag.MatchString(tag) {
		return ""
	}
	return tag
}

// languageOf is the language of an article's chapter. Where the page named none, the script of its title tells as much as a font
// needs to know; where that tells nothing, it is empty.
func languageOf(a *archiver.Article) string {
	if tag := language(a.Language); tag != "" {
		return tag
	}
	han := false
	for _, r := range a.Title {
		switch {
		case unicode.In(r, unicode.Hiragana, unicode.Katakana):
			return "ja"
		case unicode.Is(unicode.Hangul, r):
			return "ko"
		case unicode.Is(unicode.Han, r):
			han = true
		}
	}
	if han {
		return "zh"
	}
	return ""
}

// rightToLeft reports whether the language runs from right to left.
func rightToLeft(tag string) bool {
	primary, rest, _ := strings.Cut(strings.ToLower(tag), "-")
	switch script, _, _ := strings.Cut(rest, "-"); script {
	case "arab", "hebr", "thaa", "nkoo", "syrc", "adlm", "rohg":
		return true
	case "latn", "cyrl":
		return false
	}
	switch primary {
	case "ar", "ckb", "dv", "fa", "he", "iw", "ps", "sd", "syr", "ug", "ur", "yi":
		return true
	}
	return false
}

// words are what a book says itself.
type words struct {
	contents, undated, untitled, updated, image, articles string
}

var (
	english            = words{"Contents", "Without a date", "Untitled", "updated ", "Image", " articles"}
	simplifiedChinese  = words{"目录", "日期不详", "无题", "更新于 ", "图", " 篇文章"}
	traditionalChinese = words{"目錄", "日期不詳", "無題", "更新於 ", "圖", " 篇文章"}
)

func wordsIn(tag string) *words {
	tag = strings.ToLower(tag)
	switch primary, _, _ := strings.Cut(tag, "-"); primary {
	case "zh", "cmn":
	default:
		return &english
	}
	for part := range strings.SplitSeq(tag, "-") {
		switch part {
		case "hant", "tw", "hk", "mo":
			return &traditionalChinese
		}
	}
	return &simplifiedChinese
}

// day is the date that a page gave, without its clock; empty for none.
func day(ts archiver.Timestamp) string {
	s := ts.String()
	return s[:min(len(s), len("2006-01-02"))]
}
