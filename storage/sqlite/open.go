package sqlite

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"archiver"

	lib "modernc.org/sqlite/lib"
)

const (
	// applicationID marks a file as an archive: "ARCH".
	applicationID = 0x41524348
	// pageSize suits rows of some 30 KB and commits that touch a dozen indexes: 144 KB written a commit, where 16384 writes
	// 237 KB and 4096 takes longer for the rows.
	pageSize = 8192
	// readers is how many connections read at a time. More would only hold memory.
	readers = 3
	// busyTimeout in milliseconds is longer than any transaction of another process lasts.
	busyTimeout = 10_000
)

// locate makes path absolute and free of links, so that every process locks the same file, and sees that there is a file:
// for writing it is made, empty, where there is none.
func locate(path string, readOnly bool) (string, error) {
	const op = "open archive"
	refuse := func(what error, hint string) (string, error) {
		return "", &archiver.Error{Kind: archiver.Storage, Op: op, URL: path, Err: what, Hint: hint}
	}
	abs, err := filepath.Abs(path)
	if err != nil {
		return refuse(err, "name the file with --db")
	}
	if real, err := filepath.EvalSymlinks(abs); err == nil {
		abs = real
	}
	info, err := os.Stat(abs)
	missing := errors.Is(err, fs.ErrNotExist)
	switch {
	case err == nil && info.IsDir():
		return refuse(errors.New("it is a folder"), "name a file in it with --db")
	case err == nil && !info.Mode().IsRegular():
		return refuse(errors.New("it is not a regular file"), "name another file with --db")
	case readOnly && (missing || err == nil && info.Size() == 0):
		return refuse(errors.New("there is no archive yet"), "\"archiver add URL\" begins one; another is named with --db")
	case err == nil:
		return abs, nil
	case !missing:
		return refuse(plain(err), "nothing was changed; see that you may read the file and its folder, or name another with --db")
	}
	err = os.MkdirAll(filepath.Dir(abs), 0o700)
	if err == nil {
		var f *os.File
		// Others may not read what someone reads.
		if f, err = os.OpenFile(abs, os.O_RDWR|os.O_CREATE, 0o600); err == nil {
			err = f.Close()
		}
	}
	if err != nil {
		return refuse(fmt.Errorf("make the file: %w", plain(err)), "nothing was changed; see that you may write in its folder, or name another with --db")
	}
	return abs, nil
}

// plain is what the system said, without the path that the message names already.
func plain(err error) error {
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		return e.Err
	}
	return err
}

// prepare sees that the file is an archive of this version: a foreign or newer one is refused untouched, an empty one becomes
// an archive, an older one is migrated.
func prepare(ctx context.Context, path string, steps []string) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	if info.Size() == 0 {
		return migrate(ctx, path, steps)
	}
	app, version, err := identify(path)
	if (err != nil || app != applicationID) && halfMade(path) {
		// A process was killed while it made the archive. SQLite takes back what it had written.
		return migrate(ctx, path, steps)
	}
	switch {
	case err != nil:
		return err
	case app != applicationID:
		return &archiver.Error{Kind: archiver.Storage, Op: "open archive", URL: path,
			Err:  errors.New("it is no archive: the database belongs to another program"),
			Hint: "nothing was changed; name another file with --db"}
	case version < int64(len(steps)):
		return migrate(ctx, path, steps)
	}
	return notNewer(path, version, steps)
}

// Places in the header of a database, which SQLite promises not to move.
const (
	headerSize    = 100
	headerMagic   = "SQLite format 3\x00"
	versionAt     = 60
	applicationAt = 68
)

// identify reads whose database the file is, from its first bytes: nothing is locked, and nothing written, not even beside the
// file. SQLite itself would call a file damaged whose log a killed process had begun to fold in, unless it may mend it. The
// mark of an archive is always in the file, because the file is made before its log is; the version may be newer in the log.
func identify(path string) (app, version int64, err error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, 0, err
	}
	defer f.Close()
	header := make([]byte, headerSize)
	if _, err := io.ReadFull(f, header); err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		return 0, 0, err
	}
	if !bytes.HasPrefix(header, []byte(headerMagic)) {
		return 0, 0, &archiver.Error{Kind: archiver.Storage, Op: "open archive", URL: path, Err: errors.New(troubles[lib.SQLITE_NOTADB].what),
			Hint: troubles[lib.SQLITE_NOTADB].hint}
	}
	return int64(binary.BigEndian.Uint32(header[applicationAt:])), int64(binary.BigEndian.Uint32(header[versionAt:])), nil
}

// halfMade reports whether the file is one that a transaction was filling from nothing: the journal of it says that there was
// no page before.
func halfMade(path string) bool {
	const pagesBeforeAt = 16 // in the journal's header
	f, err := os.Open(path + "-journal")
	if err != nil {
		return false
	}
	defer f.Close()
	header := make([]byte, pagesBeforeAt+4)
	if _, err := io.ReadFull(f, header); err != nil {
		return false
	}
	return bytes.HasPrefix(header, []byte("\xd9\xd5\x05\xf9\x20\xa1\x63\xd7")) && binary.BigEndian.Uint32(header[pagesBeforeAt:]) == 0
}

func notNewer(path string, version int64, steps []string) error {
	if version <= int64(len(steps)) {
		return nil
	}
	return &archiver.Error{Kind: archiver.Storage, Op: "open archive", URL: path,
		Err:  fmt.Errorf("a newer archiver wrote it (format %d, this one knows %d)", version, len(steps)),
		Hint: "nothing was changed; update archiver, or name another file with --db"}
}

// openReader opens the pool for reading. Its connections could write, as the last one to close the file must fold in the log,
// but no statement of theirs can. On a read-only disk SQLite cannot make the shared memory that the log needs; where
// there is no log, nobody writes, and the file can be read as it stands.
func openReader(ctx context.Context, path string) (*sql.DB, error) {
	open := func(params string) (*sql.DB, error) {
		db, err := sql.Open("sqlite", dsn(path, params))
		if err != nil {
			return nil, err
		}
		db.SetMaxOpenConns(readers)
		db.SetMaxIdleConns(readers)
		var version int64
		if err = db.QueryRowContext(ctx, "PRAGMA user_version").Scan(&version); err == nil {
			err = notNewer(path, version, migrations)
		}
		if err != nil {
			return nil, errors.Join(err, db.Close())
		}
		return db, nil
	}
	db, err := open("mode=rw&_pragma=query_only(1)")
	if hasCode(err, lib.SQLITE_CANTOPEN) || hasCode(err, lib.SQLITE_READONLY) {
		params := "mode=ro&immutable=1"
		if hasLog(path) {
			params = "mode=ro" // without its log it would be an older archive
		}
		db, err = open(params)
	}
	return db, err
}

func hasLog(path string) bool {
	info, err := os.Stat(path + "-wal")
	return err == nil && info.Size() > 0
}

// dsn names the file with SQLite's own parameters and the pragmas of every connection.
func dsn(path, params string) string {
	path = filepath.ToSlash(path)
	if runtime.GOOS == "windows" && !strings.HasPrefix(path, "/") {
		path = "/" + path
	}
	u := url.URL{Scheme: "file", OmitHost: true, Path: path}
	return fmt.Sprintf("%s?%s&_dqs=0&_txlock=immediate&_pragma=busy_timeout(%d)&_pragma=foreign_keys(1)", u.String(), params, busyTimeout)
}
