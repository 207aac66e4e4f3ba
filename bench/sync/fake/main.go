// Command fake serves the fake blog, or a proxy that spoils answers of a real one, for the measurement of syncs:
//
//	fake blog ARTICLES [live] [validators] [rest] [rss] [atom] [sitemap] [index] [titles]
//	fake proxy ADDRESS SEED
//
// It says where it is in its first line, then obeys one command a line and answers each with one line, until its standard input
// ends. A blog obeys "requests" (how many since it was last asked), "rebuild", "edit N", "silent N", "delete N", "out N" and "add";
// a proxy obeys "spoil SHARE" and "met".
package main

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"archiver/internal/testsite"
)

// wait is how long an answer is held back that a real server would hold back for minutes.
const wait = 200 * time.Millisecond

func main() {
	if err := run(os.Args[1:], os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "fake:", err)
		os.Exit(1)
	}
}

func run(args []string, in io.Reader, out io.Writer) error {
	switch {
	case len(args) >= 2 && args[0] == "blog":
		return blog(args[1], args[2:], in, out)
	case len(args) == 3 && args[0] == "proxy":
		return proxy(args[1], args[2], in, out)
	}
	return fmt.Errorf("usage: fake blog ARTICLES [KNOB…] | fake proxy ADDRESS SEED")
}

var knobs = map[string]testsite.Option{
	"live": testsite.Live(), "validators": testsite.Validators(), "rest": testsite.REST(), "rss": testsite.Feed(testsite.RSS, 10),
	"atom": testsite.Feed(testsite.Atom, 20), "sitemap": testsite.Sitemap(testsite.OneSitemap), "index": testsite.Sitemap(testsite.SitemapIndex),
	"titles": testsite.Style(testsite.Titles),
}

func blog(articles string, names []string, in io.Reader, out io.Writer) error {
	n, err := strconv.Atoi(articles)
	if err != nil {
		return fmt.Errorf("read number of articles: %w", err)
	}
	opts := []testsite.Option{testsite.Posts(n)}
	for _, name := range names {
		knob, ok := knobs[name]
		if !ok {
			return fmt.Errorf("no knob %q; there are %s", name, strings.Join(slices.Sorted(maps.Keys(knobs)), ", "))
		}
		opts = append(opts, knob)
	}
	site, err := testsite.Start(opts...)
	if err != nil {
		return err
	}
	defer site.Close()
	fmt.Fprintln(out, site.Category())
	add := func(p *testsite.Post) { p.Body += "\n\n<p>补记：这一段是后来加上的。</p>" }
	return obey(in, out, func(command, argument string) (string, error) {
		i, err := strconv.Atoi(cmp.Or(argument, "0"))
		if err != nil {
			return "", fmt.Errorf("read number: %w", err)
		}
		switch command {
		case "requests":
			defer site.Forget()
			return strconv.Itoa(len(site.Requests())), nil
		case "rebuild":
			site.Rebuild()
		case "edit":
			site.Edit(i, add)
		case "silent":
			site.EditSilently(i, add)
		case "delete":
			site.Delete(i)
		case "out":
			site.MoveOut(i)
		case "add":
			site.Add(testsite.Post{})
		default:
			return "", fmt.Errorf("no command %q", command)
		}
		return "done", nil
	})
}

func proxy(target, seed string, in io.Reader, out io.Writer) error {
	n, err := strconv.ParseUint(seed, 10, 64)
	if err != nil {
		return fmt.Errorf("read seed: %w", err)
	}
	p, err := testsite.StartProxy(target, n, wait)
	if err != nil {
		return err
	}
	defer p.Close()
	fmt.Fprintln(out, p.URL())
	return obey(in, out, func(command, argument string) (string, error) {
		switch command {
		case "spoil":
			share, err := strconv.ParseFloat(argument, 64)
			if err != nil {
				return "", fmt.Errorf("read share: %w", err)
			}
			p.Spoil(share)
			return "done", nil
		case "met":
			met := p.Met()
			total := 0
			for _, n := range met {
				total += n
			}
			return fmt.Sprintf("%d faults of %d kinds", total, len(met)), nil
		}
		return "", fmt.Errorf("no command %q", command)
	})
}

func obey(in io.Reader, out io.Writer, do func(command, argument string) (string, error)) error {
	lines := bufio.NewScanner(in)
	for lines.Scan() {
		command, argument, _ := strings.Cut(lines.Text(), " ")
		said, err := do(command, argument)
		if err != nil {
			return err
		}
		fmt.Fprintln(out, said)
	}
	return lines.Err()
}
