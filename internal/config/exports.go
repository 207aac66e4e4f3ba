package config

import (
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"archiver"
)

// This file reads the [[export]] tables. Rules: the options are kept as they are written, for who knows the formats reads them; of
// every key the line is known; no value that comes from outside can lead a path out of the folder that the file names.

// Export is what is written after a sync that changed something of its sources.
type Export struct {
	Format  string
	Path    string   // with {source}, {year} and {month} in it; Place fills them in
	Sources []string // names; all where empty
	Options []Option // in the order of their names
	Run     []string // the command to run then, with its arguments

	places map[string]string // file and line by key
}

// Option is an option of an export.
type Option struct {
	Name  string // as the command line's flag: "max-image"
	Value string
}

// exportFile is an export as it is written. What is none of the first four is an option.
type exportFile struct {
	Format     string   `toml:"format"`
	Path       string   `toml:"path"`
	Sources    []string `toml:"sources"`
	Run        []string `toml:"run"`
	Author     *written `toml:"author"`
	Changes    *written `toml:"changes"`
	Chunks     *written `toml:"chunks"`
	CSS        *written `toml:"css"`
	Flavor     *written `toml:"flavor"`
	Language   *written `toml:"language"`
	MaxImage   *written `toml:"max_image"`
	New        *written `toml:"new"`
	NoImages   *written `toml:"no_images"`
	Order      *written `toml:"order"`
	Overlap    *written `toml:"overlap"`
	PerArticle *written `toml:"per_article"`
	Since      *written `toml:"since"`
	Split      *written `toml:"split"`
	Title      *written `toml:"title"`
}

var exportKeys = []string{"format", "path", "sources", "run", "author", "changes", "chunks", "css", "flavor", "language", "max_image", "new", "no_images", "order",
	"overlap", "per_article", "since", "split", "title"}

func (f exportFile) options() map[string]*written {
	return map[string]*written{
		"author": f.Author, "changes": f.Changes, "chunks": f.Chunks, "css": f.CSS, "flavor": f.Flavor, "language": f.Language, "max-image": f.MaxImage,
		"new": f.New, "no-images": f.NoImages, "order": f.Order, "overlap": f.Overlap, "per-article": f.PerArticle, "since": f.Since, "split": f.Split, "title": f.Title,
	}
}

const runHint = `write the command as a list, no shell reads it: run = ["/usr/local/bin/tell", "--book"]`

// At is the file and line of an option, or those that the export begins on.
func (e Export) At(option string) string {
	if at, ok := e.places[strings.ReplaceAll(option, "-", "_")]; ok {
		return at
	}
	return e.places[""]
}

func (c *Config) checkExports(files []exportFile, name string, data []byte) error {
	places := locateTables(name, data, "export")
	for i, f := range files {
		e := Export{Format: f.Format, Path: f.Path, Sources: f.Sources, Run: f.Run, places: map[string]string{"": name}}
		if i < len(places) {
			e.places = places[i]
		}
		options := f.options()
		for _, option := range slices.Sorted(maps.Keys(options)) {
			if value := options[option]; value != nil {
				e.Options = append(e.Options, Option{option, string(*value)})
			}
		}
		switch {
		case f.Format == "":
			return invalid(e.At(""), `write format = "epub"`, errors.New("export: it has no format"))
		case f.Path == "":
			return invalid(e.At(""), `write path = "books/{source}.epub"`, errors.New("export: it has no path"))
		case f.Run != nil && (len(f.Run) == 0 || f.Run[0] == ""):
			return invalid(e.At("run"), runHint, errors.New("export: run: it names no command"))
		case slices.Contains(f.Sources, ""):
			return invalid(e.At("sources"), "`archiver sources` lists them", errors.New("export: sources: one has no name"))
		}
		for _, m := range template.FindAllStringSubmatch(f.Path, -1) {
			if !slices.Contains(pathWords, m[1]) {
				err := noWord(m[1], pathWords)
				return invalid(e.At("path"), archiver.HintOf(err), fmt.Errorf("export: path: {%s}: it is none of {source}, {year}, {month}", m[1]))
			}
		}
		c.Exports = append(c.Exports, e)
	}
	return nil
}

var (
	template  = regexp.MustCompile(`\{([^{}/\\]*)\}`)
	pathWords = []string{"source", "year", "month"}
)

// PerSource reports whether each source is written to a path of its own.
func (e Export) PerSource() bool { return strings.Contains(e.Path, "{source}") }

// Place is the path for a source, by its name, on a day. made is the folder below which folders may be made: those that the file
// writes without a word in braces are to be there, for they may be a disk that is not.
func (e Export) Place(source string, day time.Time) (path, made string) {
	fixed, _, _ := strings.Cut(e.Path, "{")
	words := strings.NewReplacer("{source}", safe(source), "{year}", day.Format("2006"), "{month}", day.Format("01"))
	return words.Replace(e.Path), filepath.Dir(fixed + "x")
}

// safe makes a name one part of a path, whatever is in it.
func safe(name string) string {
	name = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || strings.ContainsRune(`/\:*?"<>|{}`, r) {
			return '-'
		}
		return r
	}, name)
	if strings.Trim(name, ". ") == "" {
		return "source"
	}
	return strings.TrimLeft(name, ".")
}
