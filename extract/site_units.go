package extract

import (
	"cmp"
	"slices"
	"strings"

	"archiver"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// This file takes the text of a page apart into what is compared between the pages of a site. Rules: a paragraph and a heading are
// one unit each, a list, a table and a quotation are one with all that is in them; white space does not tell two units apart;
// an image is part of the text by its address; code is the page's own.

// unit is a text of a page that is the same on another page, or not, as a whole.
type unit struct {
	block          int
	hash           archiver.TextHash // 0 for none: code, or too little to tell
	weight, linked int               // weight of the text, and of that in links to other pages
	media          bool              // a video, a frame, a formula: not compared, and never cut
}

const (
	// leastUnit is the weight from which a text is compared: two Han characters.
	leastUnit = 4
	// maxInner is how many blocks a list or table may hold to be one unit; a layout made of tables has more.
	maxInner = 60
)

// units are the texts from block from on, in the order of the page. Blocks without text give none.
func (s *survey) units(from int) []unit {
	var all []unit
	for i := from; i < s.blocks[from].end; i++ {
		b := &s.blocks[i]
		whole := isWhole(b.node) && b.end-i <= maxInner
		r := unitReader{hash: fnvOffset}
		r.children(b.node, whole, false)
		u := unit{block: i, weight: r.weight, linked: r.linked, media: r.media}
		if r.weight >= leastUnit && !r.media {
			u.hash = archiver.TextHash(r.hash)
		}
		if u.weight > 0 || u.media {
			all = append(all, u)
		}
		if whole {
			i = b.end - 1
		}
	}
	return all
}

// unitsOf is units, from those of the whole page where they were read.
func (r *articlePage) unitsOf(from int) []unit {
	if r.texts == nil {
		return r.units(from)
	}
	for i := r.blocks[from].parent; i > r.root; i = r.blocks[i].parent {
		if isWhole(r.blocks[i].node) {
			return r.units(from) // it may be one text with what is around it
		}
	}
	at := func(block int) int {
		i, _ := slices.BinarySearchFunc(r.texts, block, func(u unit, block int) int { return cmp.Compare(u.block, block) })
		return i
	}
	return r.texts[at(from):at(r.blocks[from].end)]
}

// isWhole reports whether an element is one text, whatever blocks are in it.
func isWhole(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Ul, atom.Ol, atom.Dl, atom.Table, atom.Blockquote, atom.Figure, atom.Pre:
		return true
	}
	return false
}

const (
	fnvOffset = 0xcbf29ce484222325
	fnvPrime  = 0x100000001b3
	// imageWeight is what an image counts as text.
	imageWeight = 4
)

type unitReader struct {
	hash           uint64
	weight, linked int
	media          bool
}

func (r *unitReader) children(n *html.Node, whole, link bool) {
	if n.DataAtom == atom.Pre {
		r.media = true
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		r.node(c, whole, link)
	}
}

func (r *unitReader) node(n *html.Node, whole, link bool) {
	switch n.Type {
	case html.TextNode:
		w := weigh(n.Data)
		r.weight += w
		if link {
			r.linked += w
		}
		r.text(n.Data)
		return
	case html.ElementNode:
	default:
		return
	}
	switch n.DataAtom {
	case atom.Script, atom.Style, atom.Noscript, atom.Template, atom.Select, atom.Textarea, atom.Button, atom.Meta, atom.Link, atom.Title:
		return
	case atom.Iframe, atom.Video, atom.Audio, atom.Object, atom.Math, atom.Canvas, atom.Svg, atom.Embed:
		r.media = r.media || n.DataAtom != atom.Svg
		r.weight++
		return
	case atom.Img:
		r.weight += imageWeight
		r.text(imageSource(n))
		return
	case atom.A:
		link = leads(attrOf(n, "href"))
	}
	if isBlock(n) && !whole {
		return
	}
	r.children(n, whole, link)
}

// leads reports whether a link leads away from its page.
func leads(href string) bool { return href != "" && !strings.HasPrefix(href, "#") }

// text takes in a text without its white space.
func (r *unitReader) text(s string) {
	for i := 0; i < len(s); i++ {
		if c := s[i]; c > ' ' {
			r.hash = (r.hash ^ uint64(c)) * fnvPrime
		}
	}
}
