package sqlite

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"strings"

	"archiver"
)

// This file keeps junk out that only the archive can tell. Rules: a text that lost four fifths of its words does not take the place of
// the good copy; a text that articles of the source have already, at two addresses or more, is the site's answer to whatever
// it does not show: the third is not taken, and the earlier ones are named as problems. What is refused is kept as a raw page.

const (
	// maxSame is how many articles of a source may have one text: a post is published twice now and then.
	maxSame = 2
	// leastSame is the number of words of a text that is compared: "see the picture" is no error page.
	leastSame = 10
)

// ofSame goes from the index of texts outwards: CROSS JOIN holds SQLite to that order, or it would look at every member.
const (
	ofSame = `SELECT DISTINCT a.id FROM revision r INDEXED BY revision_same CROSS JOIN article a ON a.id = r.article AND a.revision = r.number
		CROSS JOIN address d ON d.article = a.id CROSS JOIN member m ON m.key = d.key AND m.source = ?2 WHERE r.same = ?1 AND r.same <> 0 AND a.id <> ?3`
	countSame   = `SELECT count(*), coalesce(min(id), 0) FROM (` + ofSame + `)`
	countedSame = `SELECT coalesce((SELECT url FROM article WHERE id = ?), '')`
	nameSame    = `UPDATE task SET state = 'quarantined', not_before = ?6, changed = ?5, reason = ?4 WHERE source = ?2 AND role = 'article' AND state = 'done'
		AND key IN (SELECT key FROM address WHERE article IN (` + ofSame + `))`
)

// same is a sum of an article's text; 0 where it is too short to be compared. Pictures are text where there are any. It is
// remembered: a commit asks twice, and the text may be long.
func (a *content) same() int64 {
	if !a.summed {
		a.sum, a.summed = a.sumText(), true
	}
	return a.sum
}

func (a *content) sumText() int64 {
	if a.Words < leastSame || !a.hasText() {
		return 0
	}
	var text []byte
	switch {
	case strings.Contains(a.HTML, "<img"):
		text = []byte(a.HTML)
	case a.HTML != "":
		text = appendPlain(make([]byte, 0, len(a.HTML)), a.HTML)
	default:
		text = []byte(body("", a.Markdown))
	}
	sum := sha256.Sum256(text)
	return int64(binary.BigEndian.Uint64(sum[:8]))
}

// refuse ends the task as quarantined, until the page is looked at again.
func (c *commit) refuse(reason string) {
	c.outcome.State, c.outcome.Reason, c.receipt.Refused = archiver.TaskQuarantined, reason, reason
	c.outcome.NotBefore = c.outcome.At.Add(archiver.RecheckBlocked)
}

// isEverywhere reports whether other articles of the source have this text too, and refuses it then. id is the article's, 0 for
// a new one.
func (c *commit) isEverywhere(ctx context.Context, id int64, a *content) (bool, error) {
	sum, source := a.same(), c.outcome.Task.SourceID
	if sum == 0 {
		return false, nil
	}
	var n, first int64
	if _, err := c.get(ctx, countSame, []any{sum, source, id}, []any{&n, &first}); err != nil || n < maxSame {
		return false, err
	}
	var url string
	if _, err := c.get(ctx, countedSame, []any{first}, []any{&url}); err != nil {
		return false, err
	}
	c.refuse(fmt.Sprintf("its text is that of %d other articles, %s among them", n, url))
	reason := "its text is that of other articles too; look whether it is one"
	_, err := c.exec(ctx, nameSame, sum, source, id, reason, milli(c.outcome.At), milli(c.outcome.NotBefore))
	return true, err
}

// shrank says why an article's new text is not taken; "" where it is.
func shrank(before, after int) string {
	if !archiver.Shrank(before, after) {
		return ""
	}
	return fmt.Sprintf("the article shrank from %d words to %d; the copy in the archive is kept", before, after)
}
