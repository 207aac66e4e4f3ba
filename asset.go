package archiver

import (
	"errors"
	"time"
)

// Asset is a picture, checked to be one. It is kept once, however many addresses it has.
type Asset struct {
	URL           string
	Type          string // of its bytes, not of its header: "image/png"
	Width, Height int    // pixels; 0 where the format does not say (SVG)
	Data          []byte // a picture of type image/svg+xml is clean of scripts
}

// Bounds of a picture.
const (
	// MaxAsset is how many bytes a picture has at most: photographs as they come from a camera, and long animations.
	MaxAsset = 20 << 20
	// MaxPixels is how large a picture is at most once it is decoded: 160 MB of memory. A file of a few hundred kilobytes can
	// claim any size, and a book's reader pays for it.
	MaxPixels = 40_000_000
)

// ErrPixel is returned for a picture that is too small to be seen: it is there to count visitors. It is no failure to be tried
// again. Its kind is Unusable.
var ErrPixel = &Error{Kind: Unusable, Op: "read picture", Err: errors.New("a tracking pixel")}

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
