package export

import (
	"slices"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"
)

// This file knows where Markdown may be cut. It reads what archiver itself writes (extract/markdown.go): ATX headings, fenced code and
// $$ formulas on lines of their own, also inside lists and quotes, and formulas and code in a line.

// force is how good a place is to end a piece.
type force uint8

const (
	afterCodeLine force = iota + 1 // inside a code block or formula that is longer than a piece
	afterSentence
	afterLine
	afterBlock
)

// place is where a piece may end and the next one begin.
type place struct {
	at    int
	force force
}

type stretch struct{ start, end int }

// section is what stands under one heading, the heading itself included. Headings without text of their own go with what follows them.
type section struct {
	start, end int
	headings   []string  // from the outermost one
	places     []place   // inside of it, rising
	solid      []stretch // code blocks and formulas, rising: nothing ends inside of them where they fit into a piece
}

// sectionsOf divides a text at its headings.
func sectionsOf(text string) []section {
	var all []section
	var path [7]string
	current := section{}
	bare := true // nothing but headings so far
	r := blockReader{text: text}
	for r.next() {
		line := text[r.start:r.end]
		if level, title := heading(line); level > 0 && r.kind == textLine {
			if !bare {
				current.end = r.start
				all = append(all, current)
				current, bare = section{start: r.start}, true
			}
			path[level] = title
			clear(path[level+1:])
			current.headings = slices.DeleteFunc(slices.Clone(path[:]), func(s string) bool { return s == "" })
			continue
		}
		blank := strings.TrimSpace(line) == ""
		switch {
		case blank && bare:
		case blank && r.kind == textLine:
			current.blank(r.start, r.end)
		case r.kind == textLine:
			current.sentences(text, r.start, r.end)
			current.places = append(current.places, place{r.end, afterLine})
		case r.first:
			current.solid = append(current.solid, stretch{r.start, r.end})
		default:
			current.solid[len(current.solid)-1].end = r.end
		}
		if r.kind == solidLine {
			force := afterCodeLine
			if r.last {
				force = afterLine
			}
			current.places = append(current.places, place{r.end, force})
		}
		bare = bare && blank
	}
	current.end = len(text)
	return append(all, current)
}

// blank marks a blank line: it goes with what it ends.
func (s *section) blank(start, end int) {
	if n := len(s.places); n > 0 && s.places[n-1].at == start {
		s.places[n-1] = place{end, afterBlock}
		return
	}
	s.places = append(s.places, place{end, afterBlock})
}

// sentences marks the ends of sentences in a line, and the formulas and code in it.
func (s *section) sentences(text string, start, end int) {
	for i := start; i < end; {
		c, size := utf8.DecodeRuneInString(text[i:end])
		next := i + size
		switch {
		case c == '\\' && next < end: // what follows means nothing
			_, size = utf8.DecodeRuneInString(text[next:end])
			next += size
		case c == '`' || c == '$':
			for next < end && text[next] == byte(c) {
				next++
			}
			if close := closing(text[next:end], text[i:next]); close >= 0 {
				close += next + next - i
				s.solid = append(s.solid, stretch{i, close})
				next = close
			}
		case strings.ContainsRune("。！？；…", c):
			for next < end { // closing marks go with the sentence
				mark, n := utf8.DecodeRuneInString(text[next:end])
				if !strings.ContainsRune("。！？…”’」』）】》)\"'*", mark) {
					break
				}
				next += n
			}
			s.places = append(s.places, place{next, afterSentence})
		case c == '.' || c == '!' || c == '?':
			if next+1 < end && text[next] == ' ' {
				if r, _ := utf8.DecodeRuneInString(text[next+1 : end]); !unicode.IsLower(r) {
					next++
					s.places = append(s.places, place{next, afterSentence})
				}
			}
		}
		i = next
	}
}

// closing is where a run of signs ends what it began; -1 where it does not.
func closing(rest, sign string) int {
	for at := 0; ; {
		i := strings.Index(rest[at:], sign)
		if i < 0 {
			return -1
		}
		i += at
		after := i + len(sign)
		if (i == 0 || rest[i-1] != sign[0] && (sign[0] == '`' || rest[i-1] != '\\')) && (after == len(rest) || rest[after] != sign[0]) {
			return i
		}
		at = i + 1
	}
}

// split cuts a section into pieces of so many characters at most.
func (s *section) split(text string, most, overlap int) []stretch {
	var all []stretch
	c := cutter{text: text, places: s.cuts(text, most), solid: s.solid, end: s.end, most: most}
	for done := s.start; done < s.end && strings.TrimSpace(text[done:s.end]) != ""; {
		begin := done
		if len(all) > 0 {
			begin = c.back(all[len(all)-1].start, done, overlap)
		}
		end := c.furthest(begin, done)
		if end <= done { // what follows fits only where nothing is repeated
			begin = done
			end = c.furthest(begin, done)
		}
		if piece := trimmed(text, stretch{begin, end}); piece.start < piece.end && piece.end > done {
			all = append(all, piece)
		}
		done = end
	}
	return all
}

// cuts are the places of a section for pieces of a length: those inside code and formulas that fit into a piece are none.
func (s *section) cuts(text string, most int) []place {
	all := make([]place, 0, len(s.places)+1)
	solid := s.solid
	for _, p := range s.places {
		for len(solid) > 0 && solid[0].end <= p.at {
			solid = solid[1:]
		}
		if p.at <= s.start || p.at >= s.end || len(solid) > 0 && solid[0].start < p.at && fits(text[solid[0].start:solid[0].end], most) {
			continue
		}
		all = append(all, p)
	}
	return append(all, place{s.end, afterBlock})
}

// fits reports whether a text, without the white space at its end, has at most so many characters.
func fits(text string, most int) bool {
	return len(text) <= most || utf8.RuneCountInString(strings.TrimRight(text, " \n")) <= most
}

// cutter cuts one section.
type cutter struct {
	text   string
	places []place
	solid  []stretch
	end    int
	most   int
}

// after is the index of the first place beyond an offset.
func (c *cutter) after(offset int) int {
	return sort.Search(len(c.places), func(i int) bool { return c.places[i].at > offset })
}

// furthest is where a piece that begins at begin ends, beyond done: at the strongest place that leaves it no less than a third of its
// length, the last one of those; else at the strongest one before; else between words. It is done where nothing fits.
func (c *cutter) furthest(begin, done int) int {
	limit := begin + prefix(c.text[begin:c.end], c.most)
	least := begin + prefix(c.text[begin:c.end], c.most/3)
	var best, early place
	for _, p := range c.places[c.after(done):] {
		if p.at > limit && strings.TrimSpace(c.text[limit:p.at]) != "" {
			break
		}
		switch {
		case p.at == c.end:
			return c.end
		case p.at >= least && p.force >= best.force:
			best = p
		case p.force >= early.force:
			early = p
		}
	}
	switch {
	case best.at > 0:
		return best.at
	case early.at > 0:
		return early.at
	}
	if at := limit + len(c.text[limit:c.end]) - len(strings.TrimLeft(c.text[limit:c.end], " ")); at > limit && c.outside(limit) == limit {
		return at
	}
	if i := strings.LastIndexAny(c.text[least:limit], " ，、,：:\t"); i >= 0 {
		_, size := utf8.DecodeRuneInString(c.text[least+i:])
		if at := c.outside(least + i + size); at > done && strings.TrimSpace(c.text[done:at]) != "" {
			return at
		}
	}
	return c.outside(limit)
}

// outside is an offset, or the beginning of the code or formula that it is inside of where that fits into a piece.
func (c *cutter) outside(offset int) int {
	i := sort.Search(len(c.solid), func(i int) bool { return c.solid[i].end > offset })
	if i < len(c.solid) && c.solid[i].start < offset && fits(c.text[c.solid[i].start:c.solid[i].end], c.most) {
		return c.solid[i].start
	}
	return offset
}

// back is where a piece begins that repeats of the one before: at the end of a sentence, a line or a block, at most overlap characters
// before done, and beyond the beginning of that one. It is done where there is none.
func (c *cutter) back(previous, done, overlap int) int {
	least := done
	for i := 0; i < overlap && least > previous; i++ {
		_, size := utf8.DecodeLastRuneInString(c.text[:least])
		least -= size
	}
	for _, p := range c.places[c.after(least-1):] {
		if p.at >= done {
			break
		}
		if p.force >= afterSentence && p.at > previous {
			return p.at
		}
	}
	return done
}

// prefix is the length in bytes of the first n characters.
func prefix(text string, n int) int {
	for i := range text {
		if n == 0 {
			return i
		}
		n--
	}
	return len(text)
}

// trimmed leaves out blank lines before a piece and white space after it.
func trimmed(text string, s stretch) stretch {
	s.end = s.start + len(strings.TrimRight(text[s.start:s.end], " \t\r\n"))
	for s.start < s.end {
		line, _, more := strings.Cut(text[s.start:s.end], "\n")
		if !more || strings.TrimSpace(line) != "" {
			break
		}
		s.start += len(line) + 1
	}
	return s
}
