package config

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"archiver"
	"archiver/internal/schedule"
)

// maxConcurrency is more than a host should be asked for at once by one reader.
const maxConcurrency = 64

// check reads the values, looks at what their types cannot say, and writes the sources' addresses canonically.
func (f *file) check(name string, data []byte) (Config, error) {
	c := Config{DB: f.DB, UserAgent: f.UserAgent, AllowPrivate: f.AllowPrivate, Rules: f.Rules, FTR: f.FTR,
		Contact: f.Contact, Proxy: f.Proxy, Schedule: f.Schedule, Metrics: f.Metrics, AfterSync: f.Hooks.AfterSync}
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
	if !printableASCII(c.UserAgent) {
		return wrong("user_agent", "", errASCII)
	}
	for _, host := range c.AllowPrivate {
		if !allowable(host) {
			return wrong("allow_private", `write "host:port", "host" or "10.0.0.0/8"`, fmt.Errorf("%q is no host", host))
		}
	}
	if err := c.checkRun(f, name, data); err != nil {
		return Config{}, err
	}
	if err := c.checkSources(f.Sources, name, data); err != nil {
		return Config{}, err
	}
	if err := c.checkRules(name, data); err != nil {
		return Config{}, err
	}
	return c, nil
}

// checkRun looks at what the top level says of schedules, of the way out, and of what follows a sync.
func (c *Config) checkRun(f *file, name string, data []byte) error {
	wrong := func(key string, err error) error {
		hint := archiver.HintOf(err)
		if e, ok := errors.AsType[*archiver.Error](err); ok && e.Err != nil {
			err = e.Err
		}
		return invalid(locate(name, data, key), hint, fmt.Errorf("%s: %w", key, err))
	}
	if !printableASCII(c.Contact) || strings.ContainsAny(c.Contact, "()") {
		return wrong("contact", &archiver.Error{Kind: archiver.Invalid, Err: errors.New("it may hold printable ASCII only, and no brackets"),
			Hint: `write an address of yours: "me@example.org" or "https://example.org/about"`})
	}
	if _, err := schedule.Parse(c.Schedule); err != nil {
		return wrong("schedule", err)
	}
	if err := checkProxy(c.Proxy); err != nil {
		return wrong("proxy", err)
	}
	if f.Hooks.AfterSync != nil && (len(f.Hooks.AfterSync) == 0 || f.Hooks.AfterSync[0] == "") {
		return wrong("after_sync", &archiver.Error{Kind: archiver.Invalid, Err: errors.New("it names no command"), Hint: hookHint})
	}
	c.places = map[string]string{"proxy": locate(name, data, "proxy")}
	return nil
}

var errASCII = errors.New("it may hold printable ASCII only")

func printableASCII(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r > '~' })
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
