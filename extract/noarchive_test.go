package extract

import (
	"testing"

	"archiver"
)

func TestNoarchive(t *testing.T) {
	tests := []struct {
		name, header, head string
		want               bool
	}{
		{"nothing", "", "", false},
		{"meta", "", `<meta name="robots" content="index, noarchive">`, true},
		{"meta in capitals", "", `<META NAME="ROBOTS" CONTENT="NOARCHIVE">`, true},
		{"meta for archiver", "", `<meta name=archiver content=noarchive>`, true},
		{"meta for another", "", `<meta name="googlebot" content="noarchive">`, false},
		{"another wish", "", `<meta name="robots" content="noindex, none">`, false},
		{"a text about it", "", `<title>noarchive</title>`, false},
		{"header", "noindex, noarchive", "", true},
		{"header for another", "googlebot: noindex, noarchive", "", false},
		{"header for another, then for us", "googlebot: noindex, archiver: noarchive", "", true},
		{"header with a date", "unavailable_after: 25 Jun 2030 15:00:00 PST, noarchive", "", true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			page := &archiver.Page{Robots: tt.header, Text: "<!DOCTYPE html><html><head>" + tt.head + `</head><body><meta name="robots" content="noarchive">`}
			if got := New(Options{}).Noarchive(page); got != tt.want {
				t.Errorf("Noarchive = %t, want %t", got, tt.want)
			}
		})
	}
}
