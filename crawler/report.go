package crawler

import (
	"slices"
	"time"

	"archiver"
)

// maxProblems bounds what a report names one by one; the archive has them all.
const maxProblems = 20

// maxEarly is more than can be read before a site is known: the first articles, and those that were in other workers' hands.
const maxEarly = 64 + archiver.SettledPages

// Report is what a sync of one source did.
type Report struct {
	Source       archiver.Source
	Title        string // the listing's heading, where it has one
	ListingPages int
	Listed       int // articles that this walk saw, known ones included
	New          int // of those, articles that were not in the archive
	Saved        int // articles that are new in the archive
	Changed      int // articles that their authors changed
	Reread       int // articles whose text is another one although their authors changed nothing
	Checked      int // articles that were looked at and are as they were
	Gone         int // articles that are gone, and were not before
	Back         int // articles that were gone and are there again
	Moved        int // articles that have another address now
	Pictures     int // pictures stored
	Dead         int // pictures that did not come
	Protected    int // articles that need a password, and did not before
	Failed       int // articles that did not come, for whatever reason
	Left         int // articles that are still to do
	Waiting      int // tasks left for a later run
	Due          time.Time
	Stopped      bool      // Options.Stop or Options.Limit ended it before all was done
	Problems     []Problem // of articles and of listing pages beyond the first; the first maxProblems
	// Broken is why the listing could not be read at all; nil where it could.
	Broken   error
	Whole    bool     // the listing was to be read to its end
	Partial  bool     // a listing page beyond the first could not be read
	Blocked  bool     // something was refused or put off by the site
	Internal bool     // a bug showed
	Early    []string // IDs of the articles that were read before anything was known of their site; it is known now
	Traffic  archiver.Traffic
	Took     time.Duration
}

// Problem is one task that did not end well.
type Problem struct {
	URL  string
	Kind archiver.Kind
	Err  error
}

// ExitCode is the exit code of a command that did this and nothing else.
func (r Report) ExitCode() int {
	code := archiver.ExitDone
	if r.Internal {
		code = archiver.WorseExit(code, archiver.ExitInternal)
	}
	if r.Broken != nil {
		switch archiver.KindOf(r.Broken) {
		case archiver.Transient, archiver.Blocked:
			code = archiver.WorseExit(code, archiver.ExitBlocked)
		default:
			code = archiver.WorseExit(code, archiver.ExitSource)
		}
	}
	if r.Blocked || r.Waiting > 0 {
		code = archiver.WorseExit(code, archiver.ExitBlocked)
	}
	if r.Failed > 0 || r.Partial {
		code = archiver.WorseExit(code, archiver.ExitPartial)
	}
	return code
}

func (r *Report) add(s settled) {
	if s.fatal != nil {
		return
	}
	if s.task.Role == archiver.RoleListing && s.err == nil {
		r.addListing(s)
	}
	if s.task.Role == archiver.RoleArticle && s.outcome.State != archiver.TaskPending {
		r.addArticle(s)
		if s.isNews() {
			return
		}
	}
	if s.task.Role == archiver.RoleAsset {
		r.addAsset(s)
		return
	}
	if s.err == nil || s.outcome.State == archiver.TaskDone || s.outcome.State == archiver.TaskProtected {
		return
	}
	kind := archiver.KindOf(s.err)
	first := s.task.Role == archiver.RoleListing && s.task.Number == 1
	if s.outcome.State == archiver.TaskPending && kind != archiver.Internal {
		if first {
			r.Broken = s.err // until an attempt succeeds
		}
		return
	}
	switch kind {
	case archiver.Internal:
		r.Internal = true
	case archiver.Blocked:
		r.Blocked = true
	}
	if first {
		r.Broken = s.err
		return
	}
	if s.task.Role == archiver.RoleListing {
		r.Partial = true
	}
	told := slices.ContainsFunc(r.Problems, func(p Problem) bool { return p.URL == s.task.URL })
	if len(r.Problems) < maxProblems && !told {
		r.Problems = append(r.Problems, Problem{URL: s.task.URL, Kind: kind, Err: s.err})
	}
}

func (r *Report) addListing(s settled) {
	if len(s.outcome.Entries) > 0 || s.task.Number == 1 {
		r.ListingPages++
	}
	if s.task.Number == 1 {
		r.Broken = nil
		r.Title = s.outcome.Title
	}
	r.Listed += s.receipt.NewInWalk
	r.New += s.receipt.NewArticles
	r.Left += s.receipt.NewArticles
}

func (r *Report) addArticle(s settled) {
	r.Left--
	count := func(n *int, does bool) {
		if does {
			*n++
		}
	}
	count(&r.Gone, s.receipt.Gone)
	count(&r.Back, s.receipt.Back)
	count(&r.Moved, s.receipt.Moved)
	switch state := s.outcome.State; {
	case state == archiver.TaskDone && s.receipt.Added:
		r.Saved++
		if s.early && len(r.Early) < maxEarly {
			r.Early = append(r.Early, archiver.ArticleID(s.task.URL))
		}
	case state == archiver.TaskDone && s.receipt.Revised && s.outcome.Cause == "":
		r.Changed++
	case state == archiver.TaskDone && s.receipt.Revised:
		r.Reread++
	case state == archiver.TaskDone, state == archiver.TaskProtected && !s.receipt.Locked:
		r.Checked++
	case state == archiver.TaskProtected:
		r.Protected++
	case s.isNews():
	default:
		r.Failed++
	}
}

// isNews reports whether an article that is gone is news, not trouble: the archive has it, or the listing does not name it any more.
func (s settled) isNews() bool {
	return s.outcome.State == archiver.TaskGone && (s.task.Known || s.task.Missing)
}

// addAsset counts a picture. One that does not come is a gap in a page, not a failure of the sync.
func (r *Report) addAsset(s settled) {
	switch {
	case s.outcome.Asset != nil:
		r.Pictures++
	case s.outcome.State != archiver.TaskPending:
		r.Dead++
	}
}
