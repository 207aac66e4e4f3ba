package tex

import "strings"

// This file writes letters in the alphabets of mathematics. They are characters of their own, which readers show that know nothing
// of the mathvariant attribute; browsers are such readers.

type font uint8

const (
	italic font = iota // letters are variables, each one by itself
	upright
	bold
	boldItalic
	slanted // words in italics
	sans
	typewriter
	double
	script
	fraktur
)

// words tells fonts whose letters make words.
func (f font) words() bool {
	switch f {
	case upright, bold, slanted, sans, typewriter:
		return true
	}
	return false
}

// alphabet says where a font has its characters: A, a, 0, Α and α, and 0 where it has none.
type alphabet struct{ upper, lower, digit, greekUpper, greekLower rune }

func (f font) alphabet() alphabet {
	switch f {
	case bold:
		return alphabet{0x1d400, 0x1d41a, 0x1d7ce, 0x1d6a8, 0x1d6c2}
	case boldItalic:
		return alphabet{0x1d468, 0x1d482, 0x1d7ce, 0x1d71c, 0x1d736}
	case slanted:
		return alphabet{0x1d434, 0x1d44e, 0, 0x1d6e2, 0x1d6fc}
	case sans:
		return alphabet{0x1d5a0, 0x1d5ba, 0x1d7e2, 0, 0}
	case typewriter:
		return alphabet{0x1d670, 0x1d68a, 0x1d7f6, 0, 0}
	case double:
		return alphabet{0x1d538, 0x1d552, 0x1d7d8, 0, 0}
	case script:
		return alphabet{0x1d49c, 0x1d4b6, 0, 0, 0}
	case fraktur:
		return alphabet{0x1d504, 0x1d51e, 0, 0, 0}
	}
	return alphabet{}
}

// elsewhere are letters that Unicode had before it had the alphabets, by the places that it left free for them.
var elsewhere = map[rune]rune{
	0x1d455: 'ℎ', 0x1d49d: 'ℬ', 0x1d4a0: 'ℰ', 0x1d4a1: 'ℱ', 0x1d4a3: 'ℋ', 0x1d4a4: 'ℐ',
	0x1d4a7: 'ℒ', 0x1d4a8: 'ℳ', 0x1d4ad: 'ℛ', 0x1d4ba: 'ℯ', 0x1d4bc: 'ℊ', 0x1d4c4: 'ℴ',
	0x1d506: 'ℭ', 0x1d50b: 'ℌ', 0x1d50c: 'ℑ', 0x1d515: 'ℜ', 0x1d51d: 'ℨ', 0x1d53a: 'ℂ',
	0x1d53f: 'ℍ', 0x1d545: 'ℕ', 0x1d547: 'ℙ', 0x1d548: 'ℚ', 0x1d549: 'ℝ', 0x1d551: 'ℤ',
}

func (f font) letter(r rune) rune {
	a := f.alphabet()
	at := func(base, first rune) rune {
		if base == 0 {
			return r
		}
		if had, ok := elsewhere[base+r-first]; ok {
			return had
		}
		return base + r - first
	}
	switch {
	case r >= 'A' && r <= 'Z':
		return at(a.upper, 'A')
	case r >= 'a' && r <= 'z':
		return at(a.lower, 'a')
	case r >= '0' && r <= '9':
		return at(a.digit, '0')
	case r >= 'Α' && r <= 'Ω':
		return at(a.greekUpper, 'Α')
	case r >= 'α' && r <= 'ω':
		return at(a.greekLower, 'α')
	}
	if a.greekLower != 0 {
		// They follow omega in each alphabet; nabla follows the capital one.
		if i := strings.IndexRune("∂ϵϑϰϕϱϖ", r); i >= 0 {
			n := 0
			for _, s := range "∂ϵϑϰϕϱϖ" {
				if s == r {
					break
				}
				n++
			}
			return a.greekLower + 25 + rune(n)
		}
		if r == '∇' {
			return a.greekUpper + 25
		}
	}
	return r
}

func (f font) spell(s string) string { return strings.Map(f.letter, s) }

// identifier is letters as a name. One letter by itself is in italics unless it says otherwise, more than one are upright.
func (f font) identifier(s string) *node {
	n := token("mi", f.spell(s))
	if f == upright && len([]rune(s)) == 1 {
		n.set("mathvariant", "normal")
	}
	return n
}
