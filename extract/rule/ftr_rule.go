package rule

import (
	"fmt"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// This file makes the rule that an ftr-site-config file is. Rules: a line that cannot be used is told and the others are used,
// for files by many hands hold mistakes; several lines of one directive are tried in order, those that strip are all done;
// whatever the file says, a page on which it finds nothing is read as one without a rule.

// noEffect are the directives of the format that change nothing here, and why.
var noEffect = map[string]string{
	"tidy": "pages are always parsed as browsers do", "parser": "pages are always parsed as browsers do",
	"prune":                    "texts are always cleaned in the same way",
	"autodetect_on_failure":    "where a rule finds nothing the page is always read without it",
	"autodetect_next_page":     "further pages are always looked for",
	"convert_double_br_tags":   "texts are always cleaned in the same way",
	"insert_detected_image":    "pictures are always looked for",
	"src_lazy_load_attr":       "pictures that load late are always found",
	"skip_json_ld":             "facts are weighed on every page",
	"footnotes":                "footnotes are always looked for",
	"http_header":              "requests are always made in archiver's own name",
	"native_ad_clue":           "advertisements are articles like others",
	"single_page_link_in_feed": "feeds only add facts",
	"wrap_in":                  "the text is kept as it is marked up", "dissolve": "the text is kept as it is marked up",
	"move_into": "the text is kept in its order", "strip_comments": "comments are always taken out",
	"requires_login": "archiver has no logins", "not_logged_in_xpath": "archiver has no logins", "login_uri": "archiver has no logins",
	"login_username_field": "archiver has no logins", "login_password_field": "archiver has no logins", "login_extra_fields": "archiver has no logins",
}

// reader makes a rule of lines.
type reader struct {
	rule *Rule
	of   *Article
	file string
	// link is the last link that was told, which a condition after it is for.
	link *Selector
	// searched is a find_string that waits for what replaces it.
	searched *Line
}

// Rule is what the file says. It has no hosts: the file's name says them.
func (f File) Rule() *Rule {
	r := reader{rule: &Rule{Name: f.Name, Article: &Article{}}, file: f.Name}
	r.of = r.rule.Article
	for i := range f.Lines {
		r.read(&f.Lines[i])
	}
	r.forget()
	return r.rule
}

// And gives a rule that does what the other says too, where this one has not said or not found it.
func (r *Rule) And(other *Rule) *Rule {
	a, b := r.Article, other.Article
	join := func(x, y Choice) Choice { return append(x[:len(x):len(x)], y...) }
	return &Rule{
		Name: r.Name + ", " + other.Name, Hosts: r.Hosts, Path: r.Path, Listing: r.Listing,
		Unused: append(r.Unused[:len(r.Unused):len(r.Unused)], other.Unused...),
		Article: &Article{
			Title: join(a.Title, b.Title), Author: join(a.Author, b.Author), Published: join(a.Published, b.Published), Body: join(a.Body, b.Body),
			Remove: join(a.Remove, b.Remove), Next: join(a.Next, b.Next), Single: join(a.Single, b.Single),
			Replace: append(a.Replace[:len(a.Replace):len(a.Replace)], b.Replace...),
		},
	}
}

func (r *reader) unused(l *Line, format string, args ...any) {
	what := l.Name
	if what == "" {
		what = fmt.Sprintf("%.60q", l.Value)
	}
	r.rule.Unused = append(r.rule.Unused, fmt.Sprintf("%s:%d: %s: %s", r.file, l.Number, what, fmt.Sprintf(format, args...)))
}

func (r *reader) read(l *Line) {
	switch l.Name {
	case "find_string":
		r.forget()
		r.searched = l
		return
	case "replace_string":
		r.replace(l)
		return
	case "test_url", "test_contains":
		return // they are for the authors' own tests
	case "":
		r.unused(l, "no directive")
		return
	}
	if why, known := noEffect[l.Name]; known {
		r.unused(l, "no effect, %s", why)
		return
	}
	if l.Value == "" {
		r.unused(l, "it is empty")
		return
	}
	switch l.Name {
	case "title":
		r.add(&r.of.Title, l)
	case "author":
		r.add(&r.of.Author, l)
	case "date":
		r.add(&r.of.Published, l)
	case "body":
		r.add(&r.of.Body, l)
	case "strip", "strip_attr":
		r.add((*Choice)(&r.of.Remove), l)
	case "strip_id_or_class":
		r.of.Remove = append(r.of.Remove, named(l))
	case "strip_image_src":
		r.of.Remove = append(r.of.Remove, pictures(l))
	case "next_page_link":
		r.addLink(&r.of.Next, l)
	case "single_page_link":
		r.addLink(&r.of.Single, l)
	case "if_page_contains":
		r.condition(l)
	default:
		r.unused(l, "unknown directive")
	}
}

func (r *reader) add(to *Choice, l *Line) bool {
	sel, err := XPath(l.Value)
	if err != nil {
		r.unused(l, "%v", err)
		return false
	}
	sel.Line = l.Number
	*to = append(*to, sel)
	return true
}

func (r *reader) addLink(to *Choice, l *Line) {
	r.link = nil
	if r.add(to, l) {
		r.link = &(*to)[len(*to)-1]
	}
}

// condition is for the link before it.
func (r *reader) condition(l *Line) {
	sel, err := XPath(l.Value)
	switch {
	case r.link == nil:
		r.unused(l, "no link stands before it")
	case err != nil:
		// A link that holds under a condition nobody understands is not one to follow.
		r.unused(l, "%v; the link before it is not followed", err)
		r.link.If = &Selector{find: func(*html.Node, *Budget) []Match { return nil }}
	default:
		r.link.If = &sel
	}
	r.link = nil
}

func (r *reader) replace(l *Line) {
	old := l.Argument
	if old == "" && r.searched != nil {
		old, r.searched = r.searched.Value, nil
	}
	r.forget()
	if old == "" {
		r.unused(l, "nothing says what to replace")
		return
	}
	r.of.Replace = append(r.of.Replace, Replacement{Old: old, New: l.Value})
}

// forget tells of a search that nothing followed.
func (r *reader) forget() {
	if r.searched != nil {
		r.unused(r.searched, "no replace_string follows it")
		r.searched = nil
	}
}

// named finds elements whose id or one of whose classes is a name, or has it as one of the words that - and _ join. The format
// means any part of the text; then "ad" would take out every header, and nothing that was archived may be lost to that.
func named(l *Line) Selector {
	name := strings.Trim(l.Value, `"'`)
	return Selector{Text: l.Name + ": " + name, Line: l.Number, find: func(root *html.Node, b *Budget) (found []Match) {
		for n := range root.Descendants() {
			b.spend(1)
			for i := range n.Attr {
				if a := &n.Attr[i]; a.Key == "id" || a.Key == "class" {
					b.spend(1 + len(a.Val)/8)
					if holdsName(a.Val, name) {
						found = append(found, Match{Node: n})
						break
					}
				}
			}
		}
		return found
	}}
}

func holdsName(value, name string) bool {
	for from := 0; name != ""; {
		i := strings.Index(value[from:], name)
		if i < 0 {
			break
		}
		begin, end := from+i, from+i+len(name)
		if (begin == 0 || !isNameByte(value[begin-1]) || !isNameByte(name[0])) &&
			(end == len(value) || !isNameByte(value[end]) || !isNameByte(name[len(name)-1])) {
			return true
		}
		from = begin + 1
	}
	return false
}

// isNameByte reports whether a byte belongs to a word of a name; - and _ join words.
func isNameByte(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'z' || c >= 0x80
}

// pictures finds images by a part of their address.
func pictures(l *Line) Selector {
	part := strings.Trim(l.Value, `"'`)
	return Selector{Text: l.Name + ": " + part, Line: l.Number, find: func(root *html.Node, b *Budget) (found []Match) {
		for n := range root.Descendants() {
			b.spend(1)
			if n.DataAtom != atom.Img {
				continue
			}
			for i := range n.Attr {
				if n.Attr[i].Key == "src" && part != "" && strings.Contains(n.Attr[i].Val, part) {
					found = append(found, Match{Node: n})
				}
			}
		}
		return found
	}}
}
