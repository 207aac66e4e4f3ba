package config

import (
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"
)

// This file reads the rules of sites. Rules: each says for which hosts it is; what it leaves open the preset that it names fills
// in; of every selector the line is known, so that a mistake which only its compiler finds is told where it stands.

// Rule is what the user says of the pages of some hosts.
type Rule struct {
	// Hosts are "example.org", "www." aside, or "*.example.org" for all below it.
	Hosts []string `toml:"hosts"`
	// Path is how the addresses' path begins, empty for any.
	Path string `toml:"path"`
	// Preset is the name of the preset that says what the rule itself does not, empty for none.
	Preset  string            `toml:"preset"`
	Listing ListingRule       `toml:"listing"`
	Article ArticleRule       `toml:"article"`
	Places  map[string]string `toml:"-"` // file and line by key, "" for the rule's own
}

// ListingRule are CSS selectors for category pages, empty where nothing is said.
type ListingRule struct {
	Item string `toml:"item"`
	Link string `toml:"link"`
	Next string `toml:"next"`
}

// ArticleRule are CSS selectors for articles' pages, empty where nothing is said.
type ArticleRule struct {
	Title     string   `toml:"title"`
	Body      string   `toml:"body"`
	Author    string   `toml:"author"`
	Published string   `toml:"published"`
	Next      string   `toml:"next"`
	Remove    []string `toml:"remove"`
}

var (
	ruleKeys    = []string{"hosts", "path", "preset", "listing", "article"}
	listingKeys = []string{"item", "link", "next"}
	articleKeys = []string{"title", "body", "author", "published", "next", "remove"}
)

// ruleKeysIn are the keys that are known where the last of these stands.
func ruleKeysIn(key []string) []string {
	switch {
	case len(key) == 1: // or a key of an inline table, of which the parser does not say the name
		return slices.Concat(ruleKeys, listingKeys, articleKeys)
	case key[0] == "listing":
		return listingKeys
	case key[0] == "article":
		return articleKeys
	}
	return nil
}

//go:embed presets.toml
var presetFile []byte

// Presets are the rules that come with archiver, by name. They have no hosts: a rule of the user's names the preset that its hosts
// are made with.
func Presets() map[string]Rule {
	var presets map[string]Rule
	if err := toml.NewDecoder(bytes.NewReader(presetFile)).DisallowUnknownFields().Decode(&presets); err != nil {
		panic(err) // a test reads them
	}
	for name, p := range presets {
		p.Places = map[string]string{"": "preset " + name}
		presets[name] = p
	}
	return presets
}

// At is where a key of the rule stands: "article.body", or "" for the rule itself.
func (r *Rule) At(key string) string {
	if place, ok := r.Places[key]; ok {
		return place
	}
	return r.Places[""]
}

// checkRules looks the rules over and fills in what their presets say.
func (c *Config) checkRules(name string, data []byte) error {
	if len(c.Rules) == 0 {
		return nil
	}
	presets := Presets()
	places := locateTables(name, data, "rule")
	for i := range c.Rules {
		r := &c.Rules[i]
		r.Places = map[string]string{"": name}
		if i < len(places) {
			r.Places = places[i]
		}
		if err := r.check(); err != nil {
			return err
		}
		if r.Preset == "" {
			continue
		}
		preset, ok := presets[r.Preset]
		if !ok {
			names := slices.Sorted(maps.Keys(presets))
			hint := "the presets are " + strings.Join(names, ", ")
			if word, ok := nearest(r.Preset, names); ok {
				hint = "did you mean " + word
			}
			return invalid(r.At("preset"), hint, fmt.Errorf("rule: there is no preset %q", r.Preset))
		}
		r.fill(preset)
	}
	return nil
}

func (r *Rule) check() error {
	if len(r.Hosts) == 0 {
		return invalid(r.At("hosts"), `write hosts = ["blog.example"], or "*.blog.example" for all below it`, errors.New("rule: it has no hosts"))
	}
	for _, host := range r.Hosts {
		if bare := strings.TrimPrefix(host, "*."); bare == "" || strings.ContainsAny(bare, "*/:@ ?#[]") {
			return invalid(r.At("hosts"), `write a host without scheme, port and path, or "*." before one`, fmt.Errorf("rule: %q is no host", host))
		}
	}
	if r.Path != "" && !strings.HasPrefix(r.Path, "/") {
		return invalid(r.At("path"), `a path begins with "/"`, fmt.Errorf("rule: %q is no path", r.Path))
	}
	if l, a := r.Listing, r.Article; r.Preset == "" && l == (ListingRule{}) && a.Title+a.Body+a.Author+a.Published+a.Next == "" && len(a.Remove) == 0 {
		return invalid(r.At(""), `write what to find: article.body = ".post-content"`, errors.New("rule: it says nothing"))
	}
	return nil
}

// fill takes from a preset what the rule leaves open; what is to be removed is both.
func (r *Rule) fill(p Rule) {
	for _, pair := range []struct {
		to   *string
		from string
	}{
		{&r.Listing.Item, p.Listing.Item}, {&r.Listing.Link, p.Listing.Link}, {&r.Listing.Next, p.Listing.Next},
		{&r.Article.Title, p.Article.Title}, {&r.Article.Body, p.Article.Body}, {&r.Article.Author, p.Article.Author},
		{&r.Article.Published, p.Article.Published}, {&r.Article.Next, p.Article.Next},
	} {
		if *pair.to == "" {
			*pair.to = pair.from
		}
	}
	r.Article.Remove = append(r.Article.Remove, p.Article.Remove...)
}

var (
	tableHeader = regexp.MustCompile(`^\s*\[+\s*([A-Za-z0-9_."' -]+?)\s*\]+`)
	arrayHeader = regexp.MustCompile(`^\s*\[\[\s*["']?(\w+)["']?\s*\]\]`)
	keyLine     = regexp.MustCompile(`^\s*([A-Za-z0-9_."' -]+?)\s*=`)
	inlineKey   = regexp.MustCompile(`[{,]\s*([a-z]+)\s*=`)
)

// locateTables finds for each table of a kind ("rule") the lines of its keys: "article.body", also where it is written in a table of
// its own or inline.
func locateTables(name string, data []byte, kind string) []map[string]string {
	var tables []map[string]string
	part, inside := "", false // of the table that the line is in, and whether it is of the kind
	for i, line := range strings.Split(string(data), "\n") {
		at := place(name, i+1)
		if m := arrayHeader.FindStringSubmatch(line); m != nil {
			if inside = m[1] == kind; inside {
				tables, part = append(tables, map[string]string{"": at}), ""
			}
			continue
		}
		if len(tables) == 0 {
			continue
		}
		now := tables[len(tables)-1]
		if m := tableHeader.FindStringSubmatch(line); m != nil && !strings.Contains(line, "=") {
			rest, of := strings.CutPrefix(bareKey(m[1]), kind+".")
			part, inside = rest+".", of
			continue
		}
		if m := keyLine.FindStringSubmatch(line); m != nil && inside {
			key := part + bareKey(m[1])
			remember(now, key, at)
			for _, in := range inlineKey.FindAllStringSubmatch(line, -1) {
				remember(now, key+"."+in[1], at)
			}
		}
	}
	return tables
}

func remember(places map[string]string, key, at string) {
	if _, known := places[key]; !known {
		places[key] = at
	}
}

func bareKey(written string) string {
	return strings.NewReplacer(`"`, "", "'", "", " ", "").Replace(written)
}
