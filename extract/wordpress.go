package extract

import (
	"strconv"
	"strings"

	"archiver"

	"golang.org/x/net/html/atom"
)

// This file names the addresses of the REST API of WordPress: the index of all posts of a category, those of its child categories
// included, and posts whole. wordpress_facts.go reads the one, wordpress_post.go the other.

const (
	restPerPage = 100 // the most that WordPress gives
	// restFields is all that an index is asked for: what is there, and whether it changed. 100 posts are 12 KB, and the server has no
	// text to make.
	restFields = "id,link,modified_gmt"
	// postFields keep what an article is made of, and leave out what else plugins hang on a post.
	postFields = "id,link,date,date_gmt,modified,modified_gmt,title.rendered,content.rendered,content.protected," +
		"_links.author,_links.wp:term,_links.wp:featuredmedia,_embedded.author,_embedded.wp:term,_embedded.wp:featuredmedia"
	postEmbed = "author,wp:term,wp:featuredmedia"
)

// restTerm is the address of a category or tag in the API: its root, the taxonomy, the id.
var restTerm = expr(`^(.*?(?:/wp-json|[?&]rest_route=))(/?)wp/v2/(categories|tags)/(\d+)/?$`)

// restAddress is where WordPress tells of the articles of this listing; empty where the page does not show it.
func (o *overview) restAddress() string {
	root, taxonomy, id := "", "", ""
	look := func(address, rel string) {
		address = strings.ReplaceAll(address, "%2F", "/")
		if m := restTerm.FindStringSubmatch(address); m != nil {
			if term, ok := o.resolve(m[1] + m[2]); ok && archiver.SameSite(term, o.page.URL) && id == "" {
				root, taxonomy, id = m[1]+m[2], m[3], m[4]
			}
		} else if rel == "https://api.w.org/" && root == "" {
			if api, ok := o.resolve(address); ok && archiver.SameSite(api, o.page.URL) {
				root = address
			}
		}
	}
	for _, value := range o.page.Links {
		for _, link := range splitLinks(value) {
			look(link.address, link.rel)
		}
	}
	for _, n := range o.heads {
		if n.DataAtom == atom.Link {
			look(attrOf(n, "href"), attrOf(n, "rel"))
		}
	}
	if id == "" && o.body != nil && root != "" {
		taxonomy, id = o.bodyTerm()
	}
	if root == "" || id == "" {
		return ""
	}
	choose := taxonomy + "=" + id
	if taxonomy == "categories" {
		choose = "categories%5Bterms%5D=" + id + "&categories%5Binclude_children%5D=true"
	}
	address := strings.TrimSuffix(root, "/") + "/wp/v2/posts"
	if strings.Contains(root, "?") {
		address += "&"
	} else {
		address += "?"
	}
	address += choose + "&per_page=" + strconv.Itoa(restPerPage) + "&orderby=modified&order=desc&_fields=" + restFields
	url, ok := o.resolve(address)
	if !ok {
		return ""
	}
	return url
}

// PostsAt is the address that asks for whole posts: those of the refs that an index at this address gave, the first 100 of them.
// It is empty where the index is none of REST, or no ref is one.
func (x *Extractor) PostsAt(index string, refs []string) string {
	root, query, _ := strings.Cut(index, "?")
	route := ""
	for pair := range strings.SplitSeq(query, "&") {
		if strings.HasPrefix(pair, "rest_route=") {
			route = pair + "&"
		}
	}
	if !strings.HasSuffix(root, "/wp/v2/posts") && !strings.HasSuffix(strings.ReplaceAll(route, "%2F", "/"), "/wp/v2/posts&") {
		return ""
	}
	var include []string
	for _, ref := range refs {
		if isPostNumber(ref) && len(include) < restPerPage {
			include = append(include, ref)
		}
	}
	if len(include) == 0 {
		return ""
	}
	return root + "?" + route + "include=" + strings.Join(include, ",") + "&per_page=" + strconv.Itoa(restPerPage) + "&_embed=" + postEmbed + "&_fields=" + postFields
}

// isPostNumber reports whether a ref is a number as WordPress gives its posts.
func isPostNumber(ref string) bool {
	_, err := strconv.ParseUint(ref, 10, 63)
	return err == nil
}

// Instead is the channel to ask where one that Listing named refuses to answer; empty where there is none. Blogs show the address
// of the REST API on every page and shut it to strangers; WordPress gives each list a feed all the same, at an address made of
// the list's own.
func (x *Extractor) Instead(listing, channel string) string {
	if !strings.Contains(channel, "wp/v2/posts") {
		return ""
	}
	list, query, _ := strings.Cut(listing, "?")
	if query != "" {
		return list + "?" + query + "&feed=rss2"
	}
	return strings.TrimSuffix(list, "/") + "/feed/"
}

// bodyTerm reads the term from the class of the body: "archive category category-nlp category-2", the id last.
func (o *overview) bodyTerm() (taxonomy, id string) {
	for name := range strings.FieldsSeq(attrOf(o.body, "class")) {
		switch {
		case name == "category":
			taxonomy = "categories"
		case name == "tag":
			taxonomy = "tags"
		case taxonomy == "categories" && strings.HasPrefix(name, "category-"), taxonomy == "tags" && strings.HasPrefix(name, "tag-"):
			_, number, _ := strings.Cut(name, "-")
			if _, err := strconv.ParseUint(number, 10, 32); err == nil {
				id = number
			}
		}
	}
	return taxonomy, id
}

// headerLink is one link of a Link header.
type headerLink struct{ address, rel string }

var headerLinks = expr(`<([^<>]*)>([^<]*)`)
var relParam = expr(`(?i);\s*rel\s*=\s*(?:"([^"]*)"|([^\s;,]+))`)

func splitLinks(value string) []headerLink {
	var links []headerLink
	for _, m := range headerLinks.FindAllStringSubmatch(value, 50) {
		link := headerLink{address: m[1]}
		if rel := relParam.FindStringSubmatch(m[2]); rel != nil {
			link.rel = firstOf(rel[1], rel[2])
		}
		links = append(links, link)
	}
	return links
}
