package sqlite

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"time"

	"archiver"
	"archiver/storage"
)

const (
	storedArticle = `SELECT a.id, a.revision, r.hash, r.seal, r.words, r.seen, r.cause, r.same FROM article a JOIN revision r ON r.article = a.id AND r.number = a.revision WHERE a.name = ?`
	// What the source that listed the article first heard of it comes before what others did.
	toldOf = `SELECT t.entries FROM task t JOIN article a ON a.name = ?
		WHERE t.source IN (SELECT id FROM source) AND t.role = 'article' AND t.entries <> '' AND t.key IN (SELECT key FROM address WHERE article = a.id)
		ORDER BY t.source <> a.source, t.id LIMIT 1`
)

// Entries is what the channels said of an article.
func (s *Store) Entries(ctx context.Context, articleID string) ([]archiver.Entry, error) {
	var text string
	err := s.r.QueryRowContext(ctx, toldOf, articleID).Scan(&text)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	var entries []archiver.Entry
	if err == nil {
		entries, err = decodeEntries(text)
	}
	return entries, s.fail("read entries", err)
}

// Reextract keeps what was read of an article's stored pages anew.
func (s *Store) Reextract(ctx context.Context, article archiver.Article, at time.Time) (receipt archiver.Receipt, err error) {
	err = s.write(ctx, "save to", func(ctx context.Context, tx *writer) error {
		receipt = archiver.Receipt{}
		var id int64
		var known copyOf
		var sum []byte
		var was sealed
		found, err := tx.get(ctx, storedArticle, []any{article.ID}, []any{&id, &known.revision, &known.hash, &sum, &known.words, &was.seen, &was.cause, &was.same})
		if err != nil {
			return err
		}
		if !found {
			return noArticle(article.ID)
		}
		was.article, was.number = id, known.revision
		a := newContent(&article)
		if known.revision == 0 || known.revision != article.Revision {
			return nil
		}
		c := &commit{writer: tx, outcome: &archiver.Outcome{At: at}, receipt: &receipt}
		if bytes.Equal(known.hash, a.hash) && was.holds(&a.Article, a.hash, sum) {
			return c.keepImages(ctx, id, a.Images)
		}
		if receipt.Refused = shrank(known.words, a.Words); receipt.Refused != "" {
			return nil
		}
		if !a.hasText() && known.words > 0 {
			receipt.Refused = "found no text; the copy in the archive is kept"
			return nil
		}
		if err := c.keepImages(ctx, id, a.Images); err != nil {
			return err
		}
		if err := c.insertRevision(ctx, id, known.revision+1, a, string(storage.CauseReextract)); err != nil {
			return err
		}
		undated, published := a.place()
		receipt.Revised = true
		_, err = c.exec(ctx, reviseArticle, id, known.revision+1, undated, published)
		return err
	})
	if err != nil {
		receipt = archiver.Receipt{}
	}
	return receipt, err
}
