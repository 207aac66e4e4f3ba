package fetch

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"

	"archiver"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zlib"
	"github.com/klauspost/compress/zstd"
)

// This file undoes Content-Encoding. Rules: the bound is on decoded bytes, of each layer; a body that ends too early is an
// error, never a short page; what is not what its header says it is is read as what it is.

const (
	// maxLayers bounds encodings within encodings. Two happen by accident, more by intent.
	maxLayers = 3
	// maxWindow bounds the memory that a zstd frame may ask for; RFC 9659 names this for HTTP.
	maxWindow = 8 << 20
	readSize  = 4 << 10
)

// decoder keeps the costly parts of decoding for the next body.
type decoder struct {
	gzips   sync.Pool // of *gzip.Reader
	buffers sync.Pool // of *bufio.Reader
}

func newDecoder() *decoder {
	return &decoder{
		gzips:   sync.Pool{New: func() any { return new(gzip.Reader) }},
		buffers: sync.Pool{New: func() any { return bufio.NewReaderSize(nil, readSize) }},
	}
}

// strict reads a whole body, or fails: with kind Unusable beyond limit, with kind Transient where it is cut or damaged.
func (d *decoder) strict(res *http.Response, limit bound) io.ReadCloser {
	return &decoded{decoder: d, wire: res.Body, encodings: encodingsOf(res.Header), limit: limit}
}

// lenient reads the beginning of a body and takes what it gets.
func (d *decoder) lenient(res *http.Response, limit bound) io.ReadCloser {
	return &decoded{decoder: d, wire: res.Body, encodings: encodingsOf(res.Header), limit: limit, lenient: true}
}

// encodingsOf lists encodings in the order they were applied.
func encodingsOf(header http.Header) []string {
	var all []string
	for _, value := range header["Content-Encoding"] {
		for part := range strings.SplitSeq(value, ",") {
			all = append(all, strings.ToLower(strings.TrimSpace(part)))
		}
	}
	return all
}

// bound is the most bytes of a body, with what is bounded and the setting that raises it, if there is one, for messages.
type bound struct {
	bytes         int64
	what, setting string
}

func (b bound) exceeded() error {
	e := &archiver.Error{Kind: archiver.Unusable, Err: fmt.Errorf("too large: the %s is more than %s", b.what, size(b.bytes))}
	if b.setting != "" {
		e.Hint = fmt.Sprintf("a larger %s is fetched when %s in the configuration is raised", b.what, b.setting)
	}
	return e
}

func size(n int64) string {
	if n >= 1<<20 {
		return fmt.Sprintf("%d MiB", n>>20)
	}
	return fmt.Sprintf("%d bytes", n)
}

var errCut = errors.New("the answer broke off before its end")

// decoded is a body without its encodings. They are opened by the first Read.
type decoded struct {
	decoder   *decoder
	wire      io.ReadCloser
	encodings []string
	limit     bound
	lenient   bool

	r      io.Reader
	layers int
	close  []func()
	got    int64
	err    error
}

func (d *decoded) Read(p []byte) (int, error) {
	if d.r == nil && d.err == nil {
		d.err = d.open()
	}
	if d.err != nil {
		return 0, d.err
	}
	n, err := d.r.Read(p)
	if d.got += int64(n); d.got > d.limit.bytes {
		n -= int(d.got - d.limit.bytes)
		err = d.limit.exceeded()
	}
	if err != nil {
		d.err = d.final(err)
	}
	return n, d.err
}

// final is the error a reader of the body is to see.
func (d *decoded) final(err error) error {
	switch {
	case err == io.EOF:
		// What follows the end of an encoded body is not the page, but the connection can be used again.
		if d.layers > 0 {
			_, _ = io.CopyN(io.Discard, d.wire, readSize)
		}
		return io.EOF
	case d.lenient:
		return io.EOF
	case errors.Is(err, io.ErrUnexpectedEOF):
		return &archiver.Error{Kind: archiver.Transient, Err: errCut}
	}
	if _, ours := errors.AsType[*archiver.Error](err); ours || isNetwork(err) || d.layers == 0 {
		return err
	}
	return archiver.Errorf(archiver.Transient, "the answer is damaged: %w", err)
}

// open puts the layers over each other: those that the header names, then gzip for as long as the content still is gzip.
func (d *decoded) open() error {
	r := d.buffer(d.wire)
	for i := len(d.encodings) - 1; i >= 0; i-- {
		next, err := d.layer(d.encodings[i], r)
		if err != nil {
			return d.final(err)
		}
		r = next
	}
	for isGzip(r) {
		next, err := d.layer("gzip", r)
		if err != nil {
			return d.final(err)
		}
		r = next
	}
	d.r = r
	return nil
}

func (d *decoded) layer(encoding string, r *bufio.Reader) (*bufio.Reader, error) {
	if _, err := r.Peek(1); err == io.EOF {
		return r, nil // an empty body has no encoding
	}
	var next io.Reader
	switch encoding {
	case "gzip", "x-gzip":
		if !isGzip(r) {
			return r, nil
		}
		z := d.decoder.gzips.Get().(*gzip.Reader)
		if err := z.Reset(r); err != nil {
			return nil, err
		}
		d.close = append(d.close, func() { d.decoder.gzips.Put(z) })
		next = &members{r: z}
	case "deflate":
		if !isZlib(r) {
			next = flate.NewReader(r)
			break
		}
		z, err := zlib.NewReader(r)
		if err != nil {
			return nil, err
		}
		next = z
	case "br":
		next = brotli.NewReader(r)
	case "zstd":
		z, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(maxWindow))
		if err != nil {
			return nil, err
		}
		d.close = append(d.close, z.Close)
		next = z
	default: // "identity", and what servers put there by mistake
		return r, nil
	}
	if d.layers++; d.layers > maxLayers {
		return nil, archiver.Errorf(archiver.Unusable, "the answer is packed more than %d times over", maxLayers)
	}
	return d.buffer(&bounded{r: next, limit: d.limit, left: d.limit.bytes + 1}), nil
}

func (d *decoded) buffer(r io.Reader) *bufio.Reader {
	b := d.decoder.buffers.Get().(*bufio.Reader)
	b.Reset(r)
	d.close = append(d.close, func() { b.Reset(nil); d.decoder.buffers.Put(b) })
	return b
}

// Close gives everything back, innermost first, and ends the request.
func (d *decoded) Close() error {
	if d.err == nil {
		d.err = http.ErrBodyReadAfterClose
	}
	for len(d.close) > 0 {
		last := len(d.close) - 1
		d.close[last]()
		d.close = d.close[:last]
	}
	return d.wire.Close()
}

func isGzip(r *bufio.Reader) bool {
	head, _ := r.Peek(3)
	return len(head) == 3 && head[0] == 0x1f && head[1] == 0x8b && head[2] == 8
}

func isZlib(r *bufio.Reader) bool {
	head, _ := r.Peek(2)
	return len(head) == 2 && head[0]&0x0f == 8 && (uint(head[0])<<8|uint(head[1]))%31 == 0
}

// members reads gzip members; what follows the last one and is none, padding for instance, ends the content.
type members struct {
	r   *gzip.Reader
	got bool
}

func (m *members) Read(p []byte) (int, error) {
	n, err := m.r.Read(p)
	m.got = m.got || n > 0
	if m.got && errors.Is(err, gzip.ErrHeader) {
		err = io.EOF
	}
	return n, err
}

// bounded fails where one layer holds more than a page may: packed emptiness can be large inside and small outside.
type bounded struct {
	r     io.Reader
	limit bound
	left  int64
}

func (b *bounded) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, b.limit.exceeded()
	}
	if int64(len(p)) > b.left {
		p = p[:b.left]
	}
	n, err := b.r.Read(p)
	b.left -= int64(n)
	return n, err
}
