package extract

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"archiver"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// This file reads feeds, RSS 2.0 and Atom, with the Dublin Core elements of RSS. Rules: no entity is defined by the document,
// nothing outside of it is read, and what stands in a feed is never believed to be complete. feed_marks.go says whether an item
// changed, feed_json.go reads JSON Feed.

// maxFeedItems bounds the items of one feed.
const maxFeedItems = 20000

// Facts reads an answer of a channel: a list of posts from WordPress, a feed - RSS, Atom, JSON - or a sitemap. An error of kind
// Unusable says that it is none of these.
func (x *Extractor) Facts(page *archiver.Page) (archiver.Facts, error) {
	text := strings.TrimLeft(page.Text, blanks)
	switch {
	case isJSONFeed(text):
		return readJSONFeed(page)
	case strings.HasPrefix(text, "[") || strings.HasPrefix(text, "{"):
		return readREST(page)
	case isSitemap(text):
		return readSitemap(page)
	case strings.HasPrefix(text, "<"):
		return readFeed(page)
	}
	return archiver.Facts{}, unusableFeed(page, errors.New("neither JSON nor XML"))
}

func unusableFeed(page *archiver.Page, err error) error {
	return &archiver.Error{Kind: archiver.Unusable, Op: "read feed", URL: page.URL, Err: err}
}

// waysOf are the addresses where more is told of the entries, the best one first: the REST API, the listing's feed or else the
// blog's.
func (o *overview) waysOf() []archiver.Way {
	var ways []archiver.Way
	if address := o.restAddress(); address != "" {
		ways = append(ways, archiver.Way{Channel: archiver.ChannelREST, URL: address})
	}
	if address := o.feedAddress(); address != "" {
		ways = append(ways, archiver.Way{Channel: archiver.ChannelFeed, URL: address})
	}
	return ways
}

// feedAddress is the feed that the page names: the category's own before the blog's, never that of comments.
func (o *overview) feedAddress() string {
	best, rank := "", 0
	own := o.page.URL
	if n, ok := readNumber(own, false); ok {
		own = strings.TrimSuffix(strings.TrimSuffix(n.prefix, "page/"), "paged=")
	}
	for _, n := range o.heads {
		if n.DataAtom != atom.Link || !hasRel(n, "alternate") {
			continue
		}
		kind := strings.ToLower(attrOf(n, "type"))
		if !strings.Contains(kind, "rss") && !strings.Contains(kind, "atom") && kind != "application/feed+json" {
			continue
		}
		address, ok := o.address(attrOf(n, "href"))
		title := strings.ToLower(attrOf(n, "title"))
		if !ok || !archiver.SameSite(address, o.page.URL) || strings.Contains(strings.ToLower(address), "comments") ||
			strings.Contains(title, "comments") || strings.Contains(title, "评论") || strings.Contains(title, "コメント") {
			continue
		}
		r := 2
		switch {
		case strings.Contains(kind, "json"):
			r = 1
		case strings.Contains(kind, "atom") && strings.HasSuffix(address, ".xml"):
			r = 3 // of a static site's feeds Atom tells more
		}
		path := strings.TrimSuffix(pathOf(own), "/")
		if path != "" && strings.HasPrefix(pathOf(address), path+"/") || queryOf(o.page.URL) != "" && sharesParam(address, o.page.URL) {
			r = 4
		}
		if r > rank {
			best, rank = address, r
		}
	}
	return best
}

// sharesParam reports whether two addresses have a parameter that chooses a list in common.
func sharesParam(a, b string) bool {
	for pair := range strings.SplitSeq(queryOf(a), "&") {
		name, _, _ := strings.Cut(pair, "=")
		if !listParams[name] || name == "paged" || name == "feed" {
			continue
		}
		for other := range strings.SplitSeq(queryOf(b), "&") {
			if pair == other {
				return true
			}
		}
	}
	return false
}

// feedItem is an item of RSS or an entry of Atom; the names of both do not clash.
type feedItem struct {
	Links      []feedLink   `xml:"link"`
	GUID       feedGUID     `xml:"guid"`
	ID         string       `xml:"id"`
	Title      feedText     `xml:"title"`
	Creators   []string     `xml:"http://purl.org/dc/elements/1.1/ creator"`
	Authors    []feedAuthor `xml:"author"`
	PubDate    string       `xml:"pubDate"`
	DCDate     string       `xml:"http://purl.org/dc/elements/1.1/ date"`
	Published  string       `xml:"published"`
	Updated    string       `xml:"updated"`
	Categories []feedLabel  `xml:"category"`
	Summary    feedText     `xml:"summary"`
	Encoded    string       `xml:"http://purl.org/rss/1.0/modules/content/ encoded"`
	Content    feedText     `xml:"http://www.w3.org/2005/Atom content"`
	// Descriptions are the item's own, and what media elements put beside it.
	Descriptions []string `xml:"description"`
}

type feedLink struct {
	Rel  string `xml:"rel,attr"`
	Href string `xml:"href,attr"`
	Type string `xml:"type,attr"`
	Text string `xml:",chardata"`
}

type feedGUID struct {
	IsPermaLink string `xml:"isPermaLink,attr"`
	Text        string `xml:",chardata"`
}

type feedText struct {
	Type  string `xml:"type,attr"`
	Inner string `xml:",innerxml"`
	Text  string `xml:",chardata"`
}

type feedAuthor struct {
	Name string `xml:"name"`
	Text string `xml:",chardata"`
}

type feedLabel struct {
	Term   string `xml:"term,attr"`
	Label  string `xml:"label,attr"`
	Scheme string `xml:"scheme,attr"`
	Text   string `xml:",chardata"`
}

// readFeed reads what it can: the items before a place that cannot be read are kept.
func readFeed(page *archiver.Page) (archiver.Facts, error) {
	d := xml.NewDecoder(bytes.NewReader(cleanXML(page.Text)))
	d.Strict = false // a bare & or an unclosed tag inside an item must not cost the feed; entities of the document stay unknown
	d.Entity = xml.HTMLEntity
	d.CharsetReader = func(_ string, input io.Reader) (io.Reader, error) { return input, nil } // the page is decoded
	f := feed{page: page, marks: marks{page: page}}
	for len(f.facts.Entries) < maxFeedItems {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if start, ok := token.(xml.StartElement); ok && err == nil {
			err = f.element(d, &start)
		}
		if err != nil {
			if len(f.facts.Entries) > 0 {
				break
			}
			return archiver.Facts{}, unusableFeed(page, err)
		}
	}
	if !f.begun {
		return archiver.Facts{}, unusableFeed(page, errors.New("XML, but no feed"))
	}
	f.facts.Channel = archiver.ChannelFeed
	f.marks.put(f.facts.Entries)
	f.facts.Next = f.further()
	return f.facts, nil
}

// feed is a feed while it is read.
type feed struct {
	page      *archiver.Page
	begun     bool
	items     int
	generator string
	next      string // as <link rel="next"> has it
	facts     archiver.Facts
	marks     marks
}

// element reads one element that is no part of an item.
func (f *feed) element(d *xml.Decoder, start *xml.StartElement) error {
	switch strings.ToLower(start.Name.Local) {
	case "rss", "feed", "rdf":
		f.begun = true
	case "html":
		if !f.begun {
			return errors.New("a web page, not a feed")
		}
	case "link":
		if f.begun && xmlAttr(start, "rel") == "next" && f.next == "" {
			f.next = xmlAttr(start, "href")
		}
	case "generator":
		if f.begun && f.generator == "" {
			return d.DecodeElement(&f.generator, start)
		}
	case "item", "entry":
		if !f.begun {
			return nil
		}
		var item feedItem
		if err := d.DecodeElement(&item, start); err != nil {
			return err
		}
		f.items++
		if entry, ok := item.entry(f.page); ok {
			f.facts.Entries = append(f.facts.Entries, entry)
			f.marks.add(item.Updated, entry.Title, item.text())
		}
	}
	return nil
}

func xmlAttr(start *xml.StartElement, name string) string {
	for _, a := range start.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// fullFeed is the number of items of a feed of WordPress, as it comes, from which there may be a further page.
const fullFeed = 10

// further is the address of the feed's next page: the one it names (RFC 5005), or that of the same feed of WordPress, which pages its
// feeds as it does its lists and says so nowhere.
func (f *feed) further() []string {
	address := f.page.URL
	next, err := archiver.Resolve(address, f.next)
	if f.next == "" || err != nil {
		if f.items < fullFeed || !strings.Contains(strings.ToLower(f.generator), "wordpress") {
			return nil
		}
		head, query, _ := strings.Cut(address, "?")
		number := 1
		var pairs []string
		for pair := range strings.SplitSeq(query, "&") {
			if value, ok := strings.CutPrefix(pair, "paged="); ok {
				if n, err := strconv.Atoi(value); err == nil && n > 0 {
					number = n
				}
			} else if pair != "" {
				pairs = append(pairs, pair)
			}
		}
		next = head + "?" + strings.Join(append(pairs, "paged="+strconv.Itoa(number+1)), "&")
		if next, err = archiver.Canonical(next); err != nil {
			return nil
		}
	}
	if !archiver.SameSite(next, address) || archiver.Key(next) == archiver.Key(address) {
		return nil
	}
	return []string{next}
}

// cleanXML drops the characters that XML forbids.
func cleanXML(text string) []byte {
	b := make([]byte, 0, len(text))
	for _, r := range text {
		switch {
		case r < 0x20 && r != '\t' && r != '\n' && r != '\r', r == 0xfffe, r == 0xffff, r == '\ufeff':
		case r == utf8.RuneError:
			b = append(b, "\uFFFD"...)
		default:
			b = utf8.AppendRune(b, r)
		}
	}
	return b
}

func (item *feedItem) entry(page *archiver.Page) (archiver.Entry, bool) {
	ref := ""
	for _, link := range item.Links {
		switch {
		case link.Href != "" && (link.Rel == "" || link.Rel == "alternate") && (ref == "" || strings.Contains(link.Type, "html")):
			ref = link.Href
		case link.Href == "" && strings.TrimSpace(link.Text) != "" && ref == "":
			ref = link.Text
		}
	}
	if ref == "" && item.GUID.IsPermaLink != "false" && strings.HasPrefix(strings.TrimSpace(item.GUID.Text), "http") {
		ref = item.GUID.Text
	}
	if ref == "" && strings.HasPrefix(item.ID, "http") {
		ref = item.ID
	}
	url, err := archiver.Resolve(page.URL, strings.TrimSpace(ref))
	if err != nil || ref == "" || !archiver.SameSite(url, page.URL) {
		return archiver.Entry{}, false
	}
	entry := archiver.Entry{Channel: archiver.ChannelFeed, URL: url, Title: item.Title.plain(), Lead: leadOf(firstOf(item.Encoded, item.Content.html()))}
	entry.Published = firstDate(item.Published, item.PubDate, item.DCDate)
	entry.Modified = firstDate(item.Updated)
	if entry.Published.IsZero() && item.PubDate == "" && item.Published == "" {
		// Atom allows an entry to have "updated" alone; that is no date of publication.
		entry.Published = archiver.Timestamp{}
	}
	for _, name := range item.Creators {
		entry.Authors = appendName(entry.Authors, decoded(name))
	}
	for _, author := range item.Authors {
		name := author.Name
		if name == "" && len(item.Creators) == 0 {
			name = rssAuthor(author.Text)
		}
		entry.Authors = appendName(entry.Authors, decoded(name))
	}
	for _, label := range item.Categories {
		name := decoded(firstOf(label.Label, label.Term, label.Text))
		if strings.Contains(label.Scheme, "/tag") {
			entry.Tags = appendName(entry.Tags, name)
		} else {
			entry.Categories = appendName(entry.Categories, name)
		}
	}
	return entry, true
}

func appendName(names []string, name string) []string {
	if name == "" {
		return names
	}
	for _, have := range names {
		if have == name {
			return names
		}
	}
	return append(names, name)
}

// rssAuthor takes the name from "mail@example.org (Name)".
func rssAuthor(s string) string {
	s = strings.TrimSpace(s)
	if open := strings.IndexByte(s, '('); open >= 0 && strings.HasSuffix(s, ")") && strings.Contains(s[:open], "@") {
		return s[open+1 : len(s)-1]
	}
	if strings.Contains(s, "@") && !strings.Contains(s, " ") {
		return ""
	}
	return s
}

func firstDate(values ...string) archiver.Timestamp {
	for _, value := range values {
		if ts, ok := parseDate(value); ok {
			return ts
		}
	}
	return archiver.Timestamp{}
}

// html is a content as HTML: Atom may write it as a tree.
func (t feedText) html() string {
	if t.Type == "xhtml" {
		return t.Inner
	}
	return t.Text
}

// text is the item's own text, or what there is of it.
func (item *feedItem) text() string {
	text := firstOf(item.Encoded, item.Content.html(), item.Summary.html())
	if text == "" && len(item.Descriptions) > 0 {
		text = item.Descriptions[0]
	}
	return text
}

// plain is the text of a title: Atom says whether it is HTML, RSS does not.
func (t feedText) plain() string {
	s := t.Text
	switch t.Type {
	case "xhtml":
		s = anyTag.ReplaceAllString(t.Inner, "")
		return decoded(s)
	case "text":
		return oneLine(s)
	}
	if !strings.ContainsAny(s, "<&") {
		return oneLine(s)
	}
	// In RSS a title may be text or HTML; a tag that HTML knows makes it HTML.
	if anyTag.MatchString(s) && knownTags(s) {
		s = anyTag.ReplaceAllString(s, "")
	}
	return decoded(s)
}

func knownTags(s string) bool {
	for _, tag := range anyTag.FindAllString(s, 20) {
		z := html.NewTokenizer(strings.NewReader(tag))
		if z.Next() == html.ErrorToken {
			return false
		}
		name, _ := z.TagName()
		if atom.Lookup(name) == 0 {
			return false
		}
	}
	return true
}
