package main

import "syscall"

// disk tells of the file system that a file is on: the bytes that are free, and its kind where it is one of a network. ok is false
// where that cannot be known.
func disk(path string) (free int64, network string, ok bool) {
	var stat syscall.Statfs_t
	if err := syscall.Statfs(path, &stat); err != nil {
		return 0, "", false
	}
	kinds := map[uint32]string{0x6969: "NFS", 0xff534d42: "CIFS", 0xfe534d42: "SMB", 0x517b: "SMB", 0x65735546: "FUSE", 0x01021997: "9P", 0x5346414f: "AFS", 0x00c36400: "Ceph"}
	return int64(stat.Bavail) * int64(stat.Bsize), kinds[uint32(stat.Type)], true
}
