package fetch

import (
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"archiver"

	"github.com/google/go-cmp/cmp"
)

// through is a Proxy option that sends everything to a server, which answers for the whole web.
func through(s *site) func(*url.URL) (*url.URL, error) {
	return func(*url.URL) (*url.URL, error) { return url.Parse(s.URL) }
}

func cookiesOf(t testing.TB, lines ...string) []Cookie {
	t.Helper()
	all, err := ParseCookies(strings.NewReader(strings.Join(lines, "\n")))
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// What belongs to one host goes there and nowhere else, whatever redirects say.
func TestAccessStaysAtItsHost(t *testing.T) {
	var sent notes
	web := serve(t, func(w http.ResponseWriter, r *http.Request) {
		sent.add(fmt.Sprintf("%s key=%s cookie=%s ua=%s", r.RequestURI, r.Header.Get("X-Api-Key"), r.Header.Get("Cookie"), r.UserAgent()))
		switch {
		case r.URL.Path == "/robots.txt":
			http.NotFound(w, r)
		case r.URL.Path == "/set":
			http.SetCookie(w, &http.Cookie{Name: "b", Value: "new"})
			http.Redirect(w, r, "/members/1", http.StatusFound)
		case r.URL.RawQuery != "":
			http.Redirect(w, r, "http://"+r.URL.RawQuery+"/", http.StatusFound)
		default:
			_, _ = w.Write([]byte("<p>here</p>"))
		}
	})
	c := client(t, Options{
		UserAgent: "archiver/9", Proxy: through(web), Access: []Access{
			{
				Host: "Blog.example", Header: http.Header{"x-api-key": {"k"}}, UserAgent: "reader/1",
				Cookies: cookiesOf(t, ".blog.example\tTRUE\t/\tFALSE\t0\ta\t1", "other.example\tFALSE\t/\tFALSE\t0\tx\ty"),
			},
			{ // another source of the same blog
				Host: "blog.example", Header: http.Header{"X-Api-Key": {"k"}},
				Cookies: cookiesOf(t, ".blog.example\tTRUE\t/members\tFALSE\t0\tb\t2", ".blog.example\tTRUE\t/\tTRUE\t0\tsafe\t3"),
			},
		},
	})
	const theirs, ours = " key= cookie= ua=archiver/9", " key=k cookie=a=1 ua=reader/1"
	tests := []struct {
		name, url string
		asset     bool
		want      []string
	}{
		{"robots.txt without secrets", "http://blog.example/", false, []string{"http://blog.example/robots.txt key= cookie= ua=reader/1", "http://blog.example/" + ours}},
		{"longer path first", "http://blog.example/members/1", false, []string{"http://blog.example/members/1 key=k cookie=b=2; a=1 ua=reader/1"}},
		{"another host", "http://other.example/", false, []string{"http://other.example/robots.txt" + theirs, "http://other.example/" + theirs}},
		{"a host below", "http://www.blog.example/", false, []string{"http://www.blog.example/robots.txt" + theirs, "http://www.blog.example/" + theirs}},
		{"another port", "http://blog.example:8080/", false, []string{"http://blog.example:8080/robots.txt" + theirs, "http://blog.example:8080/" + theirs}},
		{"redirected to another site", "http://blog.example/?other.example", true, []string{"http://blog.example/?other.example" + ours, "http://other.example/" + theirs}},
		{"redirected to www", "http://blog.example/?www.blog.example", false, []string{"http://blog.example/?www.blog.example" + ours, "http://www.blog.example/" + theirs}},
		{"redirected from another site", "http://other.example/?blog.example", true, []string{"http://other.example/?blog.example" + theirs, "http://blog.example/" + ours}},
		{"set anew on the way", "http://blog.example/set", false, []string{"http://blog.example/set" + ours, "http://blog.example/members/1 key=k cookie=b=new; a=1 ua=reader/1"}},
	}
	for _, tt := range tests {
		before := len(sent.all())
		if _, err := c.Fetch(t.Context(), archiver.Request{URL: tt.url, Asset: tt.asset}); err != nil {
			t.Errorf("%s: %v", tt.name, err)
		}
		if diff := cmp.Diff(tt.want, sent.all()[before:]); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}

func TestAccessFromHTTPSDown(t *testing.T) {
	all, err := newAccesses([]Access{{Host: "blog.example", Header: http.Header{"X": {"k"}}, Cookies: []Cookie{{Domain: "blog.example", Path: "/", Name: "a"}}}})
	if err != nil {
		t.Fatal(err)
	}
	plain, safe := &url.URL{Scheme: "http", Host: "blog.example"}, &url.URL{Scheme: "https", Host: "blog.example"}
	for _, tt := range []struct {
		asked, at *url.URL
		want      int
	}{{plain, plain, 2}, {plain, safe, 2}, {safe, safe, 2}, {safe, plain, 0}} {
		header, cookies := all.secrets(tt.asked, tt.at)
		if got := len(header) + len(cookies); got != tt.want {
			t.Errorf("asked for %s, at %s: %d secrets, want %d", tt.asked, tt.at, got, tt.want)
		}
	}
}

func TestAccessRefuses(t *testing.T) {
	header := func(name, value string) []Access {
		return []Access{{Host: "blog.example", Header: http.Header{name: {value}}}}
	}
	proxy := func(s string) *url.URL {
		u, err := url.Parse(s)
		if err != nil {
			t.Fatal(err)
		}
		return u
	}
	tests := map[string][]Access{
		"no host":            {{}},
		"an address":         {{Host: "http://user:secret@blog.example/"}},
		"a path":             {{Host: "blog.example/x"}},
		"a user":             {{Host: "user:secret@blog.example"}},
		"header Host":        header("host", "secret"),
		"Content-Length":     header("Content-Length", "secret"),
		"Accept-Encoding":    header("accept-encoding", "secret"),
		"Connection":         header("Connection", "secret"),
		"If-None-Match":      header("if-none-match", "secret"),
		"If-Range":           header("If-Range", "secret"),
		"Cookie":             header("Cookie", "secret"),
		"no header's name":   header("X Y", "secret"),
		"no header's value":  header("X-Y", "secret\r\nX: y"),
		"user agent":         {{Host: "blog.example", UserAgent: "secret\n"}},
		"proxy of no kind":   {{Host: "blog.example", Proxy: proxy("ftp://u:secret@proxy.example")}},
		"proxy without host": {{Host: "blog.example", Proxy: proxy("http://u:secret@")}},
		"two values":         append(header("X", "secret"), header("x", "secret2")...),
		"two proxies":        {{Host: "blog.example", Proxy: proxy("http://a:secret@x")}, {Host: "blog.example", Proxy: proxy("http://b:secret@x")}},
		"direct by proxy":    {{Host: "blog.example", Proxy: proxy("http://x")}, {Host: "blog.example", Direct: true}},
		"two user agents":    {{Host: "blog.example", UserAgent: "a"}, {Host: "blog.example", UserAgent: "b"}},
	}
	for name, access := range tests {
		_, err := New(Options{Access: access})
		if err == nil || archiver.KindOf(err) != archiver.Invalid {
			t.Errorf("%s: %v, want an error of kind invalid", name, err)
			continue
		}
		if text := err.Error() + archiver.HintOf(err); strings.Contains(text, "secret") {
			t.Errorf("%s: the error says %q", name, text)
		}
	}
}

// TestSecretsStaySecret: whatever goes wrong on the way to a site, neither the log nor an error tells what only the user may know.
func TestSecretsStaySecret(t *testing.T) {
	const secret = "hunter2"
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/robots.txt" {
			http.NotFound(w, r)
			return
		}
		switch r.URL.Path {
		case "/reset":
			panic(http.ErrAbortHandler)
		case "/redirects":
			http.Redirect(w, r, "/redirects", http.StatusFound)
		case "/cut":
			w.Header().Set("Content-Length", "1000")
			_, _ = w.Write([]byte("<p>"))
		case "/junk":
			_, _ = w.Write([]byte("<p>text \xff\xfe\x81</p>"))
		case "/slow":
			<-r.Context().Done()
		case "/empty":
		default:
			w.WriteHeader(len(r.URL.Path) + 400) // "/a" is 402
		}
	})
	closed := serve(t, pages(nil))
	closed.Close()
	proxy, err := url.Parse(strings.Replace(closed.URL, "http://", "http://user:"+secret+"@", 1))
	if err != nil {
		t.Fatal(err)
	}
	refusing := serve(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusProxyAuthRequired) })
	locked, err := url.Parse(strings.Replace(refusing.URL, "http://", "http://user:"+secret+"@", 1))
	if err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	opts := Options{
		Timeout: 300 * time.Millisecond, Log: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})), Memory: forgetful{},
		Access: []Access{
			{
				Host: archiver.Host(s.URL), Header: http.Header{"Authorization": {"Bearer " + secret}},
				Cookies: cookiesOf(t, "127.0.0.1\tFALSE\t/\tFALSE\t0\tsession\t"+secret),
			},
			{Host: "behind.example", Proxy: proxy},
			{Host: "locked.example", Proxy: locked},
		},
	}
	for _, scheme := range []string{"socks5", "https"} {
		p := *proxy
		p.Scheme = scheme
		opts.Access = append(opts.Access, Access{Host: scheme + ".example", Proxy: &p})
	}
	c := client(t, opts, s)
	fmt.Fprintf(&log, "%v %+v\n", opts.Access, opts)
	seen := log.Len()
	for _, address := range []string{
		s.URL + "/reset", s.URL + "/redirects", s.URL + "/cut", s.URL + "/junk", s.URL + "/slow", s.URL + "/empty", s.URL + "/a", s.URL + "/not-here",
		"http://behind.example/", "https://behind.example/", "http://locked.example/", "https://locked.example/", "http://socks5.example/", "https://https.example/",
	} {
		_, err := c.Fetch(t.Context(), archiver.Request{URL: address})
		if err == nil && !strings.HasSuffix(address, "/junk") {
			t.Errorf("%s: no error", address)
		}
		slog.New(slog.NewJSONHandler(&log, nil)).Info("fetched", "err", err, "detail", fmt.Sprintf("%+v %s", err, archiver.HintOf(err)))
	}
	if log.Len() == seen || strings.Contains(log.String(), secret) {
		t.Errorf("the log says\n%s", log.String())
	}
	// It has to be sent, to be worth keeping.
	var sent notes
	there := serve(t, func(w http.ResponseWriter, r *http.Request) {
		sent.add(r.Header.Get("Authorization") + r.Header.Get("Cookie"))
		_, _ = io.WriteString(w, "<p>here</p>")
	})
	opts.Access[0].Host = archiver.Host(there.URL)
	if _, err := fetch(t, client(t, opts, there), there, "/"); err != nil || strings.Count(sent.last(), secret) != 2 {
		t.Errorf("%v, and the server got %q", err, sent.last())
	}
}

func TestContact(t *testing.T) {
	for contact, want := range map[string]string{
		"":                     DefaultUserAgent,
		"me@blog.example":      `archiver/0.1 (+me@blog.example; a reader's archive; obeys robots.txt as "archiver")`,
		"https://me.example/a": `archiver/0.1 (+https://me.example/a; a reader's archive; obeys robots.txt as "archiver")`,
	} {
		opts, err := Options{Contact: contact}.complete()
		if err != nil || opts.UserAgent != want || productToken(opts.UserAgent) != "archiver" {
			t.Errorf("%q: %q, %v, want %q", contact, opts.UserAgent, err, want)
		}
	}
	if opts, err := (Options{Contact: "me@blog.example", UserAgent: "mine/1"}).complete(); err != nil || opts.UserAgent != "mine/1" {
		t.Errorf("a user agent of one's own is %q, %v", opts.UserAgent, err)
	}
	for _, bad := range []string{"me)@x", "a b", "我@x", "x\r\nX: y", `"me"@x`, `a\b`} {
		if _, err := New(Options{Contact: bad}); archiver.KindOf(err) != archiver.Invalid {
			t.Errorf("%q: %v, want an error of kind invalid", bad, err)
		}
	}
}
