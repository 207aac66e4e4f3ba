package config

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"archiver"
)

// This file reads [mail]: the server that books are sent by. The password may stand in the environment, and is looked up only by
// who sends.

// Mail is a server for outgoing mail. The zero value is none.
type Mail struct {
	Host     string
	Port     int // 0 for the usual one
	User     string
	Password string // "env:NAME" for that variable of the environment
	From     string
	TLS      string // one of MailTLS
	MaxSize  int64  // bytes of a whole message; 0 where the file does not say

	places map[string]string
}

// Ways to secrecy of a connection to a mail server.
const (
	TLSStart    = "starttls" // plain at first, and refused where the server has no TLS
	TLSImplicit = "implicit" // from the first byte
	TLSNone     = "none"     // for a server on this machine
)

type mailFile struct {
	Host     string   `toml:"host"`
	Port     *written `toml:"port"`
	User     string   `toml:"user"`
	Password string   `toml:"password"`
	From     string   `toml:"from"`
	TLS      string   `toml:"tls"`
	MaxSize  *written `toml:"max_size"`
}

var (
	mailKeys = []string{"host", "port", "user", "password", "from", "tls", "max_size"}
	tlsWords = []string{TLSStart, TLSImplicit, TLSNone}
)

func (c *Config) checkMail(f *mailFile, name string, data []byte) error {
	if f == nil {
		return nil
	}
	at := func(key string) string { return locate(name, data, key) }
	m := Mail{Host: f.Host, User: f.User, Password: f.Password, From: f.From, TLS: f.TLS, places: map[string]string{"password": at("password"), "from": at("from")}}
	wrong := func(key string, err error) error {
		hint := archiver.HintOf(err)
		if e, ok := errors.AsType[*archiver.Error](err); ok && e.Err != nil {
			err = e.Err
		}
		return invalid(at(key), hint, fmt.Errorf("mail: %s: %w", key, err))
	}
	if f.Host == "" {
		return invalid(name, `write host = "smtp.example.org"`, errors.New("mail: it has no host"))
	}
	if strings.ContainsAny(f.Host, "/: @\t") || !printableASCII(f.Host) {
		return wrong("host", &archiver.Error{Kind: archiver.Invalid, Err: errors.New("it is no name of a server"), Hint: `write host = "smtp.example.org", and the port as port = 587`})
	}
	if f.Port != nil {
		n, err := number(*f.Port)
		if err == nil && (n < 1 || n > 65535) {
			err = fmt.Errorf("%d is no port", n)
		}
		if err != nil {
			return wrong("port", err)
		}
		m.Port = int(n)
	}
	if m.TLS == "" {
		m.TLS = TLSStart
	}
	if !slices.Contains(tlsWords, m.TLS) {
		return wrong("tls", noWord(m.TLS, tlsWords))
	}
	if err := checkVariable(f.Password); err != nil {
		return wrong("password", err)
	}
	if f.MaxSize != nil {
		var err error
		if m.MaxSize, err = size(*f.MaxSize); err != nil {
			return wrong("max_size", err)
		}
	}
	c.Mail = m
	return nil
}

// Secret is the password, from the environment where it stands there. The error tells the line, not the value.
func (m Mail) Secret(getenv func(string) string) (string, error) {
	name, ok := strings.CutPrefix(m.Password, "env:")
	if !ok {
		return m.Password, nil
	}
	if value := getenv(name); value != "" {
		return value, nil
	}
	return "", invalid(m.places["password"], "set it where archiver runs", fmt.Errorf("password: the environment has no %s", name))
}
