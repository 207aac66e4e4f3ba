package sqlite

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"

	"archiver"
)

// maxFindings is how much Check says: a file that is hurt in more places is not mended line by line.
const maxFindings = 100

const (
	checkPages = `PRAGMA integrity_check(100)`
	checkKeys  = `SELECT "table", count(*) FROM pragma_foreign_key_check GROUP BY 1`
	// What no constraint says.
	checkOrphans = `SELECT 'article ' || name || ' has no text and no facts' FROM article a
			WHERE NOT EXISTS (SELECT 1 FROM revision WHERE article = a.id AND number = a.revision)
		UNION ALL SELECT 'article ' || name || ' has no address' FROM article a WHERE NOT EXISTS (SELECT 1 FROM address WHERE article = a.id)
		UNION ALL SELECT 'the search index names an article that is not there' FROM search WHERE rowid NOT IN (SELECT id FROM article)
		UNION ALL SELECT 'the search index lacks article ' || name FROM article a
			WHERE revision > 0 AND id NOT IN (SELECT rowid FROM search)
			AND (SELECT max(id) FROM revision WHERE article = a.id) <= (SELECT revision FROM search_mark)
		UNION ALL SELECT 'task ' || id || ' is done, and its article is not there: ' || url FROM task t
			WHERE role = 'article' AND state = 'done' AND NOT EXISTS (SELECT 1 FROM address WHERE key = t.key)
		LIMIT 100`
	checkRevisions = `SELECT a.name, r.number, r.hash, r.seal, r.title, r.authors, r.published, r.modified, r.categories, r.tags, r.language, r.site,
		r.excerpt, r.image, r.words, r.markdown, r.html FROM revision r JOIN article a ON a.id = r.article ORDER BY r.rowid`
	checkRaw = `SELECT p.url, p.dictionary, d.raw, p.raw FROM page p JOIN dictionary d ON d.id = p.dictionary ORDER BY p.dictionary, p.id`
)

// Check looks at the pages of the file, the references between its tables, the search index, the sums of all texts and the
// raw pages.
func (s *Store) Check(ctx context.Context) ([]string, error) {
	var found []string
	look := func(query string, scan func(*sql.Rows) (string, error)) error {
		rows, err := s.r.QueryContext(ctx, query)
		if err != nil {
			return err
		}
		return each(rows, func(rows *sql.Rows) error {
			finding, err := scan(rows)
			if err == nil && finding != "" && len(found) < maxFindings {
				found = append(found, finding)
			}
			return err
		})
	}
	text := func(rows *sql.Rows) (line string, err error) {
		err = rows.Scan(&line)
		if line == "ok" {
			line = ""
		}
		return line, err
	}
	keys := func(rows *sql.Rows) (string, error) {
		var table string
		var n int
		err := rows.Scan(&table, &n)
		return fmt.Sprintf("%d rows of table %s refer to nothing", n, table), err
	}
	steps := []struct {
		query string
		scan  func(*sql.Rows) (string, error)
	}{
		{checkPages, text}, {checkKeys, keys}, {checkOrphans, text}, {checkRevisions, checkRevision}, {checkRaw, s.checkPage},
	}
	for _, step := range steps {
		if err := look(step.query, step.scan); err != nil {
			// A damaged file may end the looking; what was seen until then is told, and why it ended.
			err = s.fail("check archive", err)
			if archiver.KindOf(err) != archiver.Storage {
				return nil, err
			}
			return append(found, err.Error()), nil
		}
	}
	return found, nil
}

// checkRevision compares a text with the sums that were made of it when it was saved.
func checkRevision(rows *sql.Rows) (string, error) {
	var name string
	var number int
	var hash, sum []byte
	var a archiver.Article
	err := rows.Scan(&name, &number, &hash, &sum, &a.Title, (*list)(&a.Authors), (*timestamp)(&a.Published), (*timestamp)(&a.Modified),
		(*list)(&a.Categories), (*list)(&a.Tags), &a.Language, &a.Site, &a.Excerpt, &a.Image, &a.Words, &a.Markdown, &a.HTML)
	if err != nil {
		return "", err
	}
	now := a.ContentHash()
	if !bytes.Equal(now[:], hash) || !bytes.Equal(seal(&a), sum) {
		return fmt.Sprintf("article %s, revision %d: the text is not what was saved", name, number), nil
	}
	return "", nil
}

func (s *Store) checkPage(rows *sql.Rows) (string, error) {
	var url string
	var id int64
	var dictionary, raw sql.RawBytes
	if err := rows.Scan(&url, &id, &dictionary, &raw); err != nil {
		return "", err
	}
	if _, err := s.unzip.decode(id, dictionary, raw); err != nil {
		return fmt.Sprintf("raw page of %s: %v", url, err), nil
	}
	return "", nil
}
