package main

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestCompareWords(t *testing.T) {
	plain := painter{}
	for _, c := range []struct{ old, new, want string }{
		{"the quick fox", "the slow fox", "the [-quick-]{+slow+} fox"},
		{"我们使用大模型进行训练", "我们使用小模型进行训练", "我们使用[-大-]{+小+}模型进行训练"},
		{"注意力机制", "注意力机制很重要", "注意力机制{+很重要+}"},
		{"版本 v1.2 发布", "版本 v1.3 发布", "版本 v1.[-2-]{+3+} 发布"},
		{"a b c d", "x b y d", "[-a b c-]{+x b y+} d"},
		{"nothing in common", "完全不同的一句话", "[-nothing in common-]{+完全不同的一句话+}"},
		{"same", "same", "same"},
		{"", "new", "{+new+}"},
		{"one\ntwo\n", "one\nthree\n", "one\n[-two-]{+three+}\n"},
		{"an \x1b[31mescape here", "an \x1b[31mescape there", "an �[31mescape [-here-]{+there+}"},
	} {
		if diff := cmp.Diff(c.want, plain.pieces(compareWords(c.old, c.new))); diff != "" {
			t.Errorf("%q, %q (-want +got):\n%s", c.old, c.new, diff)
		}
	}
	got := painter{true}.pieces(compareWords("the quick fox", "the slow fox"))
	if want := "the \x1b[31;9mquick\x1b[0m\x1b[32mslow\x1b[0m fox"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestLongLine: a paragraph of Chinese is one line; only what is near the change is shown.
func TestLongLine(t *testing.T) {
	line := strings.Repeat("今天我们来讲注意力机制的数学原理", 60)
	got := changedText("# 题\n\n"+line+"旧结论"+line+"\n", "# 题\n\n"+line+"新结论"+line+"\n", painter{})
	if !strings.HasPrefix(got, "@@ line 3 @@ # 题\n…") || !strings.Contains(got, "数学原理[-旧-]{+新+}结论今天") || len([]rune(got)) > 140 {
		t.Errorf("got %s", got)
	}
}

// TestUnified is read by patch(1) as well as by people.
func TestUnified(t *testing.T) {
	got, err := unified("old", "new", "a\nb\nc\n", "a\nB\nc\nd\n")
	if err != nil {
		t.Fatal(err)
	}
	want := "--- old\n+++ new\n@@ -1,3 +1,4 @@\n a\n-b\n+B\n c\n+d\n"
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("mismatch (-want +got):\n%s", diff)
	}
	if got, err := unified("old", "new", "a\n", "a\n"); got != "" || err != nil {
		t.Errorf("the same text differs: %q, %v", got, err)
	}
}

// sides puts the two texts of a comparison together again.
func sides(all []change) (old, new string) {
	var a, b strings.Builder
	for _, c := range all {
		a.WriteString(c.same + c.old)
		b.WriteString(c.same + c.new)
	}
	return a.String(), b.String()
}

// FuzzCompare: a comparison holds both texts whole, and its parts are in order.
func FuzzCompare(f *testing.F) {
	f.Add("", "")
	f.Add("a b", "b a")
	f.Add("大模型 training\n\n```go\nx := 1\n```\n", "小模型 training\n\n```go\nx := 2\n```\n")
	f.Add("\xff\xfe", "a\xff")
	f.Fuzz(func(t *testing.T, old, new string) {
		gotOld, gotNew := sides(compareWords(old, new))
		if gotOld != old || gotNew != new {
			t.Errorf("%q and %q became %q and %q", old, new, gotOld, gotNew)
		}
		a, b := lines(old), lines(new)
		at, into := 0, 0
		for _, s := range differing(a, b) {
			if s.from-at != s.into-into || !slices.Equal(a[at:s.from], b[into:s.into]) {
				t.Errorf("between the parts %q and %q differ at %v", old, new, s)
			}
			at, into = s.to, s.upto
		}
		if !slices.Equal(a[at:], b[into:]) {
			t.Errorf("after the last part %q and %q differ", old, new)
		}
	})
}

// TestCompareIsBounded: two texts of 100,000 characters, whatever they have in common.
func TestCompareIsBounded(t *testing.T) {
	const least = time.Minute // a hundred times what it takes; the shortest list of changes of texts that have nothing in common takes hours
	r := rand.New(rand.NewPCG(1, 2))
	text := func(alphabet, breakEvery int) string {
		var b strings.Builder
		for range 100_000 {
			if breakEvery > 0 && r.IntN(breakEvery) == 0 {
				b.WriteByte('\n')
			}
			b.WriteRune(rune(0x4e00 + r.IntN(alphabet)))
		}
		return b.String()
	}
	edited := func(s string, every int) string {
		runes := []rune(s)
		for i := range runes {
			if r.IntN(every) == 0 {
				runes[i] = rune(0x4e00 + r.IntN(3000))
			}
		}
		return string(runes)
	}
	base := text(3000, 200)
	for _, c := range []struct{ name, a, b string }{
		{"nothing alike", text(3000, 0), text(3000, 0)},
		{"two characters", text(2, 0), text(2, 0)},
		{"two characters in lines", text(2, 5), text(2, 5)},
		{"every tenth changed", base, edited(base, 10)},
		{"every thousandth changed", base, edited(base, 1000)},
		{"reversed lines", strings.Repeat("a\nb\n", 25_000), strings.Repeat("b\na\n", 25_000)},
	} {
		t.Run(c.name, func(t *testing.T) {
			began := time.Now()
			changedText(c.a, c.b, painter{})
			compareWords(c.a, c.b)
			if took := time.Since(began); took > least {
				t.Errorf("it took %v", took)
			} else {
				t.Log(took)
			}
		})
	}
	all := compareWords(base, edited(base, 10))
	same := 0
	for _, c := range all {
		same += len([]rune(c.same))
	}
	if same < 70_000 {
		t.Errorf("of a text in which every tenth character changed only %d characters stayed the same", same)
	}
}
