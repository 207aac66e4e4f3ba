package sqlite

import (
	"cmp"
	"context"
	"database/sql"
	"slices"
	"time"

	"archiver"
)

// roles in the order in which they are done.
var roles = [...]archiver.Role{archiver.RoleListing, archiver.RoleFacts, archiver.RoleArticle, archiver.RoleAsset}

const taskColumns = `id, source, role, url, state, attempt, walk, number, barren, not_before, lease_until, entries, reason`

// claimColumns say of a task also what the archive has of its address.
const claimColumns = taskColumns + `, role = 'article' AND EXISTS (SELECT 1 FROM address WHERE key = task.key),
	coalesce((SELECT etag FROM validator WHERE key = task.key), ''), coalesce((SELECT modified FROM validator WHERE key = task.key), '')`

const (
	// Tasks that never waited come first, then those whose pause is over, the longest wait first.
	claimDue = `UPDATE task SET lease_until = ?4 WHERE id IN (
		SELECT id FROM task WHERE source = ?1 AND role = ?2 AND state = 'pending' AND not_before <= ?3 AND lease_until <= ?3
		ORDER BY not_before, number, id LIMIT ?5) RETURNING ` + claimColumns
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
				task, err := scanTask(rows, claimed)
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
		case archiver.RoleAsset:
			backlog.Assets = n
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
		task, err := scanTask(rows, nil)
		tasks = append(tasks, task)
		return err
	})
	return tasks, s.fail(op, err)
}

// scanTask reads taskColumns, and what more gives places for.
func scanTask(rows *sql.Rows, more func(*archiver.Task) []any) (archiver.Task, error) {
	var t archiver.Task
	var entries string
	dest := []any{&t.ID, &t.SourceID, &t.Role, &t.URL, &t.State, &t.Attempt, &t.Walk, &t.Number, &t.Barren,
		(*instant)(&t.NotBefore), (*instant)(&t.LeaseUntil), &entries, &t.Reason}
	if more != nil {
		dest = append(dest, more(&t)...)
	}
	err := rows.Scan(dest...)
	if err == nil {
		t.Entries, err = decodeEntries(entries)
	}
	t.Missing = t.Role == archiver.RoleArticle && t.Number == 1
	return t, err
}

// claimed are where the rest of claimColumns goes.
func claimed(t *archiver.Task) []any {
	return []any{&t.Known, &t.Validator.ETag, &t.Validator.Modified}
}
