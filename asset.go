package archiver

import "time"

// Asset is a picture, checked to be one. It is kept once, however many addresses it has.
type Asset struct {
	URL           string
	Type          string // of its bytes, not of its header: "image/png"
	Width, Height int    // pixels; 0 where the format does not say (SVG)
	Data          []byte // a picture of type image/svg+xml is clean of scripts
}

// AssetState is what became of a picture's address.
type AssetState string

const (
	AssetPending AssetState = "pending" // not tried yet, or to be tried again
	AssetStored  AssetState = "stored"
	AssetFailed  AssetState = "failed" // the reason is kept; it is tried again later
)

// Image is one picture of an article as the archive has it.
type Image struct {
	URL           string
	State         AssetState
	Reason        string // why it failed
	Checked       time.Time
	Sum           string // SHA-256 of its bytes in hexadecimal digits; empty where it is not stored
	Type          string
	Width, Height int
	Size          int64
}
