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
	endWalk = `UPDATE source SET last_sync = max(last_sync, ?2) WHERE id = ?1`
	entitle = `UPDATE source SET title = ?2 WHERE id = ?1 AND title <> ?2`
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
	}
	if err != nil {
		return err
	}
	if o.State == archiver.TaskQuarantined {
		if err := c.keepPages(ctx, 0, o.Task.ID); err != nil {
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

// listing takes in a page of the category archive: members, article tasks, and where to go on.
func (c *commit) listing(ctx context.Context) error {
	o := c.outcome
	for _, e := range o.Entries {
		if err := c.list(ctx, e); err != nil {
			return err
		}
	}
	barren := o.Task.Barren + 1
	if c.receipt.NewInWalk > 0 {
		barren = 0
	}
	for _, next := range o.Next {
		if err := c.pend(ctx, pendNext, next, barren); err != nil {
			return err
		}
	}
	if c.receipt.NewArticles > 0 {
		for _, task := range o.Facts {
			if err := c.pend(ctx, pendFacts, task, 0); err != nil {
				return err
			}
		}
	}
	if o.Task.Number == 1 && o.Title != "" {
		if _, err := c.exec(ctx, entitle, o.Task.SourceID, o.Title); err != nil {
			return err
		}
	}
	if o.WalkEnd {
		if _, err := c.exec(ctx, endWalk, o.Task.SourceID, milli(o.At)); err != nil {
			return err
		}
	}
	return nil
}

const (
	// One row changed is one entry that this walk had not seen.
	seeMember  = `INSERT INTO member (source, key, walk) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET walk = excluded.walk WHERE walk < excluded.walk`
	taskOf     = `SELECT id, entries FROM task WHERE source = ? AND role = 'article' AND key = ?`
	setEntries = `UPDATE task SET entries = ? WHERE id = ?`
	isKnown    = `SELECT article FROM address WHERE key = ?`
	addArticle = `INSERT INTO task (source, role, key, url, state, attempt, walk, number, barren, not_before, lease_until, changed, reason, entries)
		VALUES (?, 'article', ?, ?, 'pending', 0, ?, 0, 0, 0, 0, ?, '', ?)`
)

// list makes an entry of the listing a member, and an article to be read where the archive has it not.
func (c *commit) list(ctx context.Context, e archiver.Entry) error {
	task := &c.outcome.Task
	key := archiver.Key(e.URL)
	seen, err := c.exec(ctx, seeMember, task.SourceID, key, task.Walk)
	if err != nil {
		return err
	}
	c.receipt.NewInWalk += int(seen)
	known, err := c.tell(ctx, key, e)
	if err != nil || known {
		return err
	}
	known, err = c.get(ctx, isKnown, []any{key}, []any{new(int64)})
	if err != nil || known {
		return err
	}
	entries, err := encodeEntries([]archiver.Entry{e})
	if err != nil {
		return err
	}
	c.receipt.NewArticles++
	_, err = c.exec(ctx, addArticle, task.SourceID, key, e.URL, task.Walk, milli(c.outcome.At), entries)
	return err
}

// tell adds to the article's task of this source what a channel says, in place of what that channel said before.
// known is false where the source has no such task.
func (c *commit) tell(ctx context.Context, key string, e archiver.Entry) (known bool, err error) {
	var id int64
	var before string
	known, err = c.get(ctx, taskOf, []any{c.outcome.Task.SourceID, key}, []any{&id, &before})
	if err != nil || !known {
		return known, err
	}
	entries, err := decodeEntries(before)
	if err != nil {
		return true, err
	}
	after, err := encodeEntries(merge(entries, e))
	if err != nil || after == before {
		return true, err
	}
	_, err = c.exec(ctx, setEntries, after, id)
	return true, err
}

// merge keeps one entry a channel, the listing's first.
func merge(entries []archiver.Entry, e archiver.Entry) []archiver.Entry {
	for i := range entries {
		if entries[i].Channel == e.Channel {
			entries[i] = e
			return entries
		}
	}
	if e.Channel == archiver.ChannelListing {
		return append([]archiver.Entry{e}, entries...)
	}
	return append(entries, e)
}

// facts takes in a channel's answer: it tells of articles, and makes no members.
func (c *commit) facts(ctx context.Context) error {
	for _, e := range c.outcome.Entries {
		if _, err := c.tell(ctx, archiver.Key(e.URL), e); err != nil {
			return err
		}
	}
	for _, next := range c.outcome.Next {
		if err := c.pend(ctx, pendNext, next, 0); err != nil {
			return err
		}
	}
	return nil
}

// What a page leads to is pended once a walk, however many pages lead there: a walk ends. Facts that a listing page asks for
// are pended whenever it made an article known, as they may tell of that one too.
const (
	pendTask = `INSERT INTO task (source, role, key, url, state, attempt, walk, number, barren, not_before, lease_until, changed, reason, entries)
		VALUES (?1, ?2, ?3, ?4, 'pending', 0, ?5, ?6, ?7, ?8, 0, ?9, '', '')
		ON CONFLICT (source, role, key) DO UPDATE SET state = 'pending', url = excluded.url, attempt = 0, walk = excluded.walk,
		number = excluded.number, barren = excluded.barren, not_before = iif(state = 'pending', max(not_before, excluded.not_before), excluded.not_before),
		lease_until = iif(state = 'pending', lease_until, 0), changed = excluded.changed, reason = '' WHERE `
	pendNext  = pendTask + `walk < excluded.walk`
	pendFacts = pendTask + `state <> 'pending'`
)

// pend schedules a task that this one leads to.
func (c *commit) pend(ctx context.Context, query string, task archiver.Task, barren int) error {
	walk := max(task.Walk, c.outcome.Task.Walk)
	_, err := c.exec(ctx, query, c.outcome.Task.SourceID, task.Role, archiver.Key(task.URL), task.URL, walk, task.Number, barren,
		milli(task.NotBefore), milli(c.outcome.At))
	return err
}
