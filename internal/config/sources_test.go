package config_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"archiver"
	"archiver/internal/config"

	"github.com/google/go-cmp/cmp"
)

const everything = `contact = "me@example.org"
proxy = "env:WAY_OUT"
schedule = "@daily"
metrics = "archiver.prom"
hooks.after_sync = ["/bin/tell", "a b"]

[[source]]
name = "nlp"
url = "https://a.example/nlp/"
discover = ["rest", "listing", "rest"]
schedule = "15 3 * * *"
recheck = "1w2d"
images = "none"
noarchive = "ignore"
cookies = "nlp.cookies"
headers = { Authorization = "env:TOKEN", X-Reader = "yes" }
proxy = "none"
user_agent = "reader/1.0"

[[source]]
url = "https://b.example/"
discover = ["auto"]
images = "download"
noarchive = "respect"
schedule = "off"
recheck = "12h"
[source.headers]
X-One = "1"
`

func TestSources(t *testing.T) {
	c, err := config.Parse("my.toml", []byte(everything))
	if err != nil {
		t.Fatal(err)
	}
	nine, twelve := 9*24*time.Hour, 12*time.Hour
	want := config.Config{
		Contact: "me@example.org", Proxy: "env:WAY_OUT", Schedule: "@daily", Metrics: "archiver.prom", AfterSync: []string{"/bin/tell", "a b"},
		Sources: []config.Source{
			{Name: "nlp", URL: "https://a.example/nlp/", Discover: []archiver.Channel{archiver.ChannelREST, archiver.ChannelListing}, Schedule: new("15 3 * * *"),
				Recheck: &nine, Images: new(false), NoArchive: new(false), Access: config.Access{Cookies: "nlp.cookies",
					Headers: map[string]string{"Authorization": "env:TOKEN", "X-Reader": "yes"}, Proxy: "none", UserAgent: "reader/1.0"}},
			{URL: "https://b.example/", Discover: []archiver.Channel{}, Schedule: new("off"), Recheck: &twelve, Images: new(true), NoArchive: new(true),
				Access: config.Access{Headers: map[string]string{"X-One": "1"}}},
		},
	}
	if diff := cmp.Diff(want, c, withoutPlaces); diff != "" {
		t.Error(diff)
	}
	if at := c.Sources[1].At("schedule") + " " + c.Sources[1].At("headers.X-One") + " " + c.Sources[1].At("cookies"); at != "my.toml:25 my.toml:28 my.toml:20" {
		t.Error(at)
	}

	kept := archiver.Settings{Discover: []archiver.Channel{archiver.ChannelFeed}, Schedule: "@hourly", Recheck: time.Hour, NoImages: true, IgnoreNoarchive: true}
	for i, want := range []archiver.Settings{
		{Discover: []archiver.Channel{archiver.ChannelREST, archiver.ChannelListing}, Schedule: "15 3 * * *", Recheck: nine, NoImages: true, IgnoreNoarchive: true},
		{Schedule: "off", Recheck: twelve},
	} {
		if diff := cmp.Diff(want, c.Sources[i].Over(kept)); diff != "" {
			t.Error(diff)
		}
	}
	if diff := cmp.Diff(kept, config.Source{}.Over(kept)); diff != "" {
		t.Errorf("a source that says nothing changes the settings: %s", diff)
	}
}

func TestSecretsStayInTheEnvironment(t *testing.T) {
	c, err := config.Parse("my.toml", []byte(everything))
	if err != nil {
		t.Fatal(err)
	}
	env := map[string]string{"TOKEN": "Bearer s3cret", "WAY_OUT": "http://u:s3cret@proxy.example:3128"}
	open, err := c.Reveal(func(name string) string { return env[name] })
	if err != nil || open.Proxy != env["WAY_OUT"] || open.Sources[0].Access.Headers["Authorization"] != "Bearer s3cret" || open.Sources[0].Access.Headers["X-Reader"] != "yes" {
		t.Errorf("%v, %+v", err, open)
	}
	if c.Proxy != "env:WAY_OUT" || c.Sources[0].Access.Headers["Authorization"] != "env:TOKEN" {
		t.Error("the configuration itself was changed")
	}
	for name, want := range map[string]string{"TOKEN": "my.toml:16: Authorization: the environment has no TOKEN", "WAY_OUT": "my.toml:2: proxy: the environment has no WAY_OUT"} {
		_, err := c.Reveal(func(asked string) string {
			if asked == name {
				return ""
			}
			return env[asked]
		})
		if err == nil || archiver.KindOf(err) != archiver.Invalid || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, err = c.Reveal(func(string) string { return "s3cret\nX-Other: 1" })
	if err == nil || strings.Contains(err.Error(), "s3cret") {
		t.Errorf("%v", err)
	}
}

func TestMistakesInSources(t *testing.T) {
	head := "[[source]]\nurl = 'http://a/'\n"
	tests := []struct{ in, want, hint string }{
		{head + "discover = ['rset']", "my.toml:3: source: discover: \"rset\" is none of auto, rest", "did you mean rest"},
		{head + "discover = ['auto', 'rest']", "my.toml:3: source: discover: auto is all channels", ""},
		{head + "discover = 'rest'", "my.toml:3: source.discover: a value of kind string", "write a list"},
		{head + "\nschedule = '1 2 3'", "my.toml:4: source: schedule: \"1 2 3\" is no schedule: it has 3 fields", "five fields"},
		{head + "recheck = '7 days'", "my.toml:3: source: recheck: \"7 days\" is no length of time", ""},
		{head + "recheck = 7", "my.toml:3: source: recheck: \"7\" is no length of time", ""},
		{head + "recheck = '1m'", "my.toml:3: source: recheck: \"1m\" is less than an hour", "--full"},
		{head + "images = 'downlod'", "my.toml:3: source: images: \"downlod\" is none of download, none", "did you mean download"},
		{head + "images = true", "my.toml:3: ", ""},
		{head + "noarchive = 'yes'", "my.toml:3: source: noarchive: ", "write ignore, respect"},
		{head + "headers = { Host = 'x' }", "my.toml:3: source: headers: Host is archiver's own", ""},
		{head + "[source.headers]\nCookie = 'x'", "source: headers: Cookie is archiver's own", "cookies"},
		{head + "headers = { 'a b' = 'x' }", "my.toml:3: source: headers: \"a b\" is no name", ""},
		{head + "headers = { A = \"x\\ny\" }", "my.toml:3: source: headers: the value of A has a control character", ""},
		{head + "headers = { A = 'env:' }", "my.toml:3: source: headers: \"\" is no name of a variable", "env:NAME"},
		{head + "headers = 'x'", "my.toml:3: ", "write headers ="},
		{head + "proxy = 'ftp://u:s3cret@b/'", "my.toml:3: source: proxy: it is no address of a proxy", "socks5"},
		{head + "user_agent = 'é'", "my.toml:3: source: user_agent: ", ""},
		{head + "name = '../x'", "my.toml:3: source: name: ", ""},
		{head + "shedule = '@daily'", "my.toml:3: unknown key source.shedule", "did you mean schedule"},
		{"contact = 'é'", "my.toml:1: contact: ", "an address"},
		{"\nschedule = 'x'", "my.toml:2: schedule: \"x\" is no schedule", "five fields"},
		{"proxy = 'x'", "my.toml:1: proxy: it is no address", ""},
		{"[hooks]\nafter_sync = 'tell --me'", "my.toml:2: hooks.after_sync: a value of kind string", "no shell reads it"},
		{"[hooks]\nafter_sync = []", "my.toml:2: after_sync: it names no command", "as a list"},
		{"[hooks]\nafter_snyc = ['x']", "my.toml:2: unknown key hooks.after_snyc", "did you mean after_sync"},
		{"hooks = 'x'", "my.toml:1: hooks: a value of kind string", "write [hooks]"},
	}
	for _, tt := range tests {
		_, err := config.Parse("my.toml", []byte(tt.in))
		if err == nil || archiver.KindOf(err) != archiver.Invalid || !strings.Contains(err.Error(), tt.want) || !strings.Contains(archiver.HintOf(err), tt.hint) {
			t.Errorf("%s:\ngot  %v (%s)\nwant %s (%s)", tt.in, err, archiver.HintOf(err), tt.want, tt.hint)
		}
		if err != nil && (strings.Contains(err.Error(), "s3cret") || strings.Contains(err.Error(), "\n")) {
			t.Errorf("%v", err)
		}
	}
}

func TestSpan(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"7d": 7 * 24 * time.Hour, "2w": 14 * 24 * time.Hour, "1w1d1h": 193 * time.Hour, "12h": 12 * time.Hour, "1h30m": 90 * time.Minute, "0d": 0,
		"": -1, "d": -1, "7": -1, "-1d": -1, "1d-1h": -1, "9999999d": -1, "99999w": -1, "1d7d": -1, "1.5d": -1,
	} {
		got, err := config.Span(text)
		if want < 0 != (err != nil) || err == nil && got != want {
			t.Errorf("%q: %v, %v", text, got, err)
		}
		if again, err := config.Span(config.SpanWords(want)); want >= 0 && (err != nil || again != want) {
			t.Errorf("%q is written %q", text, config.SpanWords(want))
		}
	}
}

// TestFilesStandBesideTheConfiguration: cron runs archiver in another folder than its user does.
func TestFilesStandBesideTheConfiguration(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "config.toml")
	if err := os.WriteFile(path, []byte(everything), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := config.Load(path)
	if err != nil {
		t.Fatal(err)
	}
	if c.Metrics != filepath.Join(dir, "archiver.prom") || c.Sources[0].Access.Cookies != filepath.Join(dir, "nlp.cookies") || c.FTR != "" || c.Sources[1].Access.Cookies != "" {
		t.Errorf("%+v", c)
	}
}

// TestWrittenSourcesReadBack holds that what is written reads back equal.
func TestWrittenSourcesReadBack(t *testing.T) {
	sources := []archiver.Source{
		{Name: "plain", URL: "https://a.example/nlp/"},
		{Name: "中文", URL: "https://a.example/%E8%87%AA?x='%22", Settings: archiver.Settings{Discover: []archiver.Channel{archiver.ChannelFeed}, Schedule: "15 3 * * 1-5",
			Recheck: 36 * time.Hour, NoImages: true, IgnoreNoarchive: true}},
		{Name: "odd", URL: "https://b.example/", Settings: archiver.Settings{Schedule: "off", Recheck: 90*time.Minute + time.Second}},
	}
	var out bytes.Buffer
	if err := config.WriteSources(&out, sources); err != nil {
		t.Fatal(err)
	}
	c, err := config.Parse("written.toml", out.Bytes())
	if err != nil {
		t.Fatalf("%v\n%s", err, &out)
	}
	var got []archiver.Source
	for _, s := range c.Sources {
		got = append(got, archiver.Source{Name: s.Name, URL: s.URL, Settings: s.Over(archiver.Settings{})})
	}
	if diff := cmp.Diff(sources, got); diff != "" {
		t.Errorf("%s\n%s", diff, &out)
	}
}
