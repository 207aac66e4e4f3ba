package fetch

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"archiver"

	"github.com/google/go-cmp/cmp"
)

func TestPaceKeepsDelay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPace(time.Second, 4)
		var (
			mu     sync.Mutex
			starts []time.Time
			wg     sync.WaitGroup
		)
		for range 5 {
			wg.Go(func() {
				turn, err := p.enter(t.Context(), "a")
				if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				starts = append(starts, time.Now())
				mu.Unlock()
				<-time.After(300 * time.Millisecond) // the server thinks; bubble time
				turn.answered()
				<-time.After(200 * time.Millisecond) // the body
				turn.done()
			})
		}
		wg.Wait()
		for i := 1; i < len(starts); i++ {
			if gap := starts[i].Sub(starts[i-1]); gap != 1300*time.Millisecond {
				t.Errorf("gap %d is %s, want the delay from the answer on: 1.3s", i, gap)
			}
		}
		before := time.Now()
		turn, err := p.enter(t.Context(), "b")
		if err != nil {
			t.Fatal(err)
		}
		turn.done()
		if !time.Now().Equal(before) {
			t.Error("another host waited")
		}
	})
}

func TestPaceLimitsConcurrency(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPace(0, 3)
		var (
			mu        sync.Mutex
			now, most int
			wg        sync.WaitGroup
		)
		for range 12 {
			wg.Go(func() {
				turn, err := p.enter(t.Context(), "a")
				if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				now++
				most = max(most, now)
				mu.Unlock()
				<-time.After(time.Second)
				mu.Lock()
				now--
				mu.Unlock()
				turn.answered()
				turn.done()
			})
		}
		started := time.Now()
		wg.Wait()
		if most != 3 || time.Since(started) != 4*time.Second {
			t.Errorf("%d at once in %s, want 3 in 4s", most, time.Since(started))
		}
	})
}

func TestPaceSlowsDown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPace(0, 4)
		take := func() {
			turn, err := p.enter(t.Context(), "a")
			if err != nil {
				t.Fatal(err)
			}
			turn.answered()
			turn.done()
		}
		take()
		p.slow("a", 10*time.Second)
		started := time.Now()
		take()
		take()
		if took := time.Since(started); took != 20*time.Second {
			t.Errorf("two requests after Crawl-delay: 10 took %s, want 20s", took)
		}
	})
}

func TestPacePauses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPace(0, 4)
		p.pause("a", 20*time.Second)
		p.pause("a", time.Second) // a shorter one takes nothing back
		started := time.Now()
		turn, err := p.enter(t.Context(), "a")
		if err != nil {
			t.Fatal(err)
		}
		turn.done()
		if took := time.Since(started); took != 20*time.Second {
			t.Errorf("waited %s, want 20s", took)
		}

		p.pause("a", time.Hour)
		_, err = p.enter(t.Context(), "a")
		e, ok := errors.AsType[*archiver.Error](err)
		if !ok || e.Kind != archiver.Transient || e.RetryAfter != time.Hour {
			t.Errorf("after a pause of an hour: %v, want a transient error with RetryAfter of an hour", err)
		}
	})
}

func TestPaceEndsWithContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPace(time.Minute, 1)
		turn, err := p.enter(t.Context(), "a")
		if err != nil {
			t.Fatal(err)
		}
		turn.answered()
		gone := errors.New("gone")
		ctx, cancel := context.WithCancelCause(t.Context())
		var wg sync.WaitGroup
		for range 3 { // one waits for time, the others for their turn
			wg.Go(func() {
				if _, err := p.enter(ctx, "a"); !errors.Is(err, gone) {
					t.Errorf("got %v, want the cause of the context", err)
				}
			})
		}
		synctest.Wait()
		turn.done()
		synctest.Wait()
		cancel(gone)
		wg.Wait()
		turn, err = p.enter(t.Context(), "a") // nothing is left behind
		if err != nil {
			t.Fatal(err)
		}
		turn.done()
		if users := p.hosts["a"].users; users != 0 {
			t.Errorf("%d users left", users)
		}
	})
}

func TestPaceForgets(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPace(0, 1)
		p.pause("tired", time.Hour)
		for i := range maxHosts + 10 {
			turn, err := p.enter(t.Context(), string(rune('一'+i)))
			if err != nil {
				t.Fatal(err)
			}
			turn.done()
		}
		if len(p.hosts) > maxHosts {
			t.Errorf("%d hosts remembered", len(p.hosts))
		}
		if _, ok := p.hosts["tired"]; !ok {
			t.Error("a host that asked for a pause was forgotten")
		}
	})
}

func TestRetryAfter(t *testing.T) {
	now := time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)
	tests := map[string]time.Duration{
		"":                              0,
		"120":                           2 * time.Minute,
		" 3 ":                           3 * time.Second,
		"0":                             0,
		"-5":                            0,
		"1.5":                           0,
		"soon":                          0,
		"Wed, 04 Mar 2026 05:08:07 GMT": 2 * time.Minute,
		"Wed, 04 Mar 2026 05:00:00 GMT": 0,
		"Fri, 04 Mar 2036 05:08:07 GMT": maxPause,
		"315360000":                     maxPause,
		"99999999999999999999999999":    maxPause,
	}
	got := map[string]time.Duration{}
	for value := range tests {
		got[value] = retryAfter(http.Header{"Retry-After": {value}}, now)
	}
	if diff := cmp.Diff(tests, got); diff != "" {
		t.Errorf("mismatch (-want +got):\n%s", diff)
	}
}

// FuzzRetryAfter: whatever a server says, the pause is neither negative nor endless.
func FuzzRetryAfter(f *testing.F) {
	for _, seed := range []string{"1", "-1", "Wed, 04 Mar 2026 05:08:07 GMT", "9223372036854775807", "+3", "٣"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, value string) {
		if d := retryAfter(http.Header{"Retry-After": {value}}, time.Unix(0, 0)); d < 0 || d > maxPause {
			t.Errorf("%q: %s", value, d)
		}
	})
}
