package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/mail"
	"os"
	"strings"
	"time"

	"archiver"
	"archiver/export"
	"archiver/storage"

	"github.com/spf13/cobra"
)

// This file sends what is new by mail. Rules: each address gets each article once; what went is noted when the server has taken it,
// not before; a book that is too large for mail is not begun to be sent.

// defaultMail is what most mail servers take of one message; e-reader services take up to 50 MB, on the way there are others.
const defaultMail = 25 << 20

// sendFlags are those of the command.
type sendFlags struct {
	exportFlags
	to     []string
	dryRun bool
	again  bool // also what was sent already
	eml    string
}

func newSend(a *app) *cobra.Command {
	var f sendFlags
	cmd := &cobra.Command{
		Use:   "send [SOURCE…]",
		Short: "Send what is new as an EPUB by mail, to an e-reader's address",
		Long: `Send the articles of the sources, or of all of them, that an address was not sent yet, as one EPUB by mail. The server is [mail] of the
configuration; the password may be in ARCHIVER_SMTP_PASSWORD. What was sent is remembered when the server has taken it. Where nothing is
new nothing is sent, and the exit code is 7. docs/send.md shows how to begin, and what e-reader services want.`,
		Example: `  archiver send nlp --to me@kindle.example --dry-run
  archiver send --to me@kindle.example --since 7d     the first time: not the whole archive
  archiver send --to me@kindle.example -q`,
		ValidArgsFunction: a.completeSources,
		RunE: func(cmd *cobra.Command, args []string) error {
			ctx := cmd.Context()
			if err := f.check(); err != nil {
				return err
			}
			format, err := lookupFormat("epub")
			if err != nil {
				return err
			}
			w, err := f.read(cmd.Flags(), format)
			if err != nil {
				return err
			}
			store, cfg, err := a.open(ctx)
			if err != nil {
				return err
			}
			defer store.Close()
			if w.ids, w.sources, err = sourceIDs(ctx, store, args); err != nil {
				return err
			}
			if len(w.ids) == 0 {
				if w.sources, err = store.Sources(ctx); err != nil {
					return err
				}
			}
			p, err := a.newPost(cfg.Mail, f.dryRun)
			if err != nil {
				return err
			}
			return a.send(ctx, store, p, w, f)
		},
	}
	flags := cmd.Flags()
	flags.StringArrayVar(&f.to, "to", nil, "the `ADDRESS` to send to; again for another")
	flags.BoolVar(&f.dryRun, "dry-run", false, "say what would be sent, and send nothing")
	flags.StringVarP(&f.eml, "output", "o", "", "with --dry-run: write the mail into a `FILE`, as it would be sent")
	flags.BoolVar(&f.again, "again", false, "also what was sent to the address already")
	f.bookFlags(flags)
	completeFlags(cmd)
	return cmd
}

func (f sendFlags) check() error {
	for _, to := range f.to {
		if at, err := mail.ParseAddress(to); err != nil || at.Address != to {
			return flagError("to", fmt.Sprintf("%q is no address", to), "write it like reader@example.org")
		}
	}
	switch {
	case len(f.to) == 0:
		return flagError("to", "it names nobody", "write --to reader@example.org")
	case f.eml != "" && (!f.dryRun || len(f.to) > 1):
		return flagError("output", "it is for --dry-run with one address", "add --dry-run, or leave it out")
	}
	return nil
}

// send makes and sends a book for each address. One that fails does not keep the others from theirs.
func (a *app) send(ctx context.Context, store storage.Store, p post, w edition, f sendFlags) error {
	var all error
	nothing := 0
	for _, to := range f.to {
		err := a.sendTo(ctx, store, p, w, f, to)
		switch {
		case err == nil:
		case archiver.KindOf(err) == archiver.NoMatch:
			nothing++
			if len(f.to) == 1 {
				return err
			}
			if !a.quiet {
				fmt.Fprintln(a.Err, "archiver: "+printable(err.Error()))
			}
		case ctx.Err() != nil:
			return err
		default:
			if len(f.to) == 1 {
				return err
			}
			sayError(a.Err, err)
			all = exit(archiver.WorseExit(archiver.ExitPartial, archiver.ExitCodeOf(err)))
		}
	}
	if nothing == len(f.to) {
		return exit(archiver.ExitNoMatch)
	}
	return all
}

func (a *app) sendTo(ctx context.Context, store storage.Store, p post, w edition, f sendFlags, to string) error {
	target := "mail:" + strings.ToLower(to)
	book, err := os.CreateTemp("", "archiver-*.epub")
	if err != nil {
		return &archiver.Error{Kind: archiver.Storage, Op: "make a temporary file", Err: err, Hint: "set TMPDIR to a folder with room"}
	}
	defer os.Remove(book.Name())
	defer book.Close()
	now := time.Now()
	query := storage.Query{Sources: w.ids, Since: w.opts.Since, Newest: w.order == "newest"}
	if !f.again {
		query.NotAt = target
	}
	if w.opts.Title == "" {
		w.opts.Title = mailTitle(w.sources, now)
	}
	went := map[string]int{}
	room := bookRoom(p.maxSize)
	result, err := a.writeEdition(ctx, store, w, query, went, func(articles export.Articles, opts export.Options) (export.Result, error) {
		return w.format.Write(ctx, &bounded{w: book, left: room}, articles, opts)
	})
	switch {
	case errors.Is(err, errTooLarge):
		return &archiver.Error{Kind: archiver.Invalid, Op: "send", URL: to, Err: fmt.Errorf("the book is over %s, and as mail over %s; nothing was sent", size(room), size(p.maxSize)),
			Hint: "--no-images, a smaller --max-image, --since or fewer sources make it smaller; max_size of [mail] is for servers that take more"}
	case err != nil && archiver.KindOf(err) == archiver.NoMatch:
		return a.nothingNew(ctx, store, target, to, "sent")
	case err != nil:
		return err
	}
	length, err := book.Seek(0, io.SeekEnd)
	if err == nil {
		_, err = book.Seek(0, io.SeekStart)
	}
	if err != nil {
		return &archiver.Error{Kind: archiver.Storage, Op: "read the book", Err: err}
	}
	name := bookName(w.sources, now)
	letter, err := p.letter(to, w.opts.Title, result.Articles, name, book, now)
	if err != nil {
		return err
	}
	what := fmt.Sprintf("%s (%s, %s)", name, count(result.Articles, "article"), size(length))
	if f.dryRun {
		if f.eml != "" {
			if err := letter.writeFile(f.eml); err != nil {
				return err
			}
		}
		_, err := fmt.Fprintf(a.Out, "would send %s to %s by %s\n", what, to, p.server())
		return err
	}
	if err := p.deliver(ctx, letter); err != nil {
		return err
	}
	// The server has it: a signal now is not to have it come twice.
	if err := store.Deliver(context.WithoutCancel(ctx), target, went, now); err != nil {
		return err
	}
	if a.quiet {
		return nil
	}
	_, err = fmt.Fprintf(a.Out, "sent %s to %s\n", what, to)
	return err
}

// mailTitle tells the books of one shelf apart.
func mailTitle(sources []archiver.Source, day time.Time) string {
	name := "archiver"
	if len(sources) == 1 {
		if name = sources[0].Title; name == "" {
			name = sources[0].Name
		}
	}
	return name + ", " + day.Format(time.DateOnly)
}

func bookName(sources []archiver.Source, day time.Time) string {
	name := "archive"
	if len(sources) == 1 {
		name = sources[0].Name
	}
	return name + "-" + day.Format(time.DateOnly) + ".epub"
}

// bookRoom is how large a file may be whose mail is to be no larger than size: base64 makes four bytes of three and breaks the lines.
func bookRoom(size int64) int64 {
	const besides = 16 << 10 // headers, text and boundaries
	return max(size-besides, 0) / 78 * 76 / 4 * 3
}

var errTooLarge = errors.New("it is too large")

// bounded is a writer that takes no more than so much.
type bounded struct {
	w    *os.File
	left int64
}

func (b *bounded) Write(data []byte) (int, error) {
	if b.left -= int64(len(data)); b.left < 0 {
		return 0, errTooLarge
	}
	n, err := b.w.Write(data)
	if err != nil {
		err = &archiver.Error{Kind: archiver.Storage, Op: "write a temporary file", Err: err, Hint: "set TMPDIR to a folder with room"}
	}
	return n, err
}
