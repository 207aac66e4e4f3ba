package config

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"regexp"
	"strconv"
	"strings"
	"time"

	"archiver"
)

// maxConcurrency is more than a host should be asked for at once by one reader.
const maxConcurrency = 64

// check reads the values, looks at what their types cannot say, and writes the sources' addresses canonically.
func (f *file) check(name string, data []byte) (Config, error) {
	c := Config{DB: f.DB, UserAgent: f.UserAgent, AllowPrivate: f.AllowPrivate, Sources: f.Sources, Rules: f.Rules, FTR: f.FTR}
	wrong := func(key, hint string, err error) (Config, error) {
		return Config{}, invalid(locate(name, data, key), hint, fmt.Errorf("%s: %w", key, err))
	}
	var err error
	if f.Delay != nil {
		c.Delay = new(time.Duration)
		if *c.Delay, err = duration(*f.Delay); err != nil {
			return wrong("delay", "", err)
		}
	}
	if f.Timeout != nil {
		if c.Timeout, err = duration(*f.Timeout); err != nil {
			return wrong("timeout", "", err)
		}
	}
	if f.MaxBody != nil {
		if c.MaxBody, err = size(*f.MaxBody); err != nil {
			return wrong("max_body", "", err)
		}
	}
	if f.Concurrency != nil {
		if c.Concurrency, err = concurrency(*f.Concurrency); err != nil {
			return wrong("concurrency", "", err)
		}
	}
	if strings.ContainsFunc(c.UserAgent, func(r rune) bool { return r < ' ' || r > '~' }) {
		return wrong("user_agent", "", errors.New("it may hold printable ASCII only"))
	}
	for _, host := range c.AllowPrivate {
		if !allowable(host) {
			return wrong("allow_private", `write "host:port", "host" or "10.0.0.0/8"`, fmt.Errorf("%q is no host", host))
		}
	}
	if err := c.checkSources(name, data); err != nil {
		return Config{}, err
	}
	if err := c.checkRules(name, data); err != nil {
		return Config{}, err
	}
	return c, nil
}

func (c *Config) checkSources(name string, data []byte) error {
	names, addresses := map[string]bool{}, map[string]bool{}
	for i := range c.Sources {
		source := &c.Sources[i]
		at := locateSource(name, data, i+1)
		if source.URL == "" {
			return invalid(at, `write url = "https://…/category/…"`, errors.New("source: it has no url"))
		}
		address, err := archiver.Canonical(source.URL)
		if err != nil {
			return invalid(at, "", fmt.Errorf("source: url: %w", err))
		}
		source.URL = address
		if source.Name != "" && names[source.Name] {
			return invalid(at, "give each source a name of its own", fmt.Errorf("source: the name %q stands twice", source.Name))
		}
		if addresses[archiver.Key(address)] {
			return invalid(at, "name each source once", fmt.Errorf("source: the address %s stands twice", address))
		}
		names[source.Name], addresses[archiver.Key(address)] = true, true
	}
	return nil
}

// allowable reports whether a word is a host, a host with a port, or a range of addresses.
func allowable(word string) bool {
	if _, err := netip.ParsePrefix(word); err == nil {
		return true
	}
	if _, err := netip.ParseAddr(strings.Trim(word, "[]")); err == nil {
		return true
	}
	host := word
	if h, port, err := net.SplitHostPort(word); err == nil {
		if n, err := strconv.Atoi(port); err != nil || n < 1 || n > 65535 {
			return false
		}
		host = h
		if _, err := netip.ParseAddr(host); err == nil {
			return true
		}
	}
	return host != "" && !strings.ContainsAny(host, "/:@ ?#*[]")
}

// locate is the line that a key of the top level is on.
func locate(name string, data []byte, key string) string {
	for i, line := range strings.Split(string(data), "\n") {
		word, _, ok := strings.Cut(line, "=")
		if ok && strings.Trim(strings.TrimSpace(word), `"'`) == key {
			return place(name, i+1)
		}
	}
	return name
}

var sourceHeader = regexp.MustCompile(`^\s*\[\[\s*["']?source["']?\s*\]\]`)

// locateSource is the line that the nth source begins on.
func locateSource(name string, data []byte, n int) string {
	for i, line := range strings.Split(string(data), "\n") {
		if sourceHeader.MatchString(line) {
			if n--; n == 0 {
				return place(name, i+1)
			}
		}
	}
	return name
}
