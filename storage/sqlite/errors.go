package sqlite

import (
	"context"
	"errors"
	"fmt"

	"archiver"

	driver "modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"
)

// This file is the one door through which SQLite's errors leave: by their code they become kinds with a message that says
// what happened and a hint that says what is kept and what to do. No text of an error is ever matched.

// trouble is what a result code means for the user.
type trouble struct {
	kind archiver.Kind
	what string
	hint string
}

var troubles = map[int]trouble{
	lib.SQLITE_FULL: {archiver.Storage, "the disk is full",
		"everything saved before is safe; free some space and run the same command again"},
	lib.SQLITE_IOERR: {archiver.Storage, "the disk gave an error",
		"everything saved before is as safe as the disk is; look at the disk and its mount, then run \"archiver doctor\""},
	lib.SQLITE_CORRUPT: {archiver.Storage, "the archive is damaged",
		"nothing was changed; copy the file away, then run \"archiver doctor\" to see what is hurt"},
	lib.SQLITE_NOTADB: {archiver.Storage, "it is no archive: the file is not an SQLite database",
		"nothing was changed; name another file with --db"},
	lib.SQLITE_READONLY: {archiver.Storage, "the archive cannot be written",
		"everything saved before is safe; see that the file and its folder belong to you and are not mounted read-only"},
	lib.SQLITE_CANTOPEN: {archiver.Storage, "the archive cannot be opened",
		"nothing was changed; see that the file and its folder exist and that you may read and write them"},
	lib.SQLITE_PERM: {archiver.Storage, "access to the archive is not permitted",
		"nothing was changed; see that the file and its folder belong to you"},
	lib.SQLITE_AUTH: {archiver.Storage, "access to the archive is not permitted",
		"nothing was changed; see that the file and its folder belong to you"},
	lib.SQLITE_NOLFS: {archiver.Storage, "the file system takes no larger file",
		"everything saved before is safe; move the archive to another file system"},
	lib.SQLITE_PROTOCOL: {archiver.Storage, "the file system does not lock files as it should",
		"everything saved before is safe; keep the archive on a local disk, not on a network share"},
	lib.SQLITE_BUSY: {archiver.Transient, "another program is writing to the archive",
		"nothing is lost; run the same command again when it has finished"},
	lib.SQLITE_LOCKED: {archiver.Transient, "another program is writing to the archive",
		"nothing is lost; run the same command again when it has finished"},
}

// classify gives err its kind. An error that has one, and one of the context, keep what they are.
func classify(op, path string, err error) error {
	if err == nil {
		return nil
	}
	if _, ok := errors.AsType[*archiver.Error](err); ok {
		return err
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("%s: %w", op, err)
	}
	if e, ok := errors.AsType[*driver.Error](err); ok {
		if t, ok := troubles[e.Code()&0xff]; ok { // the low byte is the primary code
			return &archiver.Error{Kind: t.kind, Op: op, URL: path, Hint: t.hint, Err: &cause{t.what, err}}
		}
	}
	return fmt.Errorf("%s: %w", op, err)
}

// cause says in words of ours what SQLite said in its own.
type cause struct {
	what string
	err  error
}

func (c *cause) Error() string { return c.what }
func (c *cause) Unwrap() error { return c.err }

// hasCode reports whether err came from SQLite with this primary code.
func hasCode(err error, code int) bool {
	e, ok := errors.AsType[*driver.Error](err)
	return ok && e.Code()&0xff == code
}

func errReadOnly(op, path string) error {
	return &archiver.Error{Kind: archiver.Storage, Op: op, URL: path, Err: errors.New("the archive was opened for reading only")}
}

func noSource(name string) error {
	return &archiver.Error{Kind: archiver.Invalid, Op: "find source", URL: name, Err: errors.New("there is no such source"),
		Hint: "\"archiver sources\" lists them, \"archiver add URL\" adds one"}
}

func noArticle(name string) error {
	return &archiver.Error{Kind: archiver.NoMatch, Op: "find article", URL: name, Err: errors.New("it is not in the archive"),
		Hint: "\"archiver list\" shows what is, \"archiver search WORDS\" finds it by its text"}
}
