// Command plain zips a folder as a program does that knows nothing of books: the files as they are, compressed at the usual level.
package main

import (
	"archive/zip"
	"fmt"
	"os"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "plain:", err)
		os.Exit(1)
	}
}

func run(args []string) (err error) {
	if len(args) != 2 {
		return fmt.Errorf("usage: plain FOLDER OUT.zip")
	}
	out, err := os.Create(args[1])
	if err != nil {
		return err
	}
	defer func() {
		if closed := out.Close(); err == nil {
			err = closed
		}
	}()
	w := zip.NewWriter(out)
	if err := w.AddFS(os.DirFS(args[0])); err != nil {
		return err
	}
	return w.Close()
}
