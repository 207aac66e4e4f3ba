package main

import (
	"context"
	"fmt"
	"strings"

	"archiver"
	"archiver/crawler"
	"archiver/export"
	"archiver/extract"

	"github.com/spf13/cobra"
)

// Bounds of what probe shows and fetches: enough to see whether archiver understands the blog.
const (
	probeEntries = 5
	probeParts   = 3
	probeText    = 200
)

func newProbe(a *app) *cobra.Command {
	var c crawling
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "probe URL",
		Short: "Show what a category page looks like to archiver; nothing is written",
		Long: `Fetch one category page and its first article, and show what was understood: the listing's pages and entries, and what
would be saved of the article. Nothing is written.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			address, err := address(args[0])
			if err != nil {
				return err
			}
			cfg, err := a.config()
			if err != nil {
				return err
			}
			c := c.withConfig(cmd, cfg)
			if err := c.check(); err != nil {
				return err
			}
			x, err := a.extractor(cfg, extract.Options{})
			if err != nil {
				return err
			}
			fetcher, err := a.fetcher(cfg, c, nil, archiver.Source{URL: address})
			if err != nil {
				return err
			}
			defer fetcher.Close()
			p := probe{app: a, fetcher: fetcher, extract: extractor{x}, address: address}
			found, err := p.look(cmd.Context())
			if err != nil {
				return err
			}
			if asJSON {
				return jsonLine(a.Out, found)
			}
			return p.tell(found)
		},
	}
	c.flags(cmd)
	cmd.Flags().BoolVar(&asJSON, "json", false, "one JSON object")
	return cmd
}

type probe struct {
	*app
	fetcher crawler.Fetcher
	extract crawler.Extractor
	address string
	traffic archiver.Traffic
}

// probed is what a probe found; also the JSON object.
type probed struct {
	URL     string         `json:"url"`
	Title   string         `json:"title,omitempty"`
	Why     string         `json:"why,omitempty"`
	Entries []probedEntry  `json:"entries"`
	Next    []string       `json:"next,omitempty"`
	Pages   int            `json:"pages,omitempty"`
	Ways    []way          `json:"channels,omitempty"`
	Sample  *export.Record `json:"sample,omitempty"`
	Begins  string         `json:"begins,omitempty"`  // of the sample's text
	Problem string         `json:"problem,omitempty"` // why there is no sample
}

type way struct {
	Channel archiver.Channel `json:"channel"`
	URL     string           `json:"url"`
}

type probedEntry struct {
	URL       string             `json:"url"`
	Title     string             `json:"title,omitempty"`
	Published archiver.Timestamp `json:"published,omitzero"`
}

func (p *probe) fetch(ctx context.Context, url string) (*archiver.Page, error) {
	return p.fetcher.Fetch(ctx, archiver.Request{URL: url, Scope: p.address, Traffic: &p.traffic})
}

func (p *probe) look(ctx context.Context) (probed, error) {
	page, err := p.fetch(ctx, p.address)
	if err != nil {
		return probed{}, err
	}
	listing, err := p.extract.Listing(page)
	if err != nil {
		return probed{}, err
	}
	found := probed{URL: page.URL, Title: listing.Title, Why: listing.Why, Next: listing.Next, Pages: listing.Pages, Entries: []probedEntry{}}
	for _, w := range listing.Ways {
		found.Ways = append(found.Ways, way(w))
	}
	for _, e := range listing.Entries {
		found.Entries = append(found.Entries, probedEntry{e.URL, e.Title, e.Published})
	}
	for _, entry := range listing.Entries {
		if entry.Protected {
			continue
		}
		sample, begins, err := p.sample(ctx, entry)
		if ctx.Err() != nil {
			return found, context.Cause(ctx)
		}
		if err != nil {
			found.Problem = err.Error()
		} else {
			found.Sample, found.Begins = sample, begins
		}
		break
	}
	return found, nil
}

// sample reads an article: its facts, and how its text begins.
func (p *probe) sample(ctx context.Context, entry archiver.Entry) (*export.Record, string, error) {
	assembly := p.extract.Article([]archiver.Entry{entry})
	for next, parts := entry.URL, 0; next != "" && parts < probeParts; parts++ {
		page, err := p.fetch(ctx, next)
		if err != nil {
			return nil, "", err
		}
		if next, err = assembly.Add(page); err != nil {
			return nil, "", err
		}
	}
	article, err := assembly.Article()
	if err != nil {
		return nil, "", err
	}
	begins := strings.Join(strings.Fields(article.Markdown), " ")
	if r := []rune(begins); len(r) > probeText {
		begins = string(r[:probeText]) + "…"
	}
	article.Markdown, article.HTML = "", ""
	record := export.RecordOf(article)
	return &record, begins, nil
}

func (p *probe) tell(f probed) error {
	rows := [][]string{{"listing", printable(f.Title)}, {"address", f.URL}}
	if f.Why != "" {
		rows = append(rows, []string{"found by", printable(f.Why)})
	}
	rows = append(rows, []string{"pages", pagesWords(f)})
	for _, w := range f.Ways {
		rows = append(rows, []string{"channel", string(w.Channel) + "  " + cut(w.URL, 100)})
	}
	rows = append(rows, []string{"entries", fmt.Sprintf("%d on this page", len(f.Entries))})
	for i, e := range f.Entries {
		if i == probeEntries {
			rows = append(rows, []string{"", fmt.Sprintf("and %d more", len(f.Entries)-i)})
			break
		}
		rows = append(rows, []string{"", fmt.Sprintf("%-10s  %s", day(e.Published), cut(printable(e.Title), 70))}, []string{"", "            " + e.URL})
	}
	rows = append(rows, []string{})
	if s := f.Sample; s != nil {
		rows = append(rows, []string{"sample", s.URL}, []string{"title", printable(s.Title)})
		for _, fact := range [][2]string{
			{"authors", strings.Join(s.Authors, ", ")}, {"published", s.Published.String()}, {"modified", s.Modified.String()},
			{"categories", strings.Join(s.Categories, ", ")}, {"tags", strings.Join(s.Tags, ", ")}, {"language", s.Language},
		} {
			if fact[1] != "" {
				rows = append(rows, []string{fact[0], printable(fact[1])})
			}
		}
		rows = append(rows, []string{"words", fmt.Sprint(s.Words)}, []string{"begins", printable(f.Begins)})
	} else if f.Problem != "" {
		rows = append(rows, []string{"sample", printable(f.Problem)})
	}
	rows = append(rows, []string{}, []string{"", fmt.Sprintf("%s, %s; nothing was written", count(int(p.traffic.Requests), "request"), size(p.traffic.Bytes))})
	return table(p.Out, rows)
}

func pagesWords(f probed) string {
	switch {
	case f.Pages > 1:
		return fmt.Sprintf("%d, says the page; next: %s", f.Pages, first(f.Next))
	case len(f.Next) > 0:
		return fmt.Sprintf("at least %d; next: %s", len(f.Next)+1, first(f.Next))
	}
	return "only this one"
}

func first(list []string) string {
	if len(list) == 0 {
		return "none"
	}
	return list[0]
}
