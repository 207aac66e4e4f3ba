package fetch

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"archiver"
)

// This file is what is remembered of hosts between runs: an hourly run is the same guest as the one before it. A pause stands
// under the host's name ("blog.example"), robots.txt under the origin's ("https://blog.example"). What cannot be read ends the
// request, since a pause may be forgotten with it; what cannot be kept is told in the log.

// Memory keeps the states of hosts. The state of a name that it does not know is one with nothing but the name.
type Memory interface {
	HostState(ctx context.Context, name string) (archiver.HostState, error)
	PutHostState(ctx context.Context, state archiver.HostState) error
}

// keepTime bounds the keeping of a state after the caller's own time is up: a run that is stopped must still note a pause.
const keepTime = 5 * time.Second

// memory is a Memory, or none.
type memory struct {
	kept Memory
	log  *slog.Logger
}

func (m memory) recall(ctx context.Context, name string) (archiver.HostState, error) {
	if m.kept == nil {
		return archiver.HostState{Name: name}, nil
	}
	state, err := m.kept.HostState(ctx, name)
	if err != nil {
		return state, fmt.Errorf("recall %s: %w", name, err)
	}
	return state, nil
}

func (m memory) keep(ctx context.Context, state archiver.HostState) {
	if m.kept == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), keepTime)
	defer cancel()
	if err := m.kept.PutHostState(ctx, state); err != nil {
		m.log.Warn("the state of a host is not kept for the next run", "host", state.Name, "err", err)
	}
}
