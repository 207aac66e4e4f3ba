package config

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"archiver"
)

// This file is how values are written. Its errors end behind the file, the line and the key, so they name none of them.

// written is a string or a number as the file has it.
type written string

// UnmarshalText keeps the text.
func (w *written) UnmarshalText(text []byte) error {
	*w = written(text)
	return nil
}

// duration reads a length of time: "300ms", "1s", "2m". Less than nothing is refused.
func duration(w written) (time.Duration, error) {
	length, err := time.ParseDuration(string(w))
	if err != nil {
		return 0, fmt.Errorf(`%q is no length of time; write one like "1s" or "300ms"`, w)
	}
	if length < 0 {
		return 0, fmt.Errorf("%q is less than nothing", w)
	}
	return length, nil
}

const (
	day  = 24 * time.Hour
	week = 7 * day
	// longestSpan is more than an archive is left alone for, and less than overflows.
	longestSpan = 100 * 365 * day
)

var spanParts = regexp.MustCompile(`^(?:(\d{1,4})w)?(?:(\d{1,5})d)?(.*)$`)

// Span reads a length of time that may have weeks and days: "2w", "7d", "1d12h", "90m". Less than nothing is refused.
func Span(text string) (time.Duration, error) {
	parts := spanParts.FindStringSubmatch(strings.TrimSpace(text))
	wrong := fmt.Errorf(`%q is no length of time; write one like "7d" or "12h"`, text)
	if parts == nil || parts[1]+parts[2]+parts[3] == "" {
		return 0, wrong
	}
	var length time.Duration
	for i, unit := range []time.Duration{week, day} {
		if parts[i+1] != "" {
			n, err := number(written(parts[i+1]))
			if err != nil {
				return 0, wrong
			}
			length += time.Duration(n) * unit
		}
	}
	if parts[3] != "" {
		rest, err := duration(written(parts[3]))
		if err != nil {
			return 0, wrong
		}
		length += rest
	}
	if length > longestSpan {
		return 0, wrong
	}
	return length, nil
}

// SpanWords writes a length of time as Span reads it.
func SpanWords(length time.Duration) string {
	switch {
	case length > 0 && length%day == 0:
		return fmt.Sprintf("%dd", length/day)
	case length > 0 && length%time.Hour == 0:
		return fmt.Sprintf("%dh", length/time.Hour)
	}
	return length.String()
}

// Recheck reads how long a listing may go without being read to its end.
func Recheck(text string) (time.Duration, error) {
	length, err := Span(text)
	if err == nil && length < time.Hour {
		err = &archiver.Error{Kind: archiver.Invalid, Err: fmt.Errorf("%q is less than an hour", text), Hint: "`archiver sync --full` reads the whole listing at once"}
	}
	return length, err
}

var units = map[string]int64{
	"": 1, "b": 1, "kb": 1e3, "mb": 1e6, "gb": 1e9, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30, "kib": 1 << 10, "mib": 1 << 20, "gib": 1 << 30,
}

// maxSize is more than any page and less than overflows.
const maxSize = 1 << 40

// size reads a number of bytes: 16777216, "16MiB", "16 MB". Nothing and less are refused.
func size(w written) (int64, error) {
	text := strings.TrimSpace(string(w))
	digits := strings.TrimRight(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ ")
	unit, known := units[strings.ToLower(strings.TrimSpace(text[len(digits):]))]
	n, err := number(written(digits))
	switch {
	case err != nil || !known:
		return 0, fmt.Errorf(`%q is no size; write one like "16MiB"`, w)
	case n <= 0:
		return 0, errors.New("a size is more than nothing")
	case n > maxSize/unit:
		return 0, fmt.Errorf("%q is more than a page can be", w)
	}
	return n * unit, nil
}

// number reads a number; TOML lets it be grouped: 16_777_216.
func number(w written) (int64, error) {
	n, err := strconv.ParseInt(strings.ReplaceAll(string(w), "_", ""), 10, 64)
	if err != nil {
		return 0, fmt.Errorf("%q is no number", w)
	}
	return n, nil
}

// concurrency reads how many requests at once.
func concurrency(w written) (int, error) {
	n, err := number(w)
	if err == nil && (n < 1 || n > maxConcurrency) {
		err = fmt.Errorf("%d is not between 1 and %d", n, maxConcurrency)
	}
	return int(n), err
}
