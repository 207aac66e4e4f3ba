package extract

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"archiver"

	"golang.org/x/net/html"
)

// This file reads lists of posts from the REST API of WordPress. Rules: what plugins garble (an error in the place of an object)
// is left out, not fatal; a post on another site is none of ours; what a post is marked with is when it was modified, to the second.

// maxRESTPages bounds the pages of one index: 100,000 articles.
const maxRESTPages = 1000

// restPost is what we ask of a post.
type restPost struct {
	ID          json.RawMessage `json:"id"`
	Link        string          `json:"link"`
	Date        string          `json:"date"`
	DateGMT     string          `json:"date_gmt"`
	Modified    string          `json:"modified"`
	ModifiedGMT string          `json:"modified_gmt"`
	Title       json.RawMessage `json:"title"`
	Content     json.RawMessage `json:"content"`
	Embedded    json.RawMessage `json:"_embedded"`

	heading, holder *html.Node // of the page that it is read as
}

type restTermName struct {
	Name     string `json:"name"`
	Taxonomy string `json:"taxonomy"`
}

// pastTheEnd is what the API answers where an index has fewer pages than was asked for.
const pastTheEnd = "rest_post_invalid_page_number"

// restList gives the posts of an answer as they are written. The error is of kind Unusable.
func restList(page *archiver.Page) ([]json.RawMessage, error) {
	body := []byte(strings.Trim(page.Text, blanks))
	var raw []json.RawMessage
	err := json.Unmarshal(body, &raw)
	if err == nil {
		return raw, nil
	}
	var refusal struct{ Code, Message string }
	if json.Unmarshal(body, &refusal) == nil && refusal.Code != "" {
		if refusal.Code == pastTheEnd {
			return nil, nil
		}
		err = fmt.Errorf("the REST API answers: %s (%s)", oneLine(refusal.Message), refusal.Code)
	}
	return nil, &archiver.Error{Kind: archiver.Unusable, Op: "read REST answer", URL: page.URL, Err: err}
}

// blanks may stand around an answer: a byte order mark, and the blank lines of a plugin's file.
const blanks = "\ufeff \t\r\n"

// readREST reads a list of posts.
func readREST(page *archiver.Page) (archiver.Facts, error) {
	raw, err := restList(page)
	if err != nil {
		return archiver.Facts{}, err
	}
	facts := archiver.Facts{Channel: archiver.ChannelREST, Total: page.Total}
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
		Mark:      post.mark(),
	}
	if ref := strings.Trim(string(post.ID), `"`); isPostNumber(ref) {
		entry.Ref = ref
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

// mark is when the post was modified, the same in an index and in the post whole; "" where the site does not say.
func (post *restPost) mark() string {
	if at, err := time.Parse(restTime, post.ModifiedGMT); err != nil || at.Year() < firstYear {
		return ""
	}
	return post.ModifiedGMT
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
