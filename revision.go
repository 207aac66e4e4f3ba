package archiver

import "time"

// Revision is one text that an article had.
type Revision struct {
	Number int
	Seen   time.Time
	Cause  Cause
	Title  string
	Words  int
}

// Cause is why a revision was made.
type Cause string

const (
	// CauseAuthor: the site's text is new, or is another one than before.
	CauseAuthor Cause = ""
	// CauseReextract: the site's page had not changed, but was read again with better knowledge.
	CauseReextract Cause = "reextract"
	// CauseChannel: the same article came over another channel, which tells it in another way.
	CauseChannel Cause = "channel"
	// CauseRepair: the copy that was there had been damaged, and was made anew from the stored page.
	CauseRepair Cause = "repair"
	// CauseDamaged marks a revision whose text is not what was saved, and which nothing could mend.
	CauseDamaged Cause = "damaged"
)
