package sqlite

import (
	"context"

	"archiver"
)

// This file takes in what channels say. Rules: a channel makes no members and no articles; one that tells of all articles of the
// source (Outcome.Total above 0) also says which ones are no more, and knows an article by its own name when its address changed.

const (
	toldMember = `SELECT lost FROM member WHERE source = ? AND key = ?`
	tellMember = `UPDATE member SET told = max(told, ?3), ref = ?4, lost = 0 WHERE source = ?1 AND key = ?2`
	// What the present walk met is where it was; and where the new address is another article's, the names were given anew.
	namesake = `SELECT key FROM member m WHERE source = ?1 AND ref = ?2 AND key <> ?3 AND walk < (SELECT walk FROM source WHERE id = ?1) AND NOT EXISTS
		(SELECT 1 FROM address b LEFT JOIN address a ON a.key = m.key WHERE b.key = ?3 AND a.article IS NOT b.article) LIMIT 1`
	meet        = `INSERT INTO stranger (source, key, told) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING`
	meetAgain   = `UPDATE stranger SET told = max(told, ?3) WHERE source = ?1 AND key = ?2`
	noStranger  = `DELETE FROM stranger WHERE source = ? AND key = ?`
	isWholeWalk = `SELECT 1 FROM source WHERE id = ? AND whole_walk = walk`
	toldAll     = `UPDATE source SET told_walk = max(told_walk, ?2) WHERE id = ?1 AND ?3 <= (SELECT count(*) FROM member WHERE source = ?1 AND told = ?2) +
		(SELECT count(*) FROM stranger WHERE source = ?1 AND told = ?2)`
)

// facts takes in a channel's answer: it tells of articles, and makes no members.
func (c *commit) facts(ctx context.Context) error {
	o := c.outcome
	strangers := 0
	for _, e := range o.Entries {
		key := archiver.Key(e.URL)
		if o.Total > 0 {
			stranger, err := c.told(ctx, key, e)
			if err != nil {
				return err
			}
			strangers += stranger
		}
		if _, err := c.tell(ctx, key, e); err != nil {
			return err
		}
	}
	if strangers > 0 {
		// Somewhere in the listing there may be an article that the walk did not come to.
		whole, err := c.get(ctx, isWholeWalk, []any{o.Task.SourceID}, []any{new(int)})
		if err != nil {
			return err
		}
		if !whole {
			if _, err := c.exec(ctx, raiseDoubt, o.Task.SourceID); err != nil {
				return err
			}
		}
	}
	if o.Total > 0 {
		if _, err := c.exec(ctx, toldAll, o.Task.SourceID, o.Task.Walk, o.Total); err != nil {
			return err
		}
	}
	for _, next := range o.Next {
		if err := c.pend(ctx, pendNext, next, 0); err != nil {
			return err
		}
	}
	return nil
}

// told notes that a channel which tells of all articles told of this one. It gives 1 where nobody knows it.
func (c *commit) told(ctx context.Context, key string, e archiver.Entry) (stranger int, err error) {
	source, walk := c.outcome.Task.SourceID, c.outcome.Task.Walk
	if e.Ref != "" {
		var before string
		renamed, err := c.get(ctx, namesake, []any{source, e.Ref, key}, []any{&before})
		if err == nil && renamed {
			err = c.rename(ctx, before, key, e)
		}
		if err != nil {
			return 0, err
		}
	}
	var lost int64
	member, err := c.get(ctx, toldMember, []any{source, key}, []any{&lost})
	if err != nil {
		return 0, err
	}
	if !member {
		fresh, err := c.exec(ctx, meet, source, key, walk)
		if err == nil && fresh == 0 {
			_, err = c.exec(ctx, meetAgain, source, key, walk)
		}
		return int(fresh), err
	}
	if _, err := c.exec(ctx, tellMember, source, key, walk, e.Ref); err != nil {
		return 0, err
	}
	if _, err := c.exec(ctx, noStranger, source, key); err != nil {
		return 0, err
	}
	if lost > 0 { // it is back
		return 0, c.lookAgain(ctx, key, e.URL, "")
	}
	return 0, nil
}

const (
	alsoAt     = `INSERT INTO address (key, article) SELECT ?2, article FROM address WHERE key = ?1 ON CONFLICT DO NOTHING`
	moveMember = `INSERT INTO member (source, key, walk, place, told, ref) SELECT source, ?3, walk, place, told, ref FROM member WHERE source = ?1 AND key = ?2
		ON CONFLICT DO NOTHING`
	endMember   = `DELETE FROM member WHERE source = ? AND key = ?`
	endRenamed  = `UPDATE task SET state = 'done', number = 0, not_before = 0, lease_until = 0, changed = ?3 WHERE source = ?1 AND role = 'article' AND key = ?2`
	entriesText = `SELECT entries FROM task WHERE source = ? AND role = 'article' AND key = ?`
)

// rename gives an article another address, under which it is read again; the old one stays known.
func (c *commit) rename(ctx context.Context, before, after string, e archiver.Entry) error {
	source := c.outcome.Task.SourceID
	if _, err := c.exec(ctx, alsoAt, before, after); err != nil {
		return err
	}
	if _, err := c.exec(ctx, moveMember, source, before, after); err != nil {
		return err
	}
	var entries string
	if _, err := c.get(ctx, entriesText, []any{source, before}, []any{&entries}); err != nil {
		return err
	}
	if err := c.endAddress(ctx, before); err != nil {
		return err
	}
	return c.lookAgain(ctx, after, e.URL, entries)
}

// endAddress ends what this source had to do with an address whose article has another one now.
func (c *commit) endAddress(ctx context.Context, key string) error {
	if _, err := c.exec(ctx, endMember, c.outcome.Task.SourceID, key); err != nil {
		return err
	}
	_, err := c.exec(ctx, endRenamed, c.outcome.Task.SourceID, key, milli(c.outcome.At))
	return err
}
