package fetch

import (
	"bytes"
	"testing"

	"golang.org/x/text/encoding/traditionalchinese"
)

func TestBig5Kana(t *testing.T) {
	// The text below in the table of Unicode's BIG5.TXT.
	foreign := []byte("\xa6\xdb\xb5M\xa8\xa5\xbby\xc7y\xc7z:\xc6\xb7\xc6\xf0\xc6\xd3\xa4\xe9\xa5\xbb\xbby\xc6\xd2\xb0O\xa8\xc6\xc6\xcb\xc6\xbd\xa1C\xc6\xd3\xa6\xe6\xc6\xa8\xc6\xe2\xc6\xbd\xc6\xb7\xc6\xcc\xc6\xb0")
	tests := []struct {
		name string
		raw  []byte
		want string
	}{
		{"kana of BIG5.TXT", foreign, "自然言語メモ:これは日本語の記事です。は行いますことが"},
		{"kana of ETEN", encodeBig5(t, "これは日本語の記事です。カタカナもある。"), "これは日本語の記事です。カタカナもある。"},
		{"numbers in circles are no kana", encodeBig5(t, "步驟①②③④⑤⑥⑦⑧⑨⑩，共十步"), "步驟①②③④⑤⑥⑦⑧⑨⑩，共十步"},
		{"no kana", encodeBig5(t, "自然語言處理"), "自然語言處理"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := decodeText(tt.raw, "text/html; charset=big5").text; got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func encodeBig5(t *testing.T, s string) []byte {
	t.Helper()
	raw, err := traditionalchinese.Big5.NewEncoder().Bytes([]byte(s))
	if err != nil {
		t.Fatal(err)
	}
	return bytes.Clone(raw)
}
