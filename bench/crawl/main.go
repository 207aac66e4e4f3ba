// Command crawl compares archiver with a plain colly and goquery program on the same blog, as whole processes.
//
//	go run ./bench/crawl [--check] [--rounds 3] [ARTICLES…]
//
// For each number of articles (1000 and 10000 if none is given) it serves the fake blog from a process of its own and lets both
// programs crawl it in turn, each from nothing, without a delay and without pictures, which the plain one does not fetch. Beyond the
// same pages archiver asks for robots.txt and for the site's channel. It prints one table of CPU (user and system) for an article,
// and of the most memory that was resident. It fails where a program does not find every article; with --check also where archiver is far
// from its figures.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"time"
)

// longest bounds the whole comparison; three rounds of 10,000 take some ten minutes on two slow cores.
const longest = 45 * time.Minute

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	ctx, cancel := context.WithTimeout(ctx, longest)
	defer cancel()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "crawl:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("crawl", flag.ContinueOnError)
	check := flags.Bool("check", false, "fail where archiver is far from its figures")
	rounds := flags.Int("rounds", 3, "how often each program crawls")
	if err := flags.Parse(args); err != nil {
		return err
	}
	sizes, err := numbers(flags.Args())
	if err != nil {
		return err
	}
	if *rounds < 1 {
		return fmt.Errorf("--rounds is %d", *rounds)
	}
	dir, err := os.MkdirTemp("", "archiver-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	programs, err := build(ctx, dir)
	if err != nil {
		return err
	}
	var results []result
	for _, articles := range sizes {
		r, err := compare(ctx, programs, dir, articles, *rounds)
		if err != nil {
			return fmt.Errorf("%d articles: %w", articles, err)
		}
		results = append(results, r)
	}
	if !report(os.Stdout, results) && *check {
		return fmt.Errorf("archiver is far from its figures")
	}
	return nil
}

func numbers(args []string) ([]int, error) {
	if len(args) == 0 {
		return []int{1000, 10_000}, nil
	}
	var sizes []int
	for _, arg := range args {
		n, err := strconv.Atoi(arg)
		if err != nil || n < 1 {
			return nil, fmt.Errorf("%q is no number of articles", arg)
		}
		sizes = append(sizes, n)
	}
	return sizes, nil
}

// programs are the paths of what was built.
type programs struct{ archiver, plain, blog string }

func build(ctx context.Context, dir string) (programs, error) {
	p := programs{
		archiver: filepath.Join(dir, "archiver.exe"), plain: filepath.Join(dir, "plain.exe"), blog: filepath.Join(dir, "blog.exe"),
	}
	for path, pkg := range map[string]string{p.archiver: "archiver/cmd/archiver", p.plain: "archiver/bench/crawl/plain", p.blog: "archiver/bench/crawl/blog"} {
		if _, err := capture(ctx, nil, "go", "build", "-o", path, pkg); err != nil {
			return p, fmt.Errorf("build %s: %w", pkg, err)
		}
	}
	return p, nil
}
