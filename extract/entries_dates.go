package extract

import (
	"strconv"
	"strings"

	"archiver"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// This file finds the dates of an item. Rules: an element that is a date counts before one that holds a date; a date without a
// year counts only under a heading that is one.

// bareDate reports whether an element holds a short text with digits and nothing else, which may be a date without a mark.
func bareDate(n *html.Node) bool {
	c := n.FirstChild
	if c == nil || c != n.LastChild || c.Type != html.TextNode || len(c.Data) > 40 || !strings.ContainsAny(c.Data, "0123456789") {
		return false
	}
	text := oneLine(c.Data)
	if _, ok := parseDate(text); ok {
		return true
	}
	return dayOfYear.MatchString(text)
}

func holdsTimeElement(n *html.Node) bool {
	for d := range n.Descendants() {
		if d.DataAtom == atom.Time {
			return true
		}
	}
	return false
}

var changed = expr(`(?i)更新|修改|modified|updated|edited|最終`)

// date takes a date element; what it is the date of is in its names, its itemprop or its words.
func (r *itemReader) date(n *html.Node, m mark) {
	text := oneLine(textOf(n))
	if len(text) > 80 {
		return
	}
	var ts archiver.Timestamp
	for _, value := range []string{attrOf(n, "datetime"), attrOf(n, "content"), attrOf(n, "title"), text} {
		if value == "" {
			continue
		}
		var ok bool
		if ts, ok = parseDate(value); ok {
			break
		}
		if ts, ok = findDate(value); ok {
			break
		}
		if ts, ok = r.inYear(value); ok {
			break
		}
	}
	if ts.IsZero() {
		return
	}
	names := attrOf(n, "class") + " " + attrOf(n, "itemprop")
	published := strings.Contains(names, "publish") || strings.Contains(names, "Publish") || strings.Contains(names, "Created") || strings.Contains(names, "created")
	if !published && changed.MatchString(names+" "+text) {
		if r.entry.Modified.IsZero() {
			r.entry.Modified = ts
		}
		return
	}
	if r.entry.Published.IsZero() || published && r.entry.Published.Precision() > ts.Precision() {
		r.entry.Published = ts
	}
}

var dayOfYear = expr(`^\D{0,6}(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?\D{0,3}$`)

// inYear reads "02-20" and "Feb 20" under a heading that is a year.
func (r *itemReader) inYear(text string) (archiver.Timestamp, bool) {
	year := 0
	for _, y := range r.years {
		if y.order > r.link.order {
			break
		}
		year = y.year
	}
	if year == 0 || len(text) > 24 {
		return archiver.Timestamp{}, false
	}
	if m := dayOfYear.FindStringSubmatch(text); m != nil {
		return parseDate(strconv.Itoa(year) + "-" + m[1] + "-" + m[2])
	}
	return parseDate(strings.Trim(text, " ,.:|-–—") + ", " + strconv.Itoa(year))
}

// dateBeside takes the date that a short text begins or ends with.
func (r *itemReader) dateBeside(text string) (archiver.Timestamp, string) {
	if ts, start, end := scanDate(text); !ts.IsZero() && (start < 8 || end > len(text)-8) {
		return ts, strings.Trim(text[:start]+text[end:], " -–—|·:：,，()（）[]")
	}
	if ts, ok := r.inYear(text); ok {
		return ts, ""
	}
	return archiver.Timestamp{}, text
}
