package rule

import (
	"errors"
	"fmt"
	"strings"

	"golang.org/x/net/html"
)

const (
	// maxSelector bounds a selector's text, in bytes: the longest that people write are a fifth of it. Compilers recurse over it.
	maxSelector = 2000
	// budget is the steps that all selectors of one page may take together: a page of 1 MiB has some 30,000 nodes, a rule some
	// tens of selectors of which each visits a node a few times. It is spent in less than a second.
	budget = 10_000_000
)

// ErrTooMuch says that a selector would take more steps than a page may cost.
var ErrTooMuch = errors.New("it takes too many steps on this page")

// Budget is what is left to spend on one page.
type Budget struct{ left int }

// NewBudget is the budget of one page.
func NewBudget() *Budget { return &Budget{budget} }

// spent is thrown where the budget ends, deep inside of a library.
type spent struct{}

func (b *Budget) spend(steps int) {
	if b.left -= steps; b.left < 0 {
		panic(spent{})
	}
}

// Selector finds elements, attributes or, where it is XPath, a text made of them. It is safe for concurrent use.
type Selector struct {
	// Text is the selector as it was written.
	Text string
	// Line is where, 0 where nobody says.
	Line int
	// If has to find something for the selector to count; nil is no condition.
	If *Selector

	find func(root *html.Node, b *Budget) []Match
}

// Match is what a selector found.
type Match struct {
	// Node is the element, or the one that the attribute belongs to; nil for a text that XPath made.
	Node *html.Node
	// Attr is the name of an attribute that was found, empty for an element.
	Attr string
	text string
}

// Text is what a reader sees of it, spaces as they are.
func (m Match) Text() string {
	if m.Node == nil || m.Attr != "" {
		return m.text
	}
	if m.Node.Type == html.TextNode {
		return m.Node.Data
	}
	var b strings.Builder
	for n := range m.Node.Descendants() {
		if n.Type == html.TextNode {
			b.WriteString(n.Data)
		}
	}
	return b.String()
}

// Find gives what the selector finds below root, root included, in the order of the page. An error says why it could not look:
// the budget is spent, or the expression makes no sense on this page.
func (s *Selector) Find(root *html.Node, b *Budget) (found []Match, err error) {
	defer func() {
		switch p := recover().(type) {
		case nil:
		case spent:
			b.left = 0
			found, err = nil, ErrTooMuch
		default:
			found, err = nil, fmt.Errorf("it cannot be evaluated: %v", p)
		}
	}()
	if s.If != nil {
		if held, err := s.If.Find(root, b); err != nil || len(held) == 0 {
			return nil, err
		}
	}
	return s.find(root, b), nil
}
