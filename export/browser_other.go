//go:build !unix

package export

import (
	"os"
	"os/exec"
	"strconv"
)

// asGroup has a command ended with the processes that it started. It gives what ends it.
func asGroup(cmd *exec.Cmd) (end func() error) {
	cmd.Cancel = func() error {
		if cmd.Process == nil {
			return os.ErrProcessDone
		}
		// A browser's helpers end with it; Windows has a command for those that do not.
		_ = exec.Command("taskkill", "/T", "/F", "/PID", strconv.Itoa(cmd.Process.Pid)).Run()
		return cmd.Process.Kill()
	}
	return cmd.Cancel
}
