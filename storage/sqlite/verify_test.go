package sqlite

import (
	"crypto/sha256"
	"database/sql"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"archiver"
	"archiver/storage"

	"github.com/google/go-cmp/cmp"
)

var flips = flag.Int("flips", 60, "how many flipped bits TestFlippedBits looks for")

// verify gives all damages of an archive.
func verify(t testing.TB, s *Store) ([]storage.Damage, storage.Verified) {
	t.Helper()
	var all []storage.Damage
	v, err := s.Verify(t.Context(), func(d storage.Damage) { all = append(all, d) }, nil)
	if err != nil {
		t.Fatal(err)
	}
	return all, v
}

// filled makes a closed archive of n articles, with a picture. It gives its path.
func filled(t testing.TB, n int) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "a.db")
	s := openAt(t, path, Options{})
	fill(t, s, n, n)
	if _, err := s.Search(t.Context(), "机器", storage.SearchOptions{}); err != nil {
		t.Fatal(err)
	}
	data := []byte(strings.Repeat("picture", 3000))
	sum := sha256.Sum256(data)
	for _, q := range []struct {
		sql  string
		args []any
	}{
		{`INSERT INTO asset VALUES (1, ?, 'image/png', 1, 1, ?)`, []any{sum[:], data}},
		{`INSERT INTO image VALUES (1, 'blog.example/i.png', 'https://blog.example/i.png', 'stored', '', 0, 1)`, nil},
		{`INSERT INTO article_image VALUES (1, 1, 0)`, nil},
	} {
		if _, err := s.w.conn.ExecContext(t.Context(), q.sql, q.args...); err != nil {
			t.Fatal(err)
		}
	}
	if all, _ := verify(t, s); len(all) > 0 {
		t.Fatalf("a sound archive is said to be damaged: %v", all)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

// kept is what stands in the archive of articles, row by row; a row that cannot be read says so.
func kept(t testing.TB, path string) map[string]string {
	t.Helper()
	all := map[string]string{}
	db, err := sql.Open("sqlite", dsn(path, "mode=ro&immutable=1"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for table, columns := range map[string]string{
		"article":    "quote(name)||quote(url)||quote(state)||quote(first_seen)||quote(checked)||quote(revision)||quote(undated)||quote(published)",
		"revision":   "quote(article)||quote(number)||quote(seen)||quote(cause)||quote(hash)||quote(seal)||quote(title)||quote(authors)||quote(published)||quote(modified)||quote(categories)||quote(tags)||quote(language)||quote(site)||quote(excerpt)||quote(image)||quote(words)||quote(markdown)||quote(html)",
		"page":       "quote(article)||quote(requested)||quote(url)||quote(status)||quote(content_type)||quote(charset)||quote(links)||quote(pages)||quote(etag)||quote(modified)||quote(robots)||quote(fetched)||quote(raw)||quote(seal)",
		"dictionary": "quote(raw)",
		"asset":      "quote(sum)||quote(data)",
	} {
		var last int64
		if err := db.QueryRow("SELECT coalesce(max(id), 0) FROM " + table).Scan(&last); err != nil {
			all[table] = "torn"
			continue
		}
		for id := range min(last, 1000) + 1 {
			var row string
			err := db.QueryRow("SELECT "+columns+" FROM "+table+" NOT INDEXED WHERE id = ?", id).Scan(&row)
			if err == sql.ErrNoRows {
				continue
			}
			if err != nil {
				row = "torn"
			}
			all[fmt.Sprint(table, " ", id)] = row
		}
	}
	return all
}

// TestFlippedBits: of the bits that change what stands in the archive of articles, 99 of 100 are found; nothing ever panics, and
// what was not hit is read.
func TestFlippedBits(t *testing.T) {
	path := filled(t, 20)
	file, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	whole := kept(t, path)
	r := rand.New(rand.NewPCG(17, 1))
	dir := t.TempDir()
	hit, found := 0, 0
	for n := range *flips {
		at, bit := r.IntN(len(file)), r.IntN(8)
		broken := filepath.Join(dir, fmt.Sprint(n, ".db"))
		file[at] ^= 1 << bit
		err := os.WriteFile(broken, file, 0o600)
		file[at] ^= 1 << bit
		if err != nil {
			t.Fatal(err)
		}
		after := kept(t, broken)
		changed := !cmp.Equal(whole, after)
		seen, damages := true, []storage.Damage(nil)
		if s, err := Open(t.Context(), broken, Options{ReadOnly: true}); err == nil {
			_, err := s.Verify(t.Context(), func(d storage.Damage) { damages = append(damages, d) }, nil)
			seen = err != nil || len(damages) > 0
			// The others are read one by one.
			for key, row := range whole {
				if strings.HasPrefix(key, "article ") && after[key] == row && len(damages) < 3 {
					var id int64
					fmt.Sscan(strings.TrimPrefix(key, "article "), &id)
					if after[fmt.Sprint("revision ", id)] != whole[fmt.Sprint("revision ", id)] {
						continue
					}
					name := strings.Trim(strings.Split(row, "'")[1], "'")
					if a, err := s.Article(t.Context(), name); err != nil && len(damages) == 0 {
						t.Errorf("byte %d, bit %d: article %s, which was not hit, cannot be read: %v", at, bit, name, err)
					} else if err == nil && a.ID != name {
						t.Errorf("byte %d, bit %d: article %s reads as %s", at, bit, name, a.ID)
					}
				}
			}
			if err := s.Close(); err != nil {
				t.Log(err)
			}
		}
		if changed {
			hit++
			if seen {
				found++
			} else {
				for key, row := range whole {
					if after[key] != row {
						t.Logf("byte %d, bit %d: not found in %s", at, bit, key)
					}
				}
			}
		}
		_ = os.Remove(broken)
	}
	t.Logf("%d of %d flipped bits changed what is stored, %d of them were found", hit, *flips, found)
	if found*100 < hit*99 {
		t.Errorf("of %d flipped bits that changed what is stored %d were found", hit, found)
	}
}

// hurt runs a statement that damages the archive.
func hurt(t testing.TB, s *Store, statement string, args ...any) {
	t.Helper()
	if _, err := s.w.conn.ExecContext(t.Context(), statement, args...); err != nil {
		t.Fatal(err)
	}
}

// TestMend: every kind of damage is told, mended as far as it goes, and told no more.
func TestMend(t *testing.T) {
	path := filled(t, 10)
	s := openAt(t, path, Options{})
	hurt(t, s, `UPDATE revision SET html = replace(html, '<p>', '<q>') WHERE id = 1`)
	hurt(t, s, `UPDATE revision SET authors = '["torn' WHERE id = 2`)
	hurt(t, s, `UPDATE page SET raw = zeroblob(40) WHERE id = 3`)
	hurt(t, s, `UPDATE page SET etag = 'x' WHERE id = 4`)
	hurt(t, s, `UPDATE asset SET data = zeroblob(9)`)
	hurt(t, s, `UPDATE article SET state = 'sbved' WHERE id = 5`)
	hurt(t, s, `UPDATE article SET published = published + 1 WHERE id = 6`)
	hurt(t, s, `UPDATE task SET entries = '[{' WHERE role = 'article' AND id = (SELECT max(id) FROM task WHERE role = 'article')`)
	hurt(t, s, `UPDATE revision SET seen = seen + 1 WHERE id = 7`)
	all, verified := verify(t, s)
	got := map[storage.Part]int{}
	for _, d := range all {
		got[d.Part]++
	}
	if diff := cmp.Diff(map[storage.Part]int{"revision": 3, "page": 2, "picture": 1, "article": 2, "task": 1}, got); diff != "" {
		t.Errorf("damages (-want +got):\n%s", diff)
	}
	if verified.Revisions != 10 || verified.Pages != 10 || verified.Pictures != 1 || verified.Unsealed != 0 {
		t.Errorf("verified %+v", verified)
	}
	// The list reads on over what is damaged.
	n := 0
	for _, err := range s.Articles(t.Context(), storage.Query{}) {
		if err != nil {
			t.Fatal(err)
		}
		n++
	}
	if n != 10 {
		t.Errorf("%d articles can be read", n)
	}
	at := epoch.Add(24 * time.Hour)
	for _, d := range all {
		done, err := s.Mend(t.Context(), d, at)
		if err != nil {
			t.Fatalf("%v: %v", d, err)
		}
		t.Logf("%s → %s", d, done)
	}
	if left, v := verify(t, s); len(left) > 0 || v.Marked != 3 {
		t.Errorf("after mending there is %v, %d marked", left, v.Marked)
	}
	source, err := s.Source(t.Context(), "nlp")
	if err != nil {
		t.Fatal(err)
	}
	backlog, err := s.Backlog(t.Context(), source.ID)
	if err != nil || backlog.Articles != 5 {
		t.Errorf("the next sync fetches %d articles again, want 5 (%v)", backlog.Articles, err)
	}
	// Fetched again, the texts and pages that were there before are there again.
	if _, err := s.StartWalk(t.Context(), source.ID, at, archiver.WalkOptions{}); err != nil {
		t.Fatal(err)
	}
	for {
		tasks, err := s.Claim(t.Context(), source.ID, at, time.Hour, 10)
		if err != nil {
			t.Fatal(err)
		}
		if len(tasks) == 0 {
			break
		}
		for _, task := range tasks {
			o := archiver.Outcome{Task: task, State: archiver.TaskDone, At: at}
			if task.Role == archiver.RoleArticle {
				a, p := newBlog().article(1)
				a.URL, p.URL, p.Requested = task.URL, task.URL, task.URL
				a.HTML += task.URL
				o.Article, o.Pages = &a, []archiver.Page{p}
			}
			if _, err := s.Commit(t.Context(), o); err != nil {
				t.Fatal(err)
			}
		}
	}
	if left, v := verify(t, s); len(left) > 0 || v.Pages != 10 {
		t.Errorf("after fetching again there is %v, %d pages", left, v.Pages)
	}
}

// TestRestore: a damaged text that its page gives again is exactly what it was; another one is a revision of its own.
func TestRestore(t *testing.T) {
	s := openAt(t, filled(t, 10), Options{})
	all := map[int64]archiver.Article{}
	for a, err := range s.Articles(t.Context(), storage.Query{}) {
		if err != nil {
			t.Fatal(err)
		}
		var id int64
		if err := s.r.QueryRow(`SELECT id FROM article WHERE name = ?`, a.ID).Scan(&id); err != nil {
			t.Fatal(err)
		}
		all[id] = a
	}
	hurt(t, s, `UPDATE revision SET html = 'x', markdown = 'y', words = -5 WHERE id < 3`)
	if exact, err := s.Restore(t.Context(), all[1], epoch); err != nil || !exact {
		t.Errorf("what was saved is restored exactly: %v, %v", exact, err)
	}
	got, err := s.Article(t.Context(), all[1].ID)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(all[1], got); diff != "" {
		t.Errorf("restored (-want +got):\n%s", diff)
	}
	better := all[2]
	better.Title = "Read better"
	if exact, err := s.Restore(t.Context(), better, epoch); err != nil || exact {
		t.Errorf("another text is another revision: %v, %v", exact, err)
	}
	revisions, err := s.Revisions(t.Context(), better.ID)
	if err != nil || len(revisions) != 2 || revisions[0].Cause != storage.CauseDamaged || revisions[1].Cause != storage.CauseRepair {
		t.Errorf("revisions %+v, %v", revisions, err)
	}
	if left, _ := verify(t, s); len(left) > 0 {
		t.Errorf("after restoring there is %v", left)
	}
}
