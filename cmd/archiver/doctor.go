package main

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"

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
			return a.examine(cmd.Context(), store)
		},
	}
}

// examine prints what the store says of itself, and ends with an error where anything is wrong.
func (a *app) examine(ctx context.Context, store storage.Store) error {
	sources, err := store.Sources(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintf(a.Out, "sources   %d\n", len(sources))
	wrong, err := store.Check(ctx)
	if err != nil {
		return err
	}
	for _, line := range wrong {
		fmt.Fprintln(a.Out, "problem   "+printable(line))
	}
	if len(wrong) > 0 {
		return &archiver.Error{Kind: archiver.Storage, Err: fmt.Errorf("%s found in the archive", count(len(wrong), "problem")),
			Hint: "copy the archive's file before anything else; what can be read can still be exported"}
	}
	fmt.Fprintln(a.Out, "checked   database, index and every article: all well")
	return nil
}

func newMan(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "man DIR",
		Short: "Write man pages into a folder",
		Args:  cobra.ExactArgs(1),
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
