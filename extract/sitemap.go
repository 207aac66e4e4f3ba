package extract

import (
	"cmp"
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"archiver"
)

// This file reads sitemaps and indexes of sitemaps. Rules: a sitemap that defines entities is refused; only addresses of the same
// site count; a date of change is a mark, unless all pages have nearly the same one, which is that of the build; of an index's
// children those are named whose names say that posts are in them, before others, and those of pictures, tags and people only
// where there is nothing else.

const (
	// maxSitemapBytes and maxSitemapURLs are what the protocol allows, and twice that.
	maxSitemapBytes = 50 << 20
	maxSitemapURLs  = 100_000
	// maxSitemapChildren bounds the children of an index that are named.
	maxSitemapChildren = 50
	// longestMark bounds a date of change, in bytes.
	longestMark = 64
)

// xmlRoot is the element with which a document of a channel begins, whatever a plugin wrote before it.
var xmlRoot = regexp.MustCompile(`(?i)<(?:[a-z]+:)?(urlset|sitemapindex|rss|feed|rdf|html)[\s>]`)

// isSitemap reports whether a text opens as a sitemap or an index of such.
func isSitemap(text string) bool {
	const opening = 8 << 10 // comments and style sheets may stand before the root
	m := xmlRoot.FindStringSubmatch(text[:min(len(text), opening)])
	return m != nil && (strings.EqualFold(m[1], "urlset") || strings.EqualFold(m[1], "sitemapindex"))
}

// siteLink is one address of a sitemap, or of an index.
type siteLink struct {
	Loc     string `xml:"loc"`
	LastMod string `xml:"lastmod"`
}

func readSitemap(page *archiver.Page) (archiver.Facts, error) {
	refuse := func(err error) (archiver.Facts, error) {
		return archiver.Facts{}, &archiver.Error{Kind: archiver.Unusable, Op: "read sitemap", URL: page.URL, Err: err}
	}
	if len(page.Text) > maxSitemapBytes {
		return refuse(errors.New("it is larger than 50 MB"))
	}
	d := xml.NewDecoder(strings.NewReader(strings.TrimLeft(page.Text, blanks)))
	d.Strict = false // a bare & in an address must not cost the sitemap
	d.CharsetReader = func(_ string, input io.Reader) (io.Reader, error) { return input, nil }
	var pages, children []siteLink
	for len(pages)+len(children) < maxSitemapURLs {
		token, err := d.Token()
		if errors.Is(err, io.EOF) || err != nil && len(pages)+len(children) > 0 {
			break // what stands before a place that cannot be read is kept
		}
		if err != nil {
			return refuse(err)
		}
		switch t := token.(type) {
		case xml.Directive:
			if strings.Contains(strings.ToUpper(string(t)), "<!ENTITY") {
				return refuse(errors.New("it defines entities, as no sitemap does"))
			}
		case xml.StartElement:
			var link siteLink
			switch strings.ToLower(t.Name.Local) {
			case "url":
				if err = d.DecodeElement(&link, &t); err == nil {
					pages = append(pages, link)
				}
			case "sitemap":
				if err = d.DecodeElement(&link, &t); err == nil {
					children = append(children, link)
				}
			}
		}
	}
	return archiver.Facts{Channel: archiver.ChannelSitemap, Entries: sitemapEntries(page, pages), Next: postMaps(page, children)}, nil
}

// sitemapEntries are the pages of a sitemap, each address once.
func sitemapEntries(page *archiver.Page, links []siteLink) []archiver.Entry {
	dates := make([]string, len(links))
	for i := range links {
		dates[i] = strings.TrimSpace(links[i].LastMod)
	}
	built := sameBuild(dates)
	var entries []archiver.Entry
	known := make(map[string]bool, len(links))
	for i := range links {
		url, ok := sitemapURL(page, links[i].Loc)
		if !ok || known[archiver.Key(url)] {
			continue
		}
		known[archiver.Key(url)] = true
		entry := archiver.Entry{Channel: archiver.ChannelSitemap, URL: url}
		if _, dated := parseDate(dates[i]); dated && !built && len(dates[i]) <= longestMark {
			entry.Mark = dates[i]
		}
		entries = append(entries, entry)
	}
	return entries
}

func sitemapURL(page *archiver.Page, loc string) (string, bool) {
	loc = strings.TrimSpace(loc)
	url, err := archiver.Resolve(page.URL, loc)
	return url, err == nil && loc != "" && archiver.SameSite(url, page.URL)
}

// How near to posts the pages of a sitemap are, as its name says.
const (
	mapOther  = iota // pictures, lists, people: no articles
	mapPages         // pages that are no posts
	mapUnsaid        // anything
	mapPosts
)

// postMaps are the children of an index, those with posts first and of these the one that changed last, without the index itself.
func postMaps(page *archiver.Page, children []siteLink) []string {
	type child struct {
		url, changed string
		kind         int
	}
	var all []child
	known := map[string]bool{archiver.Key(page.URL): true, archiver.Key(page.Requested): true}
	best := mapOther
	for _, link := range children {
		url, ok := sitemapURL(page, link.Loc)
		if !ok || known[archiver.Key(url)] {
			continue
		}
		known[archiver.Key(url)] = true
		c := child{url, strings.TrimSpace(link.LastMod), mapKind(url)}
		best = max(best, c.kind)
		all = append(all, c)
	}
	slices.SortStableFunc(all, func(a, b child) int {
		return cmp.Or(cmp.Compare(b.kind, a.kind), cmp.Compare(b.changed, a.changed))
	})
	var urls []string
	for _, c := range all {
		if len(urls) == maxSitemapChildren || c.kind == mapOther && best > mapOther {
			break
		}
		urls = append(urls, c.url)
	}
	return urls
}

// mapKind reads the words of a sitemap's name: "wp-sitemap-posts-post-1.xml", "post_tag-sitemap.xml", "sitemap-pt-page.xml".
func mapKind(url string) int {
	head, query, _ := strings.Cut(url, "?")
	name := strings.ToLower(head[strings.LastIndexByte(head, '/')+1:] + " " + query)
	kind := mapUnsaid
	for word := range strings.FieldsFuncSeq(name, func(r rune) bool { return !unicode.IsLetter(r) }) {
		switch word {
		case "image", "images", "video", "videos", "media", "attachment", "attachments", "tag", "tags", "category", "categories", "cat", "author", "authors",
			"user", "users", "tax", "taxonomy", "taxonomies", "archive", "archives", "comments", "product", "products":
			return mapOther
		case "page", "pages":
			kind = mapPages
		case "post", "posts", "article", "articles", "blog", "entries":
			if kind != mapPages {
				kind = mapPosts
			}
		}
	}
	return kind
}
