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
	probeMaps    = 3 // sitemaps that robots.txt names
)

func newProbe(a *app) *cobra.Command {
	var c crawling
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "probe URL",
		Short: "Show what a category page looks like to archiver; nothing is written",
		Long: `Fetch one category page and its first article, and show what was understood: the listing's pages and entries, the channels that
tell of them and what each answers when it is asked once, and what would be saved of the article. Nothing is written.`,
		Example: `  archiver probe https://blog.example/category/nlp/`,
		Args:    cobra.ExactArgs(1),
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

// way is one channel, and what it answered.
type way struct {
	Channel archiver.Channel `json:"channel"`
	URL     string           `json:"url"`
	// Entries are those of its first answer; Marked says how many of them tell of changes, Total how many it counts in all.
	Entries int `json:"entries"`
	Marked  int `json:"marked,omitempty"`
	Total   int `json:"total,omitempty"`
	// Further is how many further answers it names.
	Further int    `json:"further,omitempty"`
	Full    *bool  `json:"full,omitempty"` // of a feed: whether it holds whole texts
	Problem string `json:"problem,omitempty"`
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
	for _, w := range p.ways(ctx, listing) {
		found.Ways = append(found.Ways, p.ask(ctx, w))
	}
	if ctx.Err() != nil {
		return found, context.Cause(ctx)
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

// ways are the channels that the listing shows, and the site's sitemaps.
func (p *probe) ways(ctx context.Context, listing archiver.Listing) []archiver.Way {
	ways := listing.Ways
	maps, err := p.fetcher.Sitemaps(ctx, p.address)
	if err != nil {
		return ways
	}
	if usual, err := archiver.Resolve(p.address, "/sitemap.xml"); err == nil && len(maps) == 0 {
		maps = []string{usual}
	}
	for _, address := range maps[:min(len(maps), probeMaps)] {
		ways = append(ways, archiver.Way{Channel: archiver.ChannelSitemap, URL: address})
	}
	return ways
}

// ask asks a channel once; of an index of sitemaps the first child too.
func (p *probe) ask(ctx context.Context, w archiver.Way) way {
	told := way{Channel: w.Channel, URL: w.URL}
	page, err := p.fetch(ctx, w.URL)
	var facts archiver.Facts
	if err == nil {
		facts, err = p.extract.Facts(page)
	}
	if err == nil && facts.Channel == archiver.ChannelSitemap && len(facts.Entries) == 0 && len(facts.Next) > 0 {
		told.Further = len(facts.Next)
		if page, err = p.fetch(ctx, facts.Next[0]); err == nil {
			facts, err = p.extract.Facts(page)
		}
	}
	if err != nil {
		told.Problem = err.Error()
		return told
	}
	told.Entries, told.Total, told.Further = len(facts.Entries), facts.Total, max(told.Further, len(facts.Next))
	for _, e := range facts.Entries {
		if e.Mark != "" {
			told.Marked++
		}
	}
	if w.Channel == archiver.ChannelFeed {
		full := wholeTexts(page.Text, told.Entries)
		told.Full = &full
	}
	return told
}

// wholeTexts reports whether a feed holds the articles' texts, and not their summaries.
func wholeTexts(feed string, items int) bool {
	const texts = 1500 // bytes of an item beyond which it is no summary
	return strings.Contains(feed, "<content:encoded") || strings.Contains(feed, "<content") && len(feed) > texts*items || strings.Contains(feed, `"content_html"`)
}

// words says what a channel answered.
func (w way) words() string {
	switch {
	case w.Problem != "":
		return w.Problem
	case w.Channel == archiver.ChannelREST && w.Total > 0:
		return "tells of " + count(w.Total, "post")
	case w.Channel == archiver.ChannelFeed:
		kind := "summaries"
		if w.Full != nil && *w.Full {
			kind = "full texts"
		}
		return count(w.Entries, "item") + ", " + kind
	case w.Channel == archiver.ChannelSitemap:
		said := "no date of change that tells"
		if w.Marked > 0 {
			said = fmt.Sprintf("%d with a date of change", w.Marked)
		}
		if w.Further > 0 {
			said += "; the first of " + count(w.Further, "sitemap")
		}
		return count(w.Entries, "page") + ", " + said
	}
	return count(w.Entries, "post")
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
		rows = append(rows, []string{"channel", string(w.Channel) + ": " + cut(printable(w.words()), 100)}, []string{"", "  " + cut(w.URL, 100)})
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
