package main

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"archiver"
	"archiver/extract"
	"archiver/extract/rule"
	"archiver/internal/config"

	"github.com/spf13/cobra"
)

func newRule(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "rule",
		Short: "Try the rules of sites, and list them",
		Long: `A rule says what on the pages of a site is the list, the title, the text, where archiver alone reads them wrongly. Rules are CSS
selectors in the configuration, or the community's ftr-site-config files; docs/rules.md describes both.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newRuleTest(a), newRuleList(a))
	return cmd
}

func newRuleTest(a *app) *cobra.Command {
	var file, as, pageURL string
	var asJSON bool
	var c crawling
	cmd := &cobra.Command{
		Use:   "test URL|FILE",
		Short: "Show what each selector of a page's rule finds, and what is read with it; nothing is written",
		Long: `Read one page from the network or a file, and show which rule is for it, what each of its selectors finds, and what archiver
reads with it. Nothing is written.`,
		Example: `  archiver rule test https://blog.example/2024/05/post/
  archiver rule test https://blog.example/category/nlp/ --as listing --rule draft.toml
  archiver rule test page.html --url https://blog.example/2024/05/post/ --rule blog.example.txt`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if as != "" && as != "listing" && as != "article" {
				return &archiver.Error{Kind: archiver.Invalid, Err: fmt.Errorf("--as is %q", as), Hint: "a page is read as listing or as article"}
			}
			cfg, err := a.config()
			if err != nil {
				return err
			}
			var named []*rule.Rule
			if file != "" {
				if named, err = ruleFile(file); err != nil {
					return err
				}
			}
			book, err := a.book(cfg, named...)
			if err != nil {
				return err
			}
			page, err := a.page(cmd, c, args[0], pageURL)
			if err != nil {
				return err
			}
			tested, err := testRules(extract.New(extract.Options{Rules: book}), page, as)
			if err != nil {
				return err
			}
			if asJSON {
				return jsonLine(a.Out, tested)
			}
			return a.tellRules(tested)
		},
	}
	c.flags(cmd)
	flags := cmd.Flags()
	flags.StringVar(&file, "rule", "", "a `FILE` with the rule to try, before those of the configuration: TOML, or .txt in the community's format")
	flags.StringVar(&as, "as", "", "read the page as `listing or article`, not as what it looks like")
	flags.StringVar(&pageURL, "url", "", "the page's `ADDRESS`, for a file")
	flags.BoolVar(&asJSON, "json", false, "one JSON object")
	return cmd
}

// ruleTested is what rule test found; also the JSON object.
type ruleTested struct {
	URL  string `json:"url"`
	As   string `json:"as"`
	Rule string `json:"rule,omitempty"` // empty where none is for the page
	// Selectors are those of the rule, in the order in which they were tried.
	Selectors []extract.Tried `json:"selectors"`
	// Unused are lines of the rule that do nothing.
	Unused  []string    `json:"unused,omitempty"`
	Listing *testedList `json:"listing,omitempty"`
	Article *testedPost `json:"article,omitempty"`
	Problem string      `json:"problem,omitempty"` // why there is neither
	// Alone is what is read of the page without a rule: a number of entries or of words.
	Alone int `json:"alone"`
}

type testedList struct {
	Title   string        `json:"title,omitempty"`
	Why     string        `json:"why"`
	Entries []probedEntry `json:"entries"`
	Next    []string      `json:"next,omitempty"`
}

type testedPost struct {
	Title     string             `json:"title,omitempty"`
	Authors   []string           `json:"authors,omitempty"`
	Published archiver.Timestamp `json:"published,omitzero"`
	Words     int                `json:"words"`
	Begins    string             `json:"begins,omitempty"`
	Ends      string             `json:"ends,omitempty"`
	Next      string             `json:"next,omitempty"`
	// ByRule says whether the text is what the rule calls it, and not what was found without it.
	ByRule bool `json:"by_rule"`
}

// testRules reads a page with its rule.
func testRules(x *extract.Extractor, page *archiver.Page, as string) (ruleTested, error) {
	test, err := x.TestRules(page)
	if err != nil {
		return ruleTested{}, err
	}
	listing, listErr := x.Listing(page)
	if as == "" {
		as = "article"
		finds := found(test.OfArticle, "article.body")
		if listErr == nil && (!finds || found(test.OfListing, "listing.item") || found(test.OfListing, "listing.link")) {
			as = "listing"
		}
	}
	t := ruleTested{URL: page.URL, As: as, Selectors: []extract.Tried{}}
	r, tried := test.Article, test.OfArticle
	if as == "listing" {
		r, tried = test.Listing, test.OfListing
	}
	if r != nil {
		t.Rule, t.Unused = r.Name, r.Unused
		t.Selectors = append(t.Selectors, tried...)
	}
	alone := extract.New(extract.Options{})
	if as == "listing" {
		without, err := alone.Listing(page)
		if err == nil {
			t.Alone = len(without.Entries)
		}
		if listErr != nil {
			t.Problem = listErr.Error()
			return t, nil
		}
		t.Listing = &testedList{Title: listing.Title, Why: listing.Why, Next: listing.Next, Entries: []probedEntry{}}
		for _, e := range listing.Entries {
			t.Listing.Entries = append(t.Listing.Entries, probedEntry{e.URL, e.Title, e.Published})
		}
		return t, nil
	}
	if without, _, err := readAlone(alone.Article(nil), page); err == nil {
		t.Alone = without.Words
	}
	assembly := x.Article(nil)
	article, next, err := readAlone(assembly, page)
	if err != nil {
		t.Problem = err.Error()
		return t, nil
	}
	begins, ends := edges(assembly.Text())
	t.Article = &testedPost{
		Title: article.Title, Authors: article.Authors, Published: article.Published, Words: article.Words, Begins: begins, Ends: ends, Next: next,
		ByRule: found(tried, "article.body"),
	}
	return t, nil
}

// readAlone reads the article of one page, and gives the address of the page after it.
func readAlone(assembly *extract.Assembly, page *archiver.Page) (archiver.Article, string, error) {
	next, err := assembly.Add(page)
	if err != nil {
		return archiver.Article{}, "", err
	}
	article, err := assembly.Article()
	return article, next, err
}

// found reports whether a selector for a part of the page found something that can be used.
func found(tried []extract.Tried, part string) bool {
	return slices.ContainsFunc(tried, func(t extract.Tried) bool { return t.Part == part && t.Count > 0 && t.Problem == "" })
}

// edges are the beginning and the end of a text, where a wrong rule shows.
func edges(text string) (begins, ends string) {
	const most = 60 // characters
	words := []rune(strings.Join(strings.Fields(text), " "))
	if len(words) <= most {
		return string(words), ""
	}
	return string(words[:most]) + "…", "…" + string(words[max(most, len(words)-most):])
}

func (a *app) tellRules(t ruleTested) error {
	name := printable(t.Rule)
	if t.Rule == "" {
		name = "none is for this page"
	}
	rows := [][]string{{"address", printable(t.URL)}, {"read as", t.As}, {"rule", name}}
	for _, s := range t.Selectors {
		finds := "found nothing"
		if s.Count > 0 {
			finds = fmt.Sprintf("found %d: %s", s.Count, cut(printable(s.First), 70))
			finds = strings.TrimSuffix(finds, ": ")
		}
		if s.Problem != "" {
			finds += "; not used: " + printable(s.Problem)
		}
		rows = append(rows, []string{s.Part, cut(printable(s.Selector), 90)}, []string{"", finds})
	}
	for _, line := range t.Unused {
		rows = append(rows, []string{"without use", printable(line)})
	}
	rows = append(rows, []string{})
	alone := ""
	if t.Rule != "" {
		alone = fmt.Sprintf("; %d without a rule", t.Alone)
	}
	switch {
	case t.Listing != nil:
		rows = append(rows, []string{"listing", printable(t.Listing.Title)}, []string{"found by", printable(t.Listing.Why) + alone})
		for i, e := range t.Listing.Entries {
			if i == probeEntries {
				rows = append(rows, []string{"", fmt.Sprintf("and %d more", len(t.Listing.Entries)-i)})
				break
			}
			rows = append(rows, []string{"", fmt.Sprintf("%-10s  %s", day(e.Published), cut(printable(e.Title), 70))}, []string{"", "            " + e.URL})
		}
		rows = append(rows, []string{"next", first(t.Listing.Next)})
	case t.Article != nil:
		p := t.Article
		by := ", found by the rule"
		switch {
		case t.Rule == "":
			by = ""
		case !p.ByRule:
			by = ", found without the rule, which names none on this page"
		}
		rows = append(rows, []string{"title", printable(p.Title)}, []string{"authors", printable(strings.Join(p.Authors, ", "))},
			[]string{"published", p.Published.String()}, []string{"text", fmt.Sprintf("%d words%s%s", p.Words, by, alone)},
			[]string{"begins", printable(p.Begins)}, []string{"ends", printable(p.Ends)})
		if p.Next != "" {
			rows = append(rows, []string{"next", printable(p.Next)})
		}
	default:
		rows = append(rows, []string{"problem", printable(t.Problem)})
	}
	if err := table(a.Out, rows); err != nil {
		return err
	}
	if t.Problem != "" {
		return exit(archiver.ExitPartial)
	}
	return nil
}

func newRuleList(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "list [HOST]",
		Short: "List the rules that are known, with where they stand",
		Long: `List the rules of the configuration and the presets. With a host the file of the community's folder is shown that is for it, with
the lines that do nothing.`,
		Example: "  archiver rule list blog.example",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			cfg, err := a.config()
			if err != nil {
				return err
			}
			host := ""
			if len(args) > 0 {
				url, err := address(args[0])
				if err != nil {
					return err
				}
				host = url
			}
			return a.listRules(cfg, host)
		},
	}
	return cmd
}

func (a *app) listRules(cfg config.Config, address string) error {
	rules, err := compileRules(cfg.Rules)
	if err != nil {
		return err
	}
	file, err := a.communityFiles(cfg.FTR)
	if err != nil {
		return err
	}
	rows := [][]string{{"RULE", "FOR", "SAYS"}}
	for _, r := range rules {
		if address == "" || r.For(address) {
			rows = append(rows, []string{printable(r.Name), printable(strings.Join(r.Hosts, ", ") + r.Path), says(r)})
		}
	}
	var unused []string
	if address != "" && file != nil {
		if r := file(rule.HostOf(address)); r != nil {
			rows = append(rows, []string{printable(r.Name), rule.HostOf(address), says(r)})
			unused = r.Unused
		}
	}
	if address == "" {
		presets := config.Presets()
		for _, name := range slices.Sorted(maps.Keys(presets)) {
			p := presets[name]
			r, err := compileRule(&p)
			if err != nil {
				return err
			}
			rows = append(rows, []string{r.Name, "rules that name it", says(r)})
		}
		if cfg.FTR != "" {
			rows = append(rows, []string{printable(cfg.FTR), "the hosts of its files", "`archiver rule list HOST` shows one"})
		}
	}
	if len(rows) == 1 {
		return &archiver.Error{Kind: archiver.NoMatch, Err: errors.New("no rule is for this host"), Hint: "docs/rules.md says how to write one"}
	}
	if err := table(a.Out, rows); err != nil {
		return err
	}
	for _, line := range unused {
		if _, err := fmt.Fprintln(a.Out, "without use: "+printable(line)); err != nil {
			return err
		}
	}
	return nil
}

// says names the parts of a rule.
func says(r *rule.Rule) string {
	var parts []string
	add := func(name string, n int) {
		if n > 0 {
			parts = append(parts, name)
		}
	}
	if l := r.Listing; l != nil {
		add("listing.item", len(l.Item))
		add("listing.link", len(l.Link))
		add("listing.next", len(l.Next))
	}
	if p := r.Article; p != nil {
		add("article.title", len(p.Title))
		add("article.body", len(p.Body))
		add("article.author", len(p.Author))
		add("article.published", len(p.Published))
		add("article.next", len(p.Next))
		add("article.single", len(p.Single))
		add("article.remove", len(p.Remove))
	}
	return strings.Join(parts, " ")
}
