package extract

import (
	"regexp"
	"strings"
	"time"

	"archiver"
)

// This file decides when an article was published and changed. Rules: an instant that software wrote for software is believed
// before a date that it wrote for readers, and that before the date in an address; of two that agree the one with more in it is
// taken; a zone is the page's own or another witness's, never ours.

// rank is how reliable a witness of a date is.
type rank int

const (
	rankAddress rank = iota + 1 // /2024/05/01/
	rankText                    // a date somewhere between title and text
	rankListing                 // what the list said
	rankByline                  // a visible date in an element that is marked as one
	rankPlain                   // a time element whose place says what it is
	rankFeed
	rankMarked // a time element marked as published or modified; a meta element that is less common
	rankHead   // article:published_time
	rankThing  // JSON-LD of the article
	rankREST
)

// witness is one date and who said it.
type witness struct {
	archiver.Timestamp
	rank rank
}

// testimony is all witnesses of one date.
type testimony []witness

func (t *testimony) hear(by rank, text string) {
	if ts, ok := parseDate(text); ok {
		*t = append(*t, witness{ts, by})
	}
}

// dates are when the article was published and, if it was later and the page says so, modified.
func (r *articlePage) dates() (published, modified archiver.Timestamp) {
	var pub, mod testimony
	r.datesOfChannels(&pub, &mod)
	r.datesOfHead(&pub, &mod)
	r.datesOfTimes(&pub, &mod)
	r.datesOfMarks(&pub, &mod)
	if len(pub) == 0 || pub.best().rank <= rankListing {
		r.datesOfText(&pub, &mod)
		r.datesAfterText(&pub, &mod)
	}
	if ts, ok := dateOfAddress(r.page.URL); ok {
		pub = append(pub, witness{ts, rankAddress})
	}
	if strings.HasPrefix(r.meta("generator"), "Typecho") {
		pub.distrustZulu()
		mod.distrustZulu()
	}
	zone := zoneOf(pub, mod)
	published = pub.verdict(zone)
	modified = mod.verdict(zone)
	if modified.IsZero() || !published.IsZero() && !later(modified, published) {
		return published, archiver.Timestamp{}
	}
	return published, modified
}

func (r *articlePage) datesOfChannels(pub, mod *testimony) {
	ranks := map[archiver.Channel]rank{archiver.ChannelREST: rankREST, archiver.ChannelFeed: rankFeed, archiver.ChannelListing: rankListing}
	for _, e := range r.entries {
		if !e.Published.IsZero() {
			*pub = append(*pub, witness{e.Published, ranks[e.Channel]})
		}
		if !e.Modified.IsZero() {
			*mod = append(*mod, witness{e.Modified, ranks[e.Channel]})
		}
	}
}

func (r *articlePage) datesOfHead(pub, mod *testimony) {
	for _, t := range r.things {
		by := rankThing
		if !t.isArticle() {
			if !t.is("WebPage") {
				continue
			}
			by = rankHead
		}
		pub.hear(by, t.text("datePublished"))
		mod.hear(by, t.text("dateModified"))
	}
	pub.hear(rankHead, r.meta("article:published_time", "og:article:published_time", "og:published_time", "bytedance:published_time"))
	mod.hear(rankHead, r.meta("article:modified_time", "og:article:modified_time", "og:updated_time", "bytedance:updated_time"))
	pub.hear(rankMarked, r.meta("date", "pubdate", "publishdate", "publish-date", "dc.date", "dc.date.issued", "dcterms.created", "weibo: article:create_at", "weibo:article:create_at"))
	mod.hear(rankMarked, r.meta("lastmod", "last-modified", "dcterms.modified", "weibo: article:update_at", "weibo:article:update_at"))
}

// datesOfTimes reads the time elements around the text.
func (r *articlePage) datesOfTimes(pub, mod *testimony) {
	for i := range r.times {
		sp := &r.times[i]
		if !r.about(sp) || r.late(sp) {
			continue
		}
		text := attrOf(sp.Node, "datetime")
		ts, ok := parseDate(text)
		if !ok {
			ts, ok = r.dateShown(sp)
		}
		if !ok {
			continue
		}
		roles := r.rolesAround(sp, roleDate|roleUpdated)
		switch {
		case roles&roleDate != 0:
			*pub = append(*pub, witness{ts, rankMarked})
		case roles&roleUpdated != 0 || saysUpdated(r.wordsBefore(sp)):
			*mod = append(*mod, witness{ts, rankMarked})
		default:
			*pub = append(*pub, witness{ts, rankPlain})
		}
	}
}

// datesOfMarks reads the other elements that are named as dates or bylines.
func (r *articlePage) datesOfMarks(pub, mod *testimony) {
	for i := range r.marked {
		sp := &r.marked[i]
		if sp.roles&roleMeta == 0 || !r.about(sp) || r.late(sp) {
			continue
		}
		if content := attrOf(sp.Node, "content"); content != "" {
			switch {
			case sp.roles&roleDate != 0:
				pub.hear(rankMarked, content)
			case sp.roles&roleUpdated != 0:
				mod.hear(rankMarked, content)
			}
			continue
		}
		switch {
		case sp.roles&roleDate != 0:
			if ts, ok := r.dateShown(sp); ok {
				*pub = append(*pub, witness{ts, rankByline})
			}
		case sp.roles&roleUpdated != 0:
			if ts, ok := r.dateShown(sp); ok {
				*mod = append(*mod, witness{ts, rankByline})
			}
		case sp.roles&(roleAuthor|roleCategory|roleTag) == 0:
			readByline(shownText(sp.Node), pub, mod, rankByline)
		}
		if sp.roles&(roleDate|roleUpdated) == 0 {
			r.datesInTitles(sp, pub, mod)
		}
	}
}

// datesInTitles reads the tooltips of a byline, where some themes put the whole date behind a short one.
func (r *articlePage) datesInTitles(sp *spot, pub, mod *testimony) {
	for d := range sp.Node.Descendants() {
		tip := attrOf(d, "title")
		if len(tip) < len("2024-5-1") || len(tip) > 100 {
			continue
		}
		readByline(tip, pub, mod, rankPlain)
	}
}

// datesOfText reads the labels between title and text.
func (r *articlePage) datesOfText(pub, mod *testimony) {
	from := 0
	if r.title != nil && r.before(r.title) {
		from = r.title.order
	}
	to := r.blocks[r.body.block].order
	for i := r.scope; i < r.blocks[r.scope].end; i++ {
		b := &r.blocks[i]
		if b.order < from || b.order > to || r.within(r.body.block, i) || r.apart(i, r.scope) || b.end != i+1 {
			continue
		}
		readByline(shownText(b.node), pub, mod, rankText)
	}
	if !r.body.pure && r.title != nil {
		// The byline is inside the container, after the title.
		for i := r.title.block + 1; i < r.blocks[r.body.block].end && i < r.title.block+8; i++ {
			if b := &r.blocks[i]; b.end == i+1 && !r.apart(i, r.scope) {
				text := shownText(b.node)
				if weigh(text) > labelWeight {
					return
				}
				readByline(text, pub, mod, rankText)
			}
		}
	}
}

// datesAfterText reads the first labels after the text that say what they are: "posted @ 2018-07-06 11:22".
func (r *articlePage) datesAfterText(pub, mod *testimony) {
	const near = 10 // blocks; comments and other articles come later
	for i, seen := r.blocks[r.body.block].end, 0; i < r.blocks[r.scope].end && seen < near; i++ {
		b := &r.blocks[i]
		if b.end != i+1 || r.apart(i, r.scope) {
			continue
		}
		seen++
		if text := shownText(b.node); weigh(text) < labelWeight && metaLabel.MatchString(text) {
			readByline(text, pub, mod, rankText)
		}
	}
}

// late reports whether a spot stands so far after the text that it is another article's: beyond what is around the text's end.
func (r *articlePage) late(sp *spot) bool {
	if sp.order <= r.ends {
		return false
	}
	for i := sp.block; i > r.scope; i = r.blocks[i].parent {
		if n := r.blocks[i].node; r.blocks[i].roles&roleLoose != 0 && !r.within(r.body.block, i) && n != r.blocks[r.scope].node {
			return true // an article of its own
		}
	}
	return false
}

// dateShown is the date in an element's tooltip or text, the fuller of the two.
func (r *articlePage) dateShown(sp *spot) (archiver.Timestamp, bool) {
	shown, ok := findDate(shownText(sp.Node))
	tip, tipOK := findDate(attrOf(sp.Node, "title"))
	if tipOK && (!ok || tip.Precision() < shown.Precision()) {
		return tip, true
	}
	return shown, ok
}

// rolesAround are the roles of an element and, where it has none of those wanted, of the elements close around it.
func (r *articlePage) rolesAround(sp *spot, wanted role) role {
	n := sp.Node
	for range 3 {
		if roles := r.rolesOf(n) & wanted; roles != 0 {
			return roles
		}
		if n = n.Parent; n == nil || n == r.blocks[r.scope].node {
			break
		}
	}
	return 0
}

// wordsBefore is the text that leads up to an element in its line.
func (r *articlePage) wordsBefore(sp *spot) string {
	for n := sp.Node; n != nil && n != r.blocks[r.scope].node; n = n.Parent {
		for p := n.PrevSibling; p != nil; p = p.PrevSibling {
			if text := oneLine(textOf(p)); text != "" {
				return text
			}
		}
		if isBlock(n) && n != sp.Node {
			break
		}
	}
	return ""
}

var updatedWords = regexp.MustCompile(`(?i)(?:更新|修改|编辑|編輯|修订|改訂|最終更新|updated?|modified|edited|revised|aktualisiert|mis à jour|actualizado|수정)[^0-9]{0,12}$`)

func saysUpdated(before string) bool { return updatedWords.MatchString(before) }

// readByline reads the dates of a line: "发表于 2024-01-02，更新于 2024-02-03".
func readByline(text string, pub, mod *testimony, by rank) {
	const longest = 400 // a longer line is no byline
	if len(text) > longest {
		return
	}
	for range 3 {
		ts, start, end := scanDate(text)
		if ts.IsZero() {
			return
		}
		if saysUpdated(text[:start]) {
			*mod = append(*mod, witness{ts, by})
		} else {
			*pub = append(*pub, witness{ts, by})
		}
		text = text[end:]
	}
}

var addressDate = regexp.MustCompile(`/((?:19|20)\d\d)[/-](\d{1,2})[/-](\d{1,2})(?:[/-]|\.html?$|$)`)

// dateOfAddress is the day that a permalink names.
func dateOfAddress(url string) (archiver.Timestamp, bool) {
	m := addressDate.FindStringSubmatch(url)
	if m == nil {
		return archiver.Timestamp{}, false
	}
	return day(m[1], m[2], m[3])
}

// distrustZulu makes local times of those that claim +00:00: Typecho writes the blog's own clock with that zone.
func (t testimony) distrustZulu() {
	for i := range t {
		if t[i].Precision() == archiver.Instant && t[i].rank < rankFeed || t[i].rank == rankMarked || t[i].rank == rankHead {
			if _, offset := t[i].Time().Zone(); offset == 0 && t[i].Precision() == archiver.Instant {
				t[i].Timestamp = archiver.AtLocal(t[i].Time())
			}
		}
	}
}

// zoneOf is the zone that the witnesses establish for those that give none: one that is not UTC before UTC.
func zoneOf(all ...testimony) *time.Location {
	var found *time.Location
	for _, t := range all {
		for _, w := range t {
			if w.Precision() != archiver.Instant {
				continue
			}
			if _, offset := w.Time().Zone(); offset != 0 {
				return w.Time().Location()
			}
			found = time.UTC
		}
	}
	return found
}

func (t testimony) best() witness {
	var best witness
	for _, w := range t {
		if w.rank > best.rank {
			best = w
		}
	}
	return best
}

// verdict is the date that the witnesses give together.
func (t testimony) verdict(zone *time.Location) archiver.Timestamp {
	best := t.best()
	if best.IsZero() {
		return archiver.Timestamp{}
	}
	for _, w := range t {
		if w.rank == best.rank && w.Timestamp.Equal(best.Timestamp) {
			continue
		}
		switch {
		case w.Precision() < best.Precision() && sameDay(w, best):
			// The same day, and the clock too.
			best.Timestamp = w.Timestamp
		case w.Precision() == archiver.Instant && best.Precision() == archiver.Instant && plainUTC(best) && !plainUTC(w):
			// The same moment in the blog's zone, or the same clock with a zone that is no mistake.
			if w.Time().Equal(best.Time()) || sameClock(w, best) {
				best.Timestamp = w.Timestamp
			}
		}
	}
	if zone != nil {
		return best.In(zone)
	}
	return best.Timestamp
}

func plainUTC(w witness) bool {
	_, offset := w.Time().Zone()
	return offset == 0
}

func sameDay(a, b witness) bool {
	y1, m1, d1 := a.Time().Date()
	y2, m2, d2 := b.Time().Date()
	if y1 == y2 && m1 == m2 && d1 == d2 {
		return true
	}
	// An instant in UTC is, for a reader, of the day before or after.
	return plainUTC(a) && a.Precision() == archiver.Instant && a.Time().Sub(b.Time()).Abs() < 24*time.Hour
}

func sameClock(a, b witness) bool {
	return a.Time().Format(time.DateTime) == b.Time().Format(time.DateTime)
}

// later reports whether a is after b as far as both are known.
func later(a, b archiver.Timestamp) bool {
	if a.Precision() == archiver.Day || b.Precision() == archiver.Day {
		return a.Time().Format(time.DateOnly) > b.Time().Format(time.DateOnly)
	}
	return a.Time().After(b.Time())
}
