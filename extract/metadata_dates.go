package extract

import (
	"strings"
	"time"

	"archiver"

	"golang.org/x/net/html/atom"
)

// This file decides when an article was published and changed. Rules: an instant that software wrote for software is believed
// before a date that it wrote for readers, and that before the date in an address; of two that agree the one with more in it is
// taken; a zone is the page's own or another witness's, else the nearest in which a moment is of the day in the permalink.

// dates are when the article was published and, if it was later and the page says so, modified.
func (r *articlePage) dates() (published, modified archiver.Timestamp) {
	var pub, mod testimony
	r.datesOfChannels(&pub, &mod)
	r.datesOfHead(&pub, &mod)
	var after testimony
	r.datesOfTimes(&pub, &mod, &after)
	r.datesOfMarks(&pub, &mod, &after)
	if days(after) < manyDays {
		pub = append(pub, after...)
	} else if r.trace != nil {
		r.trace.note("published", "%d days in elements after the text are other articles'", days(after))
	}
	if len(pub) == 0 || pub.best().rank <= rankListing {
		r.datesOfText(&pub, &mod)
		r.datesAfterText(&pub, &mod)
	}
	if len(pub) == 0 || pub.best().rank < rankText {
		r.datesOfLines(&pub, &mod)
	}
	if len(pub) == 0 {
		r.datesInBody(&pub, &mod)
	}
	if ts, ok := dateOfAddress(r.page.URL); ok && !r.isFuture(ts) {
		pub = append(pub, witness{ts, rankAddress})
	}
	if strings.HasPrefix(r.meta("generator"), "Typecho") {
		pub.distrustZulu()
		mod.distrustZulu()
	}
	zone := zoneOf(pub, mod)
	published = r.onPageDay(mod.zoned(pub.verdict(zone)), pub)
	modified = mod.verdict(zone)
	if r.trace != nil {
		pub.explain(r.trace, "published", published)
		mod.explain(r.trace, "modified", modified)
	}
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
		switch {
		case t.isArticle():
		case t.is("WebPage"):
			by = rankHead
		case t.is("HowTo") || t.is("Recipe") || t.is("CreativeWork"):
			by = rankMarked // a part of the article, as old as it most times
		default:
			continue
		}
		pub.hear(by, t.text("datePublished"))
		mod.hear(by, t.text("dateModified"))
	}
	pub.hear(rankHead, r.meta("article:published_time", "og:article:published_time", "og:published_time", "bytedance:published_time"))
	mod.hear(rankHead, r.meta("article:modified_time", "og:article:modified_time", "og:updated_time", "bytedance:updated_time"))
	pub.hear(rankMarked, r.meta("date", "pubdate", "publishdate", "publish-date", "dc.date", "dc.date.issued", "dc.date.created", "dcterms.created",
		"dcterms.date", "dcterms.issued", "datepublished", "date_published", "published_on", "published_at", "published_date", "publish_date", "publication_date",
		"article.published", "article:published", "citation_publication_date", "citation_online_date", "citation_date", "sailthru.date", "parsely-pub-date",
		"cxenseparse:recs:publishtime", "og:pubdate", "article_date_original", "created", "weibo: article:create_at", "weibo:article:create_at"))
	mod.hear(rankMarked, r.meta("lastmod", "last-modified", "dc.date.modified", "dcterms.modified", "datemodified", "date_modified", "article.updated", "updated_at", "weibo: article:update_at", "weibo:article:update_at"))
}

// datesOfTimes reads the time elements around the text.
func (r *articlePage) datesOfTimes(pub, mod, after *testimony) {
	var plain testimony
	defer func() {
		if days(plain) >= manyDays {
			plain.rank(rankAfter) // cards of other articles among them
		}
		*pub = append(*pub, plain...)
	}()
	for i := range r.times {
		sp := &r.times[i]
		if !r.about(sp) && !r.onlyTime(sp) || r.late(sp) {
			continue
		}
		text := attrOf(sp.Node, "datetime")
		ts, ok := parseDate(text)
		if shown, shows := r.dateShown(sp); !ok {
			ts, ok = shown, shows
		} else if shows {
			ts = shownIn(ts, shown)
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
		case sp.order > r.ends:
			after.add(ts, rankAfter)
		default:
			plain.add(ts, rankPlain)
		}
	}
}

// manyDays is from how many different days on the dates of elements that say no more are a list's.
const manyDays = 3

// days is how many different days the witnesses name.
func days(t testimony) int {
	seen := make(map[string]bool)
	for _, w := range t {
		seen[w.Time().Format(time.DateOnly)] = true
	}
	return len(seen)
}

// onlyTime reports whether a time element that is apart from the article is the only one of the page that says it is the day of
// publishing, and no comment's.
func (r *articlePage) onlyTime(sp *spot) bool {
	n := 0
	for i := range r.times {
		if attrOf(r.times[i].Node, "itemprop") == "datePublished" {
			n++
		}
	}
	if n != 1 || attrOf(sp.Node, "itemprop") != "datePublished" {
		return false
	}
	for i := sp.block; i > r.root; i = r.blocks[i].parent {
		if r.blocks[i].roles&roleComments != 0 {
			return false
		}
	}
	return true
}

// datesOfMarks reads the other elements that are named as dates or bylines.
func (r *articlePage) datesOfMarks(pub, mod, after *testimony) {
	for i := range r.marked {
		sp := &r.marked[i]
		if sp.roles&roleMeta == 0 || r.late(sp) || !r.about(sp) && !(sp.DataAtom == atom.Meta && r.onlyMeta(sp)) {
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
				if sp.order > r.ends {
					after.add(ts, rankAfter)
				} else {
					pub.add(ts, rankByline)
				}
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

// onlyMeta reports whether a meta element is the only one of its property on the page; then it is about the article wherever it is.
func (r *articlePage) onlyMeta(sp *spot) bool {
	item, n := attrOf(sp.Node, "itemprop"), 0
	for i := range r.marked {
		if m := &r.marked[i]; m.DataAtom == atom.Meta && attrOf(m.Node, "itemprop") == item {
			n++
		}
	}
	return n == 1 && (sp.block < r.root || !r.apart(sp.block, r.root))
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
	shown, _, _ := r.scanDate(shownText(sp.Node))
	ok := !shown.IsZero()
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

var updatedWords = expr(`(?i)(?:更新|修改|编辑|編輯|修订|改訂|最終更新|updated?|modified|edited|revised|aktualisiert|mis à jour|actualizado|수정)[^0-9]{0,12}$`)

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
		switch {
		case issueDays.MatchString(text[:start]):
		case saysUpdated(text[:start]) || afterUpdated.MatchString(text[end:]):
			mod.add(ts, by)
		default:
			pub.add(ts, by)
		}
		text = text[end:]
	}
}

var (
	// /2024/05/01/, /2024-05/01/, /2024/0501/, /20240501/, /202405/t20240501_12.html
	addressDate = expr(`/((?:19|20)\d\d)[/-](\d{1,2})[/-](\d{1,2})(?:[/-]|\.html?$|$)`)
	compactDate = expr(`/[tW]?(20\d\d)/?([01]\d)([0-3]\d)(?:[/_.A-Z-]|$)`)
	// /29-10-2021/: read where it can be one day only
	reversedDate = expr(`/(\d{1,2}-\d{1,2}-20\d\d)(?:[/.-]|$)`)
)

// dateOfAddress is the day that a permalink names.
func dateOfAddress(url string) (archiver.Timestamp, bool) {
	url, _, _ = strings.Cut(url, "?")
	for _, shape := range [...]*expression{addressDate, compactDate} {
		if m := shape.FindStringSubmatch(url); m != nil {
			if ts, ok := day(m[1], m[2], m[3]); ok {
				return ts, true
			}
		}
	}
	if m := reversedDate.FindStringSubmatch(url); m != nil {
		return parseDate(m[1])
	}
	return archiver.Timestamp{}, false
}
