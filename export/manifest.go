package export

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"archiver"
)

// This file is the memory of a folder that was exported into: which file holds which article, and what was written there. A file
// that differs from what was written is a person's by now.

const (
	manifestName    = ".archiver.json"
	manifestVersion = 1
	// maxManifest bounds what is read as a manifest: a hundred bytes an article, for a million of them.
	maxManifest = 200 << 20
)

type manifest struct {
	Version int              `json:"version"`
	Files   map[string]*file `json:"files"` // by article ID

	holder map[string]string // article ID by path, in the form of twins
}

// file is where an article is and what was last written there.
type file struct {
	Path   string `json:"path"`
	SHA256 string `json:"sha256"`
}

// readManifest reads the folder's memory; a folder without one is new. What cannot be read is not guessed at: without it,
// every file of the folder would look like a person's.
func readManifest(root *os.Root) (*manifest, error) {
	m := &manifest{Version: manifestVersion, Files: map[string]*file{}, holder: map[string]string{}}
	switch info, err := root.Lstat(manifestName); {
	case errors.Is(err, fs.ErrNotExist):
		return m, nil
	case err != nil:
		return nil, diskError(root.Name(), err)
	case !info.Mode().IsRegular():
		return nil, m.unusable(root, errors.New("it is not an ordinary file"))
	}
	f, err := root.Open(manifestName)
	if err != nil {
		return nil, diskError(filepath.Join(root.Name(), manifestName), err)
	}
	defer f.Close()
	if err := json.NewDecoder(io.LimitReader(f, maxManifest)).Decode(m); err != nil {
		return nil, m.unusable(root, err)
	}
	if m.Version != manifestVersion {
		return nil, m.unusable(root, fmt.Errorf("it is of version %d, this program knows version %d", m.Version, manifestVersion))
	}
	if m.Files == nil {
		m.Files = map[string]*file{}
	}
	for id, f := range m.Files {
		if f == nil || !filepath.IsLocal(filepath.FromSlash(f.Path)) {
			return nil, m.unusable(root, fmt.Errorf("article %s has no file in this folder", id))
		}
		m.holder[twins(f.Path)] = id
	}
	return m, nil
}

func (m *manifest) unusable(root *os.Root, err error) error {
	return &archiver.Error{Kind: archiver.Invalid, Op: "read", URL: filepath.Join(root.Name(), manifestName), Err: err,
		Hint: "nothing in the folder was changed; export into another folder, or move this file away"}
}

// record remembers what an article's file holds.
func (m *manifest) record(id, path, sum string) {
	m.Files[id] = &file{Path: path, SHA256: sum}
	m.holder[twins(path)] = id
}

// write keeps the folder's memory for the next run.
func (m *manifest) write(root *os.Root) error {
	var b bytes.Buffer
	encoder := newEncoder(&b)
	encoder.SetIndent("", " ") // a line a fact: it lives in folders that are under version control
	if err := encoder.Encode(m); err != nil {
		return err
	}
	_, err := replace(root, manifestName, func(w io.Writer) error {
		_, err := w.Write(b.Bytes())
		return err
	})
	return err
}

func hash(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}
