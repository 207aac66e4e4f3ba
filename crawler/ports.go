package crawler

import (
	"context"
	"time"

	"archiver"
)

// Frontier is what the loop needs of an archive: work to do, and a place to commit what came of it.
type Frontier interface {
	// StartWalk begins a new walk of the source's listing: its first page is pended again, the addresses of opts.Ask with it, whatever else
	// an earlier walk left pending of the listing is done, and every task whose recheck is due at now is pended. Failed tasks
	// are pended with their attempts forgotten. Leases of an earlier run, which must have been killed, are void.
	StartWalk(ctx context.Context, sourceID int64, now time.Time, opts archiver.WalkOptions) (archiver.Walk, error)
	// EndWalk is called when listing and facts are done: articles that the walk should have met and did not are pended as Missing.
	EndWalk(ctx context.Context, sourceID int64, now time.Time) (archiver.Missing, error)
	// Claim leases up to limit due tasks of the source until now+lease. Listing pages go before facts, facts before
	// articles, articles before assets: nothing of a later role is given while a task of an earlier role is due or leased.
	Claim(ctx context.Context, sourceID int64, now time.Time, lease time.Duration, limit int) ([]archiver.Task, error)
	// Release gives a claimed task back as it was.
	Release(ctx context.Context, task archiver.Task) error
	// Commit writes everything the task produced, and its new state, in one transaction.
	Commit(ctx context.Context, outcome archiver.Outcome) (archiver.Receipt, error)
	// Article finds an article by its address; an error of kind NoMatch where it is not there.
	Article(ctx context.Context, address string) (archiver.Article, error)
	// Pages are its raw pages, first page first, their Text included.
	Pages(ctx context.Context, id string) ([]archiver.Page, error)
	// Twin is the address of an article of the source with the same title and text that the present walk has not met; empty
	// where there is none.
	Twin(ctx context.Context, sourceID int64, article archiver.Article) (url string, err error)
	// Site is what is known of a site by its host: a model without pages where that is nothing.
	Site(ctx context.Context, host string) (archiver.SiteModel, error)
	// Backlog counts the source's tasks that are pending or leased, by role, and the earliest time one is due.
	Backlog(ctx context.Context, sourceID int64) (archiver.Backlog, error)
}

// Fetcher gets pages from the network, politely. A status other than 2xx is an *archiver.Error; so is every rule that forbids
// the request. It never retries: that is the frontier's.
type Fetcher interface {
	Fetch(ctx context.Context, req archiver.Request) (*archiver.Page, error)
	// Sitemaps are the addresses of sitemaps that the robots.txt of the page's site names.
	Sitemaps(ctx context.Context, page string) ([]string, error)
}

// Extractor understands pages.
type Extractor interface {
	// Listing reads a category page. An error of kind Unusable says that the page is none.
	Listing(page *archiver.Page) (archiver.Listing, error)
	// Facts reads an answer of a channel that Listing named.
	Facts(page *archiver.Page) (archiver.Facts, error)
	// Instead is the channel to ask where one that Listing named refuses; empty where there is none.
	Instead(listing, channel string) string
	// PostsAt is the address at which a channel that tells of all articles gives those of these names whole, and Posts reads the answer.
	PostsAt(index string, refs []string) string
	Posts(page *archiver.Page) ([]archiver.Post, error)
	// Asset judges a picture. Its error is of kind Unusable where it is none that can be kept, Transient where it is cut short.
	Asset(page *archiver.Page) (archiver.Asset, error)
	// Noarchive reports whether a page asks not to be archived.
	Noarchive(page *archiver.Page) bool
	// Article begins an article of which the channels say entries.
	Article(entries []archiver.Entry) Assembly
}

// Assembly puts the pages of one article together.
type Assembly interface {
	// Knowing has the article read with what is known of its site. It is called before Add.
	Knowing(site *archiver.SiteModel)
	// Add reads the article's next page. It gives the address of the page after it, or "" for the last.
	Add(page *archiver.Page) (next string, err error)
	// Article is the article, all pages as one, with what the channels say of it where the pages are silent. An error of
	// kind Unusable says that there is none. With archiver.ErrProtected comes an article of state protected without text.
	Article() (archiver.Article, error)
	// Teach gives the model with what the article's pages teach added to it, site itself where that is nothing. It is called
	// after Article.
	Teach(site *archiver.SiteModel) *archiver.SiteModel
}

// Archive is what reading stored pages again needs of an archive.
type Archive interface {
	// Article finds an article by its ID.
	Article(ctx context.Context, id string) (archiver.Article, error)
	// Pages are its raw pages, first page first, their Text included.
	Pages(ctx context.Context, id string) ([]archiver.Page, error)
	// Entries is what the channels said of it.
	Entries(ctx context.Context, id string) ([]archiver.Entry, error)
	// Reextract keeps what was read of it anew, if that is another text.
	Reextract(ctx context.Context, article archiver.Article, at time.Time) (archiver.Receipt, error)
	// Site and PutSite are what is known of a site.
	Site(ctx context.Context, host string) (archiver.SiteModel, error)
	PutSite(ctx context.Context, site archiver.SiteModel) error
}
