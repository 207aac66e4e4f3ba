package fetch

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"sync"
	"time"

	"archiver"
)

// This file fetches robots.txt, once a day for each origin over all runs, and says what its absence means: a server that says
// there is none allows everything; one that cannot say is held to what it said last, for a month, else forbids everything until
// it can say.

const (
	robotsAge  = 24 * time.Hour      // RFC 9309, 2.4
	staleAge   = 30 * 24 * time.Hour // RFC 9309, 2.3.1.4
	maxRobots  = 500 << 10           // RFC 9309, 2.5
	robotsHops = 5                   // RFC 9309, 2.3.1.2
	maxOrigins = 1024                // remembered at once
	// maxCrawlDelay is the longest Crawl-delay that is obeyed by waiting; beyond it the site is left alone.
	maxCrawlDelay = time.Minute
)

type robotsCache struct {
	gate      *gate
	userAgent string
	agent     string
	log       *slog.Logger

	mu      sync.Mutex
	origins map[string]*robotsEntry
}

// robotsEntry is what is known of one origin. Its fields are read once ready is closed.
type robotsEntry struct {
	ready chan struct{}
	robotsFile
	refusal  *archiver.Error // why nothing may be fetched, where it may not
	expires  time.Time
	failures int
	orphaned bool // the caller that was reading it went away; another has to read
}

// robotsFile is a file as it was read last. The zero value is none.
type robotsFile struct {
	rules    *robotsRules
	sitemaps []string
	readAt   time.Time
}

// errTooMany is a server that wants to be left alone, robots.txt or not.
var errTooMany = errors.New(statusText(http.StatusTooManyRequests))

func newRobotsCache(g *gate, userAgent string, log *slog.Logger) *robotsCache {
	return &robotsCache{
		gate: g, userAgent: userAgent, agent: productToken(userAgent), log: log,
		origins: make(map[string]*robotsEntry),
	}
}

// check is nil where robots.txt allows the address. It fetches the file where that is due, and sets the host's pace by it.
func (c *robotsCache) check(ctx context.Context, u *url.URL, traffic *archiver.Traffic) error {
	entry, err := c.entry(ctx, u, traffic)
	if err != nil {
		return err
	}
	if err := entry.refused(); err != nil {
		return err
	}
	if entry.rules.delay > maxCrawlDelay {
		return archiver.Errorf(archiver.Blocked, "robots.txt of %s asks for %s between requests, more than the %s that archiver waits",
			u.Host, entry.rules.delay, maxCrawlDelay)
	}
	if rule := entry.rules.forbids(u.RequestURI()); rule != nil {
		return archiver.Errorf(archiver.Blocked, "robots.txt forbids it (%q)", rule.line)
	}
	return nil
}

// refused is why nothing of the origin may be fetched, nil where something may.
func (e *robotsEntry) refused() error {
	if e.refusal == nil {
		return nil
	}
	refusal := *e.refusal // callers add their address to it
	if refusal.Kind == archiver.Transient {
		refusal.RetryAfter = max(time.Until(e.expires), 0)
	}
	return &refusal
}

// entry finds what is known of the origin. One caller reads the file, the others wait for it.
func (c *robotsCache) entry(ctx context.Context, u *url.URL, traffic *archiver.Traffic) (*robotsEntry, error) {
	key := origin(u)
	for {
		entry, mine := c.claim(key)
		if mine {
			c.read(ctx, u, entry, traffic)
			if entry.orphaned {
				c.drop(key, entry)
			}
			close(entry.ready)
			if entry.orphaned {
				return nil, context.Cause(ctx)
			}
			return entry, nil
		}
		select {
		case <-entry.ready:
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
		if !entry.orphaned {
			return entry, nil
		}
	}
}

// claim gives the entry of an origin, and whether the caller is the one to read it.
func (c *robotsCache) claim(key string) (entry *robotsEntry, mine bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	old := c.origins[key]
	if old != nil && !old.expired() {
		return old, false
	}
	if old == nil && len(c.origins) >= maxOrigins {
		c.forget()
	}
	entry = &robotsEntry{ready: make(chan struct{})}
	if old != nil {
		entry.failures, entry.robotsFile = old.failures, old.robotsFile
	}
	c.origins[key] = entry
	return entry, true
}

func (c *robotsCache) drop(key string, entry *robotsEntry) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.origins[key] == entry {
		delete(c.origins, key)
	}
}

// forget makes room: what has expired goes, and where that is nothing, any that is not being read.
func (c *robotsCache) forget() {
	for _, must := range []func(*robotsEntry) bool{(*robotsEntry).expired, (*robotsEntry).isReady} {
		for key, entry := range c.origins {
			if len(c.origins) >= maxOrigins && must(entry) {
				delete(c.origins, key)
			}
		}
	}
}

func (e *robotsEntry) isReady() bool {
	select {
	case <-e.ready:
		return true
	default:
		return false
	}
}

func (e *robotsEntry) expired() bool { return e.isReady() && !time.Now().Before(e.expires) }

// read fills in the entry, from memory where the file was read within a day, else from the server.
func (c *robotsCache) read(ctx context.Context, u *url.URL, entry *robotsEntry, traffic *archiver.Traffic) {
	err := c.recall(ctx, u, entry)
	if err == nil && entry.younger(robotsAge) {
		entry.expires = entry.readAt.Add(robotsAge)
		c.slow(u, entry.rules)
		return
	}
	var file []byte
	if err == nil {
		file, err = c.fetch(ctx, u, traffic)
	}
	switch {
	case err == nil:
		entry.robotsFile = c.parse(u, file, time.Now())
		entry.failures, entry.expires = 0, entry.readAt.Add(robotsAge)
		c.gate.memory.keep(ctx, archiver.HostState{Name: origin(u), Robots: file, RobotsAt: entry.readAt})
		c.slow(u, entry.rules)
	case ctx.Err() != nil:
		entry.orphaned = true
	default:
		refusal := classify(err)
		entry.expires = time.Now().Add(max(backoff(entry.failures), refusal.RetryAfter))
		entry.failures++
		if refusal.Kind != archiver.Transient || errors.Is(err, errTooMany) || !entry.younger(staleAge) {
			entry.refusal = refusal
			return
		}
		c.log.Warn("it cannot be read now; the rules of the last time hold", "host", u.Host, "err", refusal, "read", entry.readAt)
		c.slow(u, entry.rules)
	}
}

// recall fills in the file that an earlier run read, where this one has none.
func (c *robotsCache) recall(ctx context.Context, u *url.URL, entry *robotsEntry) error {
	if !entry.readAt.IsZero() {
		return nil
	}
	state, err := c.gate.memory.recall(ctx, origin(u))
	if err == nil && !state.RobotsAt.IsZero() {
		entry.robotsFile = c.parse(u, state.Robots, state.RobotsAt)
	}
	return err
}

func (c *robotsCache) parse(u *url.URL, file []byte, readAt time.Time) robotsFile {
	return robotsFile{rules: parseRobots(file, c.agent), sitemaps: sitemapsIn(file, origin(u)+"/robots.txt"), readAt: readAt}
}

// slow sets the host's pace. A delay beyond patience needs none: nothing is fetched.
func (c *robotsCache) slow(u *url.URL, rules *robotsRules) {
	if rules.delay <= maxCrawlDelay {
		c.gate.pace.slow(hostKey(u), rules.delay)
	}
}

// younger reports whether there is a file that was read less than age ago. One of the future is of a clock that was wrong.
func (f *robotsFile) younger(age time.Duration) bool {
	passed := time.Since(f.readAt)
	return !f.readAt.IsZero() && passed >= 0 && passed < age
}

// fetch reads the file, nil where there is none. It follows redirects to other hosts too: the rules are those of the first one.
func (c *robotsCache) fetch(ctx context.Context, u *url.URL, traffic *archiver.Traffic) ([]byte, error) {
	at := &url.URL{Scheme: u.Scheme, Host: u.Host, Path: "/robots.txt"}
	header := http.Header{"Accept": {"text/plain,*/*;q=0.5"}, "Accept-Encoding": {"gzip"}}
	for hop := 0; hop <= robotsHops; hop++ {
		header.Set("User-Agent", c.gate.routes.access.userAgent(at, c.userAgent))
		res, err := c.gate.send(ctx, at, header, traffic)
		if err != nil {
			if hop > 0 && archiver.KindOf(err) == archiver.Blocked {
				return nil, archiver.Errorf(archiver.Transient, "robots.txt of %s is redirected to where it cannot be read: %w", u.Host, classify(err).Err)
			}
			return nil, err
		}
		file, err := c.body(res)
		switch {
		case isRedirect(res.StatusCode):
			if at, err = redirectTarget(at, res.Header.Get("Location")); err != nil {
				c.log.Warn("redirect leads nowhere; everything is allowed", "host", u.Host, "err", err)
				return nil, nil
			}
		case res.StatusCode == http.StatusTooManyRequests, res.StatusCode >= 500:
			why := errTooMany
			if res.StatusCode >= 500 {
				why = errors.New(statusText(res.StatusCode))
			}
			return nil, &archiver.Error{
				Kind: archiver.Transient, RetryAfter: retryAfter(res.Header, time.Now()),
				Err: fmt.Errorf("robots.txt of %s cannot be read now (%w), and without it nothing may be fetched", u.Host, why),
			}
		case res.StatusCode >= 300:
			return nil, nil
		case err != nil:
			return nil, err
		case isMarkup(file):
			c.log.Warn("robots.txt is a web page; everything is allowed", "host", u.Host)
			return nil, nil
		default:
			return file, nil
		}
	}
	c.log.Warn("too many redirects; everything is allowed", "host", u.Host)
	return nil, nil
}

// body reads as much of the file as counts. A last line that was cut is left out.
func (c *robotsCache) body(res *http.Response) (file []byte, err error) {
	body := c.gate.decoder.strict(res, bound{bytes: maxRobots, what: "robots.txt"})
	defer func() { err = errors.Join(err, body.Close()) }()
	file, err = io.ReadAll(body)
	if archiver.KindOf(err) == archiver.Unusable && len(file) > 0 {
		end := bytes.LastIndexAny(file, "\r\n")
		return file[:end+1], nil
	}
	return file, err
}

func isMarkup(file []byte) bool {
	return bytes.HasPrefix(bytes.TrimSpace(bytes.TrimPrefix(file, []byte("\xef\xbb\xbf"))), []byte("<"))
}
