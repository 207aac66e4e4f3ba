package archiver

import (
	"fmt"
	"strconv"
)

// SiteModel is what the article pages of one site were seen to have in common. It is learned while a source is read, kept as plain
// data, and only advice: where it was learned from fewer pages than SettledPages, or they disagree, a page is read by itself.
//
// A model is never changed once it is made; what learns makes another. Lists are ordered by their counts, the highest first, and
// bounded by the Max constants.
type SiteModel struct {
	Host string `json:"host"`
	// Pages is the number of pages that the counts stand for. When it comes to MaxSitePages it is halved with every count, so
	// that a site which changed its theme is learned anew.
	Pages int `json:"pages"`
	// Lessons is the number of pages ever learned from.
	Lessons int `json:"lessons"`
	// Containers are the elements that held the text which only their page has.
	Containers []SitePlace `json:"containers,omitempty"`
	// Fixtures are elements that stand on many pages and hold mostly links into the site: related posts, neighbours.
	Fixtures []SitePlace `json:"fixtures,omitempty"`
	// Bylines and Dates are the elements where a known author's name, and a known date, stood.
	Bylines []SitePlace `json:"bylines,omitempty"`
	Dates   []SitePlace `json:"dates,omitempty"`
	// Suffixes and Prefixes are what the title element has behind and before the article's title.
	Suffixes []SiteText `json:"title_suffixes,omitempty"`
	Prefixes []SiteText `json:"title_prefixes,omitempty"`
	// Blocks are texts that stood on two pages or more.
	Blocks []SiteBlock `json:"blocks,omitempty"`
	// Once are texts that stood on one page so far, the oldest first.
	Once []TextHash `json:"once,omitempty"`
}

const (
	// SettledPages is the number of pages from which a model says anything.
	SettledPages = 3
	// MaxSitePages bounds the counts: a theme that was changed has the upper hand after half as many pages.
	MaxSitePages = 128
	// MaxSitePlaces bounds each list of places and titles: a site has a handful of templates.
	MaxSitePlaces = 24
	// MaxSiteBlocks bounds the repeated texts: menus, sidebars and footers of a busy blog have some two hundred.
	MaxSiteBlocks = 400
	// MaxSiteOnce bounds the texts seen once: those of the last ten pages or so.
	MaxSiteOnce = 1000
)

// SitePlace is an element by its tag, id and class, what varies from page to page taken out: "div#content.entry-content".
type SitePlace struct {
	Signature string `json:"signature"`
	// Pages is on how many pages it was the place, Seen on how many it was there at all.
	Pages int `json:"pages"`
	Seen  int `json:"seen"`
	// Share is the mean share of the page's own text that it held (containers), or of links in its text (fixtures).
	Share float64 `json:"share,omitempty"`
}

// SiteText is a text with the number of pages that had it.
type SiteText struct {
	Text  string `json:"text"`
	Pages int    `json:"pages"`
}

// SiteBlock is a text that pages of a site have in common.
type SiteBlock struct {
	Hash  TextHash `json:"hash"`
	Words string   `json:"words"` // how it begins
	Pages int      `json:"pages"`
}

// TextHash stands for a text. It is written as hexadecimal digits.
type TextHash uint64

// MarshalText writes sixteen digits.
func (h TextHash) MarshalText() ([]byte, error) { return fmt.Appendf(nil, "%016x", uint64(h)), nil }

// UnmarshalText reads what MarshalText wrote.
func (h *TextHash) UnmarshalText(text []byte) error {
	n, err := strconv.ParseUint(string(text), 16, 64)
	*h = TextHash(n)
	return err
}

// WorthKeeping reports whether a model that has learned one page more is to be written: early every page counts, later few do.
func (m *SiteModel) WorthKeeping() bool {
	switch n := m.Lessons; {
	case n <= 5:
		return true
	case n <= 16:
		return n%4 == 0
	case n <= 32:
		return n%8 == 0
	default:
		return n%16 == 0
	}
}
