package tex

import (
	"encoding/xml"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden file anew")

// formulas are the lines of testdata/formulas.tex.
func formulas(t testing.TB) []string {
	t.Helper()
	data, err := os.ReadFile("testdata/formulas.tex")
	if err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(strings.Split(strings.TrimSpace(string(data)), "\n"), func(s string) bool { return strings.HasPrefix(s, "%") })
}

// TestGolden compares each formula with what a person has looked at in a browser.
func TestGolden(t *testing.T) {
	var b strings.Builder
	for _, source := range formulas(t) {
		math, ok := MathML(source, true)
		if !ok {
			t.Errorf("%s: not understood", source)
			continue
		}
		if err := valid(math, undelimited(source), true); err != nil {
			t.Errorf("%s: %v\n%s", source, err, math)
		}
		inline, ok := MathML(source, false)
		if err := valid(inline, undelimited(source), false); !ok || err != nil {
			t.Errorf("%s: in a line: %v", source, err)
		}
		body, _, _ := strings.Cut(strings.SplitN(math, "<semantics>", 2)[1], "<annotation")
		fmt.Fprintf(&b, "%s\n%s\n\n", source, strings.ReplaceAll(body, "><", ">\n<"))
	}
	const path = "testdata/formulas.golden"
	if *update {
		if err := os.WriteFile(path, []byte(b.String()), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), b.String()); diff != "" {
		t.Errorf("formulas mismatch (-want +got):\n%s", diff)
	}
}

// children are the elements that may be, with the number of children that each must have; -1 is any number, 0 is text.
var children = map[string]int{
	"math": 1, "semantics": 2, "annotation": 0, "mi": 0, "mn": 0, "mo": 0, "mtext": 0, "mspace": 0, "mrow": -1, "mstyle": 1, "mpadded": 1, "mphantom": 1,
	"msqrt": 1, "mroot": 2, "mfrac": 2, "msub": 2, "msup": 2, "msubsup": 3, "munder": 2, "mover": 2, "munderover": 3, "mtable": -1, "mtr": -1, "mtd": -1,
}

var attributes = strings.Fields(`xmlns alttext display encoding mathvariant stretchy fence form separator symmetric minsize maxsize lspace rspace movablelimits width height depth
	linethickness bevelled displaystyle scriptlevel accent accentunder columnalign columnspacing rowspacing style`)

// valid tells what is wrong with MathML.
func valid(math, source string, display bool) error {
	type open struct {
		name  string
		kids  int
		text  strings.Builder
		attrs []xml.Attr
	}
	stack := []*open{{name: ""}}
	d := xml.NewDecoder(strings.NewReader(math))
	annotation := ""
	for {
		t, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		top := stack[len(stack)-1]
		switch t := t.(type) {
		case xml.StartElement:
			want, ok := children[t.Name.Local]
			if !ok {
				return fmt.Errorf("element %s", t.Name.Local)
			}
			if want == 0 && t.Name.Local == "mspace" && len(t.Attr) == 0 {
				return errors.New("a space without width")
			}
			switch inside, name := top.name, t.Name.Local; {
			case (inside == "mtable") != (name == "mtr"), (inside == "mtr") != (name == "mtd"), (inside == "") != (name == "math"):
				return fmt.Errorf("%s in %s", name, inside)
			}
			seen := map[string]bool{}
			for _, a := range t.Attr {
				if !slices.Contains(attributes, a.Name.Local) || seen[a.Name.Local] {
					return fmt.Errorf("attribute %s", a.Name.Local)
				}
				seen[a.Name.Local] = true
			}
			if top.kids++; len(stack) > maxElements+3 {
				return errors.New("too deep")
			}
			stack = append(stack, &open{name: t.Name.Local, attrs: t.Attr})
		case xml.CharData:
			if children[top.name] != 0 || top.name == "" || top.name == "mspace" {
				return fmt.Errorf("text %q in %s", t, top.name)
			}
			top.text.Write(t)
		case xml.EndElement:
			if want := children[top.name]; want > 0 && top.kids != want || want == 0 && top.kids > 0 {
				return fmt.Errorf("%s has %d children", top.name, top.kids)
			}
			if top.name == "annotation" {
				annotation = top.text.String()
			}
			if top.name == "math" {
				block := false
				for _, a := range top.attrs {
					block = block || a.Name.Local == "display" && a.Value == "block"
					if a.Name.Local == "alttext" && a.Value != strings.NewReplacer("\n", " ", "\t", " ").Replace(source) {
						return fmt.Errorf("alttext %q", a.Value)
					}
				}
				if block != display {
					return fmt.Errorf("display is %v", block)
				}
			}
			stack = stack[:len(stack)-1]
		default:
			return fmt.Errorf("%T", t)
		}
	}
	if annotation != source {
		return fmt.Errorf("annotation %q", annotation)
	}
	return nil
}
