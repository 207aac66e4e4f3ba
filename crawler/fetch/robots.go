package fetch

import (
	"bytes"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"

	"archiver"
)

// This file reads robots.txt as RFC 9309 has it, with the leniences of Google's parser that sites rely upon. It knows no
// network. An address is compared twice, as it is and with percent-encoding evened out, and the stricter answer holds: a
// site's "/~me", "/%7Eme" and "/用户" forbid what they mean, however the address is written.

// maxRobotsLine is where a line is cut, as Google does it: eight times the longest address.
const maxRobotsLine = 8*2083 - 1

// robotsRules are what one robots.txt says to one program. The zero value allows everything.
type robotsRules struct {
	rules []robotsRule
	delay time.Duration // Crawl-delay; 0 where there is none that makes sense
}

type robotsRule struct {
	line  string // as the file has it, for messages
	allow bool
	// plain matches addresses as they are, even those with evened percent-encoding.
	plain, even pattern
}

// maxSitemaps bounds the sitemaps of one file; a site with more has an index of them.
const maxSitemaps = 10

// sitemapsIn are the sitemaps that the file at an address names, those of its own site.
func sitemapsIn(file []byte, address string) []string {
	var all []string
	for line := range robotsLines(file) {
		key, value, ok := robotsField(line)
		if !ok || key != "sitemap" || value == "" {
			continue
		}
		sitemap, err := archiver.Resolve(address, value)
		if err != nil || !archiver.SameSite(sitemap, address) || slices.Contains(all, sitemap) {
			continue
		}
		if all = append(all, sitemap); len(all) == maxSitemaps {
			break
		}
	}
	return all
}

// parseRobots reads a file for the program whose product token is agent. What it does not understand it leaves out.
func parseRobots(file []byte, agent string) *robotsRules {
	var (
		ours, general groupOf
		current       []*groupOf // the groups that the lines belong to
		inRules       bool       // a rule ended the row of user-agent lines
	)
	for line := range robotsLines(file) {
		key, value, ok := robotsField(line)
		if !ok {
			continue
		}
		switch key {
		case "user-agent":
			if inRules {
				current, inRules = nil, false
			}
			if value == "*" || strings.HasPrefix(value, "* ") || strings.HasPrefix(value, "*\t") {
				current = append(current, &general)
			} else if agent != "" && strings.EqualFold(productToken(value), agent) {
				current = append(current, &ours)
				ours.named = true
			}
		case "allow", "disallow":
			inRules = true
			if value == "" {
				continue
			}
			rule := robotsRule{line: line, allow: key == "allow"}
			rule.plain = newPattern(escapeRobots(value))
			rule.even = newPattern(evenRobots(value))
			for _, g := range current {
				g.rules = append(g.rules, rule)
			}
		case "crawl-delay":
			for _, g := range current {
				g.delay = max(g.delay, crawlDelay(value))
			}
		}
	}
	if ours.named {
		return &ours.robotsRules
	}
	return &general.robotsRules
}

type groupOf struct {
	robotsRules
	named bool
}

// forbids is the rule that forbids the path with its query, or nil. robots.txt itself is never forbidden.
func (r *robotsRules) forbids(path string) *robotsRule {
	if path == "/robots.txt" || len(r.rules) == 0 {
		return nil
	}
	if path == "" {
		path = "/"
	}
	if rule := r.strongest(path, func(rule *robotsRule) *pattern { return &rule.plain }); rule != nil {
		return rule
	}
	return r.strongest(evenRobots(path), func(rule *robotsRule) *pattern { return &rule.even })
}

// strongest is the longest rule that matches, if it forbids. Of two that are as long the one that allows wins.
func (r *robotsRules) strongest(path string, of func(*robotsRule) *pattern) *robotsRule {
	var (
		forbidding       *robotsRule
		allowed, refused int
	)
	for i := range r.rules {
		rule := &r.rules[i]
		length, ok := of(rule).match(path, rule.allow)
		switch {
		case !ok:
		case rule.allow:
			allowed = max(allowed, length)
		case length > refused:
			forbidding, refused = rule, length
		}
	}
	if refused > allowed {
		return forbidding
	}
	return nil
}

// pattern is a path with "*" for anything; it matches beginnings, and whole paths where it ended with "$".
type pattern struct {
	parts  []string // between the stars; the first one begins the path
	whole  bool
	length int
	// index is the pattern of the folder whose index.html this one names: to allow the page is to allow the folder itself.
	index *pattern
}

func newPattern(s string) pattern {
	p := pattern{length: len(s)}
	if slash := strings.LastIndexByte(s, '/'); slash >= 0 && strings.HasPrefix(s[slash:], "/index.htm") {
		folder := newPattern(s[:slash+1] + "$")
		p.index = &folder
	}
	if body, ok := strings.CutSuffix(s, "$"); ok {
		p.whole, s = true, body
	}
	p.parts = strings.Split(s, "*")
	return p
}

// match gives the length of the pattern, which is its rank. It takes time in proportion to path and pattern: each part is
// looked for behind the one before, leftmost, and never again.
func (p *pattern) match(path string, withIndex bool) (int, bool) {
	if p.fits(path) {
		return p.length, true
	}
	if withIndex && p.index != nil && p.index.fits(path) {
		return p.index.length, true
	}
	return 0, false
}

func (p *pattern) fits(path string) bool {
	rest, ok := strings.CutPrefix(path, p.parts[0])
	if !ok {
		return false
	}
	last := len(p.parts) - 1
	if last == 0 {
		return !p.whole || rest == ""
	}
	for _, part := range p.parts[1:last] {
		i := strings.Index(rest, part)
		if i < 0 {
			return false
		}
		rest = rest[i+len(part):]
	}
	if p.whole {
		return strings.HasSuffix(rest, p.parts[last])
	}
	return strings.Contains(rest, p.parts[last])
}

// robotsLines yields the lines of a file without comments and outer space, whatever its line ends and its encoding are.
func robotsLines(file []byte) func(yield func(string) bool) {
	text := robotsText(file)
	return func(yield func(string) bool) {
		for len(text) > 0 {
			line := text
			if end := strings.IndexAny(text, "\r\n"); end >= 0 {
				line, text = text[:end], text[end+1:]
			} else {
				text = ""
			}
			if len(line) > maxRobotsLine {
				line = line[:maxRobotsLine]
			}
			line, _, _ = strings.Cut(line, "#")
			if line = strings.Trim(line, " \t\v\f\x00"); line != "" && !yield(line) {
				return
			}
		}
	}
}

func robotsText(file []byte) string {
	bigEnd := bytes.HasPrefix(file, []byte{0xfe, 0xff})
	if !bigEnd && !bytes.HasPrefix(file, []byte{0xff, 0xfe}) {
		return string(bytes.TrimPrefix(file, []byte("\xef\xbb\xbf")))
	}
	units := make([]uint16, 0, len(file)/2)
	for i := 2; i+1 < len(file); i += 2 {
		if bigEnd {
			units = append(units, uint16(file[i])<<8|uint16(file[i+1]))
		} else {
			units = append(units, uint16(file[i+1])<<8|uint16(file[i]))
		}
	}
	return string(utf16.Decode(units))
}

// robotsField splits a line into a key that is known and its value. A colon may be missing between two words.
func robotsField(line string) (key, value string, ok bool) {
	key, value, ok = strings.Cut(line, ":")
	if !ok {
		words := strings.Fields(line)
		if len(words) != 2 {
			return "", "", false
		}
		key, value = words[0], words[1]
	}
	switch key = strings.ToLower(strings.TrimSpace(key)); key {
	case "useragent", "user agent":
		key = "user-agent"
	case "dissallow", "dissalow", "disalow", "diasllow", "disallaw": // as people write it
		key = "disallow"
	case "site-map":
		key = "sitemap"
	case "crawldelay", "crawl delay":
		key = "crawl-delay"
	}
	return key, strings.TrimSpace(value), true
}

// productToken is the name a program goes by in robots.txt: the letters, hyphens and underscores that s begins with.
func productToken(s string) string {
	end := strings.IndexFunc(s, func(r rune) bool {
		return !('a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || r == '-' || r == '_')
	})
	if end < 0 {
		return s
	}
	return s[:end]
}

// crawlDelay reads seconds; 0 for what is no such number.
func crawlDelay(value string) time.Duration {
	seconds, err := strconv.ParseFloat(value, 64)
	if err != nil || math.IsNaN(seconds) || seconds <= 0 {
		return 0
	}
	const most = 365 * 24 * 3600 // beyond it only the fact counts that it is too much
	return time.Duration(min(seconds, most) * float64(time.Second))
}

const upperHex = "0123456789ABCDEF"

// escapeRobots writes bytes beyond ASCII as escapes and escapes in upper case.
func escapeRobots(s string) string { return rewriteEscapes(s, false) }

// evenRobots does the same, and decodes the escapes that need not be ones.
func evenRobots(s string) string { return rewriteEscapes(s, true) }

func rewriteEscapes(s string, decode bool) string {
	if strings.IndexFunc(s, func(r rune) bool { return r == '%' || r >= 0x80 }) < 0 {
		return s
	}
	b := make([]byte, 0, len(s)+16)
	for i := 0; i < len(s); i++ {
		c := s[i]
		escaped := c == '%' && i+2 < len(s) && hexValue(s[i+1]) >= 0 && hexValue(s[i+2]) >= 0
		if escaped {
			c = byte(hexValue(s[i+1])<<4 | hexValue(s[i+2]))
			i += 2
		}
		switch {
		case escaped && !(decode && isUnreserved(c)), c >= 0x80:
			b = append(b, '%', upperHex[c>>4], upperHex[c&15])
		default:
			b = append(b, c)
		}
	}
	return string(b)
}

func hexValue(c byte) int {
	switch {
	case '0' <= c && c <= '9':
		return int(c - '0')
	case 'a' <= c && c <= 'f':
		return int(c-'a') + 10
	case 'A' <= c && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}

func isUnreserved(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '-' || c == '.' || c == '_' || c == '~'
}
