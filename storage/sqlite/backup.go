package sqlite

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"archiver"
)

// This file copies a whole archive while others write to it. VACUUM INTO reads one moment of the file in one transaction and
// keeps no writer waiting, however often one commits; SQLite's online backup would begin anew with each commit of
// another process.

// counted are the tables of which a sync takes nothing away: a copy has as many rows as the archive had when it was begun, or more.
var counted = [...]string{"source", "article", "address", "revision", "asset"}

// Backup writes a copy of the archive as it is at this moment, without the history of the file's free space. The copy is
// looked over before it takes its name: it is whole, or not there.
func (s *Store) Backup(ctx context.Context, target string, replace bool) (size int64, err error) {
	const op = "back up to"
	fail := func(err error) (int64, error) {
		if _, ok := errors.AsType[*fs.PathError](err); ok {
			err = &archiver.Error{Kind: archiver.Storage, Op: op, URL: target, Err: plain(err), Hint: "the archive is untouched; see that the folder is there and that you may write in it"}
		}
		return 0, classify(op, target, err)
	}
	if target, err = filepath.Abs(target); err != nil {
		return fail(err)
	}
	if real, err := filepath.EvalSymlinks(target); err == nil && real == s.path {
		return 0, &archiver.Error{Kind: archiver.Invalid, Op: op, URL: target, Err: errors.New("it is the archive itself"), Hint: "name another file"}
	}
	taken := func() error {
		_, err := os.Lstat(target)
		if err == nil && !replace {
			return &archiver.Error{Kind: archiver.Invalid, Op: op, URL: target, Err: errors.New("there is a file of that name"), Hint: "name another one, or replace it with --force"}
		}
		return nil
	}
	if err := taken(); err != nil {
		return 0, err
	}
	f, err := os.CreateTemp(filepath.Dir(target), filepath.Base(target)+".*.part") // others may read no more of it than of the archive
	if err != nil {
		return fail(err)
	}
	part, done := f.Name(), false
	defer func() {
		if !done {
			err = errors.Join(err, os.Remove(part))
		}
	}()
	err = s.copyInto(ctx, part)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil { // Windows renames no open file
		return fail(err)
	}
	info, err := os.Stat(part)
	if err != nil {
		return fail(err)
	}
	if err := taken(); err != nil { // the copying took a while
		return 0, err
	}
	if err := os.Rename(part, target); err != nil {
		return fail(err)
	}
	done = true
	return info.Size(), syncFolder(filepath.Dir(target))
}

// syncFolder puts a new name on the disk, on systems where a folder can be synced.
func syncFolder(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return nil // the copy is there; only its name may be lost in a power cut
	}
	_ = f.Sync()
	return f.Close()
}

// copyInto copies the archive and looks the copy over.
func (s *Store) copyInto(ctx context.Context, part string) error {
	// Of its own connection: the readers' may not write anywhere.
	w, err := connect(ctx, s.path, "mode=rw")
	if err != nil {
		return err
	}
	before, err := countRows(ctx, w)
	if err == nil {
		_, err = w.conn.ExecContext(ctx, "VACUUM INTO ?", part)
	}
	if err = errors.Join(err, w.close()); err != nil {
		return err
	}
	return checkCopy(ctx, part, before)
}

// checkCopy sees that a copy opens, is sound, and has no less than the archive had when it was begun.
func checkCopy(ctx context.Context, part string, before map[string]int64) (err error) {
	w, err := connect(ctx, part, "mode=ro&immutable=1")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.close()) }()
	var said string
	if _, err := w.get(ctx, "PRAGMA quick_check(1)", nil, []any{&said}); err != nil {
		return err
	}
	if said != "ok" {
		return &archiver.Error{Kind: archiver.Storage, Op: "check copy", URL: part, Err: errors.New("the copy is damaged: " + said),
			Hint: "nothing was kept of it; run \"archiver doctor\" on the archive"}
	}
	after, err := countRows(ctx, w)
	if err != nil {
		return err
	}
	for _, table := range counted {
		if after[table] < before[table] {
			return &archiver.Error{Kind: archiver.Storage, Op: "check copy", URL: part,
				Err: fmt.Errorf("the copy has %d rows of %s where the archive has %d", after[table], table, before[table]), Hint: "nothing was kept of it; run the same command again"}
		}
	}
	return nil
}

func countRows(ctx context.Context, w *writer) (map[string]int64, error) {
	counts := map[string]int64{}
	for _, table := range counted {
		var n int64
		if _, err := w.get(ctx, "SELECT count(*) FROM "+table, nil, []any{&n}); err != nil {
			return nil, err
		}
		counts[table] = n
	}
	return counts, nil
}
