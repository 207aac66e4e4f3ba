package archiver_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// room is a folder with its rule: what its code, tests aside, may import beyond the standard library.
type room struct {
	dir     string
	may     []string // module paths, or rooms of this project as "archiver/…"
	never   []string // packages of the standard library that are not for this room
	because string
}

// rooms is the import table of docs/ARCHITECTURE.md.
var rooms = []room{
	{dir: ".", never: []string{"net/http", "os", "database/sql"}, because: "the root holds the words and laws only; it does no input or output"},
	{dir: "crawler", may: []string{"archiver"}, never: []string{"net/http", "os", "database/sql"},
		because: "the loop knows its collaborators by the interfaces in ports.go only"},
	{dir: "crawler/fetch", may: []string{"archiver", "github.com/gocolly/colly/v2", "golang.org/x/net", "golang.org/x/text", "github.com/klauspost/compress",
		"github.com/andybalholm/brotli", "github.com/saintfish/chardet"}, never: []string{"database/sql"},
		because: "fetching knows nothing of what pages mean or where they are kept"},
	{dir: "extract", may: []string{"archiver", "archiver/extract/rule", "github.com/PuerkitoBio/goquery", "github.com/JohannesKaufmann/html-to-markdown/v2", "github.com/JohannesKaufmann/dom",
		"github.com/andybalholm/cascadia", "golang.org/x/net/html", "golang.org/x/text"}, never: []string{"net/http", "os", "database/sql"},
		because: "extraction turns pages into facts and touches no network, disk or clock"},
	{dir: "extract/rule", may: []string{"golang.org/x/net/html", "github.com/andybalholm/cascadia", "github.com/antchfx/htmlquery", "github.com/antchfx/xpath"},
		never: []string{"net/http", "os", "database/sql"}, because: "a rule finds elements of a page, and knows nothing else of archiver"},
	{dir: "storage", may: []string{"archiver"}, never: []string{"net/http", "database/sql"}, because: "the contract names no database"},
	{dir: "storage/sqlite", may: []string{"archiver", "archiver/storage", "modernc.org/sqlite", "github.com/klauspost/compress", "github.com/gofrs/flock"},
		never: []string{"net/http"}, because: "a store keeps; it neither fetches nor understands"},
	{dir: "storage/storagetest", may: []string{"archiver", "archiver/storage", "github.com/google/go-cmp"}, because: "the contract suite knows the contract only"},
	{dir: "export", may: []string{"archiver", "golang.org/x/net/html", "golang.org/x/net/idna", "golang.org/x/text", "github.com/klauspost/compress"},
		never: []string{"net/http", "database/sql"}, because: "the same archive gives the same bytes: no network, no database"},
	{dir: "internal/schedule", may: []string{"archiver", "github.com/netresearch/go-cron"}, never: []string{"net/http", "os", "database/sql"},
		because: "when a source is due is a matter of its schedule and two times"},
	{dir: "internal/config", may: []string{"archiver", "archiver/internal/schedule", "github.com/pelletier/go-toml/v2", "github.com/agnivade/levenshtein"}, because: "configuration is data"},
	{dir: "internal/testsite", may: []string{"archiver", "golang.org/x/text", "github.com/klauspost/compress"}, never: []string{"testing"},
		because: "the fake blog is served by `archiver demo` too"},
}

func TestRooms(t *testing.T) {
	for _, r := range rooms {
		files, err := filepath.Glob(filepath.Join(r.dir, "*.go"))
		if err != nil || len(files) == 0 {
			t.Errorf("the room %s is empty", r.dir)
		}
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			for _, path := range importsOf(t, file) {
				if why := r.breaks(path); why != "" {
					t.Errorf("%s imports %s, and %s: %s", file, path, why, r.because)
				}
			}
		}
	}
}

// TestEveryFolderHasARule finds code that the table forgot.
func TestEveryFolderHasARule(t *testing.T) {
	known := map[string]bool{}
	for _, r := range rooms {
		known[filepath.FromSlash(r.dir)] = true
	}
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") {
			return err
		}
		dir := filepath.Dir(path)
		if top, _, _ := strings.Cut(filepath.ToSlash(dir), "/"); top == "cmd" || top == "bench" {
			return nil // the command knows every room, and the benchmarks run it
		}
		if !known[dir] {
			t.Errorf("%s has no rule in the import table", dir)
			known[dir] = true
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestOneFileKnowsColly(t *testing.T) {
	var files []string
	for _, file := range goFiles(t, "crawler/fetch") {
		for _, path := range importsOf(t, file) {
			if strings.HasPrefix(path, "github.com/gocolly/colly") {
				files = append(files, file)
			}
		}
	}
	if len(files) != 1 {
		t.Errorf("colly is imported by %v; one file only may know it", files)
	}
}

// TestNoClock: the same page gives the same facts, the same archive the same bytes.
func TestNoClock(t *testing.T) {
	for _, dir := range []string{"export", "extract", "extract/rule", "internal/schedule"} {
		for _, file := range goFiles(t, dir) {
			fset := token.NewFileSet()
			f, err := parser.ParseFile(fset, file, nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			for _, ident := range selectors(f) {
				if ident == "time.Now" || ident == "time.Since" {
					t.Errorf("%s uses %s: what it gives would depend on when", file, ident)
				}
			}
		}
	}
}

func (r room) breaks(path string) (why string) {
	for _, banned := range r.never {
		if path == banned {
			return "that is not for " + r.dir
		}
	}
	first, _, _ := strings.Cut(path, "/")
	if !strings.Contains(first, ".") && first != "archiver" {
		return "" // the standard library
	}
	for _, allowed := range r.may {
		if path == allowed || allowed != "archiver" && !strings.HasPrefix(allowed, "archiver/") && strings.HasPrefix(path, allowed+"/") {
			return ""
		}
	}
	return fmt.Sprintf("%s may import only %s", r.dir, strings.Join(append([]string{"the standard library"}, r.may...), ", "))
}

func goFiles(t *testing.T, dir string) []string {
	t.Helper()
	all, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	var files []string
	for _, file := range all {
		if !strings.HasSuffix(file, "_test.go") {
			files = append(files, file)
		}
	}
	return files
}

func importsOf(t *testing.T, file string) []string {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
	if err != nil {
		t.Fatal(err)
	}
	var paths []string
	for _, spec := range f.Imports {
		path, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			t.Fatal(err)
		}
		paths = append(paths, path)
	}
	return paths
}

func selectors(f *ast.File) []string {
	var found []string
	ast.Inspect(f, func(n ast.Node) bool {
		if sel, ok := n.(*ast.SelectorExpr); ok {
			if pkg, ok := sel.X.(*ast.Ident); ok {
				found = append(found, pkg.Name+"."+sel.Sel.Name)
			}
		}
		return true
	})
	return found
}
