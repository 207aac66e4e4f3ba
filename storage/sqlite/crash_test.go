package sqlite

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"archiver"
)

// crashFile names the archive to a child of this test that commits until it is killed.
const crashFile = "ARCHIVER_TEST_CRASH_FILE"

func TestMain(m *testing.M) {
	if path := os.Getenv(crashFile); path != "" {
		if err := commitUntilKilled(path); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// commitUntilKilled lists a page of articles and saves them, over and over, and prints every address after it was acknowledged.
func commitUntilKilled(path string) error {
	ctx := context.Background()
	s, err := Open(ctx, path, Options{})
	if err != nil {
		return err
	}
	if _, err := s.Hold(ctx); err != nil {
		return err
	}
	source, err := s.Source(ctx, "nlp")
	if err != nil {
		if source, err = s.AddSource(ctx, archiver.Source{Name: "nlp", URL: "https://blog.example/category/nlp/"}); err != nil {
			return err
		}
	}
	blog := newBlog()
	for {
		walk, err := s.StartWalk(ctx, source.ID, epoch, archiver.WalkOptions{})
		if err != nil {
			return err
		}
		for {
			// An hour on, so that what the killed one had leased is free.
			tasks, err := s.Claim(ctx, source.ID, epoch.Add(time.Duration(walk.Number)*time.Hour), time.Minute, 5)
			if err != nil {
				return err
			}
			if len(tasks) == 0 {
				break
			}
			for _, task := range tasks {
				outcome := archiver.Outcome{Task: task, State: archiver.TaskDone, At: epoch}
				if task.Role == archiver.RoleListing {
					for i := range 10 {
						outcome.Entries = append(outcome.Entries, archiver.Entry{Channel: archiver.ChannelListing, URL: fmt.Sprintf("https://blog.example/posts/%d-%d/", walk.Number, i)})
					}
				} else {
					a, p := blog.article(0)
					a.URL, a.HTML = task.URL, "<p>"+task.URL+"</p>"+a.HTML // the next process makes the same texts
					outcome.Article, outcome.Pages = &a, []archiver.Page{p}
				}
				if _, err := s.Commit(ctx, outcome); err != nil {
					return err
				}
				fmt.Println(task.Role, task.URL)
			}
		}
	}
}

// TestKilled kills a process that commits, at another moment each time. What it had acknowledged is there, and the next one
// goes on.
func TestKilled(t *testing.T) {
	path := filepath.Join(t.TempDir(), "archive.db")
	acked := map[string]bool{}
	const kills = 8
	for i := range kills {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), crashFile+"="+path)
		var words strings.Builder
		cmd.Stderr = &words
		out, err := cmd.StdoutPipe()
		if err == nil {
			err = cmd.Start()
		}
		if err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(out)
		for n := 0; n <= 3+7*i && lines.Scan(); n++ {
			if n == 3+7*i {
				// In the middle of the next commit, or the one after; what was printed until then is read below.
				if err := cmd.Process.Kill(); err != nil {
					t.Fatal(err)
				}
			}
			if url, ok := strings.CutPrefix(lines.Text(), "article "); ok {
				acked[url] = true
			}
		}
		for lines.Scan() {
			if url, ok := strings.CutPrefix(lines.Text(), "article "); ok && strings.HasSuffix(url, "/") {
				acked[url] = true
			}
		}
		_ = cmd.Wait()
		if words.Len() > 0 {
			t.Fatal(words.String())
		}
	}
	s := openAt(t, path, Options{})
	for url := range acked {
		if a, err := s.Article(t.Context(), url); err != nil || a.Markdown == "" {
			t.Errorf("%s was acknowledged and is lost: %v", url, err)
		}
	}
	if len(acked) < 50 {
		t.Errorf("only %d articles were saved in all", len(acked))
	}
	if found, err := s.Check(t.Context()); err != nil || len(found) > 0 {
		t.Errorf("Check: %v, %v", found, err)
	}
	release, err := s.Hold(t.Context())
	if err != nil {
		t.Fatalf("the lock outlived its process: %v", err)
	}
	if err := release(); err != nil {
		t.Error(err)
	}
}
