package extract

import (
	"strconv"
	"strings"
	"time"

	"archiver"
)

// This file reads dates as people and software write them. Rules: a date says no more than its text did, so a text without a
// zone is Local and one without a clock a Day; what may mean two days (02/03/2024) or no day at all is refused.

// Years outside these are version numbers, birth years or the zero of some clock, not the dates of a blog.
const (
	firstYear = 1990
	lastYear  = 2100
)

// parseDate reads a string that is a date and nothing else, a weekday aside.
func parseDate(s string) (archiver.Timestamp, bool) {
	s = strings.TrimSpace(s)
	if t, err := time.Parse(time.RFC3339, s); err == nil {
		return archiver.At(t), plausible(t.Year())
	}
	ts, start, end := scanDate(s)
	if ts.IsZero() || !besideDate(s[:start]) || !besideDate(s[end:]) {
		return archiver.Timestamp{}, false
	}
	return ts, true
}

// findDate is the first date inside visible text.
func findDate(text string) (archiver.Timestamp, bool) {
	ts, _, _ := scanDate(text)
	return ts, !ts.IsZero()
}

// dateShape is one way to write a date; the numbers are the groups of its year, month and day.
type dateShape struct {
	*expression
	year, month, day int
}

const (
	monthName  = `([\p{Latin}\p{Cyrillic}]{3,12}\.?|(?:十[一二]?|[一二三四五六七八九]|1[0-2]|0?[1-9])\s*月)`
	dayOrdinal = `(\d{1,2})(?:st|nd|rd|th|er|º|\.)?`
)

var dateShapes = []dateShape{
	// 2024-05-01, 2024/5/1, 2024. 5. 1., 2024年5月1日, 2024년 5월 1일
	{expr(`(\d{4})\s?(?:[-/.年년])\s?(\d{1,2})\s?(?:[-/.月월])\s?(\d{1,2})(?:\s?[日号일]|\.)?`), 1, 2, 3},
	// May 1, 2024; 五月 1, 2024
	{expr(`(?i)` + monthName + `\s*` + dayOrdinal + `\s*日?(?:\s*[,，]\s*|\s+)(\d{4})`), 3, 1, 2},
	// 1 May 2024; 1. Mai 2024; 1 de mayo de 2024; 01-May-2024
	{expr(`(?i)` + dayOrdinal + `[\s-]+(?:of\s+|de\s+)?` + monthName + `[\s,-]\s*(?:de\s+)?(\d{4})`), 3, 2, 1},
	// 2024 May 1; 2024-May-01
	{expr(`(?i)(\d{4})[\s,-]+([\p{Latin}]{3,12})\.?[\s,-]+` + dayOrdinal), 1, 2, 3},
	// 20.02.2024: with dots the day is first everywhere
	{expr(`(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})`), 3, 2, 1},
}

// slashed is 20/02/2024 or 02/20/2024: read only where one of the numbers can be no month.
var slashed = expr(`(\d{1,2})[/-](\d{1,2})[/-](\d{4})`)

// unixDate is what date and Java print: May  1 09:30:00 UTC 2024.
var unixDate = expr(`([A-Z][a-z]{2})\s+(\d{1,2})\s+(\d{1,2}):(\d{2}):(\d{2})\s+(?:([A-Z]{3,4})\s+)?(\d{4})`)

// clock is what may follow a date, a weekday between them.
var clock = expr(`(?i)^(?:[T\s,，·@|-]|at\b|um\b|[(（]?(?:星期|周|週)[一二三四五六日天][)）]?|\([\p{Han}\p{Hangul}]\)|[一二三四五六日]曜日)*` +
	`(上午|凌晨|清晨|早上|中午|下午|傍晚|晚上|午前|午後|오전|오후)?\s*(\d{1,2})[:：](\d{2})(?:[:：](\d{2}))?(?:[.,]\d+)?` +
	`(?:\s*([ap]\.?m\b\.?|上午|下午|午前|午後|오전|오후))?(?:\s*((?:UTC|GMT)?[+-]\d{2}:?\d{2}\b|(?:UTC|GMT|Z|JST|EST|EDT|PST|PDT|MST|MDT)\b))?`)

var weekday = expr(`(?i)^(?:[\s,，.()（）]|(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?|(?:星期|周|週)[一二三四五六日天])*$`)

// zoneWord is the zone's name after the offset, as JavaScript and Go print it.
var zoneWord = expr(`^\s*(?:\([^()]*\)|[A-Z]{3,5}|\+\d\d)$`)

func besideDate(s string) bool {
	return s == "" || weekday.MatchString(s) || zoneWord.MatchString(s)
}

// scanDate is the first date of s and where it stands.
func scanDate(s string) (ts archiver.Timestamp, start, end int) {
	if !hasYear(s) {
		return scanEra(s)
	}
	start = len(s)
	take := func(found archiver.Timestamp, from, to int) {
		// Of two readings that begin together the longer is the right one: 2024-05-01 also ends in 05-01.
		if !found.IsZero() && (from < start || from == start && to > end) {
			ts, start, end = found, from, to
		}
	}
	for _, shape := range dateShapes {
		take(shape.scan(s))
	}
	take(scanSlashed(s))
	take(scanUnix(s))
	if ts.IsZero() {
		take(scanEra(s))
	}
	return ts, start, end
}

// hasYear is the cheap look that spares most text the regular expressions.
func hasYear(s string) bool {
	for i := 0; i+4 <= len(s); i++ {
		if (s[i] == '2' && s[i+1] == '0' || s[i] == '1' && s[i+1] == '9' || s[i] == '2' && s[i+1] == '1') && isDigit(s[i+2]) && isDigit(s[i+3]) {
			return true
		}
	}
	return false
}

func (shape dateShape) scan(s string) (archiver.Timestamp, int, int) {
	for from := 0; from < len(s); {
		m := shape.FindStringSubmatchIndex(s[from:])
		if m == nil {
			break
		}
		group := func(n int) string { return s[from+m[2*n] : from+m[2*n+1]] }
		start, end := from+m[0], from+m[1]
		if alone(s, start, end) {
			if d, ok := day(group(shape.year), group(shape.month), group(shape.day)); ok {
				ts, length := withClock(d, s[end:])
				return ts, start, end + length
			}
		}
		from = start + 1
	}
	return archiver.Timestamp{}, 0, 0
}

func scanSlashed(s string) (archiver.Timestamp, int, int) {
	m := slashed.FindStringSubmatchIndex(s)
	if m == nil || !alone(s, m[0], m[1]) {
		return archiver.Timestamp{}, 0, 0
	}
	a, b, year := s[m[2]:m[3]], s[m[4]:m[5]], s[m[6]:m[7]]
	first, firstOK := day(year, a, b)
	second, secondOK := day(year, b, a)
	if firstOK == secondOK && !(firstOK && first.Equal(second)) {
		return archiver.Timestamp{}, 0, 0
	}
	if !firstOK {
		first = second
	}
	ts, length := withClock(first, s[m[1]:])
	return ts, m[0], m[1] + length
}

func scanUnix(s string) (archiver.Timestamp, int, int) {
	m := unixDate.FindStringSubmatchIndex(s)
	if m == nil {
		return archiver.Timestamp{}, 0, 0
	}
	d, ok := day(s[m[14]:m[15]], s[m[2]:m[3]], s[m[4]:m[5]])
	if !ok {
		return archiver.Timestamp{}, 0, 0
	}
	zone := ""
	if m[12] >= 0 {
		zone = " " + s[m[12]:m[13]]
	}
	ts, _ := withClock(d, " "+s[m[6]:m[11]]+zone)
	return ts, m[0], m[1]
}

// alone reports whether s[start:end] is no part of a longer number or word.
func alone(s string, start, end int) bool {
	if start > 0 {
		c := s[start-1]
		if isDigit(c) || isDigit(s[start]) && (c == '.' || c == '-' || c == '/' || isASCIILetter(c)) || isASCIILetter(s[start]) && isASCIILetter(c) {
			return false
		}
	}
	return end == len(s) || !isDigit(s[end])
}

func day(year, month, dayOfMonth string) (archiver.Timestamp, bool) {
	y, _ := strconv.Atoi(year)
	d, _ := strconv.Atoi(dayOfMonth)
	m := monthNumber(month)
	t := time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	if !plausible(y) || m < 1 || m > 12 || t.Month() != m || t.Day() != d {
		return archiver.Timestamp{}, false
	}
	return archiver.OnDay(y, m, d), true
}

func plausible(year int) bool { return firstYear <= year && year <= lastYear }

// withClock adds the time of day that rest begins with, if it does, and tells how much of rest it is.
func withClock(d archiver.Timestamp, rest string) (archiver.Timestamp, int) {
	m := clock.FindStringSubmatchIndex(rest)
	if m == nil {
		return d, 0
	}
	group := func(n int) string {
		if m[2*n] < 0 {
			return ""
		}
		return rest[m[2*n]:m[2*n+1]]
	}
	number := func(n int) int {
		v, _ := strconv.Atoi(group(n))
		return v
	}
	hour, minute, second := number(2), number(3), number(4)
	hour = onTwentyFour(hour, group(1)+group(5))
	if hour > 23 || minute > 59 || second > 60 {
		return d, 0
	}
	y, month, dd := d.Time().Date()
	t := time.Date(y, month, dd, hour, minute, second, 0, time.UTC)
	if loc, ok := zone(group(6)); ok {
		return archiver.AtLocal(t).In(loc), m[1]
	}
	return archiver.AtLocal(t), m[1]
}

// onTwentyFour is the hour of a twelve-hour clock, by the word that stands beside it.
func onTwentyFour(hour int, half string) int {
	var afternoon, morning bool
	switch half {
	case "上午", "凌晨", "清晨", "早上", "午前", "오전":
		morning = true
	case "下午", "傍晚", "晚上", "午後", "오후":
		afternoon = true
	case "中午":
		afternoon = hour < 10
	default:
		morning = half != "" && half[0]|0x20 == 'a'
		afternoon = half != "" && half[0]|0x20 == 'p'
	}
	switch {
	case morning && hour == 12:
		return 0
	case afternoon && hour < 12:
		return hour + 12
	}
	return hour
}

// zoneHours are the zone names that mean one thing. CST is left out: it is China's and America's.
var zoneHours = map[string]int{
	"Z": 0, "UTC": 0, "GMT": 0, "JST": 9, "EST": -5, "EDT": -4, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7,
}

func zone(s string) (*time.Location, bool) {
	s = strings.ToUpper(s)
	if s == "" {
		return nil, false
	}
	if hours, ok := zoneHours[s]; ok {
		if hours == 0 {
			return time.UTC, true
		}
		return time.FixedZone("", hours*3600), true
	}
	s = strings.TrimPrefix(strings.TrimPrefix(s, "UTC"), "GMT")
	digits := strings.Replace(s[1:], ":", "", 1)
	hours, _ := strconv.Atoi(digits[:2])
	minutes, _ := strconv.Atoi(digits[2:])
	if hours > 14 || minutes > 59 {
		return nil, false
	}
	offset := hours*3600 + minutes*60
	if s[0] == '-' {
		offset = -offset
	}
	if offset == 0 {
		return time.UTC, true
	}
	return time.FixedZone("", offset), true
}

// monthNumber reads a number, a Chinese month, or a name in one of the languages blogs are written in.
func monthNumber(s string) time.Month {
	s = strings.TrimSuffix(strings.ToLower(s), ".")
	if han, ok := strings.CutSuffix(s, "月"); ok {
		s = strings.TrimSpace(han)
	}
	if n, err := strconv.Atoi(s); err == nil {
		return time.Month(n)
	}
	return months[s]
}

var months = monthNames(
	"january jan januar janvier janv enero ene gennaio gen janeiro januari января янв 一",
	"february feb februar février fevrier févr fév febrero febbraio fevereiro fev februari февраля фев 二",
	"march mar märz mär mars marzo março maart mrt марта мар 三",
	"april apr avril avr abril abr aprile апреля апр 四",
	"may mai mayo maggio mag maio mei мая 五",
	"june jun juni juin junio giugno giu junho июня июн 六",
	"july jul juli juillet juil julio luglio lug julho июля июл 七",
	"august aug août aout agosto ago augustus августа авг 八",
	"september sep sept septembre septiembre settembre set setembro сентября сен 九",
	"october oct oktober okt octobre octubre ottobre ott outubro out октября окт 十",
	"november nov novembre noviembre novembro ноября ноя 十一",
	"december dec dezember dez décembre decembre déc diciembre dic dicembre dezembro декабря дек 十二",
)

func monthNames(names ...string) map[string]time.Month {
	m := make(map[string]time.Month)
	for i, line := range names {
		for name := range strings.FieldsSeq(line) {
			m[name] = time.Month(i + 1)
		}
	}
	return m
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isASCIILetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }
