// Command plain is what archiver is measured against: the program that a colly tutorial leads to. It follows the listing's next
// links and saves title and body of every article as JSON Lines. It has no archive, no Markdown, no politeness and no second
// run, and it knows the classes of the one blog that it reads.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"sync"

	"github.com/gocolly/colly/v2"
)

// parallelism is archiver's own default without a delay.
const parallelism = 4

type article struct {
	URL   string `json:"url"`
	Title string `json:"title"`
	Body  string `json:"body"`
}

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: plain CATEGORY OUT.jsonl")
		os.Exit(2)
	}
	if err := run(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "plain:", err)
		os.Exit(1)
	}
}

func run(category, path string) (err error) {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	out := bufio.NewWriter(file)
	var mu sync.Mutex
	var failed error
	fail := func(err error) {
		mu.Lock()
		defer mu.Unlock()
		failed = errors.Join(failed, err)
	}

	c := colly.NewCollector(colly.Async(true))
	if err := c.Limit(&colly.LimitRule{DomainGlob: "*", Parallelism: parallelism}); err != nil {
		return err
	}
	visit := func(e *colly.HTMLElement) {
		if err := e.Request.Visit(e.Attr("href")); err != nil {
			fail(err)
		}
	}
	c.OnHTML("h2.entry-title a", visit)
	c.OnHTML("a.next", visit)
	c.OnHTML("body.single", func(e *colly.HTMLElement) {
		body, err := e.DOM.Find(".entry-content").Html()
		if err != nil {
			fail(err)
			return
		}
		line, err := json.Marshal(article{URL: e.Request.URL.String(), Title: e.DOM.Find("h1.entry-title").Text(), Body: body})
		if err != nil {
			fail(err)
			return
		}
		mu.Lock()
		defer mu.Unlock()
		out.Write(line)
		out.WriteByte('\n')
	})
	c.OnError(func(r *colly.Response, err error) { fail(fmt.Errorf("%s: %w", r.Request.URL, err)) })
	if err := c.Visit(category); err != nil {
		return err
	}
	c.Wait()
	return errors.Join(failed, out.Flush())
}
