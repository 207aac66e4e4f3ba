package config_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"archiver"
	"archiver/internal/config"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func duration(d time.Duration) *time.Duration { return &d }

var withoutPlaces = cmpopts.IgnoreUnexported(config.Config{}, config.Source{})

func TestParse(t *testing.T) {
	tests := []struct {
		name, in string
		want     config.Config
	}{
		{"empty", "", config.Config{}},
		{"comments", "# nothing\n\n", config.Config{}},
		{"byte order mark", "\ufeffdb = 'a.db'", config.Config{DB: "a.db"}},
		{"no delay is a choice", `delay = "0s"`, config.Config{Delay: duration(0)}},
		{"all", `
db = "/var/lib/archiver/archive.db"
delay = "1500ms"
concurrency = 2
user_agent = "archiver/1.0 (+https://example.org/)"
max_body = "32MiB"
timeout = "1m30s"
allow_private = ["127.0.0.1:8080", "10.0.0.0/8", "blog.lan", "[::1]:80", "::1", "fd00::/8"]

[[source]]
name = "nlp"
url = "https://Example.org/category/自然语言"

[[source]]
url = "https://example.org/category/ml/"
`, config.Config{
			DB: "/var/lib/archiver/archive.db", Delay: duration(1500 * time.Millisecond), Concurrency: 2,
			UserAgent: "archiver/1.0 (+https://example.org/)", MaxBody: 32 << 20, Timeout: 90 * time.Second,
			AllowPrivate: []string{"127.0.0.1:8080", "10.0.0.0/8", "blog.lan", "[::1]:80", "::1", "fd00::/8"},
			Sources: []config.Source{
				{Name: "nlp", URL: "https://example.org/category/%E8%87%AA%E7%84%B6%E8%AF%AD%E8%A8%80"},
				{URL: "https://example.org/category/ml/"},
			},
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := config.Parse("config.toml", []byte(tt.in))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got, withoutPlaces); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestSizes(t *testing.T) {
	for in, want := range map[string]int64{
		"max_body = 1048576": 1 << 20, "max_body = 1_000": 1000, `max_body = "16MiB"`: 16 << 20, `max_body = "16 mb"`: 16e6,
		`max_body = "512k"`: 512 << 10, `max_body = "100"`: 100, `max_body = "1GiB"`: 1 << 30,
	} {
		got, err := config.Parse("c", []byte(in))
		if err != nil || got.MaxBody != want {
			t.Errorf("%s: %d, %v; want %d", in, got.MaxBody, err, want)
		}
	}
}

func TestMistakes(t *testing.T) {
	tests := []struct {
		name, in   string
		want, hint string
	}{
		{"mistyped key", "db = 'a'\n\ndelya = '1s'\n", "my.toml:3: unknown key delya", "did you mean delay"},
		{"dash for underscore", "user-agent = 'x'", "my.toml:1: unknown key user-agent", "did you mean user_agent"},
		{"plural", "[[sources]]\nname = 'x'", "my.toml:1: unknown key sources", "did you mean source"},
		{"a word of nowhere", "colour = 'red'", "my.toml:1: unknown key colour", "the keys are db, delay"},
		{"key of a source", "[[source]]\nname = 'x'\nlink = 'y'", "my.toml:3: unknown key source.link", "the keys are name, url"},
		{"mistyped key of a source", "[[source]]\nname = 'x'\nulr = 'y'", "my.toml:3: unknown key source.ulr", "did you mean url"},
		{"unknown table", "[wallpaper]\nurl = 'x'", "my.toml:1: unknown key wallpaper", "the keys are"},
		{"key of a rule", "[[rule]]\nhosts = ['a.b']\n[rule.article]\nboddy = 'x'", "my.toml:4: unknown key rule.article.boddy", "did you mean body"},
		{"key of a rule's list", "[[rule]]\nhosts = ['a.b']\nlisting.itm = 'x'", "my.toml:3: unknown key rule.listing.itm", "did you mean item"},
		{"rule without hosts", "db = 'x'\n[[rule]]\narticle.body = 'x'", "my.toml:2: rule: it has no hosts", "write hosts ="},
		{"rule for an address", "[[rule]]\nhosts = ['https://a.b/']\narticle.body = 'x'", "my.toml:2: rule: \"https://a.b/\" is no host", "without scheme"},
		{"rule that says nothing", "[[rule]]\nhosts = ['a.b']", "my.toml:1: rule: it says nothing", "write what to find"},
		{"path of a rule", "[[rule]]\nhosts = ['a.b']\npath = 'x'\narticle.body = 'x'", "my.toml:3: rule: \"x\" is no path", "begins with"},
		{"no such preset", "[[rule]]\nhosts = ['a.b']\n\npreset = 'gost'", "my.toml:4: rule: there is no preset \"gost\"", "did you mean ghost"},
		{"no TOML", "db = \n", "my.toml:1: ", ""},
		{"twice", "db = 'a'\ndb = 'b'", "my.toml:2: ", ""},
		{"negative delay", "\n\ndelay = '-1s'", "my.toml:3: delay: \"-1s\" is less than nothing", ""},
		{"delay without unit", "delay = '3'", "my.toml:1: delay: \"3\" is no length of time", ""},
		{"delay as a number", "delay = 3", "my.toml:1: delay: \"3\" is no length of time", ""},
		{"delay as a list", "delay = [1]", "my.toml:1: delay: a value of kind array does not belong here", ""},
		{"number for a file", "db = 3", "my.toml:1: db: a value of kind integer does not belong here", ""},
		{"no size", "db = 'x'\nmax_body = '16 apples'", "my.toml:2: max_body: \"16 apples\" is no size", ""},
		{"no bytes", "max_body = 0", "a size is more than nothing", ""},
		{"too many bytes", "max_body = '9000000000GiB'", "is more than a page can be", ""},
		{"words for a number", "concurrency = 'many'", "my.toml:1: concurrency: \"many\" is no number", ""},
		{"too much at once", "# x\nconcurrency = 5000", "my.toml:2: concurrency: 5000 is not between 1 and 64", ""},
		{"no host", "allow_private = ['http://10.0.0.1/']", "my.toml:1: allow_private: \"http://10.0.0.1/\" is no host", "host:port"},
		{"no port", "allow_private = ['blog.lan:99999']", "is no host", ""},
		{"user agent", "user_agent = \"a\\nb\"", "my.toml:1: user_agent: ", ""},
		{"source without url", "[[source]]\nname = 'x'", "my.toml:1: source: it has no url", "url ="},
		{"bad url", "[[source]]\nurl='http://a/'\n\n[[source]]\nname = 'x'\nurl = 'ftp://b/'", "my.toml:4: source: url: ", ""},
		{"one name twice", "[[source]]\nname='x'\nurl='http://a/'\n[[source]]\nname='x'\nurl='http://b/'", "my.toml:4: source: the name \"x\" stands twice", ""},
		{"one address twice", "[[source]]\nurl='http://a/b'\n[[source]]\nurl='https://www.a/b/'", "my.toml:3: source: the address https://www.a/b/ stands twice", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := config.Parse("my.toml", []byte(tt.in))
			if err == nil {
				t.Fatal("no error")
			}
			if archiver.KindOf(err) != archiver.Invalid {
				t.Errorf("kind %s", archiver.KindOf(err))
			}
			if !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got  %s\nwant %s", err, tt.want)
			}
			if !strings.Contains(archiver.HintOf(err), tt.hint) {
				t.Errorf("hint %q, want %q", archiver.HintOf(err), tt.hint)
			}
			if strings.Contains(err.Error(), "\n") {
				t.Errorf("more than one line: %q", err)
			}
		})
	}
}

func TestLoad(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "config.toml")
	if _, err := config.Load(path); !errors.Is(err, fs.ErrNotExist) || archiver.KindOf(err) != archiver.Invalid || !strings.Contains(err.Error(), path) {
		t.Errorf("no file: %v", err)
	}
	if err := os.WriteFile(path, []byte("db = 'x.db'\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if c, err := config.Load(path); err != nil || c.DB != "x.db" {
		t.Errorf("%+v, %v", c, err)
	}
	if _, err := config.Load(dir); archiver.KindOf(err) != archiver.Invalid {
		t.Errorf("a folder: %v", err)
	}
	if os.Geteuid() > 0 {
		if err := os.Chmod(path, 0); err != nil {
			t.Fatal(err)
		}
		if _, err := config.Load(path); !errors.Is(err, fs.ErrPermission) || archiver.HintOf(err) == "" {
			t.Errorf("no permission: %v", err)
		}
	}
}

// TestDocumentedExample reads the example of docs/config.md.
func TestDocumentedExample(t *testing.T) {
	page, err := os.ReadFile(filepath.Join("..", "..", "docs", "config.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(page), "```toml\n")
	example, _, found := strings.Cut(rest, "```")
	if !found {
		t.Fatal("no example")
	}
	c, err := config.Parse("docs/config.md", []byte(example))
	if err != nil {
		t.Fatal(err)
	}
	if c.DB == "" || c.Delay == nil || c.Concurrency == 0 || c.UserAgent == "" || c.MaxBody == 0 || c.Timeout == 0 || len(c.AllowPrivate) == 0 || len(c.Sources) == 0 || len(c.Rules) == 0 || c.FTR == "" ||
		c.Contact == "" || c.Proxy == "" || c.Schedule == "" || c.Metrics == "" || len(c.AfterSync) == 0 {
		t.Errorf("the example leaves a key out: %+v", c)
	}
}

// TestRules holds that a preset fills in what a rule leaves open, and that the line of every selector is known.
func TestRules(t *testing.T) {
	const text = `ftr = "/srv/rules"

[[rule]]
hosts = ["a.example", "*.b.example"]
preset = "ghost"
article.body = ".mine"
article.remove = [".x"]

[[source]]
url = "https://a.example/"

[[rule]]
hosts = ["c.example"]
path = "/notes/"
listing = { item = ".i", next = ".n" }
[rule.article]
title = "h1"
"body" = ".b"
`
	c, err := config.Parse("my.toml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	ghost := config.Presets()["ghost"]
	want := []config.Rule{
		{Hosts: []string{"a.example", "*.b.example"}, Preset: "ghost", Listing: ghost.Listing, Article: ghost.Article},
		{Hosts: []string{"c.example"}, Path: "/notes/", Listing: config.ListingRule{Item: ".i", Next: ".n"}, Article: config.ArticleRule{Title: "h1", Body: ".b"}},
	}
	want[0].Article.Body, want[0].Article.Remove = ".mine", []string{".x"}
	places := []map[string]string{
		{"": "my.toml:3", "hosts": "my.toml:4", "preset": "my.toml:5", "article.body": "my.toml:6", "article.remove": "my.toml:7"},
		{"": "my.toml:12", "hosts": "my.toml:13", "path": "my.toml:14", "listing": "my.toml:15", "listing.item": "my.toml:15", "listing.next": "my.toml:15",
			"article.title": "my.toml:17", "article.body": "my.toml:18"},
	}
	for i, p := range places {
		want[i].Places = p
	}
	if diff := cmp.Diff(want, c.Rules); diff != "" {
		t.Error(diff)
	}
	if at := c.Rules[0].At("article.title"); c.FTR != "/srv/rules" || at != "my.toml:3" {
		t.Errorf("%s, %s", c.FTR, at)
	}
}

// FuzzParse holds the law that every error is one line of kind Invalid, and that a configuration's addresses are canonical.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{"", "db='x'", "[[source]]\nurl='http://a/'", "delay='1s'\nmax_body='1k'", "a=[", "x.y.z=1", "[[rule]]\nhosts=['a.b']\nlisting={item='x'}\n[rule.article]\nbody='y'", "[source]\nname='q'", "\xff", "max_body=''"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := config.Parse("c.toml", data)
		if err != nil {
			if archiver.KindOf(err) != archiver.Invalid || !strings.Contains(err.Error(), "c.toml") {
				t.Errorf("%v", err)
			}
			return
		}
		for _, source := range c.Sources {
			if again, err := archiver.Canonical(source.URL); err != nil || again != source.URL {
				t.Errorf("%q is not canonical: %v", source.URL, err)
			}
		}
	})
}
