package fetch

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"time"

	"archiver"
)

// This file is the gate. Rules: every request passes it, redirects and robots.txt included; it waits with the caller's
// context; it never retries. A bypass is a bug even when it is polite.

// errTimeout is the cause of a request that took longer than Options.Timeout.
var errTimeout = errors.New("the server took too long")

// visit is one request on its way through colly: what the gate needs to know of it, and what came back. colly rewrites the
// address by the rules of browsers; url is what is sent.
type visit struct {
	url       *url.URL
	requested string // the page's address, before redirects
	scope     string // see archiver.Request
	asset     bool   // see archiver.Request
	header    http.Header
	traffic   *archiver.Traffic
	answer    answer
}

// conditional reports whether the visit asks if something changed.
func (v *visit) conditional() bool {
	return v.header.Get("If-None-Match") != "" || v.header.Get("If-Modified-Since") != ""
}

type visitKey struct{}

// answer is what a server said. colly sees a copy of header that gives it nothing to act upon.
type answer struct {
	status int
	header http.Header
	body   []byte
	at     time.Time
	// openEnd: only the end of the connection ended the body, so a cut does not show.
	openEnd bool
}

type gate struct {
	routes  *routes
	pace    *pace
	robots  *robotsCache
	decoder *decoder
	memory  memory
	page    bound
	asset   bound
	timeout time.Duration
}

func newGate(opts Options, routes *routes) *gate {
	g := &gate{
		routes:  routes,
		pace:    newPace(opts.Delay, opts.Concurrency),
		memory:  memory{opts.Memory, opts.Log},
		decoder: newDecoder(),
		page:    bound{opts.MaxBody, "page", "max_body"},
		asset:   bound{bytes: opts.MaxAsset, what: "picture"},
		timeout: opts.Timeout,
	}
	g.pace.memory = g.memory
	g.robots = newRobotsCache(g, opts.UserAgent, opts.Log.With(slog.String("file", "robots.txt")))
	return g
}

// RoundTrip makes the request of a visit. Redirects come back as answers.
func (g *gate) RoundTrip(req *http.Request) (*http.Response, error) {
	ctx := req.Context()
	v, ok := ctx.Value(visitKey{}).(*visit)
	if !ok {
		return nil, archiver.Errorf(archiver.Internal, "a request that does not come from Fetch")
	}
	if err := v.inScope(); err != nil {
		return nil, err
	}
	if err := g.robots.check(ctx, v.url, v.traffic); err != nil {
		return nil, err
	}
	res, err := g.send(ctx, v.url, v.header, v.traffic)
	if err != nil {
		return nil, err
	}
	v.answer = answer{status: res.StatusCode, header: res.Header, at: time.Now(), openEnd: hasOpenEnd(res)}
	if v.asset {
		return g.forColly(res, g.asset)
	}
	return g.forColly(res, g.page)
}

// inScope keeps redirects of pages on the site that was asked for, or on the listing's. Pictures may stand anywhere.
func (v *visit) inScope() error {
	at := addressOf(v.url)
	if v.asset || v.scope == "" || archiver.SameSite(at, v.requested) {
		return nil
	}
	if scope, err := archiver.Canonical(v.scope); err == nil && archiver.SameSite(at, scope) {
		return nil
	}
	return &archiver.Error{
		Kind: archiver.Blocked,
		Err:  errors.New("it redirects to another site, " + v.url.Host),
		Hint: "if the site has moved there, add its new address: " + at,
	}
}

// send makes one request in the host's turn. The turn ends when the body is closed. It is an error if no answer came; an
// answer of any status is none.
func (g *gate) send(ctx context.Context, u *url.URL, header http.Header, traffic *archiver.Traffic) (*http.Response, error) {
	transport, err := g.routes.to(u)
	if err != nil {
		return nil, err
	}
	host := hostKey(u)
	turn, err := g.pace.enter(ctx, host)
	if err != nil {
		return nil, err
	}
	timed, cancel := context.WithCancelCause(ctx)
	timer := time.AfterFunc(g.timeout, func() { cancel(errTimeout) })
	end := func() { timer.Stop(); cancel(nil); turn.done() }
	// explain turns what the request's own end looks like to the transport into why it ended.
	explain := func(err error) error {
		if timed.Err() != nil && ctx.Err() == nil {
			return context.Cause(timed)
		}
		return err
	}
	req := (&http.Request{
		Method: http.MethodGet, URL: u, Host: u.Host, Header: header,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
	}).WithContext(httptrace.WithClientTrace(timed, watch(timed, cancel, turn, traffic)))
	res, err := transport.RoundTrip(req)
	turn.answered()
	if err != nil {
		err = explain(err)
		end()
		return nil, err
	}
	switch status := res.StatusCode; {
	case status == http.StatusTooManyRequests, status == http.StatusServiceUnavailable:
		if until := g.pace.pause(host, retryAfter(res.Header, time.Now())); !until.IsZero() {
			g.memory.keep(ctx, archiver.HostState{Name: host, Paused: until})
		}
	case status < 500:
		g.pace.well(host)
	}
	res.Body = &wireBody{body: res.Body, traffic: traffic, explain: explain, end: end}
	return res, nil
}

// watch counts what the transport sends, and makes its own repeats wait: it sends a request again when a kept connection dies
// under it.
func watch(ctx context.Context, cancel context.CancelCauseFunc, turn *turn, traffic *archiver.Traffic) *httptrace.ClientTrace {
	var attempts int
	return &httptrace.ClientTrace{
		GetConn: func(string) {
			if attempts++; attempts == 1 {
				return
			}
			turn.answered()
			if err := turn.wait(ctx); err != nil {
				cancel(err)
			}
		},
		GotConn: func(httptrace.GotConnInfo) { count(traffic, 1, 0) },
	}
}

// errorBody is how much of an error page is read: enough to tell a challenge from a plain refusal.
const errorBody = 64 << 10

// forColly makes an answer that colly passes on as it is: no Location to follow, no encoding to undo, no charset to apply.
func (g *gate) forColly(res *http.Response, limit bound) (*http.Response, error) {
	header := make(http.Header, 1)
	if kind, _, _ := strings.Cut(res.Header.Get("Content-Type"), ";"); !strings.Contains(strings.ToLower(kind), "charset") {
		header.Set("Content-Type", kind)
	}
	out := *res
	out.Header, out.Uncompressed = header, true
	switch {
	case isRedirect(res.StatusCode):
		_, _ = io.CopyN(io.Discard, res.Body, errorBody) // so that the connection can be used again
		_ = res.Body.Close()
		out.Body = http.NoBody
	case res.StatusCode >= 300:
		out.Body = g.decoder.lenient(res, bound{bytes: errorBody})
	case res.ContentLength > limit.bytes:
		_ = res.Body.Close()
		return nil, limit.exceeded()
	default:
		out.Body = g.decoder.strict(res, limit)
	}
	return &out, nil
}

// hasOpenEnd reports whether the body ends where the connection does.
func hasOpenEnd(res *http.Response) bool {
	return res.ContentLength < 0 && len(res.TransferEncoding) == 0 && res.ProtoMajor == 1 && res.Header.Get("Content-Encoding") == ""
}

// wireBody is a body as it comes over the wire. Closing it ends the request's turn.
type wireBody struct {
	body    io.ReadCloser
	traffic *archiver.Traffic
	explain func(error) error
	end     func()
}

func (b *wireBody) Read(p []byte) (int, error) {
	n, err := b.body.Read(p)
	count(b.traffic, 0, int64(n))
	if err != nil && err != io.EOF {
		err = b.explain(err)
	}
	return n, err
}

func (b *wireBody) Close() error {
	err := b.body.Close()
	if b.end != nil {
		b.end()
		b.end = nil
	}
	return err
}

func count(t *archiver.Traffic, requests, bytes int64) {
	if t != nil {
		t.Add(requests, bytes)
	}
}

// hostKey is the name under which a host is paced: http and https on their own ports are one host.
func hostKey(u *url.URL) string {
	host, port := strings.ToLower(u.Host), u.Port()
	if u.Scheme == "http" && port == "80" || u.Scheme == "https" && port == "443" {
		return strings.TrimSuffix(host, ":"+port)
	}
	return host
}
