package sqlite

import (
	"path/filepath"
	"testing"

	"archiver/crawler"
	"archiver/storage"
	"archiver/storage/storagetest"
)

var (
	_ storage.Store    = (*Store)(nil)
	_ crawler.Frontier = (*Store)(nil)
)

func TestContract(t *testing.T) {
	storagetest.Run(t, func(t *testing.T) storage.Store { return openTemp(t) })
}

func openTemp(t testing.TB) *Store {
	t.Helper()
	return openAt(t, filepath.Join(t.TempDir(), "new", "archive.db"), Options{})
}

// openAt opens an archive that is closed when the test ends.
func openAt(t testing.TB, path string, opts Options) *Store {
	t.Helper()
	s, err := Open(t.Context(), path, opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}
