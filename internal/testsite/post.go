package testsite

import (
	"cmp"
	"html"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"archiver"
)

// Post is one article as its author wrote it. Zero fields are filled in by the site.
type Post struct {
	Title string
	// Body is HTML as WordPress stores it: <!--more--> ends what the listing shows, <!--nextpage--> ends a page.
	Body       string
	Author     string
	Published  time.Time
	Modified   time.Time
	Categories []string // beside the main category
	Tags       []string
	Protected  bool
	// Slug is the last part of the address where the theme uses words in it.
	Slug string
}

// Truth is what an archive of the article must say.
type Truth struct {
	URL        string
	Title      string // without "密码保护："
	Authors    []string
	Published  archiver.Timestamp
	Modified   archiver.Timestamp
	Categories []string
	Tags       []string
	Excerpt    string // plain text, as the listing shows it; empty where the theme shows none
	// Text is the body of all pages, one line a block and code as it is; formulas are TeX within their delimiters. Empty for a
	// protected post.
	Text      string
	Protected bool
	Parts     int // pages of the article
}

// post is a Post that is published.
type post struct {
	Post
	id   int
	size int // bytes of a generated body; the body is made when it is needed
	main bool
	at   string // the path it was moved to, unescaped
}

// category is one of the blog's categories.
type category struct{ name, slug string }

var (
	mainCategory = category{"自然语言处理(NLP)", "nlp"}
	llmCategory  = category{"大模型", "llm"}
	otherNames   = category{"随笔", "essay"}
	categories   = []category{mainCategory, llmCategory, otherNames}
)

const (
	author    = "站长"
	blogName  = "自然语言处理笔记"
	blogMotto = "专注 NLP 与大模型"
	moreMark  = "<!--more-->"
	pageMark  = "<!--nextpage-->"
)

// categoryPath is the path of a category's listing.
func categoryPath(slug string) string { return "/category/" + slug + "/" }

// address is where the post is, as links have it.
func (s *Site) address(p *post) string { return s.base + (&url.URL{Path: s.path(p)}).EscapedPath() }

// path is the post's path, unescaped.
func (s *Site) path(p *post) string {
	if p.at != "" {
		return p.at
	}
	switch s.opts.theme {
	case Titles:
		return p.Published.Format("/2006/01/02/") + "post-" + strconv.Itoa(p.id) + "/"
	case Cards:
		// The number keeps two posts of one title apart.
		return "/posts/" + cmp.Or(p.Slug, slug(p.Title)) + "-" + strconv.Itoa(p.id) + ".html"
	}
	return "/archives/" + strconv.Itoa(p.id)
}

// slug makes a title fit for an address: its first words, without what a path gives a meaning to.
func slug(title string) string {
	const longest = 40
	runes := []rune(strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return '-'
	}, title))
	return string(runes[:min(longest, len(runes))])
}

// body is the post's HTML.
func (p *post) body() string {
	if p.Body != "" {
		return p.Body
	}
	return generate(p.id, p.size)
}

// parts are the pages of the post.
func (p *post) parts() []string {
	parts := strings.Split(p.body(), pageMark)
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
	}
	return parts
}

// markedByHand reports whether the author of a body set the more-mark, between two blocks; inside a sentence it is a program's cut.
func markedByHand(body string) bool { return strings.Contains(body, ">"+moreMark) }

// excerptRunes is how much of a post without a more-mark a listing shows: WordPress's 55 words, counted as Chinese does.
const excerptRunes = 110

// excerpt is the HTML that a listing shows of a post with this first page; cut says that there is more.
func (p *post) excerpt(first string) (fragment string, cut bool) {
	if p.Protected {
		return "<p>这是一篇受密码保护的文章，您需要提供访问密码。</p>", false
	}
	if head, _, ok := strings.Cut(first, moreMark); ok {
		return closeTags(head), true
	}
	text := strings.Join(strings.Fields(plainText(first)), " ")
	if runes := []rune(text); len(runes) > excerptRunes {
		return "<p>" + html.EscapeString(string(runes[:excerptRunes])) + "&hellip;</p>", true
	}
	return "<p>" + html.EscapeString(text) + "</p>", false
}

// truth is what is true of a post. The caller holds the lock.
func (s *Site) truth(p *post) Truth {
	t := Truth{
		URL: s.address(p), Title: p.Title, Authors: []string{p.Author}, Published: s.timestamp(p.Published),
		Modified: s.timestamp(p.Modified), Categories: p.categories(), Tags: slices.Clone(p.Tags), Protected: p.Protected, Parts: 1,
	}
	parts := p.parts()
	if s.opts.theme == Classic || p.Protected && s.opts.theme == FullText {
		excerpt, _ := p.excerpt(parts[0])
		t.Excerpt = strings.Join(strings.Fields(plainText(excerpt)), " ")
	}
	if !p.Protected {
		t.Parts = len(parts)
		t.Text = plainText(strings.Join(parts, "\n"))
	}
	return t
}

// categories are the names of the post's categories.
func (p *post) categories() []string {
	if p.main {
		return append([]string{mainCategory.name}, p.Categories...)
	}
	return slices.Clone(p.Categories)
}

func (s *Site) timestamp(t time.Time) archiver.Timestamp {
	if s.opts.noZone {
		return archiver.AtLocal(t)
	}
	return archiver.At(t)
}

var (
	tag   = regexp.MustCompile(`<(/?)([a-zA-Z][a-zA-Z0-9]*)[^>]*?(/?)>|<!--.*?-->`)
	space = regexp.MustCompile(`[ \t\r\n]+`)
)

// blockTags begin and end a line of text.
var blockTags = map[string]bool{
	"p": true, "h1": true, "h2": true, "h3": true, "h4": true, "ul": true, "ol": true, "li": true, "table": true, "tr": true,
	"blockquote": true, "pre": true, "figure": true, "figcaption": true, "div": true, "section": true, "hr": true, "thead": true,
	"tbody": true, "br": true,
}

// plainText is the text of an HTML fragment that this package wrote: one line a block, cells of a row apart by a space,
// lines of code as they are.
func plainText(fragment string) string {
	var b strings.Builder
	pre, at := false, 0
	text := func(s string) {
		if !pre {
			s = space.ReplaceAllString(s, " ")
		}
		b.WriteString(html.UnescapeString(s))
	}
	for _, m := range tag.FindAllStringSubmatchIndex(fragment, -1) {
		text(fragment[at:m[0]])
		at = m[1]
		if m[4] < 0 { // a comment
			continue
		}
		switch name := strings.ToLower(fragment[m[4]:m[5]]); {
		case name == "pre":
			pre = m[2] == m[3]
			b.WriteByte('\n')
		case blockTags[name]:
			b.WriteByte('\n')
		case name == "td" || name == "th":
			b.WriteByte(' ')
		}
	}
	text(fragment[at:])
	var lines []string
	for line := range strings.SplitSeq(b.String(), "\n") {
		if line = strings.TrimRight(line, " "); strings.TrimSpace(line) != "" {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}

// voidTags have no end.
var voidTags = map[string]bool{"img": true, "br": true, "hr": true, "col": true}

// closeTags ends the elements that a cut left open.
func closeTags(fragment string) string {
	var open []string
	for _, m := range tag.FindAllStringSubmatch(fragment, -1) {
		switch name := strings.ToLower(m[2]); {
		case name == "" || m[3] != "" || voidTags[name]:
		case m[1] == "":
			open = append(open, name)
		case len(open) > 0:
			open = open[:len(open)-1]
		}
	}
	for _, name := range slices.Backward(open) {
		fragment += "</" + name + ">"
	}
	return fragment
}
