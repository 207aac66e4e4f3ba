package extract

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// sources are all expressions of this package, read from its source: none is compiled before it is asked, so a wrong one would
// show itself late.
func sources(t testing.TB) []string {
	t.Helper()
	files, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	var all []*ast.File
	constants := map[string]ast.Expr{}
	for _, f := range files {
		if !strings.HasSuffix(f.Name(), ".go") || strings.HasSuffix(f.Name(), "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), f.Name(), nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, file)
		for n := range ast.Preorder(file) {
			if spec, ok := n.(*ast.ValueSpec); ok && len(spec.Names) == len(spec.Values) {
				for i, name := range spec.Names {
					constants[name.Name] = spec.Values[i]
				}
			}
		}
	}
	var valueOf func(e ast.Expr) (string, bool)
	valueOf = func(e ast.Expr) (string, bool) {
		switch e := e.(type) {
		case *ast.BasicLit:
			s, err := strconv.Unquote(e.Value)
			return s, err == nil
		case *ast.BinaryExpr:
			x, okX := valueOf(e.X)
			y, okY := valueOf(e.Y)
			return x + y, okX && okY
		case *ast.Ident:
			return valueOf(constants[e.Name])
		}
		return "", false
	}
	var found []string
	for _, file := range all {
		for n := range ast.Preorder(file) {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				continue
			}
			name, _ := call.Fun.(*ast.Ident)
			for _, arg := range call.Args {
				source, ok := valueOf(arg)
				switch {
				case !ok || name == nil:
				case name.Name == "wholeTitle":
					found = append(found, wholeTitle(source).compiled().String())
				case name.Name == "expr", name.Name == "forms":
					found = append(found, source)
				}
			}
		}
	}
	return found
}

func TestEveryExpressionCompiles(t *testing.T) {
	found := sources(t)
	const least = 150
	if len(found) < least {
		t.Errorf("found %d expressions, want at least %d", len(found), least)
	}
	for _, source := range found {
		if _, err := regexp.Compile(source); err != nil {
			t.Error(err)
		}
	}
}

// texts are what may well match an expression: its own alternatives, and the beginnings that are told of it, with and without
// something around them.
func texts(source string) []string {
	var all []string
	for piece := range strings.FieldsFuncSeq(source, func(r rune) bool { return strings.ContainsRune(`|()[]{}*+?^$.\`, r) }) {
		all = append(all, piece)
	}
	if b := beginningsOf(source); b != nil {
		for head := range b.heads {
			all = append(all, head)
		}
	}
	for _, text := range all {
		all = append(all, strings.ToUpper(text), "— "+text+" 12", " 1. "+text+": 到", "「"+text+"」", text+text)
	}
	return append(all, "", " ", "©", "© 2024 Example", "\xff版权所有", "\u017fhare", "\u212aeep reading")
}

func TestBeginningsTurnNoMatchAway(t *testing.T) {
	matched, told := 0, 0
	for _, source := range sources(t) {
		e, re := expr(source), regexp.MustCompile(source)
		if e.compiled().begins != nil {
			told++
		}
		for _, text := range texts(source) {
			want := re.MatchString(text)
			if want {
				matched++
			}
			if got := e.MatchString(text); got != want {
				t.Errorf("%q matches %q: %t, want %t", source, text, got, want)
			}
		}
	}
	if matched < 1000 || told < 50 {
		t.Errorf("%d texts matched, of %d expressions the beginnings are told: that tests too little", matched, told)
	}
}

func TestBeginningsOf(t *testing.T) {
	for _, c := range []struct {
		source string
		yes    []string // what may match
		no     []string
	}{
		{`^abc`, []string{"abc", "abcd"}, []string{"", "ab", "xabc", "abd"}},
		{`(?i)^[^\pL]*(?:k|about (?:us|me)|\d+ min)`, []string{"K", "\u212a", "— About", "ABO"}, []string{"ab us", "Ab", "more"}},
		{`^[\s©]*(?:©|from)`, []string{"©", " from", " x"}, []string{"x", "fr"}},
		{`^(?:a?b|c{2,3}d?|e*f)x`, []string{"bxx", "abx", "ccx", "cccd", "eeeef", "fx"}, []string{"axb", "dx", "x"}},
		{`(?:^a|^b)`, []string{"a", "b"}, []string{"c"}},
		{`^a|b`, []string{"xxb", ""}, nil},
		{`(?m)^a`, []string{"b\na"}, nil},
		{`^.{0,3}a`, []string{"xxxa"}, nil},
		{`^[^\pN]*$`, []string{"", "x"}, nil},
	} {
		e := expr(c.source)
		for _, text := range c.yes {
			if e.may(text) == nil {
				t.Errorf("%q: %q is turned away", c.source, text)
			}
		}
		for _, text := range c.no {
			if e.may(text) != nil {
				t.Errorf("%q: %q is not turned away", c.source, text)
			}
		}
	}
}

// FuzzBeginnings: an expression says the same with its beginnings and without.
func FuzzBeginnings(f *testing.F) {
	f.Add(`(?i)^[^\pL\pN]*(?:©|share(?: this)?|\d+ shares?|分享|[a-f]x)[^\pL\pN]*$`, "— Share this!")
	f.Add(`^(?:a{2,5}?|(b|c)+|[^x])\b`, "aaab")
	f.Add(`(?s)^\s*(?:.|kk)(?i:K)$`, "k\u212a")
	f.Fuzz(func(t *testing.T, source, text string) {
		re, err := regexp.Compile(source)
		if err != nil || len(source) > 200 {
			t.Skip()
		}
		if got, want := expr(source).MatchString(text), re.MatchString(text); got != want {
			t.Errorf("%q matches %q: %t, want %t", source, text, got, want)
		}
	})
}
