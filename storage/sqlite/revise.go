package sqlite

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"archiver"
)

const (
	knownArticle = `SELECT a.id, a.revision, r.hash, r.words, r.same, a.state, a.gone FROM address d JOIN article a ON a.id = d.article
		JOIN revision r ON r.article = a.id AND r.number = a.revision WHERE d.key = ?`
	// The source whose listing named the article first.
	firstSource   = `SELECT source FROM task WHERE source IN (SELECT id FROM source) AND role = 'article' AND key = ? ORDER BY id LIMIT 1`
	insertArticle = `INSERT INTO article (name, url, source, state, first_seen, checked, revision, undated, published)
		VALUES (?1, ?2, ?3, ?4, ?5, ?5, ?6, ?7, ?8) RETURNING id`
	checkArticle   = `UPDATE article SET state = ?2, checked = max(checked, ?3), gone = 0, why = '' WHERE id = ?1`
	reviseArticle  = `UPDATE article SET revision = ?2, undated = ?3, published = ?4 WHERE id = ?1`
	moveArticle    = `UPDATE article SET url = ?2 WHERE id = ?1 AND url <> ?2`
	insertAddress  = `INSERT INTO address (key, article) VALUES (?, ?) ON CONFLICT DO NOTHING`
	deleteFacts    = `DELETE FROM revision WHERE article = ? AND number = 0`
	insertRevision = `INSERT INTO revision (article, number, seen, cause, same, hash, seal, title, authors, published, modified, categories, tags, language, site,
		excerpt, image, words, markdown, html) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
	goneArticle = `UPDATE article SET state = 'gone', gone = iif(gone = 0, ?2, gone), why = ?3 WHERE id = ?1`
	lockArticle = `UPDATE article SET state = 'protected' WHERE id = (SELECT article FROM address WHERE key = ?)`
	// Other sources that list the article need not read it again, nor look at it when this one has just looked.
	settleOthers = `UPDATE task SET state = ?2, attempt = 0, not_before = ?3, lease_until = 0, changed = ?4, reason = ?5
		WHERE source IN (SELECT id FROM source) AND role = 'article' AND key = ?1 AND (state <> 'done' OR not_before > 0) AND id <> ?6`
)

// article takes in what came of an article's page.
func (c *commit) article(ctx context.Context) error {
	for _, e := range c.outcome.Entries {
		if _, err := c.tell(ctx, archiver.Key(e.URL), e); err != nil {
			return err
		}
	}
	if c.outcome.Article == nil {
		switch {
		case c.outcome.Unchanged:
			return c.confirm(ctx)
		case c.outcome.State == archiver.TaskGone:
			return c.vanish(ctx)
		case c.outcome.State == archiver.TaskProtected:
			_, err := c.exec(ctx, lockArticle, c.key)
			return err
		}
		return nil
	}
	a := newContent(c.outcome.Article)
	id, known, err := c.find(ctx, a)
	if err != nil {
		return err
	}
	if known.is {
		err = c.revise(ctx, id, known, a)
	} else {
		id, err = c.add(ctx, a)
	}
	if err != nil || c.receipt.Refused != "" {
		return err
	}
	c.receipt.Added = !known.is
	c.receipt.Back = known.is && known.gone > 0
	c.receipt.Locked = a.state() == archiver.ArticleProtected && known.state != archiver.ArticleProtected
	if err := c.settleAddresses(ctx, id, a); err != nil {
		return err
	}
	if err := c.takeImages(ctx, id, a); err != nil {
		return err
	}
	if c.outcome.Task.Missing && c.outcome.State == archiver.TaskDone {
		return c.leave(ctx, id, known, a)
	}
	return nil
}

// content is an article as it is stored and hashed.
type content struct {
	archiver.Article
	hash   []byte
	sum    int64 // see same
	summed bool
}

// newContent leaves out what could not be read back: dates beyond the calendar, and bytes in lists that are not UTF-8.
func newContent(a *archiver.Article) *content {
	c := content{Article: *a}
	c.Published, c.Modified = storable(a.Published), storable(a.Modified)
	c.Authors, c.Categories, c.Tags = valid(a.Authors), valid(a.Categories), valid(a.Tags)
	hash := c.ContentHash()
	c.hash = hash[:]
	return &c
}

func valid(list []string) []string {
	if !slices.ContainsFunc(list, func(s string) bool { return !utf8.ValidString(s) }) {
		return list
	}
	list = slices.Clone(list)
	for i := range list {
		list[i] = strings.ToValidUTF8(list[i], "\ufffd")
	}
	return list
}

func (a *content) hasText() bool { return a.HTML != "" || a.Markdown != "" }

// wasRead tells an article, be its body empty as its author left it, from the facts of one that could not be read.
func (a *content) wasRead() bool { return a.hasText() || a.state() == archiver.ArticleSaved }

func (a *content) state() archiver.ArticleState {
	if a.State == "" {
		return archiver.ArticleSaved
	}
	return a.State
}

// place is where an article stands among the others: by the moment it was published, absent last.
func (a *content) place() (undated bool, published int64) {
	return a.Published.IsZero(), milli(a.Published.Time())
}

// copyOf is the archive's copy of an article.
type copyOf struct {
	is       bool
	revision int
	hash     []byte
	words    int
	same     int64
	state    archiver.ArticleState
	gone     int64
}

// find looks for the archive's copy: by the address that was listed, else by the one that answered, where the text is the
// same too. Short addresses lead to other articles on many blogs; one text under two addresses is one article.
func (c *commit) find(ctx context.Context, a *content) (id int64, known copyOf, err error) {
	dest := []any{&id, &known.revision, &known.hash, &known.words, &known.same, &known.state, &known.gone}
	known.is, err = c.get(ctx, knownArticle, []any{c.key}, dest)
	if err == nil && !known.is && c.outcome.Renamed != "" {
		before := archiver.Key(c.outcome.Renamed)
		if known.is, err = c.get(ctx, knownArticle, []any{before}, dest); err == nil && known.is {
			err = c.endAddress(ctx, before)
		}
	}
	if err != nil || known.is || a.URL == "" || archiver.Key(a.URL) == c.key {
		return id, known, err
	}
	known.is, err = c.get(ctx, knownArticle, []any{archiver.Key(a.URL)}, dest)
	known.is = known.is && bytes.Equal(known.hash, a.hash)
	return id, known, err
}

func (c *commit) add(ctx context.Context, a *content) (id int64, err error) {
	if refused, err := c.isEverywhere(ctx, 0, a); err != nil || refused {
		return 0, err
	}
	source := c.outcome.Task.SourceID
	if _, err := c.get(ctx, firstSource, []any{c.key}, []any{&source}); err != nil {
		return 0, err
	}
	number := 0
	if a.wasRead() {
		number = 1
	}
	undated, published := a.place()
	url := c.outcome.Task.URL
	_, err = c.get(ctx, insertArticle, []any{archiver.ArticleID(url), url, source, a.state(), milli(c.outcome.At), number, undated, published}, []any{&id})
	if err != nil {
		return 0, err
	}
	if err := c.insertRevision(ctx, id, number, a, ""); err != nil {
		return 0, err
	}
	c.receipt.Revised = true
	return id, c.keepPages(ctx, id, c.outcome.Task.ID)
}

// revise adds a revision where the content changed. What has no text replaces none.
func (c *commit) revise(ctx context.Context, id int64, known copyOf, a *content) error {
	same := bytes.Equal(known.hash, a.hash)
	if c.outcome.Cause == archiver.CauseChannel && known.same != 0 && known.same == a.same() {
		same = true // said in other tags
	}
	if a.hasText() && !same {
		if reason := shrank(known.words, a.Words); reason != "" {
			c.refuse(reason)
			return nil
		}
		if refused, err := c.isEverywhere(ctx, id, a); err != nil || refused {
			return err
		}
	}
	if _, err := c.exec(ctx, checkArticle, id, a.state(), milli(c.outcome.At)); err != nil {
		return err
	}
	number := known.revision + 1
	switch {
	case !a.hasText() && (known.revision > 0 || same):
		return nil
	case !a.wasRead():
		number = 0
	case same && known.revision > 0:
		return c.keepMissingPages(ctx, id)
	}
	// Facts without text make room for what is known now; after the new text, whose ID must be above all the index has seen.
	if number == 0 {
		if _, err := c.exec(ctx, deleteFacts, id); err != nil {
			return err
		}
	}
	cause := c.outcome.Cause
	if number <= 1 {
		cause = ""
	}
	if err := c.insertRevision(ctx, id, number, a, cause); err != nil {
		return err
	}
	if number == 1 {
		if _, err := c.exec(ctx, deleteFacts, id); err != nil {
			return err
		}
	}
	undated, published := a.place()
	if _, err := c.exec(ctx, reviseArticle, id, number, undated, published); err != nil {
		return err
	}
	c.receipt.Revised = true
	return c.keepPages(ctx, id, c.outcome.Task.ID)
}

// settleAddresses notes the addresses the article was found under, and ends the tasks of other sources that name it.
// An address that belongs to another article stays there.
func (c *commit) settleAddresses(ctx context.Context, id int64, a *content) error {
	keys := []string{c.key}
	if a.URL != "" && archiver.Key(a.URL) != c.key {
		keys = append(keys, archiver.Key(a.URL))
	}
	for _, key := range keys {
		mine, err := c.exec(ctx, insertAddress, key, id)
		if err != nil {
			return err
		}
		if mine == 0 {
			var owner int64
			if _, err := c.get(ctx, isKnown, []any{key}, []any{&owner}); err != nil {
				return err
			}
			if owner != id {
				return nil
			}
		}
		if err := c.settleOthers(ctx, key); err != nil {
			return err
		}
	}
	if a.URL != "" {
		moved, err := c.exec(ctx, moveArticle, id, a.URL)
		c.receipt.Moved = moved > 0 && !c.receipt.Added
		return err
	}
	return nil
}

// settleOthers ends the tasks of other sources for an address as this one ends.
func (c *commit) settleOthers(ctx context.Context, key string) error {
	o := c.outcome
	_, err := c.exec(ctx, settleOthers, key, o.State, milli(o.NotBefore), milli(o.At), o.Reason, o.Task.ID)
	return err
}

func (c *commit) insertRevision(ctx context.Context, id int64, number int, a *content, cause string) error {
	said, err := a.columns()
	if err != nil {
		return err
	}
	seen, same := milli(c.outcome.At), a.same()
	sum := sealed{id, number, seen, cause, same}.seal(&a.Article, a.hash)
	_, err = c.exec(ctx, insertRevision, append([]any{id, number, seen, cause, same, a.hash, sum}, said...)...)
	return err
}

// columns are what a revision says, from title to html, in the order of the table.
func (a *content) columns() ([]any, error) {
	var lists [3]string
	for i, list := range [...][]string{a.Authors, a.Categories, a.Tags} {
		var err error
		if lists[i], err = encodeList(list); err != nil {
			return nil, err
		}
	}
	return []any{a.Title, lists[0], a.Published.String(), a.Modified.String(), lists[1], lists[2], a.Language, a.Site, a.Excerpt, a.Image, a.Words,
		a.Markdown, a.HTML}, nil
}
