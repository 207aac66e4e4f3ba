package extract

import (
	"strings"
	"unicode"

	"golang.org/x/net/html"
)

// This file recognises text that a blog hides from strangers: behind a login, a reply, a subscription, a code from a chat account.
// Rules: a lock says so in a short block of its own, in the article's place or in the text. Where that is all, or a teaser
// stands before it, there is no article to keep. Where an article stands around it, the visible text is kept, and the lock's own
// words with it, so that the copy never passes for the whole.

// lockWords are how a lock speaks.
var lockWords = expr(`(?i)(?:回复|评论|留言|登录|登陆|登入|注册|关注.{0,16}(?:公众号|微信|博主|作者|我们|账号)|扫码.{0,14}|付费|购买|支付|打赏|赞助|会员|vip|订阅|输入.{0,4}(?:密码|验证码|口令)|分享.{0,8}|积分|点赞|转发)` +
	`.{0,18}(?:后|才能|才可以?|方可|方能|即可|可以|专享|专属)(?:继续|进行)?.{0,6}(?:可见|查看|阅读|显示|解锁|浏览|观看|访问)|` +
	`(?:仅|只)(?:限|对|供|允许|有)?.{0,6}(?:登录|注册|会员|vip|粉丝|订阅|付费|关注).{0,6}(?:可见|查看|阅读|可读|浏览)|` +
	`(?:此处|本文|以下|该|这里|剩余|部分|以上|余下).{0,8}(?:内容|部分|文字|段落|全文).{0,10}(?:隐藏|加密|锁定|需要?(?:付费|登录|购买|关注|验证))|隐藏内容.{0,16}(?:查看|阅读|可见|显示)|(?:剩余|还有|余下).{0,4}\d+ ?%.{0,10}|` +
	`(?:subscribe|sign ?(?:in|up)|log ?in|register|become a (?:\w+ )?member|upgrade|join)(?: \w+){0,8} to (?:read|continue|view|unlock|access|see|keep reading)|` +
	`(?:content|post|article|story|rest).{0,24}(?:is |are )?(?:only )?(?:for|available to|reserved for|restricted to|exclusive to|visible to)(?: \w+){0,3} (?:members|subscribers|patrons|users)|` +
	`(?:members|subscribers)[ -]only (?:content|post|article|story)|you(?: ha|')ve (?:read|reached).{0,40}(?:free )?(?:articles?|stories|limit)`)

// lockOpening is how the block of a lock begins. An author's sentence about locks begins otherwise.
var lockOpening = expr(`(?i)^[\s\p{P}\p{S}]*(?:此处|本文|本帖|本内容|该|以下|以上|隐藏|抱歉|对不起|温馨提示|提示|您|你|请|如需|如果|想要?|欢迎|需要?|剩余|余下|还有|内容|这里|文章|阅读|查看|仅|只|登录|登陆|注册|评论|回复|关注|扫码|微信|付费|购买|支付|会员|vip|订阅|输入|部分|` +
	`this|the|subscribe|sign|log|to (?:read|continue|view|keep)|already|you|please|members|subscribers|become|join|register|upgrade|want|keep|read|continue|unlock)`)

// lockRunes are what a lock's block begins with: most blocks begin otherwise, and are not looked at further.
const lockRunes = "此本该以隐抱对温提您你请如想欢需剩余还内这文阅查仅只登注评回关扫微付购支会订输部tslaypmbjruwkcvTSLAYPMBJRUWKCV"

// lockVerbs stand in every lock's words.
var lockVerbs = [...]string{"可见", "查看", "阅读", "显示", "解锁", "浏览", "观看", "可读", "隐藏", "加密", "锁定", "剩余", "还有", "余下", "全文",
	" read", " unlock", " continue", " access", "embers", "ubscribers", "atrons", "users"}

func speaksAsLock(text string) bool {
	for _, verb := range lockVerbs {
		if strings.Contains(text, verb) {
			return true
		}
	}
	return false
}

// opensAsLock looks at the first letter of a block.
func opensAsLock(n *html.Node) bool {
	for d := range n.Descendants() {
		if d.Type != html.TextNode {
			continue
		}
		for _, r := range d.Data {
			if unicode.IsLetter(r) {
				return strings.ContainsRune(lockRunes, r)
			}
		}
	}
	return false
}

const (
	// leastLock and maxLock are the weight of a lock's own words, and maxLockBlocks how many blocks hold them.
	leastLock     = 8
	maxLock       = 240
	maxLockBlocks = 4
	// maxTeaser is the weight of the longest text that is only there to make a reader curious, where a lock ends it.
	maxTeaser = 400
)

// lock is a lock that was found.
type lock struct {
	words string
	block int
	// inside says that it stands in the text, and not beside it.
	inside bool
	all    bool // next to nothing of the article is visible
}

// findLock finds the first lock in the article's text, or beside it.
func (r *articlePage) findLock(found bool) (lock, bool) {
	for i := r.scope; i < r.blocks[r.scope].end; i++ {
		b := &r.blocks[i]
		inside := found && r.within(i, r.body.block)
		if b.aside && !inside && b.roles&(roleComments|roleForeign) != 0 {
			i = b.end - 1
			continue
		}
		if b.end > i+maxLockBlocks || b.roles&roleComments != 0 {
			continue
		}
		if b.own > maxLock || !opensAsLock(b.node) {
			continue
		}
		text := shownText(b.node)
		if w := weigh(text); w < leastLock || w > maxLock || !speaksAsLock(text) || !lockOpening.MatchString(text) || !lockWords.MatchString(text) {
			continue
		}
		l := lock{words: text, block: i, inside: inside, all: !found}
		if found {
			before, after := r.proseAround(i)
			l.all = before+after < fewWords || after < leastSentence && before < maxTeaser
		}
		return l, true
	}
	return lock{}, false
}

// proseAround is the weight of the article's sentences before and after a block.
func (r *articlePage) proseAround(block int) (before, after int) {
	for j := r.body.block; j < r.blocks[r.body.block].end; j++ {
		switch b := &r.blocks[j]; {
		case r.within(j, block):
		case b.aside && !r.within(block, j):
			j = b.end - 1
		case j < block:
			before += b.own
		default:
			after += b.own
		}
	}
	return before, after
}

// showLock keeps the words of a lock in the text: they stand in the place of what is hidden.
func (r *articlePage) showLock(l lock) {
	if !l.inside {
		return
	}
	for i := l.block; i > r.body.block; i = r.blocks[i].parent {
		r.blocks[i].aside = false
		r.blocks[i].roles &^= roleNotText | roleSure | roleMeta
	}
}
