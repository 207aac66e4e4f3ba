package sqlite

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"time"

	"archiver"

	"github.com/gofrs/flock"
)

// holder is who holds the archive, as the lock file tells others.
type holder struct {
	PID     int       `json:"pid"`
	Host    string    `json:"host"`
	Since   time.Time `json:"since"`
	Command string    `json:"command,omitempty"`
}

// Hold locks FILE.lock. The lock is the system's and ends with the process, whatever the file says; the file is never removed,
// or two processes could lock two files of one name.
func (s *Store) Hold(ctx context.Context) (release func() error, err error) {
	const op = "hold archive"
	if err := ctx.Err(); err != nil {
		return nil, s.fail(op, err)
	}
	path := s.path + ".lock"
	lock := flock.New(path)
	held, err := lock.TryLock()
	if err != nil {
		return nil, &archiver.Error{Kind: archiver.Storage, Op: op, URL: s.path, Err: fmt.Errorf("lock %s: %w", path, plain(err)),
			Hint: "nothing was changed; see that you may write in the archive's folder"}
	}
	if !held {
		return nil, &archiver.Error{Kind: archiver.Held, Op: op, URL: s.path, Err: describe(path),
			Hint: "nothing was changed; wait until it has finished, or end it"}
	}
	host, _ := os.Hostname()
	note, err := json.Marshal(holder{PID: os.Getpid(), Host: host, Since: s.opts.Now().UTC().Truncate(time.Second), Command: s.opts.Command})
	if err == nil {
		// The note is for people. Where a locked file cannot be written (Windows), they read less.
		_ = os.WriteFile(path, note, 0o600)
	}
	return lock.Unlock, nil
}

// describe says which process holds the lock, as far as it said so.
func describe(path string) error {
	var h holder
	text, err := os.ReadFile(path)
	if err == nil {
		err = json.Unmarshal(text, &h)
	}
	if err != nil || h.PID == 0 {
		return fmt.Errorf("another process is syncing it")
	}
	who := fmt.Sprintf("process %d on %s", h.PID, h.Host)
	if h.Command != "" {
		who += " (" + h.Command + ")"
	}
	return fmt.Errorf("%s has been syncing it since %s", who, h.Since.Local().Format(time.DateTime))
}
