package export

import (
	"bytes"
	"context"
	_ "embed"
	"maps"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"archiver"

	"golang.org/x/net/html"
)

// This file writes a folder of web pages that is read without a network: an index by years, a page an article, its pictures. Rules:
// no script; nothing is loaded from anywhere but the folder, and the pages say so to the browser; the text is written by the same
// tree writer as a book's chapters (xhtml.go). What happens to files that are there is folder.go's.

const (
	htmlExt    = ".html"
	htmlForm   = "html"
	indexPage  = "index.html"
	sheetPage  = "style.css"
	indexKey   = "page index"
	sheetKey   = "page style"
	pagePolicy = "default-src 'none'; img-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; base-uri 'none'; form-action 'none'"
)

//go:embed html.css
var pageStyle []byte

// website is an HTML folder that is being written.
type website struct {
	*neighbours
	text, page bytes.Buffer
	order      []*file        // the articles' files, oldest first
	where      map[string]int // where in the order an article's file is, by its path
}

// listed is what the index tells of an article.
type listed struct {
	Title    string             `json:"title"`
	Date     archiver.Timestamp `json:"date,omitzero"`
	Excerpt  string             `json:"excerpt,omitempty"`
	Language string             `json:"language,omitempty"`
}

func writeHTML(ctx context.Context, target string, articles Articles, opts Options) (Result, error) {
	dirs := len(opts.Sources) > 1
	l := layout{dirs: dirs, plainLink: relative, link: func(from, to string) string { return escapeLink(relative(from, to)) }}
	l.names = func(a *archiver.Article) []string {
		dir := dirOf(a, dirs, folderName)
		return []string{path.Join(dir, fileName(a, htmlExt, false)), path.Join(dir, fileName(a, htmlExt, true))}
	}
	l.picture = func(a *archiver.Article, _, name string) string {
		return path.Join(dirOf(a, dirs, folderName), "images", name)
	}
	l.begin = func(f *folder) {
		for key, name := range map[string]string{indexKey: indexPage, sheetKey: sheetPage} {
			if f.manifest.Files[key] == nil { // no article may have these names
				f.manifest.reserve(key, name)
			}
		}
	}
	l.planned = func(f *folder, a *archiver.Article) { list(f, a) }
	site := &website{}
	return writeFolder(ctx, target, htmlForm, articles, opts, l, func(n *neighbours, a *archiver.Article) error {
		if site.neighbours == nil {
			site.neighbours = n
			site.sort()
		}
		return site.add(ctx, a)
	}, func(*neighbours) error { return site.finish() })
}

// list remembers what the index tells of an article.
func list(f *folder, a *archiver.Article) {
	if known := f.manifest.Files[idOf(a)]; known != nil {
		known.Entry = &listed{Title: titleOf(a), Date: a.Published, Excerpt: shortened(plain(a.Excerpt), maxExcerpt), Language: languageOf(a)}
	}
}

// maxExcerpt is how much of an article the index shows.
const maxExcerpt = 160

// sort puts the articles of the folder in their order, those of earlier exports too.
func (s *website) sort() {
	s.order, s.where = nil, map[string]int{}
	for _, key := range slices.Sorted(maps.Keys(s.folder.manifest.Files)) {
		if f := s.folder.manifest.Files[key]; f.Entry != nil {
			s.order = append(s.order, f)
		}
	}
	slices.SortStableFunc(s.order, func(a, b *file) int { // undated ones first, as what nobody knows the place of
		if order := a.Entry.Date.Time().Compare(b.Entry.Date.Time()); order != 0 {
			return order
		}
		return strings.Compare(a.Path, b.Path)
	})
	for i, f := range s.order {
		s.where[f.Path] = i
	}
}

// add writes an article's page and its pictures.
func (s *website) add(ctx context.Context, a *archiver.Article) error {
	at, err := s.neighbours.place(a)
	if err != nil || at == "" {
		return err
	}
	list(s.folder, a)
	pictures, err := s.pictures(ctx, a, at)
	if err != nil {
		return err
	}
	lang := languageOf(a)
	w := wordsIn(lang)
	site := &sitePage{website: s, at: at, album: pictures, shown: map[string]bool{}}
	s.text.Reset()
	x := &body{b: &s.text, words: w, rtl: rightToLeft(lang), site: site}
	x.write(a.HTML, "")
	lead := ""
	if picture := pictures.find(a.Image); picture != "" && !site.shown[picture] {
		lead, site.shown[picture] = picture, true
	}
	for _, picture := range slices.Sorted(maps.Keys(site.shown)) {
		if err := pictures.put(ctx, picture); err != nil {
			return err
		}
	}
	s.begin(at, titleOf(a), lang, idOf(a))
	s.page.WriteString("<article>\n<header class=\"top\">\n<h1 dir=\"auto\">")
	writeText(&s.page, titleOf(a))
	s.page.WriteString("</h1>\n")
	writeFacts(&s.page, a, w)
	s.page.WriteString("</header>\n")
	if lead != "" {
		s.page.WriteString(`<p class="picture"><img src="`)
		writeText(&s.page, s.layout.link(at, lead))
		s.page.WriteString("\" alt=\"\"></p>\n")
	}
	s.page.Write(bookOnly.ReplaceAll(s.text.Bytes(), nil))
	s.page.WriteString("</article>\n")
	s.around(at, w)
	s.page.WriteString("</body>\n</html>\n")
	return s.folder.put(piece{key: idOf(a), source: a.Source, names: s.layout.names(a), content: s.page.Bytes()})
}

// bookOnly are attributes that books have and web pages have not. No text has a quote that is not escaped.
var bookOnly = regexp.MustCompile(` (?:epub:type|xml:lang)="[^"]*"`)

// begin writes a page up to its text.
func (s *website) begin(at, title, lang, id string) {
	s.page.Reset()
	s.page.WriteString("<!DOCTYPE html>\n<html")
	if lang != "" {
		s.page.WriteString(` lang="` + lang + `"`)
	}
	if rightToLeft(lang) {
		s.page.WriteString(` dir="rtl"`)
	}
	s.page.WriteString(">\n<head>\n<meta charset=\"utf-8\">\n" + `<meta http-equiv="Content-Security-Policy" content="` + pagePolicy + `">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
`)
	if id != "" {
		s.page.WriteString(`<meta name="article-id" content="` + id + `">` + "\n")
	}
	s.page.WriteString("<title>")
	writeText(&s.page, title)
	s.page.WriteString("</title>\n" + `<link rel="stylesheet" href="` + escapeLink(relative(at, sheetPage)) + `">` + "\n</head>\n<body>\n")
}

// around writes the links to the pages before and after.
func (s *website) around(at string, w *words) {
	s.page.WriteString("<nav class=\"around\">\n")
	step := func(class, mark string, by int) {
		here, ok := s.where[at]
		if !ok || here+by < 0 || here+by >= len(s.order) {
			return
		}
		to := s.order[here+by]
		s.page.WriteString(`<a class="` + class + `" rel="` + class + `" href="` + escapeLink(relative(at, to.Path)) + `">` + mark + " <bdi>")
		writeText(&s.page, to.Entry.Title)
		s.page.WriteString("</bdi></a>\n")
	}
	step("prev", "←", -1)
	s.page.WriteString(`<a class="index" href="` + escapeLink(relative(at, indexPage)) + `">` + w.contents + "</a>\n")
	step("next", "→", 1)
	s.page.WriteString("</nav>\n")
}

// finish writes what stands for all articles: the index and the style.
func (s *website) finish() error {
	s.sort()
	lang := language(s.opts.Language)
	if lang == "" {
		languages := map[string]int{}
		for _, f := range s.order {
			if f.Entry.Language != "" {
				languages[f.Entry.Language]++
			}
		}
		lang = mostFrequent(languages)
	}
	w := wordsIn(lang)
	title := s.title(w)
	s.begin(indexPage, title, lang, "")
	s.page.WriteString("<header class=\"top\">\n<h1 dir=\"auto\">")
	writeText(&s.page, title)
	s.page.WriteString("</h1>\n</header>\n")
	s.years(w)
	s.page.WriteString("</body>\n</html>\n")
	owner := ""
	if len(s.opts.Sources) > 0 {
		owner = s.opts.Sources[0].Name
	}
	if err := s.folder.put(piece{key: indexKey, source: owner, names: []string{indexPage}, content: s.page.Bytes()}); err != nil {
		return err
	}
	return s.folder.put(piece{key: sheetKey, source: owner, names: []string{sheetPage}, content: pageStyle})
}

// title is what the folder is called.
func (s *website) title(w *words) string {
	if title := plain(s.opts.Title); visible(title) {
		return title
	}
	var titles []string
	for _, source := range s.opts.Sources {
		if title := plain(source.Title); visible(title) {
			titles = append(titles, title)
		} else if name := plain(source.Name); visible(name) {
			titles = append(titles, name)
		}
	}
	if len(titles) == 0 {
		return w.contents
	}
	return shortened(strings.Join(titles, " · "), maxBookTitle)
}

// years writes the list of all articles, the newest year first.
func (s *website) years(w *words) {
	const none = "-"
	year := none
	end := func() {
		if year != none {
			s.page.WriteString("</ol>\n</section>\n")
		}
	}
	for _, f := range slices.Backward(s.order) {
		if _, err := s.folder.root.Lstat(filepath.FromSlash(f.Path)); err != nil {
			continue // a person took it away
		}
		on := day(f.Entry.Date)
		if y, _, _ := strings.Cut(on, "-"); y != year {
			end()
			year = y
			heading := y
			if y == "" {
				heading = w.undated
			}
			s.page.WriteString("<section>\n<h2>" + heading + "</h2>\n<ol class=\"articles\">\n")
		}
		s.page.WriteString("<li")
		if lang := f.Entry.Language; lang != "" {
			s.page.WriteString(` lang="` + lang + `"`)
		}
		s.page.WriteString(`><a dir="auto" href="` + escapeLink(f.Path) + `">`)
		writeText(&s.page, f.Entry.Title)
		s.page.WriteString("</a>")
		if on != "" {
			s.page.WriteString(` <time datetime="` + on + `">` + on + "</time>")
		}
		if f.Entry.Excerpt != "" {
			s.page.WriteString(`<p dir="auto">`)
			writeText(&s.page, f.Entry.Excerpt)
			s.page.WriteString("</p>")
		}
		s.page.WriteString("</li>\n")
	}
	end()
}

// sitePage is a page of a website, for the tree writer.
type sitePage struct {
	*website
	at    string
	album *album
	shown map[string]bool // pictures of the folder that the page shows or leads to
}

// target is where a link leads: into the folder, where it has the page or the picture.
func (p *sitePage) target(href string) string {
	if p == nil {
		return ""
	}
	if picture := p.album.find(href); picture != "" {
		p.shown[picture] = true
		return p.layout.link(p.at, picture)
	}
	if to := p.leaf(href); to != nil {
		return p.layout.link(p.at, to.path)
	}
	return ""
}

// image writes a picture that the folder has.
func (p *sitePage) image(x *body, n *html.Node, where content) bool {
	picture := p.album.find(attr(n, "src"))
	if picture == "" {
		return false
	}
	p.shown[picture] = true
	if where == flow {
		x.b.WriteString(`<p class="picture">`)
		defer x.b.WriteString("</p>\n")
	}
	x.b.WriteString("<img")
	x.attribute("src", p.layout.link(p.at, picture))
	x.attribute("alt", plain(attr(n, "alt")))
	if title := plain(attr(n, "title")); visible(title) {
		x.attribute("title", title)
	}
	for _, key := range [...]string{"width", "height"} {
		if size := pixels(attr(n, key)); size != "" {
			x.attribute(key, size)
		}
	}
	x.attribute("loading", "lazy")
	x.b.WriteString("/>")
	return true
}

var size = regexp.MustCompile(`^[1-9][0-9]{0,4}$`)

// pixels is a size that a page may give an image.
func pixels(s string) string {
	if size.MatchString(s) {
		return s
	}
	return ""
}
