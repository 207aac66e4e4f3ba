package archiver

import "time"

// WalkOptions are how a listing is to be walked.
type WalkOptions struct {
	// Whole reads the listing to its end, and looks at every article again, however young the last look is.
	Whole bool
	// Since looks again at every article that was published or changed since then; none where zero.
	Since time.Time
	// Recheck is how long the listing goes at most without being read to its end.
	Recheck time.Duration
	// Rechecks is how many articles whose next look is due are looked at in this walk at most.
	Rechecks int
	// Images has the pictures fetched that articles of the source show and that were never asked for.
	Images bool
	// Ask are the addresses of channels to be asked, whatever the listing says.
	Ask []string
}

// Walk is one reading of a source's listing.
type Walk struct {
	Number int64
	// Whole walks read the listing to its end; others stop where everything is known.
	Whole bool
	// First says that the listing was never read to its end before.
	First bool
	// Sure says that the walk before this one came to its end: what a server says has not changed since then was read.
	Sure bool
	// Told is how many articles the channel that tells of all had told of.
	Told int
}

// Missing is what became of the members that a walk did not meet.
type Missing struct {
	// Articles are to be looked at: they have tasks now.
	Articles int
	// Of is how many members the source had.
	Of int
	// Alarm says that so many are missing that the layout is more likely to have changed than the blog: nothing was done.
	Alarm bool
}
