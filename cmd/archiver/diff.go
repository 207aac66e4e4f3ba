package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"archiver"
	"archiver/storage"

	"github.com/spf13/cobra"
)

// This file shows how two revisions of an article differ: the facts first, then the words of the Markdown, with little of what
// stayed the same around them.

// margin is how many characters are shown before and after a change in a long line.
const margin = 40

func newDiff(a *app) *cobra.Command {
	var o struct {
		unified bool
		color   string
	}
	cmd := &cobra.Command{
		Use:   "diff ID|URL [REV [REV]]",
		Short: "Show what changed between two revisions of an article",
		Long: `Show what changed between two revisions of an article: its facts, then its text by words. Without a number it is the author's
last change; one number is that revision against the one before it. "archiver history" tells the numbers.`,
		Example: `  archiver diff 3f9a           the author's last change
  archiver diff 3f9a 1 4
  archiver diff 3f9a --unified`,
		Args: cobra.RangeArgs(1, 3),
		RunE: func(cmd *cobra.Command, args []string) error {
			ctx := cmd.Context()
			paint, err := a.painter(o.color)
			if err != nil {
				return err
			}
			store, _, err := a.openToRead(ctx)
			if err != nil {
				return err
			}
			defer store.Close()
			article, err := findArticle(ctx, store, args[0])
			if err != nil {
				return err
			}
			old, new, err := a.chooseRevisions(ctx, store, article, args[1:])
			if err != nil || new.Revision == 0 {
				return err
			}
			if o.unified {
				return a.unifiedDiff(old, new)
			}
			return a.wordDiff(old, new, paint)
		},
	}
	cmd.Flags().BoolVar(&o.unified, "unified", false, "whole lines of the Markdown, in the form that patch reads")
	cmd.Flags().StringVar(&o.color, "color", "auto", "colours: `auto`, always or never; without them [-old-] and {+new+}")
	return cmd
}

// chooseRevisions gives the two revisions that the arguments mean. A new one of number 0 says that there is nothing to compare,
// which was told.
func (a *app) chooseRevisions(ctx context.Context, store storage.Store, article archiver.Article, args []string) (old, new archiver.Article, err error) {
	var numbers []int
	for _, arg := range args {
		n, err := strconv.Atoi(arg)
		if err != nil || n < 1 {
			return old, new, &archiver.Error{Kind: archiver.Invalid, Err: fmt.Errorf("%q is no number of a revision", arg),
				Hint: "`archiver history " + article.ID + "` lists them"}
		}
		numbers = append(numbers, n)
	}
	from, to := 0, 0
	switch len(numbers) {
	case 2:
		from, to = numbers[0], numbers[1]
	case 1:
		from, to = numbers[0]-1, numbers[0]
		if from == 0 {
			return old, new, &archiver.Error{Kind: archiver.Invalid, Err: errors.New("there is none before revision 1"), Hint: "`archiver show` prints it"}
		}
	default:
		all, err := store.Revisions(ctx, article.ID)
		if err != nil {
			return old, new, err
		}
		texts := 0
		for _, r := range all {
			if r.Number > 0 {
				texts++
			}
			if r.Number > 1 && r.Cause == storage.CauseAuthor {
				from, to = r.Number-1, r.Number
			}
		}
		switch {
		case to > 0:
		case texts <= 1:
			fmt.Fprintf(a.Err, "archiver: %s has %s only\n", article.ID, count(texts, "revision"))
			return old, new, nil
		default:
			fmt.Fprintf(a.Err, "archiver: the author changed nothing; `archiver diff %s %d` shows what was read in another way\n", article.ID, article.Revision)
			return old, new, nil
		}
	}
	if old, err = store.Revision(ctx, article.ID, from); err == nil {
		new, err = store.Revision(ctx, article.ID, to)
	}
	return old, new, err
}

// revisionName names a revision in a comparison.
func revisionName(article archiver.Article) string {
	return fmt.Sprintf("%s revision %d", article.ID, article.Revision)
}

func (a *app) unifiedDiff(old, new archiver.Article) error {
	text, err := unified(revisionName(old), revisionName(new), old.Markdown, new.Markdown)
	if err == nil {
		_, err = io.WriteString(a.Out, text)
	}
	return err
}

// painter marks what was taken out and what was put in.
type painter struct{ colors bool }

func (a *app) painter(when string) (painter, error) {
	switch when {
	case "always":
		return painter{true}, nil
	case "never":
		return painter{}, nil
	case "auto":
		return painter{a.terminal(a.Out) && a.Getenv("NO_COLOR") == "" && a.Getenv("TERM") != "dumb"}, nil
	}
	return painter{}, &archiver.Error{Kind: archiver.Invalid, Err: fmt.Errorf("--color %q", when), Hint: "it is auto, always or never"}
}

// mark writes a piece between its marks, line by line, so that no colour runs over the end of one.
func (p painter) mark(text, open, close, color string) string {
	if text == "" {
		return ""
	}
	var b strings.Builder
	for line := range strings.Lines(text) {
		body := strings.TrimSuffix(line, "\n")
		if body != "" {
			if p.colors {
				b.WriteString("\x1b[" + color + "m" + printable(body) + "\x1b[0m")
			} else {
				b.WriteString(open + printable(body) + close)
			}
		}
		b.WriteString(line[len(body):])
	}
	return b.String()
}

func (p painter) old(text string) string { return p.mark(text, "[-", "-]", "31;9") }
func (p painter) new(text string) string { return p.mark(text, "{+", "+}", "32") }

// place heads a changed part.
func (p painter) place(text string) string {
	if p.colors {
		return "\x1b[36m" + text + "\x1b[0m"
	}
	return text
}

// pieces writes a comparison, of what is the same no more than the margin around changes.
func (p painter) pieces(all []change) string {
	var b strings.Builder
	for i, c := range all {
		if c.same != "" {
			b.WriteString(printableLines(trimSame(c.same, i > 0, i < len(all)-1)))
			continue
		}
		b.WriteString(p.old(c.old))
		b.WriteString(p.new(c.new))
	}
	return b.String()
}

func printableLines(text string) string {
	lines := strings.Split(text, "\n")
	for i := range lines {
		lines[i] = printable(lines[i])
	}
	return strings.Join(lines, "\n")
}

// trimSame shortens what stayed the same: its beginning is kept where a change stands before it, its end where one follows.
func trimSame(text string, before, after bool) string {
	n := utf8.RuneCountInString(text)
	head, tail := 0, 0
	if before {
		head = margin
	}
	if after {
		tail = margin
	}
	if n <= head+tail+margin/2 {
		return text
	}
	runes := []rune(text)
	return string(runes[:head]) + "…" + string(runes[n-tail:])
}

// wordDiff prints the facts that changed, then the text by words.
func (a *app) wordDiff(old, new archiver.Article, paint painter) error {
	var b strings.Builder
	facts := changedFacts(old, new, paint)
	for _, fact := range facts {
		fmt.Fprintln(&b, fact)
	}
	text := changedText(old.Markdown, new.Markdown, paint)
	if len(facts) > 0 && text != "" {
		b.WriteByte('\n')
	}
	b.WriteString(text)
	if b.Len() == 0 {
		what := "text and facts are the same"
		if old.HTML != new.HTML {
			what = "only the HTML differs, not its Markdown; the facts are the same"
		}
		fmt.Fprintf(a.Err, "archiver: revisions %d and %d: %s\n", old.Revision, new.Revision, what)
	}
	_, err := io.WriteString(a.Out, b.String())
	return err
}

func changedFacts(old, new archiver.Article, paint painter) []string {
	list := func(all []string) string { return strings.Join(all, ", ") }
	var lines []string
	for _, fact := range []struct{ name, old, new string }{
		{"title", old.Title, new.Title},
		{"published", old.Published.String(), new.Published.String()},
		{"modified", old.Modified.String(), new.Modified.String()},
		{"authors", list(old.Authors), list(new.Authors)},
		{"categories", list(old.Categories), list(new.Categories)},
		{"tags", list(old.Tags), list(new.Tags)},
		{"language", old.Language, new.Language},
		{"site", old.Site, new.Site},
		{"image", old.Image, new.Image},
		{"excerpt", old.Excerpt, new.Excerpt},
	} {
		if fact.old == fact.new {
			continue
		}
		pieces := []change{{old: fact.old, new: fact.new}}
		switch fact.name {
		case "title", "authors", "categories", "tags", "excerpt":
			pieces = compareWords(fact.old, fact.new)
		}
		lines = append(lines, fmt.Sprintf("%-11s %s", fact.name, strings.ReplaceAll(paint.pieces(pieces), "\n", " ")))
	}
	return lines
}

// changedText is every changed part of a Markdown text under its place: the line of the new text, and the heading it stands under.
func changedText(old, new string, paint painter) string {
	a, b := lines(old), lines(new)
	var out strings.Builder
	heading, at, fenced := "", 0, false
	for n, s := range differing(a, b) {
		for ; at < s.into; at++ {
			if strings.HasPrefix(b[at], "```") {
				fenced = !fenced
			}
			if level := strings.IndexFunc(b[at], func(r rune) bool { return r != '#' }); !fenced && level > 0 && b[at][level] == ' ' {
				heading = strings.TrimSpace(b[at])
			}
		}
		if n > 0 {
			out.WriteByte('\n')
		}
		place := fmt.Sprintf("@@ line %d @@", s.into+1)
		if heading != "" {
			place += " " + cut(printable(heading), 60)
		}
		fmt.Fprintln(&out, paint.place(place))
		text := paint.pieces(compareWords(strings.Join(a[s.from:s.to], ""), strings.Join(b[s.into:s.upto], "")))
		out.WriteString(strings.Trim(text, "\n") + "\n")
	}
	return out.String()
}
