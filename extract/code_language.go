package extract

import (
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// This file finds the language of a block of code. Rules: what the page says is so, in its own word; words of themes that name no
// language are none; where the page says nothing, only text that leaves no doubt is believed.

var (
	languageClass = expr(`(?:^|[\s"])(language|lang|highlight-source|highlight-text|enlighter-l|src|code|type|syntax)-([A-Za-z0-9+#._-]+)`)
	brushClass    = expr(`(?i)\b(?:brush|lang|language)\s*:\s*['"]?([A-Za-z0-9+#._-]+)`)
	languageForm  = expr(`^[a-z0-9][a-z0-9+#._-]{0,29}$`)
)

// noLanguage are words of themes that name no language.
var noLanguage = map[string]bool{
	"plain": true, "plaintext": true, "plain_text": true, "text": true, "txt": true, "none": true, "nohighlight": true, "no-highlight": true,
	"default": true, "generic": true, "raw": true, "auto": true, "undefined": true, "null": true, "enlighter": true, "unknown": true, "code": true,
	"highlight": true, "toolbar": true, "wrapper": true, "block": true, "container": true, "literal": true, "fallback": true, "notranslate": true,
}

// languageAround is the language that a block names, at any element from its code up to its wrapper or just around it: "text"
// where it says that it has none, empty where it says nothing.
func languageAround(source, wrapper *html.Node) string {
	said := ""
	name := func(n *html.Node) bool {
		l, none := languageOf(n)
		if said == "" && none {
			said = "text"
		}
		if l != "" {
			said = l
		}
		return l != ""
	}
	if inner := firstElement(source, "code"); inner != nil && name(inner) {
		return said
	}
	for n := source; n != nil; n = n.Parent {
		if name(n) {
			return said
		}
		if n == wrapper {
			// rouge names the language on the element around the element with the class.
			for p, up := n.Parent, 0; p != nil && up < 2 && (isWrapper(p) || p.Data == "figure"); p, up = p.Parent, up+1 {
				if name(p) {
					return said
				}
			}
			break
		}
	}
	return said
}

// languageOf is the language that an element names, or that it names none.
func languageOf(n *html.Node) (language string, none bool) {
	for _, key := range []string{"data-lang", "data-language", "data-enlighter-language", "data-code-language", "lang"} {
		value := attrOf(n, key)
		if key == "lang" && (n.Data != "pre" && n.Data != "code" || !knownLanguages[strings.ToLower(value)]) {
			continue
		}
		if l := tidyLanguage(value); l != "" {
			return l, false
		}
		none = none || noLanguage[strings.ToLower(value)]
	}
	class := attrOf(n, "class")
	if class == "" {
		return "", none
	}
	for _, m := range languageClass.FindAllStringSubmatch(class, -1) {
		l := tidyLanguage(m[2])
		if vague := m[1] == "src" || m[1] == "code" || m[1] == "type" || m[1] == "syntax"; l != "" && (!vague || knownLanguages[l]) {
			return l, false
		}
		none = none || noLanguage[strings.ToLower(m[2])]
	}
	for _, m := range brushClass.FindAllStringSubmatch(class, -1) {
		if l := tidyLanguage(m[1]); l != "" {
			return l, false
		}
		none = none || noLanguage[strings.ToLower(m[1])]
	}
	// A bare word beside the highlighter's own names.
	names := strings.Fields(class)
	own := slices.ContainsFunc(names, func(s string) bool {
		return s == "highlight" || s == "hljs" || s == "sourceCode" || s == "prettyprint" || s == "prism" || s == "shiki" || s == "chroma"
	})
	for _, name := range names {
		l := tidyLanguage(name)
		if knownLanguages[l] || own && n.Data == "figure" && l != "" && !strings.Contains(l, "-") {
			return l, false
		}
		none = none || own && (name == "plaintext" || name == "plain" || name == "nohighlight" || name == "text")
	}
	return "", none
}

func tidyLanguage(s string) string {
	s = strings.ToLower(strings.Trim(strings.TrimSpace(s), ";,"))
	if noLanguage[s] || !languageForm.MatchString(s) {
		return ""
	}
	if name, ok := languageNames[s]; ok {
		return name
	}
	return s
}

// languageNames are the names by which more readers know a language than by the page's.
var languageNames = map[string]string{
	"c++": "cpp", "c#": "csharp", "f#": "fsharp", "objective-c": "objectivec", "obj-c": "objectivec", "python3": "python", "py3": "python",
	"golang": "go", "jscript": "javascript", "shell-session": "console", "c-sharp": "csharp",
}

// knownLanguages are believed where only a bare word names the language.
var knownLanguages = func() map[string]bool {
	set := map[string]bool{}
	for name := range strings.FieldsSeq(`ada apache applescript arduino asm assembly awk bash basic bat batch c c# c++ clike clojure cmake cmd cobol coffeescript console
cpp cs csharp css csv cuda cypher d dart delphi diff django docker dockerfile elisp elixir elm erlang excel fish fortran fsharp glsl go golang
gradle graphql groovy haml haskell html http ini java javascript jinja jinja2 js json json5 jsonc jsx julia kotlin latex less lisp llvm log lua
makefile markdown mathematica matlab md mermaid mysql nasm nginx nim nix objc objective-c objectivec ocaml octave pascal perl pgsql php plsql
powershell prolog properties proto protobuf ps1 puppet py python python3 pycon r rb rst ruby rust sas sass scala scheme scss sh shell sol solidity
sparql sql stata svg swift tcl terraform tex toml ts tsx twig typescript vb vbnet verilog vhdl vim vue wasm xml xquery yaml yml zig zsh`) {
		set[name] = true
	}
	return set
}()

// signs are what only one language has; all of one entry must be found.
var signs = []struct {
	language string
	forms    []*expression
}{
	{"bash", forms(`^#!.*\b(?:ba|z)?sh\b`)},
	{"python", forms(`^#!.*\bpython`)},
	{"php", forms(`^<\?php\b`)},
	{"xml", forms(`^<\?xml\b`)},
	{"html", forms(`(?i)^<(?:!doctype html|html|head|body|div|form|script|template)\b[^\n]*>`)},
	{"go", forms(`(?m)^package \w+$`, `(?m)^(?:func|import|type|var|const)\b`)},
	{"go", forms(`(?m)^func (?:\([^)]*\) ?)?\w+\([^\n]*\{$`, `:=|\berr\b|\bchan\b|\bfmt\.`)},
	{"rust", forms(`(?m)^\s*(?:pub )?fn \w+[^\n]*\{`, `\blet (?:mut )?\w+|::`)},
	{"cpp", forms(`(?m)^#include\s*<\w+>`, `\bstd::|\busing namespace\b|\bclass \w+|\btemplate\s*<|\bcout\b`)},
	{"c", forms(`(?m)^#include\s*[<"]\w+(?:/\w+)*\.h[>"]`)},
	{"java", forms(`(?m)^\s*(?:public |private |final |abstract )+(?:class|interface|enum|static)\b`, `;\s*$|\{\s*$`)},
	{"java", forms(`(?m)^import java[x]?\.`)},
	{"csharp", forms(`(?m)^using System\b`)},
	{"python", forms(`(?m)^(?:from [\w.]+ )?import \w[\w., *]*(?: as \w+)?$`, `(?m)^\s*(?:def \w+\(.*|class \w+.*|for .+|if .+|with .+|else|try):\s*(?:#.*)?$|^\w[\w., ]* = |^\w+(?:\.\w+)*\(`)},
	{"python", forms(`(?m)^\s*def \w+\([^\n]*\)(?: *-> *[^\n]+)?:`)},
	{"python", forms(`(?m)^class \w+(?:\([\w., =]*\))?:\s*$`, `(?m)^\s+(?:def|self|pass|\w+ ?[:=])`)},
	{"javascript", forms(`(?m)^\s*(?:const|let|var) (?:\w+|\{[^}]*\}) = `, `=>|\bfunction\b|\brequire\(|\bconsole\.|\bdocument\.|\bawait\b`)},
	{"javascript", forms(`(?m)^\s*(?:export |async )*function \w+\([^)]*\) ?\{`)},
	{"sql", forms(`(?is)^\s*(?:select\b.+\bfrom|insert\s+into|create\s+(?:table|database|index|view)|update\s+\S+\s+set|delete\s+from|alter\s+table)\b`)},
	{"dockerfile", forms(`(?m)^FROM \S+`, `(?m)^(?:RUN|COPY|CMD|ENTRYPOINT|WORKDIR) `)},
	{"json", forms(`^\s*[\[{]\s*(?:\{\s*)?"[^"\n]+"\s*:`, `[\]}]\s*$`)},
	{"bash", forms(`(?m)^\s*(?:[$] ?)?(?:sudo |apt(?:-get)? install|yum |brew install|pip3? install|conda (?:install|create|activate)|npm (?:i|install|run)|git (?:clone|commit|push|pull|checkout|add)|docker (?:run|build|pull|exec|compose)|kubectl |systemctl |wget |curl |chmod |mkdir -p|export \w+=|source \S+|tar -?[xzc]\w* )`)},
	{"bash", forms(`(?m)^(?:if \[|for \w+ in .*; ?do|while (?:\[|read)|set -e)`)},
}

func forms(list ...string) []*expression {
	var all []*expression
	for _, form := range list {
		all = append(all, expr(form))
	}
	return all
}

// guessRange is how much of a block is looked at: what a language shows, it shows early.
const guessRange = 1500

// guessLanguage is the language that text is plainly in; empty where there is doubt.
func guessLanguage(text string) string {
	if len(text) > guessRange {
		text = strings.ToValidUTF8(text[:guessRange], "")
	}
	for _, sign := range signs {
		if !slices.ContainsFunc(sign.forms, func(form *expression) bool { return !form.MatchString(text) }) {
			return sign.language
		}
	}
	return ""
}
