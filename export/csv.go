package export

import (
	"context"
	"encoding/csv"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"archiver"
)

// This file writes the index of an archive for spreadsheets: a row an article, no texts. Rules: UTF-8 with a byte order mark, for
// Excel reads a file without one in the code page of its machine and shows Chinese as rubble, while everything else that reads CSV
// skips it; lines end as RFC 4180 says; a cell that a spreadsheet would take for a formula begins with an apostrophe, which makes it
// text, for a title must not be able to run anything on the machine of who opens the file.

const byteOrderMark = "\uFEFF"

// listSeparator stands between the authors, categories and tags of a cell.
const listSeparator = "; "

var csvColumns = []string{
	"id", "url", "source", "title", "authors", "published", "modified", "categories", "tags", "language", "words", "excerpt",
	"first_seen", "checked", "state", "gone", "why",
}

func writeCSV(ctx context.Context, w io.Writer, articles Articles, opts Options) (Result, error) {
	out := csv.NewWriter(w)
	out.UseCRLF = true
	begun := false
	n, err := each(ctx, articles, opts, func(a *archiver.Article) error {
		if !begun {
			begun = true
			if _, err := io.WriteString(w, byteOrderMark); err != nil {
				return err
			}
			if err := out.Write(csvColumns); err != nil {
				return err
			}
		}
		row := csvRow(a)
		for i, cell := range row {
			row[i] = inert(plain(cell))
		}
		return out.Write(row)
	})
	if err != nil {
		return Result{}, err
	}
	out.Flush()
	return Result{Articles: n}, out.Error()
}

func csvRow(a *archiver.Article) []string {
	words := ""
	if a.Words > 0 {
		words = strconv.Itoa(a.Words)
	}
	r := RecordOf(*a)
	return []string{
		r.ID, r.URL, r.Source, r.Title, strings.Join(r.Authors, listSeparator), r.Published.String(), r.Modified.String(),
		strings.Join(r.Categories, listSeparator), strings.Join(r.Tags, listSeparator), r.Language, words, r.Excerpt,
		r.FirstSeen.String(), r.Checked.String(), string(r.State), r.Gone.String(), r.Why,
	}
}

// inert is a cell that a spreadsheet shows and does not work out. The wide signs are those that Excel in East Asia takes for the others.
func inert(cell string) string {
	switch first, _ := utf8.DecodeRuneInString(cell); first {
	case '=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠':
		return "'" + cell
	}
	return cell
}
