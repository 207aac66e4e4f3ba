package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"archiver/internal/config"
)

// TestPresets compiles every selector of the presets, and finds each in the documentation.
func TestPresets(t *testing.T) {
	page, err := os.ReadFile(filepath.Join("..", "..", "docs", "rules.md"))
	if err != nil {
		t.Fatal(err)
	}
	for name, preset := range config.Presets() {
		if _, err := compileRule(&preset); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if len(preset.Hosts) > 0 || preset.Preset != "" || preset.Listing.Item == "" || preset.Article.Body == "" {
			t.Errorf("%s is no preset", name)
		}
		if !strings.Contains(string(page), "`"+name+"`") {
			t.Errorf("docs/rules.md does not name %s", name)
		}
	}
}

// TestDocumentedRules compiles the examples of docs/rules.md.
func TestDocumentedRules(t *testing.T) {
	page, err := os.ReadFile(filepath.Join("..", "..", "docs", "rules.md"))
	if err != nil {
		t.Fatal(err)
	}
	examples := strings.Split(string(page), "```toml\n")[1:]
	if len(examples) == 0 {
		t.Fatal("no example")
	}
	for _, example := range examples {
		text, _, _ := strings.Cut(example, "```")
		cfg, err := config.Parse("docs/rules.md", []byte(text))
		if err != nil {
			t.Errorf("%v in\n%s", err, text)
			continue
		}
		if _, err := compileRules(cfg.Rules); err != nil {
			t.Errorf("%v in\n%s", err, text)
		}
	}
}
