package fetch

import (
	"net"
	"net/netip"
	"strings"
	"testing"

	"archiver"
)

func TestReserved(t *testing.T) {
	private := `0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 100.64.0.1 100.127.255.255 127.0.0.1 127.8.8.8 169.254.169.254 172.16.0.1 172.31.255.255
		192.0.0.1 192.0.0.170 192.0.2.1 192.88.99.1 192.168.0.1 198.18.0.1 198.19.255.255 198.51.100.7 203.0.113.7 224.0.0.1 239.255.255.255
		240.0.0.1 255.255.255.255 :: ::1 ::127.0.0.1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:169.254.169.254 ::ffff:0:127.0.0.1 64:ff9b::7f00:1
		64:ff9b:1::1 100::1 2001::1 2001:db8::1 2002:7f00:1:: 2002:a00:1:: 3fff::1 5f00::1 fc00::1 fd12:3456::1 fe80::1 fe80::1%eth0 fec0::1 ff02::1`
	for s := range strings.FieldsSeq(private) {
		g := &guard{}
		address := net.JoinHostPort(s, "80")
		if err := g.check("name.example:80", address); archiver.KindOf(err) != archiver.Blocked {
			t.Errorf("%s: %v, want it blocked", s, err)
		}
	}
	public := "1.1.1.1 9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.0 172.15.255.255 172.32.0.0 192.0.1.1 198.17.255.255 198.20.0.0 223.255.255.255 " +
		"2606:4700::1111 2400:3200::1 2001:4860::1 ::ffff:8.8.8.8"
	for s := range strings.FieldsSeq(public) {
		if what := reserved(netip.MustParseAddr(s).Unmap()); what != "" {
			t.Errorf("%s is called %s", s, what)
		}
	}
}

func TestGuardAllows(t *testing.T) {
	tests := []struct {
		allow, target, address string
		want                   bool
	}{
		{"", "127.0.0.1:80", "127.0.0.1:80", false},
		{"127.0.0.1:8080", "127.0.0.1:8080", "127.0.0.1:8080", true},
		{"127.0.0.1:8080", "127.0.0.1:8081", "127.0.0.1:8081", false},
		{"127.0.0.1:8080", "evil.example:8080", "127.0.0.1:8080", false}, // a name that is looked up to an allowed pair
		{"http://nas.lan/blog/", "nas.lan:80", "192.168.1.5:80", true},
		{"http://nas.lan/blog/", "nas.lan:443", "192.168.1.5:443", false},
		{"https://nas.lan", "nas.lan:443", "192.168.1.5:443", true},
		{"NAS.lan", "nas.lan:8080", "192.168.1.5:8080", true},
		{"nas.lan", "other.lan:80", "192.168.1.5:80", false},
		{"192.168.1.0/24", "anything.lan:80", "192.168.1.5:80", true},
		{"192.168.1.0/24", "anything.lan:80", "192.168.2.5:80", false},
		{"[::1]:8080", "[::1]:8080", "[::1]:8080", true},
		{"::1", "[::1]:9090", "[::1]:9090", true},
		{"", "example.org:80", "93.184.216.34:80", true},
		{"", "example.org:80", "[::ffff:93.184.216.34]:80", true},
	}
	for _, tt := range tests {
		var entries []string
		if tt.allow != "" {
			entries = []string{tt.allow}
		}
		a, err := parseAllowed(entries)
		if err != nil {
			t.Errorf("parseAllowed(%q): %v", tt.allow, err)
			continue
		}
		if err := (&guard{allowed: a}).check(tt.target, tt.address); (err == nil) != tt.want {
			t.Errorf("allow %q, %s at %s: %v, want allowed %v", tt.allow, tt.target, tt.address, err, tt.want)
		}
	}
	for _, bad := range []string{"", "a b", "host/path", "http://", "ftp://host/", "user@host", "10.0.0.0/99"} {
		if _, err := parseAllowed([]string{bad}); archiver.KindOf(err) != archiver.Invalid {
			t.Errorf("parseAllowed(%q): %v, want an error of kind invalid", bad, err)
		}
	}
}

func TestGuardSpeaks(t *testing.T) {
	g := &guard{}
	for address, want := range map[string]string{
		"127.0.0.1:80": "127.0.0.1 is an address of this machine",
		"10.0.0.7:80":  "blog.example has the address 10.0.0.7, an address of a private network",
	} {
		target := "127.0.0.1:80"
		if strings.HasPrefix(want, "blog") {
			target = "blog.example:80"
		}
		err := g.check(target, address)
		if err == nil || !strings.HasSuffix(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
		if hint := archiver.HintOf(err); !strings.Contains(hint, "allow_private") {
			t.Errorf("the hint does not say how to allow it: %q", hint)
		}
	}
}
