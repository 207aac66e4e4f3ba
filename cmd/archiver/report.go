package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"archiver"
	"archiver/crawler"
)

// This file is the report of a sync for programs: one record a source, written into a file and given to the hook.

// syncRecord is the JSON object of one sync of one source. docs/cron.md describes it.
type syncRecord struct {
	Source       string          `json:"source"`
	URL          string          `json:"url"`
	Title        string          `json:"title,omitempty"`
	Exit         int             `json:"exit"`
	Whole        bool            `json:"whole"`
	ListingPages int             `json:"listing_pages"`
	Listed       int             `json:"listed"`
	New          int             `json:"new"`
	Saved        int             `json:"saved"`
	Changed      int             `json:"changed"`
	Reread       int             `json:"reread"`
	Checked      int             `json:"checked"`
	Gone         int             `json:"gone"`
	Back         int             `json:"back"`
	Moved        int             `json:"moved"`
	Pictures     int             `json:"pictures"`
	Dead         int             `json:"dead_pictures"`
	Protected    int             `json:"protected"`
	Failed       int             `json:"failed"`
	Left         int             `json:"left"`
	Waiting      int             `json:"waiting"`
	Due          *time.Time      `json:"due,omitempty"`
	Stopped      bool            `json:"stopped"`
	Requests     int64           `json:"requests"`
	Bytes        int64           `json:"bytes"`
	Seconds      float64         `json:"seconds"`
	Error        string          `json:"error,omitempty"`
	Problems     []problemRecord `json:"problems,omitempty"`
}

type problemRecord struct {
	URL    string `json:"url"`
	Kind   string `json:"kind"`
	Reason string `json:"reason"`
}

func recordOf(r crawler.Report) syncRecord {
	record := syncRecord{
		Source: r.Source.Name, URL: r.Source.URL, Title: r.Title, Exit: r.ExitCode(),
		Whole: r.Whole, ListingPages: r.ListingPages, Listed: r.Listed, New: r.New, Saved: r.Saved, Changed: r.Changed, Reread: r.Reread, Checked: r.Checked, Gone: r.Gone, Back: r.Back,
		Moved: r.Moved, Pictures: r.Pictures, Dead: r.Dead, Protected: r.Protected, Failed: r.Failed, Left: r.Left,
		Waiting: r.Waiting, Stopped: r.Stopped, Requests: r.Traffic.Requests, Bytes: r.Traffic.Bytes, Seconds: r.Took.Seconds(),
	}
	if !r.Due.IsZero() {
		due := r.Due.UTC()
		record.Due = &due
	}
	if r.Broken != nil {
		record.Error = r.Broken.Error()
	}
	for _, p := range r.Problems {
		record.Problems = append(record.Problems, problemRecord{URL: p.URL, Kind: p.Kind.String(), Reason: p.Err.Error()})
	}
	return record
}

// reportJSON is the report of a pass: an array, empty where nothing was synced.
func (p *pass) reportJSON() ([]byte, error) {
	records := make([]syncRecord, len(p.reports))
	for i, r := range p.reports {
		records[i] = recordOf(r)
	}
	text, err := json.MarshalIndent(records, "", "  ")
	if err != nil {
		return nil, archiver.Errorf(archiver.Internal, "write report: %w", err)
	}
	return append(text, '\n'), nil
}

func (p *pass) writeReport() error {
	if p.options.report == "" {
		return nil
	}
	text, err := p.reportJSON()
	if err != nil {
		return err
	}
	return writeWhole("write report", p.options.report, text)
}

// writeWhole puts a file in the place of another one, so that whoever reads it reads all of the one or of the other.
func writeWhole(op, path string, data []byte) (err error) {
	defer func() {
		if err != nil {
			if e, ok := errors.AsType[*os.PathError](err); ok {
				err = e.Err // the name of the draft says nothing
			}
			err = &archiver.Error{Kind: archiver.Invalid, Op: op, URL: path, Err: err, Hint: "the sync itself is saved; see that you may write in the file's folder"}
		}
	}()
	draft, err := os.CreateTemp(filepath.Dir(path), fmt.Sprintf(".%s.*", filepath.Base(path)))
	if err != nil {
		return err
	}
	defer os.Remove(draft.Name())
	_, err = draft.Write(data)
	if err == nil {
		err = draft.Chmod(0o644) // who collects it is another user
	}
	if err = errors.Join(err, draft.Close()); err != nil {
		return err
	}
	return os.Rename(draft.Name(), path)
}
