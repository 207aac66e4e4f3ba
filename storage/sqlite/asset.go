package sqlite

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"strings"
	"time"

	"archiver"
)

// This file keeps pictures. Rules: an address is fetched for all articles that show it, once; a picture is kept once, however many
// addresses it has; what an article showed once stays one of its pictures; a picture that was stored is never replaced or
// dropped by a sync, whatever its address answers later.

// outOfSight is where the pictures stand that an article showed once, behind those that it shows: an article has fewer.
const outOfSight = 1000

const (
	insertImage = `INSERT INTO image (key, url, state, reason, checked) VALUES (?, ?, 'pending', '', 0) ON CONFLICT DO NOTHING`
	imageByKey  = `SELECT id FROM image WHERE key = ?`
	shown       = `SELECT i.key FROM article_image ai JOIN image i ON i.id = ai.image WHERE ai.article = ?1 AND ai.place < ?2 ORDER BY ai.place`
	hideAll     = `UPDATE article_image SET place = place + ?2 WHERE article = ?1`
	showImage   = `INSERT INTO article_image (article, image, place) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET place = excluded.place`

	addAssetTask = `INSERT INTO task (source, role, key, url, state, attempt, walk, number, barren, not_before, lease_until, changed, reason, entries) `
	// One source fetches a picture for all: a task of a source that is not synced any more is none.
	unasked = ` NOT EXISTS (SELECT 1 FROM task WHERE source IN (SELECT id FROM source WHERE removed = 0) AND role = 'asset' AND key = i.key)
		ON CONFLICT (source, role, key) DO NOTHING`
	askForShown = addAssetTask + `SELECT ?1, 'asset', i.key, i.url, 'pending', 0, ?2, 0, 0, 0, 0, ?3, '', ?4 FROM article_image ai JOIN image i ON i.id = ai.image
		WHERE ai.article = ?5 AND ai.place < ?6 AND i.state <> 'stored' AND` + unasked
	// What nobody asks for, although the source lists an article that shows it: it was purged with another source, or read from
	// stored pages, or the source did not want pictures.
	askForPending = addAssetTask + `SELECT ?1, 'asset', i.key, i.url, 'pending', 0, ?2, 0, 0, 0, 0, ?3, '', '' FROM image i
		WHERE i.state = 'pending' AND EXISTS (SELECT 1 FROM article_image ai CROSS JOIN address d ON d.article = ai.article
			CROSS JOIN member m ON m.key = d.key AND m.source = ?1 WHERE ai.image = i.id) AND` + unasked

	insertAsset = `INSERT INTO asset (sum, type, width, height, data) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`
	assetBySum  = `SELECT id FROM asset WHERE sum = ?`
	imageStored = `SELECT id, asset IS NOT NULL FROM image WHERE key = ?`
	storeImage  = `UPDATE image SET state = 'stored', reason = '', checked = ?2, asset = ?3 WHERE id = ?1`
	noteImage   = `UPDATE image SET state = iif(asset IS NULL, ?2, state), reason = ?3, checked = ?4 WHERE key = ?1`
)

// keepImages makes addresses the pictures of an article, in their order. What it showed before stays behind them.
func (c *commit) keepImages(ctx context.Context, article int64, urls []string) error {
	keys := make([]string, len(urls))
	for i, url := range urls {
		keys[i] = archiver.Key(url)
	}
	if same, err := c.shows(ctx, article, keys); err != nil || same {
		return err
	}
	if _, err := c.exec(ctx, hideAll, article, outOfSight); err != nil {
		return err
	}
	for i, url := range urls {
		if _, err := c.exec(ctx, insertImage, keys[i], url); err != nil {
			return err
		}
		var id int64
		if _, err := c.get(ctx, imageByKey, []any{keys[i]}, []any{&id}); err != nil {
			return err
		}
		if _, err := c.exec(ctx, showImage, article, id, i); err != nil {
			return err
		}
	}
	return nil
}

// takeImages makes what an article shows its pictures, and has them fetched where its source wants that. One that could not be
// read shows nothing, and keeps what it showed.
func (c *commit) takeImages(ctx context.Context, article int64, a *content) error {
	if !a.wasRead() {
		return nil
	}
	if err := c.keepImages(ctx, article, a.Images); err != nil || !c.outcome.Images {
		return err
	}
	return c.askForImages(ctx, article, a.URL)
}

// shows reports whether an article shows these pictures already: most looks at an article change none.
func (c *commit) shows(ctx context.Context, article int64, keys []string) (same bool, err error) {
	n, same := 0, true
	err = c.query(ctx, func(rows *sql.Rows) error {
		var key string
		err := rows.Scan(&key)
		same = same && n < len(keys) && keys[n] == key
		n++
		return err
	}, shown, article, outOfSight)
	return same && n == len(keys), err
}

// askForImages has the pictures of an article fetched that nobody fetched and nobody is to fetch.
func (c *commit) askForImages(ctx context.Context, article int64, url string) error {
	task := &c.outcome.Task
	shownBy, err := encodeEntries([]archiver.Entry{{URL: url}}) // for guards that ask where a request comes from
	if err != nil {
		return err
	}
	_, err = c.exec(ctx, askForShown, task.SourceID, task.Walk, milli(c.outcome.At), shownBy, article, outOfSight)
	return err
}

// pendImages has the pictures fetched that articles of a source show and that nobody is to fetch.
func pendImages(ctx context.Context, tx *writer, source, walk int64, now time.Time) error {
	_, err := tx.exec(ctx, askForPending, source, walk, milli(now))
	return err
}

// asset takes in what came of a picture's address.
func (c *commit) asset(ctx context.Context) error {
	o := c.outcome
	switch {
	case o.State == archiver.TaskDone && o.Asset != nil:
		return c.putAsset(ctx, o.Asset)
	case o.State == archiver.TaskPending:
		_, err := c.exec(ctx, noteImage, c.key, archiver.AssetPending, o.Reason, milli(o.At))
		return err
	}
	_, err := c.exec(ctx, noteImage, c.key, archiver.AssetFailed, o.Reason, milli(o.At))
	return err
}

// putAsset stores a picture under the address of the task. One that is stored there already stays.
func (c *commit) putAsset(ctx context.Context, a *archiver.Asset) error {
	var image int64
	var stored bool
	found, err := c.get(ctx, imageStored, []any{c.key}, []any{&image, &stored})
	if err != nil || !found { // its articles were purged meanwhile
		return err
	}
	if stored {
		_, err := c.exec(ctx, noteImage, c.key, archiver.AssetStored, "", milli(c.outcome.At))
		return err
	}
	sum := sha256.Sum256(a.Data)
	if _, err := c.exec(ctx, insertAsset, sum[:], a.Type, a.Width, a.Height, a.Data); err != nil {
		return err
	}
	var id int64
	if _, err := c.get(ctx, assetBySum, []any{sum[:]}, []any{&id}); err != nil {
		return err
	}
	_, err = c.exec(ctx, storeImage, image, milli(c.outcome.At), id)
	return err
}

const (
	imagesOf = `SELECT i.url, i.state, i.reason, i.checked, coalesce(hex(s.sum), ''), coalesce(s.type, ''), coalesce(s.width, 0), coalesce(s.height, 0),
		coalesce(length(s.data), 0) FROM article_image ai JOIN image i ON i.id = ai.image LEFT JOIN asset s ON s.id = i.asset WHERE ai.article = ? ORDER BY ai.place`
	assetColumns = `SELECT i.url, s.type, s.width, s.height, s.data FROM image i JOIN asset s ON s.id = i.asset WHERE `
	assetOfSum   = assetColumns + `i.asset = (SELECT id FROM asset WHERE sum = ?) ORDER BY i.id LIMIT 1`
	assetOfURL   = assetColumns + `i.key = ?`
)

// Images are the pictures of an article.
func (s *Store) Images(ctx context.Context, articleID string) ([]archiver.Image, error) {
	const op = "read pictures"
	id, err := s.rowOf(ctx, op, articleID)
	if err != nil {
		return nil, err
	}
	rows, err := s.r.QueryContext(ctx, imagesOf, id)
	if err != nil {
		return nil, s.fail(op, err)
	}
	var images []archiver.Image
	err = each(rows, func(rows *sql.Rows) error {
		var i archiver.Image
		err := rows.Scan(&i.URL, &i.State, &i.Reason, (*instant)(&i.Checked), &i.Sum, &i.Type, &i.Width, &i.Height, &i.Size)
		i.Sum = strings.ToLower(i.Sum)
		images = append(images, i)
		return err
	})
	return images, s.fail(op, err)
}

// Asset is a picture by its sum or by its address.
func (s *Store) Asset(ctx context.Context, sumOrURL string) (archiver.Asset, error) {
	const op = "read picture"
	query, arg := assetOfSum, any(nil)
	if sum, err := hex.DecodeString(sumOrURL); err == nil && len(sum) == sha256.Size {
		arg = sum
	} else if key, ok := keyOf(sumOrURL); ok {
		query, arg = assetOfURL, key
	} else {
		return archiver.Asset{}, noAsset(sumOrURL)
	}
	var a archiver.Asset
	err := s.r.QueryRowContext(ctx, query, arg).Scan(&a.URL, &a.Type, &a.Width, &a.Height, &a.Data)
	if errors.Is(err, sql.ErrNoRows) {
		return archiver.Asset{}, noAsset(sumOrURL)
	}
	return a, s.fail(op, err)
}

func noAsset(sumOrURL string) error {
	return &archiver.Error{Kind: archiver.NoMatch, Op: "find picture", URL: sumOrURL, Err: errors.New("it is not in the archive")}
}

// What a purge takes: addresses that no article shows any more, and pictures that no address has.
var dropImages = []string{
	`DELETE FROM image WHERE id NOT IN (SELECT image FROM article_image)`,
	`DELETE FROM asset WHERE id NOT IN (SELECT asset FROM image WHERE asset IS NOT NULL)`,
}
