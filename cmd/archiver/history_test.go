package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"archiver"
	"archiver/storage/sqlite"

	"github.com/google/go-cmp/cmp"
)

// revised makes an archive with one article whose author changed it, and which was read again after that. It gives the path.
func revised(t *testing.T) string {
	t.Helper()
	ctx := t.Context()
	path := filepath.Join(t.TempDir(), "a.db")
	store, err := sqlite.Open(ctx, path, sqlite.Options{})
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(err)
	defer func() { must(store.Close()) }()
	source, err := store.AddSource(ctx, archiver.Source{Name: "nlp", URL: "https://blog.example/nlp/"})
	must(err)
	const url = "https://blog.example/1"
	day := func(n int) time.Time { return time.Date(2026, 3, n, 12, 0, 0, 0, time.UTC) }
	text := func(title, markdown string) *archiver.Article {
		return &archiver.Article{URL: url, Title: title, Tags: []string{"RAG"}, Markdown: markdown, HTML: "<p>" + markdown + "</p>", Words: len([]rune(markdown))}
	}
	_, err = store.StartWalk(ctx, source.ID, day(1), archiver.WalkOptions{})
	must(err)
	task := func() archiver.Task {
		tasks, err := store.Claim(ctx, source.ID, day(1), time.Hour, 1)
		must(err)
		return tasks[0]
	}
	_, err = store.Commit(ctx, archiver.Outcome{Task: task(), State: archiver.TaskDone, At: day(1), Entries: []archiver.Entry{{Channel: archiver.ChannelListing, URL: url}}, WalkEnd: true})
	must(err)
	article := task()
	_, err = store.Commit(ctx, archiver.Outcome{Task: article, State: archiver.TaskDone, At: day(1), Article: text("注意力机制", "# 结论\n\n大模型有用。\n")})
	must(err)
	article.LeaseUntil = time.Time{}
	_, err = store.Commit(ctx, archiver.Outcome{Task: article, State: archiver.TaskDone, At: day(2), Article: text("注意力机制详解", "# 结论\n\n小模型有用。\n")})
	must(err)
	stored, err := store.Article(ctx, url)
	must(err)
	stored.Tags, stored.Markdown, stored.HTML = []string{"RAG", "LLM"}, "# 结论\n\n小模型很有用。\n", "<p>小模型很有用。</p>"
	_, err = store.Reextract(ctx, stored, day(3))
	must(err)
	return path
}

// out runs a command and gives what it printed.
func out(t *testing.T, path string, args ...string) (stdout, stderr string) {
	t.Helper()
	var o, e bytes.Buffer
	code := run(context.Background(), append(args, "--db", path), env{In: strings.NewReader(""), Out: &o, Err: &e, Getenv: os.Getenv})
	if code != 0 {
		t.Fatalf("%v ended with %d: %s", args, code, e.String())
	}
	return o.String(), e.String()
}

func TestDiffOfRevisions(t *testing.T) {
	path := revised(t)
	for _, c := range []struct {
		args []string
		want string
	}{
		{nil, "title       注意力机制{+详解+}\n\n@@ line 3 @@ # 结论\n[-大-]{+小+}模型有用。\n"},
		{[]string{"3"}, "tags        RAG{+, LLM+}\n\n@@ line 3 @@ # 结论\n小模型{+很+}有用。\n"},
		{[]string{"1", "3"}, "title       注意力机制{+详解+}\ntags        RAG{+, LLM+}\n\n@@ line 3 @@ # 结论\n[-大-]{+小+}模型{+很+}有用。\n"},
		{[]string{"2", "--unified"}, "--- d9b3fca5c7d9 revision 1\n+++ d9b3fca5c7d9 revision 2\n@@ -1,3 +1,3 @@\n # 结论\n \n-大模型有用。\n+小模型有用。\n"},
	} {
		got, _ := out(t, path, append([]string{"diff", "https://blog.example/1"}, c.args...)...)
		want := strings.ReplaceAll(c.want, "d9b3fca5c7d9", archiver.ArticleID("https://blog.example/1"))
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("diff %v (-want +got):\n%s", c.args, diff)
		}
	}
	colored, _ := out(t, path, "diff", "https://blog.example/1", "--color", "always")
	if !strings.Contains(colored, "\x1b[31;9m大\x1b[0m\x1b[32m小\x1b[0m模型") {
		t.Errorf("got %q", colored)
	}
	if got, said := out(t, path, "diff", "https://blog.example/1", "2", "2"); got != "" || !strings.Contains(said, "are the same") {
		t.Errorf("a revision differs from itself: %q, %q", got, said)
	}
	history, _ := out(t, path, "history", "https://blog.example/1")
	for _, want := range []string{"  1  2026-03-01", "changed by the author", "read again, the page was the same", "     +0"} {
		if !strings.Contains(history, want) {
			t.Errorf("the history lacks %q:\n%s", want, history)
		}
	}
	changed, _ := out(t, path, "list", "--state", "changed", "--since", "2026-03-01")
	if !strings.Contains(changed, "changed  2026-03-02") {
		t.Errorf("the list of what changed is %q", changed)
	}
}
