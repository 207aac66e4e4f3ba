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

// This file fetches robots.txt, once a day for each origin, and says what its absence means: a server that says there is none
// allows everything, one that cannot say forbids everything until it can.

const (
	robotsAge   = 24 * time.Hour // RFC 9309, 2.4
	maxRobots   = 500 << 10      // RFC 9309, 2.5
	robotsHops  = 5              // RFC 9309, 2.3.1.2
	maxOrigins  = 1024           // remembered at once
	firstHold   = 10 * time.Second
	longestHold = 5 * time.Minute
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
	ready    chan struct{}
	rules    *robotsRules
	refusal  *archiver.Error // why nothing may be fetched, where it may not
	expires  time.Time
	failures int
	orphaned bool // the caller that was reading it went away; another has to read
}

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
	if entry.refusal != nil {
		refusal := *entry.refusal
		if refusal.Kind == archiver.Transient {
			refusal.RetryAfter = max(time.Until(entry.expires), 0)
		}
		return &refusal
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
		entry.failures = old.failures
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

// read fetches the file and fills in the entry.
func (c *robotsCache) read(ctx context.Context, u *url.URL, entry *robotsEntry, traffic *archiver.Traffic) {
	rules, err := c.fetch(ctx, u, traffic)
	switch {
	case err == nil:
		entry.rules, entry.failures, entry.expires = rules, 0, time.Now().Add(robotsAge)
		if rules.delay <= maxCrawlDelay {
			c.gate.pace.slow(hostKey(u), rules.delay)
		}
	case ctx.Err() != nil:
		entry.orphaned = true
	default:
		entry.refusal = classify(err)
		hold := min(firstHold<<min(entry.failures, 16), longestHold)
		entry.failures++
		entry.expires = time.Now().Add(max(hold, entry.refusal.RetryAfter))
	}
}

// fetch follows redirects to other hosts too: the rules are those of the first one.
func (c *robotsCache) fetch(ctx context.Context, u *url.URL, traffic *archiver.Traffic) (*robotsRules, error) {
	at := &url.URL{Scheme: u.Scheme, Host: u.Host, Path: "/robots.txt"}
	header := http.Header{"User-Agent": {c.userAgent}, "Accept": {"text/plain,*/*;q=0.5"}, "Accept-Encoding": {"gzip"}}
	for hop := 0; hop <= robotsHops; hop++ {
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
				return new(robotsRules), nil
			}
		case res.StatusCode == http.StatusTooManyRequests, res.StatusCode >= 500:
			return nil, &archiver.Error{
				Kind: archiver.Transient, RetryAfter: retryAfter(res.Header, time.Now()),
				Err: fmt.Errorf("robots.txt of %s cannot be read now (%s), and without it nothing may be fetched", u.Host, statusText(res.StatusCode)),
			}
		case res.StatusCode >= 300:
			return new(robotsRules), nil
		case err != nil:
			return nil, err
		case isMarkup(file):
			c.log.Warn("robots.txt is a web page; everything is allowed", "host", u.Host)
			return new(robotsRules), nil
		default:
			return parseRobots(file, c.agent), nil
		}
	}
	c.log.Warn("too many redirects; everything is allowed", "host", u.Host)
	return new(robotsRules), nil
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
