package archiver

import (
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestCanonical(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"host and scheme in lower case", "HTTP://Blog.Example/Path", "http://blog.example/Path"},
		{"no path", "https://blog.example", "https://blog.example/"},
		{"default port", "https://blog.example:443/a", "https://blog.example/a"},
		{"other port", "http://blog.example:8080/a", "http://blog.example:8080/a"},
		{"fragment", "https://blog.example/a#more-175", "https://blog.example/a"},
		{"credentials", "https://user:pw@blog.example/a", "https://blog.example/a"},
		{"trackers", "https://blog.example/?p=12&utm_source=x&fbclid=y", "https://blog.example/?p=12"},
		{"only trackers", "https://blog.example/a?utm_medium=rss", "https://blog.example/a"},
		{"order of the query is kept", "https://blog.example/?paged=2&cat=2", "https://blog.example/?paged=2&cat=2"},
		{"raw Chinese", "https://blog.example/分类/自然", "https://blog.example/%E5%88%86%E7%B1%BB/%E8%87%AA%E7%84%B6"},
		{"escapes in lower case", "https://blog.example/%e5%88%86", "https://blog.example/%E5%88%86"},
		{"needless escapes", "https://blog.example/%7Eme/%61", "https://blog.example/~me/a"},
		{"stray percent", "https://blog.example/100%/", "https://blog.example/100%25/"},
		{"dot segments", "https://blog.example/a/../b/./c/", "https://blog.example/b/c/"},
		{"session id in the path", "https://blog.example/a;jsessionid=1F", "https://blog.example/a"},
		{"slash is kept", "https://blog.example/a/", "https://blog.example/a/"},
		{"surrounding space and line ends", " https://blog.example/a\n/b ", "https://blog.example/a/b"},
		{"IPv6", "http://[::1]:8080/a", "http://[::1]:8080/a"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := Canonical(tt.in)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("Canonical(%q) mismatch (-want +got):\n%s", tt.in, diff)
			}
		})
	}
}

func TestCanonicalRefuses(t *testing.T) {
	for _, in := range []string{"", "blog.example/a", "ftp://blog.example/", "javascript:alert(1)", "mailto:a@b.c", "http://", "https:///a",
		"http://blog.example/" + strings.Repeat("a/", 1200), "data:text/html,x", "http://[::1",
		"https://%0/", "http://a b/", "http://a<b>/"} {
		got, err := Canonical(in)
		if KindOf(err) != Invalid {
			t.Errorf("Canonical(%.40q) = %q, %v; want an error of kind Invalid", in, got, err)
		}
	}
	_, err := Canonical("ftp://user:secret@blog.example/")
	if err == nil || strings.Contains(err.Error(), "secret") {
		t.Errorf("the error %v holds the password", err)
	}
}

func TestResolve(t *testing.T) {
	const base = "https://blog.example/category/nlp/page/2/"
	tests := []struct{ ref, want string }{
		{"../3/", "https://blog.example/category/nlp/page/3/"},
		{"/archives/12", "https://blog.example/archives/12"},
		{"//cdn.example/a.png", "https://cdn.example/a.png"},
		{"?paged=3", "https://blog.example/category/nlp/page/2/?paged=3"},
		{`\archives\12`, "https://blog.example/archives/12"},
		{"#board", base},
	}
	for _, tt := range tests {
		got, err := Resolve(base, tt.ref)
		if err != nil || got != tt.want {
			t.Errorf("Resolve(%q) = %q, %v; want %q", tt.ref, got, err, tt.want)
		}
	}
}

func TestKeyAndSite(t *testing.T) {
	same := [][2]string{
		{"https://blog.example/a/", "http://www.blog.example/a"},
		{"https://blog.example/", "http://blog.example/"},
		{"https://blog.example/?p=1", "http://blog.example?p=1"},
	}
	for _, pair := range same {
		if Key(pair[0]) != Key(pair[1]) {
			t.Errorf("Key(%q) = %q, Key(%q) = %q; want them equal", pair[0], Key(pair[0]), pair[1], Key(pair[1]))
		}
	}
	if Key("https://blog.example/?p=1") == Key("https://blog.example/?p=2") {
		t.Error("the query is no part of the key")
	}
	if !SameSite("https://www.blog.example/a", "http://blog.example/b") || SameSite("http://blog.example/", "http://blog.example:81/") {
		t.Error("a site is a host and port, www. aside")
	}
}

// The law: what Canonical wrote it reads back unchanged, and the key does not depend on who wrote it.
func FuzzCanonical(f *testing.F) {
	for _, s := range []string{"https://blog.example/a%2Fb?c=d%20e#f", "http://BLOG.example:80/%zz/../x;y?utm_x=1&q=%E4", "https://例え.jp/あ?い=う", "http://a/./", "http://a//b//"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, in string) {
		once, err := Canonical(in)
		if err != nil {
			return
		}
		if _, err := url.Parse(once); err != nil {
			t.Errorf("Canonical(%q) = %q, which is no address: %v", in, once, err)
		}
		twice, err := Canonical(once)
		if err != nil || once != twice {
			t.Errorf("Canonical(%q) = %q, and of that %q, %v", in, once, twice, err)
		}
	})
}
