package export

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"archiver"

	"github.com/google/go-cmp/cmp"
)

// exportsInto has the test program write every format into the folder that this variable names, and end.
const exportsInto = "ARCHIVER_TEST_EXPORTS"

// variants are the formats with options that make another file of them.
func variants() map[string]Options {
	all := map[string]Options{}
	for _, f := range Formats() {
		all[f.Name] = Options{}
	}
	all["jsonl+chunks"] = Options{Chunk: 300, Overlap: 40}
	all["epub+options"] = Options{Title: "题", Author: "作者", Language: "zh-TW", NoImages: true, Changes: true, Style: []byte("p { color: red }")}
	all["warc+no-images"] = Options{NoImages: true}
	for _, flavor := range []Flavor{FlavorObsidian, FlavorHugo, FlavorJekyll} {
		all["markdown+"+string(flavor)] = Options{Flavor: flavor}
	}
	return all
}

// exportEverything writes all variants of an archive with everything nasty in it.
func exportEverything(dir string) int {
	articles := append(append(small(), oddlyTitled()...), lectureArticle())
	for i, a := range nasty() {
		a.ID = fmt.Sprintf("%012x", 0xbad0+i)
		a.URL = fmt.Sprintf("%s?%d", a.URL, i)
		articles = append(articles, a)
	}
	for i := range articles { // a store gives its times in the zone of the machine
		articles[i].FirstSeen, articles[i].Checked = articles[i].FirstSeen.Local(), articles[i].Checked.Local()
	}
	os.Unsetenv(exportsInto) // the browser that is played is this program too
	os.Setenv(browserPlayed, "echoes")
	library := shelved(&testing.T{}, articles...)
	for name, opts := range variants() {
		format, _, _ := strings.Cut(name, "+")
		f, _ := Lookup(format)
		opts.Sources, opts.Library, opts.Brief = []archiver.Source{source}, library, articlesOf(articles...)
		path := filepath.Join(dir, name+f.Ext)
		if _, err := f.Export(context.Background(), path, articlesOf(articles...), opts); err != nil {
			fmt.Fprintln(os.Stderr, name, err)
			return 1
		}
	}
	return 0
}

// TestIdenticalBytes: other processes with another zone, language, number of processors and order of maps write the same bytes, in
// every format. A browser's part in PDF is TestPrinted's.
func TestIdenticalBytes(t *testing.T) {
	var first map[string]string
	for _, env := range [][]string{
		{"TZ=UTC", "LANG=C", "LC_ALL=C", "GOMAXPROCS=1"},
		{"TZ=Asia/Shanghai", "LANG=zh_CN.UTF-8", "LC_ALL=zh_CN.UTF-8", "GOMAXPROCS=4"},
		{"TZ=America/St_Johns", "LANG=tr_TR.UTF-8", "LC_ALL=tr_TR.UTF-8", "GOMAXPROCS=2"},
		{"TZ=Pacific/Chatham", "LANG=", "LC_ALL=", "GOMAXPROCS=1"},
	} {
		dir := t.TempDir()
		program := exec.Command(os.Args[0])
		program.Env = append(append(os.Environ(), env...), exportsInto+"="+dir, browserVariable+"="+os.Args[0], "TMPDIR="+t.TempDir())
		if out, err := program.CombinedOutput(); err != nil {
			t.Fatalf("%v: %v\n%s", env, err, out)
		}
		sums := sumsBelow(t, dir)
		if first == nil {
			first = sums
			for name := range variants() {
				if !slices.ContainsFunc(keysOf(sums), func(path string) bool {
					return path == name || strings.HasPrefix(path, name+".") || strings.HasPrefix(path, name+"/")
				}) {
					t.Errorf("nothing was written for %s", name)
				}
			}
			continue
		}
		if diff := cmp.Diff(first, sums); diff != "" {
			t.Errorf("%v (-first +now):\n%s", env, diff)
		}
	}
}

func keysOf(m map[string]string) (keys []string) {
	for key := range m {
		keys = append(keys, key)
	}
	return keys
}

// sumsBelow are the sums of all files below a folder, by their paths.
func sumsBelow(t *testing.T, dir string) map[string]string {
	t.Helper()
	sums := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		sum := sha256.Sum256(data)
		rel, relErr := filepath.Rel(dir, path)
		sums[filepath.ToSlash(rel)] = hex.EncodeToString(sum[:8])
		return errors.Join(err, relErr)
	})
	if err != nil {
		t.Fatal(err)
	}
	return sums
}

// TestFormatsAreTold: the README's table has every format, and what a format takes is a flag of export.
func TestFormatsAreTold(t *testing.T) {
	readme, err := os.ReadFile(filepath.Join("..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	flags, err := os.ReadFile(filepath.Join("..", "cmd", "archiver", "exportflags.go"))
	if err != nil {
		t.Fatal(err)
	}
	rows := ""
	for line := range strings.Lines(string(readme)) {
		if cells := strings.Split(line, "|"); strings.HasPrefix(line, "| `") && len(cells) == 4 {
			rows += cells[1]
		}
	}
	for _, f := range Formats() {
		if !strings.Contains(rows, "`"+f.Name+"`") {
			t.Errorf("the README's table has no row for %s", f.Name)
		}
		for _, flag := range f.Takes {
			if !strings.Contains(string(flags), `"`+flag+`"`) {
				t.Errorf("%s takes --%s, which is no flag", f.Name, flag)
			}
		}
	}
}
