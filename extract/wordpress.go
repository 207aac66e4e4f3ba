package extract

import (
	"encoding/json"
	"fmt"
	"html"
	"net/url"
	"strconv"
	"strings"
	"time"

	"archiver"

	"golang.org/x/net/html/atom"
)

// This file speaks to the REST API of WordPress: it names the address that tells of all articles of a category, those of its
// child categories included, and reads the answer. The text of the articles is not asked for.

const (
	restPerPage  = 100  // the most that WordPress gives
	maxRESTPages = 1000 // 100,000 articles
	// restFields keeps an answer of 100 articles near 250 KB.
	restFields = "date,date_gmt,modified,modified_gmt,link,title.rendered,content.protected," +
		"_links.author,_links.wp:term,_links.wp:featuredmedia,_embedded.author,_embedded.wp:term,_embedded.wp:featuredmedia"
	restEmbed = "author,wp:term,wp:featuredmedia"
)

// restTerm is the address of a category or tag in the API: its root, the taxonomy, the id.
var restTerm = expr(`^(.*?(?:/wp-json|[?&]rest_route=))(/?)wp/v2/(categories|tags)/(\d+)/?$`)

// restAddress is where WordPress tells of the articles of this listing; empty where the page does not show it.
func (o *overview) restAddress() string {
	root, taxonomy, id := "", "", ""
	look := func(address, rel string) {
		address = strings.ReplaceAll(address, "%2F", "/")
		if m := restTerm.FindStringSubmatch(address); m != nil {
			if term, ok := o.resolve(m[1] + m[2]); ok && archiver.SameSite(term, o.page.URL) && id == "" {
				root, taxonomy, id = m[1]+m[2], m[3], m[4]
			}
		} else if rel == "https://api.w.org/" && root == "" {
			if api, ok := o.resolve(address); ok && archiver.SameSite(api, o.page.URL) {
				root = address
			}
		}
	}
	for _, value := range o.page.Links {
		for _, link := range splitLinks(value) {
			look(link.address, link.rel)
		}
	}
	for _, n := range o.heads {
		if n.DataAtom == atom.Link {
			look(attrOf(n, "href"), attrOf(n, "rel"))
		}
	}
	if id == "" && o.body != nil && root != "" {
		taxonomy, id = o.bodyTerm()
	}
	if root == "" || id == "" {
		return ""
	}
	choose := taxonomy + "=" + id
	if taxonomy == "categories" {
		choose = "categories%5Bterms%5D=" + id + "&categories%5Binclude_children%5D=true"
	}
	address := strings.TrimSuffix(root, "/") + "/wp/v2/posts"
	if strings.Contains(root, "?") {
		address += "&"
	} else {
		address += "?"
	}
	address += choose + "&per_page=" + strconv.Itoa(restPerPage) + "&_embed=" + restEmbed + "&_fields=" + restFields
	url, ok := o.resolve(address)
	if !ok {
		return ""
	}
	return url
}

// Instead is the channel to ask where one that Listing named refuses to answer; empty where there is none. Blogs show the address
// of the REST API on every page and shut it to strangers; WordPress gives each list a feed all the same, at an address made of
// the list's own.
func (x *Extractor) Instead(listing, channel string) string {
	if !strings.Contains(channel, "wp/v2/posts") {
		return ""
	}
	list, query, _ := strings.Cut(listing, "?")
	if query != "" {
		return list + "?" + query + "&feed=rss2"
	}
	return strings.TrimSuffix(list, "/") + "/feed/"
}

// bodyTerm reads the term from the class of the body: "archive category category-nlp category-2", the id last.
func (o *overview) bodyTerm() (taxonomy, id string) {
	for name := range strings.FieldsSeq(attrOf(o.body, "class")) {
		switch {
		case name == "category":
			taxonomy = "categories"
		case name == "tag":
			taxonomy = "tags"
		case taxonomy == "categories" && strings.HasPrefix(name, "category-"), taxonomy == "tags" && strings.HasPrefix(name, "tag-"):
			_, number, _ := strings.Cut(name, "-")
			if _, err := strconv.ParseUint(number, 10, 32); err == nil {
				id = number
			}
		}
	}
	return taxonomy, id
}

// headerLink is one link of a Link header.
type headerLink struct{ address, rel string }

var headerLinks = expr(`<([^<>]*)>([^<]*)`)
var relParam = expr(`(?i);\s*rel\s*=\s*(?:"([^"]*)"|([^\s;,]+))`)

func splitLinks(value string) []headerLink {
	var links []headerLink
	for _, m := range headerLinks.FindAllStringSubmatch(value, 50) {
		link := headerLink{address: m[1]}
		if rel := relParam.FindStringSubmatch(m[2]); rel != nil {
			link.rel = firstOf(rel[1], rel[2])
		}
		links = append(links, link)
	}
	return links
}

// restPost is what we ask of a post. What plugins garble (an error in the place of an object) is left out, not fatal.
type restPost struct {
	Link        string          `json:"link"`
	Date        string          `json:"date"`
	DateGMT     string          `json:"date_gmt"`
	Modified    string          `json:"modified"`
	ModifiedGMT string          `json:"modified_gmt"`
	Title       json.RawMessage `json:"title"`
	Content     json.RawMessage `json:"content"`
	Embedded    json.RawMessage `json:"_embedded"`
}

type restTermName struct {
	Name     string `json:"name"`
	Taxonomy string `json:"taxonomy"`
}

// readREST reads a list of posts.
func readREST(page *archiver.Page) (archiver.Facts, error) {
	body := strings.TrimSpace(page.Text)
	var raw []json.RawMessage
	if err := json.Unmarshal([]byte(body), &raw); err != nil {
		var refusal struct{ Code, Message string }
		if json.Unmarshal([]byte(body), &refusal) == nil && refusal.Code != "" {
			err = fmt.Errorf("the REST API answers: %s (%s)", oneLine(refusal.Message), refusal.Code)
		}
		return archiver.Facts{}, &archiver.Error{Kind: archiver.Unusable, Op: "read REST answer", URL: page.URL, Err: err}
	}
	var facts archiver.Facts
	for _, one := range raw {
		var post restPost
		if json.Unmarshal(one, &post) != nil {
			continue
		}
		if entry, ok := post.entry(page); ok {
			facts.Entries = append(facts.Entries, entry)
		}
	}
	facts.Next = restNext(page, len(raw))
	return facts, nil
}

func (post *restPost) entry(page *archiver.Page) (archiver.Entry, bool) {
	url, err := archiver.Resolve(page.URL, post.Link)
	if err != nil || post.Link == "" || !archiver.SameSite(url, page.URL) {
		return archiver.Entry{}, false
	}
	entry := archiver.Entry{
		Channel: archiver.ChannelREST, URL: url,
		Title:     plainTitleOf(rendered(post.Title)),
		Published: siteTime(post.Date, post.DateGMT),
		Modified:  siteTime(post.Modified, post.ModifiedGMT),
	}
	var content struct {
		Protected bool `json:"protected"`
	}
	if json.Unmarshal(post.Content, &content) == nil {
		entry.Protected = content.Protected
	}
	var embedded map[string]json.RawMessage
	if json.Unmarshal(post.Embedded, &embedded) != nil {
		return entry, true
	}
	var authors []struct {
		Name string `json:"name"`
	}
	if json.Unmarshal(embedded["author"], &authors) == nil {
		for _, author := range authors {
			if name := decoded(author.Name); name != "" {
				entry.Authors = append(entry.Authors, name)
			}
		}
	}
	var terms [][]restTermName
	if json.Unmarshal(embedded["wp:term"], &terms) == nil {
		for _, list := range terms {
			for _, term := range list {
				switch name := decoded(term.Name); {
				case name == "":
				case term.Taxonomy == "category":
					entry.Categories = append(entry.Categories, name)
				case term.Taxonomy == "post_tag":
					entry.Tags = append(entry.Tags, name)
				}
			}
		}
	}
	var media []struct {
		Source string `json:"source_url"`
	}
	if json.Unmarshal(embedded["wp:featuredmedia"], &media) == nil && len(media) > 0 && media[0].Source != "" {
		if image, err := archiver.Resolve(page.URL, media[0].Source); err == nil {
			entry.Image = image
		}
	}
	return entry, true
}

// rendered is a field that is {"rendered": "…"} or, from some plugins, the bare text.
func rendered(field json.RawMessage) string {
	var object struct {
		Rendered string `json:"rendered"`
	}
	if json.Unmarshal(field, &object) == nil {
		return object.Rendered
	}
	var text string
	if json.Unmarshal(field, &text) == nil {
		return text
	}
	return ""
}

// restTime is how the API writes a clock.
const restTime = "2006-01-02T15:04:05"

// siteTime puts a moment together from the site's clock and the same in GMT: the difference is the site's zone.
func siteTime(local, gmt string) archiver.Timestamp {
	l, errLocal := time.Parse(restTime, local)
	g, errGMT := time.Parse(restTime, gmt)
	switch {
	case errLocal != nil && errGMT != nil, errLocal == nil && l.Year() < firstYear, errLocal != nil && g.Year() < firstYear:
		return archiver.Timestamp{}
	case errLocal != nil:
		return archiver.At(g)
	case errGMT != nil || g.Year() < firstYear:
		return archiver.AtLocal(l)
	}
	offset := l.Sub(g)
	if offset < -15*time.Hour || offset > 15*time.Hour || offset%time.Minute != 0 {
		return archiver.At(g)
	}
	if offset == 0 {
		return archiver.At(g)
	}
	return archiver.At(g.In(time.FixedZone("", int(offset/time.Second))))
}

// restNext are the further pages of an answer. Its first page names them all.
func restNext(page *archiver.Page, posts int) []string {
	asked, err := url.Parse(page.URL)
	if err != nil {
		return nil
	}
	number := 1
	if n, err := strconv.Atoi(asked.Query().Get("page")); err == nil {
		number = n
	}
	last := page.Pages
	if last == 0 && posts >= restPerPage {
		last = number + 1
	}
	var next []string
	for n := number + 1; n <= min(last, maxRESTPages); n++ {
		next = append(next, withPage(page.URL, n))
	}
	return next
}

// withPage sets the parameter page of an address and leaves the rest as it is written.
func withPage(address string, n int) string {
	head, query, _ := strings.Cut(address, "?")
	var pairs []string
	for pair := range strings.SplitSeq(query, "&") {
		if pair != "" && !strings.HasPrefix(pair, "page=") {
			pairs = append(pairs, pair)
		}
	}
	return head + "?" + strings.Join(append(pairs, "page="+strconv.Itoa(n)), "&")
}

// decoded is text without entities, on one line.
func decoded(s string) string { return oneLine(html.UnescapeString(s)) }

var anyTag = expr(`</?[A-Za-z][^<>]*>`)

// plainTitleOf is the text of a title that is HTML. What only looks like a tag once its entities are read is text.
func plainTitleOf(s string) string {
	if strings.Contains(s, "<") {
		s = anyTag.ReplaceAllString(s, "")
	}
	return decoded(s)
}
