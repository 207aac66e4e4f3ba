package extract

import (
	"net/url"
	"path"
	"strings"

	"archiver"
)

// This file tells by an address alone that it cannot be an article's.

// listSegments are parts of a path below which blogs keep other lists and services.
var listSegments = map[string]bool{
	"category": true, "categories": true, "cat": true, "tag": true, "tags": true, "author": true, "authors": true, "feed": true, "rss": true,
	"search": true, "wp-admin": true, "wp-content": true, "wp-json": true, "login": true, "register": true, "分类": true, "标签": true, "label": true,
	"カテゴリー": true, "date": true,
}

// groupSegments are parts of a path that say so of the page that was named as a listing; an article may have them too.
var groupSegments = map[string]bool{
	"archives": true, "archive": true, "blog": true, "posts": true, "articles": true, "news": true, "notes": true, "": true,
}

// namesList reports whether a page is a listing by its own address: a category, the front page, an archive of all posts.
func namesList(page string) bool {
	p := strings.TrimSuffix(pathOf(page), "/")
	return isListAddress(page) || queryOf(page) == "" && groupSegments[strings.ToLower(p[strings.LastIndexByte(p, '/')+1:])]
}

// listParams are parameters of a query that choose another list.
var listParams = map[string]bool{
	"cat": true, "category": true, "category_name": true, "tag": true, "author": true, "m": true, "paged": true, "s": true, "q": true, "feed": true,
	"action": true, "share": true, "redirect_to": true,
}

// notPages are endings of files that are not read as pages.
var notPages = map[string]bool{
	".jpg": true, ".jpeg": true, ".png": true, ".gif": true, ".webp": true, ".avif": true, ".svg": true, ".bmp": true, ".ico": true, ".pdf": true,
	".zip": true, ".rar": true, ".7z": true, ".gz": true, ".tar": true, ".mp3": true, ".mp4": true, ".webm": true, ".xml": true, ".css": true,
	".js": true, ".json": true, ".atom": true, ".rss": true, ".epub": true, ".exe": true, ".dmg": true, ".apk": true, ".doc": true, ".docx": true,
	".ppt": true, ".pptx": true, ".xls": true, ".xlsx": true, ".csv": true,
}

// isFile reports whether an address is that of a file, not of a page.
func isFile(address string) bool {
	p := pathOf(address)
	dot := strings.LastIndexByte(p, '.')
	return dot > strings.LastIndexByte(p, '/') && notPages[strings.ToLower(p[dot:])] || strings.HasSuffix(p, "/wp-login.php")
}

// pathOf is the path of a canonical address.
func pathOf(address string) string {
	_, rest, _ := strings.Cut(address, "://")
	slash := strings.IndexByte(rest, '/')
	if slash < 0 {
		return "/"
	}
	p, _, _ := strings.Cut(rest[slash:], "?")
	return p
}

func queryOf(address string) string {
	_, q, _ := strings.Cut(address, "?")
	return q
}

// monthPath is the end of the address of all posts of a month.
var monthPath = expr(`/archives?/(?:19|20)\d\d/(?:0?[1-9]|1[0-2])/?$`)

// isListAddress reports whether an address looks like that of a list: a category, a tag, an author, a search.
func isListAddress(address string) bool {
	p := pathOf(address)
	if strings.Contains(p, "%") {
		if plain, err := url.PathUnescape(p); err == nil {
			p = plain
		}
	}
	for segment := range strings.SplitSeq(strings.ToLower(p), "/") {
		if listSegments[segment] {
			return true
		}
	}
	if monthPath.MatchString(p) {
		return true
	}
	for pair := range strings.SplitSeq(queryOf(address), "&") {
		name, _, _ := strings.Cut(pair, "=")
		if listParams[strings.ToLower(name)] {
			return true
		}
	}
	return false
}

var datePath = expr(`(?:^|/)(?:19|20)\d\d(?:/\d{1,2}){0,2}/?$`)

// isDateAddress reports whether a path ends in a year, a month or a day: an archive, or a post that has a number for its name.
func isDateAddress(address string) bool { return datePath.MatchString(pathOf(address)) }

// isAbove reports whether address is the front page of the site or of the section that the page stands in.
func isAbove(address, page string) bool {
	if queryOf(address) != "" {
		return false
	}
	p, own := strings.TrimSuffix(pathOf(address), "/"), pathOf(page)
	if base := path.Base(p); strings.HasPrefix(base, "index.") {
		p = strings.TrimSuffix(p, "/"+base)
	}
	return p == "" || strings.HasPrefix(own, p+"/")
}

// samePage compares addresses by their keys.
func samePage(a, b string) bool { return archiver.Key(a) == archiver.Key(b) }
