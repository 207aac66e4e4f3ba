package main

import (
	"fmt"
	"io"
	"slices"
	"text/tabwriter"
)

// The figures that archiver holds itself to.
const (
	// maxRatio is of the plain program's CPU; it is told where it is missed. brokenRatio fails a check: between the two lie
	// processors, and what else runs on them (1.4 to 2.1 were measured of one program on machines of different days).
	maxRatio    = 1.8
	brokenRatio = 2.6
	maxPeakMB   = 100
	// maxGrowth is how much more memory the largest blog may take than the smallest: "the same", less what two runs differ by.
	maxGrowth = 1.15
)

// report prints the table and the verdicts. It reports whether nothing is broken.
func report(w io.Writer, results []result) bool {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "articles\tplain ms CPU/article\tarchiver ms CPU/article\tratio\tplain peak MB\tarchiver peak MB\t")
	for _, r := range results {
		fmt.Fprintf(t, "%d\t%.2f\t%.2f\t%.2f\t%.0f\t%.0f\t\n", r.articles,
			median(perArticle(r.plain, r.articles)), median(perArticle(r.archiver, r.articles)), r.ratio(), median(peaks(r.plain)), median(peaks(r.archiver)))
	}
	t.Flush()
	good := true
	verdict := func(ok, bearable bool, format string, args ...any) {
		word := "pass"
		switch {
		case !ok && bearable:
			word = "MISS"
		case !ok:
			word, good = "FAIL", false
		}
		fmt.Fprintf(w, "%s  %s\n", word, fmt.Sprintf(format, args...))
	}
	fmt.Fprintln(w)
	for _, r := range results {
		verdict(r.ratio() <= maxRatio, r.ratio() <= brokenRatio, "%d articles: CPU %.2f of the plain program's, asked %.1f", r.articles, r.ratio(), maxRatio)
		peak := slices.Max(peaks(r.archiver))
		verdict(peak <= maxPeakMB, false, "%d articles: %.0f MB at most, limit %d", r.articles, peak, maxPeakMB)
	}
	if len(results) > 1 {
		smallest, largest := median(peaks(results[0].archiver)), median(peaks(results[len(results)-1].archiver))
		verdict(largest <= smallest*maxGrowth, false, "memory: %.0f MB for %d articles, %.0f for %d", smallest, results[0].articles, largest, results[len(results)-1].articles)
	}
	return good
}

// ratio is the median over the rounds of archiver's CPU to the plain program's in the same round: what else the machine did
// then, it did to both.
func (r result) ratio() float64 {
	ratios := make([]float64, len(r.plain))
	for i := range ratios {
		ratios[i] = float64(r.archiver[i].cpu) / float64(max(1, r.plain[i].cpu))
	}
	return median(ratios)
}

func perArticle(costs []cost, articles int) []float64 {
	ms := make([]float64, len(costs))
	for i, c := range costs {
		ms[i] = c.cpu.Seconds() * 1000 / float64(articles)
	}
	return ms
}

func peaks(costs []cost) []float64 {
	mb := make([]float64, len(costs))
	for i, c := range costs {
		mb[i] = c.peak
	}
	return mb
}

func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	middle := len(sorted) / 2
	if len(sorted)%2 == 1 {
		return sorted[middle]
	}
	return (sorted[middle-1] + sorted[middle]) / 2
}
