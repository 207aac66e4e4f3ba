package main

import (
	"slices"
	"strings"
	"unicode"

	"github.com/aymanbagabas/go-udiff"
	"github.com/aymanbagabas/go-udiff/lcs"
)

// This file compares two texts. Rules: lines first, then words within the lines that differ; a word is a run of letters and digits, of
// Han, Kana and Hangul each character by itself; what stands once in both texts, in the same order, holds them together, and
// only what lies between goes to the library, whose work is bounded however much differs. Two texts of 100,000 characters
// take a fraction of a second.

// maxAnchoring is how often what lies between two things in common is searched for more of them: each time reads it once.
const maxAnchoring = 12

// span is a pair of parts that differ: a[from:to] in the place of which stands b[into:upto].
type span struct{ from, to, into, upto int }

// differing gives the parts in which two lists differ, in order.
func differing(a, b []string) []span {
	var all []span
	add := func(s span) {
		if n := len(all); n > 0 && all[n-1].to == s.from && all[n-1].upto == s.into {
			all[n-1].to, all[n-1].upto = s.to, s.upto
			return
		}
		all = append(all, s)
	}
	anchored(a, b, 0, 0, maxAnchoring, add)
	return all
}

func anchored(a, b []string, from, into, depth int, add func(span)) {
	for len(a) > 0 && len(b) > 0 && a[0] == b[0] {
		a, b, from, into = a[1:], b[1:], from+1, into+1
	}
	for len(a) > 0 && len(b) > 0 && a[len(a)-1] == b[len(b)-1] {
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	switch {
	case len(a) == 0 && len(b) == 0:
		return
	case len(a) == 0 || len(b) == 0:
		add(span{from, from + len(a), into, into + len(b)})
		return
	}
	var pairs [][2]int
	for _, n := range rows {
		if depth > 0 && len(pairs) == 0 {
			pairs = anchors(a, b, n)
		}
	}
	if len(pairs) == 0 {
		for _, d := range lcs.DiffLines(a, b) {
			add(span{from + d.Start, from + d.End, into + d.ReplStart, into + d.ReplEnd})
		}
		return
	}
	i, j := 0, 0
	for _, p := range append(pairs, [2]int{len(a), len(b)}) {
		anchored(a[i:p[0]], b[j:p[1]], from+i, into+j, depth-1, add)
		i, j = p[0]+1, p[1]+1
	}
}

// rows are how many words or lines in a row are searched for in both texts: long rows first, as they are seldom alike by chance.
var rows = [...]int{8, 3, 1}

// anchors are the places of rows of n that stand once in a and once in b: the longest sequence of them that has one order in both.
func anchors(a, b []string, n int) [][2]int {
	a, b = rowsOf(a, n), rowsOf(b, n)
	const twice = -1
	places := func(list []string) map[string]int {
		at := make(map[string]int, len(list))
		for i, s := range list {
			if _, ok := at[s]; ok {
				i = twice
			}
			at[s] = i
		}
		return at
	}
	inA, inB := places(a), places(b)
	var pairs [][2]int
	for i, s := range a {
		if j, ok := inB[s]; ok && j != twice && inA[s] == i {
			pairs = append(pairs, [2]int{i, j})
		}
	}
	return rising(pairs)
}

// rowsOf are all rows of n, each as one.
func rowsOf(list []string, n int) []string {
	if n == 1 {
		return list
	}
	var all []string
	for i := range len(list) - n + 1 {
		all = append(all, strings.Join(list[i:i+n], "\x00"))
	}
	return all
}

// rising is the longest part of the pairs, which rise in the first place, that rises in the second one too.
func rising(pairs [][2]int) [][2]int {
	var tails []int // of the best row of each length, its last pair
	before := make([]int, len(pairs))
	for i, p := range pairs {
		n, _ := slices.BinarySearchFunc(tails, p[1], func(t, want int) int { return pairs[t][1] - want })
		before[i] = -1
		if n > 0 {
			before[i] = tails[n-1]
		}
		tails = append(tails[:n], append([]int{i}, tails[min(n+1, len(tails)):]...)...)
	}
	if len(tails) == 0 {
		return nil
	}
	row := make([][2]int, len(tails))
	for n, i := len(tails)-1, tails[len(tails)-1]; n >= 0; n, i = n-1, before[i] {
		row[n] = pairs[i]
	}
	return row
}

// words cuts a text into what is compared: words, single characters of scripts that set none apart, spaces, and all other
// characters one by one. Joined they are the text.
func words(text string) []string {
	var all []string
	kind := func(r rune) int {
		switch {
		case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul):
			return 0
		case unicode.IsLetter(r), unicode.IsDigit(r), unicode.IsMark(r), r == '_':
			return 1
		case r == ' ' || r == '\t':
			return 2
		}
		return 0
	}
	start, last := 0, 0
	for i, r := range text {
		k := kind(r)
		if i > 0 && (k == 0 || k != last) {
			all = append(all, text[start:i])
			start = i
		}
		last = k
	}
	if start < len(text) {
		all = append(all, text[start:])
	}
	return all
}

// change is a piece of a comparison: text that both have, or what one has in the place of the other's.
type change struct {
	same     string
	old, new string
}

const (
	// leastSame is the number of characters in common between two changes that keeps them apart: less is chance.
	leastSame = 2
	// alike is the share of two texts, in percent, that has to be the same for a comparison by words to be readable.
	alike = 25
)

// compareWords compares two texts by words.
func compareWords(old, new string) []change {
	a, b := words(old), words(new)
	var all []change
	add := func(c change) {
		if n := len(all); n > 0 && c.same == "" && all[n-1].same == "" {
			all[n-1].old, all[n-1].new = all[n-1].old+c.old, all[n-1].new+c.new
			return
		}
		all = append(all, c)
	}
	at, shared := 0, 0
	spans := differing(a, b)
	for n, s := range spans {
		same := strings.Join(a[at:s.from], "")
		shared += len(same)
		switch {
		case same == "":
		case n > 0 && len([]rune(strings.TrimSpace(same))) < leastSame && !strings.Contains(same, "\n"):
			add(change{old: same, new: same})
		default:
			add(change{same: same})
		}
		add(change{old: strings.Join(a[s.from:s.to], ""), new: strings.Join(b[s.into:s.upto], "")})
		at = s.to
	}
	same := strings.Join(a[at:], "")
	shared += len(same)
	if shared*100 < alike*min(len(old), len(new)) {
		return []change{{old: old, new: new}}
	}
	if same != "" {
		add(change{same: same})
	}
	return all
}

// lines cuts a text into lines with their ends.
func lines(text string) []string { return slices.Collect(strings.Lines(text)) }

// unified is the difference of two texts in the form that patch reads; empty where there is none.
func unified(oldName, newName, old, new string) (string, error) {
	a, b := lines(old), lines(new)
	starts := make([]int, len(a)+1)
	for i, line := range a {
		starts[i+1] = starts[i] + len(line)
	}
	var edits []udiff.Edit
	for _, s := range differing(a, b) {
		edits = append(edits, udiff.Edit{Start: starts[s.from], End: starts[s.to], New: strings.Join(b[s.into:s.upto], "")})
	}
	return udiff.ToUnified(oldName, newName, old, edits, udiff.DefaultContextLines)
}
