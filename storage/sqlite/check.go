package sqlite

import (
	"context"
	"database/sql"

	"archiver"
	"archiver/storage"
)

// maxFindings is how much Check says: a file that is hurt in more places is not mended line by line.
const maxFindings = 100

const (
	checkPages = `PRAGMA integrity_check(100)` // the search index looks itself over in it
	checkKeys  = `SELECT count(*) || ' rows of table ' || "table" || ' refer to nothing' FROM pragma_foreign_key_check GROUP BY "table"`
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
		UNION ALL SELECT 'a picture of ' || length(data) || ' bytes has no address' FROM asset s WHERE NOT EXISTS (SELECT 1 FROM image WHERE asset = s.id)
		UNION ALL SELECT 'a picture is said to be stored, and is not there: ' || url FROM image WHERE state = 'stored' AND asset IS NULL
		LIMIT 100`
)

// Check looks at the pages of the file, the references between its tables, the search index, the sums of all texts, raw pages
// and pictures, and at what should not be without its like.
func (s *Store) Check(ctx context.Context) ([]string, error) {
	const op = "check archive"
	var found []string
	add := func(line string) {
		if len(found) < maxFindings {
			found = append(found, line)
		}
	}
	v := &verifier{s: s, found: func(d storage.Damage) { add(d.String()) }}
	orphans := func() error {
		rows, err := s.r.QueryContext(ctx, checkOrphans)
		if err != nil {
			return err
		}
		return each(rows, func(rows *sql.Rows) error {
			var line string
			err := rows.Scan(&line)
			add(line)
			return err
		})
	}
	for _, look := range []func() error{func() error { return v.file(ctx) }, orphans, func() error { return v.rows(ctx) }} {
		if err := look(); err != nil {
			// A damaged file may end the looking; what was seen until then is told, and why it ended.
			err = s.fail(op, err)
			if archiver.KindOf(err) != archiver.Storage {
				return nil, err
			}
			add(err.Error())
		}
	}
	return found, nil
}
