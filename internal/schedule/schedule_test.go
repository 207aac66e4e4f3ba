package schedule_test

import (
	"strings"
	"testing"
	"time"

	"archiver"
	"archiver/internal/schedule"
)

const layout = "2006-01-02 15:04 MST"

func TestNext(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Skip("this system has no time zones:", err)
	}
	at := func(s string) time.Time {
		got, err := time.ParseInLocation("2006-01-02 15:04:05", s, berlin)
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	tests := []struct{ schedule, after, want string }{
		{"15 3 * * *", "2026-01-10 03:14:59", "2026-01-10 03:15 CET"},
		{"15 3 * * *", "2026-01-10 03:15:00", "2026-01-11 03:15 CET"},
		{"@daily", "2026-01-10 12:00:00", "2026-01-11 00:00 CET"},
		{"@hourly", "2026-01-10 12:00:00", "2026-01-10 13:00 CET"},
		{"@weekly", "2026-01-10 12:00:00", "2026-01-11 00:00 CET"},
		{"*/10 9-17 * * mon-fri", "2026-01-09 17:50:00", "2026-01-12 09:00 CET"},
		{"0 6 1,15 * *", "2026-01-15 06:00:00", "2026-02-01 06:00 CET"},
		// Both days given: either of them, as in every cron.
		{"0 6 13 * 5", "2026-01-09 06:00:00", "2026-01-13 06:00 CET"},
		{"0 6 13 * 5", "2026-01-13 06:00:00", "2026-01-16 06:00 CET"},
		{"0 0 29 2 *", "2026-01-01 00:00:00", "2028-02-29 00:00 CET"},
		// The hour that the spring leaves out, and the one that the autumn has twice.
		{"0 3 * * *", "2026-03-29 00:00:00", "2026-03-29 03:00 CEST"},
		{"30 3 * * *", "2026-10-25 00:00:00", "2026-10-25 03:30 CET"},
		{"off", "2026-01-01 00:00:00", "0001-01-01 00:00 UTC"},
		{"", "2026-01-01 00:00:00", "0001-01-01 00:00 UTC"},
	}
	for _, tt := range tests {
		s, err := schedule.Parse(tt.schedule)
		if err != nil {
			t.Errorf("%s: %v", tt.schedule, err)
			continue
		}
		if got := s.Next(at(tt.after)).Format(layout); got != tt.want {
			t.Errorf("%s after %s: %s, want %s", tt.schedule, tt.after, got, tt.want)
		}
	}
}

func TestDue(t *testing.T) {
	day := func(d, h int) time.Time { return time.Date(2026, 3, d, h, 0, 0, 0, time.UTC) }
	tests := []struct {
		name      string
		schedule  string
		last, now time.Time
		want      bool
	}{
		{"never ran", "@daily", time.Time{}, day(5, 12), true},
		{"ran today", "@daily", day(5, 1), day(5, 12), false},
		{"ran yesterday", "@daily", day(4, 1), day(5, 12), true},
		{"ran at the very minute", "0 12 * * *", day(5, 12), day(5, 12), false},
		{"the minute has come", "0 12 * * *", day(4, 12), day(5, 12), true},
		{"many were missed", "@daily", day(1, 1), day(5, 12), true},
		{"the clock was put back", "@yearly", day(9, 1), day(5, 12), true},
		{"off", "off", time.Time{}, day(5, 12), false},
		{"none", "", day(1, 1), day(5, 12), false},
	}
	for _, tt := range tests {
		s, err := schedule.Parse(tt.schedule)
		if err != nil {
			t.Fatal(err)
		}
		if got := s.Due(tt.last, tt.now); got != tt.want {
			t.Errorf("%s: %v", tt.name, got)
		}
	}
}

func TestMistakes(t *testing.T) {
	for text, want := range map[string]string{
		"15 3 * *": "4 fields", "0 15 3 * * *": "6 fields", "61 * * * *": "no schedule", "x * * * *": "no schedule", "@fortnightly": "the names are",
		"@every 1h": "the names are", "0 0 30 2 *": "never comes", "* * * * 9": "no schedule", "TZ=UTC 1 1 1 1": "no schedule", "@": "the names are",
		"*/0 * * * *": "no schedule",
	} {
		_, err := schedule.Parse(text)
		if err == nil || archiver.KindOf(err) != archiver.Invalid || !strings.Contains(err.Error(), want) || archiver.HintOf(err) == "" {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// FuzzParse holds the laws that nothing brings the parser down, and that what it takes has a next time later than any.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{"15 3 * * *", "@daily", "off", "0 0 29 2 *", "*/7 1-5,9 L * mon#2", "? ? ? ? ?", "1-2/3 * * jan 0-7"} {
		f.Add(seed)
	}
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, text string) {
		s, err := schedule.Parse(text)
		if err != nil {
			return
		}
		if next := s.Next(now); !next.IsZero() && !next.After(now) {
			t.Errorf("%q: %v", text, next)
		}
	})
}
