package tex

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// parser reads lexemes into nodes. Its first error ends its input, so that nobody has to ask after each step.
type parser struct {
	rest   []lexeme // the next one is the last
	failed bool
	macros map[string]macro

	expansions, expanded, depth int

	font    font
	display bool // TeX's display style: limits stand above and below
	script  bool // in a sub- or superscript: no space around relations
}

func newParser(source string, display bool) *parser {
	list := lex(source)
	slices.Reverse(list)
	return &parser{rest: list, display: display, macros: map[string]macro{}}
}

func (p *parser) fail() { p.failed, p.rest = true, nil }

// peek is the next lexeme, with macros in their places.
func (p *parser) peek() lexeme {
	for {
		t := p.rawPeek()
		m, ok := p.macros[t.text]
		if !ok || t.kind != command {
			return t
		}
		p.rawNext()
		p.expand(m)
	}
}

func (p *parser) next() lexeme {
	t := p.peek()
	p.rawNext()
	return t
}

func (p *parser) skipBlank() {
	for p.peek().kind == blank {
		p.rawNext()
	}
}

func (p *parser) rawPeek() lexeme {
	if len(p.rest) == 0 {
		return lexeme{}
	}
	return p.rest[len(p.rest)-1]
}

func (p *parser) rawNext() lexeme {
	t := p.rawPeek()
	if len(p.rest) > 0 {
		p.rest = p.rest[:len(p.rest)-1]
	}
	return t
}

func (p *parser) rawSkip() {
	for p.rawPeek().kind == blank {
		p.rawNext()
	}
}

// formula reads everything. Lines and columns outside of an environment, which TeX would refuse, are read as those of aligned.
func (p *parser) formula() *node {
	rows := p.rows("")
	if p.failed || len(rows) == 0 {
		return nil
	}
	if len(rows) == 1 {
		var nodes []*node
		for _, c := range rows[0].cells {
			nodes = append(nodes, c...)
		}
		if len(nodes) == 0 {
			return nil
		}
		return row(nodes)
	}
	return p.aligned(rows, "rl")
}

// list reads nodes up to what ends them, which is left for the caller to judge. A change of style ends with it.
func (p *parser) list(before class) []*node {
	if p.depth++; p.depth > maxDepth {
		p.fail()
	}
	font, display := p.font, p.display
	defer func() { p.depth, p.font, p.display = p.depth-1, font, display }()
	return p.spaced(p.bare(), before)
}

// bare reads nodes as they are, without the space between them.
func (p *parser) bare() []*node {
	var nodes []*node
	for {
		p.skipBlank()
		t := p.peek()
		if p.ends(t) {
			return nodes
		}
		if t.kind == command {
			switch t.text {
			case "over", "choose", "atop", "brace", "brack":
				p.next()
				return []*node{p.infix(t.text, nodes)}
			case "displaystyle", "textstyle", "scriptstyle", "scriptscriptstyle":
				p.next()
				return append(nodes, p.style(t.text))
			}
		}
		if n := p.scripted(p.atom(false)); n != nil {
			nodes = append(nodes, n)
		}
	}
}

// ends tells whether a list is over before t.
func (p *parser) ends(t lexeme) bool {
	switch t.kind {
	case end, closing:
		return true
	case char:
		return t.text == "&" || t.text == "$"
	case command:
		switch t.text {
		case "\\", "cr", "newline", "end", "right", "middle", ")", "]":
			return true
		}
	}
	return false
}

// atom reads one thing without its scripts, nil for what leaves no trace. Where it is an argument without braces (single), a digit
// is a number of its own and a letter a word.
func (p *parser) atom(single bool) *node {
	p.skipBlank()
	switch t := p.peek(); t.kind {
	case opening:
		return p.group()
	case command:
		p.next()
		return p.command(t.text)
	case char:
		switch {
		case t.text == "^" || t.text == "_" || isPrime(t.text) > 0:
			return element("mrow") // scripts of nothing
		case t.text == "~":
			p.next()
			return space("0.25em")
		case t.text == "&" || t.text == "$" || t.text == "#":
			p.fail()
			return nil
		}
		return p.character(single)
	}
	p.fail()
	return nil
}

// group reads what stands in braces: one thing, and an ordinary one, whatever is in it.
func (p *parser) group() *node {
	p.next()
	nodes := p.list(nothing)
	if p.peek().isCommand("\\") { // lines, which TeX would refuse here and MathJax takes
		rows := []line{{cells: [][]*node{nodes}}}
		for p.peek().isCommand("\\") {
			p.next()
			p.gap()
			rows = append(rows, line{cells: [][]*node{p.list(nothing)}})
		}
		nodes = []*node{p.table(rows, layout{columns: "l", display: p.display})}
	}
	if p.next().kind != closing {
		p.fail()
		return nil
	}
	if len(nodes) == 1 && nodes[0].class == glue {
		return nodes[0]
	}
	n := row(nodes)
	if n.core != nil && n.class != op && n.class != named {
		n.core.set("lspace", "0").set("rspace", "0")
		n.core = nil
	}
	if n.class != op && n.class != named {
		n.class = ordinary
	}
	return n
}

// arg reads an argument as one node.
func (p *parser) arg() *node {
	p.skipBlank()
	if k := p.peek().kind; k == end || k == closing {
		p.fail()
		return element("mrow")
	}
	if p.depth++; p.depth > maxDepth {
		p.fail()
	}
	n := p.atom(true)
	p.depth--
	if n == nil {
		return element("mrow")
	}
	return n
}

// small reads an argument as TeX sets it in a script.
func (p *parser) small() *node {
	display, script := p.display, p.script
	p.display, p.script = false, true
	n := p.arg()
	p.display, p.script = display, script
	return n
}

// option reads an argument in brackets as one node; nil where there is none.
func (p *parser) option() *node {
	list, ok := p.rawOption()
	if !ok {
		return nil
	}
	p.putBack(list)
	return p.small()
}

// putBack makes lexemes the next ones, in braces.
func (p *parser) putBack(list []lexeme) {
	if p.failed {
		return
	}
	p.rest = append(p.rest, lexeme{closing, "}"})
	for _, t := range slices.Backward(list) {
		p.rest = append(p.rest, t)
	}
	p.rest = append(p.rest, lexeme{opening, "{"})
}

// character reads characters that are one thing: a number, a word of an upright font, text of another script, or a sign.
func (p *parser) character(single bool) *node {
	t := p.next()
	r, _ := utf8.DecodeRuneInString(t.text)
	more := func(belongs func(lexeme) bool) string {
		var b strings.Builder
		b.WriteString(t.text)
		for !single && p.peek().kind == char && belongs(p.peek()) {
			b.WriteString(p.next().text)
		}
		return b.String()
	}
	switch {
	case isDigit(t.text):
		s := more(func(t lexeme) bool { return isDigit(t.text) || t.text == "." && p.digitAfterPoint() })
		return token("mn", p.font.spell(s))
	case isLetter(r):
		s := more(func(t lexeme) bool { return p.font.words() && isLetter(rune(t.text[0])) })
		return p.font.identifier(s)
	}
	if s, ok := signs()[t.text]; ok {
		return p.sign(s)
	}
	if isText(r) {
		return token("mtext", more(func(t lexeme) bool {
			r, _ := utf8.DecodeRuneInString(t.text)
			return isText(r)
		}))
	}
	switch {
	case unicode.IsLetter(r) || unicode.IsMark(r):
		return token("mi", t.text)
	case unicode.In(r, unicode.Sm):
		return operator(t.text).as(relation)
	}
	return token("mtext", t.text)
}

func (p *parser) digitAfterPoint() bool {
	return len(p.rest) > 1 && p.rest[len(p.rest)-2].kind == char && isDigit(p.rest[len(p.rest)-2].text)
}

// isText tells characters that stand in formulas as words do: those of East Asia with their signs.
func isText(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul) || r >= 0x3000 && r <= 0x303f || r >= 0xff00 && r <= 0xffef ||
		strings.ContainsRune("“”‘《》—", r)
}

// isPrime is how many primes a character is.
func isPrime(s string) int {
	switch s {
	case "'", "’", "′":
		return 1
	case "″":
		return 2
	}
	return 0
}

// scripted reads what stands below and above a node.
func (p *parser) scripted(base *node) *node {
	if base == nil || base.class == glue {
		return base
	}
	var sub, sup *node
	primes := 0
	for {
		p.skipBlank()
		t := p.peek()
		switch {
		case t.isChar("_") && sub == nil:
			p.next()
			sub = p.small()
		case t.isChar("^") && sup == nil:
			p.next()
			sup = p.small()
		case t.isChar("_"), t.isChar("^"):
			p.fail() // TeX knows no second one
			return nil
		case t.kind == char && isPrime(t.text) > 0 && sup == nil:
			p.next()
			primes += isPrime(t.text)
		case t.isCommand("limits"):
			p.next()
			base.limits = above
			if base.tag == "mo" {
				base.set("movablelimits", "false")
			}
		case t.isCommand("nolimits"):
			p.next()
			base.limits = beside
		case t.isCommand("displaylimits"):
			p.next()
			base.limits = byStyle
		default:
			return p.attach(base, sub, withPrimes(primes, sup))
		}
	}
}

func withPrimes(n int, sup *node) *node {
	if n == 0 {
		return sup
	}
	s := strings.Repeat("′", n)
	if n < 4 {
		s = []string{"", "′", "″", "‴"}[n]
	}
	prime := token("mo", s)
	if sup == nil {
		return prime
	}
	return element("mrow", prime, sup)
}

func (p *parser) attach(base, sub, sup *node) *node {
	if sub == nil && sup == nil {
		return base
	}
	over := base.limits == above || base.limits == byStyle && p.display
	n := &node{class: base.class, core: base.core}
	switch {
	case sub == nil:
		n.tag, n.kids = "msup", []*node{base, sup}
		if over {
			n.tag = "mover"
		}
	case sup == nil:
		n.tag, n.kids = "msub", []*node{base, sub}
		if over {
			n.tag = "munder"
		}
	default:
		n.tag, n.kids = "msubsup", []*node{base, sub, sup}
		if over {
			n.tag = "munderover"
		}
	}
	return n
}
