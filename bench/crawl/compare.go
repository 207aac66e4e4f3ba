package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// cost is what one process used.
type cost struct {
	cpu  time.Duration // user and system
	peak float64       // MB resident at most; 0 where the system does not say
}

// result is what the rounds of one size used, in the order they ran.
type result struct {
	articles        int
	plain, archiver []cost
}

// compare serves a blog and lets both programs crawl it, in turn, every second round in the other order.
func compare(ctx context.Context, p programs, dir string, articles, rounds int) (r result, err error) {
	r = result{articles: articles}
	category, stop, err := serve(ctx, p.blog, articles)
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

func (c cost) String() string { return fmt.Sprintf("%.2f s CPU, %.0f MB", c.cpu.Seconds(), c.peak) }

// serve starts the blog's process and gives the category's address. The process ends with its input, so it outlives nobody.
func serve(ctx context.Context, blog string, articles int) (category string, stop func() error, err error) {
	cmd := exec.CommandContext(ctx, blog, strconv.Itoa(articles))
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		return "", nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return "", nil, err
	}
	if err := cmd.Start(); err != nil {
		return "", nil, fmt.Errorf("start blog: %w", err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		return "", nil, errors.Join(fmt.Errorf("start blog: %w", err), in.Close(), cmd.Wait())
	}
	stop = func() error { return errors.Join(in.Close(), cmd.Wait()) }
	return strings.TrimSpace(line), stop, nil
}

func crawlPlain(ctx context.Context, p programs, dir, category string, articles int) (cost, error) {
	path := filepath.Join(dir, "plain.jsonl")
	defer os.Remove(path)
	used, err := capture(ctx, nil, p.plain, category, path)
	if err != nil {
		return used, err
	}
	return used, complete("plain", path, articles)
}

func crawlArchiver(ctx context.Context, p programs, dir, category string, articles int) (_ cost, err error) {
	archive, err := os.MkdirTemp(dir, "archive-")
	if err != nil {
		return cost{}, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(archive)) }()
	db := filepath.Join(archive, "archive.db")
	// An empty file stands before the user's own configuration.
	config := filepath.Join(archive, "config.toml")
	if err := os.WriteFile(config, nil, 0o600); err != nil {
		return cost{}, err
	}
	used, err := capture(ctx, nil, p.archiver, "--config", config, "--db", db, "--no-progress", "sync", category, "--delay", "0", "--images", "none")
	if err != nil {
		return used, err
	}
	path := filepath.Join(archive, "list.jsonl")
	list, err := os.Create(path)
	if err != nil {
		return used, err
	}
	_, err = capture(ctx, list, p.archiver, "--config", config, "--db", db, "list", "--json")
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

// capture runs a program to its end and says what it used. Its standard output goes to out, or is shown where it failed.
func capture(ctx context.Context, out io.Writer, name string, args ...string) (cost, error) {
	cmd := exec.CommandContext(ctx, name, args...)
	var talk bytes.Buffer
	cmd.Stdout, cmd.Stderr = &talk, &talk
	if out != nil {
		cmd.Stdout = out
	}
	if err := cmd.Run(); err != nil {
		return cost{}, fmt.Errorf("run %s: %w\n%s", filepath.Base(name), err, talk.Bytes())
	}
	state := cmd.ProcessState
	return cost{cpu: state.UserTime() + state.SystemTime(), peak: peakMB(state)}, nil
}
