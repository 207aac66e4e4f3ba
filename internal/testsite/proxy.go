package testsite

import (
	"bytes"
	"fmt"
	"hash/fnv"
	"io"
	"maps"
	"math/rand/v2"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"
)

// Proxy stands before a blog and spoils a share of its answers with RealFaults. Whether and how the nth request of an address
// is spoilt depends on the seed and on nothing else, in whatever order the addresses are asked for; robots.txt never is. The
// blog's address is replaced by the proxy's in what the blog says. It is safe for concurrent use.
type Proxy struct {
	base, target string
	server       *http.Server
	transport    *http.Transport
	seed         uint64
	faults       []RealFault

	mu     sync.Mutex
	share  float64
	visits map[string]int
	met    map[string]int
}

// StartProxy serves the blog at target ("http://127.0.0.1:8080") on a free port of 127.0.0.1 until Close, undisturbed until Spoil
// says otherwise; see RealFaults for wait.
func StartProxy(target string, seed uint64, wait time.Duration) (*Proxy, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("start fault proxy: %w", err)
	}
	p := &Proxy{
		base: "http://" + listener.Addr().String(), target: strings.TrimSuffix(target, "/"), transport: &http.Transport{DisableCompression: true, MaxIdleConnsPerHost: 8},
		seed: seed, faults: RealFaults(wait), visits: map[string]int{}, met: map[string]int{},
	}
	p.server = &http.Server{Handler: http.HandlerFunc(p.serve), ReadHeaderTimeout: headerTimeout}
	// Serve returns when Close closes the listener; its error says only that.
	go p.server.Serve(listener)
	return p, nil
}

// URL is the proxy's address, without a slash at the end.
func (p *Proxy) URL() string { return p.base }

// Spoil sets the share of answers that meet a fault, 0 to 1.
func (p *Proxy) Spoil(share float64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.share = share
}

// Met counts the faults so far by name.
func (p *Proxy) Met() map[string]int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return maps.Clone(p.met)
}

// Close ends every connection and frees the port.
func (p *Proxy) Close() error {
	p.transport.CloseIdleConnections()
	return p.server.Close()
}

func (p *Proxy) serve(w http.ResponseWriter, r *http.Request) {
	recorder := &statusWriter{ResponseWriter: w}
	if fault := p.chance(r); fault != nil && fault.meet(recorder, r, p.ask) {
		return
	}
	p.ask(r).write(recorder, r)
}

// chance is the fault that a request meets, if any.
func (p *Proxy) chance(r *http.Request) *Fault {
	p.mu.Lock()
	defer p.mu.Unlock()
	if r.URL.Path == robotsPath {
		return nil
	}
	address := r.URL.RequestURI()
	p.visits[address]++
	h := fnv.New64a()
	io.WriteString(h, address)
	random := rand.New(rand.NewPCG(p.seed, h.Sum64()+uint64(p.visits[address])))
	if random.Float64() >= p.share {
		return nil
	}
	fault := &p.faults[random.IntN(len(p.faults))]
	p.met[fault.Name]++
	return &fault.Fault
}

// ask gets the blog's own answer.
func (p *Proxy) ask(r *http.Request) *answer {
	request, err := http.NewRequestWithContext(r.Context(), r.Method, p.target+r.URL.RequestURI(), nil)
	if err != nil {
		return &answer{status: http.StatusBadGateway, body: []byte{}}
	}
	request.Header = r.Header.Clone()
	request.Header.Del("Accept-Encoding")
	response, err := p.transport.RoundTrip(request)
	if err != nil {
		return &answer{status: http.StatusBadGateway, body: []byte{}}
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, most))
	if err != nil {
		return &answer{status: http.StatusBadGateway, body: []byte{}}
	}
	a := &answer{status: response.StatusCode, contentType: response.Header.Get("Content-Type"), headers: http.Header{}}
	_, from, _ := strings.Cut(p.target, "//")
	_, to, _ := strings.Cut(p.base, "//")
	for _, name := range []string{"Link", "Location", "Etag", "Last-Modified", "X-Wp-Total", "X-Wp-Totalpages", "X-Robots-Tag", "Retry-After"} {
		for _, value := range response.Header[name] {
			a.headers.Add(name, strings.ReplaceAll(value, from, to))
		}
	}
	if !strings.HasPrefix(a.contentType, "image/") {
		body = bytes.ReplaceAll(body, []byte(from), []byte(to))
	}
	a.body = body
	if strings.HasPrefix(a.contentType, "text/") {
		a.gz = compress(body)
	}
	return a
}
