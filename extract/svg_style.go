package extract

import (
	"regexp"
	"strings"
)

// This file cleans the style sheets of drawings. Rules: a style refers to elements of the file, or to a font or bitmap that it holds in
// itself; one that cannot be read for sure, or that could do more than paint, is left out whole.

// badStyle is what loads or runs something without url(), or did in browsers of some age.
var badStyle = regexp.MustCompile(`(?i)@\s*import|@\s*charset|@\s*namespace|@\s*document|expression\s*\(|javascript\s*:|vbscript\s*:|livescript\s*:|data\s*:\s*text|` +
	`behaviou?r\s*:|-moz-binding|image-set\s*\(|\bimage\s*\(|\bsrc\s*\(|cross-fade\s*\(|\battr\s*\(|<`)

// anyURL is a reference, as far as one can be told; the two inner groups are its address.
var anyURL = regexp.MustCompile(`(?i)url\(\s*(?:"([^"()\\]*)"|'([^'()\\]*)'|([^"'()\\\s]*))\s*\)`)

var urlWord = regexp.MustCompile(`(?i)url\s*\(`)

var cssComment = regexp.MustCompile(`(?s)/\*.*?\*/`)

// inlineFont is a font that the file holds in itself.
var inlineFont = regexp.MustCompile(`^data:(?:font/|application/(?:x-)?font-?)[a-z0-9-]+(?:;charset=utf-8)?;base64,[A-Za-z0-9+/=]+$`)

// localStyle gives a style without references to other files; ok is false where it is to be left out whole.
func localStyle(style string) (local string, ok bool) {
	tight := strings.Map(func(r rune) rune {
		if r <= ' ' || r == 0x7f {
			return -1
		}
		return r
	}, style)
	// An escape hides words; those of letters that need none are rare.
	if strings.ContainsRune(style, '\\') || badStyle.MatchString(style) || badStyle.MatchString(tight) {
		return "", false
	}
	refs := anyURL.FindAllStringSubmatch(style, -1)
	if len(refs) != len(urlWord.FindAllString(style, -1)) || len(refs) != len(urlWord.FindAllString(tight, -1)) {
		return "", false
	}
	for _, ref := range refs {
		to := ref[1] + ref[2] + ref[3]
		if !strings.HasPrefix(to, "#") && !isInlineBitmap(to) && !inlineFont.MatchString(to) {
			return "", false
		}
	}
	return style, true
}

// cleanStyle is a style attribute, declaration by declaration.
func cleanStyle(style string) (string, bool) {
	style = cssComment.ReplaceAllString(style, "")
	if strings.Contains(style, "/*") {
		return "", false
	}
	if local, ok := localStyle(style); ok {
		return strings.TrimSpace(local), strings.TrimSpace(local) != ""
	}
	var kept []string
	for part := range strings.SplitSeq(style, ";") {
		if local, ok := localStyle(part); ok && strings.TrimSpace(local) != "" {
			kept = append(kept, strings.TrimSpace(local))
		}
	}
	whole, ok := localStyle(strings.Join(kept, "; "))
	return whole, ok && whole != ""
}

// cleanSheet is the text of a style element, rule by rule where the whole cannot stay; none where nothing can.
func cleanSheet(in []*svgNode) []*svgNode {
	var sheet string
	for _, e := range in {
		sheet += e.text
	}
	sheet = cssComment.ReplaceAllString(sheet, "")
	if strings.Contains(sheet, "/*") {
		return nil
	}
	if _, ok := localStyle(sheet); !ok {
		sheet = strings.Join(safeRules(sheet), "\n")
	}
	if _, ok := localStyle(sheet); !ok || strings.TrimSpace(sheet) == "" {
		return nil
	}
	return []*svgNode{{text: strings.TrimSpace(sheet)}}
}

// safeRules are the rules of a sheet that may stay. Where braces do not match, none may.
func safeRules(sheet string) []string {
	var kept []string
	depth, from := 0, 0
	for i := 0; i < len(sheet); i++ {
		end := false
		switch sheet[i] {
		case '{':
			depth++
		case '}':
			depth--
			end = depth == 0
		case ';':
			end = depth == 0 // @import "x";
		case '"', '\'':
			closing := strings.IndexByte(sheet[i+1:], sheet[i])
			if closing < 0 {
				return nil
			}
			i += closing + 1
		}
		if depth < 0 {
			return nil
		}
		if end {
			if rule := strings.TrimSpace(sheet[from : i+1]); rule != ";" {
				if _, ok := localStyle(rule); ok {
					kept = append(kept, rule)
				}
			}
			from = i + 1
		}
	}
	return kept
}
