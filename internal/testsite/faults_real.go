package testsite

import (
	"bytes"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// This file is the faults that real blogs have, each with its name. All of them pass: whoever asks again gets the page. What
// nobody can tell from the truth is not among them: 404 for a post that is there, another picture in the place of one.

// RealFault is a fault that was seen on real blogs.
type RealFault struct {
	Name  string
	Fault Fault
}

const (
	// most bounds an endless page and what a gzip bomb unpacks to.
	most = 24 << 20
	// trickleSteps is how many bytes a trickle gives before it ends.
	trickleSteps = 20
)

// RealFaults are all of them. Those that wait, wait as long as wait says where a real server lets its visitor wait for minutes;
// a Retry-After is a second.
func RealFaults(wait time.Duration) []RealFault {
	wall := func(title, text string) Fault {
		return Instead("<!DOCTYPE html><html><head><meta charset=\"utf-8\"><title>" + title + "</title></head><body>" + text + "</body></html>")
	}
	status := func(code int, title, text string) Fault {
		f := wall(title, text)
		f.status = code
		return f
	}
	return []RealFault{
		{"429 with seconds", Status(429, "Retry-After: 1")},
		{"429 with a date in the past", Status(429, "Retry-After: Wed, 21 Oct 2015 07:28:00 GMT")},
		{"429 with nonsense", Status(429, "Retry-After: soon")},
		{"503", Status(503)},
		{"502", Status(502)},
		{"504", Status(504)},
		{"520", Status(520)},
		{"524", Status(524)},
		{"database error as 500", status(500, "数据库错误", "<h1>建立数据库连接时出错</h1>")},
		{"database error as 200", wall("数据库错误", "<h1>建立数据库连接时出错</h1>")},
		{"challenge", status(403, "Just a moment...", `<div id="challenge-error-text">Enable JavaScript and cookies to continue</div><script src="/cdn-cgi/challenge-platform/h/b/orchestrate/chl_page/v1"></script>`)},
		{"cookie and script", Instead(`<html><script>document.cookie="guard=1a2b3c;path=/";location.reload()</script></html>`)},
		{"521 with a script", Fault{status: 521, body: `<script>document.cookie=('_')+('_jsl_clearance=1');location.href=location.pathname</script>`}},
		{"firewall as 200", wall("网站防火墙", "<p>您的请求带有不合法参数，已被网站管理员设置拦截！</p>")},
		{"locked text", wall("提示", "<p>此处内容需要关注公众号后可见，请扫码输入验证码。</p>")},
		{"consent", Redirect("/?consent=required")},
		{"slow first byte", Slow(wait)},
		{"trickle", Fault{kind: faultTrickle, wait: wait}},
		{"stall", Fault{kind: faultStall, wait: wait}},
		{"reset", Reset},
		{"length too long", Truncate},
		{"length too short", Fault{kind: faultCutShort}},
		{"chunks without end", Fault{kind: faultUnfinished}},
		{"truncated gzip", BadGzip},
		{"gzip that is none", altered(func(a *answer) { a.encoded("gzip", a.body) })},
		{"gzip twice", altered(func(a *answer) { a.encoded("gzip", compress(compress(a.body))) })},
		{"br unasked", altered(func(a *answer) { a.encoded("br", brotli(a.body)) })},
		{"gzip bomb", altered(func(a *answer) { a.encoded("gzip", compress(make([]byte, most))) })},
		{"endless", Fault{kind: faultEndless}},
		{"empty", Empty},
		{"warnings before the page", altered(func(a *answer) {
			a.before("<br />\n<b>Warning</b>:  Undefined array key \"x\" in <b>/www/wp-content/plugins/a.php</b> on line <b>12</b><br />\n")
		})},
		{"byte order marks", altered(func(a *answer) { a.before("\uFEFF\uFEFF") })},
		{"NUL bytes", altered(func(a *answer) {
			a.inHTML(func(b []byte) []byte { return bytes.ReplaceAll(b, []byte("</p>"), []byte("\x00</p>")) })
		})},
		{"GB2312 that is GB18030", altered(gb2312)},
		{"one bad byte", altered(func(a *answer) {
			a.inHTML(func(b []byte) []byte { return bytes.Replace(b, []byte("</footer>"), []byte("\xe4</footer>"), 1) })
		})},
		{"redirect to itself", Fault{kind: faultAlter, alter: func(a *answer) { *a = answer{status: 302, location: "?", body: []byte{}} }}},
		{"home page by 302", Redirect("/")},
		{"not found as 200", wall("未找到页面", "<h1>有点尴尬诶！该页无法显示。</h1><p>这儿似乎什么都没有，试试搜索？</p>")},
		{"meta refresh", Instead(`<html><head><meta http-equiv="refresh" content="0;url=/"></head><body></body></html>`)},
		{"not modified, not asked", Fault{status: http.StatusNotModified}},
		{"page as picture", altered(func(a *answer) {
			if strings.HasPrefix(a.contentType, "image/") {
				a.body = []byte("<!DOCTYPE html><html><body>403 Forbidden</body></html>")
			}
		})},
	}
}

func altered(alter func(a *answer)) Fault { return Fault{kind: faultAlter, alter: alter} }

// encoded sends a body under a Content-Encoding, whether it is or not.
func (a *answer) encoded(encoding string, body []byte) {
	a.headers = a.headers.Clone()
	if a.headers == nil {
		a.headers = http.Header{}
	}
	a.headers.Set("Content-Encoding", encoding)
	a.body = body
}

func (a *answer) before(text string) {
	if !strings.HasPrefix(a.contentType, "image/") && a.status == http.StatusOK {
		a.body = append([]byte(text), a.body...)
	}
}

func (a *answer) inHTML(change func([]byte) []byte) {
	if strings.HasPrefix(a.contentType, "text/html") {
		a.body = change(a.body)
	}
}

// gb2312 writes a page in GB18030 and says that it is GB2312.
func gb2312(a *answer) {
	if !strings.HasPrefix(a.contentType, "text/html") {
		return
	}
	if body, err := simplifiedchinese.GB18030.NewEncoder().Bytes(a.body); err == nil {
		for _, label := range []string{"utf-8", "UTF-8"} {
			body = bytes.ReplaceAll(body, []byte(`charset="`+label+`"`), []byte(`charset="gb2312"`))
		}
		a.body, a.contentType = body, "text/html; charset=gb2312"
	}
}

// brotli wraps a body as uncompressed blocks of RFC 7932.
func brotli(body []byte) []byte {
	const block = 1 << 16
	var out []byte
	for first := true; len(body) > 0; first = false {
		n := min(block, len(body))
		// Not the last block, four nibbles of length, uncompressed; the first one has the window's bit before it.
		header := uint32(n-1)<<3 | 1<<19
		if first {
			header <<= 1
		}
		out = append(out, byte(header), byte(header>>8), byte(header>>16))
		out = append(out, body[:n]...)
		body = body[n:]
	}
	return append(out, 3) // the last block, empty
}

// spoil sends an answer that does not come to its end as it should.
func (f *Fault) spoil(w *statusWriter, r *http.Request, a *answer) {
	control := http.NewResponseController(w)
	pause := func(d time.Duration) bool {
		timer := time.NewTimer(d)
		defer timer.Stop()
		select {
		case <-timer.C:
			return true
		case <-r.Context().Done():
			return false
		}
	}
	body := a.plain()
	w.Header().Set("Content-Type", a.contentType)
	switch f.kind {
	case faultCutShort:
		// Nobody can see it but by the page: it ends in the middle.
		w.Header().Set("Content-Length", strconv.Itoa(len(body)/2))
		w.Header().Set("Connection", "close")
		w.WriteHeader(http.StatusOK)
		w.Write(body[:len(body)/2])
		return
	case faultEndless:
		w.WriteHeader(http.StatusOK)
		w.Write(body)
		paragraph := []byte(strings.Repeat("<p>还有更多。</p>\n", 1<<10))
		for sent := 0; sent < most; sent += len(paragraph) {
			if _, err := w.Write(paragraph); err != nil {
				return
			}
		}
		return
	case faultTrickle:
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
		w.WriteHeader(http.StatusOK)
		for i := range min(trickleSteps, len(body)) {
			w.Write(body[i : i+1])
			if control.Flush() != nil || !pause(f.wait/trickleSteps) {
				break
			}
		}
	case faultStall:
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
		w.WriteHeader(http.StatusOK)
		w.Write(body[:len(body)/2])
		control.Flush()
		pause(f.wait)
	case faultUnfinished:
		w.WriteHeader(http.StatusOK)
		w.Write(body[:len(body)/2])
		control.Flush()
	default:
		panic(fmt.Errorf("fault %d spoils nothing", f.kind))
	}
	panic(http.ErrAbortHandler)
}
