package fetch

// This file weighs which of the encodings that look alike in bytes a text is in: those of Chinese, Japanese and Korean, and
// Western Europe's. Each is walked as if it were the right one. Characters that its language uses all the time count for it,
// rare ones little, and what is none at all counts twice against it. The orders of these character sets help: their first
// level holds the common characters, sorted apart from the rare.

const (
	// plausible is the least value of an encoding that nobody names.
	plausible = 0.5
	// margin is how much better another encoding must be than the one that a label names. A text in an encoding that is
	// not its own reaches half of the value of the true one.
	margin = 0.3
	// conflictMargin is the same between two labels of one page.
	conflictMargin = 0.1
	// sure is the value at which a label of an encoding that is not weighed here is put aside, as servers label by default.
	sure = 0.8
	// leastCharacters is how many characters a label is put aside for; fewer prove nothing.
	leastCharacters = 8
)

// score is how likely an encoding is: up to 1, and negative for what it cannot be.
type score struct {
	value float64
	count int // characters that were weighed
}

// step weighs the character at the start of b, which is not ASCII: its length in bytes and its value. before is the byte
// ahead of it, 0 at the start.
type step func(b []byte, before byte) (n int, value float64)

// families are tried in this order; a later one must be better. Korean and Japanese stand before Chinese, whose common
// characters lie on the bytes of theirs but spread wider.
var families = []struct {
	name string
	step step
}{
	{"euc-kr", stepEUCKR},
	{"euc-jp", stepEUCJP},
	{"shift_jis", stepShiftJIS},
	{"big5", stepBig5},
	{"gb18030", stepGB18030},
	{"windows-1252", stepWestern},
}

const (
	common   = 1.0
	frequent = 0.8
	usual    = 0.5
	rare     = 0.2
	strange  = 0.0
	wrong    = -2.0
)

// weigh gives the likeliest family and the scores of all.
func weigh(sample []byte) (best string, scores map[string]score) {
	scores = make(map[string]score, len(families))
	for _, f := range families {
		s := walk(sample, f.step)
		scores[f.name] = s
		if best == "" || s.value > scores[best].value {
			best = f.name
		}
	}
	return best, scores
}

func walk(sample []byte, next step) score {
	var (
		sum    float64
		count  int
		before byte
	)
	for i := 0; i < len(sample); {
		if sample[i] < 0x80 {
			before = sample[i]
			i++
			continue
		}
		n, value := next(sample[i:], before)
		if n == 0 { // the sample ends inside the character
			break
		}
		sum += value
		count++
		before = sample[i+n-1]
		i += n
	}
	if count == 0 {
		return score{}
	}
	return score{value: sum / float64(count), count: count}
}

// bornOut reports whether a label is right beyond doubt, so that nothing else has to be weighed.
func bornOut(label string, sample []byte) bool {
	for _, f := range families {
		if f.name == label && label != "windows-1252" {
			s := walk(sample, f.step)
			return s.count >= leastCharacters && s.value >= sure
		}
	}
	return false
}

// refuted reports whether the bytes speak against a label.
func refuted(label, best string, scores map[string]score) bool {
	if label == best || scores[best].count < leastCharacters {
		return false
	}
	if s, weighed := scores[label]; weighed && label != "windows-1252" {
		return scores[best].value > s.value+margin
	}
	// Single bytes can be read as anything: only a text that makes sense otherwise refutes them.
	return best != "windows-1252" && scores[best].value >= sure
}

func in(c, low, high byte) bool { return low <= c && c <= high }

func stepGB18030(b []byte, _ byte) (int, float64) {
	if len(b) < 2 {
		return 0, 0
	}
	lead, trail := b[0], b[1]
	switch {
	case lead == 0x80 || lead == 0xff:
		return 1, wrong
	case in(trail, 0x30, 0x39):
		if len(b) < 4 {
			return 0, 0
		}
		if in(b[2], 0x81, 0xfe) && in(b[3], 0x30, 0x39) {
			return 4, rare
		}
		return 1, wrong
	case trail < 0x40 || trail == 0x7f || trail == 0xff:
		return 1, wrong
	case trail < 0xa1 || lead < 0xa1: // beyond GB 2312: traditional and rare characters
		return 2, strange
	case in(lead, 0xa1, 0xa3): // punctuation, full width forms
		return 2, frequent
	case in(lead, 0xb0, 0xd7): // first level
		return 2, common
	case in(lead, 0xd8, 0xf7): // second level
		return 2, rare
	case in(lead, 0xa6, 0xa9):
		return 2, rare
	case in(lead, 0xf8, 0xfe):
		return 2, wrong
	}
	return 2, strange // kana: Chinese text has hardly any
}

func stepBig5(b []byte, _ byte) (int, float64) {
	if len(b) < 2 {
		return 0, 0
	}
	lead, trail := b[0], b[1]
	switch {
	case lead == 0x80 || lead == 0xff:
		return 1, wrong
	case !in(trail, 0x40, 0x7e) && !in(trail, 0xa1, 0xfe):
		return 1, wrong
	case in(lead, 0xa1, 0xa3):
		return 2, frequent
	case in(lead, 0xa4, 0xc6) && trail < 0x80:
		return 2, 1.3 // two in five: the second bytes that Japanese and Korean never have
	case in(lead, 0xa4, 0xc6):
		return 2, 0.7
	case in(lead, 0xc9, 0xf9):
		return 2, rare
	}
	return 2, strange // Hong Kong's and vendors' characters
}

func stepShiftJIS(b []byte, _ byte) (int, float64) {
	lead := b[0]
	if in(lead, 0xa1, 0xdf) { // katakana of half width
		return 1, strange
	}
	if lead == 0x80 || lead == 0xa0 || lead > 0xfc {
		return 1, wrong
	}
	if len(b) < 2 {
		return 0, 0
	}
	trail := b[1]
	switch {
	case !in(trail, 0x40, 0x7e) && !in(trail, 0x80, 0xfc):
		return 1, wrong
	case lead == 0x81:
		return 2, frequent
	case lead == 0x82 && trail >= 0x9f, lead == 0x83 && trail <= 0x96: // kana
		return 2, common
	case lead == 0x82:
		return 2, usual
	case in(lead, 0x88, 0x97): // first level
		return 2, frequent
	case in(lead, 0x98, 0x9f), in(lead, 0xe0, 0xea):
		return 2, rare
	}
	return 2, strange
}

func stepEUCJP(b []byte, _ byte) (int, float64) {
	if len(b) < 2 {
		return 0, 0
	}
	lead, trail := b[0], b[1]
	switch {
	case lead == 0x8e && in(trail, 0xa1, 0xdf):
		return 2, strange
	case lead == 0x8f:
		if len(b) < 3 {
			return 0, 0
		}
		if in(trail, 0xa1, 0xfe) && in(b[2], 0xa1, 0xfe) {
			return 3, strange
		}
		return 1, wrong
	case !in(lead, 0xa1, 0xfe) || !in(trail, 0xa1, 0xfe):
		return 1, wrong
	case lead == 0xa4 || lead == 0xa5: // kana: what sets Japanese apart from Chinese
		return 2, common
	case in(lead, 0xa1, 0xa2):
		return 2, frequent
	case in(lead, 0xb0, 0xcf):
		return 2, 0.6
	case lead == 0xa3:
		return 2, usual
	case in(lead, 0xd0, 0xf4):
		return 2, rare
	}
	return 2, strange
}

func stepEUCKR(b []byte, _ byte) (int, float64) {
	if len(b) < 2 {
		return 0, 0
	}
	lead, trail := b[0], b[1]
	switch {
	case lead == 0x80 || lead == 0xff:
		return 1, wrong
	case in(lead, 0x81, 0xc6) && (in(trail, 0x41, 0x5a) || in(trail, 0x61, 0x7a) || in(trail, 0x81, 0xa0)):
		return 2, rare // syllables that the older standard lacks
	case !in(lead, 0xa1, 0xfe) || !in(trail, 0xa1, 0xfe):
		return 1, wrong
	case in(lead, 0xb0, 0xc8): // syllables
		return 2, common
	case lead == 0xa1:
		return 2, frequent
	case in(lead, 0xa2, 0xa4):
		return 2, usual
	}
	return 2, strange // Han, which Korean pages have little of
}

// stepWestern takes runs of bytes: letters with accents stand alone among ASCII letters, characters of other scripts in rows.
func stepWestern(b []byte, before byte) (int, float64) {
	n := 1
	for n < len(b) && b[n] >= 0x80 {
		n++
	}
	c := b[0]
	after := byte(0)
	if n < len(b) {
		after = b[n]
	}
	switch {
	case n > 3:
		return n, wrong
	case c == 0x81 || c == 0x8d || c == 0x8f || c == 0x90 || c == 0x9d:
		return n, wrong
	case c >= 0xc0 && n <= 2 && (isLetter(before) || isLetter(after)):
		return n, common
	case in(c, 0x80, 0xbf):
		return n, usual
	}
	return n, strange
}

func isLetter(c byte) bool { return in(c|0x20, 'a', 'z') }
