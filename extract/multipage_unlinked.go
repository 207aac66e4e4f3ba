package extract

import (
	"strconv"
	"strings"

	"archiver"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// This file finds the parts of an article to which no link leads. Rules: the page must say that there are more - "第 1 页 / 共 3 页",
// page numbers that only a script follows - for one request more for each article would be bad manners; the address stands in
// the page numbers' own attributes, or is written as other blogs write it; what comes back must be the same article, and no copy of
// a part that is there. A page that has all parts as one goes before them, where the article links to it.

// saysParts is how many parts the article has, where page n says so without a link to the next; else 0.
func (r *articlePage) saysParts(n int) (total, block int) {
	for i := r.scope; i < r.blocks[r.scope].end; i++ {
		b := &r.blocks[i]
		if b.roles&roleComments != 0 && b.aside {
			i = b.end - 1
			continue
		}
		if b.own > labelWeight || b.end > i+maxPagerBlocks {
			continue
		}
		pager := b.roles&roleParts != 0
		if !pager && (b.order < r.blocks[r.body.block].order || !opensWithPage(b.node)) {
			continue
		}
		text := shownText(b.node)
		if len(text) > labelWeight {
			continue
		}
		if current, all := pageCount(text, pager); current == n && all > n && all <= maxParts {
			return all, i
		}
		if pager {
			if all := deadNumbers(b.node, n); all > n && all <= maxParts {
				return all, i
			}
		}
	}
	return 0, 0
}

// maxPagerBlocks is how many blocks a row of page numbers has, at most: a list of fifty.
const maxPagerBlocks = 60

var (
	pageWords = expr(`(?i)^\W*(?:第\s*(\d+)\s*[页頁]\s*[/／,，、|（(\s]*\s*共\s*(\d+)\s*[页頁]|共\s*(?P<all>\d+)\s*[页頁]\s*[/／,，、|（(\s]*\s*(?:当前|當前)?第\s*(?P<at>\d+)\s*[页頁]|page\s+(\d+)\s+(?:of|/)\s+(\d+)|(\d+)\s*[/／]\s*(\d+)\s*(?:[页頁]|ページ))`)
	bareCount = expr(`^\W*(\d+)\s*[/／]\s*(\d+)\W*(?:\D{0,8})$`)
)

// pageCount reads "第 1 页 / 共 3 页" and, among page numbers, "1/3".
func pageCount(text string, pager bool) (current, all int) {
	m := pageWords.FindStringSubmatch(text)
	if m == nil && pager {
		m = bareCount.FindStringSubmatch(text)
	}
	if m == nil {
		return 0, 0
	}
	if all := pageWords.compiled().SubexpIndex("all"); all < len(m) && m[all] != "" {
		return number(m[pageWords.compiled().SubexpIndex("at")]), number(m[all])
	}
	var found []int
	for _, digits := range m[1:] {
		if digits != "" {
			found = append(found, number(digits))
		}
	}
	if len(found) != 2 {
		return 0, 0
	}
	return found[0], found[1]
}

func number(digits string) int {
	n, err := strconv.Atoi(digits)
	if err != nil {
		return 0
	}
	return n
}

// opensWithPage looks at the first letter or digit of a block: most are no page count.
func opensWithPage(n *html.Node) bool {
	for d := range n.Descendants() {
		if d.Type != html.TextNode {
			continue
		}
		for _, c := range d.Data {
			switch {
			case c == '第', c == '共', c == 'P', c == 'p', '0' <= c && c <= '9':
				return true
			case c > ' ' && c != '(' && c != '（' && c != '[' && c != '【':
				return false
			}
		}
	}
	return false
}

// deadNumbers is the largest of page numbers from 1 that only a script follows; 0 where one is a link, or the one after n is missing.
func deadNumbers(pager *html.Node, n int) int {
	last, next := 0, false
	for d := range pager.Descendants() {
		if d.Type != html.ElementNode || d.FirstChild == nil || d.FirstChild != d.LastChild || d.FirstChild.Type != html.TextNode {
			continue
		}
		i, err := strconv.Atoi(strings.TrimSpace(d.FirstChild.Data))
		if err != nil {
			continue
		}
		if i != last+1 && i != last {
			return 0
		}
		last = i
		if i != n+1 {
			continue
		}
		for a := d; a != pager; a = a.Parent {
			if href := attrOf(a, "href"); href != "" && !strings.HasPrefix(href, "#") && !strings.HasPrefix(href, "javascript:") {
				return 0
			}
			switch {
			case a.DataAtom == atom.Button, attrOf(a, "onclick") != "", attrOf(a, "href") != "", hasDataset(a):
				next = true
			}
		}
	}
	if !next {
		return 0
	}
	return last
}

func hasDataset(n *html.Node) bool {
	for i := range n.Attr {
		if strings.HasPrefix(n.Attr[i].Key, "data-") {
			return true
		}
	}
	return false
}

// writtenParts are addresses of part n that stand in the attributes of page numbers: data-url, onclick, the value of an option.
func (r *articlePage) writtenParts(pager *html.Node, bases []string, n int) (string, bool) {
	for d := range pager.Descendants() {
		for i := range d.Attr {
			if !strings.Contains(d.Attr[i].Val, strconv.Itoa(n)) {
				continue
			}
			for _, ref := range append(quoted.FindAllString(d.Attr[i].Val, 4), d.Attr[i].Val) {
				ref = strings.Trim(ref, `'"`)
				if !strings.ContainsAny(ref, "/.?=") || strings.ContainsAny(ref, " ()") {
					continue
				}
				if url, ok := r.resolve(ref); ok && isPart(bases, url, n, true) {
					return url, true
				}
			}
		}
	}
	return "", false
}

var quoted = expr(`'[^']*'|"[^"]*"`)

// partForms are the ways to write the address of part n, for an address of a file and for others.
var (
	fileForms = [...]func(addressParts, string) string{
		func(a addressParts, n string) string { return a.stem + "_" + n + a.ext + a.query },
		func(a addressParts, n string) string { return a.stem + "-" + n + a.ext + a.query },
		func(a addressParts, n string) string { return a.stem + a.ext + a.with("page", n) },
	}
	slugForms = [...]func(addressParts, string) string{
		func(a addressParts, n string) string { return a.stem + "/" + n + a.slash + a.query },
		func(a addressParts, n string) string { return a.stem + a.slash + a.with("page", n) },
	}
)

// addressParts are an address taken apart.
type addressParts struct {
	stem, ext, slash, query string
}

func splitAddress(url string) addressParts {
	var a addressParts
	a.stem = url
	if i := strings.IndexByte(url, '?'); i >= 0 {
		a.stem, a.query = url[:i], url[i:]
	}
	if strings.HasSuffix(a.stem, "/") {
		a.stem, a.slash = strings.TrimRight(a.stem, "/"), "/"
		return a
	}
	if i := strings.LastIndexByte(a.stem, '.'); i > strings.LastIndexByte(a.stem, '/') {
		a.stem, a.ext = a.stem[:i], a.stem[i:]
	}
	return a
}

func (a addressParts) with(name, value string) string {
	if a.query == "" {
		return "?" + name + "=" + value
	}
	return a.query + "&" + name + "=" + value
}

// formOf writes the address of part n in the form that is number i; false where there are no more forms.
func formOf(base string, n, i int) (string, bool) {
	a := splitAddress(base)
	forms := slugForms[:]
	if a.ext != "" {
		forms = fileForms[:]
	}
	if a.query != "" {
		i += len(forms) - 1 // an address with a query says more in its query
	}
	if i >= len(forms) {
		return "", false
	}
	return forms[i](a, strconv.Itoa(n)), true
}

var (
	wholeView = expr(`(?i)^[\s\p{P}\p{S}]*(?:单页|單頁|全文|本页)?(?:阅读|显示|查看|浏览|閱讀|顯示)?(?:全文|全部|单页|單頁|所有(?:页|分页|内容))(?:阅读|显示|查看|浏览|模式|閱讀|顯示)?[\s\p{P}\p{S}]*$|` +
		`^[\s\p{P}\p{S}]*(?:(?:view|read|show|see) )?(?:(?:as|on|in) )?(?:a )?(?:single|one|all|full)(?: on one)?(?:[ -]pages?)?(?: (?:view|article|version))?[\s\p{P}\p{S}]*$`)
	wholeAddress = expr(`(?i)(?:\b|_)(?:all|full|single|whole|onepage|one-page|singlepage|view-all|viewall|print|0|1)(?:\b|_|$)`)
)

// wholeArticle is the address of a page that has all parts as one, if the article links to it.
func (r *articlePage) wholeArticle(bases []string) (string, bool) {
	for i := range r.anchors {
		sp := &r.anchors[i]
		if r.foreign(sp) || !wholeView.MatchString(shownText(sp.Node)) {
			continue
		}
		url, ok := r.resolve(attrOf(sp.Node, "href"))
		if !ok {
			continue
		}
		for _, base := range bases {
			stem := archiver.Key(splitAddress(base).stem)
			if rest, found := strings.CutPrefix(archiver.Key(url), stem); found && archiver.Key(url) != archiver.Key(base) && wholeAddress.MatchString(rest) {
				return url, true
			}
		}
	}
	return "", false
}
