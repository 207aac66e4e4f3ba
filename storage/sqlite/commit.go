package sqlite

import (
	"context"
	"errors"

	"archiver"
)

// This file is the law of the loop: a task's state and everything it produced are one transaction.

const (
	taskNow = `SELECT lease_until, walk, key FROM task WHERE id = ?`
	endTask = `UPDATE task SET state = ?2, attempt = ?3, not_before = ?4, lease_until = 0, changed = ?5, reason = ?6 WHERE id = ?1`
	endWalk = `UPDATE source SET last_sync = max(last_sync, ?2), whole_walk = iif(?4, max(whole_walk, ?3), whole_walk) WHERE id = ?1`
	settled = `SELECT ended_walk FROM source WHERE id = ?`
	entitle = `UPDATE source SET title = ?2 WHERE id = ?1 AND title <> ?2`

	keepValidator = `INSERT INTO validator (key, etag, modified) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET etag = excluded.etag, modified = excluded.modified`
	keepWays      = `UPDATE source SET channels = ?2 WHERE id = ?1`
)

// Commit writes what the task produced, with its new state.
func (s *Store) Commit(ctx context.Context, outcome archiver.Outcome) (archiver.Receipt, error) {
	if outcome.At.IsZero() {
		outcome.At = s.opts.Now()
	}
	var receipt archiver.Receipt
	err := s.write(ctx, "save to", func(ctx context.Context, tx *writer) error {
		receipt = archiver.Receipt{}
		var lease, walk int64
		var key string
		found, err := tx.get(ctx, taskNow, []any{outcome.Task.ID}, []any{&lease, &walk, &key})
		if err != nil {
			return err
		}
		if !found {
			return &archiver.Error{Kind: archiver.Invalid, Op: "save", URL: outcome.Task.URL, Err: errors.New("its source was deleted meanwhile"),
				Hint: "run \"archiver sync\" again"}
		}
		lost := lease != milli(outcome.Task.LeaseUntil)
		if lost && (outcome.State != archiver.TaskDone || walk > outcome.Task.Walk) {
			// The lease ran out and another took the task. What was read is welcome still; a failure is not news, and a
			// listing page that a later walk is to read stays to be read.
			return nil
		}
		c := &commit{writer: tx, outcome: &outcome, key: key, receipt: &receipt}
		return c.run(ctx)
	})
	if err != nil {
		receipt = archiver.Receipt{}
	}
	return receipt, err
}

// commit is one transaction at work.
type commit struct {
	*writer
	outcome *archiver.Outcome
	key     string // of the task
	receipt *archiver.Receipt
}

func (c *commit) run(ctx context.Context) error {
	o := c.outcome
	var err error
	switch o.Task.Role {
	case archiver.RoleListing:
		err = c.listing(ctx)
	case archiver.RoleFacts:
		err = c.facts(ctx)
	case archiver.RoleArticle:
		err = c.article(ctx)
	case archiver.RoleAsset:
		err = c.asset(ctx)
	}
	if err != nil {
		return err
	}
	if o.State == archiver.TaskQuarantined {
		if err := c.keepPages(ctx, 0, o.Task.ID); err != nil {
			return err
		}
	}
	// What was not taken is not to be confirmed by a server that says it is the same still.
	if !o.Validator.IsZero() && o.State == archiver.TaskDone {
		if _, err := c.exec(ctx, keepValidator, c.key, o.Validator.ETag, o.Validator.Modified); err != nil {
			return err
		}
	}
	if o.Ways != nil {
		ways, err := encode(o.Ways)
		if err != nil {
			return err
		}
		if _, err := c.exec(ctx, keepWays, o.Task.SourceID, ways); err != nil {
			return err
		}
	}
	if o.Site != nil && o.State == archiver.TaskDone {
		if err := c.keepSite(ctx, learnSite, o.Site); err != nil {
			return err
		}
	}
	_, err = c.exec(ctx, endTask, o.Task.ID, o.State, o.Attempt, milli(o.NotBefore), milli(o.At), o.Reason)
	return err
}

// maxPlace is more entries than a listing page shows.
const maxPlace = 10_000

// listing takes in a page of the category archive: members, article tasks, and where to go on.
func (c *commit) listing(ctx context.Context) error {
	o := c.outcome
	var ended int64
	if _, err := c.get(ctx, settled, []any{o.Task.SourceID}, []any{&ended}); err != nil {
		return err
	}
	run := 0 // known entries in a row, up to here
	for i, e := range o.Entries {
		met, err := c.list(ctx, e, o.Task.Number*maxPlace+min(i, maxPlace-1))
		switch {
		case err != nil:
			return err
		case met == 0 || met > ended && met < o.Task.Walk:
			run = 0 // new, or met first by a walk that was broken off: what stands behind it may be new too
		case met <= ended:
			run++
		}
	}
	stop := o.Stop > 0 && len(o.Entries) > 0 && run >= min(o.Stop, len(o.Entries))
	barren := o.Task.Barren + 1
	if c.receipt.NewInWalk > 0 {
		barren = 0
	}
	for _, next := range o.Next {
		if stop && next.Role == archiver.RoleListing {
			continue
		}
		if err := c.pend(ctx, pendNext, next, barren); err != nil {
			return err
		}
	}
	if o.Task.Number == 1 && o.Title != "" {
		if _, err := c.exec(ctx, entitle, o.Task.SourceID, o.Title); err != nil {
			return err
		}
	}
	if o.WalkEnd || stop {
		// A listing that goes no further was read to its end, wherever the walk would have stopped.
		whole := o.WalkEnd && !o.Unchanged
		if _, err := c.exec(ctx, endWalk, o.Task.SourceID, milli(o.At), o.Task.Walk, whole); err != nil {
			return err
		}
	}
	return nil
}

const (
	memberOf = `SELECT lost, walk FROM member WHERE source = ? AND key = ?`
	// One row changed is one entry that this walk had not seen.
	seeMember = `INSERT INTO member (source, key, walk, place) VALUES (?, ?, ?, ?)
		ON CONFLICT DO UPDATE SET walk = excluded.walk, place = excluded.place, lost = 0 WHERE walk < excluded.walk`
	taskOf     = `SELECT id, entries, number FROM task WHERE source = ? AND role = 'article' AND key = ?`
	setEntries = `UPDATE task SET entries = ? WHERE id = ?`
	notMissing = `UPDATE task SET number = 0 WHERE id = ?`
	isKnown    = `SELECT article FROM address WHERE key = ?`
	addArticle = `INSERT INTO task (source, role, key, url, state, attempt, walk, number, barren, not_before, lease_until, changed, reason, entries)
		VALUES (?, 'article', ?, ?, 'pending', 0, ?, 0, 0, 0, 0, ?, '', ?)`
	// What waits out a pause, or is in another's hands, does so still.
	lookAgain = addArticle + ` ON CONFLICT (source, role, key) DO UPDATE SET state = 'pending', attempt = 0, number = 0, changed = excluded.changed, reason = '',
		not_before = iif(state = 'pending', not_before, 0), lease_until = iif(state = 'pending', lease_until, 0)`
)

// list makes an entry of the listing a member, and an article to be read where the archive has it not. met is the walk that last met the
// member; 0 where none did, or where it had been missing.
func (c *commit) list(ctx context.Context, e archiver.Entry, place int) (met int64, err error) {
	task := &c.outcome.Task
	key := archiver.Key(e.URL)
	var lost, gone int64
	member, err := c.get(ctx, memberOf, []any{task.SourceID, key}, []any{&lost, &met})
	if err != nil {
		return 0, err
	}
	if lost > 0 {
		met = 0
	}
	seen, err := c.exec(ctx, seeMember, task.SourceID, key, task.Walk, place)
	if err != nil {
		return 0, err
	}
	c.receipt.NewInWalk += int(seen)
	tasked, err := c.tell(ctx, key, e)
	if err != nil {
		return 0, err
	}
	known, err := c.get(ctx, goneOf, []any{key}, []any{new(int64), &gone})
	switch {
	case err != nil:
		return 0, err
	case (tasked || known) && lost > 0 || !member && gone > 0: // it is back, or was moved here from where another source lists
		return 0, c.lookAgain(ctx, key, e.URL, "")
	case tasked || known:
		return met, nil
	}
	entries, err := encodeEntries([]archiver.Entry{e})
	if err != nil {
		return 0, err
	}
	c.receipt.NewArticles++
	_, err = c.exec(ctx, addArticle, task.SourceID, key, e.URL, task.Walk, milli(c.outcome.At), entries)
	return 0, err
}

// lookAgain has an article read again.
func (c *commit) lookAgain(ctx context.Context, key, url, entries string) error {
	_, err := c.exec(ctx, lookAgain, c.outcome.Task.SourceID, key, url, c.outcome.Task.Walk, milli(c.outcome.At), entries)
	return err
}

// tell adds to the article's task of this source what a channel says, in place of what that channel said before, and has the
// article read again where the channel says that it changed. An article that is named again where that counts, before it was looked at
// because it was missing, is not. known is false where the source has no such task.
func (c *commit) tell(ctx context.Context, key string, e archiver.Entry) (known bool, err error) {
	var id, missing int64
	var before string
	known, err = c.get(ctx, taskOf, []any{c.outcome.Task.SourceID, key}, []any{&id, &before, &missing})
	if err != nil || !known {
		return known, err
	}
	if role := c.outcome.Task.Role; missing == 1 && (role == archiver.RoleListing || role == archiver.RoleFacts && c.outcome.Total > 0) {
		if _, err := c.exec(ctx, notMissing, id); err != nil {
			return true, err
		}
	}
	entries, err := decodeEntries(before)
	if err != nil {
		return true, err
	}
	entries, changed := merge(entries, e)
	after, err := encodeEntries(entries)
	if err != nil || after == before {
		return true, err
	}
	if _, err = c.exec(ctx, setEntries, after, id); err != nil {
		return true, err
	}
	if changed && c.outcome.Task.Role != archiver.RoleArticle {
		err = c.lookAgain(ctx, key, e.URL, after)
	}
	return true, err
}

// merge keeps one entry a channel, the listing's first. changed says that the channel tells of another state of the article
// than before. An entry that has nothing but a mark leaves what else its channel said.
func merge(entries []archiver.Entry, e archiver.Entry) (merged []archiver.Entry, changed bool) {
	for i := range entries {
		old := &entries[i]
		if old.Channel != e.Channel {
			continue
		}
		changed = old.Mark != "" && e.Mark != "" && old.Mark != e.Mark ||
			e.Channel == archiver.ChannelListing && old.Title != "" && e.Title != "" && old.Title != e.Title
		if e.Title == "" && e.Published.IsZero() && len(e.Authors) == 0 && e.Excerpt == "" {
			old.Ref, old.Mark = e.Ref, e.Mark
		} else {
			*old = e
		}
		return entries, changed
	}
	if e.Channel == archiver.ChannelListing {
		return append([]archiver.Entry{e}, entries...), false
	}
	return append(entries, e), false
}

// What a page leads to is pended once a walk, however many pages lead there: a walk ends.
const (
	pendNext = `INSERT INTO task (source, role, key, url, state, attempt, walk, number, barren, not_before, lease_until, changed, reason, entries)
		VALUES (?1, ?2, ?3, ?4, 'pending', 0, ?5, ?6, ?7, ?8, 0, ?9, '', '')
		ON CONFLICT (source, role, key) DO UPDATE SET state = 'pending', url = excluded.url, attempt = 0, walk = excluded.walk,
		number = excluded.number, barren = excluded.barren, not_before = iif(state = 'pending', max(not_before, excluded.not_before), excluded.not_before),
		lease_until = iif(state = 'pending', lease_until, 0), changed = excluded.changed, reason = '' WHERE walk < excluded.walk`
)

// pend schedules a task that this one leads to.
func (c *commit) pend(ctx context.Context, query string, task archiver.Task, barren int) error {
	walk := max(task.Walk, c.outcome.Task.Walk)
	_, err := c.exec(ctx, query, c.outcome.Task.SourceID, task.Role, archiver.Key(task.URL), task.URL, walk, task.Number, barren,
		milli(task.NotBefore), milli(c.outcome.At))
	return err
}
