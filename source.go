package archiver

import (
	"slices"
	"time"
)

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
	// LastWhole is when the listing was last read from its first page to its end; zero before that. A walk that stops where
	// everything is known is LastSync only.
	LastWhole time.Time
	// LastRun is when a sync of it was last begun, however it ended: what a schedule goes by.
	LastRun time.Time
	// Removed sources are no longer synced; their articles are kept.
	Removed bool
	// Settings are how it is kept in sync.
	Settings Settings
	// Channels are the ways that its site was found to tell of it, the listing itself left out.
	Channels []Way
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

// DefaultRecheck is how long a listing goes at most without being read to its end.
const DefaultRecheck = 7 * 24 * time.Hour

// Settings are the user's wishes for one source. The zero value is what serves most blogs.
type Settings struct {
	// Discover are the channels that may be asked beside the listing; all of them where empty.
	Discover []Channel `json:",omitempty"`
	// Schedule is when it is due, in the five fields of cron or as "@daily"; empty for no schedule of its own.
	Schedule string `json:",omitempty"`
	// Recheck is how long the listing goes at most without being read to its end; DefaultRecheck where 0.
	Recheck time.Duration `json:",omitempty"`
	// NoImages leaves pictures on the web.
	NoImages bool `json:",omitempty"`
	// IgnoreNoarchive keeps pages also where they ask not to be archived: the user has the right to.
	IgnoreNoarchive bool `json:",omitempty"`
}

// Asks reports whether a channel may be asked.
func (s Settings) Asks(channel Channel) bool {
	return len(s.Discover) == 0 || slices.Contains(s.Discover, channel)
}

// Way is one address at which a channel tells of a source.
type Way struct {
	Channel Channel
	URL     string
}

// Channel is a way a site tells of its articles.
type Channel string

const (
	// ChannelListing is the HTML category page. It alone makes an article a member of the source.
	ChannelListing Channel = "listing"
	// ChannelREST is the WordPress REST API.
	ChannelREST Channel = "rest"
	// ChannelFeed is RSS or Atom.
	ChannelFeed Channel = "feed"
	// ChannelSitemap is a sitemap with dates of change.
	ChannelSitemap Channel = "sitemap"
)

// Channels are all of them, the best one first.
var Channels = [...]Channel{ChannelREST, ChannelFeed, ChannelSitemap, ChannelListing}

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
	// Language and Site are of the page that tells of the article, for an article that comes without a page of its own.
	Language string // BCP 47
	Site     string // the blog's name
	// Ref is the channel's own name of the article, which stays when its address changes: the post's number in REST.
	Ref string
	// Mark is another one whenever the channel tells of a change of the article: when it was modified, or a sum of its text.
	Mark string
}

// Listing is one page of a category archive, understood.
type Listing struct {
	Title   string   // the heading's own words without "Category:"; may be empty
	Entries []Entry  // in the order of the page, each address once
	Next    []string // further pages of the listing, nearest first
	Ways    []Way    // addresses where other channels tell of these entries, the best one first
	// Pages is the number of listing pages where the page says it, else 0.
	Pages int
	// Why says in a few words how entries and next page were found, for probe.
	Why string
}

// Facts is one answer of a channel, understood.
type Facts struct {
	Channel Channel
	Entries []Entry
	Next    []string // further answers of the same channel
	// Total is how many articles the channel counts in the source, those of further answers included. Above 0 the channel
	// tells of every article of the source: what it does not tell of is not there.
	Total int
}

// Post is one article as a channel gave it whole: a page to be read in the place of the article's own.
type Post struct {
	Entry Entry
	Page  Page
}
