package extract

import (
	"strconv"
	"strings"

	"golang.org/x/net/html"
)

func (c *cleaner) list(n *html.Node) {
	name := "ul"
	var attr []html.Attribute
	if n.Data == "ol" {
		name = "ol"
		if start, err := strconv.Atoi(attrOf(n, "start")); err == nil && start != 1 {
			attr = append(attr, html.Attribute{Key: "start", Val: strconv.Itoa(start)})
		}
		if hasAttr(n, "reversed") {
			attr = append(attr, html.Attribute{Key: "reversed", Val: "reversed"})
		}
	}
	c.block(name, n, attr...)
}

func (c *cleaner) item(n *html.Node) {
	var attr []html.Attribute
	if value, err := strconv.Atoi(attrOf(n, "value")); err == nil {
		attr = append(attr, html.Attribute{Key: "value", Val: strconv.Itoa(value)})
	}
	if class := taskClass(n); class != "" {
		attr = append(attr, html.Attribute{Key: "class", Val: class})
	}
	c.endParagraph()
	c.closeImplied()
	if c.host().kind == listHost {
		c.block("li", n, attr...)
		return
	}
	// An item without a list makes one, which the items that follow it join.
	if prev := elementBefore(n); prev != nil && prev.Data == "li" {
		if l := c.host().node.LastChild; l != nil && l.Data == "ul" {
			c.hosts = append(c.hosts, host{node: l, kind: listHost})
			c.block("li", n, attr...)
			c.close("ul")
			return
		}
	}
	if !c.open("ul") {
		c.unwrapped(n)
		return
	}
	c.block("li", n, attr...)
	c.close("ul")
}

// taskClass is the mark of an item that begins with a check box.
func taskClass(n *html.Node) string {
	if hasClass(n, "task") {
		if hasClass(n, "done") {
			return "task done"
		}
		return "task"
	}
	for d := range n.Descendants() {
		switch {
		case d.Type == html.TextNode && strings.TrimSpace(d.Data) != "", d.Data == "li":
			return ""
		case d.Data == "input" && d.Type == html.ElementNode && strings.EqualFold(attrOf(d, "type"), "checkbox"):
			if hasAttr(d, "checked") {
				return "task done"
			}
			return "task"
		}
	}
	return ""
}

// termList writes a list of terms, or a gallery of the kind that old themes make of one.
func (c *cleaner) termList(n *html.Node) {
	if !hasClass(n, "gallery-item") {
		c.block("dl", n, langOf(n)...)
		return
	}
	if !c.open("figure") {
		c.unwrapped(n)
		return
	}
	for child := n.FirstChild; child != nil; child = child.NextSibling {
		if child.Data == "dd" {
			c.block("figcaption", child)
		} else {
			c.children(child)
		}
	}
	c.closeFigure()
}

// figure writes a figure where there is something to caption, and what is in it alone where there is not.
func (c *cleaner) figure(n *html.Node) {
	if !c.open("figure", langOf(n)...) {
		c.unwrapped(n)
		return
	}
	c.children(n)
	c.closeFigure()
}

func (c *cleaner) closeFigure() {
	c.endParagraph()
	figure := c.host().node
	c.close("figure")
	if figure.Parent == nil {
		return
	}
	// The blocks of a figure without a caption are blocks like others.
	onlyImages := firstElement(figure, "img") != nil
	for child := figure.FirstChild; child != nil; child = child.NextSibling {
		if child.Data == "figcaption" {
			return
		}
		onlyImages = onlyImages && (isInline(child) || child.Data == "p")
	}
	if onlyImages {
		return
	}
	dissolve(figure, figure)
}

// dissolve puts what is in content in the place of n, as blocks.
func dissolve(n, content *html.Node) {
	var p *html.Node
	for child := content.FirstChild; child != nil; child = content.FirstChild {
		content.RemoveChild(child)
		if !isInline(child) {
			p = nil
			n.Parent.InsertBefore(child, n)
			continue
		}
		if p == nil {
			p = newElement("p")
			n.Parent.InsertBefore(p, n)
		}
		p.AppendChild(child)
	}
	n.Parent.RemoveChild(n)
}
