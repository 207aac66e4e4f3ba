package main

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"archiver"
	"archiver/export"
	"archiver/internal/testsite"

	"github.com/google/go-cmp/cmp"
)

// killsVariable is how often each format is killed; 10 times where it is not set.
const killsVariable = "ARCHIVER_TEST_KILLS"

func kills(t *testing.T) int {
	text := os.Getenv(killsVariable)
	if text == "" {
		return 10
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatalf("%s is %q", killsVariable, text)
	}
	return n
}

// bigArchive is one whose export takes long enough to be hit.
func bigArchive(t *testing.T, posts int) string {
	t.Helper()
	site, err := testsite.Start(testsite.Posts(posts), testsite.PerPage(50))
	if err != nil {
		t.Fatal(err)
	}
	defer site.Close()
	db := filepath.Join(t.TempDir(), "archive.db")
	output(t, program(t, db, "sync", site.Category(), "--delay", "0", "-q"))
	return db
}

// writes is one way to export, twice: the second one changes what the first one wrote.
type writes struct {
	format export.Format
	args   []string
	other  []string // more of them for the second one, where one file is changed in its place
}

func (w writes) String() string { return strings.Join(append([]string{w.format.Name}, w.args...), " ") }

func (w writes) folder() bool { return w.format.Dir || len(w.args) > 0 }

func allWrites() (all []writes) {
	for _, f := range export.Formats() {
		all = append(all, writes{format: f, other: []string{"--order", "newest"}})
		if f.Name == "epub" {
			all = append(all, writes{format: f, args: []string{"--per-article"}}, writes{format: f, args: []string{"--split", "20"}})
		}
	}
	return all
}

// tree is what a folder holds: sums by path.
func tree(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		name, _ := filepath.Rel(dir, path)
		files[name] = fmt.Sprintf("%x", sha256.Sum256(data))
		return err
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	return files
}

// orphan reports whether a file is a draft that a killed run left.
func orphan(name string) bool { return strings.HasPrefix(filepath.Base(name), ".archiver-") }

// TestKilledExport: whenever an export is killed, what stands under a final name is whole, and the next run sweeps what was left.
func TestKilledExport(t *testing.T) {
	db := bigArchive(t, 100)
	for _, w := range allWrites() {
		t.Run(w.String(), func(t *testing.T) {
			dir := t.TempDir()
			target := filepath.Join(dir, "x"+w.format.Ext)
			line := func(more ...string) *exec.Cmd {
				return program(t, db, append(append([]string{"export", w.format.Name, "-q", "-o", target}, w.args...), more...)...)
			}
			empty := func() {
				if err := errors.Join(os.RemoveAll(dir), os.Mkdir(dir, 0o755)); err != nil {
					t.Fatal(err)
				}
			}
			span := time.Hour
			for range 2 { // the faster one, or most kills would come too late
				empty()
				began := time.Now()
				if out, err := line().CombinedOutput(); err != nil {
					if w.format.Name == "pdf" {
						t.Skipf("there is no browser to print with: %s", out)
					}
					t.Fatalf("%v: %s", err, out)
				}
				span = min(span, time.Since(began))
			}
			whole := []map[string]string{tree(t, dir)} // the states that are whole
			if !w.folder() {
				output(t, line(w.other...))
				whole = append(whole, tree(t, dir))
			}
			hit, orphans, now := 0, 0, len(whole)-1
			for tries := kills(t) * 5; hit < kills(t) && tries > 0; tries-- {
				more := []string(nil)
				if w.folder() {
					empty()
				} else if now == 0 {
					more = w.other
				}
				cmd := line(more...)
				if err := cmd.Start(); err != nil {
					t.Fatal(err)
				}
				timer := time.AfterFunc(rand.N(span), func() { _ = cmd.Process.Kill() }) // it may have ended by itself
				if cmd.Wait() != nil {
					hit++
				}
				timer.Stop()
				left := tree(t, dir)
				for name, sum := range left {
					switch {
					case orphan(name):
						orphans++
						delete(left, name)
					case w.folder() && !isManifest(name) && sum != whole[0][name]:
						t.Errorf("%s is there and is not whole", name)
					}
				}
				if !w.folder() {
					switch {
					case cmp.Equal(left, whole[0]):
						now = 0
					case cmp.Equal(left, whole[1]):
						now = 1
					default:
						t.Errorf("what is there is neither the old file nor the new one: %v", left)
					}
				}
				if w.folder() {
					output(t, line())
					if diff := cmp.Diff(whole[0], tree(t, dir)); diff != "" {
						t.Errorf("the run after it did not put it right (-want +got):\n%s", diff)
					}
				}
			}
			output(t, line())
			if diff := cmp.Diff(whole[0], tree(t, dir)); diff != "" {
				t.Errorf("the last run did not put it right (-want +got):\n%s", diff)
			}
			t.Logf("%d kills hit, %d orphans were swept, an export takes %v", hit, orphans, span)
		})
	}
}

// isManifest tells the one file of a folder that changes with every other one.
func isManifest(name string) bool { return strings.HasPrefix(filepath.Base(name), ".") }

// TestStoppedExport: a signal ends an export with the old file whole, no draft beside it, and nothing noted as delivered.
func TestStoppedExport(t *testing.T) {
	db := bigArchive(t, 150)
	const tries = 10 // the machine may be too fast for a signal
	for range tries {
		dir := t.TempDir()
		target := filepath.Join(dir, "x.epub")
		old := []byte("an old book")
		if err := os.WriteFile(target, old, 0o644); err != nil {
			t.Fatal(err)
		}
		cmd := program(t, db, "export", "epub", "--new", "-o", target)
		var said bytes.Buffer
		cmd.Stderr = &said
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		waitFor(t, func() bool { // until it writes, or has written
			files, err := os.ReadDir(dir)
			info, wrong := os.Stat(target)
			return err != nil || wrong != nil || len(files) > 1 || info.Size() != int64(len(old))
		})
		_ = cmd.Process.Signal(syscall.SIGINT)
		if cmd.Wait() == nil {
			continue
		}
		if code := cmd.ProcessState.ExitCode(); code != archiver.ExitInterrupted {
			t.Fatalf("exit code %d: %s", code, said.String())
		}
		got, err := os.ReadFile(target)
		if err != nil || !bytes.Equal(got, old) {
			t.Errorf("the old file is %q, %v", got, err)
		}
		if files := tree(t, dir); len(files) != 1 {
			t.Errorf("left beside it: %v", files)
		}
		if out := output(t, program(t, db, "export", "epub", "--new", "-o", target)); !strings.Contains(out, "150 articles") {
			t.Errorf("what was broken off is not new any more: %s", out)
		}
		return
	}
	t.Error("every export was over before the signal came")
}
