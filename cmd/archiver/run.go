package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"strings"
	"syscall"

	"archiver"

	"github.com/spf13/cobra"
	"golang.org/x/term"
)

const (
	// gcPercent trades memory for CPU; memoryLimit keeps the trade from growing with the archive. At 64 MiB the collector runs so often that
	// a crawl takes half as much CPU again.
	gcPercent   = 400
	memoryLimit = 76 << 20
)

// env is what a command may touch of the world around it.
type env struct {
	In     io.Reader
	Out    io.Writer // the result
	Err    io.Writer // the talk
	Getenv func(string) string
}

// terminal reports whether w is a terminal that a person looks at.
func (env) terminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// exit is the error of a command that has said everything already and ends with a code.
type exit int

func (e exit) Error() string { return fmt.Sprintf("exit code %d", int(e)) }

// run is the whole program: it returns the exit code.
func run(ctx context.Context, args []string, e env) int {
	if e.Getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
	if e.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(memoryLimit)
	}
	a := &app{env: e}
	ctx, end := a.interrupts.listen(ctx)
	defer end()

	root := newRoot(a)
	root.SetArgs(args)
	root.SetIn(e.In)
	root.SetOut(e.Out)
	root.SetErr(e.Err)
	err := root.ExecuteContext(ctx)
	if code, ok := errors.AsType[exit](err); ok {
		return int(code)
	}
	if err == nil {
		return archiver.ExitDone
	}
	if errors.Is(err, syscall.EPIPE) {
		return archiver.ExitDone // the reader has seen enough: archiver list | head
	}
	if errors.Is(err, context.Canceled) && (ctx.Err() != nil || a.interrupts.came()) {
		fmt.Fprintln(e.Err, "archiver: interrupted; everything that was finished is saved")
		fmt.Fprintln(e.Err, "archiver: hint: run the same command again to go on")
		return archiver.ExitInterrupted
	}
	sayError(e.Err, err)
	return archiver.ExitCodeOf(err)
}

// sayError tells a person what happened and what to do.
func sayError(w io.Writer, err error) {
	fmt.Fprintln(w, "archiver: "+printable(err.Error()))
	hint := archiver.HintOf(err)
	if hint == "" {
		hint = kindHints[archiver.KindOf(err)]
	}
	if hint != "" {
		fmt.Fprintln(w, "archiver: hint: "+printable(hint))
	}
}

// newRoot makes the command tree: the table of everything the program can do.
func newRoot(a *app) *cobra.Command {
	root := &cobra.Command{
		Use:   "archiver",
		Short: "Archive the articles of a blog category and keep them in sync",
		Long: `archiver saves every article of a blog category, with its Chinese, math, code and tables, into one SQLite file, finds what is
new each time it runs, and writes EPUB, Markdown and JSON.

  archiver sync https://blog.example/category/nlp/     save the category; run it again for what is new
  archiver export epub -o nlp.epub                     read it anywhere
  archiver demo                                        see it all at work on a built-in blog, without network`,
		SilenceUsage:  true,
		SilenceErrors: true,
		Args:          cobra.NoArgs,
		PersistentPreRun: func(cmd *cobra.Command, _ []string) {
			a.command = cmd.CommandPath()
		},
		RunE: func(cmd *cobra.Command, _ []string) error {
			return cmd.Help()
		},
		SuggestionsMinimumDistance: 2,
	}
	flags := root.PersistentFlags()
	flags.StringVar(&a.db, "db", "", "the archive's `FILE` (default: $ARCHIVER_DB, the config's db, or archiver/archive.db in the user's data folder)")
	flags.StringVar(&a.configFile, "config", "", "the configuration `FILE` (default: archiver/config.toml in the user's config folder, if it is there)")
	flags.BoolVarP(&a.quiet, "quiet", "q", false, "say nothing but errors")
	flags.CountVarP(&a.verbose, "verbose", "v", "say more: -v each problem, -vv each page")
	flags.StringVar(&a.logFormat, "log-format", "text", "how -v writes: `text or json`")
	flags.BoolVar(&a.noProgress, "no-progress", false, "no progress bar, also on a terminal")

	root.AddCommand(
		newAdd(a), newSync(a), newDaemon(a), newSchedule(a), newImport(a),
		newProbe(a), newSources(a), newRemove(a), newList(a), newShow(a), newHistory(a), newDiff(a), newSearch(a), newExport(a), newExtract(a),
		newReextract(a), newRule(a), newExplain(a),
		newBackup(a), newVerify(a), newDemo(a), newDoctor(a), newMan(a), newVersion(a),
	)
	root.SetUsageTemplate(root.UsageTemplate() + exitCodesHelp)
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return &archiver.Error{Kind: archiver.Invalid, Err: err, Hint: fmt.Sprintf("see `%s --help`", cmd.CommandPath())}
	})
	wrapArgs(root)
	return root
}

// wrapArgs makes every complaint about arguments and unknown commands a usage error with a hint.
func wrapArgs(cmd *cobra.Command) {
	check := cmd.Args
	if check == nil {
		check = cobra.ArbitraryArgs
	}
	cmd.Args = func(cmd *cobra.Command, args []string) error {
		err := check(cmd, args)
		if err == nil {
			return nil
		}
		hint := fmt.Sprintf("see `%s --help`", cmd.CommandPath())
		if cmd.HasParent() {
			hint = "the form is: " + cmd.UseLine()
		} else if near := cmd.SuggestionsFor(args[0]); len(near) > 0 {
			hint = "did you mean `archiver " + strings.Join(near, "` or `archiver ") + "`?"
		}
		what, _, _ := strings.Cut(err.Error(), "\n")
		return &archiver.Error{Kind: archiver.Invalid, Err: errors.New(what), Hint: hint}
	}
	for _, sub := range cmd.Commands() {
		wrapArgs(sub)
	}
}
