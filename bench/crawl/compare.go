package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"archiver/bench/measure"
)

// result is what the rounds of one size used, in the order they ran.
type result struct {
	articles        int
	plain, archiver []measure.Cost
}

// compare serves a blog and lets both programs crawl it, in turn, every second round in the other order.
func compare(ctx context.Context, p programs, dir string, articles, rounds int) (r result, err error) {
	r = result{articles: articles}
	category, stop, err := measure.Serve(ctx, p.blog, articles)
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, stop()) }()
	for round := range rounds {
		plain := func() error {
			used, err := crawlPlain(ctx, p, dir, category, articles)
			r.plain = append(r.plain, used)
			return err
		}
		archiver := func() error {
			used, err := crawlArchiver(ctx, p, dir, category, articles)
			r.archiver = append(r.archiver, used)
			return err
		}
		first, second := plain, archiver
		if round%2 == 1 {
			first, second = archiver, plain
		}
		if err := first(); err != nil {
			return r, err
		}
		if err := second(); err != nil {
			return r, err
		}
		fmt.Fprintf(os.Stderr, "%d articles, round %d: plain %s, archiver %s\n", articles, round+1, r.plain[round], r.archiver[round])
	}
	return r, nil
}

func crawlPlain(ctx context.Context, p programs, dir, category string, articles int) (measure.Cost, error) {
	path := filepath.Join(dir, "plain.jsonl")
	defer os.Remove(path)
	used, err := measure.Run(ctx, nil, p.plain, category, path)
	if err != nil {
		return used, err
	}
	return used, complete("plain", path, articles)
}

func crawlArchiver(ctx context.Context, p programs, dir, category string, articles int) (_ measure.Cost, err error) {
	archive, err := os.MkdirTemp(dir, "archive-")
	if err != nil {
		return measure.Cost{}, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(archive)) }()
	db := filepath.Join(archive, "archive.db")
	// An empty file stands before the user's own configuration.
	config := filepath.Join(archive, "config.toml")
	if err := os.WriteFile(config, nil, 0o600); err != nil {
		return measure.Cost{}, err
	}
	used, err := measure.Run(ctx, nil, p.archiver, "--config", config, "--db", db, "--no-progress", "sync", category, "--delay", "0", "--images", "none")
	if err != nil {
		return used, err
	}
	path := filepath.Join(archive, "list.jsonl")
	list, err := os.Create(path)
	if err != nil {
		return used, err
	}
	_, err = measure.Run(ctx, list, p.archiver, "--config", config, "--db", db, "list", "--json")
	if err = errors.Join(err, list.Close()); err != nil {
		return used, err
	}
	return used, complete("archiver", path, articles)
}

// complete counts the addresses in a file of JSON Lines. It reads them one by one: Linux counts what this process had resident
// to the peak of the next one that it starts.
func complete(program, path string, want int) (err error) {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	found := map[string]bool{}
	for lines := json.NewDecoder(file); ; {
		var article struct {
			URL string `json:"url"`
		}
		err := lines.Decode(&article)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return fmt.Errorf("read what %s wrote: %w", program, err)
		}
		found[article.URL] = true
	}
	if len(found) != want {
		return fmt.Errorf("%s found %d articles of %d", program, len(found), want)
	}
	return nil
}
