package main

import (
	"context"
	"errors"
	"fmt"

	"archiver"
	"archiver/storage"

	"github.com/spf13/cobra"
)

func newAdd(a *app) *cobra.Command {
	var name string
	var s settingFlags
	cmd := &cobra.Command{
		Use:   "add URL",
		Short: "Remember a category page as a source, to be synced later",
		Long: `Remember a category page as a source, under a short name. Nothing is fetched; "archiver sync" does that, and
"archiver probe URL" shows beforehand what would be found.`,
		Example: "  archiver add https://blog.example/category/nlp/ --name nlp --schedule @daily",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			change, err := s.read(cmd)
			if err != nil {
				return err
			}
			store, _, err := a.open(cmd.Context())
			if err != nil {
				return err
			}
			defer store.Close()
			source, err := addSource(cmd.Context(), store, args[0], name, change.apply(archiver.Settings{}))
			if err != nil {
				return err
			}
			if !a.quiet {
				fmt.Fprintf(a.Out, "added %s: %s\n", source.Name, source.URL)
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&name, "name", "", "the source's `NAME` on the command line (default: made from the address)")
	s.flags(cmd)
	return cmd
}

// addSource keeps a new source. Without a name it gets one made from the address, with a number where that one is taken.
func addSource(ctx context.Context, store storage.Store, typed, name string, settings archiver.Settings) (archiver.Source, error) {
	address, err := address(typed)
	if err != nil {
		return archiver.Source{}, err
	}
	if name != "" {
		if err := archiver.CheckSourceName(name); err != nil {
			return archiver.Source{}, err
		}
		return store.AddSource(ctx, archiver.Source{Name: name, URL: address, Settings: settings})
	}
	name = archiver.SourceName(address)
	for n := 2; ; n++ {
		_, err := store.Source(ctx, name)
		if archiver.KindOf(err) != archiver.Invalid || errors.Is(err, context.Canceled) {
			if err != nil {
				return archiver.Source{}, err
			}
			name = fmt.Sprintf("%s-%d", archiver.SourceName(address), n)
			continue
		}
		return store.AddSource(ctx, archiver.Source{Name: name, URL: address, Settings: settings})
	}
}
