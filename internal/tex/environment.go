package tex

import (
	"slices"
	"strings"
)

// This file reads environments: tables, most of them.

type line struct {
	cells [][]*node
	ruled bool // a line above it
}

// environment reads what stands between \begin and \end.
func (p *parser) environment() *node {
	name := words(p.rawArg())
	base := strings.TrimSuffix(name, "*")
	display := p.display
	defer func() { p.display = display }()
	finish := func(rows []line, build func([]line) *node) *node {
		if p.failed {
			return nil
		}
		return build(rows)
	}
	switch base {
	case "matrix", "pmatrix", "bmatrix", "Bmatrix", "vmatrix", "Vmatrix":
		columns := "c"
		if option, ok := p.rawOption(); ok && len(option) == 1 {
			columns = option[0].text
		}
		p.display = false
		return finish(p.rows(name), func(rows []line) *node {
			d := map[string][2]string{"pmatrix": {"(", ")"}, "bmatrix": {"[", "]"}, "Bmatrix": {"{", "}"}, "vmatrix": {"|", "|"}, "Vmatrix": {"‖", "‖"}}[base]
			return between(d[0], p.table(rows, layout{columns: columns}), d[1])
		})
	case "smallmatrix", "psmallmatrix", "bsmallmatrix", "vsmallmatrix", "subarray":
		if base == "subarray" {
			p.rawArg()
		}
		p.display = false
		return finish(p.rows(name), func(rows []line) *node {
			d := map[string][2]string{"psmallmatrix": {"(", ")"}, "bsmallmatrix": {"[", "]"}, "vsmallmatrix": {"|", "|"}}[base]
			return between(d[0], styled("scriptstyle", p.table(rows, layout{columns: "c", tight: true})), d[1])
		})
	case "cases", "dcases", "rcases", "drcases", "numcases":
		p.display = base[0] == 'd'
		return finish(p.rows(name), func(rows []line) *node {
			t := p.table(rows, layout{columns: "l", display: p.display, cases: true})
			if strings.Contains(base, "rc") {
				return between("", t, "}")
			}
			return between("{", t, "")
		})
	case "array", "tabular", "darray":
		p.rawOption()
		spec := words(p.rawArg())
		p.display = base == "darray"
		return finish(p.rows(name), func(rows []line) *node { return p.array(rows, spec, p.display) })
	case "aligned", "align", "split", "alignat", "alignedat", "flalign", "eqnarray":
		if strings.HasPrefix(base, "align") && strings.HasSuffix(base, "at") {
			p.rawArg()
		}
		p.rawOption()
		p.display = true
		columns := "rl"
		if base == "eqnarray" {
			columns = "rcl"
		}
		return finish(p.rows(name), func(rows []line) *node { return p.aligned(rows, columns) })
	case "gather", "gathered", "multline", "multlined", "equation", "displaymath", "math", "dmath":
		p.display = base != "math"
		p.rawOption()
		return finish(p.rows(name), func(rows []line) *node {
			if len(rows) == 1 && len(rows[0].cells) == 1 {
				return row(rows[0].cells[0])
			}
			return p.aligned(rows, "c")
		})
	}
	p.fail()
	return nil
}

// rows reads the cells of an environment, its end included; of the whole formula, where it has no name.
func (p *parser) rows(name string) []line {
	var rows []line
	font := p.font
	now := line{ruled: p.rule()}
	for {
		before := nothing
		if len(now.cells) > 0 {
			before = ordinary // TeX puts an empty thing before what follows &
		}
		p.font = font
		now.cells = append(now.cells, p.list(before))
		t := p.next()
		switch {
		case t.isChar("&"):
			continue
		case t.isCommand("\\"), t.isCommand("cr"), t.isCommand("newline"):
			p.star()
			p.gap()
			rows = append(rows, now)
			now = line{ruled: p.rule()}
			continue
		case t.isCommand("end") && name != "":
			if words(p.rawArg()) != name {
				p.fail()
			}
		case t.kind == end && name == "" && !p.failed:
		default:
			p.fail()
			return nil
		}
		if len(now.cells) > 1 || len(now.cells[0]) > 0 || now.ruled {
			rows = append(rows, now)
		}
		return rows
	}
}

// gap reads the height that may stand behind \\.
func (p *parser) gap() {
	if !p.rawPeek().isChar("[") {
		return
	}
	for i := len(p.rest) - 2; i >= 0 && len(p.rest)-i < 20; i-- {
		if p.rest[i].isChar("]") {
			var text string
			for j := len(p.rest) - 2; j > i; j-- {
				text += p.rest[j].text
			}
			if _, ok := length(text); ok {
				p.rest = p.rest[:i]
			}
			return
		}
	}
}

// rule reads the lines above a row.
func (p *parser) rule() bool {
	ruled := false
	for {
		p.skipBlank()
		switch t := p.peek(); {
		case t.isCommand("hline"), t.isCommand("hdashline"), t.isCommand("toprule"), t.isCommand("midrule"), t.isCommand("bottomrule"):
			p.next()
			ruled = true
		default:
			return ruled
		}
	}
}

// layout is how a table looks.
type layout struct {
	columns string // r, l or c for each; they begin anew when they are over
	display bool
	tight   bool
	cases   bool
	pairs   bool // no space between the columns of a pair
	bars    []bool
}

// table is rows as a table. Browsers know alignment and lines as style only, other readers as attributes only: it has both.
func (p *parser) table(rows []line, l layout) *node {
	width := 1
	for _, r := range rows {
		width = max(width, len(r.cells))
	}
	if width*len(rows) > maxCells {
		p.fail()
		return element("mrow")
	}
	t := element("mtable")
	if l.display {
		t.set("displaystyle", "true")
	}
	words := map[byte]string{'l': "left", 'r': "right", 'c': "center"}
	align := make([]string, width)
	for i := range align {
		align[i] = words[l.columns[i%len(l.columns)]]
		if align[i] == "" {
			align[i] = "center"
		}
	}
	if strings.Trim(l.columns, "c") != "" {
		t.set("columnalign", strings.Join(align, " "))
	}
	switch {
	case l.pairs:
		gaps := make([]string, 0, width)
		for i := range max(width-1, 1) {
			gaps = append(gaps, []string{"0", "2em"}[i%2])
		}
		t.set("columnspacing", strings.Join(gaps, " ")).set("rowspacing", "0.3em")
	case l.tight:
		t.set("columnspacing", "0.3em").set("rowspacing", "0.1em")
	}
	if len(l.bars) > 0 {
		t.set("style", "border-collapse:collapse")
	}
	for i, r := range rows {
		if i == len(rows)-1 && i > 0 && r.ruled && len(r.cells) == 1 && len(r.cells[0]) == 0 {
			break // it is the line below the one before
		}
		tr := element("mtr")
		for j := range width {
			cell := element("mtd")
			if j < len(r.cells) {
				cell.kids = r.cells[j]
			}
			var style []string
			if align[j] != "center" {
				// The second says the same to browsers that know it: they take a cell's content for a block.
				style = append(style, "text-align:"+align[j], "text-align:-webkit-"+align[j])
			}
			switch {
			case l.pairs:
				style = append(style, pairPadding(j, width))
			case l.tight:
				style = append(style, "padding:0.05em 0.15em")
			case l.cases && j == 0:
				style = append(style, "padding-left:0.1em")
			}
			if j < len(l.bars)-1 && l.bars[j+1] {
				style = append(style, "border-right:1px solid")
			}
			if j == 0 && len(l.bars) > 0 && l.bars[0] {
				style = append(style, "border-left:1px solid")
			}
			if r.ruled {
				style = append(style, "border-top:1px solid")
			}
			if i == len(rows)-2 && lastIsRule(rows) {
				style = append(style, "border-bottom:1px solid")
			}
			if len(style) > 0 {
				cell.set("style", strings.Join(style, ";"))
			}
			tr.kids = append(tr.kids, cell)
		}
		t.kids = append(t.kids, tr)
	}
	if len(t.kids) == 0 {
		t.kids = append(t.kids, element("mtr", element("mtd")))
	}
	return t
}

func lastIsRule(rows []line) bool {
	last := rows[len(rows)-1]
	return last.ruled && len(last.cells) == 1 && len(last.cells[0]) == 0
}

func pairPadding(column, width int) string {
	left, right := "0", "0"
	if column%2 == 0 && column > 0 {
		left = "2em"
	}
	return "padding-left:" + left + ";padding-right:" + right
}

// aligned is the table of the environments that align equations.
func (p *parser) aligned(rows []line, columns string) *node {
	return p.table(rows, layout{columns: columns, display: p.display, pairs: columns == "rl"})
}

// array is a table with the columns of its specification.
func (p *parser) array(rows []line, spec string, display bool) *node {
	l := layout{display: display, bars: []bool{false}}
	depth := 0
	for _, r := range spec {
		switch {
		case r == '{':
			depth++
		case r == '}':
			depth--
		case depth > 0:
		case r == 'l', r == 'c', r == 'r':
			l.columns += string(r)
			l.bars = append(l.bars, false)
		case r == 'p', r == 'm', r == 'b', r == 'X':
			l.columns += "l"
			l.bars = append(l.bars, false)
		case r == '|', r == ':':
			l.bars[len(l.bars)-1] = true
		}
	}
	if l.columns == "" {
		l.columns = "c"
	}
	if !slices.Contains(l.bars, true) && !slices.ContainsFunc(rows, func(r line) bool { return r.ruled }) {
		l.bars = nil
	}
	return p.table(rows, l)
}

// substack reads the lines of a limit.
func (p *parser) substack() *node {
	p.skipBlank()
	if p.next().kind != opening {
		p.fail()
		return nil
	}
	var rows []line
	for {
		rows = append(rows, line{cells: [][]*node{p.list(nothing)}})
		switch t := p.next(); {
		case t.isCommand("\\"):
			p.gap()
		case t.kind == closing:
			return p.table(rows, layout{columns: "c", tight: true})
		default:
			p.fail()
			return nil
		}
	}
}
