package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"archiver"
)

// This file begins and ends walks of a listing. Rules: a walk stops early only in a listing that was read to its end once, that
// is newest first, and that left no doubt; what a walk did not meet is looked at before anything is said of it; and a listing
// that lost most of its articles at once is not believed.

const (
	// orderSample is how many places of a listing are looked at to tell whether it is newest first.
	orderSample = 200
	// A sticky post or an old one moved in stands out of order; more than one in four is another order.
	mostOutOfOrder = 4
	// leastAlarm is the number of missing articles from which a listing can raise an alarm.
	leastAlarm = 10
	// firstLook is when an article that another source read is looked at again, where that one does so no more.
	firstLook = 30 * 24 * time.Hour
	// Nothing waits longer than this but by a clock that was wrong: for its next attempt, and for its next look.
	longestWait, longestRest = 25 * time.Hour, 100 * 24 * time.Hour
)

const (
	beginWalk = `UPDATE source SET walk = walk + 1, last_run = ?2 WHERE id = ?1 AND removed = 0
		RETURNING walk, url, key, last_whole, ended_walk, doubt`
	// A pause that the server asked for holds for the new walk too.
	pendFirst = `INSERT INTO task (source, role, key, url, state, attempt, walk, number, barren, not_before, lease_until, changed, reason, entries)
		VALUES (?1, 'listing', ?2, ?3, 'pending', 0, ?4, 1, 0, 0, 0, ?5, '', '')
		ON CONFLICT (source, role, key) DO UPDATE SET state = 'pending', url = excluded.url, attempt = 0, walk = excluded.walk, number = 1,
		barren = 0, not_before = iif(state = 'pending', not_before, 0), lease_until = 0, changed = excluded.changed, reason = ''`
	// What is left of an earlier walk has no use once the listing is walked anew.
	endOldWalk = `UPDATE task SET state = 'done', not_before = 0, lease_until = 0, changed = ?2
		WHERE source = ?1 AND role = 'listing' AND state <> 'done' AND walk < ?3`
	// Each walk asks channels at addresses of its own; those of earlier ones would pile up.
	dropOldFacts = `DELETE FROM task WHERE source = ?1 AND role = 'facts' AND walk < ?2 AND (state <> 'pending' OR not_before = 0)`
	// Only the run that holds the archive begins walks: what an earlier one had leased when it was killed is free.
	freeLeases = `UPDATE task SET lease_until = 0 WHERE source = ? AND state = 'pending' AND lease_until > 0`
	// How often an address was looked at in vain is remembered, so that it is not looked at for ever.
	pendDue = `UPDATE task SET state = 'pending', attempt = iif(state = 'failed', 0, attempt), not_before = 0, lease_until = 0, changed = ?2
		WHERE source = ?1 AND state NOT IN ('pending', 'done') AND (state = 'failed' AND role <> 'asset' OR not_before BETWEEN 1 AND ?2)`

	// What is no longer listed here, and what is listed under another address now, has had its last look.
	listedTask = ` EXISTS (SELECT 1 FROM member WHERE source = ?1 AND key = task.key AND lost = 0)`

	// What was put off while the clock ran years ahead would rest for years.
	mendClock = `UPDATE task SET not_before = min(not_before, ?2) WHERE source = ?1 AND not_before > iif(state = 'pending', ?3, ?4)`

	again    = `UPDATE task SET state = 'pending', attempt = 0, not_before = 0, lease_until = 0, number = 0, changed = ?2 WHERE `
	pendRead = again + `id IN (SELECT id FROM task WHERE source = ?1 AND state = 'done' AND not_before > 0 AND not_before <= ?2 AND role = 'article'
		AND` + listedTask + ` ORDER BY not_before LIMIT ?3)`
	pendAll    = again + `source = ?1 AND role = 'article' AND state <> 'pending' AND` + listedTask
	pendRecent = again + `source = ?1 AND role = 'article' AND state = 'done' AND key IN (SELECT d.key FROM address d JOIN article a ON a.id = d.article
		WHERE a.published >= ?3 AND a.undated = 0 OR a.first_seen >= ?3 OR a.id IN (SELECT article FROM revision WHERE seen >= ?3))`
	// An article that came by way of another source has no task in this one. It gets one where nobody else looks at it again, or all are
	// to be looked at.
	addMembers = `INSERT INTO task (source, role, key, url, state, attempt, walk, number, barren, not_before, lease_until, changed, reason, entries)
		SELECT m.source, 'article', m.key, a.url, 'done', 0, ?2, 0, 0, a.checked + ?4, 0, ?3, '', '' FROM member m CROSS JOIN address d ON d.key = m.key
		CROSS JOIN article a ON a.id = d.article WHERE m.source = ?1 AND m.lost = 0 AND (?5 OR NOT EXISTS (SELECT 1 FROM task
		WHERE source IN (SELECT id FROM source WHERE removed = 0) AND role = 'article' AND key = m.key)) ON CONFLICT (source, role, key) DO NOTHING`

	leftToAsk = `SELECT 1 FROM task WHERE source = ? AND role IN ('listing', 'facts') AND state = 'pending' LIMIT 1`
	countTold = `SELECT (SELECT count(*) FROM member WHERE source = ?1 AND ref <> '' AND lost = 0) + (SELECT count(*) FROM stranger WHERE source = ?1)`
	placed    = `SELECT a.published FROM member m JOIN address d ON d.key = m.key JOIN article a ON a.id = d.article
		WHERE m.source = ? AND m.place > 0 AND m.lost = 0 AND a.undated = 0 ORDER BY m.place LIMIT ?`
)

// StartWalk begins a new walk of the source's listing.
func (s *Store) StartWalk(ctx context.Context, sourceID int64, now time.Time, opts archiver.WalkOptions) (walk archiver.Walk, err error) {
	err = s.write(ctx, "start walk", func(ctx context.Context, tx *writer) error {
		var url, key string
		var lastWhole time.Time
		var ended int64
		var doubt bool
		found, err := tx.get(ctx, beginWalk, []any{sourceID, milli(now)}, []any{&walk.Number, &url, &key, (*instant)(&lastWhole), &ended, &doubt})
		if err != nil {
			return err
		}
		if !found {
			return noSource(fmt.Sprint(sourceID))
		}
		walk.First = lastWhole.IsZero()
		left, err := tx.get(ctx, leftToAsk, []any{sourceID}, []any{new(int)})
		if err != nil {
			return err
		}
		walk.Sure = ended == walk.Number-1 && !left
		// A walk of a time to come was made by a clock that was wrong.
		walk.Whole = opts.Whole || walk.First || doubt || opts.Recheck > 0 && now.Sub(lastWhole) >= opts.Recheck || lastWhole.Sub(now) > longestWait
		if !walk.Whole {
			newest, err := newestFirst(ctx, tx, sourceID)
			if err != nil {
				return err
			}
			walk.Whole = !newest
		}
		if _, err := tx.get(ctx, countTold, []any{sourceID}, []any{&walk.Told}); err != nil {
			return err
		}
		if _, err := tx.exec(ctx, mendClock, sourceID, milli(now), milli(now.Add(longestWait)), milli(now.Add(longestRest))); err != nil {
			return err
		}
		if _, err := tx.exec(ctx, pendFirst, sourceID, key, url, walk.Number, milli(now)); err != nil {
			return err
		}
		if _, err := tx.exec(ctx, endOldWalk, sourceID, milli(now), walk.Number); err != nil {
			return err
		}
		if _, err := tx.exec(ctx, dropOldFacts, sourceID, walk.Number); err != nil {
			return err
		}
		if _, err := tx.exec(ctx, freeLeases, sourceID); err != nil {
			return err
		}
		if _, err := tx.exec(ctx, pendDue, sourceID, milli(now)); err != nil {
			return err
		}
		for _, address := range opts.Ask {
			_, err := tx.exec(ctx, pendNext, sourceID, archiver.RoleFacts, archiver.Key(address), address, walk.Number, 1, 0, 0, milli(now))
			if err != nil {
				return err
			}
		}
		if opts.Images {
			if err := pendImages(ctx, tx, sourceID, walk.Number, now); err != nil {
				return err
			}
		}
		return pendRechecks(ctx, tx, sourceID, walk.Number, now, opts)
	})
	return walk, err
}

// pendRechecks has articles that were read looked at again.
func pendRechecks(ctx context.Context, tx *writer, source, walk int64, now time.Time, opts archiver.WalkOptions) error {
	if _, err := tx.exec(ctx, addMembers, source, walk, milli(now), firstLook.Milliseconds(), opts.Whole); err != nil {
		return err
	}
	if opts.Whole {
		_, err := tx.exec(ctx, pendAll, source, milli(now))
		return err
	}
	if !opts.Since.IsZero() {
		if _, err := tx.exec(ctx, pendRecent, source, milli(now), milli(opts.Since)); err != nil {
			return err
		}
	}
	_, err := tx.exec(ctx, pendRead, source, milli(now), opts.Rechecks)
	return err
}

// newestFirst reports whether the listing stood in the order of publication, newest first, when it was read. Without dates
// that cannot be told, and blogs do so.
func newestFirst(ctx context.Context, tx *writer, source int64) (bool, error) {
	var before int64
	pairs, wrong := -1, 0
	err := tx.query(ctx, func(rows *sql.Rows) error {
		var published int64
		err := rows.Scan(&published)
		if pairs++; pairs > 0 && published > before {
			wrong++
		}
		before = published
		return err
	}, placed, source, orderSample)
	return wrong*mostOutOfOrder <= max(pairs, 0), err
}

const (
	// A page that was to be read and was not leaves the walk open, whatever another page said of its end.
	closeWalk = `UPDATE source SET ended_walk = iif(open, ended_walk, walk), whole_walk = iif(open, min(whole_walk, walk - 1), whole_walk)
		FROM (SELECT EXISTS (SELECT 1 FROM task JOIN source ON source.id = task.source WHERE source.id = ?1 AND role = 'listing' AND task.walk = source.walk
		AND state <> 'done') AS open) WHERE id = ?1`
	closeWhole = `UPDATE source SET last_whole = ?2, doubt = 0 WHERE id = ?1 AND whole_walk = walk`
	walkOf     = `SELECT walk, whole_walk = walk, told_walk = walk FROM source WHERE id = ?`
	// What the channel does not tell of any more is not counted as told either.
	forgetStrangers = `DELETE FROM stranger WHERE source = ?1 AND told < ?2 AND ?3`
	raiseDoubt      = `UPDATE source SET doubt = 1 WHERE id = ?`
	// What is missing: the whole listing was read and does not name it, and no channel that tells of all contradicts; or such a
	// channel does not tell of it any more, and what was read of the listing does not contradict.
	isMissing    = ` FROM member WHERE source = ?1 AND lost = 0 AND walk < ?2 AND (?3 AND NOT (?4 AND told = ?2) OR ?4 AND ref <> '' AND told < ?2)`
	countMissing = `SELECT (SELECT count(*)` + isMissing + `), (SELECT count(*) FROM member WHERE source = ?1 AND lost = 0)`
	// What is pending already is looked at anyway; it only learns that it is missing.
	pendMissing = `INSERT INTO task (source, role, key, url, state, attempt, walk, number, barren, not_before, lease_until, changed, reason, entries)
		SELECT m.source, 'article', m.key, coalesce((SELECT a.url FROM address d JOIN article a ON a.id = d.article WHERE d.key = m.key), 'http://' || m.key),
		'pending', 0, ?2, 1, 0, 0, 0, ?5, '', '' FROM (SELECT *` + isMissing + `) m WHERE true
		ON CONFLICT (source, role, key) DO UPDATE SET state = 'pending', number = 1, attempt = 0, changed = excluded.changed,
		not_before = iif(state = 'pending', not_before, 0), lease_until = iif(state = 'pending', lease_until, 0)`
)

// EndWalk looks for the members that the walk should have met and did not, and has them looked at.
func (s *Store) EndWalk(ctx context.Context, sourceID int64, now time.Time) (missing archiver.Missing, err error) {
	err = s.write(ctx, "end walk", func(ctx context.Context, tx *writer) error {
		missing = archiver.Missing{}
		if _, err := tx.exec(ctx, closeWalk, sourceID); err != nil {
			return err
		}
		var walk int64
		var whole, told bool
		found, err := tx.get(ctx, walkOf, []any{sourceID}, []any{&walk, &whole, &told})
		if err != nil || !found || !whole && !told {
			return err
		}
		if _, err := tx.get(ctx, countMissing, []any{sourceID, walk, whole, told}, []any{&missing.Articles, &missing.Of}); err != nil {
			return err
		}
		if _, err := tx.exec(ctx, forgetStrangers, sourceID, walk, told); err != nil {
			return err
		}
		if missing.Articles >= leastAlarm && missing.Articles*2 > missing.Of && !(whole && told) {
			if missing.Alarm = whole; !whole {
				missing.Articles = 0 // a channel alone says so: the next walk sees what the listing says
			}
			_, err := tx.exec(ctx, raiseDoubt, sourceID)
			return err
		}
		if _, err := tx.exec(ctx, closeWhole, sourceID, milli(now)); err != nil || missing.Articles == 0 {
			return err
		}
		_, err = tx.exec(ctx, pendMissing, sourceID, walk, whole, told, milli(now))
		return err
	})
	return missing, err
}
