package export

import (
	"strings"
	"testing"
)

func TestRelink(t *testing.T) {
	const a, p = "https://x.example/a", "https://x.example/p.png"
	for _, tt := range []struct{ in, want string }{
		{"[t](" + a + ")", "[t](A)"},
		{`[t](` + a + ` "ti (t) le")`, `[t](A "ti (t) le")`},
		{"[t](<" + a + ">)", "[t](A)"},
		{"![x](" + p + ") ![x](" + a + ")", "![x](P) ![x](" + a + ")"},
		{"[![x](" + p + ")](" + a + ")", "[![x](P)](A)"},
		{"[x\\\ny](" + a + ")", "[x\\\ny](A)"},
		{"见 <" + a + "> 与 <https://other.example/>", `见 [https://x.example/a](A) 与 <https://other.example/>`},
		{"`[t](" + a + ")` [t](" + a + ")", "`[t](" + a + ")` [t](A)"},
		{"``x`[t](" + a + ")`` [t](" + a + ")", "``x`[t](" + a + ")`` [t](A)"},
		{"\\`[t](" + a + ")\\`", "\\`[t](A)\\`"},
		{`\[t](` + a + `)`, `\[t](A)`}, // no such text is written: its bracket would be escaped too
		{`[t\](` + a + `)`, `[t\](` + a + `)`},
		{"```md\n[t](" + a + ")\n> ````\n```\n[t](" + a + ")", "```md\n[t](" + a + ")\n> ````\n```\n[t](" + a + ")"},
		{"```md\n[t](" + a + ")\n```\n[t](" + a + ")", "```md\n[t](" + a + ")\n```\n[t](A)"},
		{"> - ```\n>   [t](" + a + ")\n>   ```\n>   [t](" + a + ")", "> - ```\n>   [t](" + a + ")\n>   ```\n>   [t](A)"},
		{"[^1]: ```\n    <" + a + ">\n    ```\n", "[^1]: ```\n    <" + a + ">\n    ```\n"},
		{"12. ````\n    ```\n    <" + a + ">\n    ````\n<" + a + ">", "12. ````\n    ```\n    <" + a + ">\n    ````\n[" + a + "](A)"},
		{`<td><a href="` + a + `" title="x>y">t</a><img alt="" src="` + p + `"/></td>`, `<td><a href="A" title="x>y">t</a><img alt="" src="P"/></td>`},
		{"| [t](https://x.example/a\\|b) |", "| [t](PIPE) |"},
		{"a < b [t](" + a + ")", "a < b [t](A)"},
		{"$x<" + "y$", "$x<y$"},
		{"[t](https://x.example/w_(b))", "[t](B)"},
		{"]( [](", "]( []("},
		{"[t](", "[t]("},
	} {
		got := relink(tt.in, func(address string, image bool) string {
			switch {
			case address == a && !image:
				return "A"
			case address == p:
				return "P"
			case address == "https://x.example/a|b":
				return "PIPE"
			case address == "https://x.example/w_(b)":
				return "B"
			}
			return ""
		})
		if got != tt.want {
			t.Errorf("relink(%q)\n = %q\nwant %q", tt.in, got, tt.want)
		}
	}
}

// FuzzRelink: where nothing leads elsewhere, the text is the same; where everything does, its lines are.
func FuzzRelink(f *testing.F) {
	f.Add("[a](b) ![c](<d> \"e\") `[f](g)`\n```\n[h](i)\n```\n<https://x.example/> <a href=\"j\">")
	f.Add("\\")
	f.Add("[^1]: > - 1. ```")
	f.Fuzz(func(t *testing.T, text string) {
		if got := relink(text, func(string, bool) string { return "" }); got != text {
			t.Errorf("%q became %q", text, got)
		}
		got := relink(text, func(string, bool) string { return "x" })
		if strings.Count(got, "\n") != strings.Count(text, "\n") {
			t.Errorf("%q became %q", text, got)
		}
	})
}
