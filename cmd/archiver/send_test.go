package main

import (
	"archive/zip"
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/mail"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"archiver"
	"archiver/internal/testsite"
)

// sending is an archive of three articles with a post office.
type sending struct {
	t    *testing.T
	post *postOffice
	db   string
	site *testsite.Site
	conf string
}

func newSending(t *testing.T) *sending {
	t.Helper()
	site, err := testsite.Start(testsite.Posts(3))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { site.Close() })
	dir := t.TempDir()
	s := &sending{t: t, post: openPostOffice(t), db: filepath.Join(dir, "archive.db"), site: site, conf: filepath.Join(dir, "config.toml")}
	output(t, program(t, s.db, "sync", site.Category(), "--delay", "0"))
	s.config("starttls", "")
	return s
}

func (s *sending) config(tls, more string) {
	s.t.Helper()
	text := fmt.Sprintf("[mail]\nhost = '127.0.0.1'\nport = %d\nuser = %q\npassword = 'env:POST'\ntls = %q\n%s\n", s.post.port, postUser, tls, more)
	if err := os.WriteFile(s.conf, []byte(text), 0o600); err != nil {
		s.t.Fatal(err)
	}
}

func (s *sending) command(args ...string) *exec.Cmd {
	s.t.Helper()
	cmd := program(s.t, s.db, append([]string{"--config", s.conf, "send", "-vv"}, args...)...)
	cmd.Env = append(cmd.Env, "SSL_CERT_FILE="+s.post.trusting, "POST="+postPassword, passwordVariable+"=")
	return cmd
}

// run gives what was said, and the exit code. The password is never among it.
func (s *sending) run(args ...string) (said string, code int) {
	s.t.Helper()
	out, err := s.command(args...).CombinedOutput()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		code = exit.ExitCode()
	} else if err != nil {
		s.t.Fatal(err)
	}
	for _, secret := range []string{postPassword, base64.StdEncoding.EncodeToString([]byte(postPassword)), base64.StdEncoding.EncodeToString([]byte("\x00" + postUser + "\x00" + postPassword))} {
		if strings.Contains(string(out), secret) {
			s.t.Errorf("the password is said: %s", out)
		}
	}
	return string(out), code
}

// bookIn is the EPUB of a letter.
func bookIn(t *testing.T, letter []byte) *zip.Reader {
	t.Helper()
	msg, err := mail.ReadMessage(bytes.NewReader(letter))
	if err != nil {
		t.Fatal(err)
	}
	_, params, err := mime.ParseMediaType(msg.Header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	for parts := multipart.NewReader(msg.Body, params["boundary"]); ; {
		part, err := parts.NextPart()
		if err == io.EOF {
			t.Fatal("the letter has no book")
		}
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(part.Header.Get("Content-Type"), "application/epub+zip") {
			continue
		}
		if !strings.HasSuffix(part.FileName(), ".epub") {
			t.Errorf("the book is called %q", part.FileName())
		}
		data, err := io.ReadAll(base64.NewDecoder(base64.StdEncoding, part))
		if err != nil {
			t.Fatal(err)
		}
		book, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			t.Fatal(err)
		}
		return book
	}
}

// TestSend is the way of a book to a reader: over TLS, with a password, once.
func TestSend(t *testing.T) {
	for _, way := range []struct {
		tls    string
		faults faults
	}{{"starttls", faults{}}, {"implicit", faults{implicit: true}}, {"starttls", faults{dropAfter: true}}} {
		t.Run(fmt.Sprintf("%s %v", way.tls, way.faults.dropAfter), func(t *testing.T) {
			s := newSending(t)
			s.config(way.tls, "")
			s.post.is(way.faults)
			if said, code := s.run("nlp", "--to", "me@reader.example"); code != 0 || !strings.Contains(said, "3 articles") {
				t.Fatalf("%d: %s", code, said)
			}
			letters := s.post.took()
			if len(letters) != 1 || !s.post.secured || s.post.loggedIn != postUser {
				t.Fatalf("%d letters, over TLS: %v, of %s", len(letters), s.post.secured, s.post.loggedIn)
			}
			if book := bookIn(t, letters[0]); book.File[0].Name != "mimetype" {
				t.Errorf("the book begins with %s", book.File[0].Name)
			}
			if said, code := s.run("nlp", "--to", "me@reader.example"); code != archiver.ExitNoMatch || !strings.Contains(said, "nothing was sent") {
				t.Errorf("%d: %s", code, said)
			}
			if n := len(s.post.took()); n != 1 {
				t.Errorf("%d letters", n)
			}
			// Another reader, and one who wants it again, still get it; both in one go where one has it.
			if said, code := s.run("--to", "you@reader.example", "--to", "me@reader.example"); code != 0 || len(s.post.took()) != 2 {
				t.Errorf("%d, %d letters: %s", code, len(s.post.took()), said)
			}
			if said, code := s.run("--to", "me@reader.example", "--again"); code != 0 || len(s.post.took()) != 3 {
				t.Errorf("%d, %d letters: %s", code, len(s.post.took()), said)
			}
		})
	}
}

// TestSendFails holds that nothing is noted as sent that the server did not take, and that each failure says what to do.
func TestSendFails(t *testing.T) {
	s := newSending(t)
	tests := []struct {
		name, tls, more string
		faults          faults
		code            int
		say             string
	}{
		{"refused recipient", "starttls", "", faults{recipient: "550 5.1.1 who is that"}, archiver.ExitUsage, "the server refuses the address"},
		{"put off recipient", "starttls", "", faults{recipient: "451 4.7.1 greylisted"}, archiver.ExitBlocked, "later"},
		{"wrong password", "starttls", "", faults{wrongPassword: true}, archiver.ExitUsage, "user and password"},
		{"dropped within the letter", "starttls", "", faults{dropInLetter: true}, archiver.ExitBlocked, "later"},
		{"dropped at once", "starttls", "", faults{dropAtStart: true}, archiver.ExitBlocked, "later"},
		{"too large for the server", "starttls", "", faults{data: "552 5.3.4 too large"}, archiver.ExitUsage, "its answer says why"},
		{"put off at the end", "starttls", "", faults{data: "452 4.3.1 no room"}, archiver.ExitBlocked, "later"},
		{"no TLS", "starttls", "", faults{noTLS: true}, archiver.ExitUsage, "host, port and tls"},
		{"no TLS wanted, and then no password", "none", "", faults{noTLS: true}, archiver.ExitUsage, "host, port and tls"},
		{"no login there", "starttls", "", faults{noAuth: true}, archiver.ExitUsage, "host, port and tls"},
		{"too large for us", "starttls", "max_size = '20KiB'", faults{}, archiver.ExitUsage, "--no-images"},
		{"no sender", "starttls", "from = 'nobody'", faults{}, archiver.ExitUsage, "is no address"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s.t = t
			s.config(tt.tls, tt.more)
			s.post.is(tt.faults)
			said, code := s.run("nlp", "--to", "me@reader.example")
			if code != tt.code || !strings.Contains(said, tt.say) {
				t.Errorf("%d: %s", code, said)
			}
			if n := len(s.post.took()); n != 0 {
				t.Errorf("%d letters were taken", n)
			}
		})
	}
	s.t = t
	s.config("starttls", "")
	t.Run("a stranger's certificate", func(t *testing.T) {
		s.post.is(faults{})
		cmd := s.command("nlp", "--to", "me@reader.example")
		cmd.Env = append(cmd.Env, "SSL_CERT_FILE="+openPostOffice(t).trusting)
		if out, err := cmd.CombinedOutput(); err == nil || !strings.Contains(string(out), "certificate is not one that this system trusts") {
			t.Errorf("%v: %s", err, out)
		}
	})
	t.Run("a signal", func(t *testing.T) {
		s.post.is(faults{stall: true})
		cmd := s.command("nlp", "--to", "me@reader.example")
		var said bytes.Buffer
		cmd.Stdout, cmd.Stderr = &said, &said
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		waitFor(t, func() bool { // the book is made, and its temporary file is there
			found, _ := filepath.Glob(filepath.Join(os.TempDir(), "archiver-*.epub"))
			return len(found) > 0
		})
		_ = cmd.Process.Signal(syscall.SIGTERM)
		_ = cmd.Wait()
		if code := cmd.ProcessState.ExitCode(); code != archiver.ExitInterrupted {
			t.Errorf("%d: %s", code, said.String())
		}
	})
	// After all that, everything is still new.
	s.post.is(faults{})
	if said, code := s.run("nlp", "--to", "me@reader.example"); code != 0 || !strings.Contains(said, "3 articles") {
		t.Errorf("%d: %s", code, said)
	}
	if n := len(s.post.took()); n != 1 {
		t.Errorf("%d letters", n)
	}
}

// TestSendDryRun: it says what would go, writes the mail, and neither sends nor notes anything; it needs no password.
func TestSendDryRun(t *testing.T) {
	s := newSending(t)
	eml := filepath.Join(t.TempDir(), "book.eml")
	cmd := s.command("nlp", "--to", "me@reader.example", "--dry-run", "-o", eml, "--title", "新的 \"文章\"")
	cmd.Env = append(cmd.Env, "POST=")
	said := output(t, cmd)
	if !strings.Contains(said, "would send nlp-20") || !strings.Contains(said, "to me@reader.example by 127.0.0.1:") {
		t.Error(said)
	}
	letter, err := os.ReadFile(eml)
	if err != nil {
		t.Fatal(err)
	}
	bookIn(t, letter)
	msg, err := mail.ReadMessage(bytes.NewReader(letter))
	if err != nil {
		t.Fatal(err)
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(msg.Header.Get("Subject"))
	if err != nil || subject != "新的 \"文章\"" || msg.Header.Get("From") != "<"+postUser+">" || msg.Header.Get("To") != "<me@reader.example>" {
		t.Errorf("%q, %v, %v", subject, err, msg.Header)
	}
	if host, err := os.Hostname(); err == nil && len(host) > 3 && strings.Contains(string(letter[:2000]), host) {
		t.Error("the mail tells this machine's name")
	}
	if n := len(s.post.took()); n != 0 {
		t.Errorf("%d letters", n)
	}
	for _, wrong := range [][]string{{}, {"--to", "nobody"}, {"--to", "a@b.example\r\nBcc: c@d.example"}, {"--to", "a@b.example", "-o", eml}, {"--to", "a@b.example", "--max-image", "1"}} {
		if said, code := s.run(wrong...); code != archiver.ExitUsage {
			t.Errorf("%q: %d: %s", wrong, code, said)
		}
	}
	if said, code := s.run("nlp", "--to", "me@reader.example", "--order", "title"); code != 0 || !strings.Contains(said, "3 articles") {
		t.Errorf("%d: %s", code, said)
	}
}

// TestBookRoom: the largest book that is taken makes a mail that is not over the bound, and not far below it.
func TestBookRoom(t *testing.T) {
	for _, most := range []int64{64 << 10, 1 << 20, 25 << 20} {
		book := bytes.NewReader(make([]byte, bookRoom(most)))
		p := post{maxSize: most}
		p.From = postUser
		l, err := p.letter("me@reader.example", strings.Repeat("题", 200), 3, strings.Repeat("名", 40)+".epub", book, time.Now())
		if err != nil {
			t.Fatal(err)
		}
		n, err := l.msg.WriteTo(io.Discard)
		if err != nil || n > most || n < most-20<<10 {
			t.Errorf("a mail of %d bytes for a bound of %d: %v", n, most, err)
		}
	}
}
