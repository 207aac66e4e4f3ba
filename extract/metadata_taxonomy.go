package extract

import (
	"net/url"
	"strings"

	"archiver"
)

// This file decides an article's categories and tags. Rules: the REST API knows them all and is believed as a whole; then the
// links around the text; then the head of the page; then the other channels. A link says by its relation, its names, the names
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
	if len(tags) == 0 {
		tags, _ = fromEntries(r.entries, func(e *archiver.Entry) ([]string, bool) { return terms(e.Tags), len(e.Tags) > 0 })
	}
	return categories, tags
}

// linkedTerms are the categories and tags that the article's page links to.
func (r *articlePage) linkedTerms() (categories, tags []string) {
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
		if kind == roleCategory {
			categories = append(categories, name)
		} else {
			tags = append(tags, name)
		}
	}
	return terms(categories), terms(tags)
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
