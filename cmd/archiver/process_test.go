package main

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"archiver/internal/testsite"

	"github.com/google/go-cmp/cmp"
)

// program is a command line of archiver in a process of its own.
func program(t *testing.T, db string, args ...string) *exec.Cmd {
	t.Helper()
	binary := os.Getenv(aProgram)
	if binary == "" {
		binary = os.Args[0]
	}
	cmd := exec.CommandContext(t.Context(), binary, append([]string{"--db", db}, args...)...)
	home := filepath.Dir(db)
	cmd.Env = append(os.Environ(), asProgram+"=1", "HOME="+home, "XDG_CONFIG_HOME="+home, "XDG_DATA_HOME="+home)
	return cmd
}

func output(t *testing.T, cmd *exec.Cmd) string {
	t.Helper()
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %v\n%s", cmd.Args[1:], err, errs.String())
	}
	return string(out)
}

// records runs a command that prints one article a line, and gives them by address, without the moments they were seen at.
func records(t *testing.T, db string, args ...string) map[string]map[string]any {
	t.Helper()
	cmd := program(t, db, args...)
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil && strings.Contains(errs.String(), "there is no archive yet") {
		return nil // killed before the first commit
	}
	if err != nil {
		t.Fatalf("%v\n%s", err, errs.String())
	}
	articles := map[string]map[string]any{}
	for line := range strings.Lines(string(out)) {
		var article map[string]any
		if err := json.Unmarshal([]byte(line), &article); err != nil {
			t.Fatal(err)
		}
		delete(article, "first_seen")
		delete(article, "checked")
		articles[article["url"].(string)] = article
	}
	return articles
}

func listed(t *testing.T, db string) map[string]map[string]any {
	t.Helper()
	return records(t, db, "list", "--json")
}

func exportedArticles(t *testing.T, db string) map[string]map[string]any {
	t.Helper()
	return records(t, db, "export", "jsonl", "-o", "-")
}

// TestKilledSync is the promise that a crash costs nothing: a sync is killed at random moments until it is through, and then
// the archive equals an undisturbed one, and no article that was committed was ever asked for again.
func TestKilledSync(t *testing.T) {
	const articles, kills = 120, 20
	site, err := testsite.Start(testsite.Posts(articles), testsite.PerPage(40), testsite.Protected(7), testsite.MultiPage(3, 3),
		testsite.Every(1, testsite.Slow(15*time.Millisecond)))
	if err != nil {
		t.Fatal(err)
	}
	defer site.Close()
	dir := t.TempDir()
	undisturbed, killed := filepath.Join(dir, "undisturbed.db"), filepath.Join(dir, "killed.db")
	began := time.Now()
	output(t, program(t, undisturbed, "sync", site.Category(), "--delay", "0"))
	span := time.Since(began)

	again := 0
	check := func(committed map[string]map[string]any) {
		for _, r := range site.Requests() {
			if _, known := committed[site.URL()+r.Path]; known {
				again++
				t.Errorf("%s was committed and is asked for again", r.Path)
			}
		}
	}
	for range kills {
		committed := listed(t, killed)
		site.Forget()
		cmd := program(t, killed, "sync", site.Category(), "--delay", "0")
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		ended := make(chan error, 1)
		go func() { ended <- cmd.Wait() }()
		select {
		case <-time.After(rand.N(span / 3)):
			_ = cmd.Process.Kill() // it may have ended by itself
			<-ended
		case <-ended:
		}
		check(committed)
	}
	committed := listed(t, killed)
	site.Forget()
	output(t, program(t, killed, "sync", site.Category(), "--delay", "0"))
	check(committed)
	if diff := cmp.Diff(exportedArticles(t, undisturbed), exportedArticles(t, killed)); diff != "" {
		t.Errorf("the archives differ (-undisturbed +killed):\n%s", diff)
	}
	if got := len(listed(t, killed)); got != articles {
		t.Errorf("%d articles of %d", got, articles)
	}
	t.Logf("%d kills, %d articles were there before the last sync, %d asked for again", kills, len(committed), again)
}

// TestPaceAtTheServer measures where it counts: robots.txt, redirects, retries and parts of articles included.
func TestPaceAtTheServer(t *testing.T) {
	const delay = 120 * time.Millisecond
	site, err := testsite.Start(testsite.Posts(8), testsite.MultiPage(1, 2),
		testsite.OnPath("/archives/101", testsite.Status(502).Times(1)), testsite.OnPath("/archives/102", testsite.Reset.Times(1)),
		testsite.OnPath("/archives/103", testsite.Redirect("/archives/103?moved=1").Times(1)))
	if err != nil {
		t.Fatal(err)
	}
	defer site.Close()
	db := filepath.Join(t.TempDir(), "archive.db")
	output(t, program(t, db, "sync", site.Category(), "--delay", delay.String(), "--concurrency", "8"))
	var at []time.Time
	for _, r := range site.Requests() {
		at = append(at, r.At)
	}
	slices.SortFunc(at, time.Time.Compare)
	if len(at) < 8+1+1+1+3 {
		t.Fatalf("only %d requests", len(at))
	}
	for i := 1; i < len(at); i++ {
		if gap := at[i].Sub(at[i-1]); gap < delay {
			t.Errorf("request %d came %v after the one before it", i, gap)
		}
	}
}
