package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"archiver"
	"archiver/export"

	"github.com/agnivade/levenshtein"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"golang.org/x/text/language"
)

// This file reads what an export may be told, on the command line and in the configuration's [[export]]. Rules: one reading for
// both; a format that does not take an option refuses it and names those that do; a word that is none is told the nearest one.

const (
	// maxStyle is more than any style sheet of a book; a larger file was named by mistake.
	maxStyle = 1 << 20
	// Pictures smaller than leastImage show nothing, and none is larger than mostImage on any reader's page.
	leastImage, mostImage = 100, 4096
	// A piece shorter than leastChunk is no text, and one longer than mostChunk is longer than most articles.
	leastChunk, mostChunk = 100, 1_000_000
	// mostVolume is more articles than a reader opens in one book.
	mostVolume = 100_000
)

// The words of the options that have some.
var (
	splitWords  = []string{"year", "month", "none"}
	orderWords  = []string{"oldest", "newest", "title"}
	flavorWords = []string{string(export.FlavorPlain), string(export.FlavorObsidian), string(export.FlavorHugo), string(export.FlavorJekyll)}
)

// exportFlags are the options of an export as they are written.
type exportFlags struct {
	title, author, language, split, since, order, css, flavor string
	perArticle, changes, noImages                             bool
	maxImage, chunks, overlap                                 int
	isNew                                                     onceFlag
}

// flags defines the options. Those of Format.Takes are known by the same names there.
func (f *exportFlags) flags(flags *pflag.FlagSet) {
	f.bookFlags(flags)
	flags.StringVar(&f.split, "split", "none", "volumes: by `year or month`, every N articles, or none")
	flags.Var(&f.isNew, "new", "only articles that are new or changed since the last export with --new to the same path; --new=NAME remembers under a name instead")
	flags.Lookup("new").NoOptDefVal = "true"
	flags.BoolVar(&f.perArticle, "per-article", false, "a file each, in a folder")
	flags.StringVar(&f.flavor, "flavor", flavorWords[0], "for whom Markdown is written: `"+strings.Join(flavorWords, ", ")+"`")
	flags.IntVar(&f.chunks, "chunks", 0, "in pieces of `N` characters at most, at headings where there are some")
	flags.IntVar(&f.overlap, "overlap", 0, "`N` characters that a piece repeats of the one before")
}

// bookFlags defines the options of a book that is one file, which is what mail takes.
func (f *exportFlags) bookFlags(flags *pflag.FlagSet) {
	flags.StringVar(&f.title, "title", "", "the book's `TITLE` (default: the listing's own)")
	flags.StringVar(&f.author, "author", "", "the book's `AUTHOR` (default: those of its articles)")
	flags.StringVar(&f.language, "language", "", "the book's language, as `zh-CN` (default: that of most articles)")
	flags.StringVar(&f.since, "since", "", "only articles that are dated or changed since a `DATE`, or since 30d ago")
	flags.StringVar(&f.order, "order", orderWords[0], "`oldest, newest` first, or by title")
	flags.BoolVar(&f.changes, "changes", false, "a chapter that tells what the authors changed, since --since where that is given")
	flags.IntVar(&f.maxImage, "max-image", export.DefaultMaxImage, "`PIXELS` of a picture's longer side at most")
	flags.BoolVar(&f.noImages, "no-images", false, "leave the pictures out")
	flags.StringVar(&f.css, "css", "", "a `FILE` with styles that stand after the book's own")
}

// onceFlag is --new or --new=NAME.
type onceFlag struct {
	set  bool
	name string
}

func (n *onceFlag) Type() string { return "bool" } // so that help shows no value to be needed
func (n *onceFlag) String() string {
	if n.name == "" && n.set {
		return "true"
	}
	return n.name
}

func (n *onceFlag) Set(text string) error {
	n.set, n.name = text != "false", ""
	switch {
	case text == "":
		return errors.New("the name is empty")
	case len(text) > 100 || strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r == 0x7f }):
		return errors.New("this is no name")
	case text != "true" && text != "false":
		n.name = text
	}
	return nil
}

// read checks the options that were given and gives what they want of the format.
func (f *exportFlags) read(flags *pflag.FlagSet, format export.Format) (w edition, err error) {
	w = edition{format: format, order: f.order, isNew: f.isNew.set, name: f.isNew.name, css: f.css, opts: export.Options{
		Title: f.title, Author: f.author, Language: f.language, PerArticle: f.perArticle, NoImages: f.noImages, MaxImage: f.maxImage,
		Changes: f.changes, Flavor: export.Flavor(f.flavor), Chunk: f.chunks, Overlap: f.overlap,
	}}
	flags.VisitAll(func(flag *pflag.Flag) { // in the order of their names
		if takers := takersOf(flag.Name); err == nil && flag.Changed && len(takers) > 0 && !slices.Contains(takers, format.Name) {
			err = flagError(flag.Name, "it is not for "+format.Name, "it is for "+strings.Join(takers, ", "))
		}
	})
	if err != nil {
		return w, err
	}
	given := func(name string) bool { flag := flags.Lookup(name); return flag != nil && flag.Changed }
	if given("split") {
		if w.opts.Split, err = readSplit(f.split); err != nil {
			return w, err
		}
	}
	if !slices.Contains(orderWords, f.order) {
		return w, noSuchWord("order", f.order, orderWords)
	}
	if given("flavor") && !slices.Contains(flavorWords, f.flavor) {
		return w, noSuchWord("flavor", f.flavor, flavorWords)
	}
	if given("since") {
		if w.opts.Since, err = pastTime(f.since, time.Now()); err != nil {
			return w, flagError("since", "%w", archiver.HintOf(err), err)
		}
	}
	if given("language") {
		if _, err := language.Parse(f.language); err != nil {
			return w, flagError("language", fmt.Sprintf("%q is no language", f.language), "write its code: zh-CN, en, pt-BR")
		}
	}
	if f.maxImage < leastImage || f.maxImage > mostImage {
		return w, flagError("max-image", fmt.Sprintf("%d pixels", f.maxImage), fmt.Sprintf("between %d and %d; --no-images leaves them out", leastImage, mostImage))
	}
	if given("chunks") && (f.chunks < leastChunk || f.chunks > mostChunk) {
		return w, flagError("chunks", fmt.Sprintf("%d characters", f.chunks), fmt.Sprintf("between %d and %d", leastChunk, mostChunk))
	}
	if given("overlap") && (f.overlap < 0 || f.overlap > f.chunks/2) {
		return w, flagError("overlap", fmt.Sprintf("%d characters", f.overlap), "up to half of --chunks")
	}
	if f.isNew.set && (format.Dir || f.perArticle) {
		return w, flagError("new", "it is for files, and this is a folder", "a folder is brought up to date anyway: what has not changed is not touched")
	}
	return w, nil
}

func readSplit(text string) (export.Split, error) {
	if n, err := strconv.Atoi(text); err == nil {
		if n < 1 || n > mostVolume {
			return export.Split{}, flagError("split", fmt.Sprintf("%d articles a volume", n), fmt.Sprintf("between 1 and %d", mostVolume))
		}
		return export.Split{Every: n}, nil
	}
	switch {
	case !slices.Contains(splitWords, text):
		return export.Split{}, noSuchWord("split", text, append(splitWords[:len(splitWords):len(splitWords)], "or a number of articles"))
	case text == "none":
		return export.Split{}, nil
	}
	return export.Split{By: text}, nil
}

// readStyle reads a style sheet.
func readStyle(path string) ([]byte, error) {
	if path == "" {
		return nil, nil
	}
	file, err := os.Open(path)
	if err != nil {
		if e, ok := errors.AsType[*os.PathError](err); ok {
			err = e.Err
		}
		return nil, flagError("css", path+": %w", "name a file that is there", err)
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, maxStyle+1))
	switch {
	case err != nil:
		return nil, flagError("css", path+": it cannot be read", "name a file")
	case len(text) > maxStyle:
		return nil, flagError("css", path+" is larger than "+size(maxStyle), "it is to be a style sheet")
	case !utf8.Valid(text) || strings.ContainsRune(string(text), 0):
		return nil, flagError("css", path+" is no text in UTF-8", "it is to be a style sheet")
	}
	return text, nil
}

// takersOf are the formats that an option is for; none where it is for all.
func takersOf(flag string) (names []string) {
	for _, f := range export.Formats() {
		if slices.Contains(f.Takes, flag) {
			names = append(names, f.Name)
		}
	}
	return names
}

// flagError is what is wrong with an option. what may be a format with one cause.
func flagError(flag, what, hint string, cause ...any) error {
	err := errors.New(what)
	if len(cause) > 0 {
		err = fmt.Errorf(what, cause...)
	}
	return &archiver.Error{Kind: archiver.Invalid, Op: "--" + flag, Err: err, Hint: hint}
}

// noSuchWord says that a word is none of those that are known, and the nearest one.
func noSuchWord(what, word string, known []string) error {
	err := &archiver.Error{Kind: archiver.Invalid, Err: fmt.Errorf("there is no %s %q", what, word), Hint: "write one of " + strings.Join(known, ", ")}
	const near = 3 // edits; more than that is another word
	best := near
	for _, k := range known {
		d := levenshtein.ComputeDistance(strings.ToLower(word), k)
		if word != "" && strings.HasPrefix(k, word) {
			d = 0
		}
		if d < best && d < len(k) {
			best = d
			err.Hint = fmt.Sprintf("did you mean %s? They are %s", k, strings.Join(known, ", "))
		}
	}
	return err
}

// completeFlags has a shell complete the options that have words.
func completeFlags(cmd *cobra.Command) {
	for flag, words := range map[string][]string{"split": splitWords, "order": orderWords, "flavor": flavorWords} {
		_ = cmd.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(words, cobra.ShellCompDirectiveNoFileComp)) // a flag that is not there needs none
	}
}
