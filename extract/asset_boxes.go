package extract

import (
	"encoding/binary"
)

// This file goes on with the heads of picture files: AVIF and HEIC, which are boxes in boxes, and the two formats of Windows.

// brandOf is the media type of a file of boxes that holds a picture; "" for any other file, films among them.
func brandOf(raw []byte) (typ string) {
	const version = 12 // what stands between the first brand and the others
	if len(raw) < 16 || string(raw[4:8]) != "ftyp" {
		return ""
	}
	for at, end := 8, min(int(binary.BigEndian.Uint32(raw)), len(raw), 256); at+4 <= end; at += 4 {
		switch brand := string(raw[at : at+4]); {
		case at == version:
		case brand == "avif", brand == "avis":
			return "image/avif"
		case brand == "heic", brand == "heix", brand == "heim", brand == "heis", brand == "mif1":
			typ = "image/heic"
		}
	}
	return typ
}

// readHEIF reads the largest picture that a file of boxes tells of: a large one may be put together from tiles.
func readHEIF(raw []byte) (p bitmap, err error) {
	p.name = brandOf(raw)
	largest := func(ispe []byte) {
		if len(ispe) < 12 {
			return
		}
		w, h := side32(binary.BigEndian.Uint32(ispe[4:])), side32(binary.BigEndian.Uint32(ispe[8:]))
		if w > 0 && h > 0 && (p.width == 0 || w > p.width || w == p.width && h > p.height) {
			p.width, p.height = w, h
		}
	}
	media := false
	whole := boxes(raw, func(name string, meta []byte) {
		media = media || name == "mdat" || name == "idat"
		if name != "meta" || len(meta) < 4 {
			return
		}
		boxes(meta[4:], func(name string, iprp []byte) {
			media = media || name == "idat"
			if name != "iprp" {
				return
			}
			boxes(iprp, func(name string, ipco []byte) {
				if name != "ipco" {
					return
				}
				boxes(ipco, func(name string, ispe []byte) {
					if name == "ispe" {
						largest(ispe)
					}
				})
			})
		})
	})
	if !whole || !media {
		return p, errCutShort
	}
	return p, nil
}

// boxes hands out the boxes of data. It reports whether the last one ends where data does.
func boxes(data []byte, each func(name string, content []byte)) bool {
	for len(data) > 0 {
		if len(data) < 8 {
			return false
		}
		size, head := uint64(binary.BigEndian.Uint32(data)), uint64(8)
		switch size {
		case 0: // to the end
			size = uint64(len(data))
		case 1:
			if len(data) < 16 {
				return false
			}
			size, head = binary.BigEndian.Uint64(data[8:]), 16
		}
		if size < head || size > uint64(len(data)) {
			return false
		}
		each(string(data[4:8]), data[head:size])
		data = data[size:]
	}
	return true
}

// isBMP looks for a head of a known length: "BM" begins many a text.
func isBMP(raw []byte) bool {
	if !begins("BM")(raw) || len(raw) < 26 {
		return false
	}
	switch binary.LittleEndian.Uint32(raw[14:]) {
	case 12, 40, 52, 56, 64, 108, 124:
		return true
	}
	return false
}

func readBMP(raw []byte) (p bitmap, err error) {
	depth, packed := 0, false
	if binary.LittleEndian.Uint32(raw[14:]) == 12 {
		p.width, p.height = int(binary.LittleEndian.Uint16(raw[18:])), int(binary.LittleEndian.Uint16(raw[20:]))
		depth = int(binary.LittleEndian.Uint16(raw[24:]))
	} else {
		if len(raw) < 54 {
			return p, errCutShort
		}
		p.width = side32(binary.LittleEndian.Uint32(raw[18:]))
		// A negative height is of a picture whose first line is the top one.
		height := int64(int32(binary.LittleEndian.Uint32(raw[22:])))
		p.height = side32(uint32(max(height, -height)))
		depth, packed = int(binary.LittleEndian.Uint16(raw[28:])), binary.LittleEndian.Uint32(raw[30:]) != 0
	}
	if p.check() != nil {
		return p, nil // the caller says what is wrong
	}
	lines := int64(p.width*depth+31) / 32 * 4 * int64(p.height)
	if !packed && int64(binary.LittleEndian.Uint32(raw[10:]))+lines > int64(len(raw)) {
		return p, errCutShort
	}
	return p, nil
}

// isICO looks at the first of its pictures: four bytes are too few to go by.
func isICO(raw []byte) bool {
	return (begins("\x00\x00\x01\x00")(raw) || begins("\x00\x00\x02\x00")(raw)) && len(raw) >= 22 && raw[9] == 0 &&
		binary.LittleEndian.Uint16(raw[4:]) > 0 && binary.LittleEndian.Uint32(raw[18:]) >= 22
}

// readICO reads the largest picture of the directory.
func readICO(raw []byte) (p bitmap, err error) {
	for i := range int(binary.LittleEndian.Uint16(raw[4:])) {
		at := 6 + 16*i
		if at+16 > len(raw) {
			return p, errCutShort
		}
		size, offset := binary.LittleEndian.Uint32(raw[at+8:]), binary.LittleEndian.Uint32(raw[at+12:])
		if int64(offset)+int64(size) > int64(len(raw)) {
			return p, errCutShort
		}
		// 0 is 256.
		if w, h := int(raw[at]-1)+1, int(raw[at+1]-1)+1; w*h > p.width*p.height {
			p.width, p.height = w, h
		}
	}
	return p, nil
}
