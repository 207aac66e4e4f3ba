// Package measure runs programs for comparisons, and says what they used. It judges nothing.
package measure

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// Cost is what one process used.
type Cost struct {
	CPU  time.Duration // user and system
	Peak float64       // MB resident at most; 0 where the system does not say
}

func (c Cost) String() string { return fmt.Sprintf("%.2f s CPU, %.0f MB", c.CPU.Seconds(), c.Peak) }

// Serve starts the process of a blog (bench/crawl/blog) and gives the category's address. The process ends with its input, so it outlives nobody.
func Serve(ctx context.Context, blog string, articles int) (category string, stop func() error, err error) {
	cmd := exec.CommandContext(ctx, blog, strconv.Itoa(articles))
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		return "", nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return "", nil, err
	}
	if err := cmd.Start(); err != nil {
		return "", nil, fmt.Errorf("start blog: %w", err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		return "", nil, errors.Join(fmt.Errorf("start blog: %w", err), in.Close(), cmd.Wait())
	}
	stop = func() error { return errors.Join(in.Close(), cmd.Wait()) }
	return strings.TrimSpace(line), stop, nil
}

// Run runs a program to its end and says what it used. Its standard output goes to out, or is shown where it failed.
func Run(ctx context.Context, out io.Writer, name string, args ...string) (Cost, error) {
	cmd := exec.CommandContext(ctx, name, args...)
	var talk bytes.Buffer
	cmd.Stdout, cmd.Stderr = &talk, &talk
	if out != nil {
		cmd.Stdout = out
	}
	if err := cmd.Run(); err != nil {
		return Cost{}, fmt.Errorf("run %s: %w\n%s", filepath.Base(name), err, talk.Bytes())
	}
	state := cmd.ProcessState
	return Cost{CPU: state.UserTime() + state.SystemTime(), Peak: peakMB(state)}, nil
}
