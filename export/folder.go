package export

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"

	"archiver"
)

// This file writes a folder of many files that a person lives in: takes notes in, renames, deletes. Rules: what differs from what
// was written here is never touched; a file that was deleted does not come back; a piece keeps the name of its file, whatever
// becomes of its title; a file that would be the same is not written; one that the archive has no use for any more goes only where
// it is as it was written (docs/decisions/023-what-a-folder-removes.md). Everything goes through an os.Root, so no name and no
// symbolic link leads out of the folder.

// maxNotes bounds the notes of one kind of surprise; the rest is a number.
const maxNotes = 10

// folder is a folder that is being written.
type folder struct {
	root     *os.Root
	manifest *manifest
	touched  map[string]bool // folders that want a sync
	made     map[string]bool // folders that are there
	had      map[string]bool // keys that this export has
	result   Result
	silent   int // surprises beyond maxNotes
	removed  int // pieces whose file is gone from the folder
}

// piece is one file as it is to be.
type piece struct {
	key     string   // what it is in the manifest: an article's ID, or a kind and a name
	source  string   // that it belongs to
	names   []string // that it may have, the best one first
	content []byte
}

// openFolder opens the folder for files of one form; what another form wrote is not mixed with it.
func openFolder(target, form string) (*folder, error) {
	if target == "" {
		return nil, &archiver.Error{Kind: archiver.Invalid, Op: "write", Err: errors.New("no folder is named")}
	}
	if info, err := os.Stat(target); err == nil && !info.IsDir() {
		return nil, &archiver.Error{Kind: archiver.Invalid, Op: "write", URL: target, Err: errors.New("it is a file, not a folder; it was left as it is"),
			Hint: "name a folder"}
	}
	if err := os.MkdirAll(target, 0o777); err != nil {
		return nil, diskError(target, err)
	}
	root, err := os.OpenRoot(target)
	if err != nil {
		return nil, diskError(target, err)
	}
	m, err := readManifest(root)
	if err == nil && m.Form != form {
		if len(m.Files) > 0 {
			err = &archiver.Error{Kind: archiver.Invalid, Op: "write", URL: target, Err: fmt.Errorf("it holds an export as %s, this one is %s", m.Form, form),
				Hint: "nothing in the folder was changed; name another folder"}
		}
		m.Form = form
	}
	if err != nil {
		return nil, errors.Join(err, root.Close())
	}
	sweep(root, ".", tempPrefix)
	return &folder{root: root, manifest: m, touched: map[string]bool{".": true}, made: map[string]bool{}, had: map[string]bool{},
		result: Result{Path: target}}, nil
}

// close keeps what was done, also where the export ended early.
func (f *folder) close() error {
	if f.silent > 0 {
		f.result.Notes = append(f.result.Notes, "and "+strconv.Itoa(f.silent)+" more")
	}
	if f.removed > 0 {
		f.result.Notes = append(f.result.Notes, strconv.Itoa(f.removed)+" files were not written again: they were removed from the folder, or renamed")
	}
	err := f.manifest.write(f.root)
	for _, dir := range slices.Sorted(maps.Keys(f.touched)) {
		err = errors.Join(err, syncFolder(f.root, filepath.FromSlash(dir)))
	}
	return errors.Join(err, f.root.Close())
}

// put writes a piece, or leaves the file that is there.
func (f *folder) put(p piece) error {
	f.had[p.key] = true
	if known := f.manifest.Files[p.key]; known != nil && known.SHA256 != "" {
		return f.renew(p, known)
	}
	for _, name := range p.names {
		if holder, taken := f.manifest.holder[twins(name)]; taken && holder != p.key {
			continue
		}
		content, free, err := f.read(name)
		switch {
		case err != nil:
			return err
		case free:
			return f.place(p, name)
		case bytes.Equal(content, p.content): // a run that was killed before it could remember
			f.manifest.record(p.key, name, hash(content), p.source)
			f.result.Unchanged++
			return nil
		}
	}
	delete(f.manifest.Files, p.key)
	f.keep(p.names[len(p.names)-1], "a file of that name is there already; it was left as it is")
	return nil
}

// renew writes a piece again that has its file.
func (f *folder) renew(p piece, known *file) error {
	content, gone, err := f.read(known.Path)
	if err != nil {
		return err
	}
	want := hash(p.content)
	switch {
	case gone:
		f.removed++
		f.result.Kept++
	case bytes.Equal(content, p.content):
		f.manifest.record(p.key, known.Path, want, p.source)
		f.result.Unchanged++
	case hash(content) == known.SHA256:
		return f.place(p, known.Path)
	case known.SHA256 == want: // nothing new but what the person wrote
		f.result.Kept++
	default:
		f.keep(known.Path, "there is a newer text, but the file was changed since it was written; it was left as it is")
	}
	return nil
}

// plan gives a piece its name before it is written, so that others can lead to it: the name it has, or the first one that is
// neither another piece's nor a person's. mine tells a file of this piece that a killed run left without a memory of it.
func (f *folder) plan(key string, names []string, mine func(content []byte) bool) (string, error) {
	if known := f.manifest.Files[key]; known != nil {
		return known.Path, nil
	}
	for i, name := range names {
		if _, taken := f.manifest.holder[twins(name)]; taken {
			continue
		}
		if i < len(names)-1 {
			content, free, err := f.read(name)
			if err != nil {
				return "", err
			}
			if !free && !mine(content) {
				continue
			}
		}
		f.manifest.reserve(key, name)
		return name, nil
	}
	return "", nil
}

// has reports whether a piece with the sum is in its file already, as far as can be told without reading the file.
func (f *folder) has(key, sum string) bool {
	known := f.manifest.Files[key]
	if known == nil || known.SHA256 != sum {
		return false
	}
	_, err := f.root.Lstat(filepath.FromSlash(known.Path))
	return err == nil
}

// stands says that a piece is as it was, and belongs to the source too.
func (f *folder) stands(key, source string) {
	if !f.had[key] {
		f.had[key] = true
		f.result.Unchanged++
	}
	if known := f.manifest.Files[key]; known != nil {
		f.manifest.record(key, known.Path, known.SHA256, source)
	}
}

func (f *folder) keep(name, why string) {
	f.result.Kept++
	f.note(name + ": " + why)
}

func (f *folder) note(text string) {
	if len(f.result.Notes) >= maxNotes {
		f.silent++
		return
	}
	f.result.Notes = append(f.result.Notes, text)
}

// place writes a piece to a name that is free or ours.
func (f *folder) place(p piece, name string) error {
	if dir := path.Dir(name); dir != "." && !f.made[dir] {
		if err := f.root.MkdirAll(filepath.FromSlash(dir), 0o777); err != nil {
			return f.refused(dir, err)
		}
		sweep(f.root, dir, tempPrefix)
		f.made[dir] = true
	}
	if _, err := replace(f.root, filepath.FromSlash(name), func(w io.Writer) error {
		_, err := w.Write(p.content)
		return err
	}); err != nil {
		return f.refused(name, err)
	}
	f.touched[path.Dir(name)] = true
	f.manifest.record(p.key, name, hash(p.content), p.source)
	f.result.Written++
	return nil
}

// clear removes the files that the archive has no use for any more: those that were written here, are as they were written, and
// belong to sources of which this export had every article. What a person changed is theirs from now on.
func (f *folder) clear(ctx context.Context, sources []archiver.Source) error {
	whole := map[string]bool{}
	for _, s := range sources {
		whole[s.Name] = true
	}
	gone := 0
	for _, key := range slices.Sorted(maps.Keys(f.manifest.Files)) {
		known := f.manifest.Files[key]
		if f.had[key] || len(known.Sources) == 0 || slices.ContainsFunc(known.Sources, func(s string) bool { return !whole[s] }) {
			continue
		}
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		content, missing, err := f.read(known.Path)
		switch {
		case err != nil:
			return err
		case missing: // it stays away also if its article comes back
			continue
		case hash(content) != known.SHA256:
			f.note(known.Path + ": the archive has it no more, but the file was changed since it was written; it was left as it is")
			known.Sources = nil // said once
		default:
			if err := f.remove(known.Path); err != nil {
				return err
			}
			gone++
			f.manifest.forget(key)
		}
	}
	if gone > 0 {
		f.note(strconv.Itoa(gone) + " files were removed: the archive has no use for them any more")
	}
	return nil
}

// remove takes away one file, and the folders that are empty without it.
func (f *folder) remove(name string) error {
	if err := f.root.Remove(filepath.FromSlash(name)); err != nil {
		return f.refused(name, err)
	}
	dir := path.Dir(name)
	for dir != "." && f.root.Remove(filepath.FromSlash(dir)) == nil { // one that is not empty stays
		delete(f.touched, dir)
		delete(f.made, dir)
		dir = path.Dir(dir)
	}
	f.touched[dir] = true
	return nil
}

// read reads a file of the folder. What is there and no ordinary file is a person's, without content.
func (f *folder) read(name string) (content []byte, missing bool, err error) {
	local := filepath.FromSlash(name)
	info, err := f.root.Lstat(local)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, true, nil
	case err != nil:
		return nil, false, f.refused(name, err)
	case !info.Mode().IsRegular():
		return nil, false, nil
	}
	if content, err = f.root.ReadFile(local); err != nil {
		return nil, false, f.refused(name, err)
	}
	return content, false, nil
}

// refused is the error for a name below the folder that cannot be used; a symbolic link out of the folder is one.
func (f *folder) refused(name string, err error) error {
	full := filepath.Join(f.root.Name(), filepath.FromSlash(name))
	for dir := path.Dir(name); dir != "."; dir = path.Dir(dir) {
		if info, lerr := f.root.Lstat(filepath.FromSlash(dir)); lerr != nil || info.Mode()&fs.ModeSymlink == 0 {
			continue
		}
		if _, serr := f.root.Stat(filepath.FromSlash(dir)); serr != nil {
			return &archiver.Error{Kind: archiver.Invalid, Op: "write", URL: full,
				Err:  fmt.Errorf("%s is a symbolic link, and not to a folder inside %s; nothing was written through it", dir, f.root.Name()),
				Hint: "put a folder in its place, or export into another folder"}
		}
	}
	return diskError(full, err)
}
