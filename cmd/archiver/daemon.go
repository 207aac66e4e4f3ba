package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	"archiver"
	"archiver/internal/config"
	"archiver/storage"

	"github.com/spf13/cobra"
)

// This file runs the schedules without cron. Rules: what is due is asked of the clock on the wall at least once a minute, so that a
// clock that jumps and a machine that slept make no difference; the archive is held only while something is synced; a broken
// configuration leaves the one before it in force.

// longestWait is how long the daemon goes without looking at the clock.
const longestWait = time.Minute

func newDaemon(a *app) *cobra.Command {
	var o syncOptions
	cmd := &cobra.Command{
		Use:   "daemon",
		Short: "Sync the sources when their schedules say so, until it is ended",
		Long: `Sync each source when its schedule says so: "archiver sync --due" in a loop, for where there is no cron. SIGHUP has the configuration
read again; SIGTERM and an interrupt end it, within five seconds and with what was finished saved.`,
		Example: "  archiver daemon --budget 30m",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			ctx := cmd.Context()
			store, cfg, err := a.open(ctx)
			if err != nil {
				return err
			}
			defer store.Close()
			if err := o.withConfig(cmd, cfg).check(); err != nil {
				return err
			}
			stop := a.interrupts.grace()
			reload := make(chan os.Signal, 1)
			signal.Notify(reload, syscall.SIGHUP)
			defer signal.Stop(reload)
			d := daemon{app: a, store: store, cfg: cfg, stop: stop, reload: reload, options: func(cfg config.Config) syncOptions { return o.withConfig(cmd, cfg) }}
			return d.run(ctx)
		},
	}
	o.flags(cmd)
	return cmd
}

type daemon struct {
	*app
	store   storage.Store
	cfg     config.Config
	options func(config.Config) syncOptions
	stop    <-chan struct{}
	reload  <-chan os.Signal
	held    bool // by another process, which was said
}

// run syncs what is due, again and again. Being ended is how it ends well.
func (d *daemon) run(ctx context.Context) error {
	for said := false; ; said = true {
		sources, _, err := d.choose(ctx, d.store, d.cfg, nil)
		if err != nil && archiver.KindOf(err) != archiver.Invalid {
			return d.ended(err)
		}
		due, next, err := dueAt(time.Now(), d.cfg, sources)
		if err != nil {
			return err
		}
		if !said && !d.quiet {
			d.greet(sources, due, next)
		}
		if len(due) > 0 {
			if err := d.sync(ctx, due); err != nil {
				return d.ended(err)
			}
		}
		if !d.wait(next) {
			return nil
		}
	}
}

// greet says what the daemon is there for.
func (d *daemon) greet(sources, due []archiver.Source, next time.Time) {
	scheduled := 0
	for _, s := range sources {
		if text := scheduleOf(d.cfg, s); text != "" && text != "off" {
			scheduled++
		}
	}
	when := "none is due"
	switch {
	case len(due) > 0:
		when = fmt.Sprintf("%d due now", len(due))
	case !next.IsZero():
		when = "the next is due at " + next.Format("2006-01-02 15:04")
	}
	fmt.Fprintf(d.Err, "archiver: %s with a schedule; %s\n", count(scheduled, "source"), when)
	if scheduled == 0 {
		fmt.Fprintln(d.Err, "archiver: hint: archiver schedule set SOURCE @daily")
	}
}

// sync syncs the sources that are due. Only trouble with the archive, and the end, are errors.
func (d *daemon) sync(ctx context.Context, due []archiver.Source) error {
	release, err := d.store.Hold(ctx)
	if archiver.KindOf(err) == archiver.Held && err != nil {
		if !d.held {
			sayError(d.Err, err)
		}
		d.held = true
		return nil // a minute later
	}
	if err != nil {
		return err
	}
	defer release()
	d.held = false
	p, err := d.newPass(d.store, d.cfg, d.options(d.cfg))
	if err != nil {
		return err
	}
	p.changesOnly = d.verbose == 0
	err = d.syncAll(ctx, p, due)
	if _, ok := errors.AsType[exit](err); ok {
		return nil // it was said, and the next time may be better
	}
	return err
}

// ended is the error of a daemon that ended: none where it was told to.
func (d *daemon) ended(err error) error {
	if errors.Is(err, context.Canceled) && d.interrupts.came() {
		return nil
	}
	return err
}

// wait sits until it is time to look again. It gives false where the daemon is to end.
func (d *daemon) wait(next time.Time) bool {
	pause := longestWait
	if !next.IsZero() {
		pause = min(pause, max(time.Until(next), 0)+time.Second/10) // the clocks of timer and wall differ a little
	}
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-d.stop:
		return false
	case <-d.reload:
		d.readAgain()
	case <-timer.C:
	}
	return true
}

func (d *daemon) readAgain() {
	cfg, err := d.config()
	if err == nil {
		err = d.options(cfg).check()
	}
	if err != nil {
		sayError(d.Err, err)
		fmt.Fprintln(d.Err, "archiver: the configuration that was read before stays in force")
		return
	}
	d.cfg = cfg
	if !d.quiet {
		fmt.Fprintln(d.Err, "archiver: the configuration was read again")
	}
}
