package fetch

import "testing"

func TestMend(t *testing.T) {
	for name, c := range map[string]struct{ in, want string }{
		"apostrophe":            {"we\u00e2\u0080\u0099ll", "we’ll"},
		"no-break space beside": {"we\u00e2\u0080\u0099ll API\u00c2\u00a0docs", "we’ll API\u00a0docs"},
		"Chinese":               {"\u00e4\u00b8\u00ad\u00e6\u0096\u0087", "中文"},
		"emoji":                 {"\u00f0\u009f\u0098\u0080", "😀"},
		"also what is right":    {"caf\u00e9 中文 \u00e2\u0080\u0099", "café 中文 ’"},
		"quoted by an author":   {"â€™ and Â\u00a0", "â€™ and Â\u00a0"},
		"a letter and a mark":   {"Ã© in the text", "Ã© in the text"},
		"a stray control":       {"caf\u00e9\u0085 and", "café and"},
		"cut short":             {"end \u00e2\u0080", "end â"},
	} {
		if got := clean([]byte(c.in)); got != c.want {
			t.Errorf("%s: clean(%q) = %q, want %q", name, c.in, got, c.want)
		}
	}
}
