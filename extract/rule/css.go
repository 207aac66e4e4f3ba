package rule

import (
	"errors"
	"fmt"
	"strings"

	"github.com/andybalholm/cascadia"
	"golang.org/x/net/html"
)

// This file evaluates CSS. Rules: cascadia says whether one element is what a compound selector means; the combinators between
// them are followed here, for all elements in one pass, because going up from each element again is more than a page may
// cost. In parentheses stands one simple selector, so that no compound is dearer than what is around its element.

// maxCompounds bounds the compound selectors that combinators join: each is a bit of a mask.
const maxCompounds = 16

// chain is one complex selector: "article > h2 a.title".
type chain []link

// link is a compound selector and how it hangs on the one before it.
type link struct {
	cascadia.Matcher
	with     byte // ' ', '>', '+' or '~'
	siblings bool // deciding takes a look at all siblings
	subtree  bool // or at all that is in the element
}

// CSS compiles a selector, or several with commas between them.
func CSS(text string) (Selector, error) {
	if len(text) > maxSelector {
		return Selector{}, fmt.Errorf("a selector is at most %d bytes", maxSelector)
	}
	groups, err := split(text)
	if err != nil {
		return Selector{}, err
	}
	return Selector{Text: text, find: func(root *html.Node, b *Budget) []Match {
		w := cssWalk{chains: groups, budget: b}
		w.visit(root, make([]hold, len(groups)), make([]hold, len(groups)))
		return w.found
	}}, nil
}

// hold is how far a chain holds, a bit for each of its links: at an element around this one, at its parent, at the element
// before it, at any before it.
type hold struct{ above, parent, before, earlier uint32 }

type cssWalk struct {
	chains []chain
	budget *Budget
	found  []Match
}

// visit looks at an element and all in it. The held of the element's own place is in at; what holds for the next sibling is
// written to next.
func (w *cssWalk) visit(n *html.Node, at, next []hold) {
	w.budget.spend(len(w.chains))
	inside := at
	if n.Type == html.ElementNode {
		inside = make([]hold, len(at))
		matched := false
		for i, c := range w.chains {
			own := w.holds(c, n, at[i])
			matched = matched || own&(1<<(len(c)-1)) != 0
			inside[i] = hold{above: at[i].above | own, parent: own}
			next[i] = hold{above: at[i].above, parent: at[i].parent, before: own, earlier: at[i].earlier | own}
		}
		if matched {
			w.found = append(w.found, Match{Node: n})
		}
	} else {
		copy(next, at)
	}
	if n.FirstChild == nil {
		return
	}
	here := append([]hold(nil), inside...)
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		w.visit(c, here, here)
	}
}

// holds gives the links of a chain that end at an element.
func (w *cssWalk) holds(c chain, n *html.Node, at hold) (own uint32) {
	for i := range c {
		if i > 0 {
			bit := uint32(1) << (i - 1)
			switch c[i].with {
			case ' ':
				bit &= at.above
			case '>':
				bit &= at.parent
			case '+':
				bit &= at.before
			case '~':
				bit &= at.earlier
			}
			if bit == 0 {
				continue
			}
		}
		w.budget.spend(1)
		if c[i].siblings && n.Parent != nil {
			for s := n.Parent.FirstChild; s != nil; s = s.NextSibling {
				w.budget.spend(1)
			}
		}
		if c[i].subtree {
			for d := range n.Descendants() {
				w.budget.spend(1 + len(d.Data)/8)
			}
		}
		if c[i].Match(n) {
			own |= 1 << i
		}
	}
	return own
}

// split cuts a selector at its commas and combinators.
func split(text string) ([]chain, error) {
	var chains []chain
	var c chain
	with, from, last := byte(0), -1, -1 // the combinator before the compound that begins at from and, so far, ends at last
	end := func() error {
		if from < 0 {
			return nil
		}
		l, err := compound(text[from:last])
		if err != nil {
			return err
		}
		l.with = with
		c, from, with = append(c, l), -1, 0
		return nil
	}
	finish := func() error {
		if err := end(); err != nil {
			return err
		}
		switch {
		case len(c) == 0:
			return errors.New("it is empty, or a comma stands beside nothing")
		case with != 0 && with != ' ':
			return fmt.Errorf("nothing stands after %q", with)
		case len(c) > maxCompounds:
			return fmt.Errorf("more than %d selectors are joined", maxCompounds)
		}
		chains, c, with = append(chains, c), nil, 0
		return nil
	}
	for i := 0; i < len(text); {
		switch b := text[i]; b {
		case ',':
			if err := finish(); err != nil {
				return nil, err
			}
			i++
		case ' ', '\t', '\n', '\r', '\f', '>', '+', '~':
			if err := end(); err != nil {
				return nil, err
			}
			if b <= ' ' {
				b = ' '
			}
			switch {
			case b != ' ' && (len(c) == 0 || with != 0 && with != ' '):
				return nil, fmt.Errorf("%q stands without a selector before it", b)
			case b != ' ' || with == 0 && len(c) > 0:
				with = b
			}
			i++
		default:
			size, err := token(text[i:])
			if err != nil {
				return nil, err
			}
			if from < 0 {
				from = i
			}
			i += size
			last = i
		}
	}
	return chains, finish()
}

// token is the length of a character, a string, or all between brackets.
func token(s string) (int, error) {
	closing := byte(0)
	switch s[0] {
	case '\\':
		return min(2, len(s)), nil
	case '"', '\'':
		for i := 1; i < len(s); i++ {
			switch s[i] {
			case '\\':
				i++
			case s[0]:
				return i + 1, nil
			}
		}
		return 0, fmt.Errorf("a quotation mark %c is not closed", s[0])
	case '[':
		closing = ']'
	case '(':
		closing = ')'
	default:
		return 1, nil
	}
	for i := 1; i < len(s); {
		if s[i] == closing {
			return i + 1, nil
		}
		if s[i] == '(' && closing == ')' {
			return 0, errors.New("parentheses inside of parentheses are not understood")
		}
		size, err := token(s[i:])
		if err != nil {
			return 0, err
		}
		i += size
	}
	return 0, fmt.Errorf("%q is not closed", s[0])
}

// compound compiles what stands between two combinators.
func compound(text string) (link, error) {
	if err := simpleArguments(text); err != nil {
		return link{}, err
	}
	sel, err := cascadia.Parse(text)
	if err != nil {
		return link{}, fmt.Errorf("%q: %w", text, err)
	}
	l := link{Matcher: sel}
	for _, name := range [...]string{":nth-", ":last-", ":first-of", ":only-"} {
		l.siblings = l.siblings || strings.Contains(text, name)
	}
	for _, name := range [...]string{":has", ":contains", ":matches", ":empty", ":root", ":lang"} {
		l.subtree = l.subtree || strings.Contains(text, name)
	}
	return l, nil
}

// simpleArguments refuses combinators in the parentheses of :not and :has, where they would be dear.
func simpleArguments(text string) error {
	for _, name := range [...]string{":not(", ":has(", ":haschild("} {
		rest := text
		for {
			_, after, ok := strings.Cut(rest, name)
			if !ok {
				break
			}
			rest = after
			size, err := token("(" + after)
			if err != nil {
				return err
			}
			argument := strings.TrimSpace(after[:max(0, size-2)])
			for i := 0; i < len(argument); {
				if strings.IndexByte(" >+~\t\n", argument[i]) >= 0 {
					return fmt.Errorf("in %s) stands one simple selector, not %q", name, argument)
				}
				if argument[i] == ':' && strings.HasPrefix(argument[i:], ":has") {
					return fmt.Errorf("in %s) no other :has is understood", name)
				}
				size, err := token(argument[i:])
				if err != nil {
					return err
				}
				i += size
			}
		}
	}
	return nil
}
