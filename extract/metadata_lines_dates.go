package extract

import (
	"slices"
	"strings"
	"time"

	"archiver"
)

// This file reads the dates that only stand in the lines around an article's text. Rules: a line is a date's if little else stands
// in it; the words before and after it, or the line before or after, say whether it is the day of publishing or of a change; below
// the text a date has to say what it is; a date in the future is none; 03/04/2024 is read as the page's language and site write it.

// looseWords is the weight of the words that may stand beside a date in a line that is a byline.
const looseWords = 100

var (
	publishedWords = expr(`(?i)(?:publish|posted|post time|post date|date|released|created|written|发布|发表|發表|發布|时间|時間|日期|投稿|公開|veröffentlicht|publié|publicado|pubblicato|작성|등록)[^0-9]{0,24}$`)
	afterUpdated   = expr(`(?i)^[\s|(（·•–—-]*(?:latest version|last (?:updated|modified)|updated|更新|修改)`)
	afterPublished = expr(`(?i)^[\s|(（·•–—-]*(?:originally published|date posted|published|posted|发布|发表)`)
	// issueDays are of a book, a film or a right.
	issueDays = expr(`(?i)(?:copyright|©|release date|erscheinungs(?:datum|termin)|上映|出版|发售|開播|开播|截止)[^0-9]{0,12}$`)
	// otherDays are of something else than the article.
	otherDays = expr(`(?i)(?:copyright|©|expires?|deadline|event|starts?|ends?|reviewed|accessed|retrieved|born|available|comments? (?:on|at))[^0-9]{0,24}$`)
)

// datesOfLines reads the lines around the text, those above it first.
func (r *articlePage) datesOfLines(pub, mod *testimony) {
	v := r.around()
	for _, at := range [...]side{aboveText, aboveTitle, inLead, belowText} {
		for i := range v.stamps {
			if s := &v.stamps[i]; s.side == at {
				if s.updated {
					mod.add(s.Timestamp, rankText)
				} else if at != belowText {
					pub.add(s.Timestamp, rankText)
				}
			}
		}
		if len(*pub) > 0 && pub.best().rank >= rankText {
			return
		}
		for i := range v.lines {
			k := i
			if at == aboveTitle {
				k = len(v.lines) - 1 - i // the nearest first
			}
			if v.lines[k].side == at && r.readDatedLine(v.lines, k, pub, mod) {
				return
			}
		}
	}
}

// readDatedLine reads the dates of a line. It reports whether one is that of publishing.
func (r *articlePage) readDatedLine(lines []line, at int, pub, mod *testimony) (found bool) {
	l := lines[at]
	if len(l.text) > longestLine/2 {
		return false
	}
	text := l.text
	words := weigh(text)
	type dated struct {
		archiver.Timestamp
		before, after string
	}
	var dates []dated
	for range 3 {
		ts, start, end := r.scanDate(text)
		if ts.IsZero() {
			break
		}
		words -= weigh(text[start:end])
		dates = append(dates, dated{ts, text[:start], text[end:]})
		text = text[end:]
	}
	for _, d := range dates {
		before, after := d.before, d.after
		if before == "" && at > 0 && lines[at-1].side == l.side && len(lines[at-1].text) < looseWords/2 {
			before = lines[at-1].text
		}
		if after == "" && at+1 < len(lines) && len(lines[at+1].text) < looseWords/4 {
			after = lines[at+1].text
		}
		updated := saysUpdated(before) || afterUpdated.MatchString(after)
		published := !updated && (publishedWords.MatchString(before) || afterPublished.MatchString(after))
		switch {
		case r.isFuture(d.Timestamp) || otherDays.MatchString(before) || issueDays.MatchString(before):
		case updated && !afterPublished.MatchString(after):
			mod.add(d.Timestamp, rankText)
		case published, l.side != belowText && words <= looseWords && !isSentence(l.text):
			pub.add(d.Timestamp, rankText)
			found = true
		}
	}
	return found
}

// isSentence reports whether a line ends as a Chinese sentence does, and no byline.
func isSentence(text string) bool {
	return strings.HasSuffix(text, "。") || strings.HasSuffix(text, "！") || strings.HasSuffix(text, "？") || strings.HasSuffix(text, "；")
}

// isFuture reports whether a date is later than the page was fetched.
func (r *articlePage) isFuture(ts archiver.Timestamp) bool {
	fetched := r.page.FetchedAt
	return !fetched.IsZero() && ts.Time().After(fetched.Add(24*time.Hour))
}

func (t *testimony) add(ts archiver.Timestamp, by rank) { *t = append(*t, witness{ts, by}) }

// scanDate is the first date of a text as this page writes dates, and where it stands.
func (r *articlePage) scanDate(text string) (ts archiver.Timestamp, start, end int) {
	ts, start, end = scanDate(text)
	if ts.IsZero() {
		return scanNumbers(text, r.dayFirst(), r.dotsShort())
	}
	return ts, start, end
}

// dayFirstHosts are the countries that write English and the day before the month.
var dayFirstHosts = []string{".uk", ".au", ".nz", ".ie", ".in", ".za", ".sg", ".my", ".eu"}

// dayFirst reports whether 03/04/2024 is the third of April: so in all languages but American English. A page in English that
// does not say whose is read by its country.
func (r *articlePage) dayFirst() bool {
	tag := strings.ToLower(strings.ReplaceAll(r.lang, "_", "-"))
	if locale := strings.ToLower(strings.ReplaceAll(r.meta("og:locale"), "_", "-")); !strings.Contains(tag, "-") && strings.HasPrefix(locale, "en-") && locale != "en-us" {
		tag = locale
	}
	base, region, _ := strings.Cut(tag, "-")
	switch {
	case base != "" && base != "en":
		return true
	case region != "":
		return region != "us" && region != "ph"
	}
	host := archiver.Host(r.page.URL)
	return slices.ContainsFunc(dayFirstHosts, func(end string) bool { return strings.HasSuffix(host, end) })
}

// dotsShort reports whether 31.10.23 is a date on this page: in the languages that write dates with dots, the day first.
func (r *articlePage) dotsShort() bool {
	base, _, _ := strings.Cut(strings.ToLower(strings.ReplaceAll(r.lang, "_", "-")), "-")
	switch base {
	case "", "en", "zh", "ja", "ko":
		return false
	}
	return true
}

// shownIn gives a moment that software wrote in UTC the zone in which the page shows it, as far as that can be told: with a
// clock the zone is the difference; without one the day is the page's, and the clock is not known.
func shownIn(ts, shown archiver.Timestamp) archiver.Timestamp {
	if _, offset := ts.Time().Zone(); ts.Precision() != archiver.Instant || offset != 0 || shown.IsZero() {
		return ts
	}
	switch shown.Precision() {
	case archiver.Local:
		ahead := shown.Time().Truncate(time.Minute).Sub(ts.Time().Truncate(time.Minute))
		if ahead != 0 && ahead.Abs() <= 14*time.Hour && ahead%(15*time.Minute) == 0 {
			return archiver.At(ts.Time().In(time.FixedZone("", int(ahead/time.Second))))
		}
	case archiver.Day:
		y, m, d := ts.Time().Date()
		midnight := time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
		if away := shown.Time().Sub(midnight); away.Abs() == 24*time.Hour {
			return shown
		}
	}
	return ts
}
