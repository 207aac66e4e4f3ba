package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"archiver"
)

const sourceColumns = `id, name, url, title, added, last_sync, walk, removed, last_whole, last_run, settings, channels`

const (
	sourceByKey  = `SELECT ` + sourceColumns + ` FROM source WHERE key = ?`
	sourceByName = `SELECT ` + sourceColumns + ` FROM source WHERE name = ?`
	allSources   = `SELECT ` + sourceColumns + ` FROM source ORDER BY removed, id`
	insertSource = `INSERT INTO source (name, url, key, title, added, last_sync, walk, removed, settings) VALUES (?, ?, ?, ?, ?, 0, 0, 0, ?) RETURNING id`
	setSettings  = `UPDATE source SET settings = ? WHERE id = ?`

	// An article that is a member by two of its addresses counts once.
	countMembers = `SELECT m.source, a.state, count(DISTINCT a.id)
		FROM member m JOIN address d ON d.key = m.key JOIN article a ON a.id = d.article
		WHERE ?1 = 0 OR m.source = ?1 GROUP BY m.source, a.state`
)

// AddSource keeps a new source, or brings a removed one back.
func (s *Store) AddSource(ctx context.Context, source archiver.Source) (archiver.Source, error) {
	const op = "add source"
	if source.Name == "" || source.URL == "" {
		return archiver.Source{}, &archiver.Error{Kind: archiver.Invalid, Op: op, URL: source.URL, Err: errors.New("it needs a name and an address")}
	}
	if source.Added.IsZero() {
		source.Added = s.opts.Now()
	}
	var added archiver.Source
	err := s.write(ctx, op, func(ctx context.Context, tx *writer) error {
		known, found, err := findSource(ctx, tx, sourceByKey, archiver.Key(source.URL))
		switch {
		case err != nil:
			return err
		case found && !known.Removed:
			return &archiver.Error{Kind: archiver.Invalid, Op: op, URL: source.URL, Err: fmt.Errorf("the source %q has this address already", known.Name),
				Hint: fmt.Sprintf("\"archiver sync %s\" reads it", known.Name)}
		case found:
			known.Removed = false
			added = known
			_, err := tx.exec(ctx, `UPDATE source SET removed = 0 WHERE id = ?`, known.ID)
			return err
		}
		other, found, err := findSource(ctx, tx, sourceByName, source.Name)
		if err != nil {
			return err
		}
		if found {
			return &archiver.Error{Kind: archiver.Invalid, Op: op, URL: source.URL, Err: fmt.Errorf("the name %q belongs to %s", other.Name, other.URL),
				Hint: "give another with --name"}
		}
		added = archiver.Source{Name: source.Name, URL: source.URL, Title: source.Title, Added: fromMilli(milli(source.Added)), Settings: source.Settings}
		settings, err := encodeSettings(source.Settings)
		if err != nil {
			return err
		}
		_, err = tx.get(ctx, insertSource, []any{added.Name, added.URL, archiver.Key(added.URL), added.Title, milli(added.Added), settings}, []any{&added.ID})
		return err
	})
	if err != nil {
		return archiver.Source{}, err
	}
	return added, nil
}

// SetSettings puts the source's settings in the place of those it had.
func (s *Store) SetSettings(ctx context.Context, sourceID int64, settings archiver.Settings) error {
	const op = "set settings"
	text, err := encodeSettings(settings)
	if err != nil {
		return s.fail(op, err)
	}
	return s.write(ctx, op, func(ctx context.Context, tx *writer) error {
		n, err := tx.exec(ctx, setSettings, text, sourceID)
		if err == nil && n == 0 {
			return noSource(fmt.Sprint(sourceID))
		}
		return err
	})
}

// Sources are all sources with their counts.
func (s *Store) Sources(ctx context.Context) ([]archiver.Source, error) {
	const op = "list sources"
	rows, err := s.r.QueryContext(ctx, allSources)
	if err != nil {
		return nil, s.fail(op, err)
	}
	var sources []archiver.Source
	err = each(rows, func(rows *sql.Rows) error {
		var source archiver.Source
		err := rows.Scan(sourceFields(&source)...)
		sources = append(sources, source)
		return err
	})
	if err == nil {
		err = s.count(ctx, sources, 0)
	}
	return sources, s.fail(op, err)
}

// Source finds a source by name, else by address.
func (s *Store) Source(ctx context.Context, nameOrURL string) (archiver.Source, error) {
	const op = "find source"
	var source archiver.Source
	err := s.r.QueryRowContext(ctx, sourceByName, nameOrURL).Scan(sourceFields(&source)...)
	if errors.Is(err, sql.ErrNoRows) {
		key, ok := keyOf(nameOrURL)
		if !ok {
			return archiver.Source{}, noSource(nameOrURL)
		}
		err = s.r.QueryRowContext(ctx, sourceByKey, key).Scan(sourceFields(&source)...)
		if errors.Is(err, sql.ErrNoRows) {
			return archiver.Source{}, noSource(nameOrURL)
		}
	}
	if err != nil {
		return archiver.Source{}, s.fail(op, err)
	}
	one := []archiver.Source{source}
	err = s.count(ctx, one, source.ID)
	return one[0], s.fail(op, err)
}

// count fills in the counts of the sources; of one of them where only is not 0.
func (s *Store) count(ctx context.Context, sources []archiver.Source, only int64) error {
	rows, err := s.r.QueryContext(ctx, countMembers, only)
	if err != nil {
		return err
	}
	counts := map[int64]map[archiver.ArticleState]int{}
	err = each(rows, func(rows *sql.Rows) error {
		var id int64
		var state archiver.ArticleState
		var n int
		if err := rows.Scan(&id, &state, &n); err != nil {
			return err
		}
		if counts[id] == nil {
			counts[id] = map[archiver.ArticleState]int{}
		}
		counts[id][state] = n
		return nil
	})
	for i := range sources {
		sources[i].Counts = counts[sources[i].ID]
	}
	return err
}

// What a purge takes: the members of the source, by any of their addresses, that no other source lists.
const lonely = `SELECT a.id FROM article a
	WHERE a.id IN (SELECT d.article FROM member m JOIN address d ON d.key = m.key WHERE m.source = ?1)
	AND NOT EXISTS (SELECT 1 FROM address d CROSS JOIN member m ON m.key = d.key
		WHERE d.article = a.id AND m.source IN (SELECT id FROM source WHERE id <> ?1))`

const (
	unindexLonely = `DELETE FROM search WHERE rowid IN (` + lonely + `)`
	deleteSource  = `DELETE FROM source WHERE id = ?`
	deleteLonely  = `DELETE FROM article WHERE id IN (` + lonely + `)`
	// IDs are given again where the last ones were deleted.
	lowerMark = `UPDATE search_mark SET revision = min(revision, (SELECT coalesce(max(id), 0) FROM revision))`
	// The first page of a site is in its dictionary; it goes with the last page that needs it.
	dropDictionaries = `DELETE FROM dictionary WHERE id NOT IN (SELECT dictionary FROM page)`
	// An article that stays although its first source goes is the oldest other source's.
	adopt = `UPDATE article SET source = coalesce((SELECT min(m.source) FROM address d CROSS JOIN member m ON m.key = d.key
		WHERE d.article = article.id AND m.source IN (SELECT id FROM source WHERE id <> ?1)), source) WHERE source = ?1`
)

// RemoveSource ends the syncing of a source; a purge deletes it with what only it lists.
func (s *Store) RemoveSource(ctx context.Context, id int64, purge bool) (purged int, err error) {
	err = s.write(ctx, "remove source", func(ctx context.Context, tx *writer) error {
		n, err := tx.exec(ctx, `UPDATE source SET removed = 1 WHERE id = ?`, id)
		switch {
		case err != nil:
			return err
		case n == 0:
			return noSource(fmt.Sprint(id))
		case !purge:
			return nil
		}
		if _, err := tx.exec(ctx, unindexLonely, id); err != nil {
			return err
		}
		deleted, err := tx.exec(ctx, deleteLonely, id)
		if err != nil {
			return err
		}
		purged = int(deleted)
		for _, query := range []string{adopt, deleteSource} {
			if _, err := tx.exec(ctx, query, id); err != nil {
				return err
			}
		}
		for _, query := range append([]string{lowerMark, dropDictionaries}, dropImages...) {
			if _, err := tx.exec(ctx, query); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		purged = 0
	}
	return purged, err
}

func findSource(ctx context.Context, tx *writer, query string, arg any) (source archiver.Source, found bool, err error) {
	found, err = tx.get(ctx, query, []any{arg}, sourceFields(&source))
	return source, found, err
}

// sourceFields are where sourceColumns go.
func sourceFields(source *archiver.Source) []any {
	return []any{&source.ID, &source.Name, &source.URL, &source.Title, (*instant)(&source.Added), (*instant)(&source.LastSync), &source.Walk, &source.Removed,
		(*instant)(&source.LastWhole), (*instant)(&source.LastRun), object[archiver.Settings]{&source.Settings}, object[[]archiver.Way]{&source.Channels}}
}

// encodeSettings writes settings as they are stored: ” where they say nothing.
func encodeSettings(settings archiver.Settings) (string, error) {
	text, err := encode(settings)
	if text == "{}" {
		text = ""
	}
	return text, err
}

// object scans JSON into what it points to, ” as nothing.
type object[T any] struct{ to *T }

func (o object[T]) Scan(v any) error {
	text, ok := v.(string)
	if !ok {
		return fmt.Errorf("an object is stored as %T", v)
	}
	var zero T
	*o.to = zero
	if text == "" {
		return nil
	}
	return json.Unmarshal([]byte(text), o.to)
}
