// Package schedule says when a source is due: a schedule in the five fields of cron, or one of cron's names for such.
//
// The fields are read, and the next time found, by a cron parser that others keep; this package knows only what a source needs
// of it. Times are those of the clock on the wall in the location of the time that is asked about. It has no clock.
package schedule

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"archiver"

	cron "github.com/netresearch/go-cron"
)

// Off is the schedule of a source that is synced by hand only, whatever the others do.
const Off = "off"

// names are what cron calls common schedules. "@every" is none: a sync that missed its time could not tell when it would have been.
const names = "@hourly @daily @midnight @weekly @monthly @yearly @annually"

const hint = `write five fields (minute, hour, day, month, weekday) as in "15 3 * * *", a name such as "@daily", or "off"`

// longest is how many years ahead the next time is looked for: 29 February on a weekday comes at the latest after 40.
const longest = 40

// Schedule is when a source is due. The zero value is never.
type Schedule struct{ times cron.Schedule }

// Parse reads a schedule; "" and Off are never. The error is of kind Invalid and says what to write.
func Parse(text string) (Schedule, error) {
	text = strings.TrimSpace(text)
	if text == "" || text == Off {
		return Schedule{}, nil
	}
	wrong := func(err error) error {
		return &archiver.Error{Kind: archiver.Invalid, Err: fmt.Errorf("%q is no schedule: %w", text, err), Hint: hint}
	}
	if strings.HasPrefix(text, "@") {
		if !strings.Contains(names+" ", text+" ") {
			return Schedule{}, wrong(errors.New("the names are " + names))
		}
	} else if n := len(strings.Fields(text)); n != 5 {
		return Schedule{}, wrong(fmt.Errorf("it has %d fields, not five", n))
	}
	parser, err := cron.TryNewParser(cron.Minute | cron.Hour | cron.Dom | cron.Month | cron.Dow | cron.DowOrDom | cron.Descriptor)
	if err != nil {
		return Schedule{}, archiver.Errorf(archiver.Internal, "cron parser: %w", err)
	}
	times, err := parser.WithMaxSearchYears(longest).Parse(text)
	if err != nil {
		return Schedule{}, wrong(err)
	}
	s := Schedule{times: times}
	if s.Next(time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)).IsZero() {
		return Schedule{}, wrong(errors.New("such a day never comes"))
	}
	return s, nil
}

// Next is the first time after t; zero for never.
func (s Schedule) Next(t time.Time) time.Time {
	if s.times == nil {
		return time.Time{}
	}
	return s.times.Next(t)
}

// Due reports whether a time of the schedule has come since last, the last run's beginning. However many were missed, they are
// one. A source that never ran is due; so is one whose last run is to come, as the clock must have been wrong then.
func (s Schedule) Due(last, now time.Time) bool {
	if s.times == nil {
		return false
	}
	if last.IsZero() || last.After(now) {
		return true
	}
	return !s.Next(last.In(now.Location())).After(now)
}
