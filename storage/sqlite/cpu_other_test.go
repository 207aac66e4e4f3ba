//go:build !unix

package sqlite

import "time"

// cpuTime is the wall clock where the system tells no better.
func cpuTime() time.Duration { return time.Duration(time.Now().UnixNano()) }
