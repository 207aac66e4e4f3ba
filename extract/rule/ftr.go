package rule

import (
	"regexp"
	"strings"
	"unicode"
)

// This file reads the lines of an ftr-site-config file, the community's format for rules of single sites: "directive: value",
// one a line, some with an argument: "replace_string(<br>): <p>". Rules: no line is lost; one that is no directive is kept as
// such, to be told; comments, which begin with #, are nothing.

// File is an ftr-site-config file.
type File struct {
	Name  string // "example.org.txt"
	Lines []Line
}

// Line is one directive. A line that is none has no name, and is all value.
type Line struct {
	Number int
	// Name is in small letters. Argument is what stands in parentheses behind it.
	Name, Argument, Value string
}

// maxLines bounds a file; the longest in use have some hundred.
const maxLines = 2000

var withArgument = regexp.MustCompile(`^([A-Za-z_]+)\((.*?)\)[\s\v\x{85}\p{Z}]*:(.*)$`)

// ParseFile reads a file. Lines beyond the bound are one line without a name.
func ParseFile(name string, data []byte) File {
	f := File{Name: name}
	number := 0
	for text := range strings.SplitSeq(string(data), "\n") {
		number++
		text = trim(text)
		switch {
		case text == "" || strings.HasPrefix(text, "#"):
			continue
		case len(f.Lines) == maxLines:
			f.Lines = append(f.Lines, Line{Number: number, Value: "all lines from here on"})
			return f
		}
		f.Lines = append(f.Lines, parseLine(number, text))
	}
	return f
}

func parseLine(number int, text string) Line {
	if m := withArgument.FindStringSubmatch(text); m != nil {
		return Line{Number: number, Name: strings.ToLower(m[1]), Argument: m[2], Value: trim(m[3])}
	}
	name, value, ok := strings.Cut(text, ":")
	if name = strings.ToLower(trim(name)); !ok || name == "" {
		return Line{Number: number, Value: text}
	}
	return Line{Number: number, Name: name, Value: trim(value)}
}

// trim takes the byte order mark for space: editors leave it at the start of a file, joined files in the middle.
func trim(s string) string {
	return strings.TrimFunc(s, func(r rune) bool { return unicode.IsSpace(r) || r == '\ufeff' })
}

// String writes the file as it is read, without comments.
func (f File) String() string {
	var b strings.Builder
	for _, l := range f.Lines {
		switch {
		case l.Name == "":
		case l.Argument != "":
			b.WriteString(l.Name + "(" + l.Argument + "): ")
		default:
			b.WriteString(l.Name + ": ")
		}
		b.WriteString(l.Value + "\n")
	}
	return b.String()
}
