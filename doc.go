// Package archiver holds the words and the laws that every room of the program shares: what a source, a task, a page, an
// entry and an article are, which failure leads to which state, and when two addresses are the same one.
//
// It does no input or output and imports nothing but the standard library. How a page is fetched is in crawler/fetch, how it
// is understood in extract, how it is kept in storage, how it leaves again in export; cmd/archiver wires them together.
package archiver
