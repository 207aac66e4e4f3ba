package extract

import (
	"slices"
	"strings"

	"archiver"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// This file knows the pages that sites, their guards and their hosts show in an article's place. Rules: a page is such a wall
// when it is nothing else - its whole text is short, it has no sign of an article, and two witnesses say the same: its title,
// its words, its markup. The words alone do where they are all that the page has. An article that speaks of walls is longer than
// they are, or has a title of its own, and passes.

// wall is a sort of page that stands in an article's place.
type wall struct {
	name   string // for the trace
	kind   archiver.Kind
	reason string
	hint   string
	title  *expression // of a whole title, or of what stands on one side of the site's name
	words  *expression // in the text
	markup []string    // in the source; no page but such a wall has it and next to no text
	most   int         // the weight of the text of the largest such page
}

// walls are looked through in this order.
var walls = [...]wall{
	{
		name: "challenge", kind: archiver.Blocked, most: 900,
		reason: "the site asks for proof that a person is reading",
		hint:   "it may let you in later, or with a longer --delay",
		title: wholeTitle(`just a moment|attention required!?(?: \W* cloudflare)?|checking your browser.{0,30}|one moment,? please|please wait.{0,30}|ddos.guard|` +
			`(?:\w+ )?security check(?:point)?|(?:robot|human|bot) (?:check|verification)|(?:security |human )?verification(?: required)?|are you (?:a )?(?:human|robot)|captcha|` +
			`(?:please )?verify (?:that )?you(?: a|')re (?:a )?human|pardon our interruption|access to this page has been denied|(?:please )?enable javascript.{0,20}|` +
			`javascript (?:is )?(?:required|disabled)|.{0,8}(?:安全|访问|人机|身份|滑动|滑块)(?:验证|校验|检查|检测|认证)(?:中心|页面?|中)?|(?:请输入)?验证码|(?:请|正在).{0,4}(?:验证|校验).{0,8}|` +
			`请稍[候等后].{0,6}|访问(?:过于|太)频繁|访问频率.{0,8}|请(?:开启|启用|打开) ?(?:javascript|js|cookies?).{0,6}|.{0,6}(?:云防护|网站卫士|创宇盾|安全狗|防火墙)`),
		words: expr(`(?i)checking (?:if the site connection is secure|your browser)|verify(?:ing)? (?:that )?you are (?:a )?(?:human|not a (?:ro)?bot)|(?:not|aren.t) a robot|` +
			`enable (?:javascript|cookies)(?: and (?:javascript|cookies))?|turn on javascript|complete the (?:security check|captcha|action)|ddos protection by|unusual (?:traffic|activity)|` +
			`automated (?:access|quer|request|tool)|incapsula incident|ddos.guard|request unsuccessful|review the security of your connection|(?:完成|通过|进行).{0,8}验证|` +
			`滑块|输入.{0,10}验证码|(?:访问|请求|操作)(?:过于|太|过)频繁|频率(?:过高|过快)|(?:不是|是否(?:为|是)?|您是|你是|确认为)(?:真人|机器人)|` +
			`(?:开启|启用|打开|允许|支持).{0,8}(?:javascript|js|cookie)|浏览器.{0,8}安全(?:检查|验证)|安全检[查测].{0,30}(?:跳转|秒|自动)|异常(?:流量|访问|请求)`),
		markup: []string{"_cf_chl_opt", "cf-browser-verification", "_Incapsula_Resource", "sucuri_cloudproxy_js", "acw_sc__v2", "aliyun_waf", "__jsl_clearance",
			"captcha-delivery.com", "AwsWafIntegration", "sgcaptcha", "ddos-guard", "yunsuo_session", "WZWS_CONFIRM", "wzwsfp"},
	},
	{
		name: "maintenance", kind: archiver.Transient, most: 500,
		reason: "the site is out of order, and says so in the article's place",
		title: wholeTitle(`(?:error establishing a )?database (?:connection )?error|error establishing a database connection|建立数据库连接时出错|数据库(?:连接)?(?:错误|出错|失败)|` +
			`(?:(?:web)?site )?(?:is )?(?:under|down for|undergoing)?(?: scheduled| temporary)? ?maintenance(?: mode)?|(?:网站|系统|站点|服务器)?(?:正在)?(?:进行)?(?:维护|升级)(?:中|公告|通知)?|` +
			`(?:error )?50[0234](?: \w+){0,4}|service (?:temporarily )?unavailable|bad gateway|internal server error|(?:网站|服务器)(?:繁忙|错误|故障|出错)|wordpress › (?:error|错误)|fatal error|error|出错了|错误`),
		words: expr(`(?i)error establishing a database connection|unavailable for scheduled maintenance|建立数据库连接时出错|数据库(?:连接)?(?:失败|错误|出错)|` +
			`(?:网站|站点|系统|本站|服务器|页面).{0,4}(?:正在|进行).{0,6}(?:维护|升级|抢修)|down for (?:scheduled )?maintenance|performing (?:some |scheduled )?maintenance|` +
			`(?:be )?back (?:soon|shortly|online|in a)|critical error on th|此站点(?:遇到|出现)了?(?:致命|严重)错误|temporarily unavailable|(?:fatal|parse) error: |sqlstate\[|too many connections|` +
			`unable to (?:connect to the database|service your request)|服务(?:器)?(?:暂时)?不可用`),
	},
	{
		name: "block", kind: archiver.Blocked, most: 900,
		reason: "a firewall or filter answers in the site's place",
		hint:   "look at the address in a browser; the network here, or the site, may forbid it",
		title: wholeTitle(`access (?:is )?(?:denied|forbidden|blocked)|(?:error )?403(?: forbidden| access denied)?|forbidden|(?:the )?request (?:rejected|blocked|could not be satisfied)|` +
			`(?:web ?page|website|web ?site|site|page|content|url|this site is) (?:is )?blocked|attention required|sorry, you have been blocked|(?:拒绝|禁止|限制)访问|` +
			`(?:您的)?(?:访问|请求|网页|网站|页面|域名|该网站|该网页).{0,4}(?:被|遭|已被)(?:拒绝|拦截|阻断|禁止|屏蔽|封禁|限制).{0,6}|网站访问报错|.{0,4}(?:安全|访问|防火墙|waf) ?(?:拦截|阻断)(?:提示|页面)?|` +
			`(?:网站|域名|该域名|该网站)?.{0,4}未(?:进行|完成)?备案.{0,4}|non-compliance icp filing|知道创宇.{0,6}|.{0,4}(?:云防护|创宇盾|网站卫士)|温馨提示|友情提示|访问提示|安全警告|405(?: .{0,20})?`),
		words: expr(`(?i)you (?:don.t|do not) have permission|(?:have|has|was|were|is|been) (?:been )?(?:blocked|denied|rejected|restricted|forbidden)|support id|incident id|ray id|` +
			`(?:您|你)的?(?:访问|请求|提交|操作|ip).{0,40}(?:拦截|阻断|威胁|攻击|不合法|禁止|黑名单|拒绝|风险)|(?:网站|网页|页面|站点|域名|链接|地址|内容).{0,16}(?:屏蔽|封禁|禁止访问|拦截|阻断|限制访问|停止访问|无法访问)|` +
			`未.{0,12}备案|备案(?:号|信息).{0,12}(?:取消|注销|无)|icp filing|违反.{0,12}(?:法律|法规|规定)|(?:违法|违规|不良|有害|诈骗)(?:信息|网站|内容)|防火墙|request could not be satisfied|generated by cloudfront|your (?:organi[sz]ation|administrator)`),
	},
	{
		name: "host", kind: archiver.Blocked, most: 900,
		reason: "the site's host shows a page of its own: the site is closed, moved, or not set up",
		hint:   "look at the address in a browser",
		title: wholeTitle(`(?:this )?account (?:has been )?suspended|(?:web)?site (?:is )?(?:suspended|expired|not published|not available|no longer available|not found)|welcome to (?:nginx|openresty|tengine|centos|caddy)(?: on .{0,20})?|` +
			`(?:apache2?|http server|nginx|centos|fedora|ubuntu|debian).{0,30}(?:default|test) page.{0,30}|test page for.{0,50}|it works|iis windows server|iis7|default (?:web ?site )?page|domain default page|` +
			`(?:.{3,40} )?(?:domain|is|may be) (?:name )?(?:is )?(?:for sale|parked|expired)|parked domain.{0,20}|future home of.{0,40}|恭喜.{0,4}站点创建成功.{0,4}|没有找到站点|抱歉.{0,3}站点已暂停|` +
			`(?:本|该)?(?:网站|站点|域名|空间|主机)(?:已|暂)?(?:经)?(?:到期|过期|停用|关闭|暂停|停止|出售|转让|欠费).{0,8}|(?:域名|本域名).{0,6}(?:出售|转让).{0,6}`),
		words: expr(`(?i)account has been suspended|contact your (?:hosting|billing)|hosting provider|successfully installed and working|default (?:web ?)?page|(?:domain|website).{0,40}(?:for sale|expired|parked|registered|suspended)|` +
			`buy this domain|it works!|further configuration is required|internet information services|powered by (?:centos|nginx)|(?:域名|站点|网站|空间|主机|服务器).{0,16}(?:到期|过期|停用|出售|转让|暂停|关闭|续费|欠费|绑定|没有找到|创建成功)|默认(?:页面?|首页|index)`),
	},
	{
		name: "folder", kind: archiver.Unusable, most: 1 << 20,
		reason: "the server shows a folder's files in the article's place",
		title:  wholeTitle(`(?:index of|directory listing (?:for|of)) ?/\S*`),
		words:  expr(`(?i)index of /|parent directory|directory listing|last modified`),
	},
	{
		name: "consent", kind: archiver.Denied, most: 2400,
		reason: "the site shows only its question about cookies",
		hint:   "archiver gives no consent in your name; the site may show the article to readers elsewhere",
		title: wholeTitle(`before you continue.{0,40}|(?:cookies?|privacy|gdpr)(?: (?:and|&) (?:cookies?|privacy))? ?(?:consent|policy|notice|settings|preferences|choices|wall)?|consent(?: management)?|` +
			`(?:we value )?your privacy(?: choices| matters)?|we use cookies|.{0,10}(?:cookie|隐私).{0,10}(?:同意|设置|声明|提示)`),
		words: expr(`(?i)(?:accept|reject|allow|agree to|consent to|manage)(?: all| our| the use of)?(?: \w+)? ?cookies?|(?:use|uses|using|store) (?:\w+ ){0,3}cookies|(?:accept|reject|agree) (?:all|and (?:continue|close))|使用.{0,16}cookie|(?:接受|同意|拒绝).{0,10}cookie`),
	},
	{
		name: "login", kind: archiver.Denied, most: 600,
		reason: "the site asks for a login",
		title: wholeTitle(`.{0,6}(?:登录|登陆|登入|登錄)(?:页面?|注册|[/与或和 ]{1,3}注册|后继续|账号|提示|.{0,2}(?:系统|平台|中心|后台))?|(?:请|您?需要)先?(?:登录|登陆).{0,10}|` +
			`(?:please )?(?:sign|log)[ -]?in(?: to .{1,30}| required| page)?|login(?: required| page| to .{1,30})?|(?:member|subscriber)s? only|subscribe to (?:read|continue).{0,20}|(?:会员|付费)(?:专享|专属|内容|阅读).{0,6}|ログイン`),
		words: expr(`(?i)(?:请|需要|需|必须|还没有|尚未|还未|未).{0,4}(?:登录|登陆|登入|登錄)|(?:登录|登陆|登入)(?:后|之后)|(?:sign|log) ?in (?:to|with|or|below|using|required)|(?:must|need to|have to|please) (?:be logged|log|sign)|` +
			`(?:forgot|lost)(?: your)? password|忘记密码|记住(?:我|密码|登录)|用户名|keep me (?:signed|logged) in|remember me|パスワード`),
	},
	{
		name: "not found", kind: archiver.Unusable, most: 800,
		reason: "found the site's page for what it does not have",
		title:  notFoundTitle,
		words:  notFoundWords,
	},
}

var (
	notFoundTitle = wholeTitle(`(?:error|错误)?[ :：]*404(?: ?(?:error|错误))?(?:[\s:：,，!！|–—-]*(?:(?:page |file )?not found|error|错误|错误页面|页面.{0,8}|.{0,8}找不到.{0,8}|.{0,4}未找到.{0,6}))?|(?:that |the |this )?page (?:could |can)?(?:not (?:be )?found|doesn.t exist|does not exist|no longer exists)|` +
		`(?:content |post |article )?not found|nothing (?:was )?(?:found|here)(?: for.{0,40})?|oops.{0,40}|(?:抱歉|对不起|很遗憾|哎呀|啊哦|糟糕|sorry)?[，,!！。… ]*(?:您|你|我们)?(?:要|所)?(?:访问|查看|请求|寻找|找|浏览)?的?` +
		`(?:该|此|这个|相关|请求的)?(?:页面|頁面|网页|網頁|文章|日志|博文|内容|帖子|主题|信息|资源|文件)?(?:不存在|未找到|没有找到|沒有找到|找不到|无法找到|無法找到|(?:已经?)?(?:被)?(?:作者|管理员|博主)?(?:删除|移除|下架)|走丢|丢失|不见)了?(?:该|此|相关|这个)?(?:页面|頁面|网页|文章|内容|结果)?|` +
		`(?:无|没有|沒有)(?:找到|发现)?(?:相关|符合)?(?:的)?(?:内容|结果|文章|页面|搜索结果)|ページが見つかりません(?:でした)?|お探しのページは.{0,20}|(?:提示|系统提示|提示信息|信息提示|消息提示)`)
	notFoundWords = expr(`(?i)(?:page|article|post|content|link|url|file|resource|nothing).{0,60}(?:not found|(?:doesn.t|does not|no longer|didn.t) exist|no longer (?:available|here)|not here|(?:not|n.t) be found|been (?:removed|deleted|moved)|was (?:removed|deleted|moved|found|not found))|` +
		`(?:can.t|cannot|couldn.t|could not|unable to|did not|didn.t) (?:seem to )?find|不存在|(?:找不到|没有找到|未找到|沒有找到|无法找到|无法显示)|已(?:经)?(?:被)?(?:作者|管理员|博主|发布者|用户)?(?:自行)?(?:删除|移除|下架|失效)|没有找到|什么都没有|走丢|見つかりません|存在しません|(?:404|looking for)`)
	// goneNotice is the only sentence of a page for an article that was taken away.
	goneNotice = expr(`(?i)^(?:系统)?(?:提示信息|提示)?[：:\s]*(?:抱歉|对不起|很抱歉|很遗憾|非常抱歉|sorry|oops)?[，,!！。….\s]*(?:(?:您|你)(?:要|所)?(?:访问|查看|请求|浏览|寻找|找)的?|指定的?|该|此|这篇|本|the |this |that )?` +
		`(?:页面|網頁|网页|文章|日志|博文|博客|内容|帖子|主题|信息|资源|链接|post|article|page|content)(?:可能)?(?:内容)?[，,\s]*(?:并)?(?:不存在|未找到|找不到|已(?:经)?(?:被)?\S{0,6}(?:删除|移除|下架|失效)|(?:has been|was) (?:deleted|removed)|(?:does not|doesn.t|no longer) exists?|(?:is )?no longer available|not found)`)
)

// wholeTitle matches all of a title, signs around it aside.
func wholeTitle(pattern string) *expression {
	return expr(`(?i)^[\s\p{P}\p{S}]*(?:` + pattern + `)[\s\p{P}\p{S}]*$`)
}

const (
	// fewWords is the weight of text up to which a page says next to nothing.
	fewWords = 160
	// maxGlimpse bounds the text that is looked at for a wall, in bytes: more than the largest wall with words of its own.
	maxGlimpse = 12 << 10
)

// glimpse is what a reader sees of a page at once.
type glimpse struct {
	titles   []string // the title element and the headings, with what stands on either side of the site's name
	heading  string   // the first
	text     string
	noscript string
	weight   int
	whole    bool // text is all of the page
	scripts  int
}

// look takes a glimpse of the page.
func (d *document) look() *glimpse {
	g := &glimpse{whole: true}
	var b strings.Builder
	title := ""
	var walk func(n *html.Node) bool
	walk = func(n *html.Node) bool {
		switch n.Type {
		case html.TextNode:
			if b.WriteString(n.Data); b.Len() > maxGlimpse {
				g.whole = false
				return false
			}
			return true
		case html.ElementNode:
			switch n.DataAtom {
			case atom.Style, atom.Template, atom.Svg, atom.Textarea, atom.Select:
				return true
			case atom.Script:
				g.scripts++
				return true
			case atom.Noscript:
				if len(g.noscript) < maxGlimpse {
					g.noscript += " " + markup.ReplaceAllString(textOf(n), " ")
				}
				return true
			case atom.Title:
				if title == "" {
					title = oneLine(textOf(n))
				}
				return true
			case atom.H1, atom.H2, atom.H3:
				if g.heading == "" {
					g.heading = shownText(n)
				}
			}
		case html.DocumentNode:
		default:
			return true
		}
		if n.Type == html.ElementNode && isBlock(n) {
			b.WriteByte(' ')
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			if !walk(c) {
				return false
			}
		}
		return true
	}
	walk(d.Nodes[0])
	g.text = oneLine(b.String())
	g.weight = weigh(g.text)
	for _, t := range append(titleSides(title), g.heading) {
		if t = strings.TrimSpace(t); t != "" && len(t) <= maxWallTitle && !slices.Contains(g.titles, t) {
			g.titles = append(g.titles, t)
		}
	}
	return g
}

// maxWallTitle is the length of the longest title of a wall, in bytes.
const maxWallTitle = 120

// titleSides are a title, and what stands before its first and after its last separator: one of them is the site's name.
func titleSides(title string) []string {
	sides := []string{title}
	for _, sep := range [...]string{" – ", " — ", " | ", " - ", " · ", "_", "-", "|"} {
		if head, _, ok := strings.Cut(title, sep); ok {
			sides = append(sides, head, title[strings.LastIndex(title, sep)+len(sep):])
		}
	}
	return sides
}

func (w *wall) titled(g *glimpse) bool {
	for _, t := range g.titles {
		if w.title.MatchString(t) {
			return true
		}
	}
	return false
}

// marked reports whether the page's source has the wall's marks, and not its text.
func (w *wall) marked(source, text string) bool {
	for _, mark := range w.markup {
		if strings.Contains(source, mark) && !strings.Contains(text, mark) {
			return true
		}
	}
	return false
}

// sentBack is the script of a guard that gives the browser a cookie and asks again.
func sentBack(source string) bool {
	return strings.Contains(source, "document.cookie") &&
		(strings.Contains(source, "location.reload") || strings.Contains(source, "location.href") || strings.Contains(source, "location.replace") || strings.Contains(source, "window.location"))
}

// wallOf is the wall that a whole page is, or nil. Own says that the page has a title or a container of its own for an article's
// text: then the words alone do not do.
func (d *document) wallOf(g *glimpse, own func() bool) *wall {
	if !g.whole {
		return nil
	}
	for i := range walls {
		w := &walls[i]
		if g.weight > w.most {
			continue
		}
		titled, said := w.titled(g), w.words.MatchString(g.text+" "+g.noscript)
		switch {
		case titled && (said || g.weight < fewWords):
			return w
		case g.weight >= fewWords:
			if said && w.marked(d.page.Text, g.text) {
				return w
			}
		case w.marked(d.page.Text, g.text), w.kind == archiver.Blocked && w.markup != nil && g.scripts > 0 && sentBack(d.page.Text):
			return w
		}
		if said && g.weight < 2*fewWords && w.onlyWords(g.text) && !own() {
			return w
		}
	}
	return nil
}

// onlyWords reports whether the first sentence of a text says the wall's words.
func (w *wall) onlyWords(text string) bool {
	first := text
	if at := strings.IndexAny(text, "。！？!?."); at > 0 {
		first = text[:at]
	}
	return w.words.MatchString(first)
}

// error is what the reader is told.
func (w *wall) error() *archiver.Error {
	e := archiver.Errorf(w.kind, "%s", w.reason)
	e.Hint = w.hint
	return e
}
