package main

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"archiver"
	"archiver/internal/testsite"
)

// TestAccess archives a blog that stands behind a proxy with a password and shows itself to members with a key only. What opens it
// is found neither in what the program says nor in the archive.
func TestAccess(t *testing.T) {
	const secret = "hunter2"
	site, err := testsite.Start(testsite.Posts(3))
	if err != nil {
		t.Fatal(err)
	}
	defer site.Close()
	var refused, passed atomic.Int32
	forward := &httputil.ReverseProxy{Rewrite: func(*httputil.ProxyRequest) {}}
	guard := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, password, _ := (&http.Request{Header: http.Header{"Authorization": r.Header["Proxy-Authorization"]}}).BasicAuth()
		member := strings.Contains(r.Header.Get("Cookie"), "session="+secret) && r.Header.Get("X-Key") == secret
		if password != secret || !member && r.URL.Path != "/robots.txt" {
			refused.Add(1)
			http.Error(w, "members only", http.StatusForbidden)
			return
		}
		passed.Add(1)
		forward.ServeHTTP(w, r)
	}))
	defer guard.Close()

	dir := t.TempDir()
	host, _, _ := strings.Cut(archiver.Host(site.Category()), ":")
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	config := func(cookies, proxy string) string {
		write("cookies.txt", cookies)
		return write("config.toml", fmt.Sprintf("contact = \"me@blog.example\"\n[[source]]\nname = \"members\"\nurl = %q\ncookies = \"cookies.txt\"\nproxy = %q\n"+
			"headers = { X-Key = \"env:KEY\" }\n", site.Category(), proxy))
	}
	db := filepath.Join(dir, "archive.db")
	run := func(config string) (int, string) {
		var out bytes.Buffer
		code := run(context.Background(), []string{"--config", config, "--db", db, "-vv", "sync", "members", "--delay", "0"}, env{
			Out: &out, Err: &out, Getenv: func(name string) string {
				return map[string]string{"KEY": secret, "GOGC": "100", "GOMEMLIMIT": "off"}[name]
			},
		})
		return code, out.String()
	}
	good := host + "\tFALSE\t/\tFALSE\t0\tsession\t" + secret
	way := strings.Replace(guard.URL, "http://", "http://user:"+secret+"@", 1)
	said := ""
	for _, bad := range [][2]string{{"x\t" + good, way}, {good, "ftp://user:" + secret + "@127.0.0.1:1"}, {"", way}, {good, guard.URL}} {
		code, out := run(config(bad[0], bad[1]))
		if said += out; code == 0 {
			t.Errorf("it went well: %s", out)
		}
	}
	refused.Store(0)
	code, out := run(config(good, way))
	said += out
	if code != 0 || refused.Load() > 0 || passed.Load() < 5 {
		t.Errorf("exit code %d, %d requests passed and %d were refused\n%s", code, passed.Load(), refused.Load(), out)
	}
	if strings.Contains(said, secret) {
		t.Errorf("it was told:\n%s", said)
	}
	files, err := filepath.Glob(db + "*")
	if err != nil || len(files) == 0 {
		t.Fatal("no archive", err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(data, []byte(secret)) {
			t.Errorf("it is in %s", file)
		}
	}
}
