package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"archiver"
	"archiver/internal/testsite"
)

// TestWallsOfASync has one article of a blog answer with what stands in its place: what was saved is kept, and words, state and exit
// code say what it was.
func TestWallsOfASync(t *testing.T) {
	tests := []struct {
		name, html, words, state string
		code                     int
	}{
		{"guard", `<title>Just a moment...</title><p>Checking your browser before accessing this site.</p>`, "proof that a person is reading", "blocked", archiver.ExitBlocked},
		{"filter", `<title>温馨提示</title><p>您访问的网站因含有违法违规信息，已被屏蔽。</p>`, "firewall or filter", "blocked", archiver.ExitBlocked},
		{"host", `<title>Account Suspended</title><p>This account has been suspended. Contact your hosting provider.</p>`, "host shows a page of its own", "blocked", archiver.ExitBlocked},
		{"login", `<title>用户登录</title><form><p>您需要登录后才可以继续本操作</p><input type=password></form>`, "asks for a login", "denied", archiver.ExitPartial},
		{"consent", `<title>Before you continue</title><p>We use cookies. Accept all cookies or reject all.</p>`, "question about cookies", "denied", archiver.ExitPartial},
		{"soft 404", `<title>提示信息</title><p>抱歉，指定的文章不存在或已被删除</p>`, "page for what it does not have", "quarantined", archiver.ExitPartial},
		{"script", `<title>笔记</title><div id="app"></div><script src="/app.js"></script>`, "made by a script", "quarantined", archiver.ExitPartial},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			site, err := testsite.Start(testsite.Posts(6), testsite.OnPath("/archives/103", testsite.Instead(tt.html)))
			if err != nil {
				t.Fatal(err)
			}
			defer site.Close()
			db := filepath.Join(t.TempDir(), "archive.db")
			archiver := func(args ...string) (code int, out, errs string) {
				var o, e bytes.Buffer
				args = append([]string{"--config", os.DevNull, "--db", db}, args...)
				code = run(context.Background(), args, env{Out: &o, Err: &e, Getenv: func(string) string { return "0" }})
				return code, o.String(), e.String()
			}
			code, out, errs := archiver("sync", site.Category(), "--delay", "0")
			if code != tt.code || !strings.Contains(out, "5 saved, 1 failed") || !strings.Contains(errs, tt.words) || !strings.Contains(errs, "what was saved is kept") {
				t.Errorf("exit code %d, want %d and %q\n%s%s", code, tt.code, tt.words, out, errs)
			}
			if _, out, _ := archiver("list", "--problems"); !strings.Contains(out, "\n"+tt.state+" ") {
				t.Errorf("problems\n%s\nwant it %s", out, tt.state)
			}
		})
	}
}
