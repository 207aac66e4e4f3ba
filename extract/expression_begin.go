package extract

import (
	"regexp/syntax"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// This file tells how the matches of an expression begin that is anchored to the text's beginning: after characters that it skips,
// with one of some sequences of letters. Rules: the letters are found in the expression itself, so there is no list to keep; where
// an expression says too little or too much, the text is not judged by it; a text that is turned away never matches.

// beginnings are how all matches of an expression begin, case aside.
type beginnings struct {
	skipped []rune    // pairs: ranges of the characters that the expression passes over first
	low     [2]uint64 // the same of ASCII
	within  bool      // a match may also begin with a skipped character
	heads   map[string]bool
	longest int                   // of the heads, in letters
	sizes   [longestHead + 1]bool // that the heads have, in letters
}

const (
	// longestHead is how many letters of a match are told: three tell most words of a language apart.
	longestHead = 3
	// mostHeads bounds the heads of an expression; with more of them fewer letters are told.
	mostHeads = 2000
	// widestClass is the number of characters of a class that are told one by one.
	widestClass = 40
)

// beginningsOf gives nil for an expression whose matches may begin anywhere, or with anything.
func beginningsOf(source string) *beginnings {
	re, err := syntax.Parse(source, syntax.Perl)
	if err != nil || !anchored(re) {
		return nil
	}
	b := &beginnings{}
	if subs := re.Sub; re.Op == syntax.OpConcat && len(subs) > 2 && subs[1].Op == syntax.OpStar && subs[1].Sub[0].Op == syntax.OpCharClass {
		b.skipped = subs[1].Sub[0].Rune
		re = &syntax.Regexp{Op: syntax.OpConcat, Sub: subs[2:]}
	}
	for r := range rune(utf8.RuneSelf) {
		if inRanges(b.skipped, r) {
			b.low[r/64] |= 1 << (r % 64)
		}
	}
	for b.longest = longestHead; b.longest > 0; b.longest-- {
		if heads := headsOf(re, b.longest); b.take(heads) {
			return b
		}
	}
	return nil
}

// anchored reports whether every match begins at the beginning of the text.
func anchored(re *syntax.Regexp) bool {
	switch re.Op {
	case syntax.OpBeginText:
		return true
	case syntax.OpConcat, syntax.OpCapture:
		return anchored(re.Sub[0])
	case syntax.OpAlternate:
		return !slices.ContainsFunc(re.Sub, func(sub *syntax.Regexp) bool { return !anchored(sub) })
	}
	return false
}

// take keeps the heads if they tell anything.
func (b *beginnings) take(heads []head) bool {
	if len(heads) == 0 {
		return false
	}
	b.heads, b.sizes = make(map[string]bool, len(heads)), [longestHead + 1]bool{}
	for _, h := range heads {
		if h.letters == "" {
			return false
		}
		b.heads[h.letters], b.sizes[h.n] = true, true
		first, _ := utf8.DecodeRuneInString(h.letters)
		for r := unicode.SimpleFold(first); ; r = unicode.SimpleFold(r) {
			b.within = b.within || b.skips(r)
			if r == first {
				break
			}
		}
	}
	return true
}

// match reports whether s may match.
func (b *beginnings) match(s string) bool {
	var buf [longestHead * utf8.UTFMax]byte
	begin, n := buf[:0], 0
	for _, r := range s {
		if n == 0 && b.skips(r) {
			if b.within {
				return true
			}
			continue
		}
		begin = utf8.AppendRune(begin, folded(r))
		if n++; b.sizes[n] && b.heads[string(begin)] {
			return true
		}
		if n == b.longest {
			return false
		}
	}
	return false
}

func (b *beginnings) skips(r rune) bool {
	if r < utf8.RuneSelf {
		return b.low[r/64]&(1<<(r%64)) != 0
	}
	return inRanges(b.skipped, r)
}

// inRanges looks for r in sorted pairs of first and last.
func inRanges(ranges []rune, r rune) bool {
	i, found := slices.BinarySearch(ranges, r)
	return found || i%2 == 1
}

// folded is the same character for all cases of a letter.
func folded(r rune) rune {
	least := r
	for f := unicode.SimpleFold(r); f != r; f = unicode.SimpleFold(f) {
		least = min(least, f)
	}
	return least
}

// head is how a match may begin.
type head struct {
	letters string // folded
	n       int
	done    bool // more may follow, but it is not told
}

// headsOf are the beginnings of an expression, of at most so many letters. There is none for one that matches nothing.
func headsOf(re *syntax.Regexp, most int) []head {
	nothing := []head{{}}
	switch re.Op {
	case syntax.OpNoMatch:
		return nil
	case syntax.OpEmptyMatch, syntax.OpBeginText, syntax.OpEndText, syntax.OpBeginLine, syntax.OpEndLine, syntax.OpWordBoundary, syntax.OpNoWordBoundary:
		return nothing
	case syntax.OpLiteral:
		var b strings.Builder
		n := min(most, len(re.Rune))
		for _, r := range re.Rune[:n] {
			b.WriteRune(folded(r))
		}
		return []head{{b.String(), n, n == most}}
	case syntax.OpCharClass:
		return headsOfClass(re.Rune, most)
	case syntax.OpCapture:
		return headsOf(re.Sub[0], most)
	case syntax.OpQuest:
		return united(nothing, headsOf(re.Sub[0], most))
	case syntax.OpStar:
		return united(nothing, ended(headsOf(re.Sub[0], most)))
	case syntax.OpPlus:
		return ended(headsOf(re.Sub[0], most))
	case syntax.OpRepeat:
		heads := headsOf(re.Sub[0], most)
		if re.Max != 1 {
			heads = ended(heads)
		}
		if re.Min == 0 {
			return united(nothing, heads)
		}
		return heads
	case syntax.OpAlternate:
		var heads []head
		for _, sub := range re.Sub {
			heads = united(heads, headsOf(sub, most))
		}
		return heads
	case syntax.OpConcat:
		heads := nothing
		for _, sub := range re.Sub {
			if !slices.ContainsFunc(heads, func(h head) bool { return !h.done }) {
				break
			}
			heads = joined(heads, headsOf(sub, most), most)
		}
		return heads
	}
	return anything() // any character
}

func headsOfClass(ranges []rune, most int) []head {
	var heads []head
	for i := 0; i+1 < len(ranges); i += 2 {
		if len(heads)+int(ranges[i+1]-ranges[i]) >= widestClass {
			return anything()
		}
		for r := ranges[i]; r <= ranges[i+1]; r++ {
			heads = append(heads, head{string(folded(r)), 1, most == 1})
		}
	}
	return united(nil, heads)
}

func anything() []head { return []head{{done: true}} }

// ended is heads after which anything may follow.
func ended(heads []head) []head {
	for i := range heads {
		heads[i].done = true
	}
	return united(nil, heads)
}

// united is all of both, each once; anything where they are too many.
func united(a, b []head) []head {
	all := append(a, b...)
	slices.SortFunc(all, func(x, y head) int {
		if x.done != y.done && x.letters == y.letters {
			if x.done {
				return 1
			}
			return -1
		}
		return strings.Compare(x.letters, y.letters)
	})
	if all = slices.Compact(all); len(all) > mostHeads {
		return anything()
	}
	return all
}

// joined is the heads of what is one after the other.
func joined(a, b []head, most int) []head {
	if len(a)*len(b) > mostHeads*longestHead {
		return anything()
	}
	var all []head
	for _, x := range a {
		if x.done {
			all = append(all, x)
			continue
		}
		for _, y := range b {
			h := head{x.letters, x.n, y.done}
			for _, r := range y.letters {
				if h.n == most {
					break
				}
				h.letters += string(r)
				h.n++
			}
			h.done = h.done || h.n == most
			all = append(all, h)
		}
	}
	return united(nil, all)
}
