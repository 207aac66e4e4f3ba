package main

import (
	"fmt"

	"archiver"
	"archiver/crawler"

	"github.com/schollz/progressbar/v3"
)

// board is the progress of syncs that go at the same time, on one bar. Its owner calls one method at a time.
type board struct {
	one     bool // source only
	of      int  // sources
	bar     *bar
	running map[int64]crawler.Report
	ended   crawler.Report // all those that ended, added up
	count   int
}

func (p *pass) newBoard(sources []archiver.Source) *board {
	name := ""
	if len(sources) == 1 {
		name = sources[0].Name
	}
	return &board{one: len(sources) == 1, of: len(sources), bar: p.newBar(name), running: map[int64]crawler.Report{}}
}

// show draws what all syncs did so far.
func (b *board) show(r crawler.Report) {
	if b.bar.bar == nil {
		return
	}
	b.running[r.Source.ID] = r
	if b.one {
		b.bar.show(r)
		return
	}
	sum := b.ended
	for _, r := range b.running {
		sum = addUp(sum, r)
	}
	b.bar.name = fmt.Sprintf("%d of %d sources", b.count, b.of)
	b.bar.show(sum)
}

// done clears the bar for what is said of a sync that ended.
func (b *board) done(r crawler.Report) {
	delete(b.running, r.Source.ID)
	r.Left = 0
	b.ended = addUp(b.ended, r)
	b.count++
	b.bar.clear()
}

func (b *board) clear() { b.bar.clear() }

func addUp(a, b crawler.Report) crawler.Report {
	a.ListingPages += b.ListingPages
	a.Saved += b.Saved
	a.Changed += b.Changed
	a.Reread += b.Reread
	a.Checked += b.Checked
	a.Gone += b.Gone
	a.Protected += b.Protected
	a.Failed += b.Failed
	a.Left += b.Left
	return a
}

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
	done := r.Saved + r.Changed + r.Reread + r.Checked + r.Gone + r.Protected + r.Failed
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
