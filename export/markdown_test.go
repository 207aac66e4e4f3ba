package export

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"archiver"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"
	"golang.org/x/text/unicode/norm"
)

func exportFolder(t testing.TB, dir string, opts Options, articles ...archiver.Article) Result {
	t.Helper()
	f, _ := Lookup("markdown")
	result, err := f.Export(context.Background(), dir, articlesOf(articles...), opts)
	if err != nil {
		t.Fatalf("export: %v", err)
	}
	return result
}

// folderOf reads a folder: content by path, the manifest left out.
func folderOf(t testing.TB, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(dir, func(p string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || d.Name() == manifestName {
			return err
		}
		content, err := os.ReadFile(p)
		name, _ := filepath.Rel(dir, p)
		all[filepath.ToSlash(name)] = string(content)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestMarkdownFolder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new", "notes")
	a, b := article(1, "RAG 优化浅谈", ""), article(2, "C/C++: 入门?", "")
	a.Markdown, a.Tags, a.Excerpt = "# 一\n\n正文\n\n", []string{"RAG", "LLM"}, "摘要：\"引号\""
	a.Modified, b.State, b.Markdown = archiver.OnDay(2024, 2, 3), archiver.ArticleGone, ""
	got := exportFolder(t, dir, Options{}, a, b)
	if diff := cmp.Diff(Result{Articles: 2, Written: 2, Path: dir}, got); diff != "" {
		t.Errorf("result (-want +got):\n%s", diff)
	}
	want := map[string]string{
		"2023-11-02 RAG 优化浅谈.md": `---
title: "RAG 优化浅谈"
date: 2023-11-02T08:30:00+08:00
modified: 2024-02-03
authors:
  - "张三"
categories:
  - "自然语言处理(NLP)"
tags:
  - "RAG"
  - "LLM"
language: "zh-CN"
excerpt: "摘要：\"引号\""
url: "https://blog.example/post/1/"
source: "nlp"
id: "66c1b80b7151"
---

# 一

正文
`,
		"2023-11-03 C-C++ 入门.md": `---
title: "C/C++: 入门?"
date: 2023-11-03T08:30:00+08:00
authors:
  - "张三"
categories:
  - "自然语言处理(NLP)"
language: "zh-CN"
url: "https://blog.example/post/2/"
source: "nlp"
id: "796a3a943cb4"
state: "gone"
---
`,
	}
	if diff := cmp.Diff(want, folderOf(t, dir)); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}

	past := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	for name := range want {
		if err := os.Chtimes(filepath.Join(dir, name), past, past); err != nil {
			t.Fatal(err)
		}
	}
	if got = exportFolder(t, dir, Options{}, a, b); got.Unchanged != 2 || got.Written+got.Kept != 0 {
		t.Errorf("second run: %+v", got)
	}
	for name := range want {
		if info, err := os.Stat(filepath.Join(dir, name)); err != nil || !info.ModTime().Equal(past) {
			t.Errorf("%s was written again", name)
		}
	}
}

func TestMarkdownSourcesHaveFolders(t *testing.T) {
	dir := t.TempDir()
	a, b, c := article(1, "a", ""), article(2, "b", ""), article(3, "c", "")
	b.Source, c.Source = "../机器 学习", ""
	exportFolder(t, dir, Options{Sources: []archiver.Source{source, {Name: "x"}}}, a, b, c)
	var names []string
	for name := range folderOf(t, dir) {
		names = append(names, name)
	}
	slices.Sort(names)
	if diff := cmp.Diff([]string{"nlp/2023-11-02 a.md", "other/2023-11-04 c.md", "机器 学习/2023-11-03 b.md"}, names); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
}

// TestMarkdownKeepsNames: the name belongs to the article, from its first export on.
func TestMarkdownKeepsNames(t *testing.T) {
	dir := t.TempDir()
	a, twin, upper := article(1, "Title", ""), article(2, "Title", ""), article(3, "TITLE", "")
	twin.Published, upper.Published = a.Published, a.Published
	exportFolder(t, dir, Options{}, twin)
	exportFolder(t, dir, Options{}, a, twin, upper)
	first := folderOf(t, dir)
	a.Title, twin.Published = "Renamed", archiver.Timestamp{}
	exportFolder(t, dir, Options{}, upper, twin, a)
	second := folderOf(t, dir)
	names := func(m map[string]string) (all []string) {
		for name := range m {
			all = append(all, name)
		}
		slices.Sort(all)
		return all
	}
	want := []string{"2023-11-02 TITLE " + upper.ID + ".md", "2023-11-02 Title " + a.ID + ".md", "2023-11-02 Title.md"}
	if diff := cmp.Diff(want, names(first)); diff != "" {
		t.Errorf("first (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(want, names(second)); diff != "" {
		t.Errorf("second (-want +got):\n%s", diff)
	}
	if !strings.Contains(second[want[1]], `title: "Renamed"`) {
		t.Errorf("the renamed article was not written: %s", second[want[1]])
	}
}

// TestMarkdownNeverTouchesAPersonsFiles walks through everything a person does in the folder, at random: no byte of theirs
// changes, no file of theirs comes back.
func TestMarkdownNeverTouchesAPersonsFiles(t *testing.T) {
	dir := t.TempDir()
	r := rand.New(rand.NewPCG(1, 2))
	articles := make([]archiver.Article, 12)
	for i := range articles {
		articles[i] = article(i, fmt.Sprint("title ", i/2), "")
		articles[i].Published = archiver.OnDay(2024, 1, 1+i/2)
	}
	theirs := map[string]string{} // what a person wrote, by path; "" for removed
	pick := func() string {
		var names []string
		for name := range folderOf(t, dir) {
			names = append(names, name)
		}
		if len(names) == 0 {
			return ""
		}
		slices.Sort(names)
		return names[r.IntN(len(names))]
	}
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		theirs[name] = text
	}
	for step := range 120 {
		name := pick()
		switch r.IntN(6) {
		case 0, 1:
			articles[r.IntN(len(articles))].Markdown = fmt.Sprint("revision ", step)
		case 2:
			if name != "" {
				write(name, fmt.Sprint("edited ", step))
			}
		case 3:
			if name != "" && step%5 == 0 {
				if err := os.Remove(filepath.Join(dir, name)); err != nil {
					t.Fatal(err)
				}
				theirs[name] = ""
			}
		case 4:
			if name != "" {
				to := fmt.Sprint("renamed ", step, ".md")
				if err := os.Rename(filepath.Join(dir, name), filepath.Join(dir, to)); err != nil {
					t.Fatal(err)
				}
				content, _ := os.ReadFile(filepath.Join(dir, to))
				theirs[to], theirs[name] = string(content), ""
			}
		case 5:
			write(fileName(&articles[r.IntN(len(articles))], markdownExt, r.IntN(2) == 0), fmt.Sprint("foreign ", step))
		}
		result := exportFolder(t, dir, Options{}, articles...)
		if got := result.Written + result.Unchanged + result.Kept; got != len(articles) {
			t.Fatalf("step %d: %+v accounts for %d of %d articles", step, result, got, len(articles))
		}
		if len(result.Notes) > maxNotes+2 {
			t.Fatalf("step %d: %d notes", step, len(result.Notes))
		}
		now := folderOf(t, dir)
		for name, text := range theirs {
			if now[name] != text {
				t.Fatalf("step %d: %s was %q, is %q", step, name, text, now[name])
			}
		}
	}
}

// TestMarkdownAfterAKill: files that were written and not yet remembered are taken for what they are.
func TestMarkdownAfterAKill(t *testing.T) {
	dir := t.TempDir()
	a, b := article(1, "a", ""), article(2, "b", "")
	exportFolder(t, dir, Options{}, a, b)
	if err := os.Remove(filepath.Join(dir, manifestName)); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, tempName("x")+"KILLED"+tempSuffix), nil, 0o666); err != nil {
		t.Fatal(err)
	}
	if got := exportFolder(t, dir, Options{}, a, b); got.Unchanged != 2 {
		t.Errorf("result %+v", got)
	}
	a.Markdown = "new"
	if got := exportFolder(t, dir, Options{}, a, b); got.Written != 1 || got.Unchanged != 1 {
		t.Errorf("result %+v", got)
	}
	onlyIn(t, dir, manifestName, "2023-11-02 a.md", "2023-11-03 b.md")
}

// TestMarkdownEndsEarly: what was written before an error is remembered.
func TestMarkdownEndsEarly(t *testing.T) {
	dir := t.TempDir()
	f, _ := Lookup("markdown")
	broken := &archiver.Error{Kind: archiver.Storage, Op: "read archive"}
	a := article(1, "a", "")
	if _, err := f.Export(context.Background(), dir, failing(broken, a), Options{}); archiver.KindOf(err) != archiver.Storage {
		t.Errorf("error is %v", err)
	}
	a.Markdown = "new"
	if got := exportFolder(t, dir, Options{}, a); got.Written != 1 {
		t.Errorf("result %+v", got)
	}
}

func TestMarkdownRefusesLinksOut(t *testing.T) {
	outside, dir := t.TempDir(), t.TempDir()
	f, _ := Lookup("markdown")
	a := article(1, "a", "")
	if err := os.Symlink(outside, filepath.Join(dir, "nlp")); err != nil {
		t.Skip("no symbolic links here")
	}
	_, err := f.Export(context.Background(), dir, articlesOf(a), Options{Sources: []archiver.Source{source, source}})
	if archiver.KindOf(err) != archiver.Invalid || !strings.Contains(err.Error(), "symbolic link") {
		t.Errorf("a folder that leads out: %v", err)
	}
	victim := filepath.Join(outside, "victim")
	if err := os.WriteFile(victim, []byte("victim"), 0o666); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(victim, filepath.Join(dir, "2023-11-02 a.md")); err != nil {
		t.Fatal(err)
	}
	if got := exportFolder(t, dir, Options{}, a); got.Written != 1 {
		t.Errorf("a file that leads out: %+v", got)
	}
	onlyIn(t, outside, "victim")
	if got, _ := os.ReadFile(victim); string(got) != "victim" {
		t.Errorf("the file outside is %q", got)
	}
	if _, err := os.Stat(filepath.Join(dir, "2023-11-02 a "+a.ID+".md")); err != nil {
		t.Errorf("the article is not beside it: %v", err)
	}
}

func TestBadManifest(t *testing.T) {
	f, _ := Lookup("markdown")
	for _, content := range []string{"", "{", `{"version":2}`, `{"version":1,"files":{"a":{"path":"../x"}}}`, `{"version":1,"files":{"a":null}}`} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, manifestName), []byte(content), 0o666); err != nil {
			t.Fatal(err)
		}
		_, err := f.Export(context.Background(), dir, articlesOf(small()...), Options{})
		if archiver.KindOf(err) != archiver.Invalid || archiver.HintOf(err) == "" {
			t.Errorf("manifest %q: %v", content, err)
		}
		onlyIn(t, dir, manifestName)
	}
}

func TestFileName(t *testing.T) {
	for _, tt := range []struct{ title, want string }{
		{"RAG 优化浅谈", "RAG 优化浅谈.md"},
		{"../../etc/passwd", "etc-passwd.md"}, {"/", "ID.md"}, {"..", "ID.md"}, {".", "ID.md"}, {"", "ID.md"}, {"\u200f\u200e", "ID.md"}, {"\ufe0f", "ID.md"},
		{"CON", "_CON.md"}, {"nul.md", "_nul.md.md"}, {"COM¹", "_COM¹.md"}, {"lpt9 .x", "_lpt9 .x.md"}, {"COM10", "COM10.md"}, {"Console", "Console.md"},
		{"a:b", "a b.md"}, {`<>|?*"`, "ID.md"}, {"a\\b|c", "a-b-c.md"}, {"dots... ", "dots.md"}, {"-rf ~", "rf ~.md"}, {".hidden", "hidden.md"}, {"~tilde", "tilde.md"},
		{"e\u0301", "\u00e9.md"}, {"tab\tand\nline", "tab and line.md"}, {"zero\u200bwidth\u00ad", "zerowidth.md"}, {"\u202egpj.exe", "gpj.exe.md"},
		{"👩‍👩‍👧 family", "👩‍👩‍👧 family.md"}, {"bad \xff byte", "bad \ufffd byte.md"}, {"　全角　空格　", "全角 空格.md"},
		{strings.Repeat("长", 86), strings.Repeat("长", 65) + ".md"},
	} {
		a := archiver.Article{ID: "ID", Title: tt.title}
		if got := fileName(&a, ".md", false); got != tt.want {
			t.Errorf("name of %q = %q, want %q", tt.title, got, tt.want)
		}
	}
	a := article(1, strings.Repeat("长", 86), "")
	if got := fileName(&a, ".md", true); len(got) > maxName || !strings.HasSuffix(got, "长 "+a.ID+".md") {
		t.Errorf("name of a twin: %q", got)
	}
	if twins("A/É.md") != twins("a/e\u0301.MD") {
		t.Error("twins are told apart")
	}
}

// FuzzFileName: whatever the title, the name is one name, on every system.
func FuzzFileName(f *testing.F) {
	for _, a := range nasty() {
		f.Add(a.Title, "nlp")
	}
	f.Add("COM1", "..")
	f.Add("a\u0300\u0301", "CON")
	f.Fuzz(func(t *testing.T, title, source string) {
		for _, published := range []archiver.Timestamp{{}, archiver.OnDay(2024, 1, 2)} {
			a := archiver.Article{ID: "796a3a943cb4", URL: "https://x.example/", Title: title, Published: published}
			for _, name := range []string{fileName(&a, ".md", false), fileName(&a, ".md", true), folderName(source)} {
				switch {
				case name == "", len(name) > maxName, !utf8.ValidString(name), !norm.NFC.IsNormalString(name), !filepath.IsLocal(name),
					path.Base(name) != name, strings.ContainsAny(name, "<>:\"/\\|?*\x00\n\u202e"), strings.ContainsRune(" .-~", rune(name[0])),
					strings.HasSuffix(name, "."), strings.HasSuffix(name, " "), device(name):
					t.Errorf("name of %q or %q: %q", title, source, name)
				}
			}
		}
	})
}

// FuzzFrontMatter: what YAML reads is what the article has.
func FuzzFrontMatter(f *testing.F) {
	for _, a := range nasty() {
		f.Add(a.Title, a.Markdown)
	}
	for _, title := range []string{"yes", "no", "null", "~", "2024-01-01", "1e3", "0x1f", "=cmd()", "---", "...", "#", "\u2028\u2029\u0085\ufeff", "a: b", "%TAG", "\\", `"`, "'", "\U000e0001", "\u00a0"} {
		f.Add(title, "---\n"+title+"\n---\n")
	}
	f.Fuzz(func(t *testing.T, title, text string) {
		a := article(1, title, "")
		a.Markdown, a.Authors, a.Tags, a.Excerpt, a.Modified = text, []string{title, "x"}, []string{"", title}, text, archiver.AtLocal(time.Date(2024, 1, 2, 3, 4, 5, 0, time.UTC))
		var b bytes.Buffer
		writeNote(&b, &a)
		rest, ok := strings.CutPrefix(b.String(), "---\n")
		front, _, found := strings.Cut(rest, "\n---\n")
		if !ok || !found {
			t.Fatalf("no front matter:\n%s", b.String())
		}
		var got struct {
			Title, Excerpt, URL, ID string
			Authors, Tags           []string
			Date, Modified          yaml.Node
		}
		if err := yaml.Unmarshal([]byte(front), &got); err != nil {
			t.Fatalf("%v\n%s", err, front)
		}
		valid := func(s string) string { return string([]rune(s)) }
		if got.Title != valid(title) || got.Excerpt != valid(text) || got.Authors[0] != valid(title) || got.Tags[1] != valid(title) {
			t.Errorf("title %q is read as %q, excerpt %q as %q", title, got.Title, text, got.Excerpt)
		}
		if got.ID != a.ID || got.URL != a.URL || got.Date.Value != a.Published.String() || got.Modified.Value != a.Modified.String() {
			t.Errorf("facts are read as %+v", got)
		}
	})
}
