package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"archiver"
	"archiver/storage"
)

const (
	// idDigits is how many digits an article's ID has, minDigits how many of them name it at least.
	idDigits, minDigits = 12, 4
	// articleBatch is how many articles are read at a time: a few megabytes of text.
	articleBatch = 50
)

const (
	briefColumns = `a.name, a.url, s.name, r.title, r.authors, r.published, r.modified, r.categories, r.tags, r.language, r.site, r.excerpt,
		r.image, r.words, a.first_seen, a.checked, a.state, a.gone, a.why, a.revision`
	textColumns = briefColumns + `, r.markdown, r.html`
	fromArticle = ` FROM article a JOIN source s ON s.id = a.source JOIN revision r ON r.article = a.id AND r.number = a.revision `
	// CROSS JOIN holds SQLite to this order: from the article's few addresses to members, not through all members.
	// Only a text of the author's after another one of the author's is a change.
	changedSince = `EXISTS (SELECT 1 FROM revision c WHERE c.article = a.id AND c.number > 1 AND c.cause = '' AND c.seen >= ?)`
	listedBy     = `EXISTS (SELECT 1 FROM address d CROSS JOIN member m ON m.key = d.key WHERE d.article = a.id AND m.source IN (%s))`
)

const (
	articleByPrefix  = `SELECT ` + textColumns + fromArticle + `WHERE a.name >= ? AND a.name < ? ORDER BY a.name LIMIT 2`
	articleByAddress = `SELECT ` + textColumns + fromArticle + `WHERE a.id = (SELECT article FROM address WHERE key = ?)`
)

// Article finds one article.
func (s *Store) Article(ctx context.Context, idOrURL string) (archiver.Article, error) {
	const op = "find article"
	var found []archiver.Article
	var err error
	if prefix := strings.ToLower(idOrURL); isID(prefix) {
		if len(prefix) < minDigits {
			return archiver.Article{}, &archiver.Error{Kind: archiver.Invalid, Op: op, URL: idOrURL, Err: errors.New("an ID has four digits at least"),
				Hint: "\"archiver list\" shows them"}
		}
		found, err = s.readArticles(ctx, false, articleByPrefix, prefix, prefix+"g") // g follows the last digit
	} else if key, ok := keyOf(idOrURL); ok {
		found, err = s.readArticles(ctx, false, articleByAddress, key)
	}
	switch {
	case err != nil:
		return archiver.Article{}, s.fail(op, err)
	case len(found) == 0:
		return archiver.Article{}, noArticle(idOrURL)
	case len(found) > 1:
		return archiver.Article{}, &archiver.Error{Kind: archiver.Invalid, Op: op, URL: idOrURL,
			Err:  fmt.Errorf("more than one ID begins so: %s, %s", found[0].ID, found[1].ID),
			Hint: "give one more digit"}
	}
	return found[0], nil
}

func isID(s string) bool {
	return s != "" && len(s) <= idDigits && strings.Trim(s, "0123456789abcdef") == ""
}

// Articles yields the articles of a query. Between two batches nothing of the file is held.
func (s *Store) Articles(ctx context.Context, query storage.Query) iter.Seq2[archiver.Article, error] {
	return func(yield func(archiver.Article, error) bool) {
		walk := articleWalk{query: query}
		for n := 0; ; {
			batch, last, err := walk.next(ctx, s)
			if err != nil {
				yield(archiver.Article{}, s.fail("read articles", err))
				return
			}
			for _, article := range batch {
				if query.Limit > 0 && n == query.Limit {
					return
				}
				n++
				if !yield(article, nil) {
					return
				}
			}
			if last {
				return
			}
		}
	}
}

// articleWalk is where a reading of articles stands.
type articleWalk struct {
	query storage.Query
	begun bool
	// The place of the last article read.
	undated       bool
	published, id int64
	url           string
}

// next reads a batch. last says that it is the last one.
func (w *articleWalk) next(ctx context.Context, s *Store) (batch []archiver.Article, last bool, err error) {
	var where []string
	var args []any
	states := w.query.States
	if len(states) == 0 {
		where = append(where, "a.revision > 0")
	} else {
		where = append(where, "a.state IN ("+marks(len(states))+")")
		for _, state := range states {
			args = append(args, state)
		}
	}
	if len(w.query.Sources) > 0 {
		where = append(where, fmt.Sprintf(listedBy, marks(len(w.query.Sources))))
		args = appendIDs(args, w.query.Sources)
	}
	for _, since := range []struct {
		moment time.Time
		sql    string
	}{{w.query.New, "a.first_seen >= ?"}, {w.query.Changed, changedSince}, {w.query.Gone, "a.gone >= ? AND a.state = 'gone'"}} {
		if !since.moment.IsZero() {
			where = append(where, since.sql)
			args = append(args, milli(since.moment))
		}
	}
	undated := w.undated
	order := "a.undated, a.published, a.url, a.id"
	after := "(a.undated, a.published, a.url, a.id) > (?, ?, ?, ?)"
	if w.query.Newest {
		// Absent dates come last here too, so the two kinds are walked apart.
		order = "a.published DESC, a.url DESC, a.id DESC"
		after = "a.undated = ? AND (a.published, a.url, a.id) < (?, ?, ?)"
	}
	if w.begun {
		where = append(where, after)
		args = append(args, undated, w.published, w.url, w.id)
	} else if w.query.Newest {
		where = append(where, "a.undated = ?")
		args = append(args, undated)
	}
	columns := textColumns
	if w.query.Brief {
		columns = briefColumns
	}
	text := "SELECT a.undated, a.published, a.id, a.url, " + columns + fromArticle + "WHERE " + strings.Join(where, " AND ") +
		" ORDER BY " + order + fmt.Sprintf(" LIMIT %d", articleBatch)
	rows, err := s.r.QueryContext(ctx, text, args...)
	if err != nil {
		return nil, false, err
	}
	err = each(rows, func(rows *sql.Rows) error {
		var a archiver.Article
		err := rows.Scan(append([]any{&w.undated, &w.published, &w.id, &w.url}, articleFields(&a, w.query.Brief)...)...)
		batch = append(batch, a)
		return err
	})
	w.begun = true
	last = len(batch) < articleBatch
	if last && w.query.Newest && !undated {
		w.begun, w.undated, last = false, true, false
	}
	return batch, last, err
}

// readArticles reads the articles of a query of textColumns or briefColumns.
func (s *Store) readArticles(ctx context.Context, brief bool, query string, args ...any) ([]archiver.Article, error) {
	rows, err := s.r.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	var articles []archiver.Article
	err = each(rows, func(rows *sql.Rows) error {
		var a archiver.Article
		err := rows.Scan(articleFields(&a, brief)...)
		articles = append(articles, a)
		return err
	})
	return articles, err
}

// articleFields are where briefColumns or textColumns go.
func articleFields(a *archiver.Article, brief bool) []any {
	fields := []any{&a.ID, &a.URL, &a.Source, &a.Title, (*list)(&a.Authors), (*timestamp)(&a.Published), (*timestamp)(&a.Modified),
		(*list)(&a.Categories), (*list)(&a.Tags), &a.Language, &a.Site, &a.Excerpt, &a.Image, &a.Words, (*instant)(&a.FirstSeen),
		(*instant)(&a.Checked), &a.State, (*instant)(&a.Gone), &a.Why, &a.Revision}
	if brief {
		return fields
	}
	return append(fields, &a.Markdown, &a.HTML)
}

// marks are n question marks.
func marks(n int) string {
	return strings.Join(slices.Repeat([]string{"?"}, n), ", ")
}

func appendIDs(args []any, ids []int64) []any {
	for _, id := range ids {
		args = append(args, id)
	}
	return args
}
