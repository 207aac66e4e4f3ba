package extract

import (
	"strconv"
	"strings"

	"golang.org/x/net/html"
)

// maxSpan is the most columns or rows that a cell may span.
const maxSpan = 1000

// table writes a table of data as one. What only lays out the page is unwrapped: a table of one cell, and one with tables in it.
func (c *cleaner) table(n *html.Node) {
	rows := rowsOf(n)
	if isLayout(n, rows) {
		c.divide()
		for _, row := range rows {
			for _, cell := range row.cells {
				c.unwrapped(cell)
			}
		}
		return
	}
	if !c.open("table", langOf(n)...) {
		c.unwrapped(n)
		return
	}
	if caption := firstChild(n, "caption"); caption != nil {
		c.block("caption", caption)
	}
	part := ""
	for i, row := range rows {
		want := row.part
		if want == "" {
			want = "tbody"
			if i == 0 && row.isHead() && len(rows) > 1 {
				want = "thead"
			}
		}
		// Parts stand in one order and each but the body once.
		if part == "tfoot" || part == "tbody" && want == "thead" {
			want = part
		}
		if want != part {
			if part != "" {
				c.close(part)
			}
			c.open(want)
			part = want
		}
		c.open("tr")
		for _, cell := range row.cells {
			c.cell(cell)
		}
		if tr := c.host().node; isEmptyRow(tr) {
			for cell := tr.FirstChild; cell != nil; cell = tr.FirstChild {
				tr.RemoveChild(cell)
			}
		}
		c.close("tr")
	}
	if part != "" {
		c.close(part)
	}
	table := c.host().node
	c.close("table")
	if cell := onlyCell(table); cell != nil && table.Parent != nil {
		dissolve(table, cell)
	}
}

// onlyCell is the cell of a table that has no other, and no caption.
func onlyCell(table *html.Node) *html.Node {
	n := table
	for n.Data != "td" && n.Data != "th" {
		if n.FirstChild == nil || n.FirstChild != n.LastChild {
			return nil
		}
		n = n.FirstChild
	}
	return n
}

func (c *cleaner) cell(n *html.Node) {
	var attr []html.Attribute
	for _, key := range []string{"colspan", "rowspan"} {
		if v, err := strconv.Atoi(strings.TrimSpace(attrOf(n, key))); err == nil && v > 1 && v <= maxSpan {
			attr = append(attr, html.Attribute{Key: key, Val: strconv.Itoa(v)})
		}
	}
	switch scope := strings.ToLower(attrOf(n, "scope")); scope {
	case "row", "col", "rowgroup", "colgroup":
		attr = append(attr, html.Attribute{Key: "scope", Val: scope})
	}
	if align := alignOf(n); align != "" {
		attr = append(attr, html.Attribute{Key: "style", Val: "text-align: " + align})
	}
	c.block(n.Data, n, attr...)
}

// alignOf is left, right or center where the page aligns a cell so.
func alignOf(n *html.Node) string {
	align := attrOf(n, "align")
	if style := attrOf(n, "style"); style != "" {
		for property := range strings.SplitSeq(style, ";") {
			name, value, _ := strings.Cut(property, ":")
			if strings.EqualFold(strings.TrimSpace(name), "text-align") {
				align = strings.TrimSpace(value)
			}
		}
	}
	switch align = strings.ToLower(align); {
	case align == "left", align == "right", align == "center":
		return align
	case align != "":
		return ""
	}
	for _, side := range []string{"left", "right", "center"} {
		if hasClass(n, "has-text-align-"+side) {
			return side
		}
	}
	return ""
}

type tableRow struct {
	part  string
	cells []*html.Node
}

func (r tableRow) isHead() bool {
	for _, cell := range r.cells {
		if cell.Data != "th" {
			return false
		}
	}
	return len(r.cells) > 0
}

func rowsOf(table *html.Node) []tableRow {
	var rows []tableRow
	add := func(tr *html.Node, part string) {
		row := tableRow{part: part}
		for cell := tr.FirstChild; cell != nil; cell = cell.NextSibling {
			if (cell.Data == "td" || cell.Data == "th") && !isHidden(cell) {
				row.cells = append(row.cells, cell)
			}
		}
		if len(row.cells) > 0 && !isHidden(tr) {
			rows = append(rows, row)
		}
	}
	for c := table.FirstChild; c != nil; c = c.NextSibling {
		switch c.Data {
		case "tr":
			add(c, "")
		case "thead", "tbody", "tfoot":
			part := c.Data
			if part == "tbody" {
				part = ""
			}
			for tr := c.FirstChild; tr != nil; tr = tr.NextSibling {
				if tr.Data == "tr" {
					add(tr, part)
				}
			}
		}
	}
	return rows
}

func isLayout(n *html.Node, rows []tableRow) bool {
	if len(rows) == 0 {
		return true
	}
	if role := attrOf(n, "role"); role == "presentation" || role == "none" {
		return true
	}
	if len(rows) == 1 && len(rows[0].cells) == 1 {
		return true
	}
	for _, row := range rows {
		for _, cell := range row.cells {
			if inner := firstElement(cell, "table"); inner != nil {
				if _, ok := codeBlock(inner); !ok && ancestorWrapper(inner, cell) == nil {
					return true
				}
			}
		}
	}
	return false
}

// ancestorWrapper is the wrapper of code between n and top.
func ancestorWrapper(n, top *html.Node) *html.Node {
	for p := n.Parent; p != nil && p != top; p = p.Parent {
		if isWrapper(p) {
			return p
		}
	}
	return nil
}

func isEmptyRow(tr *html.Node) bool {
	for cell := tr.FirstChild; cell != nil; cell = cell.NextSibling {
		if cell.FirstChild != nil {
			return false
		}
	}
	return true
}

func firstChild(n *html.Node, name string) *html.Node {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.ElementNode && c.Data == name {
			return c
		}
	}
	return nil
}
