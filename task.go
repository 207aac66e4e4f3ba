package archiver

import (
	"sync/atomic"
	"time"
)

// Role is what a fetched page is to be read as.
type Role string

const (
	// RoleListing is a page of the category archive.
	RoleListing Role = "listing"
	// RoleFacts is a REST or feed answer.
	RoleFacts Role = "facts"
	// RoleArticle is an article, all its pages.
	RoleArticle Role = "article"
	// RoleAsset is a picture of an article.
	RoleAsset Role = "asset"
)

// TaskState is where a task of the frontier stands.
type TaskState string

const (
	TaskPending     TaskState = "pending"     // to be done, not before NotBefore
	TaskDone        TaskState = "done"        // done, and everything it produced is committed
	TaskFailed      TaskState = "failed"      // tried MaxAttempts times
	TaskBlocked     TaskState = "blocked"     // robots.txt, scope, private address, challenge
	TaskGone        TaskState = "gone"        // 404, 410
	TaskDenied      TaskState = "denied"      // login
	TaskProtected   TaskState = "protected"   // the post needs a password
	TaskQuarantined TaskState = "quarantined" // an answer without an article; the page is kept
)

// Task is one piece of work of the frontier: an address to be fetched and read as its role says.
type Task struct {
	ID       int64
	SourceID int64
	Role     Role
	URL      string
	State    TaskState
	Attempt  int   // failed attempts so far
	Walk     int64 // the walk of the listing that scheduled it (listing tasks)
	Number   int   // 1 for the first page of a listing
	Barren   int   // listing pages in a row, this one not counted, that showed nothing new to the walk
	// NotBefore is the earliest time of the next attempt.
	NotBefore time.Time
	// LeaseUntil is when a claimed task may be claimed again.
	LeaseUntil time.Time
	// Entries is what the channels say of the article (article tasks): listing first.
	Entries []Entry
	// Reason is why the task is in its state, for people.
	Reason string
	// Known says that the archive has the article already: it is looked at again.
	Known bool
	// Missing says that the listing no longer names the article.
	Missing bool
	// Validator is what the server gave with the address last; zero where it gave nothing.
	Validator Validator
}

// Backlog is what is left to do of a source: the tasks that are pending or leased.
type Backlog struct {
	Listing, Facts, Articles, Assets int
	// Due is when the earliest of them may be claimed: its NotBefore, or the end of its lease. Zero where nothing is left.
	Due time.Time
}

// Validator is what a server gave with a page, to ask whether it is still the same.
type Validator struct {
	ETag     string
	Modified string // Last-Modified, as sent
}

// IsZero reports whether there is nothing to ask by.
func (v Validator) IsZero() bool { return v == Validator{} }

// Request asks for one page.
type Request struct {
	URL     string
	Referer string
	Scope   string // the listing's address: a redirect must end on its site
	Accept  string // the Accept header; empty for HTML
	// Validator, where it is not zero, makes the request a conditional one: a page of Status 304 without a body says that
	// nothing changed.
	Validator Validator
	// Asset asks for a picture: of any site, of any type, and its bytes as they are.
	Asset bool
	// Traffic, where it is not nil, has every request and byte that this one caused added to it, atomically.
	Traffic *Traffic
}

// Page is one answer of a server, decoded.
type Page struct {
	Requested   string // the address asked for
	URL         string // the address that answered, after redirects
	Status      int
	ContentType string
	Charset     string   // the name of the encoding Raw was read in
	Links       []string // values of Link headers
	Pages       int      // X-WP-TotalPages, else 0
	Total       int      // X-WP-Total, else 0
	ETag        string
	Modified    string // Last-Modified, as sent
	Robots      string // X-Robots-Tag, as sent
	Raw         []byte // the body without its Content-Encoding
	Text        string // Raw in UTF-8, without NUL and other characters that HTML forbids
	FetchedAt   time.Time
}

// Outcome is all that one task produced. A store commits it in one transaction, with the task's new state.
type Outcome struct {
	Task   Task
	State  TaskState
	At     time.Time
	Reason string // why, where the state is not done
	// NotBefore is when a pending, blocked, gone or denied task is looked at again.
	NotBefore time.Time
	// Attempt is the number of failed attempts to remember.
	Attempt int

	Pages []Page // to be kept: all pages of an article, or the page that was quarantined

	// Unchanged says that the server confirmed what it gave before.
	Unchanged bool
	// Validator is what the server gave to ask again by; kept where it is not zero.
	Validator Validator

	// Of a listing page:
	Title   string  // the listing's heading
	Entries []Entry // what a listing or a channel says
	Next    []Task  // further listing pages or facts; pended again where they are known
	WalkEnd bool    // the listing was walked to its end
	// Stop is how many known entries in a row end the walk before the listing's end; 0 for none.
	Stop int
	// Ways are the channels of the source from now on; nil leaves them as they are.
	Ways []Way

	// Of facts: see Facts.
	Total int

	// Of an article page:
	Article *Article
	// Cause is why another text is no change by the author: CauseReextract or CauseChannel; empty where it is one.
	Cause string
	// Renamed is the address that the article had, where it was known under another one and that one ended.
	Renamed string
	// Images says that the article's pictures are to be kept.
	Images bool
	// Asset is the picture, of a picture's task.
	Asset *Asset
	// Site is what is known of its site, where it was learned that much from this page that it is to be kept.
	Site *SiteModel
}

// Receipt is what a commit did.
type Receipt struct {
	NewArticles int  // article tasks that were not known before
	NewInWalk   int  // entries that this walk had not seen before
	Revised     bool // the article is new or its content changed
	Added       bool // the article is new
	Gone        bool // the article is gone, and was not before
	Back        bool // the article was gone, and is not any more
	Moved       bool // the article has another address than before
	Locked      bool // the article needs a password, and did not before
	// Refused is why the store did not take the article, where it did not: its task is quarantined.
	Refused string
}

// Causes of a revision that is no change by the author.
const (
	// CauseReextract is the same page, read with better knowledge.
	CauseReextract = "reextract"
	// CauseChannel is the same text as another channel gives it.
	CauseChannel = "channel"
)

// Traffic counts what was asked of servers; robots.txt, redirects and retries included. Many goroutines may Add to one.
type Traffic struct {
	Requests int64
	Bytes    int64 // body bytes as sent over the wire
}

// Add counts requests and bytes.
func (t *Traffic) Add(requests, bytes int64) {
	atomic.AddInt64(&t.Requests, requests)
	atomic.AddInt64(&t.Bytes, bytes)
}

// Load is what was counted so far.
func (t *Traffic) Load() Traffic {
	return Traffic{Requests: atomic.LoadInt64(&t.Requests), Bytes: atomic.LoadInt64(&t.Bytes)}
}
