package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"archiver"
)

const (
	siteOf = `SELECT model FROM site WHERE host = ?`
	// Of two workers' models the one that has learned more stays.
	learnSite = `INSERT INTO site (host, lessons, model) VALUES (?, ?, ?)
		ON CONFLICT (host) DO UPDATE SET lessons = excluded.lessons, model = excluded.model WHERE lessons < excluded.lessons`
	putSite = `INSERT INTO site (host, lessons, model) VALUES (?, ?, ?)
		ON CONFLICT (host) DO UPDATE SET lessons = excluded.lessons, model = excluded.model`
)

// Site is what is known of a site: a model without pages where that is nothing.
func (s *Store) Site(ctx context.Context, host string) (archiver.SiteModel, error) {
	const op = "read site"
	site := archiver.SiteModel{Host: host}
	var text string
	err := s.r.QueryRowContext(ctx, siteOf, host).Scan(&text)
	if errors.Is(err, sql.ErrNoRows) {
		return site, nil
	}
	if err == nil {
		err = json.Unmarshal([]byte(text), &site)
	}
	if err != nil {
		return archiver.SiteModel{Host: host}, s.fail(op, fmt.Errorf("model of %s: %w", host, err))
	}
	return site, nil
}

// PutSite puts a model in the place of the one that was there.
func (s *Store) PutSite(ctx context.Context, site archiver.SiteModel) error {
	return s.write(ctx, "save site", func(ctx context.Context, tx *writer) error {
		return tx.keepSite(ctx, putSite, &site)
	})
}

func (w *writer) keepSite(ctx context.Context, query string, site *archiver.SiteModel) error {
	text, err := encode(site)
	if err != nil {
		return err
	}
	_, err = w.exec(ctx, query, site.Host, site.Lessons, text)
	return err
}
