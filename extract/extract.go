// Package extract turns pages into facts: a category page into its entries and its further pages, an article's pages into one
// article with metadata, clean HTML and Markdown, a channel's answer into what it says of the entries.
//
// It reads each page once, into one tree that every reader shares. It never touches the network, the disk or the clock, and
// knows no other room: the same page gives the same facts.
//
//	document.go     a parsed page, shared by all
//	listing*.go     what a category page is; entries*.go its entries, pagination*.go its further pages
//	unscripted.go  the text of pages that are drawn by a script
//	wordpress*.go   the REST channel: its addresses, its index, and posts that it gives whole
//	feed*.go        RSS, Atom and JSON Feed, and what changed in them; sitemap.go sitemaps
//	article*.go     an article put together from its pages; body*.go where its text is, multipage*.go, sequel.go its further pages
//	metadata*.go    title, people, dates, categories, language; dates.go reads dates
//	site*.go        what the pages of a site have in common: how it is learned, and what it says of a page
//	rules*.go       what the rule of a site says, before all other witnesses
//	protected.go    posts behind a password; walls.go, locks.go what stands in an article's place, or hides it
//	clean*.go       the body as a clean tree, docs/HTML.md; code*.go, math*.go, footnotes.go, images.go what is special in it
//	gallery.go      the pictures of an article; asset.go a picture's own bytes, svg*.go one that is drawn by elements
//	render.go       the tree as HTML; markdown*.go as Markdown; words.go as text
package extract

import "archiver/extract/rule"

// Extractor understands pages. It is safe for concurrent use.
type Extractor struct{ opts Options }

// Options are what an Extractor is told beside the pages.
type Options struct {
	// Rules are what the user says of the pages of some sites; nil is none.
	Rules *rule.Book
	// Short has the text of a page taken that would be too short for an article: of a fragment all of it, of a whole page what its
	// article or main element holds. It is for pages that somebody names, not for a crawl.
	Short bool
}

// New makes an Extractor.
func New(opts Options) *Extractor { return &Extractor{opts: opts} }
