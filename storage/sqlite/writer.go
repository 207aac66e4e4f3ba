package sqlite

import (
	"context"
	"database/sql"
	"errors"
)

// writer is the one connection that writes. Its statements are prepared once; its transactions take turns, and all else that
// it has belongs to the one whose turn it is.
type writer struct {
	db    *sql.DB
	conn  *sql.Conn
	turn  chan struct{} // holds a token while a transaction runs
	stmts map[string]*sql.Stmt
	zip   encoder
}

func openWriter(ctx context.Context, path string) (*writer, error) {
	return connect(ctx, path, "mode=rw&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)")
}

func connect(ctx context.Context, path, params string) (*writer, error) {
	db, err := sql.Open("sqlite", dsn(path, params))
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return &writer{db: db, conn: conn, turn: make(chan struct{}, 1), stmts: map[string]*sql.Stmt{}}, nil
}

func (w *writer) close() error {
	w.turn <- struct{}{} // a transaction that runs ends first
	defer func() { <-w.turn }()
	var err error
	for _, stmt := range w.stmts {
		err = errors.Join(err, stmt.Close())
	}
	return errors.Join(err, w.conn.Close(), w.db.Close())
}

// transact runs fn between BEGIN IMMEDIATE and COMMIT. Waiting for the turn and for other processes ends with ctx; the
// transaction itself is short and goes on to its end.
func (w *writer) transact(ctx context.Context, fn func(ctx context.Context, tx *writer) error) (err error) {
	select {
	case w.turn <- struct{}{}:
		defer func() { <-w.turn }()
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	whole := context.WithoutCancel(ctx)
	committed := false
	defer func() {
		if !committed {
			// After a full disk SQLite has rolled back by itself, and says so here.
			_, _ = w.exec(whole, "ROLLBACK")
			w.zip = encoder{} // its dictionary may be one that is not there now
		}
	}()
	if _, err := w.exec(ctx, "BEGIN IMMEDIATE"); err != nil {
		return err
	}
	if err := fn(whole, w); err != nil {
		return err
	}
	if _, err := w.exec(whole, "COMMIT"); err != nil {
		return err
	}
	committed = true
	return nil
}

// prepare gives the statement of a query, made at its first use. Only the transaction whose turn it is may call it.
func (w *writer) prepare(ctx context.Context, query string) (*sql.Stmt, error) {
	if stmt, ok := w.stmts[query]; ok {
		return stmt, nil
	}
	stmt, err := w.conn.PrepareContext(ctx, query)
	if err == nil {
		w.stmts[query] = stmt
	}
	return stmt, err
}

// exec gives the number of rows that the statement changed.
func (w *writer) exec(ctx context.Context, query string, args ...any) (int64, error) {
	stmt, err := w.prepare(ctx, query)
	if err != nil {
		return 0, err
	}
	result, err := stmt.ExecContext(ctx, args...)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

// get scans the one row of a query into dest. found is false where there is none.
func (w *writer) get(ctx context.Context, query string, args, dest []any) (found bool, err error) {
	stmt, err := w.prepare(ctx, query)
	if err != nil {
		return false, err
	}
	err = stmt.QueryRowContext(ctx, args...).Scan(dest...)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}

// query hands each row to scan.
func (w *writer) query(ctx context.Context, scan func(*sql.Rows) error, query string, args ...any) error {
	stmt, err := w.prepare(ctx, query)
	if err != nil {
		return err
	}
	rows, err := stmt.QueryContext(ctx, args...)
	if err != nil {
		return err
	}
	return each(rows, scan)
}

// each scans all rows and closes them.
func each(rows *sql.Rows, scan func(*sql.Rows) error) (err error) {
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}
