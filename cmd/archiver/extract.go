package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"archiver"
	"archiver/crawler/fetch"
	"archiver/extract"

	"github.com/spf13/cobra"
)

const (
	// maxPageFile bounds a page that is read from a file, as max_body does one from the network.
	maxPageFile = 16 << 20
	// maxPageLine bounds a line of --jsonl: an identifier, an address and a path.
	maxPageLine = 1 << 20
	// maxSiteLines is how many pages of one site are read twice together: a model counts no more.
	maxSiteLines = archiver.MaxSitePages - 1
)

func newExtract(a *app) *cobra.Command {
	var form articleForm
	var asLines, oneSite bool
	var pageURL string
	var c crawling
	cmd := &cobra.Command{
		Use:   "extract FILE|URL|-",
		Short: "Print the article of one page; nothing is written",
		Long: `Read one page from a file, the network or standard input, and print its article as archiver would save it. Nothing is written.

With --jsonl many pages are read: each line of standard input is {"id", "url", "html_path"}, each line of the result
{"id", "title", "author", "date", "text", "markdown", "cpu_ms"}. A page that has no article, or cannot be read, gives a line with "error".`,
		Example: `  archiver extract page.html --url https://blog.example/2024/05/post/
  archiver extract https://blog.example/2024/05/post/ --json
  archiver extract --jsonl <manifest.jsonl >articles.jsonl`,
		Args: func(cmd *cobra.Command, args []string) error {
			if asLines {
				return cobra.NoArgs(cmd, args)
			}
			return cobra.ExactArgs(1)(cmd, args)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			cfg, err := a.config()
			if err != nil {
				return err
			}
			x, err := a.extractor(cfg, extract.Options{Short: true})
			if err != nil {
				return err
			}
			if asLines {
				return a.extractLines(cmd.Context(), x, oneSite)
			}
			article, err := a.extractOne(cmd, x, c, args[0], pageURL)
			if err != nil {
				return err
			}
			return form.write(a.Out, article)
		},
	}
	c.flags(cmd)
	flags := cmd.Flags()
	form.flags(cmd)
	flags.BoolVar(&asLines, "jsonl", false, "read many pages, named on standard input, and write a line for each")
	flags.BoolVar(&oneSite, "site", false, "with --jsonl: pages of one site that follow each other teach what the site's pages have in common")
	flags.StringVar(&pageURL, "url", "", "the page's `ADDRESS`, for a file: its links are read from there")
	cmd.MarkFlagsMutuallyExclusive("md", "html", "json", "jsonl")
	return cmd
}

// extractOne reads the article of one page.
func (a *app) extractOne(cmd *cobra.Command, x *extract.Extractor, c crawling, name, pageURL string) (archiver.Article, error) {
	page, err := a.page(cmd, c, name, pageURL)
	if err != nil {
		return archiver.Article{}, err
	}
	assembly := x.Article(nil)
	if _, err := assembly.Add(page); err != nil {
		return archiver.Article{}, err
	}
	return assembly.Article()
}

// page reads a page from the network or a file, as what was typed looks like.
func (a *app) page(cmd *cobra.Command, c crawling, name, pageURL string) (*archiver.Page, error) {
	if name != "-" && looksLikeAddress(name) && !isFile(name) {
		return a.fetchPage(cmd, c, name)
	}
	return a.pageFile(name, pageURL)
}

func isFile(name string) bool {
	info, err := os.Stat(name)
	return err == nil && info.Mode().IsRegular()
}

func (a *app) fetchPage(cmd *cobra.Command, c crawling, typed string) (*archiver.Page, error) {
	url, err := address(typed)
	if err != nil {
		return nil, err
	}
	cfg, err := a.config()
	if err != nil {
		return nil, err
	}
	c = c.withConfig(cmd, cfg)
	if err := c.check(); err != nil {
		return nil, err
	}
	fetcher, err := a.fetcher(cfg, c, nil, archiver.Source{URL: url})
	if err != nil {
		return nil, err
	}
	defer fetcher.Close()
	return fetcher.Fetch(cmd.Context(), archiver.Request{URL: url, Scope: url})
}

// pageFile reads a page from a file, or from standard input where the name is "-".
func (a *app) pageFile(name, url string) (*archiver.Page, error) {
	refuse := func(err error) (*archiver.Page, error) {
		return nil, &archiver.Error{Kind: archiver.Invalid, Op: "read page", URL: name, Err: err}
	}
	in := a.In
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return refuse(errors.Unwrap(err))
		}
		defer f.Close()
		in = f
	}
	raw, err := io.ReadAll(io.LimitReader(in, maxPageFile+1))
	if err != nil {
		return refuse(err)
	}
	if len(raw) > maxPageFile {
		return refuse(fmt.Errorf("it is larger than %d MiB", maxPageFile>>20))
	}
	page := &archiver.Page{Requested: url, URL: url, Status: 200, ContentType: "text/html", Raw: raw}
	fetch.Decode(page)
	return page, nil
}

// pageLine is a page of --jsonl.
type pageLine struct {
	ID   string `json:"id"`
	URL  string `json:"url"`
	Path string `json:"html_path"`
}

// articleLine is what was read of it. Author is the names, joined with "; "; Date the day and time of publishing
// as the page says them, or of the last change where it says only that.
type articleLine struct {
	ID       string  `json:"id"`
	Title    string  `json:"title"`
	Author   string  `json:"author"`
	Date     string  `json:"date"`
	Text     string  `json:"text"`
	Markdown string  `json:"markdown"`
	Error    string  `json:"error,omitempty"`
	CPU      float64 `json:"cpu_ms"` // from the page's text to its Markdown, all threads
}

func (a *app) extractLines(ctx context.Context, x *extract.Extractor, oneSite bool) error {
	in := bufio.NewScanner(a.In)
	in.Buffer(nil, maxPageLine)
	out := json.NewEncoder(a.Out)
	out.SetEscapeHTML(false)
	var group []pageLine // of one site
	for number := 1; in.Scan(); number++ {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if strings.TrimSpace(in.Text()) == "" {
			continue
		}
		var line pageLine
		if err := json.Unmarshal(in.Bytes(), &line); err != nil || line.Path == "" {
			return &archiver.Error{Kind: archiver.Invalid, Op: "read line", Err: fmt.Errorf("line %d of standard input is no page", number),
				Hint: `write {"id": "…", "url": "https://…", "html_path": "page.html"}`}
		}
		if len(group) > 0 && (!oneSite || archiver.Host(line.URL) != archiver.Host(group[0].URL) || len(group) == maxSiteLines) {
			if err := a.extractGroup(x, out, group, oneSite); err != nil {
				return err
			}
			group = group[:0]
		}
		group = append(group, line)
	}
	return errors.Join(in.Err(), a.extractGroup(x, out, group, oneSite))
}

// extractGroup writes the lines of pages that follow each other. Pages of one site are read twice: what they have in common is
// learned before the first one is read with it.
func (a *app) extractGroup(x *extract.Extractor, out *json.Encoder, group []pageLine, oneSite bool) error {
	var site *archiver.SiteModel
	if oneSite && len(group) >= archiver.SettledPages {
		site = &archiver.SiteModel{}
		for _, line := range group {
			page, err := a.pageFile(line.Path, line.URL)
			if err != nil {
				continue
			}
			_ = sparing(line.URL, func() error { // its line says so below
				assembly := x.Article(nil)
				assembly.Knowing(site)
				_, _, err := assemble(assembly, page)
				if err == nil {
					site = assembly.Teach(site)
				}
				return err
			})
		}
	}
	for _, line := range group {
		read := articleLine{ID: line.ID}
		if page, err := a.pageFile(line.Path, line.URL); err != nil {
			read.Error = err.Error()
		} else {
			read = readLine(x, line.ID, page, site)
		}
		if err := out.Encode(read); err != nil {
			return err
		}
	}
	return nil
}

// assemble reads the article of one page.
func assemble(assembly *extract.Assembly, page *archiver.Page) (archiver.Article, string, error) {
	if _, err := assembly.Add(page); err != nil {
		return archiver.Article{}, "", err
	}
	article, err := assembly.Article()
	return article, assembly.Text(), err
}

// sparing makes a panic an error: a page that brings the reader down is a bug of ours, and costs that page only.
func sparing(url string, read func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = &archiver.Error{Kind: archiver.Internal, Op: "understand", URL: url, Err: fmt.Errorf("panic: %v", p)}
		}
	}()
	return read()
}

func readLine(x *extract.Extractor, id string, page *archiver.Page, site *archiver.SiteModel) articleLine {
	began := cpuTime()
	var article archiver.Article
	var text string
	err := sparing(page.URL, func() (err error) {
		assembly := x.Article(nil)
		assembly.Knowing(site)
		article, text, err = assemble(assembly, page)
		return err
	})
	date := article.Published
	if date.IsZero() {
		date = article.Modified
	}
	line := articleLine{
		ID: id, Title: article.Title, Author: strings.Join(article.Authors, "; "), Date: date.String(),
		Text: text, Markdown: article.Markdown, CPU: float64(cpuTime()-began) / float64(time.Millisecond),
	}
	if err != nil {
		line.Error = err.Error()
	}
	return line
}
