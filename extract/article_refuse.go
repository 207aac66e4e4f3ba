package extract

import (
	"regexp"
	"strings"

	"archiver"
)

// This file says of a page why it is not the article that was asked for. Rules: where the page shows the title that the list
// gave, it is the article, whatever else speaks against it; every refusal says what was found in the article's place.

var (
	notFound = regexp.MustCompile(`(?i)^\s*(?:404\b|(?:error\s*)?404\s*$|page not found|not found\b|nothing (?:found|here)|oops|未找到|找不到|(?:页面|頁面|文章|您访问的页面|你访问的页面)(?:不存在|未找到|找不到|已被?删除|没有找到|走丢了)|抱歉.{0,8}(?:不存在|找不到)|没有找到)|(?:页面|文章)不存在`)
	listPage = regexp.MustCompile(`(?:^|\s)(?:error404|search-no-results|archive|search-results)(?:\s|$)`)
	postPage = regexp.MustCompile(`(?:^|\s)(?:single|page|single-post|singular|postid-\d+)(?:\s|$)`)
)

// refuse says why the page is not the article, if it is not. Kind Unusable.
func (r *articlePage) refuse(found bool) error {
	unusable := func(format string, args ...any) error {
		e := archiver.Errorf(archiver.Unusable, format, args...)
		e.Op, e.URL = "read article", r.page.URL
		e.Hint = `"archiver show --raw" with this address shows the page that was kept`
		return e
	}
	entry := r.entryTitle()
	title := r.titleShown()
	confirmed := entry != "" && (same(entry, title) || r.headSays(entry))
	if r.page.Requested != "" && isHome(r.page.URL) && !isHome(r.page.Requested) && r.page.URL != r.page.Requested && !strings.Contains(r.page.Requested, "?p=") {
		return unusable("the address leads to the front page; the article is no longer there")
	}
	class := attrOf(r.blocks[r.root].node, "class")
	if listPage.MatchString(class) && !postPage.MatchString(class) && !confirmed {
		return unusable("found a list or an error page in the article's place")
	}
	if entry != "" && !confirmed && (r.ruled == nil || r.ruled.body == nil) && r.linkedTitles() >= leastList {
		return unusable("found a list of articles in the article's place")
	}
	if !confirmed && (notFound.MatchString(title) || notFound.MatchString(r.survey.title)) && !r.body.pure {
		return unusable("found the site's page for what it does not have")
	}
	if len(r.passwords) > 0 && !found && !r.isProtected() {
		return unusable("the site asks for a login")
	}
	if !found && !(confirmed && r.blocks[r.root].images > 0) {
		return unusable("found no article text")
	}
	if r.redirectedElsewhere(entry, title) {
		return unusable("the address now leads to another article, %q", title)
	}
	return nil
}

// leastList is how many titles that lead elsewhere make a page a list.
const leastList = 3

// linkedTitles counts the titles in the main part of the page that lead to other articles.
func (r *articlePage) linkedTitles() (n int) {
	for i := range r.headings {
		sp := &r.headings[i]
		if sp.roles&roleTitle == 0 || r.apart(sp.block, r.root) {
			continue
		}
		for d := range sp.Node.Descendants() {
			if d.Data != "a" {
				continue
			}
			if url, ok := r.resolve(attrOf(d, "href")); ok && archiver.Key(url) != archiver.Key(r.page.URL) && archiver.Key(url) != archiver.Key(r.page.Requested) {
				n++
				break
			}
		}
	}
	return n
}

// redirectedElsewhere reports whether the site answered with an article that is not the one listed: old short addresses do.
func (r *articlePage) redirectedElsewhere(entry, title string) bool {
	if entry == "" || title == "" || archiver.Key(r.page.URL) == archiver.Key(r.page.Requested) || r.page.Requested == "" {
		return false
	}
	heads := r.headTitles()
	for _, h := range append(heads, r.survey.title) {
		if strings.Contains(letters(h, 0), letters(entry, 0)) {
			return false
		}
	}
	if r.title != nil && same(r.headingText(r.title.Node), entry) {
		return false
	}
	return len(heads) > 0
}
