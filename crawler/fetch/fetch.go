// Package fetch gets pages from the network: politely, whole, and as UTF-8 text.
//
// colly is the engine (collector.go); beneath it stands one gate (gate.go) that every request passes, redirects and robots.txt
// included: scope, robots.txt, the host's pace, the guard against private addresses, decoding with a bound on size. What
// comes back is read as text in the encoding that the bytes are in, whatever their labels say (charset.go).
//
// It keeps no list of addresses, never retries and never parses a page: that is the frontier's and the extractor's.
package fetch

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"archiver"
)

// DefaultUserAgent says who asks and how a site forbids it.
const DefaultUserAgent = `archiver/0.1 (a reader's archive; obeys robots.txt as "archiver")`

const (
	defaultConcurrency = 4
	defaultMaxBody     = 16 << 20 // the longest articles are below 2 MB of HTML; what is larger is no article
	defaultMaxAsset    = 20 << 20 // a photo as a camera gives it
	defaultTimeout     = 60 * time.Second
	// maxHops bounds the redirects of one page; real sites need two or three.
	maxHops = 10
	// acceptPage is asked for where the request names nothing.
	acceptPage = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
	// acceptAsset names no format: servers convert pictures for those who name WebP or AVIF, and the archive is to have what the
	// author put there.
	acceptAsset = "image/*,*/*;q=0.5"
)

// Options configure a Client. The zero value waits for nothing between requests: a program for people sets Delay.
type Options struct {
	// UserAgent is sent with each request; its first word, up to the slash, is the name that robots.txt is read for.
	UserAgent string
	// Contact is whom the owner of a site may write to, an address of the web or of mail. It stands in the default UserAgent.
	Contact string
	// Access is how single hosts are asked: with cookies, headers, another way.
	Access []Access
	// Proxy is the way to an address: http, https or socks5, with user and password where it wants them; nil for no proxy.
	// Without Proxy there is none. Behind a proxy the guard of private addresses sees only addresses that are written out.
	Proxy func(*url.URL) (*url.URL, error)
	// Delay is the least time between two requests to one host, as the host sees them. They go one at a time then.
	Delay time.Duration
	// Concurrency is the most requests at once to one host where Delay is 0. The default is 4.
	Concurrency int
	// MaxBody is the most bytes of a page after decoding. The default is 16 MiB.
	MaxBody int64
	// MaxAsset is the most bytes of a picture. The default is 20 MiB.
	MaxAsset int64
	// Timeout bounds one request with its body; waiting for the host's pace is not in it. The default is 60 seconds.
	Timeout time.Duration
	// Allow names what may be fetched although it is private: "host:port" or the address of a page for this very pair,
	// "host" for all its ports, "10.1.0.0/16" for all hosts with such an address.
	Allow []string
	// Memory keeps, between runs, the pauses that hosts asked for and their robots.txt. Without it each Client begins anew.
	Memory Memory
	// Log hears of oddities. Without it they are not told.
	Log *slog.Logger
}

// Client fetches pages. It is safe for concurrent use.
type Client struct {
	engine    *engine
	gate      *gate
	userAgent string
	log       *slog.Logger
}

// New makes a Client. The error is of kind Invalid.
func New(opts Options) (*Client, error) {
	opts, err := opts.complete()
	if err != nil {
		return nil, err
	}
	allowed, err := parseAllowed(opts.Allow)
	if err != nil {
		return nil, err
	}
	access, err := newAccesses(opts.Access)
	if err != nil {
		return nil, err
	}
	guard := &guard{allowed: allowed}
	gate := newGate(opts, &routes{
		direct: newTransport(opts.Concurrency, guard.dial), guard: guard, access: access, proxy: opts.Proxy, concurrency: opts.Concurrency,
		proxied: map[string]*http.Transport{},
	})
	return &Client{engine: newEngine(gate), gate: gate, userAgent: opts.UserAgent, log: opts.Log}, nil
}

// Close ends the connections that are kept for later requests.
func (c *Client) Close() { c.gate.routes.close() }

// Fetch gets one page, following redirects on its site. A status other than 2xx, and every rule that forbids the request, is
// an *archiver.Error whose Kind says what becomes of the task; the end of ctx is the cause of ctx.
//
// A page of status 304 answers a request with a Validator: nothing changed, and there is no body. The validator goes to the
// address it was given for only, not to where that redirects. A page for a request of an Asset has Raw and no Text; it is what
// the server sent in the picture's place, which may be HTML.
func (c *Client) Fetch(ctx context.Context, req archiver.Request) (*archiver.Page, error) {
	page, err := c.fetch(ctx, req)
	if err != nil {
		return nil, failure(ctx, "fetch", req.URL, err)
	}
	return page, nil
}

// Sitemaps are the addresses that the robots.txt of a page's origin names as sitemaps: those of its own site, 10 at most. The file
// is read through the gate where it is not known. The error is as that of Fetch.
func (c *Client) Sitemaps(ctx context.Context, pageURL string) ([]string, error) {
	sitemaps, err := c.sitemaps(ctx, pageURL)
	return sitemaps, failure(ctx, "read robots.txt for", pageURL, err)
}

func (c *Client) sitemaps(ctx context.Context, pageURL string) ([]string, error) {
	at, err := parseAddress(pageURL)
	if err != nil {
		return nil, err
	}
	entry, err := c.gate.robots.entry(ctx, at, nil)
	if err != nil {
		return nil, err
	}
	return entry.sitemaps, entry.refused()
}

// parseAddress reads an address as it is fetched.
func parseAddress(address string) (*url.URL, error) {
	canonical, err := archiver.Canonical(address)
	if err != nil {
		return nil, err
	}
	at, err := url.Parse(canonical)
	if err != nil {
		return nil, archiver.Errorf(archiver.Invalid, "%w", withoutURL(err))
	}
	return at, nil
}

// addressOf is the address that was parsed, where it is one still. url.URL.String escapes names of hosts that are not ASCII.
func addressOf(u *url.URL) string {
	address := u.String()
	if canonical, err := archiver.Canonical(address); err == nil {
		return canonical
	}
	return address
}

// failure is err as callers of a Client see it.
func failure(ctx context.Context, op, address string, err error) error {
	if err == nil {
		return nil
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	e := classify(err)
	e.Op, e.URL = op, withoutUser(address)
	return e
}

func (c *Client) fetch(ctx context.Context, req archiver.Request) (*archiver.Page, error) {
	at, err := parseAddress(req.URL)
	if err != nil {
		return nil, err
	}
	var (
		asked   = at
		address = addressOf(at)
		cookies cookies
		seen    = map[string]bool{}
	)
	for hop := 0; ; hop++ {
		if hop > maxHops {
			return nil, archiver.Errorf(archiver.Unusable, "more than %d redirects, the last one to %s", maxHops, at)
		}
		state := at.String() + "\n" + cookies.header(at, nil)
		if seen[state] {
			return nil, archiver.Errorf(archiver.Unusable, "it redirects in a circle, back to %s", at)
		}
		seen[state] = true

		v := &visit{
			url: at, requested: address, scope: req.Scope, asset: req.Asset, traffic: req.Traffic,
			header: c.header(req, asked, at, &cookies),
		}
		if addressOf(at) == address {
			askConditionally(v.header, req.Validator)
		}
		if err := c.engine.get(ctx, v); err != nil {
			return nil, err
		}
		cookies.keep(at, v.answer.header)
		if !isRedirect(v.answer.status) {
			page, err := c.page(address, v)
			if err == nil && page.Status == http.StatusNotModified { // it need not repeat what still holds
				page.ETag, page.Modified = cmp.Or(page.ETag, req.Validator.ETag), cmp.Or(page.Modified, req.Validator.Modified)
			}
			return page, err
		}
		if at, err = redirectTarget(at, v.answer.header.Get("Location")); err != nil {
			return nil, err
		}
	}
}

// header is the header of a request to at, where a request for asked has led.
func (c *Client) header(req archiver.Request, asked, at *url.URL, cookies *cookies) http.Header {
	access := c.gate.routes.access
	h := requestHeader(access.userAgent(at, c.userAgent), req, at)
	own, users := access.secrets(asked, at)
	for name, values := range own {
		h[name] = values
	}
	if pairs := cookies.header(at, users); pairs != "" {
		h.Set("Cookie", pairs)
	}
	return h
}

// page judges an answer that is no redirect and reads it.
func (c *Client) page(address string, v *visit) (*archiver.Page, error) {
	if err := judge(v); err != nil {
		return nil, err
	}
	final := addressOf(v.url)
	header := v.answer.header
	var read reading
	if !v.asset && v.answer.status != http.StatusNotModified {
		read = decodeText(v.answer.body, header.Get("Content-Type"))
		if err := checkText(v, read); err != nil {
			return nil, err
		}
		if read.damaged > 0 {
			c.log.Warn("page holds bytes that are no text", "url", final, "charset", read.charset, "count", read.damaged)
		}
	}
	return &archiver.Page{
		Requested:   address,
		URL:         final,
		Status:      v.answer.status,
		ContentType: header.Get("Content-Type"),
		Charset:     read.charset,
		Links:       header.Values("Link"),
		Pages:       wholeNumber(header.Get("X-WP-TotalPages")),
		Total:       wholeNumber(header.Get("X-WP-Total")),
		ETag:        header.Get("ETag"),
		Modified:    header.Get("Last-Modified"),
		Robots:      strings.Join(header.Values("X-Robots-Tag"), ", "),
		Raw:         v.answer.body,
		Text:        read.text,
		FetchedAt:   v.answer.at,
	}, nil
}

// redirectTarget is where a Location leads. Its error is Unusable without a Location, Blocked with one that is no page.
func redirectTarget(from *url.URL, location string) (*url.URL, error) {
	location = strings.TrimSpace(location)
	if location == "" {
		return nil, archiver.Errorf(archiver.Unusable, "a redirect that does not say where to")
	}
	to, err := from.Parse(location)
	if err != nil {
		// Stray percent signs and the like: read it as links of pages are read.
		canonical, rerr := archiver.Resolve(from.String(), location)
		if rerr != nil {
			return nil, archiver.Errorf(archiver.Unusable, "a redirect to what is no address")
		}
		if to, err = url.Parse(canonical); err != nil {
			return nil, archiver.Errorf(archiver.Unusable, "a redirect to what is no address")
		}
	}
	if to.Scheme != "http" && to.Scheme != "https" {
		return nil, archiver.Errorf(archiver.Blocked, "it redirects to %q; only http and https are followed", to.Scheme+":")
	}
	if to.Hostname() == "" {
		return nil, archiver.Errorf(archiver.Unusable, "a redirect to what is no address")
	}
	to.User, to.Fragment, to.RawFragment = nil, "", ""
	to.Host = strings.ToLower(to.Host)
	return to, nil
}

func (o Options) complete() (Options, error) {
	invalid := func(what string) (Options, error) {
		return Options{}, &archiver.Error{Kind: archiver.Invalid, Op: "set up fetching", Err: errors.New(what)}
	}
	if strings.ContainsAny(o.Contact, "();\\\" ") || !printable(o.Contact) {
		return invalid("the contact is neither an address of the web nor of mail")
	}
	if o.UserAgent == "" {
		o.UserAgent = DefaultUserAgent
		if o.Contact != "" {
			o.UserAgent = strings.Replace(DefaultUserAgent, "(", "(+"+o.Contact+"; ", 1)
		}
	}
	if o.Concurrency == 0 {
		o.Concurrency = defaultConcurrency
	}
	if o.MaxBody == 0 {
		o.MaxBody = defaultMaxBody
	}
	if o.MaxAsset == 0 {
		o.MaxAsset = defaultMaxAsset
	}
	if o.Timeout == 0 {
		o.Timeout = defaultTimeout
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	switch {
	case productToken(o.UserAgent) == "":
		return invalid("the user agent begins with a name of letters, as in " + DefaultUserAgent)
	case !printable(o.UserAgent):
		return invalid("the user agent holds characters that may not stand in a header")
	case o.Delay < 0:
		return invalid("the delay between requests is negative")
	case o.Concurrency < 0:
		return invalid("the number of requests at once is negative")
	case o.MaxBody < 0:
		return invalid("the bound on a page's size is negative")
	case o.MaxAsset < 0:
		return invalid("the bound on a picture's size is negative")
	case o.Timeout < 0:
		return invalid("the time allowed for a request is negative")
	}
	return o, nil
}
