package export

import (
	"bufio"
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"strings"

	"archiver"
)

// This file writes files whole or not at all. Rules: the new bytes go to a temporary file in the target's folder, are synced
// and renamed over the target; only a regular file is ever replaced; a file that has the same bytes already is not touched;
// what a killed run left behind is swept by the next one that writes the same target.

const (
	tempPrefix = ".archiver-"
	tempSuffix = ".tmp"
)

// placeFile writes the file at target. It reports whether the file is new or different.
func placeFile(target string, write func(io.Writer) error) (changed bool, err error) {
	dir, name := filepath.Split(target)
	if name == "" || name == "." || name == ".." {
		return false, &archiver.Error{Kind: archiver.Invalid, Op: "write", URL: target, Err: errors.New("this is no name of a file")}
	}
	if dir == "" {
		dir = "."
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return false, diskError(target, err)
	}
	defer root.Close()
	switch info, err := root.Lstat(name); {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return false, diskError(target, err)
	case info.IsDir():
		return false, &archiver.Error{Kind: archiver.Invalid, Op: "write", URL: target, Err: errors.New("it is a folder"),
			Hint: "name a file in it"}
	case !info.Mode().IsRegular():
		return false, &archiver.Error{Kind: archiver.Invalid, Op: "write", URL: target,
			Err: errors.New("it is there and not an ordinary file; it was left as it is"), Hint: "name another file"}
	}
	sweep(root, ".", tempName(name))
	if changed, err = replace(root, name, write); err != nil {
		return false, err
	}
	return changed, syncFolder(root, ".")
}

// replace writes name below root, which is missing or a regular file. The folder it stands in still wants a sync.
func replace(root *os.Root, name string, write func(io.Writer) error) (changed bool, err error) {
	temp := path.Join(path.Dir(filepath.ToSlash(name)), tempName(path.Base(name))+rand.Text()+tempSuffix)
	file, err := root.OpenFile(temp, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o666)
	if err != nil {
		return false, diskError(filepath.Join(root.Name(), name), err)
	}
	defer func() {
		if !changed {
			root.Remove(temp)
		}
	}()
	defer file.Close()
	disk := diskWriter{file, filepath.Join(root.Name(), name)}
	buffer := bufio.NewWriterSize(disk, 1<<16)
	if err := write(buffer); err != nil {
		return false, err
	}
	if err := buffer.Flush(); err != nil {
		return false, err
	}
	same, mode, err := compare(root, name, file)
	if err != nil {
		return false, diskError(disk.name, err)
	}
	if same {
		return false, nil
	}
	if mode != 0 {
		_ = file.Chmod(mode) // as the old one, where the file system knows modes
	}
	if err = errors.Join(file.Sync(), file.Close()); err == nil {
		err = root.Rename(temp, name)
	}
	if err != nil {
		return false, diskError(disk.name, err)
	}
	return true, nil
}

// compare reads the old file against the new one, and says its mode. A missing old file is another.
func compare(root *os.Root, name string, file *os.File) (same bool, mode fs.FileMode, err error) {
	old, err := root.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return false, 0, nil
	}
	if errors.Is(err, fs.ErrPermission) {
		return false, 0, nil // it may be replaced although it may not be read
	}
	if err != nil {
		return false, 0, err
	}
	defer old.Close()
	was, err := old.Stat()
	if err != nil {
		return false, 0, err
	}
	is, err := file.Stat()
	if err != nil || was.Size() != is.Size() {
		return false, was.Mode().Perm(), err
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return false, 0, err
	}
	same, err = equal(bufio.NewReaderSize(old, 1<<16), bufio.NewReaderSize(file, 1<<16))
	return same, was.Mode().Perm(), err
}

func equal(a, b io.Reader) (bool, error) {
	var x, y [1 << 14]byte
	for {
		n, err := io.ReadFull(a, x[:])
		m, other := io.ReadFull(b, y[:])
		if n != m || !bytes.Equal(x[:n], y[:m]) {
			return false, nil
		}
		if err != nil {
			if err == io.EOF || err == io.ErrUnexpectedEOF {
				return true, nil
			}
			return false, err
		}
		if other != nil {
			return false, other
		}
	}
}

// tempName begins the name of every temporary file for a target. It is short whatever the target's length.
func tempName(base string) string {
	sum := sha256.Sum256([]byte(base))
	return tempPrefix + hex.EncodeToString(sum[:4]) + "-"
}

// sweep removes the temporary files that killed runs left in a folder, those whose name begins with prefix.
func sweep(root *os.Root, dir, prefix string) {
	entries, err := fs.ReadDir(root.FS(), dir)
	if err != nil {
		return // what cannot be listed cannot be swept; writing will say why
	}
	for _, entry := range entries {
		if entry.Type().IsRegular() && strings.HasPrefix(entry.Name(), prefix) && strings.HasSuffix(entry.Name(), tempSuffix) {
			root.Remove(path.Join(dir, entry.Name()))
		}
	}
}

// syncFolder makes the renames in a folder last. Windows has no such call and does it by itself.
func syncFolder(root *os.Root, name string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	folder, err := root.Open(name)
	if err == nil {
		err = errors.Join(folder.Sync(), folder.Close())
	}
	if err != nil {
		return diskError(filepath.Join(root.Name(), name), err)
	}
	return nil
}

// diskWriter gives the errors of a file their kind, wherever they surface.
type diskWriter struct {
	file *os.File
	name string
}

func (w diskWriter) Write(b []byte) (int, error) {
	n, err := w.file.Write(b)
	if err != nil {
		err = diskError(w.name, err)
	}
	return n, err
}

// diskError sorts what went wrong with a target. The path in the cause is dropped: it may be a temporary one.
func diskError(target string, err error) error {
	if e, ok := errors.AsType[*archiver.Error](err); ok {
		return e
	}
	e := &archiver.Error{Kind: archiver.Storage, Op: "write", URL: target, Err: err}
	if p, ok := errors.AsType[*fs.PathError](err); ok {
		e.Err = p.Err
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		e.Kind, e.Err = archiver.Invalid, errors.New("its folder is not there")
		e.Hint = fmt.Sprintf("make the folder %s first", filepath.Dir(target))
	case errors.Is(err, fs.ErrPermission):
		e.Hint = "name a place where you may write"
	}
	return e
}
