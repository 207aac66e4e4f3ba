package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"
)

func newBackup(a *app) *cobra.Command {
	var force bool
	cmd := &cobra.Command{
		Use:   "backup FILE",
		Short: "Copy the archive to a file, also while a sync writes to it",
		Long: `Copy the archive as it is at this moment to a file, also while a sync writes to it. The copy is checked before it takes its name;
it is an archive like any other: --db FILE reads it. {date} in the name is today, as 2026-03-01.`,
		Example: `  archiver backup nlp-{date}.db`,
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			store, _, err := a.openToRead(cmd.Context())
			if err != nil {
				return err
			}
			defer store.Close()
			began := time.Now()
			target := strings.ReplaceAll(args[0], "{date}", began.Format(time.DateOnly))
			n, err := store.Backup(cmd.Context(), target, force)
			if err != nil || a.quiet {
				return err
			}
			_, err = fmt.Fprintf(a.Out, "%s: %s, checked, %s\n", target, size(n), took(time.Since(began)))
			return err
		},
	}
	cmd.Flags().BoolVar(&force, "force", false, "replace the file where there is one")
	return cmd
}
