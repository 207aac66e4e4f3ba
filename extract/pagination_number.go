package extract

import (
	"slices"
	"strconv"
	"strings"
)

// This file finds the page number in an address: /page/2, ?paged=2, /2/, _2.html.

// numbered is an address that carries a page number: prefix, number, suffix.
type numbered struct {
	prefix, suffix string
	number         int
	stem           string // the address of the series, whichever way the number is written
	strong         bool   // the form is used for page numbers and nothing else
}

// pageParams are parameters that number pages. ?p=12 is a post on most WordPress sites and a page of a list on others.
var pageParams = map[string]bool{
	"paged": true, "page": true, "_page": true, "pg": true, "pageno": true, "page_no": true, "pagenum": true, "page_num": true, "pageindex": true,
	"pn": true, "curpage": true, "currentpage": true, "p": true,
}

// isPageParam also knows the parameters of WordPress's query blocks: query-3-page.
func isPageParam(name string) bool {
	name = strings.ToLower(name)
	return pageParams[name] || strings.HasPrefix(name, "query-") && strings.HasSuffix(name, "-page")
}

// fileEndings may follow the number of a page.
var fileEndings = []string{".html", ".htm", ".shtml", ".php", ".aspx", ".asp"}

// inSeries is the address without what differs between the pages of one series.
func inSeries(path, query string) string {
	path = strings.TrimSuffix(path, "/")
	for _, ending := range fileEndings {
		if cut, ok := strings.CutSuffix(path, ending); ok {
			path = strings.TrimSuffix(cut, "/index")
			break
		}
	}
	if query == "" {
		return strings.TrimSuffix(path, "/")
	}
	pairs := strings.Split(query, "&")
	slices.Sort(pairs)
	return strings.TrimSuffix(path, "/") + "?" + strings.Join(pairs, "&")
}

// readNumber finds the page number of a canonical address. Where weak forms are allowed, any number at the end will do.
func readNumber(address string, weak bool) (numbered, bool) {
	head, query, _ := strings.Cut(address, "?")
	path := pathOf(address)
	origin := strings.TrimSuffix(head, path)
	before, digits, after := numberAtEnd(path)
	if query != "" {
		after += "?" + query
	}
	n, _ := strconv.Atoi(digits)
	if digits != "" {
		stem := strings.TrimSuffix(strings.TrimRight(before, "-_/"), "page")
		if len(stem) < len(strings.TrimRight(before, "-_/")) && strings.HasSuffix(stem, "/") {
			return numbered{prefix: origin + before, suffix: after, number: n, stem: inSeries(stem, query), strong: true}, true
		}
	}
	if found, ok := numberInQuery(head, path, query, weak); ok {
		return found, true
	}
	if weak && digits != "" && strings.ContainsAny(before[max(len(before)-1, 0):], "/-_") {
		return numbered{prefix: origin + before, suffix: after, number: n, stem: inSeries(before[:len(before)-1], query)}, true
	}
	return numbered{}, false
}

// numberAtEnd splits a path around the number that it ends in, the ending of a file and a slash aside.
func numberAtEnd(path string) (before, digits, after string) {
	end := strings.TrimSuffix(path, "/")
	if cut, ok := strings.CutSuffix(end, "/index.html"); ok {
		end = cut
	}
	for _, ending := range fileEndings {
		if cut, ok := strings.CutSuffix(end, ending); ok {
			end = cut
			break
		}
	}
	start := len(end)
	for start > 0 && isDigit(end[start-1]) {
		start--
	}
	if start == len(end) || len(end)-start > 7 {
		return "", "", ""
	}
	return end[:start], end[start:], path[len(end):]
}

func numberInQuery(head, path, query string, weak bool) (numbered, bool) {
	if query == "" {
		return numbered{}, false
	}
	pairs := strings.Split(query, "&")
	for i, pair := range pairs {
		name, value, _ := strings.Cut(pair, "=")
		n, err := strconv.Atoi(value)
		if err != nil || n < 0 || !isPageParam(name) {
			continue
		}
		strong := !strings.EqualFold(name, "p")
		if !strong && !weak {
			continue
		}
		before, after := strings.Join(pairs[:i], "&"), strings.Join(pairs[i+1:], "&")
		if before != "" {
			before += "&"
		}
		if after != "" {
			after = "&" + after
		}
		rest := strings.Join(slices.Delete(slices.Clone(pairs), i, i+1), "&")
		return numbered{prefix: head + "?" + before + name + "=", suffix: after, number: n, stem: inSeries(path, rest), strong: strong}, true
	}
	return numbered{}, false
}
