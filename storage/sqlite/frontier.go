package sqlite

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"

	"archiver"
)

// roles in the order in which they are done.
var roles = [...]archiver.Role{archiver.RoleListing, archiver.RoleFacts, archiver.RoleArticle}

const taskColumns = `id, source, role, url, state, attempt, walk, number, barren, not_before, lease_until, entries, reason`

const (
	beginWalk = `UPDATE source SET walk = walk + 1 WHERE id = ? AND removed = 0 RETURNING walk, url, key`
	// A pause that the server asked for holds for the new walk too.
	pendFirst = `INSERT INTO task (source, role, key, url, state, attempt, walk, number, barren, not_before, lease_until, changed, reason, entries)
		VALUES (?1, 'listing', ?2, ?3, 'pending', 0, ?4, 1, 0, 0, 0, ?5, '', '')
		ON CONFLICT (source, role, key) DO UPDATE SET state = 'pending', url = excluded.url, attempt = 0, walk = excluded.walk, number = 1,
		barren = 0, not_before = iif(state = 'pending', not_before, 0), lease_until = 0, changed = excluded.changed, reason = ''`
	// What is left of an earlier walk has no use once the listing is walked anew.
	endOldWalk = `UPDATE task SET state = 'done', lease_until = 0, changed = ?2
		WHERE source = ?1 AND role = 'listing' AND state = 'pending' AND walk < ?3`
	// Only the run that holds the archive begins walks: what an earlier one had leased when it was killed is free.
	freeLeases = `UPDATE task SET lease_until = 0 WHERE source = ? AND state = 'pending' AND lease_until > 0`
	// Only one run syncs at a time, so a lease that is left is of one that was killed.
	voidLeases = `UPDATE task SET lease_until = 0 WHERE source = ?1 AND state = 'pending' AND lease_until > 0`
	pendDue    = `UPDATE task SET state = 'pending', attempt = 0, not_before = 0, lease_until = 0, changed = ?2,
		walk = iif(role = 'listing', ?3, walk)
		WHERE source = ?1 AND state NOT IN ('pending', 'done') AND (state = 'failed' OR not_before BETWEEN 1 AND ?2)`
)

// StartWalk begins a new walk of the source's listing.
func (s *Store) StartWalk(ctx context.Context, sourceID int64, now time.Time) (walk int64, err error) {
	err = s.write(ctx, "start walk", func(ctx context.Context, tx *writer) error {
		var url, key string
		found, err := tx.get(ctx, beginWalk, []any{sourceID}, []any{&walk, &url, &key})
		if err != nil {
			return err
		}
		if !found {
			return noSource(fmt.Sprint(sourceID))
		}
		if _, err := tx.exec(ctx, pendFirst, sourceID, key, url, walk, milli(now)); err != nil {
			return err
		}
		if _, err := tx.exec(ctx, endOldWalk, sourceID, milli(now), walk); err != nil {
			return err
		}
		if _, err := tx.exec(ctx, freeLeases, sourceID); err != nil {
			return err
		}
		if _, err := tx.exec(ctx, voidLeases, sourceID); err != nil {
			return err
		}
		_, err = tx.exec(ctx, pendDue, sourceID, milli(now), walk)
		return err
	})
	return walk, err
}

const (
	// Tasks that never waited come first, then those whose pause is over, the longest wait first.
	claimDue = `UPDATE task SET lease_until = ?4 WHERE id IN (
		SELECT id FROM task WHERE source = ?1 AND role = ?2 AND state = 'pending' AND not_before <= ?3 AND lease_until <= ?3
		ORDER BY not_before, number, id LIMIT ?5) RETURNING ` + taskColumns
	anyLeased  = `SELECT 1 FROM task WHERE source = ?1 AND role = ?2 AND state = 'pending' AND lease_until > ?3 LIMIT 1`
	isRemoved  = `SELECT 1 FROM source WHERE id = ? AND removed = 1`
	freeLease  = `UPDATE task SET lease_until = 0 WHERE id = ? AND state = 'pending' AND lease_until = ?`
	taskTotals = `SELECT role, count(*), min(max(not_before, lease_until)) FROM task WHERE source = ? AND state = 'pending' GROUP BY role`
	problems   = `SELECT ` + taskColumns + ` FROM task WHERE source = ? AND state NOT IN ('pending', 'done') ORDER BY changed, id`
)

// Claim leases up to limit due tasks.
func (s *Store) Claim(ctx context.Context, sourceID int64, now time.Time, lease time.Duration, limit int) (tasks []archiver.Task, err error) {
	if limit <= 0 {
		return nil, nil
	}
	err = s.write(ctx, "claim tasks", func(ctx context.Context, tx *writer) error {
		if removed, err := tx.get(ctx, isRemoved, []any{sourceID}, []any{new(int)}); err != nil || removed {
			return err
		}
		for _, role := range roles {
			err := tx.query(ctx, func(rows *sql.Rows) error {
				task, err := scanTask(rows)
				tasks = append(tasks, task)
				return err
			}, claimDue, sourceID, role, milli(now), milli(now.Add(lease)), limit)
			if err != nil || len(tasks) > 0 {
				return err
			}
			if leased, err := tx.get(ctx, anyLeased, []any{sourceID, role, milli(now)}, []any{new(int)}); err != nil || leased {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	// RETURNING has no order.
	slices.SortFunc(tasks, func(a, b archiver.Task) int {
		return cmp.Or(a.NotBefore.Compare(b.NotBefore), cmp.Compare(a.Number, b.Number), cmp.Compare(a.ID, b.ID))
	})
	return tasks, nil
}

// Release gives a claimed task back. A lease that ran out and went to another stays there.
func (s *Store) Release(ctx context.Context, task archiver.Task) error {
	return s.write(ctx, "release task", func(ctx context.Context, tx *writer) error {
		_, err := tx.exec(ctx, freeLease, task.ID, milli(task.LeaseUntil))
		return err
	})
}

// Backlog is what is left to do.
func (s *Store) Backlog(ctx context.Context, sourceID int64) (archiver.Backlog, error) {
	const op = "count tasks"
	rows, err := s.r.QueryContext(ctx, taskTotals, sourceID)
	if err != nil {
		return archiver.Backlog{}, s.fail(op, err)
	}
	var backlog archiver.Backlog
	var due int64 = -1
	err = each(rows, func(rows *sql.Rows) error {
		var role archiver.Role
		var n int
		var earliest int64
		if err := rows.Scan(&role, &n, &earliest); err != nil {
			return err
		}
		switch role {
		case archiver.RoleListing:
			backlog.Listing = n
		case archiver.RoleFacts:
			backlog.Facts = n
		case archiver.RoleArticle:
			backlog.Articles = n
		}
		if due < 0 || earliest < due {
			due = earliest
		}
		return nil
	})
	if due >= 0 {
		backlog.Due = time.UnixMilli(due).UTC() // the epoch where one is due at once
	}
	return backlog, s.fail(op, err)
}

// Problems are the tasks that did not end well.
func (s *Store) Problems(ctx context.Context, sourceID int64) ([]archiver.Task, error) {
	const op = "list problems"
	rows, err := s.r.QueryContext(ctx, problems, sourceID)
	if err != nil {
		return nil, s.fail(op, err)
	}
	var tasks []archiver.Task
	err = each(rows, func(rows *sql.Rows) error {
		task, err := scanTask(rows)
		tasks = append(tasks, task)
		return err
	})
	return tasks, s.fail(op, err)
}

// scanTask reads taskColumns.
func scanTask(rows *sql.Rows) (archiver.Task, error) {
	var t archiver.Task
	var entries string
	err := rows.Scan(&t.ID, &t.SourceID, &t.Role, &t.URL, &t.State, &t.Attempt, &t.Walk, &t.Number, &t.Barren,
		(*instant)(&t.NotBefore), (*instant)(&t.LeaseUntil), &entries, &t.Reason)
	if err == nil {
		t.Entries, err = decodeEntries(entries)
	}
	return t, err
}
