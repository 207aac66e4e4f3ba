package export

import (
	"context"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"archiver"

	"github.com/google/go-cmp/cmp"
)

// kept is a library of pictures, addresses and revisions that tests fill.
type kept struct {
	Library
	images    map[string][]archiver.Image // by article ID
	assets    map[string]archiver.Asset   // by sum
	addresses map[string][]string
	revisions map[string][]archiver.Revision
}

func (k *kept) Images(_ context.Context, id string) ([]archiver.Image, error) {
	return k.images[id], nil
}
func (k *kept) Asset(_ context.Context, sum string) (archiver.Asset, error) {
	if asset, ok := k.assets[sum]; ok {
		return asset, nil
	}
	return archiver.Asset{}, errors.New("there is no picture " + sum)
}
func (k *kept) Addresses(_ context.Context, id string) ([]string, error) { return k.addresses[id], nil }
func (k *kept) Revisions(_ context.Context, id string) ([]archiver.Revision, error) {
	return k.revisions[id], nil
}

// add gives an article a stored picture.
func (k *kept) add(a *archiver.Article, url, mediaType, data string) (name string) {
	if k.images == nil {
		k.images, k.assets = map[string][]archiver.Image{}, map[string]archiver.Asset{}
	}
	sum := hash([]byte(data))
	k.images[a.ID] = append(k.images[a.ID], archiver.Image{URL: url, State: archiver.AssetStored, Sum: sum, Type: mediaType})
	k.assets[sum] = archiver.Asset{URL: url, Type: mediaType, Data: []byte(data)}
	return sum[:pictureSum] + pictureExt(mediaType)
}

func namesIn(t testing.TB, dir string) []string {
	t.Helper()
	return slices.Sorted(maps.Keys(folderOf(t, dir)))
}

// TestFolderRemoves: what the archive has no more goes, where it is as it was written, and where the export is whole.
func TestFolderRemoves(t *testing.T) {
	dir := t.TempDir()
	library := &kept{}
	articles := make([]archiver.Article, 5)
	for i := range articles {
		articles[i] = article(i, "t"+string(rune('a'+i)), "")
		articles[i].Published = archiver.OnDay(2024, 1, 1)
		address := "https://blog.example/i/" + string(rune('a'+i)) + ".png"
		library.add(&articles[i], address, "image/png", "picture "+string(rune('a'+i)))
		articles[i].Markdown = "![](" + address + ")\n"
	}
	articles[4].Source = "other"
	opts := Options{Sources: []archiver.Source{source}, Library: library, Whole: true}
	exportFolder(t, dir, Options{Library: library}, articles...)
	all := namesIn(t, dir)
	if len(all) != 10 {
		t.Fatalf("files: %q", all)
	}
	if err := os.WriteFile(filepath.Join(dir, "2024-01-01 tb.md"), []byte("mine"), 0o666); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(dir, "2024-01-01 tc.md")); err != nil {
		t.Fatal(err)
	}
	gone := func(names ...string) (left []string) {
		for _, name := range all {
			if !slices.Contains(names, name) {
				left = append(left, name)
			}
		}
		return left
	}
	partial := opts
	partial.Whole = false
	exportFolder(t, dir, partial, articles[0])
	exportFolder(t, dir, Options{Sources: []archiver.Source{{Name: "third"}}, Library: library, Whole: true}, articles[0])
	if diff := cmp.Diff(gone("2024-01-01 tc.md"), namesIn(t, dir)); diff != "" {
		t.Errorf("an export of a part removes (-want +got):\n%s", diff)
	}
	result := exportFolder(t, dir, opts, articles[0])
	picture := func(i int) string { return "images/" + library.images[articles[i].ID][0].Sum[:pictureSum] + ".png" }
	want := gone("2024-01-01 tc.md", "2024-01-01 td.md", picture(1), picture(2), picture(3))
	if diff := cmp.Diff(want, namesIn(t, dir)); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
	if notes := strings.Join(result.Notes, "\n"); !strings.Contains(notes, "4 files were removed") || !strings.Contains(notes, "2024-01-01 tb.md") {
		t.Errorf("notes: %q", result.Notes)
	}
	// What a person changed or removed stays so; the others come back.
	if result = exportFolder(t, dir, opts, articles[0]); len(result.Notes) != 0 {
		t.Errorf("said again: %q", result.Notes)
	}
	exportFolder(t, dir, opts, articles...)
	if diff := cmp.Diff(gone("2024-01-01 tc.md"), namesIn(t, dir)); diff != "" {
		t.Errorf("after they came back (-want +got):\n%s", diff)
	}
	if got, _ := os.ReadFile(filepath.Join(dir, "2024-01-01 tb.md")); string(got) != "mine" {
		t.Errorf("the changed file is %q", got)
	}
}

// TestFirstManifest: the memory of a first version is read, and its files are known.
func TestFirstManifest(t *testing.T) {
	dir := t.TempDir()
	a := article(1, "a", "")
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	write("old name.md", "old")
	write(manifestName, `{"version": 1, "files": {"`+a.ID+`": {"path": "old name.md", "sha256": "`+hash([]byte("old"))+`"}}}`)
	if got := exportFolder(t, dir, Options{}, a); got.Written != 1 {
		t.Errorf("result %+v", got)
	}
	onlyIn(t, dir, manifestName, "old name.md")
}

// TestFormsDoNotMix: a folder is of one flavor.
func TestFormsDoNotMix(t *testing.T) {
	dir := t.TempDir()
	a := article(1, "a", "")
	exportFolder(t, dir, Options{}, a)
	f, _ := Lookup("markdown")
	_, err := f.Export(context.Background(), dir, articlesOf(a), Options{Flavor: FlavorHugo})
	if archiver.KindOf(err) != archiver.Invalid || archiver.HintOf(err) == "" {
		t.Errorf("another flavor: %v", err)
	}
	if _, err = f.Export(context.Background(), dir, articlesOf(a), Options{Flavor: "x"}); archiver.KindOf(err) != archiver.Invalid {
		t.Errorf("no flavor: %v", err)
	}
}
