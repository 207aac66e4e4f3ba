package sqlite

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"archiver"
)

// What a flipped bit has made of a stored time, date or list reads as absent: the rest of the article can be read. Verify and the
// doctor see it by the sums.

// instant scans a time stored as milli.
type instant time.Time

func (t *instant) Scan(v any) error {
	ms, _ := v.(int64)
	*t = instant(fromMilli(ms))
	return nil
}

// milli is how times are stored: Unix milliseconds, 0 for none.
func milli(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// fromMilli reads what milli wrote.
func fromMilli(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

// timestamp scans a date of a page.
type timestamp archiver.Timestamp

func (t *timestamp) Scan(v any) error {
	text, _ := v.(string)
	ts, _ := archiver.ParseTimestamp(text)
	*t = timestamp(ts)
	return nil
}

// storable is ts where it can be read back from what String writes, else no date: a page may claim the year 20250.
func storable(ts archiver.Timestamp) archiver.Timestamp {
	if _, err := archiver.ParseTimestamp(ts.String()); err != nil {
		return archiver.Timestamp{}
	}
	return ts
}

// list scans a JSON array, ” for none.
type list []string

func (l *list) Scan(v any) error {
	*l = nil
	if text, _ := v.(string); text != "" && json.Unmarshal([]byte(text), (*[]string)(l)) != nil {
		*l = nil
	}
	return nil
}

func encodeList(l []string) (string, error) {
	if len(l) == 0 {
		return "", nil
	}
	return encode(l)
}

// encode writes JSON as people read it: < and & stay.
func encode(v any) (string, error) {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return "", err
	}
	return strings.TrimSuffix(b.String(), "\n"), nil
}

// entry is how an archiver.Entry is stored.
type entry struct {
	Channel    archiver.Channel   `json:"channel"`
	URL        string             `json:"url"`
	Title      string             `json:"title,omitzero"`
	Excerpt    string             `json:"excerpt,omitzero"`
	Authors    []string           `json:"authors,omitempty"`
	Published  archiver.Timestamp `json:"published,omitzero"`
	Modified   archiver.Timestamp `json:"modified,omitzero"`
	Categories []string           `json:"categories,omitempty"`
	Tags       []string           `json:"tags,omitempty"`
	Image      string             `json:"image,omitzero"`
	Lead       string             `json:"lead,omitzero"`
	Protected  bool               `json:"protected,omitzero"`
	Language   string             `json:"language,omitzero"`
	Site       string             `json:"site,omitzero"`
	Ref        string             `json:"ref,omitzero"`
	Mark       string             `json:"mark,omitzero"`
}

func encodeEntries(entries []archiver.Entry) (string, error) {
	if len(entries) == 0 {
		return "", nil
	}
	stored := make([]entry, len(entries))
	for i, e := range entries {
		stored[i] = entry(e)
		stored[i].Published, stored[i].Modified = storable(e.Published), storable(e.Modified)
	}
	return encode(stored)
}

func decodeEntries(text string) ([]archiver.Entry, error) {
	if text == "" {
		return nil, nil
	}
	var stored []entry
	if err := json.Unmarshal([]byte(text), &stored); err != nil {
		return nil, fmt.Errorf("read entries: %w", err)
	}
	entries := make([]archiver.Entry, len(stored))
	for i, e := range stored {
		entries[i] = archiver.Entry(e)
	}
	return entries, nil
}

// keyOf is the key of an address that a person typed, with or without its scheme. ok is false where it is no address.
func keyOf(address string) (key string, ok bool) {
	if !strings.Contains(address, "://") {
		if !strings.ContainsAny(address, "./") {
			return "", false
		}
		address = "http://" + address
	}
	canonical, err := archiver.Canonical(address)
	if err != nil {
		return "", false
	}
	return archiver.Key(canonical), true
}
