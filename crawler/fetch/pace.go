package fetch

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"archiver"
)

// This file is the pace: when a request may go to a host. Every wait ends with the caller's context. A host that says it is
// busy is left alone by everyone, for as long as it asks, else for a time that doubles until it answers again.

const (
	// maxPause bounds what Retry-After may ask; beyond it the task waits for a later run.
	maxPause = 24 * time.Hour
	// maxWait is the longest pause of a host that is waited for on the spot. For a longer one the task goes back to the
	// frontier, which knows better what to do meanwhile.
	maxWait = time.Minute
	// firstHold and longestHold are what a host is left alone for, at first and at most, that does not say for how long.
	firstHold   = 10 * time.Second
	longestHold = 5 * time.Minute
	// maxHosts bounds the hosts that are remembered; those at rest are forgotten first.
	maxHosts = 4096
)

// pace gives each host its turns.
type pace struct {
	delay  time.Duration
	limit  int // turns at once where there is no delay
	memory memory

	mu    sync.Mutex
	hosts map[string]*host
}

// host is one host's pace. Where it has a delay, a turn holds door until it is done, so that requests go one at a time.
type host struct {
	name     string
	slots    chan struct{} // turns that are taken
	door     chan struct{} // held by who is next
	recalled bool          // its memory was looked at; for who holds door

	mu     sync.Mutex
	delay  time.Duration
	last   time.Time // when the last answer arrived: the server had read the request before
	paused time.Time // no request before it
	holds  int       // pauses in a row that the server did not measure
	users  int       // turns taken or waited for
}

func newPace(delay time.Duration, limit int) *pace {
	return &pace{delay: delay, limit: limit, hosts: make(map[string]*host)}
}

// enter waits for the host's next turn. A host that asked for a pause longer than maxWait is an error of kind Transient.
func (p *pace) enter(ctx context.Context, name string) (*turn, error) {
	h := p.use(name)
	t := &turn{pace: p, host: h}
	if err := t.take(ctx); err != nil {
		t.done()
		return nil, err
	}
	return t, nil
}

// pause keeps everyone from the host for as long as it asked; where that is 0, for as long as its record says. It gives the new
// end of the pause, zero where the one that runs is as long.
func (p *pace) pause(name string, wish time.Duration) time.Time {
	h := p.use(name)
	defer h.leave()
	h.mu.Lock()
	defer h.mu.Unlock()
	now := time.Now()
	if wish <= 0 {
		if now.Before(h.paused) {
			return time.Time{} // the request was under way when the pause began
		}
		wish = backoff(h.holds)
		h.holds++
	}
	until := now.Add(wish)
	if !until.After(h.paused) {
		return time.Time{}
	}
	h.paused = until
	return until
}

// well says that the host answers as it should.
func (p *pace) well(name string) {
	h := p.use(name)
	defer h.leave()
	h.mu.Lock()
	defer h.mu.Unlock()
	h.holds = 0
}

// backoff is how long to wait after so many failures before this one.
func backoff(failures int) time.Duration {
	return min(firstHold<<min(failures, 16), longestHold)
}

// recall looks, once, whether an earlier run was asked for a pause. The caller holds the host's door.
func (p *pace) recall(ctx context.Context, h *host) error {
	if h.recalled {
		return nil
	}
	state, err := p.memory.recall(ctx, h.name)
	if err != nil {
		return err
	}
	h.recalled = true
	h.mu.Lock()
	defer h.mu.Unlock()
	// A clock that was wrong then must not shut the host out for years.
	if latest := time.Now().Add(maxPause); state.Paused.After(latest) {
		state.Paused = latest
	}
	if state.Paused.After(h.paused) {
		h.paused = state.Paused
	}
	return nil
}

// slow sets the delay that the host's robots.txt asks for; the longer of it and the pace's own holds.
func (p *pace) slow(name string, delay time.Duration) {
	h := p.use(name)
	defer h.leave()
	h.mu.Lock()
	defer h.mu.Unlock()
	h.delay = max(p.delay, delay)
}

// use finds the host and keeps it from being forgotten until leave.
func (p *pace) use(name string) *host {
	p.mu.Lock()
	defer p.mu.Unlock()
	h, ok := p.hosts[name]
	if !ok {
		if len(p.hosts) >= maxHosts {
			p.forget()
		}
		h = &host{name: name, slots: make(chan struct{}, p.limit), door: make(chan struct{}, 1), delay: p.delay}
		p.hosts[name] = h
	}
	h.mu.Lock()
	h.users++
	h.mu.Unlock()
	return h
}

func (p *pace) forget() {
	for name, h := range p.hosts {
		h.mu.Lock()
		atRest := h.users == 0 && h.rest() <= 0
		h.mu.Unlock()
		if atRest {
			delete(p.hosts, name)
		}
	}
}

func (h *host) leave() {
	h.mu.Lock()
	h.users--
	h.mu.Unlock()
}

// rest is how long the host is to be left alone from now on. The caller holds mu.
func (h *host) rest() time.Duration {
	next := h.paused
	if h.delay > 0 && !h.last.IsZero() {
		if due := h.last.Add(h.delay); due.After(next) {
			next = due
		}
	}
	if next.IsZero() {
		return 0
	}
	return time.Until(next)
}

// turn is the right to make one request.
type turn struct {
	pace             *pace
	host             *host
	hasSlot, hasDoor bool
}

func (t *turn) take(ctx context.Context) error {
	select {
	case t.host.slots <- struct{}{}:
		t.hasSlot = true
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	select {
	case t.host.door <- struct{}{}:
		t.hasDoor = true
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	if err := t.pace.recall(ctx, t.host); err != nil {
		return err
	}
	if err := t.wait(ctx); err != nil {
		return err
	}
	t.host.mu.Lock()
	free := t.host.delay == 0
	t.host.mu.Unlock()
	if free {
		t.leaveDoor()
	}
	return nil
}

// wait until the host has rested. It looks again after each wait, as the rest may have grown.
func (t *turn) wait(ctx context.Context) error {
	for {
		t.host.mu.Lock()
		rest, paused := t.host.rest(), time.Until(t.host.paused)
		t.host.mu.Unlock()
		if paused > maxWait {
			return &archiver.Error{
				Kind: archiver.Transient, RetryAfter: paused,
				Err: fmt.Errorf("the server asked for a pause of %s", paused.Round(time.Second)),
			}
		}
		if rest <= 0 {
			return nil
		}
		timer := time.NewTimer(rest)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return context.Cause(ctx)
		}
	}
}

// answered says that the request is with the server, or failed: the delay runs from here.
func (t *turn) answered() {
	t.host.mu.Lock()
	t.host.last = time.Now()
	t.host.mu.Unlock()
}

// done gives the turn back. It is called once.
func (t *turn) done() {
	t.leaveDoor()
	if t.hasSlot {
		<-t.host.slots
		t.hasSlot = false
	}
	t.host.leave()
}

func (t *turn) leaveDoor() {
	if t.hasDoor {
		<-t.host.door
		t.hasDoor = false
	}
}

// retryAfter is the pause a server asks for, between 0 and maxPause: 0 where the header is absent, past or nonsense.
func retryAfter(header http.Header, now time.Time) time.Duration {
	value := strings.TrimSpace(header.Get("Retry-After"))
	if value == "" {
		return 0
	}
	if strings.Trim(value, "0123456789") == "" {
		seconds, err := strconv.ParseInt(value, 10, 64)
		if err != nil || seconds > int64(maxPause/time.Second) {
			return maxPause
		}
		return time.Duration(seconds) * time.Second
	}
	at, err := http.ParseTime(value)
	if err != nil {
		return 0
	}
	return min(max(at.Sub(now), 0), maxPause)
}
