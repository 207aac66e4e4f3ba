package sqlite

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"os"
)

// This file is the shape of an archive and its history. Rules: user_version is the number of steps the file has been through;
// a step that was released is never edited; each is one transaction; before the first one that changes an older archive, a
// copy is laid beside it.

//go:embed schema_v1.sql
var schemaV1 string

// migrations lead from an empty file to the present shape.
var migrations = []string{schemaV1}

// migrate takes the file through the steps it has not been through. Another process may do the same meanwhile.
func migrate(ctx context.Context, path string, steps []string) (err error) {
	w, err := openForMigration(ctx, path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.close()) }()
	version, err := userVersion(ctx, w)
	if err != nil {
		return err
	}
	if version > 0 && version < len(steps) {
		if err := backup(ctx, w, fmt.Sprintf("%s.v%d.bak", path, version)); err != nil {
			return fmt.Errorf("back up before migrating: %w", err)
		}
	}
	for ; version < len(steps); version++ {
		err := w.transact(ctx, func(ctx context.Context, tx *writer) error {
			if now, err := userVersion(ctx, tx); err != nil || now > version {
				return err // another process was faster
			}
			_, err := tx.conn.ExecContext(ctx, fmt.Sprintf("%s;\nPRAGMA application_id = %d; PRAGMA user_version = %d", steps[version], applicationID, version+1))
			return err
		})
		if err != nil {
			return fmt.Errorf("migrate to format %d: %w", version+1, err)
		}
	}
	return nil
}

// openForMigration leaves the journal as it is: a new file gets its tables and its mark before it gets a log.
func openForMigration(ctx context.Context, path string) (*writer, error) {
	return connect(ctx, path, fmt.Sprintf("mode=rw&_pragma=page_size(%d)&_pragma=synchronous(FULL)", pageSize))
}

func userVersion(ctx context.Context, w *writer) (version int, err error) {
	_, err = w.get(ctx, "PRAGMA user_version", nil, []any{&version})
	return version, err
}

// backup lays a copy of the archive at target, whole or not at all. A copy of an earlier, broken-off migration is replaced.
func backup(ctx context.Context, w *writer, target string) error {
	part := target + ".part"
	if err := os.RemoveAll(part); err != nil {
		return err
	}
	f, err := os.OpenFile(part, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	defer f.Close()
	if _, err := w.conn.ExecContext(ctx, "VACUUM INTO ?", part); err != nil {
		return errors.Join(err, os.Remove(part))
	}
	if err := f.Sync(); err != nil {
		return err
	}
	if err := f.Close(); err != nil { // Windows renames no open file
		return err
	}
	return os.Rename(part, target)
}
