package tex

import (
	"slices"
	"strconv"
	"strings"
)

// fraction reads the commands whose arguments stand one upon the other.
func (p *parser) fraction(name string) (*node, bool) {
	switch name {
	case "frac", "dfrac", "tfrac", "cfrac", "binom", "dbinom", "tbinom":
		if name == "cfrac" {
			p.rawOption()
		}
		display := p.display
		if name[0] == 'd' || name[0] == 'c' {
			p.display = true
		} else if name[0] == 't' {
			p.display = false
		}
		num, den := p.part(), p.part()
		p.display = display
		n := element("mfrac", num, den)
		if strings.HasSuffix(name, "binom") {
			n = between("(", n.set("linethickness", "0"), ")")
		}
		switch name[0] {
		case 'd', 'c':
			n = styled("displaystyle", n)
		case 't':
			n = styled("textstyle", n)
		}
		return n, true
	case "sfrac", "nicefrac":
		return element("mfrac", p.part(), p.part()).set("bevelled", "true"), true
	case "genfrac":
		left, right, thick, style := words(p.rawArg()), words(p.rawArg()), words(p.rawArg()), words(p.rawArg())
		n := element("mfrac", p.part(), p.part())
		if thick != "" {
			width, ok := length(thick)
			if !ok {
				p.fail()
			}
			n.set("linethickness", width)
		}
		if left+right != "" {
			l, ok := delimiters()[strings.TrimPrefix(left, `\`)]
			r, ok2 := delimiters()[strings.TrimPrefix(right, `\`)]
			if !ok && left != "" || !ok2 && right != "" {
				p.fail()
			}
			n = between(l, n, r)
		}
		switch style {
		case "0":
			n = styled("displaystyle", n)
		case "1":
			n = styled("textstyle", n)
		}
		return n, true
	}
	return nil, false
}

// part reads one of the two parts of a fraction.
func (p *parser) part() *node {
	display := p.display
	p.display = false
	n := p.arg()
	p.display = display
	return n
}

// infix is TeX's own way to write fractions: all that stands before the command in its group is above all that follows.
func (p *parser) infix(name string, above []*node) *node {
	display := p.display
	p.display = false
	below := p.list(nothing)
	p.display = display
	n := element("mfrac", row(p.spaced(above, nothing)), row(below))
	if name != "over" {
		n.set("linethickness", "0")
	}
	switch name {
	case "choose":
		return between("(", n, ")")
	case "brace":
		return between("{", n, "}")
	case "brack":
		return between("[", n, "]")
	}
	return n
}

// between is a node with delimiters that are as high as it is; an empty one is none.
func between(left string, n *node, right string) *node {
	var kids []*node
	if left != "" {
		kids = append(kids, delimiter(left, "prefix"))
	}
	kids = append(kids, n)
	if right != "" {
		kids = append(kids, delimiter(right, "postfix"))
	}
	return element("mrow", kids...).as(fenced)
}

func delimiter(text, form string) *node {
	return token("mo", text).set("fence", "true").set("stretchy", "true").set("form", form)
}

// style reads the rest of a group in another style.
func (p *parser) style(name string) *node {
	p.display = name == "displaystyle"
	return styled(name, row(p.list(nothing)))
}

func styled(name string, n *node) *node {
	level := map[string]string{"displaystyle": "0", "textstyle": "0", "scriptstyle": "1", "scriptscriptstyle": "2"}[name]
	return element("mstyle", n).set("displaystyle", strconv.FormatBool(name == "displaystyle")).set("scriptlevel", level)
}

// skip reads the width of a space, in braces or without.
func (p *parser) skip() *node {
	p.star()
	p.skipBlank()
	var text string
	if p.peek().kind == opening {
		text = words(p.rawArg())
	} else {
		for p.peek().kind == char && len(text) < 20 && !strings.HasSuffix(text, "em") {
			if _, ok := length(text); ok {
				break
			}
			text += p.next().text
		}
	}
	width, ok := length(text)
	if !ok {
		p.fail()
		return nil
	}
	return space(width)
}

// length is a length of TeX in the units of a font of ten points.
func length(s string) (string, bool) {
	s = strings.ReplaceAll(s, " ", "")
	if s == "0" {
		return s, true
	}
	if len(s) < 3 {
		return "", false
	}
	number, err := strconv.ParseFloat(s[:len(s)-2], 64)
	if err != nil || number > 100000 || number < -100000 || number != number || strings.ContainsAny(s[:len(s)-2], "eExXpPnN_") {
		return "", false
	}
	units := map[string]float64{"em": 1, "ex": 0.43, "pt": 0.1, "px": 0.075, "bp": 0.1, "pc": 1.2, "mu": 1.0 / 18, "mm": 0.2845, "cm": 2.845, "in": 7.227}
	unit, ok := units[s[len(s)-2:]]
	if !ok {
		return "", false
	}
	return em(number * unit), true
}

func em(f float64) string {
	s := strconv.FormatFloat(f, 'f', 4, 64)
	s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	if s == "-0" || s == "" || s == "0" {
		return "0"
	}
	return s + "em"
}

// delimited reads \left, and the commands that make a delimiter larger.
func (p *parser) delimited(name string) (*node, bool) {
	if name == "left" {
		return p.fence(), true
	}
	sizes := []string{"big", "Big", "bigg", "Bigg"}
	base, form := strings.TrimRight(name, "lrm"), ""
	if i := slices.Index(sizes, base); i >= 0 && len(name)-len(base) <= 1 {
		text, ok := p.delimiter()
		if !ok {
			p.fail()
			return nil, true
		}
		c := ordinary
		switch name[len(base):] {
		case "l":
			c, form = open, "prefix"
		case "r":
			c, form = closed, "postfix"
		case "m":
			c = relation
		}
		if text == "" {
			return element("mrow"), true
		}
		if c == ordinary && len(text) > 0 {
			switch s := signs()[text]; s.class {
			case open:
				form = "prefix"
			case closed:
				form = "postfix"
			}
		}
		size := []string{"1.2em", "1.8em", "2.4em", "3em"}[i]
		n := token("mo", text).set("fence", "true").set("stretchy", "true").set("symmetric", "true").set("minsize", size).set("maxsize", size)
		if form != "" {
			n.set("form", form)
		}
		width := "0"
		if c == relation {
			width = "0.2778em"
		}
		return n.set("lspace", width).set("rspace", width).as(c), true
	}
	return nil, false
}

// fence reads what stands between \left and \right.
func (p *parser) fence() *node {
	var kids []*node
	left, ok := p.delimiter()
	if !ok {
		p.fail()
		return nil
	}
	if left != "" {
		kids = append(kids, delimiter(left, "prefix"))
	}
	before := nothing
	for {
		kids = append(kids, p.list(before)...)
		before = nothing
		t := p.next()
		if !t.isCommand("middle") && !t.isCommand("right") {
			p.fail()
			return nil
		}
		text, ok := p.delimiter()
		if !ok {
			p.fail()
			return nil
		}
		if t.text == "right" {
			if text != "" {
				kids = append(kids, delimiter(text, "postfix"))
			}
			return element("mrow", kids...).as(fenced)
		}
		if text != "" {
			kids = append(kids, delimiter(text, "infix").set("lspace", "0.1em").set("rspace", "0.1em"))
		}
	}
}

// delimiter reads one; the point is none.
func (p *parser) delimiter() (string, bool) {
	p.skipBlank()
	t := p.next()
	if t.kind == opening { // \big{(}
		p.skipBlank()
		t = p.next()
		p.skipBlank()
		if p.next().kind != closing {
			return "", false
		}
	}
	switch t.kind {
	case char:
		switch t.text {
		case ".":
			return "", true
		case "<":
			return "⟨", true
		case ">":
			return "⟩", true
		case "(", ")", "[", "]", "/", "|":
			return t.text, true
		}
		if s := signs()[t.text]; s.kind == fence {
			return t.text, true
		}
	case command:
		s, ok := delimiters()[t.text]
		return s, ok
	}
	return "", false
}

// delimiters are the commands that may stand behind \left.
func delimiters() map[string]string { return delimiterTable() }
