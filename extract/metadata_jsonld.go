package extract

import (
	"bytes"
	"encoding/json"
	"html"
	"io"
	"strings"

	"archiver"
)

// This file reads JSON-LD, schema.org's facts for search engines. Rules: what a browser's console would forgive is forgiven; of
// several articles only the page's own speaks; a fact may stand in an object, in a list, or behind a reference by @id.

// thing is one object of a page's JSON-LD.
type thing map[string]any

// maxThings bounds how much JSON-LD of a page is read; a page's own is a dozen.
const maxThings = 200

// readThings reads the objects of a page's JSON-LD, those of @graph and of lists among them. What does not parse says nothing.
func readThings(scripts []string) []thing {
	var things []thing
	for _, script := range scripts {
		script = unwrapScript(script)
		values, ok := readValues(script)
		if !ok {
			values, _ = readValues(repairJSON(script))
		}
		for _, value := range values {
			things = flatten(things, value, 0)
		}
	}
	return things
}

// readValues reads the values of a script; some themes write several, one after the other. What stands before a fault is kept.
func readValues(script string) (values []any, ok bool) {
	in := json.NewDecoder(strings.NewReader(script))
	for len(values) < maxThings {
		var value any
		switch err := in.Decode(&value); err {
		case nil:
			values = append(values, value)
		case io.EOF:
			return values, true
		default:
			return values, false
		}
	}
	return values, true
}

// repairJSON takes off what JSON does not allow and people write all the same: comments, commas before an end or between two
// values, escapes that are none; and the escaping of a script as if it were text.
func repairJSON(s string) string {
	if !strings.Contains(s, `"`) && strings.Contains(s, "&quot;") {
		s = html.UnescapeString(s)
	}
	out := make([]byte, 0, len(s))
	inString := false
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case inString && c == '\\' && i+1 < len(s):
			i++
			if strings.IndexByte(`"\/bfnrtu`, s[i]) >= 0 {
				out = append(out, c)
			}
			out = append(out, s[i])
		case c == '"':
			inString = !inString
			out = append(out, c)
		case inString:
			out = append(out, c)
		case c == '/' && strings.HasPrefix(s[i:], "/*"):
			end := strings.Index(s[i+2:], "*/")
			if end < 0 {
				return string(out)
			}
			i += 2 + end + 1
		case c == '}' || c == ']':
			if trimmed := bytes.TrimRight(out, " "); len(trimmed) > 0 && trimmed[len(trimmed)-1] == ',' {
				out = trimmed[:len(trimmed)-1]
			}
			out = append(out, c)
		case c == ';':
		default:
			out = append(out, c)
		}
	}
	return string(out)
}

// chooseArticle keeps of several articles the one that the page is: by its address, by its headline in the page's title, else the
// first; the others are of lists.
func (r *articlePage) chooseArticle(things []thing) []thing {
	var articles []int
	for i, t := range things {
		if t.isArticle() {
			articles = append(articles, i)
		}
	}
	if len(articles) < 2 {
		return things
	}
	best, scores := 0, make(map[int]int, len(articles))
	for _, i := range articles {
		score, t := 0, things[i]
		for _, key := range [...]string{"url", "@id", "mainEntityOfPage"} {
			address, _ := t[key].(string)
			if inner, ok := t[key].(map[string]any); ok {
				address, _ = inner["@id"].(string)
			}
			if url, ok := r.resolve(address); ok && archiver.Key(url) == archiver.Key(r.page.URL) {
				score = 2
			}
		}
		if headline := t.text("headline"); headline != "" && strings.Contains(r.survey.title, headline) {
			score++
		}
		scores[i] = score
		best = max(best, score)
	}
	kept := make([]thing, 0, len(things))
	for i, t := range things {
		// Themes and plugins describe one article twice; where none is the page's by name the first speaks.
		if !t.isArticle() || best > 0 && scores[i] == best || best == 0 && i == articles[0] {
			kept = append(kept, t)
		}
	}
	return kept
}

// unwrapScript takes off the comments that hide a script from old browsers, and line ends that JSON does not allow in strings.
func unwrapScript(s string) string {
	s = strings.TrimSpace(s)
	for _, wrap := range [...]string{"<!--", "//<![CDATA[", "/*<![CDATA[*/", "<![CDATA["} {
		s = strings.TrimSpace(strings.TrimPrefix(s, wrap))
	}
	for _, wrap := range [...]string{"-->", "//]]>", "/*]]>*/", "]]>"} {
		s = strings.TrimSpace(strings.TrimSuffix(s, wrap))
	}
	return strings.Map(func(r rune) rune {
		if r < ' ' {
			return ' '
		}
		return r
	}, strings.TrimSuffix(s, ";"))
}

func flatten(things []thing, value any, depth int) []thing {
	if depth > 4 || len(things) >= maxThings {
		return things
	}
	switch v := value.(type) {
	case []any:
		for _, item := range v {
			things = flatten(things, item, depth+1)
		}
	case map[string]any:
		if v["@type"] != nil {
			things = append(things, v)
		}
		for _, key := range [...]string{"@graph", "mainEntity", "mainEntityOfPage"} {
			if inner, ok := v[key]; ok {
				things = flatten(things, inner, depth+1)
			}
		}
	}
	return things
}

// is reports whether the object is of a type.
func (t thing) is(name string) bool {
	switch v := t["@type"].(type) {
	case string:
		return typeName(v) == name
	case []any:
		for _, item := range v {
			if s, ok := item.(string); ok && typeName(s) == name {
				return true
			}
		}
	}
	return false
}

// typeName takes the vocabulary off a type: https://schema.org/Article, schema:Article.
func typeName(s string) string { return s[strings.LastIndexAny(s, "/:#")+1:] }

// isArticle reports whether the object is the article itself, and not the page it stands on.
func (t thing) isArticle() bool {
	for _, name := range [...]string{"BlogPosting", "Article", "NewsArticle", "TechArticle", "ScholarlyArticle", "Report", "SocialMediaPosting",
		"AnalysisNewsArticle", "OpinionNewsArticle", "ReportageNewsArticle", "ReviewNewsArticle", "LiveBlogPosting"} {
		if t.is(name) {
			return true
		}
	}
	return false
}

// text is a property that is a string, as a reader would see it: publishers escape what JSON needs no escape for.
func (t thing) text(key string) string {
	s, _ := t[key].(string)
	return plainFact(s)
}

func plainFact(s string) string { return oneLine(html.UnescapeString(s)) }

// names are the names in a property that is a string, an object with a name, a reference to one, or a list of those.
func (t thing) names(key string, all []thing) []string {
	return namesIn(nil, t[key], all, 0)
}

func namesIn(names []string, value any, all []thing, depth int) []string {
	if depth > 3 {
		return names
	}
	switch v := value.(type) {
	case string:
		if name := plainFact(v); name != "" {
			names = append(names, name)
		}
	case []any:
		for _, item := range v {
			names = namesIn(names, item, all, depth+1)
		}
	case map[string]any:
		if name := thing(v).text("name"); name != "" {
			return append(names, name)
		}
		if id, ok := v["@id"].(string); ok {
			for _, t := range all {
				if t["@id"] == id && t.text("name") != "" {
					return append(names, t.text("name"))
				}
			}
		}
		if inner, ok := v["name"].([]any); ok {
			return namesIn(names, inner, all, depth+1)
		}
	}
	return names
}

// list is a property that is a list of strings, or one string of them with commas.
func (t thing) list(key string) []string {
	var items []string
	switch v := t[key].(type) {
	case string:
		for _, item := range strings.FieldsFunc(v, func(r rune) bool { return r == ',' || r == '，' || r == '、' }) {
			items = append(items, plainFact(item))
		}
	case []any:
		for _, item := range v {
			if s, ok := item.(string); ok {
				items = append(items, plainFact(s))
			}
		}
	}
	return items
}

// address is a property that is an address, an object with a url, a reference to one, or a list of those.
func (t thing) address(key string, all []thing) string {
	return addressIn(t[key], all, 0)
}

func addressIn(value any, all []thing, depth int) string {
	if depth > 3 {
		return ""
	}
	switch v := value.(type) {
	case string:
		return v
	case []any:
		if len(v) > 0 {
			return addressIn(v[0], all, depth+1)
		}
	case map[string]any:
		for _, key := range [...]string{"url", "contentUrl"} {
			if s, ok := v[key].(string); ok {
				return s
			}
		}
		if id, ok := v["@id"].(string); ok {
			for _, t := range all {
				if t["@id"] == id && t["url"] != nil {
					return addressIn(t["url"], all, depth+1)
				}
			}
		}
	}
	return ""
}
