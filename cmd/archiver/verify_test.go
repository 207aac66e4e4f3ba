package main

import (
	"bytes"
	"context"
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"archiver"
	"archiver/internal/testsite"
)

// code runs a command and gives its exit code and all that it printed.
func code(path string, args ...string) (int, string) {
	var o bytes.Buffer
	n := run(context.Background(), append(args, "--db", path), env{In: strings.NewReader(""), Out: &o, Err: &o, Getenv: os.Getenv})
	return n, o.String()
}

// TestRepair: a damaged text comes back from its stored page as it was, without a request; what has no page is fetched again.
func TestRepair(t *testing.T) {
	t.Setenv("XDG_CONFIG_HOME", t.TempDir())
	site, err := testsite.Start(testsite.Seed())
	if err != nil {
		t.Fatal(err)
	}
	defer site.Close()
	path := filepath.Join(t.TempDir(), "a.db")
	if n, said := code(path, "sync", site.Category(), "--delay", "0"); n != 0 {
		t.Fatal(said)
	}
	url := site.Articles()[0].URL
	before, _ := out(t, path, "show", url, "--json")
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	for _, hurt := range []string{
		`UPDATE revision SET html = replace(html, 'e', 'f'), markdown = 'gone', words = 3 WHERE article = (SELECT id FROM article WHERE url = '` + url + `')`,
		`UPDATE revision SET title = 'x' WHERE article = (SELECT id FROM article WHERE url = '` + site.Articles()[1].URL + `')`,
		`DELETE FROM page WHERE article = (SELECT id FROM article WHERE url = '` + site.Articles()[1].URL + `')`,
	} {
		if _, err := db.Exec(hurt); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	n, said := code(path, "verify", "--no-progress")
	if n != archiver.ExitStorage || strings.Count(said, "revision 1: text or facts are not what was saved") != 2 || !strings.Contains(said, "verify --repair") {
		t.Fatalf("verify ended with %d: %s", n, said)
	}
	if n, said := code(path, "doctor"); n != archiver.ExitStorage || strings.Count(said, "problem ") != 2 {
		t.Errorf("doctor ended with %d: %s", n, said)
	}
	requests := len(site.Requests())
	n, said = code(path, "verify", "--repair")
	if n != 0 || !strings.Contains(said, "exactly what was saved") || !strings.Contains(said, "marked as damaged; the next sync fetches it again") {
		t.Errorf("repair ended with %d: %s", n, said)
	}
	if len(site.Requests()) != requests {
		t.Error("a repair made requests")
	}
	if after, _ := out(t, path, "show", url, "--json"); after != before {
		t.Errorf("the article was\n%s\nand is now\n%s", before, after)
	}
	if n, said := code(path, "sync", site.Category(), "--delay", "0"); n != 0 {
		t.Fatal(said)
	}
	if n, said := code(path, "verify"); n != 0 || !strings.Contains(said, "1 revision marked as damaged") || !strings.Contains(said, "11 revisions, 11 raw pages") {
		t.Errorf("after the next sync verify ended with %d: %s", n, said)
	}
}
