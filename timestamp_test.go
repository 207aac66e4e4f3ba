package archiver

import (
	"testing"
	"time"
)

func TestTimestampText(t *testing.T) {
	for _, s := range []string{"2024-05-01T09:30:00+08:00", "2024-05-01T01:30:00Z", "2024-05-01T09:30:00", "2024-05-01", ""} {
		ts, err := ParseTimestamp(s)
		if err != nil || ts.String() != s {
			t.Errorf("ParseTimestamp(%q) = %v, %v", s, ts, err)
		}
	}
	if _, err := ParseTimestamp("yesterday"); err == nil {
		t.Error("nonsense is read as a date")
	}
}

func TestTimestampZone(t *testing.T) {
	east := time.FixedZone("", 8*3600)
	local := AtLocal(time.Date(2024, 5, 1, 9, 30, 0, 0, time.Local))
	if got := local.In(east).String(); got != "2024-05-01T09:30:00+08:00" {
		t.Errorf("a local date in +08:00 is %s", got)
	}
	day := OnDay(2024, 5, 1)
	if got := day.In(east).String(); got != "2024-05-01" {
		t.Errorf("a day is given a clock: %s", got)
	}
	a, b := At(time.Date(2024, 5, 1, 1, 30, 0, 5, time.UTC)), local.In(east)
	if !a.Equal(b) || a.Equal(local) {
		t.Error("equal is the same moment at the same precision")
	}
}
