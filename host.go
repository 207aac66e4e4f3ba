package archiver

import "time"

// HostState is what is to be remembered of a host between two runs. Its name is the fetcher's.
type HostState struct {
	Name string
	// Paused is until when the host asked to be left alone; zero where it did not.
	Paused time.Time
	// Robots is its robots.txt as it was read at RobotsAt; nil also where there was none, which RobotsAt tells apart.
	Robots   []byte
	RobotsAt time.Time
}
