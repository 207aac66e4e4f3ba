package export

import (
	"bytes"
	"context"
	"maps"
	"net/url"
	"slices"

	"archiver"
)

// This file leads links from one article to another inside the book. All addresses that an article ever had lead to its chapter.
// The place inside the chapter is kept where the chapter is written already and has it; otherwise the link leads to its beginning.

// crossings are the addresses that lead to chapters of a book.
type crossings struct {
	chapters map[string]string          // chapter by key of an address
	planned  map[string]string          // chapter by article ID, until it is written
	places   map[string]map[string]spot // of chapters that are written: by the article's own ids
	linked   map[string]string          // address by chapter that something leads to
	written  map[string]bool
}

// spot is where an id stands: the file in text/ and the id there.
type spot struct{ file, id string }

// plan names the chapters of all articles that the book is to have.
func (b *book) plan(ctx context.Context) error {
	if b.opts.Brief == nil {
		return nil
	}
	c := &crossings{chapters: map[string]string{}, planned: map[string]string{}, places: map[string]map[string]spot{},
		linked: map[string]string{}, written: map[string]bool{}}
	for a, err := range b.opts.Brief {
		if err == nil && ctx.Err() != nil {
			err = context.Cause(ctx)
		}
		if err != nil {
			return err
		}
		if _, twice := c.planned[a.ID]; twice {
			continue
		}
		name := b.name(&a)
		c.planned[a.ID] = name
		keys := []string{keyOf(a.URL)}
		if b.opts.Library != nil {
			more, err := b.opts.Library.Addresses(ctx, a.ID)
			if err != nil && archiver.KindOf(err) != archiver.NoMatch {
				return err
			}
			keys = append(keys, more...)
		}
		for _, key := range keys {
			if c.chapters[key] == "" { // the first one that had the address
				c.chapters[key] = name
			}
		}
	}
	b.crossings = c
	return nil
}

// nameOf is the chapter's name: the planned one, once.
func (b *book) nameOf(a *archiver.Article) string {
	if c := b.crossings; c != nil {
		if name := c.planned[a.ID]; name != "" && !c.written[name] {
			c.written[name] = true
			return name
		}
	}
	return b.name(a)
}

// follow is the link inside the book for an address, seen from a chapter; empty where it leads out of the book.
func (c *crossings) follow(address string) string {
	if c == nil {
		return ""
	}
	name := c.chapters[keyOf(address)]
	if name == "" {
		return ""
	}
	c.linked[name] = address
	if u, err := url.Parse(address); err == nil && u.Fragment != "" {
		if at, ok := c.places[name][u.Fragment]; ok {
			return at.file + "#" + at.id
		}
	}
	return name + ".xhtml"
}

// stubs are chapters that something leads to, and that never came: the archive changed while the book was written.
func (b *book) stubs(a *about) error {
	if b.crossings == nil {
		return nil
	}
	for _, name := range slices.Sorted(maps.Keys(b.crossings.linked)) {
		if b.crossings.written[name] {
			continue
		}
		addr := b.crossings.linked[name]
		var page bytes.Buffer
		beginPage(&page, readable(addr), a.lang, "../book.css")
		page.WriteString(`<p class="source"><a href="`)
		writeText(&page, address(addr))
		page.WriteString(`">`)
		writeText(&page, readable(addr))
		page.WriteString("</a></p>\n")
		endPage(&page)
		if err := b.part("EPUB/text/"+name+".xhtml", a.date, page.Bytes()); err != nil {
			return err
		}
		a.files = append(a.files, chapterFile{name: name})
	}
	return nil
}
