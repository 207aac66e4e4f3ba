package export

import (
	"bytes"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// This file cuts the chapter of a huge article into several files: readers lay out a whole file before they show its first page.
// A cut is before a block of the outermost level, before a heading where one is near. Links to ids follow into their file.

const (
	// maxPart is the bytes of a chapter's file beyond which it is cut: what old readers lay out without a pause.
	maxPart = 300_000
	// maxBlock is the bytes of a run of text beyond which it is made several blocks, so that a chapter can be cut there.
	maxBlock = 100_000
)

// seam is a place of the body where it may be cut.
type seam struct {
	at      int
	heading bool
}

// mark is an id, or a link to one, and where it stands.
type mark struct {
	at int
	id string
}

// cutBody says where each part ends.
func cutBody(size int, seams []seam) (ends []int) {
	start := 0
	for size-start > maxPart {
		cut, best := 0, 0
		for _, s := range seams {
			switch {
			case s.at <= start:
			case s.at-start > maxPart:
				if cut == 0 {
					cut = s.at // a block that is too large stands by itself
				}
			default:
				cut = s.at
				if s.heading && s.at-start > maxPart/3 {
					best = s.at
				}
			}
			if s.at-start > maxPart && cut != 0 {
				break
			}
		}
		if best != 0 {
			cut = best
		}
		if cut == 0 {
			break
		}
		ends = append(ends, cut)
		start = cut
	}
	return append(ends, size)
}

// partFile is the name of a chapter's file; the first part has the chapter's own.
func partFile(name string, part int) string {
	if part == 0 {
		return name + ".xhtml"
	}
	return name + "_" + strconv.Itoa(part+1) + ".xhtml"
}

// parts are the body in pieces, with its links led to the right ones, and where each id is.
func (x *body) parts(content []byte, name string) (bodies [][]byte, at map[string]string) {
	ends := cutBody(len(content), x.seams)
	part := func(offset int) int {
		n, found := slices.BinarySearch(ends, offset)
		if found {
			n++
		}
		return min(n, len(ends)-1)
	}
	at = map[string]string{}
	for _, m := range x.places {
		at[m.id] = partFile(name, part(m.at))
	}
	if len(ends) == 1 {
		return [][]byte{content}, at
	}
	start := 0
	links := x.links
	for i, end := range ends {
		var b bytes.Buffer
		for len(links) > 0 && links[0].at < end {
			b.Write(content[start:links[0].at])
			if file := at[links[0].id]; file != partFile(name, i) {
				b.WriteString(file)
			}
			start, links = links[0].at, links[1:]
		}
		b.Write(content[start:end])
		start = end
		bodies = append(bodies, b.Bytes())
	}
	return bodies, at
}

// loosen makes several blocks of one that holds nothing but a very long text.
func loosen(nodes []*html.Node) []*html.Node {
	var all []*html.Node
	for _, n := range nodes {
		inner := n
		for inner.Type == html.ElementNode && inner.FirstChild != nil && inner.FirstChild == inner.LastChild && inner.FirstChild.Type == html.ElementNode {
			inner = inner.FirstChild
		}
		text := inner.FirstChild
		if n.Type != html.ElementNode || n.DataAtom != atom.P && n.DataAtom != atom.Pre ||
			text == nil || text != inner.LastChild || text.Type != html.TextNode || len(text.Data) <= maxBlock {
			all = append(all, n)
			continue
		}
		for i, run := range runs(text.Data, n.DataAtom == atom.Pre) {
			all = append(all, shell(n, run, i == 0))
		}
	}
	return all
}

// shell is the block with another text.
func shell(n *html.Node, text string, first bool) *html.Node {
	copied := &html.Node{Type: n.Type, Data: n.Data, DataAtom: n.DataAtom, Namespace: n.Namespace}
	if n.Type == html.TextNode {
		copied.Data = text
		return copied
	}
	for _, a := range n.Attr {
		if first || a.Key != "id" {
			copied.Attr = append(copied.Attr, a)
		}
	}
	copied.AppendChild(shell(n.FirstChild, text, first))
	return copied
}

// runs cuts a text at ends of lines, or of sentences and words; where there are none, between characters.
func runs(text string, lines bool) (all []string) {
	for len(text) > maxBlock {
		cut := strings.LastIndexByte(text[:maxBlock], '\n')
		skip := 1
		if !lines || cut <= 0 {
			skip = 0
			cut = strings.LastIndexAny(text[:maxBlock], "。 \n")
			if cut > maxBlock/2 {
				cut++
				for cut < len(text) && text[cut]&0xc0 == 0x80 {
					cut++
				}
			} else {
				for cut = maxBlock; cut > 0 && text[cut]&0xc0 == 0x80; cut-- {
				}
			}
		}
		all = append(all, text[:cut])
		text = text[cut+skip:]
	}
	return append(all, text)
}
