//go:build unix

package main

import (
	"syscall"
	"time"
)

// cpuTime is the time that all threads of the process have computed.
func cpuTime() time.Duration {
	var usage syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &usage) != nil {
		return 0
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
