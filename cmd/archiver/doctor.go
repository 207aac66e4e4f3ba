package main

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"time"

	"archiver"
	"archiver/storage"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"
)

func newDoctor(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "doctor",
		Short: "Look the archive and the set-up over, and say what is wrong",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			store, cfg, err := a.openToRead(cmd.Context())
			if err != nil {
				return err
			}
			defer store.Close()
			fmt.Fprintf(a.Out, "archiver  %s, %s %s/%s\n", version(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
			path := a.archivePath(cfg)
			if info, err := os.Stat(path); err == nil {
				path += ", " + size(info.Size())
			}
			fmt.Fprintf(a.Out, "archive   %s\n", path)
			return a.examine(cmd.Context(), store, a.archivePath(cfg))
		},
	}
}

const (
	// leastFree is how much room a disk must have: less, and a sync of a source with pictures may fill it.
	leastFree = 200 << 20
	// mostLog is how large the write-ahead log gets when all is well; more, and some program keeps it from being folded in.
	mostLog = 64 << 20
)

// place tells of the disk that the archive is on. What is wrong with it is given back.
func (a *app) place(path string) (wrong []string) {
	free, network, ok := disk(path)
	if ok {
		fmt.Fprintf(a.Out, "free      %s\n", size(free))
		if free < leastFree {
			wrong = append(wrong, "the disk is nearly full: "+size(free)+" are free")
		}
	}
	if network != "" {
		fmt.Fprintf(a.Out, "note      it is on a %s file system; where that does not lock files as it should, two runs at once damage the archive\n", network)
	}
	if info, err := os.Stat(path + "-wal"); err == nil && info.Size() > 0 {
		fmt.Fprintf(a.Out, "log       %s that are not folded into the file yet\n", size(info.Size()))
		if info.Size() > mostLog {
			wrong = append(wrong, "the log "+path+"-wal is "+size(info.Size())+": a program has the archive open for long and keeps it from being folded in")
		}
	}
	return wrong
}

// examine prints what the store says of itself, and ends with an error where anything is wrong.
func (a *app) examine(ctx context.Context, store storage.Store, path string) error {
	wrong := a.place(path)
	sources, err := store.Sources(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintf(a.Out, "sources   %d\n", len(sources))
	for _, s := range sources {
		if s.Removed {
			continue
		}
		last := "never synced to its end"
		if !s.LastSync.IsZero() {
			last = "last synced " + s.LastSync.Local().Format(time.DateTime)
		}
		fmt.Fprintf(a.Out, "source    %s: %s, %s\n", printable(s.Name), count(s.Articles(), "article"), last)
	}
	found, err := store.Check(ctx)
	if err != nil {
		return err
	}
	wrong = append(wrong, found...)
	for _, line := range wrong {
		fmt.Fprintln(a.Out, "problem   "+printable(line))
	}
	if len(wrong) > 0 {
		return &archiver.Error{Kind: archiver.Storage, Err: fmt.Errorf("%s found in the archive", count(len(wrong), "problem")),
			Hint: "copy the archive's file before anything else; `archiver verify --repair` mends what can be mended, and what can be read can still be exported"}
	}
	fmt.Fprintln(a.Out, "checked   database, index and every article: all well")
	return nil
}

func newMan(a *app) *cobra.Command {
	return &cobra.Command{
		Use:     "man DIR",
		Short:   "Write man pages into a folder",
		Example: `  archiver man /usr/local/share/man/man1`,
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := os.MkdirAll(args[0], 0o755); err != nil {
				return &archiver.Error{Kind: archiver.Invalid, Op: "write man pages", Err: err}
			}
			cmd.Root().DisableAutoGenTag = true
			if err := doc.GenManTree(cmd.Root(), &doc.GenManHeader{Section: "1", Source: "archiver " + version()}, args[0]); err != nil {
				return &archiver.Error{Kind: archiver.Storage, Op: "write man pages", Err: err}
			}
			return nil
		},
	}
}

func newVersion(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprintf(a.Out, "archiver %s %s/%s\n", version(), runtime.GOOS, runtime.GOARCH)
			return err
		},
	}
}

// version is what the build knows of itself.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" {
		return "(unknown)"
	}
	return info.Main.Version
}
