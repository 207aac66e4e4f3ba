package extract

import (
	"slices"
	"strings"
	"unicode/utf8"

	"archiver"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// This file gathers what an article's page says about the article. Rules: a fact has witnesses - the element a reader sees, the
// head's meta elements, JSON-LD, the channels - and the most reliable that speaks is believed; nothing is made up; what stands in
// sidebars, menus, comments and related posts is about other articles.

// articlePage is an article's page with what is decided about it so far.
type articlePage struct {
	*survey
	entries []archiver.Entry
	things  []thing // JSON-LD, flat
	site    string
	body    body
	title   *spot // the heading; nil where the page shows none
	scope   int
	ends    int       // order after the last element of the body
	places  *places   // its elements by name; nil where no model is kept of the site
	learned *siteView // of the site; nil where nothing is known
	texts   []unit    // of the whole page, while its tree is as it was; nil where they were not asked for

	surrounding *vicinity                  // what around gives
	words       map[string]map[string]bool // of titles, as kinship compares them
}

// readArticle decides where the article stands on the page. The error is of kind Unusable.
func readArticle(doc *document, entries []archiver.Entry, site *archiver.SiteModel, trace *Trace) (*articlePage, error) {
	r := &articlePage{survey: surveyPage(doc, trace), entries: entries}
	if site != nil && len(r.blocks) <= maxSignedBlocks {
		r.places = r.survey.places()
		r.learned = r.view(site, r.places)
	}
	r.things = r.chooseArticle(readThings(r.ld))
	r.site = r.siteName()
	b, found := r.ruledBody()
	byRule := found
	if !found {
		b, found = r.votedBody(r.findBody())
	}
	if !found && doc.short {
		b, found = r.shortBody()
	}
	if !found {
		// Titles are judged by where the text is; without any, by the head of the page.
		b = body{block: r.root}
	}
	r.body = b
	if r.title = r.ruledHeading(); r.title == nil {
		r.title = r.findHeading()
	}
	if !found && r.title != nil && r.isPost() {
		r.body = body{block: r.title.block, pure: true, empty: true}
		found = true
	}
	if r.site == "" && r.title != nil {
		r.site, _ = r.siteAfter(r.headingText(r.title.Node))
	}
	r.scope = r.scopeOf(r.body, r.title)
	if err := r.refuse(found); err != nil {
		return nil, err
	}
	for _, e := range entries {
		if e.Excerpt != "" && found && !byRule && !r.body.empty {
			r.body = r.widen(r.body, r.scope, e.Excerpt)
			break
		}
	}
	r.ends = r.blocks[r.body.block].last
	r.noteBody()
	return r, nil
}

// isPost reports whether the page says that it is one article, and its heading is that article's title.
func (r *articlePage) isPost() bool {
	heading := r.headingText(r.title.Node)
	if e := r.entryTitle(); e != "" && same(e, heading) {
		return true
	}
	said := strings.Contains(attrOf(r.blocks[r.root].node, "class"), "single-post") || r.meta("og:type") == "article"
	for _, t := range r.things {
		said = said || t.isArticle()
	}
	return said && r.headSays(heading)
}

// headSays reports whether a title is one that the head of the page gives.
func (r *articlePage) headSays(title string) bool {
	if title == "" {
		return false
	}
	for _, h := range r.headTitles() {
		if same(h, title) {
			return true
		}
	}
	_, ok := r.siteAfter(title)
	return ok
}

// siteAfter is what follows a title in the title element: the site's name on most pages.
func (r *articlePage) siteAfter(title string) (string, bool) {
	rest, ok := strings.CutPrefix(r.survey.title, title)
	if !ok || title == "" || rest == "" {
		return "", false
	}
	for _, separators := range [...][]string{spacedSeparators, tightSeparators} {
		for _, sep := range separators {
			if site, ok := strings.CutPrefix(rest, sep); ok && strings.TrimSpace(site) != "" {
				return strings.TrimSpace(site), true
			}
		}
	}
	return "", false
}

// about reports whether a spot is in the article's scope, outside of its text, and not part of something else.
func (r *articlePage) about(sp *spot) bool {
	if r.apart(sp.block, r.scope) {
		return false
	}
	return !r.body.pure || !r.within(sp.block, r.body.block)
}

// before reports whether a spot stands before the text, where the facts of the article itself stand.
func (r *articlePage) before(sp *spot) bool { return sp.order < r.blocks[r.body.block].order }

// article is what the page says, without the text.
func (r *articlePage) article() archiver.Article {
	a := archiver.Article{
		Title:   r.titleOf(),
		Authors: r.authors(),
		Site:    r.site,
		Image:   r.image(),
		State:   archiver.ArticleSaved,
	}
	a.Published, a.Modified = r.dates()
	a.Categories, a.Tags = r.taxonomy()
	if a.Site == "" {
		a.Site, _ = fromEntries(r.entries, func(e *archiver.Entry) (string, bool) { return e.Site, e.Site != "" })
	}
	r.overrule(&a)
	return a
}

// fromEntries is the first value that a channel has, REST before the others.
func fromEntries[T any](entries []archiver.Entry, get func(*archiver.Entry) (T, bool)) (value T, ok bool) {
	for _, channel := range [...]archiver.Channel{archiver.ChannelREST, archiver.ChannelFeed, archiver.ChannelListing} {
		for i := range entries {
			if entries[i].Channel != channel {
				continue
			}
			if v, ok := get(&entries[i]); ok {
				return v, true
			}
		}
	}
	return value, false
}

// siteName is the blog's name.
func (r *articlePage) siteName() string {
	if name := oneLine(r.meta("og:site_name", "application-name")); name != "" && !r.isHeadline(name) {
		return name
	}
	for _, t := range r.things {
		if t.is("WebSite") && t.text("name") != "" {
			return t.text("name")
		}
	}
	for i := range r.marked {
		if m := &r.marked[i]; m.roles&roleSite != 0 {
			// A word of the title element confirms that it is a name, and not the text of a menu beside it.
			if name := shownText(m.Node); name != "" && len(name) <= 120 && strings.Contains(r.survey.title, name) {
				return name
			}
		}
	}
	for _, n := range r.links {
		if t := attrOf(n, "type"); !hasRel(n, "alternate") || !strings.Contains(t, "rss") && !strings.Contains(t, "atom") {
			continue
		}
		name, _, _ := strings.Cut(oneLine(attrOf(n, "title")), " » ")
		if name != "" && strings.HasSuffix(r.survey.title, name) {
			return name
		}
	}
	return ""
}

// ofSite is what any page of a blog says of all its articles: their language, and the blog's name.
func ofSite(doc *document) (language, site string) {
	r := &articlePage{survey: surveyPage(doc, nil)}
	r.things = readThings(r.ld)
	for _, tag := range r.languagesSaid() {
		if language = validTag(tag); language != "" {
			break
		}
	}
	return language, r.siteName()
}

// isHeadline reports whether a name is this article's title: all of the title element, and shown in a heading that is no link home.
func (r *articlePage) isHeadline(name string) bool {
	return name == r.survey.title && !isHome(r.page.URL) && slices.ContainsFunc(r.headings, func(sp spot) bool {
		return sp.roles&roleSite == 0 && sp.DataAtom == atom.H1 && headingLink(sp.Node) == nil && shownText(sp.Node) == name
	})
}

// image is the address of the lead image.
func (r *articlePage) image() string {
	for _, name := range [...]string{"og:image", "og:image:url", "twitter:image", "twitter:image:src"} {
		for _, ref := range r.metas[name] {
			if url, ok := r.resolve(ref); ok && !decorative(url) {
				return url
			}
		}
	}
	for i := range r.blocks {
		n := r.blocks[i].node
		if !r.within(i, r.scope) || r.within(i, r.body.block) || !featured(n) || r.apart(i, r.scope) {
			continue
		}
		for d := range n.Descendants() {
			if d.DataAtom == atom.Img {
				if url, ok := r.resolve(imageSource(d)); ok && !decorative(url) {
					return url
				}
			}
		}
	}
	for _, t := range r.things {
		if t.isArticle() {
			if url, ok := r.resolve(t.address("image", r.things)); ok && !decorative(url) {
				return url
			}
		}
	}
	url, _ := fromEntries(r.entries, func(e *archiver.Entry) (string, bool) { return e.Image, e.Image != "" })
	return url
}

// featured reports whether an element is named as the box of an article's picture.
func featured(n *html.Node) bool {
	class := attrOf(n, "class")
	for _, name := range [...]string{"post-thumbnail", "featured-image", "post-image", "entry-image", "wp-post-image", "post-cover", "article-cover", "entry-thumbnail", "post-featured"} {
		if strings.Contains(class, name) {
			return true
		}
	}
	return false
}

func imageSource(n *html.Node) string {
	for _, key := range [...]string{"data-src", "data-original", "data-lazy-src", "src"} {
		if src := attrOf(n, key); src != "" && !strings.HasPrefix(src, "data:") {
			return src
		}
	}
	return ""
}

// decorative reports whether an image's address is that of a site's own picture and not of an article's.
func decorative(url string) bool {
	path := strings.ToLower(url[strings.LastIndexByte(url, '/')+1:])
	for _, word := range [...]string{"logo", "favicon", "avatar", "placeholder", "default-og", "site-icon", "blank.", "spacer", "loading"} {
		if strings.Contains(path, word) {
			return true
		}
	}
	return false
}

const (
	// excerptLength is how many characters an excerpt has that is cut from the text; a list shows about as many.
	excerptLength = 200
	// longestExcerpt is how long one may be that the author or the site made.
	longestExcerpt = 400
	// excerptSample is how many letters tell whether an excerpt is the text's beginning.
	excerptSample = 20
)

// excerpt is what the blog shows of the article in its lists: what the channels say, the description, or the text's beginning.
func (r *articlePage) excerpt(text string) string {
	best, begins := "", letters(text, excerptSample)
	for _, e := range r.entries {
		excerpt := oneLine(e.Excerpt)
		if excerpt == "" {
			continue
		}
		// One that is not the text's beginning is the author's own.
		if begin := letters(excerpt, excerptSample); begin != "" && !strings.HasPrefix(begins, begin) {
			return shorten(excerpt, longestExcerpt)
		}
		if best == "" {
			best = excerpt
		}
	}
	if best != "" {
		return shorten(best, longestExcerpt)
	}
	if said := oneLine(r.meta("description", "og:description", "twitter:description")); said != "" {
		return shorten(said, longestExcerpt)
	}
	// Enough of the text, whatever white space there is, and all of it where that is not enough.
	if head := oneLine(cutText(text, 4*excerptLength)); utf8.RuneCountInString(head) > excerptLength {
		return shorten(head, excerptLength)
	}
	return shorten(oneLine(text), excerptLength)
}

// shorten cuts a text to at most so many characters, at the end of a sentence or a word where one is near.
func shorten(text string, most int) string {
	runes := []rune(text)
	if len(runes) <= most {
		return text
	}
	runes = runes[:most]
	for i := most - 1; i > most*2/3; i-- {
		if strings.ContainsRune("。！？!?；", runes[i]) || runes[i] == '.' && i+1 < most && runes[i+1] == ' ' {
			return string(runes[:i+1])
		}
	}
	for i := most - 1; i > most*9/10; i-- {
		if runes[i] == ' ' {
			return string(runes[:i]) + "…"
		}
	}
	return string(runes) + "…"
}
