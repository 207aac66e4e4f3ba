package export

import (
	"bytes"
	"fmt"
	"net/url"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"archiver"
)

// This file writes what is known of an article as YAML front matter. Text is always a double-quoted scalar, so that no title can
// be a number, a date, a yes or the end of the front matter; dates are YAML dates. Keys are those that note programs and site
// generators know, each flavor's own where they differ. What is not known has no key.

// frontMatter is what is known of an article beside itself.
type frontMatter struct {
	flavor    Flavor
	image     string   // where its lead image is
	name      string   // its own in the addresses of a built site
	titles    []string // that it had before
	addresses []string // keys of all it has and had, its own first
}

func (f *frontMatter) write(b *bytes.Buffer, a *archiver.Article) {
	b.WriteString("---\n")
	title, tags, categories := a.Title, a.Tags, a.Categories
	switch f.flavor {
	case FlavorJekyll:
		b.WriteString("layout: \"post\"\n")
		title, tags, categories = titleOf(a), shown(a.Tags), shown(a.Categories)
	case FlavorHugo:
		title, tags, categories = titleOf(a), shown(a.Tags), shown(a.Categories)
	case FlavorObsidian:
		tags = obsidianTags(a.Tags)
	}
	scalar(b, "title", title)
	f.date(b, "date", a.Published)
	f.date(b, f.key("lastmod"), a.Modified)
	sequence(b, "authors", a.Authors)
	sequence(b, "categories", categories)
	sequence(b, "tags", tags)
	sequence(b, f.key("aliases"), f.aliases(a))
	scalar(b, "language", a.Language)
	scalar(b, f.key("excerpt"), a.Excerpt)
	scalar(b, "image", f.image)
	scalar(b, f.key("url"), a.URL)
	scalar(b, "source", a.Source)
	scalar(b, "id", a.ID)
	if a.State != archiver.ArticleSaved {
		scalar(b, "state", string(a.State))
	}
	if f.builds() && strings.Contains(a.HTML, `class="math `) {
		b.WriteString("math: true\n")
	}
	if isDraft(a) {
		b.WriteString(f.key("draft: true") + "\n")
	}
	b.WriteString("---\n")
}

func (f *frontMatter) builds() bool { return f.flavor == FlavorHugo || f.flavor == FlavorJekyll }

// key is what the flavor calls a fact.
func (f *frontMatter) key(name string) string {
	switch {
	case f.builds() && name == "url": // it would set the address of the built page
		return "source_url"
	case f.flavor == FlavorHugo && name == "excerpt":
		return "summary"
	case f.flavor != FlavorJekyll:
		return name
	}
	switch name {
	case "lastmod":
		return "last_modified_at"
	case "aliases":
		return "redirect_from"
	case "draft: true":
		return "published: false"
	}
	return name
}

// aliases are the names that an article can be found by beside its own: for a site generator the paths of its addresses, for
// other programs earlier titles and addresses.
func (f *frontMatter) aliases(a *archiver.Article) []string {
	var all []string
	add := func(s string) {
		if visible(s) && !slices.Contains(all, s) {
			all = append(all, s)
		}
	}
	if !f.builds() {
		for _, title := range f.titles {
			if title = plain(title); title != a.Title {
				add(title)
			}
		}
		for _, key := range f.addresses[min(1, len(f.addresses)):] {
			add(readable(key))
		}
		return all
	}
	for _, key := range f.addresses {
		_, where, _ := strings.Cut(key, "/")
		where, err := url.PathUnescape(where)
		// A query is no path; the front page and this very page must not be redirected.
		if err != nil || strings.Contains(key, "?") || where == "" || strings.ContainsAny(where, "\\:*?\"<>|#%") || plain(where) != where ||
			!filepath.IsLocal(where) || path.Base(where) == f.name {
			continue
		}
		if path.Ext(where) == "" {
			where += "/"
		}
		add("/" + where)
	}
	return all
}

// shown are the values that show something, each once: a generator makes a page for each.
func shown(values []string) []string {
	var all []string
	for _, value := range values {
		value = plain(value)
		if slices.ContainsFunc(strings.Split(value, "/"), func(part string) bool { return strings.Trim(part, ". ") == "" }) {
			value = strings.ReplaceAll(value, "/", "-") // it would be a way out of the site, and Hugo stops
		}
		value = cut(value, maxName) // a folder is called by it
		if slug(value) != "" && !slices.Contains(all, value) {
			all = append(all, value)
		}
	}
	return all
}

// obsidianTags are tags as Obsidian takes them: letters, digits, - and _, and not of digits alone.
func obsidianTags(tags []string) []string {
	var all []string
	for _, tag := range tags {
		tag = strings.Map(func(r rune) rune {
			switch {
			case unicode.IsLetter(r), unicode.IsDigit(r), unicode.IsMark(r), r == '_':
				return r
			}
			return '-'
		}, cleanName(tag))
		parts := strings.FieldsFunc(tag, func(r rune) bool { return r == '-' })
		tag = strings.Join(parts, "-")
		if tag == "" {
			continue
		}
		if strings.Trim(tag, "0123456789-") == "" {
			tag = "_" + tag
		}
		if !slices.Contains(all, tag) {
			all = append(all, tag)
		}
	}
	return all
}

func (f *frontMatter) date(b *bytes.Buffer, key string, ts archiver.Timestamp) {
	switch {
	case ts.IsZero():
	case f.flavor == FlavorJekyll && ts.Precision() == archiver.Local: // a text is in the site's zone, a YAML date in UTC
		scalar(b, key, ts.String())
	default:
		b.WriteString(key + ": " + ts.String() + "\n")
	}
}

func scalar(b *bytes.Buffer, key, value string) {
	if value != "" {
		b.WriteString(key + ": ")
		quoted(b, value)
		b.WriteByte('\n')
	}
}

func sequence(b *bytes.Buffer, key string, values []string) {
	if len(values) == 0 {
		return
	}
	b.WriteString(key + ":\n")
	for _, value := range values {
		b.WriteString("  - ")
		quoted(b, value)
		b.WriteByte('\n')
	}
}

// quoted writes a double-quoted YAML scalar: on one line, with escapes for everything that is not plainly seen.
func quoted(b *bytes.Buffer, s string) {
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case r == '\r':
			b.WriteString(`\r`)
		case r == ' ' || r == '\u3000' || r == '\u200c' || r == '\u200d' || r == utf8.RuneError || unicode.IsGraphic(r) && !unicode.IsSpace(r):
			b.WriteRune(r)
		case r <= 0xff:
			fmt.Fprintf(b, `\x%02x`, r)
		case r <= 0xffff:
			fmt.Fprintf(b, `\u%04x`, r)
		default:
			fmt.Fprintf(b, `\U%08x`, r)
		}
	}
	b.WriteByte('"')
}
