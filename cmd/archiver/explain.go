package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"archiver"
	"archiver/crawler/fetch"
	"archiver/export"
	"archiver/extract"
	"archiver/storage"

	"github.com/spf13/cobra"
)

const (
	// maxExplained is how many pages of one article are fetched to explain it.
	maxExplained = 10
	// explainedWidth is where the lines of an explanation are cut, in terminal cells.
	explainedWidth = 150
)

func newExplain(a *app) *cobra.Command {
	var asJSON bool
	var pageURL string
	var c crawling
	cmd := &cobra.Command{
		Use:   "explain ID|URL|FILE",
		Short: "Say why a page was read as it was, or why it was refused",
		Long: `Read an article once more and say how each decision about it was made: which rule, which part of the page holds the text, what
was taken off it and why, which witness gave title, authors and dates, or what stands in the article's place.

The pages that the archive keeps are read, also those of an article that was refused; then nothing is asked of the site. An
address that the archive does not know is fetched. Nothing is written.`,
		Example: `  archiver explain 3f9a
  archiver explain https://blog.example/2024/05/post/
  archiver explain page.html --url https://blog.example/2024/05/post/`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			s, err := a.subject(cmd, c, args[0], pageURL)
			if err != nil {
				return err
			}
			defer s.close()
			cfg, err := a.config()
			if err != nil {
				return err
			}
			x, err := a.extractor(cfg, extract.Options{})
			if err != nil {
				return err
			}
			e := s.explain(x)
			if asJSON {
				return jsonLine(a.Out, e)
			}
			return e.tell(a.Out)
		},
	}
	c.flags(cmd)
	cmd.Flags().BoolVar(&asJSON, "json", false, "one JSON object")
	cmd.Flags().StringVar(&pageURL, "url", "", "the page's `ADDRESS`, for a file: its links are read from there")
	return cmd
}

// subject is what is explained: the pages of one article, and what is known of it beside them.
type subject struct {
	from    string // archive, quarantine, network or file
	stored  string // why it was refused when it was read, if it was
	pages   []archiver.Page
	entries []archiver.Entry
	site    *archiver.SiteModel // what the archive knows of the site; nil outside of it
	// more fetches the page of an address; nil where the pages are all.
	more  func(url string) (*archiver.Page, error)
	close func()
}

// subject finds what an argument names: a file, an article of the archive, one that was refused, an address.
func (a *app) subject(cmd *cobra.Command, c crawling, typed, pageURL string) (*subject, error) {
	if isFile(typed) {
		page, err := a.pageFile(typed, pageURL)
		if err != nil {
			return nil, err
		}
		return &subject{from: "file", pages: []archiver.Page{*page}, close: func() {}}, nil
	}
	s, err := a.stored(cmd.Context(), typed)
	if err != nil {
		return nil, err
	}
	if s != nil && len(s.pages) > 0 {
		return s, nil
	}
	if !looksLikeAddress(typed) {
		if s != nil {
			return nil, &archiver.Error{Kind: archiver.NoMatch, Err: errors.New("no page of it is kept: " + s.stored), Hint: "name its address to have it fetched"}
		}
		return nil, noArticle(typed)
	}
	if s == nil {
		s = &subject{close: func() {}}
	}
	s.from = "network"
	return s, a.fetchSubject(cmd, c, s, typed)
}

func (a *app) fetchSubject(cmd *cobra.Command, c crawling, s *subject, typed string) error {
	url, err := address(typed)
	if err != nil {
		return err
	}
	cfg, err := a.config()
	if err != nil {
		return err
	}
	c = c.withConfig(cmd, cfg)
	if err := c.check(); err != nil {
		return err
	}
	fetcher, err := a.fetcher(cfg, c, nil, archiver.Source{URL: url})
	if err != nil {
		return err
	}
	ctx := cmd.Context()
	s.close = func() { fetcher.Close() }
	s.more = func(next string) (*archiver.Page, error) {
		return fetcher.Fetch(ctx, archiver.Request{URL: next, Scope: url})
	}
	page, err := s.more(url)
	if err != nil {
		s.close()
		return err
	}
	s.pages = []archiver.Page{*page}
	return nil
}

// stored finds an article, or one that was refused, in the archive; nil where it has neither, or where there is no archive.
func (a *app) stored(ctx context.Context, typed string) (*subject, error) {
	cfg, err := a.config()
	if err != nil {
		return nil, err
	}
	if _, err := os.Stat(a.archivePath(cfg)); errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	store, _, err := a.openToRead(ctx)
	if err != nil {
		return nil, err
	}
	defer store.Close()
	s := &subject{close: func() {}}
	task, refused, err := findRefused(ctx, store, typed)
	if err != nil {
		return nil, err
	}
	if refused {
		s.from, s.stored, s.entries = "quarantine", task.Reason, task.Entries
		if s.pages, err = store.TaskPages(ctx, task.ID); err != nil {
			return nil, err
		}
	}
	if len(s.pages) == 0 {
		article, err := findArticle(ctx, store, typed)
		switch {
		case archiver.KindOf(err) == archiver.NoMatch && err != nil:
			if !refused {
				return nil, nil
			}
			return s, nil
		case err != nil:
			return nil, err
		}
		s.from = "archive"
		if s.entries, err = store.Entries(ctx, article.ID); err != nil {
			return nil, err
		}
		if s.pages, err = store.Pages(ctx, article.ID); err != nil {
			return nil, err
		}
	}
	for i := range s.pages {
		fetch.Decode(&s.pages[i])
	}
	if len(s.pages) > 0 {
		site, err := store.Site(ctx, archiver.Host(s.pages[0].URL))
		if err != nil {
			return nil, err
		}
		s.site = &site
	}
	return s, nil
}

// findRefused finds the task of an article that did not come, by its address or the beginning of the ID that it would have.
func findRefused(ctx context.Context, store storage.Store, typed string) (task archiver.Task, found bool, err error) {
	const leastID = 4 // digits
	id := strings.ToLower(typed)
	if looksLikeAddress(typed) {
		url, err := address(typed)
		if err != nil {
			return task, false, err
		}
		id = archiver.ArticleID(url)
	}
	if len(id) < leastID {
		return task, false, nil
	}
	sources, err := store.Sources(ctx)
	for _, source := range sources {
		if err != nil {
			break
		}
		var tasks []archiver.Task
		tasks, err = store.Problems(ctx, source.ID)
		for _, t := range tasks {
			if t.Role == archiver.RoleArticle && strings.HasPrefix(archiver.ArticleID(t.URL), id) {
				task, found = t, true
			}
		}
	}
	return task, found, err
}

// explanation is what explain says; also the JSON object.
type explanation struct {
	From    string          `json:"from"`             // archive, quarantine, network, file
	Stored  string          `json:"stored,omitempty"` // why it was refused when it was read
	Pages   []explainedPage `json:"pages"`
	Steps   []extract.Step  `json:"steps"`
	Article *export.Record  `json:"article,omitempty"` // without its text
	Begins  string          `json:"begins,omitempty"`
	// Problem is why there is no article; Kind what becomes of it.
	Problem string `json:"problem,omitempty"`
	Kind    string `json:"kind,omitempty"`
}

type explainedPage struct {
	URL     string `json:"url"`
	Status  int    `json:"status"`
	Charset string `json:"charset,omitempty"`
	Bytes   int    `json:"bytes"`
}

// explain reads the pages with every decision noted.
func (s *subject) explain(x *extract.Extractor) explanation {
	trace := &extract.Trace{}
	e := explanation{From: s.from, Stored: s.stored, Pages: []explainedPage{}, Steps: []extract.Step{}}
	assembly := x.Article(s.entries)
	assembly.Knowing(s.site)
	assembly.Explain(trace)
	err := s.read(assembly, &e)
	var article archiver.Article
	if err == nil {
		article, err = assembly.Article()
	}
	e.Steps = append(e.Steps, trace.Steps...)
	if err != nil {
		e.Problem, e.Kind = err.Error(), archiver.KindOf(err).String()
		if known, ok := errors.AsType[*archiver.Error](err); ok && known.Err != nil {
			e.Problem = known.Err.Error()
		}
		if article.State != archiver.ArticleProtected {
			return e
		}
	}
	e.Begins = cut(strings.Join(strings.Fields(article.Markdown), " "), explainedWidth)
	article.Markdown, article.HTML = "", ""
	record := export.RecordOf(article)
	e.Article = &record
	return e
}

// read gives the assembly its pages: those that are there, and from the network those that it asks for.
func (s *subject) read(assembly *extract.Assembly, e *explanation) error {
	for n := 0; ; n++ {
		page := &s.pages[n]
		e.Pages = append(e.Pages, explainedPage{page.URL, page.Status, page.Charset, len(page.Raw)})
		next, err := assembly.Add(page)
		if err != nil {
			return err
		}
		if n+1 < len(s.pages) {
			continue
		}
		if next == "" || s.more == nil || n+1 >= maxExplained {
			return nil
		}
		more, err := s.more(next)
		if archiver.KindOf(err) == archiver.Gone && err != nil {
			return nil // a part that is not there
		}
		if err != nil {
			return err
		}
		s.pages = append(s.pages, *more)
	}
}

// fromWords say where the pages came from.
var fromWords = map[string]string{
	"archive":    "as the archive keeps it; nothing was asked of the site",
	"quarantine": "as it was refused; nothing was asked of the site",
	"network":    "fetched now",
	"file":       "read from a file",
}

func (e explanation) tell(w io.Writer) error {
	var rows [][]string
	add := func(name, text string) { rows = append(rows, []string{name, cut(printable(text), explainedWidth)}) }
	for i, page := range e.Pages {
		from := ""
		if i == 0 {
			from = ", " + fromWords[e.From]
		}
		facts := size(int64(page.Bytes))
		if page.Charset != "" {
			facts += ", " + page.Charset
		}
		name := "page"
		if len(e.Pages) > 1 {
			name = fmt.Sprintf("page %d", i+1)
		}
		add(name, fmt.Sprintf("%s (%s%s)", page.URL, facts, from))
	}
	if e.Stored != "" {
		add("refused", e.Stored)
	}
	// The steps of one stage stand together, in the order in which the stages were come to.
	var stages []string
	steps := map[string][]extract.Step{}
	for _, step := range e.Steps {
		if steps[step.Stage] == nil {
			stages = append(stages, step.Stage)
		}
		steps[step.Stage] = append(steps[step.Stage], step)
	}
	if len(stages) > 0 {
		rows = append(rows, nil)
	}
	for _, stage := range stages {
		name := stage
		for _, step := range steps[stage] {
			text := step.Text
			if step.Score != 0 {
				text = fmt.Sprintf("%7.2f  %s", step.Score, text)
			}
			add(name, text)
			name = ""
		}
	}
	rows = append(rows, nil)
	for _, fact := range e.result() {
		add(fact[0], fact[1])
	}
	return table(w, rows)
}

// result sums up what was read.
func (e explanation) result() [][2]string {
	var facts [][2]string
	if e.Problem != "" {
		facts = append(facts, [2]string{"result", fmt.Sprintf("no article: %s (%s)", e.Problem, e.Kind)})
	} else {
		facts = append(facts, [2]string{"result", "an article"})
	}
	a := e.Article
	if a == nil {
		return facts
	}
	for _, fact := range [...][2]string{
		{"title", a.Title}, {"authors", strings.Join(a.Authors, ", ")}, {"published", a.Published.String()}, {"modified", a.Modified.String()},
		{"categories", strings.Join(a.Categories, ", ")}, {"tags", strings.Join(a.Tags, ", ")}, {"language", a.Language},
	} {
		if fact[1] != "" {
			facts = append(facts, fact)
		}
	}
	return append(facts, [2]string{"words", fmt.Sprint(a.Words)}, [2]string{"begins", e.Begins})
}
