package fetch

import (
	"bytes"
	"unicode/utf8"
)

// This file mends text that was encoded as UTF-8 twice: somebody read UTF-8 as Latin-1 and wrote that as UTF-8, so that ’ became â
// and two control characters. Rules: a control character of Latin-1 in such a sequence is one that no author writes, so a page with
// one has been encoded twice, if not everywhere; in it every sequence that is a character when taken as bytes is mended, and
// nothing else is changed. The same damage by way of windows-1252 shows as "â€™", which an author may quote: that is left.

// mend gives b, which is valid UTF-8, with what was encoded twice as it was meant.
func mend(b []byte) []byte {
	if !encodedTwice(b) {
		return b
	}
	meant := make([]byte, 0, len(b))
	for i := 0; i < len(b); {
		if raw, size := meantBy(b[i:]); size > 0 {
			meant = append(meant, raw...)
			i += size
			continue
		}
		meant = append(meant, b[i])
		i++
	}
	return meant
}

// encodedTwice reports whether b has a sequence with a control character in the second place.
func encodedTwice(b []byte) bool {
	for {
		// Letters that UTF-8 begins a sequence with are written with 0xC3.
		at := bytes.IndexByte(b, 0xC3)
		if at < 0 || at+4 > len(b) {
			return false
		}
		b = b[at:]
		if b[2] == 0xC2 && b[3] < 0xA0 {
			if _, size := meantBy(b); size > 0 {
				return true
			}
		}
		b = b[1:]
	}
}

// meantBy is the bytes of the one character that b begins with as characters of Latin-1, and how many bytes of b they are; 0 where
// it begins with none.
func meantBy(b []byte) (raw []byte, size int) {
	if b[0] != 0xC3 {
		return nil, 0
	}
	raw = make([]byte, 0, utf8.UTFMax)
	for len(raw) < utf8.UTFMax && size < len(b) {
		r, width := utf8.DecodeRune(b[size:])
		if r < utf8.RuneSelf || r > 0xFF {
			break
		}
		raw = append(raw, byte(r))
		size += width
		if utf8.FullRune(raw) {
			break
		}
	}
	if r, width := utf8.DecodeRune(raw); r == utf8.RuneError || width != len(raw) || width < 2 {
		return nil, 0
	}
	return raw, size
}
