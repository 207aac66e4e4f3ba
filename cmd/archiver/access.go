package main

import (
	"fmt"
	"net/http"
	"net/url"
	"os"

	"archiver"
	"archiver/crawler/fetch"
	"archiver/internal/config"

	"golang.org/x/net/http/httpproxy"
)

// This file is how sites are asked: what the configuration says of contact, proxies, cookies and headers becomes options of the
// gate. Cookie files and variables of the environment are read here, when something is fetched, and no error tells what is in them.

// fetcher wires the gate. Private addresses are open only where they are among the named sources or in the configuration. What
// hosts ask for is kept in memory, nil for a command that opens no archive.
func (a *app) fetcher(cfg config.Config, c crawling, memory fetch.Memory, named ...archiver.Source) (*fetch.Client, error) {
	log, err := a.logger()
	if err != nil {
		return nil, err
	}
	cfg, err = cfg.Reveal(a.Getenv)
	if err != nil {
		return nil, err
	}
	access, err := accessTo(cfg.Sources)
	if err != nil {
		return nil, err
	}
	allow := cfg.AllowPrivate
	for _, source := range named {
		allow = append(allow[:len(allow):len(allow)], source.URL)
	}
	return fetch.New(fetch.Options{
		UserAgent: cfg.UserAgent, Contact: cfg.Contact, Delay: c.delay, Concurrency: c.concurrency, MaxBody: cfg.MaxBody, Timeout: cfg.Timeout,
		Allow: allow, Access: access, Proxy: a.proxy(cfg.Proxy), Memory: memory, Log: log,
	})
}

// proxy is the way to all sites: what the configuration says, else the environment as all programs read it.
func (a *app) proxy(named string) func(*url.URL) (*url.URL, error) {
	switch named {
	case config.Direct:
		return nil
	case "":
		first := func(names ...string) string {
			for _, name := range names {
				if value := a.Getenv(name); value != "" {
					return value
				}
			}
			return ""
		}
		env := httpproxy.Config{
			HTTPProxy: first("HTTP_PROXY", "http_proxy"), HTTPSProxy: first("HTTPS_PROXY", "https_proxy"), NoProxy: first("NO_PROXY", "no_proxy"),
		}
		return env.ProxyFunc()
	}
	return func(*url.URL) (*url.URL, error) { return url.Parse(named) }
}

// accessTo is how the hosts of sources are asked. The error is of kind Invalid and tells file and line.
func accessTo(sources []config.Source) ([]fetch.Access, error) {
	var all []fetch.Access
	for _, source := range sources {
		invalid := func(key string, err error) error {
			return &archiver.Error{Kind: archiver.Invalid, Op: "read configuration", URL: source.At(key), Err: fmt.Errorf("%s: %w", key, err), Hint: archiver.HintOf(err)}
		}
		access := fetch.Access{Host: archiver.Host(source.URL), UserAgent: source.Access.UserAgent, Direct: source.Access.Proxy == config.Direct}
		if len(source.Access.Headers) > 0 {
			access.Header = http.Header{}
			for name, value := range source.Access.Headers {
				access.Header.Set(name, value)
			}
		}
		if source.Access.Cookies != "" {
			cookies, err := readCookies(source.Access.Cookies)
			if err != nil {
				return nil, invalid("cookies", err)
			}
			access.Cookies = cookies
		}
		if source.Access.Proxy != "" && !access.Direct {
			proxy, err := url.Parse(source.Access.Proxy)
			if err != nil {
				return nil, invalid("proxy", fmt.Errorf("it is no address of a proxy"))
			}
			access.Proxy = proxy
		}
		all = append(all, access)
	}
	return all, nil
}

func readCookies(path string) (_ []fetch.Cookie, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	cookies, err := fetch.ParseCookies(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return cookies, nil
}
