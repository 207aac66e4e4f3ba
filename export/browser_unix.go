//go:build unix

package export

import (
	"os"
	"os/exec"
	"syscall"
)

// asGroup makes a command the first of a group, which is ended as one. It gives what ends it.
func asGroup(cmd *exec.Cmd) (end func() error) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error {
		if cmd.Process == nil {
			return os.ErrProcessDone
		}
		return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
	}
	return cmd.Cancel
}
