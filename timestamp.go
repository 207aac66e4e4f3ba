package archiver

import (
	"fmt"
	"time"
)

// Precision says how much of a date its page gave.
type Precision uint8

const (
	// Instant is a date with clock and zone: one moment on earth.
	Instant Precision = iota
	// Local is a date with a clock and no zone.
	Local
	// Day is a date alone.
	Day
)

const (
	localLayout = "2006-01-02T15:04:05"
	dayLayout   = time.DateOnly
)

// Timestamp is a date as its page gave it: with the page's own zone where it had one, and nothing made up where it had none.
// The zero value is an absent date.
type Timestamp struct {
	t         time.Time // in the page's zone; UTC where the page gave none
	precision Precision
}

// At is the Timestamp of a known moment; its zone is kept, fractions of a second are not.
func At(t time.Time) Timestamp {
	if t.IsZero() {
		return Timestamp{}
	}
	return Timestamp{t: t.Truncate(time.Second)}
}

// AtLocal is the Timestamp of a wall clock without a zone.
func AtLocal(t time.Time) Timestamp {
	return Timestamp{t: wall(t), precision: Local}
}

// OnDay is the Timestamp of a date without a clock.
func OnDay(year int, month time.Month, day int) Timestamp {
	return Timestamp{t: time.Date(year, month, day, 0, 0, 0, 0, time.UTC), precision: Day}
}

func wall(t time.Time) time.Time {
	y, m, d := t.Date()
	return time.Date(y, m, d, t.Hour(), t.Minute(), t.Second(), 0, time.UTC)
}

// IsZero reports whether the date is absent.
func (ts Timestamp) IsZero() bool { return ts.t.IsZero() }

// Precision says how much the page gave.
func (ts Timestamp) Precision() Precision { return ts.precision }

// Time is the moment; a date without a zone is read as UTC, which serves for sorting only.
func (ts Timestamp) Time() time.Time { return ts.t }

// In gives a Local date the zone that another fact of the same site established; every other date stays as it is.
func (ts Timestamp) In(loc *time.Location) Timestamp {
	if ts.precision != Local || ts.IsZero() {
		return ts
	}
	y, m, d := ts.t.Date()
	return Timestamp{t: time.Date(y, m, d, ts.t.Hour(), ts.t.Minute(), ts.t.Second(), 0, loc)}
}

// Equal reports whether both dates say the same.
func (ts Timestamp) Equal(other Timestamp) bool {
	return ts.precision == other.precision && ts.t.Equal(other.t)
}

// String is RFC 3339 for an Instant, the same without the zone for a Local date, the full-date for a Day, and empty for none.
func (ts Timestamp) String() string {
	switch {
	case ts.IsZero():
		return ""
	case ts.precision == Day:
		return ts.t.Format(dayLayout)
	case ts.precision == Local:
		return ts.t.Format(localLayout)
	}
	return ts.t.Format(time.RFC3339)
}

// ParseTimestamp reads what String writes.
func ParseTimestamp(s string) (Timestamp, error) {
	if s == "" {
		return Timestamp{}, nil
	}
	if t, err := time.Parse(time.RFC3339, s); err == nil {
		return At(t), nil
	}
	if t, err := time.Parse(localLayout, s); err == nil {
		return AtLocal(t), nil
	}
	t, err := time.Parse(dayLayout, s)
	if err != nil {
		return Timestamp{}, fmt.Errorf("parse date %q: not RFC 3339", s)
	}
	return OnDay(t.Year(), t.Month(), t.Day()), nil
}

// MarshalText writes String.
func (ts Timestamp) MarshalText() ([]byte, error) { return []byte(ts.String()), nil }

// UnmarshalText reads String.
func (ts *Timestamp) UnmarshalText(b []byte) (err error) {
	*ts, err = ParseTimestamp(string(b))
	return err
}
