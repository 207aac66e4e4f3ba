package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"archiver"
	"archiver/storage"
)

const (
	// defaultHits is how many articles a search finds unless told otherwise.
	defaultHits = 50
	// indexBatch is how many articles are indexed in one transaction: a tenth of a second of another's waiting.
	indexBatch = 50
)

const (
	indexBehind = `SELECT coalesce(max(r.id), 0) > (SELECT revision FROM search_mark) FROM revision r`
	unindexed   = `SELECT r.id, a.id, r.number = a.revision AND r.number > 0, r.title, r.authors, r.categories, r.tags, r.html, r.markdown
		FROM revision r JOIN article a ON a.id = r.article WHERE r.id > (SELECT revision FROM search_mark) ORDER BY r.id LIMIT ?`
	dropIndexed = `DELETE FROM search WHERE rowid = ?`
	addIndexed  = `INSERT INTO search (rowid, title, facts, body) VALUES (?, ?, ?, ?)`
	setIndexed  = `UPDATE search_mark SET revision = ?`

	// A word in the title weighs ten times one in the text, one in tags, categories and authors four times.
	searchArticles = `SELECT ` + briefColumns + `, r.html, r.markdown FROM
		(SELECT rowid AS hit, bm25(search, 10.0, 4.0, 1.0) AS score FROM search WHERE search MATCH ? %s ORDER BY score, hit LIMIT ?)
		JOIN article a ON a.id = hit JOIN source s ON s.id = a.source JOIN revision r ON r.article = a.id AND r.number = a.revision ORDER BY score, hit`
	ofSources = `AND rowid IN (SELECT d.article FROM member m JOIN address d ON d.key = m.key WHERE m.source IN (%s))`
)

// Search finds the articles that hold every word of the query. A query without a letter or number finds none.
func (s *Store) Search(ctx context.Context, query string, opts storage.SearchOptions) ([]storage.Hit, error) {
	const op = "search"
	words := queryWords(query)
	if len(words) == 0 {
		return nil, nil
	}
	if err := s.index(ctx); err != nil {
		return nil, s.fail(op, err)
	}
	filter := ""
	args := []any{matchAll(words)}
	if len(opts.Sources) > 0 {
		filter = fmt.Sprintf(ofSources, marks(len(opts.Sources)))
		args = appendIDs(args, opts.Sources)
	}
	if opts.Limit <= 0 {
		opts.Limit = defaultHits
	}
	rows, err := s.r.QueryContext(ctx, fmt.Sprintf(searchArticles, filter), append(args, opts.Limit)...)
	if err != nil {
		return nil, s.fail(op, err)
	}
	var hits []storage.Hit
	err = each(rows, func(rows *sql.Rows) error {
		var hit storage.Hit
		var html, markdown string
		err := rows.Scan(append(articleFields(&hit.Article, true), &html, &markdown)...)
		hit.Snippet = snippet(body(html, markdown), words)
		hits = append(hits, hit)
		return err
	})
	return hits, s.fail(op, err)
}

// body is the text of an article that is searched.
func body(html, markdown string) string {
	if html == "" {
		return strings.Join(strings.Fields(markdown), " ")
	}
	return plainText(html)
}

// index takes in the articles that the index has not seen. An archive opened for reading is written for this alone.
func (s *Store) index(ctx context.Context) error {
	var behind bool
	if err := s.r.QueryRowContext(ctx, indexBehind).Scan(&behind); err != nil || !behind {
		return err
	}
	w := s.w
	if w == nil {
		var err error
		if w, err = openWriter(ctx, s.path); err != nil {
			return indexTrouble(s.path, err)
		}
		defer w.close()
	}
	for {
		n := 0
		err := w.transact(ctx, func(ctx context.Context, tx *writer) (err error) {
			n, err = indexSome(ctx, tx)
			return err
		})
		if err != nil {
			return indexTrouble(s.path, err)
		}
		if n < indexBatch {
			return nil
		}
	}
}

// indexTrouble says why a search of an archive on a read-only disk must fail: what it would leave out, nobody would miss.
func indexTrouble(path string, err error) error {
	err = classify("bring the search index up to date in", path, err)
	if e, ok := errors.AsType[*archiver.Error](err); ok && e.Kind == archiver.Storage {
		e.Hint = "the archive can be read, but was changed since its last search; search it once where it can be written"
	}
	return err
}

// unread is a revision that the index has not seen.
type unread struct {
	id, article                  int64
	current                      bool
	title, facts, html, markdown string
}

func indexSome(ctx context.Context, tx *writer) (int, error) {
	var batch []unread
	err := tx.query(ctx, func(rows *sql.Rows) error {
		var u unread
		var authors, categories, tags list
		err := rows.Scan(&u.id, &u.article, &u.current, &u.title, &authors, &categories, &tags, &u.html, &u.markdown)
		u.facts = strings.Join(append(append(authors, categories...), tags...), " | ")
		batch = append(batch, u)
		return err
	}, unindexed, indexBatch)
	if err != nil || len(batch) == 0 {
		return 0, err
	}
	for _, u := range batch {
		if !u.current {
			continue // what an article said before is not searched, nor facts without text
		}
		if _, err := tx.exec(ctx, dropIndexed, u.article); err != nil {
			return 0, err
		}
		if _, err := tx.exec(ctx, addIndexed, u.article, setApart(u.title), setApart(u.facts), setApart(body(u.html, u.markdown))); err != nil {
			return 0, err
		}
	}
	_, err = tx.exec(ctx, setIndexed, batch[len(batch)-1].id)
	return len(batch), err
}
