package fetch

// Two tables of Big5 are about that differ in where they put kana. Browsers and Go follow the one of ETEN, with ぁ at C6 E7;
// Unicode's BIG5.TXT, and what is made with it, has ぁ at C6 A5, where ETEN has numerals and radicals that stand in no prose.
// The order of the kana is the same, so text of the second table becomes text of the first by moving it along.

const (
	big5Row      = 157     // trail bytes: 40–7E and A1–FE
	big5KanaFrom = 63      // C6 A1, counted from C6 40
	unicodeKana  = 4       // ぁ in BIG5.TXT, counted from C6 A1
	etenKana     = 70      // ぁ in ETEN
	kanaCount    = 83 + 86 // ぁ to ん, ァ to ヶ
	numeralsFrom = 20      // ⅰ in ETEN
	radicalsTo   = 56      // the last radical there
	leastKana    = 8       // fewer numerals and radicals prove nothing
)

// etenBig5 gives raw with its kana where the decoder looks for them. Text that is so already is returned as it is.
func etenBig5(raw []byte) []byte {
	var foreign, native int
	eachKana(raw, func(_, place int) {
		switch {
		case place >= numeralsFrom && place <= radicalsTo:
			foreign++
		case place >= unicodeKana+kanaCount && place < etenKana+kanaCount:
			native++
		}
	})
	if foreign < leastKana || foreign <= native {
		return raw
	}
	moved := append([]byte(nil), raw...)
	eachKana(raw, func(at, place int) {
		if place >= unicodeKana && place < unicodeKana+kanaCount {
			n := big5KanaFrom + place - unicodeKana + etenKana
			moved[at] = 0xC6 + byte(n/big5Row)
			if trail := byte(n % big5Row); trail < big5KanaFrom {
				moved[at+1] = 0x40 + trail
			} else {
				moved[at+1] = 0xA1 + trail - big5KanaFrom
			}
		}
	})
	return moved
}

// eachKana calls do with every character of the rows C6 and C7 from C6 A1 on: where it stands, and its place from there.
func eachKana(raw []byte, do func(at, place int)) {
	for i := 0; i+1 < len(raw); i++ {
		lead, trail := raw[i], raw[i+1]
		if lead < 0x81 {
			continue
		}
		if lead == 0xC6 || lead == 0xC7 {
			place := int(lead-0xC6)*big5Row - big5KanaFrom
			switch {
			case in(trail, 0x40, 0x7E):
				place += int(trail - 0x40)
			case in(trail, 0xA1, 0xFE):
				place += int(trail-0xA1) + big5KanaFrom
			default:
				continue
			}
			if place >= 0 {
				do(i, place)
			}
		}
		i++
	}
}
