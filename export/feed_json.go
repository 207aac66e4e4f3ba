package export

import (
	"bufio"
	"bytes"
	"context"
	"io"

	"archiver"
)

// This file writes JSON Feed 1.1 (https://jsonfeed.org/version/1.1).

type jsonFeed struct {
	Version  string       `json:"version"`
	Title    string       `json:"title"`
	HomePage string       `json:"home_page_url,omitempty"`
	Authors  []feedAuthor `json:"authors,omitempty"`
	Language string       `json:"language,omitempty"`
}

type feedAuthor struct {
	Name string `json:"name"`
}

type feedItem struct {
	ID        string       `json:"id"`
	URL       string       `json:"url,omitempty"`
	Title     string       `json:"title"`
	HTML      string       `json:"content_html,omitempty"`
	Text      *string      `json:"content_text,omitempty"` // in the place of HTML: an item has to have one of them
	Summary   string       `json:"summary,omitempty"`
	Image     string       `json:"image,omitempty"`
	Published string       `json:"date_published,omitempty"`
	Modified  string       `json:"date_modified,omitempty"`
	Authors   []feedAuthor `json:"authors,omitempty"`
	Tags      []string     `json:"tags,omitempty"`
	Language  string       `json:"language,omitempty"`
}

func writeJSONFeed(ctx context.Context, w io.Writer, articles Articles, opts Options) (Result, error) {
	opts.Brief = nil // a JSON Feed has no date of its own
	out := bufio.NewWriter(w)
	encoder := newEncoder(out)
	begun := false
	n, err := each(ctx, articles, opts, func(a *archiver.Article) error {
		if begun {
			out.WriteByte(',')
			return encoder.Encode(itemOf(a))
		}
		begun = true
		f, err := feedOf(ctx, a, opts)
		if err != nil {
			return err
		}
		var head bytes.Buffer
		if err := newEncoder(&head).Encode(jsonFeed{
			Version: "https://jsonfeed.org/version/1.1", Title: f.title, HomePage: f.home, Authors: feedAuthors(f.author), Language: f.language,
		}); err != nil {
			return err
		}
		out.Write(bytes.TrimSuffix(head.Bytes(), []byte("}\n"))) // the items belong inside
		out.WriteString(",\"items\":[\n")
		return encoder.Encode(itemOf(a))
	})
	if err != nil {
		return Result{}, err
	}
	out.WriteString("]}\n")
	return Result{Articles: n}, out.Flush()
}

func itemOf(a *archiver.Article) feedItem {
	item := feedItem{
		ID: idOf(a), URL: address(a.URL), Title: titleOf(a), HTML: a.HTML, Image: address(a.Image),
		Published: moment(a.Published), Modified: moment(a.Modified), Authors: feedAuthors(authorsOf(a)...), Tags: labels(a), Language: languageOf(a),
	}
	if summary := plain(a.Excerpt); visible(summary) {
		item.Summary = summary
	}
	if item.HTML == "" {
		item.Text = &item.Summary
	}
	return item
}

func feedAuthors(names ...string) []feedAuthor {
	var all []feedAuthor
	for _, name := range names {
		all = append(all, feedAuthor{name})
	}
	return all
}
