package crawler

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"archiver"

	"github.com/google/go-cmp/cmp"
)

// shelf is a frontier in memory: just enough of the contract to test the loop in a bubble of time, where a real database
// would hold the clock still.
type shelf struct {
	mu       sync.Mutex
	tasks    []*archiver.Task
	articles []archiver.Article
	commits  []archiver.Outcome
	released int
	full     bool // the disk
}

func (s *shelf) StartWalk(_ context.Context, source int64, _ time.Time) (int64, error) {
	s.put(archiver.Task{SourceID: source, Role: archiver.RoleListing, URL: "http://blog.example/nlp/", Number: 1, Walk: 1})
	return 1, nil
}

func (s *shelf) put(task archiver.Task) bool {
	for _, known := range s.tasks {
		if known.URL == task.URL && known.Role == task.Role {
			return false
		}
	}
	task.ID, task.State = int64(len(s.tasks)+1), archiver.TaskPending
	s.tasks = append(s.tasks, &task)
	return true
}

func (s *shelf) Claim(_ context.Context, _ int64, now time.Time, lease time.Duration, limit int) (claimed []archiver.Task, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, role := range []archiver.Role{archiver.RoleListing, archiver.RoleFacts, archiver.RoleArticle} {
		busy := false
		for _, t := range s.tasks {
			if t.Role != role || t.State != archiver.TaskPending || t.NotBefore.After(now) {
				continue
			}
			busy = true
			if !t.LeaseUntil.After(now) && len(claimed) < limit {
				t.LeaseUntil = now.Add(lease)
				claimed = append(claimed, *t)
			}
		}
		if busy {
			return claimed, nil
		}
	}
	return nil, nil
}

func (s *shelf) Release(_ context.Context, task archiver.Task) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.released++
	s.tasks[task.ID-1].LeaseUntil = time.Time{}
	return nil
}

func (s *shelf) Commit(_ context.Context, o archiver.Outcome) (receipt archiver.Receipt, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.full {
		return receipt, &archiver.Error{Kind: archiver.Storage, Op: "commit", Err: errors.New("the disk is full")}
	}
	s.commits = append(s.commits, o)
	t := s.tasks[o.Task.ID-1]
	t.State, t.Attempt, t.NotBefore, t.LeaseUntil = o.State, o.Attempt, o.NotBefore, time.Time{}
	if o.Task.Role == archiver.RoleListing {
		for _, e := range o.Entries {
			if s.put(archiver.Task{Role: archiver.RoleArticle, URL: e.URL, Entries: []archiver.Entry{e}}) {
				receipt.NewArticles++
				receipt.NewInWalk++
			}
		}
	}
	for _, next := range o.Next {
		next.Barren = 0
		if receipt.NewInWalk == 0 {
			next.Barren = o.Task.Barren + 1
		}
		s.put(next)
	}
	if o.Article != nil {
		s.articles = append(s.articles, *o.Article)
	}
	return receipt, nil
}

func (s *shelf) Backlog(context.Context, int64) (b archiver.Backlog, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, t := range s.tasks {
		if t.State != archiver.TaskPending {
			continue
		}
		switch t.Role {
		case archiver.RoleListing:
			b.Listing++
		case archiver.RoleArticle:
			b.Articles++
		}
		due := t.NotBefore
		if t.LeaseUntil.After(due) {
			due = t.LeaseUntil
		}
		if due.IsZero() {
			due = time.Unix(1, 0)
		}
		if b.Due.IsZero() || due.Before(b.Due) {
			b.Due = due
		}
	}
	return b, nil
}

// web answers addresses with what a test says, and counts.
type web struct {
	mu     sync.Mutex
	asked  map[string]int
	answer func(url string, nth int) error
}

func (w *web) Fetch(ctx context.Context, req archiver.Request) (*archiver.Page, error) {
	w.mu.Lock()
	w.asked[req.URL]++
	nth := w.asked[req.URL]
	w.mu.Unlock()
	req.Traffic.Add(1, 100)
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if w.answer != nil {
		if err := w.answer(req.URL, nth); err != nil {
			return nil, err
		}
	}
	return &archiver.Page{Requested: req.URL, URL: req.URL, Status: 200}, nil
}

// reader understands the pages of web: a listing of n articles a page, and an article on every other page.
type reader struct {
	pages, articles int
	locked, broken  string // the address of an article with a password, and of one that brings the reader down
}

func (r reader) Listing(page *archiver.Page) (l archiver.Listing, err error) {
	n := 1
	_, _ = fmt.Sscanf(page.URL, "http://blog.example/nlp/%d", &n)
	for i := range r.articles {
		l.Entries = append(l.Entries, archiver.Entry{URL: fmt.Sprintf("http://blog.example/%d-%d", n, i)})
	}
	if n < r.pages {
		l.Next = []string{fmt.Sprintf("http://blog.example/nlp/%d", n+1)}
	}
	return l, nil
}

func (reader) Facts(*archiver.Page) (archiver.Facts, error) { return archiver.Facts{}, nil }

func (r reader) Article(entries []archiver.Entry) Assembly { return &pages{r, entries[0].URL} }

type pages struct {
	reader
	url string
}

func (p *pages) Add(page *archiver.Page) (string, error) {
	if page.URL == p.broken {
		panic("a page that brings the reader down")
	}
	return "", nil
}

func (p *pages) Article() (archiver.Article, error) {
	if p.url == p.locked {
		return archiver.Article{URL: p.url, State: archiver.ArticleProtected}, archiver.ErrProtected
	}
	return archiver.Article{URL: p.url, State: archiver.ArticleSaved}, nil
}

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
		{"gone", archiver.RoleArticle, fault(archiver.Gone), archiver.Outcome{State: archiver.TaskGone, Reason: "why", NotBefore: week}},
		{"robots", archiver.RoleArticle, fault(archiver.Blocked), archiver.Outcome{State: archiver.TaskBlocked, Reason: "why", NotBefore: week}},
		{"login", archiver.RoleArticle, fault(archiver.Denied), archiver.Outcome{State: archiver.TaskDenied, Reason: "why", NotBefore: week}},
		{"no article", archiver.RoleArticle, fault(archiver.Unusable), archiver.Outcome{State: archiver.TaskQuarantined, Reason: "why"}},
		{"a channel that is not there is no harm", archiver.RoleFacts, fault(archiver.Gone), archiver.Outcome{State: archiver.TaskDone, Reason: "why", NotBefore: week}},
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
