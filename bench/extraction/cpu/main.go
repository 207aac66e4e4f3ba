// Command cpu compares what archiver spends on a page with what go-readability and html-to-markdown spend on it: from the page's
// bytes to Markdown, the same pages in turn, in one process.
//
//	go run ./cpu [--rounds 5] [--most RATIO] MANIFEST.jsonl
//
// Each line of the manifest names a page as {"url", "html_path"}, the path relative to the manifest's parent. It prints the
// median page of both in milliseconds and their ratio, and fails where the ratio is over --most. It judges no text: run.py does.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"syscall"
	"time"

	"archiver"
	"archiver/crawler/fetch"
	"archiver/extract"

	readability "codeberg.org/readeck/go-readability/v2"
	htmltomarkdown "github.com/JohannesKaufmann/html-to-markdown/v2"
)

// gcPercent is what archiver runs with; both get it.
const gcPercent = 400

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "cpu:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	flags := flag.NewFlagSet("cpu", flag.ContinueOnError)
	rounds := flags.Int("rounds", 5, "how often each page is read; the quickest counts")
	most := flags.Float64("most", 0, "fail where the ratio is over this")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() != 1 || *rounds < 1 {
		return errors.New("name one manifest, and at least one round")
	}
	pages, err := load(flags.Arg(0))
	if err != nil {
		return err
	}
	debug.SetGCPercent(gcPercent)
	ours, anchor := make([]time.Duration, len(pages)), make([]time.Duration, len(pages))
	for i, p := range pages {
		ours[i], anchor[i] = time.Hour, time.Hour
		for range *rounds {
			ours[i] = min(ours[i], spent(func() { archive(p) }))
			anchor[i] = min(anchor[i], spent(func() { readable(p) }))
		}
	}
	a, b := median(ours), median(anchor)
	ratio := float64(a) / float64(b)
	fmt.Printf("%d pages, the median page, parsed and written as Markdown: archiver %.2f ms, go-readability with html-to-markdown %.2f ms, ratio %.2f\n",
		len(pages), milliseconds(a), milliseconds(b), ratio)
	if *most > 0 && ratio > *most {
		return fmt.Errorf("the ratio is over %.2f", *most)
	}
	return nil
}

type page struct {
	url string
	raw []byte
}

func load(manifest string) ([]page, error) {
	f, err := os.Open(manifest)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var pages []page
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var line struct {
			URL  string `json:"url"`
			Path string `json:"html_path"`
		}
		if err := json.Unmarshal(lines.Bytes(), &line); err != nil {
			return nil, fmt.Errorf("read manifest: %w", err)
		}
		raw, err := os.ReadFile(filepath.Join(filepath.Dir(filepath.Dir(manifest)), line.Path))
		if err != nil {
			return nil, err
		}
		pages = append(pages, page{line.URL, raw})
	}
	if len(pages) == 0 {
		return nil, errors.New("the manifest names no page")
	}
	return pages, nil
}

// archive reads a page as archiver does. Whether it has an article is not judged here.
func archive(p page) {
	got := &archiver.Page{Requested: p.url, URL: p.url, Status: 200, ContentType: "text/html", Raw: p.raw}
	fetch.Decode(got)
	assembly := extract.New(extract.Options{}).Article(nil)
	if _, err := assembly.Add(got); err == nil {
		_, _ = assembly.Article()
	}
}

// readable reads a page with the two libraries that Go programs use for this.
func readable(p page) {
	u, err := url.Parse(p.url)
	if err != nil {
		return
	}
	article, err := readability.FromReader(bytes.NewReader(p.raw), u)
	if err != nil || article.Node == nil {
		return
	}
	var text strings.Builder
	if article.RenderHTML(&text) == nil {
		_, _ = htmltomarkdown.ConvertString(text.String())
	}
}

// spent is the time that all threads computed while f ran.
func spent(f func()) time.Duration {
	before := computed()
	f()
	return computed() - before
}

func computed() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		return 0
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

func median(times []time.Duration) time.Duration {
	sorted := slices.Sorted(slices.Values(times))
	return sorted[len(sorted)/2]
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
