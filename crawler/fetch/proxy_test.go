package fetch

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"archiver"

	"github.com/google/go-cmp/cmp"
)

func TestProxy(t *testing.T) {
	var sent notes
	web := serve(t, func(w http.ResponseWriter, r *http.Request) {
		sent.add(r.Method + " " + r.RequestURI + " " + r.Header.Get("Proxy-Authorization"))
		switch {
		case r.Method == http.MethodConnect:
			w.WriteHeader(http.StatusForbidden)
		case r.URL.Path == "/robots.txt":
			http.NotFound(w, r)
		case r.URL.Path == "/to-private":
			http.Redirect(w, r, "http://192.168.1.1/", http.StatusFound)
		case r.URL.Path == "/login":
			w.WriteHeader(http.StatusProxyAuthRequired)
		default:
			_, _ = w.Write([]byte("<p>by proxy</p>"))
		}
	})
	own := serve(t, pages(map[string]string{"/": "<p>direct</p>"}))
	proxy, err := url.Parse(web.URL)
	if err != nil {
		t.Fatal(err)
	}
	withUser := *proxy
	withUser.User = url.UserPassword("me", "pass")
	c := client(t, Options{
		Proxy:  func(*url.URL) (*url.URL, error) { return proxy, nil },
		Access: []Access{{Host: "mine.example", Proxy: &withUser}, {Host: archiver.Host(own.URL), Direct: true}},
	}, own)
	tests := []struct {
		name, url string
		kind      archiver.Kind
		says      string
		want      []string
	}{
		{"global", "http://blog.example/", 0, "by proxy", []string{"GET http://blog.example/robots.txt ", "GET http://blog.example/ "}},
		{"of the host, with a password", "http://mine.example/", 0, "by proxy",
			[]string{"GET http://mine.example/robots.txt Basic bWU6cGFzcw==", "GET http://mine.example/ Basic bWU6cGFzcw=="}},
		{"direct", own.URL + "/", 0, "direct", nil},
		{"a tunnel that is refused", "https://blog.example/", archiver.Transient, "gives no connection (403", []string{"CONNECT blog.example:443 "}},
		{"a proxy that wants a login", "http://blog.example/login", archiver.Transient, "user and password", []string{"GET http://blog.example/login "}},
		{"redirect to a private address", "http://blog.example/to-private", archiver.Blocked, "private network", []string{"GET http://blog.example/to-private "}},
		{"private address", "http://10.0.0.1/", archiver.Blocked, "private network", nil},
		{"the proxy's own address", web.URL + "/", archiver.Blocked, "this machine", nil},
		{"localhost", "http://localhost/", archiver.Blocked, "this machine", nil},
		{"below localhost", "http://x.LOCALHOST:99/", archiver.Blocked, "this machine", nil},
		{"IPv6", "http://[::ffff:127.0.0.1]/", archiver.Blocked, "this machine", nil},
		{"short address", "http://127.1/", archiver.Blocked, "neither a name", nil},
		{"number", "http://2130706433/", archiver.Blocked, "neither a name", nil},
		{"hexadecimal", "http://0x7f.0x1/", archiver.Blocked, "neither a name", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			before := len(sent.all())
			page, err := c.Fetch(t.Context(), archiver.Request{URL: tt.url, Asset: tt.kind == archiver.Blocked})
			if tt.kind != archiver.Internal {
				wantKind(t, err, tt.kind, tt.says)
			} else if err != nil || !strings.Contains(page.Text, tt.says) {
				t.Errorf("got %v", err)
			}
			if diff := cmp.Diff(tt.want, sent.all()[before:], cmp.Transformer("empty", func(s []string) string { return fmt.Sprint(s) })); diff != "" {
				t.Errorf("the proxy was asked (-want +got):\n%s", diff)
			}
		})
	}
}

// A proxy does not open its own address: what is asked for directly meets the guard.
func TestProxyOpensNothing(t *testing.T) {
	web := serve(t, func(w http.ResponseWriter, r *http.Request) { _, _ = w.Write([]byte("<p>inner</p>")) })
	proxy, err := url.Parse(web.URL)
	if err != nil {
		t.Fatal(err)
	}
	c := client(t, Options{Access: []Access{{Host: "blog.example", Proxy: proxy}}})
	if _, err := c.Fetch(t.Context(), archiver.Request{URL: "http://blog.example/"}); err != nil {
		t.Fatal(err)
	}
	_, err = c.Fetch(t.Context(), archiver.Request{URL: web.URL + "/"})
	wantKind(t, err, archiver.Blocked, "this machine")
	// A private address that the user allowed may be asked for through the proxy too.
	c = client(t, Options{Proxy: through(web), Allow: []string{"10.0.0.0/8", "127.1:80"}})
	for _, address := range []string{"http://10.1.2.3/", "http://127.1/"} {
		if _, err := c.Fetch(t.Context(), archiver.Request{URL: address}); err != nil {
			t.Errorf("%s: %v", address, err)
		}
	}
}

func TestProxyThatCannotBeRead(t *testing.T) {
	for name, proxy := range map[string]func(*url.URL) (*url.URL, error){
		"an error":  func(*url.URL) (*url.URL, error) { return nil, errors.New("invalid proxy address http://u:secret@") },
		"no scheme": func(*url.URL) (*url.URL, error) { return &url.URL{Host: "secret"}, nil },
	} {
		_, err := client(t, Options{Proxy: proxy}).Fetch(t.Context(), archiver.Request{URL: "http://blog.example/"})
		if e := wantKind(t, err, archiver.Invalid, "proxy"); strings.Contains(e.Error()+e.Hint, "secret") {
			t.Errorf("%s: the error says %q", name, e)
		}
	}
	none := func(*url.URL) (*url.URL, error) { return nil, nil }
	s := serve(t, pages(map[string]string{"/": "<p>x</p>"}))
	if _, err := fetch(t, client(t, Options{Proxy: none}, s), s, "/"); err != nil {
		t.Errorf("no proxy for it: %v", err)
	}
}

func TestSOCKS(t *testing.T) {
	s := serve(t, pages(map[string]string{"/": "<p>by socks</p>"}))
	var targets notes
	address := socksServer(t, s.Listener.Addr().String(), &targets)
	c := client(t, Options{Access: []Access{{Host: "blog.example", Proxy: &url.URL{Scheme: "socks5", Host: address}}}})
	page, err := c.Fetch(t.Context(), archiver.Request{URL: "http://blog.example/"})
	if err != nil || page.Text != "<p>by socks</p>" {
		t.Fatalf("got %v", err)
	}
	if diff := cmp.Diff([]string{"blog.example:80"}, targets.all()); diff != "" {
		t.Errorf("targets (-want +got):\n%s", diff)
	}
}

// socksServer is a SOCKS5 proxy for names, without login, that leads everywhere to one address.
func socksServer(t *testing.T, to string, targets *notes) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	serveOne := func(conn net.Conn) error {
		defer func() { _ = conn.Close() }()
		head := make([]byte, 2)
		if _, err := io.ReadFull(conn, head); err != nil {
			return err
		}
		if _, err := io.CopyN(io.Discard, conn, int64(head[1])); err != nil {
			return err
		}
		if _, err := conn.Write([]byte{5, 0}); err != nil {
			return err
		}
		ask := make([]byte, 5) // version, connect, 0, name, its length
		if _, err := io.ReadFull(conn, ask); err != nil {
			return err
		}
		name := make([]byte, int(ask[4])+2)
		if _, err := io.ReadFull(conn, name); err != nil {
			return err
		}
		port := int(name[len(name)-2])<<8 | int(name[len(name)-1])
		targets.add(fmt.Sprintf("%s:%d", name[:len(name)-2], port))
		up, err := net.Dial("tcp", to)
		if err != nil {
			return err
		}
		defer func() { _ = up.Close() }()
		if _, err := conn.Write([]byte{5, 0, 0, 1, 0, 0, 0, 0, 0, 0}); err != nil {
			return err
		}
		go func() { _, _ = io.Copy(up, conn) }()
		_, err = io.Copy(conn, up)
		return err
	}
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() { _ = serveOne(conn) }()
		}
	}()
	return l.Addr().String()
}
