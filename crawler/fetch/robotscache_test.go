package fetch

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"archiver"
)

// TestRobotsOutcomes: what each answer for robots.txt leads to, and how often it is asked for over three fetches of pages.
func TestRobotsOutcomes(t *testing.T) {
	status := func(code int, header ...string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			for i := 0; i < len(header); i += 2 {
				w.Header().Set(header[i], header[i+1])
			}
			w.WriteHeader(code)
		}
	}
	text := func(s string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(s)) }
	}
	// hops redirects n times before the file.
	hops := func(n int) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			if done := strings.Count(r.URL.RawQuery, "x"); done < n {
				http.Redirect(w, r, "/robots.txt?"+strings.Repeat("x", done+1), http.StatusFound)
				return
			}
			_, _ = w.Write([]byte("User-agent: *\nDisallow: /page"))
		}
	}
	private := serve(t, text("User-agent: *\nAllow: /"))
	elsewhere := serve(t, text("User-agent: *\nDisallow: /page"))
	filler := strings.Repeat("# a comment that fills the file\n", 16_100) // 515,200 bytes
	tests := []struct {
		name   string
		robots http.HandlerFunc
		kind   archiver.Kind // Internal: the page is fetched
		says   string
		asked  int // requests for robots.txt
	}{
		{"404", status(404), 0, "", 1},
		{"410", status(410), 0, "", 1},
		{"401", status(401), 0, "", 1},
		{"403", status(403), 0, "", 1},
		{"429", status(429), archiver.Transient, "429", 1},
		{"429 with a pause", status(429, "Retry-After", "3600"), archiver.Transient, "429", 1},
		{"500", status(500), archiver.Transient, "500", 1},
		{"503", status(503), archiver.Transient, "503", 1},
		{"reset", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, archiver.Transient, "broke off", 1},
		{"cut", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "1000")
			_, _ = w.Write([]byte("User-agent: *\nAllow: /"))
		}, archiver.Transient, "broke off", 1},
		{"timeout", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, archiver.Transient, "too long", 1},
		{"forbids", text("User-agent: *\nDisallow: /page"), archiver.Blocked, `robots.txt forbids it ("Disallow: /page")`, 1},
		{"forbids another", text("User-agent: *\nAllow: /\nUser-agent: other\nDisallow: /"), 0, "", 1},
		{"five redirects", hops(5), archiver.Blocked, "Disallow: /page", 6},
		{"six redirects", hops(6), 0, "", 6},
		{"redirect in a circle", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/robots.txt", http.StatusFound) }, 0, "", 6},
		{"redirect without target", status(302), 0, "", 1},
		{"redirect to another host", status(301, "Location", elsewhere.URL+"/r"), archiver.Blocked, "Disallow: /page", 1},
		{"redirect to a private address", status(301, "Location", private.URL+"/r"), archiver.Transient, "cannot be read", 1},
		{"a web page", text("\n<!DOCTYPE html><p>User-agent: *\nDisallow: /page"), 0, "", 1},
		{"binary", text("\x00\x01\x02\xff\xfe"), 0, "", 1},
		{"rules beyond 500 KiB", text("User-agent: *\n" + filler + "Disallow: /page"), 0, "", 1},
		{"last line cut at 500 KiB", text("User-agent: *\nAllow: /\n#" + strings.Repeat("x", maxRobots-40) + "\nDisallow: /page-two"), 0, "", 1},
		{"rules before 500 KiB", text("User-agent: *\nDisallow: /page\n" + filler), archiver.Blocked, "Disallow: /page", 1},
		{"gigabytes", func(w http.ResponseWriter, _ *http.Request) {
			line := []byte(strings.Repeat("# x\n", 1<<14))
			_, _ = w.Write([]byte("User-agent: *\nDisallow: /page\n"))
			for range 1 << 14 {
				if _, err := w.Write(line); err != nil {
					return
				}
			}
		}, archiver.Blocked, "Disallow: /page", 1},
		{"Crawl-delay beyond patience", text("User-agent: *\nCrawl-delay: 1e9"), archiver.Blocked, "more than the 1m0s", 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := serve(t, func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path == "/robots.txt" {
					tt.robots(w, r)
					return
				}
				_, _ = w.Write([]byte("<p>here</p>"))
			})
			var opts Options
			if tt.name == "timeout" {
				opts.Timeout = 300 * time.Millisecond
			}
			c := client(t, opts, s, elsewhere)
			for range 3 {
				_, err := fetch(t, c, s, "/page")
				if tt.kind == archiver.Internal {
					if err != nil {
						t.Fatal(err)
					}
					continue
				}
				e := wantKind(t, err, tt.kind, tt.says)
				if e.Kind == archiver.Transient && e.RetryAfter <= 0 {
					t.Error("the task is not told when to come back")
				}
			}
			asked, pages := 0, 0
			for _, path := range s.paths() {
				if path == "/robots.txt" {
					asked++
				} else {
					pages++
				}
			}
			if asked != tt.asked {
				t.Errorf("robots.txt was asked for %d times, want %d", asked, tt.asked)
			}
			if tt.kind != archiver.Internal && pages > 0 {
				t.Errorf("%d pages were fetched", pages)
			}
		})
	}
	if len(private.paths()) > 0 {
		t.Error("a private address was asked")
	}
}

func TestRobotsIsReadOnce(t *testing.T) {
	s := serve(t, pages(map[string]string{"/robots.txt": "User-agent: *\nDisallow: /x", "/a": "<p>a</p>"}))
	c := client(t, Options{}, s)
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			if _, err := fetch(t, c, s, "/a"); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if got := fmt.Sprint(s.paths()); strings.Count(got, "/robots.txt") != 1 {
		t.Errorf("requests: %s", got)
	}
}

// The caller that happens to read robots.txt may be cancelled; the others are not.
func TestRobotsSurvivesCancellation(t *testing.T) {
	asked := make(chan struct{})
	var once sync.Once
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		first := false
		once.Do(func() { first = true })
		if first {
			close(asked)
			<-r.Context().Done()
			return
		}
		pages(map[string]string{"/a": "<p>a</p>"})(w, r)
	})
	c := client(t, Options{}, s)
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	wg.Go(func() { _, _ = c.Fetch(ctx, archiver.Request{URL: s.URL + "/a"}) })
	<-asked
	wg.Go(func() {
		if _, err := fetch(t, c, s, "/a"); err != nil {
			t.Error(err)
		}
	})
	cancel()
	wg.Wait()
}

func TestCrawlDelayAtServer(t *testing.T) {
	s := serve(t, pages(map[string]string{"/robots.txt": "User-agent: *\nCrawl-delay: 0.03", "/a": "<p>a</p>"}))
	c := client(t, Options{Concurrency: 8}, s)
	var wg sync.WaitGroup
	for range 6 {
		wg.Go(func() {
			if _, err := fetch(t, c, s, "/a"); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if gap := s.smallestGap(); gap < 30*time.Millisecond {
		t.Errorf("two requests are %s apart, want 30ms", gap)
	}
}

func TestRobotsExpires(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newRobotsCache(nil, "archiver/1", nil)
		entry, mine := c.claim("http://a")
		if !mine {
			t.Fatal("nobody is to read it")
		}
		entry.rules, entry.expires = new(robotsRules), time.Now().Add(robotsAge)
		close(entry.ready)
		<-time.After(robotsAge - time.Second)
		if _, mine := c.claim("http://a"); mine {
			t.Error("it is read again within a day")
		}
		<-time.After(time.Second)
		if _, mine := c.claim("http://a"); !mine {
			t.Error("it is not read again after a day")
		}
		if _, mine := c.claim("http://a"); mine {
			t.Error("two are to read it")
		}
	})
}
