package main

import (
	"bufio"
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// postOffice is a mail server on this machine, with what a real one may do wrong.
type postOffice struct {
	port     int
	trusting string // a file with its certificate

	mu       sync.Mutex
	letters  [][]byte // that it took
	secured  bool     // whether the last one came over TLS
	loggedIn string   // who sent the last one
	faults   faults
}

type faults struct {
	noTLS, implicit bool
	noAuth          bool
	wrongPassword   bool   // and the answer says back what it was
	recipient       string // the answer to RCPT
	data            string // the answer to the end of the letter
	dropInLetter    bool   // the line goes dead within the letter
	dropAtStart     bool
	dropAfter       bool // when it has taken the letter
	stall           bool // it does not answer to the letter
}

const postUser, postPassword = "reader@example.org", "correct horse"

func openPostOffice(t *testing.T) *postOffice {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	about := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign}
	der, err := x509.CreateCertificate(rand.Reader, about, about, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	p := &postOffice{trusting: filepath.Join(t.TempDir(), "post.pem")}
	if err := os.WriteFile(p.trusting, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
	secure := &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	p.port = listener.Addr().(*net.TCPAddr).Port
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go p.serve(conn, secure)
		}
	}()
	return p
}

// is has it do something wrong from now on, and forget the letters.
func (p *postOffice) is(f faults) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.faults, p.letters, p.loggedIn, p.secured = f, nil, "", false
}

func (p *postOffice) took() [][]byte {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.letters
}

// serve speaks to one sender.
func (p *postOffice) serve(conn net.Conn, secure *tls.Config) {
	defer func() { conn.Close() }()
	p.mu.Lock()
	f := p.faults
	p.mu.Unlock()
	if f.dropAtStart {
		return
	}
	secured := f.implicit
	if secured {
		conn = tls.Server(conn, secure)
	}
	lines := bufio.NewReader(conn)
	say := func(format string, args ...any) { fmt.Fprintf(conn, format+"\r\n", args...) }
	hear := func() string { line, _ := lines.ReadString('\n'); return strings.TrimRight(line, "\r\n") }
	say("220 post office")
	who := ""
	for {
		line := hear()
		word, rest, _ := strings.Cut(line, " ")
		switch strings.ToUpper(word) {
		case "":
			return
		case "EHLO":
			say("250-post office")
			if !secured && !f.noTLS {
				say("250-STARTTLS")
			}
			if !f.noAuth {
				say("250-AUTH PLAIN LOGIN")
			}
			say("250 SIZE 30000000")
		case "STARTTLS":
			say("220 go on")
			conn, secured = tls.Server(conn, secure), true
			lines = bufio.NewReader(conn)
		case "AUTH":
			_, said, _ := strings.Cut(rest, " ")
			plain, _ := base64.StdEncoding.DecodeString(said)
			parts := strings.Split(string(plain), "\x00")
			if f.wrongPassword || len(parts) != 3 || parts[1] != postUser || parts[2] != postPassword {
				say("535 5.7.8 not %s, %s", said, plain)
				continue
			}
			who = parts[1]
			say("235 welcome")
		case "RCPT":
			if f.recipient != "" {
				say("%s", f.recipient)
				continue
			}
			say("250 known")
		case "DATA":
			say("354 go on")
			var letter bytes.Buffer
			for {
				line := hear()
				if line == "." || line == "" && letter.Len() == 0 {
					break
				}
				letter.WriteString(strings.TrimPrefix(line, ".") + "\r\n")
				if f.dropInLetter && letter.Len() > 4000 {
					return
				}
			}
			if f.stall {
				hear()
				return
			}
			if f.data != "" {
				say("%s", f.data)
				continue
			}
			p.mu.Lock()
			p.letters, p.secured, p.loggedIn = append(p.letters, letter.Bytes()), secured, who
			p.mu.Unlock()
			say("250 taken")
			if f.dropAfter {
				return
			}
		case "QUIT":
			say("221 bye")
			return
		default:
			say("250 fine")
		}
	}
}
