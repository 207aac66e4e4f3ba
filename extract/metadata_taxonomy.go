package extract

import (
	"net/url"
	"slices"
	"strings"

	"archiver"

	"golang.org/x/net/html"
)

// This file decides an article's categories and tags. Rules: the REST API knows them all and is believed as a whole; then the
// links around the text; then the head of the page; then the other channels; then the way that leads to the article. A link says by its relation, its names, the names
// around it or its address which of the two it leads to.

// maxTerms bounds the categories and the tags of one article; more are a cloud.
const maxTerms = 100

func (r *articlePage) taxonomy() (categories, tags []string) {
	for i := range r.entries {
		if e := &r.entries[i]; e.Channel == archiver.ChannelREST && len(e.Categories)+len(e.Tags) > 0 {
			return terms(e.Categories), terms(e.Tags)
		}
	}
	categories, tags = r.linkedTerms()
	if more, ok := r.fullerCategories(categories); ok {
		categories = more
	}
	if len(tags) == 0 {
		tags = terms(r.metas["article:tag"])
	}
	for _, t := range r.things {
		if t.isArticle() {
			if len(tags) == 0 {
				tags = terms(t.list("keywords"))
			}
			if len(categories) == 0 {
				categories = terms(t.list("articleSection"))
			}
		}
	}
	if len(categories) == 0 {
		categories = terms(r.metas["article:section"])
	}
	if len(categories) == 0 {
		categories, _ = fromEntries(r.entries, func(e *archiver.Entry) ([]string, bool) { return terms(e.Categories), len(e.Categories) > 0 })
	}
	if len(categories) == 0 {
		categories = r.crumbs()
	}
	if len(tags) == 0 {
		tags, _ = fromEntries(r.entries, func(e *archiver.Entry) ([]string, bool) { return terms(e.Tags), len(e.Tags) > 0 })
	}
	return categories, tags
}

// fullerCategories are the categories that a feed gives where the page shows only some of them: there are themes that have room
// for one. Only a feed that tells categories from tags is asked.
func (r *articlePage) fullerCategories(shown []string) ([]string, bool) {
	return fromEntries(r.entries, func(e *archiver.Entry) ([]string, bool) {
		if e.Channel != archiver.ChannelFeed || len(e.Tags) == 0 || len(e.Categories) <= len(shown) || len(shown) == 0 {
			return nil, false
		}
		for _, name := range shown {
			if !slices.Contains(e.Categories, name) {
				return nil, false
			}
		}
		return terms(e.Categories), true
	})
}

// linkedTerms are the categories and tags that the article's page links to.
func (r *articlePage) linkedTerms() (categories, tags []string) {
	type term struct {
		kind role
		href string
	}
	named := make(map[term][]string)
	for i := range r.anchors {
		sp := &r.anchors[i]
		if !r.about(sp) || r.late(sp) {
			continue
		}
		kind := r.termKind(sp)
		if kind == 0 {
			continue
		}
		name := strings.TrimSpace(strings.TrimLeft(shownText(sp.Node), "#＃"))
		link := term{kind, attrOf(sp.Node, "href")}
		// Themes repeat the tags below the text, with the number of their articles. C++ and C# may well share an address.
		again := func(first string) bool {
			return strings.Trim(strings.TrimPrefix(name, first), " 0123456789()（）") == ""
		}
		if slices.ContainsFunc(named[link], again) {
			continue
		}
		named[link] = append(named[link], name)
		if kind == roleCategory {
			categories = append(categories, name)
		} else {
			tags = append(tags, name)
		}
	}
	return terms(categories), terms(tags)
}

// crumbs are the categories that the way to the article leads through: "Home / Category / Title". It may leave others out.
func (r *articlePage) crumbs() []string {
	var names []string
	for i := range r.anchors {
		sp := &r.anchors[i]
		if termOfAddress(attrOf(sp.Node, "href")) == roleCategory && inCrumbs(sp.Node) {
			names = append(names, shownText(sp.Node))
		}
	}
	return terms(names)
}

// inCrumbs reports whether an element, or one close around it, is named as the way to the article.
func inCrumbs(n *html.Node) bool {
	for i := 0; n != nil && i < 6; n, i = n.Parent, i+1 {
		for name := range strings.FieldsSeq(attrOf(n, "class") + " " + attrOf(n, "id")) {
			var buf [8]string
			for _, word := range splitName(name, buf[:0]) {
				switch word {
				case "breadcrumb", "breadcrumbs", "crumb", "crumbs":
					return true
				}
			}
		}
	}
	return false
}

// termKind is roleCategory or roleTag for a link to one, else 0.
func (r *articlePage) termKind(sp *spot) role {
	href := attrOf(sp.Node, "href")
	byAddress := termOfAddress(href)
	if hasRel(sp.Node, "category") {
		return roleCategory
	}
	isTag := hasRel(sp.Node, "tag")
	if !isTag && byAddress == 0 && sp.roles&(roleCategory|roleTag) == 0 {
		return 0
	}
	switch roles := r.rolesAround(sp, roleCategory|roleTag); {
	case roles == roleCategory || roles == roleTag:
		return roles
	case byAddress != 0:
		return byAddress
	case isTag:
		return roleTag
	}
	return 0
}

// termOfAddress tells from an address whether it is that of a category or of a tag.
func termOfAddress(href string) role {
	path, query, _ := strings.Cut(href, "?")
	if query != "" {
		if values, err := url.ParseQuery(query); err == nil {
			switch {
			case values.Get("cat") != "" || values.Get("category_name") != "":
				return roleCategory
			case values.Get("tag") != "":
				return roleTag
			}
		}
	}
	segments := strings.Split(strings.Trim(path, "/"), "/")
	for i := len(segments) - 2; i >= 0; i-- {
		switch strings.ToLower(segments[i]) {
		case "category", "categories", "cat", "分类", "%e5%88%86%e7%b1%bb":
			return roleCategory
		case "tag", "tags", "标签", "%e6%a0%87%e7%ad%be":
			return roleTag
		}
	}
	return 0
}

// terms drops what is empty, given twice, or too much.
func terms(names []string) []string {
	var kept []string
	seen := make(map[string]bool, len(names))
	for _, name := range names {
		name = oneLine(name)
		key := strings.ToLower(name)
		if name == "" || seen[key] || len(kept) == maxTerms {
			continue
		}
		seen[key] = true
		kept = append(kept, name)
	}
	return kept
}
