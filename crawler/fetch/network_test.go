package fetch

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"archiver"
)

func TestFetchPaceAtServer(t *testing.T) {
	const delay = 25 * time.Millisecond
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path == "/robots.txt":
			http.NotFound(w, r)
		case strings.HasPrefix(r.URL.Path, "/moved/"):
			http.Redirect(w, r, "/page/"+r.URL.Path[7:], http.StatusMovedPermanently)
		case strings.HasPrefix(r.URL.Path, "/broken/"):
			panic(http.ErrAbortHandler) // the connection dies: the transport would send it again at once
		default:
			fmt.Fprintf(w, "<p>%s</p>", strings.Repeat("text ", 20000))
		}
	})
	c := client(t, Options{Delay: delay, Concurrency: 8}, s)
	var traffic archiver.Traffic
	var wg sync.WaitGroup
	for i := range 18 {
		wg.Go(func() {
			kind := []string{"page", "moved", "broken"}[i%3]
			_, err := c.Fetch(t.Context(), archiver.Request{URL: fmt.Sprintf("%s/%s/%d", s.URL, kind, i), Traffic: &traffic})
			if (err != nil) != (kind == "broken") {
				t.Errorf("%s: %v", kind, err)
			}
		})
	}
	wg.Wait()
	if gap := s.smallestGap(); gap < delay {
		t.Errorf("two requests are %s apart at the server, want %s", gap, delay)
	}
	if got, seen := traffic.Load().Requests, int64(len(s.paths())); got != seen {
		t.Errorf("%d requests counted, the server saw %d", got, seen)
	}
}

func TestFetchRetryAfterPausesHost(t *testing.T) {
	var first atomic.Bool
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/robots.txt" && first.CompareAndSwap(false, true) {
			w.Header().Set("Retry-After", "1")
			w.WriteHeader(http.StatusTooManyRequests)
			return
		}
		pages(map[string]string{"/a": "<p>a</p>", "/b": "<p>b</p>"})(w, r)
	})
	c := client(t, Options{}, s)
	_, err := fetch(t, c, s, "/a")
	wantKind(t, err, archiver.Transient, "429")
	if _, err := fetch(t, c, s, "/b"); err != nil {
		t.Fatal(err)
	}
	if gap := s.arrivals[2].at.Sub(s.arrivals[1].at); gap < time.Second {
		t.Errorf("the next request came after %s, want a second", gap)
	}
}

func TestFetchEndsWithContext(t *testing.T) {
	release := make(chan struct{})
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/robots.txt" {
			http.NotFound(w, r)
			return
		}
		_, _ = w.Write([]byte("<p>the beginning"))
		w.(http.Flusher).Flush()
		<-release
	})
	defer close(release)
	gone := errors.New("gone")
	ctx, cancel := context.WithCancelCause(t.Context())
	time.AfterFunc(20*time.Millisecond, func() { cancel(gone) })
	_, err := client(t, Options{}, s).Fetch(ctx, archiver.Request{URL: s.URL + "/x"})
	if !errors.Is(err, gone) {
		t.Errorf("got %v, want the cause of the context", err)
	}
}

func TestFetchNetworkErrors(t *testing.T) {
	slow := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/robots.txt" {
			http.NotFound(w, r)
			return
		}
		for { // a byte now and then, for ever
			if _, err := w.Write([]byte("x")); err != nil {
				return
			}
			w.(http.Flusher).Flush()
			select {
			case <-r.Context().Done():
				return
			case <-time.After(5 * time.Millisecond):
			}
		}
	})
	closed := serve(t, pages(nil))
	closed.Close()
	endless := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/robots.txt" {
			http.NotFound(w, r)
			return
		}
		for i := range 10_000 {
			w.Header().Add("Set-Cookie", fmt.Sprintf("cookie%d=%s", i, strings.Repeat("x", 100)))
		}
	})
	secure := httptest.NewUnstartedServer(pages(nil))
	secure.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	secure.StartTLS()
	defer secure.Close()
	tests := []struct {
		name, url, says string
		hint            string
	}{
		{"trickle", slow.URL + "/x", "took too long", ""},
		{"nobody there", closed.URL + "/x", "refuses connections", "check the address"},
		{"endless header", endless.URL + "/x", "", ""},
		{"unknown certificate", secure.URL + "/x", "certificate", "certificate"},
		{"https where there is none", strings.Replace(slow.URL, "http:", "https:", 1), "does not speak https", "http://"},
		{"no such host", "http://nowhere.invalid/", "nowhere.invalid", "check the address"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			opts := Options{Allow: []string{"127.0.0.1"}}
			if tt.name == "trickle" {
				opts.Timeout = 300 * time.Millisecond
			}
			c := client(t, opts)
			_, err := c.Fetch(t.Context(), archiver.Request{URL: tt.url})
			e := wantKind(t, err, archiver.Transient, tt.says)
			if !strings.Contains(e.Hint, tt.hint) {
				t.Errorf("hint %q, want %q in it", e.Hint, tt.hint)
			}
		})
	}
}
