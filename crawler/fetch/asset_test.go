package fetch

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"archiver"

	"github.com/google/go-cmp/cmp"
)

const png = "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"

// asset is Fetch of a picture of s that stands in an article of another site.
func asset(t testing.TB, c *Client, s *site, path string) (*archiver.Page, error) {
	t.Helper()
	return c.Fetch(t.Context(), archiver.Request{
		URL: s.URL + path, Referer: "http://blog.example/2026/post?x=1#top", Scope: "http://blog.example/", Asset: true,
	})
}

func TestAsset(t *testing.T) {
	const svg = `<svg xmlns="http://www.w3.org/2000/svg"><script>document.cookie="a";location.reload()</script></svg>`
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	fmt.Fprint(z, svg)
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name   string
		header string
		status int
		body   string
		kind   archiver.Kind // Internal: the body comes back
		want   string        // the bytes where they are others than body, or what the error says
	}{
		{"picture", "Content-Type: image/png", 200, png, 0, ""},
		{"no type", "Content-Type: ", 200, png, 0, ""},
		{"text that is none", "Content-Type: text/plain; charset=gbk", 200, "\xff\xd8\xff\xe0\x00\x00", 0, ""},
		{"anything else", "Content-Type: application/pdf", 200, "%PDF-1.7", 0, ""},
		{"drawing with a script", "Content-Type: image/svg+xml", 200, svg, 0, ""},
		{"packed drawing", "Content-Type: image/svg+xml", 200, packed.String(), 0, svg},
		{"a page in its place", "Content-Type: image/png", 200, "<!DOCTYPE html><p>no hot links</p>", 0, ""},
		{"a challenge in its place", "Content-Type: image/png", 200, "<html><script>document.cookie='a=1';location.reload()</script>", archiver.Blocked, "proof"},
		{"a challenge", "Cf-Mitigated: challenge", 403, "", archiver.Blocked, "proof"},
		{"empty", "Content-Type: image/png", 200, "", archiver.Unusable, "empty"},
		{"nothing", "", 204, "", archiver.Unusable, "empty"},
		{"a part", "Content-Range: bytes 0-3/9", 206, png, archiver.Unusable, "part"},
		{"gone", "", 404, png, archiver.Gone, "404"},
		{"hot-link guard", "", 403, "", archiver.Denied, "403"},
		{"busy", "Retry-After: 1", 503, "", archiver.Transient, "503"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := serve(t, func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path == "/robots.txt" {
					http.NotFound(w, r)
					return
				}
				if name, value, ok := strings.Cut(tt.header, ": "); ok {
					w.Header()[name] = []string{value}
				}
				w.WriteHeader(tt.status)
				_, _ = w.Write([]byte(tt.body))
			})
			page, err := asset(t, client(t, Options{}, s), s, "/a.png")
			if tt.kind != archiver.Internal {
				wantKind(t, err, tt.kind, tt.want)
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			want := tt.want
			if want == "" {
				want = tt.body
			}
			_, kind, _ := strings.Cut(tt.header, ": ")
			page.FetchedAt = time.Time{}
			if diff := cmp.Diff(&archiver.Page{
				Requested: s.URL + "/a.png", URL: s.URL + "/a.png", Status: 200, ContentType: kind, Raw: []byte(want),
			}, page); diff != "" {
				t.Errorf("page (-want +got):\n%s", diff)
			}
		})
	}
}

// Pictures may be anywhere, but every other rule holds for them, at each step of a redirect.
func TestAssetRules(t *testing.T) {
	private := serve(t, pages(map[string]string{"/": png}))
	cdn := serve(t, pages(map[string]string{"/robots.txt": "User-agent: *\nDisallow: /private", "/a.png": png, "/private/a.png": png}))
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/to-cdn":
			http.Redirect(w, r, cdn.URL+"/a.png", http.StatusFound)
		case "/to-forbidden":
			http.Redirect(w, r, cdn.URL+"/private/a.png", http.StatusFound)
		case "/to-private":
			http.Redirect(w, r, private.URL+"/", http.StatusFound)
		default:
			http.NotFound(w, r)
		}
	})
	c := client(t, Options{}, s, cdn)
	if page, err := asset(t, c, s, "/to-cdn"); err != nil || page.URL != cdn.URL+"/a.png" {
		t.Errorf("at another site: %v", err)
	}
	_, err := asset(t, c, s, "/to-forbidden")
	wantKind(t, err, archiver.Blocked, "robots.txt forbids it")
	_, err = asset(t, c, cdn, "/private/a.png")
	wantKind(t, err, archiver.Blocked, "robots.txt forbids it")
	_, err = asset(t, c, s, "/to-private")
	wantKind(t, err, archiver.Blocked, "address of this machine")
	if len(private.paths()) > 0 {
		t.Error("a private address was asked")
	}
	if got := fmt.Sprint(cdn.paths()); got != "[/robots.txt /a.png]" {
		t.Errorf("the other site was asked for %s", got)
	}
}

// A guard against hot links wants to see a page of its own site, or any page.
func TestAssetReferer(t *testing.T) {
	var sent notes
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/robots.txt" {
			http.NotFound(w, r)
			return
		}
		sent.add(r.Referer() + " " + r.Header.Get("Accept"))
		if r.Referer() == "" {
			http.Error(w, "no hot links", http.StatusForbidden)
			return
		}
		_, _ = w.Write([]byte(png))
	})
	c := client(t, Options{}, s)
	tests := []struct{ referer, want string }{
		{"http://blog.example/post?x=1#top", "http://blog.example/"},
		{"http://user:secret@blog.example:8080/post", "http://blog.example:8080/"},
		{s.URL + "/post#top", s.URL + "/post"},
		{"https://blog.example/post", ""}, // the picture is not on https
		{"", ""},
	}
	for _, tt := range tests {
		_, err := c.Fetch(t.Context(), archiver.Request{URL: s.URL + "/a.png", Referer: tt.referer, Asset: true})
		if (err == nil) != (tt.want != "") {
			t.Errorf("from %q: %v", tt.referer, err)
		}
		if got, want := sent.last(), tt.want+" "+acceptAsset; got != want {
			t.Errorf("from %q: Referer and Accept are %q, want %q", tt.referer, got, want)
		}
	}
	// With a page the address of another site is nobody's business.
	_, err := c.Fetch(t.Context(), archiver.Request{URL: s.URL + "/page", Referer: "http://blog.example/"})
	wantKind(t, err, archiver.Denied, "403")
}

func TestAssetBounds(t *testing.T) {
	const most = 1 << 20
	zeros := make([]byte, 64<<10)
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		send := func(w interface{ Write([]byte) (int, error) }, bytes int) {
			for sent := 0; sent < bytes || bytes < 0; sent += len(zeros) {
				if _, err := w.Write(zeros); err != nil {
					return
				}
			}
		}
		w.Header().Set("Content-Type", "image/png")
		switch r.URL.Path {
		case "/robots.txt":
			w.WriteHeader(http.StatusNotFound)
		case "/declared":
			w.Header().Set("Content-Length", fmt.Sprint(50<<20))
			send(w, 50<<20)
		case "/chunked":
			send(w, 50<<20)
		case "/endless":
			send(w, -1)
		case "/bomb", "/hidden-bomb":
			if r.URL.Path == "/bomb" {
				w.Header().Set("Content-Encoding", "gzip")
			}
			z := gzip.NewWriter(w)
			send(z, 256<<20)
			_ = z.Close()
		case "/just":
			send(w, most)
		case "/trickle":
			for {
				_, err := w.Write([]byte("x"))
				w.(http.Flusher).Flush()
				select {
				case <-r.Context().Done():
					return
				case <-time.After(5 * time.Millisecond):
				}
				if err != nil {
					return
				}
			}
		}
	})
	c := client(t, Options{MaxAsset: most, MaxBody: 64, Timeout: 5 * time.Second}, s)
	for _, path := range []string{"/declared", "/chunked", "/endless", "/bomb", "/hidden-bomb"} {
		var traffic archiver.Traffic
		_, err := c.Fetch(t.Context(), archiver.Request{URL: s.URL + path, Asset: true, Traffic: &traffic})
		wantKind(t, err, archiver.Unusable, "the picture is more than 1 MiB")
		if got := traffic.Load().Bytes; got > 2*most {
			t.Errorf("%s: %d bytes were read", path, got)
		}
	}
	if page, err := asset(t, c, s, "/just"); err != nil || len(page.Raw) != most {
		t.Errorf("a picture of just the size: %v", err)
	}
	slow := client(t, Options{Timeout: 200 * time.Millisecond}, s)
	_, err := asset(t, slow, s, "/trickle")
	wantKind(t, err, archiver.Transient, "took too long")
}
