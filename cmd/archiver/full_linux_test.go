package main

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"archiver"

	"github.com/google/go-cmp/cmp"
)

// TestFullDisk: where the disk has no room for an export the old file stays whole, nothing is left beside it, and it is said that
// the disk is to blame. The disk is a small one in memory, which only root may mount; other users get a bound on files.
func TestFullDisk(t *testing.T) {
	db := bigArchive(t, 60)
	const size, room = 8 << 20, 8 << 10
	for _, w := range allWrites() {
		t.Run(w.String(), func(t *testing.T) {
			dir := t.TempDir()
			real := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=8m") == nil
			if real {
				t.Cleanup(func() { _ = syscall.Unmount(dir, syscall.MNT_DETACH) })
			} else if w.folder() {
				t.Skip("files of a folder are smaller than the bound, and this user may mount no disk")
			}
			target, ballast := filepath.Join(dir, "x"+w.format.Ext), filepath.Join(dir, "ballast")
			old := []byte("the old file")
			if !w.folder() {
				if err := os.WriteFile(target, old, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			cmd := program(t, db, append([]string{"export", w.format.Name, "-q", "-o", target}, w.args...)...)
			if real {
				if err := os.WriteFile(ballast, make([]byte, size-room), 0o644); err != nil {
					t.Fatal(err)
				}
			} else {
				bounded := exec.CommandContext(t.Context(), "sh", append([]string{"-c", `ulimit -f 34; exec "$@"`, "sh"}, cmd.Args...)...) // SQLite's own file of 32 KiB is within
				bounded.Env = cmd.Env
				cmd = bounded
			}
			out, err := cmd.CombinedOutput()
			if exit, ok := errors.AsType[*exec.ExitError](err); !ok || exit.ExitCode() != archiver.ExitStorage {
				if w.format.Name == "pdf" {
					t.Skipf("there is no browser to print with: %s", out)
				}
				t.Fatalf("%v: %s", err, out)
			}
			if strings.Contains(string(out), ".archiver-") {
				t.Errorf("the draft's name is told: %s", out)
			}
			left := tree(t, dir)
			for name := range left {
				if orphan(name) {
					t.Errorf("%s was left", name)
				}
			}
			if got, err := os.ReadFile(target); !w.folder() && (err != nil || !bytes.Equal(got, old)) {
				t.Errorf("the old file is %.40q, %v", got, err)
			}
			if err := os.RemoveAll(ballast); err != nil {
				t.Fatal(err)
			}
			output(t, program(t, db, append([]string{"export", w.format.Name, "-q", "-o", target}, w.args...)...))
			whole := tree(t, dir)
			for name, sum := range left {
				if name != "ballast" && w.folder() && !isManifest(name) && whole[name] != sum {
					t.Errorf("%s was not whole", name)
				}
			}
			fresh := t.TempDir()
			output(t, program(t, db, append([]string{"export", w.format.Name, "-q", "-o", filepath.Join(fresh, "x"+w.format.Ext)}, w.args...)...))
			if diff := cmp.Diff(tree(t, fresh), whole); diff != "" {
				t.Errorf("the run after it did not put it right (-want +got):\n%s", diff)
			}
		})
	}
}
