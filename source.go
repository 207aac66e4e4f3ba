package archiver

import "time"

// Source is one listing that is kept in sync: the category page of a blog.
type Source struct {
	ID    int64
	Name  string // short, unique, for the command line: "nlp"
	URL   string // the listing's first page, as Canonical writes it
	Title string // the listing's own heading; empty until it was read once
	Added time.Time
	// LastSync is when the listing was last walked to its end; zero before that.
	LastSync time.Time
	// Walk counts the walks of the listing that were begun.
	Walk int64
	// Removed sources are no longer synced; their articles are kept.
	Removed bool
	// Articles by state, filled in by the store's listing of sources.
	Counts map[ArticleState]int
}

// Articles is the number of the source's articles in the archive, whatever their state.
func (s Source) Articles() int {
	var n int
	for _, count := range s.Counts {
		n += count
	}
	return n
}

// Channel is a way a site tells of its articles.
type Channel string

const (
	// ChannelListing is the HTML category page. It alone decides membership.
	ChannelListing Channel = "listing"
	// ChannelREST is the WordPress REST API.
	ChannelREST Channel = "rest"
	// ChannelFeed is RSS or Atom.
	ChannelFeed Channel = "feed"
)

// Entry is what a channel says of an article before the article is read. Only URL is always there.
type Entry struct {
	Channel    Channel
	URL        string // as Canonical writes it
	Title      string
	Excerpt    string // plain text, without the "read more" words
	Authors    []string
	Published  Timestamp
	Modified   Timestamp
	Categories []string
	Tags       []string
	Image      string
	// Lead is the HTML of the article before the author's "read more" mark, where the feed has it and it is short.
	Lead      string
	Protected bool // behind a password
}

// Listing is one page of a category archive, understood.
type Listing struct {
	Title   string   // the heading's own words without "Category:"; may be empty
	Entries []Entry  // in the order of the page, each address once
	Next    []string // further pages of the listing, nearest first
	Facts   []string // addresses where a channel tells more of these entries: REST, feed
	// Pages is the number of listing pages where the page says it, else 0.
	Pages int
	// Why says in a few words how entries and next page were found, for probe.
	Why string
}

// Facts is one answer of a channel, understood.
type Facts struct {
	Entries []Entry
	Next    []string // further answers of the same channel that are needed
}
