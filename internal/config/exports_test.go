package config_test

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"archiver"
	"archiver/internal/config"

	"github.com/google/go-cmp/cmp"
)

func TestExports(t *testing.T) {
	c, err := config.Parse("my.toml", []byte(`[[export]]
format = "epub"
path = "books/{source}-{year}.epub"
sources = ["nlp"]
run = ["/bin/tell", "--it"]
max_image = 800
changes = true
new = "reader"

[[export]]
format = "markdown"
path = "/srv/notes"
`))
	if err != nil {
		t.Fatal(err)
	}
	want := []config.Export{
		{Format: "epub", Path: "books/{source}-{year}.epub", Sources: []string{"nlp"}, Run: []string{"/bin/tell", "--it"},
			Options: []config.Option{{Name: "changes", Value: "true"}, {Name: "max-image", Value: "800"}, {Name: "new", Value: "reader"}}},
		{Format: "markdown", Path: "/srv/notes"},
	}
	if diff := cmp.Diff(want, c.Exports, withoutPlaces); diff != "" {
		t.Error(diff)
	}
	if at := c.Exports[0].At("max-image"); at != "my.toml:6" {
		t.Errorf("max_image is at %s", at)
	}
	if at := c.Exports[1].At("max-image"); at != "my.toml:10" {
		t.Errorf("what is not said is at %s", at)
	}
}

func TestPlaces(t *testing.T) {
	day := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	for _, tt := range []struct{ path, source, want, made string }{
		{"/srv/{source}-{year}.epub", "nlp", "/srv/nlp-2026.epub", "/srv"},
		{"/srv/books/{year}/{month}/{source}.epub", "自然语言", "/srv/books/2026/03/自然语言.epub", "/srv/books"},
		{"/srv/books.epub", "nlp", "/srv/books.epub", "/srv"},
		{"/srv/{source}", "../../etc", "/srv/-..-etc", "/srv"},
		{"/srv/{source}/x", "..", "/srv/source/x", "/srv"},
		{"/srv/{source}/x", "a/b\\c:{year}\n", "/srv/a-b-c--year--/x", "/srv"},
	} {
		path, made := config.Export{Path: tt.path}.Place(tt.source, day)
		if path != tt.want || made != filepath.FromSlash(tt.made) {
			t.Errorf("%s for %q: %s below %s; want %s below %s", tt.path, tt.source, path, made, tt.want, tt.made)
		}
	}
}

func TestMail(t *testing.T) {
	c, err := config.Parse("my.toml", []byte("[mail]\nhost = 'smtp.example.org'\nport = 2525\nuser = 'me'\npassword = 'env:SECRET'\nfrom = 'me@example.org'\nmax_size = '10MiB'\n"))
	if err != nil {
		t.Fatal(err)
	}
	want := config.Mail{Host: "smtp.example.org", Port: 2525, User: "me", Password: "env:SECRET", From: "me@example.org", TLS: config.TLSStart, MaxSize: 10 << 20}
	if diff := cmp.Diff(want, c.Mail, withoutPlaces); diff != "" {
		t.Error(diff)
	}
	got, err := c.Mail.Secret(func(name string) string { return map[string]string{"SECRET": "open sesame"}[name] })
	if err != nil || got != "open sesame" {
		t.Errorf("%q, %v", got, err)
	}
	_, err = c.Mail.Secret(func(string) string { return "" })
	if archiver.KindOf(err) != archiver.Invalid || !strings.Contains(err.Error(), "my.toml:5") {
		t.Errorf("%v", err)
	}
}
