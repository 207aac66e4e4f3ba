package extract

import (
	"archiver"

	"golang.org/x/net/html"
)

// This file lists the pictures of an article. Rules: what the clean HTML shows is its pictures, in its order, the lead image before
// them; each address once, as archiver.Canonical writes it. So a file in another size, a film's poster or a link to a picture
// that is not the picture's own full size is none: no reader of the article would show it.

// maxPictures bounds the pictures of one article. A photo album has some hundred; more is a page that repeats itself.
const maxPictures = 500

// pictures are the addresses of an article's pictures. lead is its lead image's, which may be empty.
func pictures(tree *html.Node, lead string) []string {
	var urls []string
	seen := map[string]bool{}
	add := func(src string) {
		url, err := archiver.Canonical(src)
		if err != nil || seen[archiver.Key(url)] || len(urls) >= maxPictures {
			return
		}
		seen[archiver.Key(url)] = true
		urls = append(urls, url)
	}
	if lead != "" {
		add(lead)
	}
	for n := range tree.Descendants() {
		if n.Type == html.ElementNode && n.Data == "img" {
			add(attrOf(n, "src"))
		}
	}
	return urls
}
