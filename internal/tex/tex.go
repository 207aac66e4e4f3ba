// Package tex turns the TeX of a formula, as blogs write it for MathJax and KaTeX, into presentation MathML that EPUB readers and
// browsers take. A formula is understood whole or not at all: a reader is better served by its TeX than by a part of it.
//
// The way of a formula: tokens (lexer.go, macros.go), nodes of MathML with TeX's classes (parser.go, command.go, environment.go,
// text.go, symbols.go, alphabet.go), the space between them (spacing.go), characters (write.go).
package tex

import (
	"strings"
	"unicode/utf8"
)

const (
	maxSource     = 64 << 10 // bytes of a formula; the longest one seen in a blog has 6 KB
	maxDepth      = 60       // of nested groups
	maxExpansions = 2000     // of macros; beyond that one calls itself
	maxTokens     = 64 << 10 // that macros may put in their places; doubling ones reach it in sixteen steps
	maxCells      = 10000    // of a table: short rows are filled up to the longest one
	maxElements   = 150      // one in another; readers' XML parsers refuse a whole chapter at 256
)

// MathML is the formula as a math element, with its TeX as alttext and as annotation; ok is false where the TeX is not understood
// whole, and then nothing is returned. display is for a formula that stands by itself. The delimiters of a formula may stand
// around it; they are no part of its TeX. Neither are characters that XML cannot hold.
func MathML(source string, display bool) (math string, ok bool) {
	if len(source) > maxSource {
		return "", false
	}
	source = undelimited(legible(source))
	p := newParser(source, display)
	formula := p.formula()
	if p.failed || formula == nil || !formula.within(maxElements) {
		return "", false
	}
	root := element("math").set("xmlns", "http://www.w3.org/1998/Math/MathML").set("alttext", source)
	if display {
		root.set("display", "block")
	}
	annotation := token("annotation", source).set("encoding", "application/x-tex")
	root.kids = []*node{element("semantics", formula, annotation)}
	var b strings.Builder
	root.write(&b)
	return b.String(), true
}

// legible is a text with line ends as XML reads them and without what XML has no place for.
func legible(s string) string {
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(s)
	return strings.Map(func(r rune) rune {
		switch {
		case r == utf8.RuneError, r < ' ' && r != '\n' && r != '\t', r >= 0x7f && r < 0xa0, r >= 0xfdd0 && r <= 0xfdef, r&0xfffe == 0xfffe:
			return -1
		}
		return r
	}, s)
}

// undelimited is a formula without the signs that tell it from text.
func undelimited(s string) string {
	s = trim(s)
	for _, pair := range [][2]string{{`\(`, `\)`}, {`\[`, `\]`}, {`$$`, `$$`}, {`$`, `$`}} {
		inner, ok := strings.CutPrefix(s, pair[0])
		if !ok {
			continue
		}
		inner, ok = strings.CutSuffix(inner, pair[1])
		if ok && !strings.HasSuffix(inner, `\`) && !strings.Contains(inner, pair[0]) {
			return trim(inner)
		}
	}
	return s
}

// trim takes the space off both ends, but not off a backslash that it belongs to.
func trim(s string) string {
	s = strings.TrimLeft(s, " \n\t")
	t := strings.TrimRight(s, " \n\t")
	if backslashes := len(t) - len(strings.TrimRight(t, `\`)); backslashes%2 == 1 && len(t) < len(s) {
		return t + " "
	}
	return t
}
