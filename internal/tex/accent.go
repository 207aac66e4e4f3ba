package tex

// accents are signs above and below a thing: their character, whether it grows with the thing, and whether it stands below.
var accents = map[string]struct {
	text        string
	wide, below bool
}{
	"hat": {"^", false, false}, "widehat": {"^", true, false}, "tilde": {"~", false, false}, "widetilde": {"~", true, false}, "bar": {"¯", false, false},
	"vec": {"→", false, false}, "dot": {"˙", false, false}, "ddot": {"¨", false, false}, "dddot": {"⃛", false, false}, "ddddot": {"⃜", false, false},
	"check": {"ˇ", false, false}, "widecheck": {"ˇ", true, false}, "breve": {"˘", false, false}, "acute": {"´", false, false}, "grave": {"`", false, false},
	"mathring": {"˚", false, false}, "overline": {"‾", true, false}, "underline": {"_", true, true}, "underbar": {"_", true, true},
	"overrightarrow": {"→", true, false}, "overleftarrow": {"←", true, false}, "overleftrightarrow": {"↔", true, false},
	"underrightarrow": {"→", true, true}, "underleftarrow": {"←", true, true}, "underleftrightarrow": {"↔", true, true},
	"overrightharpoon": {"⇀", true, false}, "overleftharpoon": {"↼", true, false}, "utilde": {"~", true, true}, "Overrightarrow": {"⇒", true, false},
}

func (p *parser) accent(name string) (*node, bool) {
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
	text := map[string]string{"overbrace": "⏞", "underbrace": "⏟", "overbracket": "⎴", "underbracket": "⎵", "overparen": "⏜", "underparen": "⏝"}[name]
	mo := token("mo", text).set("stretchy", "true")
	tag := "munder"
	if name[0] == 'o' {
		tag = "mover"
	}
	n := element(tag, p.arg(), mo)
	n.limits = above
	return n
}
