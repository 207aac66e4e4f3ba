package fetch

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/url"
	"strings"
	"syscall"
	"time"

	"archiver"
)

// This file says what an answer, or the lack of one, means for the task.

func isRedirect(status int) bool {
	switch status {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		return true
	}
	return false
}

// judge is nil for an answer that may be a page.
func judge(v *visit) error {
	a := &v.answer
	if isChallenge(a) && !(v.asset && a.status < 300 && !isHTML(a)) {
		return &archiver.Error{
			Kind: archiver.Blocked, Err: fmt.Errorf("the site asks for proof that a person is reading (status %d)", a.status),
			Hint: "it may let you in later, or with a longer --delay",
		}
	}
	status := statusText(a.status)
	switch {
	case a.status == http.StatusNotFound, a.status == http.StatusGone:
		return archiver.Errorf(archiver.Gone, "no longer online (%s)", status)
	case a.status == http.StatusUnauthorized, a.status == http.StatusForbidden, a.status == http.StatusUnavailableForLegalReasons:
		return archiver.Errorf(archiver.Denied, "the server refuses (%s)", status)
	case a.status == http.StatusProxyAuthRequired:
		return errProxyWantsLogin
	case a.status == http.StatusTooManyRequests, a.status == http.StatusRequestTimeout, a.status == http.StatusTooEarly, a.status >= 500:
		return &archiver.Error{
			Kind: archiver.Transient, RetryAfter: retryAfter(a.header, a.at),
			Err: fmt.Errorf("the server cannot answer now (%s)", status),
		}
	case a.status == http.StatusNotModified && v.conditional():
		return nil
	case a.status >= 300, a.status < 200:
		return archiver.Errorf(archiver.Unusable, "the server answers with %s", status)
	case len(bytes.TrimSpace(a.body)) == 0:
		return archiver.Errorf(archiver.Unusable, "the answer is empty (%s)", status)
	case a.status == http.StatusPartialContent:
		return archiver.Errorf(archiver.Unusable, "the server sends a part only (%s)", status)
	}
	if v.asset {
		return nil
	}
	if kind := binaryKind(a); kind != "" {
		return archiver.Errorf(archiver.Unusable, "not a page but %s", kind)
	}
	return nil
}

func statusText(status int) string {
	if text := http.StatusText(status); text != "" {
		return fmt.Sprintf("%d %s", status, text)
	}
	return fmt.Sprintf("status %d", status)
}

// checkText looks at what only the text shows.
func checkText(v *visit, read reading) error {
	if v.answer.openEnd && looksCut(read.text) {
		return &archiver.Error{Kind: archiver.Transient, Err: errCut}
	}
	if read.damaged > 0 && read.damaged*2 > len([]rune(read.text)) {
		return archiver.Errorf(archiver.Unusable, "not a page: most of it is no text in any known encoding")
	}
	return nil
}

// looksCut reports whether HTML began as a whole document and does not end as one. Only for bodies whose end is otherwise
// unknown: the closing tags may be left out.
func looksCut(text string) bool {
	return hasTag(text, "<body") && !hasTag(text, "</body") && !hasTag(text, "</html")
}

func hasTag(text, tag string) bool {
	for {
		i := strings.IndexByte(text, '<')
		if i < 0 || len(text)-i < len(tag) {
			return false
		}
		if text = text[i:]; strings.EqualFold(text[:len(tag)], tag) {
			return true
		}
		text = text[1:]
	}
}

// binaryKind names the media type of what is certainly no page, else "".
func binaryKind(a *answer) string {
	declared, _, err := mime.ParseMediaType(a.header.Get("Content-Type"))
	if err != nil {
		declared, _, _ = strings.Cut(a.header.Get("Content-Type"), ";")
		declared = strings.ToLower(strings.TrimSpace(declared))
	}
	if declared == "application/gzip" || declared == "application/x-gzip" {
		declared = "" // a packed file, as sitemaps are, is unpacked by now: what was in it counts
	}
	if isBinary(declared) {
		return declared
	}
	if strings.HasPrefix(declared, "text/") || strings.HasSuffix(declared, "xml") || strings.HasSuffix(declared, "json") {
		return ""
	}
	if sniffed := http.DetectContentType(a.body); isBinary(sniffed) {
		return sniffed
	}
	return ""
}

// isHTML reports whether a body looks like a web page, whatever its header says.
func isHTML(a *answer) bool {
	return strings.HasPrefix(http.DetectContentType(a.body), "text/html")
}

func isBinary(mediaType string) bool {
	if mediaType == "image/svg+xml" {
		return true
	}
	family, kind, _ := strings.Cut(mediaType, "/")
	switch family {
	case "image", "audio", "video", "font":
		return true
	case "application":
		switch kind {
		case "pdf", "zip", "gzip", "x-gzip", "x-rar-compressed", "x-7z-compressed", "x-tar", "epub+zip", "msword", "postscript", "wasm", "ogg",
			"vnd.ms-fontobject", "vnd.ms-excel", "vnd.ms-powerpoint", "x-shockwave-flash", "java-archive", "vnd.android.package-archive":
			return true
		}
		return strings.HasPrefix(kind, "vnd.openxmlformats-")
	}
	return false
}

// challengeMarks stand in the pages with which well-known guards of sites answer programs.
var challengeMarks = [][]byte{
	[]byte("_cf_chl_opt"), []byte("cf-browser-verification"), []byte("/cdn-cgi/challenge-platform/"), []byte("<title>Just a moment..."),
	[]byte("_Incapsula_Resource"), []byte("sucuri_cloudproxy_js"), []byte("ddos-guard"), []byte("acw_sc__v2"), []byte("aliyun_waf"),
	[]byte("__jsl_clearance"), []byte("captcha-delivery.com"), []byte("AwsWafIntegration"), []byte("/.well-known/sgcaptcha/"),
}

// maxChallenge bounds the pages with status 200 that are looked at for a challenge: those pages are small.
const maxChallenge = 32 << 10

func isChallenge(a *answer) bool {
	if a.header.Get("cf-mitigated") == "challenge" || a.header.Get("x-amzn-waf-action") != "" {
		return true
	}
	if a.status < 300 {
		// An article may well speak of such pages; it does so in paragraphs.
		if len(a.body) == 0 || len(a.body) > maxChallenge || bytes.Contains(a.body, []byte("<p")) || bytes.Contains(a.body, []byte("<article")) {
			return false
		}
		if bytes.Contains(a.body, []byte("document.cookie")) && bytes.Contains(a.body, []byte("location.reload")) {
			return true
		}
	}
	if isRedirect(a.status) || a.status == http.StatusNotFound || a.status == http.StatusGone {
		return false
	}
	for _, mark := range challengeMarks {
		if bytes.Contains(a.body, mark) {
			return true
		}
	}
	return false
}

// unknownHostPause is longer than a run sits idle.
const unknownHostPause = 10 * time.Minute

// classify gives the failure of a request its Kind: what the network does passes by itself, except where it says that the
// address or the site is wrong, which the hint tells.
func classify(err error) *archiver.Error {
	if e, ok := errors.AsType[*archiver.Error](err); ok {
		c := *e
		return &c
	}
	e := &archiver.Error{Kind: archiver.Transient, Err: withoutURL(err)}
	if op, ok := errors.AsType[*net.OpError](err); ok && (op.Op == "proxyconnect" || op.Op == "socks connect") {
		e.Err = fmt.Errorf("the proxy gives no connection: %w", op.Err)
		e.Hint = "check the proxy, and whether it lets through to that site"
		return e
	}
	if dns, ok := errors.AsType[*net.DNSError](err); ok {
		e.Err = fmt.Errorf("the host %s cannot be looked up", dns.Name)
		if dns.IsNotFound {
			// It may be a typing error or a network that is down; a look-up cannot tell, so it is tried again, but nobody
			// is kept waiting for it.
			e.Err = fmt.Errorf("no such host: %s", dns.Name)
			e.RetryAfter = unknownHostPause
		}
		e.Hint = "check the address and the network"
		return e
	}
	if _, ok := errors.AsType[*tls.CertificateVerificationError](err); ok || isCertificate(err) {
		e.Hint = "the site's certificate is not valid here; check the address, and the clock of this machine"
		return e
	}
	if _, ok := errors.AsType[tls.RecordHeaderError](err); ok {
		e.Err = errors.New("the server does not speak https on this port")
		e.Hint = "check whether the address begins with http://"
		return e
	}
	switch {
	case errors.Is(err, errTimeout), errors.Is(err, context.DeadlineExceeded), isTimeout(err):
		e.Err = errTimeout
	case errors.Is(err, syscall.ECONNREFUSED):
		e.Err = errors.New("the server refuses connections")
		e.Hint = "check the address; the server may be down"
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF), errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		e.Err = errCut
	}
	return e
}

func isCertificate(err error) bool {
	if _, ok := errors.AsType[x509.UnknownAuthorityError](err); ok {
		return true
	}
	_, ok := errors.AsType[x509.HostnameError](err)
	return ok
}

func isTimeout(err error) bool {
	e, ok := errors.AsType[net.Error](err)
	return ok && e.Timeout()
}

// isNetwork tells an error of the connection from one of what came over it.
func isNetwork(err error) bool {
	if errors.Is(err, errTimeout) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return true
	}
	_, ok := errors.AsType[net.Error](err)
	return ok
}

// withoutURL takes the address out of an error of net/http and net/url: the task names it, and it may hold credentials.
func withoutURL(err error) error {
	for {
		e, ok := errors.AsType[*url.Error](err)
		if !ok {
			return err
		}
		err = e.Err
	}
}

// withoutUser is an address fit for messages.
func withoutUser(address string) string {
	head, tail, ok := strings.Cut(address, "://")
	if !ok {
		return address
	}
	if end := strings.IndexAny(tail, "/?#"); end >= 0 {
		if at := strings.LastIndexByte(tail[:end], '@'); at >= 0 {
			return head + "://" + tail[at+1:]
		}
		return address
	}
	if at := strings.LastIndexByte(tail, '@'); at >= 0 {
		return head + "://" + tail[at+1:]
	}
	return address
}
