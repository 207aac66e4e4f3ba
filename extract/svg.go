package extract

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/unicode"
)

// This file cleans pictures that are drawn by elements (SVG). They are documents: they may hold scripts, pages, forms and addresses
// that tell on the reader. Rules: what is written is well-formed XML of the names in svg_names.go and of nothing else; an
// element that is not allowed goes with all that is in it, links aside; nothing refers to anything outside of the file;
// cleaning it again changes nothing.

const (
	// maxSVG is how long a drawing is at most: plots with ten thousand points stay below it. Larger ones bring readers down.
	maxSVG = 4 << 20
	// maxSVGDepth is how deep its elements nest at most; drawing programs stay below 30.
	maxSVGDepth = 100
	// maxSVGElements bounds its elements, those that are shown again by reference counted each time: references to references make
	// a billion of a few lines.
	maxSVGElements = 200_000

	nsSVG   = "http://www.w3.org/2000/svg"
	nsXLink = "http://www.w3.org/1999/xlink"
	nsXML   = "http://www.w3.org/XML/1998/namespace"
)

// textOfSVG is the text of a drawing; ok is false where the file is none.
func textOfSVG(raw []byte) (text []byte, ok bool) {
	text = raw
	if bytes.HasPrefix(raw, []byte("\xff\xfe")) || bytes.HasPrefix(raw, []byte("\xfe\xff")) {
		decoded, err := unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM).NewDecoder().Bytes(raw[:min(len(raw), 2*maxSVG)])
		if err != nil {
			return nil, false
		}
		text = decoded
	}
	text = bytes.TrimSpace(bytes.TrimPrefix(text, []byte("\xef\xbb\xbf")))
	if !bytes.HasPrefix(text, []byte("<")) || !bytes.Contains(text[:min(len(text), 64<<10)], []byte("svg")) {
		return nil, false
	}
	if !utf8.Valid(text) {
		text = bytes.ToValidUTF8(text, []byte("\ufffd"))
	}
	d := svgDecoder(text)
	for {
		t, err := d.Token()
		if err != nil {
			return nil, false
		}
		if start, isStart := t.(xml.StartElement); isStart {
			return text, isSVG(start.Name) && start.Name.Local == "svg"
		}
	}
}

// svgDecoder forgives unknown entities, which many drawing programs define for their own namespaces. They stay as text.
func svgDecoder(text []byte) *xml.Decoder {
	d := xml.NewDecoder(bytes.NewReader(text))
	d.Strict = false
	d.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil } // it is UTF-8 by now
	return d
}

// isSVG reports whether a name is one of SVG, in a file that says so or in one that forgot to.
func isSVG(name xml.Name) bool {
	return name.Space == nsSVG || name.Space == "" || name.Space == "&ns_svg;" || name.Space == "svg"
}

// cleanSVG writes a drawing anew.
func cleanSVG(text []byte) ([]byte, error) {
	if len(text) > maxSVG {
		return nil, fmt.Errorf("a drawing of %d MB; %d MB is the most", len(text)>>20, maxSVG>>20)
	}
	root, err := readSVG(text)
	if err != nil {
		return nil, err
	}
	if root == nil {
		return nil, errBroken
	}
	if !bounded(root) {
		return nil, errSVGElements
	}
	var b bytes.Buffer
	root.write(&b, true)
	b.WriteByte('\n')
	return b.Bytes(), nil
}

// svgNode is an element of a drawing that may stay, or a text where name is empty.
type svgNode struct {
	name string
	attr []xml.Attr // by their names of the output: "xlink:href"
	text string
	in   []*svgNode
}

var (
	errSVGDepth    = fmt.Errorf("a drawing that nests deeper than %d elements", maxSVGDepth)
	errSVGElements = fmt.Errorf("a drawing of more than %d elements", maxSVGElements)
)

// readSVG builds the tree of what may stay.
func readSVG(text []byte) (*svgNode, error) {
	d := svgDecoder(text)
	var root *svgNode
	var open []*svgNode // nil for a link, whose content goes to the element around it
	dropped, elements := 0, 0
	around := func() *svgNode {
		for i := len(open) - 1; i >= 0; i-- {
			if open[i] != nil {
				return open[i]
			}
		}
		return nil
	}
	for {
		t, err := d.Token()
		switch {
		case err == io.EOF:
			return root, nil
		case err != nil && d.InputOffset() >= int64(len(text)):
			return nil, errCutShort
		case err != nil:
			return nil, errors.New("a drawing that is no XML")
		}
		switch t := t.(type) {
		case xml.StartElement:
			if elements++; elements > maxSVGElements {
				return nil, errSVGElements
			}
			if len(open)+dropped >= maxSVGDepth {
				return nil, errSVGDepth
			}
			outer := around()
			switch {
			case dropped > 0 || root != nil && len(open) == 0:
				dropped++
			case isSVG(t.Name) && t.Name.Local == "a" && outer != nil:
				open = append(open, nil)
			case !isSVG(t.Name) || !svgElements[t.Name.Local] || outer != nil && svgTexts[outer.name] || root == nil && t.Name.Local != "svg":
				dropped++
			default:
				e := &svgNode{name: t.Name.Local, attr: svgAttributes(t)}
				if svgAnimates[e.name] && !animatesSafely(e) {
					dropped++
					continue
				}
				if root == nil {
					root = e
				} else {
					outer.in = append(outer.in, e)
				}
				open = append(open, e)
			}
		case xml.EndElement:
			if dropped > 0 {
				dropped--
			} else if len(open) > 0 {
				open = open[:len(open)-1]
			}
		case xml.CharData:
			if outer := around(); dropped == 0 && outer != nil && (svgTexts[outer.name] || svgWords[outer.name]) {
				outer.addText(string(t))
			}
		}
	}
}

// addText adds to the text at the end of an element.
func (e *svgNode) addText(text string) {
	if n := len(e.in); n > 0 && e.in[n-1].name == "" {
		e.in[n-1].text += text
		return
	}
	e.in = append(e.in, &svgNode{text: text})
}

// bounded reports whether a drawing shows no more elements than it may, references followed.
func bounded(root *svgNode) bool {
	named := map[string]*svgNode{}
	var name func(e *svgNode)
	name = func(e *svgNode) {
		for _, a := range e.attr {
			if a.Name.Local == "id" && named[a.Value] == nil {
				named[a.Value] = e
			}
		}
		for _, in := range e.in {
			name(in)
		}
	}
	name(root)
	counts := map[*svgNode]int{}
	var count func(e *svgNode) int
	count = func(e *svgNode) int {
		if n, known := counts[e]; known {
			return n // 1 within itself: a circle is not drawn
		}
		counts[e] = 1
		n := 1
		for _, a := range e.attr {
			if to := named[strings.TrimPrefix(a.Value, "#")]; to != nil && a.Name.Local == "xlink:href" {
				n = min(n+count(to), maxSVGElements+1)
			}
		}
		for _, in := range e.in {
			n = min(n+count(in), maxSVGElements+1)
		}
		counts[e] = n
		return n
	}
	return count(root) <= maxSVGElements
}

func (e *svgNode) write(b *bytes.Buffer, root bool) {
	if e.name == "" {
		escapeXMLText.WriteString(b, e.text)
		return
	}
	b.WriteString("<" + e.name)
	if root {
		b.WriteString(` xmlns="` + nsSVG + `" xmlns:xlink="` + nsXLink + `"`)
	}
	for _, a := range e.attr {
		b.WriteString(" " + a.Name.Local + `="`)
		escapeXMLValue.WriteString(b, a.Value)
		b.WriteByte('"')
	}
	if e.name == "style" {
		e.in = cleanSheet(e.in)
	}
	if len(e.in) == 0 {
		b.WriteString("/>")
		return
	}
	b.WriteByte('>')
	for _, in := range e.in {
		in.write(b, false)
	}
	b.WriteString("</" + e.name + ">")
}

// What the decoder read is of characters that XML may hold.
var (
	escapeXMLText  = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "\r", "&#xD;")
	escapeXMLValue = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "\r", "&#xD;", "\n", "&#xA;", "\t", "&#x9;")
)
