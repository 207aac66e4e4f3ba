package extract

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// This file names a listing: the words of its heading without "Category:" and without the name of the site.

// titleForms are the ways in which themes write the name of a category; the group is the name.
var titleForms = []*expression{
	expr(`(?i)^(?:分类目录归档|分类归档|分类目录|分類目錄|分类目录存档|文章分类|所属分类|分类|分類|目录|目錄|栏目|标签归档|标签|標籤|专题|归档|存档|作者)\s*[:：]\s*(.+)$`),
	expr(`(?i)^(?:category archives?|categories|category|tag archives?|tags?|topics?|archives? for(?: the)?(?: category)?|archives?|author archives?|author|browsing(?: category)?|posts (?:in|tagged)(?: category)?|filed under|section)\s*[:：]\s*(.+)$`),
	expr(`(?i)^(?:archive for the|posts in(?: the)?|posts (?:categori[sz]ed|tagged|filed)(?: as| with| under)?|articles in(?: the)?|category|tag)\s+[“"'‘「『](.+)[”"'’」』](?:\s*(?:category|tag))?$`),
	expr(`(?i)^(?:archive for the|articles in the)\s+(.+)\s+category$`),
	expr(`^(?:カテゴリーアーカイブ|カテゴリー|カテゴリ|タグ)\s*[:：]\s*(.+)$`),
	expr(`^[「『]?(.+?)[」』]?\s*(?:カテゴリーの(?:記事一覧|記事|アーカイブ)|の記事一覧)$`),
	expr(`^(?:分类|分類|标签|標籤|包含分类|包含标签)\s*[「『“"《]?\s*(.+?)\s*[」』”"》]?\s*(?:下的(?:所有)?文章|中的文章|的文章|下的(?:全部)?内容)$`),
	expr(`^[「『“"《](.+)[」』”"》]\s*(?:分类下的文章|分类|分類|标签)$`),
	expr(`^(?:分类|分類)\s*[「『“"](.+)[」』”"]$`),
	expr(`(?i)^(.+?)\s+(?:分类|分類|标签|category|categories|tag|archives?)$`),
}

// bareTitle takes the form off a heading; formed says that there was one.
func bareTitle(s string) (name string, formed bool) {
	s = oneLine(s)
	for _, form := range titleForms {
		if m := form.FindStringSubmatch(s); m != nil {
			return strings.TrimSpace(m[1]), true
		}
	}
	return s, false
}

var pageSuffix = expr(`(?i)\s*(?:[-–—|·,(（]\s*)?(?:第\s*\d+\s*[页頁]|page\s+\d+(?:\s+of\s+\d+)?|\d+\s*ページ目?)\s*(?:[)）])?\s*$`)

// listingTitle is the listing's name; empty where the page has no words for it.
func (o *overview) listingTitle(items []item) string {
	site := o.siteName()
	best, rank := "", 0
	roots := make(map[*html.Node]bool, len(items))
	for _, it := range items {
		roots[it.root] = true
	}
	for _, h := range o.headings {
		text := o.seenText(h.Node)
		if text == "" || text == site || len(text) > 2*longestTitle || under(h.Node, roots) {
			continue
		}
		name, formed := bareTitle(text)
		r := 0
		switch {
		case h.noise && h.DataAtom != atom.H1, emptyWords.MatchString(text) && !formed:
		case h.named && formed:
			r = 5
		case formed && h.DataAtom == atom.H1:
			r = 4
		case h.named:
			r = 3
		case h.DataAtom == atom.H1 && strings.Contains(o.titleText, text):
			r = 2
		case formed || h.DataAtom == atom.H2 && strings.Contains(o.titleText, text):
			r = 1
		}
		if r > rank {
			best, rank = name, r
		}
	}
	if best != "" {
		return pageSuffix.ReplaceAllString(best, "")
	}
	return o.titleWithout(site)
}

// titleWithout is <title> without the site's name.
func (o *overview) titleWithout(site string) string {
	title := o.titleText
	for _, separator := range []string{" – ", " — ", " | ", " · ", " - ", " » ", " « ", "_", "|", " :: "} {
		parts := strings.Split(title, separator)
		if len(parts) < 2 {
			continue
		}
		last, first := strings.TrimSpace(parts[len(parts)-1]), strings.TrimSpace(parts[0])
		switch {
		case site != "" && first == site:
			parts = parts[1:]
		case site != "" && last != site && len(parts) == 2 && separator == "_":
			continue
		default:
			parts = parts[:len(parts)-1]
		}
		for len(parts) > 1 && pageSuffix.ReplaceAllString(" "+parts[len(parts)-1], "") == "" {
			parts = parts[:len(parts)-1]
		}
		name, _ := bareTitle(pageSuffix.ReplaceAllString(strings.Join(parts, separator), ""))
		return name
	}
	if name, formed := bareTitle(title); formed {
		return name
	}
	return ""
}

// siteName is the blog's own name where the page says it.
func (o *overview) siteName() string {
	for _, n := range o.heads {
		if n.DataAtom == atom.Meta && attrOf(n, "property") == "og:site_name" {
			return oneLine(attrOf(n, "content"))
		}
	}
	for _, a := range o.anchors {
		if (pathOf(a.url) == "/" || isAbove(a.url, o.page.URL)) && queryOf(a.url) == "" {
			if text := oneLine(textOf(a.Node)); text != "" && strings.Contains(o.titleText, text) {
				return text
			}
		}
	}
	return ""
}
