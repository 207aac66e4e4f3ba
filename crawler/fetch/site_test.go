package fetch

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"archiver"
)

// site is a server that records when each request arrived.
type site struct {
	*httptest.Server
	mu       sync.Mutex
	arrivals []arrival
}

type arrival struct {
	at   time.Time
	path string
}

// serve starts a site. It has no robots.txt unless handler answers for it.
func serve(t testing.TB, handler http.HandlerFunc) *site {
	t.Helper()
	s := new(site)
	s.Server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.arrivals = append(s.arrivals, arrival{time.Now(), r.URL.Path})
		s.mu.Unlock()
		handler(w, r)
	}))
	s.Start()
	t.Cleanup(s.Close)
	return s
}

// pages serves each path its text as HTML; others are not found.
func pages(m map[string]string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		text, ok := m[r.URL.Path]
		if !ok {
			http.NotFound(w, r)
			return
		}
		kind := "text/html; charset=utf-8"
		if strings.HasSuffix(r.URL.Path, ".txt") {
			kind = "text/plain"
		}
		w.Header().Set("Content-Type", kind)
		_, _ = w.Write([]byte(text))
	}
}

// paths are the requests the site saw, in order.
func (s *site) paths() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []string
	for _, a := range s.arrivals {
		all = append(all, a.path)
	}
	return all
}

func (s *site) smallestGap() time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	smallest := time.Duration(1<<63 - 1)
	for i := 1; i < len(s.arrivals); i++ {
		smallest = min(smallest, s.arrivals[i].at.Sub(s.arrivals[i-1].at))
	}
	return smallest
}

// client is a Client that may fetch from the sites.
func client(t testing.TB, opts Options, sites ...*site) *Client {
	t.Helper()
	for _, s := range sites {
		opts.Allow = append(opts.Allow, s.URL)
	}
	c, err := New(opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

// fetch is Fetch of a path of the site.
func fetch(t testing.TB, c *Client, s *site, path string) (*archiver.Page, error) {
	t.Helper()
	return c.Fetch(t.Context(), archiver.Request{URL: s.URL + path, Scope: s.URL + "/"})
}

// wantKind checks the kind of an error and what it says.
func wantKind(t testing.TB, err error, kind archiver.Kind, says string) *archiver.Error {
	t.Helper()
	e, ok := errors.AsType[*archiver.Error](err)
	if !ok || e.Kind != kind || !strings.Contains(e.Error(), says) {
		t.Fatalf("got %v (%v), want kind %v and %q in it", err, archiver.KindOf(err), kind, says)
	}
	return e
}

// notes are lines that handlers write and tests read.
type notes struct {
	mu    sync.Mutex
	lines []string
}

func (n *notes) add(line string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.lines = append(n.lines, line)
}

func (n *notes) all() []string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return slices.Clone(n.lines)
}

func (n *notes) last() string {
	all := n.all()
	if len(all) == 0 {
		return ""
	}
	return all[len(all)-1]
}
