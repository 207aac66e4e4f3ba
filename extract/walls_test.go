package extract

import (
	"strings"
	"testing"

	"archiver"
)

// themed puts a title and a main part between the menus and the sidebar of a blog.
func themed(title, main string) string {
	return `<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>` + title + `</title></head><body class="blog-theme"><header class="site-header"><a href="/">某人的笔记</a>
<nav><a href="/">首页</a> <a href="/archives">归档</a> <a href="/about">关于</a> <a href="/links">友情链接</a></nav></header><main>` + main + `</main>
<aside class="sidebar"><h3>最新文章</h3><ul><li><a href="/p/1">隐马尔可夫模型的三个问题</a></li><li><a href="/p/2">条件随机场入门</a></li><li><a href="/p/3">词向量的前世今生</a></li></ul>
<h3>关于本站</h3><p>这里记录自然语言处理的学习笔记，内容以推导和代码为主，欢迎交流。</p></aside><footer>© 2024 某人的笔记 | 京ICP备12345678号</footer></body></html>`
}

func bare(title, body string) string {
	return `<html><head><title>` + title + `</title></head><body>` + body + `</body></html>`
}

// prose is an article's text.
const prose = `<p>条件随机场是给定一组输入随机变量条件下另一组输出随机变量的条件概率分布模型，其特点是假设输出随机变量构成马尔可夫随机场。它可以用于不同的预测问题，本文只讨论它在标注问题上的应用。</p>
<p>在标注问题中，输入是观测序列，输出是标记序列或状态序列，学习时利用训练数据集通过极大似然估计得到条件概率模型，预测时对给定的输入序列求出条件概率最大的输出序列。</p>
<p>与隐马尔可夫模型相比，它不需要对观测序列的分布作任何假设，因此可以使用互相重叠的特征，代价是训练的时候需要计算配分函数。</p>`

// Pages that stand in an article's place: each is refused with a kind that decides what becomes of the task.
func TestWalls(t *testing.T) {
	blog := func(main string) string {
		return themed("条件随机场 - 某人的笔记", `<article><h1>条件随机场</h1>`+main+`</article>`)
	}
	tests := []struct {
		name, html string
		kind       archiver.Kind
		reason     string // a part of it
	}{
		{"cloudflare", bare("Just a moment...", `<noscript><div><span>Enable JavaScript and cookies to continue</span></div></noscript><script>(function(){window._cf_chl_opt={cvId:'3'}}());</script>`), archiver.Blocked, "proof"},
		{"cloudflare with words", bare("Just a moment...", `<div class="main-wrapper"><h1>blog.example</h1><p>Verifying you are human. This may take a few seconds.</p><p>blog.example needs to review the security of your connection before proceeding.</p><div>Ray ID: 8f1</div><div>Performance &amp; security by Cloudflare</div></div>`), archiver.Blocked, "proof"},
		{"cloudflare five seconds", bare("Checking your browser before accessing blog.example", `<h1>Checking your browser before accessing blog.example.</h1><p>This process is automatic. Your browser will redirect to your requested content shortly.</p><p>Please allow up to 5 seconds&hellip;</p><p>DDoS protection by Cloudflare</p>`), archiver.Blocked, "proof"},
		{"cloudflare captcha", bare("Attention Required! | Cloudflare", `<h1>One more step</h1><h2>Please complete the security check to access blog.example</h2><p>Why do I have to complete a CAPTCHA? Completing the CAPTCHA proves you are a human and gives you temporary access to the web property.</p>`), archiver.Blocked, "proof"},
		{"cloudflare block", bare("Attention Required! | Cloudflare", `<h1>Sorry, you have been blocked</h1><h2>You are unable to access blog.example</h2><p>This website is using a security service to protect itself from online attacks. The action you just performed triggered the security solution.</p><p>Cloudflare Ray ID: 9a</p>`), archiver.Blocked, ""},
		{"ddos-guard", bare("DDoS-Guard", `<div>Checking your browser before accessing blog.example</div><script src="/.well-known/ddos-guard/js-challenge/index.js"></script>`), archiver.Blocked, "proof"},
		{"sucuri", bare("You are being redirected...", `<noscript>Javascript is required. Please enable javascript before you are allowed to see this page.</noscript><script>var s={},u,c,U,r;sucuri_cloudproxy_js='';S='cz0';document.cookie='a=b';location.reload();</script>`), archiver.Blocked, "proof"},
		{"sucuri block", bare("Sucuri WebSite Firewall - Access Denied", `<h1>Access Denied - Sucuri Website Firewall</h1><p>If you are the site owner (or you manage this site), please whitelist your IP or if you think this block is an error please open a support ticket.</p><p>Block reason: Access from your Country was disabled by the administrator. Your request has been blocked.</p>`), archiver.Blocked, "firewall"},
		{"imperva", bare("", `<iframe src="/_Incapsula_Resource?CWUDNSAI=9" width="100%">Request unsuccessful. Incapsula incident ID: 877000</iframe>`), archiver.Blocked, "proof"},
		{"imperva words", bare("Pardon Our Interruption", `<h1>Pardon Our Interruption</h1><p>As you were browsing something about your browser made us think you were a bot. You've disabled JavaScript in your web browser, or a plugin prevents it. To regain access, please enable cookies and JavaScript.</p>`), archiver.Blocked, "proof"},
		{"akamai", bare("Access Denied", `<h1>Access Denied</h1>You don't have permission to access "http&#58;&#47;&#47;blog.example&#47;a" on this server.<p>Reference&#32;&#35;18.2d35</p>`), archiver.Blocked, "firewall"},
		{"datadome", bare("blog.example", `<p id="cmsg">Please enable JS and disable any ad blocker</p><script src="https://ct.captcha-delivery.com/c.js"></script>`), archiver.Blocked, "proof"},
		{"hcaptcha", bare("Human Verification", `<form><p>Please complete the captcha to prove that you are not a robot.</p><div class="h-captcha" data-sitekey="x"></div></form>`), archiver.Blocked, "proof"},
		{"recaptcha", bare("Robot Check", `<form><h4>Enter the characters you see below</h4><p>Sorry, we just need to make sure you're not a robot. For best results, please make sure your browser is accepting cookies.</p><div class="g-recaptcha"></div></form>`), archiver.Blocked, "proof"},
		{"google sorry", bare("https://blog.example/a", `<h1>About this page</h1><p>Our systems have detected unusual traffic from your computer network. This page checks to see if it's really you sending the requests, and not a robot.</p>`), archiver.Blocked, "proof"},
		{"baidu", bare("百度安全验证", `<div class="timeout">网络不给力，请稍后重试</div><a href="/">返回首页</a><p>问题反馈</p>`), archiver.Blocked, "proof"},
		{"tencent", bare("安全验证", `<div id="tcaptcha">请完成下方验证后继续操作</div><script src="https://turing.captcha.qcloud.com/TCaptcha.js"></script>`), archiver.Blocked, "proof"},
		{"visit check", bare("访问验证", `<p>为了保证您的访问安全，请拖动滑块完成验证</p><button>确定</button>`), archiver.Blocked, "proof"},
		{"aliyun script", `<html><script>var arg1='6D3F';var _0x4818=['\x63'];function setCookie(name,value){document.cookie=name+'='+value;location.reload();}setCookie("acw_sc__v2",x);</script></html>`, archiver.Blocked, "proof"},
		{"aliyun block", bare("405", `<h1>405</h1><p>很抱歉，由于您访问的URL有可能对网站造成安全威胁，您的访问被阻断。</p><p>您的请求ID是：76b20f44</p>`), archiver.Blocked, "firewall"},
		{"jiasule", `<script>document.cookie=('_')+('_')+('j')+'sl_clearance_s=1';location.href=location.pathname+location.search</script>`, archiver.Blocked, "proof"},
		{"chuangyu", bare("知道创宇云安全", `<p>当前网址已被创宇盾拦截。您的请求疑似攻击行为，如有疑问请联系网站管理员。</p>`), archiver.Blocked, ""},
		{"360", bare("360网站卫士", `<p>您的访问过于频繁，请输入验证码继续访问。</p><img src="/captcha.png">`), archiver.Blocked, "proof"},
		{"needs script", bare("请稍候", `<p>请开启JavaScript并刷新该页。</p>`), archiver.Blocked, "proof"},
		{"only script words", bare("", `<p>请开启JavaScript并刷新该页。</p>`), archiver.Blocked, "proof"},
		{"cookie wall", bare("", `<script>document.cookie="guard=abc; path=/";window.location.reload();</script>`), archiver.Blocked, "proof"},
		{"too often", bare("访问频率过高", `<p>您的访问频率过高，请稍后再试。</p>`), archiver.Blocked, "proof"},

		{"deleted", bare("提示信息", `<div id="messagetext"><p>抱歉，指定的主题不存在或已被删除或正在被审核</p></div>`), archiver.Unusable, "does not have"},
		{"missing in a theme", themed("页面不存在 - 某人的笔记", `<h1>页面不存在</h1><p>您要找的页面可能已经被删除，或者暂时不可用。</p>`), archiver.Unusable, "does not have"},
		{"missing in a container", themed("页面未找到 - 某人的笔记", `<h1 class="entry-title">页面未找到</h1><div class="entry-content"><p>看起来在这个位置什么都没有找到，试试搜索吧？</p></div>`), archiver.Unusable, "does not have"},
		{"deleted in a theme", themed("某人的笔记", `<div class="post-content"><p>文章已被删除</p></div>`), archiver.Unusable, "does not have"},
		{"deleted by its author", bare("某社区", `<div class="tip">该内容不存在或已被作者删除</div><a href="/">返回首页</a>`), archiver.Unusable, "does not have"},
		{"404", bare("404 Not Found", `<center><h1>404 Not Found</h1></center><hr><center>nginx/1.18.0</center>`), archiver.Unusable, "does not have"},
		{"page not found", themed("Page not found - My blog", `<h1>Oops! That page can&rsquo;t be found.</h1><p>It looks like nothing was found at this location. Maybe try one of the links below or a search?</p>`), archiver.Unusable, "does not have"},
		{"missing with a list", themed("404 - 某人的笔记", `<h1>404</h1><p>页面找不到了，不如看看这些：</p><div><h2><a href="/p/1">隐马尔可夫模型的三个问题</a></h2>`+prose+`<h2><a href="/p/2">条件随机场入门</a></h2><p>一篇入门的文章。</p><h2><a href="/p/3">词向量的前世今生</a></h2></div>`), archiver.Unusable, ""},
		{"empty search", themed("没有找到相关内容 - 某人的笔记", `<h1>没有找到相关内容</h1><p>抱歉，没有符合您搜索条件的结果。请换个关键词再试。</p>`), archiver.Unusable, "does not have"},
		{"japanese 404", bare("ページが見つかりません", `<h1>ページが見つかりません</h1><p>お探しのページは存在しません。</p>`), archiver.Unusable, "does not have"},

		{"login", bare("用户登录 - 某论坛", `<form action="/login"><label>用户名</label><input name="u"><label>密码</label><input type="password" name="p"><a href="/lost">忘记密码？</a><p>您需要登录后才可以继续本操作</p></form>`), archiver.Denied, "login"},
		{"wordpress login", bare("Log In ‹ My blog — WordPress", `<h1>Powered by WordPress</h1><form><label>Username or Email Address</label><input name="log"><label>Password</label><input type="password"><label>Remember Me</label></form><a href="/l">Lost your password?</a>`), archiver.Denied, "login"},
		{"account lock", blog(`<div class="entry-content"><div class="wx-lock">关注公众号“学习笔记”，回复“验证码”获取验证码，输入验证码后可查看全文</div></div>`), archiver.Denied, "hides"},
		{"login lock", blog(`<div class="entry-content"><p>此处内容登录后可见</p></div>`), archiver.Denied, "hides"},
		{"reply lock", blog(`<div class="entry-content"><p>最近整理了一份资料，包含三百道题目和解析。</p><div class="reply-to-view">温馨提示：此处内容需要评论回复后方可阅读。</div></div>`), archiver.Denied, "hides"},
		{"members", blog(`<div class="gh-content"><p>A few thoughts on where retrieval goes next, and why it is not where everybody looks.</p></div><aside class="gh-post-upgrade-cta"><h2>This post is for paying subscribers only</h2><a href="/signup">Subscribe now</a></aside>`), archiver.Denied, ""},
		{"paid teaser", blog(`<div class="post-content"><p>三年前我开始写这个系列，当时没有想到会有这么多人来读。</p><p>付费后可查看全文，剩余 80% 的内容。</p></div>`), archiver.Denied, "hides"},

		{"isp", bare("温馨提示", `<p>您访问的网站因含有违法违规信息，已被屏蔽。</p>`), archiver.Blocked, "firewall"},
		{"blocked site", bare("该网站已被屏蔽", `<h1>该网站已被屏蔽</h1><p>根据公司上网管理规定，您的访问请求已被拦截。如有疑问，请联系管理员。</p>`), archiver.Blocked, "firewall"},
		{"fortigate", bare("Web Page Blocked", `<h1>Web Page Blocked!</h1><p>The page you have requested has been blocked, because the URL is banned. Category: Personal Websites and Blogs</p>`), archiver.Blocked, "firewall"},
		{"no licence", bare("网站未备案", `<h1>网站暂时无法访问</h1><p>该网站未根据工信部相关法律规定进行ICP备案，请联系接入商完成备案。</p>`), archiver.Blocked, "firewall"},
		{"suspended", bare("Account Suspended", `<h1>Account Suspended</h1><p>This Account has been suspended. Contact your hosting provider for more information.</p>`), archiver.Blocked, "host"},
		{"parked", bare("blog.example is for sale", `<h1>blog.example</h1><p>This domain is for sale. Buy this domain today and start your project.</p><p>Related searches: Blog, Notes, Hosting</p>`), archiver.Blocked, "host"},
		{"nginx", bare("Welcome to nginx!", `<h1>Welcome to nginx!</h1><p>If you see this page, the nginx web server is successfully installed and working. Further configuration is required.</p><p>For online documentation and support please refer to nginx.org.</p><p><em>Thank you for using nginx.</em></p>`), archiver.Blocked, "host"},
		{"apache", bare("Apache2 Ubuntu Default Page: It works", `<h1>It works!</h1><p>This is the default welcome page used to test the correct operation of the Apache2 server after installation on Ubuntu systems.</p>`), archiver.Blocked, "host"},
		{"panel", bare("没有找到站点", `<h1>没有找到站点</h1><p>您的请求在Web服务器中没有找到对应的站点！可能原因：您没有将此域名或IP绑定到对应站点。</p>`), archiver.Blocked, "host"},
		{"folder", bare("Index of /archives", `<h1>Index of /archives</h1><pre><a href="../">../</a> <a href="1.html">1.html</a> 01-May-2024 09:30 4511 <a href="2.html">2.html</a> 02-May-2024 09:30 4123</pre><address>Last modified</address>`), archiver.Unusable, "folder"},
		{"database", bare("建立数据库连接时出错", `<h1>建立数据库连接时出错</h1>`), archiver.Transient, "out of order"},
		{"database in english", bare("Database Error", `<h1>Error establishing a database connection</h1>`), archiver.Transient, "out of order"},
		{"maintenance", bare("Maintenance", `<p>Briefly unavailable for scheduled maintenance. Check back in a minute.</p>`), archiver.Transient, "out of order"},
		{"upgrade", bare("网站维护中", `<h1>网站维护中</h1><p>本站正在进行系统升级，预计两小时后恢复，请稍后再来。</p>`), archiver.Transient, "out of order"},
		{"critical error", bare("WordPress › Error", `<div class="wp-die-message"><p>There has been a critical error on this website.</p></div>`), archiver.Transient, "out of order"},
		{"consent", bare("Before you continue", `<h1>Before you continue</h1><p>We use cookies and data to deliver and maintain our services, track outages and measure audience engagement. If you choose to accept all, we will also use cookies to develop new services.</p><button>Reject all</button><button>Accept all</button>`), archiver.Denied, "cookies"},
		{"shell", `<html><head><title>My blog</title></head><body><noscript>You need to enable JavaScript to run this app.</noscript><div id="root"></div><script src="/main.js"></script></body></html>`, archiver.Unusable, "script"},
		{"shell that loads", `<html><head><title>学习笔记</title></head><body><div id="app"></div><p>加载中</p><script src="/app.js"></script></body></html>`, archiver.Unusable, "script"},
		{"nothing", `<html><head></head><body></body></html>`, archiver.Unusable, "empty"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a := New(Options{}).Article([]archiver.Entry{listed("https://blog.example/archives/1", "条件随机场")})
			if strings.Contains(tt.html, "Index of") {
				a = New(Options{}).Article(nil)
			}
			trace := &Trace{}
			a.Explain(trace)
			_, err := a.Add(&archiver.Page{Requested: "https://blog.example/archives/1", URL: "https://blog.example/archives/1", Status: 200, Text: tt.html})
			if err == nil {
				article, err := a.Article()
				t.Fatalf("read as an article: %v\n%s", err, article.Markdown)
			}
			if archiver.KindOf(err) != tt.kind || !strings.Contains(err.Error(), tt.reason) {
				t.Errorf("%v: %v; want %v with %q", archiver.KindOf(err), err, tt.kind, tt.reason)
			}
			if len(trace.Steps) == 0 {
				t.Error("the trace does not say why")
			}
		})
	}
}

// A title that was edited, or cut in the list, is the article's all the same; one of which nothing is left is another's.
func TestTitleOfAnotherAddress(t *testing.T) {
	tests := []struct {
		listed, shown string
		another       bool
	}{
		{"条件随机场", "条件随机场", false},
		{"条件随机场：从入门到…", "条件随机场：从入门到放弃", false},
		{"【置顶】条件随机场的推导", "条件随机场的推导", false},
		{"条件随机场的推导和实现", "条件随机场的推导与代码实现", false},
		{"Notes on attention", "Some notes on attention heads", false},
		{"条件随机场", "友情链接申请", true},
		{"Notes on attention", "Privacy policy", true},
	}
	for _, tt := range tests {
		a := New(Options{}).Article([]archiver.Entry{listed("https://blog.example/?id=1", tt.listed)})
		_, err := a.Add(&archiver.Page{
			Requested: "https://blog.example/?id=1", URL: "https://blog.example/archives/1", Status: 200,
			Text: themed(tt.shown+" - 某人的笔记", `<article><h1>`+tt.shown+`</h1><div class="entry-content">`+prose+`</div></article>`),
		})
		if another := archiver.KindOf(err) == archiver.Unusable; another != tt.another {
			t.Errorf("%q listed, %q shown: %v", tt.listed, tt.shown, err)
		}
	}
}

// Articles that look like walls, or speak of them. They are read without the list's title, which would speak for them.
func TestNoWalls(t *testing.T) {
	article := func(title, body string) string {
		return themed(title+" - 某人的笔记", `<article><h1>`+title+`</h1><div class="entry-content">`+body+`</div></article>`)
	}
	tests := []struct{ name, html, holds string }{
		{"about challenges", article("绕过 Cloudflare 的 Just a moment 页面", `<p>爬虫遇到 Just a moment... 时，页面里会有 _cf_chl_opt，提示 Checking your browser before accessing。</p>`+prose), "Checking your browser"},
		{"short and about challenges", article("又见五秒盾", `<p>今天打开自己的博客，看到了 Checking your browser before accessing，等了五秒才进去。</p>`), "五秒"},
		{"bare and about challenges", bare("A note on Cloudflare", `<h1>A note on Cloudflare</h1><p>Today my own site told me that it was checking your browser before accessing it. I had to wait for five seconds, and then solve a puzzle about traffic lights.</p>`), "traffic lights"},
		{"named just a moment", article("Just a moment", prose), "马尔可夫"},
		{"titled 404", article("404", prose), "马尔可夫"},
		{"about 404", article("页面不存在", `<p>WordPress 里“页面不存在”的模板是 404.php。</p>`+prose), "404.php"},
		{"404 solved", article("404 Not Found 的五种原因", `<p>Nginx 返回 404 时，先看 root 和 alias 有没有写错，再看 try_files。</p>`), "try_files"},
		{"not found in the text", article("友链整理", `<p>清理了友情链接：有三个页面不存在，两个文章已被删除，还有一个网站未备案。</p><p>剩下的都还在更新，谢谢各位。</p>`), "未备案"},
		{"page not found quoted", bare("On soft 404s", `<h1>On soft 404s</h1><p>A soft 404 says &quot;page not found&quot; with the status 200, and so a crawler keeps it for ever. It took me a while to see that half of my archive was made of such pages.</p>`), "half of my archive"},
		{"about captcha", article("验证码识别", `<p>验证码识别是计算机视觉的入门问题。先二值化，再切分，最后用卷积网络分类。</p>`), "二值化"},
		{"about verification", article("滑块验证的原理", `<p>拖动滑块完成验证时，前端会记录轨迹，后端判断是否为机器人。</p>`), "轨迹"},
		{"about login", article("登录", `<p>登录功能要考虑的事情很多：密码要加盐，会话要过期，失败要限速。请登录后再测试，用户名不要写死在代码里。</p>`+prose), "加盐"},
		{"login form beside", themed("条件随机场 - 某人的笔记", `<article><h1>条件随机场</h1><div class="entry-content">`+prose+`</div></article><form class="login"><p>请先登录后评论</p><input name="u"><input type="password"></form>`), "马尔可夫"},
		{"comments need a login", article("条件随机场", prose+`<div class="comments"><p>登录后才能发表评论，查看回复</p></div>`), "马尔可夫"},
		{"about reply plugins", article("给博客加上回复可见", `<p>今天给博客加上了回复可见的功能，读者评论后才能查看隐藏的内容，代码只有十行。</p>`), "十行"},
		{"partly hidden", article("资料整理", prose+`<div class="reply-lock">温馨提示：此处内容需要评论回复后方可阅读。</div>`), "方可阅读"},
		{"partly hidden before more", article("资料整理", `<div class="login-lock">以下隐藏内容，登录后可见</div>`+prose), "登录后可见"},
		{"about maintenance", article("网站维护中", `<p>昨晚网站正在维护，升级到了新的主题，顺便把数据库从旧服务器搬了过来。</p>`+prose), "旧服务器"},
		{"about databases", article("建立数据库连接时出错的解决办法", `<p>出现“建立数据库连接时出错”，多半是内存不够，MySQL 被系统杀掉了。加一个交换分区就好。</p>`), "交换分区"},
		{"maintained and saved", article("记一次迁移", `<p>本站正在进行迁移，评论暂时关闭。</p>`), "评论暂时关闭"},
		{"about nginx", article("Welcome to nginx!", `<p>看到 Welcome to nginx! 说明安装成功，接下来配置虚拟主机。</p>`+prose), "虚拟主机"},
		{"about suspension", article("主机被停用了", `<p>早上收到邮件，Account has been suspended，原因是占用资源过多。联系客服之后恢复了，打算换一家。</p>`), "换一家"},
		{"about filing", article("网站备案的流程", `<p>网站未备案不能使用国内的服务器。备案需要身份证、域名证书和核验单，大约二十天。</p>`), "核验单"},
		{"about cookies", article("Cookie 与同意", `<p>We use cookies 这样的弹窗到处都是，点 Accept all 的人最多。</p>`+prose), "Accept all"},
		{"cookie dialog beside", themed("条件随机场 - 某人的笔记", `<div class="cookie-consent"><p>We use cookies. Accept all cookies or reject all.</p></div><article><h1>条件随机场</h1><div class="entry-content">`+prose+`</div></article>`), "马尔可夫"},
		{"noscript", article("条件随机场", `<noscript>请开启JavaScript并刷新该页。You need to enable JavaScript to run this app.</noscript>`+prose), "马尔可夫"},
		{"guard's script", article("条件随机场", prose+`<script>window.__CF$cv$params={r:'8'};var a='/cdn-cgi/challenge-platform/scripts/jsd/main.js';document.cookie='x=1';if(0)location.reload();</script>`), "马尔可夫"},
		{"a kind of posts named archive", strings.Replace(article("酸奶", prose), `class="blog-theme"`, `class="archive post-type-archive"`, 1), "马尔可夫"},
		{"cookie dialog of a page builder", `<html><head><title>短</title></head><body class="single-post"><div id="CookieBox" class="BoxCookie" role="dialog"><p>` + strings.Repeat("我们使用 Cookie 来分析访问量，您可以接受全部，也可以只接受必要的。", 12) +
			`</p></div><div class="page-widget"><div class="page-widget-container"><h1>短</h1></div></div><div class="page-widget"><div class="page-widget-container">` + prose + `</div></div></body></html>`, "马尔可夫"},
		{"text for readers without scripts", article("条件随机场", `<script type="text/template">`+prose+`</script><noscript>`+prose+`</noscript>`), "马尔可夫"},
		{"a heading as large as the title below the text", `<html><head><title>条件随机场的推导 - 笔记</title></head><body><main><article><h1><span>算法</span> 条件随机场的推导</h1>` + prose +
			`<section><span class="headline">热门内容</span><ul><li><a href="/t/1">分词</a></li></ul></section></article></main></body></html>`, "马尔可夫"},
		{"very short", article("短", `<p>今天天气很好，适合散步。</p>`), "散步"},
		{"access denied", article("Access denied", `<p>You don't have permission to access 是最常见的报错，多半是目录没有执行权限，chmod 一下就好。</p>`+prose), "chmod"},
		{"signed", `<html><head><title>Oops</title><meta property="og:type" content="article"><meta property="article:published_time" content="2024-05-01"></head><body><h1>Oops</h1><p>I deleted the page, and it was not found again. Sorry about that.</p></body></html>`, "Sorry about that"},
		{"members spoken of", article("Ghost 的会员", `<p>Ghost 可以让文章 This post is for subscribers only，模板里用 access 判断。</p>`+prose), "subscribers only"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a := New(Options{}).Article(nil)
			if _, err := a.Add(&archiver.Page{Requested: "https://blog.example/archives/1", URL: "https://blog.example/archives/1", Status: 200, Text: tt.html}); err != nil {
				t.Fatal(err)
			}
			article, err := a.Article()
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(article.Markdown, tt.holds) {
				t.Errorf("%q is not in\n%s", tt.holds, article.Markdown)
			}
		})
	}
}
