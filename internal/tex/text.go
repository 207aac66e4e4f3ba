package tex

import "strings"

// This file reads the text that stands in formulas.

type textStyle struct{ bold, italic, typewriter, sans bool }

// textual reads the commands that set their argument as text.
func (p *parser) textual(name string) (*node, bool) {
	switch name {
	case "text", "mbox", "hbox", "textrm", "textnormal", "textmd", "textsc", "mathchoice", "intertext", "shortintertext":
		if name == "mathchoice" {
			return nil, false
		}
		return p.text(textStyle{}), true
	case "textbf", "textsl", "textit", "emph", "texttt", "textsf":
		return p.text(textStyle{}.with(name)), true
	case "verb":
		return nil, false
	case "eqref":
		return token("mtext", "("+words(p.rawArg())+")"), true
	case "ref":
		return token("mtext", words(p.rawArg())), true
	case "TeX", "LaTeX":
		return token("mtext", name), true
	}
	return nil, false
}

func (s textStyle) with(name string) textStyle {
	switch name {
	case "textbf":
		s.bold = true
	case "textsl", "textit", "emph":
		s.italic = true
	case "texttt":
		s.typewriter = true
	case "textsf":
		s.sans = true
	}
	return s
}

// token is text in a style. Spaces are such that are kept.
func (s textStyle) token(text string) *node {
	text = strings.ReplaceAll(text, " ", "\u00a0")
	n := token("mtext", text)
	var style []string
	if s.bold {
		style = append(style, "font-weight:bold")
	}
	if s.italic {
		style = append(style, "font-style:italic")
	}
	if s.typewriter {
		style = append(style, "font-family:monospace")
	}
	if s.sans {
		style = append(style, "font-family:sans-serif")
	}
	if len(style) > 0 {
		n.set("style", strings.Join(style, ";"))
	}
	return n
}

// text reads an argument as text, in which formulas may stand again.
func (p *parser) text(s textStyle) *node {
	p.skipBlank()
	if p.peek().kind != opening {
		t := p.next()
		if t.kind != char {
			p.fail()
		}
		return s.token(t.text)
	}
	p.next()
	nodes := p.textUntilClosing(s, 0)
	if len(nodes) == 0 {
		return element("mrow")
	}
	n := row(nodes)
	n.class = ordinary
	return n
}

func (p *parser) textUntilClosing(s textStyle, depth int) []*node {
	if depth > maxDepth {
		p.fail()
	}
	var nodes []*node
	var text strings.Builder
	flush := func() {
		if text.Len() > 0 {
			nodes = append(nodes, s.token(text.String()))
			text.Reset()
		}
	}
	for {
		t := p.next()
		switch t.kind {
		case end, param:
			p.fail()
			return nil
		case closing:
			flush()
			return nodes
		case opening:
			flush()
			nodes = append(nodes, p.textUntilClosing(s, depth+1)...)
		case blank:
			text.WriteByte(' ')
		case char:
			switch t.text {
			case "$":
				flush()
				nodes = append(nodes, p.mathInText("$", depth)...)
			case "~":
				text.WriteByte(' ')
			case "`":
				text.WriteString("‘")
			case "'":
				text.WriteString("’")
			default:
				text.WriteString(t.text)
			}
		case command:
			switch t.text {
			case "(":
				flush()
				nodes = append(nodes, p.mathInText(")", depth)...)
				continue
			case "textbf", "textsl", "textit", "emph", "texttt", "textsf", "text", "textrm", "mbox", "hbox", "textnormal":
				flush()
				p.skipBlank()
				if p.next().kind != opening {
					p.fail()
					return nil
				}
				nodes = append(nodes, p.textUntilClosing(s.with(t.text), depth+1)...)
				continue
			case "{", "}", "%", "&", "#", "$", "_":
				text.WriteString(t.text)
				continue
			case "ldots", "dots", "textellipsis":
				text.WriteString("…")
				continue
			case "\\":
				text.WriteByte(' ')
				continue
			}
			if width, ok := spaces[t.text]; ok {
				if t.text != "!" && !strings.HasPrefix(t.text, "neg") {
					text.WriteString(map[string]string{"1em": "\u2003", "2em": "\u2003\u2003", "0.5em": "\u2002", thin: "\u2009"}[width])
					if width != "1em" && width != "2em" && width != "0.5em" && width != thin {
						text.WriteByte(' ')
					}
				}
				continue
			}
			if sign, ok := commands()[t.text]; ok {
				text.WriteString(sign.text)
				continue
			}
			if p.dropped(t.text) {
				continue
			}
			p.fail()
			return nil
		}
	}
}

// mathInText reads a formula in text, its end included.
func (p *parser) mathInText(until string, depth int) []*node {
	font, display, script := p.font, p.display, p.script
	p.font, p.display, p.script = italic, false, false
	p.depth += depth
	nodes := p.list(nothing)
	p.depth -= depth
	p.font, p.display, p.script = font, display, script
	if t := p.next(); t.text != until || t.kind == closing {
		p.fail()
	}
	return nodes
}
