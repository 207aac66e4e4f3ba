package tex

import (
	"strings"
	"sync"
)

// function is an operator that is a word.
type function struct {
	text   string
	limits limits
}

func functions() map[string]function { return functionTable() }

var functionTable = sync.OnceValue(func() map[string]function {
	table := map[string]function{}
	for _, name := range strings.Fields(`arccos arcsin arctan arctg arcctg arg ch cos cosec cosh cot cotg coth csc ctg cth deg dim exp hom ker
		lg ln log sec sh sin sinh tan tanh tg th`) {
		table[name] = function{name, beside}
	}
	for _, name := range strings.Fields(`det gcd inf lim max min Pr sup`) {
		table[name] = function{name, byStyle}
	}
	for name, text := range map[string]string{"limsup": "lim sup", "liminf": "lim inf", "injlim": "inj lim", "projlim": "proj lim", "argmax": "arg max",
		"argmin": "arg min", "plim": "plim"} {
		table[name] = function{strings.ReplaceAll(text, " ", "\u00a0"), byStyle}
	}
	return table
})

// word is an operator that is a word.
func word(text string, l limits) *node {
	n := token("mi", text).as(named)
	if len([]rune(text)) == 1 {
		n.set("mathvariant", "normal")
	}
	n.limits = l
	return n
}

// operatorName reads the name of an operator: letters and signs as in a text, or what else makes one.
func (p *parser) operatorName(l limits) *node {
	raw := p.rawArg()
	var text strings.Builder
	for _, t := range raw {
		switch {
		case t.kind == char && t.text != "^" && t.text != "_" && t.text != "&" && t.text != "$":
			text.WriteString(t.text)
		case t.kind == command && (t.text == "," || t.text == " " || t.text == ";" || t.text == ":"), t.isChar("~"):
			text.WriteString("\u00a0")
		case t.isCommand("_"), t.isCommand("%"), t.isCommand("&"), t.isCommand("#"), t.isCommand("$"):
			text.WriteString(t.text)
		case t.kind == blank:
		default:
			p.putBack(raw)
			before := p.font
			p.font = upright
			n := element("mrow", p.arg()).as(named)
			p.font = before
			n.limits = l
			return n
		}
	}
	if text.Len() == 0 {
		return element("mrow")
	}
	return word(text.String(), l)
}
