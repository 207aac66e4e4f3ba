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
		"table of long and short rows":  `\begin{matrix}` + strings.Repeat("&", 200) + strings.Repeat(`\\`, 200) + `\end{matrix}`,
		"elements too deep":             strings.Repeat(`\begin{cases}`, 40) + "x" + strings.Repeat(`\end{cases}`, 40),
		"too long":                      strings.Repeat("x", maxSource+1),
		"backslash at the end":          `a\`,
	} {
		if math, ok := MathML(source, true); ok || math != "" {
			t.Errorf("%s: got %.200q, %v", name, math, ok)
		}
	}
}

// TestLong are formulas as long as they may be, of what might take longer than their length.
func TestLong(t *testing.T) {
	many := func(s string) string { return strings.Repeat(s, (maxSource-200)/len(s)) }
	for name, source := range map[string]string{
		"relations":   many("="),
		"spaces":      many(`x\,`),
		"a word":      `\mathrm{` + many("a") + "}",
		"bars":        `\Set{` + many("|") + "}",
		"rows":        `\begin{matrix}` + strings.Repeat(`a\\`, maxCells) + `\end{matrix}`,
		"macros":      `\def\a{x}` + strings.Repeat(`\a{}`, maxExpansions),
		"colours":     many(`\color{a}`) + "x",
		"many primes": "x" + many("'"),
	} {
		math, ok := MathML(source, true)
		if !ok {
			t.Errorf("%s: not understood", name)
		} else if err := valid(math, source, true); err != nil {
			t.Errorf("%s: %.200v", name, err.Error())
		}
	}
}

func TestDelimitersAndSource(t *testing.T) {
	for in, want := range map[string]string{
		`\(x\)`: "x", `\[ x \]`: "x", `$$x$$`: "x", `$x$`: "x", " x\r\n": "x", "a\x00b\ufffe\xff": "ab", `\(x\ \)`: `x\ `, ` x\\ `: `x\\`, `\(a\) b \(c\)`: `\(a\) b \(c\)`, `$a$ b $c$`: `$a$ b $c$`,
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
