package extract

import (
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// matchEmphasis drops the formulas that begin or end within an emphasis that is a real one, and says which emphasis is none:
// it stands in a formula, and was made of the sign that is given.
func matchEmphasis(s string, pieces []piece, found []formula) ([]formula, map[*html.Node]byte) {
	within := func(pos int) int {
		return slices.IndexFunc(found, func(f formula) bool { return f.start <= pos && pos < f.end })
	}
	for {
		undone := map[*html.Node]byte{}
		drop := -1
		opened := map[*html.Node]piece{}
		for _, p := range pieces {
			switch p.kind {
			case openPiece:
				opened[p.node] = p
			case closePiece:
				o := opened[p.node]
				a, b := within(o.start), within(p.start)
				switch {
				case a >= 0 && b >= 0:
					undone[p.node] = emphasisSign(s, o.start, p.start)
				case a >= 0:
					drop = a
				case b >= 0:
					drop = b
				}
			}
		}
		if drop < 0 {
			return found, undone
		}
		found = slices.Delete(found, drop, drop+1)
	}
}

// emphasisSign guesses which sign was taken for emphasis: a second index on the same letter is no TeX.
func emphasisSign(s string, open, end int) byte {
	inner := s[open+1 : end]
	if inner != "" && strings.Trim(inner, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") == "" &&
		end+1 < len(s) && (isASCIILetter(s[end+1]) || isDigit(s[end+1]) || s[end+1] == '_') {
		return '*'
	}
	if strings.HasPrefix(inner, " ") || open > 0 && s[open-1] == ' ' {
		return '*'
	}
	return '_'
}

// rebuild writes the run again, with the formulas in it.
func rebuild(parent *html.Node, run []*html.Node, pieces []piece, found []formula, undone map[*html.Node]byte) {
	before := run[len(run)-1].NextSibling
	for _, n := range run {
		parent.RemoveChild(n)
	}
	var open, kept []*html.Node
	put := func(n *html.Node) {
		if len(open) > 0 {
			open[len(open)-1].AppendChild(n)
			return
		}
		parent.InsertBefore(n, before)
	}
	var tex strings.Builder
	next := 0
	// say writes text of the flat run that begins at pos.
	say := func(pos int, text string, verbatim bool) {
		for text != "" {
			if next == len(found) || pos+len(text) <= found[next].start {
				if verbatim {
					put(newText(text))
				}
				return
			}
			f := found[next]
			if pos < f.start {
				put(newText(text[:f.start-pos]))
				text, pos = text[f.start-pos:], f.start
			}
			n := min(len(text), f.end-pos)
			for k := range n {
				if at := pos + k; at >= f.texStart && at < f.texEnd {
					tex.WriteByte(text[k])
				}
			}
			text, pos = text[n:], pos+n
			if pos == f.end {
				if t := tidyTeX(tex.String()); t != "" {
					put(mathSpan(restoreRows(t), f.display))
				}
				tex.Reset()
				next++
			}
		}
	}
	inFormula := func(pos int) bool { return next < len(found) && found[next].start <= pos && pos < found[next].end }
	for _, p := range pieces {
		switch p.kind {
		case textPiece:
			say(p.start, p.text, true)
		case breakPiece:
			if inFormula(p.start) {
				say(p.start, p.text, false)
			} else {
				put(p.node)
			}
		case openPiece, closePiece:
			if sign := undone[p.node]; sign != 0 {
				say(p.start, string(sign), true)
				continue
			}
			if p.kind == openPiece {
				open = append(open, newElement("em"))
				continue
			}
			em := open[len(open)-1]
			open = open[:len(open)-1]
			if em.FirstChild != nil {
				put(em)
				if len(open) == 0 {
					kept = append(kept, em)
				}
			}
		default:
			if p.node.Parent != nil {
				p.node.Parent.RemoveChild(p.node)
			}
			put(p.node)
		}
	}
	trimBreaks(parent)
	for _, em := range kept {
		findFormulas(em) // what seemed to begin before it may have hidden those that are all in it
	}
}

// eatenRow is what Markdown engines leave of the two backslashes between the rows of a matrix.
var eatenRow = expr(`([^\\])\\(\d|\n)`)

func restoreRows(tex string) string {
	if !strings.Contains(tex, `\begin{`) {
		return tex
	}
	return eatenRow.ReplaceAllString(tex, `$1\\$2`)
}

// trimBreaks drops the line breaks between a paragraph's border or a formula of its own line and that formula.
func trimBreaks(parent *html.Node) {
	for c := parent.FirstChild; c != nil; {
		next := c.NextSibling
		if c.Data == "br" && (c.PrevSibling == nil && c.Parent.Data == "p" || next == nil || spanKind(next) == "display" || c.PrevSibling != nil && spanKind(c.PrevSibling) == "display") {
			parent.RemoveChild(c)
		}
		c = next
	}
}
