package sqlite

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
	"unicode/utf8"

	"archiver"
	"archiver/storage"
)

// This file mends what Verify found. Rules: a text is never deleted, be it damaged; it is marked, and sealed as it is, so that a
// better one, made from its stored page or fetched again, takes its place as a new revision. What can be fetched again is made due
// and asked for without its validators, or the server would say that nothing changed.

const (
	mendRevision = `UPDATE revision SET cause = ?2, same = ?3, hash = ?4, seal = ?5, title = ?6, authors = ?7, published = ?8, modified = ?9, categories = ?10, tags = ?11,
		language = ?12, site = ?13, excerpt = ?14, image = ?15, words = ?16, markdown = ?17, html = ?18 WHERE id = ?1`
	pendArticle = `UPDATE task SET state = 'pending', attempt = 0, not_before = 0, lease_until = 0, changed = ?2, reason = '' WHERE id =
		(SELECT t.id FROM task t JOIN source s ON s.id = t.source WHERE t.role = 'article' AND s.removed = 0 AND t.key IN (SELECT key FROM address WHERE article = ?1)
		ORDER BY t.id LIMIT 1)`
	forgetValidators = `DELETE FROM validator WHERE key IN (SELECT key FROM address WHERE article = ?)`
	pageOwner        = `SELECT coalesce(article, 0), coalesce(task, 0) FROM page WHERE id = ?`
	pendTaskOfPage   = `UPDATE task SET state = 'pending', attempt = 0, not_before = 0, lease_until = 0, changed = ?2, reason = '' WHERE id = ?1`
	forgetEntries    = `UPDATE task SET entries = '' WHERE id = ?`
	pendPictures     = `UPDATE task SET state = 'pending', attempt = 0, not_before = 0, lease_until = 0, changed = ?2, reason = ''
		WHERE role = 'asset' AND key IN (SELECT key FROM image WHERE asset = ?1)`
	forgetPictures = `DELETE FROM validator WHERE key IN (SELECT key FROM image WHERE asset = ?)`
	leavePicture   = `UPDATE image SET asset = NULL, state = 'pending', reason = '' WHERE asset = ?`
	dropPicture    = `DELETE FROM asset WHERE id = ?`
	entryOf        = `SELECT a.name, a.state, a.first_seen, a.checked, coalesce((SELECT max(number) FROM revision WHERE article = a.id), -1) FROM article a WHERE a.id = ?`
	mendEntry      = `UPDATE article SET state = ?2, first_seen = ?3, checked = ?4, revision = ?5, undated = ?6, published = ?7 WHERE id = ?1`
	publishedOf    = `SELECT published FROM revision WHERE article = ? AND number = ?`
)

// Mend does what can be done about a damage.
func (s *Store) Mend(ctx context.Context, d storage.Damage, at time.Time) (done string, err error) {
	if d.Part == storage.PartFile {
		return s.mendFile(ctx)
	}
	if d.Lost || d.Row == 0 {
		return "it cannot be mended: take it from a copy that \"archiver backup\" made, if there is one", nil
	}
	err = s.write(ctx, "mend", func(ctx context.Context, tx *writer) (err error) {
		switch d.Part {
		case storage.PartRevision:
			done, err = mendText(ctx, tx, d.Row, at)
		case storage.PartPage:
			done, err = dropPage(ctx, tx, d.Row, at)
		case storage.PartPicture:
			done, err = dropAsset(ctx, tx, d.Row, at)
		case storage.PartTask:
			done = "what the channels said was forgotten; they say it again"
			_, err = tx.exec(ctx, forgetEntries, d.Row)
		case storage.PartArticle:
			done, err = mendArticle(ctx, tx, d.Row, at)
		}
		return err
	})
	return done, err
}

// readStored reads a revision as it is stored, whatever it is.
func readStored(ctx context.Context, tx *writer, row int64) (values []any, err error) {
	err = tx.query(ctx, func(rows *sql.Rows) error {
		values = make([]any, 24)
		into := make([]any, len(values))
		for i := range values {
			into[i] = &values[i]
		}
		return rows.Scan(into...)
	}, verifyRevisions, row, row)
	if err == nil && values == nil {
		err = errors.New("the revision is not there any more")
	}
	return values, err
}

// write puts a text, with the sums of it, in the place of a revision.
func (of sealed) write(ctx context.Context, tx *writer, row int64, a *content) error {
	of.same = a.same()
	said, err := a.columns()
	if err != nil {
		return err
	}
	_, err = tx.exec(ctx, mendRevision, append([]any{row, of.cause, of.same, a.hash, of.seal(&a.Article, a.hash)}, said...)...)
	return err
}

// mendText marks a text as damaged and has the article fetched again where it is the one that is shown.
func mendText(ctx context.Context, tx *writer, row int64, at time.Time) (string, error) {
	values, err := readStored(ctx, tx, row)
	if err != nil {
		return "", err
	}
	var current, number int64
	var of sealed
	take(values[3:], &current, &of.article, &number, &of.seen)
	of.number, of.cause = int(number), string(storage.CauseDamaged)
	found, _ := stored(values[11:])
	// What was made of the number of words may be anything: an article that shrank by it would be refused.
	if found.Words < 0 || found.Words > utf8.RuneCountInString(found.Markdown) {
		found.Words = 0
	}
	if err := of.write(ctx, tx, row, newContent(&found)); err != nil {
		return "", err
	}
	if current != 1 {
		return "it was marked as damaged; it is an earlier revision, and only a backup has it whole", nil
	}
	fetched, err := fetchAgain(ctx, tx, of.article, at)
	return "it was marked as damaged; " + fetched, err
}

// fetchAgain makes an article due.
func fetchAgain(ctx context.Context, tx *writer, article int64, at time.Time) (string, error) {
	if _, err := tx.exec(ctx, forgetValidators, article); err != nil {
		return "", err
	}
	n, err := tx.exec(ctx, pendArticle, article, milli(at))
	if n == 0 {
		return "no source that is synced lists it, so it is not fetched again", err
	}
	return "the next sync fetches it again", err
}

func dropPage(ctx context.Context, tx *writer, row int64, at time.Time) (string, error) {
	var article, task int64
	if found, err := tx.get(ctx, pageOwner, []any{row}, []any{&article, &task}); err != nil || !found {
		return "it was dropped with the others of its article", err
	}
	if article == 0 {
		if _, err := tx.exec(ctx, dropTaskPages, task); err != nil {
			return "", err
		}
		_, err := tx.exec(ctx, pendTaskOfPage, task, milli(at))
		return "it was dropped; the next sync fetches it again", err
	}
	if _, err := tx.exec(ctx, dropArticlePages, article); err != nil { // one of several is of no use
		return "", err
	}
	fetched, err := fetchAgain(ctx, tx, article, at)
	return "it was dropped; " + fetched, err
}

func dropAsset(ctx context.Context, tx *writer, row int64, at time.Time) (string, error) {
	n, err := tx.exec(ctx, pendPictures, row, milli(at))
	if err != nil {
		return "", err
	}
	for _, query := range []string{forgetPictures, leavePicture, dropPicture} {
		if _, err := tx.exec(ctx, query, row); err != nil {
			return "", err
		}
	}
	if n == 0 {
		return "it was dropped; no task fetches it again", nil
	}
	return "it was dropped; the next sync fetches it again", nil
}

// mendArticle makes an article's entry anew from its revisions. ID and addresses cannot be made from anything.
func mendArticle(ctx context.Context, tx *writer, row int64, at time.Time) (string, error) {
	var name, state any
	var first, checked any
	var number int64
	if found, err := tx.get(ctx, entryOf, []any{row}, []any{&name, &state, &first, &checked, &number}); err != nil || !found || number < 0 {
		return "it has no text; nothing was changed", err
	}
	var published string
	if _, err := tx.get(ctx, publishedOf, []any{row, number}, []any{&published}); err != nil {
		return "", err
	}
	ts, _ := archiver.ParseTimestamp(published)
	at0 := content{Article: archiver.Article{Published: ts}}
	undated, place := at0.place()
	kept, _ := state.(string)
	switch archiver.ArticleState(kept) {
	case archiver.ArticleSaved, archiver.ArticleGone, archiver.ArticleProtected:
	default:
		kept = string(archiver.ArticleSaved)
	}
	seen, _ := first.(int64)
	looked, _ := checked.(int64)
	if seen <= 0 || seen > milli(at) {
		seen = milli(at)
	}
	looked = max(looked, seen)
	_, err := tx.exec(ctx, mendEntry, row, kept, seen, looked, number, undated, place)
	return "state, times and place were made anew from its texts; an ID or an address that is damaged only a backup has whole", err
}

// mendFile makes the indexes anew, the search index too, and looks whether that was all.
func (s *Store) mendFile(ctx context.Context) (string, error) {
	err := s.write(ctx, "mend", func(ctx context.Context, tx *writer) error {
		var table string
		if _, err := tx.get(ctx, `SELECT sql FROM sqlite_schema WHERE name = 'search'`, nil, []any{&table}); err != nil {
			return err
		}
		for _, query := range []string{`DROP TABLE search`, table, `UPDATE search_mark SET revision = 0`, `REINDEX`} {
			if query == "" {
				continue
			}
			if _, err := tx.conn.ExecContext(ctx, query); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil && !damaged(err) && archiver.KindOf(err) != archiver.Storage {
		return "", err
	}
	left := 0
	v := &verifier{s: s, found: func(storage.Damage) { left++ }}
	if err := v.file(ctx); err != nil {
		return "", s.fail("mend", err)
	}
	if left > 0 || err != nil {
		return "indexes cannot mend it: the file is torn; take a copy that \"archiver backup\" made, or save what can be read with \"archiver export\"", nil
	}
	return "the indexes were made anew, and the file is sound", nil
}

// revisionAt finds a revision by its article's ID and its number.
const revisionAt = `SELECT r.id, a.revision FROM revision r JOIN article a ON a.id = r.article WHERE a.name = ? AND r.number = ?`

// Restore puts an article that was read anew in the place of a damaged revision.
func (s *Store) Restore(ctx context.Context, article archiver.Article, at time.Time) (exact bool, err error) {
	err = s.write(ctx, "mend", func(ctx context.Context, tx *writer) error {
		exact = false
		var row int64
		var current int
		found, err := tx.get(ctx, revisionAt, []any{article.ID, article.Revision}, []any{&row, &current})
		if err != nil {
			return err
		}
		if !found || current != article.Revision {
			return noArticle(article.ID)
		}
		values, err := readStored(ctx, tx, row)
		if err != nil {
			return err
		}
		var of sealed
		var number int64
		var hash []byte
		take(values[4:], &of.article, &number, &of.seen, &of.cause, &of.same, &hash)
		of.number = int(number)
		was, _ := stored(values[11:])
		a := newContent(&article)
		stands := was.ContentHash()
		if bytes.Equal(a.hash, hash) || bytes.Equal(a.hash, stands[:]) {
			exact = true
			return of.write(ctx, tx, row, a)
		}
		if !a.hasText() {
			return &archiver.Error{Kind: archiver.Unusable, Op: "mend", URL: article.URL, Err: fmt.Errorf("its pages give no text")}
		}
		if _, err := mendText(ctx, tx, row, at); err != nil {
			return err
		}
		c := &commit{writer: tx, outcome: &archiver.Outcome{At: at}, receipt: &archiver.Receipt{}}
		if err := c.insertRevision(ctx, of.article, of.number+1, a, string(storage.CauseRepair)); err != nil {
			return err
		}
		undated, published := a.place()
		_, err = tx.exec(ctx, reviseArticle, of.article, of.number+1, undated, published)
		return err
	})
	return exact, err
}
