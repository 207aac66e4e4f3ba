package extract

import (
	"bytes"
	"encoding/binary"
)

// This file reads the heads of picture files. Rules: every offset is checked against the file, and every loop goes forward; a
// reader walks the parts of its file to their end, so that it sees where one is missing.

// pictureFormat is one format of pictures.
type pictureFormat struct {
	name string // media type
	is   func(raw []byte) bool
	read func(raw []byte) (bitmap, error)
}

var pictureFormats = [...]pictureFormat{
	{"image/png", begins("\x89PNG\r\n\x1a\n"), readPNG},
	{"image/jpeg", begins("\xff\xd8\xff"), readJPEG},
	{"image/gif", func(raw []byte) bool { return begins("GIF87a")(raw) || begins("GIF89a")(raw) }, readGIF},
	{"image/webp", func(raw []byte) bool { return begins("RIFF")(raw) && len(raw) >= 12 && string(raw[8:12]) == "WEBP" }, readWebP},
	{"image/avif", func(raw []byte) bool { return brandOf(raw) != "" }, readHEIF},
	{"image/bmp", isBMP, readBMP},
	{"image/x-icon", isICO, readICO},
}

func begins(magic string) func([]byte) bool {
	return func(raw []byte) bool { return bytes.HasPrefix(raw, []byte(magic)) }
}

// readPNG walks the chunks: length, name, data, checksum. IHDR is the first, IEND the last.
func readPNG(raw []byte) (p bitmap, err error) {
	const head = 8
	for at := head; ; {
		if len(raw)-at < 12 {
			return p, errCutShort
		}
		size, name := binary.BigEndian.Uint32(raw[at:]), string(raw[at+4:at+8])
		if at == head {
			if name != "IHDR" || size < 13 {
				return p, errBroken
			}
			if len(raw) < head+8+13 {
				return p, errCutShort
			}
			p.width, p.height = side32(binary.BigEndian.Uint32(raw[16:])), side32(binary.BigEndian.Uint32(raw[20:]))
		}
		if name == "IEND" {
			return p, nil
		}
		if int64(size) > int64(len(raw)-at-12) {
			return p, errCutShort
		}
		at += 12 + int(size)
	}
}

// side32 is a width or height; 0 where it is beyond all sense.
func side32(v uint32) int {
	if v > 1<<30 {
		return 0
	}
	return int(v)
}

// readJPEG walks the segments up to the end of the picture. Between them stands coded data, in which 0xFF is followed by 0 or by
// the number of a restart.
func readJPEG(raw []byte) (p bitmap, err error) {
	at := 2
	for {
		i := bytes.IndexByte(raw[at:], 0xff)
		if i < 0 || at+i+1 >= len(raw) {
			return p, errCutShort
		}
		at += i + 1
		mark := raw[at]
		switch {
		case mark == 0xff: // filling
			continue
		case mark == 0 || mark == 0x01 || mark >= 0xd0 && mark <= 0xd8:
			at++
			continue
		case mark == 0xd9:
			return p, nil
		}
		if len(raw)-at < 3 {
			return p, errCutShort
		}
		size := int(binary.BigEndian.Uint16(raw[at+1:]))
		if size < 2 {
			return p, errBroken
		}
		if len(raw)-at-1 < size {
			return p, errCutShort
		}
		// A frame's head; C4, C8 and CC are others. The first one is the picture's own.
		if mark >= 0xc0 && mark <= 0xcf && mark != 0xc4 && mark != 0xc8 && mark != 0xcc && size >= 8 && p.width == 0 {
			p.height, p.width = int(binary.BigEndian.Uint16(raw[at+4:])), int(binary.BigEndian.Uint16(raw[at+6:]))
		}
		at += 1 + size
	}
}

// readGIF walks the blocks up to the trailer.
func readGIF(raw []byte) (p bitmap, err error) {
	if len(raw) < 13 {
		return p, errCutShort
	}
	p.width, p.height = int(binary.LittleEndian.Uint16(raw[6:])), int(binary.LittleEndian.Uint16(raw[8:]))
	at := 13 + colours(raw[10])
	for at < len(raw) {
		switch raw[at] {
		case 0x3b:
			return p, nil
		case 0x21: // an extension
			at += 2
		case 0x2c: // a frame
			if len(raw)-at < 11 {
				return p, errCutShort
			}
			at += 11 + colours(raw[at+9])
		case 0: // filling
			at++
			continue
		default:
			return p, errBroken
		}
		for {
			if at >= len(raw) {
				return p, errCutShort
			}
			size := int(raw[at])
			at += 1 + size
			if size == 0 {
				break
			}
		}
	}
	return p, errCutShort
}

// colours is the size of the table of colours that flags announce.
func colours(flags byte) int {
	if flags&0x80 == 0 {
		return 0
	}
	return 3 << (flags&7 + 1)
}

// readWebP reads the first chunk; the file names its own length.
func readWebP(raw []byte) (p bitmap, err error) {
	const least = 25                                                                          // a picture of one pixel
	if len(raw) < least || int64(binary.LittleEndian.Uint32(raw[4:]))+8 > int64(len(raw))+1 { // the last padding may be missing
		return p, errCutShort
	}
	data := raw[20:]
	kind := string(raw[12:16])
	if kind != "VP8L" && len(data) < 10 {
		return p, errCutShort
	}
	switch kind {
	case "VP8X":
		p.width, p.height = 1+int(uint24(data[4:])), 1+int(uint24(data[7:]))
	case "VP8L":
		if data[0] != 0x2f {
			return p, errBroken
		}
		bits := binary.LittleEndian.Uint32(data[1:])
		p.width, p.height = 1+int(bits&0x3fff), 1+int(bits>>14&0x3fff)
	case "VP8 ":
		if data[3] != 0x9d || data[4] != 0x01 || data[5] != 0x2a {
			return p, errBroken
		}
		p.width, p.height = int(binary.LittleEndian.Uint16(data[6:])&0x3fff), int(binary.LittleEndian.Uint16(data[8:])&0x3fff)
	default:
		return p, errBroken
	}
	return p, nil
}

func uint24(b []byte) uint32 { return uint32(b[0]) | uint32(b[1])<<8 | uint32(b[2])<<16 }
