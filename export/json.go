package export

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"

	"archiver"
)

// This file is the JSON form of an article, the same wherever the program writes one. docs/JSON.md describes it for readers and
// docs/article.schema.json for machines; a key is added here and in both. What the archive does not know has no key.

// documentFormat names the form of the json document. Its number grows when a reader of the old form would be misled.
const documentFormat = "archiver/1"

// Record is an article as JSON. Dates that a page gave stand as it gave them: RFC 3339, without a zone or a clock where the page
// had none. Times of the archive are RFC 3339 in UTC.
type Record struct {
	ID         string                `json:"id"`
	URL        string                `json:"url"`
	Source     string                `json:"source,omitempty"`
	Title      string                `json:"title,omitempty"`
	Authors    []string              `json:"authors,omitempty"`
	Published  archiver.Timestamp    `json:"published,omitzero"`
	Modified   archiver.Timestamp    `json:"modified,omitzero"`
	Categories []string              `json:"categories,omitempty"`
	Tags       []string              `json:"tags,omitempty"`
	Language   string                `json:"language,omitempty"`
	Excerpt    string                `json:"excerpt,omitempty"`
	Image      string                `json:"image,omitempty"`
	Words      int                   `json:"words,omitempty"`
	Markdown   string                `json:"markdown,omitempty"`
	HTML       string                `json:"html,omitempty"`
	FirstSeen  archiver.Timestamp    `json:"first_seen,omitzero"`
	Checked    archiver.Timestamp    `json:"checked,omitzero"`
	State      archiver.ArticleState `json:"state"`
	Gone       archiver.Timestamp    `json:"gone,omitzero"`
	Why        string                `json:"why,omitempty"`
}

// RecordOf is the record of an article. An article without text (a brief query) has a record without text.
func RecordOf(a archiver.Article) Record {
	return Record{
		ID: a.ID, URL: a.URL, Source: a.Source, Title: a.Title, Authors: a.Authors, Published: a.Published, Modified: a.Modified,
		Categories: a.Categories, Tags: a.Tags, Language: a.Language, Excerpt: a.Excerpt, Image: a.Image, Words: a.Words,
		Markdown: a.Markdown, HTML: a.HTML,
		FirstSeen: archiver.At(a.FirstSeen.UTC()), Checked: archiver.At(a.Checked.UTC()), State: a.State,
		Gone: archiver.At(a.Gone.UTC()), Why: a.Why,
	}
}

// JSON is the record of an article on one line, without a line end. Markup in it is not escaped.
func JSON(a archiver.Article) ([]byte, error) {
	var b bytes.Buffer
	if err := newEncoder(&b).Encode(RecordOf(a)); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte{'\n'}), nil
}

func newEncoder(w io.Writer) *json.Encoder {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	return e
}

func writeJSONL(ctx context.Context, w io.Writer, articles Articles, opts Options) (Result, error) {
	out := bufio.NewWriter(w)
	encoder := newEncoder(out)
	n, err := each(ctx, articles, opts, func(a *archiver.Article) error { return encoder.Encode(RecordOf(*a)) })
	if err != nil {
		return Result{}, err
	}
	return Result{Articles: n}, out.Flush()
}

// documentSource is a source as the json document names it.
type documentSource struct {
	Name  string `json:"name"`
	URL   string `json:"url"`
	Title string `json:"title,omitempty"`
}

func writeJSON(ctx context.Context, w io.Writer, articles Articles, opts Options) (Result, error) {
	out := bufio.NewWriter(w)
	encoder := newEncoder(out)
	begun := false
	n, err := each(ctx, articles, opts, func(a *archiver.Article) error {
		if !begun {
			begun = true
			if err := beginDocument(out, opts.Sources); err != nil {
				return err
			}
		} else {
			out.WriteByte(',')
		}
		return encoder.Encode(RecordOf(*a)) // with a line end
	})
	if err != nil {
		return Result{}, err
	}
	out.WriteString("]}\n")
	return Result{Articles: n}, out.Flush()
}

// beginDocument writes the document up to its first article.
func beginDocument(out *bufio.Writer, sources []archiver.Source) error {
	named := make([]documentSource, len(sources))
	for i, s := range sources {
		named[i] = documentSource{s.Name, s.URL, s.Title}
	}
	var list bytes.Buffer
	if err := newEncoder(&list).Encode(named); err != nil {
		return err
	}
	out.WriteString(`{"format":"` + documentFormat + `","sources":`)
	out.Write(bytes.TrimSuffix(list.Bytes(), []byte{'\n'}))
	_, err := out.WriteString(",\"articles\":[\n")
	return err
}
