package export

import (
	"path"
	"strings"
	"unicode"
	"unicode/utf8"

	"archiver"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// This file makes file names out of titles: readable ones, that Windows, macOS and Linux take, that sync services and shells do
// not trip over, and that are never two names on one system and one on another.

// maxName is the longest file name, in bytes: file systems stop at 255, and some that encrypt or sync lose a part of it.
const maxName = 200

// fileName is the name of an article's file: its day and its title. With twin, the article's ID makes it another one than that
// of an article with the same day and title.
func fileName(a *archiver.Article, ext string, twin bool) string {
	end := ext
	if twin {
		end = " " + idOf(a) + ext
	}
	stem := safeName(strings.TrimSpace(day(a.Published) + " " + cleanName(a.Title)))
	if stem == "" {
		stem = idOf(a)
	}
	return cut(stem, maxName-len(end)) + end
}

// folderName is the name of a source's folder.
func folderName(source string) string {
	if name := cut(safeName(source), maxName); name != "" {
		return name
	}
	return "other"
}

// idOf is the article's ID, of letters that any name may have.
func idOf(a *archiver.Article) string {
	if id := safeName(a.ID); id != "" && len(id) <= 64 {
		return id
	}
	return archiver.ArticleID(a.URL)
}

// cleanName leaves of a text what every file system takes and a person can see, in Unicode's composed form.
func cleanName(s string) string {
	var b strings.Builder
	for _, r := range norm.NFC.String(strings.ToValidUTF8(s, "\uFFFD")) {
		switch {
		case strings.ContainsRune(`/\|`, r):
			b.WriteByte('-')
		case strings.ContainsRune(`<>:"?*`, r), unicode.IsSpace(r), unicode.IsControl(r):
			b.WriteByte(' ')
		case r == '\u200c' || r == '\u200d': // they join letters and emoji
			b.WriteRune(r)
		case unicode.Is(unicode.Cf, r), !unicode.IsGraphic(r): // unseen, or of no meaning anywhere
		default:
			b.WriteRune(r)
		}
	}
	name := strings.Join(strings.Fields(b.String()), " ")
	if !visible(strings.Trim(name, "\u200c\u200d")) {
		return ""
	}
	return norm.NFC.String(name)
}

// safeName is cleanName where it is a whole name: no leading or trailing sign that some system hides, strips or takes for a
// flag, and no name of a device.
func safeName(s string) string {
	name := strings.TrimLeft(cleanName(s), " .-~")
	name = strings.TrimRight(name, " .")
	if device(name) {
		name = "_" + name
	}
	return name
}

// device reports whether Windows takes the name for a device, whatever its ending.
func device(name string) bool {
	stem, _, _ := strings.Cut(name, ".")
	stem = strings.ToUpper(strings.TrimRight(stem, " "))
	switch stem {
	case "CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$":
		return true
	}
	if port, ok := strings.CutPrefix(stem, "COM"); ok || strings.HasPrefix(stem, "LPT") {
		if !ok {
			port = stem[len("LPT"):]
		}
		return utf8.RuneCountInString(port) == 1 && strings.ContainsAny(port, "0123456789¹²³")
	}
	return false
}

// cut shortens a name to n bytes, between characters, and leaves no end that Windows strips.
func cut(name string, n int) string {
	if len(name) <= n {
		return name
	}
	for n > 0 && !utf8.RuneStart(name[n]) {
		n--
	}
	return strings.TrimRight(name[:n], " .\u200c\u200d")
}

// twins is the form in which two paths are equal on some system: composed, without case.
func twins(name string) string {
	return norm.NFC.String(cases.Fold().String(norm.NFC.String(path.Clean(name))))
}
