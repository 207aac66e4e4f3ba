package main

import (
	"strings"
	"testing"

	"archiver"
)

func TestPanicCostsOnePage(t *testing.T) {
	line := readLine(nil, "a", &archiver.Page{URL: "https://blog.example/a/"}, nil) // no extractor: it panics
	if line.ID != "a" || !strings.Contains(line.Error, "panic") || !strings.Contains(line.Error, "https://blog.example/a/") {
		t.Errorf("line %+v, want one that names the page and the panic", line)
	}
	err := sparing("https://blog.example/a/", func() error { panic("at the disco") })
	if archiver.KindOf(err) != archiver.Internal {
		t.Errorf("kind %v, want %v", archiver.KindOf(err), archiver.Internal)
	}
}
