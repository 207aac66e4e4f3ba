package sqlite

import (
	"compress/gzip"
	"context"
	"database/sql"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"archiver"
	"archiver/storage"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write golden files anew")

// TestSchemaIsFrozen holds every released step to what it was: archives out there have been through it.
func TestSchemaIsFrozen(t *testing.T) {
	s := openTemp(t)
	got := shape(t, s.r)
	golden := filepath.Join("testdata", "schema.golden")
	if *update {
		if err := errors.Join(os.MkdirAll("testdata", 0o755), os.WriteFile(golden, []byte(got), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("the shape of a new archive changed; that is a new step in migrations (-want +got):\n%s", diff)
	}
}

// shape is the tables and indexes of an archive.
func shape(t *testing.T, db *sql.DB) string {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY type DESC, name")
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	err = each(rows, func(rows *sql.Rows) error {
		var sql string
		err := rows.Scan(&sql)
		all = append(all, sql+";\n")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(all, "\n")
}

const nextStep = `ALTER TABLE source ADD COLUMN note TEXT NOT NULL DEFAULT ''; CREATE INDEX source_note ON source (note)`

// backupOf is where an archive of the present format is copied to before it is migrated.
func backupOf(path string) string { return fmt.Sprintf("%s.v%d.bak", path, len(migrations)) }

// TestMigrateFirstFormat opens an archive that the first format's program wrote: three articles listed, two of them read.
func TestMigrateFirstFormat(t *testing.T) {
	path := filepath.Join(t.TempDir(), "archive.db")
	packed, err := os.Open(filepath.Join("testdata", "v1.db.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer packed.Close()
	unzip, err := gzip.NewReader(packed)
	if err != nil {
		t.Fatal(err)
	}
	file, err := io.ReadAll(unzip)
	if err == nil {
		err = os.WriteFile(path, file, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	s := openAt(t, path, Options{})
	if _, version, err := identify(path + ".v1.bak"); err != nil || version != 1 {
		t.Errorf("the backup has version %d, %v", version, err)
	}
	if found, err := s.Check(t.Context()); err != nil || len(found) > 0 {
		t.Errorf("Check: %v, %v", found, err)
	}
	a, err := s.Article(t.Context(), "blog.example/posts/1/")
	if err != nil || a.Title != "第1篇" || a.Markdown != "条件随机场是模型\n" {
		t.Errorf("article: %+v, %v", a, err)
	}
	revisions, err := s.Revisions(t.Context(), a.ID)
	if err != nil || len(revisions) != 1 || revisions[0].Cause != "" {
		t.Errorf("revisions: %+v, %v", revisions, err)
	}
	entries, err := s.Entries(t.Context(), a.ID)
	if err != nil || len(entries) != 1 || entries[0].Excerpt != "摘要" {
		t.Errorf("entries: %+v, %v", entries, err)
	}
	hits, err := s.Search(t.Context(), "条件随机场", storage.SearchOptions{})
	if err != nil || len(hits) != 2 {
		t.Errorf("%d hits, %v; want 2", len(hits), err)
	}
	if err := s.PutSite(t.Context(), archiver.SiteModel{Host: "blog.example", Pages: 3}); err != nil {
		t.Error(err)
	}
}

func TestMigrate(t *testing.T) {
	path := filepath.Join(t.TempDir(), "archive.db")
	s := openAt(t, path, Options{})
	fill(t, s, 5, 5)
	s.Close()

	// A step that fails leaves the archive as it was, with its backup.
	steps := append(append([]string{}, migrations...), nextStep)
	broken := append(append([]string{}, steps...), "CREATE TABLE half (x); no SQL")
	if err := prepare(t.Context(), path, broken); err == nil {
		t.Fatal("a broken step gave no error")
	}
	if _, version, err := identify(path); err != nil || version != int64(len(steps)) {
		t.Errorf("after the broken step the version is %d, %v; want %d", version, err, len(steps))
	}
	bak := backupOf(path)
	if app, version, err := identify(bak); err != nil || app != applicationID || version != int64(len(migrations)) {
		t.Errorf("the backup is of program %x, version %d, %v", app, version, err)
	}
	if info, err := os.Stat(bak); err != nil || info.Mode().Perm()&0o077 != 0 && os.PathSeparator == '/' {
		t.Errorf("others may read the backup: %v, %v", info, err)
	}
	b := openAt(t, bak, Options{})
	if a, err := b.Article(t.Context(), "blog.example/posts/3/"); err != nil || a.Markdown == "" {
		t.Errorf("the backup lacks an article: %v", err)
	}
	b.Close()
	// Done again, nothing happens and nothing is backed up.
	if err := os.Remove(bak); err != nil {
		t.Fatal(err)
	}
	if err := prepare(t.Context(), path, steps); err != nil {
		t.Fatal(err)
	}
	left, err := filepath.Glob(path + "*.bak*")
	if err != nil || len(left) > 0 {
		t.Errorf("left beside the archive: %v, %v", left, err)
	}
	if _, err := Open(t.Context(), path, Options{}); err == nil || !strings.Contains(err.Error(), "newer") {
		t.Errorf("an older program opened it: %v", err)
	}
}

// TestMigrateReplacesAnOldBackup: one that an earlier, broken-off migration left is no obstacle.
func TestMigrateReplacesAnOldBackup(t *testing.T) {
	path := filepath.Join(t.TempDir(), "archive.db")
	openAt(t, path, Options{}).Close()
	if err := os.WriteFile(backupOf(path), []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := prepare(t.Context(), path, append(append([]string{}, migrations...), nextStep)); err != nil {
		t.Fatal(err)
	}
	if _, version, err := identify(backupOf(path)); err != nil || version != int64(len(migrations)) {
		t.Errorf("the backup has version %d, %v", version, err)
	}
	if left, err := filepath.Glob(path + "*.part"); err != nil || len(left) > 0 {
		t.Errorf("left beside the archive: %v, %v", left, err)
	}
}

// TestOpenAtOnce makes one archive from many sides.
func TestOpenAtOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "archive.db")
	const n = 8
	errs := make(chan error, n)
	for range n {
		go func() {
			s, err := Open(context.Background(), path, Options{})
			if err == nil {
				_, err = s.Sources(context.Background())
				err = errors.Join(err, s.Close())
			}
			errs <- err
		}()
	}
	for range n {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
	s := openAt(t, path, Options{})
	if found, err := s.Check(t.Context()); err != nil || len(found) > 0 {
		t.Errorf("Check: %v, %v", found, err)
	}
	if _, err := s.Search(t.Context(), "x", storage.SearchOptions{}); err != nil {
		t.Error(err)
	}
}
