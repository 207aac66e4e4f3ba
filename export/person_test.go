package export

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"archiver"
)

var edits = flag.Int("edits", 100, "how many times a person does something in a folder, between exports into it")

// folderForms are all kinds of folders.
var folderForms = []struct {
	format string
	flavor Flavor
}{{"markdown", FlavorPlain}, {"markdown", FlavorObsidian}, {"markdown", FlavorHugo}, {"markdown", FlavorJekyll}, {"html", ""}}

// TestAPersonsFilesAreNeverTouched walks through everything a person does in a folder, at random, while the archive changes, loses
// articles and gets them back: no byte of theirs changes, no file of theirs goes or comes back.
func TestAPersonsFilesAreNeverTouched(t *testing.T) {
	for i, form := range folderForms {
		t.Run(form.format+string(form.flavor), func(t *testing.T) {
			p := &person{r: rand.New(rand.NewPCG(1, uint64(i))), dir: t.TempDir(), files: map[string]string{}, library: &kept{}}
			for n := range 12 {
				a := article(n, fmt.Sprint("title ", n/2), "")
				a.Published = archiver.OnDay(2024, 1, 1+n/2)
				address := fmt.Sprintf("https://blog.example/%d.png", n/3)
				p.library.add(&a, address, "image/png", fmt.Sprint("picture ", n/3))
				p.articles = append(p.articles, a)
				p.write(n, "first")
			}
			for step := range *edits {
				p.live(t, step)
				there := p.articles
				if step%7 > 3 { // an archive without some of them, or an export of a part
					there = there[p.r.IntN(4):]
				}
				opts := Options{Flavor: form.flavor, Library: p.library, Sources: []archiver.Source{source}, Whole: step%2 == 0}
				result := exportAs(t, form.format, p.dir, opts, there...)
				if result.Articles != len(there) || len(result.Notes) > maxNotes+2 {
					t.Fatalf("step %d: %+v", step, result)
				}
				now := folderOf(t, p.dir)
				for name, text := range p.files {
					if now[name] != text {
						t.Fatalf("step %d: %s was %q, is %q", step, name, text, now[name])
					}
				}
			}
			t.Logf("%d edits, %d files are a person's", *edits, len(p.files))
		})
	}
}

// person lives in a folder.
type person struct {
	r        *rand.Rand
	dir      string
	articles []archiver.Article
	library  *kept
	files    map[string]string // what they wrote, by path; empty for what they removed
}

func (p *person) write(n int, text string) {
	a := &p.articles[n]
	picture := p.library.images[a.ID][0].URL
	a.Markdown = text + "\n\n![](" + picture + ")\n"
	a.HTML = "<p>" + text + `</p><p><img src="` + picture + `"></p>`
}

// live does one thing.
func (p *person) live(t *testing.T, step int) {
	t.Helper()
	name := p.pick(t)
	full := filepath.Join(p.dir, filepath.FromSlash(name))
	switch p.r.IntN(7) {
	case 0, 1:
		p.write(p.r.IntN(len(p.articles)), fmt.Sprint("revision ", step))
	case 2:
		if name != "" {
			p.put(t, name, fmt.Sprint("edited ", step))
		}
	case 3:
		if name != "" && step%3 == 0 {
			if err := os.Remove(full); err != nil {
				t.Fatal(err)
			}
			p.took(t, name)
		}
	case 4:
		if name != "" {
			to := path.Join(path.Dir(name), fmt.Sprint("renamed ", step, path.Ext(name)))
			content, err := os.ReadFile(full)
			if err == nil {
				err = os.Rename(full, filepath.Join(p.dir, filepath.FromSlash(to)))
			}
			if err != nil {
				t.Fatal(err)
			}
			p.took(t, name)
			p.files[to] = string(content)
		}
	case 5: // a file where one of ours would be
		a := &p.articles[p.r.IntN(len(p.articles))]
		dir := path.Dir(name)
		p.put(t, path.Join(dir, fileName(a, path.Ext("x"+name), p.r.IntN(2) == 0)), fmt.Sprint("foreign ", step))
	case 6: // a whole folder goes
		if dir := path.Dir(name); name != "" && dir != "." && step%11 == 0 {
			for other := range folderOf(t, p.dir) {
				if strings.HasPrefix(other, dir+"/") {
					p.took(t, other)
				}
			}
			if err := os.RemoveAll(filepath.Join(p.dir, filepath.FromSlash(dir))); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// took remembers that a file is gone: one of ours is not to come back; a name of theirs is free.
func (p *person) took(t *testing.T, name string) {
	t.Helper()
	root, err := os.OpenRoot(p.dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	m, err := readManifest(root)
	if err != nil {
		t.Fatal(err)
	}
	delete(p.files, name)
	for _, f := range m.Files {
		if f.Path == name {
			p.files[name] = ""
		}
	}
}

func (p *person) pick(t *testing.T) string {
	names := namesIn(t, p.dir)
	if len(names) == 0 {
		return ""
	}
	return names[p.r.IntN(len(names))]
}

func (p *person) put(t *testing.T, name, text string) {
	t.Helper()
	full := filepath.Join(p.dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(full), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(full, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	p.files[name] = text
}

// TestOnlyWhatChangedIsWritten: one article in a hundred changed, and nothing else's file is touched.
func TestOnlyWhatChangedIsWritten(t *testing.T) {
	for _, form := range folderForms {
		dir := t.TempDir()
		articles := make([]archiver.Article, 0, 100)
		for a := range synthetic(100) {
			articles = append(articles, a)
		}
		opts := Options{Flavor: form.flavor, Sources: []archiver.Source{source}, Whole: true}
		exportAs(t, form.format, dir, opts, articles...)
		past := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
		before := folderOf(t, dir)
		for name := range before {
			if err := os.Chtimes(filepath.Join(dir, filepath.FromSlash(name)), past, past); err != nil {
				t.Fatal(err)
			}
		}
		for _, n := range []int{50} {
			articles[n].HTML += "<p>new</p>"
			articles[n].Markdown += "new\n"
		}
		exportAs(t, form.format, dir, opts, articles...)
		var touched []string
		for name, content := range folderOf(t, dir) {
			info, err := os.Stat(filepath.Join(dir, filepath.FromSlash(name)))
			if err != nil {
				t.Fatal(err)
			}
			if !info.ModTime().Equal(past) {
				touched = append(touched, name)
			}
			if moved := !info.ModTime().Equal(past); moved != (content != before[name]) {
				t.Errorf("%s %s: %s was written for nothing", form.format, form.flavor, name)
			}
		}
		if slices.Sort(touched); len(touched) != 1 {
			t.Errorf("%s %s: written again: %q", form.format, form.flavor, touched)
		}
	}
}
