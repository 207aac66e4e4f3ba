package sqlite

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"archiver"
	"archiver/storage"

	lib "modernc.org/sqlite/lib"
)

// This file reads everything that the archive holds and compares it with its sums. Rules: rows are read in stretches by their
// number, so memory is bounded; a stretch that SQLite cannot read is read row by row, so one torn page hides none of the
// others; a value is taken as it is stored, whatever its type, because a flipped bit may have made another one of it.

// stretch is how many rows are read at a time: some megabytes of text and pages.
const stretch = 50

const (
	verifyArticles = `SELECT a.id, a.name, a.url, a.state, a.first_seen, a.checked, a.revision, a.undated, a.published,
		(SELECT group_concat(key, char(10)) FROM address WHERE article = a.id), (SELECT published FROM revision WHERE article = a.id AND number = a.revision)
		FROM article a WHERE a.id BETWEEN ? AND ?`
	verifyRevisions = `SELECT r.id, a.name, a.url, coalesce(a.revision = r.number, 0), r.article, r.number, r.seen, r.cause, r.same, r.hash, r.seal, r.title, r.authors,
		r.published, r.modified, r.categories, r.tags, r.language, r.site, r.excerpt, r.image, r.words, r.markdown, r.html
		FROM revision r LEFT JOIN article a ON a.id = r.article WHERE r.id BETWEEN ? AND ?`
	verifyPages = `SELECT p.id, a.name, p.requested, p.url, p.status, p.content_type, p.charset, p.links, p.pages, p.etag, p.modified, p.robots, p.fetched, p.seal,
		p.dictionary, d.raw, p.raw FROM page p LEFT JOIN dictionary d ON d.id = p.dictionary LEFT JOIN article a ON a.id = p.article WHERE p.id BETWEEN ? AND ?`
	verifyAssets = `SELECT s.id, (SELECT url FROM image WHERE asset = s.id LIMIT 1), s.sum, s.data FROM asset s WHERE s.id BETWEEN ? AND ?`
	verifyTasks  = `SELECT t.id, t.url, t.state, t.entries FROM task t WHERE t.id BETWEEN ? AND ?`
)

// verifier is one reading of the archive.
type verifier struct {
	s        *Store
	found    func(storage.Damage)
	progress func(done, of int)
	done, of int
	storage.Verified
}

// Verify reads everything and says what is not as it was saved.
func (s *Store) Verify(ctx context.Context, found func(storage.Damage), progress func(done, of int)) (storage.Verified, error) {
	v := &verifier{s: s, found: found, progress: progress}
	if err := v.file(ctx); err != nil {
		return v.Verified, s.fail("verify archive", err)
	}
	return v.Verified, s.fail("verify archive", v.rows(ctx))
}

// file looks at the structure of the file, the search index included, and at the references between the tables.
func (v *verifier) file(ctx context.Context) error {
	for _, query := range []string{checkPages, checkKeys} {
		rows, err := v.s.r.QueryContext(ctx, query)
		if err == nil {
			err = each(rows, func(rows *sql.Rows) error {
				var line string
				err := rows.Scan(&line)
				if err == nil && line != "ok" {
					v.found(storage.Damage{Part: storage.PartFile, What: line})
				}
				return err
			})
		}
		if err := v.torn(err, storage.Damage{Part: storage.PartFile, What: "its structure cannot be read to the end"}); err != nil {
			return err
		}
	}
	return nil
}

// torn turns an error of a damaged file into a damage. Every other error is given back.
func (v *verifier) torn(err error, d storage.Damage) error {
	if err == nil {
		return nil
	}
	if !damaged(err) {
		return err
	}
	v.found(d)
	return nil
}

// damaged reports whether err says that bytes of the file are not what SQLite wrote, or what this package stores.
func damaged(err error) bool {
	for _, code := range []int{lib.SQLITE_CORRUPT, lib.SQLITE_NOTADB, lib.SQLITE_IOERR, lib.SQLITE_ERROR, lib.SQLITE_TOOBIG, lib.SQLITE_NOMEM, lib.SQLITE_MISMATCH} {
		if hasCode(err, code) {
			return true
		}
	}
	return false
}

// verified are the tables, with what their rows are called and how they are looked at. The first column is the row's number.
var verified = [...]struct {
	table, query, name string
	part               storage.Part
	look               func(*verifier, []any) *storage.Damage
}{
	{"article", verifyArticles, "the article's entry", storage.PartArticle, (*verifier).article},
	{"revision", verifyRevisions, "a text", storage.PartRevision, (*verifier).revision},
	{"page", verifyPages, "a raw page", storage.PartPage, (*verifier).page},
	{"asset", verifyAssets, "a picture", storage.PartPicture, (*verifier).asset},
	{"task", verifyTasks, "a task", storage.PartTask, (*verifier).task},
}

func (v *verifier) rows(ctx context.Context) error {
	last := make([]int64, len(verified))
	for i, t := range verified {
		err := v.s.r.QueryRowContext(ctx, "SELECT coalesce(max(id), 0) FROM "+t.table).Scan(&last[i])
		if err := v.torn(err, storage.Damage{Part: t.part, Lost: true, What: "no row of table " + t.table + " can be reached"}); err != nil {
			return err
		}
		last[i] = min(last[i], maxRow)
		v.of += int(last[i])
	}
	for i, t := range verified {
		for from := int64(1); from <= last[i]; from += stretch {
			to := min(from+stretch-1, last[i])
			damages, err := v.read(ctx, t.query, from, to, t.look)
			if err != nil && damaged(err) {
				damages, err = nil, nil
				for id := from; id <= to && err == nil; id++ {
					var one []storage.Damage
					one, err = v.read(ctx, t.query, id, id, t.look)
					if err != nil && damaged(err) {
						one, err = []storage.Damage{{Part: t.part, Row: id, Lost: true, What: t.name + " (row " + fmt.Sprint(id) + ") cannot be read: the file is torn there"}}, nil
					}
					damages = append(damages, one...)
				}
			}
			if err != nil {
				return err
			}
			for _, d := range damages {
				v.found(d)
			}
			v.done += int(to - from + 1)
			if v.progress != nil {
				v.progress(v.done, v.of)
			}
		}
	}
	return nil
}

// maxRow bounds what a flipped bit in a row's number can make of the work.
const maxRow = 100_000_000

// read looks at the rows from one number to another.
func (v *verifier) read(ctx context.Context, query string, from, to int64, look func(*verifier, []any) *storage.Damage) (found []storage.Damage, err error) {
	was := v.Verified
	defer func() {
		if err != nil {
			v.Verified = was // the rows will be read again
		}
	}()
	rows, err := v.s.r.QueryContext(ctx, query, from, to)
	if err != nil {
		return nil, err
	}
	err = each(rows, func(rows *sql.Rows) error {
		columns, err := rows.Columns()
		if err != nil {
			return err
		}
		values, into := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			into[i] = &values[i]
		}
		if err := rows.Scan(into...); err != nil {
			return err
		}
		if d := look(v, values); d != nil {
			d.Row, _ = values[0].(int64)
			found = append(found, *d)
		}
		return nil
	})
	return found, err
}

// take reads values into strings, whole numbers and bytes. It reports whether all were of that type.
func take(values []any, into ...any) bool {
	whole := true
	for i, to := range into {
		ok := false
		switch to := to.(type) {
		case *string:
			*to, ok = values[i].(string)
		case *int64:
			*to, ok = values[i].(int64)
		case *[]byte:
			if *to, ok = values[i].([]byte); !ok && values[i] == nil {
				ok = true
			}
		}
		whole = whole && ok
	}
	return whole
}

func (v *verifier) article(row []any) *storage.Damage {
	v.Articles++
	var name, url, state, keys, published string
	var first, checked, revision, undated, place int64
	d := &storage.Damage{Part: storage.PartArticle}
	whole := take(row[1:], &name, &url, &state, &first, &checked, &revision, &undated, &place, &keys, &published)
	d.Article, d.URL = name, url
	ts, err := archiver.ParseTimestamp(published)
	at := content{Article: archiver.Article{Published: ts}}
	isUndated, where := at.place()
	all := strings.Split(keys, "\n")
	switch {
	case !whole || err != nil:
		d.What = "its entry is damaged; its text is looked at by itself"
	case !slices.ContainsFunc(all, func(key string) bool { sum := sha256.Sum256([]byte(key)); return hex.EncodeToString(sum[:6]) == name }):
		d.What = "its ID and its addresses do not belong together"
	case !slices.Contains(all, archiver.Key(url)):
		d.What = "its address is none of those it was found under"
	case !slices.Contains([]archiver.ArticleState{archiver.ArticleSaved, archiver.ArticleGone, archiver.ArticleProtected}, archiver.ArticleState(state)):
		d.What = "its state is none"
	case first <= 0 || checked < first:
		d.What = "its times contradict each other"
	case isUndated != (undated != 0) || where != place:
		d.What = "its place among the others is not that of its date"
	default:
		return nil
	}
	return d
}

// stored reads the columns of a revision from its title on. ok is false where one of them is not as this package writes it.
func stored(row []any) (a archiver.Article, ok bool) {
	var authors, published, modified, categories, tags string
	var words int64
	ok = take(row, &a.Title, &authors, &published, &modified, &categories, &tags, &a.Language, &a.Site, &a.Excerpt, &a.Image, &words, &a.Markdown, &a.HTML)
	for _, l := range []struct {
		text string
		into *[]string
	}{{authors, &a.Authors}, {categories, &a.Categories}, {tags, &a.Tags}} {
		if l.text != "" && json.Unmarshal([]byte(l.text), l.into) != nil {
			*l.into, ok = nil, false
		}
	}
	for _, t := range []struct {
		text string
		into *archiver.Timestamp
	}{{published, &a.Published}, {modified, &a.Modified}} {
		ts, err := archiver.ParseTimestamp(t.text)
		*t.into, ok = ts, ok && err == nil && ts.String() == t.text
	}
	a.Words = int(words)
	return a, ok
}

func (v *verifier) revision(row []any) *storage.Damage {
	v.Revisions++
	var name, url string
	var current, number int64
	var hash, sum []byte
	var of sealed
	owned := take(row[1:], &name, &url, &current)
	whole := take(row[4:], &of.article, &number, &of.seen, &of.cause, &of.same, &hash, &sum)
	of.number = int(number)
	a, read := stored(row[11:])
	now := a.ContentHash()
	d := &storage.Damage{Part: storage.PartRevision, Article: name, URL: url, Revision: int(number), Current: current == 1}
	switch {
	case !owned:
		d.What = fmt.Sprintf("revision %d belongs to no article", number)
	case !whole || !read || !bytes.Equal(now[:], hash) || !of.holds(&a, now[:], sum):
		d.What = fmt.Sprintf("revision %d: text or facts are not what was saved", number)
	case of.same != 0 && len(sum) == sha256.Size && of.same != (&content{Article: a}).same():
		d.What = fmt.Sprintf("revision %d: the sum of its text is not what was saved", number)
	default:
		if of.cause == string(storage.CauseDamaged) {
			v.Marked++
		}
		if len(sum) == sha256.Size {
			v.Unsealed++
		}
		return nil
	}
	return d
}

func (v *verifier) page(row []any) *storage.Damage {
	v.Pages++
	var p archiver.Page
	var name, links string
	var status, pages, fetched, dictionary int64
	var seal, packed, raw []byte
	take(row[1:], &name) // none of a task's page
	whole := take(row[2:], &p.Requested, &p.URL, &status, &p.ContentType, &p.Charset, &links, &pages, &p.ETag, &p.Modified, &p.Robots, &fetched, &seal,
		&dictionary, &packed, &raw)
	d := &storage.Damage{Part: storage.PartPage, Article: name, URL: p.URL, What: "its raw page is damaged; the text made of it is not touched by that"}
	if !whole {
		return d
	}
	var err error
	if p.Raw, err = v.s.unzip.decode(dictionary, packed, raw); err != nil {
		return d
	}
	p.Status, p.Pages, p.FetchedAt = int(status), int(pages), fromMilli(fetched)
	if seal == nil {
		v.Unsealed++
		return nil
	}
	if !bytes.Equal(seal, sealPage(&p, links)) {
		return d
	}
	return nil
}

func (v *verifier) asset(row []any) *storage.Damage {
	v.Pictures++
	var url string
	var sum, data []byte
	take(row[1:], &url)
	now := sha256.Sum256(nil)
	if take(row[2:], &sum, &data) {
		now = sha256.Sum256(data)
	}
	if bytes.Equal(now[:], sum) {
		return nil
	}
	return &storage.Damage{Part: storage.PartPicture, URL: url, What: "the picture is not the one that was saved"}
}

func (v *verifier) task(row []any) *storage.Damage {
	var url, state, entries string
	whole := take(row[1:], &url, &state, &entries)
	if _, err := decodeEntries(entries); !whole || err != nil || archiver.Key(url) == "" {
		return &storage.Damage{Part: storage.PartTask, URL: url, What: "what the channels said of it is damaged; no text is touched by that"}
	}
	return nil
}
