package archiver_test

import (
	"os"
	"path"
	"regexp"
	"strings"
	"testing"
)

// TestReadmeNamesDependencies holds that the README has a reason for each module that go.mod requires directly.
func TestReadmeNamesDependencies(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, reasons, found := strings.Cut(string(readme), "## Dependencies")
	if !found {
		t.Fatal("the README has no list of dependencies")
	}
	mod, err := os.ReadFile("go.mod")
	if err != nil {
		t.Fatal(err)
	}
	direct := regexp.MustCompile(`(?m)^\t(\S+) v\S+$`).FindAllStringSubmatch(string(mod), -1)
	if len(direct) == 0 {
		t.Fatal("go.mod requires nothing")
	}
	for _, module := range direct {
		name := regexp.MustCompile(`/v\d+$`).ReplaceAllString(module[1], "")
		if !strings.HasPrefix(name, "golang.org/") {
			name = path.Base(name)
		}
		if !regexp.MustCompile(`\b` + regexp.QuoteMeta(name) + `\b`).MatchString(reasons) {
			t.Errorf("the README does not say why %s is needed", module[1])
		}
	}
}
