// Package storage is the contract of an archive: what every store promises, whatever database it stands on.
//
// A store keeps sources, the frontier with its leases, articles with their revisions, raw pages and a full-text index. What a
// task produced is committed with the task's state in one transaction, or not at all. Nothing a sync does removes text: an
// article changes by getting a revision. The promises are tested by package storagetest; storage/sqlite keeps them.
package storage

import (
	"context"
	"iter"
	"time"

	"archiver"
)

// Store is one archive. It is safe for concurrent use. Errors are *archiver.Error: Storage for the disk and the file, Invalid
// for a name that is not there or there twice, NoMatch for an article that is not there.
type Store interface {
	// AddSource keeps a new source with its Settings; Name and URL are set. A source that was removed comes back under its old
	// name, with the settings that it had.
	// An address that is known already is an error of kind Invalid that names the source.
	AddSource(ctx context.Context, source archiver.Source) (archiver.Source, error)
	// Sources are all sources in the order they were added, removed ones last, with their Counts.
	Sources(ctx context.Context) ([]archiver.Source, error)
	// Source finds a source by name, or by address compared by archiver.Key. A removed source is found too.
	Source(ctx context.Context, nameOrURL string) (archiver.Source, error)
	// SetSettings puts settings in the place of those that the source had.
	SetSettings(ctx context.Context, sourceID int64, settings archiver.Settings) error
	// RemoveSource ends the syncing of a source. With purge the source, and every article that no other source lists, are
	// deleted, with the pictures that only they show; purged counts those articles.
	RemoveSource(ctx context.Context, id int64, purge bool) (purged int, err error)

	// StartWalk begins a new walk of the source's listing: its first page is pended again, the addresses of opts.Ask with it, whatever else
	// an earlier walk left pending of the listing is done, and every task whose recheck is due at now is pended. Failed tasks
	// are pended with their attempts forgotten. Leases of an earlier run, which must have been killed, are void.
	// A pause that the first page still waits out holds.
	//
	// The walk is whole where opts say so, where none was yet, where the last one is older than opts.Recheck or left doubt, or is of a
	// time to come, and where the listing is not newest first by the dates of the articles that stand in it. What a clock that was wrong
	// put off for years is due now.
	//
	// Articles that were read are looked at again: all that are still listed where opts.Whole, those of opts.Since, and of those that are
	// listed and whose NotBefore has come up to opts.Rechecks. One of the sources that list an article does so, another where that was
	// removed. Where the source wants pictures, those that its articles show and no source asks for are
	// pended too.
	StartWalk(ctx context.Context, sourceID int64, now time.Time, opts archiver.WalkOptions) (archiver.Walk, error)
	// EndWalk is called when listing and facts are done, or the run is to stop; a walk that was not ended is not trusted by the next. Where
	// the walk came to the listing's end with no page left out, or a channel told of all articles, the members that neither met are
	// pended as Missing. Where that is more than half of ten or more, and not both say so, none is and the next walk is a whole one;
	// the listing alone raises an alarm then.
	EndWalk(ctx context.Context, sourceID int64, now time.Time) (archiver.Missing, error)
	// Twin is the address of an article of the source with the same title and text that the present walk has not met; empty
	// where there is none.
	Twin(ctx context.Context, sourceID int64, article archiver.Article) (url string, err error)
	// Claim leases up to limit due tasks of the source until now+lease. Listing pages go before facts, facts before
	// articles, articles before assets: nothing of a later role is given while a task of an earlier role is due or leased.
	Claim(ctx context.Context, sourceID int64, now time.Time, lease time.Duration, limit int) ([]archiver.Task, error)
	// Release gives a claimed task back as it was.
	Release(ctx context.Context, task archiver.Task) error
	// Commit writes everything the task produced, and its new state, in one transaction.
	//
	// Of a listing page: every entry becomes a member of the source and, where the archive has not its article, an article
	// task; an entry whose article is in the archive already, by any source, becomes a member without one. A member that had been missing
	// is back, and its article is read again; so is one whose title in the list is another one, and one that is gone
	// and that this source never listed. One that is Missing and is named again before it was looked at is not. Next is pended, also
	// where it is known, but once a walk: a listing that leads in circles ends. It is not where the page ends with Stop known entries in
	// a row, or has no others: the walk ends there. Known are members that a walk met which was ended. The store counts Barren on.
	//
	// Of facts: an entry is added to the article task of its address, one entry a channel, the listing's first. An address that
	// the listing has not named makes no member and no task. An entry whose Mark is not the one before has its article read again.
	// With a Total, an entry whose Ref is that of another address, which this walk has not met, renames that member, unless the new
	// address is another article's; an address that nobody knows raises doubt
	// once, so that the next walk is a whole one.
	// Of an article: the same content hash, or Unchanged, only has its Checked time moved; another is a new revision, marked with the Cause.
	// With CauseChannel the same text in other tags is none. An article without text
	// (gone, protected) never replaces text: only its state changes. Tasks of other sources for it end as this one does. One
	// that answers at another address is found under both, unless that address is another article's.
	//
	// An article that shrank (archiver.Shrank), or whose text two other articles of the source have, is refused: its task is
	// quarantined with the reason until archiver.RecheckBlocked after At, its page kept, the archive's copy left as it is. The
	// tasks of those others, if they were done, are quarantined too, so that they are seen; their articles stay.
	//
	// An article is gone, since then and with the reason, when its address is; and when it was read but is Missing, unless it answers at
	// an address that is listed, or another source lists it. Any later reading brings it back. One that is Renamed is the article of that
	// address from then on.
	//
	// An article's Images become its pictures, in their order; those that it showed before stay behind them. With Outcome.Images each that
	// is not stored, and that no source asks for, becomes an asset task of this source.
	//
	// Of a picture: its bytes are kept once, however many addresses have them, and its address is stored for all articles that show it.
	// A failure is noted with the reason; an address that is stored stays so, with the bytes that it gave first.
	//
	// Validator is kept where the task is done, for what was taken.
	//
	// Site is kept in the place of a model of the same host that has learned less, unless the article was refused.
	//
	// A task whose lease went to another meanwhile may still bring what it read, but no failure.
	Commit(ctx context.Context, outcome archiver.Outcome) (archiver.Receipt, error)
	// Backlog is what is left to do of a source.
	Backlog(ctx context.Context, sourceID int64) (archiver.Backlog, error)

	// Article finds an article by the beginning of its ID (four digits at least) or by its address.
	Article(ctx context.Context, idOrURL string) (archiver.Article, error)
	// Articles yields articles ordered by Published (absent last), then URL. It holds no cursor while it yields, so a sync
	// may go on meanwhile.
	Articles(ctx context.Context, query Query) iter.Seq2[archiver.Article, error]
	// Pages are the raw pages of an article as it was last changed, first page first. Their Text is empty: it is Raw, read in
	// Charset.
	Pages(ctx context.Context, articleID string) ([]archiver.Page, error)
	// Entries is what the channels said of an article, the listing's first; none where nothing is known.
	Entries(ctx context.Context, articleID string) ([]archiver.Entry, error)
	// Reextract keeps what was read of an article's stored pages anew, by its ID: as a revision marked so where content hash,
	// Markdown, words or site changed, else nothing is written. State, addresses, pages and the time of its check stay as they
	// are. An article whose Revision is no longer the current one is left alone; one that shrank or lost its text is refused. Its Images
	// become its pictures as in Commit; the next walk of a source that wants pictures asks for them.
	Reextract(ctx context.Context, article archiver.Article, at time.Time) (archiver.Receipt, error)
	// Images are the pictures of an article by its ID, the lead image first, those that only earlier texts showed last.
	Images(ctx context.Context, articleID string) ([]archiver.Image, error)
	// Asset is a stored picture by the SHA-256 of its bytes in hexadecimal digits, or by one of its addresses; an error of kind NoMatch
	// where it is not there.
	Asset(ctx context.Context, sumOrURL string) (archiver.Asset, error)
	// Revisions are the texts that an article had, the first one first; number 0 is the facts of one without text.
	Revisions(ctx context.Context, articleID string) ([]Revision, error)
	// Revision is an article as it was: the text and facts of that revision, with the state and times that the article has now.
	Revision(ctx context.Context, articleID string, number int) (archiver.Article, error)
	// Addresses are the keys (archiver.Key) of all addresses that an article was found under, that of its URL first.
	Addresses(ctx context.Context, articleID string) ([]string, error)
	// Site is what is known of a site by its host: a model without pages where that is nothing.
	Site(ctx context.Context, host string) (archiver.SiteModel, error)
	// PutSite puts a model in the place of the one that its host had.
	PutSite(ctx context.Context, site archiver.SiteModel) error
	// HostState is what is remembered of a host by its name: a state with nothing but the name where that is nothing.
	HostState(ctx context.Context, name string) (archiver.HostState, error)
	// PutHostState puts a state in the place of the one that its name had.
	PutHostState(ctx context.Context, state archiver.HostState) error
	// TaskPages are the raw pages of a quarantined task, as Pages gives them; none where it has none.
	TaskPages(ctx context.Context, taskID int64) ([]archiver.Page, error)
	// Search finds articles that hold every word of the query, best first. A word of Han, Kana or Hangul is found inside a
	// sentence, one character long or more. What the index has not seen yet it sees first.
	Search(ctx context.Context, query string, opts SearchOptions) ([]Hit, error)
	// Problems are the tasks of a source that did not end well, oldest first: failed, blocked, gone, denied, protected, quarantined.
	Problems(ctx context.Context, sourceID int64) ([]archiver.Task, error)

	// Hold makes this process the only one that syncs the archive, until release is called or the process ends. The error is
	// of kind Held and says which process holds it and since when. Reading needs no hold.
	Hold(ctx context.Context) (release func() error, err error)
	// Check looks the archive over and says what is wrong, one line each; none is good.
	Check(ctx context.Context) ([]string, error)
	// Verify reads everything the archive holds, a few rows at a time, and compares it with the sums that were made when it was
	// saved. found is called with each damage, progress now and then with how much is done.
	Verify(ctx context.Context, found func(Damage), progress func(done, of int)) (Verified, error)
	// Mend does what can be done about a damage without the web, and has the next sync fetch what was lost. It deletes no
	// text. done says what it did. The archive has to be held.
	Mend(ctx context.Context, damage Damage, at time.Time) (done string, err error)
	// Restore puts an article that was read anew from its stored pages in the place of a damaged revision, the current one, which
	// article's Revision names. Where it is what was saved, exact is true; otherwise it is a new revision.
	Restore(ctx context.Context, article archiver.Article, at time.Time) (exact bool, err error)
	// Backup copies the archive as it is at this moment to a file of that name, while others may write to it. A file that is
	// there already is replaced only where replace says so. size is the copy's in bytes.
	Backup(ctx context.Context, target string, replace bool) (size int64, err error)
	Close() error
}

// Query chooses articles. The zero value is every article that was read once.
type Query struct {
	Sources []int64                 // those that one of these sources lists; all where empty
	States  []archiver.ArticleState // all whose page was read once, where empty
	// New, Changed and Gone, where they are not zero, are moments: only articles that were first seen, that their author
	// changed, or that went since then.
	New, Changed, Gone time.Time
	// Brief leaves Markdown and HTML out.
	Brief bool
	// Newest first instead of oldest first.
	Newest bool
	// Limit bounds the number; 0 is no bound.
	Limit int
}

// Revision is one text that an article had.
type Revision struct {
	Number int
	Seen   time.Time
	Cause  Cause
	Title  string
	Words  int
}

// Cause is why a revision was made.
type Cause string

const (
	// CauseAuthor: the site's text is new, or is another one than before.
	CauseAuthor Cause = ""
	// CauseReextract: the site's page had not changed, but was read again with better knowledge.
	CauseReextract Cause = "reextract"
	// CauseChannel: the same article came over another channel, which tells it in another way.
	CauseChannel Cause = "channel"
	// CauseRepair: the copy that was there had been damaged, and was made anew from the stored page.
	CauseRepair Cause = "repair"
	// CauseDamaged marks a revision whose text is not what was saved, and which nothing could mend.
	CauseDamaged Cause = "damaged"
)

// Part is a part of the archive that can be damaged by itself.
type Part string

const (
	PartFile     Part = "file"     // its structure: tables, indexes, the search index
	PartArticle  Part = "article"  // an article's addresses, state and times
	PartRevision Part = "revision" // a text with its facts
	PartPage     Part = "page"     // a raw page
	PartPicture  Part = "picture"
	PartTask     Part = "task" // what is known of work to do
)

// Damage is one part of the archive that is not what was saved.
type Damage struct {
	Part     Part
	Article  string // its ID, where it is of an article
	URL      string
	Revision int
	Current  bool   // of a revision: it is the text that is shown
	Lost     bool   // it cannot be read at all
	What     string // for people
	Row      int64  // the store's own number of it
}

// Verified is what was read to verify an archive.
type Verified struct {
	Articles, Revisions, Pages, Pictures int
	// Unsealed are parts from before there were sums of them, of which less can be said.
	Unsealed int
	// Marked are revisions that an earlier repair marked as damaged.
	Marked int
}

// SearchOptions narrow a search.
type SearchOptions struct {
	Sources []int64
	Limit   int // 0 is 50
}

// Hit is one article that a search found.
type Hit struct {
	Article archiver.Article // without Markdown and HTML
	Snippet string           // text around the first match, matches between Mark and EndMark
}

// Marks of a match in a Snippet.
const (
	Mark    = "\x02"
	EndMark = "\x03"
)

// String says for people what is damaged.
func (d Damage) String() string {
	switch {
	case d.Article != "":
		return "article " + d.Article + " (" + d.URL + "): " + d.What
	case d.URL != "":
		return d.URL + ": " + d.What
	}
	return d.What
}
