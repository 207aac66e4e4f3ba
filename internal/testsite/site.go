// Package testsite is a fake blog with knobs: what the tests crawl, the demo serves and the benchmark measures against.
//
// It serves real HTTP on loopback, writes pages as real blog software does (themes, paginations, encodings, faults), knows the
// truth of every article, and remembers every request, so that politeness is asserted from the server's side. The same options
// give the same pages, and what an author or a theme changes while it runs is a method. On request it tells of its posts in
// WordPress's REST, a feed or a sitemap. It is no WordPress: of REST it has what a reader asks of posts and categories, and there
// is no login behind its forms.
package testsite

import (
	"fmt"
	"html/template"
	"net"
	"net/http"
	"sync"
	"time"
)

// maxRecorded bounds the memory of requests: ten reads of a blog of 10,000 articles.
const maxRecorded = 120_000

// headerTimeout keeps a client that never finishes its request from holding a connection.
const headerTimeout = 10 * time.Second

// Site is a running blog. It is safe for concurrent use.
type Site struct {
	base   string
	opts   options
	server *http.Server
	theme  *template.Template

	mu       sync.Mutex
	posts    []*post          // of the category, newest first
	others   []*post          // of other categories, newest first
	byPath   map[string]*post // unescaped, no slash at the end
	place    map[int]int      // of the number in posts
	bin      []*post          // deleted
	moved    map[string]*post // old paths of renamed posts that still lead there
	diverted map[string]string
	sticky   []*post
	order    Order
	scripted bool // the listing's items are left to a script
	build    int  // of a static blog: another one, other validators
	views    int
	pages    *pageCache
	nextID   int
	requests []*Request
	counted  int // requests that Every counted
}

// Request is one request as the server saw it.
type Request struct {
	At     time.Time
	Method string
	Path   string // with the query, as sent
	Status int    // 0 where the connection was reset instead of an answer
	Header http.Header
}

// Start serves a blog on a free port of 127.0.0.1 until Close. Without options it is 30 generated posts, ten a page, in a
// classic WordPress theme.
func Start(opts ...Option) (*Site, error) {
	s := &Site{opts: defaults(), pages: newPageCache(), moved: map[string]*post{}, diverted: map[string]string{}}
	for _, opt := range opts {
		opt(&s.opts)
	}
	if err := s.opts.check(); err != nil {
		return nil, fmt.Errorf("start test site: %w", err)
	}
	theme, err := parseTheme(s.opts.theme)
	if err != nil {
		return nil, fmt.Errorf("start test site: %w", err)
	}
	s.theme = theme
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("start test site: %w", err)
	}
	s.base = "http://" + listener.Addr().String()
	s.fill()
	s.reindex()
	if s.opts.prerender && !s.opts.live {
		s.prerender()
	}
	s.server = &http.Server{Handler: http.HandlerFunc(s.serve), ReadHeaderTimeout: headerTimeout}
	// Serve returns when Close closes the listener; its error says only that.
	go s.server.Serve(listener)
	return s, nil
}

// URL is the blog's address, without a slash at the end.
func (s *Site) URL() string { return s.base }

// Category is the address of the category's listing.
func (s *Site) Category() string { return s.base + categoryPath(mainCategory.slug) }

// Articles is what is true of the category's articles now, newest first. Text and all are made for each call, so it costs
// memory on a blog of many large pages.
func (s *Site) Articles() []Truth {
	s.mu.Lock()
	defer s.mu.Unlock()
	truths := make([]Truth, 0, len(s.posts))
	for _, p := range s.posts {
		truths = append(truths, s.truth(p))
	}
	return truths
}

// Requests is every request so far, in the order they came.
func (s *Site) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	requests := make([]Request, len(s.requests))
	for i, r := range s.requests {
		requests[i] = *r
	}
	return requests
}

// Forget empties what Requests gives.
func (s *Site) Forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests = nil
}

// Close ends every connection and frees the port.
func (s *Site) Close() error { return s.server.Close() }

// serve remembers the request and meets it with a fault or with the page.
func (s *Site) serve(w http.ResponseWriter, r *http.Request) {
	record, fault := s.arrive(r)
	recorder := &statusWriter{ResponseWriter: w}
	defer func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		record.Status = recorder.status
	}()
	if fault != nil && fault.meet(recorder, r, s.answer) {
		return
	}
	s.answer(r).write(recorder, r)
}

// arrive notes a request and says which fault it meets, if any.
func (s *Site) arrive(r *http.Request) (*Request, *Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	record := &Request{At: time.Now(), Method: r.Method, Path: r.URL.RequestURI(), Header: r.Header.Clone()}
	if len(s.requests) < maxRecorded {
		s.requests = append(s.requests, record)
	}
	return record, s.faultFor(r)
}

// statusWriter remembers the status that was sent.
type statusWriter struct {
	http.ResponseWriter
	status int
}

func (w *statusWriter) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

// Unwrap lets http.ResponseController reach the connection.
func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
