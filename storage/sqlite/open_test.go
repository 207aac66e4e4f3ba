package sqlite

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"archiver"
	"archiver/storage"
)

// refused wants Open to fail with an error of kind Storage that says what happened and what to do, and the file to stay as it is.
func refused(t *testing.T, path string, opts Options, says string) {
	t.Helper()
	before, _ := os.ReadFile(path)
	s, err := Open(t.Context(), path, opts)
	if err == nil {
		s.Close()
		t.Fatalf("Open(%s) gave no error", path)
	}
	if archiver.KindOf(err) != archiver.Storage || !strings.Contains(err.Error(), says) || archiver.HintOf(err) == "" {
		t.Errorf("Open gave %q of kind %v with the hint %q, want one of kind storage that says %q", err, archiver.KindOf(err), archiver.HintOf(err), says)
	}
	after, _ := os.ReadFile(path)
	if !bytes.Equal(before, after) {
		t.Error("the file was changed")
	}
	for _, beside := range []string{"-wal", "-shm", "-journal", ".v1.bak"} {
		if _, err := os.Stat(path + beside); err == nil {
			t.Errorf("%s was left beside the file", beside)
		}
	}
}

func TestOpenRefuses(t *testing.T) {
	dir := t.TempDir()
	file := func(name string, content string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	foreign := filepath.Join(dir, "foreign.db")
	newer := filepath.Join(dir, "newer.db")
	openAt(t, newer, Options{}).Close()
	for path, script := range map[string]string{
		foreign: "CREATE TABLE t (x); PRAGMA user_version = 1; PRAGMA journal_mode = WAL",
		newer:   "PRAGMA user_version = 99; PRAGMA wal_checkpoint(TRUNCATE)",
	} {
		run(t, path, script)
	}
	tests := []struct {
		name, path, says string
		opts             Options
	}{
		{"a text", file("notes.txt", strings.Repeat("no database\n", 1000)), "not an SQLite database", Options{}},
		{"a short text", file("short.txt", "x"), "no archive", Options{}},
		{"a database of another program", foreign, "another program", Options{}},
		{"an archive of a newer version", newer, "a newer archiver wrote it", Options{}},
		{"an archive of a newer version, to read", newer, "a newer archiver wrote it", Options{ReadOnly: true}},
		{"a folder", dir, "it is a folder", Options{}},
		{"nothing, to read", filepath.Join(dir, "none.db"), "no archive yet", Options{ReadOnly: true}},
		{"an empty file, to read", file("empty.db", ""), "no archive yet", Options{ReadOnly: true}},
		{"a file as folder", filepath.Join(dir, "notes.txt", "a.db"), "", Options{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) { refused(t, tt.path, tt.opts, tt.says) })
	}
	if _, err := os.Stat(filepath.Join(dir, "none.db")); err == nil {
		t.Error("a command that only reads made the file")
	}
}

// run executes a script on a file with a connection of its own.
func run(t *testing.T, path, script string) {
	t.Helper()
	db, err := sql.Open("sqlite", dsn(path, "mode=rwc"))
	if err == nil {
		_, err = db.Exec(script)
	}
	if err = errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
}

func TestOpenMakesAPrivateFile(t *testing.T) {
	s := openTemp(t)
	info, err := os.Stat(s.path)
	if err != nil {
		t.Fatal(err)
	}
	if runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("the file has mode %v, want 0600", info.Mode())
	}
	for pragma, want := range map[string]string{
		"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "busy_timeout": fmt.Sprint(busyTimeout), "page_size": fmt.Sprint(pageSize),
		"application_id": fmt.Sprint(applicationID), "user_version": fmt.Sprint(len(migrations)),
	} {
		var got string
		if err := s.w.conn.QueryRowContext(t.Context(), "PRAGMA "+pragma).Scan(&got); err != nil || got != want {
			t.Errorf("PRAGMA %s is %q (%v), want %q", pragma, got, err, want)
		}
	}
	if _, err := s.r.Exec("DELETE FROM source"); !hasCode(err, 8) {
		t.Errorf("a reader could write: %v", err)
	}
	if _, err := s.w.conn.ExecContext(t.Context(), `SELECT "no such column"`); err == nil {
		t.Error("a name in double quotes was read as text")
	}
}

func TestOpenOddNames(t *testing.T) {
	for _, name := range []string{"a b.db", "100%.db", "what?.db", "x#y.db", "档案.db", "a&b=c.db", "'.db", `".db`} {
		if runtime.GOOS == "windows" && strings.ContainsAny(name, `?"`) {
			continue
		}
		path := filepath.Join(t.TempDir(), name)
		fill(t, openAt(t, path, Options{}), 1, 1)
		if _, err := os.Stat(path); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestOpenThroughLinkLocksOneFile(t *testing.T) {
	s := openTemp(t)
	link := filepath.Join(t.TempDir(), "link.db")
	if err := os.Symlink(s.path, link); err != nil {
		t.Skip(err)
	}
	release, err := s.Hold(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer release()
	_, err = openAt(t, link, Options{}).Hold(t.Context())
	if archiver.KindOf(err) != archiver.Held || !strings.Contains(err.Error(), fmt.Sprintf("process %d", os.Getpid())) {
		t.Errorf("Hold through a link gave %v", err)
	}
}

func TestReadOnly(t *testing.T) {
	path := filepath.Join(t.TempDir(), "archive.db")
	w := openAt(t, path, Options{})
	fill(t, w, 60, 60)
	r := openAt(t, path, Options{ReadOnly: true})
	if _, err := r.AddSource(t.Context(), archiver.Source{Name: "x", URL: "https://x.example/"}); archiver.KindOf(err) != archiver.Storage {
		t.Errorf("AddSource gave %v", err)
	}
	n := 0
	for _, err := range r.Articles(t.Context(), storage.Query{}) {
		if err != nil {
			t.Fatal(err)
		}
		n++
	}
	if n != 60 {
		t.Errorf("read %d articles, want 60", n)
	}
	// The index is the one thing it may write.
	hits, err := r.Search(t.Context(), "王小明", storage.SearchOptions{Limit: 100})
	if err != nil || len(hits) != 60 {
		t.Errorf("Search gave %d hits, %v", len(hits), err)
	}
}

// TestReadOnlyDisk reads an archive that was closed cleanly in a folder that nobody may write to.
func TestReadOnlyDisk(t *testing.T) {
	if runtime.GOOS == "windows" || os.Getuid() == 0 {
		t.Skip("this user may write everywhere")
	}
	dir := t.TempDir()
	path := filepath.Join(dir, "archive.db")
	s := openAt(t, path, Options{})
	fill(t, s, 3, 3)
	s.Close()
	if err := errors.Join(os.Chmod(path, 0o400), os.Chmod(dir, 0o500)); err != nil {
		t.Fatal(err)
	}
	defer os.Chmod(dir, 0o700)
	r := openAt(t, path, Options{ReadOnly: true})
	if _, err := r.Source(t.Context(), "nlp"); err != nil {
		t.Error(err)
	}
	if _, err := r.Search(t.Context(), "x", storage.SearchOptions{}); archiver.KindOf(err) != archiver.Storage || archiver.HintOf(err) == "" {
		t.Errorf("Search gave %v", err)
	}
	if _, err := Open(t.Context(), path, Options{}); archiver.KindOf(err) != archiver.Storage {
		t.Errorf("Open gave %v", err)
	}
}

// TestFullDisk fills the file to a bound in the place of a disk.
func TestFullDisk(t *testing.T) {
	s := openTemp(t)
	fill(t, s, 20, 20)
	source, err := s.Source(t.Context(), "nlp")
	if err != nil {
		t.Fatal(err)
	}
	var pages int
	if err := s.w.conn.QueryRowContext(t.Context(), "PRAGMA page_count").Scan(&pages); err != nil {
		t.Fatal(err)
	}
	bound := func(pages int) {
		if _, err := s.w.conn.ExecContext(t.Context(), fmt.Sprintf("PRAGMA max_page_count = %d", pages)); err != nil {
			t.Fatal(err)
		}
	}
	bound(pages + 2)
	task := archiver.Task{ID: 1, SourceID: source.ID, Role: archiver.RoleListing, URL: source.URL, Walk: source.Walk}
	listed := archiver.Outcome{Task: task, State: archiver.TaskDone, At: epoch}
	for i := range 5000 {
		listed.Entries = append(listed.Entries, archiver.Entry{Channel: archiver.ChannelListing, URL: fmt.Sprintf("https://blog.example/more/%d/", i)})
	}
	_, err = s.Commit(t.Context(), listed)
	if archiver.KindOf(err) != archiver.Storage || !strings.Contains(err.Error(), "the disk is full") || !strings.Contains(archiver.HintOf(err), "free some space") {
		t.Fatalf("Commit on a full disk gave %v, hint %q", err, archiver.HintOf(err))
	}
	backlog, err := s.Backlog(t.Context(), source.ID)
	if err != nil || backlog.Articles != 0 {
		t.Errorf("half an outcome was kept: %v, %v", backlog, err)
	}
	n := 0
	for _, err := range s.Articles(t.Context(), storage.Query{}) {
		if err != nil {
			t.Fatal(err)
		}
		n++
	}
	if n != 20 {
		t.Errorf("%d articles are readable, want 20", n)
	}
	bound(1 << 30)
	if receipt, err := s.Commit(t.Context(), listed); err != nil || receipt.NewArticles != 5000 {
		t.Errorf("Commit after space was freed gave %v, %v", receipt, err)
	}
	if found, err := s.Check(t.Context()); err != nil || len(found) > 0 {
		t.Errorf("Check: %v, %v", found, err)
	}
}

func TestReadersAreNotKeptWaiting(t *testing.T) {
	s := openTemp(t)
	fill(t, s, 30, 30)
	inside, leave := make(chan struct{}), make(chan struct{})
	done := make(chan error, 1)
	go func() {
		done <- s.write(t.Context(), "test", func(ctx context.Context, tx *writer) error {
			_, err := tx.exec(ctx, "UPDATE article SET state = 'gone'")
			close(inside)
			<-leave
			return err
		})
	}()
	<-inside
	n := 0
	for a, err := range s.Articles(t.Context(), storage.Query{}) {
		if err != nil || a.State != archiver.ArticleSaved {
			t.Fatalf("read %v, %v during a transaction", a.State, err)
		}
		n++
	}
	if n != 30 {
		t.Errorf("read %d articles, want 30", n)
	}
	// Another writer waits for its turn no longer than its context lasts.
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	if _, err := s.StartWalk(ctx, 1, epoch, archiver.WalkOptions{}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("StartWalk gave %v", err)
	}
	close(leave)
	if err := <-done; err != nil {
		t.Error(err)
	}
}

func TestCheckFindsDamage(t *testing.T) {
	for script, says := range map[string]string{
		"UPDATE revision SET html = html || ' ' WHERE article = 1":                      "text or facts are not what was saved",
		"UPDATE revision SET markdown = 'x' WHERE article = 1":                          "text or facts are not what was saved",
		"UPDATE page SET raw = x'28b52ffd' WHERE id = 1":                                "its raw page is damaged",
		"PRAGMA foreign_keys = 0; DELETE FROM source":                                   "rows of table",
		"DELETE FROM address WHERE article = 1":                                         "has no address",
		"DELETE FROM revision WHERE article = 1":                                        "has no text and no facts",
		"DELETE FROM search WHERE rowid = 1":                                            "the search index lacks article",
		"INSERT INTO search (rowid, title) VALUES (99, 'x')":                            "the search index names an article that is not there",
		"PRAGMA foreign_keys = 0; DELETE FROM search; DELETE FROM article WHERE id = 1": "refer to nothing",
	} {
		s := openTemp(t)
		fill(t, s, 3, 3)
		if _, err := s.Search(t.Context(), "x", storage.SearchOptions{}); err != nil {
			t.Fatal(err)
		}
		if found, err := s.Check(t.Context()); err != nil || len(found) != 0 {
			t.Fatalf("before: %v, %v", found, err)
		}
		if _, err := s.w.conn.ExecContext(t.Context(), script); err != nil {
			t.Fatal(err)
		}
		found, err := s.Check(t.Context())
		if err != nil || !strings.Contains(strings.Join(found, "\n"), says) {
			t.Errorf("after %q: Check gave %q, %v; want %q", script, found, err, says)
		}
	}
}

// TestCheckSurvivesAWreck flips bytes all over a closed archive. Whatever becomes of it, there is an answer.
func TestCheckSurvivesAWreck(t *testing.T) {
	path := filepath.Join(t.TempDir(), "archive.db")
	s := openAt(t, path, Options{})
	fill(t, s, 30, 30)
	s.Close()
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	silent := 0
	const hits = 40
	for i := range hits {
		wreck := bytes.Clone(whole)
		for at := 100 + i*997; at < len(wreck); at += len(wreck) / 20 {
			wreck[at] ^= 0x55
		}
		if err := os.WriteFile(path, wreck, 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := Open(t.Context(), path, Options{ReadOnly: true})
		if err != nil {
			if archiver.KindOf(err) != archiver.Storage {
				t.Errorf("Open of a wreck gave %v of kind %v", err, archiver.KindOf(err))
			}
			continue
		}
		found, err := s.Check(t.Context())
		if err != nil && archiver.KindOf(err) != archiver.Internal {
			t.Errorf("Check of a wreck gave %v", err)
		}
		if err == nil && len(found) == 0 {
			silent++
		}
		s.Close()
	}
	if silent > hits/10 {
		t.Errorf("%d of %d wrecks went unnoticed", silent, hits)
	}
}
