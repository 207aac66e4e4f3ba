package fetch

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"sync"

	"archiver"
)

// This file is the way to a host: straight, or through a proxy that the user named. A proxy looks names up and connects for us,
// past the guard of the dialer; so what a name will lead to is not known, but addresses written out are judged before they are
// handed to it. The proxy itself may be anywhere: the user named it. Each proxy has a transport of its own, which dials nothing
// else, so that its address is not opened to pages.

// routes finds the transport of a request.
type routes struct {
	direct      *http.Transport
	guard       *guard
	access      accesses
	proxy       func(*url.URL) (*url.URL, error) // nil for no proxy
	concurrency int

	mu      sync.Mutex
	proxied map[string]*http.Transport // by the proxy's address; as many as the user named
}

// to is the transport for a request, or why there is none.
func (r *routes) to(u *url.URL) (*http.Transport, error) {
	proxy, err := r.proxyFor(u)
	if err != nil {
		return nil, err
	}
	if proxy == nil {
		return r.direct, nil
	}
	if err := r.guard.judge(u); err != nil {
		return nil, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	key := proxy.String()
	t, ok := r.proxied[key]
	if !ok {
		t = newTransport(r.concurrency, (&net.Dialer{Timeout: dialTimeout}).DialContext)
		t.Proxy = http.ProxyURL(proxy)
		t.OnProxyConnectResponse = refusedByProxy
		r.proxied[key] = t
	}
	return t, nil
}

func (r *routes) proxyFor(u *url.URL) (*url.URL, error) {
	if a := r.access[hostKey(u)]; a != nil && (a.Proxy != nil || a.Direct) {
		return a.Proxy, nil
	}
	if r.proxy == nil {
		return nil, nil
	}
	proxy, err := r.proxy(u)
	if err != nil { // it may repeat the address, password and all
		return nil, &archiver.Error{Kind: archiver.Invalid, Err: errors.New("the proxy for it cannot be read"), Hint: proxyHint}
	}
	if proxy == nil {
		return nil, nil
	}
	return proxy, checkProxy(proxy)
}

func (r *routes) close() {
	r.direct.CloseIdleConnections()
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, t := range r.proxied {
		t.CloseIdleConnections()
	}
}

const proxyHint = `a proxy is written as "http://host:port", "https://host:port" or "socks5://host:port", with user:password@ before the host where it wants them`

// checkProxy is nil for a proxy that can be used. The error is of kind Invalid and does not repeat it.
func checkProxy(proxy *url.URL) error {
	if !slices.Contains([]string{"http", "https", "socks5", "socks5h"}, proxy.Scheme) || proxy.Hostname() == "" {
		return &archiver.Error{Kind: archiver.Invalid, Err: errors.New("the address of the proxy is none"), Hint: proxyHint}
	}
	return nil
}

// refusedByProxy reads the answer to the wish for a tunnel.
func refusedByProxy(_ context.Context, proxy *url.URL, _ *http.Request, res *http.Response) error {
	switch res.StatusCode {
	case http.StatusOK:
		return nil
	case http.StatusProxyAuthRequired:
		return errProxyWantsLogin
	}
	return &archiver.Error{
		Kind: archiver.Transient, Err: fmt.Errorf("the proxy %s gives no connection (%s)", proxy.Host, statusText(res.StatusCode)),
		Hint: "check the proxy, and whether it lets through to that site",
	}
}

var errProxyWantsLogin = &archiver.Error{
	Kind: archiver.Transient, Err: errors.New("the proxy wants another user and password"), Hint: proxyHint,
}

// judge is what the guard can say of a target that a proxy will connect to.
func (g *guard) judge(u *url.URL) error {
	host, port := asciiHost(u.Hostname()), u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[u.Scheme]
	}
	target := net.JoinHostPort(host, port)
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return g.check(target, net.JoinHostPort("127.0.0.1", port))
	}
	if ip, err := netip.ParseAddr(host); err == nil {
		return g.check(target, net.JoinHostPort(ip.String(), port))
	}
	if isNumber(host[strings.LastIndexByte(host, '.')+1:]) && !g.allowed.target(target) {
		// "127.1", "0x7f.1" and "2130706433" are 127.0.0.1 to many programs.
		return archiver.Errorf(archiver.Blocked, "%s is neither a name nor a whole address", host)
	}
	return nil
}

// isNumber reports whether a label of a host makes an address of it: digits, or "0x" and hexadecimal ones.
func isNumber(label string) bool {
	digits := "0123456789"
	if rest, ok := strings.CutPrefix(label, "0x"); ok {
		label, digits = rest, "0123456789abcdef"
		if label == "" {
			return true
		}
	}
	return label != "" && strings.Trim(label, digits) == ""
}
