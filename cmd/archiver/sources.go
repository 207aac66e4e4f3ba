package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"archiver"
	"archiver/internal/config"
	"archiver/storage"

	"github.com/agnivade/levenshtein"
	"github.com/spf13/cobra"
)

func newSources(a *app) *cobra.Command {
	var asJSON, model, asTOML bool
	cmd := &cobra.Command{
		Use:   "sources [SOURCE]",
		Short: "List the sources, with what is archived of each",
		Example: `  archiver sources
  archiver sources --toml > sources.toml     to begin a configuration with
  archiver sources nlp --model`,
		Args: func(cmd *cobra.Command, args []string) error {
			if model {
				return cobra.ExactArgs(1)(cmd, args)
			}
			return cobra.NoArgs(cmd, args)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			store, _, err := a.openToRead(cmd.Context())
			if err != nil {
				return err
			}
			defer store.Close()
			if model {
				return a.siteModel(cmd.Context(), store, args[0])
			}
			sources, err := store.Sources(cmd.Context())
			if err != nil {
				return err
			}
			switch {
			case asTOML:
				return a.sourcesTOML(sources)
			case asJSON:
				return a.sourcesJSON(sources)
			}
			return a.sourcesTable(sources)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "one JSON object a line")
	cmd.Flags().BoolVar(&model, "model", false, "what the pages of one source's site have in common, as JSON")
	cmd.Flags().BoolVar(&asTOML, "toml", false, "the sources that are synced, with their settings, as the configuration writes them")
	cmd.MarkFlagsMutuallyExclusive("json", "toml", "model")
	return cmd
}

// sourcesTOML prints the sources as the configuration reads them.
func (a *app) sourcesTOML(sources []archiver.Source) error {
	kept := slices.DeleteFunc(sources, func(s archiver.Source) bool { return s.Removed })
	return config.WriteSources(a.Out, kept)
}

// siteModel prints what is known of a source's site.
func (a *app) siteModel(ctx context.Context, store storage.Store, name string) error {
	source, err := findSource(ctx, store, name)
	if err != nil {
		return err
	}
	site, err := store.Site(ctx, archiver.Host(source.URL))
	if err != nil {
		return err
	}
	site.Once = nil // numbers that say nothing to people
	text, err := json.MarshalIndent(site, "", "  ")
	if err == nil {
		_, err = fmt.Fprintf(a.Out, "%s\n", text)
	}
	return err
}

// sourceRecord is the JSON object of a source.
type sourceRecord struct {
	Name     string         `json:"name"`
	URL      string         `json:"url"`
	Title    string         `json:"title,omitempty"`
	Added    time.Time      `json:"added"`
	LastSync *time.Time     `json:"last_sync,omitempty"`
	LastRun  *time.Time     `json:"last_run,omitempty"`
	Schedule string         `json:"schedule,omitempty"`
	Removed  bool           `json:"removed,omitempty"`
	Articles map[string]int `json:"articles"`
}

func (a *app) sourcesJSON(sources []archiver.Source) error {
	for _, s := range sources {
		record := sourceRecord{Schedule: s.Settings.Schedule, Name: s.Name, URL: s.URL, Title: s.Title, Added: s.Added.UTC(), Removed: s.Removed, Articles: map[string]int{}}
		if !s.LastSync.IsZero() {
			at := s.LastSync.UTC()
			record.LastSync = &at
		}
		if !s.LastRun.IsZero() {
			at := s.LastRun.UTC()
			record.LastRun = &at
		}
		for state, n := range s.Counts {
			record.Articles[string(state)] = n
		}
		if err := jsonLine(a.Out, record); err != nil {
			return err
		}
	}
	return nil
}

func (a *app) sourcesTable(sources []archiver.Source) error {
	if len(sources) == 0 {
		fmt.Fprintln(a.Err, "archiver: there are no sources yet")
		fmt.Fprintln(a.Err, "archiver: hint: name a category page: archiver sync https://blog.example/category/nlp/")
		return nil
	}
	rows := [][]string{{"NAME", "ARTICLES", "LAST SYNC", "LISTING", "ADDRESS"}}
	for _, s := range sources {
		last := "never"
		if !s.LastSync.IsZero() {
			last = s.LastSync.Local().Format("2006-01-02 15:04")
		}
		if s.Removed {
			last = "removed"
		}
		rows = append(rows, []string{s.Name, articleCounts(s), last, cut(printable(s.Title), 30), s.URL})
	}
	return table(a.Out, rows)
}

// articleCounts is the number of articles with text, and behind it those that are odd.
func articleCounts(s archiver.Source) string {
	text := strconv.Itoa(s.Counts[archiver.ArticleSaved] + s.Counts[archiver.ArticleGone])
	var odd []string
	if n := s.Counts[archiver.ArticleGone]; n > 0 {
		odd = append(odd, fmt.Sprintf("%d gone", n))
	}
	if n := s.Counts[archiver.ArticleProtected]; n > 0 {
		odd = append(odd, fmt.Sprintf("+%d locked", n))
	}
	if len(odd) > 0 {
		text += " (" + strings.Join(odd, ", ") + ")"
	}
	return text
}

// activeSources are the sources that are synced.
func activeSources(ctx context.Context, store storage.Store) ([]archiver.Source, error) {
	all, err := store.Sources(ctx)
	if err != nil {
		return nil, err
	}
	var active []archiver.Source
	for _, s := range all {
		if !s.Removed {
			active = append(active, s)
		}
	}
	return active, nil
}

// findSource finds the source that a person named, by name or address. Where there is none the error tells the nearest name.
func findSource(ctx context.Context, store storage.Store, typed string) (archiver.Source, error) {
	name := typed
	if looksLikeAddress(typed) {
		var err error
		if name, err = address(typed); err != nil {
			return archiver.Source{}, err
		}
	}
	source, err := store.Source(ctx, name)
	if archiver.KindOf(err) != archiver.Invalid || err == nil {
		return source, err
	}
	missing := &archiver.Error{Kind: archiver.Invalid, Err: fmt.Errorf("there is no source %q", typed), Hint: "`archiver sources` lists them"}
	all, err := store.Sources(ctx)
	if err != nil {
		return source, errors.Join(missing, err)
	}
	const near = 3 // edits; more than that is another word
	best := near + 1
	for _, s := range all {
		if d := levenshtein.ComputeDistance(strings.ToLower(typed), s.Name); d < best && d < len([]rune(s.Name)) {
			best = d
			missing.Hint = fmt.Sprintf("did you mean %q? `archiver sources` lists them", s.Name)
		}
	}
	return source, missing
}

// sourceIDs finds the sources that a person named.
func sourceIDs(ctx context.Context, store storage.Store, names []string) (ids []int64, found []archiver.Source, err error) {
	for _, name := range names {
		source, err := findSource(ctx, store, name)
		if err != nil {
			return nil, nil, err
		}
		ids, found = append(ids, source.ID), append(found, source)
	}
	return ids, found, nil
}
