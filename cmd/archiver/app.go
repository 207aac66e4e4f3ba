package main

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"path/filepath"
	"strings"
	"time"

	"archiver"
	"archiver/crawler"
	"archiver/crawler/fetch"
	"archiver/extract"
	"archiver/internal/config"
	"archiver/storage"
	"archiver/storage/sqlite"

	"github.com/adrg/xdg"
)

const (
	// defaultDelay is one request a second: what a reader clicking through would ask of a blog.
	defaultDelay = time.Second
	// defaultConcurrency is what a browser opens to a host, less two.
	defaultConcurrency = 4
)

// app is what every command shares: the global flags and, from them, the rooms wired together.
type app struct {
	env
	db, configFile, logFormat string
	quiet, noProgress         bool
	verbose                   int
	command                   string // "archiver sync"
	interrupts                interrupts
}

// config reads the configuration, and compiles its rules so that every mistake is told at once. The default file may be missing,
// a named one may not.
func (a *app) config() (config.Config, error) {
	path := a.configFile
	if path == "" {
		path = filepath.Join(xdg.ConfigHome, "archiver", "config.toml")
	}
	cfg, err := config.Load(path)
	if a.configFile == "" && errors.Is(err, fs.ErrNotExist) {
		return config.Config{}, nil
	}
	if err == nil {
		_, err = compileRules(cfg.Rules)
	}
	return cfg, err
}

// archivePath is the archive's file: the flag, the environment, the configuration, or the user's data folder.
func (a *app) archivePath(cfg config.Config) string {
	for _, path := range []string{a.db, a.Getenv("ARCHIVER_DB"), cfg.DB} {
		if path != "" {
			return path
		}
	}
	return filepath.Join(xdg.DataHome, "archiver", "archive.db")
}

// open opens the archive for a command that writes; it is made where there is none.
func (a *app) open(ctx context.Context) (storage.Store, config.Config, error) {
	return a.openWith(ctx, sqlite.Options{})
}

// openToRead opens the archive for a command that only reads.
func (a *app) openToRead(ctx context.Context) (storage.Store, config.Config, error) {
	return a.openWith(ctx, sqlite.Options{ReadOnly: true})
}

func (a *app) openWith(ctx context.Context, opts sqlite.Options) (storage.Store, config.Config, error) {
	opts.Command = a.command
	cfg, err := a.config()
	if err != nil {
		return nil, cfg, err
	}
	store, err := sqlite.Open(ctx, a.archivePath(cfg), opts)
	if err != nil {
		return nil, cfg, err
	}
	return store, cfg, nil
}

// logger writes to standard error: problems with -v, every page with -vv.
func (a *app) logger() (*slog.Logger, error) {
	opts := &slog.HandlerOptions{Level: slog.LevelError + 1}
	switch {
	case a.verbose > 1:
		opts.Level = slog.LevelDebug
	case a.verbose == 1:
		opts.Level = slog.LevelInfo
	}
	switch a.logFormat {
	case "text":
		return slog.New(slog.NewTextHandler(a.Err, opts)), nil
	case "json":
		return slog.New(slog.NewJSONHandler(a.Err, opts)), nil
	}
	return nil, &archiver.Error{Kind: archiver.Invalid, Err: errors.New("unknown log format " + a.logFormat), Hint: "the formats are text and json"}
}

// crawling are the flags of commands that fetch.
type crawling struct {
	delay       time.Duration
	concurrency int
}

// crawler wires the loop.
func (a *app) crawler(store storage.Store, fetcher crawler.Fetcher, x *extract.Extractor, c crawling, opts crawler.Options) (*crawler.Crawler, error) {
	log, err := a.logger()
	if err != nil {
		return nil, err
	}
	workers := c.concurrency
	if c.delay > 0 {
		workers = min(workers, 2) // one waits for its turn at the host while the other is read and stored
	}
	opts.Workers, opts.Log = workers, log
	return crawler.New(withText{store}, fetcher, extractor{x}, opts), nil
}

// extractor gives extract's Assembly the name that the crawl loop knows it by.
type extractor struct{ *extract.Extractor }

func (e extractor) Article(entries []archiver.Entry) crawler.Assembly {
	return e.Extractor.Article(entries)
}

var (
	_ crawler.Fetcher   = (*fetch.Client)(nil)
	_ crawler.Extractor = extractor{}
)

// address reads what a person typed as the address of a page: the scheme may be missing.
func address(typed string) (string, error) {
	if !strings.Contains(typed, "://") && strings.Contains(typed, ".") {
		typed = "https://" + typed
	}
	return archiver.Canonical(typed)
}

// looksLikeAddress tells an address from the name of a source.
func looksLikeAddress(typed string) bool {
	return strings.Contains(typed, "://") || strings.Contains(typed, "/") && strings.Contains(typed, ".")
}
