package fetch

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"io"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	"archiver"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"
)

// pack compresses with an encoding; "raw-deflate" is deflate without zlib's header, which some servers send as deflate.
func pack(t testing.TB, encoding string, data []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	var w io.WriteCloser
	var err error
	switch encoding {
	case "gzip":
		w = gzip.NewWriter(&b)
	case "deflate":
		w = zlib.NewWriter(&b)
	case "raw-deflate":
		w, err = flate.NewWriter(&b, 6)
	case "br":
		w = brotli.NewWriter(&b)
	case "zstd":
		w, err = zstd.NewWriter(&b)
	default:
		t.Fatalf("no encoding %q", encoding)
	}
	if err == nil {
		_, err = w.Write(data)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// fetchBytes fetches a page of which the server sends these headers and this body.
func fetchBytes(t testing.TB, opts Options, body []byte, header ...string) (*archiver.Page, error) {
	t.Helper()
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/robots.txt" {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		for i := 0; i < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		_, _ = w.Write(body)
	})
	return fetch(t, client(t, opts, s), s, "/page")
}

func TestDecode(t *testing.T) {
	page := []byte("<html><body><p>" + strings.Repeat("机器学习 ", 5000) + "</p></body></html>")
	gz := func(b []byte) []byte { return pack(t, "gzip", b) }
	tests := []struct {
		name, encoding string
		body           []byte
	}{
		{"plain", "", page},
		{"gzip", "gzip", gz(page)},
		{"x-gzip", "X-GZIP", gz(page)},
		{"zlib", "deflate", pack(t, "deflate", page)},
		{"raw deflate", "deflate", pack(t, "raw-deflate", page)},
		{"brotli", "br", pack(t, "br", page)},
		{"zstd", "zstd", pack(t, "zstd", page)},
		{"gzip in gzip, named", "gzip, gzip", gz(gz(page))},
		{"gzip in gzip, not named", "gzip", gz(gz(page))},
		{"gzip in brotli", "gzip, br", pack(t, "br", gz(page))},
		{"gzip, not named", "", gz(page)},
		{"gzip named, plain", "gzip", page},
		{"identity", "identity", page},
		{"a charset in the wrong place", "utf-8", page},
		{"two members", "gzip", append(gz(page[:1000]), gz(page[1000:])...)},
		{"padding behind", "gzip", append(gz(page), make([]byte, 512)...)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := fetchBytes(t, Options{}, tt.body, "Content-Encoding", tt.encoding)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got.Raw, page) || got.Text != string(page) {
				t.Errorf("%d bytes, want %d", len(got.Raw), len(page))
			}
		})
	}
}

func TestDecodeBroken(t *testing.T) {
	page := []byte("<html><body><p>" + strings.Repeat("text ", 5000) + "</p></body></html>")
	flip := func(b []byte) []byte {
		b = bytes.Clone(b)
		b[len(b)/2] ^= 0xff
		return b
	}
	tests := []struct {
		name, encoding string
		body           []byte
	}{}
	for _, encoding := range []string{"gzip", "deflate", "br", "zstd"} {
		packed := pack(t, encoding, page)
		for _, cut := range []int{1, 5, len(packed) / 2} {
			tests = append(tests, struct {
				name, encoding string
				body           []byte
			}{encoding + " cut", encoding, packed[:len(packed)-cut]})
		}
		if encoding != "br" { // brotli has no checksum
			tests = append(tests, struct {
				name, encoding string
				body           []byte
			}{encoding + " damaged", encoding, flip(packed)})
		}
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := fetchBytes(t, Options{}, tt.body, "Content-Encoding", tt.encoding)
			wantKind(t, err, archiver.Transient, "the answer")
		})
	}
}

// A connection that ends early never gives a short page, however it ends.
func TestCutConnection(t *testing.T) {
	tests := []struct {
		name, head, body string
		whole            bool
	}{
		{"content-length", "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n", "<html><body><p>beginning", false},
		{"chunked", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n", "10\r\n<html><body><p>b\r\n", false},
		{"in a chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n", "ff\r\n<html><body><p>b", false},
		{"no length, cut", "HTTP/1.0 200 OK\r\n", "<html><body><p>beginning", false},
		{"no length, whole", "HTTP/1.0 200 OK\r\n", "<html><body><p>all</p></body></html>", true},
		{"no length, a fragment", "HTTP/1.0 200 OK\r\n", "<p>all</p>", true},
		{"nothing", "", "", false},
		{"in the header", "HTTP/1.1 200 OK\r\nContent-Type: te", "", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := serve(t, func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path == "/robots.txt" {
					http.NotFound(w, r)
					return
				}
				conn, buf, err := http.NewResponseController(w).Hijack()
				if err != nil {
					t.Error(err)
					return
				}
				_, _ = buf.WriteString(tt.head)
				if strings.HasSuffix(tt.head, "\r\n") {
					_, _ = buf.WriteString("Content-Type: text/html\r\n\r\n" + tt.body)
				}
				_ = buf.Flush()
				_ = conn.Close()
			})
			got, err := fetch(t, client(t, Options{}, s), s, "/page")
			if !tt.whole {
				wantKind(t, err, archiver.Transient, "broke off")
				return
			}
			if err != nil || got.Text != tt.body {
				t.Errorf("got %v, want the page", err)
			}
		})
	}
}

func TestTooLarge(t *testing.T) {
	const limit = 1 << 20
	fits := []byte("<p>" + strings.Repeat("x", limit-3))
	if page, err := fetchBytes(t, Options{MaxBody: limit}, fits); err != nil || len(page.Raw) != limit {
		t.Fatalf("a page of just the size: %v", err)
	}
	over := append(fits, 'x')
	zeros := make([]byte, 32<<20)
	empty := bytes.Repeat(pack(t, "gzip", nil), 100_000) // 2.3 MB of gzip members with nothing in them
	tests := []struct {
		name, encoding string
		body           []byte
	}{
		{"one byte over", "", over},
		{"gzip, one byte over", "gzip", pack(t, "gzip", over)},
		{"gzip bomb", "gzip", pack(t, "gzip", zeros)},
		{"brotli bomb", "br", pack(t, "br", zeros)},
		{"zstd bomb", "zstd", pack(t, "zstd", zeros)},
		{"deflate bomb", "deflate", pack(t, "deflate", zeros)},
		{"bomb in a bomb", "gzip", pack(t, "gzip", pack(t, "gzip", zeros))},
		{"emptiness in gzip", "gzip", pack(t, "gzip", empty)},
		{"four times gzip", "gzip", pack(t, "gzip", pack(t, "gzip", pack(t, "gzip", pack(t, "gzip", over[:100]))))},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			started := time.Now()
			_, err := fetchBytes(t, Options{MaxBody: limit}, tt.body, "Content-Encoding", tt.encoding)
			e, took := wantKind(t, err, archiver.Unusable, ""), time.Since(started)
			runtime.ReadMemStats(&after)
			if !strings.Contains(e.Error(), "too large") && !strings.Contains(e.Error(), "packed") {
				t.Errorf("it does not say why: %v", e)
			}
			if grown := (after.TotalAlloc - before.TotalAlloc) >> 20; grown > 64 || took > 20*time.Second {
				t.Errorf("%d MiB allocated in %s", grown, took)
			}
		})
	}
	_, err := fetchBytes(t, Options{MaxBody: limit}, over, "Content-Length", "1048577")
	wantKind(t, err, archiver.Unusable, "more than 1 MiB")
}

// An endless page ends at the bound; an endless error page does not matter.
func TestEndless(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/robots.txt" {
			http.NotFound(w, r)
			return
		}
		if r.URL.Path == "/gone" {
			w.WriteHeader(http.StatusGone)
		}
		for {
			if _, err := w.Write(make([]byte, 1<<16)); err != nil {
				return
			}
		}
	})
	c := client(t, Options{MaxBody: 1 << 20}, s)
	_, err := fetch(t, c, s, "/page")
	wantKind(t, err, archiver.Unusable, "too large")
	_, err = fetch(t, c, s, "/gone")
	wantKind(t, err, archiver.Gone, "410")
}

func BenchmarkFetch(b *testing.B) {
	page := []byte("<html><body>" + strings.Repeat("<p class=\"has-text-align-left\">机器学习是人工智能的一个分支，它 studies algorithms that improve with data。</p>\n", 500) + "</body></html>")
	packed := pack(b, "gzip", page)
	s := serve(b, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/robots.txt" {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Encoding", "gzip")
		_, _ = w.Write(packed)
	})
	b.Logf("page of %d bytes, %d packed", len(page), len(packed))
	b.Run("archiver", func(b *testing.B) {
		c := client(b, Options{}, s)
		b.ReportAllocs()
		for b.Loop() {
			if _, err := fetch(b, c, s, "/page"); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("net/http", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			res, err := http.Get(s.URL + "/page")
			if err != nil {
				b.Fatal(err)
			}
			body, err := io.ReadAll(res.Body)
			if err != nil || len(body) != len(page) {
				b.Fatal(err)
			}
			_ = res.Body.Close()
		}
	})
}
