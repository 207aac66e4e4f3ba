package extract

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
)

// This file finds formulas that stand in the text as their author typed them, for a script of the page to draw. Rules: a formula
// has both delimiters in one paragraph; a dollar sign is a price unless what stands between two of them reads as TeX; emphasis
// that a Markdown engine made of the formula's own signs is undone, other elements are never part of one.

// longestInline and longestDisplay are in bytes; beyond that two delimiters do not belong together.
const (
	longestInline      = 500
	longestDisplay     = 8000
	longestEnvironment = 20 // of an environment
)

// findFormulas makes the formulas in the text below n elements of the tree.
func findFormulas(n *html.Node) {
	if n.Data == "pre" || n.Data == "code" || spanKind(n) != "" {
		return
	}
	joinDisplays(n)
	for c := n.FirstChild; c != nil; {
		if !isInline(c) {
			findFormulas(c)
			c = c.NextSibling
			continue
		}
		run := []*html.Node{c}
		for c = c.NextSibling; c != nil && isInline(c); c = c.NextSibling {
			run = append(run, c)
		}
		formulasIn(n, run)
	}
}

// joinDisplays makes one paragraph of those that an editor made of the lines of one formula.
func joinDisplays(n *html.Node) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		first := c.FirstChild
		if c.Data != "p" || first == nil || first.Type != html.TextNode || !strings.HasPrefix(first.Data, "$$") || strings.Count(textOf(c), "$$") != 1 {
			continue
		}
		end := c.NextSibling
		for steps := 0; end != nil && steps < 30 && end.Data == "p" && !strings.Contains(textOf(end), "$$"); steps++ {
			end = end.NextSibling
		}
		if end == nil || end.Data != "p" || !strings.HasSuffix(textOf(end), "$$") || strings.Count(textOf(end), "$$") != 1 {
			continue
		}
		for next := c.NextSibling; next != nil; next = c.NextSibling {
			c.AppendChild(newElement("br"))
			adopt(c, next)
			n.RemoveChild(next)
			if next == end {
				break
			}
		}
	}
}

// piece is a stretch of the flat text of a run of phrases.
type piece struct {
	node  *html.Node
	kind  pieceKind
	start int
	text  string
}

type pieceKind uint8

const (
	textPiece pieceKind = iota
	openPiece           // of an em element
	closePiece
	breakPiece
	otherPiece
)

func formulasIn(parent *html.Node, run []*html.Node) {
	if !mayHoldFormula(run) {
		return
	}
	for _, n := range run {
		if n.Type == html.ElementNode && n.Data != "em" {
			findFormulas(n)
		}
	}
	var flat strings.Builder
	var pieces []piece
	add := func(n *html.Node, kind pieceKind, s string) {
		pieces = append(pieces, piece{n, kind, flat.Len(), s})
		flat.WriteString(s)
	}
	var walk func(n *html.Node)
	walk = func(n *html.Node) {
		switch {
		case n.Type == html.TextNode:
			add(n, textPiece, n.Data)
		case n.Data == "br":
			add(n, breakPiece, "\n")
		case n.Data == "em" && len(n.Attr) == 0:
			add(n, openPiece, "_")
			for c := n.FirstChild; c != nil; c = c.NextSibling {
				walk(c)
			}
			add(n, closePiece, "_")
		default:
			add(n, otherPiece, string(leafRune))
		}
	}
	for _, n := range run {
		walk(n)
	}
	text := flat.String()
	found := scanFormulas(text)
	var undone map[*html.Node]byte
	found, undone = matchEmphasis(text, pieces, found)
	if len(found) == 0 {
		for _, n := range run {
			if n.Data == "em" {
				findFormulas(n)
			}
		}
		return
	}
	rebuild(parent, run, pieces, found, undone)
}

func mayHoldFormula(run []*html.Node) bool {
	for _, n := range run {
		if n.Type == html.TextNode && strings.ContainsAny(n.Data, `$\`) {
			return true
		}
		if n.Type == html.ElementNode && n.FirstChild != nil && n.Data != "code" && n.Data != "span" {
			for d := range n.Descendants() {
				if d.Type == html.TextNode && strings.ContainsAny(d.Data, `$\`) {
					return true
				}
			}
		}
	}
	return false
}

// formula is a stretch of flat text from delimiter to delimiter, and the TeX between.
type formula struct {
	start, end       int
	texStart, texEnd int
	display          bool
}

// formulaScanner looks for formulas in a text. It remembers where each closing delimiter comes next, so that a text of opening
// ones alone is read once.
type formulaScanner struct {
	text string
	next map[string]int
}

// find is where a delimiter stands at or after a position that never goes back; the text's length where it does not.
func (f *formulaScanner) find(delimiter string, from int) int {
	if at, ok := f.next[delimiter]; ok && at >= from {
		return at
	}
	at := strings.Index(f.text[from:], delimiter)
	if at < 0 {
		at = len(f.text) - from
	}
	f.next[delimiter] = from + at
	return from + at
}

// scanFormulas finds what reads as a formula, from left to right.
func scanFormulas(s string) []formula {
	scanner := formulaScanner{s, map[string]int{}}
	var found []formula
	for i := 0; i < len(s); {
		j := strings.IndexAny(s[i:], `$\([`)
		if j < 0 {
			break
		}
		i += j
		f, ok := scanner.formulaAt(i)
		if !ok || tidyTeX(s[f.texStart:f.texEnd]) == "" {
			i++
			if i < len(s) && s[i-1] == '\\' && (s[i] == '$' || s[i] == '\\') {
				i++
			} else if strings.HasPrefix(s[i-1:], "$$") {
				i++
			}
			continue
		}
		found = append(found, f)
		i = f.end
	}
	return found
}

func (f *formulaScanner) formulaAt(i int) (formula, bool) {
	switch rest := f.text[i:]; {
	case rest[0] == '(' || rest[0] == '[':
		return f.eatenAt(i)
	case strings.HasPrefix(rest, "$$"):
		return f.delimitedAt(i, "$$", "$$", true)
	case rest[0] == '$':
		return dollarsAt(f.text, i)
	case strings.HasPrefix(rest, `\[`):
		return f.delimitedAt(i, `\[`, `\]`, true)
	case strings.HasPrefix(rest, `\(`):
		return f.delimitedAt(i, `\(`, `\)`, false)
	case strings.HasPrefix(rest, `\begin{`):
		name := rest[len(`\begin{`):]
		name, _, ok := strings.Cut(name[:min(len(name), longestEnvironment)], "}")
		if !ok || !environments[strings.TrimSuffix(name, "*")] {
			return formula{}, false
		}
		end := `\end{` + name + "}"
		j := f.find(end, i) - i
		if j == len(rest) || j > longestDisplay || strings.ContainsRune(rest[:j], leafRune) {
			return formula{}, false
		}
		return formula{i, i + j + len(end), i, i + j + len(end), true}, true
	}
	return formula{}, false
}

var environments = map[string]bool{
	"equation": true, "align": true, "gather": true, "multline": true, "eqnarray": true, "alignat": true, "flalign": true, "aligned": true,
	"gathered": true, "split": true, "cases": true, "matrix": true, "pmatrix": true, "bmatrix": true, "vmatrix": true, "Bmatrix": true,
	"Vmatrix": true, "array": true, "displaymath": true, "math": true,
}

func (f *formulaScanner) delimitedAt(i int, open, end string, display bool) (formula, bool) {
	s, start := f.text, i+len(open)
	j := f.find(end, start) - start
	if start+j == len(s) || j > longestDisplay {
		return formula{}, false
	}
	tex := s[start : start+j]
	if (open == `\(` || open == `\[`) && strings.Contains(tex, open) {
		return formula{}, false // the nearer sign begins the formula
	}
	if strings.ContainsRune(tex, leafRune) || !strings.ContainsFunc(tex, isFormulaRune) || !display && strings.Contains(tex, "\n\n") {
		return formula{}, false
	}
	if !strings.ContainsAny(tex, `\^_=<>+-{}()|`) && utf8.RuneCountInString(tex) > 20 {
		return formula{}, false // a sentence between delimiters of something else
	}
	return formula{i, start + j + len(end), start, start + j, display}, true
}

// eatenAt reads a formula whose delimiters lost their backslashes to a Markdown engine: a pair of brackets in which there are
// commands of TeX, and no others; square ones are all of their paragraph, or of a line.
func (f *formulaScanner) eatenAt(i int) (formula, bool) {
	s := f.text
	open, end, display := s[i], byte(')'), false
	if open == '[' {
		end, display = ']', true
	}
	depth, j := 1, i+1
	for ; j < len(s) && j-i < longestInline; j++ {
		if s[j] == '\\' {
			j++
		} else if s[j] == open {
			depth++
		} else if s[j] == end {
			if depth--; depth == 0 {
				break
			}
		}
	}
	if depth != 0 || j >= len(s) || !onlyTeX(s[i+1:j]) {
		return formula{}, false
	}
	if display && (i > 0 && s[i-1] != '\n' || j+1 < len(s) && s[j+1] != '\n') {
		return formula{}, false
	}
	return formula{i, j + 1, i + 1, j, display}, true
}

var texCommand = expr(`\\[A-Za-z]+`)

// commands are those by which text is known to be TeX.
var commands = func() map[string]bool {
	known := map[string]bool{}
	for _, s := range mathSigns {
		if name := texCommand.FindString(s); name != "" {
			known[name] = true
		}
	}
	for name := range functions {
		known[`\`+name] = true
	}
	for name := range strings.FieldsSeq(`frac dfrac tfrac sqrt mathbf mathbb mathcal mathrm mathit mathsf boldsymbol bm text hat bar tilde vec dot overline underline
		left right big Big bigl bigr Bigl Bigr quad qquad cdot times le ge leq geq ne neq ll gg mid lVert rVert lvert rvert operatorname top prime dots
		begin end limits nolimits displaystyle binom choose`) {
		known[`\`+name] = true
	}
	return known
}()

// onlyTeX reports whether text has commands of TeX, and none that is not known.
func onlyTeX(s string) bool {
	if strings.IndexByte(s, '\\') < 0 || hasWide(s) || strings.ContainsAny(s, "$\n") || strings.ContainsRune(s, leafRune) {
		return false
	}
	names := texCommand.FindAllString(s, -1)
	for _, name := range names {
		if !commands[name] {
			return false
		}
	}
	return len(names) > 0
}

func isFormulaRune(r rune) bool {
	return 'a' <= r|0x20 && r|0x20 <= 'z' || '0' <= r && r <= '9' || r >= 0x370 && r < 0x400 || r == '\\'
}

// dollarsAt reads from one dollar sign to the next. Two prices in a sentence are not a formula.
func dollarsAt(s string, i int) (formula, bool) {
	if i > 0 && (s[i-1] == '\\' || s[i-1] == '$' || isDigit(s[i-1]) || isASCIILetter(s[i-1])) {
		return formula{}, false
	}
	start := i + 1
	j := start
	for ; ; j++ {
		if j >= len(s) || j-start > longestInline || s[j] == '\n' {
			return formula{}, false
		}
		if s[j] == '\\' {
			j++
		} else if s[j] == '$' {
			break
		}
	}
	end := j + 1
	tex := s[start:j]
	if tex == "" || isSpace(tex[0]) || isSpace(tex[len(tex)-1]) || end < len(s) && (isDigit(s[end]) || s[end] == '$') || strings.ContainsRune(tex, leafRune) {
		return formula{}, false
	}
	letterNext := end < len(s) && isASCIILetter(s[end])
	switch {
	case strings.ContainsAny(tex, `\^_`) && !(strings.Contains(tex, "_") && !strings.ContainsAny(tex, `\^`) && hasWide(tex)):
	case hasWide(tex), strings.ContainsAny(tex, `"'#@;?`), !plainMath(tex):
		return formula{}, false
	case letterNext && !strings.Contains(tex, "=") && len(tex) > 2:
		return formula{}, false
	}
	return formula{i, end, start, j, false}, true
}

func hasWide(s string) bool { return strings.ContainsFunc(s, isCJK) }

// plainMath reports whether text without TeX's own signs reads as a formula: an equation, a name or two, a number.
func plainMath(s string) bool {
	words, run, open := 0, 0, 0
	for _, r := range s {
		letter := 'a' <= r|0x20 && r|0x20 <= 'z'
		switch {
		case letter:
			if run++; run == 4 {
				words++ // n, dx, max are names in formulas; longer ones are words
			}
		case r == '(' || r == '[' || r == '{':
			open++
			run = 0
		case r == ')' || r == ']' || r == '}':
			open--
			run = 0
		default:
			run = 0
		}
	}
	if open != 0 && !strings.ContainsAny(s, "[]") {
		return false
	}
	return words == 0 || words == 1 && (strings.ContainsAny(s, "=<>+|*") || !strings.Contains(s, " ") && !strings.ContainsAny(s, "/.,:"))
}
