package archiver

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
)

// This file is the error table. A Kind decides what becomes of the task, whether and when it is tried again, the exit code of
// the command and what the user reads; no other place decides any of it.

// Kind sorts failures by what has to happen next.
type Kind uint8

const (
	// Internal is a bug. It costs the task that met it, which the next run tries again.
	Internal Kind = iota
	// Transient passes by itself: timeouts, resets, 5xx, 429.
	Transient
	// Blocked is a rule that forbids the fetch: robots.txt, scope, a private address, a challenge page.
	Blocked
	// Gone is 404 and 410. The stored article is kept.
	Gone
	// Denied needs a login or a password.
	Denied
	// Unusable is an answer without an article in it: too large, not HTML, undecodable, empty.
	Unusable
	// Invalid is the user's input: a flag, a URL, the configuration.
	Invalid
	// Storage is the archive's disk or file: full, corrupt, read-only. The run stops.
	Storage
	// NoMatch is a search or an export that found nothing.
	NoMatch
	// Held is an archive that another run holds.
	Held
)

// Exit codes of the program.
const (
	ExitDone        = 0
	ExitInternal    = 1
	ExitUsage       = 2
	ExitPartial     = 3
	ExitSource      = 4
	ExitHeld        = 5
	ExitBlocked     = 6
	ExitNoMatch     = 7
	ExitStorage     = 8
	ExitInterrupted = 130
)

// Bounds of retrying. Retry-After, where the server names it, wins over the backoff.
const (
	// MaxAttempts is how often a task is tried before it is failed for this run.
	MaxAttempts = 6
	// RecheckBlocked is when an address that was refused, vanished or had no article is looked at again.
	RecheckBlocked = 7 * 24 * time.Hour
)

type verdict struct {
	name  string
	state TaskState
	exit  int
}

var verdicts = [...]verdict{
	Internal:  {"internal", TaskFailed, ExitInternal},
	Transient: {"transient", TaskPending, ExitBlocked},
	Blocked:   {"blocked", TaskBlocked, ExitBlocked},
	Gone:      {"gone", TaskGone, ExitPartial},
	Denied:    {"denied", TaskDenied, ExitPartial},
	Unusable:  {"unusable", TaskQuarantined, ExitPartial},
	Invalid:   {"invalid", TaskPending, ExitUsage},
	Storage:   {"storage", TaskPending, ExitStorage},
	NoMatch:   {"no match", TaskPending, ExitNoMatch},
	Held:      {"held", TaskPending, ExitHeld},
}

func (k Kind) String() string { return verdicts[k].name }

// TaskState is what a task becomes when it ends with this kind of failure.
func (k Kind) TaskState() TaskState { return verdicts[k].state }

// ExitCode is the exit code of a command that ends with this kind of failure.
func (k Kind) ExitCode() int { return verdicts[k].exit }

// Error is a failure whose Kind decides retry, task state, exit code and wording.
type Error struct {
	Kind       Kind
	Op         string        // what was being done: "fetch", "open archive"
	URL        string        // the address or file it was done to, if any
	Hint       string        // what the user can do, without a full stop
	RetryAfter time.Duration // the server's own wish; 0 if it named none
	Err        error
}

func (e *Error) Error() string {
	var parts []string
	if what := strings.TrimSpace(e.Op + " " + e.URL); what != "" {
		parts = append(parts, what)
	}
	if e.Err != nil {
		parts = append(parts, e.Err.Error())
	} else {
		parts = append(parts, e.Kind.String())
	}
	return strings.Join(parts, ": ")
}

func (e *Error) Unwrap() error { return e.Err }

// ErrProtected is returned for a post that is behind a password. Its kind is Denied.
var ErrProtected = &Error{Kind: Denied, Op: "read article", Err: errors.New("it needs a password")}

// Errorf makes an Error of a kind with a message.
func Errorf(kind Kind, format string, args ...any) *Error {
	return &Error{Kind: kind, Err: fmt.Errorf(format, args...)}
}

// KindOf is the Kind of the outermost Error in err's chain, Internal where there is none.
func KindOf(err error) Kind {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Kind
	}
	return Internal
}

// HintOf is the first hint in err's chain.
func HintOf(err error) string {
	for err != nil {
		e, ok := errors.AsType[*Error](err)
		if !ok {
			return ""
		}
		if e.Hint != "" {
			return e.Hint
		}
		err = e.Err
	}
	return ""
}

// ExitCodeOf is the exit code for a command that returned err.
func ExitCodeOf(err error) int {
	switch {
	case err == nil:
		return ExitDone
	case errors.Is(err, context.Canceled):
		return ExitInterrupted
	}
	return KindOf(err).ExitCode()
}

// exitOrder is worst first, for a run over several sources.
var exitOrder = []int{ExitStorage, ExitInternal, ExitSource, ExitBlocked, ExitPartial}

// WorseExit is the worse of two exit codes of one run.
func WorseExit(a, b int) int {
	for _, code := range exitOrder {
		if a == code || b == code {
			return code
		}
	}
	return max(a, b)
}
