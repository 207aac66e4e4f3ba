package export

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"archiver"
)

// This file writes the articles in pieces, for programs that look passages up. docs/JSON.md describes a piece for readers and
// docs/chunk.schema.json for machines. Rules: a piece is the article's Markdown from start to end, letter by letter; it belongs to one
// heading; it is never longer than it may be; all pieces of an article together are all of its text. Where it may end is in cuts.go.

// leastChunk is the smallest bound of a piece: below it hardly a sentence is whole.
const leastChunk = 100

// Piece is a part of an article's Markdown as JSON.
type Piece struct {
	ID        string             `json:"id"`
	Article   string             `json:"article"`
	URL       string             `json:"url"`
	Source    string             `json:"source,omitempty"`
	Title     string             `json:"title,omitempty"`
	Published archiver.Timestamp `json:"published,omitzero"`
	Modified  archiver.Timestamp `json:"modified,omitzero"`
	Language  string             `json:"language,omitempty"`
	Headings  []string           `json:"headings,omitempty"`
	Piece     int                `json:"piece"`
	Pieces    int                `json:"pieces"`
	Start     int                `json:"start"`
	End       int                `json:"end"`
	Text      string             `json:"text"`
}

// Pieces are the parts of an article, of so many characters at most, each one repeating up to overlap characters of the one before it
// under the same heading. An article without text has none.
func Pieces(a archiver.Article, most, overlap int) []Piece {
	text := strings.ToValidUTF8(a.Markdown, "\uFFFD") // as JSON writes it, so that offsets fit
	var all []Piece
	ids := map[string]int{}
	chars := counter{text: text}
	for _, section := range sectionsOf(text) {
		for _, stretch := range section.split(text, most, overlap) {
			p := Piece{
				Article: a.ID, URL: a.URL, Source: a.Source, Title: a.Title, Published: a.Published, Modified: a.Modified, Language: a.Language,
				Headings: section.headings, Start: chars.at(stretch.start), Text: text[stretch.start:stretch.end],
			}
			p.End = p.Start + utf8.RuneCountInString(p.Text)
			p.ID = pieceID(&p, ids)
			all = append(all, p)
		}
	}
	for i := range all {
		all[i].Piece, all[i].Pieces = i+1, len(all)
	}
	return all
}

// pieceID names a piece by what it says and under which headings, so that a change elsewhere in the article leaves it its name. Of
// several that say the same, each has its own.
func pieceID(p *Piece, seen map[string]int) string {
	sum := sha256.Sum256([]byte(strings.Join(p.Headings, "\x1f") + "\x1e" + p.Text))
	id := p.Article + "-" + hex.EncodeToString(sum[:8])
	seen[id]++
	if n := seen[id]; n > 1 {
		id += "-" + strconv.Itoa(n)
	}
	return id
}

// counter turns offsets in bytes into offsets in characters. It is asked in rising order, but for overlaps.
type counter struct {
	text         string
	bytes, runes int
}

func (c *counter) at(offset int) int {
	if offset < c.bytes {
		c.runes -= utf8.RuneCountInString(c.text[offset:c.bytes])
	} else {
		c.runes += utf8.RuneCountInString(c.text[c.bytes:offset])
	}
	c.bytes = offset
	return c.runes
}

func writePieces(ctx context.Context, w io.Writer, articles Articles, opts Options) (Result, error) {
	if err := checkChunks(opts); err != nil {
		return Result{}, err
	}
	out := bufio.NewWriter(w)
	encoder := newEncoder(out)
	n, err := each(ctx, articles, opts, func(a *archiver.Article) error {
		for _, piece := range Pieces(*a, opts.Chunk, opts.Overlap) {
			if err := encoder.Encode(piece); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return Result{}, err
	}
	return Result{Articles: n}, out.Flush()
}

func checkChunks(opts Options) error {
	switch {
	case opts.Chunk < leastChunk:
		return &archiver.Error{Kind: archiver.Invalid, Op: "export jsonl", Err: errors.New("pieces of " + strconv.Itoa(opts.Chunk) + " characters are too small"),
			Hint: "give at least " + strconv.Itoa(leastChunk)}
	case opts.Overlap < 0 || opts.Overlap > opts.Chunk/2:
		return &archiver.Error{Kind: archiver.Invalid, Op: "export jsonl", Err: errors.New("an overlap of " + strconv.Itoa(opts.Overlap) + " characters does not fit"),
			Hint: "give at most half of a piece, " + strconv.Itoa(opts.Chunk/2)}
	}
	return nil
}
