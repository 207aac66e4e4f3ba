package export

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"archiver"
)

// TestEpubcheck has the books judged by the W3C's own checker. ARCHIVER_EPUBCHECK names its jars, separated as in PATH.
func TestEpubcheck(t *testing.T) {
	jars := filepath.SplitList(os.Getenv("ARCHIVER_EPUBCHECK"))
	if len(jars) == 0 {
		t.Skip("ARCHIVER_EPUBCHECK names no epubcheck jar")
	}
	rtl := article(1, "مدونة", "<p>نص</p>")
	rtl.Language = "ar"
	books := map[string]struct {
		articles Articles
		opts     Options
	}{
		"small":  {articlesOf(small()...), Options{Sources: []archiver.Source{source}}},
		"nasty":  {articlesOf(nasty()...), Options{Title: nasty()[0].Title, Sources: []archiver.Source{source, {Name: "x", URL: "http://x.example/?a=1&b=2"}}}},
		"rtl":    {articlesOf(rtl), Options{}},
		"few":    {articlesOf(archiver.Article{URL: "https://x.example/"}), Options{}},
		"random": {fuzzedBooks(400), Options{}},
		"big":    {synthetic(1000), Options{Sources: []archiver.Source{source}}},
	}
	for name, book := range books {
		path := filepath.Join(t.TempDir(), name+".epub")
		epub, _ := Lookup("epub")
		if _, err := epub.Export(context.Background(), path, book.articles, book.opts); err != nil {
			t.Fatalf("export %s: %v", name, err)
		}
		if keep := os.Getenv("ARCHIVER_KEEP_BOOKS"); keep != "" {
			data, err := os.ReadFile(path)
			if err == nil {
				err = os.WriteFile(filepath.Join(keep, name+".epub"), data, 0o666)
			}
			if err != nil {
				t.Error(err)
			}
		}
		for _, jar := range jars {
			t.Run(name+"/"+filepath.Base(filepath.Dir(jar)), func(t *testing.T) { epubcheck(t, jar, path) })
		}
	}
}

func epubcheck(t *testing.T, jar, path string) {
	report := filepath.Join(t.TempDir(), "report.json")
	// The exit code says the same as the report; a checker that did not run leaves no report.
	out, _ := exec.Command("java", "-Xss8m", "-jar", jar, "--json", report, path).CombinedOutput()
	data, err := os.ReadFile(report)
	if err != nil {
		t.Fatalf("%s: %v\n%s", jar, err, out)
	}
	var result struct {
		Checker  struct{ CheckerVersion string }
		Messages []struct {
			ID, Severity, Message string
			Locations             []struct {
				Path         string
				Line, Column int
			}
		}
	}
	if err := json.Unmarshal(data, &result); err != nil || result.Checker.CheckerVersion == "" {
		t.Fatalf("%s: not a report of epubcheck: %v\n%s", jar, err, data[:min(len(data), 500)])
	}
	for _, m := range result.Messages {
		if m.Severity == "FATAL" || m.Severity == "ERROR" || m.Severity == "WARNING" {
			t.Errorf("epubcheck %s: %s %s: %s %v", result.Checker.CheckerVersion, m.Severity, m.ID, m.Message, m.Locations[:min(len(m.Locations), 3)])
		}
	}
}
