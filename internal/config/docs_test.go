package config

import (
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// TestEveryKeyIsDocumented holds that docs/config.md, the lists of nearest words and what is read know the same keys.
func TestEveryKeyIsDocumented(t *testing.T) {
	page, err := os.ReadFile(filepath.Join("..", "..", "docs", "config.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, table := range []struct {
		written any
		listed  []string
	}{{file{}, keys}, {file{}.Hooks, hookKeys}, {sourceFile{}, sourceKeys}} {
		for field := range reflect.TypeOf(table.written).Fields() {
			key, _, _ := strings.Cut(field.Tag.Get("toml"), ",")
			if !slices.Contains(table.listed, key) {
				t.Errorf("%s is not among the words of which the nearest one is told", key)
			}
			said := slices.ContainsFunc([]string{"`" + key + "`", "`[[" + key + "]]`", "`[" + key + "]`"}, func(cell string) bool {
				return slices.ContainsFunc(strings.Split(string(page), "\n"), func(line string) bool {
					name, _, row := strings.Cut(strings.TrimPrefix(line, "| "), " | ")
					return row && strings.Contains(name, cell)
				})
			})
			if !said {
				t.Errorf("%s is not in the table of docs/config.md", key)
			}
		}
	}
}
