// Command export compares the writing of a book with a plain zip of the same pages, as whole processes.
//
//	go run ./bench/export [--check] [--rounds 3] [--articles 10000]
//
// It archives the fake blog, exports it as an EPUB without pictures, unpacks that, and has a plain program zip the folder: every round
// both, in turn. It prints CPU (user and system) and the most memory that was resident; with --check it fails where archiver misses its
// figures.
package main

import (
	"archive/zip"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"time"

	"archiver/bench/measure"
)

// The figures that archiver holds itself to.
const (
	maxRatio  = 2.0 // of the plain zip's CPU
	maxPeakMB = 150
)

// longest bounds the whole comparison: archiving the blog takes a minute or two, a round some twenty seconds.
const longest = 30 * time.Minute

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	ctx, cancel := context.WithTimeout(ctx, longest)
	defer cancel()
	if err := run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "export:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context) (err error) {
	check := flag.Bool("check", false, "fail where archiver misses its figures")
	rounds := flag.Int("rounds", 3, "how often each program runs")
	articles := flag.Int("articles", 10_000, "of the blog")
	flag.Parse()
	dir, err := os.MkdirTemp("", "archiver-bench-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	for _, name := range []string{"cmd/archiver", "bench/crawl/blog", "bench/export/plain"} {
		if _, err := measure.Run(ctx, nil, "go", "build", "-o", program(dir, filepath.Base(name)), "archiver/"+name); err != nil {
			return err
		}
	}
	archive, err := archived(ctx, dir, *articles)
	if err != nil {
		return err
	}
	var books, zips []measure.Cost
	book, pages := filepath.Join(dir, "book.epub"), filepath.Join(dir, "pages")
	for round := range max(1, *rounds) {
		if err := errors.Join(remove(book), remove(book+".zip")); err != nil {
			return err
		}
		wrote, err := measure.Run(ctx, nil, program(dir, "archiver"), append(archive, "export", "epub", "--no-images", "-o", book)...)
		if err != nil {
			return err
		}
		if round == 0 {
			if err := unpack(book, pages); err != nil {
				return err
			}
		}
		zipped, err := measure.Run(ctx, nil, program(dir, "plain"), pages, book+".zip")
		if err != nil {
			return err
		}
		books, zips = append(books, wrote), append(zips, zipped)
		fmt.Fprintf(os.Stderr, "round %d: book %s, plain zip %s\n", round+1, wrote, zipped)
	}
	return judge(*articles, books, zips, *check)
}

func program(dir, name string) string { return filepath.Join(dir, name+".exe") }

func remove(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}

// archived archives the blog and gives the options that name the archive.
func archived(ctx context.Context, dir string, articles int) (options []string, err error) {
	category, stop, err := measure.Serve(ctx, program(dir, "blog"), articles)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, stop()) }()
	config := filepath.Join(dir, "config.toml") // an empty file stands before the user's own
	if err := os.WriteFile(config, nil, 0o600); err != nil {
		return nil, err
	}
	options = []string{"--config", config, "--db", filepath.Join(dir, "archive.db"), "--no-progress"}
	_, err = measure.Run(ctx, nil, program(dir, "archiver"), append(options, "sync", category, "--delay", "0", "--images", "none")...)
	return options[:len(options):len(options)], err
}

// unpack writes the files of a book into a folder.
func unpack(book, folder string) (err error) {
	r, err := zip.OpenReader(book)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	for _, file := range r.File {
		target := filepath.Join(folder, filepath.FromSlash(file.Name))
		if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
			return err
		}
		in, err := file.Open()
		if err != nil {
			return err
		}
		content, err := io.ReadAll(in)
		if err := errors.Join(err, in.Close(), os.WriteFile(target, content, 0o600)); err != nil {
			return err
		}
	}
	return nil
}

// judge prints what was used and says whether the figures are met.
func judge(articles int, books, zips []measure.Cost, check bool) error {
	var ratios []float64
	peak := 0.0
	for i, c := range books {
		ratios = append(ratios, float64(c.CPU)/float64(max(1, zips[i].CPU)))
		peak = max(peak, c.Peak)
	}
	slices.Sort(ratios)
	ratio := ratios[len(ratios)/2]
	fmt.Printf("%d articles: CPU %.2f of a plain zip's (asked %.1f), %.0f MB (asked %d)\n", articles, ratio, maxRatio, peak, maxPeakMB)
	if check && (ratio > maxRatio || peak > maxPeakMB) {
		return errors.New("archiver misses its figures")
	}
	return nil
}
