package fetch

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"archiver"

	"github.com/google/go-cmp/cmp"
)

// book is a Memory that outlives Clients.
type book struct {
	mu     sync.Mutex
	states map[string]archiver.HostState
	err    error
}

func (b *book) HostState(_ context.Context, name string) (archiver.HostState, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	state := b.states[name]
	state.Name = name
	return state, b.err
}

func (b *book) PutHostState(_ context.Context, state archiver.HostState) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.states == nil {
		b.states = map[string]archiver.HostState{}
	}
	b.states[state.Name] = state
	return b.err
}

// age makes everything that is remembered so much older.
func (b *book) age(d time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for name, state := range b.states {
		if !state.RobotsAt.IsZero() {
			state.RobotsAt = state.RobotsAt.Add(-d)
		}
		b.states[name] = state
	}
}

func TestPauseBacksOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPace(0, 4)
		var got []time.Duration
		for range 8 {
			until := p.pause("a", 0)
			got = append(got, time.Until(until))
			if again := p.pause("a", 0); !again.IsZero() {
				t.Errorf("an answer to a request under way made the pause longer, to %s", again)
			}
			<-time.After(time.Until(until))
		}
		s := time.Second
		if diff := cmp.Diff([]time.Duration{10 * s, 20 * s, 40 * s, 80 * s, 160 * s, 300 * s, 300 * s, 300 * s}, got); diff != "" {
			t.Errorf("pauses (-want +got):\n%s", diff)
		}
		p.well("a")
		if d := time.Until(p.pause("a", 0)); d != 10*s {
			t.Errorf("after success the pause is %s, want 10s", d)
		}
		if until := p.pause("a", 5*s); !until.IsZero() {
			t.Error("a wish shorter than the pause ended it sooner")
		}
		if d := time.Until(p.pause("a", time.Hour)); d != time.Hour {
			t.Errorf("the server asked for an hour and got %s", d)
		}
	})
}

func TestPauseIsRecalled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		kept := &book{states: map[string]archiver.HostState{
			"short": {Paused: time.Now().Add(20 * time.Second)},
			"long":  {Paused: time.Now().Add(time.Hour)},
			"wrong": {Paused: time.Now().Add(10 * 365 * 24 * time.Hour)},
			"past":  {Paused: time.Now().Add(-time.Hour)},
		}}
		p := newPace(0, 4)
		p.memory = memory{kept: kept}
		for name, want := range map[string]time.Duration{"short": 20 * time.Second, "past": 0, "unknown": 0} {
			started := time.Now()
			turn, err := p.enter(t.Context(), name)
			if err != nil {
				t.Fatal(err)
			}
			turn.done()
			if took := time.Since(started); took != want {
				t.Errorf("%s: waited %s, want %s", name, took, want)
			}
		}
		for name, want := range map[string]time.Duration{"long": time.Hour - 20*time.Second, "wrong": maxPause} {
			_, err := p.enter(t.Context(), name)
			e, ok := errors.AsType[*archiver.Error](err)
			if !ok || e.Kind != archiver.Transient || e.RetryAfter.Round(time.Minute) != want.Round(time.Minute) {
				t.Errorf("%s: %v, want a transient error with RetryAfter %s", name, err, want)
			}
		}
		kept.err = archiver.Errorf(archiver.Storage, "the disk is gone")
		if _, err := p.enter(t.Context(), "other"); archiver.KindOf(err) != archiver.Storage {
			t.Errorf("memory that cannot be read: %v, want its error", err)
		}
		kept.err = nil
		turn, err := p.enter(t.Context(), "other")
		if err != nil {
			t.Fatalf("memory that can be read again: %v", err)
		}
		turn.done()
	})
}

// What a host asked of one run holds in the next one.
func TestPauseSurvivesRestart(t *testing.T) {
	var busy atomic.Bool
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if busy.Load() {
			w.Header().Set("Retry-After", "3600")
			w.WriteHeader(http.StatusTooManyRequests)
			return
		}
		pages(map[string]string{"/a": "<p>a</p>"})(w, r)
	})
	kept := new(book)
	run := func() error {
		_, err := fetch(t, client(t, Options{Memory: kept}, s), s, "/a")
		return err
	}
	if err := run(); err != nil {
		t.Fatal(err)
	}
	busy.Store(true)
	wantKind(t, run(), archiver.Transient, "429")
	before := len(s.paths())
	busy.Store(false)
	if e := wantKind(t, run(), archiver.Transient, "pause"); e.RetryAfter < 59*time.Minute || e.RetryAfter > time.Hour {
		t.Errorf("RetryAfter is %s, want an hour", e.RetryAfter)
	}
	if got := s.paths()[before:]; len(got) > 0 {
		t.Errorf("the next run asked for %v", got)
	}
	var names []string
	for name := range kept.states {
		names = append(names, strings.Replace(name, s.Listener.Addr().String(), "HOST", 1))
	}
	if len(names) != 2 || kept.states[s.Listener.Addr().String()].Paused.IsZero() || kept.states[s.URL].RobotsAt.IsZero() {
		t.Errorf("remembered are %v", names)
	}
}

// TestRobotsIsRemembered: runs an hour apart read robots.txt once a day.
func TestRobotsIsRemembered(t *testing.T) {
	const forbidding = "User-agent: *\nDisallow: /a\nSitemap: /map.xml"
	status := func(code int) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
	}
	reset := func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }
	text := func(s string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(s)) }
	}
	tests := []struct {
		name          string
		first, second http.HandlerFunc
		later         time.Duration
		asked         bool          // whether the second run reads it
		kind          archiver.Kind // of the second run's fetch; Internal: the page is fetched
		says          string
	}{
		{"within a day", text(forbidding), text(""), time.Hour, false, archiver.Blocked, "Disallow: /a"},
		{"within a day, there was none", status(404), text(forbidding), 23 * time.Hour, false, 0, ""},
		{"after a day", text(forbidding), text(""), 24 * time.Hour, true, 0, ""},
		{"newly forbidden", text(""), text(forbidding), 25 * time.Hour, true, archiver.Blocked, "Disallow: /a"},
		{"gone since", text(forbidding), status(404), 25 * time.Hour, true, 0, ""},
		{"5xx, rules of yesterday", text(forbidding), status(500), 25 * time.Hour, true, archiver.Blocked, "Disallow: /a"},
		{"5xx, no rules yesterday", status(404), status(502), 25 * time.Hour, true, 0, ""},
		{"reset, rules of last month", text(forbidding), reset, 29 * 24 * time.Hour, true, archiver.Blocked, "Disallow: /a"},
		{"5xx for more than a month", text(""), status(500), 31 * 24 * time.Hour, true, archiver.Transient, "500"},
		{"429", text(""), status(429), 25 * time.Hour, true, archiver.Transient, "429"},
		{"first failed", status(500), text(forbidding), 0, true, archiver.Blocked, "Disallow: /a"},
		{"a clock that was ahead", text(""), text(forbidding), -time.Hour, true, archiver.Blocked, "Disallow: /a"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var second atomic.Bool
			s := serve(t, func(w http.ResponseWriter, r *http.Request) {
				switch {
				case r.URL.Path != "/robots.txt":
					_, _ = w.Write([]byte("<p>a</p>"))
				case second.Load():
					tt.second(w, r)
				default:
					tt.first(w, r)
				}
			})
			kept := new(book)
			_, _ = fetch(t, client(t, Options{Memory: kept}, s), s, "/a")
			kept.age(tt.later)
			second.Store(true)
			before := len(s.paths())
			c := client(t, Options{Memory: kept}, s)
			for range 2 {
				_, err := fetch(t, c, s, "/a")
				if tt.kind == archiver.Internal && err != nil {
					t.Fatal(err)
				}
				if tt.kind != archiver.Internal {
					wantKind(t, err, tt.kind, tt.says)
				}
			}
			if got := strings.Count(fmt.Sprint(s.paths()[before:]), "/robots.txt"); got != 0 && !tt.asked || got != 1 && tt.asked {
				t.Errorf("the second run read robots.txt %d times", got)
			}
		})
	}
}

// A Crawl-delay that is remembered holds like one that was read.
func TestRememberedRobotsSlowsDown(t *testing.T) {
	s := serve(t, pages(map[string]string{"/robots.txt": "User-agent: *\nCrawl-delay: 0.03", "/a": "<p>a</p>"}))
	kept := new(book)
	if _, err := fetch(t, client(t, Options{Memory: kept}, s), s, "/a"); err != nil {
		t.Fatal(err)
	}
	c := client(t, Options{Memory: kept}, s)
	before := len(s.paths())
	for range 3 {
		if _, err := fetch(t, c, s, "/a"); err != nil {
			t.Fatal(err)
		}
	}
	s.arrivals = s.arrivals[before:]
	if gap := s.smallestGap(); len(s.arrivals) != 3 || gap < 30*time.Millisecond {
		t.Errorf("%d requests, two of them %s apart, want 30ms", len(s.arrivals), gap)
	}
}

func TestMemoryThatCannotKeep(t *testing.T) {
	s := serve(t, pages(map[string]string{"/a": "<p>a</p>"}))
	var log bytes.Buffer
	c := client(t, Options{Memory: forgetful{}, Log: slog.New(slog.NewTextHandler(&log, nil))}, s)
	if _, err := fetch(t, c, s, "/a"); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(log.String(), "not kept for the next run") {
		t.Errorf("the log says %q", log.String())
	}
}

type forgetful struct{}

func (forgetful) HostState(_ context.Context, name string) (archiver.HostState, error) {
	return archiver.HostState{Name: name}, nil
}
func (forgetful) PutHostState(context.Context, archiver.HostState) error {
	return errors.New("no room")
}

func TestSitemaps(t *testing.T) {
	var many strings.Builder
	for i := range 20 {
		fmt.Fprintf(&many, "Sitemap: /%d.xml\n", i)
	}
	s := serve(t, pages(map[string]string{"/robots.txt": "\ufeffSITEMAP: /map.xml\r\nUser-agent: *\nDisallow: /\nSitemap : http://other.example/x.xml\n" +
		"sitemap: http://HOST/x.xml\nSitemap: /map.xml\nSitemap:\nSitemap: ftp://x/\nsite-map /two.xml\n"}))
	crowded := serve(t, pages(map[string]string{"/robots.txt": many.String()}))
	none := serve(t, pages(nil))
	broken := serve(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) })
	c := client(t, Options{}, s, crowded, none, broken)
	got, err := c.Sitemaps(t.Context(), s.URL+"/category/nlp/")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{s.URL + "/map.xml", s.URL + "/two.xml"}, got); diff != "" {
		t.Errorf("sitemaps (-want +got):\n%s", diff)
	}
	if got, err := c.Sitemaps(t.Context(), crowded.URL); err != nil || len(got) != maxSitemaps {
		t.Errorf("of 20 sitemaps %d are given, %v", len(got), err)
	}
	if got, err := c.Sitemaps(t.Context(), none.URL); err != nil || len(got) > 0 {
		t.Errorf("without robots.txt: %v, %v", got, err)
	}
	_, err = c.Sitemaps(t.Context(), broken.URL)
	wantKind(t, err, archiver.Transient, "500")
	_, err = c.Sitemaps(t.Context(), "mailto:x")
	wantKind(t, err, archiver.Invalid, "")
	if n := len(s.paths()); n != 1 {
		t.Errorf("%d requests", n)
	}
}
