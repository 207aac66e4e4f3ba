// Package export writes articles in the forms people read them in: an EPUB book, a folder of Markdown files, JSON and JSON
// Lines.
//
// A Format takes a sequence of articles, already in order, and writes it while it comes: what it holds in memory does not grow
// with the text. It never reads a clock, a network or a store, so the same articles give the same bytes. Files are written
// whole or not at all; in a folder, nothing that a person wrote or changed is touched.
//
//	export.go       the formats, and what all of them share
//	place.go        whole files: temporary file, sync, rename
//	json.go         the JSON object of an article; json and jsonl
//	markdown.go     the Markdown folder, with manifest.go, frontmatter.go and filename.go
//	epub.go         the EPUB container, with about.go (what it says of itself), package.go (contents) and chapter.go
//	xhtml.go        clean HTML to strict XHTML: blocks; phrase.go what stands in a line, table.go, address.go
//	text.go         characters, languages and the book's own words
package export
