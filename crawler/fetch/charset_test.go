package fetch

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/encoding/unicode"
)

const (
	simplified  = "机器学习是人工智能的一个分支，主要研究如何让计算机从数据中学习规律。自然语言处理关注的是人类语言：分词、词性标注、句法分析，等等。"
	traditional = "機器學習是人工智慧的一個分支，主要研究如何讓電腦從資料中學習規律。自然語言處理關注的是人類語言：斷詞、詞性標註、句法分析，等等。"
	japaneseTxt = "機械学習は人工知能の一分野であり、データから規則性を学ぶ方法を研究する。自然言語処理では、形態素解析やコーパスなどを扱います。"
	koreanTxt   = "기계 학습은 인공지능의 한 분야로, 데이터에서 규칙을 배우는 방법을 연구한다. 자연어 처리는 사람의 언어를 다룬다."
	french      = "L'apprentissage automatique est une branche de l'intelligence artificielle où l'on étudie des méthodes à base de données, très répandues déjà."
	german      = "Maschinelles Lernen ist ein Teilgebiet der künstlichen Intelligenz – für Texte wäre das „Sprachverarbeitung“; größer, schöner, mächtiger."
	russian     = "Машинное обучение - раздел искусственного интеллекта, изучающий методы построения алгоритмов, способных обучаться на данных."
	spanish     = "El aprendizaje automático es una rama de la inteligencia artificial; ¿cómo enseñar a las máquinas? También se llama aprendizaje máquina, señor."
)

func encode(t testing.TB, enc encoding.Encoding, s string) []byte {
	t.Helper()
	b, err := enc.NewEncoder().Bytes([]byte(s))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// html is a page with a meta label, or without where label is "".
func html(label, text string) string {
	meta := ""
	if label != "" {
		meta = `<meta charset="` + label + `">`
	}
	return "<!DOCTYPE html><html><head>" + meta + "<title>" + text[:0] + "</title></head><body><p>" + text + "</p></body></html>"
}

func TestDecodeText(t *testing.T) {
	gb, gbk, big5 := simplifiedchinese.GB18030, simplifiedchinese.GBK, traditionalchinese.Big5
	sjis, eucjp, jis, euckr := japanese.ShiftJIS, japanese.EUCJP, japanese.ISO2022JP, korean.EUCKR
	west := charmap.Windows1252
	tests := []struct {
		name   string
		enc    encoding.Encoding // nil: UTF-8
		header string
		meta   string
		text   string
		want   string // charset
	}{
		{"UTF-8", nil, "text/html; charset=utf-8", "utf-8", simplified, "utf-8"},
		{"UTF-8, no label", nil, "", "", simplified, "utf-8"},
		{"UTF-8 that is called GBK", nil, "text/html; charset=gbk", "gb2312", simplified, "utf-8"},
		{"UTF-8 that is called ISO-8859-1", nil, "text/html; charset=ISO-8859-1", "", french, "utf-8"},
		{"ASCII that is called UTF-16", nil, "", "utf-16", "plain", "utf-8"},
		{"GBK, header", gbk, "text/html; charset=GBK", "", simplified, "gb18030"},
		{"GBK, meta", gbk, "text/html", "gbk", simplified, "gb18030"},
		{"GBK, header in quotes", gbk, `text/html; charset="gbk"`, "", simplified, "gb18030"},
		{"GBK, http-equiv", gbk, "", `x"><meta http-equiv="Content-Type" content="text/html; charset=gb2312`, simplified, "gb18030"},
		{"GB18030 that is called GB2312", gb, "", "gb2312", simplified + "镕囍𠮷€㐂", "gb18030"},
		{"traditional text in GBK", gbk, "", "gbk", traditional, "gb18030"},
		{"GBK that is called UTF-8 by the header", gbk, "text/html; charset=utf-8", "gb2312", simplified, "gb18030"},
		{"GBK that is called UTF-8 by all", gbk, "text/html; charset=utf-8", "utf-8", simplified, "gb18030"},
		{"GBK, no label", gbk, "", "", simplified, "gb18030"},
		{"GBK that is called ISO-8859-1", gbk, "text/html; charset=iso-8859-1", "", simplified, "gb18030"},
		{"GBK that is called Big5", gbk, "text/html; charset=big5", "", simplified, "gb18030"},
		{"GBK by meta, Big5 by header", gbk, "text/html; charset=big5", "gbk", simplified, "gb18030"},
		{"GBK with an unknown label", gbk, "text/html; charset=chinese-simplified", "", simplified, "gb18030"},
		{"Big5", big5, "text/html; charset=big5", "", traditional, "big5"},
		{"Big5, no label", big5, "", "", traditional, "big5"},
		{"Big5 that is called GB2312", big5, "", "gb2312", traditional, "big5"},
		{"Shift_JIS", sjis, "", "Shift_JIS", japaneseTxt, "shift_jis"},
		{"Shift_JIS, no label", sjis, "", "", japaneseTxt, "shift_jis"},
		{"Shift_JIS that is called UTF-8", sjis, "text/html; charset=utf-8", "", japaneseTxt, "shift_jis"},
		{"EUC-JP", eucjp, "", "euc-jp", japaneseTxt, "euc-jp"},
		{"EUC-JP, no label", eucjp, "", "", japaneseTxt, "euc-jp"},
		{"ISO-2022-JP", jis, "text/html; charset=iso-2022-jp", "", japaneseTxt, "iso-2022-jp"},
		{"EUC-KR", euckr, "text/html; charset=euc-kr", "", koreanTxt, "euc-kr"},
		{"EUC-KR, no label", euckr, "", "", koreanTxt, "euc-kr"},
		{"windows-1252", west, "text/html; charset=windows-1252", "", german, "windows-1252"},
		{"ISO-8859-1", west, "text/html; charset=ISO-8859-1", "", french, "windows-1252"},
		{"windows-1252, no label", west, "", "", french, "windows-1252"},
		{"windows-1252 in German, no label", west, "", "", german, "windows-1252"},
		{"windows-1252 in Spanish, no label", west, "", "", spanish, "windows-1252"},
		{"windows-1252, one character, no label", west, "", "", "Un café.", "windows-1252"},
		{"windows-1252 that is called UTF-8", west, "text/html; charset=utf-8", "utf-8", french, "windows-1252"},
		{"windows-1251", charmap.Windows1251, "text/html; charset=windows-1251", "", russian, "windows-1251"},
		{"windows-1251, no label", charmap.Windows1251, "", "", russian, "windows-1251"},
		{"KOI8-R", charmap.KOI8R, "", "koi8-r", russian, "koi8-r"},
		{"UTF-16, little end first", unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), "", "utf-16", simplified, "utf-16le"},
		{"UTF-16, big end first", unicode.UTF16(unicode.BigEndian, unicode.UseBOM), "text/html; charset=utf-8", "", simplified, "utf-16be"},
		{"UTF-16, no mark", unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), "", "", simplified, "utf-16le"},
		{"UTF-16, big end first, no mark", unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM), "", "", simplified, "utf-16be"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			page := html(tt.meta, tt.text)
			raw := []byte(page)
			if tt.enc != nil {
				raw = encode(t, tt.enc, page)
			}
			got := decodeText(raw, tt.header)
			if got.charset != tt.want || got.text != page || got.damaged != 0 {
				t.Errorf("read as %s with %d damaged, want %s:\n%.300s", got.charset, got.damaged, tt.want, got.text)
			}
		})
	}
}

func TestDecodeTextDamaged(t *testing.T) {
	// An excerpt that was cut in the middle of a character, on a page that says it is UTF-8, and on one that says it is GBK.
	page := html("", strings.Repeat(simplified, 3))
	cut := strings.Replace(page, "计算机", "计算\xe6\x9c", 1)
	for _, header := range []string{"text/html; charset=utf-8", "", "text/html; charset=gbk"} {
		got := decodeText([]byte(cut), header)
		want := strings.Replace(page, "计算机", "计算\ufffd", 1)
		if got.charset != "utf-8" || got.damaged == 0 || got.text != want {
			t.Errorf("with header %q: read as %s, %d damaged:\n%.200s", header, got.charset, got.damaged, got.text)
		}
	}
	// The label is far down the page.
	far := "<html><head><script>" + strings.Repeat("var x = 1; ", 2000) + `</script><meta charset="gbk"></head><p>是</p>`
	if got := decodeText(encode(t, simplifiedchinese.GBK, far), ""); got.text != far {
		t.Errorf("a label after 22,000 bytes is not seen: read as %s", got.charset)
	}
	// A whole character of GBK that is missing its second byte.
	raw := append(encode(t, simplifiedchinese.GBK, html("gbk", simplified)), 0xb0)
	if got := decodeText(raw, ""); got.charset != "gb18030" || got.damaged != 1 {
		t.Errorf("read as %s with %d damaged, want gb18030 with 1", got.charset, got.damaged)
	}
	// XML names its encoding in its first line.
	feed := `<?xml version="1.0" encoding="gb2312"?><title>学习笔记</title>`
	if got := decodeText(encode(t, simplifiedchinese.GBK, feed), "application/xml"); got.text != feed {
		t.Errorf("XML declaration not followed: read as %s: %s", got.charset, got.text)
	}
}

func TestClean(t *testing.T) {
	for in, want := range map[string]string{
		"":               "",
		"a\tb\r\nc\fd":   "a\tb\r\nc\fd",
		"a\x00b":         "ab",
		"\x1b[31mred\a":  "[31mred",
		"a\u0085b\u009f": "ab",
		"\ufffe中\uffff":  "中",
		"\ufdd0中\ufdef":  "中",
		"\U0001ffff😀":    "😀",
		"，。ﬁ\ufeff":      "，。ﬁ\ufeff",
		"\x7f":           "",
	} {
		if got := clean([]byte(in)); got != want {
			t.Errorf("clean(%q) = %q, want %q", in, got, want)
		}
	}
}

// colly converts what the header names; the bytes of the page must come through it untouched.
func TestFetchKeepsBytes(t *testing.T) {
	page := html("", simplified)
	raw := encode(t, simplifiedchinese.GBK, page)
	got, err := fetchBytes(t, Options{}, raw, "Content-Type", "text/html; charset=gbk")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got.Raw, raw) || got.Text != page || got.Charset != "gb18030" {
		t.Errorf("read as %s: %.100q", got.Charset, got.Raw)
	}
}

// The scan of eight bytes finds what a look at each character finds.
func TestFirstForbidden(t *testing.T) {
	for r := rune(0); r <= utf8.MaxRune; r++ {
		if !utf8.ValidRune(r) || r > 0x3000 && r < 0xf000 || r > 0x10000 && r&0xffff < 0xfff0 {
			continue
		}
		for _, before := range []string{"", "abc", "中中\n中"} {
			want := -1
			if forbidden(r) {
				want = len(before)
			}
			if got := firstForbidden([]byte(before + string(r) + "，trailing text")); got != want {
				t.Fatalf("%U behind %q: %d, want %d", r, before, got, want)
			}
		}
	}
}

// FuzzDecodeText: whatever comes is read as valid UTF-8 without forbidden characters, and valid UTF-8 keeps its words.
func FuzzDecodeText(f *testing.F) {
	for _, s := range []string{simplified, "\xff\xfea\x00", "<\x00p\x00>\x00\x00", "\xef\xbb\xbfa", "\xb0\xa1\xb0", "<meta charset=gbk>\xd6\xd0", "\x1b$B0!\x1b(B", "\x81\x30\x81\x30", "\xff\xff"} {
		f.Add([]byte(s), "text/html; charset=big5")
		f.Add(bytes.Repeat([]byte(s), 20), "")
	}
	f.Fuzz(func(t *testing.T, raw []byte, contentType string) {
		got := decodeText(raw, contentType)
		if !utf8.ValidString(got.text) {
			t.Fatalf("not UTF-8: %q read as %s", raw, got.charset)
		}
		if firstForbidden([]byte(got.text)) >= 0 {
			t.Fatalf("forbidden characters left in %q", got.text)
		}
		if got.damaged < 0 || got.charset == "" {
			t.Fatalf("%+v", got)
		}
		if utf8.Valid(raw) && got.charset == "utf-8" && byteOrderMark(raw) == "" && got.text != clean(raw) {
			t.Fatalf("UTF-8 was changed: %q", raw)
		}
	})
}

func BenchmarkDecodeText(b *testing.B) {
	page := html("gbk", strings.Repeat(simplified, 300))
	for name, raw := range map[string][]byte{
		"utf-8": []byte(page), "gbk": encode(b, simplifiedchinese.GBK, page), "gbk called utf-8": encode(b, simplifiedchinese.GBK, html("utf-8", strings.Repeat(simplified, 300))),
	} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(raw)))
			for b.Loop() {
				decodeText(raw, "text/html")
			}
		})
	}
}
