package main

import (
	"fmt"

	"github.com/spf13/cobra"
)

func newRemove(a *app) *cobra.Command {
	var purge bool
	cmd := &cobra.Command{
		Use:   "rm SOURCE",
		Short: "Stop syncing a source; its articles are kept",
		Long: `Stop syncing a source. Its articles stay in the archive, and adding its address again takes it up where it was. Only
--purge deletes: the source, and every article that no other source lists.`,
		Example: `  archiver rm nlp`,
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			ctx := cmd.Context()
			store, _, err := a.open(ctx)
			if err != nil {
				return err
			}
			defer store.Close()
			release, err := store.Hold(ctx)
			if err != nil {
				return err
			}
			defer release()
			source, err := findSource(ctx, store, args[0])
			if err != nil {
				return err
			}
			purged, err := store.RemoveSource(ctx, source.ID, purge)
			if err != nil || a.quiet {
				return err
			}
			if purge {
				fmt.Fprintf(a.Out, "removed %s and %s\n", source.Name, count(purged, "article"))
				return nil
			}
			fmt.Fprintf(a.Out, "removed %s; %s kept\n", source.Name, count(source.Articles(), "article"))
			return nil
		},
	}
	cmd.Flags().BoolVar(&purge, "purge", false, "delete its articles too, except those that another source lists")
	return cmd
}
