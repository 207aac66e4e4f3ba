// Package sqlite keeps an archive in one SQLite file, without cgo. It keeps the contract of package storage; the suite in
// storagetest holds it to it.
//
// One connection writes, a few others read and never wait for it (WAL). What a task produced is one transaction, which is on
// the disk when Commit returns. Every commit the store acknowledged survives a kill and a power cut. Raw pages are compressed;
// the text is not, so that any SQLite tool can read it. The full-text index is built before a search, not while syncing.
//
// It knows nothing of pages and blogs beyond what the outcome of a task says, and never removes text except by RemoveSource.
//
// Where is what: open.go finds, makes and refuses files; schema.go the tables and their migration; writer.go the one way to
// write; source.go, frontier.go, commit.go, revise.go, page.go and article.go the contract; walk.go, facts.go and tombstone.go what
// syncing for years adds to it; asset.go pictures; search.go and segment.go the index; hold.go the lock of a sync; check.go the doctor;
// seal.go, verify.go and mend.go sums and repair; errors.go the one door from SQLite's codes to kinds.
package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"sync"
	"time"

	lib "modernc.org/sqlite/lib"
)

// Options open an archive. The zero value reads and writes and makes the file where there is none.
type Options struct {
	// ReadOnly is for commands that only read: the file must be there. Only two things still write, where they can: the
	// migration of an older archive, and the full-text index before a search.
	ReadOnly bool
	// Now is the clock; time.Now where nil.
	Now func() time.Time
	// Command is what this process is doing, told to those who find the archive held; empty where nobody needs to know.
	Command string
}

// Store is one archive file. It is safe for concurrent use.
type Store struct {
	path  string
	opts  Options
	w     *writer // nil where ReadOnly
	r     *sql.DB
	unzip decoder

	closing sync.Once
}

// Open opens the archive at path, which is made with its folder where it is not there, and migrates an older one after a
// backup beside it (FILE.v1.bak). A file of another program, no database at all, or a newer archive is refused and stays as it
// is. Errors are of kind Storage.
func Open(ctx context.Context, path string, opts Options) (_ *Store, err error) {
	const op = "open archive"
	if opts.Now == nil {
		opts.Now = time.Now
	}
	path, err = locate(path, opts.ReadOnly)
	if err != nil {
		return nil, err
	}
	for wait := time.Duration(0); ; wait += openAgain {
		s, err := open(ctx, path, opts)
		if err == nil || !hasCode(err, lib.SQLITE_BUSY) || wait >= busyTimeout*time.Millisecond {
			return s, classify(op, path, err)
		}
		select {
		case <-time.After(openAgain):
		case <-ctx.Done():
			return nil, classify(op, path, context.Cause(ctx))
		}
	}
}

// openAgain is the wait before the file is opened again. Where several processes give a file its log, or one closes it as
// another opens it, SQLite sees that waiting could last for ever, and says at once that the file is busy.
const openAgain = 20 * time.Millisecond

func open(ctx context.Context, path string, opts Options) (_ *Store, err error) {
	if err := prepare(ctx, path, migrations); err != nil {
		return nil, err
	}
	s := &Store{path: path, opts: opts}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.Close())
		}
	}()
	if s.r, err = openReader(ctx, path); err != nil {
		return nil, err
	}
	if !opts.ReadOnly {
		s.w, err = openWriter(ctx, path)
	}
	return s, err
}

// Close ends all work on the file. The last one to close it folds the write-ahead log into it. Closing again does nothing.
func (s *Store) Close() (err error) {
	s.closing.Do(func() {
		if s.r != nil {
			err = s.r.Close()
		}
		if s.w != nil {
			err = errors.Join(err, s.w.close())
		}
		s.unzip.close()
	})
	return s.fail("close archive", err)
}

// write runs fn in one transaction: all of it is on the disk, or nothing. It names op where that fails.
func (s *Store) write(ctx context.Context, op string, fn func(ctx context.Context, tx *writer) error) error {
	if s.w == nil {
		return errReadOnly(op, s.path)
	}
	return s.fail(op, s.w.transact(ctx, fn))
}

// fail is the error of an operation on this archive, classified.
func (s *Store) fail(op string, err error) error { return classify(op, s.path, err) }
