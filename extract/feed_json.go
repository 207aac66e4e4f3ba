package extract

import (
	"encoding/json"
	"strings"

	"archiver"
)

// This file reads JSON Feed, versions 1 and 1.1, as feed.go reads the others.

// jsonFeed is what we ask of a feed.
type jsonFeed struct {
	Items   []json.RawMessage `json:"items"`
	NextURL string            `json:"next_url"`
}

type jsonItem struct {
	ID            json.RawMessage `json:"id"`
	URL           string          `json:"url"`
	Title         string          `json:"title"`
	HTML          string          `json:"content_html"`
	Text          string          `json:"content_text"`
	Summary       string          `json:"summary"`
	Image         string          `json:"image"`
	DatePublished string          `json:"date_published"`
	DateModified  string          `json:"date_modified"`
	Tags          []string        `json:"tags"`
	Author        *jsonAuthor     `json:"author"` // version 1
	Authors       []jsonAuthor    `json:"authors"`
}

type jsonAuthor struct {
	Name string `json:"name"`
}

// isJSONFeed reports whether a text opens as a JSON Feed.
func isJSONFeed(text string) bool {
	const opening = 2 << 10
	return strings.HasPrefix(text, "{") && strings.Contains(strings.ReplaceAll(text[:min(len(text), opening)], `\/`, "/"), "jsonfeed.org/version/")
}

func readJSONFeed(page *archiver.Page) (archiver.Facts, error) {
	var told jsonFeed
	if err := json.Unmarshal([]byte(strings.Trim(page.Text, blanks)), &told); err != nil {
		return archiver.Facts{}, unusableFeed(page, err)
	}
	f := feed{page: page, next: told.NextURL, marks: marks{page: page}}
	for _, raw := range told.Items[:min(len(told.Items), maxFeedItems)] {
		var item jsonItem
		if json.Unmarshal(raw, &item) != nil {
			continue
		}
		if entry, ok := item.entry(page); ok {
			f.facts.Entries = append(f.facts.Entries, entry)
			f.marks.add(item.DateModified, entry.Title, firstOf(item.HTML, item.Text, item.Summary))
		}
	}
	f.facts.Channel = archiver.ChannelFeed
	f.marks.put(f.facts.Entries)
	f.facts.Next = f.further()
	return f.facts, nil
}

func (item *jsonItem) entry(page *archiver.Page) (archiver.Entry, bool) {
	ref := strings.TrimSpace(item.URL)
	if id := ""; ref == "" && json.Unmarshal(item.ID, &id) == nil && strings.HasPrefix(id, "http") {
		ref = id
	}
	url, err := archiver.Resolve(page.URL, ref)
	if err != nil || ref == "" || !archiver.SameSite(url, page.URL) {
		return archiver.Entry{}, false
	}
	entry := archiver.Entry{
		Channel: archiver.ChannelFeed, URL: url, Title: oneLine(item.Title), Lead: leadOf(item.HTML),
		Published: firstDate(item.DatePublished), Modified: firstDate(item.DateModified),
	}
	if item.Author != nil {
		entry.Authors = appendName(entry.Authors, oneLine(item.Author.Name))
	}
	for _, author := range item.Authors {
		entry.Authors = appendName(entry.Authors, oneLine(author.Name))
	}
	for _, tag := range item.Tags {
		entry.Tags = appendName(entry.Tags, oneLine(tag))
	}
	if image, err := archiver.Resolve(page.URL, item.Image); err == nil && item.Image != "" {
		entry.Image = image
	}
	return entry, true
}
