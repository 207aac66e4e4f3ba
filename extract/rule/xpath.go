package rule

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/antchfx/htmlquery"
	"github.com/antchfx/xpath"
	"golang.org/x/net/html"
)

// This file evaluates XPath. Rules: every step that the library takes goes over a navigator of ours that pays for it from the
// page's budget, so that no expression, however it nests its predicates, takes longer; functions whose work the navigator
// does not see - regular expressions, texts that grow - are refused when the expression is compiled.

// functions are those of XPath 1.0 that are understood, and two of 2.0 that people use; node tests and operators may stand before
// a parenthesis too.
var functions = map[string]bool{
	"last": true, "position": true, "count": true, "name": true, "local-name": true, "string": true, "concat": true,
	"starts-with": true, "ends-with": true, "contains": true, "substring": true, "substring-before": true, "substring-after": true,
	"string-length": true, "normalize-space": true, "translate": true, "lower-case": true, "boolean": true, "not": true, "true": true,
	"false": true, "number": true, "sum": true, "floor": true, "ceiling": true, "round": true,
	"text": true, "node": true, "comment": true,
	"and": true, "or": true, "div": true, "mod": true,
}

var (
	xpathString = regexp.MustCompile(`"[^"]*"|'[^']*'`)
	xpathCall   = regexp.MustCompile(`([A-Za-z_][\w.:-]*)\s*\(`)
)

// XPath compiles an expression.
func XPath(text string) (Selector, error) {
	if len(text) > maxSelector {
		return Selector{}, fmt.Errorf("an expression is at most %d bytes", maxSelector)
	}
	for _, call := range xpathCall.FindAllStringSubmatch(xpathString.ReplaceAllString(text, "''"), -1) {
		name := call[1]
		if i := strings.LastIndex(name, "::"); i >= 0 {
			name = name[i+2:]
		}
		if !functions[name] {
			return Selector{}, fmt.Errorf("the function %s is not understood", name)
		}
	}
	if _, err := compile(text); err != nil {
		return Selector{}, err
	}
	return Selector{Text: text, find: func(root *html.Node, b *Budget) []Match {
		// An expression keeps where it stands in itself: each evaluation has one of its own.
		expr, err := compile(text)
		if err != nil {
			panic(err)
		}
		return evaluate(expr, root, b)
	}}, nil
}

func compile(text string) (expr *xpath.Expr, err error) {
	defer func() {
		if p := recover(); p != nil {
			expr, err = nil, fmt.Errorf("%v", p)
		}
	}()
	return xpath.Compile(text)
}

func evaluate(expr *xpath.Expr, root *html.Node, b *Budget) []Match {
	switch value := expr.Evaluate(&walker{NodeNavigator: *htmlquery.CreateXPathNavigator(root), budget: b}).(type) {
	case string:
		if value == "" {
			return nil
		}
		return []Match{{text: value}}
	case float64:
		return []Match{{text: strconv.FormatFloat(value, 'f', -1, 64)}}
	case bool:
		if !value {
			return nil
		}
		return []Match{{text: "true"}}
	case *xpath.NodeIterator:
		var found []Match
		for value.MoveNext() {
			b.spend(1)
			at := value.Current().(*walker)
			m := Match{Node: at.Current()}
			if at.NodeType() == xpath.AttributeNode {
				m.Attr, m.text = at.LocalName(), at.Value()
			}
			found = append(found, m)
		}
		return found
	}
	return nil
}

// walker is htmlquery's navigator, paying for each step.
type walker struct {
	htmlquery.NodeNavigator
	budget *Budget
}

func (w *walker) NodeType() xpath.NodeType {
	w.budget.spend(1)
	return w.NodeNavigator.NodeType()
}

// Copy costs more than a step: some expressions keep every copy.
func (w *walker) Copy() xpath.NodeNavigator {
	w.budget.spend(4)
	c := *w
	return &c
}

func (w *walker) Value() string {
	w.budget.spend(1)
	if n := w.Current(); w.NodeNavigator.NodeType() == xpath.ElementNode {
		for d := range n.Descendants() {
			w.budget.spend(1 + len(d.Data)/8)
		}
	}
	value := w.NodeNavigator.Value()
	w.budget.spend(len(value) / 8)
	return value
}

// String is what some functions call for the value.
func (w *walker) String() string { return w.Value() }

func (w *walker) MoveToRoot() {
	if w.NodeNavigator.NodeType() == xpath.AttributeNode {
		w.NodeNavigator.MoveToParent()
	}
	w.budget.spend(1)
	w.NodeNavigator.MoveToRoot()
}

func (w *walker) MoveToParent() bool {
	w.budget.spend(1)
	return w.NodeNavigator.MoveToParent()
}

func (w *walker) MoveToNextAttribute() bool {
	w.budget.spend(1)
	return w.NodeNavigator.MoveToNextAttribute()
}

func (w *walker) MoveToChild() bool {
	w.budget.spend(1)
	return w.NodeNavigator.MoveToChild()
}

func (w *walker) MoveToFirst() bool {
	moved := false
	for w.MoveToPrevious() {
		moved = true
	}
	return moved
}

func (w *walker) MoveToNext() bool {
	w.budget.spend(1)
	return w.NodeNavigator.MoveToNext()
}

func (w *walker) MoveToPrevious() bool {
	w.budget.spend(1)
	return w.NodeNavigator.MoveToPrevious()
}

func (w *walker) MoveTo(other xpath.NodeNavigator) bool {
	w.budget.spend(1)
	to, ok := other.(*walker)
	return ok && w.NodeNavigator.MoveTo(&to.NodeNavigator)
}
