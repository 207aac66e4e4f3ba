package extract

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/JohannesKaufmann/html-to-markdown/v2/converter"
	"golang.org/x/net/html"
)

// maxColumns is how wide a table of Markdown gets; wider ones stay HTML.
const maxColumns = 200

// table writes a table of Markdown, or where a cell holds what none can, HTML. A cell that spans others leaves them empty.
func (p markdownPlugin) table(ctx converter.Context, b *bytes.Buffer, n *html.Node) {
	if caption := firstChild(n, "caption"); caption != nil {
		p.caption(ctx, b, caption)
		if b.Len() > 0 {
			b.WriteString("\n\n")
		}
	}
	rows, head := gridOf(n)
	columns := 0
	for _, row := range rows {
		columns = max(columns, len(row))
	}
	if columns == 0 {
		return
	}
	if columns > maxColumns || !sayable(n) {
		htmlTable(b, n)
		return
	}
	if !head {
		rows = append([][]*html.Node{make([]*html.Node, columns)}, rows...)
	}
	for i, row := range rows {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteByte('|')
		for j := range columns {
			b.WriteByte(' ')
			if j < len(row) && row[j] != nil {
				p.cell(ctx, b, row[j])
			}
			b.WriteString(" |")
		}
		if i > 0 {
			continue
		}
		b.WriteString("\n|")
		for j := range columns {
			b.WriteString(delimiterOf(rows, j) + "|")
		}
	}
}

// gridOf is the cells of a table, row by row, nil where another cell reaches, and whether the first row is a head.
func gridOf(n *html.Node) (rows [][]*html.Node, head bool) {
	var reach []int // for each column, how many more rows a cell of it spans
	for part := n.FirstChild; part != nil; part = part.NextSibling {
		if part.Data != "thead" && part.Data != "tbody" && part.Data != "tfoot" {
			continue
		}
		for tr := part.FirstChild; tr != nil; tr = tr.NextSibling {
			if tr.Data != "tr" {
				continue
			}
			head = head || len(rows) == 0 && part.Data == "thead"
			var row []*html.Node
			skip := func() {
				for len(row) < len(reach) && reach[len(row)] > 0 {
					reach[len(row)]--
					row = append(row, nil)
				}
			}
			for cell := tr.FirstChild; cell != nil; cell = cell.NextSibling {
				if cell.Data != "td" && cell.Data != "th" {
					continue
				}
				skip()
				down := span(cell, "rowspan") - 1
				for i := range span(cell, "colspan") {
					if len(row) > maxColumns {
						break
					}
					for len(reach) <= len(row) {
						reach = append(reach, 0)
					}
					reach[len(row)] = down
					if i == 0 {
						row = append(row, cell)
					} else {
						row = append(row, nil)
					}
				}
			}
			skip()
			rows = append(rows, row)
		}
	}
	return rows, head
}

func span(cell *html.Node, key string) int {
	if v, err := strconv.Atoi(attrOf(cell, key)); err == nil && v > 1 && v <= maxSpan {
		return v
	}
	return 1
}

func delimiterOf(rows [][]*html.Node, column int) string {
	for _, row := range rows {
		if column >= len(row) || row[column] == nil {
			continue
		}
		switch strings.TrimPrefix(attrOf(row[column], "style"), "text-align: ") {
		case "left":
			return " :--- "
		case "right":
			return " ---: "
		case "center":
			return " :---: "
		}
	}
	return " --- "
}

// sayable reports whether all cells hold only what stands on one line.
func sayable(n *html.Node) bool {
	for d := range n.Descendants() {
		switch d.Data {
		case "pre":
			if strings.Contains(textOf(d), "\n") || hasClass(d, "verse") {
				return false
			}
		case "blockquote", "dl", "details", "hr", "h1", "h2", "h3", "h4", "h5", "h6":
			return false
		case "table":
			return false
		}
	}
	return true
}

func htmlTable(b *bytes.Buffer, n *html.Node) {
	var s strings.Builder
	table := newElement("table")
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Data != "caption" {
			htmlWriter{&s, true}.node(c)
		}
	}
	text := strings.ReplaceAll(s.String(), "\n", "&#10;") // a blank line would end it
	b.WriteString("<" + table.Data + ">\n" + strings.ReplaceAll(text, "</tr>", "</tr>\n") + "\n</" + table.Data + ">")
}

// cell writes what is in a cell on one line.
func (p markdownPlugin) cell(ctx converter.Context, b *bytes.Buffer, n *html.Node) {
	var line bytes.Buffer
	p.cellLines(ctx, &line, n)
	text := bytes.TrimSpace(line.Bytes())
	b.Write(bytes.ReplaceAll(bytes.ReplaceAll(text, []byte("\n"), []byte(" ")), []byte("|"), []byte(`\|`)))
}

func (p markdownPlugin) cellLines(ctx converter.Context, b *bytes.Buffer, n *html.Node) {
	divide := func() {
		if b.Len() > 0 {
			b.WriteString("<br>")
		}
	}
	number := firstNumber(n)
	for c := n.FirstChild; c != nil; {
		if isInline(c) {
			var run []*html.Node
			for ; c != nil && isInline(c); c = c.NextSibling {
				run = append(run, c)
			}
			var line bytes.Buffer
			p.phrases(ctx, &line, run)
			if line.Len() > 0 {
				if run[0].PrevSibling != nil {
					divide()
				}
				b.Write(line.Bytes())
			}
			continue
		}
		switch c.Data {
		case "pre":
			divide()
			codeSpan(b, textOf(c))
		case "li":
			divide()
			if n.Data == "ol" {
				b.WriteString(strconv.Itoa(number) + ". ")
				number++
			} else {
				b.WriteString("- ")
			}
			p.cellLines(ctx, b, c)
		default:
			if c.Data == "p" || c.Data == "figcaption" {
				divide()
			}
			p.cellLines(ctx, b, c)
		}
		c = c.NextSibling
	}
}
