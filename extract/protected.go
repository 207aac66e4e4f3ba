package extract

import (
	"strings"

	"archiver"
)

// This file recognises posts behind a password. Their pages show a form in place of the text, and the words before the title are
// the software's.

// protectedMarks are what software puts before the title of a post behind a password.
var protectedMarks = []string{"密码保护：", "密码保护:", "密碼保護：", "密碼保護:", "受密码保护：", "受密码保护:", "受保护：", "受保护的文章：", "受保護的內容：", "受保護的文章：",
	"Protected:", "Password protected:", "保護中:", "保護中：", "Geschützt:", "Protégé :", "Protegido:", "Защищено:"}

// unprotect takes such words off a title.
func unprotect(title string) (string, bool) {
	for _, mark := range protectedMarks {
		if rest, ok := strings.CutPrefix(title, mark); ok {
			return strings.TrimSpace(rest), true
		}
	}
	return title, false
}

// isProtected reports whether the page is that of a post behind a password.
func (r *articlePage) isProtected() bool {
	for i := range r.passwords {
		sp := &r.passwords[i]
		if attrOf(sp.Node, "name") == "post_password" {
			return true
		}
		// Other software: a password field in the place of the text, under a title that says so or that the list has.
		if r.within(sp.block, r.body.block) && r.blocks[r.body.block].prose < leastLocked && r.title != nil {
			if _, marked := unprotect(r.headingText(r.title.Node)); marked || r.body.pure {
				return true
			}
		}
	}
	for _, e := range r.entries {
		// The REST API says so; a page that has its text all the same was opened since.
		if e.Protected && r.blocks[r.body.block].prose < leastLocked {
			return true
		}
	}
	return false
}

// leastLocked is the weight of text from which a page with a password field is not locked: the form's own words are lighter.
const leastLocked = 300

// protected is what may be kept of a post behind a password.
func protected(a archiver.Article) archiver.Article {
	a.State = archiver.ArticleProtected
	a.Excerpt, a.Markdown, a.HTML, a.Image, a.Words = "", "", "", "", 0
	return a
}
