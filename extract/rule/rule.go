// Package rule is what somebody wrote down about the pages of a site, because archiver alone reads them wrongly: CSS selectors
// of a TOML file, XPath of the community's ftr-site-config files.
//
// A rule is compiled before it is used, and a mistake in it is an error in words. Evaluating one is bounded by a budget of
// steps, not of time: the same page and rule give the same result on every machine. The package finds elements; what becomes
// of them is the extractor's. It touches no network, disk or clock.
//
//	rule.go      rules
//	book.go      which rule is for a page
//	selector.go  a compiled selector, and the budget
//	css.go       CSS, on one pass over the tree
//	xpath.go     XPath, on a tree that counts the steps
//	ftr.go       the lines of an ftr-site-config file; ftr_rule.go the rule that they are
package rule

import (
	"net/url"
	"strings"
)

// Rule is for some pages of some sites. A part that it does not have is nil.
type Rule struct {
	// Name says where the rule stands: "config.toml:12", "example.org.txt".
	Name string
	// Hosts are "example.org", which is www.example.org too, or "*.example.org" for all below it. None are every host.
	Hosts []string
	// Path is how the path of the address begins, empty for any.
	Path    string
	Listing *Listing
	Article *Article
	// Unused are lines of the rule that do nothing here, each with the reason.
	Unused []string
}

// Listing finds the entries of a category page.
type Listing struct {
	// Item finds the elements that each hold one entry; without it they are found around the links.
	Item Choice
	// Link finds the link to the article in an item; without it the item's title is taken.
	Link Choice
	// Next finds the links to further pages of the list.
	Next Choice
}

// Article finds the parts of an article's page.
type Article struct {
	Title, Author, Published Choice
	// Body finds the elements that hold the text. Several are one text, in the order of the page.
	Body Choice
	// Remove finds what is taken out of the page before it is read.
	Remove []Selector
	// Next finds the link to the article's next page; Single the one to all of it on one page.
	Next, Single Choice
	// Replace is done to the page's source before it is parsed.
	Replace []Replacement
}

// Replacement is a text of the source and what stands in its place.
type Replacement struct{ Old, New string }

// Choice are selectors that are tried in order; the first that finds something is used.
type Choice []Selector

// For reports whether the rule is for the page at an address.
func (r *Rule) For(address string) bool {
	u, err := url.Parse(address)
	if err != nil || !strings.HasPrefix(u.Path, r.Path) {
		return false
	}
	host := HostOf(address)
	for _, pattern := range r.Hosts {
		if matchHost(pattern, host) {
			return true
		}
	}
	return len(r.Hosts) == 0
}

func matchHost(pattern, host string) bool {
	pattern = strings.TrimPrefix(strings.ToLower(pattern), "www.")
	if below, ok := strings.CutPrefix(pattern, "*."); ok {
		return strings.HasSuffix(host, "."+below)
	}
	return host == pattern
}

// HostOf is the host of an address as rules name it: in small letters, without port and "www.".
func HostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.")
}
