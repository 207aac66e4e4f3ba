package sqlite

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"fmt"

	"archiver"
)

// This file makes the sums by which a flipped bit is seen. Rules: what a sum covers never changes under the same mark; a sum
// without a mark, or none, is of an archive from before, and still holds for what it covered.

// sealMark begins a sum of all columns of a revision. Earlier ones have none, and cover site, words and Markdown only.
const sealMark = 2

// sealed are the columns of a revision that say nothing of the text.
type sealed struct {
	article int64
	number  int
	seen    int64
	cause   string
	same    int64
}

// seal is a sum of all that a revision holds. The text and facts go in by hash, which is the article's ContentHash.
func (s sealed) seal(a *archiver.Article, hash []byte) []byte {
	h := sha256.New()
	h.Write(hash)
	h.Write(oldSeal(a))
	fmt.Fprintf(h, "%d:%d:%d:%d:%s", s.article, s.number, s.seen, s.same, s.cause)
	return h.Sum([]byte{sealMark})
}

// oldSeal is a sum of what ContentHash leaves out.
func oldSeal(a *archiver.Article) []byte {
	h := sha256.New()
	w := bufio.NewWriter(h)
	fmt.Fprintf(w, "%d:%s%d:%d:", len(a.Site), a.Site, a.Words, len(a.Markdown))
	w.WriteString(a.Markdown)
	w.Flush() // a sum takes everything
	return h.Sum(nil)
}

// holds reports whether sum is one of this revision with this text.
func (s sealed) holds(a *archiver.Article, hash, sum []byte) bool {
	if len(sum) == sha256.Size {
		return bytes.Equal(sum, oldSeal(a))
	}
	return bytes.Equal(sum, s.seal(a, hash))
}

// sealPage is a sum of all columns of a raw page; raw is as the server sent it.
func sealPage(p *archiver.Page, links string) []byte {
	h := sha256.New()
	for _, field := range []string{p.Requested, p.URL, p.ContentType, p.Charset, links, p.ETag, p.Modified, p.Robots} {
		fmt.Fprintf(h, "%d:%s", len(field), field)
	}
	fmt.Fprintf(h, "%d:%d:%d:", p.Status, p.Pages, milli(p.FetchedAt))
	h.Write(p.Raw)
	return h.Sum(nil)
}
