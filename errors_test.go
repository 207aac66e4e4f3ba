package archiver

import (
	"context"
	"errors"
	"fmt"
	"testing"
)

// TestErrorTable is the table of docs/ARCHITECTURE.md: state, exit code.
func TestErrorTable(t *testing.T) {
	tests := []struct {
		kind  Kind
		state TaskState
		exit  int
	}{
		{Internal, TaskFailed, 1}, {Transient, TaskPending, 6}, {Blocked, TaskBlocked, 6}, {Gone, TaskGone, 3}, {Denied, TaskDenied, 3},
		{Unusable, TaskQuarantined, 3}, {Invalid, TaskPending, 2}, {Storage, TaskPending, 8}, {NoMatch, TaskPending, 7}, {Held, TaskPending, 5},
	}
	if len(tests) != len(verdicts) {
		t.Errorf("%d kinds are tested of %d", len(tests), len(verdicts))
	}
	for _, tt := range tests {
		if tt.kind.TaskState() != tt.state || tt.kind.ExitCode() != tt.exit {
			t.Errorf("%v: state %v, exit %d; want %v, %d", tt.kind, tt.kind.TaskState(), tt.kind.ExitCode(), tt.state, tt.exit)
		}
	}
}

func TestErrorChain(t *testing.T) {
	inner := &Error{Kind: Transient, Op: "fetch", URL: "https://blog.example/a", Err: errors.New("connection reset"), Hint: "later"}
	err := fmt.Errorf("claim tasks for nlp: %w", inner)
	if KindOf(err) != Transient || HintOf(err) != "later" || ExitCodeOf(err) != ExitBlocked {
		t.Errorf("KindOf, HintOf, ExitCodeOf = %v, %q, %d", KindOf(err), HintOf(err), ExitCodeOf(err))
	}
	if want := "claim tasks for nlp: fetch https://blog.example/a: connection reset"; err.Error() != want {
		t.Errorf("got %q, want %q", err, want)
	}
	if KindOf(errors.New("x")) != Internal || ExitCodeOf(nil) != ExitDone || ExitCodeOf(fmt.Errorf("x: %w", context.Canceled)) != ExitInterrupted {
		t.Error("an unknown error is a bug, none is done, a cancelled one is interrupted")
	}
}

func TestWorseExit(t *testing.T) {
	order := []int{ExitDone, ExitPartial, ExitBlocked, ExitSource, ExitInternal, ExitStorage}
	for i, better := range order {
		for _, worse := range order[i:] {
			if WorseExit(better, worse) != worse || WorseExit(worse, better) != worse {
				t.Errorf("WorseExit(%d, %d) is not %d", better, worse, worse)
			}
		}
	}
}
