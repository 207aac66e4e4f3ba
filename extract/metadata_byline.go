package extract

import (
	"strings"
)

// This file reads the names of authors out of lines of words: "By Jane Doe | May 1", "作者：张三". Rules: the words that lead to a name
// have to stand there; a sentence that begins with "by" is no byline; 来源 and 编辑 lead to nobody.

var (
	bylineAuthor = expr(`(?i)^[\s|·•-]*(?:(?:posted|written|published|created|authored|words|article|story)\s+by\b|by\b|von\b|par\b|por\b|authors?\s*[:：]|текст\s*[:：]|автор\s*[:：]|author\(s\)\s*[:：]|(?:文章|本文|原)?作者\s*[:：]?|撰文\s*[:：]?|文\s*[/|:：｜／]|由)\s*[:：]?\s*`)
	bylineEnd    = expr(`(?i)\s+(?:分类|标签|时间|日期|阅读|浏览|发布|on|in|at|am|um|于|發表|发表|posted|published|updated)(?:\b|\s|$|[^A-Za-z])|\s*[|·•／]|\s+[-–—]\s+|\s*[,，]?\s*(?:19|20)\d\d|[(（]`)
)

// writtenBy leads to a name anywhere in a line of the byline, byAlone is a line that leads to the next one.
var (
	writtenBy = expr(`(?i)(?:\b(?:posted|written|published|authored)\s+by\s*[:：]?\s*|(?:文章|本文|原)?作者\s*[:：]\s*|撰文\s*[:：]\s*|\bauthor(?:s|\(s\))?\s*[:：]\s*)`)
	byStart   = expr(`(?i)^[\s|·•—–-]*(?:(?:words\s+|text\s+|story\s+|article\s+)?by\s*[:：]?\s+|文\s*[/|:：｜／]\s*|撰文\s*|由\s*)`)
	byAlone   = expr(`(?i)^[\s|·•—–-]*(?:(?:posted|written|published|authored|words|article|story)\s+)?by\s*[:：]?$|^(?:the\s+)?authors?\s*[:：]?$|^(?:written\s+by|作者|本文作者|撰文|文章作者)\s*[:：]?$`)

	aboutAuthor = expr(`(?i)about (?:the |our )?(?:author|writer)|author bio|^(?:the )?authors?$|written by|关于作者|作者简介|作者介绍|本文作者`)
)

// initials lead up to a label that is somebody's family name: "A. Author: Methods", as references give it.
var initials = expr(`(?:^|\s)\p{Lu}\.\s*$`)

// authorsOfLines are the names that a line gives in words: "By Jane Doe and John Roe | May 1".
func (r *articlePage) authorsOfLines(sides ...side) []string {
	s := r.around()
	for _, z := range sides {
		for i := range s.lines {
			if s.lines[i].side != z {
				continue
			}
			text := s.lines[i].text
			if names := namesOfLine(text); len(names) > 0 {
				return names
			}
			if byAlone.MatchString(text) && i+1 < len(s.lines) {
				if names := splitNames(s.lines[i+1].text, true); len(names) > 0 {
					return names
				}
			}
		}
	}
	return nil
}

// licensed is how the box below a text, which says whose it is, names the author of this one; what themes write into the head is
// often the blog's owner, whoever wrote.
var licensed = expr(`(?i)^[\s|·•]*(?:(?:本文|文章|原)?作者|(?:article |post )?author)\s*[:：]\s*`)

// authorsOfLicence are the names in a line below the text that begins as licensed does.
func (r *articlePage) authorsOfLicence() []string {
	for _, l := range r.around().lines {
		if at := licensed.FindStringIndex(l.text); l.side == belowText && at != nil {
			return splitNames(l.text[at[1]:], true)
		}
	}
	return nil
}

// authorsOfTail are the names that a line below the text gives in words.
func (r *articlePage) authorsOfTail() []string {
	s := r.around()
	for i := range s.lines {
		if s.lines[i].side != belowText {
			continue
		}
		if at := writtenBy.FindStringIndex(s.lines[i].text); at != nil && at[0] < 4 && !initials.MatchString(s.lines[i].text[:at[0]]) {
			if names := splitNames(s.lines[i].text[at[1]:], true); len(names) > 0 {
				return names
			}
		}
		if byAlone.MatchString(s.lines[i].text) && i+1 < len(s.lines) {
			if names := splitNames(s.lines[i+1].text, false); len(names) > 0 {
				return names
			}
		}
	}
	return r.authorsOfLastLines()
}

// authorsOfLastLines are the names in the text's own last lines: "Written by Jane Doe", "（作者：张三）".
func (r *articlePage) authorsOfLastLines() []string {
	const last = 8 // lines; references and notes come after it
	b := r.blocks[r.body.block]
	for i, seen := b.end-1, 0; i > r.body.block && seen < last; i-- {
		if r.blocks[i].end != i+1 {
			continue
		}
		text := shownText(r.blocks[i].node)
		if text == "" {
			continue
		}
		seen++
		if len(text) > longestLine/2 {
			continue
		}
		if at := writtenBy.FindStringIndex(text); at != nil && at[0] < 4 && !initials.MatchString(text[:at[0]]) {
			if names := splitNames(text[at[1]:], false); len(names) > 0 {
				return names
			}
		}
	}
	return nil
}

// namesOfLine are the names in a line that says that it is a byline.
func namesOfLine(text string) []string {
	if weigh(text) > labelWeight {
		// A sentence: only "By Jane Doe. The rest" at its beginning is a byline.
		if at := byStart.FindStringIndex(text); at != nil {
			if end := strings.Index(text, ". "); end > at[1] && end-at[1] < longestName {
				return splitNames(text[at[1]:end], false)
			}
		}
		return nil
	}
	if at := writtenBy.FindStringIndex(text); at != nil && !reviewedBy.MatchString(text[:at[0]]) && !initials.MatchString(text[:at[0]]) {
		return splitNames(text[at[1]:], true)
	}
	if at := byStart.FindStringIndex(text); at != nil {
		return splitNames(text[at[1]:], !startsASCII(text[at[1]:]))
	}
	return nil
}

func startsASCII(s string) bool { return s == "" || s[0] < 0x80 }

// authorsOfBylines are the names that a line around the text gives in words: "Posted by Jane Doe on May 1".
func (r *articlePage) authorsOfBylines() []string {
	for i := range r.marked {
		if sp := &r.marked[i]; sp.roles&roleMeta != 0 && r.about(sp) && !r.late(sp) {
			if name := authorInByline(shownText(sp.Node), 4*labelWeight); name != "" {
				return []string{name}
			}
		}
	}
	for i := r.scope; i < r.blocks[r.scope].end; i++ {
		b := &r.blocks[i]
		if b.end != i+1 || r.apart(i, r.scope) || r.body.pure && r.within(i, r.body.block) || isHeading(b.node) {
			continue
		}
		text := shownText(b.node)
		if name := authorInByline(text, labelWeight); name != "" {
			return []string{name}
		}
		if weigh(text) > labelWeight && r.within(i, r.body.block) {
			break // the text has begun
		}
	}
	return nil
}

// authorInByline is the name that a line gives in words. Where the line is named as one it may go on: "This entry was posted by
// Jane Doe on May 1 and is filed under Notes. You can follow any responses…"
func authorInByline(text string, most int) string {
	if weigh(text) > most {
		return ""
	}
	m := writtenBy.FindStringIndex(text)
	if m == nil || initials.MatchString(text[:m[0]]) {
		return ""
	}
	name := text[m[1]:]
	if end := bylineEnd.FindStringIndex(name); end != nil {
		name = name[:end[0]]
	}
	if name, _, _ = strings.Cut(name, "　"); len([]rune(name)) > longestName/2 {
		return ""
	}
	return name
}
