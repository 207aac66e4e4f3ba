package fetch

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"archiver"

	"github.com/google/go-cmp/cmp"
)

func TestParseCookies(t *testing.T) {
	later := time.Now().Add(time.Hour).Unix()
	file := strings.ReplaceAll(fmt.Sprintf("\ufeff# Netscape HTTP Cookie File\r\n\r\n"+
		"blog.example|FALSE|/|FALSE|0|session|a b\"c\",d\r\n"+
		"#HttpOnly_.Blog.Example|TRUE|/members|TRUE|%d|wordpress_logged_in|me%%7C1=\n"+
		"# a comment|with|tabs\n"+
		".中文.example|TRUE|/|FALSE|%d.75|dated|值\n"+
		"127.0.0.1|TRUE|/|FALSE|-1|negative|\n"+
		"blog.example|FALSE||FALSE||noPath|x\n"+
		"blog.example|FALSE|/|FALSE|0|noValue\n"+
		"blog.example|FALSE|/|FALSE|1000000000|old|secret\n"+
		".co.uk|TRUE|/|FALSE|0|suffix|secret\n"+
		"github.io|TRUE|/|FALSE|0|hosted|secret\n"+
		".com|TRUE|/|FALSE|0|com|secret\n"+
		"me.github.io|TRUE|/|FALSE|9223372036854775807|mine|x", later, later), "|", "\t")
	got, err := ParseCookies(strings.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	want := []Cookie{
		{Domain: "blog.example", HostOnly: true, Path: "/", Name: "session", Value: `a b"c",d`},
		{Domain: "blog.example", Path: "/members", Secure: true, Expires: time.Unix(later, 0), Name: "wordpress_logged_in", Value: "me%7C1="},
		{Domain: "xn--fiq228c.example", Path: "/", Expires: time.Unix(later, 0), Name: "dated", Value: "值"},
		{Domain: "127.0.0.1", HostOnly: true, Path: "/", Name: "negative"},
		{Domain: "blog.example", HostOnly: true, Path: "/", Name: "noPath", Value: "x"},
		{Domain: "blog.example", HostOnly: true, Path: "/", Name: "noValue"},
		{Domain: "me.github.io", Path: "/", Name: "mine", Value: "x"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("cookies (-want +got):\n%s", diff)
	}
}

func TestParseCookiesRefuses(t *testing.T) {
	for name, file := range map[string]string{
		"JSON":             `[{"domain": "a.example", "value": "secret"}]`,
		"spaces":           "a.example FALSE / FALSE 0 name secret",
		"too many fields":  "a.example\tFALSE\t/\tFALSE\t0\tname\tsecret\tx",
		"no domain":        "\tFALSE\t/\tFALSE\t0\tname\tsecret",
		"no name":          "a.example\tFALSE\t/\tFALSE\t0\t\tsecret",
		"no time":          "a.example\tFALSE\t/\tFALSE\tsecret\tname\tx",
		"another cookie":   "a.example\tFALSE\t/\tFALSE\t0\tname\tsecret; admin=1",
		"a line end in it": "a.example\tFALSE\t/\tFALSE\t0\tname\tsecret\rX-Admin: 1",
		"endless":          strings.Repeat("# x\n", 2<<20),
		"an endless line":  strings.Repeat("x", 5<<20),
	} {
		_, err := ParseCookies(strings.NewReader("# comment\n" + file))
		if archiver.KindOf(err) != archiver.Invalid || err == nil {
			t.Errorf("%s: %v, want an error of kind invalid", name, err)
			continue
		}
		if text := err.Error() + archiver.HintOf(err); strings.Contains(text, "secret") || !strings.Contains(text, "line 2") && !strings.Contains(text, "larger") {
			t.Errorf("%s: the error says %q", name, text)
		}
	}
}

// FuzzParseCookies: what is read of any file can be sent in a header, and to no other site.
func FuzzParseCookies(f *testing.F) {
	f.Add("#HttpOnly_.blog.example\tTRUE\t/\tFALSE\t0\tname\tvalue\n")
	f.Add(".uk\tTRUE\t/x\tTRUE\t1e300\tname\t\n")
	elsewhere, err := url.Parse("https://bank.co.uk/x")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, file string) {
		all, err := ParseCookies(strings.NewReader(file))
		if err != nil {
			return
		}
		for _, c := range all {
			if strings.ContainsAny(c.Name+c.Value, "\r\n\x00;") || c.Name == "" || !strings.HasPrefix(c.Path, "/") {
				t.Errorf("%#v", c)
			}
			if c.fits(elsewhere, time.Now()) && c.Domain != "bank.co.uk" {
				t.Errorf("%#v goes to %s", c, elsewhere)
			}
		}
	})
}

func TestCookieFits(t *testing.T) {
	now := time.Now()
	tests := []struct {
		cookie Cookie
		at     string
		want   bool
	}{
		{Cookie{Domain: "blog.example", Path: "/"}, "http://blog.example/", true},
		{Cookie{Domain: "blog.example", Path: "/"}, "http://Blog.Example./x", true},
		{Cookie{Domain: "blog.example", Path: "/"}, "http://www.blog.example/", true},
		{Cookie{Domain: "blog.example", Path: "/", HostOnly: true}, "http://www.blog.example/", false},
		{Cookie{Domain: "blog.example", Path: "/"}, "http://evilblog.example/", false},
		{Cookie{Domain: "www.blog.example", Path: "/"}, "http://blog.example/", false},
		{Cookie{Domain: "0.0.1", Path: "/", HostOnly: true}, "http://127.0.0.1/", false},
		{Cookie{Domain: "blog.example", Path: "/"}, "http://blog.example:8080/", true},
		{Cookie{Domain: "blog.example", Path: "/a"}, "http://blog.example/a", true},
		{Cookie{Domain: "blog.example", Path: "/a"}, "http://blog.example/a/b", true},
		{Cookie{Domain: "blog.example", Path: "/a/"}, "http://blog.example/a/b", true},
		{Cookie{Domain: "blog.example", Path: "/a"}, "http://blog.example/ab", false},
		{Cookie{Domain: "blog.example", Path: "/a"}, "http://blog.example", false},
		{Cookie{Domain: "blog.example", Path: "/"}, "http://blog.example", true},
		{Cookie{Domain: "blog.example", Path: "/", Secure: true}, "http://blog.example/", false},
		{Cookie{Domain: "blog.example", Path: "/", Secure: true}, "https://blog.example/", true},
		{Cookie{Domain: "blog.example", Path: "/", Expires: now.Add(time.Minute)}, "http://blog.example/", true},
		{Cookie{Domain: "blog.example", Path: "/", Expires: now}, "http://blog.example/", false},
		{Cookie{Domain: "xn--fiq228c.example", Path: "/"}, "http://中文.example/", true},
	}
	for _, tt := range tests {
		at, err := url.Parse(tt.at)
		if err != nil {
			t.Fatal(err)
		}
		if got := tt.cookie.fits(at, now); got != tt.want {
			t.Errorf("%#v at %s: %v, want %v", tt.cookie, tt.at, got, tt.want)
		}
	}
}
