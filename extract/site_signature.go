package extract

import (
	"strings"

	"golang.org/x/net/html"
)

// This file names the elements of a page so that the same element of another page has the same name. Rules: tag, id and class; what
// counts or says what this one page is about is taken out; an element without id and class is named after the one around it;
// a name that two elements of a page have names neither.

// places are the blocks of a page by signature.
type places struct {
	of []string       // of each block; "" for none
	at map[string]int // the block that has it; -1 where several do
}

const (
	// maxSignedBlocks bounds the pages that are learned from and compared; one with more blocks is a book or a trap.
	maxSignedBlocks = 20_000
	// longestSignature, in bytes, and maxClassWords bound what is written for each element.
	longestSignature = 120
	maxClassWords    = 4
	// maxUnnamed is how many elements without id and class are named one after the other.
	maxUnnamed = 2
)

func (s *survey) places() *places {
	p := &places{of: make([]string, len(s.blocks)), at: make(map[string]int, len(s.blocks))}
	for i := range s.blocks {
		b := &s.blocks[i]
		if b.parent < 0 {
			continue
		}
		sig := signature(b.node, p.of[b.parent])
		if sig == "" {
			continue
		}
		p.of[i] = sig
		if _, taken := p.at[sig]; taken {
			p.at[sig] = -1
		} else {
			p.at[sig] = i
		}
	}
	return p
}

// block is the one block of a signature.
func (p *places) block(sig string) (int, bool) {
	i, ok := p.at[sig]
	return i, ok && i >= 0
}

// signature is the name of an element; outer is that of the block around it.
func signature(n *html.Node, outer string) string {
	var buf [2 * longestSignature]byte // most names are shorter
	b := append(buf[:0], n.Data...)
	named := false
	if id := stable(attrOf(n, "id")); id != "" {
		b = append(append(b, '#'), id...)
		named = true
	}
	words := 0
	for word := range strings.FieldsSeq(attrOf(n, "class")) {
		if word = stable(word); word == "" || aboutThePage(word) || words == maxClassWords {
			continue
		}
		b = append(append(b, '.'), word...)
		words++
		named = true
	}
	if !named {
		if outer == "" || strings.Count(outer, " > ") >= maxUnnamed {
			return ""
		}
		return outer + " > " + n.Data
	}
	if len(b) > longestSignature {
		return ""
	}
	return string(b)
}

// stable is a word of id or class with its numbers taken out: "post-1234" is "post-#". Names that a build tool made, "x7f3",
// stay as they are.
func stable(word string) string {
	if !strings.ContainsAny(word, "0123456789") {
		return word
	}
	const leastNumber = 3 // digits; fewer within a word are part of a name
	var b strings.Builder
	for i := 0; i < len(word); {
		if word[i] < '0' || word[i] > '9' {
			b.WriteByte(word[i])
			i++
			continue
		}
		end := i
		for end < len(word) && '0' <= word[end] && word[end] <= '9' {
			end++
		}
		apart := (i == 0 || !isLetter(word[i-1])) && (end == len(word) || !isLetter(word[end]))
		if apart || end-i >= leastNumber {
			b.WriteByte('#')
		} else {
			b.WriteString(word[i:end])
		}
		i = end
	}
	return b.String()
}

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

// aboutThePage reports whether a class says what the page is about or has, as WordPress writes them, and not what the element is.
func aboutThePage(word string) bool {
	for _, prefix := range [...]string{"category-", "tag-", "format-", "status-", "has-", "is-", "postid-", "author-", "term-", "parent-", "depth-", "no-"} {
		if strings.HasPrefix(word, prefix) {
			return true
		}
	}
	return false
}
