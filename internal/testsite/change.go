package testsite

import (
	"cmp"
	"slices"
	"time"
)

// This file is what the author does while the blog runs. Every change empties the cache of pages.

// Edit changes the article that is i in Articles; its Modified moves on by an hour where change leaves it. Address and
// place in the listing stay.
func (s *Site) Edit(i int, change func(*Post)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.posts[i]
	p.Body = p.body()
	before := p.Post
	change(&p.Post)
	p.Published, p.Slug = before.Published, cmp.Or(before.Slug, slug(before.Title))
	if p.Modified.Equal(before.Modified) {
		p.Modified = p.Modified.Add(time.Hour)
	}
	s.reindex()
}

// Delete takes the article that is i in Articles offline: 404.
func (s *Site) Delete(i int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.posts = slices.Delete(s.posts, i, i+1)
	s.reindex()
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
	slices.SortStableFunc(s.posts, func(a, b *post) int {
		return cmp.Or(b.Published.Compare(a.Published), b.id-a.id)
	})
}
