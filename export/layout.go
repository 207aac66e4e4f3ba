package export

import (
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"unicode"

	"archiver"
)

// This file says where each kind of folder has its files, how one leads to another, and what the text must not set off.

// layout is that of one kind of folder.
type layout struct {
	flavor Flavor
	// dirs, where set, has each source in its own folder.
	dirs   bool
	builds bool // a site generator reads it, and leaves drafts out
	names  func(a *archiver.Article) []string
	// picture is where a picture of the article at a place is.
	picture func(a *archiver.Article, at, name string) string
	// link is the target of a link from one file to another, as the text writes it; plainLink as a fact writes it.
	link, plainLink func(from, to string) string
	// begin and planned, where they are set, see the folder before it is planned, and each article when it has its place.
	begin   func(f *folder)
	planned func(f *folder, a *archiver.Article)
	// inert is text in which nothing is an instruction to the program that reads it.
	inert func(text string) string
}

func layoutOf(flavor Flavor, dirs bool) (layout, bool) {
	l := layout{flavor: flavor, dirs: dirs, plainLink: relative, inert: func(s string) string { return s }}
	l.link = func(from, to string) string { return escapeLink(relative(from, to)) }
	switch flavor {
	case FlavorPlain, FlavorObsidian:
		l.names = func(a *archiver.Article) []string {
			named := *a
			if flavor == FlavorObsidian {
				named.Title = notInObsidian.Replace(a.Title)
			}
			dir := dirOf(a, dirs, folderName)
			return []string{path.Join(dir, fileName(&named, markdownExt, false)), path.Join(dir, fileName(&named, markdownExt, true))}
		}
		l.picture = func(a *archiver.Article, _, name string) string {
			return path.Join(dirOf(a, dirs, folderName), "images", name)
		}
	case FlavorHugo:
		l.builds, l.inert = true, withoutShortcodes
		l.names = func(a *archiver.Article) []string {
			dir, name := dirOf(a, dirs, slugOf), bundleName(a)
			return []string{path.Join(dir, name, "index.md"), path.Join(dir, name+"-"+slug(idOf(a)), "index.md")}
		}
		l.picture = func(_ *archiver.Article, at, name string) string { return path.Join(path.Dir(at), name) }
		l.link = func(from, to string) string { return escapeLink(l.plainLink(from, to)) }
		l.plainLink = func(from, to string) string {
			if dir, ok := strings.CutSuffix(to, "/index.md"); ok { // a page is where its bundle is
				return relative(from, dir) + "/"
			}
			return relative(from, to)
		}
	case FlavorJekyll:
		l.builds, l.inert = true, withoutLiquid
		l.names = func(a *archiver.Article) []string {
			dir := path.Join("_posts", dirOf(a, dirs, slugOf))
			if a.Published.IsZero() { // a post has a date; a page need not
				dir = path.Join("undated", dirOf(a, dirs, slugOf))
			}
			return []string{path.Join(dir, bundleName(a)+markdownExt), path.Join(dir, bundleName(a)+"-"+slug(idOf(a))+markdownExt)}
		}
		l.picture = func(a *archiver.Article, _, name string) string {
			return path.Join("images", dirOf(a, dirs, slugOf), name)
		}
		l.plainLink = func(_, to string) string { return "/" + to }
		l.link = func(_, to string) string {
			switch post, ok := strings.CutPrefix(to, "_posts/"); {
			case ok:
				return liquidBegin + "{% post_url " + strings.TrimSuffix(post, markdownExt) + " %}" + liquidEnd
			case strings.HasSuffix(to, markdownExt):
				return liquidBegin + "{% link " + to + " %}" + liquidEnd
			}
			return liquidBegin + `{{ "/` + to + `" | relative_url }}` + liquidEnd
		}
	default:
		return layout{}, false
	}
	return l, true
}

// name is what stands last in an article's address on a built site.
func (l layout) name(at string) string {
	if dir, ok := strings.CutSuffix(at, "/index.md"); ok {
		return path.Base(dir)
	}
	return strings.TrimSuffix(path.Base(at), markdownExt)
}

// notInObsidian are signs that its links cannot name.
var notInObsidian = strings.NewReplacer("[", " ", "]", " ", "#", " ", "^", " ")

// bundleName is the article's day and title as a part of an address.
func bundleName(a *archiver.Article) string {
	name := cut(slug(a.Title), maxSlug)
	if name = strings.Trim(name, "-"); name == "" {
		name = slug(idOf(a))
	}
	if day := day(a.Published); day != "" {
		return day + "-" + name
	}
	if name == "index" || name == "search" || device(name) {
		name += "-" + slug(idOf(a))
	}
	return name
}

// maxSlug is the longest title of an address, in bytes: three times as many stand in the address of a built page, and some
// generators put them all into one file name.
const maxSlug = 120

// slug is a text as generators write it in addresses, so that they have nothing left to change: letters, marks, digits and single
// hyphens, in small letters.
func slug(s string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(cleanName(s)) {
		switch {
		case unicode.IsLetter(r), unicode.IsDigit(r), unicode.IsMark(r) && !unicode.Is(unicode.Variation_Selector, r):
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	return cleanName(strings.Trim(b.String(), "-"))
}

// slugOf is the name of a source's folder in a site.
func slugOf(source string) string {
	if name := cut(slug(source), maxSlug); name != "" && !device(name) {
		return name
	}
	return "other"
}

// relative is the way from one file of a folder to another.
func relative(from, to string) string {
	rel, err := filepath.Rel(filepath.FromSlash(path.Dir(from)), filepath.FromSlash(to))
	if err != nil { // both are below one folder
		return to
	}
	return filepath.ToSlash(rel)
}

// escapeLink writes a path so that Markdown reads it as the target of a link, in a table too. Letters of any script stay.
func escapeLink(p string) string {
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	for i := 0; i < len(p); i++ {
		switch c := p[i]; {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', strings.IndexByte("-._~/+,;=@", c) >= 0, c >= 0x80:
			b.WriteByte(c)
		default:
			b.Write([]byte{'%', hex[c>>4], hex[c&15]})
		}
	}
	return b.String()
}

// withoutShortcodes is text in which Hugo runs nothing: what stands between the signs of a shortcode is commented, and so is
// everything up to the end where one has no other sign.
func withoutShortcodes(text string) string {
	var b strings.Builder
	for {
		at := shortcode.FindStringIndex(text)
		if at == nil {
			b.WriteString(text)
			return b.String()
		}
		end := ">}}"
		if text[at[1]-1] == '%' {
			end = "%}}"
		}
		b.WriteString(text[:at[1]] + "/*")
		text = text[at[1]:]
		inner, rest, closed := strings.Cut(text, end)
		if !closed {
			b.WriteString(text + "\n\n<!-- */" + end + " -->")
			return b.String()
		}
		b.WriteString(inner + "*/" + end)
		text = rest
	}
}

var shortcode = regexp.MustCompile(`\{\{[<%]`)

// Marks around what Jekyll is to run. No text has them.
const (
	liquidBegin = "\x01"
	liquidEnd   = "\x02"
)

// withoutLiquid is text in which Jekyll runs nothing but what stands between the marks.
func withoutLiquid(text string) string {
	unmarked := strings.NewReplacer(liquidBegin, "", liquidEnd, "")
	fires := false
	var b strings.Builder
	for rest := text; rest != ""; {
		plain, after, _ := strings.Cut(rest, liquidBegin)
		fires = fires || liquid.MatchString(plain)
		_, rest, _ = strings.Cut(after, liquidEnd)
	}
	if !fires {
		return unmarked.Replace(text)
	}
	b.WriteString("{% raw %}")
	for rest := text; rest != ""; {
		plain, after, marked := strings.Cut(rest, liquidBegin)
		b.WriteString(endRaw.ReplaceAllString(plain, `{% endraw %}{{ "{" }}{% raw %}$1`))
		rest = ""
		if marked {
			tag, left, _ := strings.Cut(after, liquidEnd)
			b.WriteString("{% endraw %}" + tag + "{% raw %}")
			rest = left
		}
	}
	b.WriteString("{% endraw %}")
	return b.String()
}

var (
	liquid = regexp.MustCompile(`\{[{%]`)
	endRaw = regexp.MustCompile(`\{(%-?\s*endraw)`)
)
