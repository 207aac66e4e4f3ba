package extract

import (
	"strings"
	"unicode"

	"archiver"

	"golang.org/x/text/language"
)

// This file decides an article's language. Rules: the page says it; the text overrules the page only where the script leaves no
// doubt, as an Arabic article on a Chinese blog.

// langSample is how many letters of a text are looked at.
const langSample = 4000

// languageOf is the article's language as a BCP 47 tag, empty where neither page nor text tells.
func (r *articlePage) languageOf(text string) string {
	said := ""
	for _, tag := range r.languagesSaid() {
		if said = validTag(tag); said != "" {
			break
		}
	}
	seen := scriptLanguage(text, said)
	if seen == "" {
		return said
	}
	return seen
}

// languagesSaid are the languages that the page names, the article's own before the page's, and that of the list.
func (r *articlePage) languagesSaid() []string {
	var tags []string
	for i := r.body.block; i > r.root; i = r.blocks[i].parent {
		tags = append(tags, attrOf(r.blocks[i].node, "lang"))
	}
	tags = append(tags, r.lang)
	for _, t := range r.things {
		if t.isArticle() || t.is("WebPage") {
			tags = append(tags, t.text("inLanguage"))
		}
	}
	tags = append(tags, r.meta("og:locale"), r.meta("content-language", "language", "dc.language"))
	listed, _ := fromEntries(r.entries, func(e *archiver.Entry) (string, bool) { return e.Language, e.Language != "" })
	return append(tags, listed)
}

func validTag(tag string) string {
	tag = strings.ReplaceAll(strings.TrimSpace(tag), "_", "-")
	if tag == "" {
		return ""
	}
	// The library drops what it does not like; "default" and the like must not become a language.
	parsed, err := language.Parse(tag)
	if err != nil || parsed == language.Und {
		return ""
	}
	return parsed.String()
}

// scriptLanguage is the language that the script of a text proves, where it is not that of the tag said; else empty.
func scriptLanguage(text, said string) string {
	var han, kana, hangul, arabic, cyrillic, latin, total int
	for _, c := range text {
		if total == langSample {
			break
		}
		if 0x4E00 <= c && c <= 0x9FEF { // Han, and quickly
			total++
			han++
			continue
		}
		if !unicode.IsLetter(c) {
			continue
		}
		total++
		switch {
		case c < 0x250:
			latin++
		case unicode.Is(unicode.Han, c):
			han++
		case c >= 0x3041 && c <= 0x30ff:
			kana++
		case unicode.Is(unicode.Hangul, c):
			hangul++
		case unicode.Is(unicode.Arabic, c):
			arabic++
		case unicode.Is(unicode.Cyrillic, c):
			cyrillic++
		}
	}
	if total < 40 {
		return ""
	}
	base, _, _ := strings.Cut(said, "-")
	most := func(n int) bool { return n*2 > total }
	switch {
	case kana*5 > han+kana && most(han+kana) && base != "ja":
		return "ja"
	case kana*5 > han+kana && most(han+kana):
		return ""
	case most(hangul) && base != "ko":
		return "ko"
	case most(arabic) && base != "ar" && base != "fa" && base != "ur" && base != "ug" && base != "ps" && base != "ckb":
		return "ar"
	case most(cyrillic) && (said == "" || !cyrillicBase[base]):
		return "ru"
	case most(han) && kana*50 < han && base != "zh" && base != "yue" && base != "ja" && base != "lzh":
		return "zh" + hanForm(text)
	case latin*20 > total*19 && (said == "" || base == "zh" || base == "ja" || base == "ko") && isEnglish(text):
		return "en"
	}
	return ""
}

// Characters that are common, and written in one of the two ways only. Japanese shares some of the first.
const (
	traditionalOnly = "這個們來時對說過還沒麼從現實發問題應該學習與種樣點關於讓種開間進當為會並長動後"
	simplifiedOnly  = "这个们来时对说过还没么从现实发问题应该学习与种样点关于让开间进当为会并长动后"
)

// hanForm is "-Hant" for a Chinese text in traditional characters beyond doubt, and nothing for another.
func hanForm(text string) string {
	const enough = 10 // characters
	traditional, simplified, seen := 0, 0, 0
	for _, c := range text {
		if seen++; seen > langSample {
			break
		}
		switch in, out := strings.ContainsRune(traditionalOnly, c), strings.ContainsRune(simplifiedOnly, c); {
		case in && !out:
			traditional++
		case out && !in:
			simplified++
		}
	}
	if traditional >= enough && traditional > 9*simplified {
		return "-Hant"
	}
	return ""
}

var cyrillicBase = map[string]bool{"ru": true, "uk": true, "be": true, "bg": true, "sr": true, "mk": true, "kk": true, "ky": true, "mn": true, "tg": true}

// isEnglish reports whether English's little words are as frequent as English needs them.
func isEnglish(text string) bool {
	if len(text) > 4*langSample {
		text = text[:4*langSample]
	}
	words, little := 0, 0
	for word := range strings.FieldsSeq(strings.ToLower(text)) {
		words++
		switch word {
		case "the", "of", "and", "to", "a", "in", "is", "that", "for", "it", "with", "as", "on", "this", "are", "be", "we", "not", "by", "or":
			little++
		}
	}
	return words >= 20 && little*7 > words
}
