package main

import (
	"context"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	netmail "net/mail"
	"net/textproto"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"archiver"
	"archiver/internal/config"

	"github.com/wneessen/go-mail"
)

// This file hands mail to a server. Rules: a password goes over TLS or as an answer to a challenge, and into no message of ours; a
// failure says whether it may pass by itself.

const (
	// postTime is enough for the largest message over a slow line.
	postTime = 10 * time.Minute
	// passwordVariable goes before the configuration.
	passwordVariable = "ARCHIVER_SMTP_PASSWORD"
)

// post is a mail server, and who sends by it.
type post struct {
	config.Mail
	secret  string
	maxSize int64
}

// newPost reads what the configuration says. A dry run needs no password.
func (a *app) newPost(m config.Mail, dryRun bool) (post, error) {
	invalid := func(what, hint string) (post, error) {
		return post{}, &archiver.Error{Kind: archiver.Invalid, Op: "send", Err: errors.New(what), Hint: hint}
	}
	if m.Host == "" {
		return invalid("the configuration names no mail server", "write [mail] with host, user and from: docs/send.md")
	}
	if m.From == "" {
		m.From = m.User
	}
	if at, err := netmail.ParseAddress(m.From); err != nil || at.Address != m.From {
		return invalid(fmt.Sprintf("the sender %q is no address", m.From), "write from of [mail] like reader@example.org")
	}
	if m.Port == 0 {
		m.Port = map[string]int{config.TLSStart: 587, config.TLSImplicit: 465, config.TLSNone: 25}[m.TLS]
	}
	p := post{Mail: m, maxSize: m.MaxSize}
	if p.maxSize == 0 {
		p.maxSize = defaultMail
	}
	if m.User == "" || dryRun {
		return p, nil
	}
	if p.secret = a.Getenv(passwordVariable); p.secret != "" {
		return p, nil
	}
	var err error
	if p.secret, err = m.Secret(a.Getenv); err == nil && p.secret == "" {
		return invalid("there is no password for "+m.User, "set "+passwordVariable+", or password of [mail] to \"env:NAME\"")
	}
	return p, err
}

func (p post) server() string { return net.JoinHostPort(p.Host, strconv.Itoa(p.Port)) }

// letter is a mail that is ready to go.
type letter struct{ msg *mail.Msg }

func (p post) letter(to, title string, articles int, name string, book io.ReadSeeker, now time.Time) (letter, error) {
	msg := mail.NewMsg()
	if err := errors.Join(msg.From(p.From), msg.To(to)); err != nil {
		return letter{}, &archiver.Error{Kind: archiver.Invalid, Op: "send", URL: to, Err: err}
	}
	msg.Subject(strings.Join(strings.Fields(printable(title)), " "))
	msg.SetUserAgent("archiver")
	msg.SetDateWithValue(now)
	_, host, _ := strings.Cut(p.From, "@")
	msg.SetMessageIDWithValue(fmt.Sprintf("%d.%d@%s", now.UnixNano(), articles, host)) // not the name of this machine, which is nobody's business
	msg.SetBodyString(mail.TypeTextPlain, fmt.Sprintf("%s: %s, saved by archiver.\n", title, count(articles, "article")))
	msg.AttachReadSeeker(name, book, mail.WithFileContentType("application/epub+zip"))
	return letter{msg}, nil
}

// writeFile writes the mail as it would be sent.
func (l letter) writeFile(path string) (err error) {
	draft, err := os.CreateTemp(filepath.Dir(path), ".archiver-*.eml")
	if err == nil {
		defer os.Remove(draft.Name())
		_, err = l.msg.WriteTo(draft)
		if err = errors.Join(err, draft.Close()); err == nil {
			err = os.Rename(draft.Name(), path)
		}
	}
	if err == nil {
		return nil
	}
	if e, ok := errors.AsType[*os.PathError](err); ok {
		err = e.Err // the name of the draft says nothing
	}
	return &archiver.Error{Kind: archiver.Storage, Op: "write", URL: path, Err: err, Hint: "name a place where you may write"}
}

// deliver hands a letter to the server. It gives no error where the server took the letter, however it took its leave.
func (p post) deliver(ctx context.Context, l letter) error {
	options := []mail.Option{mail.WithPort(p.Port), mail.WithTimeout(postTime), mail.WithoutNoop(), mail.WithHELO("localhost")}
	switch p.TLS {
	case config.TLSImplicit:
		options = append(options, mail.WithSSL())
	case config.TLSNone:
		options = append(options, mail.WithTLSPolicy(mail.NoTLS))
	default:
		options = append(options, mail.WithTLSPolicy(mail.TLSMandatory))
	}
	if p.User != "" {
		options = append(options, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover), mail.WithUsername(p.User), mail.WithPassword(p.secret))
	}
	client, err := mail.NewClient(p.Host, options...)
	if err != nil {
		return p.problem(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- client.DialAndSendWithContext(ctx, l.msg) }()
	select {
	case err = <-ended:
	case <-ctx.Done():
		return context.Cause(ctx) // the connection ends with the program; half a mail is none
	}
	if err != nil && !l.msg.IsDelivered() {
		return p.problem(err)
	}
	return nil
}

// problem sorts what went wrong with the server.
func (p post) problem(err error) error {
	e := &archiver.Error{Kind: archiver.Transient, Op: "send by", URL: p.server(), Err: errors.New(p.withoutSecret(err.Error())),
		Hint: "nothing was noted as sent; run the same command again later"}
	var untrusted *tls.CertificateVerificationError
	var said *textproto.Error
	var refused *mail.SendError
	var network net.Error
	switch {
	case errors.As(err, &untrusted):
		e.Kind, e.Hint = archiver.Invalid, "the server's certificate is not one that this system trusts, or is for another name than host of [mail]"
	case errors.As(err, &refused) && refused.Reason == mail.ErrSMTPRcptTo && refused.ErrorCode() >= 500:
		e.Kind, e.Hint = archiver.Invalid, "the server refuses the address; e-reader services want "+p.From+" among the senders that you allow there"
	case errors.As(err, &refused) && refused.ErrorCode() >= 500:
		e.Kind, e.Hint = archiver.Invalid, "the server refuses the mail for good; its answer says why"
	case errors.As(err, &refused):
	case errors.As(err, &said) && said.Code >= 500:
		e.Kind, e.Hint = archiver.Invalid, "look at user and password of [mail]; many services want a password made for this program"
	case errors.As(err, &said), errors.As(err, &network), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
	default: // the server cannot do what [mail] asks of it
		e.Kind, e.Hint = archiver.Invalid, "look at host, port and tls of [mail]"
	}
	return e
}

// withoutSecret is what a server said without the password, should it have said it back.
func (p post) withoutSecret(text string) string {
	if p.secret == "" {
		return text
	}
	for _, secret := range []string{
		p.secret, base64.StdEncoding.EncodeToString([]byte(p.secret)), base64.StdEncoding.EncodeToString([]byte("\x00" + p.User + "\x00" + p.secret)),
	} {
		text = strings.ReplaceAll(text, secret, "…")
	}
	return text
}
