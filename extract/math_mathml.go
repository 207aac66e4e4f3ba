package extract

import (
	"strings"

	"golang.org/x/net/html"
)

// maxMathDepth is how deep MathML is read; beyond it only its text is.
const maxMathDepth = 60

// mathML turns a math element into TeX: its own annotation where it has one, else the elements that formulas are mostly made of.
func mathML(n *html.Node) (tex string, display bool) {
	display = attrOf(n, "display") == "block" || attrOf(n, "mode") == "display"
	for d := range n.Descendants() {
		if d.Data != "annotation" || d.Type != html.ElementNode {
			continue
		}
		if e := strings.ToLower(attrOf(d, "encoding")); strings.Contains(e, "tex") {
			s := tidyTeX(textOf(d))
			// Wikipedia writes its style into every formula.
			for {
				inner, ok := strings.CutPrefix(s, `{\displaystyle `)
				if !ok || !strings.HasSuffix(inner, "}") {
					break
				}
				s = tidyTeX(strings.TrimSuffix(inner, "}"))
			}
			return s, display
		}
	}
	for _, key := range []string{"data-latex", "alttext"} {
		if s := trimDelimiters(attrOf(n, key)); s != "" {
			return s, display
		}
	}
	var w mathWriter
	w.children(n, 0)
	return tidyTeX(w.String()), display
}

type mathWriter struct{ strings.Builder }

// word writes a piece of TeX; a command is kept apart from a letter that follows it.
func (w *mathWriter) word(s string) {
	if s == "" {
		return
	}
	if c := s[0]; isASCIILetter(c) && w.Len() > 0 {
		have := w.String()
		i := len(have)
		for i > 0 && isASCIILetter(have[i-1]) {
			i--
		}
		if i > 0 && i < len(have) && have[i-1] == '\\' {
			w.WriteByte(' ')
		}
	}
	w.WriteString(s)
}

func (w *mathWriter) children(n *html.Node, depth int) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		w.node(c, depth)
	}
}

// group is an element as an argument, in braces.
func (w *mathWriter) group(n *html.Node, depth int) {
	w.WriteByte('{')
	if n != nil {
		w.node(n, depth)
	}
	w.WriteByte('}')
}

// base is an element that something is put onto: in braces where it is more than one sign.
func (w *mathWriter) base(n *html.Node, depth int) {
	var inner mathWriter
	if n != nil {
		inner.node(n, depth)
	}
	switch s := inner.String(); {
	case s == "", len([]rune(s)) > 1 && !(s[0] == '\\' && strings.Trim(s[1:], "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""):
		w.WriteString("{" + s + "}")
	default:
		w.word(s)
	}
}

func (w *mathWriter) node(n *html.Node, depth int) {
	if n.Type == html.TextNode {
		w.word(strings.TrimSpace(n.Data))
		return
	}
	if n.Type != html.ElementNode {
		return
	}
	if depth > maxMathDepth {
		w.word(oneLine(textOf(n)))
		return
	}
	depth++
	kids := elements(n)
	kid := func(i int) *html.Node {
		if i < len(kids) {
			return kids[i]
		}
		return nil
	}
	switch n.Data {
	case "mi":
		w.word(identifier(n))
	case "mn":
		w.word(oneLine(textOf(n)))
	case "mo":
		w.operator(oneLine(textOf(n)))
	case "mtext", "ms":
		if s := strings.ReplaceAll(textOf(n), "\u00a0", " "); strings.TrimSpace(s) != "" {
			w.WriteString(`\text{` + strings.NewReplacer("{", `\{`, "}", `\}`, "$", `\$`).Replace(s) + "}")
		} else {
			w.WriteString(`\ `)
		}
	case "mspace":
		w.WriteString(`\ `)
	case "msup", "msub", "msubsup", "munder", "mover", "munderover":
		w.scripts(n.Data, kid, depth)
	case "mfrac":
		w.WriteString(`\frac`)
		w.group(kid(0), depth)
		w.group(kid(1), depth)
	case "msqrt":
		w.WriteString(`\sqrt{`)
		w.children(n, depth)
		w.WriteByte('}')
	case "mroot":
		w.WriteString(`\sqrt[`)
		if k := kid(1); k != nil {
			w.node(k, depth)
		}
		w.WriteByte(']')
		w.group(kid(0), depth)
	case "mfenced":
		w.fenced(n, kids, depth)
	case "mtable":
		w.WriteString(`\begin{matrix}`)
		for i, row := range kids {
			if i > 0 {
				w.WriteString(` \\ `)
			}
			for j, cell := range elements(row) {
				if j > 0 {
					w.WriteString(" & ")
				}
				w.children(cell, depth)
			}
		}
		w.WriteString(`\end{matrix}`)
	case "annotation", "annotation-xml", "none", "mprescripts", "maligngroup", "malignmark":
	default: // math, mrow, mstyle, semantics, mpadded, and what is not known
		w.children(n, depth)
	}
}

func (w *mathWriter) scripts(name string, kid func(int) *html.Node, depth int) {
	if name == "mover" || name == "munder" {
		if k := kid(1); k != nil {
			if command := accents[oneLine(textOf(k))]; command != "" && (name == "mover") == (command != `\underline` && command != `\underbrace`) {
				w.word(command)
				w.group(kid(0), depth)
				return
			}
		}
	}
	w.base(kid(0), depth)
	sub, sup := kid(1), kid(2)
	if name == "msup" || name == "mover" {
		sub, sup = nil, kid(1)
	}
	if sub != nil {
		w.WriteByte('_')
		w.group(sub, depth)
	}
	if sup != nil {
		if s := oneLine(textOf(sup)); name == "msup" && (s == "′" || s == "'") {
			w.WriteByte('\'')
			return
		}
		w.WriteByte('^')
		w.group(sup, depth)
	}
}

func (w *mathWriter) fenced(n *html.Node, kids []*html.Node, depth int) {
	open, end, separator := "(", ")", ","
	if hasAttr(n, "open") {
		open = attrOf(n, "open")
	}
	if hasAttr(n, "close") {
		end = attrOf(n, "close")
	}
	if hasAttr(n, "separators") {
		separator = strings.TrimSpace(attrOf(n, "separators"))
	}
	w.operator(open)
	for i, k := range kids {
		if i > 0 && separator != "" {
			w.operator(separator[:1])
		}
		w.node(k, depth)
	}
	w.operator(end)
}

func elements(n *html.Node) []*html.Node {
	var list []*html.Node
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.ElementNode {
			list = append(list, c)
		}
	}
	return list
}

func identifier(n *html.Node) string {
	s := oneLine(textOf(n))
	switch {
	case mathSigns[s] != "":
		return mathSigns[s]
	case functions[s]:
		return `\` + s
	case len(s) > 1 && strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") == "":
		return `\mathrm{` + s + "}"
	}
	command := ""
	switch attrOf(n, "mathvariant") {
	case "bold", "bold-italic":
		command = `\mathbf`
	case "double-struck":
		command = `\mathbb`
	case "script":
		command = `\mathcal`
	case "fraktur":
		command = `\mathfrak`
	}
	if command != "" && s != "" {
		return command + "{" + s + "}"
	}
	return s
}

func (w *mathWriter) operator(s string) {
	switch s {
	case "{", "}", "%", "#", "&", "$", "_":
		w.WriteString(`\` + s)
	case "\u2061", "\u2062", "\u2063", "\u2064", "":
	default:
		if t := mathSigns[s]; t != "" {
			s = t
		} else if functions[s] {
			s = `\` + s
		}
		w.word(s)
	}
}

var functions = map[string]bool{
	"sin": true, "cos": true, "tan": true, "cot": true, "sec": true, "csc": true, "log": true, "ln": true, "lg": true, "exp": true, "max": true,
	"min": true, "sup": true, "inf": true, "lim": true, "det": true, "dim": true, "ker": true, "arg": true, "deg": true, "gcd": true, "Pr": true,
	"sinh": true, "cosh": true, "tanh": true, "arcsin": true, "arccos": true, "arctan": true, "limsup": true, "liminf": true, "hom": true,
}

var accents = map[string]string{
	"^": `\hat`, "ˆ": `\hat`, "~": `\tilde`, "˜": `\tilde`, "¯": `\bar`, "‾": `\overline`, "―": `\overline`, "→": `\vec`, "⃗": `\vec`, "˙": `\dot`,
	"¨": `\ddot`, "⏞": `\overbrace`, "⏟": `\underbrace`, "_": `\underline`, "̲": `\underline`,
}

var mathSigns = map[string]string{
	"α": `\alpha`, "β": `\beta`, "γ": `\gamma`, "δ": `\delta`, "ϵ": `\epsilon`, "ε": `\varepsilon`, "ζ": `\zeta`, "η": `\eta`, "θ": `\theta`,
	"ϑ": `\vartheta`, "ι": `\iota`, "κ": `\kappa`, "λ": `\lambda`, "μ": `\mu`, "ν": `\nu`, "ξ": `\xi`, "π": `\pi`, "ρ": `\rho`, "σ": `\sigma`,
	"τ": `\tau`, "υ": `\upsilon`, "ϕ": `\phi`, "φ": `\varphi`, "χ": `\chi`, "ψ": `\psi`, "ω": `\omega`, "Γ": `\Gamma`, "Δ": `\Delta`,
	"Θ": `\Theta`, "Λ": `\Lambda`, "Ξ": `\Xi`, "Π": `\Pi`, "Σ": `\Sigma`, "Φ": `\Phi`, "Ψ": `\Psi`, "Ω": `\Omega`, "∑": `\sum`, "∏": `\prod`,
	"∫": `\int`, "∬": `\iint`, "∮": `\oint`, "∂": `\partial`, "∇": `\nabla`, "∞": `\infty`, "≤": `\leq`, "≥": `\geq`, "≠": `\neq`, "≈": `\approx`,
	"≡": `\equiv`, "∼": `\sim`, "∝": `\propto`, "×": `\times`, "⋅": `\cdot`, "·": `\cdot`, "÷": `\div`, "±": `\pm`, "∓": `\mp`, "−": "-", "∗": "*",
	"→": `\to`, "←": `\leftarrow`, "⇒": `\Rightarrow`, "⇐": `\Leftarrow`, "⇔": `\Leftrightarrow`, "↔": `\leftrightarrow`, "↦": `\mapsto`,
	"∈": `\in`, "∉": `\notin`, "⊂": `\subset`, "⊆": `\subseteq`, "⊃": `\supset`, "∪": `\cup`, "∩": `\cap`, "∅": `\emptyset`, "∀": `\forall`,
	"∃": `\exists`, "¬": `\neg`, "∧": `\wedge`, "∨": `\vee`, "⊕": `\oplus`, "⊗": `\otimes`, "∘": `\circ`, "…": `\ldots`, "⋯": `\cdots`, "⋮": `\vdots`,
	"⋱": `\ddots`, "⟨": `\langle`, "⟩": `\rangle`, "∥": `\|`, "‖": `\|`, "∣": `\mid`, "⌊": `\lfloor`, "⌋": `\rfloor`, "⌈": `\lceil`, "⌉": `\rceil`,
	"ℝ": `\mathbb{R}`, "ℕ": `\mathbb{N}`, "ℤ": `\mathbb{Z}`, "ℚ": `\mathbb{Q}`, "ℂ": `\mathbb{C}`, "𝔼": `\mathbb{E}`, "ℓ": `\ell`, "ℏ": `\hbar`, "⊤": `\top`,
	"⊥": `\bot`, "≪": `\ll`, "≫": `\gg`, "≜": `\triangleq`, "⊙": `\odot`, "′": "'", "\\": `\backslash`,
}
