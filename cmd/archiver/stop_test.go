package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"archiver"
	"archiver/internal/testsite"
)

// TestStoppedSync is the promise of the first signal: the article in hand is finished where it comes in time, nothing more is begun,
// and the program ends within five seconds; the second signal ends it at once.
func TestStoppedSync(t *testing.T) {
	tests := []struct {
		name            string
		slow            time.Duration // of each article
		signals         int
		atLeast, atMost time.Duration // from the first signal to the end
		finished        bool
	}{
		{"what comes in time is finished", time.Second, 1, 0, 3 * time.Second, true},
		{"what does not is broken off", time.Minute, 1, 3 * time.Second, 5 * time.Second, false},
		{"the second signal ends it at once", time.Minute, 2, 0, 2 * time.Second, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			blog := []testsite.Option{testsite.Posts(5)}
			for n := range 10 {
				blog = append(blog, testsite.OnPath(fmt.Sprintf("/archives/%d", 100+n), testsite.Slow(tt.slow)))
			}
			site, err := testsite.Start(blog...)
			if err != nil {
				t.Fatal(err)
			}
			defer site.Close()
			db := filepath.Join(t.TempDir(), "archive.db")
			cmd := program(t, db, "sync", site.Category(), "--delay", "0", "--concurrency", "1", "-vv")
			lines, err := cmd.StderrPipe()
			if err != nil {
				t.Fatal(err)
			}
			var out bytes.Buffer
			cmd.Stdout = &out
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			waitFor(t, func() bool {
				for _, r := range site.Requests() {
					if strings.HasPrefix(r.Path, "/archives/") {
						return true
					}
				}
				return false
			})
			began := time.Now()
			_ = cmd.Process.Signal(syscall.SIGTERM)
			var said strings.Builder
			read := make(chan bool)
			go func() {
				defer close(read)
				for s := bufio.NewScanner(lines); s.Scan(); {
					said.WriteString(s.Text() + "\n")
				}
			}()
			if tt.signals > 1 {
				// The first one has to be heard as the first.
				ended := make(chan bool)
				go func() {
					tick := time.NewTicker(200 * time.Millisecond)
					defer tick.Stop()
					for {
						select {
						case <-tick.C:
							_ = cmd.Process.Signal(syscall.SIGTERM)
						case <-ended:
							return
						}
					}
				}()
				defer close(ended)
			}
			<-read
			err = cmd.Wait()
			took := time.Since(began)
			if took < tt.atLeast || took > tt.atMost {
				t.Errorf("it ended after %v", took)
			}
			exit, _ := errors.AsType[*exec.ExitError](err)
			if tt.signals == 1 && (exit == nil || exit.ExitCode() != archiver.ExitInterrupted || !strings.Contains(said.String(), "everything that was finished is saved")) {
				t.Errorf("%v\n%s", err, said.String())
			}
			if got := len(listed(t, db)); (got == 1) != tt.finished || got > 1 {
				t.Errorf("%d articles are saved", got)
			}
		})
	}
}

// TestDaemon: the daemon syncs what is due, hears of a new configuration, and ends well when it is told to.
func TestDaemon(t *testing.T) {
	site, err := testsite.Start(testsite.Posts(3))
	if err != nil {
		t.Fatal(err)
	}
	defer site.Close()
	dir := t.TempDir()
	db, config := filepath.Join(dir, "archive.db"), filepath.Join(dir, "config.toml")
	write := func(text string) {
		t.Helper()
		if err := writeWhole("test", config, []byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	write("delay = '0s'\n")
	output(t, program(t, db, "add", site.Category()))
	cmd := program(t, db, "--config", config, "daemon")
	lines, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	cmd.Stdout = &out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	said := bufio.NewScanner(lines)
	expect := func(words string) {
		t.Helper()
		for said.Scan() {
			if strings.Contains(said.Text(), words) {
				return
			}
		}
		t.Fatalf("it never said %q", words)
	}
	expect("0 sources with a schedule; none is due")
	write("delay = '0s'\nschedule = '@nightly'\n")
	_ = cmd.Process.Signal(syscall.SIGHUP)
	expect(`"@nightly" is no schedule`)
	expect("stays in force")
	write("delay = '0s'\nschedule = '@daily'\n")
	_ = cmd.Process.Signal(syscall.SIGHUP)
	expect("was read again")
	waitFor(t, func() bool { return len(listed(t, db)) == 3 })
	var talk []byte
	waitFor(t, func() bool { // the archive is not held between two syncs; the daemon's own may still be ending
		talk, err = program(t, db, "sync", "nlp", "--delay", "0").CombinedOutput()
		stopped, ok := errors.AsType[*exec.ExitError](err)
		return !ok || stopped.ExitCode() != archiver.ExitHeld
	})
	if err != nil {
		t.Errorf("a sync beside the daemon: %v\n%s", err, talk)
	}
	began := time.Now()
	_ = cmd.Process.Signal(syscall.SIGTERM)
	for said.Scan() {
		t.Errorf("it said: %s", said.Text())
	}
	if err := cmd.Wait(); err != nil || time.Since(began) > 5*time.Second {
		t.Errorf("%v after %v", err, time.Since(began))
	}
	if !strings.Contains(out.String(), "nlp: 3 saved") {
		t.Errorf("it said of the sync: %q", out.String())
	}
}

// waitFor polls until something is so.
func waitFor(t *testing.T, so func() bool) {
	t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	limit := time.NewTimer(30 * time.Second)
	defer limit.Stop()
	for !so() {
		select {
		case <-tick.C:
		case <-limit.C:
			t.Fatal("it never came")
		}
	}
}
