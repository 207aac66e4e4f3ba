package sqlite

import (
	"context"
	"database/sql"
	"errors"

	"archiver"
)

const (
	hostOf  = `SELECT paused, robots, robots_at FROM host WHERE name = ?`
	putHost = `INSERT INTO host (name, paused, robots, robots_at) VALUES (?, ?, ?, ?)
		ON CONFLICT (name) DO UPDATE SET paused = excluded.paused, robots = excluded.robots, robots_at = excluded.robots_at`
)

// HostState is what is remembered of a host: a state with nothing but the name where that is nothing.
func (s *Store) HostState(ctx context.Context, name string) (archiver.HostState, error) {
	state := archiver.HostState{Name: name}
	err := s.r.QueryRowContext(ctx, hostOf, name).Scan((*instant)(&state.Paused), &state.Robots, (*instant)(&state.RobotsAt))
	if errors.Is(err, sql.ErrNoRows) {
		return state, nil
	}
	return state, s.fail("read state of host", err)
}

// PutHostState puts a state in the place of the one that its name had.
func (s *Store) PutHostState(ctx context.Context, state archiver.HostState) error {
	return s.write(ctx, "save state of host", func(ctx context.Context, tx *writer) error {
		_, err := tx.exec(ctx, putHost, state.Name, milli(state.Paused), state.Robots, milli(state.RobotsAt))
		return err
	})
}
