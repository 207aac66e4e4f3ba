package fetch

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"syscall"
	"time"

	"archiver"
)

// This file is the guard of the dialer: a page must not be able to make this program talk to machines that only it can
// reach. The check is on the address that a connection is really made to, after the name was looked up, so no name and no
// answer of a name server gets around it. A proxy does, see proxy.go.

const (
	dialTimeout = 15 * time.Second
	// maxHeader bounds the header of an answer; real ones are below 16 KiB.
	maxHeader = 256 << 10
)

// newTransport is the connection to the network. It decodes nothing: gate does, with bounds.
func newTransport(concurrency int, dial func(ctx context.Context, network, target string) (net.Conn, error)) *http.Transport {
	return &http.Transport{
		DialContext:            dial,
		ForceAttemptHTTP2:      true,
		DisableCompression:     true,
		MaxIdleConns:           100,
		MaxIdleConnsPerHost:    concurrency,
		IdleConnTimeout:        90 * time.Second,
		TLSHandshakeTimeout:    dialTimeout,
		MaxResponseHeaderBytes: maxHeader,
	}
}

// guard dials public addresses, and private ones that are allowed.
type guard struct {
	allowed allowed
}

func (g *guard) dial(ctx context.Context, network, target string) (net.Conn, error) {
	d := net.Dialer{
		Timeout: dialTimeout,
		Control: func(_, address string, _ syscall.RawConn) error { return g.check(target, address) },
	}
	return d.DialContext(ctx, network, target)
}

// check judges a connection to address that was asked for as target, both "host:port".
func (g *guard) check(target, address string) error {
	at, err := netip.ParseAddrPort(address)
	if err != nil {
		return archiver.Errorf(archiver.Blocked, "an address that cannot be read: %q", address)
	}
	ip := at.Addr().Unmap().WithZone("")
	what := reserved(ip)
	if what == "" || g.allowed.target(target) || g.allowed.address(ip) {
		return nil
	}
	host, _, err := net.SplitHostPort(target)
	if err != nil {
		host = target
	}
	text := fmt.Sprintf("%s is %s", host, what)
	if named, err := netip.ParseAddr(host); err != nil || named.Unmap() != ip {
		text = fmt.Sprintf("%s has the address %s, %s", host, ip, what)
	}
	return &archiver.Error{
		Kind: archiver.Blocked, Err: errors.New(text),
		Hint: "to archive it add it as a source or list it under allow_private in the config",
	}
}

// special are the ranges of the IANA special-purpose registries that are not for the public.
var special = []struct {
	prefix netip.Prefix
	what   string
}{
	{netip.MustParsePrefix("0.0.0.0/8"), thisMachine},
	{netip.MustParsePrefix("10.0.0.0/8"), privateNet},
	{netip.MustParsePrefix("100.64.0.0/10"), "an address inside a provider's network"},
	{netip.MustParsePrefix("127.0.0.0/8"), thisMachine},
	{netip.MustParsePrefix("169.254.0.0/16"), localLink},
	{netip.MustParsePrefix("172.16.0.0/12"), privateNet},
	{netip.MustParsePrefix("192.0.0.0/24"), notPublic},
	{netip.MustParsePrefix("192.0.2.0/24"), forExamples},
	{netip.MustParsePrefix("192.88.99.0/24"), notPublic},
	{netip.MustParsePrefix("192.168.0.0/16"), privateNet},
	{netip.MustParsePrefix("198.18.0.0/15"), "an address for measuring networks"},
	{netip.MustParsePrefix("198.51.100.0/24"), forExamples},
	{netip.MustParsePrefix("203.0.113.0/24"), forExamples},
	{netip.MustParsePrefix("224.0.0.0/4"), "an address of a group of machines"},
	{netip.MustParsePrefix("240.0.0.0/4"), notPublic},
	{netip.MustParsePrefix("::/127"), thisMachine}, // :: and ::1
	{netip.MustParsePrefix("64:ff9b::/96"), translated},
	{netip.MustParsePrefix("64:ff9b:1::/48"), translated},
	{netip.MustParsePrefix("2001::/23"), notPublic}, // Teredo, ORCHID and others
	{netip.MustParsePrefix("2001:db8::/32"), forExamples},
	{netip.MustParsePrefix("2002::/16"), translated},
	{netip.MustParsePrefix("3fff::/20"), forExamples},
	{netip.MustParsePrefix("fc00::/7"), privateNet},
	{netip.MustParsePrefix("fe80::/10"), localLink},
	{netip.MustParsePrefix("fec0::/10"), privateNet},
	{netip.MustParsePrefix("ff00::/8"), "an address of a group of machines"},
}

const (
	thisMachine = "an address of this machine"
	privateNet  = "an address of a private network"
	localLink   = "an address of the local network"
	translated  = "an address that stands for another one, which may be private"
	forExamples = "an address for examples"
	notPublic   = "no public address"
)

// publicIPv6 is the only part of IPv6 that public addresses are given out of.
var publicIPv6 = netip.MustParsePrefix("2000::/3")

// reserved says what an address is that is not public, "" for one that is.
func reserved(ip netip.Addr) string {
	for _, s := range special {
		if s.prefix.Contains(ip) {
			return s.what
		}
	}
	if ip.Is6() && !publicIPv6.Contains(ip) {
		return notPublic
	}
	return ""
}

// allowed is what the user named.
type allowed struct {
	pairs    map[string]bool // "host:port"
	hosts    map[string]bool
	prefixes []netip.Prefix
}

func (a allowed) target(target string) bool {
	target = strings.ToLower(target)
	host, _, err := net.SplitHostPort(target)
	return err == nil && (a.pairs[target] || a.hosts[host])
}

func (a allowed) address(ip netip.Addr) bool {
	for _, p := range a.prefixes {
		if p.Contains(ip) {
			return true
		}
	}
	return false
}

// parseAllowed reads Options.Allow. The error is of kind Invalid.
func parseAllowed(entries []string) (allowed, error) {
	a := allowed{pairs: make(map[string]bool), hosts: make(map[string]bool)}
	for _, entry := range entries {
		if !a.add(strings.ToLower(strings.TrimSpace(entry))) {
			return a, &archiver.Error{
				Kind: archiver.Invalid, Op: "set up fetching", Err: fmt.Errorf("%q is no host that could be allowed", withoutUser(entry)),
				Hint: `allowed hosts are written as "host:port", "host" or "10.1.0.0/16"`,
			}
		}
	}
	return a, nil
}

func (a *allowed) add(entry string) bool {
	if strings.Contains(entry, "://") {
		u, err := url.Parse(entry)
		if err != nil || u.Hostname() == "" {
			return false
		}
		port := u.Port()
		if port == "" {
			port = map[string]string{"http": "80", "https": "443"}[u.Scheme]
		}
		if port == "" {
			return false
		}
		a.pairs[net.JoinHostPort(u.Hostname(), port)] = true
		return true
	}
	if prefix, err := netip.ParsePrefix(entry); err == nil {
		a.prefixes = append(a.prefixes, prefix.Masked())
		return true
	}
	if ip, err := netip.ParseAddr(strings.Trim(entry, "[]")); err == nil {
		a.hosts[ip.String()] = true
		return true
	}
	if host, port, err := net.SplitHostPort(entry); err == nil && host != "" && port != "" {
		a.pairs[net.JoinHostPort(host, port)] = true
		return true
	}
	if entry == "" || strings.ContainsAny(entry, "/:@ ?#") {
		return false
	}
	a.hosts[strings.TrimSuffix(entry, ".")] = true
	return true
}
