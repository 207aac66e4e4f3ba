package testsite

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Fault is what goes wrong with a request. It goes wrong each time, or as often as Times says.
type Fault struct {
	kind    faultKind
	status  int
	headers []string
	body    string
	wait    time.Duration
	times   int // 0 for always
	alter   func(a *answer)
}

type faultKind uint8

const (
	faultAnswer faultKind = iota
	faultSlow
	faultTruncate
	faultReset
	faultGzip
	faultUnfinished
	faultCutShort
	faultStall
	faultTrickle
	faultEndless
	faultAlter
)

// The faults that have nothing to set.
var (
	// Truncate announces the whole body, sends half of it and closes the connection.
	Truncate = Fault{kind: faultTruncate}
	// Reset resets the connection instead of an answer.
	Reset = Fault{kind: faultReset}
	// BadGzip sends half of the compressed page as if it were all.
	BadGzip = Fault{kind: faultGzip}
	// Empty is 200 with an empty body.
	Empty = Fault{status: http.StatusOK}
)

// Status answers with a code and headers such as "Retry-After: 3".
func Status(code int, headers ...string) Fault {
	body := fmt.Sprintf("<!DOCTYPE html>\n<html><head><title>%[1]d %[2]s</title></head><body><center><h1>%[1]d %[2]s</h1></center>"+
		"<hr><center>nginx</center></body></html>\n", code, http.StatusText(code))
	return Fault{status: code, headers: headers, body: body}
}

// Redirect answers 302 with a Location.
func Redirect(to string) Fault {
	return Fault{status: http.StatusFound, headers: []string{"Location: " + to}}
}

// Instead answers 200 with another page: a wall, a challenge, a soft 404.
func Instead(html string) Fault { return Fault{status: http.StatusOK, body: html} }

// Slow waits before the first byte, then answers.
func Slow(wait time.Duration) Fault { return Fault{kind: faultSlow, wait: wait} }

// Times lets the fault happen only the first k times.
func (f Fault) Times(k int) Fault {
	f.times = k
	return f
}

// rule says when a fault happens.
type rule struct {
	every int    // each nth counted request
	path  string // or each request of this path
	fault Fault
	met   int
}

// faultFor is the fault that a request meets, and counts it. The caller holds the lock.
func (s *Site) faultFor(r *http.Request) *Fault {
	counts := r.URL.Path != robotsPath
	if counts {
		s.counted++
	}
	for _, rule := range s.opts.faults {
		hit := rule.every > 0 && counts && s.counted%rule.every == 0
		if rule.path != "" {
			path := r.URL.Path
			if strings.Contains(rule.path, "?") {
				path = r.URL.RequestURI()
			}
			hit = path == rule.path || r.URL.EscapedPath() == rule.path
		}
		if !hit || rule.fault.times > 0 && rule.met >= rule.fault.times {
			continue
		}
		rule.met++
		return &rule.fault
	}
	return nil
}

// meet lets the fault happen. It reports false where the page is to be served after it.
func (f *Fault) meet(w *statusWriter, r *http.Request, page func(*http.Request) *answer) bool {
	switch f.kind {
	case faultSlow:
		timer := time.NewTimer(f.wait)
		defer timer.Stop()
		select {
		case <-timer.C:
			return false
		case <-r.Context().Done():
			return true
		}
	case faultTruncate:
		body := page(r).plain()
		w.Header().Set("Content-Type", "text/html")
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
		w.WriteHeader(http.StatusOK)
		w.Write(body[:len(body)/2])
		http.NewResponseController(w).Flush()
		// The server closes the connection and logs nothing.
		panic(http.ErrAbortHandler)
	case faultReset:
		if err := reset(w); err != nil {
			panic(http.ErrAbortHandler)
		}
	case faultGzip:
		body := page(r).compressed()
		w.Header().Set("Content-Type", "text/html")
		w.Header().Set("Content-Encoding", "gzip")
		w.WriteHeader(http.StatusOK)
		w.Write(body[:len(body)/2])
	case faultAlter:
		a := page(r)
		altered := *a
		altered.body, altered.gz, altered.validators = bytes.Clone(a.plain()), nil, false
		f.alter(&altered)
		altered.write(w, r)
	case faultUnfinished, faultCutShort, faultStall, faultTrickle, faultEndless:
		f.spoil(w, r, page(r))
	default:
		w.Header().Set("Content-Type", "text/html")
		for _, header := range f.headers {
			name, value, _ := strings.Cut(header, ":")
			w.Header().Add(strings.TrimSpace(name), strings.TrimSpace(value))
		}
		w.WriteHeader(f.status)
		if f.status != http.StatusNotModified && f.status != http.StatusNoContent {
			w.Write([]byte(f.body))
		}
	}
	return true
}

// reset closes the connection such that the client reads "connection reset".
func reset(w http.ResponseWriter) error {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return fmt.Errorf("take connection: %w", err)
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		// Without lingering the kernel answers with RST.
		err = tcp.SetLinger(0)
	}
	return errors.Join(err, conn.Close())
}
