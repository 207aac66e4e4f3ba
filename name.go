package archiver

import (
	"errors"
	"net/url"
	"strings"
	"unicode"
)

// maxSourceName keeps names fit for a column and a folder.
const maxSourceName = 40

// pageWords are path segments that say what a page is, not what it is about.
var pageWords = map[string]bool{
	"category": true, "categories": true, "cat": true, "tag": true, "tags": true, "archives": true, "archive": true, "blog": true, "topics": true,
	"index": true, "page": true, "list": true, "author": true, "posts": true,
}

// SourceName makes a short name for a listing from its canonical address: the last part of the path that means something,
// the query's value where there is none, else the host. It always passes CheckSourceName.
func SourceName(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return "source"
	}
	parts := strings.Split(u.Path, "/")
	for i := len(parts) - 1; i >= 0; i-- {
		part := strings.TrimSuffix(strings.TrimSuffix(parts[i], ".html"), ".htm")
		if name := nameFrom(part); name != "" && !pageWords[name] && !isNumber(name) {
			return name
		}
	}
	host := nameFrom(strings.TrimPrefix(u.Hostname(), "www."))
	for pair := range strings.SplitSeq(u.RawQuery, "&") {
		key, value, _ := strings.Cut(pair, "=")
		if value, err := url.QueryUnescape(value); err == nil && value != "" && nameFrom(key+"-"+value) != "" {
			return cutName(host + "-" + nameFrom(key+"-"+value))
		}
	}
	if host == "" {
		return "source"
	}
	return host
}

// CheckSourceName reports what is wrong with a name that a person chose, as an error of kind Invalid.
func CheckSourceName(name string) error {
	var why string
	switch {
	case name == "":
		why = "it is empty"
	case len([]rune(name)) > maxSourceName:
		why = "it is longer than 40 characters"
	case nameFrom(name) != name:
		why = "it may hold letters, digits, and - _ . between them"
	default:
		return nil
	}
	return &Error{Kind: Invalid, Op: "read source name", URL: shorten(name), Err: errors.New(why)}
}

// nameFrom keeps letters and digits of every script; what stands between them becomes a hyphen.
func nameFrom(s string) string {
	var b strings.Builder
	var gap rune
	for _, r := range strings.ToLower(s) {
		switch {
		case unicode.IsLetter(r), unicode.IsDigit(r), unicode.IsMark(r):
			if gap != 0 && b.Len() > 0 {
				b.WriteRune(gap)
			}
			gap = 0
			b.WriteRune(r)
		case r == '_' || r == '.':
			gap = r
		default:
			gap = '-'
		}
	}
	return cutName(b.String())
}

func cutName(s string) string {
	if r := []rune(s); len(r) > maxSourceName {
		return strings.TrimRight(string(r[:maxSourceName]), "-_.")
	}
	return s
}

func isNumber(s string) bool {
	return strings.Trim(s, "0123456789") == ""
}
