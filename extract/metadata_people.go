package extract

import (
	"slices"
	"strings"
	"unicode"

	"archiver"

	"golang.org/x/net/html/atom"
)

// This file decides who wrote an article. Rules: a name is one that the page, its head or a channel gives as the author's; what the
// byline above the text and the licence below it show is believed before what software wrote into the head, and that before a box
// below the text; who
// reviewed, edited or translated is no author; the blog's own name is nobody's; two spellings of one name are one author.

// maxAuthors and longestName bound what can be authors and their names; longer ones are lists and sentences.
const (
	maxAuthors  = 20
	longestName = 60 // characters
)

// authors are the article's authors in the order the page gives.
func (r *articlePage) authors() []string {
	names, _ := fromEntries(r.entries, func(e *archiver.Entry) ([]string, bool) {
		if e.Channel != archiver.ChannelREST {
			return nil, false
		}
		clean := r.cleanNames(e.Authors)
		return clean, len(clean) > 0
	})
	if len(names) > 0 {
		r.trace.note("authors", "%q from REST", names)
		return names
	}
	const channels = "the channels"
	var named []string // after the site
	for _, witness := range [...]struct {
		name string
		hear func() []string
	}{
		{"the byline", func() []string { return r.authorsShown(aboveText) }},
		{"the words of the byline", func() []string { return r.authorsOfLines(aboveText) }},
		{"the licence below the text", r.authorsOfLicence},
		{"JSON-LD", r.authorsOfThings},
		{"the head", r.authorsOfHead},
		{"a byline elsewhere", func() []string { return r.authorsShown(inLead, aboveTitle) }},
		{"the words of a byline elsewhere", func() []string { return r.authorsOfLines(inLead, aboveTitle) }},
		{channels, r.authorsOfChannels},
		{"the words around the text", r.authorsOfBylines},
		{"the box below the text", r.authorsBelow},
		{"the words below the text", r.authorsOfTail},
	} {
		said := witness.hear()
		if len(said) == 0 {
			continue
		}
		names := r.cleanNames(said)
		if witness.name != channels {
			names = slices.DeleteFunc(names, r.isNoOne) // a channel means a user of that name
		}
		switch {
		case len(names) == 0:
			r.trace.note("authors", "%q from %s refused", said, witness.name)
		case len(names) == 1 && r.isHost(names[0]):
			// A person who named the blog after himself, or a company: others may know better.
			if named == nil {
				named = names
			}
			r.trace.note("authors", "%q from %s is the site's name too", names, witness.name)
		default:
			r.trace.note("authors", "%q from %s", names, witness.name)
			return r.fullerName(names)
		}
	}
	return named
}

// isHost reports whether a name is that of the host too: Jane Doe of janedoe.com.
func (r *articlePage) isHost(name string) bool {
	return strings.HasPrefix(letters(strings.TrimPrefix(archiver.Host(r.page.URL), "www."), 0), letters(name, 0))
}

// fullerName takes the whole name where the byline shows only a first one.
func (r *articlePage) fullerName(names []string) []string {
	if len(names) != 1 || strings.ContainsRune(names[0], ' ') {
		return names
	}
	for _, hear := range [...]func() []string{r.authorsOfThings, r.authorsOfHead, r.authorsBelow} {
		if said := r.cleanNames(hear()); len(said) == 1 && strings.HasPrefix(said[0], names[0]+" ") && isName(said[0], false) {
			return said
		}
	}
	return names
}

func (r *articlePage) authorsOfThings() []string {
	for _, t := range r.things {
		if t.isArticle() {
			if names := headNames(t.names("author", r.things)); len(names) > 0 {
				return names
			}
		}
	}
	return nil
}

// authorsOfHead are the names in meta elements, those with an itemprop inside the article among them.
func (r *articlePage) authorsOfHead() []string {
	if label := strings.ToLower(r.meta("twitter:label1")); strings.HasSuffix(label, "by") || label == "author" || strings.Contains(label, "作者") {
		if names := headNames(r.metas["twitter:data1"]); len(names) > 0 {
			return names
		}
	}
	for i := range r.marked {
		if sp := &r.marked[i]; sp.roles&roleAuthor != 0 && sp.DataAtom == atom.Meta && !r.apart(sp.block, r.root) && !r.within(sp.block, r.body.block) {
			if names := headNames([]string{attrOf(sp.Node, "content")}); len(names) > 0 {
				return names
			}
		}
	}
	for _, key := range [...]string{"citation_author", "author", "article:author", "article:author_name", "og:article:author", "dc.creator", "dcterms.creator",
		"parsely-author", "sailthru.author", "byl", "byline", "authors", "author_name", "mediator_author", "article.author", "weibo:article:author"} {
		if names := headNames(r.metas[key]); len(names) > 0 {
			return names
		}
	}
	return nil
}

// headNames are the names in what software wrote; what is no name by its looks may still be one there.
func headNames(said []string) []string {
	var names []string
	for _, s := range said {
		if strings.Contains(s, "://") || strings.HasPrefix(s, "www.") || strings.HasPrefix(s, "/") {
			continue
		}
		if listed := splitNames(s, true); len(listed) > 0 {
			names = append(names, listed...)
		} else {
			names = append(names, cutDate(s))
		}
	}
	return names
}

// cutDate takes off the date that some write behind a name.
func cutDate(s string) string {
	if ts, start, _ := scanDate(s); !ts.IsZero() {
		return strings.TrimRight(s[:start], " ,|-")
	}
	return s
}

func (r *articlePage) authorsOfChannels() []string {
	names, _ := fromEntries(r.entries, func(e *archiver.Entry) ([]string, bool) { return e.Authors, len(e.Authors) > 0 })
	return names
}

// cleanNames drops what is no name, and names that are given twice.
func (r *articlePage) cleanNames(names []string) []string {
	var kept []string
	seen := make(map[string]bool)
	for _, name := range names {
		name = strings.Trim(oneLine(bylineAuthor.ReplaceAllString(oneLine(name), "")), ",，、:：|· ")
		key := letters(name, 0)
		if key == "" || seen[key] || len(kept) == maxAuthors || len([]rune(name)) > longestName || strings.Contains(name, "://") || strings.HasPrefix(name, "www.") {
			continue
		}
		if r.site != "" && same(name, r.site) && !(strings.ContainsRune(name, ' ') && !hasHan(name) && isName(name, false)) {
			continue
		}
		seen[key] = true
		kept = append(kept, name)
	}
	return kept
}

func hasHan(s string) bool {
	return strings.ContainsFunc(s, func(c rune) bool { return unicode.Is(unicode.Han, c) })
}
