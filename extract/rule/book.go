package rule

import "sync"

// maxRemembered bounds the hosts whose files are remembered; a run over more reads some of them again.
const maxRemembered = 1000

// Book holds all rules. It is safe for concurrent use.
type Book struct {
	rules []*Rule
	// file gives the rule of the community's files for a host, nil for none.
	file func(host string) *Rule

	mu    sync.Mutex
	files map[string]*Rule
}

// NewBook makes a book of rules, the first of which that is for a page is used. Where none of them says how to read an article,
// file is asked, once for each host; it may be nil.
func NewBook(rules []*Rule, file func(host string) *Rule) *Book {
	return &Book{rules: rules, file: file, files: map[string]*Rule{}}
}

// ListingFor is the rule for a category page at an address, nil where there is none.
func (b *Book) ListingFor(address string) *Rule {
	if b == nil {
		return nil
	}
	for _, r := range b.rules {
		if r.Listing != nil && r.For(address) {
			return r
		}
	}
	return nil
}

// ArticleFor is the rule for an article's page at an address, nil where there is none.
func (b *Book) ArticleFor(address string) *Rule {
	if b == nil {
		return nil
	}
	for _, r := range b.rules {
		if r.Article != nil && r.For(address) {
			return r
		}
	}
	if b.file == nil {
		return nil
	}
	host := HostOf(address)
	b.mu.Lock()
	defer b.mu.Unlock()
	r, known := b.files[host]
	if !known {
		if len(b.files) >= maxRemembered {
			clear(b.files)
		}
		r = b.file(host)
		b.files[host] = r
	}
	return r
}

// FileNames are the community's files for a host, the nearest first: its own, those for all hosts below its parents.
func FileNames(host string) []string {
	names := []string{host + ".txt"}
	for i := 0; i < len(host); i++ {
		if host[i] == '.' {
			names = append(names, host[i:]+".txt")
		}
	}
	return names
}

// GlobalFile is the community's file for every host.
const GlobalFile = "global.txt"
