package extract

import (
	"strconv"
	"strings"

	"golang.org/x/net/html"
)

// mergeParts joins the clean trees of an article's pages to one. It takes the parts' children; ids stay unique, and the notes
// of all parts come last, numbered through.
func mergeParts(parts []*html.Node) *html.Node {
	root := &html.Node{Type: html.DocumentNode}
	var section *html.Node
	seen := map[string]bool{}
	count := 0
	for i, part := range parts {
		rename := map[string]string{}
		shift := count
		for n := range part.Descendants() {
			id := attrOf(n, "id")
			if id == "" {
				continue
			}
			fresh := id
			if number, ok := strings.CutPrefix(id, "fn-"); ok && n.Data == "li" {
				fresh = "fn-" + shifted(number, shift)
				count++
			} else if number, ok := strings.CutPrefix(id, "fnref-"); ok && hasClass(n, "footnote-ref") {
				fresh = "fnref-" + shifted(number, shift)
			}
			for k := i + 1; seen[fresh]; k++ {
				fresh = id + "-" + strconv.Itoa(k)
			}
			seen[fresh] = true
			rename[id] = fresh
		}
		for n := range part.Descendants() {
			for j := range n.Attr {
				switch a := &n.Attr[j]; {
				case a.Key == "id":
					a.Val = rename[a.Val]
				case a.Key == "href" && strings.HasPrefix(a.Val, "#") && rename[a.Val[1:]] != "":
					a.Val = "#" + rename[a.Val[1:]]
				}
			}
			if hasClass(n, "footnote-ref") && shift > 0 && n.FirstChild != nil {
				n.FirstChild.Data = shifted(n.FirstChild.Data, shift)
			}
		}
		for c := part.FirstChild; c != nil; c = part.FirstChild {
			part.RemoveChild(c)
			if c.Data == "section" && hasClass(c, "footnotes") && c.FirstChild != nil {
				if section != nil {
					adopt(section.FirstChild, c.FirstChild)
				} else {
					section = c
				}
				continue
			}
			root.AppendChild(c)
		}
	}
	if section != nil {
		root.AppendChild(section)
	}
	return root
}

// shifted adds to the number that a footnote's id begins with.
func shifted(number string, by int) string {
	head, tail, more := strings.Cut(number, "-")
	n, err := strconv.Atoi(head)
	if err != nil {
		return number
	}
	head = strconv.Itoa(n + by)
	if more {
		return head + "-" + tail
	}
	return head
}
