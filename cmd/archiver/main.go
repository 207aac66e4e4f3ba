// Command archiver archives the articles of a blog category and keeps them in sync.
//
// This package is the only place that knows every room: flags, wiring, words for people and exit codes. Each command is one
// file; what a command does beyond that is in the rooms.
package main

import (
	"context"
	"os"
)

func main() {
	os.Exit(run(context.Background(), os.Args[1:], env{In: os.Stdin, Out: os.Stdout, Err: os.Stderr, Getenv: os.Getenv}))
}
