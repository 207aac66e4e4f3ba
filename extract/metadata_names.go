package extract

import (
	"slices"
	"strings"
	"unicode"

	"archiver"
)

// This file tells names from other words. Rules: a text is cut where a name ends - at a date, a bar, a bracket, a job; what is left
// is a name if it is written as one; the words for whoever runs a site (admin, staff, the team) name nobody.

// nameCut is where a name ends inside a line that goes on.
var nameCut = expr(`(?i)\s*[|·•∙⋅／→»›<>()（）\[\]{}【】@#:：;；"“”!?？！。]|\s+[-–—~/]\s*|\s*[–—]\s+|[\s,，]+(?:\d|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\s+\d)|` +
	`[\s,，]+(?:分类|标签|时间|日期|阅读|浏览|发布|发表|發表|更新|来源|于)|[\s,，]+(?:in|on|at|am|um|le|el|for|is|posted|published|updated|modified|last|says|writes|via|from|with|and \d+ others)(?:\b|\s|$|[^\p{L}])`)

// namesJoin stands between the names of several authors.
var namesJoin = expr(`\s*(?:[,，、;；&|]|/|\s(?:and|und|et|y|with)\s)\s*(?:(?:and|und|et)\s+)?`)

// notNames are words that no name has: of links, of jobs, of organisations.
var notNames = wordSet(`about account all archive archives article articles author authors back blog bio book books by category categories click comment comments
	company connect contact contents copy corp corporation daily date day days details disclosure email facebook feed find follow follows free from get guide
	guides here home how i inc instagram is it january february march april june july august september october november december join last latest learn
	link linkedin list llc ltd magazine menu min mins minute minutes more my network new news newsletter next no our page photo photos picture podcast
	policy portrait post posted posts previous print privacy productions profile published publisher read reading related report reviewed reviews say says
	search see share show sign site skip social story subscribe table tag tags team the this tips to top topics twitter unknown update updated
	verified view views was website what why with written year years you your youtube monday tuesday wednesday thursday friday saturday sunday
	journalist editor editors editorial director manager engineer developer coordinator officer founder cofounder co-founder writer specialist senior
	analyst contributor contributors contributing freelance reporter correspondent columnist head president vice ceo cto coo cfo lead intern
	marketing product content creator expert experts consultant educator educators professor staff guest desk newsroom group agency media studio labs
	copywriter youtuber blogger biography log tiktok threads teams caption staffs watch videos associated press ap
	images getty shutterstock unsplash reuters via credit courtesy alternatives`)

// noOne are words that name nobody. 站长, 博主 and 小编, by which many Chinese bloggers sign, do.
var noOne = wordSet(`root webmaster user author authors editor editors editorial staff guest contributor anonymous unknown none null undefined wordpress 佚名 匿名 未知 本站 原创 转载 网络 作者 编辑 writer team contributors by`)

func wordSet(list string) map[string]bool {
	set := make(map[string]bool)
	for word := range strings.FieldsSeq(list) {
		set[word] = true
	}
	return set
}

// particles are the words in names that are written small.
var particles = wordSet("de da do dos das del della der den di du el la le les van von vom zu zur ten ter bin ibn al af av und y e i")

// suffixes are the titles after a name, that a comma may part from it.
var suffixes = wordSet("jr sr ii iii iv phd ph.d md m.d mph m.p.h rd r.d rdn ms m.s ma m.a mba msc cfp cfp® cpa cfa esq dds dvm rn mw bsc jd lcsw pharmd")

// isName reports whether a text is written as a person's name. A single word is one only where something else says so.
func isName(s string, sure bool) bool {
	n, han, cased := 0, 0, 0
	for _, r := range s {
		n++
		switch {
		case unicode.Is(unicode.Han, r) || unicode.Is(unicode.Hiragana, r) || unicode.Is(unicode.Katakana, r) || unicode.Is(unicode.Hangul, r):
			han++
		case unicode.IsLetter(r):
			cased++
		case unicode.IsMark(r) || strings.ContainsRune(" .'’‘-‐·・®,ー_", r):
		case unicode.IsDigit(r) && sure && !strings.ContainsRune(s, ' '):
		default:
			return false
		}
	}
	if n < 2 || n > longestName || han+cased == 0 || strings.HasSuffix(s, ".com") || strings.HasSuffix(s, ".txt") {
		return false
	}
	if han > 0 {
		return (sure || han >= 2) && (cased > 0 || han <= 8) && n <= 16 && !noOne[s]
	}
	words := strings.Fields(s)
	if len(words) > 5 || len(words) < 2 && !sure {
		return false
	}
	capital := false
	for i, word := range words {
		plain := strings.ToLower(strings.Trim(word, ".,"))
		if notNames[plain] {
			return false
		}
		first := []rune(word)[0]
		switch {
		case unicode.IsUpper(first) || !unicode.IsLower(first):
			capital = true
		case len(words) == 1:
		case particles[plain] || strings.HasPrefix(plain, "d'") || strings.HasPrefix(plain, "al-"):
		case sure && i > 0 && !capital:
		case sure && len(words) <= 3 && i == 0:
		default:
			return false
		}
	}
	return capital || sure
}

// cutName cuts a text down to the name that it begins with.
func cutName(s string) string {
	s = oneLine(bylineAuthor.ReplaceAllString(oneLine(s), ""))
	if at := nameCut.FindStringIndex(s); at != nil {
		s = s[:at[0]]
	}
	s = strings.Trim(s, " ,，、|·-–—")
	if last := strings.LastIndexByte(s, ' '); !strings.Contains(s[last+1:], ".") || strings.Count(s[last+1:], ".") > 1 || len(s)-last < 5 {
		return s
	}
	return strings.TrimRight(s, ".") // the end of a sentence, and not of "R.D."
}

// dayOnly is a date without a year, that may look like a name: "Jan 15".
var dayOnly = expr(`(?i)^\s*(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\s+\d`)

// splitNames are the names that a text lists: "Jane Doe, Ph.D., and John Roe, Editor".
func splitNames(s string, sure bool) []string {
	if dayOnly.MatchString(s) {
		return nil
	}
	s = cutName(s)
	if s == "" {
		return nil
	}
	parts := namesJoin.compiled().Split(s, -1)
	if len(parts) == 1 {
		if isName(s, sure) {
			return []string{s}
		}
		return nil
	}
	var names []string
	for _, part := range parts {
		part = strings.TrimSpace(part)
		if suffixes[strings.ToLower(strings.TrimRight(part, "."))] && len(names) > 0 {
			names[len(names)-1] += ", " + part
			continue
		}
		if !isName(part, sure && len(names) == 0) {
			break // a job, a place
		}
		names = append(names, part)
	}
	return names
}

// isNoOne reports whether a name is a word for whoever runs the site, or the site's own.
func (r *articlePage) isNoOne(name string) bool {
	words := strings.FieldsFunc(strings.ToLower(name), func(c rune) bool { return unicode.IsSpace(c) || c == '-' || c == '_' })
	words = slices.DeleteFunc(words, func(w string) bool { return w == "the" || w == "our" || w == "a" || w == "by" })
	all := len(words) > 0
	for _, word := range words {
		all = all && noOne[word]
	}
	if all {
		return true
	}
	key := letters(name, 0)
	if rest, ok := strings.CutSuffix(key, "team"); ok {
		key = rest
	} else if rest, ok := strings.CutSuffix(key, "editors"); ok {
		key = rest
	} else if rest, ok := strings.CutSuffix(key, "staff"); ok {
		key = rest
	} else {
		return false
	}
	key = strings.TrimPrefix(key, "the")
	return key == "" || r.site != "" && strings.Contains(letters(r.site, 0), key) || strings.Contains(letters(archiver.Host(r.page.URL), 0), key)
}
