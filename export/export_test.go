package export

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"archiver"

	"github.com/google/go-cmp/cmp"
)

func TestFormats(t *testing.T) {
	var names []string
	for _, f := range Formats() {
		names = append(names, f.Name)
		if got, ok := Lookup(f.Name); !ok || got.Name != f.Name {
			t.Errorf("Lookup(%q) does not find it", f.Name)
		}
		if (f.folder != nil) != f.Dir || (f.write != nil) == f.Dir || (f.Ext == "") != f.Dir || f.Summary == "" {
			t.Errorf("%s: the table's row is not whole: %+v", f.Name, f)
		}
	}
	if diff := cmp.Diff([]string{"epub", "json", "jsonl", "markdown"}, names); diff != "" {
		t.Errorf("formats (-want +got):\n%s", diff)
	}
	if _, ok := Lookup("pdf"); ok {
		t.Error("Lookup finds a format that is not there")
	}
}

// TestSameBytes: what is exported does not depend on where, when or in which time zone.
func TestSameBytes(t *testing.T) {
	elsewhere := func() []archiver.Article {
		all := append(small(), nasty()...)
		for i := range all {
			all[i].FirstSeen = all[i].FirstSeen.In(time.FixedZone("x", -7*3600))
			all[i].Checked = all[i].Checked.In(time.FixedZone("x", 5*3600+1800))
		}
		return all
	}
	opts := Options{Sources: []archiver.Source{source}}
	for _, name := range []string{"epub", "json", "jsonl"} {
		first := export(t, name, articlesOf(append(small(), nasty()...)...), opts)
		local := time.Local
		time.Local = time.FixedZone("east", 9*3600)
		second := export(t, name, articlesOf(elsewhere()...), opts)
		time.Local = local
		if !bytes.Equal(first, second) {
			t.Errorf("%s: two exports of the same articles differ", name)
		}
	}
}

// TestCheckedDoesNotChangeABook: a sync that found nothing new leaves the book as it was.
func TestCheckedDoesNotChangeABook(t *testing.T) {
	before := export(t, "epub", articlesOf(small()...), Options{})
	later := small()
	for i := range later {
		later[i].Checked = later[i].Checked.AddDate(1, 0, 0)
	}
	if !bytes.Equal(before, export(t, "epub", articlesOf(later...), Options{})) {
		t.Error("the time of the last look is in the book")
	}
}

func TestNothingToExport(t *testing.T) {
	for _, f := range Formats() {
		target := filepath.Join(t.TempDir(), "out"+f.Ext)
		_, err := f.Export(context.Background(), target, articlesOf(), Options{})
		if archiver.KindOf(err) != archiver.NoMatch {
			t.Errorf("%s: error is %v, want one of kind no match", f.Name, err)
		}
		onlyIn(t, filepath.Dir(target))
		if f.Dir {
			continue
		}
		var b bytes.Buffer
		if _, err := f.Write(context.Background(), &b, articlesOf(), Options{}); archiver.KindOf(err) != archiver.NoMatch || b.Len() > 0 {
			t.Errorf("%s: wrote %d bytes and error %v", f.Name, b.Len(), err)
		}
	}
}

// onlyIn checks the names in a folder.
func onlyIn(t *testing.T, dir string, want ...string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range entries {
		got = append(got, e.Name())
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("files in the folder (-want +got):\n%s", diff)
	}
}

// TestOldFileStays: whatever ends an export early, the old file is as it was and nothing else lies about.
func TestOldFileStays(t *testing.T) {
	broken := &archiver.Error{Kind: archiver.Storage, Op: "read archive", Err: errors.New("disk on fire")}
	for _, f := range Formats() {
		if f.Dir {
			continue
		}
		dir := t.TempDir()
		target := filepath.Join(dir, "book"+f.Ext)
		if err := os.WriteFile(target, []byte("old"), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := f.Export(context.Background(), target, failing(broken, small()...), Options{})
		if !errors.Is(err, broken) || archiver.KindOf(err) != archiver.Storage {
			t.Errorf("%s: error is %v", f.Name, err)
		}
		ctx, cancel := context.WithCancel(context.Background())
		_, err = f.Export(ctx, target, articlesOf(small()...), Options{Progress: func(int) { cancel() }})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%s: error of a cancelled export is %v", f.Name, err)
		}
		if got, _ := os.ReadFile(target); string(got) != "old" {
			t.Errorf("%s: the old file is %q", f.Name, got)
		}
		onlyIn(t, dir, "book"+f.Ext)
	}
}

func TestExportFile(t *testing.T) {
	dir := t.TempDir()
	target := filepath.Join(dir, "文章.jsonl")
	other := filepath.Join(dir, tempPrefix+"not-ours"+tempSuffix)
	for _, orphan := range []string{filepath.Join(dir, tempName("文章.jsonl")+"KILLED"+tempSuffix), other} {
		if err := os.WriteFile(orphan, []byte("half"), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	f, _ := Lookup("jsonl")
	counts := 0
	result, err := f.Export(context.Background(), target, articlesOf(small()...), Options{Progress: func(n int) { counts += n }})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(Result{Articles: 3, Written: 1, Path: target}, result); diff != "" {
		t.Errorf("result (-want +got):\n%s", diff)
	}
	if counts != 1+2+3 {
		t.Errorf("progress told %d in all, want 6", counts)
	}
	onlyIn(t, dir, filepath.Base(other), "文章.jsonl")

	past := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	if err := errors.Join(os.Chmod(target, 0o640), os.Chtimes(target, past, past)); err != nil {
		t.Fatal(err)
	}
	if result, err = f.Export(context.Background(), target, articlesOf(small()...), Options{}); err != nil || result.Unchanged != 1 || result.Written != 0 {
		t.Errorf("second export: %+v, %v", result, err)
	}
	if info, err := os.Stat(target); err != nil || !info.ModTime().Equal(past) {
		t.Errorf("a file with the same bytes was written: %v %v", info, err)
	}
	if _, err = f.Export(context.Background(), target, articlesOf(small()[:2]...), Options{}); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(target); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o640 {
		t.Errorf("the mode is not that of the old file: %v %v", info, err)
	}
}

func TestRefusedTargets(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "real"), []byte("real"), 0o666); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("real", filepath.Join(dir, "link")); err != nil {
		t.Skip("no symbolic links here")
	}
	for _, target := range []string{dir, dir + "/", filepath.Join(dir, "link"), filepath.Join(dir, "nowhere", "book.epub"), "", "..", os.DevNull} {
		f, _ := Lookup("epub")
		if _, err := f.Export(context.Background(), target, articlesOf(small()...), Options{}); archiver.KindOf(err) != archiver.Invalid {
			t.Errorf("export to %q: %v, want an error of kind invalid", target, err)
		}
	}
	f, _ := Lookup("markdown")
	for _, target := range []string{filepath.Join(dir, "real"), filepath.Join(dir, "link"), ""} {
		if _, err := f.Export(context.Background(), target, articlesOf(small()...), Options{}); archiver.KindOf(err) != archiver.Invalid {
			t.Errorf("export to the folder %q: %v, want an error of kind invalid", target, err)
		}
	}
	if _, err := f.Write(context.Background(), &bytes.Buffer{}, articlesOf(small()...), Options{}); archiver.KindOf(err) != archiver.Invalid {
		t.Errorf("a folder to a stream: %v", err)
	}
	if got, _ := os.ReadFile(filepath.Join(dir, "real")); string(got) != "real" {
		t.Errorf("the file behind the link is %q", got)
	}
	onlyIn(t, dir, "link", "real")
}

type brokenPipe struct{}

func (brokenPipe) Write([]byte) (int, error) { return 0, errors.New("broken pipe") }

func TestBrokenStream(t *testing.T) {
	for _, f := range Formats() {
		if f.Dir {
			continue
		}
		_, err := f.Write(context.Background(), brokenPipe{}, synthetic(30), Options{})
		if err == nil || !strings.Contains(err.Error(), "broken pipe") {
			t.Errorf("%s: error is %v", f.Name, err)
		}
	}
}

func BenchmarkEPUB(b *testing.B)  { benchmark(b, "epub", 1000) }
func BenchmarkJSONL(b *testing.B) { benchmark(b, "jsonl", 1000) }

// benchmark exports n articles that are made beforehand.
func benchmark(b *testing.B, name string, n int) {
	var all []archiver.Article
	size := 0
	for i := range n {
		all = append(all, syntheticArticle(i))
		size += len(all[i].HTML)
	}
	f, _ := Lookup(name)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := f.Write(context.Background(), discard{}, articlesOf(all...), Options{}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/float64(n), "µs/article")
	b.ReportMetric(float64(size)/float64(n), "html-bytes/article")
}

type discard struct{}

func (discard) Write(b []byte) (int, error) { return len(b), nil }

// TestMemoryIsFlat: what an export holds does not grow with the articles' text.
func TestMemoryIsFlat(t *testing.T) {
	const articles, most = 300, 4_000 // bytes an article: its line in the contents and in the zip's directory
	for _, name := range []string{"epub", "json", "jsonl"} {
		f, _ := Lookup(name)
		held := func() uint64 {
			var m runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&m)
			return m.HeapAlloc
		}
		var first uint64
		grown := 0
		_, err := f.Write(context.Background(), discard{}, synthetic(articles), Options{Progress: func(n int) {
			switch n {
			case articles / 6:
				first = held()
			case articles:
				grown = int(held()) - int(first)
			}
		}})
		if err != nil {
			t.Fatal(err)
		}
		if grown > most*articles*5/6 {
			t.Errorf("%s: %d articles hold %d bytes", name, articles*5/6, grown)
		}
	}
}
