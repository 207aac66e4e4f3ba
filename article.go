package archiver

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"
)

// ArticleState is how the archive's copy of an article stands to the site's.
type ArticleState string

const (
	ArticleSaved     ArticleState = "saved"     // the last look found it, this is its text
	ArticleGone      ArticleState = "gone"      // no longer online; the last copy is kept
	ArticleProtected ArticleState = "protected" // it needs a password; there is no text
)

// Article is one article of a blog, all its pages as one. Absent facts are zero values; none is made up.
type Article struct {
	ID         string // ArticleID of the URL it was first seen under
	URL        string
	Source     string // name of the source it was first listed by
	Title      string
	Authors    []string
	Published  Timestamp
	Modified   Timestamp
	Categories []string
	Tags       []string
	Language   string // BCP 47
	Site       string // the blog's name
	Excerpt    string // plain text
	Image      string // absolute URL of the lead image
	Words      int    // words of Latin script plus characters of Han, Kana and Hangul
	Markdown   string
	HTML       string // clean: the allow-list tree of package extract
	FirstSeen  time.Time
	Checked    time.Time // when a server last confirmed it
	State      ArticleState
	Gone       time.Time // since when it is gone; zero where it is not
	Why        string    // how it went, for people
	Images     []string  // absolute addresses of its pictures, the lead image's first; no part of the text
	Revision   int       // 1 for the first text
}

// ArticleID is a short name for an address that is the same in every archive: 12 hexadecimal digits.
func ArticleID(url string) string {
	sum := sha256.Sum256([]byte(Key(url)))
	return hex.EncodeToString(sum[:6])
}

// hashBuffer is how much of a text is copied at a time to be summed: all of it would be another copy of every article.
const hashBuffer = 4 << 10

// ContentHash is the SHA-256 of what the author wrote: text and facts, not when it was seen. A change of it is a revision.
func (a *Article) ContentHash() [sha256.Size]byte {
	h := sha256.New()
	w := bufio.NewWriterSize(h, hashBuffer)
	for _, field := range []string{
		a.Title, strings.Join(a.Authors, "\x1f"), a.Published.String(), a.Modified.String(), strings.Join(a.Categories, "\x1f"),
		strings.Join(a.Tags, "\x1f"), a.Language, a.Excerpt, a.Image, a.HTML,
	} {
		fmt.Fprintf(w, "%d:", len(field))
		w.WriteString(field)
	}
	w.Flush() // a sum takes everything
	return [sha256.Size]byte(h.Sum(nil))
}

// leastShrink is the number of words from which a text has anything to lose.
const leastShrink = 50

// Shrank reports whether a text that had so many words lost four fifths of them: an error page or a teaser in its place, more
// often than an author who cut it.
func Shrank(before, after int) bool { return before >= leastShrink && after*5 <= before }
