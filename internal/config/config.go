// Package config reads the configuration file: one TOML document with strict keys. Every mistake in it is an error that names the
// file, the line and what to write instead. It knows no defaults and no flags: what the file does not say stays zero.
package config

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"archiver"

	"github.com/agnivade/levenshtein"
	"github.com/pelletier/go-toml/v2"
)

// maxFile bounds what is read: a file that is larger is no configuration.
const maxFile = 1 << 20

// Config is what the file says. The zero value is an empty file.
type Config struct {
	DB           string
	Delay        *time.Duration // nil where the file does not say; 0 is a choice
	Concurrency  int
	UserAgent    string
	MaxBody      int64 // bytes
	Timeout      time.Duration
	AllowPrivate []string
	Sources      []Source
	Rules        []Rule
	// FTR is the folder of ftr-site-config files, empty for none. Load reads it, and all files that the configuration names,
	// from where the file is.
	FTR string
	// Contact is whom a site's owner may write to, empty for nobody.
	Contact string
	// Proxy is the way to all sites; empty for what the environment says, Direct for none.
	Proxy string
	// Schedule is that of all sources which have none of their own, as package schedule reads it.
	Schedule string
	// Metrics is the file to write for Prometheus after a sync, empty for none.
	Metrics string
	// AfterSync is the command, with its arguments, to run after a sync that changed something.
	AfterSync []string

	places map[string]string // file and line by key, of what only its use finds wrong
}

// file is the document as it is written. A value that may be wrong in more ways than its type is kept as text, so that every
// mistake in it is told the same way.
type file struct {
	DB           string       `toml:"db"`
	Delay        *written     `toml:"delay"`
	Concurrency  *written     `toml:"concurrency"`
	UserAgent    string       `toml:"user_agent"`
	MaxBody      *written     `toml:"max_body"`
	Timeout      *written     `toml:"timeout"`
	AllowPrivate []string     `toml:"allow_private"`
	Sources      []sourceFile `toml:"source"`
	Rules        []Rule       `toml:"rule"`
	FTR          string       `toml:"ftr"`
	Contact      string       `toml:"contact"`
	Proxy        string       `toml:"proxy"`
	Schedule     string       `toml:"schedule"`
	Metrics      string       `toml:"metrics"`
	Hooks        struct {
		AfterSync []string `toml:"after_sync"`
	} `toml:"hooks"`
}

// keys are the words of the file, for the nearest one to a word that is none.
var (
	keys = []string{"db", "delay", "concurrency", "user_agent", "max_body", "timeout", "allow_private", "source", "rule", "ftr", "contact", "proxy",
		"schedule", "metrics", "hooks"}
	hookKeys = []string{"after_sync"}
)

const hookHint = `write the command as a list, no shell reads it: after_sync = ["/usr/local/bin/tell", "--blog"]`

// kindHints say what to write where a value is of the wrong kind.
var kindHints = map[string]string{
	"hooks.after_sync": hookHint,
	"source.discover":  `write a list: discover = ["rest", "feed"]`,
	"source.headers":   `write headers = { Name = "value" }`,
	"hooks":            `write [hooks], and below it after_sync = ["COMMAND"]`,
}

// Load reads a file. The error is of kind Invalid; errors.Is finds fs.ErrNotExist in it where there is no file.
func Load(path string) (Config, error) {
	data, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return Config{}, invalid(path, "give --config the name of a file that is there", fs.ErrNotExist)
	case errors.Is(err, fs.ErrPermission):
		return Config{}, invalid(path, "make the file readable for the user who runs archiver", fs.ErrPermission)
	case err != nil:
		return Config{}, invalid(path, "", err)
	case len(data) > maxFile:
		return Config{}, invalid(path, "", errors.New("larger than a configuration can be"))
	}
	c, err := Parse(path, data)
	c.resolve(filepath.Dir(path))
	return c, err
}

// Parse reads a file's contents; name is what errors call it.
func Parse(name string, data []byte) (Config, error) {
	// Editors on Windows put it there.
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	var f file
	err := toml.NewDecoder(bytes.NewReader(data)).DisallowUnknownFields().Decode(&f)
	if missing, ok := errors.AsType[*toml.StrictMissingError](err); ok {
		return Config{}, unknownKey(name, &missing.Errors[0])
	}
	if at, ok := errors.AsType[*toml.DecodeError](err); ok {
		line, _ := at.Position()
		return Config{}, invalid(place(name, line), kindHints[strings.Join(at.Key(), ".")], errors.New(wording(at)))
	}
	if err != nil {
		return Config{}, invalid(name, "", errors.New(strings.TrimPrefix(err.Error(), "toml: ")))
	}
	return f.check(name, data)
}

var mismatch = regexp.MustCompile(`TOML (\w+)`)

// wording says a mistake of the document in words that name no Go type.
func wording(at *toml.DecodeError) string {
	message := strings.TrimPrefix(at.Error(), "toml: ")
	if kind := mismatch.FindStringSubmatch(message); kind != nil {
		message = fmt.Sprintf("a value of kind %s does not belong here", kind[1])
	}
	if key := strings.Join(at.Key(), "."); key != "" {
		message = key + ": " + message
	}
	return message
}

// unknownKey says which key is none, and which one may have been meant.
func unknownKey(name string, at *toml.DecodeError) error {
	key := at.Key()
	known := keys
	if len(key) > 1 {
		known = nil
		switch {
		case key[0] == "source":
			known = sourceKeys
		case key[0] == "hooks":
			known = hookKeys
		case key[0] == "rule":
			known = ruleKeysIn(key[1:])
		}
	}
	line, _ := at.Position()
	hint := ""
	if len(known) > 0 && len(key) > 0 {
		hint = "the keys are " + strings.Join(known, ", ")
		if word, ok := nearest(key[len(key)-1], known); ok {
			hint = "did you mean " + word
		}
	}
	return invalid(place(name, line), hint, fmt.Errorf("unknown key %s", strings.Join(key, ".")))
}

// nearest is the known word that a mistyped one is closest to, if one is close at all.
func nearest(word string, known []string) (string, bool) {
	// More than half the letters wrong is another word.
	most := (len(word) + 1) / 2
	word = strings.ReplaceAll(strings.ToLower(word), "-", "_")
	best := slices.MinFunc(known, func(a, b string) int {
		return levenshtein.ComputeDistance(word, a) - levenshtein.ComputeDistance(word, b)
	})
	return best, levenshtein.ComputeDistance(word, best) <= most
}

// place is a file and a line of it.
func place(name string, line int) string { return fmt.Sprintf("%s:%d", name, line) }

func invalid(where, hint string, err error) error {
	return &archiver.Error{Kind: archiver.Invalid, Op: "read configuration", URL: where, Hint: hint, Err: err}
}
