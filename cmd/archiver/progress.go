package main

import (
	"fmt"

	"archiver/crawler"

	"github.com/schollz/progressbar/v3"
)

// bar is the progress of a sync on a terminal. Where there is no terminal it shows nothing.
type bar struct {
	name string
	bar  *progressbar.ProgressBar
}

func (a *app) newBar(name string) *bar {
	if a.quiet || a.noProgress || a.verbose > 0 || !a.terminal(a.Err) {
		return &bar{}
	}
	return &bar{name: name, bar: progressbar.NewOptions(1,
		progressbar.OptionSetWriter(a.Err),
		progressbar.OptionSetWidth(24),
		progressbar.OptionShowCount(),
		progressbar.OptionSetPredictTime(true),
		progressbar.OptionSetElapsedTime(true),
		progressbar.OptionClearOnFinish(),
		progressbar.OptionSetTheme(progressbar.ThemeASCII),
	)}
}

// show draws the state of a sync. While the listing is still walked the whole is not known, and grows.
func (b *bar) show(r crawler.Report) {
	if b.bar == nil {
		return
	}
	what := fmt.Sprintf("%s: %s, %d saved", b.name, count(r.ListingPages, "listing page"), r.Saved)
	if r.Failed > 0 {
		what += fmt.Sprintf(", %d failed", r.Failed)
	}
	b.bar.Describe(what)
	done := r.Saved + r.Protected + r.Failed
	b.bar.ChangeMax(max(done+r.Left, 1))
	_ = b.bar.Set(done) // the terminal is gone: nothing is lost
}

// steps draws how many of a known number of articles are done.
func (b *bar) steps(done, of int, words string) {
	if b.bar == nil {
		return
	}
	b.bar.Describe(b.name + ": " + words)
	b.bar.ChangeMax(max(of, 1))
	_ = b.bar.Set(min(done, of))
}

func (b *bar) clear() {
	if b.bar != nil {
		_ = b.bar.Clear()
	}
}
