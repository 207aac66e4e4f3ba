package extract

import (
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// link writes a link where it leads somewhere: to a web address, a mailbox or a place of this article.
func (c *cleaner) link(n *html.Node) {
	href := attrOf(n, "href")
	if isHeading(c.host().node) && isPermalink(n, href) {
		return
	}
	if img := onlyImage(n); img != nil && c.imageLink(img, href) {
		return
	}
	address, ok := c.address(href)
	if !ok {
		c.begin("")
	} else {
		c.begin("a", append([]html.Attribute{{Key: "href", Val: address}}, titleOf(n)...)...)
	}
	c.children(n)
	c.end()
}

// address is the href of a link in the tree.
func (c *cleaner) address(href string) (string, bool) {
	if id, ok := c.fragment(href); ok {
		return "#" + id, true
	}
	href = strings.TrimSpace(href)
	if len(href) > 7 && strings.EqualFold(href[:7], "mailto:") {
		u, err := url.Parse(href)
		if err != nil || !strings.Contains(u.Opaque, "@") {
			return "", false
		}
		return u.String(), true
	}
	if strings.HasPrefix(href, "#") {
		return "", false
	}
	abs, ok := c.resolve(href)
	if !ok {
		return "", false
	}
	if u, err := url.Parse(href); err == nil && u.Fragment != "" {
		abs += "#" + u.EscapedFragment()
	}
	return abs, true
}

// fixLinks leads the links within the article to where their places came to be, and unwraps those that have none. Ids that no
// link leads to go.
func (c *cleaner) fixLinks(root *html.Node) {
	ids, used := map[string]*html.Node{}, map[string]bool{}
	var links, pictures []*html.Node
	for n := range root.Descendants() {
		if id := attrOf(n, "id"); id != "" {
			ids[id] = n
		}
		if n.Data != "a" {
			continue
		}
		if href := attrOf(n, "href"); strings.HasPrefix(href, "#") {
			links = append(links, n)
		} else if isImageFile(href) {
			pictures = append(pictures, n)
		}
	}
	for _, n := range pictures {
		showFull(n)
	}
	for _, n := range links {
		for i := range n.Attr {
			if a := &n.Attr[i]; a.Key == "href" {
				id := a.Val[1:]
				if own, ok := c.alias[id]; ok {
					id = own
				}
				a.Val = "#" + id
				used[id] = true
				if ids[id] == nil {
					unwrap(n)
					break
				}
			}
		}
	}
	for id, n := range ids {
		if !used[id] {
			n.Attr = slices.DeleteFunc(n.Attr, func(a html.Attribute) bool { return a.Key == "id" })
		}
	}
}

// showFull puts the full size of an image in the place of a link to it. Links of the page are read so too, but one that is not
// closed holds only an image once its blocks are written apart.
func showFull(a *html.Node) {
	img, full := onlyImage(a), attrOf(a, "href")
	if img == nil || stem(attrOf(img, "src")) != stem(full) {
		return
	}
	for i := range img.Attr {
		if img.Attr[i].Key == "src" {
			img.Attr[i].Val = full
		}
	}
	img.Parent.RemoveChild(img)
	a.Parent.InsertBefore(img, a)
	a.Parent.RemoveChild(a)
}

// unwrap puts what is in n in its place.
func unwrap(n *html.Node) {
	for child := n.FirstChild; child != nil; child = n.FirstChild {
		n.RemoveChild(child)
		if prev := n.PrevSibling; child.Type == html.TextNode && prev != nil && prev.Type == html.TextNode {
			prev.Data += child.Data
			continue
		}
		n.Parent.InsertBefore(child, n)
	}
	prev, next := n.PrevSibling, n.NextSibling
	n.Parent.RemoveChild(n)
	if prev != nil && next != nil && prev.Type == html.TextNode && next.Type == html.TextNode {
		prev.Data += next.Data
		next.Parent.RemoveChild(next)
	}
}

var permalinkText = expr(`^[#¶§🔗⚓∞\s\x{200b}\x{fe0f}\x{f0c1}]*$`)

// isPermalink reports whether a link in a heading is only there to link to the heading.
func isPermalink(n *html.Node, href string) bool {
	if !strings.Contains(href, "#") && href != "" {
		return false
	}
	return permalinkText.MatchString(textOf(n)) && onlyImage(n) == nil || isForMachines(n)
}
