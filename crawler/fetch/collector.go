package fetch

import (
	"context"
	"net/http"

	"github.com/gocolly/colly/v2"
)

// This file is all that knows colly. colly makes the request, runs the client and reads the body; it decides nothing. Its
// visited set, robots.txt, limits, queue, cookies, redirects, charset guessing and COLLY_* variables are off: each of them
// would bypass the gate, or change bytes that the gate has counted and checked.

// engine runs one colly request for each visit.
type engine struct {
	base *colly.Collector
}

func newEngine(gate http.RoundTripper) *engine {
	// NewCollector would read COLLY_* variables from the environment; Init does not.
	c := new(colly.Collector)
	c.Init()
	c.AllowURLRevisit = true
	c.ParseHTTPErrorResponse = true
	c.IgnoreRobotsTxt = true
	c.DetectCharset = false
	c.MaxBodySize = 0
	c.CacheDir = ""
	c.Async = false
	c.DisableCookies()
	c.SetRequestTimeout(0)
	c.SetRedirectHandler(func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse })
	c.WithTransport(gate)
	return &engine{base: c}
}

// get makes the visit's request and fills in its answer.
func (e *engine) get(ctx context.Context, v *visit) error {
	c := e.base.Clone()
	c.Context = context.WithValue(ctx, visitKey{}, v) // colly has no other way to hand a context on
	c.OnResponse(func(r *colly.Response) { v.answer.body = r.Body })
	return c.Request(http.MethodGet, v.url.String(), nil, nil, v.header)
}
