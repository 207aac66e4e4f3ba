package extract

import (
	"strconv"
	"strings"

	"archiver"
)

// This file reads dates that count years otherwise, or write all in characters: 令和6年5月1日, 民國113年5月1日, 二〇二四年五月一日; and the
// dates of numbers alone that need to be told what stands first. Rules: those of dates.go.

var (
	eraDate = expr(`(令和|平成|昭和|民国|民國|中華民國)\s?(元|\d{1,3})\s?年\s?(\d{1,2})\s?月\s?(\d{1,2})\s?日`)
	hanDate = expr(`([〇零○一二三四五六七八九]{4})年(十[一二]?|[一二三四五六七八九])月([一二三]?十[一二三四五六七八九]?|[一二三四五六七八九])[日号號]`)
	numbers = expr(`(\d{1,2})([/.-])(\d{1,2})[/.-](\d{4}|\d{2})`)
)

// eras are the years before the first of an era.
var eras = map[string]int{"令和": 2018, "平成": 1988, "昭和": 1925, "民国": 1911, "民國": 1911, "中華民國": 1911}

// scanEra is the first date of s that counts years by an era or writes them in characters.
func scanEra(s string) (archiver.Timestamp, int, int) {
	if !strings.Contains(s, "年") {
		return archiver.Timestamp{}, 0, 0
	}
	if m := eraDate.FindStringSubmatchIndex(s); m != nil {
		n := 1
		if year := s[m[4]:m[5]]; year != "元" {
			n, _ = strconv.Atoi(year)
		}
		return dateAt(s, m, strconv.Itoa(eras[s[m[2]:m[3]]]+n), s[m[6]:m[7]], s[m[8]:m[9]])
	}
	if m := hanDate.FindStringSubmatchIndex(s); m != nil {
		year := strings.Map(hanDigit, s[m[2]:m[3]])
		return dateAt(s, m, year, s[m[4]:m[5]]+"月", strconv.Itoa(hanNumber(s[m[6]:m[7]])))
	}
	return archiver.Timestamp{}, 0, 0
}

func dateAt(s string, m []int, year, month, dayOfMonth string) (archiver.Timestamp, int, int) {
	d, ok := day(year, month, dayOfMonth)
	if !ok {
		return archiver.Timestamp{}, 0, 0
	}
	ts, length := withClock(d, s[m[1]:])
	return ts, m[0], m[1] + length
}

func hanDigit(r rune) rune {
	switch r {
	case '〇', '零', '○':
		return '0'
	}
	if i := strings.IndexRune("一二三四五六七八九", r); i >= 0 {
		return rune('1' + i/len("一"))
	}
	return r
}

// hanNumber reads 一 to 三十一.
func hanNumber(s string) int {
	tens, ones, ok := strings.Cut(s, "十")
	if !ok {
		tens, ones = "", s
	} else if tens == "" {
		tens = "一"
	}
	n, _ := strconv.Atoi(strings.Map(hanDigit, tens+ones))
	if ok && ones == "" {
		n *= 10
	}
	return n
}

// scanNumbers is the first date of s that is written in numbers alone and means one of two days: 03/04/2024, 3-4-24.
// Dots stand between two digits of a year too where dotsShort.
func scanNumbers(s string, dayFirst, dotsShort bool) (archiver.Timestamp, int, int) {
	m := numbers.FindStringSubmatchIndex(s)
	if m == nil || !alone(s, m[0], m[1]) {
		return archiver.Timestamp{}, 0, 0
	}
	a, sep, b, year := s[m[2]:m[3]], s[m[4]:m[5]], s[m[6]:m[7]], s[m[8]:m[9]]
	if len(year) == 2 {
		// Two digits are a year only where the whole is written as dates are: 01/25/26.
		if sep != "/" && !(sep == "." && dotsShort) || len(s) > 60 {
			return archiver.Timestamp{}, 0, 0
		}
		year = "20" + year
	}
	if dayFirst || sep == "." {
		a, b = b, a
	}
	ts, start, end := dateAt(s, m, year, a, b)
	if ts.IsZero() {
		return dateAt(s, m, year, b, a)
	}
	return ts, start, end
}
