package tex

import (
	"slices"
	"strings"
)

// node is an element of MathML. What is not written are TeX's thoughts about it.
type node struct {
	tag   string
	attrs [][2]string
	text  string // of a token
	kids  []*node

	class  class
	limits limits
	core   *node // the operator whose space is that of the whole node
}

func element(tag string, kids ...*node) *node { return &node{tag: tag, kids: kids} }

func token(tag, text string) *node { return &node{tag: tag, text: text} }

// set gives the node an attribute, or a new value for it, and returns the node.
func (n *node) set(name, value string) *node {
	for i := range n.attrs {
		if n.attrs[i][0] == name {
			n.attrs[i][1] = value
			return n
		}
	}
	n.attrs = append(n.attrs, [2]string{name, value})
	return n
}

func (n *node) has(name string) bool {
	for _, a := range n.attrs {
		if a[0] == name {
			return true
		}
	}
	return false
}

// as gives the node a class and returns it.
func (n *node) as(c class) *node {
	n.class = c
	return n
}

// row is what several nodes are as one.
func row(nodes []*node) *node {
	if len(nodes) == 1 {
		return nodes[0]
	}
	return element("mrow", nodes...)
}

func space(width string) *node { return element("mspace").set("width", width).as(glue) }

func operator(text string) *node {
	n := token("mo", text)
	n.core = n
	return n
}

// within tells whether no more than so many elements of the node stand one in another.
func (n *node) within(depth int) bool {
	return depth > 0 && !slices.ContainsFunc(n.kids, func(k *node) bool { return !k.within(depth - 1) })
}

func (n *node) write(b *strings.Builder) {
	b.WriteByte('<')
	b.WriteString(n.tag)
	for _, a := range n.attrs {
		b.WriteByte(' ')
		b.WriteString(a[0])
		b.WriteString(`="`)
		escape(b, a[1], true)
		b.WriteByte('"')
	}
	if n.text == "" && len(n.kids) == 0 {
		b.WriteString("/>")
		return
	}
	b.WriteByte('>')
	escape(b, n.text, false)
	for _, k := range n.kids {
		k.write(b)
	}
	b.WriteString("</")
	b.WriteString(n.tag)
	b.WriteByte('>')
}

func escape(b *strings.Builder, s string, attribute bool) {
	for _, r := range s {
		switch {
		case r == '&':
			b.WriteString("&amp;")
		case r == '<':
			b.WriteString("&lt;")
		case r == '>':
			b.WriteString("&gt;")
		case r == '"' && attribute:
			b.WriteString("&quot;")
		case (r == '\n' || r == '\t') && attribute:
			b.WriteByte(' ') // as XML would read it
		default:
			b.WriteRune(r)
		}
	}
}
