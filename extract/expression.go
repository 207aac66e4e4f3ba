package extract

import (
	"regexp"
	"sync"
)

// This file is how the room asks a text for words. Rules: an expression is compiled when it is first asked, for there are many and
// a run needs few of them; one that begins with ^ looks at the text's first letters before it is asked, for most texts are none
// of what is looked for.

// expression is a regular expression.
type expression struct{ compiled func() compiled }

type compiled struct {
	*regexp.Regexp
	begins *beginnings // nil where a match may begin with anything
}

// expr is the expression of a source in the syntax of package regexp. It panics when it is first asked, if that is wrong.
func expr(source string) *expression {
	return &expression{sync.OnceValue(func() compiled {
		return compiled{regexp.MustCompile(source), beginningsOf(source)}
	})}
}

// may gives what is to be asked, nil where no match begins as s does.
func (e *expression) may(s string) *regexp.Regexp {
	c := e.compiled()
	if c.begins != nil && !c.begins.match(s) {
		return nil
	}
	return c.Regexp
}

func (e *expression) MatchString(s string) bool {
	re := e.may(s)
	return re != nil && re.MatchString(s)
}

func (e *expression) FindString(s string) string {
	if re := e.may(s); re != nil {
		return re.FindString(s)
	}
	return ""
}

func (e *expression) FindStringIndex(s string) []int {
	if re := e.may(s); re != nil {
		return re.FindStringIndex(s)
	}
	return nil
}

func (e *expression) FindStringSubmatch(s string) []string {
	if re := e.may(s); re != nil {
		return re.FindStringSubmatch(s)
	}
	return nil
}

func (e *expression) FindStringSubmatchIndex(s string) []int {
	if re := e.may(s); re != nil {
		return re.FindStringSubmatchIndex(s)
	}
	return nil
}

func (e *expression) FindAllString(s string, most int) []string {
	if re := e.may(s); re != nil {
		return re.FindAllString(s, most)
	}
	return nil
}

func (e *expression) FindAllStringSubmatch(s string, most int) [][]string {
	if re := e.may(s); re != nil {
		return re.FindAllStringSubmatch(s, most)
	}
	return nil
}

func (e *expression) ReplaceAllString(s, by string) string {
	if re := e.may(s); re != nil {
		return re.ReplaceAllString(s, by)
	}
	return s
}
