package sqlite

import (
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"archiver"
	"archiver/storage"
)

// TestBackupWhileWritten: a copy is made while commits go on; it is sound, and lacks nothing that was there when it was begun.
func TestBackupWhileWritten(t *testing.T) {
	s := openTemp(t)
	fill(t, s, 60, 20)
	source, err := s.Source(t.Context(), "nlp")
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{}
	for a, err := range s.Articles(t.Context(), storage.Query{Brief: true}) {
		if err != nil {
			t.Fatal(err)
		}
		names[a.ID] = true
	}
	stop, begun := make(chan struct{}), make(chan struct{})
	var writing sync.WaitGroup
	commits := 0
	writing.Go(func() {
		blog := newBlog()
		for n := 1000; ; n++ {
			select {
			case <-stop:
				return
			default:
			}
			a, p := blog.article(n)
			if _, err := s.StartWalk(t.Context(), source.ID, epoch, archiver.WalkOptions{}); err != nil {
				t.Error(err)
				return
			}
			tasks, err := s.Claim(t.Context(), source.ID, epoch, time.Hour, 1)
			if err != nil || len(tasks) != 1 {
				t.Error(err, len(tasks))
				return
			}
			if _, err := s.Commit(t.Context(), archiver.Outcome{Task: tasks[0], State: archiver.TaskDone, At: epoch, Entries: []archiver.Entry{{Channel: archiver.ChannelListing, URL: a.URL}}}); err != nil {
				t.Error(err)
				return
			}
			tasks, err = s.Claim(t.Context(), source.ID, epoch, time.Hour, 1)
			if err != nil || len(tasks) != 1 {
				t.Error(err, len(tasks))
				return
			}
			if _, err := s.Commit(t.Context(), archiver.Outcome{Task: tasks[0], State: archiver.TaskDone, At: epoch, Article: &a, Pages: []archiver.Page{p}}); err != nil {
				t.Error(err)
				return
			}
			if commits++; commits == 1 {
				close(begun)
			}
		}
	})
	<-begun
	target := filepath.Join(t.TempDir(), "copy.db")
	size, err := s.Backup(t.Context(), target, false)
	if err != nil {
		t.Fatal(err)
	}
	close(stop)
	writing.Wait()
	if info, err := os.Stat(target); err != nil || info.Size() != size || size == 0 {
		t.Errorf("the copy has %v bytes, and %d were told (%v)", info.Size(), size, err)
	}
	c := openAt(t, target, Options{})
	for a, err := range c.Articles(t.Context(), storage.Query{}) {
		if err != nil {
			t.Fatal(err)
		}
		if pages, err := c.Pages(t.Context(), a.ID); err != nil || len(pages) != 1 {
			t.Errorf("article %s has %d pages in the copy (%v)", a.ID, len(pages), err)
		}
		delete(names, a.ID)
	}
	if len(names) > 0 {
		t.Errorf("the copy lacks %d articles", len(names))
	}
	if found, err := c.Check(t.Context()); err != nil || len(found) > 0 {
		t.Errorf("Check of the copy: %v, %v", found, err)
	}
	t.Logf("%d commits meanwhile", commits)
}

func TestBackupRefuses(t *testing.T) {
	s := openTemp(t)
	dir := t.TempDir()
	target := filepath.Join(dir, "copy.db")
	if err := os.WriteFile(target, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{target, s.path} {
		if _, err := s.Backup(t.Context(), path, false); archiver.KindOf(err) != archiver.Invalid {
			t.Errorf("a copy to %s: %v", path, err)
		}
	}
	if _, err := s.Backup(t.Context(), s.path, true); archiver.KindOf(err) != archiver.Invalid {
		t.Errorf("the archive in the place of itself: %v", err)
	}
	if _, err := s.Backup(t.Context(), filepath.Join(dir, "no", "copy.db"), false); archiver.KindOf(err) != archiver.Storage {
		t.Errorf("a copy to a folder that is not there: %v", err)
	}
	if text, err := os.ReadFile(target); err != nil || string(text) != "mine" {
		t.Errorf("the file that was there is %q (%v)", text, err)
	}
	if _, err := s.Backup(t.Context(), target, true); err != nil {
		t.Error(err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 1 {
		t.Errorf("beside the copy there is %v (%v)", left, err)
	}
}
