package extract

import (
	"strings"
	"unicode"

	"golang.org/x/net/html"
)

// This file knows the words by which blogs mark what stands where. Rules: a mark is a whole word of a class or id, never a
// part of one; a name that only says what a page has or lacks ("has-sidebar", "no-comments") marks nothing.

// mark is what the names and the kind of one element say it is; several may hold.
type mark uint16

const (
	markNoise   mark = 1 << iota // a region that lists other things: sidebar, menu, comments, related posts
	markItem                     // one entry of a list
	markContent                  // text of an article or its excerpt
	markTitle                    // a title, or a link to an article
	markMeta                     // date, author, categories, counts
	markDate                     // a date
	markMore                     // "read more"
	markPager                    // pagination
	markNext                     // the way to older entries
	markSummary                  // an excerpt, and nothing else
	markHidden                   // for screen readers, or for nobody
)

var wordMarks = map[string]mark{
	"sidebar": markNoise, "sidebars": markNoise, "widget": markNoise, "widgets": markNoise, "related": markNoise, "recommend": markNoise,
	"recommended": markNoise, "recommends": markNoise, "recent": markNoise, "popular": markNoise, "hot": markNoise, "rank": markNoise,
	"ranking": markNoise, "random": markNoise, "comments": markNoise | markMeta, "comment": markNoise | markMeta, "respond": markNoise,
	"breadcrumb": markNoise, "breadcrumbs": markNoise, "crumb": markNoise, "crumbs": markNoise, "menu": markNoise, "menus": markNoise,
	"navbar": markNoise, "nav": markNoise, "navigation": markNoise, "tagcloud": markNoise, "toc": markNoise, "footer": markNoise | markMeta,
	"copyright": markNoise, "share": markNoise | markMeta, "sharing": markNoise | markMeta, "social": markNoise | markMeta, "blogroll": markNoise,
	"friends": markNoise, "login": markNoise, "modal": markNoise, "popup": markNoise, "dropdown": markNoise, "masthead": markNoise,
	"topbar": markNoise, "drawer": markNoise, "aside": markNoise, "carousel": markNoise, "ads": markNoise, "advert": markNoise,
	"pagination": markNoise | markPager, "pager": markNoise | markPager, "paginator": markNoise | markPager, "pagenavi": markNoise | markPager,
	"paging": markNoise | markPager, "pages": markPager, "paginate": markNoise | markPager, "pagenav": markNoise | markPager,

	"post": markItem, "hentry": markItem, "entry": markItem, "card": markItem, "item": markItem, "article": markItem, "teaser": markItem,

	"content": markContent, "body": markContent, "text": markContent, "markdown": markContent,
	"excerpt": markSummary, "summary": markSummary, "abstract": markSummary, "intro": markSummary, "description": markSummary,
	"desc": markSummary, "digest": markSummary, "preview": markSummary, "snippet": markSummary,

	"title": markTitle, "headline": markTitle, "subject": markTitle, "heading": markTitle,

	"meta": markMeta, "byline": markMeta, "author": markMeta, "authors": markMeta, "cat": markMeta, "cats": markMeta, "category": markMeta,
	"categories": markMeta, "tag": markMeta, "tags": markMeta, "taxonomies": markMeta, "views": markMeta, "view": markMeta, "likes": markMeta, "info": markMeta,
	"avatar": markMeta, "badge": markMeta, "label": markMeta, "edit": markMeta, "reading": markMeta, "readtime": markMeta, "statistics": markMeta,
	"date": markDate | markMeta, "time": markDate | markMeta, "datetime": markDate | markMeta, "published": markDate | markMeta, "posted": markDate | markMeta,
	"pubdate": markDate | markMeta, "day": markDate | markMeta, "timestamp": markDate | markMeta, "updated": markDate | markMeta,

	"more": markMore, "readmore": markMore, "continue": markMore,
	"next": markNext, "older": markNext, "loadmore": markNext,
	"sr": markHidden, "hidden": markHidden, "hide": markHidden,
}

// nameMarks are names whose meaning is not that of their words.
var nameMarks = map[string]mark{
	"screen-reader-text": markHidden, "visually-hidden": markHidden, "visuallyhidden": markHidden, "sr-only": markHidden, "u-url": markTitle,
	"post-link": markTitle, "entry-link": markTitle, "article-link": markTitle, "p-name": markTitle, "wp-block-query-pagination": markNoise | markPager,
	"wp-block-latest-posts": markNoise, "tag-cloud": markNoise, "site-header": markNoise, "page-numbers": markPager, "nav-links": markNoise | markPager,
	"page-nav": markNoise | markPager, "page-navigator": markNoise | markPager, "nav-previous": markNext | markPager, "load-more": markNext,
	"post-content": markContent, "entry-content": markContent, "article-content": markContent, "e-content": markContent,
	"dt-published": markDate | markMeta, "p-summary": markSummary, "card-header": 0, "menu-item": markNoise, "recent-posts": markNoise,
	"post-nav": markNoise, "entry-header": 0, "post-header": 0, "nav-item": markNoise, "author-box": markNoise, "friend-links": markNoise,
	"hot-posts": markNoise, "content-area": 0, "site-content": 0, "main-content": 0, "page-content": 0, "content-wrapper": 0, "content-wrap": 0,
	"content-inner": 0, "content": 0, "text": 0, "body": 0, "post-list": 0, "posts-list": 0, "article-list": 0, "entry-list": 0, "card-list": 0, "item-list": 0,
	"post-text": markContent, "text-content": markContent, "category-list": 0, "post-card-content": 0, "card-content": 0, "item-content": 0,
	"card-body": 0, "card-text": markSummary, "post-body": markContent, "media-body": 0, "entry-body": 0, "article-body": markContent,
	"article-item": markItem, "post-item": markItem, "sidebar-right": 0, "sidebar-left": 0, "left-sidebar": 0, "right-sidebar": 0, "card-title": markTitle,
}

// stateWords begin or end names that say what an element has, not what it is.
var stateWords = map[string]bool{
	"has": true, "no": true, "with": true, "without": true, "is": true, "not": true, "enable": true, "enabled": true, "open": true, "closed": true,
	"hide": true, "show": true, "layout": true, "status": true, "format": true, "type": true, "align": true, "bg": true, "font": true, "off": true,
}

// splitName gives the words of a name, in lower case: "post-title", "post_title" and "postTitle" are post and title.
func splitName(name string, words []string) []string {
	start := -1
	for i := 0; i <= len(name); i++ {
		var c byte = '-'
		if i < len(name) {
			c = name[i]
		}
		upper := 'A' <= c && c <= 'Z'
		letter := upper || 'a' <= c && c <= 'z' || c >= 0x80
		if start >= 0 && (!letter || upper && name[i-1] >= 'a') {
			words = append(words, strings.ToLower(name[start:i]))
			start = -1
		}
		if letter && start < 0 {
			start = i
		}
	}
	return words
}

// marksOf reads the names of one class or id.
func marksOf(name string) mark {
	if m, ok := nameMarks[strings.ToLower(name)]; ok {
		return m
	}
	var buf [8]string
	words := splitName(name, buf[:0])
	if len(words) == 0 || stateWords[words[0]] || stateWords[words[len(words)-1]] {
		return 0
	}
	// The last word says what it is ("post-title"), the first whose it is ("sidebar-inner").
	m := wordMarks[words[len(words)-1]]
	if len(words) > 1 {
		first := wordMarks[words[0]]
		m &^= markItem | markContent // "entry-footer" is the footer's, "blog-post" an item
		m |= first & (markNoise | markPager)
		switch last := words[len(words)-1]; last {
		case "post", "entry", "card", "item", "article", "hentry":
			m |= markItem
		case "content", "body", "text":
			if first&markItem != 0 {
				m |= markContent
			}
		}
		if words[0] == "read" && words[1] == "more" {
			m |= markMore
		}
	}
	if m&markItem != 0 && m&(markNoise|markMeta) != 0 {
		m &^= markItem
	}
	return m
}

// namedRecent reports whether an element is named as a list of recent posts, or as a part of one. Some themes name the list of
// every page so, that of a category too; where it stands in the main region it is read, and its words still speak against it.
func namedRecent(n *html.Node) (list, part bool) {
	for name := range strings.FieldsSeq(attrOf(n, "class") + " " + attrOf(n, "id")) {
		if marksOf(name)&markNoise == 0 {
			continue
		}
		var buf [8]string
		words := splitName(name, buf[:0])
		if len(words) < 2 || words[0] != "recent" || words[1] != "post" && words[1] != "posts" {
			return false, false
		}
		list = list || len(words) == 2 && !strings.ContainsAny(name, "0123456789")
		part = true
	}
	return list, part
}

var readMore = expr(`(?i)^[\s\[（(«»›>→….·-]*(?:(?:点击|點擊)?(?:继续|繼續)?(?:阅读|閱讀|查看|展开)(?:全文|更多|剩余部分|剩餘部分|原文|详情|全部|文章|内容|正文)?|(?:继续|繼續)(?:阅读|閱讀|看)|全文(?:阅读|閱讀)?|更多|详情|详细(?:内容|阅读)?|查看(?:详情|更多|全文)|了解更多|展开全文|展開全文|` +
	`続きを(?:読む|見る)|もっと(?:読む|見る)|詳しく(?:読む|見る|は)|more|read\s*(?:more|on|full|the\s+(?:rest|full).*|post|article|it)?|continue(?:\s+reading)?|keep\s+reading|full\s+(?:post|article|story)|view\s+(?:post|more|article|full.*)|learn\s+more|` +
	`details|lire\s+la\s+suite|weiterlesen|mehr|leer\s+más|더\s*(?:보기|읽기))(?:$|[\s\]）)».:：…→›>“"'《「]|&raquo;)`)

// isReadMore reports whether the words of a link only send on to the article.
func isReadMore(text string) bool {
	if text == "" || !readMore.MatchString(text) {
		return false
	}
	// "Continue reading TITLE" is one, "More about closures in Go" is a title.
	head := strings.ToLower(strings.TrimLeft(text, " [(«»›>→….·-（"))
	if strings.HasPrefix(head, "continue reading") || strings.HasPrefix(head, "read more") || strings.HasPrefix(head, "阅读全文") || strings.HasPrefix(head, "继续阅读") {
		return true
	}
	return len([]rune(text)) <= 16 && len(strings.Fields(text)) <= 3
}

var postLinkTo = expr(`(?i)^(?:post link to|permalink to|permanent link to|link to|read more about|read more on|read more:?|continue reading|go to|view|read|链接到|阅读全文[:：]|阅读[:：]?|查看(?:文章)?[:：]?|详细阅读|前往)[\s:：]*`)

// cleanLabel takes the words of help off a link's label: "post link to TITLE".
func cleanLabel(label string) string {
	label = oneLine(label)
	if m := postLinkTo.FindString(label); m != "" && len(m) < len(label) && (strings.ContainsAny(m, " :：") || m[0] >= 0x80) {
		label = label[len(m):]
	}
	if strings.HasPrefix(label, "“") && strings.HasSuffix(label, "”") {
		label = strings.TrimSuffix(strings.TrimPrefix(label, "“"), "”")
	}
	return label
}

// notTitle are whole texts of links that name no article.
var notTitle = expr(`(?i)^(?:#|\d{1,3}|\d+\s*(?:条|則|个|次)?\s*(?:评论|評論|回复|留言|comments?|阅读|浏览|views?|赞|likes?|热度)|(?:发表|添加|暂无|没有|沙发)?\s*(?:评论|評論|留言|回复)|(?:leave|add|post)\s+a\s+(?:comment|reply)|no\s+comments?|comments?(?:\s*\(?\d+\)?)?|edit|编辑|share|分享|home|首页|top|置顶|评论\s*\(?\d*\)?|コメント.*|[^\p{L}\p{N}]+)$`)

// oneLine is text with every run of white space as one space.
func oneLine(s string) string {
	clean := true
	for i := 0; i < len(s) && clean; i++ {
		c := s[i]
		clean = c > ' ' && c < 0x80 || c == ' ' && i > 0 && i < len(s)-1 && s[i+1] != ' ' || c >= 0x80 && c != 0xc2 && c != 0xe2 && c != 0xe3
	}
	if clean {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	space := false
	for _, r := range s {
		switch {
		case r == '\u200b' || r == '\ufeff' || r == '\u00ad':
			continue
		case r > '\u3000': // no space, and most of a Chinese text
		case unicode.IsSpace(r):
			space = true
			continue
		}
		if space && b.Len() > 0 {
			b.WriteByte(' ')
		}
		space = false
		b.WriteRune(r)
	}
	return b.String()
}

// attrOf is the value of an attribute, empty where there is none.
func attrOf(n *html.Node, key string) string {
	for i := range n.Attr {
		if n.Attr[i].Key == key {
			return n.Attr[i].Val
		}
	}
	return ""
}

// hasRel reports whether a link or meta element has one of the relations.
func hasRel(n *html.Node, rels ...string) bool {
	value := attrOf(n, "rel")
	if value == "" {
		return false
	}
	for have := range strings.FieldsSeq(value) {
		for _, want := range rels {
			if strings.EqualFold(have, want) {
				return true
			}
		}
	}
	return false
}
