package extract

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// This file knows the words by which what is not the author's text is known: those that stand alone in a block, those that begin
// one, and those in the names of its element. Rules: a word that an author may begin a sentence with needs the rest of the
// block to agree; the languages are those of the pages that were seen.

var (
	// adLabel is a block that says that an advertisement stands there.
	adLabel = expr(`(?i)^[\s\-–—()\[\]]*(?:advertise?ment|advertising|ads?|sponsored(?: content| links?| post)?|promoted|` +
		`(?:advertise?ment\s*[-–—.:]?\s*)?(?:(?:story|article|page|post|content|text)\s+continues?|continue (?:reading|below)|scroll (?:down )?to continue|keep reading)\b.{0,40}|` +
		`article continues after .{0,20}|report this ad|loading(?: content)?\s*(?:\.\.\.|…)?|广告|廣告|広告|スポンサー(?:ド)?リンク|광고|anzeige|werbung|publicidade?|publicité|pubblicità|реклама|iklan|reklama|advertentie)[\s\-–—()\[\]:]*$`)
	// shareLabel is a block that is a share button or its heading.
	shareLabel = expr(`(?i)^[^\pL\pN]*(?:(?:share|tweet|pin|post|send|e?mail|print|save|like|follow|copy|compartir|compartilhar|partager|teilen|condividi|поделиться|bagikan)\b(?:\s+(?:this|it|on|via|by|with|to|the|us|our|article|story|post|page|link|url|em|no|en|sur|auf|in|facebook|twitter|x|linkedin|pinterest|reddit|whats?app|email|e-mail|messenger|telegram|instagram|youtube|google|tumblr|friends|friend|your)\b)*|` +
		`facebook|twitter|x|linkedin|pinterest|reddit|whats?app|messenger|telegram|instagram|tumblr|flipboard|mix|pocket|line|wechat|weibo|sharing is caring|\d+\s*shares?|shares?|spread the (?:word|love)|link copied|copy link|copied|comments?(?:\s*\(\s*[+\d]*\s*\))?|text size|reuse this content|分享(?:到|至|本文|此文|文章)?|转发|收藏|点赞|シェア(?:する)?|ツイート|공유(?:하기)?|공유|인쇄)[^\pL\pN]*$`)
	// shareList is a run of such names: "Facebook Twitter Google+ Whatsapp".
	shareList = expr(`(?i)^[^\pL\pN]*(?:(?:share|tweet|facebook|twitter|google\s?\+?|linkedin|pinterest|reddit|whats?app|e-?mail|print|messenger|telegram|instagram|tumblr|flipboard|pocket|微信|微博|新浪微博|QQ空间|QQ|豆瓣|分享到)[^\pL\pN]*){2,}$`)
	// factLabel is a block that counts or says how long reading takes.
	factLabel = expr(`(?i)^[^\pL\pN]*(?:est\.?\s*)?(?:\d+\s*(?:-|–)?\s*(?:min(?:ute)?s?\.?(?:\s+(?:read|reading time|to read|de lectura|de leitura|lesezeit))?|comments?|views?|likes?|replies)|word\s?count\s*:?\s*\d+|reading time\s*:?\s*\d+.{0,10}|` +
		`(?:预计)?阅读(?:时间|时长|量|数|次数)?\s*[:：]?\s*(?:约|大约)?\s*\d+.{0,6}|字数\s*[:：]?\s*\d+.{0,4}|浏览(?:量|次数)?\s*[:：]?\s*\d+.{0,4}|(?:(?:点赞|评论|收藏|转发|分享|喜欢|阅读|浏览|赞)\s*[:：(（]?\s*\d*\s*[)）]?\s*){2,}|\d+\s*(?:次阅读|次浏览|阅读|浏览|评论|条评论|人阅读))[^\pL\pN]*$`)
	bareNumber = expr(`^[^\pL\pN]*\d{1,6}[^\pL\pN]*$`)
	// relatedLabel is the heading over links to other articles.
	relatedLabel = expr(`(?i)^[^\pL\pN]*(?:(?:related|similar|recommended|recent|popular|latest|trending|featured|further|other|suggested|(?:most|more) (?:recent|popular|read|viewed|helpful|related|top))\s+(?:to this|on this|from (?:us|our blog|the blog)|for you|(?:articles?|stories|story|posts?|links?|content|news|topics?|coverage|videos?|reads?|searches|now|today|this week)(?:\s+(?:by|from|on|in|for)\b.{0,40})?)|(?:related|recommended|popular|latest|featured)|` +
		`more (?:great |top )?[\pL\pN .&'’-]{0,30} (?:stories|articles|posts|news|coverage)|story timeline|` +
		`more (?:from|on|in|by|about|stories|articles|posts|news|like|like this|related|to (?:read|explore))\b.{0,40}|more|(?:you|we)(?:'|’)?(?:ll|d)?\s+(?:may|might|will|could)?\s*(?:also|think)?\s*(?:like|enjoy|love|be interested).{0,30}|you (?:may|might).{0,40}|(?:also|must) read.{0,20}|read (?:next|also|more|this next)|see also|up next|next up|don(?:'|’)?t miss|what to read next|editor(?:'|’)?s?(?:'|’)? (?:picks?|choice)|trending|most popular|most read|keep reading|in this series|` +
		`相关(?:文章|阅读|推荐|日志|帖子|新闻|链接|内容|资讯|视频)|猜你喜欢|(?:推荐|热门|延伸|精彩|最新|更多|热点)(?:阅读|文章|推荐|新闻|内容|资讯|视频)|你可能(?:也|还)?(?:喜欢|感兴趣).{0,6}|您可能(?:也|还)?(?:喜欢|感兴趣).{0,6}|随机(?:文章|推荐|阅读)|近期文章|最近文章|関連(?:記事|リンク|ニュース)|おすすめ(?:記事)?|あわせて読みたい|人気記事|관련\s?(?:기사|글|뉴스)|` +
		`ähnliche (?:artikel|beiträge|themen)|mehr zum thema|das könnte (?:sie|dich|euch) auch interessieren|(?:passend )?zum thema|auch interessant|weitere (?:artikel|beiträge|themen|nachrichten|meldungen|tipps|videos)(?: (?:aus|von|zu|zum|in)\b.{0,40})?|(?:neueste|aktuelle|beliebte|meistgelesene|empfohlene) (?:artikel|beiträge|themen|nachrichten|meldungen)|mehr (?:aus|von|über|zu)\b.{0,30}|lesen sie auch.{0,30}|verwandte (?:artikel|themen)|articles? (?:similaires|liés|connexes)|(?:à lire aussi|lire aussi|à voir aussi|sur le même (?:sujet|thème))|art[íi]culos? relacionados?|noticias? relacionadas?|te puede interesar|también te puede.{0,20}|lee también|(?:artigos|posts|not[íi]cias|mat[ée]rias|conte[úu]dos?) relacionad[oa]s?|leia (?:também|mais)|veja também|você (?:também )?pode.{0,20}|articoli correlati|leggi anche|читайте также|похожие (?:статьи|записи|материалы)|самые популярные.{0,20}|по теме|baca juga|artikel terkait)[^\pL\pN]*$`)
	// recentStories is one that begins with a name: "Jane Doe's most recent stories".
	recentStories = expr(`(?i)^[^\pL\pN]*.{0,40}(?:'s|’s) most recent stories[^\pL\pN]*$`)
	// furtherLabel are those that authors too write over their own lists: what is there decides.
	furtherLabel = expr(`(?i)^[^\pL\pN]*(?:(?:推荐|延伸|更多|扩展|拓展)阅读|相关(?:链接|资讯|内容|阅读)|(?:further|recommended|other) (?:reads?|links?|content)|related links?|see also)[^\pL\pN]*$`)
	// moreLine is one line that leads to another article: "Related: 10 strange cases".
	moreLine = expr(`(?i)^[^\pL\pN]*(?:(?:related(?: (?:article|story|post|video))?s?|read (?:more|next|also|this)|see (?:more|also)|also(?: (?:read|see|on .{2,20}))?|must[- ]read|more|more (?:on|from) .{2,30}|watch(?: (?:now|more|also|below))?|don(?:'|’)?t miss|recommended(?: reading)?|up next|continue reading|` +
		`lee también|leia (?:também|mais)|veja também|lire aussi|à lire aussi|lesen sie (?:auch|mehr|hier|dazu(?: auch)?)|lies (?:auch|mehr)|auch interessant|siehe auch|zobacz (?:też|także)|czytaj (?:też|także|więcej)|leggi anche|читайте также|baca juga|関連記事|相关(?:阅读|文章)|延伸阅读)\s*[:：|>»→]|baca juga\b|lire aussi\b|leia (?:também|mais)\b)`)
	// buttonLabel is a link that is a button.
	buttonLabel = expr(`(?i)^[^\pL\pN]*(?:(?:read|learn|see|view|show|load|find out|discover)(?: (?:more|full (?:review|article|story|gallery)|all|on|less|details|it|the full .{2,40})\b.{0,30})?|(?:get|buy|shop|order)(?: (?:it|yours?|now|started|tickets?|access|all books|here|a (?:free )?(?:quote|demo|trial)|the app))*(?: (?:now|today|here|on .{2,20}|at .{2,20}))?|visit (?:web ?)?site|(?:check|see|view|compare) (?:the )?(?:latest |current )?(?:prices?|deals?|availability|specs)\b.{0,30}|back to (?:top|contents|gallery|the top|home|blog)|jump to (?:details|recipe|comments?|.{0,20})|(?:start|try|begin)(?: (?:your|a|it|for|my|now|free))+(?: trial)?.{0,20}|download(?: (?:now|here|pdf|the app))?|apply now|book (?:a|your) (?:call|demo|consultation)|request a (?:demo|quote)|contact us|subscribe(?: now| here| today)?|sign up(?: now| here| free)?|donate(?: now)?|click here.{0,20}|enlarge|zoom|report|` +
		`返回顶部|回到顶部|查看更多|了解更多|阅读更多|点击查看.{0,6}|展开全文|加载更多|立即.{2,4}|続きを読む|もっと見る|더보기|mehr (?:erfahren|lesen)|weiterlesen|lire la suite|en savoir plus|leer más|ver más|saiba mais|leia mais|подробнее|читать далее)[^\pL\pN]*$`)
	// newsletter asks the reader to subscribe or to register.
	newsletter = expr(`(?i)^.{0,40}?(?:\b(?:sign(?:ing)?[- ]?(?:up|ed up)|subscrib(?:e|ing)|register|join)\b.{0,60}\b(?:newsletters?|news ?letter|inbox|e-?mails?(?: list| updates| alerts)?|mailing list|free daily|youtube channel|latest (?:news|updates|posts|articles|stories))|\b(?:delivered|sent|straight|right|directly)\s+(?:straight |right |directly )?(?:to|in|into) your (?:e?-?mail )?inbox|\b(?:news|newsletters?|updates)\b.{0,20}\b(?:meet|in) your inbox|\bthanks for reading\b.{0,80}\bsubscribe|\bsubscribe (?:for free )?to receive new posts|\bprotected by recaptcha|\bsuccessfully subscribed|\bproblem subscribing|微信扫一扫|扫(?:码|一扫|描).{0,12}(?:关注|二维码|公众号)|メールマガジン|newsletter abonnieren|abonne[rz]?[- ](?:vous )?.{0,20}newsletter|suscr[íi]b(?:ete|ase).{0,30}(?:newsletter|boletín)|assine.{0,30}newsletter)|` +
		`^[^\pL\pN]*(?:get (?:the )?(?:latest|breaking|top|our|more)\b.{0,60}\b(?:inbox|newsletter|by e?mail|alerts)\b|breaking news emails|follow\b.{0,60}\b(?:on (?:twitter|facebook|instagram)|on social media)|like us on facebook|(?:欢迎)?(?:订阅|关注)(?:我们的?|本|微信|我的)?(?:本站|本博客|邮件|微信)?公众号|^(?:我的|本人|个人)?(?:微信)?公众号\s*[:：]\s*\S{1,24}$)`)
	// creditLine says where a picture is from.
	creditLine = expr(`(?i)^[\s(\[|–—-]*(?:(?:(?:photo(?:graph)?|image|picture|illustration|video|graphic|foto|bild|imagen|imagem)s?(?: (?:credits?|source|copyright|courtesy(?: of)?|by|via))?\s*[:：©]|(?:photo|image|photograph|illustration)s? (?:by|courtesy(?: of)?|via|copyright|credits?)\b|credits?\s*[:：]|image copyright\b|image caption\b|courtesy of\b|image (?:credit|alt|size|position|source)$|getty images|view this post on instagram|a post shared by\b|图片?来源\s*[:：]|图源\s*[:：]|图\s*[/／]|写真\s*[:：]|©))`)
	// licence is what is said of the article itself below it.
	licence = expr(`(?i)^[^\pL\pN]*(?:(?:all rights reserved|copyright\s*(?:©|@|\(c\)|\d{4})|©\s*(?:copyright)?\s*\d{4}|©\s*.{0,40}\d{4}|(?:this )?(?:article|post|story) (?:was |has been )?(?:originally |first )(?:appeared|published|posted)\b|originally published)|版权(?:声明|所有|归)|著作权|本(?:文|作品|博客|站).{0,8}(?:采用|遵循|使用|基于|根据).{0,30}(?:协议|许可|授权)|本(?:文|作品|博客)的?(?:版权|著作权|转载)|(?:未经|禁止|欢迎|如需|商业|非商业)(?:许可|授权|允许|转载)|转载(?:请|,|，|自|声明|须|时)|原文(?:链接|地址)\s*[:：]|本文(?:链接|地址|作者|原文)\s*[:：]|本文(?:由|首发).{0,24}(?:发布|原创|授权|编辑|转载|提供|首发|投稿)|(?:阅读|查看)原文|点击.{0,6}阅读原文|(?:责任?编辑|责编)\s*[:：]|如果(?:您|你)?觉得.{0,20}(?:打赏|赞赏|支持)|(?:打赏|赞赏)(?:作者|博主|本文|支持|一下|我|码|二维码)?[\s:：!！。]*$|(?:打赏|赞赏)(?:作者|支持|本文)|无断転載)`)
	// bioLine introduces the author.
	bioLine = expr(`(?:^|\s)(?:is|was|are)\s+(?:an?|the)\s+(?:[\p{L}\-’'.,&]+\s+){0,8}?(?i:reporter|writer|editor|journalist|correspondent|columnist|freelancer|contributor|blogger|staff writer|author|producer|fellow|intern)\b`)
	// contactLine says how to reach the author, or leads to them.
	contactLine = expr(`(?i)^[^\pL\pN]*(?:(?:write to|contact|email|reach|follow|e-mail|have a tip)\b.{0,60}(?:@|\bat\b.{0,40}@)|view all posts by\b|(?:about the authors?|(?:the )?authors?)[^\pL\pN]*$)`)
	// creditsLine names who wrote and edited.
	creditsLine = expr(`(?i)^(?:(?:additional )?reporting by\b|(?:editing|written|edited) by\b|source\s*:|关于作者|作者简介|作者介绍)`)
	// tailLabel is the heading of what stands after an article, whatever is below.
	tailLabel = expr(`(?i)^[^\pL\pN]*(?:(?:\d+\s+)?(?:comments?|responses?|replies|reviews?|thoughts? on .{0,80})(?:\s*\(\d*\+?\))?|(?:leave|post|add|write) (?:a |your )?(?:comments?|reply|response|review)|leave a reply.{0,20}|join the (?:conversation|discussion)|(?:about )?(?:the |our )?authors?|meet the authors?|written by|share (?:this|your thoughts).{0,40}|tags?|topics?|filed under|categor(?:y|ies)|tagged.{0,10}|article history|newsletter|subscribe|follow us.{0,20}|stay (?:connected|in touch|updated)|sign up.{0,40}|have your say.{0,40}|` +
		`评论|留言|发表(?:评论|回复)|网友评论|热门评论|分享|标签|打赏|赞赏|关于作者|作者简介|版权声明|上一篇|下一篇|コメント(?:を残す)?|タグ|댓글|(?:keine |\d+ )?kommentare?|kommentar schreiben|(?:jetzt |artikel |beitrag )?teilen|themen(?: in diesem artikel)?|schlagwörter|stichworte|über (?:den autor|die autorin|die autoren)|zur person|zurück(?: zur (?:startseite|übersicht))?|valora esta noticia|temas (?:relacionados|del artículo)|etiquetas|mots[- ]clés|commentaires?|laisser un commentaire|comentarios?|deja (?:una|un) (?:respuesta|comentario)|comentários?|deixe (?:um|uma) .{0,14}|отзывы|комментарии|добавить отзыв|tags\s*:?)[^\pL\pN]*$`)
	// contentsLabel is the heading of a list of the article's own headings.
	contentsLabel = expr(`(?i)^[^\pL\pN]*(?:(?:table of )?contents|in this (?:article|post|guide|review)|on this page|jump to(?: section)?|quick links|(?:文章|本文)?目录|目錄|目次|もくじ|목차|inhalt(?:sverzeichnis)?|in diesem artikel|sommaire|table des matières|índice|contenido|sumário|indice|spis treści|содержание|оглавление)[^\pL\pN]*$`)
	// authorsLabel is a heading of the author's over links and short lines, which are to be kept.
	authorsLabel = expr(`(?i)^[^\pL]*(?:references?|bibliography|works? cited|sources?|citations?|foot-?notes?|notes?|further reading|acknowledge?ments?|appendix.{0,40}|credits|links?|resources?|changelog|参考(?:资料|文献|链接|文章|来源)?|引用|资料|脚注|注释|附录.{0,20}|致谢|鸣谢|后记|延伸阅读|参考文献|참고\s?(?:문헌|자료)?|quellen|literatur|références|referencias|referências|bibliografia|fonti|источники|литература)[^\pL\pN]*$`)
)

// boxWords are words of names: what they begin is no text of the author's where it looks like it.
var boxWords = [...]string{"upsell", "share", "sharing", "social", "newsletter", "signup", "optin", "subscri", "related", "recirc", "recommend", "trending", "mostpopular",
	"outbrain", "taboola", "sponsor", "advert", "promo", "breadcrumb", "textresizer", "toolbar", "readnext", "readmore", "upnext", "prevnext",
	"donat", "cookie", "paywall", "reward", "byline", "masthead", "compartil", "relacionad", "feedback", "skip", "topbar", "infobar", "zergnet",
	"featuredvideo", "addthis", "addtoany", "jiathis", "bdshare", "bdsharebuttonbox", "dpsp", "mailmunch", "mailchimp", "shariff", "recaptcha", "popup", "modal", "alsoread", "crosslink"}

// boxPairs are words that say it only together.
var boxPairs = [...][2]string{{"read", "more"}, {"featured", "video"}, {"video", "info"}, {"video", "title"}, {"video", "meta"}, {"embed", "report"}, {"read", "next"}, {"email", "signup"}, {"author", "bio"}, {"about", "author"}, {"author", "box"}, {"author", "info"},
	{"author", "card"}, {"author", "profile"}, {"article", "tags"}, {"field", "tags"}, {"most", "popular"}, {"most", "read"}, {"next", "prev"}, {"ad", "container"},
	{"ad", "wrapper"}, {"ad", "unit"}, {"ad", "slot"}, {"article", "meta"}, {"post", "meta"}, {"entry", "meta"}, {"call", "action"}, {"story", "footer"}, {"tag", "list"}}

// surelyNot are the beginnings of what boxName gives for boxes that may hold sentences as well.
var surelyNot = [...]string{"newsletter", "signup", "optin", "related", "recirc", "trending", "mostpopular", "outbrain", "taboola", "upsell", "author-", "about-author",
	"next-prev", "prevnext", "readnext", "upnext", "alsoread", "most-", "subscri", "email-signup", "paywall"}

// isSurelyNot reports whether a box of such a name may hold sentences that are not the author's.
func isSurelyNot(word string) bool {
	for _, begin := range surelyNot {
		if strings.HasPrefix(word, begin) {
			return true
		}
	}
	return false
}

// nameKind is what a class or an id says.
type nameKind struct {
	box     string // the word that says that it is no text
	caption bool
}

// nameOf reads a class or an id, and remembers it: a page repeats its names.
func (o *outline) nameOf(name string) nameKind {
	kind, ok := o.names[name]
	if !ok {
		kind = nameKind{boxWord(name), captionWord(name)}
		o.names[name] = kind
	}
	return kind
}

// boxName is the word in an element's names that says that it is no text, or "".
func (o *outline) boxName(n *html.Node) string {
	for i := range n.Attr {
		a := &n.Attr[i]
		if a.Key != "class" && a.Key != "id" || len(a.Val) > longestNames {
			continue
		}
		if a.Key == "id" && isAnchor(n, a.Val) {
			continue
		}
		for name := range strings.FieldsSeq(a.Val) {
			if word := o.nameOf(name).box; word != "" {
				return word
			}
		}
	}
	return ""
}

// isAnchor reports whether an id is there to be linked to: a heading's, or that of a section which says its heading's words.
func isAnchor(n *html.Node, id string) bool {
	if isHeading(n) {
		return true
	}
	if n.DataAtom != atom.Section && n.DataAtom != atom.Div && n.DataAtom != atom.Article {
		return false
	}
	first := n.FirstChild
	for first != nil && first.Type != html.ElementNode {
		first = first.NextSibling
	}
	return first != nil && isHeading(first) && strings.HasPrefix(letters(textOf(first), longestNames), letters(id, longestNames))
}

// longestNames bounds the names that are read of one element, in bytes.
const longestNames = 1000

func boxWord(name string) string {
	var buf [8]string
	words := splitName(name, buf[:0])
	if len(words) == 0 || stateWords[words[0]] {
		return ""
	}
	for i, word := range words {
		if strings.HasSuffix(word, "cta") {
			return word
		}
		for _, begin := range boxWords {
			if strings.HasPrefix(word, begin) && word != "shared" && word != "shareholder" && word != "shareholders" {
				return word
			}
		}
		for _, pair := range boxPairs {
			if i > 0 && words[i-1] == pair[0] && word == pair[1] {
				return words[i-1] + "-" + word
			}
		}
	}
	return ""
}

// asksWords are words without which newsletter matches nothing: looking for them is quicker.
var asksWords = [...]string{"newsletter", "inbox", "mail", "subscri", "news", "follow", "like us", "recaptcha", "youtube", "updates", "alerts", "sign", "register", "join",
	"公众号", "微信", "扫", "メール", "abonne", "suscr", "assine"}

// asks reports whether a part asks its reader to subscribe.
func (o *outline) asks(i int) bool {
	p := &o.parts[i]
	if !p.asked {
		p.asked, p.asks = true, asks(o.textOf(i))
	}
	return p.asks
}

func asks(text string) bool {
	lower := lowerASCII(text)
	for _, word := range asksWords {
		if strings.Contains(lower, word) {
			return newsletter.MatchString(text)
		}
	}
	return false
}

// lowerASCII is what strings.ToLower gives for the words above, and quicker.
func lowerASCII(text string) string {
	b := []byte(text)
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			b[i] = c | 0x20
		}
	}
	return string(b)
}

// introduces reports whether a text introduces the author, or says how to reach them. The first of the expressions goes through
// the text from every word, so what it cannot do without is looked for first.
func introduces(text string) bool {
	if contactLine.MatchString(text) || creditsLine.MatchString(text) {
		return true
	}
	for _, verb := range [...]string{"is ", "was ", "are "} {
		if strings.Contains(text, verb) {
			return bioLine.MatchString(text)
		}
	}
	return false
}
