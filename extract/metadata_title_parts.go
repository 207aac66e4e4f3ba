package extract

import (
	"slices"
	"strings"

	"archiver"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// This file takes off a title what is beside it. Rules: an element in a heading that is named as a kicker, a subtitle or a label, a
// date and small print are beside the title, as long as a title is left; what stands before or after it, apart by a mark, is none of
// it where the head of the page agrees on the rest; the last part of a Chinese title is the site's if its last word says so.

// besideWords are the last word of the names of what stands above, below or beside a title inside of its heading.
var besideWords = map[string]bool{
	"kicker": true, "topline": true, "overline": true, "supertitle": true, "suptitle": true, "roofline": true, "eyebrow": true, "dachzeile": true,
	"spitzmarke": true, "pretitle": true, "preheadline": true, "subtitle": true, "subline": true, "subheading": true, "subheadline": true,
	"label": true, "badge": true, "aural": true, "invisible": true,
}

// isBesideTitle reports whether an element inside of a heading is not the title.
func isBesideTitle(n *html.Node) bool {
	if n.DataAtom == atom.Small || n.DataAtom == atom.Time {
		return true
	}
	var buf [8]string
	for name := range strings.FieldsSeq(attrOf(n, "class")) {
		if words := splitName(name, buf[:0]); len(words) > 0 && besideWords[words[len(words)-1]] {
			return true
		}
	}
	return false
}

// headingText is the title that a heading shows.
func (r *articlePage) headingText(n *html.Node) string {
	whole := r.wholeHeading(n)
	var b strings.Builder
	if !writeTitle(&b, n) {
		return whole
	}
	if text := strings.Trim(oneLine(b.String()), titleMarks+"¶"); weigh(text) > 0 {
		return text
	}
	return whole
}

// titleMarks part a title from what is beside it.
const titleMarks = " :：|｜–—-·•/,，"

// writeTitle writes what a reader sees of a heading's title. It reports whether something was left out.
func writeTitle(b *strings.Builder, n *html.Node) (cut bool) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		switch {
		case c.Type == html.TextNode:
			b.WriteString(c.Data)
		case c.Type != html.ElementNode || unseen(c) || isForMachines(c):
		case isBesideTitle(c):
			cut = true
			b.WriteByte(' ')
		case isBlock(c):
			b.WriteByte(' ')
			cut = writeTitle(b, c) || cut
			b.WriteByte(' ')
		default:
			cut = writeTitle(b, c) || cut
		}
	}
	return cut
}

// wholeHeading is all that a reader sees of a heading.
func (r *articlePage) wholeHeading(n *html.Node) string {
	return strings.TrimSpace(strings.TrimRight(shownText(n), "¶"))
}

// leastConfirmed is how many bytes of letters the head's title has at least that is believed to be all of a longer heading.
const leastConfirmed = 8

// confirmedPart is the title in a heading that has more before or after it, "Local news | Title", where all heads say so.
func confirmedPart(heading string, heads []string) string {
	if len(heads) == 0 {
		return heading
	}
	title := heads[0]
	if len(letters(title, 0)) < leastConfirmed || slices.ContainsFunc(heads, func(h string) bool { return !same(h, title) }) {
		return heading
	}
	if before, ok := strings.CutSuffix(heading, title); ok {
		if before = strings.TrimSpace(before); strings.TrimRight(before, titleMarks) != before {
			return title
		}
	}
	if after, ok := strings.CutPrefix(heading, title); ok {
		if after = strings.TrimSpace(after); strings.TrimLeft(after, titleMarks) != after {
			return title
		}
	}
	return heading
}

// siteBefore reports whether the title element is the site's name and then a title.
func (r *articlePage) siteBefore(title string) bool {
	site, ok := strings.CutSuffix(r.survey.title, title)
	if !ok || len(letters(title, 0)) < leastConfirmed {
		return false
	}
	site = strings.TrimRight(site, " ")
	return site != "" && strings.TrimRight(site, titleMarks) != site && strings.Trim(site, titleMarks) != ""
}

var (
	// outlet is the last word of a Chinese site's name.
	outlet = expr(`(?:网|網|网站|博客|博客园|在线|日报|晚报|早报|晨报|时报|周刊|杂志|频道|门户|论坛|社区|官网|之家|客户端|电视台|通讯社|新闻中心|站点)$`)
	// nets end as the names of sites do.
	nets = expr(`(?:互联网|互聯網|物联网|局域网|广域网|因特网|内网|外网|电网|官网|神经网)$`)
	// column is what stands between the title and the site's name.
	column = expr(`(?:频道|新闻|资讯|专栏|栏目|要闻|动态)$`)
)

// longestOutlet is how many bytes a Chinese site's name has at most.
const longestOutlet = 45

// withoutOutlet takes a Chinese site's name off the end of a title, and the column's before it: 标题_栏目_某某网.
func withoutOutlet(title string) string {
	at := strings.LastIndexAny(title, "_-|｜–—")
	if at <= 0 {
		return title
	}
	name := strings.TrimSpace(strings.TrimLeft(title[at:], titleMarks+"_"))
	if len(name) > longestOutlet || !outlet.MatchString(name) || nets.MatchString(name) {
		return title
	}
	mark := title[at]
	head := strings.TrimRight(title[:at], titleMarks+"_")
	if i := strings.LastIndexByte(head, mark); i > 0 {
		if section := strings.TrimSpace(head[i+1:]); mark == '_' && len(section) <= longestOutlet/2 || column.MatchString(section) {
			head = strings.TrimRight(head[:i], titleMarks+"_")
		}
	}
	if weigh(head) == 0 {
		return title
	}
	return head
}

// withoutHostBefore takes the first part off a title that is a word of the host: "ACME - Title" of acme.example.
func (r *articlePage) withoutHostBefore(title string) string {
	for _, sep := range spacedSeparators {
		name, rest, ok := strings.Cut(title, sep)
		if !ok || strings.TrimSpace(rest) == "" {
			continue
		}
		if word := letters(name, 0); len(word) >= leastSiteName && slices.Contains(strings.Split(archiver.Host(r.page.URL), "."), word) {
			return strings.TrimSpace(rest)
		}
	}
	return title
}
