package tex

import (
	"strings"
	"testing"
)

func TestRefused(t *testing.T) {
	for name, source := range map[string]string{
		"nothing":                       "",
		"delimiters alone":              `\(\)`,
		"only a label":                  `\label{a}`,
		"unknown command":               `a+\unheardof{b}`,
		"unknown environment":           `\begin{tikzpicture}a\end{tikzpicture}`,
		"group not closed":              `\frac{a}{b`,
		"group not opened":              `a}b`,
		"argument missing":              `\frac{a}`,
		"left without right":            `\left(a`,
		"right without left":            `a\right)`,
		"no delimiter":                  `\left a b\right)`,
		"two superscripts":              `x^a^b`,
		"two subscripts":                `x_a_b`,
		"environment not closed":        `\begin{matrix}a`,
		"environment closed as another": `\begin{matrix}a\end{pmatrix}`,
		"end alone":                     `a\end{matrix}`,
		"dollar inside":                 `a $ b`,
		"parameter outside":             `#1`,
		"macro that calls itself":       `\def\a{\a}\a`,
		"macro that doubles":            `\def\a#1{\b{#1#1}}\def\b#1{\a{#1#1}}\a{x}`,
		"too deep":                      strings.Repeat("{", maxDepth+1) + "x" + strings.Repeat("}", maxDepth+1),
		"too deep in roots":             strings.Repeat(`\sqrt`, 5000) + "x",
		"too deep in text":              strings.Repeat(`\text{`, 5000) + "x" + strings.Repeat("}", 5000),
		"too long":                      strings.Repeat("x", maxSource+1),
		"backslash at the end":          `a\`,
	} {
		if math, ok := MathML(source, true); ok || math != "" {
			t.Errorf("%s: got %.200q, %v", name, math, ok)
		}
	}
}

func TestDelimitersAndSource(t *testing.T) {
	for in, want := range map[string]string{
		`\(x\)`: "x", `\[ x \]`: "x", `$$x$$`: "x", `$x$`: "x", " x\r\n": "x", "a\x00b\ufffe\xff": "ab", `\(a\) b \(c\)`: `\(a\) b \(c\)`, `$a$ b $c$`: `$a$ b $c$`,
	} {
		if got := undelimited(legible(in)); got != want {
			t.Errorf("undelimited(%q) = %q, want %q", in, got, want)
		}
	}
}

// FuzzMathML holds the law: what is returned is well-formed, of known elements with the children that each must have, carries its
// source, and is the same each time.
func FuzzMathML(f *testing.F) {
	for _, source := range formulas(f) {
		f.Add(source, true)
		f.Add(source, false)
	}
	f.Fuzz(func(t *testing.T, source string, display bool) {
		math, ok := MathML(source, display)
		if !ok {
			if math != "" {
				t.Fatalf("refused, but returned %q", math)
			}
			return
		}
		if err := valid(math, undelimited(legible(source)), display); err != nil {
			t.Fatalf("%q: %v\n%s", source, err, math)
		}
		if again, _ := MathML(source, display); again != math {
			t.Fatalf("%q: two results", source)
		}
	})
}
