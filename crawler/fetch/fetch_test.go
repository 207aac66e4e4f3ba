package fetch

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"archiver"
	"archiver/crawler"

	"github.com/google/go-cmp/cmp"
)

var _ crawler.Fetcher = (*Client)(nil)

func TestFetch(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/robots.txt" {
			http.NotFound(w, r)
			return
		}
		h := w.Header()
		h.Set("Content-Type", "text/html; charset=UTF-8")
		h.Set("ETag", `"x"`)
		h.Set("Last-Modified", "Wed, 04 Mar 2026 05:08:07 GMT")
		h.Add("Link", `<https://a/wp-json/>; rel="https://api.w.org/"`)
		h.Add("Link", `</b>; rel=next`)
		h.Set("X-WP-TotalPages", "7")
		h.Set("X-Robots-Tag", "noarchive")
		fmt.Fprintf(w, "<p>ua=%s accept=%s referer=%s\x00</p>", r.UserAgent(), r.Header.Get("Accept"), r.Referer())
	})
	c := client(t, Options{UserAgent: "archiver/9 (test)"}, s)
	var traffic archiver.Traffic
	page, err := c.Fetch(t.Context(), archiver.Request{
		URL: s.URL + "/a%7eb?utm_source=x&q=1#frag", Referer: s.URL + "/list#top", Accept: "application/json", Traffic: &traffic,
	})
	if err != nil {
		t.Fatal(err)
	}
	raw := "<p>ua=archiver/9 (test) accept=application/json referer=" + s.URL + "/list\x00</p>"
	want := &archiver.Page{
		Requested: s.URL + "/a~b?q=1", URL: s.URL + "/a~b?q=1", Status: 200, ContentType: "text/html; charset=UTF-8", Charset: "utf-8",
		Links: []string{`<https://a/wp-json/>; rel="https://api.w.org/"`, `</b>; rel=next`}, Pages: 7, ETag: `"x"`,
		Modified: "Wed, 04 Mar 2026 05:08:07 GMT", Robots: "noarchive", Raw: []byte(raw), Text: strings.ReplaceAll(raw, "\x00", ""),
	}
	if page.FetchedAt.IsZero() {
		t.Error("no time of fetching")
	}
	page.FetchedAt = time.Time{}
	if diff := cmp.Diff(want, page); diff != "" {
		t.Errorf("page mismatch (-want +got):\n%s", diff)
	}
	if got := traffic.Load(); got.Requests != 2 || got.Bytes < int64(len(raw)) {
		t.Errorf("traffic is %+v, want robots.txt and the page", got)
	}
}

func TestFetchStatus(t *testing.T) {
	tests := []struct {
		status int
		header string // "Name: value"
		body   string
		kind   archiver.Kind
		after  time.Duration
	}{
		{404, "", "<p>x", archiver.Gone, 0},
		{410, "", "", archiver.Gone, 0},
		{401, "", "", archiver.Denied, 0},
		{403, "", "forbidden", archiver.Denied, 0},
		{451, "", "", archiver.Denied, 0},
		{403, "Cf-Mitigated: challenge", "", archiver.Blocked, 0},
		{403, "", "<title>Just a moment...</title>", archiver.Blocked, 0},
		{503, "", "<script>window._cf_chl_opt={}</script>", archiver.Blocked, 0},
		{521, "", "<script>document.cookie='__jsl_clearance=1'</script>", archiver.Blocked, 0},
		{200, "", "<script>document.cookie='a=1';location.reload()</script>", archiver.Blocked, 0},
		{202, "X-Amzn-Waf-Action: challenge", "", archiver.Blocked, 0},
		{429, "Retry-After: 2", "", archiver.Transient, 2 * time.Second},
		{429, "Retry-After: soon", "", archiver.Transient, 0},
		{503, "Retry-After: 315360000", "", archiver.Transient, maxPause},
		{503, "", "", archiver.Transient, 0},
		{500, "", "建立数据库连接时出错", archiver.Transient, 0},
		{502, "", "", archiver.Transient, 0},
		{520, "", "", archiver.Transient, 0},
		{408, "", "", archiver.Transient, 0},
		{400, "", "", archiver.Unusable, 0},
		{405, "", "", archiver.Unusable, 0},
		{418, "", "", archiver.Unusable, 0},
		{300, "", "", archiver.Unusable, 0},
		{304, "", "", archiver.Unusable, 0},
		{301, "", "", archiver.Unusable, 0},
		{204, "", "", archiver.Unusable, 0},
		{200, "", " \n", archiver.Unusable, 0},
		{200, "Content-Type: image/png", "x", archiver.Unusable, 0},
		{200, "Content-Type: application/pdf", "x", archiver.Unusable, 0},
		{200, "Content-Type: application/octet-stream", "%PDF-1.7", archiver.Unusable, 0},
		{200, "Content-Type: application/xml.gz", "nothing packed", archiver.Internal, 0},
		{200, "Content-Type: application/json", "{}", archiver.Internal, 0},
		{200, "Content-Type: nonsense", "<p>text</p>", archiver.Internal, 0},
		{200, "Content-Type: text/html; charset=bogus", "<p>text</p>", archiver.Internal, 0},
		{203, "", "<p>text</p>", archiver.Internal, 0},
		{200, "", "<p>How _cf_chl_opt and document.cookie with location.reload work</p>", archiver.Internal, 0},
	}
	for _, tt := range tests {
		t.Run(fmt.Sprintf("%d %s %.20s", tt.status, tt.header, tt.body), func(t *testing.T) {
			s := serve(t, func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path == "/robots.txt" {
					http.NotFound(w, r)
					return
				}
				if name, value, ok := strings.Cut(tt.header, ": "); ok {
					w.Header().Set(name, value)
				}
				w.WriteHeader(tt.status)
				_, _ = w.Write([]byte(tt.body))
			})
			page, err := fetch(t, client(t, Options{}, s), s, "/p.xml.gz")
			if tt.kind == archiver.Internal {
				if err != nil || page.Text != tt.body {
					t.Fatalf("got %v, want the page", err)
				}
				return
			}
			e := wantKind(t, err, tt.kind, "")
			if e.RetryAfter != tt.after || e.URL != s.URL+"/p.xml.gz" || e.Op != "fetch" {
				t.Errorf("got %+v, want RetryAfter %s", e, tt.after)
			}
		})
	}
}

func TestFetchRedirects(t *testing.T) {
	other := serve(t, pages(map[string]string{"/": "<p>elsewhere</p>"}))
	tests := []struct {
		name, location string
		kind           archiver.Kind // Internal: the page is reached
		says           string        // the path reached, or what the error says
	}{
		{"relative", "/end", 0, "/end"},
		{"with fragment and credentials", "http://u:p@HOST/end#x", 0, "/end"},
		{"raw Chinese", "/结束", 0, "/%E7%BB%93%E6%9D%9F"},
		{"stray percent", "/100%/", 0, "/100%25/"},
		{"tracking", "/end?utm_source=x", 0, "/end"},
		{"other site", other.URL + "/", archiver.Blocked, "another site"},
		{"file", "file:///etc/passwd", archiver.Blocked, "only http and https"},
		{"ftp", "ftp://host/x", archiver.Blocked, "only http and https"},
		{"javascript", "javascript:alert(1)", archiver.Blocked, "only http and https"},
		{"data", "data:text/html,x", archiver.Blocked, "only http and https"},
		{"nowhere", "", archiver.Unusable, "does not say where to"},
		{"itself", "/start", archiver.Unusable, "circle"},
		{"circle", "/circle", archiver.Unusable, "circle"},
		{"endless", "/count/1", archiver.Unusable, "more than 10 redirects"},
		{"forbidden", "/private/x", archiver.Blocked, "Disallow: /private/"},
		{"no host", "http:///x", archiver.Unusable, "no address"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := serve(t, func(w http.ResponseWriter, r *http.Request) {
				redirect := func(to string) {
					w.Header().Set("Location", strings.Replace(to, "HOST", r.Host, 1))
					w.WriteHeader(http.StatusFound)
				}
				switch p := r.URL.Path; {
				case p == "/robots.txt":
					_, _ = w.Write([]byte("User-agent: *\nDisallow: /private/\n"))
				case p == "/start":
					redirect(tt.location)
				case p == "/circle":
					redirect("/start")
				case strings.HasPrefix(p, "/count/"):
					redirect(p + "1")
				default:
					_, _ = w.Write([]byte("<p>here</p>"))
				}
			})
			before := len(other.paths())
			page, err := fetch(t, client(t, Options{}, s, other), s, "/start")
			if len(other.paths()) != before {
				t.Error("the other site was asked")
			}
			for _, path := range s.paths() {
				if strings.HasPrefix(path, "/private") {
					t.Error("a forbidden address was asked for")
				}
			}
			if tt.kind != archiver.Internal {
				wantKind(t, err, tt.kind, tt.says)
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if page.URL != s.URL+tt.says || page.Requested != s.URL+"/start" {
				t.Errorf("reached %s for %s, want %s", page.URL, page.Requested, tt.says)
			}
		})
	}
}

// A site that redirects to the same page to see whether a cookie comes back gets it back; another page does not.
func TestFetchCookieOfRedirect(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/robots.txt" {
			http.NotFound(w, r)
			return
		}
		if _, err := r.Cookie("seen"); err != nil {
			http.SetCookie(w, &http.Cookie{Name: "seen", Value: "1"})
			http.Redirect(w, r, r.URL.Path, http.StatusFound)
			return
		}
		_, _ = w.Write([]byte("<p>welcome</p>"))
	})
	c := client(t, Options{}, s)
	for range 2 {
		if _, err := fetch(t, c, s, "/page"); err != nil {
			t.Fatal(err)
		}
	}
	if got := len(s.paths()); got != 5 {
		t.Errorf("%d requests, want robots.txt and two for each page: no cookie is kept", got)
	}
}

func TestFetchNeverSendsCredentials(t *testing.T) {
	var leaked atomic.Bool
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if _, _, ok := r.BasicAuth(); ok || strings.Contains(r.Referer(), "secret") {
			leaked.Store(true)
		}
		http.Error(w, "no", http.StatusUnauthorized)
	})
	address := strings.Replace(s.URL, "http://", "http://user:secret@", 1)
	_, err := client(t, Options{}, s).Fetch(t.Context(), archiver.Request{URL: address + "/x", Referer: address + "/y"})
	wantKind(t, err, archiver.Denied, "")
	if leaked.Load() || strings.Contains(err.Error(), "secret") {
		t.Errorf("the password got out: %v", err)
	}
}

func TestFetchPrivateAddress(t *testing.T) {
	s := serve(t, pages(map[string]string{"/": "<p>secret</p>"}))
	u, err := url.Parse(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	for _, host := range []string{u.Host, "localhost:" + u.Port(), "[::ffff:127.0.0.1]:" + u.Port(), "127.1.2.3:" + u.Port(), "0.0.0.0:" + u.Port()} {
		var traffic archiver.Traffic
		_, err := client(t, Options{}).Fetch(t.Context(), archiver.Request{URL: "http://" + host + "/", Traffic: &traffic})
		e := wantKind(t, err, archiver.Blocked, "address")
		if got := traffic.Load(); got != (archiver.Traffic{}) {
			t.Errorf("it cost %+v", got)
		}
		if !strings.Contains(e.Hint, "allow_private") {
			t.Errorf("hint %q", e.Hint)
		}
	}
	if got := s.paths(); len(got) > 0 {
		t.Errorf("it was asked for %v", got)
	}
}

// colly reads COLLY_* variables; none of them may reach a request.
func TestCollyEnvironment(t *testing.T) {
	for name, value := range map[string]string{
		"ALLOWED_DOMAINS": "nowhere.example", "DISALLOWED_DOMAINS": "127.0.0.1", "CACHE_DIR": t.TempDir(), "DETECT_CHARSET": "y",
		"FOLLOW_REDIRECTS": "n", "MAX_BODY_SIZE": "3", "MAX_DEPTH": "0", "MAX_REQUESTS": "1", "PARSE_HTTP_ERROR_RESPONSE": "n",
		"TRACE_HTTP": "y", "USER_AGENT": "colly", "IGNORE_ROBOTSTXT": "n",
	} {
		t.Setenv("COLLY_"+name, value)
	}
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.UserAgent() != DefaultUserAgent {
			t.Errorf("user agent %q", r.UserAgent())
		}
		pages(map[string]string{"/": "<p>the page</p>"})(w, r)
	})
	c := client(t, Options{}, s)
	for range 2 {
		if page, err := fetch(t, c, s, "/"); err != nil || page.Text != "<p>the page</p>" {
			t.Fatalf("got %v", err)
		}
	}
	if got := len(s.paths()); got != 3 {
		t.Errorf("%d requests, want 3", got)
	}
}

func TestNewChecksOptions(t *testing.T) {
	for _, opts := range []Options{
		{UserAgent: "1/2"}, {UserAgent: "archiver/1\r\nX: y"}, {UserAgent: "archiver 档案"}, {Delay: -1}, {Concurrency: -1}, {MaxBody: -1}, {Timeout: -1},
		{Allow: []string{"a b"}},
	} {
		if _, err := New(opts); archiver.KindOf(err) != archiver.Invalid {
			t.Errorf("New(%+v): %v, want an error of kind invalid", opts, err)
		}
	}
	if _, err := client(t, Options{}).Fetch(t.Context(), archiver.Request{URL: "ftp://x/"}); archiver.KindOf(err) != archiver.Invalid {
		t.Errorf("an ftp address: %v, want an error of kind invalid", err)
	}
}
