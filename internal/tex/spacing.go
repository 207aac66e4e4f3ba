package tex

// This file puts TeX's space between things where MathML's own dictionary of operators has another. The dictionary knows an
// operator by its place in the row only; TeX knows it by its neighbours.

// class is what TeX calls the type of an atom.
type class uint8

const (
	ordinary class = iota
	nothing        // before the first one
	op             // a large operator, with its own space
	named          // an operator that is a word
	binary
	relation
	open
	closed
	punctuation
	inner  // dots
	fenced // what stands between \left and \right
	glue
)

type limits uint8

const (
	beside  limits = iota
	byStyle        // above and below in display style
	above          // always
)

const thin = "0.1667em"

// spaced gives each operator of a row its form and its space, and words the space that MathML has none for.
func (p *parser) spaced(nodes []*node, before class) []*node {
	list := make([]*node, 0, len(nodes))
	var last *node // that is no glue
	for i, n := range nodes {
		if n.class == glue {
			list = append(list, n)
			continue
		}
		next := nothing
		for _, m := range nodes[i+1:] {
			if m.class != glue {
				next = m.class
				break
			}
		}
		if n.class == binary && !joins(before, next) {
			n.class = ordinary
			if n.core != nil {
				n.core.set("form", "prefix").set("lspace", "0").set("rspace", "0")
			}
		}
		p.fit(n, last, before, next)
		if n.core != nil && (n.class == binary || n.class == relation) && (i == 0 || i == len(nodes)-1) {
			n.core.set("form", "infix") // MathML goes by the place
		}
		if needsThin(before, n.class) {
			list = append(list, space(thin))
		}
		list = append(list, n)
		before, last = n.class, n
	}
	return list
}

// joins tells whether a binary sign between these two is one.
func joins(before, next class) bool {
	switch before {
	case nothing, op, named, binary, relation, open, punctuation:
		return false
	}
	switch next {
	case nothing, relation, closed, punctuation:
		return false
	}
	return true
}

func (p *parser) fit(n, last *node, before, next class) {
	core := n.core
	if core == nil {
		return
	}
	switch n.class {
	case binary, relation:
		if p.script {
			core.set("lspace", "0").set("rspace", "0")
			return
		}
		if n.class == binary {
			return
		}
		switch before {
		case nothing, open:
			core.set("lspace", "0")
		case relation: // := is one sign
			core.set("lspace", "0")
			if last.core != nil {
				last.core.set("rspace", "0")
			}
		}
		if next == closed || next == punctuation || next == nothing {
			core.set("rspace", "0")
		}
	case punctuation:
		if p.script {
			core.set("lspace", "0").set("rspace", "0")
		}
	}
}

func needsThin(before, now class) bool {
	switch before {
	case ordinary, closed, fenced:
		return now == named || now == inner
	case named:
		return now == ordinary || now == named || now == op
	case op:
		return now == named
	case inner:
		return now == ordinary || now == named || now == op || now == open || now == fenced
	}
	return false
}
