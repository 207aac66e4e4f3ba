package extract

import (
	"strings"

	"archiver"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"
)

// document is one parsed page. Every reader of the page shares its tree; only the cleaner of the body may change it, last.
type document struct {
	*goquery.Document
	page  *archiver.Page
	base  string    // what relative addresses are resolved against
	short bool      // Options.Short
	ruled *ruled    // what the site's rule says of an article's page; nil where there is no rule
	post  *restPost // that the page is, where it is one of the REST API
}

// parse builds the tree of a page. A page that nests deeper than the parser goes is read as the text it holds.
func parse(page *archiver.Page) (*document, error) {
	root, err := html.Parse(strings.NewReader(page.Text))
	if err != nil {
		root, err = parseFlat(page.Text)
	}
	if err != nil {
		return nil, &archiver.Error{Kind: archiver.Unusable, Op: "parse page", URL: page.URL, Err: err}
	}
	return documentOf(root, page), nil
}

// documentOf is a document of a tree.
func documentOf(root *html.Node, page *archiver.Page) *document {
	showUnscripted(root)
	doc := &document{Document: goquery.NewDocumentFromNode(root), page: page, base: page.URL}
	if href, ok := doc.Find("base[href]").First().Attr("href"); ok {
		// A base on another site would send every link of the page there.
		if abs, err := archiver.Resolve(page.URL, href); err == nil && archiver.SameSite(abs, page.URL) {
			doc.base = abs
		}
	}
	return doc
}

// parseFlat keeps the text of a page whose tags cannot be made a tree: one paragraph for each run between block tags.
func parseFlat(text string) (*html.Node, error) {
	var b strings.Builder
	z := html.NewTokenizer(strings.NewReader(text))
	skip := ""
	begun := true // a paragraph, and nothing in it yet
	for {
		switch z.Next() {
		case html.ErrorToken:
			return html.Parse(strings.NewReader("<p>" + b.String()))
		case html.StartTagToken:
			name, _ := z.TagName()
			switch string(name) {
			case "script", "style", "noscript", "template":
				skip = string(name)
			case "title", "h1", "h2", "h3", "h4", "h5", "h6":
				b.WriteString("<" + string(name) + ">")
				begun = false
			case "p", "div", "section", "article", "li", "tr", "br", "pre", "blockquote":
				if !begun {
					b.WriteString("<p>")
				}
				begun = true
			}
		case html.EndTagToken:
			name, _ := z.TagName()
			switch string(name) {
			case skip:
				skip = ""
			case "title", "h1", "h2", "h3", "h4", "h5", "h6":
				b.WriteString("</" + string(name) + ">")
			}
		case html.TextToken:
			if skip == "" {
				text := string(z.Text())
				b.WriteString(html.EscapeString(text))
				begun = begun && strings.TrimSpace(text) == ""
			}
		}
	}
}

// resolve makes a reference of the page an address as Canonical writes it.
func (d *document) resolve(ref string) (string, bool) {
	if strings.TrimSpace(ref) == "" {
		return "", false
	}
	abs, err := archiver.Resolve(d.base, ref)
	return abs, err == nil
}
