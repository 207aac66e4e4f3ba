package extract

import (
	"net/url"
	"path"
	"strconv"
	"strings"

	"golang.org/x/net/html"
)

// This file finds the picture that an image element stands for. Rules: the best file that the page names wins; a placeholder
// never does; an image and its copy for browsers without scripts are one image; what is too small to be seen is none.

// sensibleWidth is how wide a file of a srcset need be at most: wider ones are for printing.
const sensibleWidth = 2560

// lazyAttrs hold the real address where src holds a placeholder, most telling first.
var lazyAttrs = []string{
	"data-src", "data-lazy-src", "data-original", "data-original-src", "data-actualsrc", "data-lazy", "data-echo", "data-url", "data-orig-file",
	"data-large-file", "data-full-url", "data-canonical-src", "data-litespeed-src", "data-ll-src", "data-cfsrc", "data-img-src", "lazy-src",
	"file", "zoomfile",
}

var lazySets = []string{"data-srcset", "data-lazy-srcset", "data-original-set", "data-litespeed-srcset"}

// picture is what is known of an image of the page.
type picture struct {
	src  string // absolute; empty where the page names no file
	firm bool   // src is not just what a placeholder may be
	alt  string
	attr []html.Attribute
}

// image writes an image element.
func (c *cleaner) image(n *html.Node) {
	img := n
	if n.Data == "picture" {
		if img = firstElement(n, "img", "amp-img"); img == nil {
			if img = firstElement(n, "source"); img == nil {
				return
			}
		}
	}
	if isTracker(img) || isHidden(img) {
		return
	}
	if alt := attrOf(img, "alt"); isEmoji(img) && alt != "" {
		c.text(alt)
		return
	}
	p := c.picture(img)
	if !p.firm {
		p = c.copyBeside(n, p)
	}
	if p.src == "" {
		c.inline(img, p.alt)
		return
	}
	c.writePicture(p)
}

// inlineSize is how long an address that holds an image itself is at least: shorter ones are placeholders.
const inlineSize = 400

// inline writes what an image shows that the page carries in itself; docs/decisions/009-inline-images.md says why.
func (c *cleaner) inline(n *html.Node, alt string) {
	if src := attrOf(n, "src"); alt != "" && len(src) > inlineSize && strings.HasPrefix(src, "data:image/") {
		c.begin("em")
		c.text(alt)
		c.end()
	}
}

func (c *cleaner) writePicture(p picture) {
	if p.src == "" {
		return
	}
	c.leaf(newElement("img", p.attributes()...))
}

func (p picture) attributes() []html.Attribute {
	return append([]html.Attribute{{Key: "src", Val: p.src}, {Key: "alt", Val: p.alt}}, p.attr...)
}

// imageLink writes an image that is linked to its own full size as that file alone. It reports whether it was such a link.
func (c *cleaner) imageLink(n *html.Node, href string) bool {
	full, ok := c.resolve(href)
	if !ok || !isImageFile(full) {
		return false
	}
	p := c.picture(n)
	if p.src != "" && p.firm && stem(p.src) != stem(full) || isTracker(n) {
		return false
	}
	p.src, p.firm = full, true
	c.writePicture(p)
	return true
}

// picture reads an img element.
func (c *cleaner) picture(n *html.Node) picture {
	p := picture{alt: tidyText(attrOf(n, "alt"))}
	if title := tidyText(attrOf(n, "title")); title != "" && title != p.alt {
		p.attr = append(p.attr, html.Attribute{Key: "title", Val: title})
	}
	w, h := size(n, "width"), size(n, "height")
	if w > 0 && h > 0 {
		p.attr = append(p.attr, html.Attribute{Key: "width", Val: strconv.Itoa(w)}, html.Attribute{Key: "height", Val: strconv.Itoa(h)})
	}
	own, ownOK := c.file(attrOf(n, "src"))
	for _, key := range lazyAttrs {
		if src, ok := c.file(attrOf(n, key)); ok {
			p.src, p.firm = src, true
			break
		}
	}
	if !p.firm && ownOK {
		p.src, p.firm = own, !mayBePlaceholder(n)
	}
	sets := lazySets
	if !p.firm || ownOK {
		sets = append([]string{"srcset"}, lazySets...)
	}
	for _, key := range sets {
		if src, ok := c.bestOf(attrOf(n, key)); ok && (!p.firm || stem(src) == stem(p.src)) {
			p.src, p.firm = src, true
		}
	}
	if !p.firm && n.Parent != nil && n.Parent.Data == "picture" {
		if src, ok := c.fromSources(n.Parent); ok {
			p.src, p.firm = src, true
		}
	}
	if p.src == "" {
		p.src, p.firm = c.otherFile(n)
	}
	return p
}

// otherFile is the image file that an attribute names which only one theme has, for an image without a file of its own; then what
// is named like a placeholder, where nothing is there to come in its place.
func (c *cleaner) otherFile(n *html.Node) (string, bool) {
	lazy := strings.Contains(attrOf(n, "class"), "lazy")
	for i := range n.Attr {
		a := &n.Attr[i]
		if a.Key == "src" || a.Key == "srcset" || !strings.HasPrefix(a.Key, "data-") && !strings.HasSuffix(a.Key, "src") {
			continue
		}
		if src, ok := c.file(a.Val); ok && isImageFile(src) {
			return src, true
		}
		lazy = true
	}
	if lazy || attrOf(n, "alt") == "" || attrOf(n, "srcset") != "" {
		return "", false
	}
	if beside := elementAfter(n); beside != nil && beside.Data == "noscript" {
		return "", false
	}
	ref := strings.TrimSpace(attrOf(n, "src"))
	if ref == "" || strings.ContainsAny(ref, "{}\"<>") {
		return "", false
	}
	if abs, ok := c.resolve(ref); ok && ambiguousName.MatchString(fileName(abs)) && abs != c.page {
		return abs, true
	}
	return "", false
}

// ambiguousName is of a file that may be a placeholder, or show what it is named for.
var ambiguousName = expr(`(?i)(?:loading|loader|lazy|pixel|gr[ea]y|dot|clear|space|empty|load)[-_]?\d{0,3}\.(?:png|jpe?g|webp)$`)

// fromSources is the best file of a picture's sources; common formats before new ones.
func (c *cleaner) fromSources(n *html.Node) (string, bool) {
	best, rank := "", 0
	for s := n.FirstChild; s != nil; s = s.NextSibling {
		if s.Data != "source" {
			continue
		}
		r := 3
		switch typ := attrOf(s, "type"); {
		case strings.Contains(typ, "avif"):
			r = 1
		case strings.Contains(typ, "webp"):
			r = 2
		}
		if r <= rank {
			continue
		}
		for _, key := range append([]string{"srcset", "src"}, lazySets...) {
			if src, ok := c.bestOf(attrOf(s, key)); ok {
				best, rank = src, r
				break
			}
		}
	}
	return best, best != ""
}

// copyBeside looks for the image in the noscript element beside it, where src may be a placeholder.
func (c *cleaner) copyBeside(n *html.Node, p picture) picture {
	for _, beside := range []*html.Node{elementAfter(n), elementBefore(n)} {
		if beside == nil || beside.Data != "noscript" {
			continue
		}
		for _, img := range imagesIn(beside) {
			q := c.picture(img)
			if q.src == "" {
				continue
			}
			c.done[beside] = true
			p.src = q.src
			if p.alt == "" {
				p.alt = q.alt
			}
			return p
		}
	}
	return p
}

// noscript writes the images that stand only in it.
func (c *cleaner) noscript(n *html.Node) {
	for _, img := range imagesIn(n) {
		p := c.picture(img)
		if isTracker(img) || p.src == "" || c.hasJust(p.src) {
			continue
		}
		c.writePicture(p)
	}
}

// hasJust reports whether the image was written last, be it in another size.
func (c *cleaner) hasJust(src string) bool {
	n := c.host().node
	for n.LastChild != nil {
		n = n.LastChild
	}
	for n != nil && n.Data != "img" {
		n = n.Parent
	}
	return n != nil && stem(attrOf(n, "src")) == stem(src)
}

// imagesIn are the images of a noscript element, whose content a parser leaves as text.
func imagesIn(n *html.Node) []*html.Node {
	text := textOf(n)
	if !strings.Contains(text, "<img") {
		return nil
	}
	nodes, err := html.ParseFragment(strings.NewReader(text), newElement("div"))
	if err != nil {
		return nil
	}
	var images []*html.Node
	for _, root := range nodes {
		if root.Data == "img" {
			images = append(images, root)
		}
		for d := range root.Descendants() {
			if d.Data == "img" {
				images = append(images, d)
			}
		}
	}
	return images
}

// file is an address that an image can be at; false for none, and for what is surely a placeholder.
func (c *cleaner) file(ref string) (string, bool) {
	ref = strings.TrimSpace(ref)
	if ref == "" || len(ref) > 5 && strings.EqualFold(ref[:5], "data:") || strings.ContainsAny(ref, "{}\"<>") {
		return "", false
	}
	abs, ok := c.resolve(ref)
	if !ok || isPlaceholder(abs) || abs == c.page {
		return "", false
	}
	return abs, true
}

// bestOf is the widest sensible file of a srcset.
func (c *cleaner) bestOf(set string) (string, bool) {
	best, bestSize, ok := "", 0.0, false
	for _, candidate := range splitSet(set) {
		src, found := c.file(candidate.ref)
		if !found {
			continue
		}
		better := candidate.size > bestSize
		if bestSize > sensibleWidth || candidate.size > sensibleWidth {
			better = candidate.size < bestSize && bestSize > sensibleWidth
		}
		if !ok || better {
			best, bestSize, ok = src, candidate.size, true
		}
	}
	return best, ok
}

type candidate struct {
	ref  string
	size float64 // a width, or a density
}

// splitSet reads a srcset: addresses may hold commas, but do not end with one.
func splitSet(set string) []candidate {
	var list []candidate
	fields := strings.Fields(set)
	for i := 0; i < len(fields); i++ {
		ref := strings.TrimLeft(fields[i], ",")
		one := candidate{ref: strings.TrimRight(ref, ","), size: 1}
		if one.ref == "" {
			continue
		}
		if one.ref == ref && i+1 < len(fields) {
			d := strings.TrimRight(fields[i+1], ",")
			if n, err := strconv.ParseFloat(strings.TrimRight(d, "wx"), 64); err == nil && d != "" {
				one.size = n
				i++
			}
		}
		list = append(list, one)
	}
	return list
}

var placeholderName = expr(`(?i)(?:[-_./](?:loading|loader|spinner|placeholder|blank|spacer|transparent|lazyload|lazy|1x1|default-img)` +
	`|/(?:pixel|gr[ea]y|dot|clear|space|empty|load))[-_]?\d{0,3}\.(?:gif|svg|png|jpe?g|webp)$`)

// isPlaceholder reports whether a file is by its name the picture of a picture that is still to come.
func isPlaceholder(address string) bool { return placeholderName.MatchString(fileName(address)) }

// fileName is the last part of an address's path, with the slash before it.
func fileName(address string) string {
	if i := strings.IndexAny(address, "?#"); i >= 0 {
		address = address[:i]
	}
	return address[max(strings.LastIndexByte(address, '/'), 0):]
}

// mayBePlaceholder reports whether an image is loaded by script.
func mayBePlaceholder(n *html.Node) bool {
	return strings.Contains(strings.ToLower(attrOf(n, "class")), "lazy") && !strings.Contains(attrOf(n, "class"), "lazyloaded")
}

// isTracker reports whether an image or frame is too small to be seen.
func isTracker(n *html.Node) bool {
	w, h := size(n, "width"), size(n, "height")
	return (w == 1 || w == 2 || attrOf(n, "width") == "0") && (h == 1 || h == 2 || attrOf(n, "height") == "0")
}

func isEmoji(n *html.Node) bool {
	return hasClass(n, "emoji") || hasClass(n, "wp-smiley") || hasClass(n, "twemoji")
}

// size is a width or height in pixels; 0 where it is none.
func size(n *html.Node, key string) int {
	v, err := strconv.Atoi(strings.TrimSuffix(strings.TrimSpace(attrOf(n, key)), "px"))
	if err != nil || v < 1 || v > 100000 {
		return 0
	}
	return v
}

var imageSuffix = expr(`(?i)\.(?:jpe?g|png|gif|webp|avif|svg|bmp)$`)

// isImageFile reports whether an address ends like an image's.
func isImageFile(address string) bool {
	u, err := url.Parse(address)
	return err == nil && imageSuffix.MatchString(u.Path)
}

var sizeMark = expr(`(?i)(?:[-_]\d{2,5}x\d{2,5}|-scaled|-rotated|@\dx|[-_.](?:thumb|thumbnail|small|medium|large|full|orig|original|min))+$`)

// stem is what the files of one picture in several sizes have in common.
func stem(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	base := path.Base(u.Path)
	base = strings.TrimSuffix(base, path.Ext(base))
	return u.Hostname() + "/" + strings.TrimPrefix(strings.TrimPrefix(sizeMark.ReplaceAllString(base, ""), "thumb_"), "thumb-")
}

// onlyImage is the image that is all there is in an element.
func onlyImage(n *html.Node) *html.Node {
	var image *html.Node
	for d := range n.Descendants() {
		switch {
		case d.Type == html.TextNode && strings.TrimSpace(d.Data) != "" && d.Parent.Data != "noscript":
			return nil
		case d.Type == html.ElementNode && d.Data == "img":
			if image != nil {
				return nil
			}
			image = d
		}
	}
	return image
}

// firstElement is the first element of one of the names below n.
func firstElement(n *html.Node, names ...string) *html.Node {
	for d := range n.Descendants() {
		if d.Type != html.ElementNode {
			continue
		}
		for _, name := range names {
			if d.Data == name {
				return d
			}
		}
	}
	return nil
}
