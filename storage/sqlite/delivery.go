package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"maps"
	"slices"
	"time"

	"archiver/storage"
)

// This file keeps which texts went where. Rules: only a delivery that is done is noted; what an earlier one brought is never
// unsaid by a later one.

const (
	visitTarget = `INSERT INTO target (name, last) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET last = max(last, excluded.last) RETURNING id`
	deliver     = `INSERT INTO delivery (target, article, revision) SELECT ?1, id, ?3 FROM article WHERE name = ?2
		ON CONFLICT (target, article) DO UPDATE SET revision = max(revision, excluded.revision)`
	deliveredTo = `SELECT t.last, (SELECT count(*) FROM delivery WHERE target = t.id) FROM target t WHERE t.name = ?`
	// A purge takes articles; a target that has none any more is forgotten with them.
	dropTargets = `DELETE FROM target WHERE id NOT IN (SELECT target FROM delivery)`
)

// Deliver notes which revisions a target has now.
func (s *Store) Deliver(ctx context.Context, target string, revisions map[string]int, at time.Time) error {
	if len(revisions) == 0 {
		return nil
	}
	return s.write(ctx, "note delivery", func(ctx context.Context, tx *writer) error {
		var id int64
		if _, err := tx.get(ctx, visitTarget, []any{target, milli(at)}, []any{&id}); err != nil {
			return err
		}
		for _, article := range slices.Sorted(maps.Keys(revisions)) {
			if _, err := tx.exec(ctx, deliver, id, article, revisions[article]); err != nil {
				return err
			}
		}
		return nil
	})
}

// Delivered is what a target has.
func (s *Store) Delivered(ctx context.Context, target string) (storage.Delivered, error) {
	var d storage.Delivered
	err := s.r.QueryRowContext(ctx, deliveredTo, target).Scan((*instant)(&d.Last), &d.Articles)
	if errors.Is(err, sql.ErrNoRows) {
		return storage.Delivered{}, nil
	}
	return d, s.fail("read delivery", err)
}
