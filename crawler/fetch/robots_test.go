package fetch

import (
	"encoding/json"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestRobotsVectors(t *testing.T) {
	file, err := os.ReadFile("testdata/robots/vectors_google.json")
	if err != nil {
		t.Fatal(err)
	}
	var vectors []struct {
		Test, Robots, Agent, URL string
		Want                     bool
	}
	if err := json.Unmarshal(file, &vectors); err != nil {
		t.Fatal(err)
	}
	if len(vectors) != 145 {
		t.Fatalf("%d vectors, want 145", len(vectors))
	}
	for _, v := range vectors {
		// The path as it stands in the address: the vectors hold addresses that url.Parse would even out.
		_, path, _ := strings.Cut(v.URL, "://")
		if i := strings.IndexByte(path, '/'); i >= 0 {
			path = path[i:]
		} else {
			path = "/"
		}
		if got := parseRobots([]byte(v.Robots), v.Agent).forbids(path) == nil; got != v.Want {
			t.Errorf("%s: agent %q, address %.100q: allowed %v, want %v\n%.300s", v.Test, v.Agent, v.URL, got, v.Want, v.Robots)
		}
	}
}

func TestRobotsRules(t *testing.T) {
	tests := []struct {
		name, robots string
		allowed      string // paths, separated by spaces
		forbidden    string
	}{
		{"no rules", "", "/ /a", ""},
		{"groups for one program are one", "User-agent: archiver\nDisallow: /a\n\nUser-agent: x\nDisallow: /\n\nUser-agent: Archiver/2.0\nDisallow: /b", "/c", "/a /b"},
		{"a rule before any user-agent is left out, the file is kept", "Disallow: /\nUser-agent: *\nDisallow: /b", "/a", "/b"},
		{"as long: allowed", "User-agent: *\nDisallow: /a\nAllow: /a", "/a", ""},
		{"escaped where the address is not", "User-agent: *\nDisallow: /%7Eme/", "/you", "/~me/ /%7Eme/ /%7eme/x"},
		{"not escaped where the address is", "User-agent: *\nDisallow: /~me/", "", "/~me/ /%7Eme/"},
		{"Chinese, raw and escaped", "User-agent: *\nDisallow: /用户/", "/", "/%E7%94%A8%E6%88%B7/a /%e7%94%a8%e6%88%b7/a /用户/a"},
		{"Chinese, escaped in lower case", "User-agent: *\nDisallow: /%e7%94%a8", "/", "/%E7%94%A8 /用"},
		{"an escaped star is a star's character", "User-agent: *\nDisallow: /a%2Ab", "/axb", "/a%2Ab"},
		{"query", "User-agent: *\nDisallow: /*?replytocom", "/a?b", "/a/?replytocom=1"},
		{"byte order mark", "\xef\xbb\xbfUser-agent: *\nDisallow: /a", "/b", "/a"},
		{"CR alone", "User-agent: *\rDisallow: /a\r", "/b", "/a"},
		{"CRLF", "User-agent: *\r\nDisallow: /a\r\n", "/b", "/a"},
		{"NUL", "User-agent: *\nDisallow: /a\x00\n\x00Disallow: /b\n", "/c", "/a /b"},
		{"UTF-16", "\xff\xfeU\x00s\x00e\x00r\x00-\x00a\x00g\x00e\x00n\x00t\x00:\x00*\x00\n\x00D\x00i\x00s\x00a\x00l\x00l\x00o\x00w\x00:\x00/\x00a\x00", "/b", "/a"},
		{"UTF-16, big end first, cut", "\xfe\xff\x00U", "/a", ""},
		{"misspelt", "user agent: *\ndisalow: /a\nDisallow /b", "/c", "/a /b"},
		{"two ends", "User-agent: *\nDisallow: /a$\nDisallow: /*b$", "/ab/ /a$", "/a /cb"},
		{"robots.txt itself", "User-agent: *\nDisallow: /", "/robots.txt", "/ /x"},
		{"star for the group, with words behind", "User-agent: * everyone\nDisallow: /a", "/b", "/a"},
		{"crawl-delay does not end a row of user-agents", "User-agent: archiver\nCrawl-delay: 2\nUser-agent: x\nDisallow: /a", "/b", "/a"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			rules := parseRobots([]byte(tt.robots), "archiver")
			for _, path := range strings.Fields(tt.allowed) {
				if rule := rules.forbids(path); rule != nil {
					t.Errorf("%s is forbidden by %q", path, rule.line)
				}
			}
			for _, path := range strings.Fields(tt.forbidden) {
				if rules.forbids(path) == nil {
					t.Errorf("%s is allowed", path)
				}
			}
		})
	}
}

func TestCrawlDelay(t *testing.T) {
	tests := []struct {
		robots string
		want   time.Duration
	}{
		{"User-agent: *\nCrawl-delay: 10", 10 * time.Second},
		{"User-agent: *\nCrawl-delay: 0.5", 500 * time.Millisecond},
		{"User-agent: *\nCrawl-delay: 10#c", 10 * time.Second},
		{"User-agent: *\nCrawl-delay: -1", 0},
		{"User-agent: *\nCrawl-delay: soon", 0},
		{"User-agent: *\nCrawl-delay: NaN", 0},
		{"User-agent: *\nCrawl-delay: 1e9", 365 * 24 * time.Hour},
		{"User-agent: *\nCrawl-delay: Inf", 365 * 24 * time.Hour},
		{"User-agent: *\nCrawl-delay: 10\nUser-agent: archiver\nDisallow: /x", 0},
		{"User-agent: *\nCrawl-delay: 10\nUser-agent: archiver\nCrawl-delay: 2", 2 * time.Second},
		{"Crawl-delay: 10", 0},
	}
	got, want := map[string]time.Duration{}, map[string]time.Duration{}
	for _, tt := range tests {
		got[tt.robots], want[tt.robots] = parseRobots([]byte(tt.robots), "archiver").delay, tt.want
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("delays mismatch (-want +got):\n%s", diff)
	}
}

// A file made to cost time costs little: the test would not end if matching went back over the path for each star.
func TestRobotsTime(t *testing.T) {
	file := "User-agent: *\n" + strings.Repeat("Disallow: /"+strings.Repeat("*a", 2000)+"$\n", 100)
	rules := parseRobots([]byte(file), "archiver")
	path := "/" + strings.Repeat("a", 2000) + "b"
	started := time.Now()
	if rules.forbids(path) != nil {
		t.Error("forbidden")
	}
	if took := time.Since(started); took > 20*time.Second {
		t.Errorf("took %s", took)
	}
}

// FuzzRobots holds the matcher against one that is too simple to be wrong, and the file reader against panics.
func FuzzRobots(f *testing.F) {
	for _, seed := range [][2]string{
		{"/a*b$", "/axxb"}, {"/*a*a*a$", "/aaaa"}, {"*", "/"}, {"$", ""}, {"/$", "/"}, {"/a$b", "/a$b"}, {"/index.html", "/"}, {"/a*", "/a"},
		{"/**$", "/x"}, {"/a*b*", "/acbd"}, {"/ab*b$", "/ab"}, {"/%7e*", "/~x"}, {"/\xff", "/%FF"},
	} {
		f.Add(seed[0], seed[1])
	}
	f.Fuzz(func(t *testing.T, rule, path string) {
		if len(rule) > 200 || len(path) > 200 {
			t.Skip()
		}
		p := newPattern(rule)
		if got, want := p.fits(path), slowMatch(rule, path); got != want {
			t.Fatalf("pattern %q, path %q: %v, want %v", rule, path, got, want)
		}
		if even := evenRobots(path); evenRobots(even) != even && !strings.Contains(even, "%") {
			t.Fatalf("evenRobots(%q) is not stable", path)
		}
		rules := parseRobots([]byte("User-agent: *\nDisallow: /\n"+rule+"\nDisallow: "+rule), "archiver")
		if u, err := url.Parse("http://x/" + path); err == nil && !strings.Contains(strings.ToLower(rule), "llow") &&
			!strings.Contains(strings.ToLower(rule), "agent") && u.Path != "/robots.txt" && rules.forbids(u.RequestURI()) == nil {
			t.Fatalf("rule %q lifts Disallow: / for %q", rule, u)
		}
	})
}

// slowMatch follows every way to match: the set of places in the path that the pattern so far can have reached.
func slowMatch(rule, path string) bool {
	at := map[int]bool{0: true}
	for i := 0; i < len(rule); i++ {
		next := map[int]bool{}
		for pos := range at {
			switch {
			case rule[i] == '$' && i == len(rule)-1:
				if pos == len(path) {
					return true
				}
			case rule[i] == '*':
				for ; pos <= len(path); pos++ {
					next[pos] = true
				}
			case pos < len(path) && path[pos] == rule[i]:
				next[pos+1] = true
			}
		}
		at = next
	}
	return len(at) > 0
}
