package testsite

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// This file is what a reader asks of WordPress's REST API: posts by category, by number and by time of change, whole or a few
// fields, with the totals in headers; and categories. Numbers of categories and tags are places in tables.

const (
	restRoot      = "/wp-json/"
	firstTerm     = 2   // the number of the first category; WordPress has "uncategorized" before it
	firstTag      = 100 // the number of the first tag
	mostPerPage   = 100
	defaultOfPage = 10
)

// announce writes the links of REST into the headers of a page.
func (s *Site) announce(a *answer, path string) {
	if !s.opts.rest || a.status != http.StatusOK {
		return
	}
	links := []string{fmt.Sprintf(`<%s%s>; rel="https://api.w.org/"`, s.base, restRoot)}
	for i, c := range categories {
		if strings.HasPrefix(path, categoryPath(c.slug)) {
			links = append(links, fmt.Sprintf(`<%s%swp/v2/categories/%d>; rel="alternate"; type="application/json"`, s.base, restRoot, firstTerm+i))
		}
	}
	a.headers = http.Header{"Link": links}
}

// restAnswer answers an address of the API; nil where it is none.
func (s *Site) restAnswer(u *url.URL) *answer {
	query := u.Query()
	route, ok := strings.CutPrefix(u.Path, strings.TrimSuffix(restRoot, "/"))
	if plain := query.Get("rest_route"); plain != "" {
		route, ok = plain, true
	}
	if !ok {
		return nil
	}
	kind, number, _ := strings.Cut(strings.Trim(strings.TrimPrefix(route, "/wp/v2"), "/"), "/")
	switch kind {
	case "":
		return jsonAnswer(http.StatusOK, map[string]any{"name": blogName, "url": s.base, "namespaces": []string{"wp/v2"}})
	case "categories":
		return s.restCategories(query, number)
	case "posts":
		return s.restPosts(u, query, number)
	}
	return restError(http.StatusNotFound, "rest_no_route")
}

func jsonAnswer(status int, value any) *answer {
	text, err := json.Marshal(value)
	if err != nil {
		panic(fmt.Errorf("write %T: %w", value, err)) // the values are this file's
	}
	return &answer{status: status, contentType: "application/json; charset=UTF-8", body: text}
}

func restError(status int, code string) *answer {
	return jsonAnswer(status, map[string]any{"code": code, "message": code, "data": map[string]int{"status": status}})
}

func (s *Site) restCategories(query url.Values, number string) *answer {
	found := []map[string]any{}
	for i, c := range categories {
		id := firstTerm + i
		if slug := query.Get("slug"); slug != "" && slug != c.slug || number != "" && number != strconv.Itoa(id) || cmp.Or(query.Get("parent"), "0") != "0" {
			continue
		}
		count := len(s.having(func(p *post) bool { return slices.Contains(p.categories(), c.name) }))
		found = append(found, map[string]any{"id": id, "count": count, "name": c.name, "slug": c.slug, "parent": 0, "taxonomy": "category", "link": s.base + categoryPath(c.slug)})
	}
	if number != "" {
		if len(found) == 0 {
			return restError(http.StatusNotFound, "rest_term_invalid")
		}
		return jsonAnswer(http.StatusOK, found[0])
	}
	a := jsonAnswer(http.StatusOK, found)
	a.headers = http.Header{"X-Wp-Total": {strconv.Itoa(len(found))}, "X-Wp-Totalpages": {strconv.Itoa(min(1, len(found)))}}
	return a
}

func (s *Site) restPosts(u *url.URL, query url.Values, number string) *answer {
	posts := s.everything()
	if number != "" {
		i := slices.IndexFunc(posts, func(p *post) bool { return strconv.Itoa(p.id) == number })
		if i < 0 {
			return restError(http.StatusNotFound, "rest_post_invalid_id")
		}
		return jsonAnswer(http.StatusOK, s.restPost(posts[i], query))
	}
	for _, name := range []string{"categories", "categories[terms]"} {
		if chosen := numbers(query, name); chosen != nil {
			posts = slices.DeleteFunc(posts, func(p *post) bool {
				return !slices.ContainsFunc(p.categories(), func(c string) bool { return slices.Contains(chosen, termOf(c)) })
			})
		}
	}
	if chosen := numbers(query, "include"); chosen != nil {
		posts = slices.DeleteFunc(posts, func(p *post) bool { return !slices.Contains(chosen, p.id) })
	}
	if after, err := time.ParseInLocation("2006-01-02T15:04:05", strings.TrimSuffix(query.Get("modified_after"), "Z"), s.opts.zone); err == nil {
		posts = slices.DeleteFunc(posts, func(p *post) bool { return !p.Modified.After(after) })
	}
	if query.Get("orderby") == "modified" {
		slices.SortStableFunc(posts, func(a, b *post) int { return cmp.Or(b.Modified.Compare(a.Modified), b.id-a.id) })
	}
	if query.Get("order") == "asc" {
		slices.Reverse(posts)
	}
	page, err := strconv.Atoi(cmp.Or(query.Get("page"), "1"))
	per, errPer := strconv.Atoi(cmp.Or(query.Get("per_page"), strconv.Itoa(defaultOfPage)))
	if err != nil || errPer != nil || page < 1 || per < 1 || per > mostPerPage {
		return restError(http.StatusBadRequest, "rest_invalid_param")
	}
	last := (len(posts) + per - 1) / per
	if page > max(1, last) {
		return restError(http.StatusBadRequest, "rest_post_invalid_page_number")
	}
	list := []map[string]any{}
	for _, p := range window(posts, (page-1)*per, per) {
		list = append(list, s.restPost(p, query))
	}
	a := jsonAnswer(http.StatusOK, list)
	a.headers = http.Header{"X-Wp-Total": {strconv.Itoa(len(posts))}, "X-Wp-Totalpages": {strconv.Itoa(last)}}
	link := func(page int, rel string) {
		query.Set("page", strconv.Itoa(page))
		a.headers.Add("Link", fmt.Sprintf(`<%s%s?%s>; rel="%s"`, s.base, u.Path, query.Encode(), rel))
	}
	if page > 1 {
		link(page-1, "prev")
	}
	if page < last {
		link(page+1, "next")
	}
	return a
}

// numbers are the numbers that a parameter lists, as 1,2 or as name[]=1&name[]=2; nil where it is not there.
func numbers(query url.Values, name string) []int {
	var list []int
	for _, value := range slices.Concat(query[name], query[name+"[]"]) {
		for one := range strings.SplitSeq(value, ",") {
			n, _ := strconv.Atoi(strings.TrimSpace(one))
			list = append(list, n)
		}
	}
	return list
}

func termOf(name string) int {
	return firstTerm + slices.IndexFunc(categories, func(c category) bool { return c.name == name })
}

// restPost is a post as the API writes it, with the fields that were asked for.
func (s *Site) restPost(p *post, query url.Values) map[string]any {
	wanted := func(string) bool { return true }
	if fields := query.Get("_fields"); fields != "" {
		list := strings.Split(fields, ",")
		wanted = func(name string) bool {
			return slices.ContainsFunc(list, func(f string) bool { return f == name || strings.HasPrefix(f, name+".") })
		}
	}
	out := map[string]any{}
	put := func(name string, value any) {
		if wanted(name) {
			out[name] = value
		}
	}
	const local = "2006-01-02T15:04:05" // the API's times have no zone
	put("id", p.id)
	put("date", p.Published.Format(local))
	put("date_gmt", p.Published.UTC().Format(local))
	put("modified", p.Modified.Format(local))
	put("modified_gmt", p.Modified.UTC().Format(local))
	put("slug", cmp.Or(p.Slug, strconv.Itoa(p.id)))
	put("status", "publish")
	put("type", "post")
	put("link", s.address(p))
	put("title", map[string]any{"rendered": s.shownTitle(p)})
	put("author", 1)
	put("sticky", slices.Contains(s.sticky, p))
	put("featured_media", 0)
	if wanted("content") || wanted("excerpt") {
		parts := p.parts()
		excerpt, _ := p.excerpt(parts[0])
		content := strings.Replace(strings.Join(parts, "\n"), moreMark, fmt.Sprintf(`<span id="more-%d"></span>`, p.id), 1)
		if p.Protected {
			content = ""
		}
		put("content", map[string]any{"rendered": content, "protected": p.Protected})
		put("excerpt", map[string]any{"rendered": excerpt, "protected": p.Protected})
	}
	var terms, tags []map[string]any
	var termNumbers, tagNumbers []int
	for _, name := range p.categories() {
		termNumbers = append(termNumbers, termOf(name))
		terms = append(terms, map[string]any{"id": termOf(name), "name": name, "slug": slugOf(name), "taxonomy": "category", "link": s.base + categoryPath(slugOf(name))})
	}
	for _, name := range p.Tags {
		id := firstTag + slices.Index(words, name)
		tagNumbers = append(tagNumbers, id)
		tags = append(tags, map[string]any{"id": id, "name": name, "slug": name, "taxonomy": "post_tag", "link": s.tagURL(name)})
	}
	put("categories", termNumbers)
	put("tags", tagNumbers)
	if query.Has("_embed") {
		put("_embedded", map[string]any{"author": []map[string]any{{"id": 1, "name": p.Author, "link": s.base + "/author/admin/"}}, "wp:term": [][]map[string]any{terms, tags}})
	}
	return out
}
