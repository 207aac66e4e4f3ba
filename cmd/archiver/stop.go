package main

import (
	"context"
	"os"
	"os/signal"
	"sync/atomic"
	"syscall"
	"time"
)

// This file is how a run is ended from outside. Rules: the first signal ends a run in good order, the second at once. A command that
// has work in hand which is better finished says so, and gets a little time for it; every other one is cancelled.

// stopGrace is how long what is in hand may take after the first signal. A service manager that waits five seconds gets its exit.
const stopGrace = 3500 * time.Millisecond

// interrupts hears the signals that end a run. The zero value hears none.
type interrupts struct {
	asked    chan struct{} // closed at the first signal
	graceful atomic.Bool
}

// listen gives a context that is cancelled when the run has to end. end must be called.
func (i *interrupts) listen(ctx context.Context) (_ context.Context, end func()) {
	i.asked = make(chan struct{})
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	ctx, cancel := context.WithCancel(ctx)
	go func() {
		select {
		case <-signals:
		case <-ctx.Done():
			return
		}
		signal.Stop(signals) // the second one finds nobody home
		close(i.asked)
		if i.graceful.Load() {
			timer := time.NewTimer(stopGrace)
			defer timer.Stop()
			select {
			case <-timer.C:
			case <-ctx.Done():
			}
		}
		cancel()
	}()
	return ctx, func() { cancel(); signal.Stop(signals) }
}

// grace has the first signal close stop only, and cancel the run stopGrace later.
func (i *interrupts) grace() (stop <-chan struct{}) {
	i.graceful.Store(true)
	return i.asked
}

// came reports whether there was a signal.
func (i *interrupts) came() bool {
	select {
	case <-i.asked:
		return true
	default:
		return false
	}
}
