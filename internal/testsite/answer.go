package testsite

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"
)

// answer is one answer, kept compressed where the blog compresses at all.
type answer struct {
	status      int
	contentType string
	location    string
	etag        string
	modified    time.Time
	validators  bool
	stale       bool // whoever has a validator is told that it is true
	headers     http.Header
	body        []byte // one of both is enough
	gz          []byte
}

// page writes a template as an answer.
func (s *Site) page(template string, view any) *answer {
	text := s.render(template, view)
	a := &answer{status: http.StatusOK, contentType: "text/html", validators: s.opts.validators}
	if label := s.opts.claimed(); label != "" {
		a.contentType += "; charset=" + label
	}
	text = s.opts.encode(text)
	sum := sha256.Sum256(text)
	a.etag = fmt.Sprintf(`"%x-%d"`, sum[:8], s.build)
	a.stale = s.opts.stale
	if s.opts.gzip {
		a.gz = compress(text)
	} else {
		a.body = text
	}
	return a
}

// claimed is the encoding that the blog says it uses.
func (o *options) claimed() string {
	if o.labelled {
		return o.label
	}
	return o.charset
}

// encode writes text in the blog's encoding; what it cannot hold becomes a character reference, as blog software does it.
func (o *options) encode(text []byte) []byte {
	if strings.EqualFold(o.charset, "utf-8") {
		return text
	}
	enc, err := htmlindex.Get(o.charset)
	if err != nil {
		panic(err) // check looked it up
	}
	encoded, err := encoding.HTMLEscapeUnsupported(enc.NewEncoder()).Bytes(text)
	if err != nil {
		panic(fmt.Errorf("encode page: %w", err))
	}
	return encoded
}

// write sends the answer, or 304 where the client has it.
func (a *answer) write(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	for name, values := range a.headers {
		h[name] = values
	}
	if a.location != "" {
		h.Set("Location", a.location)
	}
	if a.validators && a.etag != "" {
		h.Set("ETag", a.etag)
		if !a.modified.IsZero() {
			h.Set("Last-Modified", a.modified.UTC().Format(http.TimeFormat))
		}
		if a.known(r) {
			w.WriteHeader(http.StatusNotModified)
			return
		}
	}
	body := a.body
	if a.gz != nil && strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		body = a.gz
		h.Set("Content-Encoding", "gzip")
	} else if body == nil {
		body = a.plain()
	}
	if a.contentType != "" {
		h.Set("Content-Type", a.contentType)
	}
	if encoding := a.headers.Get("Content-Encoding"); encoding != "" {
		body = a.body
		h.Set("Content-Encoding", encoding)
	}
	h.Set("Vary", "Accept-Encoding")
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(a.status)
	if a.status == http.StatusNotModified {
		return
	}
	// The client may be gone; that is its affair.
	w.Write(body)
}

// known reports whether the request's validators are still true. ETag goes before date, as RFC 9110 wants it.
func (a *answer) known(r *http.Request) bool {
	if tag := r.Header.Get("If-None-Match"); tag != "" {
		return a.stale || strings.Contains(tag, a.etag)
	}
	since, err := http.ParseTime(r.Header.Get("If-Modified-Since"))
	return err == nil && (a.stale || !a.modified.IsZero() && !a.modified.Truncate(time.Second).After(since))
}

// plain is the body as it is without Content-Encoding.
func (a *answer) plain() []byte {
	if a.gz == nil {
		return a.body
	}
	r, err := gzip.NewReader(bytes.NewReader(a.gz))
	if err == nil {
		var body []byte
		if body, err = io.ReadAll(r); err == nil {
			return body
		}
	}
	panic(err) // compress wrote it
}

// compressed is the body in gzip.
func (a *answer) compressed() []byte {
	if a.gz != nil {
		return a.gz
	}
	return compress(a.body)
}

var gzipWriters = sync.Pool{New: func() any {
	// nginx compresses at level 1 unless told otherwise.
	w, err := gzip.NewWriterLevel(nil, gzip.BestSpeed)
	if err != nil {
		panic(err) // the level is one
	}
	return w
}}

func compress(body []byte) []byte {
	w := gzipWriters.Get().(*gzip.Writer)
	defer gzipWriters.Put(w)
	var b bytes.Buffer
	w.Reset(&b)
	w.Write(body)
	w.Close()
	return bytes.Clone(b.Bytes())
}

// pageCache keeps pages that were made. The site's lock guards it.
type pageCache struct{ pages map[string]*answer }

func newPageCache() *pageCache { return &pageCache{pages: map[string]*answer{}} }

func (c *pageCache) get(key string) (*answer, bool) {
	a, ok := c.pages[key]
	return a, ok
}

func (c *pageCache) put(key string, a *answer) { c.pages[key] = a }

func (c *pageCache) clear() { clear(c.pages) }

// prerender makes the page of every article, on every core, before anybody asks.
func (s *Site) prerender() {
	next := make(chan *post)
	var group sync.WaitGroup
	var mu sync.Mutex
	for range runtime.GOMAXPROCS(0) {
		group.Go(func() {
			for p := range next {
				a := s.articlePage(p, 1)
				mu.Lock()
				s.pages.put(s.path(p), a)
				mu.Unlock()
			}
		})
	}
	for _, p := range s.posts {
		next <- p
	}
	close(next)
	group.Wait()
}
