package sqlite

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"archiver"
)

// TestOpenAfterAKill opens what a killed process leaves behind at the moments when the file itself looks wrong.
func TestOpenAfterAKill(t *testing.T) {
	copyFile := func(t *testing.T, from, to string, bytes int64) {
		t.Helper()
		data, err := os.ReadFile(from)
		if err != nil {
			t.Fatal(err)
		}
		if bytes > 0 {
			data = data[:bytes]
		}
		if err := os.WriteFile(to, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	t.Run("while the log was folded in", func(t *testing.T) {
		dir := t.TempDir()
		path, left := filepath.Join(dir, "a.db"), filepath.Join(dir, "left.db")
		s, err := Open(t.Context(), path, Options{})
		if err != nil {
			t.Fatal(err)
		}
		before, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		for i := range 300 {
			if _, err := s.AddSource(t.Context(), archiver.Source{Name: fmt.Sprint("nlp", i), URL: fmt.Sprintf("https://blog.example/nlp/%d/", i)}); err != nil {
				t.Fatal(err)
			}
		}
		copyFile(t, path+"-wal", left+"-wal", 0)
		if err := s.Close(); err != nil { // folds the log in
			t.Fatal(err)
		}
		// The log is whole, and of the file the pages are written that were there before: its header tells of more than there are.
		copyFile(t, path, left, before.Size())
		if after, err := os.Stat(path); err != nil || after.Size() <= before.Size() {
			t.Fatalf("the file did not grow: %v, %v", after, err)
		}
		for _, opts := range []Options{{ReadOnly: true}, {}} {
			after, err := Open(t.Context(), left, opts)
			if opts.ReadOnly && archiver.KindOf(err) == archiver.Storage && err != nil {
				t.Fatalf("an archive whose log is whole is refused: %v", err)
			}
			if err != nil {
				t.Fatal(err)
			}
			if err := after.Close(); err != nil {
				t.Fatal(err)
			}
		}
	})
	t.Run("while the archive was made", func(t *testing.T) {
		dir := t.TempDir()
		path, left := filepath.Join(dir, "a.db"), filepath.Join(dir, "left.db")
		w, err := connect(t.Context(), path, "mode=rwc")
		if err != nil {
			t.Fatal(err)
		}
		defer w.close()
		// A small cache writes pages before the commit, so the journal and half a file are there to be copied.
		for _, sql := range []string{"PRAGMA cache_size = 2", "BEGIN IMMEDIATE", "CREATE TABLE t (x)",
			"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500) INSERT INTO t SELECT randomblob(3000) FROM n"} {
			if _, err := w.conn.ExecContext(t.Context(), sql); err != nil {
				t.Fatal(err)
			}
		}
		copyFile(t, path, left, 0)
		copyFile(t, path+"-journal", left+"-journal", 0)
		if info, err := os.Stat(left); err != nil || info.Size() == 0 {
			t.Fatalf("there is no half-made file to test with: %v, %v", info, err)
		}
		s, err := Open(t.Context(), left, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.AddSource(t.Context(), archiver.Source{Name: "nlp", URL: "https://blog.example/nlp/"}); err != nil {
			t.Error(err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
}
