package crawler

import (
	"errors"
	"math/rand/v2"
	"time"

	"archiver"
)

const (
	// firstBackoff is the pause after the first failure; each further one doubles it, up to longestBackoff.
	firstBackoff   = 2 * time.Second
	longestBackoff = time.Hour
)

// settle turns what came of a task into the outcome to commit. Only the Kind of the error decides.
func settle(task archiver.Task, outcome archiver.Outcome, err error, now time.Time) archiver.Outcome {
	outcome.Task, outcome.At, outcome.State = task, now, archiver.TaskDone
	if err == nil {
		if outcome.Article != nil {
			outcome.NotBefore = nextLook(outcome.Article, now)
		} else if outcome.Unchanged && task.Role == archiver.RoleArticle && outcome.NotBefore.IsZero() {
			outcome.NotBefore = now.Add(undatedLook)
		}
		return outcome
	}
	outcome.Reason = reason(err)
	kind := archiver.KindOf(err)
	outcome.State = kind.TaskState()
	if isListingHiccup(task, kind) {
		outcome.State, outcome.Attempt = archiver.TaskPending, task.Attempt+1
		outcome.NotBefore = now.Add(backoff(outcome.Attempt, retryAfter(err)))
		return outcome
	}
	switch kind {
	case archiver.Transient:
		outcome.Attempt = task.Attempt + 1
		if outcome.Attempt >= archiver.MaxAttempts || task.Role == archiver.RoleAsset && outcome.Attempt >= pictureAttempts {
			outcome.State = archiver.TaskFailed
			break
		}
		outcome.NotBefore = now.Add(backoff(outcome.Attempt, retryAfter(err)))
	case archiver.Gone, archiver.Blocked, archiver.Denied, archiver.Unusable:
		outcome.Attempt, outcome.NotBefore = nextAttempt(task, kind, now)
	}
	if errors.Is(err, archiver.ErrProtected) {
		outcome.State, outcome.Attempt, outcome.NotBefore = archiver.TaskProtected, 0, now.Add(archiver.RecheckBlocked)
		outcome.Pages = nil // the form says nothing
	}
	if errors.Is(err, archiver.ErrPixel) {
		outcome.State, outcome.NotBefore = archiver.TaskDone, time.Time{} // it will be one the next time
	}
	if task.Role == archiver.RoleAsset && outcome.State == archiver.TaskFailed {
		outcome.NotBefore = now.Add(archiver.RecheckBlocked) // hosts of pictures die for good, and a sync may come each hour
	}
	if task.Role == archiver.RoleFacts && kind != archiver.Transient && kind != archiver.Internal {
		// What a channel could add is welcome, not needed.
		outcome.State = archiver.TaskDone
	}
	return outcome
}

// pictureAttempts is how often a picture is tried in one sync: pictures cut short stay so, and nobody waits a minute for one.
const pictureAttempts = 4

// hiccups is how often a page of a listing that had been read is asked for again when something else comes in its place.
const hiccups = 2

// isListingHiccup reports whether something that came in the place of a listing's page may be a bad moment. One page that is not read hides all
// pages after it; of a listing that never was one nothing better is to be expected.
func isListingHiccup(task archiver.Task, kind archiver.Kind) bool {
	return task.Role == archiver.RoleListing && (task.Number > 1 || task.Walk > 1) && task.Attempt < hiccups &&
		(kind == archiver.Unusable || kind == archiver.Denied)
}

// articleLooks and pictureLooks are in how many syncs in a row an article that the listing names, or a picture, is asked for again when it
// was refused, vanished or was something else. Sites have bad moments; an article's are told by the listing and cost a page, and what serves
// pictures has more of them. A picture that is said not to exist is believed at once.
const (
	articleLooks = 1
	pictureLooks = 3
)

// nextAttempt is when an address that was refused, vanished or had no article is looked at again: in the next sync, so many times, then
// a week later; and where it is gone then too, no more. Attempts from MaxAttempts on count these looks.
func nextAttempt(task archiver.Task, kind archiver.Kind, now time.Time) (attempt int, at time.Time) {
	looks := 0
	switch {
	case task.Role == archiver.RoleArticle && !task.Missing:
		looks = articleLooks
	case task.Role == archiver.RoleAsset && kind != archiver.Gone:
		looks = pictureLooks
	}
	attempt = max(task.Attempt+1, archiver.MaxAttempts)
	const last = archiver.MaxAttempts + pictureLooks
	switch {
	case attempt < archiver.MaxAttempts+looks:
		return attempt, now
	case attempt <= last || kind != archiver.Gone:
		return last, now.Add(archiver.RecheckBlocked)
	}
	return attempt, time.Time{}
}

// backoff is the pause before the next attempt: the server's wish, or doubling with a quarter of jitter so that tasks which
// failed together do not return together.
func backoff(attempt int, wish time.Duration) time.Duration {
	pause := firstBackoff << min(attempt-1, 20)
	pause = min(pause, longestBackoff)
	pause += rand.N(pause / 4)
	return max(pause, wish)
}

func retryAfter(err error) time.Duration {
	if e, ok := errors.AsType[*archiver.Error](err); ok {
		return e.RetryAfter
	}
	return 0
}

// reason is why, without the address that the task names anyway.
func reason(err error) string {
	if e, ok := errors.AsType[*archiver.Error](err); ok && e.Err != nil {
		return e.Err.Error()
	}
	return err.Error()
}
