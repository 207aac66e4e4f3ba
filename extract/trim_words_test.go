package extract

import "testing"

// Each expression knows its labels, and leaves alone what an author writes with the same words.
func TestTrimWords(t *testing.T) {
	tests := []struct {
		name    string
		matches func(string) bool
		yes, no []string
	}{
		{"advertisement", adLabel.MatchString,
			[]string{"Advertisement", "- Advertisement -", "Story continues below advertisement", "Continue Reading Below", "广告", "広告", "Anzeige", "Publicidade"},
			[]string{"Advertisements are how the web is paid.", "广告系统的排序模型", "Content addressing", "Ad hoc networks"}},
		{"share", shareLabel.MatchString,
			[]string{"Share this with Facebook", "Share on Twitter", "Tweet", "WhatsApp", "0 shares", "分享到", "Comments (+)", "Text size"},
			[]string{"Share nothing", "Facebook released a model", "Print the result of the program", "分享一个小技巧"}},
		{"related", relatedLabel.MatchString,
			[]string{"Related articles", "More from Example", "You May Also Like", "Don’t miss", "相关文章", "猜你喜欢", "関連記事", "Ähnliche Artikel", "Leia também"},
			[]string{"Related work", "More experiments are needed here than anybody has the time for, they say", "相关文章的引用次数", "我们来看相关文章", "Recommended for:", "Further reading"}},
		{"another article", moreLine.MatchString,
			[]string{"Read more: Ten tokenisers", "SEE MORE: The protests", "Related: 7 strange signs", "相关阅读：分词的历史"},
			[]string{"See the documentation", "More on this below", "相关工作很多"}},
		{"newsletter", newsletter.MatchString,
			[]string{"Sign up for our newsletter", "Get the latest updates right in your inbox.", "Subscribe to the Morning Review newsletter", "微信扫一扫，关注公众号", "Thanks for reading Example! Subscribe for free"},
			[]string{"51% of people unsubscribe from newsletters simply because there are too many.", "Don’t follow others on social media.", "You can try it with no credit card.", "公众号的文章怎么抓取"}},
		{"licence", licence.MatchString,
			[]string{"版权声明：自由转载", "本文采用 CC BY-NC-SA 4.0 协议", "转载请注明出处", "Copyright 2019 Example", "© 2024 Example", "责编：某人"},
			[]string{"本文提出了一种新的方法", "本文介绍版权保护的技术", "版权保护技术", "Copyright law is old."}},
		{"after the text", tailLabel.MatchString,
			[]string{"Leave a Reply", "3 Comments", "Topics", "About the author", "评论", "发表评论", "Kommentare"},
			[]string{"Comments on the method", "Topics in algebra", "评论数据的情感分析", "标签传播"}},
		{"the author's", authorsLabel.MatchString,
			[]string{"References", "Further Reading", "参考资料", "5. 参考文献", "Footnotes", "附录"},
			[]string{"Related articles", "参考资料很多，这里不列", "参考文献的格式"}},
		{"button", buttonLabel.MatchString,
			[]string{"Read more", "Get it now", "Visit Website", "Back to Top", "查看更多", "Learn More"},
			[]string{"Get the code from the repository", "Download the data set of the paper", "Reporting bugs"}},
		{"fact", factLabel.MatchString,
			[]string{"5 min read", "12 comments", "阅读时长：约 5 分钟", "字数: 2300", "Wordcount: 717"},
			[]string{"5 minutes later it stopped", "阅读 3 篇论文的笔记"}},
	}
	for _, tt := range tests {
		for _, text := range tt.yes {
			if !tt.matches(text) {
				t.Errorf("%s: not known: %s", tt.name, text)
			}
		}
		for _, text := range tt.no {
			if tt.matches(text) {
				t.Errorf("%s: taken for one: %s", tt.name, text)
			}
		}
	}
}
