package export

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"archiver"
)

func TestChanges(t *testing.T) {
	at := func(d int) time.Time { return time.Date(2024, 6, d, 0, 0, 0, 0, time.UTC) }
	old, fresh, gone, reread := article(1, "旧文", "<p>新的一段话，写得更好了。</p><p>不变。</p><p>添上的。</p>"), article(2, "新文", "<p>x</p>"), article(3, "去了", "<p>x</p>"), article(4, "重读", "<p>x</p>")
	for _, a := range []*archiver.Article{&old, &gone, &reread} {
		a.FirstSeen = at(1)
	}
	fresh.FirstSeen = at(20)
	gone.State, gone.Gone, gone.Why = archiver.ArticleGone, at(21), "404 Not Found"
	before, other := old, reread
	before.HTML = "<p>旧的一段话，写得更好了。</p><p>不变。</p><p>删去的 <b>text</b>。</p>"
	other.HTML = "<p>y</p>"
	s := &shelf{
		revisions: map[string][]archiver.Article{old.ID: {before, old}, reread.ID: {other, reread}},
		seen:      map[string][]time.Time{old.ID: {at(1), at(15)}, reread.ID: {at(1), at(15)}},
		causes:    map[string][]archiver.Cause{reread.ID: {archiver.CauseAuthor, archiver.CauseReextract}},
	}
	opts := Options{Library: s, Changes: true, Since: at(10), NoImages: true}
	book := parts(t, export(t, "epub", articlesOf(old, fresh, gone, reread), opts))
	page := book["EPUB/changes.xhtml"]
	wellFormed(t, "changes", []byte(page))
	linksLead(t, book)
	for _, want := range []string{
		"<h2>新增</h2>\n<ul>\n<li><a href=\"text/" + fresh.ID, "<h2>修改</h2>\n<h3><a href=\"text/" + old.ID, "2024-06-15",
		"<del>旧</del><ins>新</ins>的一段话", "添上", "<h2>已消失</h2>", "404 Not Found", "自 2024-06-10",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("no %s in\n%s", want, page)
		}
	}
	for _, not := range []string{"不变", reread.ID} {
		if strings.Contains(page, not) {
			t.Errorf("%s in\n%s", not, page)
		}
	}
	for _, name := range []string{"EPUB/nav.xhtml", "EPUB/toc.ncx", "EPUB/package.opf"} {
		if !strings.Contains(book[name], "changes.xhtml") {
			t.Errorf("%s does not lead to the changes", name)
		}
	}
	opts.Since = at(25)
	if _, ok := parts(t, export(t, "epub", articlesOf(old, fresh, gone, reread), opts))["EPUB/changes.xhtml"]; ok {
		t.Error("nothing changed, and there is a chapter on it")
	}
}

func FuzzDiff(f *testing.F) {
	f.Add("旧的 text，一段", "新的 text，一段")
	f.Add("", "x")
	f.Add("a\xffb", "a b\x00")
	f.Add(strings.Repeat("same words ", 50)+"end", strings.Repeat("same words ", 50)+"another end")
	f.Fuzz(func(t *testing.T, before, after string) {
		if got := strings.Join(tokens(before), ""); got != before {
			t.Errorf("the words of %q are %q", before, got)
		}
		var b bytes.Buffer
		b.WriteString("<div>")
		writeDiff(&b, []string{before, "x"}, []string{after, "x"})
		b.WriteString("</div>")
		wellFormed(t, "diff", b.Bytes())
	})
}
