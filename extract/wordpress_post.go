package extract

import (
	"encoding/json"
	"slices"
	"strings"

	"archiver"

	"golang.org/x/net/html"
)

// This file reads posts that the REST API of WordPress gave whole. Rules: a post is a page of its own, its text the JSON object as
// the API wrote it, so that it can be kept and read again; it is read as the page of a theme without furniture, so that both give
// the same article; what the post says of itself goes before all other witnesses; all its parts are in it, so none comes next.

// Posts splits an answer to PostsAt. A post without anything to read, or behind a password, has a Page without Raw: its HTML page
// tells more. The error is of kind Unusable.
func (x *Extractor) Posts(page *archiver.Page) ([]archiver.Post, error) {
	raw, err := restList(page)
	if err != nil {
		return nil, err
	}
	var posts []archiver.Post
	for _, one := range raw {
		var told restPost
		if json.Unmarshal(one, &told) != nil {
			continue
		}
		entry, ok := told.entry(page)
		if !ok {
			continue
		}
		post := archiver.Post{Entry: entry, Page: archiver.Page{
			Requested: entry.URL, URL: entry.URL, Status: 200, ContentType: "application/json", Charset: "utf-8",
			Robots: page.Robots, FetchedAt: page.FetchedAt,
		}}
		if !entry.Protected && told.readable() {
			post.Page.Raw, post.Page.Text = one, string(one)
		}
		posts = append(posts, post)
	}
	return posts, nil
}

// readable reports whether a post's content has anything to read or to look at.
func (post *restPost) readable() bool {
	content := rendered(post.Content)
	if strings.TrimSpace(content) == "" {
		return false
	}
	holder := contentHolder()
	fill(holder, content)
	return weigh(textOf(holder)) > 0 || holdsMedia(holder)
}

// wholePost is the post that a page is; nil where it is a page of HTML.
func wholePost(page *archiver.Page) *restPost {
	text := strings.Trim(page.Text, blanks)
	if !strings.HasPrefix(text, "{") {
		return nil
	}
	var post restPost
	if json.Unmarshal([]byte(text), &post) != nil || len(post.Content) == 0 || string(post.Content) == "null" {
		return nil
	}
	return &post
}

// postFrame is the page that a post is read as. Its names are those that readers of themes know.
const postFrame = `<!DOCTYPE html><html><head><title></title></head><body class="single-post"><article class="hentry"><h1 class="entry-title"></h1></article></body></html>`

func contentHolder() *html.Node {
	return newElement("div", html.Attribute{Key: "class", Val: "entry-content"})
}

// fill puts HTML into an element: an end tag too many in it ends nothing outside. What nests too deep is read as the text it holds.
func fill(holder *html.Node, source string) {
	nodes, err := html.ParseFragment(strings.NewReader(source), newElement("div"))
	if err != nil {
		flat, err := parseFlat(source)
		if err != nil {
			return
		}
		for c := firstElement(flat, "body").FirstChild; c != nil; c = c.NextSibling {
			nodes = append(nodes, c)
		}
		for _, n := range nodes {
			remove(n)
		}
	}
	for _, n := range nodes {
		holder.AppendChild(n)
	}
}

// frame makes the post a page of HTML, with the content given.
func (post *restPost) frame(content string) (root *html.Node, err error) {
	if root, err = html.Parse(strings.NewReader(postFrame)); err != nil {
		return nil, err
	}
	title := rendered(post.Title)
	if plain := plainTitleOf(title); !untitled.MatchString(plain) { // themes put their word for a missing title here too
		firstElement(root, "title").AppendChild(newText(plain))
	}
	post.heading, post.holder = firstElement(root, "h1"), contentHolder()
	fill(post.heading, title)
	fill(post.holder, content)
	post.heading.Parent.AppendChild(post.holder)
	return root, nil
}

// readPost reads a post as readArticle reads a page: where title and text are is known.
func readPost(doc *document, entries []archiver.Entry, site *archiver.SiteModel, trace *Trace) (*articlePage, error) {
	r := &articlePage{survey: surveyPage(doc, trace), entries: entries}
	if site != nil && len(r.blocks) <= maxSignedBlocks {
		r.learned = r.view(site, r.survey.places())
	}
	b, byRule := r.ruledBody()
	if !byRule {
		b = body{block: r.root, empty: true} // where a rule has taken it out
		if i := slices.IndexFunc(r.blocks, func(b block) bool { return b.node == doc.post.holder }); i >= 0 {
			b = body{block: i, pure: true, empty: weigh(textOf(doc.post.holder)) == 0 && !holdsMedia(doc.post.holder)}
		}
	}
	r.body = b
	if r.title = r.ruledHeading(); r.title == nil {
		if i := slices.IndexFunc(r.headings, func(sp spot) bool { return sp.Node == doc.post.heading }); i >= 0 {
			r.title = &r.headings[i]
		}
	}
	r.scope = r.scopeOf(r.body, r.title)
	if err := r.refuse(true); err != nil {
		return nil, err
	}
	r.ends = r.blocks[r.body.block].last
	r.trace.note("body", "the content of a post that the REST API gave")
	return r, nil
}

// among gives what the channels say of an article, with what the post itself says in the place of what REST said earlier.
func (post *restPost) among(page *archiver.Page, entries []archiver.Entry) []archiver.Entry {
	var all []archiver.Entry
	if entry, ok := post.entry(page); ok {
		all = append(all, entry)
	}
	for _, e := range entries {
		if e.Channel != archiver.ChannelREST || len(all) == 0 {
			all = append(all, e)
		}
	}
	return all
}
