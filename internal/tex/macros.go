package tex

import (
	"slices"
	"strings"
)

// This file reads macros that a formula defines for itself and puts their texts in their places. What a macro of TeX can do
// beyond that (parameters with delimiters, conditions) is not understood.

type macro struct {
	params   int
	optional []lexeme // what the first parameter is where it is not given; nil where it must be
	body     []lexeme
}

// define reads what stands behind \newcommand and its kin.
func (p *parser) define(by string) {
	switch by {
	case "let":
		name, ok := p.macroName()
		if p.rawSkip(); p.rawPeek().isChar("=") {
			p.rawNext()
			p.rawSkip()
		}
		if t := p.rawNext(); ok && t.kind != end {
			if m, ok := p.macros[t.text]; ok && t.kind == command {
				p.macros[name] = m
			} else {
				p.macros[name] = macro{body: []lexeme{t}}
			}
			return
		}
		p.fail()
		return
	case "def", "gdef", "edef":
		name, ok := p.macroName()
		params := 0
		for p.rawPeek().kind == param {
			params++
			p.rawNext()
		}
		if !ok || p.rawPeek().kind != opening {
			p.fail()
			return
		}
		p.macros[name] = macro{params: params, body: p.rawArg()}
		return
	case "DeclareMathOperator":
		star := p.star()
		name, ok := p.macroName()
		if !ok {
			p.fail()
			return
		}
		body := []lexeme{{command, "operatorname"}}
		if star {
			body = append(body, lexeme{char, "*"})
		}
		body = append(body, lexeme{opening, "{"})
		body = append(body, p.rawArg()...)
		p.macros[name] = macro{body: append(body, lexeme{closing, "}"})}
		return
	}
	p.star()
	name, ok := p.macroName()
	var m macro
	if number, given := p.rawOption(); given && ok {
		if len(number) != 1 || !isDigit(number[0].text) {
			ok = false
		} else {
			m.params = int(number[0].text[0] - '0')
		}
		if m.optional, given = p.rawOption(); given && m.optional == nil {
			m.optional = []lexeme{}
		}
	}
	m.body = p.rawArg()
	if !ok {
		p.fail()
		return
	}
	if _, have := p.macros[name]; by == "providecommand" && (have || known(name)) {
		return
	}
	p.macros[name] = m
}

// macroName reads \name or {\name}.
func (p *parser) macroName() (string, bool) {
	p.rawSkip()
	t := p.rawNext()
	if t.kind == opening {
		p.rawSkip()
		t = p.rawNext()
		p.rawSkip()
		if p.rawNext().kind != closing {
			return "", false
		}
	}
	return t.text, t.kind == command
}

// expand puts the text of a macro in its place.
func (p *parser) expand(m macro) {
	if p.expansions++; p.expansions > maxExpansions {
		p.fail()
		return
	}
	args := make([][]lexeme, m.params)
	for i := range args {
		if i == 0 && m.optional != nil {
			if given, ok := p.rawOption(); ok {
				args[i] = given
			} else {
				args[i] = m.optional
			}
			continue
		}
		args[i] = p.rawArg()
	}
	var text []lexeme
	for _, t := range m.body {
		if t.kind != param {
			text = append(text, t)
			continue
		}
		i := int(t.text[0] - '1')
		if i >= len(args) {
			p.fail()
			return
		}
		if text = append(text, args[i]...); len(text) > maxTokens {
			p.fail()
			return
		}
	}
	if p.expanded += len(text); p.expanded > maxTokens {
		p.fail()
		return
	}
	slices.Reverse(text)
	p.rest = append(p.rest, text...)
}

// rawArg reads an argument without understanding it; the braces around it are no part of it.
func (p *parser) rawArg() []lexeme {
	p.rawSkip()
	t := p.rawNext()
	if t.kind == end || t.kind == closing {
		p.fail()
		return nil
	}
	if t.kind != opening {
		return []lexeme{t}
	}
	var list []lexeme
	for depth := 1; ; {
		switch t = p.rawNext(); t.kind {
		case end:
			p.fail()
			return nil
		case opening:
			depth++
		case closing:
			if depth--; depth == 0 {
				return list
			}
		}
		list = append(list, t)
	}
}

// rawOption reads an argument in brackets where there is one.
func (p *parser) rawOption() ([]lexeme, bool) {
	p.rawSkip()
	if !p.rawPeek().isChar("[") {
		return nil, false
	}
	p.rawNext()
	var list []lexeme
	for depth := 0; ; {
		t := p.rawNext()
		switch {
		case t.kind == end:
			p.fail()
			return nil, false
		case t.kind == opening:
			depth++
		case t.kind == closing:
			depth--
		case t.isChar("]") && depth == 0:
			return list, true
		}
		list = append(list, t)
	}
}

// star reads the star of a command where it has one.
func (p *parser) star() bool {
	if p.rawPeek().isChar("*") {
		p.rawNext()
		return true
	}
	return false
}

// words is the text of lexemes.
func words(list []lexeme) string {
	var b strings.Builder
	for _, t := range list {
		if t.kind == command {
			b.WriteByte('\\')
		}
		b.WriteString(t.text)
	}
	return b.String()
}
