package export

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strconv"

	"archiver"
)

// This file writes a folder of Markdown files, one an article, that a person lives in: takes notes in, renames, deletes. Rules:
// what differs from what was written here is never touched; a file that was deleted does not come back; an article keeps the
// name of its file, whatever becomes of its title; an article that is no longer exported keeps its file; a file that would be
// the same is not written. Everything goes through an os.Root, so no name and no symbolic link leads out of the folder.

// maxNotes bounds the notes of one kind of surprise; the rest is a number.
const maxNotes = 10

const markdownExt = ".md"

// folder is a Markdown folder that is being written.
type folder struct {
	root     *os.Root
	manifest *manifest
	sources  bool            // a folder for each
	touched  map[string]bool // folders that want a sync
	made     map[string]bool // folders that are there
	result   Result
	silent   int // surprises beyond maxNotes
	removed  int // articles whose file is gone from the folder
	page     bytes.Buffer
}

func writeMarkdown(ctx context.Context, target string, articles Articles, opts Options) (result Result, err error) {
	var f *folder
	defer func() {
		if f != nil {
			err = errors.Join(err, f.close())
			result = f.result
		}
	}()
	_, err = each(ctx, articles, opts, func(a *archiver.Article) error {
		if f == nil {
			opened, err := openFolder(target, len(opts.Sources) > 1)
			if err != nil {
				return err
			}
			f = opened
		}
		return f.add(a)
	})
	return result, err
}

func openFolder(target string, sources bool) (*folder, error) {
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
	if err != nil {
		return nil, errors.Join(err, root.Close())
	}
	sweep(root, ".", tempPrefix)
	return &folder{root: root, manifest: m, sources: sources, touched: map[string]bool{".": true}, made: map[string]bool{},
		result: Result{Path: target}}, nil
}

// close keeps what was done, also where the export ended early.
func (f *folder) close() error {
	if f.silent > 0 {
		f.result.Notes = append(f.result.Notes, "and "+strconv.Itoa(f.silent)+" more")
	}
	if f.removed > 0 {
		f.result.Notes = append(f.result.Notes, strconv.Itoa(f.removed)+" articles were not written again: their files were removed from the folder, or renamed")
	}
	err := f.manifest.write(f.root)
	for dir := range f.touched {
		err = errors.Join(err, syncFolder(f.root, filepath.FromSlash(dir)))
	}
	return errors.Join(err, f.root.Close())
}

// add writes the article's file, or leaves the one that is there.
func (f *folder) add(a *archiver.Article) error {
	f.result.Articles++
	f.page.Reset()
	writeNote(&f.page, a)
	id := idOf(a)
	if known := f.manifest.Files[id]; known != nil {
		return f.renew(a, id, known)
	}
	for _, twin := range []bool{false, true} {
		name := path.Join(f.dir(a), fileName(a, markdownExt, twin))
		if holder, taken := f.manifest.holder[twins(name)]; taken && holder != id {
			continue
		}
		content, free, err := f.read(name)
		switch {
		case err != nil:
			return err
		case free:
			return f.place(id, name)
		case bytes.Equal(content, f.page.Bytes()): // a run that was killed before it could remember
			f.manifest.record(id, name, hash(content))
			f.result.Unchanged++
			return nil
		}
	}
	f.keep(path.Join(f.dir(a), fileName(a, markdownExt, true)), "a file of that name is there already; it was left as it is")
	return nil
}

// renew writes an article again that has its file.
func (f *folder) renew(a *archiver.Article, id string, known *file) error {
	content, gone, err := f.read(known.Path)
	if err != nil {
		return err
	}
	want := hash(f.page.Bytes())
	switch {
	case gone:
		f.removed++
		f.result.Kept++
	case bytes.Equal(content, f.page.Bytes()):
		f.manifest.record(id, known.Path, want)
		f.result.Unchanged++
	case hash(content) == known.SHA256:
		return f.place(id, known.Path)
	case known.SHA256 == want: // nothing new but what the person wrote
		f.result.Kept++
	default:
		f.keep(known.Path, "there is a newer text, but the file was changed since it was written; it was left as it is")
	}
	return nil
}

func (f *folder) keep(name, why string) {
	f.result.Kept++
	if len(f.result.Notes) >= maxNotes {
		f.silent++
		return
	}
	f.result.Notes = append(f.result.Notes, name+": "+why)
}

// place writes the page to a name that is free or ours.
func (f *folder) place(id, name string) error {
	if dir := path.Dir(name); dir != "." && !f.made[dir] {
		if err := f.root.MkdirAll(filepath.FromSlash(dir), 0o777); err != nil {
			return f.refused(dir, err)
		}
		sweep(f.root, dir, tempPrefix)
		f.made[dir] = true
	}
	content := f.page.Bytes()
	if _, err := replace(f.root, filepath.FromSlash(name), func(w io.Writer) error {
		_, err := w.Write(content)
		return err
	}); err != nil {
		return f.refused(name, err)
	}
	f.touched[path.Dir(name)] = true
	f.manifest.record(id, name, hash(content))
	f.result.Written++
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

func (f *folder) dir(a *archiver.Article) string {
	if !f.sources {
		return "."
	}
	return folderName(a.Source)
}
