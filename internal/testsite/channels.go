package testsite

import (
	"crypto/sha256"
	"encoding/xml"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// This file tells of the posts by feed and sitemap, as blog software writes them: both have validators, and neither is made
// before somebody asks.

// FeedFormat is how a blog writes its feed.
type FeedFormat uint8

const (
	// NoFeed is a blog without one.
	NoFeed FeedFormat = iota
	// RSS is WordPress's: one for the blog at /feed/ and one for each category, paged, with whole articles. Its ETag is one for
	// all of the blog and stays the same when a post is deleted.
	RSS
	// Atom is Hexo's: one for the blog at /atom.xml, with whole articles.
	Atom
)

// SitemapShape is how a blog writes its sitemap.
type SitemapShape uint8

const (
	// NoSitemap is a blog without one.
	NoSitemap SitemapShape = iota
	// OneSitemap is /sitemap.xml with everything.
	OneSitemap
	// SitemapIndex is /sitemap.xml with the addresses of sitemaps of 1,000 posts, which are .gz files.
	SitemapIndex
)

const (
	sitemapPath = "/sitemap.xml"
	atomPath    = "/atom.xml"
	perSitemap  = 1000
)

// channel answers what is not a page: REST, feed, sitemap; nil where the address is none of them. The caller holds the lock.
func (s *Site) channel(u *url.URL) *answer {
	if s.opts.rest {
		if a := s.restAnswer(u); a != nil {
			return a
		}
	}
	switch {
	case s.opts.feed == Atom && u.Path == atomPath:
		return s.atom(s.everything())
	case s.opts.feed == RSS && strings.HasSuffix(u.Path, "/feed/"):
		return s.rss(strings.TrimSuffix(u.Path, "feed/"), u.Query().Get("paged"))
	case s.opts.sitemap != NoSitemap && strings.HasPrefix(u.Path, "/sitemap"):
		return s.sitemapAnswer(u.Path)
	}
	return nil
}

// feedURL is the feed that the pages of the blog name.
func (s *Site) feedURL() (address, contentType string) {
	switch s.opts.feed {
	case RSS:
		return s.base + "/feed/", "application/rss+xml"
	case Atom:
		return s.base + atomPath, "application/atom+xml"
	}
	return "", ""
}

// sitemapLine is the end of robots.txt.
func (s *Site) sitemapLine() string {
	if s.opts.sitemap == NoSitemap {
		return ""
	}
	return "\nSitemap: " + s.base + sitemapPath + "\n"
}

// xmlAnswer writes a document whose validator is made of tag, or of its text where tag is empty.
func (s *Site) xmlAnswer(contentType string, document any, tag string, modified time.Time) *answer {
	text, err := xml.MarshalIndent(document, "", " ")
	if err != nil {
		panic(fmt.Errorf("write %T: %w", document, err)) // the types are this file's
	}
	a := &answer{status: http.StatusOK, contentType: contentType + "; charset=utf-8", validators: true, stale: s.opts.stale, modified: modified}
	a.body = append([]byte(xml.Header), text...)
	if tag == "" {
		tag = string(a.body)
	}
	sum := sha256.Sum256([]byte(tag))
	a.etag = fmt.Sprintf(`"%x-%d"`, sum[:8], s.build)
	return a
}

type rssDocument struct {
	XMLName xml.Name  `xml:"rss"`
	Version string    `xml:"version,attr"`
	Content string    `xml:"xmlns:content,attr"`
	DC      string    `xml:"xmlns:dc,attr"`
	Title   string    `xml:"channel>title"`
	Link    string    `xml:"channel>link"`
	Built   string    `xml:"channel>lastBuildDate"`
	Items   []rssItem `xml:"channel>item"`
}

type rssItem struct {
	Title      string   `xml:"title"`
	Link       string   `xml:"link"`
	Creator    string   `xml:"dc:creator"`
	Published  string   `xml:"pubDate"`
	Categories []string `xml:"category"`
	GUID       string   `xml:"guid"`
	Excerpt    string   `xml:"description"`
	Content    string   `xml:"content:encoded"`
}

// rss is a page of the feed of a category, or of the blog for "/".
func (s *Site) rss(base, paged string) *answer {
	posts, title := s.everything(), blogName
	for _, c := range categories {
		if base == categoryPath(c.slug) {
			title = c.name + " – " + blogName
			posts = slices.DeleteFunc(posts, func(p *post) bool { return !slices.Contains(p.categories(), c.name) })
		}
	}
	page := 1
	if paged != "" {
		page, _ = strconv.Atoi(paged)
	}
	if page < 1 || page > 1 && (page-1)*s.opts.items >= len(posts) {
		return s.notFound()
	}
	newest := s.lastModified()
	feed := rssDocument{Version: "2.0", Content: "http://purl.org/rss/1.0/modules/content/", DC: "http://purl.org/dc/elements/1.1/",
		Title: title, Link: s.base + base, Built: newest.Format(time.RFC1123Z)}
	for _, p := range window(posts, (page-1)*s.opts.items, s.opts.items) {
		parts := p.parts() // the first one only: WordPress does it so
		excerpt, _ := p.excerpt(parts[0])
		content := strings.Replace(parts[0], moreMark, "", 1)
		if p.Protected {
			content = excerpt
		}
		feed.Items = append(feed.Items, rssItem{Title: s.shownTitle(p), Link: s.address(p), Creator: p.Author, Published: p.Published.Format(time.RFC1123Z),
			Categories: p.categories(), GUID: fmt.Sprintf("%s/?p=%d", s.base, p.id), Excerpt: plainText(excerpt), Content: content})
	}
	return s.xmlAnswer("application/rss+xml", feed, newest.String(), newest)
}

// lastModified is when the newest change of a post was, deleted ones included: no feed moves on for them.
func (s *Site) lastModified() time.Time {
	var newest time.Time
	for _, p := range slices.Concat(s.posts, s.others, s.bin) {
		if p.Modified.After(newest) {
			newest = p.Modified
		}
	}
	return newest
}

type atomDocument struct {
	XMLName xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	Title   string      `xml:"title"`
	ID      string      `xml:"id"`
	Updated string      `xml:"updated"`
	Entries []atomEntry `xml:"entry"`
}

type atomEntry struct {
	Title     string   `xml:"title"`
	Link      atomLink `xml:"link"`
	ID        string   `xml:"id"`
	Published string   `xml:"published"`
	Updated   string   `xml:"updated"`
	Content   atomText `xml:"content"`
}

type atomLink struct {
	Href string `xml:"href,attr"`
}

type atomText struct {
	Type string `xml:"type,attr"`
	Text string `xml:",chardata"`
}

func (s *Site) atom(posts []*post) *answer {
	feed := atomDocument{Title: blogName, ID: s.base + "/", Updated: s.lastModified().Format(time.RFC3339)}
	for _, p := range window(posts, 0, s.opts.items) {
		feed.Entries = append(feed.Entries, atomEntry{Title: s.shownTitle(p), Link: atomLink{s.address(p)}, ID: s.address(p), Published: p.Published.Format(time.RFC3339),
			Updated: p.Modified.Format(time.RFC3339), Content: atomText{"html", strings.Replace(p.body(), moreMark, "", 1)}})
	}
	return s.xmlAnswer("application/atom+xml", feed, "", time.Time{})
}

type sitemapDocument struct {
	XMLName xml.Name
	URLs    []sitemapURL `xml:"url"`
	Maps    []sitemapURL `xml:"sitemap"`
}

type sitemapURL struct {
	Loc     string `xml:"loc"`
	LastMod string `xml:"lastmod"`
}

// sitemapAnswer is the sitemap, its index, or one of the files that the index names.
func (s *Site) sitemapAnswer(path string) *answer {
	posts := s.everything()
	document := sitemapDocument{XMLName: xml.Name{Space: "http://www.sitemaps.org/schemas/sitemap/0.9", Local: "urlset"}}
	name := func(i int) string { return fmt.Sprintf("/sitemap-%d.xml.gz", i+1) }
	if path == sitemapPath && s.opts.sitemap == SitemapIndex {
		document.XMLName.Local = "sitemapindex"
		for i := 0; i*perSitemap < len(posts); i++ {
			newest := slices.MaxFunc(window(posts, i*perSitemap, perSitemap), func(a, b *post) int { return a.Modified.Compare(b.Modified) })
			document.Maps = append(document.Maps, sitemapURL{s.base + name(i), newest.Modified.Format(time.RFC3339)})
		}
		return s.xmlAnswer("application/xml", document, "", time.Time{})
	}
	from, count := 0, len(posts)
	if s.opts.sitemap == SitemapIndex {
		if _, err := fmt.Sscanf(path, "/sitemap-%d.xml.gz", &from); err != nil || from < 1 || (from-1)*perSitemap >= len(posts) {
			return s.notFound()
		}
		from, count = (from-1)*perSitemap, perSitemap
	} else if path != sitemapPath {
		return s.notFound()
	}
	for _, p := range window(posts, from, count) {
		document.URLs = append(document.URLs, sitemapURL{s.address(p), p.Modified.Format(time.RFC3339)})
	}
	a := s.xmlAnswer("application/xml", document, "", time.Time{})
	if s.opts.sitemap == SitemapIndex {
		a.contentType, a.body = "application/gzip", compress(a.body)
	}
	return a
}

// window is at most count posts from one on.
func window(posts []*post, from, count int) []*post {
	from = min(from, len(posts))
	return posts[from:min(len(posts), from+count)]
}
