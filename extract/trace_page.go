package extract

import (
	"strings"

	"archiver"
)

// This file notes, for people who ask, where on the page the text was taken from, and which witness agrees with each fact.

// noteBody names the containers of the text: the chosen one, and those that name themselves one too, by the weight of their text.
func (r *articlePage) noteBody() {
	if r.trace == nil {
		return
	}
	chosen := &r.blocks[r.body.block]
	how := "followed from the page inwards"
	switch {
	case r.body.empty:
		how = "the article has no text"
	case r.body.pure:
		how = "it is named as an article's text"
	}
	r.trace.score("body", float64(chosen.prose), "%s: %s", describe(chosen.node), how)
	const most = 8 // others that are named
	n := 0
	for i := range r.blocks {
		if b := &r.blocks[i]; i != r.body.block && b.roles&roleBody != 0 && n < most {
			n++
			r.trace.score("body", float64(b.prose), "%s is named so too, and not taken", describe(b.node))
		}
	}
}

// noteFacts says which witnesses agree with the facts that were taken.
func (r *articlePage) noteFacts(a *archiver.Article) {
	if r.trace == nil {
		return
	}
	var say []string
	if r.title != nil && same(r.headingText(r.title.Node), a.Title) {
		say = append(say, "the heading "+describe(r.title.Node))
	}
	for _, h := range r.headTitles() {
		if same(h, a.Title) {
			say = append(say, "the head of the page")
			break
		}
	}
	if e := r.entryTitle(); e != "" && same(e, a.Title) {
		say = append(say, "the list")
	}
	r.trace.note("title", "%q, say %s", a.Title, witnesses(say))
	if !a.Published.IsZero() {
		r.trace.note("published", "%s, says %s", a.Published, witnesses(r.datedBy(a.Published, "datePublished", "article:published_time")))
	}
	if !a.Modified.IsZero() {
		r.trace.note("modified", "%s, says %s", a.Modified, witnesses(r.datedBy(a.Modified, "dateModified", "article:modified_time")))
	}
	if len(a.Categories) > 0 {
		r.trace.note("categories", "%q", a.Categories)
	}
	if len(a.Tags) > 0 {
		r.trace.note("tags", "%q", a.Tags)
	}
}

// datedBy names the witnesses of the page's head and of the channels that give the day of a date.
func (r *articlePage) datedBy(ts archiver.Timestamp, property, meta string) (say []string) {
	day := cutText(ts.String(), len("2006-01-02"))
	for _, t := range r.things {
		if strings.HasPrefix(t.text(property), day) {
			say = append(say, "JSON-LD")
			break
		}
	}
	if strings.HasPrefix(r.meta(meta), day) {
		say = append(say, "a meta element")
	}
	for _, e := range r.entries {
		given := e.Published
		if property == "dateModified" {
			given = e.Modified
		}
		if !given.IsZero() && strings.HasPrefix(given.String(), day) {
			say = append(say, string(e.Channel))
		}
	}
	return say
}

func witnesses(names []string) string {
	if len(names) == 0 {
		return "what a reader sees"
	}
	return strings.Join(names, ", ")
}
