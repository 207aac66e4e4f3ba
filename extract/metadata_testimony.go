package extract

import (
	"time"

	"archiver"
)

// This file weighs what the witnesses of a date say against each other. Rules: the most reliable is believed; one that says the
// same and more is taken in its place; a zone that one of them knows is given to those that do not.

// rank is how reliable a witness of a date is.
type rank int

const (
	rankAddress rank = iota + 1 // /2024/05/01/
	rankAfter                   // a time element after the text, that may be a comment's or another article's
	rankText                    // a date somewhere between title and text
	rankListing                 // what the list said
	rankByline                  // a visible date in an element that is marked as one
	rankPlain                   // a time element whose place says what it is
	rankFeed
	rankMarked // a time element marked as published or modified; a meta element that is less common
	rankHead   // article:published_time
	rankThing  // JSON-LD of the article
	rankREST
)

// witness is one date and who said it.
type witness struct {
	archiver.Timestamp
	rank rank
}

// testimony is all witnesses of one date.
type testimony []witness

// longestStamp is how many bytes a date has at most that software wrote.
const longestStamp = 40

// hear reads what software wrote; behind the date may follow what is no part of one: 2024-05-01T09:30:00:684Z.
func (t *testimony) hear(by rank, text string) {
	ts, ok := parseDate(text)
	if !ok && len(text) <= longestStamp {
		var start int
		ts, start, _ = scanDate(text)
		ok = !ts.IsZero() && start == 0
	}
	if ok {
		t.add(ts, by)
	}
}

// rank makes all witnesses as reliable as that.
func (t testimony) rank(as rank) {
	for i := range t {
		t[i].rank = as
	}
}

var rankNames = [...]string{"nothing", "the address", "a time element after the text", "the text", "the list", "the byline", "a time element", "the feed", "a marked element", "the head", "JSON-LD", "REST"}

// explain notes who gave a date, and who said otherwise.
func (t testimony) explain(trace *Trace, stage string, verdict archiver.Timestamp) {
	best := t.best()
	if verdict.IsZero() {
		return
	}
	trace.note(stage, "%s from %s", verdict, rankNames[best.rank])
	for _, w := range t {
		if !sameDay(w, best) {
			trace.note(stage, "%s from %s was not believed", w.Timestamp, rankNames[w.rank])
		}
	}
}

// distrustZulu makes local times of those that claim +00:00: Typecho writes the blog's own clock with that zone.
func (t testimony) distrustZulu() {
	for i := range t {
		if t[i].Precision() == archiver.Instant && t[i].rank < rankFeed || t[i].rank == rankMarked || t[i].rank == rankHead {
			if _, offset := t[i].Time().Zone(); offset == 0 && t[i].Precision() == archiver.Instant {
				t[i].Timestamp = archiver.AtLocal(t[i].Time())
			}
		}
	}
}

// zoneOf is the zone that the witnesses establish for those that give none: one that is not UTC before UTC.
func zoneOf(all ...testimony) *time.Location {
	var found *time.Location
	for _, t := range all {
		for _, w := range t {
			if w.Precision() != archiver.Instant {
				continue
			}
			if _, offset := w.Time().Zone(); offset != 0 {
				return w.Time().Location()
			}
			found = time.UTC
		}
	}
	return found
}

func (t testimony) best() witness {
	var best witness
	for _, w := range t {
		if w.rank > best.rank {
			best = w
		}
	}
	return best
}

// verdict is the date that the witnesses give together.
func (t testimony) verdict(zone *time.Location) archiver.Timestamp {
	best := t.best()
	if best.IsZero() {
		return archiver.Timestamp{}
	}
	for _, w := range t {
		if w.rank == best.rank && w.Timestamp.Equal(best.Timestamp) {
			continue
		}
		switch {
		case w.Precision() < best.Precision() && sameDay(w, best):
			// The same day, and the clock too.
			best.Timestamp = w.Timestamp
		case w.Precision() == archiver.Instant && best.Precision() == archiver.Instant && plainUTC(best) && !plainUTC(w):
			// The same moment in the blog's zone, or the same clock with a zone that is no mistake.
			if w.Time().Equal(best.Time()) || sameClock(w, best) {
				best.Timestamp = w.Timestamp
			}
		}
	}
	if zone != nil {
		return best.In(zone)
	}
	return best.Timestamp
}

// zoned gives a moment in UTC the zone in which another witness gives the same moment.
func (t testimony) zoned(ts archiver.Timestamp) archiver.Timestamp {
	if ts.IsZero() || ts.Precision() != archiver.Instant || !plainUTC(witness{Timestamp: ts}) {
		return ts
	}
	for _, w := range t {
		if w.Precision() == archiver.Instant && !plainUTC(w) && w.Time().Equal(ts.Time()) {
			return w.Timestamp
		}
	}
	return ts
}

func plainUTC(w witness) bool {
	_, offset := w.Time().Zone()
	return offset == 0
}

func sameDay(a, b witness) bool {
	y1, m1, d1 := a.Time().Date()
	y2, m2, d2 := b.Time().Date()
	if y1 == y2 && m1 == m2 && d1 == d2 {
		return true
	}
	// An instant in UTC is, for a reader, of the day before or after.
	return plainUTC(a) && a.Precision() == archiver.Instant && a.Time().Sub(b.Time()).Abs() < 24*time.Hour
}

func sameClock(a, b witness) bool {
	return a.Time().Format(time.DateTime) == b.Time().Format(time.DateTime)
}

// later reports whether a is after b as far as both are known.
func later(a, b archiver.Timestamp) bool {
	if a.Precision() == archiver.Day || b.Precision() == archiver.Day {
		return a.Time().Format(time.DateOnly) > b.Time().Format(time.DateOnly)
	}
	return a.Time().After(b.Time())
}
