package tex

// accents are signs above and below a thing: their character, whether it grows with the thing, and whether it stands below.
var accents = map[string]struct {
	text        string
	wide, below bool
}{
	"hat": {"ˆ", false, false}, "widehat": {"^", true, false}, "tilde": {"˜", false, false}, "widetilde": {"~", true, false}, "bar": {"¯", false, false},
	"vec": {"→", false, false}, "dot": {"˙", false, false}, "ddot": {"¨", false, false}, "dddot": {"⃛", false, false}, "ddddot": {"⃜", false, false},
	"check": {"ˇ", false, false}, "widecheck": {"ˇ", true, false}, "breve": {"˘", false, false}, "acute": {"´", false, false}, "grave": {"`", false, false},
	"mathring":       {"˚", false, false},
	"overrightarrow": {"→", true, false}, "overleftarrow": {"←", true, false}, "overleftrightarrow": {"↔", true, false},
	"underrightarrow": {"→", true, true}, "underleftarrow": {"←", true, true}, "underleftrightarrow": {"↔", true, true},
	"overrightharpoon": {"⇀", true, false}, "overleftharpoon": {"↼", true, false}, "utilde": {"~", true, true}, "Overrightarrow": {"⇒", true, false},
}

func (p *parser) accent(name string) (*node, bool) {
	switch name {
	case "overline":
		return framed(lineAbove, p.arg()), true
	case "underline", "underbar":
		return framed(lineBelow, p.arg()), true
	case "boxed":
		return framed(box, p.arg()), true
	case "fbox", "framebox":
		return framed(box, p.text(textStyle{})), true
	case "cancel":
		return framed(strike("bottom right"), p.arg()), true
	case "bcancel":
		return framed(strike("top right"), p.arg()), true
	case "xcancel":
		return framed(strike("bottom right"), framed(strike("top right"), p.arg())), true
	case "sout":
		return framed(strike("bottom"), p.arg()), true
	}
	a, ok := accents[name]
	if !ok {
		return nil, false
	}
	mo := token("mo", a.text).set("stretchy", "false")
	if a.wide {
		mo.set("stretchy", "true")
	}
	base := p.arg()
	if a.below {
		return element("munder", base, mo).set("accentunder", "true"), true
	}
	return element("mover", base, mo).set("accent", "true"), true
}

// brace reads what stands under or over a brace; scripts of it stand beyond the brace.
func (p *parser) brace(name string) *node {
	text := map[string]string{"overbrace": "⏞", "underbrace": "⏟", "overbracket": "⎴", "underbracket": "⎵", "overparen": "⏜", "underparen": "⏝",
		"overgroup": "⏠", "undergroup": "⏡"}[name]
	mo := token("mo", text).set("stretchy", "true")
	tag := "munder"
	if name[0] == 'o' {
		tag = "mover"
	}
	n := element(tag, p.arg(), mo)
	n.limits = above
	return n
}

// Lines about a thing are style: of MathML's own means for them, browsers know none (menclose), or have no font that stretches them
// (a bar as an accent).
const (
	lineAbove = "border-top:0.06em solid;padding-top:0.12em"
	lineBelow = "border-bottom:0.06em solid;padding-bottom:0.12em"
	box       = "border:0.06em solid;padding:0.2em"
)

// strike is a line through a thing, across a gradient that goes this way.
func strike(way string) string {
	const from, to = "calc(50% - 0.03em)", "calc(50% + 0.03em)"
	return "background:linear-gradient(to " + way + ",transparent " + from + ",currentColor " + from + ",currentColor " + to + ",transparent " + to + ")"
}

func framed(style string, n *node) *node { return element("mrow", n).set("style", style) }
