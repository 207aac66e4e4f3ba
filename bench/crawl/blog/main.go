// Command blog serves the fake blog for the comparison: N articles of 40 to 80 KB, every page made before it says where it is.
// It is a process of its own so that serving is not counted to those who crawl, and it ends when its standard input does.
package main

import (
	"fmt"
	"io"
	"os"
	"strconv"

	"archiver/internal/testsite"
)

// pageKB is the mean size of a page; they are between two and four thirds of it.
const pageKB = 60

func main() {
	if err := run(os.Args[1:], os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "blog:", err)
		os.Exit(1)
	}
}

func run(args []string, in io.Reader, out io.Writer) error {
	if len(args) != 1 {
		return fmt.Errorf("usage: blog ARTICLES")
	}
	articles, err := strconv.Atoi(args[0])
	if err != nil {
		return fmt.Errorf("read number of articles: %w", err)
	}
	site, err := testsite.Start(testsite.Posts(articles), testsite.PageSize(pageKB))
	if err != nil {
		return err
	}
	defer site.Close()
	fmt.Fprintln(out, site.Category())
	_, err = io.Copy(io.Discard, in)
	return err
}
