package config

import (
	"errors"
	"fmt"
	"maps"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"archiver"
	"archiver/internal/schedule"
)

// This file reads the [[source]] tables. Rules: a key that is left out says nothing, so that what the archive keeps of the source
// holds; of every key the line is known; a secret may stand in the environment, and is looked up only by who fetches.

// Source is a category page that the user wants in every archive. What the file does not say of it is nil or empty.
type Source struct {
	Name      string
	URL       string             // as archiver.Canonical writes it
	Discover  []archiver.Channel // empty, but not nil, for all channels
	Schedule  *string            // as package schedule reads it
	Recheck   *time.Duration
	Images    *bool
	NoArchive *bool // whether a page's wish not to be archived is respected
	Access    Access

	places map[string]string // file and line by key
}

// Access is how a source is asked for.
type Access struct {
	Cookies   string            // a Netscape file
	Headers   map[string]string // by name; a value "env:NAME" stands for that variable of the environment
	Proxy     string            // Direct for none; "env:NAME" as above
	UserAgent string
}

// Direct is the proxy of a source that has none although the others have.
const Direct = "none"

// Over is the archive's settings of the source with what the file says in their place.
func (s Source) Over(kept archiver.Settings) archiver.Settings {
	if s.Discover != nil {
		kept.Discover = s.Discover
	}
	if s.Schedule != nil {
		kept.Schedule = *s.Schedule
	}
	if s.Recheck != nil {
		kept.Recheck = *s.Recheck
	}
	if s.Images != nil {
		kept.NoImages = !*s.Images
	}
	if s.NoArchive != nil {
		kept.IgnoreNoarchive = !*s.NoArchive
	}
	if len(kept.Discover) == 0 {
		kept.Discover = nil
	}
	return kept
}

// At is the file and line of a key, or those that the source begins on.
func (s Source) At(key string) string {
	if at, ok := s.places[key]; ok {
		return at
	}
	return s.places[""]
}

// sourceFile is a source as it is written.
type sourceFile struct {
	Name      string             `toml:"name,omitempty"`
	URL       string             `toml:"url"`
	Discover  []string           `toml:"discover,omitempty"`
	Schedule  *string            `toml:"schedule,omitempty"`
	Recheck   *written           `toml:"recheck,omitempty"`
	Images    *string            `toml:"images,omitempty"`
	NoArchive *string            `toml:"noarchive,omitempty"`
	Cookies   string             `toml:"cookies,omitempty"`
	Headers   map[string]written `toml:"headers,omitempty"`
	Proxy     string             `toml:"proxy,omitempty"`
	UserAgent string             `toml:"user_agent,omitempty"`
}

var sourceKeys = []string{"name", "url", "discover", "schedule", "recheck", "images", "noarchive", "cookies", "headers", "proxy", "user_agent"}

// The words of images and noarchive, and whether they mean yes.
var (
	imageWords   = map[string]bool{"download": true, "none": false}
	archiveWords = map[string]bool{"respect": true, "ignore": false}
)

func (c *Config) checkSources(files []sourceFile, name string, data []byte) error {
	names, addresses := map[string]bool{}, map[string]bool{}
	places := locateTables(name, data, "source")
	for i, f := range files {
		at := map[string]string{"": name}
		if i < len(places) {
			at = places[i]
		}
		source, err := f.check(at)
		if err != nil {
			return err
		}
		if source.Name != "" && names[source.Name] {
			return invalid(at[""], "give each source a name of its own", fmt.Errorf("source: the name %q stands twice", source.Name))
		}
		if addresses[archiver.Key(source.URL)] {
			return invalid(at[""], "name each source once", fmt.Errorf("source: the address %s stands twice", source.URL))
		}
		names[source.Name], addresses[archiver.Key(source.URL)] = true, true
		c.Sources = append(c.Sources, source)
	}
	return nil
}

func (f sourceFile) check(at map[string]string) (Source, error) {
	s := Source{Name: f.Name, Access: Access{Cookies: f.Cookies, Proxy: f.Proxy, UserAgent: f.UserAgent}, places: at}
	wrong := func(key string, err error) (Source, error) {
		hint := archiver.HintOf(err)
		if e, ok := errors.AsType[*archiver.Error](err); ok && e.Err != nil {
			err = e.Err
		}
		return Source{}, invalid(s.At(key), hint, fmt.Errorf("source: %s: %w", key, err))
	}
	if f.URL == "" {
		return Source{}, invalid(s.At(""), `write url = "https://…/category/…"`, errors.New("source: it has no url"))
	}
	var err error
	if s.URL, err = archiver.Canonical(f.URL); err != nil {
		return Source{}, invalid(s.At(""), "", fmt.Errorf("source: url: %w", err))
	}
	if f.Name != "" {
		if err := archiver.CheckSourceName(f.Name); err != nil {
			return wrong("name", err)
		}
	}
	if f.Discover != nil {
		if s.Discover, err = Channels(f.Discover); err != nil {
			return wrong("discover", err)
		}
	}
	if f.Schedule != nil {
		if _, err := schedule.Parse(*f.Schedule); err != nil {
			return wrong("schedule", err)
		}
		s.Schedule = f.Schedule
	}
	if f.Recheck != nil {
		length, err := Recheck(string(*f.Recheck))
		if err != nil {
			return wrong("recheck", err)
		}
		s.Recheck = &length
	}
	if s.Images, err = choice(f.Images, imageWords); err != nil {
		return wrong("images", err)
	}
	if s.NoArchive, err = choice(f.NoArchive, archiveWords); err != nil {
		return wrong("noarchive", err)
	}
	for name, value := range f.Headers {
		if err := checkHeader(name, string(value)); err != nil {
			return wrong("headers", err)
		}
		if s.Access.Headers == nil {
			s.Access.Headers = map[string]string{}
		}
		s.Access.Headers[name] = string(value)
	}
	if err := checkProxy(f.Proxy); err != nil {
		return wrong("proxy", err)
	}
	if !printableASCII(f.UserAgent) {
		return wrong("user_agent", errASCII)
	}
	return s, nil
}

// Channels reads the names of channels: "auto" alone is all of them, an empty list.
func Channels(names []string) ([]archiver.Channel, error) {
	known := []string{"auto"}
	for _, c := range archiver.Channels {
		known = append(known, string(c))
	}
	channels := []archiver.Channel{}
	for _, name := range names {
		if !slices.Contains(known, name) {
			return nil, noWord(name, known)
		}
		if name == "auto" {
			if len(names) > 1 {
				return nil, errors.New("auto is all channels, so it stands alone")
			}
			return channels, nil
		}
		if c := archiver.Channel(name); !slices.Contains(channels, c) {
			channels = append(channels, c)
		}
	}
	return channels, nil
}

// Images reads the choice of pictures: "download" or "none".
func Images(word string) (download bool, err error) {
	yes, err := choice(&word, imageWords)
	return err == nil && *yes, err
}

// choice reads one of the words; nil where nothing is written.
func choice(word *string, words map[string]bool) (*bool, error) {
	if word == nil {
		return nil, nil
	}
	yes, ok := words[*word]
	if !ok {
		return nil, noWord(*word, slices.Sorted(maps.Keys(words)))
	}
	return &yes, nil
}

// noWord says that a word is none of those that are known, and which one may have been meant.
func noWord(word string, known []string) error {
	hint := "write " + strings.Join(known, ", ")
	if near, ok := nearest(word, known); ok {
		hint = "did you mean " + near
	}
	return &archiver.Error{Kind: archiver.Invalid, Err: fmt.Errorf("%q is none of %s", word, strings.Join(known, ", ")), Hint: hint}
}

var (
	headerName = regexp.MustCompile("^[A-Za-z0-9!#$%&'*+.^_`|~-]+$")
	variable   = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)
)

// ownHeaders are those that archiver itself has to write, with where to say what they are to hold.
var ownHeaders = map[string]string{
	"user-agent": "write user_agent", "cookie": "write cookies = \"FILE\"", "host": "", "connection": "", "accept": "", "accept-encoding": "",
	"content-length": "", "transfer-encoding": "", "if-none-match": "", "if-modified-since": "", "range": "", "upgrade": "", "te": "", "trailer": "",
	"proxy-authorization": "write the user and password into proxy",
}

func checkHeader(name, value string) error {
	switch hint, own := ownHeaders[strings.ToLower(name)]; {
	case own:
		return &archiver.Error{Kind: archiver.Invalid, Err: fmt.Errorf("%s is archiver's own to send", name), Hint: hint}
	case !headerName.MatchString(name):
		return fmt.Errorf("%q is no name of a header", name)
	case strings.ContainsFunc(value, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }):
		return fmt.Errorf("the value of %s has a control character in it", name) // the value itself may be a secret
	}
	return checkVariable(value)
}

// checkVariable looks at a value that may name a variable of the environment.
func checkVariable(value string) error {
	if name, ok := strings.CutPrefix(value, "env:"); ok && !variable.MatchString(name) {
		return &archiver.Error{Kind: archiver.Invalid, Err: fmt.Errorf("%q is no name of a variable", name), Hint: `write "env:NAME"`}
	}
	return nil
}

// checkProxy looks at a proxy's address. The error does not repeat it: there may be a password in it.
func checkProxy(proxy string) error {
	if proxy == "" || proxy == Direct || strings.HasPrefix(proxy, "env:") {
		return checkVariable(proxy)
	}
	const hint = `write "http://host:port", "https://host:port" or "socks5://host:port", "none" for no proxy, or "env:NAME"`
	u, err := url.Parse(proxy)
	if err != nil || u.Host == "" || !slices.Contains([]string{"http", "https", "socks5", "socks5h"}, u.Scheme) {
		return &archiver.Error{Kind: archiver.Invalid, Err: errors.New("it is no address of a proxy"), Hint: hint}
	}
	return nil
}

// Reveal is the configuration with the variables that it names in the places of their names. The error is of kind Invalid and
// tells the line, not the value.
func (c Config) Reveal(getenv func(string) string) (Config, error) {
	look := func(at, key, value string) (string, error) {
		name, ok := strings.CutPrefix(value, "env:")
		if !ok {
			return value, nil
		}
		if value = getenv(name); value == "" {
			return "", invalid(at, "set it where archiver runs", fmt.Errorf("%s: the environment has no %s", key, name))
		}
		if key == "proxy" {
			if err := checkProxy(value); err != nil {
				return "", invalid(at, archiver.HintOf(err), fmt.Errorf("%s: what %s holds is no address of a proxy", key, name))
			}
			return value, nil
		}
		if err := checkHeader(key, value); err != nil {
			return "", invalid(at, "", fmt.Errorf("what %s holds cannot be sent as a header", name))
		}
		return value, nil
	}
	var err error
	if c.Proxy, err = look(c.places["proxy"], "proxy", c.Proxy); err != nil {
		return Config{}, err
	}
	c.Sources = slices.Clone(c.Sources)
	for i := range c.Sources {
		s := &c.Sources[i]
		if s.Access.Proxy, err = look(s.At("proxy"), "proxy", s.Access.Proxy); err != nil {
			return Config{}, err
		}
		s.Access.Headers = maps.Clone(s.Access.Headers)
		for name, value := range s.Access.Headers {
			if s.Access.Headers[name], err = look(s.At("headers"), name, value); err != nil {
				return Config{}, err
			}
		}
	}
	return c, nil
}

// resolve makes the files that the configuration names stand beside it.
func (c *Config) resolve(folder string) {
	files := []*string{&c.FTR, &c.Metrics}
	for i := range c.Sources {
		files = append(files, &c.Sources[i].Access.Cookies)
	}
	for _, file := range files {
		if *file != "" && !filepath.IsAbs(*file) {
			*file = filepath.Join(folder, *file)
		}
	}
}

// NoArchive reads what a page's wish not to be archived means: "respect" or "ignore".
func NoArchive(word string) (respect bool, err error) {
	yes, err := choice(&word, archiveWords)
	return err == nil && *yes, err
}

// Says reports whether the file says something of a key.
func (s Source) Says(key string) bool {
	_, ok := s.places[key]
	return ok
}
