package tex

import (
	"strconv"
	"strings"
)

// fontOf is the font of a command that sets its argument in one.
func fontOf(name string) (font, bool) {
	switch name {
	case "mathrm", "mathup", "mathnormalrm", "textup":
		return upright, true
	case "mathbf", "bold", "symbf", "mathbfup":
		return bold, true
	case "boldsymbol", "bm", "pmb", "mathbfit", "symbfit", "bfs":
		return boldItalic, true
	case "mathit", "symit":
		return slanted, true
	case "mathnormal":
		return italic, true
	case "mathsf", "symsf":
		return sans, true
	case "mathtt", "symtt":
		return typewriter, true
	case "mathbb", "Bbb", "symbb", "mathds", "mathbbm":
		return double, true
	case "mathcal", "mathscr", "symcal", "symscr":
		return script, true
	case "mathfrak", "symfrak":
		return fraktur, true
	}
	return italic, false
}

// fontSwitch is the font of a command that sets all that follows in its group in one.
func fontSwitch(name string) (font, bool) {
	switch name {
	case "rm":
		return upright, true
	case "bf":
		return bold, true
	case "it":
		return slanted, true
	case "mit":
		return italic, true
	case "sf":
		return sans, true
	case "tt":
		return typewriter, true
	case "cal", "scr":
		return script, true
	case "frak":
		return fraktur, true
	case "bb":
		return double, true
	}
	return italic, false
}

var spaces = map[string]string{
	",": thin, "thinspace": thin, ":": "0.2222em", ">": "0.2222em", "medspace": "0.2222em", ";": "0.2778em", "thickspace": "0.2778em",
	"!": "-0.1667em", "negthinspace": "-0.1667em", "negmedspace": "-0.2222em", "negthickspace": "-0.2778em", "enspace": "0.5em", "enskip": "0.5em",
	"quad": "1em", "qquad": "2em", " ": "0.25em", "\n": "0.25em", "\t": "0.25em", "space": "0.25em", "nobreakspace": "0.25em",
}

// command reads what a command is and takes; nil for what leaves no trace.
func (p *parser) command(name string) *node {
	if s, ok := commands()[name]; ok {
		return p.sign(s)
	}
	if f, ok := functions()[name]; ok {
		return word(f.text, f.limits)
	}
	if f, ok := fontOf(name); ok {
		before := p.font
		p.font = f
		n := p.arg()
		p.font = before
		if f == double && n.tag == "mn" && n.text == "" {
			p.fail()
		}
		return n
	}
	if f, ok := fontSwitch(name); ok {
		p.font = f // until the list is over
		return nil
	}
	if width, ok := spaces[name]; ok {
		return space(width)
	}
	if n, ok := p.accent(name); ok {
		return n
	}
	if n, ok := p.fraction(name); ok {
		return n
	}
	if n, ok := p.delimited(name); ok {
		return n
	}
	if n, ok := p.textual(name); ok {
		return n
	}
	if n, ok := p.structure(name); ok {
		return n
	}
	if p.dropped(name) {
		return nil
	}
	p.fail()
	return nil
}

// structure reads commands that build something.
func (p *parser) structure(name string) (*node, bool) {
	switch name {
	case "sqrt":
		if index := p.option(); index != nil {
			return element("mroot", p.arg(), index), true
		}
		return element("msqrt", p.arg()), true
	case "root": // plain TeX's \root 3 \of x
		index := p.small()
		if p.skipBlank(); !p.next().isCommand("of") {
			p.fail()
		}
		return element("mroot", p.arg(), index), true
	case "stackrel", "overset":
		over := p.small()
		return p.stack("mover", over), true
	case "underset":
		return p.stack("munder", p.small()), true
	case "overunderset":
		over, under := p.small(), p.small()
		base := p.arg()
		return &node{tag: "munderover", kids: []*node{base, under, over}, class: base.class, core: base.core}, true
	case "substack":
		return p.substack(), true
	case "begin":
		return p.environment(), true
	case "not":
		return p.negated(), true
	case "bmod":
		return element("mrow", space("0.2222em"), token("mi", "mod"), space("0.2222em")).as(glue), true
	case "pmod", "pod", "mod":
		return p.modulo(name), true
	case "mathop":
		n := element("mrow", p.arg()).as(op)
		n.limits = byStyle
		return n, true
	case "mathbin", "mathrel", "mathord", "mathopen", "mathclose", "mathpunct", "mathinner":
		return p.classed(name), true
	case "phantom":
		return element("mphantom", p.arg()), true
	case "hphantom":
		return element("mpadded", element("mphantom", p.arg())).set("height", "0").set("depth", "0"), true
	case "vphantom":
		return element("mpadded", element("mphantom", p.arg())).set("width", "0"), true
	case "smash":
		p.rawOption()
		return element("mpadded", p.arg()).set("height", "0").set("depth", "0"), true
	case "rlap", "mathrlap", "llap", "mathllap", "clap", "mathclap":
		n := element("mpadded", p.arg()).set("width", "0")
		if strings.HasSuffix(name, "llap") {
			n.set("lspace", "-1width")
		} else if strings.HasSuffix(name, "clap") {
			n.set("lspace", "-0.5width")
		}
		return n, true
	case "overbrace", "underbrace", "overbracket", "underbracket", "overparen", "underparen", "overgroup", "undergroup":
		return p.brace(name), true
	case "hspace", "kern", "mkern", "hskip", "mskip", "mspace":
		return p.skip(), true
	case "tag":
		star := p.star()
		n := p.text(textStyle{})
		if star {
			return element("mrow", space("2em"), n).as(glue), true
		}
		return element("mrow", space("2em"), token("mtext", "("), n, token("mtext", ")")).as(glue), true
	case "operatorname", "operatornamewithlimits":
		l := beside
		if p.star() || name == "operatornamewithlimits" {
			l = byStyle
		}
		return p.operatorName(l), true
	case "sideset":
		before, after, base := p.small(), p.small(), p.arg()
		n := element("mrow", before, base, after).as(op)
		n.limits = byStyle
		return n, true
	case "unicode":
		code, err := strconv.ParseUint(strings.Replace(words(p.rawArg()), "x", "0x", 1), 0, 20)
		if s := legible(string(rune(code))); err == nil && strings.TrimSpace(s) != "" {
			return token("mtext", s), true
		}
		p.fail()
		return nil, true
	case "bra", "ket", "braket", "set", "Bra", "Ket", "Braket", "Set":
		return p.dirac(name), true
	case "varinjlim", "varprojlim":
		n := element("munder", word("lim", beside), token("mo", map[string]string{"varinjlim": "→", "varprojlim": "←"}[name]).set("stretchy", "true"))
		n.limits = byStyle
		return n.as(named), true
	case "idotsint":
		return element("mrow", operator("∫"), token("mi", "⋯"), operator("∫")).as(op), true
	case "varlimsup", "varliminf":
		style := lineAbove
		if name == "varliminf" {
			style = lineBelow
		}
		n := framed(style, word("lim", beside))
		n.limits = byStyle
		return n.as(named), true
	}
	if arrow, ok := longArrows[name]; ok {
		return p.longArrow(arrow), true
	}
	return nil, false
}

func (p *parser) stack(tag string, script *node) *node {
	base := p.arg()
	n := &node{tag: tag, kids: []*node{base, script}, class: base.class, core: base.core}
	if base.class == op || base.class == named {
		n.class = base.class
		n.limits = base.limits
	}
	return n
}

func (p *parser) classed(name string) *node {
	c := map[string]class{"mathbin": binary, "mathrel": relation, "mathord": ordinary, "mathopen": open, "mathclose": closed, "mathpunct": punctuation,
		"mathinner": inner}[name]
	n := p.arg()
	if n.tag == "mo" { // a group took its space away
		n.attrs, n.core = nil, n
		if n.text != "" && strings.ContainsAny(n.text, "()[]|{}‖") {
			n.set("stretchy", "false")
		}
		switch c {
		case binary:
			n.set("lspace", "0.2222em").set("rspace", "0.2222em")
		case relation:
			n.set("lspace", "0.2778em").set("rspace", "0.2778em")
		default:
			n.set("lspace", "0").set("rspace", "0")
			n.core = nil
		}
		return n.as(c)
	}
	switch {
	case p.script:
	case c == binary:
		return element("mrow", space("0.2222em"), n, space("0.2222em")).as(c)
	case c == relation:
		return element("mrow", space("0.2778em"), n, space("0.2778em")).as(c)
	}
	m := element("mrow", n)
	return m.as(c)
}

// negated is the next sign, struck through.
func (p *parser) negated() *node {
	const plain, struck = "=<>≤≥∈∋⊂⊃⊆⊇∣∥∼≃≅≈≡∃→←↔⇒⇐⇔⊢⊨⊑⊒≺≻", "≠≮≯≰≱∉∌⊄⊅⊈⊉∤∦≁≄≇≉≢∄↛↚↮⇏⇍⇎⊬⊭⋢⋣⊀⊁"
	n := p.arg()
	t := n
	for len(t.kids) > 0 {
		t = t.kids[0]
	}
	if t.text == "" {
		p.fail()
		return n
	}
	r := []rune(t.text)
	if i := strings.Index(plain, string(r[0])); i >= 0 {
		t.text = string([]rune(struck)[len([]rune(plain[:i]))]) + string(r[1:])
	} else {
		t.text = string(r[0]) + "\u0338" + string(r[1:])
	}
	if n.tag == "mo" && n.core == nil && n.class == ordinary && !n.has("form") && !n.has("stretchy") {
		n.attrs, n.core = nil, n
		n.class = relation
	}
	return n
}

func (p *parser) modulo(name string) *node {
	gap := "0.4444em"
	if p.display {
		gap = "1em"
	}
	mod := []*node{token("mi", "mod"), space("0.3333em")}
	switch name {
	case "mod":
		return element("mrow", append(append([]*node{space(gap)}, mod...), p.arg())...)
	case "pod":
		mod = nil
	}
	kids := append([]*node{space(gap), token("mo", "(").set("stretchy", "false")}, mod...)
	return element("mrow", append(kids, p.arg(), token("mo", ")").set("stretchy", "false"))...)
}

var longArrows = map[string]string{
	"xrightarrow": "→", "xleftarrow": "←", "xleftrightarrow": "↔", "xRightarrow": "⇒", "xLeftarrow": "⇐", "xLeftrightarrow": "⇔", "xmapsto": "↦",
	"xhookrightarrow": "↪", "xhookleftarrow": "↩", "xrightharpoonup": "⇀", "xrightharpoondown": "⇁", "xleftharpoonup": "↼", "xleftharpoondown": "↽",
	"xrightleftharpoons": "⇌", "xleftrightharpoons": "⇋", "xlongequal": "=", "xtwoheadrightarrow": "↠", "xtwoheadleftarrow": "↞", "xtofrom": "⇄", "xrightleftarrows": "⇄",
	"xrightequilibrium": "⇌", "xleftequilibrium": "⇋",
}

func (p *parser) longArrow(arrow string) *node {
	under := p.option()
	over := p.small()
	wide := func(n *node) *node { return element("mrow", space("0.4em"), n, space("0.4em")) }
	mo := operator(arrow).set("stretchy", "true").set("minsize", "1.5em")
	n := &node{tag: "mover", kids: []*node{mo, wide(over)}, class: relation, core: mo}
	if under != nil {
		n.tag, n.kids = "munderover", []*node{mo, wide(under), wide(over)}
	}
	return n
}

// dirac reads the brackets of quantum physics, and those of sets. The bars in capital ones grow with what is between them.
func (p *parser) dirac(name string) *node {
	left, right := map[byte]string{'b': "⟨", 'B': "⟨", 'k': "|", 'K': "|", 's': "{", 'S': "{"}[name[0]], "⟩"
	switch strings.ToLower(name) {
	case "bra":
		right = "|"
	case "set":
		right = "}"
	}
	raw := p.rawArg()
	depth := 0
	for i, t := range raw {
		switch {
		case t.kind == opening:
			depth++
		case t.kind == closing:
			depth--
		case depth == 0 && t.isChar("|") && strings.HasSuffix(strings.ToLower(name), "et") && name != "ket" && name != "Ket":
			raw[i] = lexeme{command, "mid"}
		}
	}
	p.putBack(raw)
	inner := p.arg()
	if name[0] >= 'A' && name[0] <= 'Z' {
		return between(left, inner, right)
	}
	return element("mrow", delimiter(left, "prefix").set("stretchy", "false"), inner, delimiter(right, "postfix").set("stretchy", "false"))
}

// dropped reads commands that are about something else than the formula's signs: colours, numbers, addresses.
func (p *parser) dropped(name string) bool {
	switch name {
	case "nonumber", "notag", "displaylimits", "hfill", "hfil", "hss", "relax", "strut", "mathstrut", "allowbreak", "nobreak", "noindent", "centering", "par", "protect",
		"tiny", "scriptsize", "footnotesize", "small", "normalsize", "large", "Large", "LARGE", "huge", "Huge", "boldmath", "unboldmath", "null", "/", "sixptsize", "vcenter", "DOTSB", "DOTSI", "DOTSX", "blue", "orange", "pink", "red", "green", "gray", "purple",
		"hline", "hdashline", "toprule", "midrule", "bottomrule", "goodbreak", "left.", "break", "linebreak", "nolinebreak", "limits", "nolimits", "-":
		return true
	case "label", "color", "textcolor", "require", "vspace", "colorbox", "class", "cssId", "style", "htmlClass", "htmlId", "htmlStyle", "htmlData", "href", "bbox", "cline", "vskip":
		p.star()
		p.rawOption()
		if name != "bbox" {
			p.rawArg() // what it is about follows as if it stood alone
		}
		if name == "colorbox" {
			p.rest = append(p.rest, lexeme{command, "text"})
		}
		return true
	case "newcommand", "renewcommand", "providecommand", "def", "gdef", "edef", "let", "DeclareMathOperator":
		p.define(name)
		return true
	}
	return false
}
