package crawler

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"archiver"

	"github.com/google/go-cmp/cmp"
)

var quickly = archiver.Source{ID: 1, Name: "nlp", URL: "http://blog.example/nlp/"}

func TestSync(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store, net := &shelf{}, &web{asked: map[string]int{}}
		blog := reader{pages: 3, articles: 10, locked: "http://blog.example/1-0", broken: "http://blog.example/1-1"}
		report, err := New(store, net, blog, Options{Workers: 4}).Sync(t.Context(), quickly)
		if err != nil {
			t.Fatal(err)
		}
		// One of thirty is protected and one brings the reader down: a bug costs one page.
		if report.Saved != 28 || report.Protected != 1 || report.Failed != 1 || !report.Internal || report.ListingPages != 3 || report.New != 30 {
			t.Errorf("report: %+v", report)
		}
		if report.ExitCode() != archiver.ExitInternal {
			t.Errorf("exit code %d", report.ExitCode())
		}
		for url, n := range net.asked {
			if n != 1 {
				t.Errorf("%s was fetched %d times", url, n)
			}
		}
		if report.Traffic.Requests != 33 {
			t.Errorf("%d requests counted, 33 made", report.Traffic.Requests)
		}
	})
}

// TestARefusedArticleIsAProblem: what only the archive can tell is reported like what the page told. The run learns its site, and
// the model goes with the articles, less often as it grows.
func TestARefusedArticleIsAProblem(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := &shelf{refuse: "http://blog.example/1-1"}
		report, err := New(store, &web{asked: map[string]int{}}, reader{pages: 1, articles: 12}, Options{}).Sync(t.Context(), quickly)
		if err != nil {
			t.Fatal(err)
		}
		if report.Saved != 11 || report.Failed != 1 || report.ExitCode() != archiver.ExitPartial || len(report.Problems) != 1 {
			t.Errorf("report: %+v", report)
		}
		if len(report.Early) != archiver.SettledPages-1 { // the first three, less the one that was refused
			t.Errorf("%d were read before the site was known, want %d", len(report.Early), archiver.SettledPages-1)
		}
		var kept []int
		for _, o := range store.commits {
			if o.Site != nil {
				kept = append(kept, o.Site.Lessons)
			}
		}
		if diff := cmp.Diff([]int{1, 2, 3, 4, 5, 8, 12}, kept); diff != "" {
			t.Errorf("models were kept after these lessons (-want +got):\n%s", diff)
		}
	})
}

func TestAnotherChannelIsAskedWhereOneRefuses(t *testing.T) {
	for _, kind := range []archiver.Kind{archiver.Denied, archiver.Gone, archiver.Blocked, archiver.Unusable, archiver.Transient} {
		net := &web{asked: map[string]int{}, answer: func(string, int) error { return archiver.Errorf(kind, "no") }}
		r := &run{Crawler: &Crawler{fetcher: net, extract: reader{}}, source: quickly}
		r.ways.put(archiver.Settings{}, []archiver.Way{{Channel: archiver.ChannelREST, URL: "http://blog.example/rest"}, {Channel: archiver.ChannelSitemap, URL: "http://blog.example/map"}})
		outcome, err := r.facts(t.Context(), archiver.Task{SourceID: 1, Role: archiver.RoleFacts, URL: "http://blog.example/rest", Walk: 3})
		var want []archiver.Task
		if kind != archiver.Transient { // what passes by itself is asked again
			want = []archiver.Task{
				{SourceID: 1, Role: archiver.RoleFacts, URL: "http://blog.example/feed", Walk: 3, Number: 1},
				{SourceID: 1, Role: archiver.RoleFacts, URL: "http://blog.example/map", Walk: 3, Number: 1},
			}
		}
		if err == nil || cmp.Diff(want, outcome.Next) != "" {
			t.Errorf("%v: %v, next %+v", kind, err, outcome.Next)
		}
		if settled := settle(archiver.Task{Role: archiver.RoleFacts}, outcome, err, time.Now()); len(settled.Next) != len(want) {
			t.Errorf("%v: settled with %+v", kind, settled.Next)
		}
	}
}

func TestRetriesAreBoundedAndBackedOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var at []time.Time
		net := &web{asked: map[string]int{}, answer: func(url string, _ int) error {
			if url == "http://blog.example/1-2" {
				at = append(at, time.Now())
				return &archiver.Error{Kind: archiver.Transient, Op: "fetch", URL: url, Err: errors.New("503")}
			}
			return nil
		}}
		report, err := New(&shelf{}, net, reader{pages: 1, articles: 3}, Options{}).Sync(t.Context(), quickly)
		if err != nil {
			t.Fatal(err)
		}
		if len(at) != archiver.MaxAttempts || report.Failed != 1 {
			t.Errorf("%d attempts, %d failed", len(at), report.Failed)
		}
		for i := 1; i < len(at); i++ {
			gap, least := at[i].Sub(at[i-1]), firstBackoff<<(i-1)
			if gap < least || gap > least*5/4+time.Second {
				t.Errorf("attempt %d came %v after the one before; want %v and a quarter at most", i+1, gap, least)
			}
		}
	})
}

func TestALongPauseIsLeftToTheNextRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		net := &web{asked: map[string]int{}, answer: func(url string, _ int) error {
			if url == "http://blog.example/1-2" {
				return &archiver.Error{Kind: archiver.Transient, Op: "fetch", URL: url, Err: errors.New("429"), RetryAfter: time.Hour}
			}
			return nil
		}}
		began := time.Now()
		report, err := New(&shelf{}, net, reader{pages: 1, articles: 4}, Options{Workers: 2}).Sync(t.Context(), quickly)
		if err != nil {
			t.Fatal(err)
		}
		if report.Waiting == 0 || report.Due.Before(began.Add(10*time.Minute)) || time.Since(began) > longestPause {
			t.Errorf("waiting %d until %v, after %v", report.Waiting, report.Due, time.Since(began))
		}
	})
}

func TestAnUnreachableListingIsSaidSoon(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		net := &web{asked: map[string]int{}, answer: func(url string, _ int) error {
			return &archiver.Error{Kind: archiver.Transient, Op: "fetch", URL: url, Err: errors.New("connection refused")}
		}}
		began := time.Now()
		report, err := New(&shelf{}, net, reader{}, Options{}).Sync(t.Context(), quickly)
		if err != nil || report.ExitCode() != archiver.ExitBlocked {
			t.Errorf("exit code %d, %v; want %d", report.ExitCode(), err, archiver.ExitBlocked)
		}
		if took := time.Since(began); took < firstBackoff || took > 10*time.Second {
			t.Errorf("it took %v; want a retry or two", took)
		}
	})
}

func TestInterruptedRunGivesBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		store := &shelf{}
		net := &web{asked: map[string]int{}, answer: func(url string, _ int) error {
			if url == "http://blog.example/1-5" {
				cancel()
				return ctx.Err()
			}
			return nil
		}}
		report, err := New(store, net, reader{pages: 1, articles: 12}, Options{Workers: 2}).Sync(ctx, quickly)
		if !errors.Is(err, context.Canceled) {
			t.Fatalf("err = %v", err)
		}
		if report.Left == 0 || store.released == 0 {
			t.Errorf("%d left, %d given back", report.Left, store.released)
		}
		for _, task := range store.tasks {
			if task.State == archiver.TaskPending && !task.LeaseUntil.IsZero() {
				t.Errorf("%s is still leased", task.URL)
			}
		}
	})
}

func TestFullDiskStopsTheRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := &shelf{full: true}
		_, err := New(store, &web{asked: map[string]int{}}, reader{pages: 2, articles: 3}, Options{Workers: 3}).Sync(t.Context(), quickly)
		if archiver.KindOf(err) != archiver.Storage {
			t.Errorf("err = %v, want kind storage", err)
		}
	})
}

func TestTrapsEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		net := &web{asked: map[string]int{}}
		report, err := New(&shelf{}, net, trap{}, Options{}).Sync(t.Context(), quickly)
		if err != nil {
			t.Fatal(err)
		}
		if report.ListingPages != 1+maxBarren || report.Saved != 1 {
			t.Errorf("%d listing pages, %d saved", report.ListingPages, report.Saved)
		}
	})
}

// trap is a listing whose every page has a next one, with the same article.
type trap struct{ reader }

func (trap) Listing(page *archiver.Page) (archiver.Listing, error) {
	return archiver.Listing{Entries: []archiver.Entry{{URL: "http://blog.example/9-9"}}, Next: []string{page.URL + "x"}}, nil
}

func TestListingThatSuddenlyShowsNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		source := quickly
		source.Counts = map[archiver.ArticleState]int{archiver.ArticleSaved: 40}
		report, err := New(&shelf{}, &web{asked: map[string]int{}}, reader{}, Options{}).Sync(t.Context(), source)
		if err != nil || report.ExitCode() != archiver.ExitSource {
			t.Errorf("exit code %d, %v; want %d", report.ExitCode(), err, archiver.ExitSource)
		}
	})
}

// TestLooksInVain follows an address that stays gone: the next sync looks again, then one a week later, and then none.
func TestLooksInVain(t *testing.T) {
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	week := now.Add(archiver.RecheckBlocked)
	looks := func(role archiver.Role, kind archiver.Kind, missing bool) (at []time.Time) {
		task := archiver.Task{Role: role, Missing: missing}
		for range 5 {
			outcome := settle(task, archiver.Outcome{}, archiver.Errorf(kind, "why"), now)
			task.Attempt = outcome.Attempt
			at = append(at, outcome.NotBefore)
		}
		return at
	}
	for _, tt := range []struct {
		role    archiver.Role
		kind    archiver.Kind
		missing bool
		want    []time.Time
	}{
		{archiver.RoleArticle, archiver.Gone, false, []time.Time{now, week, {}, {}, {}}},
		{archiver.RoleArticle, archiver.Gone, true, []time.Time{week, {}, {}, {}, {}}},
		{archiver.RoleArticle, archiver.Unusable, false, []time.Time{now, week, week, week, week}},
		{archiver.RoleArticle, archiver.Blocked, false, []time.Time{now, week, week, week, week}},
		{archiver.RoleAsset, archiver.Gone, false, []time.Time{week, {}, {}, {}, {}}},
		{archiver.RoleAsset, archiver.Unusable, false, []time.Time{now, now, now, week, week}},
	} {
		if diff := cmp.Diff(tt.want, looks(tt.role, tt.kind, tt.missing)); diff != "" {
			t.Errorf("%v, missing %t: looks mismatch (-want +got):\n%s", tt.kind, tt.missing, diff)
		}
	}
}

func TestSettle(t *testing.T) {
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	week := now.Add(archiver.RecheckBlocked)
	fault := func(kind archiver.Kind) error {
		return &archiver.Error{Kind: kind, Op: "fetch", URL: "http://blog.example/a", Err: errors.New("why")}
	}
	tests := []struct {
		name string
		role archiver.Role
		err  error
		want archiver.Outcome
	}{
		{"done", archiver.RoleArticle, nil, archiver.Outcome{State: archiver.TaskDone}},
		{"gone", archiver.RoleArticle, fault(archiver.Gone), archiver.Outcome{State: archiver.TaskGone, Reason: "why", NotBefore: now, Attempt: 6}},
		{"robots", archiver.RoleArticle, fault(archiver.Blocked), archiver.Outcome{State: archiver.TaskBlocked, Reason: "why", NotBefore: now, Attempt: 6}},
		{"login", archiver.RoleArticle, fault(archiver.Denied), archiver.Outcome{State: archiver.TaskDenied, Reason: "why", NotBefore: now, Attempt: 6}},
		{"no article", archiver.RoleArticle, fault(archiver.Unusable), archiver.Outcome{State: archiver.TaskQuarantined, Reason: "why", NotBefore: now, Attempt: 6}},
		{"a dead picture", archiver.RoleAsset, fault(archiver.Gone), archiver.Outcome{State: archiver.TaskGone, Reason: "why", NotBefore: week, Attempt: 9}},
		{"a channel that is not there is no harm", archiver.RoleFacts, fault(archiver.Gone),
			archiver.Outcome{State: archiver.TaskDone, Reason: "why", NotBefore: week, Attempt: 9}},
		{"password", archiver.RoleArticle, archiver.ErrProtected, archiver.Outcome{State: archiver.TaskProtected, Reason: "it needs a password", NotBefore: week}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			task := archiver.Task{ID: 7, Role: tt.role}
			tt.want.Task, tt.want.At = task, now
			got := settle(task, archiver.Outcome{}, tt.err, now)
			if diff := cmp.Diff(tt.want, got, cmp.AllowUnexported(archiver.Timestamp{})); diff != "" {
				t.Errorf("settle mismatch (-want +got):\n%s", diff)
			}
		})
	}
}

func TestBackoff(t *testing.T) {
	for attempt := 1; attempt < 40; attempt++ {
		if pause := backoff(attempt, 0); pause < firstBackoff || pause > longestBackoff*5/4 {
			t.Errorf("backoff(%d) = %v", attempt, pause)
		}
	}
	if backoff(1, 90*time.Second) < 90*time.Second {
		t.Error("the server's wish is not obeyed")
	}
}
