package sqlite

import (
	"context"
	"database/sql"
	"errors"

	"archiver"
)

const (
	dropArticlePages = `DELETE FROM page WHERE article = ?`
	hasPages         = `SELECT 1 FROM page WHERE article = ? LIMIT 1`
	dropTaskPages    = `DELETE FROM page WHERE task = ?`
	insertPage       = `INSERT INTO page (article, task, requested, url, status, content_type, charset, links, pages, etag, modified, robots, fetched,
		dictionary, raw, seal) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`

	dictionaryID     = `SELECT id FROM dictionary WHERE host = ?`
	dictionaryRaw    = `SELECT raw FROM dictionary WHERE id = ?`
	insertDictionary = `INSERT INTO dictionary (host, raw) VALUES (?, ?) RETURNING id`
)

// keepPages puts the outcome's pages in the place of the earlier ones: those of the article, or, where article is 0, those of
// the task.
func (c *commit) keepPages(ctx context.Context, article, task int64) error {
	if len(c.outcome.Pages) == 0 {
		return nil
	}
	if _, err := c.exec(ctx, dropTaskPages, task); err != nil {
		return err
	}
	owner, other := any(article), any(nil)
	if article == 0 {
		owner, other = nil, task
	} else if _, err := c.exec(ctx, dropArticlePages, article); err != nil {
		return err
	}
	for i := range c.outcome.Pages {
		p := &c.outcome.Pages[i]
		links, err := encodeList(p.Links)
		if err != nil {
			return err
		}
		if err := c.useDictionary(ctx, p); err != nil {
			return err
		}
		_, err = c.exec(ctx, insertPage, owner, other, p.Requested, p.URL, p.Status, p.ContentType, p.Charset, links, p.Pages, p.ETag, p.Modified,
			p.Robots, milli(p.FetchedAt), c.zip.id, c.zip.encode(p.Raw), sealPage(p, links))
		if err != nil {
			return err
		}
	}
	return nil
}

// keepMissingPages keeps the outcome's pages where the article has none: its own were damaged and dropped.
func (c *commit) keepMissingPages(ctx context.Context, article int64) error {
	has, err := c.get(ctx, hasPages, []any{article}, []any{new(int)})
	if err != nil || has {
		return err
	}
	return c.keepPages(ctx, article, c.outcome.Task.ID)
}

// useDictionary readies the encoder for the page's site. The ID is asked for each time: another process may have purged it.
func (c *commit) useDictionary(ctx context.Context, p *archiver.Page) error {
	host := archiver.Host(p.URL)
	var id int64
	found, err := c.get(ctx, dictionaryID, []any{host}, []any{&id})
	if err != nil || found && c.zip.ready(id) {
		return err
	}
	if !found {
		dictionary := p.Raw[:min(len(p.Raw), maxDictionary)]
		packed, err := packDictionary(dictionary)
		if err != nil {
			return err
		}
		if _, err := c.get(ctx, insertDictionary, []any{host, packed}, []any{&id}); err != nil {
			return err
		}
		return c.zip.load(id, dictionary)
	}
	var packed []byte
	if _, err := c.get(ctx, dictionaryRaw, []any{id}, []any{&packed}); err != nil {
		return err
	}
	dictionary, err := unpackDictionary(packed)
	if err != nil {
		return err
	}
	return c.zip.load(id, dictionary)
}

const (
	articleByName = `SELECT id FROM article WHERE name = ?`
	pageColumns   = `SELECT p.requested, p.url, p.status, p.content_type, p.charset, p.links, p.pages, p.etag, p.modified, p.robots, p.fetched,
		p.dictionary, d.raw, p.raw FROM page p JOIN dictionary d ON d.id = p.dictionary`
	pagesOf     = pageColumns + ` WHERE p.article = ? ORDER BY p.id`
	taskPagesOf = pageColumns + ` WHERE p.task = ? ORDER BY p.id`
)

// rowOf finds the row of an article by its ID.
func (s *Store) rowOf(ctx context.Context, op, articleID string) (id int64, err error) {
	err = s.r.QueryRowContext(ctx, articleByName, articleID).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, noArticle(articleID)
	}
	return id, s.fail(op, err)
}

// Pages are the raw pages of an article. Their Text is empty: it is Raw, read in Charset.
func (s *Store) Pages(ctx context.Context, articleID string) ([]archiver.Page, error) {
	const op = "read pages"
	id, err := s.rowOf(ctx, op, articleID)
	if err != nil {
		return nil, err
	}
	return s.pages(ctx, pagesOf, id)
}

// TaskPages are the raw pages of a quarantined task.
func (s *Store) TaskPages(ctx context.Context, taskID int64) ([]archiver.Page, error) {
	return s.pages(ctx, taskPagesOf, taskID)
}

func (s *Store) pages(ctx context.Context, query string, id int64) ([]archiver.Page, error) {
	const op = "read pages"
	rows, err := s.r.QueryContext(ctx, query, id)
	if err != nil {
		return nil, s.fail(op, err)
	}
	var pages []archiver.Page
	err = each(rows, func(rows *sql.Rows) error {
		var p archiver.Page
		var dictionary int64
		var dictionaryRaw, raw sql.RawBytes
		err := rows.Scan(&p.Requested, &p.URL, &p.Status, &p.ContentType, &p.Charset, (*list)(&p.Links), &p.Pages, &p.ETag, &p.Modified, &p.Robots,
			(*instant)(&p.FetchedAt), &dictionary, &dictionaryRaw, &raw)
		if err == nil {
			p.Raw, err = s.unzip.decode(dictionary, dictionaryRaw, raw)
		}
		pages = append(pages, p)
		return err
	})
	return pages, s.fail(op, err)
}
