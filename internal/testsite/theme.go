package testsite

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"time"
)

//go:embed themes/*.html
var themeFiles embed.FS

// Theme is how pages are written.
type Theme uint8

const (
	// Classic is WordPress: article, h2 with a link, excerpt, "Read more".
	Classic Theme = iota
	// FullText is Classic with whole articles in the listing and no "Read more".
	FullText
	// Titles is Hexo: nothing but titles under the headings of their years.
	Titles
	// Cards has an empty link over each card, no heading, no excerpt, no time element.
	Cards
)

// template is the file that writes the theme.
func (t Theme) template() string {
	switch t {
	case Titles:
		return "titles"
	case Cards:
		return "cards"
	}
	return "classic"
}

// shell is what every page of a blog has around its own part.
type shell struct {
	Base, Name, Motto, Charset, PageTitle, Canonical string
	Menu, Recent, Related, Cloud                     []link
	Busy                                             bool // a blog with widgets and many comments
	Months                                           []string
	Views                                            int           // of every page so far, on a live blog
	Took                                             template.HTML // a comment, as caches leave it
	Feed, FeedType                                   string
	Comments                                         []comment
}

type link struct {
	Name, URL string
	Current   bool
}

type comment struct {
	ID               int
	Who, When, Words string
	Link             string
}

// item is an article within a listing.
type item struct {
	ID                        int
	Title, URL, More          string
	Excerpt                   template.HTML
	Datetime, Day, Short      string
	Author                    string
	Categories, Tags          []link
	Picture                   string
	Year                      int
	FirstOfYear               bool
	Protected, Whole, HasMore bool
}

// listingView is a page of a listing.
type listingView struct {
	shell
	Heading, Description string
	Items                []item
	Numbers              []link // empty names are dots
	Older, Newer         string // addresses of the next and the previous page
	Style                Pagination
}

// articleView is a page of an article.
type articleView struct {
	shell
	item
	Body           template.HTML
	Modified       string // empty where it was never changed
	Parts          []link
	Earlier, Later link
}

func parseTheme(theme Theme) (*template.Template, error) {
	t, err := template.ParseFS(themeFiles, "themes/common.html", "themes/"+theme.template()+".html")
	if err != nil {
		return nil, fmt.Errorf("read theme: %w", err)
	}
	return t, nil
}

// render writes a page. The templates are this package's own, so an error is a bug.
func (s *Site) render(name string, view any) []byte {
	var b bytes.Buffer
	if err := s.theme.ExecuteTemplate(&b, name, view); err != nil {
		panic(fmt.Errorf("render %s: %w", name, err))
	}
	return b.Bytes()
}

// shell makes the frame of a page; about is the post that the page is of, or nil.
func (s *Site) shell(title string, about *post) shell {
	started := time.Now()
	sh := shell{
		Base: s.base, Name: blogName, Motto: blogMotto, Charset: s.opts.claimed(), PageTitle: title, Busy: s.opts.pageSize > 0,
		Menu: []link{{Name: "首页", URL: s.base + "/"}},
	}
	for _, c := range categories {
		sh.Menu = append(sh.Menu, link{Name: c.name, URL: s.base + categoryPath(c.slug)})
	}
	sh.Menu = append(sh.Menu, link{Name: "关于", URL: s.base + "/about/"})
	for i, p := range s.others {
		sh.Recent = append(sh.Recent, s.linkTo(p))
		// A sidebar shows what is new on the blog, in whatever category.
		if i < 2 && i < len(s.posts) {
			sh.Recent = append(sh.Recent, s.linkTo(s.posts[i]))
		}
	}
	for _, word := range words {
		sh.Cloud = append(sh.Cloud, link{Name: word, URL: s.tagURL(word)})
	}
	if s.opts.live {
		s.views++
		sh.Views, sh.Took = s.views, template.HTML(fmt.Sprintf("<!-- %d queries in %.6f seconds, %s -->", 20+s.views%7, time.Since(started).Seconds(), started.Format(time.RFC3339Nano)))
	}
	sh.Feed, sh.FeedType = s.feedURL()
	if sh.Busy {
		for i := range 36 {
			sh.Months = append(sh.Months, fmt.Sprintf("%d年%d月", 2024-i/12, 12-i%12))
		}
	}
	if about != nil {
		r := randomFor(about.id, 3)
		sh.Related = append(sh.Related, s.linkTo(pick(r, s.others)))
		if len(s.posts) > 1 {
			sh.Related = append(sh.Related, s.linkTo(pick(r, s.posts)))
		}
		count := r.IntN(4)
		if sh.Busy {
			count = busyComments
		}
		for i := range count {
			id := about.id*100 + i
			sh.Comments = append(sh.Comments, comment{
				ID: id, Who: fmt.Sprintf("读者%d", r.IntN(900)), When: s.datetime(about.Published.Add(time.Duration(i+1) * 7 * time.Hour)),
				Words: fmt.Sprintf("第%d楼。写得很清楚，收藏了！不过%s这一段我复现不出来，能不能再说说%s？", i+1, pick(r, tricks), pick(r, tasks)),
				Link:  fmt.Sprintf("%s?replytocom=%d#respond", s.address(about), id),
			})
		}
	}
	return sh
}

func (s *Site) linkTo(p *post) link { return link{Name: s.shownTitle(p), URL: s.address(p)} }

// item is a post within a listing.
func (s *Site) item(p *post) item {
	it := item{
		ID: p.id, Title: s.shownTitle(p), URL: s.address(p), Datetime: s.datetime(p.Published), Day: p.Published.Format("2006年1月2日"),
		Short: p.Published.Format("01-02"), Author: p.Author, Year: p.Published.Year(), Protected: p.Protected, Picture: s.base + picturePath(p.id%pictures),
	}
	it.More = it.URL
	for _, name := range p.categories() {
		it.Categories = append(it.Categories, link{Name: name, URL: s.base + categoryPath(slugOf(name))})
	}
	for _, name := range p.Tags {
		it.Tags = append(it.Tags, link{Name: name, URL: s.tagURL(name)})
	}
	return it
}

// shownTitle is the title as WordPress shows it.
func (s *Site) shownTitle(p *post) string {
	if p.Protected {
		return "密码保护：" + p.Title
	}
	return p.Title
}

// datetime is a machine-readable date as the options want it.
func (s *Site) datetime(t time.Time) string {
	if s.opts.noZone {
		return t.Format("2006-01-02T15:04:05")
	}
	return t.Format(time.RFC3339)
}
