package extract

import (
	"encoding/json"
	"html"
	"strings"
)

// thing is one object of a page's JSON-LD.
type thing map[string]any

// maxThings bounds how much JSON-LD of a page is read; a page's own is a dozen.
const maxThings = 200

// readThings reads the objects of a page's JSON-LD, those of @graph and of lists among them. What does not parse says nothing.
func readThings(scripts []string) []thing {
	var things []thing
	for _, script := range scripts {
		var value any
		if json.Unmarshal([]byte(unwrapScript(script)), &value) == nil {
			things = flatten(things, value, 0)
		}
	}
	return things
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
		return v == name
	case []any:
		for _, item := range v {
			if item == name {
				return true
			}
		}
	}
	return false
}

// isArticle reports whether the object is the article itself, and not the page it stands on.
func (t thing) isArticle() bool {
	for _, name := range [...]string{"BlogPosting", "Article", "NewsArticle", "TechArticle", "ScholarlyArticle", "Report", "SocialMediaPosting"} {
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
