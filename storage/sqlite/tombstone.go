package sqlite

import (
	"context"
	"time"

	"archiver"
)

// This file is what becomes of articles that are not where they were. Rules: nothing that was read is ever removed, an article only
// changes its state; it is gone when its address says so or when no source lists it any more; it comes back when it comes back.

const (
	whyLeft = "no longer listed in its category"

	goneOf     = `SELECT a.id, a.gone FROM address d JOIN article a ON a.id = d.article WHERE d.key = ?`
	confirmed  = `UPDATE article SET checked = max(checked, ?2), state = 'saved', gone = 0, why = '' WHERE id = ?1 AND state <> 'protected'`
	loseMember = `UPDATE member SET lost = ?3 WHERE source = ?1 AND key = ?2 AND lost = 0`
	isLive     = `SELECT 1 FROM member WHERE source = ? AND key = ? AND lost = 0`
	// CROSS JOIN holds SQLite to this order, or it would look at every member.
	stillListed = `SELECT 1 FROM address d CROSS JOIN source s ON s.removed = 0 CROSS JOIN member m ON m.source = s.id AND m.key = d.key AND m.lost = 0
		WHERE d.article = ? LIMIT 1`
)

// confirm takes in that the server has the article as it was.
func (c *commit) confirm(ctx context.Context) error {
	var id, gone int64
	found, err := c.get(ctx, goneOf, []any{c.key}, []any{&id, &gone})
	if err != nil || !found {
		return err
	}
	if _, err := c.exec(ctx, confirmed, id, milli(c.outcome.At)); err != nil {
		return err
	}
	c.receipt.Back = gone > 0
	if err := c.settleOthers(ctx, c.key); err != nil {
		return err
	}
	if c.outcome.Task.Missing {
		return c.leave(ctx, id, copyOf{is: true, gone: gone}, &content{})
	}
	return nil
}

// vanish takes in that the article's address answers no more.
func (c *commit) vanish(ctx context.Context) error {
	if c.outcome.Task.Missing {
		if _, err := c.exec(ctx, loseMember, c.outcome.Task.SourceID, c.key, milli(c.outcome.At)); err != nil {
			return err
		}
	}
	var id, gone int64
	found, err := c.get(ctx, goneOf, []any{c.key}, []any{&id, &gone})
	if err != nil || !found {
		return err
	}
	c.receipt.Gone = gone == 0
	_, err = c.exec(ctx, goneArticle, id, milli(c.outcome.At), c.outcome.Reason)
	return err
}

// leave takes in that an article which is still online is no longer listed: under this address, or at all.
func (c *commit) leave(ctx context.Context, id int64, known copyOf, a *content) error {
	o := c.outcome
	if key := archiver.Key(a.URL); a.URL != "" && key != c.key {
		// It is listed under its new address.
		if live, err := c.get(ctx, isLive, []any{o.Task.SourceID, key}, []any{new(int)}); err != nil || live {
			if err == nil {
				o.NotBefore = time.Time{} // it is looked at there
				_, err = c.exec(ctx, endMember, o.Task.SourceID, c.key)
			}
			return err
		}
	}
	if _, err := c.exec(ctx, loseMember, o.Task.SourceID, c.key, milli(o.At)); err != nil {
		return err
	}
	o.NotBefore = time.Time{} // a listing that names it again says so
	var walk int64
	var whole, told bool
	if _, err := c.get(ctx, walkOf, []any{o.Task.SourceID}, []any{&walk, &whole, &told}); err != nil {
		return err
	}
	if !whole || !told { // a listing that shifts while it is read may hide an article, a channel may err: the next walk looks again
		if _, err := c.exec(ctx, raiseDoubt, o.Task.SourceID); err != nil {
			return err
		}
	}
	if listed, err := c.get(ctx, stillListed, []any{id}, []any{new(int)}); err != nil || listed {
		return err
	}
	c.receipt.Back, c.receipt.Gone = false, known.gone == 0
	since := known.gone
	if since == 0 {
		since = milli(o.At)
	}
	_, err := c.exec(ctx, goneArticle, id, since, whyLeft)
	return err
}

const twinOf = `SELECT a.url FROM revision r INDEXED BY revision_same CROSS JOIN article a ON a.id = r.article AND a.revision = r.number
	CROSS JOIN address d ON d.article = a.id CROSS JOIN member m ON m.key = d.key AND m.source = ?2
	WHERE r.same = ?1 AND r.same <> 0 AND r.title = ?3 AND d.key <> ?4 AND m.walk < (SELECT walk FROM source WHERE id = ?2) ORDER BY a.id LIMIT 1`

// Twin is the address of an article of the source that has the same title and text and that the present walk has not met; empty
// where there is none. An article that was given another address looks so.
func (s *Store) Twin(ctx context.Context, sourceID int64, article archiver.Article) (url string, err error) {
	a := newContent(&article)
	err = s.write(ctx, "look for its earlier address", func(ctx context.Context, tx *writer) error {
		_, err := tx.get(ctx, twinOf, []any{a.same(), sourceID, a.Title, archiver.Key(a.URL)}, []any{&url})
		return err
	})
	return url, err
}
