package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"time"

	"archiver"
)

// This file runs the command that follows a sync. Rules: no shell is between, and no value of a page is in its arguments or its
// environment; what it prints is talk; its time is bounded; that it failed undoes nothing.

const (
	// hookTime is enough to write an e-book, and short of the next look at what is due.
	hookTime = 60 * time.Second
	// hookPipes is how long a child that the hook left behind may keep its output open.
	hookPipes = time.Second
)

// hook runs the configuration's command where the pass changed something, with the report on its standard input.
func (p *pass) hook(ctx context.Context) error {
	changed := 0
	for _, r := range p.reports {
		changed += changes(r)
	}
	argv := p.cfg.AfterSync
	if len(argv) == 0 || changed == 0 {
		return nil
	}
	if p.interrupts.came() {
		fmt.Fprintln(p.Err, "archiver: interrupted, so the hook after_sync was not run")
		return nil
	}
	report, err := p.reportJSON()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, hookTime)
	defer cancel()
	cmd := exec.CommandContext(ctx, argv[0], argv[1:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = bytes.NewReader(report), p.Err, p.Err
	cmd.Env = append(os.Environ(), fmt.Sprintf("ARCHIVER_CHANGED=%d", changed), "ARCHIVER_DB="+p.archivePath(p.cfg))
	cmd.WaitDelay = hookPipes
	err = cmd.Run()
	if err == nil {
		return nil
	}
	if ctx.Err() == context.DeadlineExceeded {
		err = fmt.Errorf("it was ended after %s", hookTime)
	}
	if errors.Is(err, exec.ErrNotFound) || errors.Is(err, os.ErrNotExist) {
		err = errors.New("there is no such program")
	}
	return &archiver.Error{Kind: archiver.Invalid, Op: "run hook after_sync", URL: argv[0], Err: err, Hint: "the sync itself is saved"}
}
