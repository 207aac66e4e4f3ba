package extract

import (
	"strconv"
	"sync"

	"archiver"
	"archiver/extract/rule"

	"golang.org/x/net/html"
)

// Assembly puts the pages of one article together.
type Assembly struct {
	entries []archiver.Entry
	first   *articlePage // of part 1, its tree trimmed
	article archiver.Article
	bases   []string // the addresses of part 1
	locked  bool
	parts   []*html.Node // clean trees
	text    string
	rules   *rule.Book
	whole   string // the address of all pages as one, where a rule names it
	short   bool   // Options.Short
	trace   *Trace
	site    *archiver.SiteModel // what is known of the site; nil where nothing is to be learned either
	lesson  *lesson             // what part 1 teaches of it
	sequel  sequel
}

// Article begins an article of which the channels say entries, the listing's first.
func (x *Extractor) Article(entries []archiver.Entry) *Assembly {
	return &Assembly{entries: entries, rules: x.opts.Rules, short: x.opts.Short}
}

// Explain has every decision noted in t. It is called before Add.
func (a *Assembly) Explain(t *Trace) { a.trace = t }

// Knowing has the article read with what is known of its site, which may be nothing yet; Teach then adds to it. It is called
// before Add.
func (a *Assembly) Knowing(site *archiver.SiteModel) { a.site = site }

// Add reads the article's next page. It gives the address of the page after it, or "" for the last. An error of kind Unusable
// says that the first page has no article; a further page without text, or with that of an earlier one, ends the article.
func (a *Assembly) Add(page *archiver.Page) (next string, err error) {
	if a.first == nil && a.sequel.asked != "" {
		sent := *page
		sent.Requested = a.sequel.asked
		page = &sent
	}
	doc, err := parseArticle(page, a.rules, a.trace)
	if err != nil {
		return "", a.refuseOnlyFirst(err)
	}
	if a.first != nil {
		return a.addPart(doc)
	}
	doc.short = a.short
	if next, ok := a.sendsOn(doc); ok {
		return next, nil
	}
	read, entries := readArticle, a.entries
	if doc.post != nil {
		read, entries = readPost, doc.post.among(page, entries)
	}
	r, err := read(doc, entries, a.site, a.trace)
	if err != nil {
		return "", err
	}
	a.first = r
	a.article = r.article()
	r.fillFacts(&a.article)
	r.noteFacts(&a.article)
	a.article.URL = a.address(page)
	if len(a.entries) == 0 && same(archiver.Key(a.article.URL), archiver.Key(page.URL)) {
		if url := r.canonical(); url != "" {
			a.article.URL = url
		}
	}
	a.article.ID = archiver.ArticleID(a.name(page))
	a.article.Checked = page.FetchedAt
	a.bases = []string{page.URL, page.Requested, a.article.URL}
	if r.isProtected() {
		a.locked = true
		return "", nil
	}
	if r.places != nil {
		a.lesson = newLesson(r, &a.article)
	}
	next = a.take(r)
	if doc.post != nil {
		return "", nil
	}
	if doc.ruled != nil && doc.ruled.single != "" {
		a.whole = doc.ruled.single
		return a.whole, nil
	}
	return next, nil
}

func (a *Assembly) refuseOnlyFirst(err error) error {
	if a.first == nil {
		return err
	}
	return nil
}

func (a *Assembly) addPart(doc *document) (string, error) {
	view := a.sequel.view != ""
	a.sequel.view = ""
	for _, base := range a.bases {
		if archiver.Key(doc.page.URL) == archiver.Key(base) { // sent back to the first page
			if view {
				return a.sequel.instead, nil
			}
			return a.otherForm(), nil
		}
	}
	r, err := readArticle(doc, nil, a.site, a.trace)
	if err != nil || r.isProtected() {
		if view {
			return a.sequel.instead, nil
		}
		return "", nil
	}
	if a.whole != "" {
		// All pages are on this one: it takes the place of the first.
		a.parts, a.sequel = nil, sequel{}
		a.take(r)
		return "", nil
	}
	if view {
		if a.takeView(r, letters(textOf(r.blocks[r.body.block].node), maxCompared)) {
			return "", nil
		}
		return a.sequel.instead, nil
	}
	if !a.isOurs(r) {
		a.trace.note("parts", "%s is another article", r.page.URL)
		return a.otherForm(), nil
	}
	return a.take(r), nil
}

// take keeps the text of a page and gives the address of the next one.
func (a *Assembly) take(r *articlePage) string {
	shown := textOf(r.blocks[r.body.block].node) // before anything is taken off
	text := sync.OnceValue(func() string { return letters(shown, maxCompared) })
	if len(a.parts) > 0 && a.sequel.isCopy(text()) {
		a.trace.note("parts", "%s is a copy of a part that is there", r.page.URL)
		return a.otherForm()
	}
	a.sequel.texts = append(a.sequel.texts, text)
	next := a.follow(r, len(a.parts)+1)
	if next != "" || len(a.parts) > 0 {
		r.cutPageNumbers(a.bases)
		r.texts = nil
	}
	r.cutCommon()
	part := clean(r.trim(r.body, r.title), r.document)
	a.dropRepeated(part)
	a.parts = append(a.parts, part)
	return next
}

// Article is the article, all pages as one. With archiver.ErrProtected comes an article of state protected without text.
func (a *Assembly) Article() (archiver.Article, error) {
	if a.first == nil {
		return archiver.Article{}, archiver.Errorf(archiver.Unusable, "found no article text")
	}
	if a.locked {
		article := protected(a.article)
		article.Language = a.first.languageOf("")
		return article, archiver.ErrProtected
	}
	article := a.article
	if len(a.parts) > 1 {
		article.Title = partOne.ReplaceAllString(article.Title, "")
		a.trace.note("parts", "%d", len(a.parts))
	}
	tree := mergeParts(a.parts)
	text := plainText(tree)
	if lead := a.first.repairLead(text); lead != nil {
		tree = mergeParts([]*html.Node{lead, tree})
		text = plainText(tree)
	}
	a.first.noteQuote(text)
	a.text = bodyText(tree, text)
	article.Words = countWords(text)
	article.Language = a.first.languageOf(text)
	article.Excerpt = a.first.excerpt(a.text)
	if article.Image == "" {
		article.Image = firstImage(tree)
	}
	article.Images = pictures(tree, article.Image)
	article.HTML = renderHTML(tree)
	markdown, err := toMarkdown(tree)
	if err != nil {
		return archiver.Article{}, &archiver.Error{Kind: archiver.Internal, Op: "write Markdown of", URL: article.URL, Err: err}
	}
	article.Markdown = markdown
	return article, nil
}

// Text is the article's plain text without the captions of its figures, a line for each block, once Article has put it together.
func (a *Assembly) Text() string { return a.text }

// name is the address that the article is known by: the list's.
func (a *Assembly) name(page *archiver.Page) string {
	for _, e := range a.entries {
		if e.URL != "" {
			return e.URL
		}
	}
	if page.Requested != "" {
		return page.Requested
	}
	return page.URL
}

// address is the article's address: the list's, or where the site sent us from there.
func (a *Assembly) address(page *archiver.Page) string {
	name := a.name(page)
	if page.URL == "" || same(archiver.Key(name), archiver.Key(page.URL)) || !archiver.SameSite(name, page.URL) {
		return name
	}
	return page.URL
}

// smallImage is the width in pixels below which an image is an icon.
const smallImage = 100

// firstImage is the first image of the text that is not an icon.
func firstImage(tree *html.Node) string {
	for n := range tree.Descendants() {
		if n.Type != html.ElementNode || n.Data != "img" {
			continue
		}
		if w, err := strconv.Atoi(attrOf(n, "width")); err == nil && w < smallImage {
			continue
		}
		if src := attrOf(n, "src"); src != "" && !decorative(src) {
			return src
		}
	}
	return ""
}
