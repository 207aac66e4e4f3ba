package fetch

import (
	"bytes"
	"encoding/binary"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/saintfish/chardet"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/unicode"
)

// This file reads bytes as text. Bytes are believed before labels: text that is UTF-8 is read as UTF-8 whatever it is called,
// and so is UTF-8 with a few broken characters, since some programs cut excerpts in the middle of one. Only what is not
// UTF-8 is read by its label, and only where the bytes bear the label out; guessing comes last. A byte that means nothing
// becomes U+FFFD and is counted.

// reading is a page as text.
type reading struct {
	text    string
	charset string // in lower case, as the WHATWG names it, but gb18030 for its subsets
	damaged int    // bytes or characters that could not be read
}

const (
	// labelReach is how far into a page its labels are looked for; beyond the 1,024 bytes that browsers look at, because a
	// theme's scripts and notices stand before the label on some blogs.
	labelReach = 64 << 10
	// sampleSize is how much of a page is weighed to find its encoding.
	sampleSize = 512 << 10
	// leastConfidence is what a guess of package chardet must have; below it, it names languages at random.
	leastConfidence = 30
	// replacement stands for a byte that means nothing.
	replacement = "\ufffd"
)

var (
	metaLabel = regexp.MustCompile(`(?i)\scharset\s*=\s*["']?\s*([a-z0-9_:.\-]+)|;\s*charset\s*=\s*([a-z0-9_:.\-]+)`)
	xmlLabel  = regexp.MustCompile(`(?i)^\s*<\?xml\s[^>]*encoding\s*=\s*["']\s*([a-z0-9_:.\-]+)`)
)

// decodeText reads raw as text.
func decodeText(raw []byte, contentType string) reading {
	if name := byteOrderMark(raw); name != "" {
		return decodeAs(raw, name)
	}
	if name := wideWithoutMark(raw); name != "" {
		return decodeAs(raw, name)
	}
	if utf8.Valid(raw) {
		if isISO2022JP(raw) {
			return decodeAs(raw, "iso-2022-jp")
		}
		return reading{text: clean(raw), charset: "utf-8"}
	}
	if mostlyUTF8(raw) {
		return decodeAs(raw, "utf-8")
	}
	return decodeAs(raw, legacyName(raw, labels(raw, contentType)))
}

// decodeAs reads raw in the encoding of that name, which is known.
func decodeAs(raw []byte, name string) reading {
	var text []byte
	if name == "utf-8" {
		text = bytes.ToValidUTF8(bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf")), []byte(replacement))
	} else {
		if name == "big5" {
			raw = etenBig5(raw)
		}
		// Decoders of x/text replace what they cannot read; what they got until an error is all there is.
		text, _ = encodingOf(name).NewDecoder().Bytes(raw)
		text = bytes.ToValidUTF8(text, []byte(replacement))
	}
	damaged := 0
	if !utf8.Valid(raw) {
		damaged = bytes.Count(text, []byte(replacement))
	}
	return reading{text: clean(text), charset: name, damaged: damaged}
}

func encodingOf(name string) encoding.Encoding {
	switch name {
	case "utf-16le":
		return unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)
	case "utf-16be":
		return unicode.UTF16(unicode.BigEndian, unicode.UseBOM)
	case "iso-2022-jp":
		return japanese.ISO2022JP
	}
	if enc, err := htmlindex.Get(name); err == nil {
		return enc
	}
	return encoding.Replacement
}

// byteOrderMark is the encoding that the first bytes declare.
func byteOrderMark(raw []byte) string {
	switch {
	case bytes.HasPrefix(raw, []byte("\xef\xbb\xbf")):
		return "utf-8"
	case bytes.HasPrefix(raw, []byte{0xff, 0xfe}):
		return "utf-16le"
	case bytes.HasPrefix(raw, []byte{0xfe, 0xff}):
		return "utf-16be"
	}
	return ""
}

// wideWithoutMark recognises UTF-16 by the NUL that markup has in every second byte. A stray NUL is none.
func wideWithoutMark(raw []byte) string {
	head := raw[:min(len(raw), 512)&^1]
	if len(head) < 4 || bytes.IndexByte(head, 0) < 0 {
		return ""
	}
	var nul [2]int
	for i, c := range head {
		if c == 0 {
			nul[i&1]++
		}
	}
	half := len(head) / 2
	switch {
	case nul[1]*3 > half && nul[0]*20 < half:
		return "utf-16le"
	case nul[0]*3 > half && nul[1]*20 < half:
		return "utf-16be"
	}
	return ""
}

// isISO2022JP recognises the one encoding that hides other characters behind ASCII and that mail and old pages use.
func isISO2022JP(raw []byte) bool {
	if bytes.IndexByte(raw, 0x1b) < 0 {
		return false
	}
	return bytes.Contains(raw, []byte("\x1b$B")) || bytes.Contains(raw, []byte("\x1b$@"))
}

// mostlyUTF8 reports whether raw is UTF-8 with some broken characters: in other encodings only a few bytes happen to form
// valid sequences.
func mostlyUTF8(raw []byte) bool {
	var good, bad int
	for i := 0; i < len(raw); {
		if raw[i] < utf8.RuneSelf {
			i++
			continue
		}
		r, n := utf8.DecodeRune(raw[i:])
		switch {
		case r != utf8.RuneError || n > 1:
			good += n - 1 // a longer sequence is less of an accident
		default:
			bad++
		}
		i += n
	}
	return good > 2*bad
}

// labels are the encodings that the page is said to have: by the header, by its XML declaration, by its meta tags. UTF-8
// and UTF-16 are not among them, since the bytes have shown that they are not.
func labels(raw []byte, contentType string) []string {
	var names []string
	add := func(label string) {
		enc, err := htmlindex.Get(strings.Trim(strings.TrimSpace(label), `"'`))
		if err != nil {
			return
		}
		name, err := htmlindex.Name(enc)
		if err != nil {
			return
		}
		switch name {
		case "utf-8", "utf-16le", "utf-16be", "replacement", "x-user-defined":
			return
		case "gbk": // what "gb2312" and "gbk" are: pages with these labels use characters beyond them
			name = "gb18030"
		}
		names = append(names, name)
	}
	if _, after, ok := strings.Cut(strings.ToLower(contentType), "charset="); ok {
		label, _, _ := strings.Cut(after, ";")
		add(label)
	}
	head := raw[:min(len(raw), labelReach)]
	if m := xmlLabel.FindSubmatch(head); m != nil {
		add(string(m[1]))
	}
	for tag := range metaTags(head) {
		if m := metaLabel.FindSubmatch(tag); m != nil {
			add(string(m[1]) + string(m[2]))
		}
	}
	return names
}

// metaTags yields the meta tags of a page.
func metaTags(page []byte) func(yield func([]byte) bool) {
	const name = "<meta"
	return func(yield func([]byte) bool) {
		for {
			start := bytes.IndexByte(page, '<')
			if start < 0 {
				return
			}
			if page = page[start:]; len(page) < len(name) || !strings.EqualFold(string(page[:len(name)]), name) {
				page = page[1:]
				continue
			}
			end := bytes.IndexByte(page, '>')
			if end < 0 || !yield(page[:end]) {
				return
			}
			page = page[end:]
		}
	}
}

// legacyName decides on the encoding of bytes that are not UTF-8.
func legacyName(raw []byte, labels []string) string {
	sample := raw[:min(len(raw), sampleSize)]
	if len(labels) > 0 && bornOut(labels[0], sample) {
		return labels[0]
	}
	best, scores := weigh(sample)
	label := ""
	for _, name := range labels {
		// Of labels that contradict each other the likelier one; the header's where none is.
		if label == "" || scores[name].value > scores[label].value+conflictMargin {
			label = name
		}
	}
	if label != "" && !refuted(label, best, scores) {
		return label
	}
	if scores[best].value >= plausible {
		return best
	}
	if name := guess(sample); name != "" {
		return name
	}
	if label != "" {
		return label
	}
	if scores["windows-1252"].value > 0 {
		return "windows-1252"
	}
	return "utf-8"
}

// guess asks chardet about encodings that weigh does not know: Cyrillic, Greek, Hebrew, Arabic, Turkish.
func guess(sample []byte) string {
	result, err := chardet.NewHtmlDetector().DetectBest(sample)
	if err != nil || result.Confidence < leastConfidence {
		return ""
	}
	enc, err := htmlindex.Get(result.Charset)
	if err != nil {
		return ""
	}
	name, err := htmlindex.Name(enc)
	if err != nil || strings.HasPrefix(name, "utf-") || name == "replacement" {
		return ""
	}
	if name == "gbk" {
		name = "gb18030"
	}
	return name
}

// clean makes b, which is valid UTF-8, a string without what HTML forbids: NUL and other controls, and code points that are
// no characters.
func clean(b []byte) string {
	i := firstForbidden(b)
	if i < 0 {
		return string(b)
	}
	b = mend(b)
	i = firstForbidden(b)
	var text strings.Builder
	text.Grow(len(b))
	for i >= 0 {
		text.Write(b[:i])
		_, n := utf8.DecodeRune(b[i:])
		b = b[i+n:]
		i = firstForbidden(b)
	}
	text.Write(b)
	return text.String()
}

// firstForbidden finds the first forbidden character of b, which is valid UTF-8; -1 if there is none. It takes eight bytes
// at a time: one byte at a time was half of the cost of a page.
func firstForbidden(b []byte) int {
	i := 0
	for ; i+8 <= len(b); i += 8 {
		if suspicious(binary.LittleEndian.Uint64(b[i:])) {
			if at := forbiddenBetween(b, i, i+8); at >= 0 {
				return at
			}
		}
	}
	return forbiddenBetween(b, i, len(b))
}

func forbiddenBetween(b []byte, from, to int) int {
	for i := from; i < to; i++ {
		if c := b[i]; c < ' ' || c == 0x7f || c == 0xc2 || c >= 0xef {
			if r, _ := utf8.DecodeRune(b[i:]); forbidden(r) {
				return i
			}
		}
	}
	return -1
}

// suspicious reports whether one of eight bytes may begin a forbidden character: below 0x20, 0x7f, 0xc2, or from 0xef on.
func suspicious(x uint64) bool {
	const ones, tops = 0x0101010101010101, 0x8080808080808080
	below := (x - 0x20*ones) &^ x
	del, c2 := x^0x7f*ones, x^0xc2*ones
	above := ((x &^ tops) + 0x11*ones) & x
	return (below|(del-ones)&^del|(c2-ones)&^c2|above)&tops != 0
}

func forbidden(r rune) bool {
	switch {
	case r < ' ':
		return r != '\t' && r != '\n' && r != '\r' && r != '\f'
	case r < 0x7f:
		return false
	case r < 0xa0:
		return true
	}
	return 0xfdd0 <= r && r <= 0xfdef || r&0xfffe == 0xfffe
}
