package extract

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// This file finds the captions that are not marked as such. Rules: a block that is named a caption or a credit, or any text in a
// figure, becomes the figcaption of the picture that it stands with; without a picture it captions nothing and goes. So the author's
// captions stay with the pictures, and out of the sentences.

const (
	// longestCaption is the weight of the longest caption; what is longer is text beside a picture.
	longestCaption = 600
	// captionDepth is how many boxes may stand between a picture and its caption.
	captionDepth = 4
)

func (o *outline) setCaptions() {
	for i := 0; i < len(o.parts); i++ {
		p := &o.parts[i]
		switch {
		case p.gone, p.caption, p.solid, p.weight == 0, p.weight > longestCaption, p.parent < 0:
			continue
		case p.images > 0 && p.node.DataAtom != atom.Figure, p.node.DataAtom == atom.Table:
			continue
		}
		if p.node.DataAtom == atom.Figure {
			if p.images > 0 && !o.holdsWork(i) && p.end-i <= manyParts && p.node.FirstChild != nil {
				o.captionFigure(i)
			}
			continue
		}
		named := o.isCaption(p.node)
		if !named && !(p.weight < labelWeight/2 && o.isUnit(i) && (p.node.DataAtom != atom.P || o.pictureOf(i) >= 0) && creditLine.MatchString(o.textOf(i))) {
			continue
		}
		if w := o.pictureOf(i); w >= 0 {
			o.setCaption(w, i)
		} else if named && !o.pure && float64(p.prose) < shortTail*float64(o.prose) {
			o.cut(i, "a caption without a picture")
		} else if (named || p.node.DataAtom != atom.P) && p.weight < labelWeight/4 {
			o.cut(i, "a credit without a picture")
		}
	}
}

// captionFigure makes all text in a figure its caption.
func (o *outline) captionFigure(w int) {
	for i := w + 1; i < o.parts[w].end; i++ {
		if p := &o.parts[i]; !p.gone && !p.caption && p.weight > 0 && p.images == 0 && (p.blocks == 0 || o.isUnit(i)) {
			o.setCaption(w, i)
			i = p.end - 1
		}
	}
}

// pictureOf is the box around a caption that holds a picture and nothing else of weight, or -1.
func (o *outline) pictureOf(i int) int {
	for n, w := 0, o.parts[i].parent; n < captionDepth && w >= 0 && o.parts[w].parent >= 0; n, w = n+1, o.parts[w].parent {
		box := &o.parts[w]
		if o.parts[w].end-w > manyParts || box.weight > 2*o.parts[i].weight+labelWeight || box.images > 1 && !isBox(box.node) {
			return -1
		}
		if box.images == 0 {
			continue
		}
		if box.node.DataAtom == atom.Figure || isBox(box.node) && box.node.DataAtom != atom.Article && box.node.DataAtom != atom.Section {
			return w
		}
		return -1
	}
	return -1
}

// setCaption makes part i the caption of the picture in part w, or the end of the caption that it has.
func (o *outline) setCaption(w, i int) {
	p, figure := &o.parts[i], o.parts[w].node
	if o.s.trace != nil {
		o.s.trace.note("trim", "a caption: %s", shorten(o.textOf(i), quoteLength))
	}
	remove(p.node)
	rename(figure, atom.Figure)
	if has := firstElement(figure, "figcaption"); has != nil {
		has.AppendChild(newText(" "))
		rename(p.node, atom.Span)
		has.AppendChild(p.node)
	} else {
		rename(p.node, atom.Figcaption)
		figure.AppendChild(p.node)
	}
	for c := i; c < p.end; c++ {
		o.parts[c].caption = true
	}
	prose := p.prose
	o.prose -= prose
	for up := i; up >= 0; up = o.parts[up].parent {
		o.parts[up].prose -= prose
	}
}

func rename(n *html.Node, kind atom.Atom) { n.DataAtom, n.Data = kind, kind.String() }

// isCaption reports whether an element is named a caption or a credit.
func (o *outline) isCaption(n *html.Node) bool {
	class := attrOf(n, "class")
	if len(class) > longestNames {
		return false
	}
	for name := range strings.FieldsSeq(class) {
		if o.nameOf(name).caption {
			return true
		}
	}
	return false
}

func captionWord(name string) bool {
	var buf [8]string
	words := splitName(name, buf[:0])
	if len(words) == 0 || stateWords[words[0]] {
		return false
	}
	for _, word := range words {
		switch word {
		case "caption", "captions", "figcaption", "cutline", "newscaption", "imagecaption", "credit", "credits", "photocredit", "imagecredit", "legende", "bildunterschrift":
			return true
		}
	}
	return false
}
