package testsite

import (
	"cmp"
	"path"
	"slices"
	"strings"
	"time"
)

// This file is what the author, the theme and the machine do while the blog runs. Every change empties the cache of pages. An
// article is named by its index in Articles, or by its address where it is not among them.

// Order is how the category lists its posts.
type Order uint8

const (
	// NewestFirst is by date, as nearly all blogs do it.
	NewestFirst Order = iota
	// OldestFirst is a course or a series.
	OldestFirst
	// MostDiscussed is by comments: no order that dates could explain.
	MostDiscussed
)

// Edit changes the article that is i in Articles; its Modified moves on by an hour where change leaves it. Address and
// place in the listing stay.
func (s *Site) Edit(i int, change func(*Post)) {
	s.change(i, func(p *post, before Post) {
		change(&p.Post)
		if p.Modified.Equal(before.Modified) {
			p.Modified = p.Modified.Add(time.Hour)
		}
	})
}

// EditSilently changes an article and lets its Modified be what it was: some plugins and every hand in the database do it.
func (s *Site) EditSilently(i int, change func(*Post)) {
	s.change(i, func(p *post, before Post) {
		change(&p.Post)
		p.Modified = before.Modified
	})
}

func (s *Site) change(i int, edit func(p *post, before Post)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.posts[i]
	p.Body = p.body()
	before := p.Post
	edit(p, before)
	p.Published, p.Slug = before.Published, cmp.Or(before.Slug, slug(before.Title))
	s.reindex()
}

// Delete takes the article that is i in Articles offline: 404. Restore brings it back.
func (s *Site) Delete(i int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.bin = append(s.bin, s.takeOut(i))
	s.reindex()
}

// MoveOut takes an article out of the category: it stays online, in another one. Restore brings it back.
func (s *Site) MoveOut(i int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.takeOut(i)
	p.main, p.Categories = false, []string{otherNames.name}
	s.others = append(s.others, p)
	s.sort()
	s.reindex()
}

// takeOut removes an article from the category. The caller holds the lock.
func (s *Site) takeOut(i int) *post {
	p := s.posts[i]
	s.posts = slices.Delete(s.posts, i, i+1)
	s.sticky = slices.DeleteFunc(s.sticky, func(q *post) bool { return q == p })
	return p
}

// Restore brings the article of an address back into the category, with its text, dates and address as they were, from the
// bin or from another category. It reports whether there was one; a post that was never in the category is moved into it.
func (s *Site) Restore(address string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, from := range []*[]*post{&s.bin, &s.others} {
		i := slices.IndexFunc(*from, func(p *post) bool { return s.address(p) == address })
		if i < 0 {
			continue
		}
		p := (*from)[i]
		*from = slices.Delete(*from, i, i+1)
		if !p.main {
			p.main, p.Categories = true, nil
		}
		s.posts = append(s.posts, p)
		s.sort()
		s.reindex()
		return true
	}
	return false
}

// Rename gives an article another last part of its address. The old address leads to the new one where redirect is set, and is
// 404 otherwise. It returns the new address.
func (s *Site) Rename(i int, slug string, redirect bool) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.posts[i]
	old := s.path(p)
	folder, slash := path.Dir(strings.TrimSuffix(old, "/")), ""
	if strings.HasSuffix(old, "/") {
		slash = "/"
	}
	p.at = folder + "/" + slug + path.Ext(old) + slash
	if redirect {
		s.moved[strings.TrimSuffix(old, "/")] = p
	}
	s.reindex()
	return s.address(p)
}

// Divert lets a path that no post has lead elsewhere with 301: an old slug to another article, or a deleted one to the home page.
func (s *Site) Divert(from, to string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.diverted[strings.TrimSuffix(from, "/")] = to
	s.reindex()
}

// Stick puts an article on top of the listing, above those that were stuck before.
func (s *Site) Stick(i int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.posts[i]
	s.sticky = append([]*post{p}, slices.DeleteFunc(s.sticky, func(q *post) bool { return q == p })...)
	s.reindex()
}

// Reorder lists the category in another order.
func (s *Site) Reorder(order Order) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.order = order
	s.reindex()
}

// ChangeLayout lets the listings be filled in by a script, so that their pages name no article, or undoes it.
func (s *Site) ChangeLayout(scripted bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.scripted = scripted
	s.reindex()
}

// Rebuild is a static blog built anew: every validator is another one, every text is the same.
func (s *Site) Rebuild() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.build++
	s.reindex()
}

// listed is the category's posts in the order of its listing. The caller holds the lock.
func (s *Site) listed() []*post {
	if s.order == NewestFirst && len(s.sticky) == 0 {
		return s.posts
	}
	posts := slices.Clone(s.posts)
	switch s.order {
	case OldestFirst:
		slices.Reverse(posts)
	case MostDiscussed:
		discussed := func(p *post) int { return randomFor(p.id, 4).IntN(1000) }
		slices.SortStableFunc(posts, func(a, b *post) int { return discussed(b) - discussed(a) })
	}
	posts = slices.DeleteFunc(posts, func(p *post) bool { return slices.Contains(s.sticky, p) })
	return slices.Concat(s.sticky, posts)
}

// Add publishes posts in the category. A post without a date is newer than all others; one without a title or a body gets
// generated ones. The last one added is 0 in Articles, unless its date says otherwise.
func (s *Site) Add(posts ...Post) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, p := range posts {
		s.publish(p)
	}
	s.reindex()
}

// publish gives a post its number and its place. The caller holds the lock.
func (s *Site) publish(p Post) {
	id := s.nextID
	s.nextID++
	r := randomFor(id, 1)
	if p.Published.IsZero() {
		p.Published = time.Date(2025, 3, 1, 8, 0, 0, 0, s.opts.zone)
		if len(s.posts) > 0 && !s.posts[0].Published.Before(p.Published) {
			p.Published = s.posts[0].Published.Add(24 * time.Hour)
		}
	}
	if p.Modified.IsZero() {
		p.Modified = p.Published
	}
	p.Title = cmp.Or(p.Title, title(r, id))
	p.Author = cmp.Or(p.Author, author)
	added := &post{Post: p, id: id, main: true}
	if s.opts.pageSize > 0 {
		added.size = bodySize(r, s.opts.pageSize)
	}
	s.posts = append(s.posts, added)
	s.sort()
}

// sort puts posts in their order, newest first. The caller holds the lock.
func (s *Site) sort() {
	newer := func(a, b *post) int { return cmp.Or(b.Published.Compare(a.Published), b.id-a.id) }
	slices.SortStableFunc(s.posts, newer)
	slices.SortStableFunc(s.others, newer)
}
