package sqlite

import (
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"archiver"
)

// manyArticles is an archive of n articles that two sources list, in the shape of the second format or of the present one.
const manyArticles = `
	INSERT INTO source (name, url, key, title, added, last_sync, walk, removed) VALUES ('nlp', 'https://blog.example/nlp/', 'blog.example/nlp', '', 0, ?2, 1, 0),
		('other', 'https://blog.example/other/', 'blog.example/other', '', 0, ?2, 1, 0);
	CREATE TEMP TABLE n AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1) SELECT i FROM n;
	INSERT INTO article (id, name, url, source, state, first_seen, checked, revision, undated, published)
		SELECT i, printf('%012x', i), 'https://blog.example/' || i || '/', 1, 'saved', 0, 0, 1, 0, 1000000 - i FROM n;
	INSERT INTO address SELECT 'blog.example/' || i, i FROM n;
	INSERT INTO revision (article, number, seen, hash, seal, title, authors, published, modified, categories, tags, language, site, excerpt, image, words, markdown, html, same)
		SELECT i, 1, 0, x'00', x'00', 't' || i, '', '', '', '', '', '', '', '', '', 100, 'm', 'h', i / 2 FROM n;
	INSERT INTO member (source, key, walk) SELECT 1, 'blog.example/' || i, 1 FROM n;
	INSERT INTO member (source, key, walk) SELECT 2, 'blog.example/' || i, 1 FROM n;
	INSERT INTO task (source, role, key, url, state, attempt, walk, number, barren, not_before, lease_until, changed, reason, entries)
		SELECT 1, 'article', 'blog.example/' || i, 'https://blog.example/' || i || '/', 'done', 0, 1, 0, 0, 0, 0, ?2, '', '' FROM n;
	DROP TABLE n;`

const many = 10_000

// putMany fills an archive.
func putMany(t *testing.T, w *writer) {
	t.Helper()
	for _, query := range strings.Split(strings.TrimSuffix(manyArticles, ";"), ";") {
		var args []any
		if strings.Contains(query, "?1") {
			args = append(args, many)
		} else if strings.Contains(query, "?2") {
			args = append(args, 0)
		}
		if strings.Contains(query, "?2") {
			args = append(args, milli(epoch))
		}
		if _, err := w.exec(t.Context(), query, args...); err != nil {
			t.Fatalf("%s: %v", query, err)
		}
	}
}

// TestNoArticleLooksAtAll: what is asked for every entry or article finds its rows by an index, or a large archive would be quadratic.
func TestNoArticleLooksAtAll(t *testing.T) {
	s := openTemp(t)
	putMany(t, s.w)
	for name, query := range map[string]string{
		"toldMember": toldMember, "tellMember": tellMember, "namesake": namesake, "meet": meet, "meetAgain": meetAgain, "noStranger": noStranger,
		"memberOf": memberOf, "seeMember": seeMember, "taskOf": taskOf, "isKnown": isKnown, "goneOf": goneOf, "lookAgain": lookAgain, "setEntries": setEntries,
		"loseMember": loseMember, "isLive": isLive, "stillListed": stillListed, "twinOf": twinOf, "settleOthers": settleOthers, "alsoAt": alsoAt,
		"moveMember": moveMember, "endMember": endMember, "endRenamed": endRenamed, "knownArticle": knownArticle, "countSame": countSame, "nameSame": nameSame,
		"firstSource": firstSource, "askForShown": askForShown, "claimDue": claimDue, "anyLeased": anyLeased, "pendNext": pendNext, "keepValidator": keepValidator,
	} {
		for _, step := range planOf(t, s.w, query) {
			// Of sources there are few.
			if strings.HasPrefix(step, "SCAN") && !strings.HasPrefix(step, "SCAN source") && step != "SCAN s" && !strings.HasPrefix(step, "SCAN CONSTANT") &&
				!strings.HasPrefix(step, "SCAN (subquery") || strings.Contains(step, "AUTOMATIC") {
				t.Errorf("%s: %s", name, step)
			}
		}
	}
}

// TestDueArticlesAreFoundByIndex: most articles are not due on most days.
func TestDueArticlesAreFoundByIndex(t *testing.T) {
	s := openTemp(t)
	if plan := strings.Join(planOf(t, s.w, pendRead), "; "); !strings.Contains(plan, "task_recheck") {
		t.Error(plan)
	}
}

// planOf is how SQLite goes about a query.
func planOf(t *testing.T, w *writer, query string) (steps []string) {
	t.Helper()
	stmt, err := w.conn.PrepareContext(t.Context(), "EXPLAIN QUERY PLAN "+query)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	defer stmt.Close()
	args := make([]any, strings.Count(query, "?"))
	if n := strings.Count(query, "?1"); n > 0 {
		args = args[:0]
		for i := 1; strings.Contains(query, fmt.Sprint("?", i)); i++ {
			args = append(args, i)
		}
	}
	rows, err := stmt.QueryContext(t.Context(), args...)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	err = each(rows, func(rows *sql.Rows) error {
		var id, parent, unused int
		var step string
		err := rows.Scan(&id, &parent, &unused, &step)
		steps = append(steps, step)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return steps
}

// TestWalksOfManyArticles is what a walk costs beside its requests, where nothing and where nearly half is missing.
func TestWalksOfManyArticles(t *testing.T) {
	s := openTemp(t)
	putMany(t, s.w)
	const least = 2 * time.Minute // hundreds of times what it takes, also under the race detector on a busy machine; quadratic work takes longer
	began := time.Now()
	ask := archiver.WalkOptions{Recheck: time.Hour, Rechecks: 25, Images: true, Ask: []string{"https://blog.example/wp-json/"}}
	for _, opts := range []archiver.WalkOptions{ask, {Since: epoch.Add(-time.Hour)}, {Whole: true}} {
		walk, err := s.StartWalk(t.Context(), 1, epoch, opts)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.w.exec(t.Context(), `UPDATE member SET walk = ?1 WHERE source = 1 AND key < 'blog.example/6'`, walk.Number); err != nil {
			t.Fatal(err)
		}
		if _, err := s.w.exec(t.Context(), `UPDATE source SET whole_walk = walk WHERE id = 1`); err != nil {
			t.Fatal(err)
		}
		if _, err := s.w.exec(t.Context(), `UPDATE task SET state = 'done' WHERE source = 1 AND role <> 'article'`); err != nil {
			t.Fatal(err)
		}
		missing, err := s.EndWalk(t.Context(), 1, epoch)
		if err != nil || missing.Articles == 0 || missing.Alarm {
			t.Fatalf("%+v, %v", missing, err)
		}
	}
	tasks, err := s.Claim(t.Context(), 1, epoch, time.Hour, many)
	if err != nil || len(tasks) < many/3 {
		t.Fatalf("%d tasks, %v", len(tasks), err)
	}
	left := 0
	for _, task := range tasks[:500] {
		task.Missing = true
		receipt, err := s.Commit(t.Context(), archiver.Outcome{Task: task, State: archiver.TaskDone, At: epoch, Unchanged: true})
		if err != nil || receipt.Gone {
			t.Fatalf("%+v, %v: another source lists it", receipt, err)
		}
		left++
	}
	if took := time.Since(began); took > least {
		t.Errorf("it took %v", took)
	} else {
		t.Logf("three walks of %d members, %d of which leave: %v", many, left, took)
	}
}

// TestSecondFormatAsksLittle: an archive of the second format, of which nobody knows when an article was last looked at, does not ask for
// all of them in its first sync.
func TestSecondFormatAsksLittle(t *testing.T) {
	path := filepath.Join(t.TempDir(), "archive.db")
	if err := errors.Join(os.WriteFile(path, nil, 0o600), prepare(t.Context(), path, migrations[:2])); err != nil {
		t.Fatal(err)
	}
	w, err := openWriter(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	putMany(t, w)
	if err := w.close(); err != nil {
		t.Fatal(err)
	}
	s := openAt(t, path, Options{})
	for _, now := range []time.Time{epoch.Add(24 * time.Hour), epoch.AddDate(1, 0, 0)} {
		walk, err := s.StartWalk(t.Context(), 1, now, archiver.WalkOptions{Recheck: archiver.DefaultRecheck, Rechecks: 25, Images: true})
		if err != nil || walk.First {
			t.Fatalf("%+v, %v", walk, err)
		}
		want := 25
		if now.Sub(epoch) < archiver.DefaultRecheck {
			want = 0
		}
		if backlog, err := s.Backlog(t.Context(), 1); err != nil || backlog.Articles != want || walk.Whole != (want > 0) {
			t.Errorf("%v after the last sync: %d articles are asked for, want %d; whole %t, %v", now.Sub(epoch), backlog.Articles, want, walk.Whole, err)
		}
	}
}
