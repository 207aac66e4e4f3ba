package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"archiver"
	"archiver/storage"
)

// This file reads what an article was: its earlier texts, and the addresses that it had.

const (
	revisionsOf = `SELECT r.number, r.seen, r.cause, r.title, r.words FROM revision r JOIN article a ON a.id = r.article WHERE a.name = ? ORDER BY r.number`
	revisionOf  = `SELECT ` + textColumns + ` FROM article a JOIN source s ON s.id = a.source JOIN revision r ON r.article = a.id
		WHERE a.name = ? AND r.number = ?`
	addressesOf = `SELECT d.key, a.url FROM address d JOIN article a ON a.id = d.article WHERE a.name = ? ORDER BY d.key`
)

// Revisions are the texts that an article had, the first one first.
func (s *Store) Revisions(ctx context.Context, articleID string) ([]storage.Revision, error) {
	const op = "read revisions"
	rows, err := s.r.QueryContext(ctx, revisionsOf, articleID)
	if err != nil {
		return nil, s.fail(op, err)
	}
	var all []storage.Revision
	err = each(rows, func(rows *sql.Rows) error {
		var r storage.Revision
		err := rows.Scan(&r.Number, (*instant)(&r.Seen), &r.Cause, &r.Title, &r.Words)
		all = append(all, r)
		return err
	})
	return all, s.fail(op, err)
}

// Revision is an article as it was.
func (s *Store) Revision(ctx context.Context, articleID string, number int) (archiver.Article, error) {
	found, err := s.readArticles(ctx, false, revisionOf, articleID, number)
	if err != nil {
		return archiver.Article{}, s.fail("read revision", err)
	}
	if len(found) == 0 {
		return archiver.Article{}, &archiver.Error{Kind: archiver.NoMatch, Op: "read revision", URL: articleID, Err: fmt.Errorf("it has no revision %d", number),
			Hint: "\"archiver history " + articleID + "\" lists them"}
	}
	found[0].Revision = number
	return found[0], nil
}

// Addresses are the keys of the addresses that an article was found under.
func (s *Store) Addresses(ctx context.Context, articleID string) ([]string, error) {
	const op = "read addresses"
	rows, err := s.r.QueryContext(ctx, addressesOf, articleID)
	if err != nil {
		return nil, s.fail(op, err)
	}
	var keys []string
	err = each(rows, func(rows *sql.Rows) error {
		var key, url string
		err := rows.Scan(&key, &url)
		if key == archiver.Key(url) {
			keys = slices.Insert(keys, 0, key)
		} else {
			keys = append(keys, key)
		}
		return err
	})
	return keys, s.fail(op, err)
}
