package crawler

import (
	"testing"
	"testing/synctest"
	"time"

	"archiver"
)

// TestStop holds that a Sync which is told to stop finishes what is in hand, gives back what it had claimed, and is no failure.
func TestStop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store, stop := &shelf{}, make(chan struct{})
		net := &web{asked: map[string]int{}, answer: func(url string, _ int) error {
			time.Sleep(time.Second) // in the bubble
			return nil
		}}
		time.AfterFunc(3500*time.Millisecond, func() { close(stop) }) // the listing, two articles, and the third in hand
		report, err := New(store, net, reader{pages: 1, articles: 10}, Options{Stop: stop}).Sync(t.Context(), quickly)
		if err != nil {
			t.Fatal(err)
		}
		if !report.Stopped || report.Saved != 3 || report.Left != 7 || report.ExitCode() != archiver.ExitDone || store.released != 7 {
			t.Errorf("%d given back, report: %+v", store.released, report)
		}
	})
}

// TestStopWhileNothingIsDue: the pause before a retry is no reason to stay.
func TestStopWhileNothingIsDue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began, stop := time.Now(), make(chan struct{})
		net := &web{asked: map[string]int{}, answer: func(url string, _ int) error {
			return &archiver.Error{Kind: archiver.Transient, RetryAfter: 4 * time.Second}
		}}
		time.AfterFunc(time.Second, func() { close(stop) })
		report, err := New(&shelf{}, net, reader{}, Options{Stop: stop}).Sync(t.Context(), quickly)
		if err != nil || !report.Stopped || time.Since(began) != time.Second {
			t.Errorf("%v after %v, report: %+v", err, time.Since(began), report)
		}
	})
}

func TestLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		net := &web{asked: map[string]int{}}
		report, err := New(&shelf{}, net, reader{pages: 2, articles: 10}, Options{Workers: 4, Limit: 5}).Sync(t.Context(), quickly)
		if err != nil {
			t.Fatal(err)
		}
		if !report.Stopped || report.Saved != 5 || report.Left != 15 || report.Traffic.Requests != 7 {
			t.Errorf("report: %+v", report)
		}
	})
}
