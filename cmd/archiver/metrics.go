package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"

	"archiver"
	"archiver/crawler"
)

// This file writes the text file that Prometheus' node_exporter reads. Rules: what is known of every source is written each time; what
// a run did stands there until the next run of the same source; the names never change.

// metric is one name with what it is.
type metric struct{ name, help string }

var (
	// Of every source, as the archive has it.
	metricSync     = metric{"archiver_last_sync_timestamp_seconds", "When the listing of the source was last walked to its end."}
	metricRun      = metric{"archiver_last_run_timestamp_seconds", "When a sync of the source was last begun, however it ended."}
	metricArticles = metric{"archiver_articles", "Articles of the source in the archive, by state."}
	metricProblems = metric{"archiver_problems", "Pages of the source that did not come, and are not to be tried at once."}
	// Of the last run of a source.
	metricExit     = metric{"archiver_run_exit_code", "The exit code of the last run for the source; 0 is well."}
	metricSaved    = metric{"archiver_run_saved_articles", "Articles that the last run saved."}
	metricChanged  = metric{"archiver_run_changed_articles", "Articles that the last run found changed, moved, gone or back."}
	metricFailed   = metric{"archiver_run_failed_articles", "Articles that did not come in the last run."}
	metricRequests = metric{"archiver_run_requests", "Requests of the last run."}
	metricBytes    = metric{"archiver_run_bytes", "Bytes of answers of the last run, as sent over the wire."}
	metricSeconds  = metric{"archiver_run_seconds", "How long the last run took."}
)

// labels writes the labels of a line; label values may hold anything.
func labels(pairs ...string) string {
	var b strings.Builder
	escape := strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`)
	for i := 0; i < len(pairs); i += 2 {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `%s="%s"`, pairs[i], escape.Replace(pairs[i+1]))
	}
	return "{" + b.String() + "}"
}

// sheet collects lines by their metric, in the order in which the metrics came.
type sheet struct {
	order []metric
	lines map[string][]string
}

func (s *sheet) add(m metric, labels string, value float64) {
	if !slices.Contains(s.order, m) {
		s.order = append(s.order, m)
	}
	s.lines[m.name] = append(s.lines[m.name], fmt.Sprintf("%s%s %s", m.name, labels, strings.TrimSuffix(fmt.Sprintf("%.3f", value), ".000")))
}

func (s *sheet) text() []byte {
	var b bytes.Buffer
	for _, m := range s.order {
		fmt.Fprintf(&b, "# HELP %s %s\n# TYPE %s gauge\n%s\n", m.name, m.help, m.name, strings.Join(s.lines[m.name], "\n"))
	}
	return b.Bytes()
}

// writeMetrics writes the file, if one is wanted.
func (p *pass) writeMetrics(ctx context.Context) error {
	if p.options.metrics == "" {
		return nil
	}
	if ctx.Err() != nil {
		return nil // the next run writes it
	}
	sources, err := activeSources(ctx, p.store)
	if err != nil {
		return err
	}
	earlier, err := os.ReadFile(p.options.metrics)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return &archiver.Error{Kind: archiver.Invalid, Op: "write metrics", URL: p.options.metrics, Err: err}
	}
	s := sheet{lines: map[string][]string{}}
	runs := []metric{metricExit, metricSaved, metricChanged, metricFailed, metricRequests, metricBytes, metricSeconds}
	for _, source := range sources {
		name := labels("source", source.Name)
		if !source.LastSync.IsZero() {
			s.add(metricSync, name, float64(source.LastSync.Unix()))
		}
		if !source.LastRun.IsZero() {
			s.add(metricRun, name, float64(source.LastRun.Unix()))
		}
		for _, state := range []archiver.ArticleState{archiver.ArticleSaved, archiver.ArticleGone, archiver.ArticleProtected} {
			s.add(metricArticles, labels("source", source.Name, "state", string(state)), float64(source.Counts[state]))
		}
		problems, err := p.store.Problems(ctx, source.ID)
		if err != nil {
			return err
		}
		s.add(metricProblems, name, float64(len(problems)))
		for _, r := range p.reports {
			if r.Source.ID == source.ID {
				values := []float64{float64(r.ExitCode()), float64(r.Saved), float64(r.Changed + r.Moved + r.Gone + r.Back),
					float64(r.Failed), float64(r.Traffic.Requests), float64(r.Traffic.Bytes), r.Took.Seconds()}
				for i, m := range runs {
					s.add(m, name, values[i])
				}
			}
		}
		if !slices.ContainsFunc(p.reports, func(r crawler.Report) bool { return r.Source.ID == source.ID }) {
			for _, m := range runs {
				s.keep(m, name, earlier)
			}
		}
	}
	return writeWhole("write metrics", p.options.metrics, s.text())
}

// keep takes over what an earlier file says of a source's last run.
func (s *sheet) keep(m metric, labels string, earlier []byte) {
	for line := range strings.Lines(string(earlier)) {
		if value, ok := strings.CutPrefix(line, m.name+labels+" "); ok {
			var n float64
			if _, err := fmt.Sscan(value, &n); err == nil {
				s.add(m, labels, n)
			}
			return
		}
	}
}
