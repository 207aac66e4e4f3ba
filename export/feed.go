package export

import (
	"context"
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"
	"time"

	"archiver"
)

// This file is what both kinds of feed, Atom and JSON Feed, say of themselves and of an article. A feed is written while the articles
// come. What it says of all of them stands before the first one, as far as it is known by then: two-pass readers are rare.

// feed is what a feed says of itself.
type feed struct {
	id       string // the same for every feed of the same sources
	title    string
	home     string // address of the first source's listing, or of the first article's site
	author   string
	language string
	updated  time.Time // the newest date of its articles; zero where they are not known yet
}

// feedOf is the feed that begins with an article.
func feedOf(ctx context.Context, first *archiver.Article, opts Options) (*feed, error) {
	f := &feed{title: plain(opts.Title), author: plain(opts.Author), language: language(opts.Language)}
	var titles, identity []string
	for _, s := range opts.Sources {
		title := plain(s.Title)
		if !visible(title) {
			title = plain(s.Name)
		}
		if visible(title) && !slices.Contains(titles, title) {
			titles = append(titles, title)
		}
		identity = append(identity, s.URL)
		if f.home == "" {
			f.home = address(s.URL)
		}
	}
	host := archiver.Host(first.URL)
	site := plain(first.Site)
	if !visible(site) {
		site = host
	}
	if f.home == "" {
		f.home = address("https://" + host)
	}
	if len(titles) == 0 {
		titles = append(titles, site)
	}
	if !visible(f.title) {
		f.title = shortened(strings.Join(titles, ", "), maxBookTitle)
	}
	if !visible(f.title) {
		f.title = "archiver"
	}
	if !visible(f.author) {
		f.author = site
	}
	if !visible(f.author) {
		f.author = f.title
	}
	if len(identity) == 0 {
		identity = append(identity, host)
	}
	slices.Sort(identity)
	f.id = named("feed", strings.Join(identity, "\n"))
	if opts.Brief == nil {
		return f, nil
	}
	for a, err := range opts.Brief {
		if err := ends(ctx, err); err != nil {
			return nil, err
		}
		if date := updatedOf(&a); date.After(f.updated) {
			f.updated = date
		}
	}
	return f, nil
}

// ends is why a reading of articles ends, if it does.
func ends(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if err != nil {
		return fmt.Errorf("read articles: %w", err)
	}
	return nil
}

// named is a name-based UUID (RFC 9562, version 8): the same text of the same kind has the same one everywhere.
func named(kind, text string) string {
	sum := sha256.Sum256([]byte("archiver " + kind + "\n" + text))
	sum[6] = sum[6]&0x0f | 0x80
	sum[8] = sum[8]&0x3f | 0x80
	return fmt.Sprintf("urn:uuid:%x-%x-%x-%x-%x", sum[:4], sum[4:6], sum[6:8], sum[8:10], sum[10:16])
}

// moment is a date as feeds take it: RFC 3339 with clock and zone. Where the page gave none, it is read as UTC.
func moment(ts archiver.Timestamp) string {
	if ts.IsZero() {
		return ""
	}
	return ts.Time().Format(time.RFC3339)
}

// updatedOf is when an article last changed, as far as is known: what the page says, else when it was first seen.
func updatedOf(a *archiver.Article) time.Time {
	for _, ts := range []archiver.Timestamp{a.Modified, a.Published} {
		if !ts.IsZero() {
			return ts.Time()
		}
	}
	return a.FirstSeen.UTC()
}

// labels are the categories and tags of an article, each once.
func labels(a *archiver.Article) []string {
	var all []string
	for _, list := range [][]string{a.Categories, a.Tags} {
		for _, label := range list {
			if label = plain(label); visible(label) && !slices.Contains(all, label) {
				all = append(all, label)
			}
		}
	}
	return all
}

// authorsOf are the names of an article's authors that can be seen.
func authorsOf(a *archiver.Article) []string {
	var all []string
	for _, author := range a.Authors {
		if author = plain(author); visible(author) && !slices.Contains(all, author) {
			all = append(all, author)
		}
	}
	return all
}
