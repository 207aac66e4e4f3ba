// Package extract turns pages into facts: a category page into its entries and its next page, an article's pages into one
// article with metadata, clean HTML and Markdown, a channel's answer into what it says of the entries.
//
// It reads each page once, into one tree that every reader shares. It never touches the network, the disk or the clock, and
// knows no other room: the same page gives the same facts.
package extract

import (
	"archiver"
)

// Extractor understands pages. It is safe for concurrent use.
type Extractor struct{}

// New makes an Extractor.
func New() *Extractor { return &Extractor{} }

var _ = archiver.Page{}
