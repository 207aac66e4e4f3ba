package extract

import (
	"net/url"
	"path"
	"strings"

	"golang.org/x/net/html"
)

// embed writes what a page embeds from elsewhere as a link in a paragraph of its own.
func (c *cleaner) embed(n *html.Node) {
	src := ""
	for _, key := range []string{"src", "data-src", "data-lazy-src", "data-original", "data", "data-litespeed-src"} {
		if src = strings.TrimSpace(attrOf(n, key)); src != "" && !strings.HasPrefix(src, "about:") && !strings.HasPrefix(src, "data:") {
			break
		}
	}
	if src == "" {
		for d := range n.Descendants() {
			if src = attrOf(d, "src"); src != "" && (d.Data == "source" || d.Data == "embed") {
				break
			}
		}
	}
	if src == "" || isTracker(n) || isAdvert(src) {
		return
	}
	// WordPress shows the post that it embeds as a quote, and the frame beside it again.
	if hasClass(n, "wp-embedded-content") {
		if prev := elementBefore(n); prev != nil && hasClass(prev, "wp-embedded-content") {
			return
		}
	}
	c.embedLink(src, firstOf(tidyText(attrOf(n, "title")), tidyText(attrOf(n, "aria-label"))))
}

// embedLink writes a link in a paragraph of its own; where it has no title, by the name of the file or the host.
func (c *cleaner) embedLink(src, title string) {
	address, ok := c.address(src)
	if !ok || strings.HasPrefix(address, "#") {
		return
	}
	if title == "" {
		if u, err := url.Parse(address); err == nil {
			title = strings.TrimPrefix(u.Hostname(), "www.")
			if base := path.Base(u.Path); path.Ext(base) != "" && !strings.HasSuffix(base, ".html") && !strings.HasSuffix(base, ".php") {
				title = base
			}
		}
	}
	c.paragraph()
	c.begin("a", html.Attribute{Key: "href", Val: address})
	c.text(title)
	c.end()
	c.divide()
}

var advertHosts = []string{"googlesyndication.", "doubleclick.", "googletagmanager.", "amazon-adsystem.", "pos.baidu.", "adservice."}

func isAdvert(src string) bool {
	for _, host := range advertHosts {
		if strings.Contains(src, host) {
			return true
		}
	}
	return false
}
