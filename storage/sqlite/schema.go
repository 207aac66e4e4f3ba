package sqlite

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// This file is the shape of an archive and its history. Rules: user_version is the number of steps the file has been through;
// a step that was released is never edited; each is one transaction; before the first one that changes an older archive, a
// copy is laid beside it.

var (
	//go:embed schema_v1.sql
	schemaV1 string
	//go:embed schema_v2.sql
	schemaV2 string
	//go:embed schema_v3.sql
	schemaV3 string
)

// migrations lead from an empty file to the present shape.
var migrations = []string{schemaV1, schemaV2, schemaV3}

// migrate takes the file through the steps it has not been through. Another process may do the same meanwhile.
func migrate(ctx context.Context, path string, steps []string) (err error) {
	w, err := openForMigration(ctx, path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.close()) }()
	version, err := userVersion(ctx, w)
	whole := len(steps)
	if err != nil {
		return err
	}
	if version == 0 { // nobody may see a new archive half made
		steps = []string{strings.Join(steps, ";\n")}
	}
	if version > 0 && version < len(steps) {
		if err := backup(ctx, w, path, version); err != nil {
			return fmt.Errorf("back up before migrating: %w", err)
		}
	}
	for ; version < len(steps); version++ {
		err := w.transact(ctx, func(ctx context.Context, tx *writer) error {
			if now, err := userVersion(ctx, tx); err != nil || now > version {
				return err // another process was faster
			}
			_, err := tx.conn.ExecContext(ctx, fmt.Sprintf("%s;\nPRAGMA application_id = %d; PRAGMA user_version = %d", steps[version], applicationID, version+1+whole-len(steps)))
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

// backup lays a copy of an archive of this version beside it, whole or not at all. A copy of an earlier, broken-off migration is
// replaced. Where another process migrates the archive meanwhile, the copy is that one's to make.
func backup(ctx context.Context, w *writer, path string, version int) (err error) {
	target := fmt.Sprintf("%s.v%d.bak", path, version)
	f, err := os.CreateTemp(filepath.Dir(target), filepath.Base(target)+".*.part") // others may read no more of it than of the archive
	if err != nil {
		return err
	}
	part := f.Name()
	defer func() {
		if err = errors.Join(err, f.Close()); err == nil { // Windows renames no open file
			_, copied, wrong := identify(part)
			if err = wrong; err == nil && copied == int64(version) {
				err = os.Rename(part, target)
				return
			}
		}
		err = errors.Join(err, os.Remove(part))
	}()
	if _, err := w.conn.ExecContext(ctx, "VACUUM INTO ?", part); err != nil {
		return err
	}
	return f.Sync()
}
