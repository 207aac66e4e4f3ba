package testsite

import (
	"fmt"
	"html"
	"math/rand/v2"
	"strings"
	"time"
)

// This file writes the posts that nobody wrote: the same number gives the same words, and no two posts share a paragraph.

// fill publishes the posts that the options ask for.
func (s *Site) fill() {
	o := &s.opts
	newest := time.Date(2025, 2, 20, 9, 30, 0, 0, o.zone)
	if o.seed {
		s.posts = seeded(o.zone)
	} else {
		s.posts = generated(o, newest)
	}
	s.nextID = firstID + len(s.posts)
	s.others = strangers(newest)
	for _, p := range o.added {
		s.publish(p)
	}
	for i, p := range s.posts {
		p.Protected = p.Protected || o.protected[i]
		if n := o.parts[i]; n > 1 {
			p.Body = split(p.body(), n)
		}
	}
	if o.deepLinks {
		s.linkDeep()
	}
}

const (
	firstID    = 100
	strangerID = 11
	// span is how long the blog has been written, however many posts it has.
	span = 5 * 365 * 24 * time.Hour
	// rarest is the longest time between two posts.
	rarest = 30*24*time.Hour + 5*time.Hour + 13*time.Minute
)

func generated(o *options, newest time.Time) []*post {
	posts := make([]*post, o.posts)
	step := min(rarest, span/time.Duration(max(1, o.posts))).Truncate(time.Minute)
	for i := range posts {
		id := firstID + o.posts - 1 - i
		r := randomFor(id, 1)
		published := newest.Add(-time.Duration(i) * step)
		p := &post{id: id, main: true, Post: Post{
			Title: title(r, id), Author: author, Published: published, Modified: published, Tags: pickTags(r),
		}}
		if i%3 == 1 {
			p.Modified = published.Add(49 * time.Hour)
		}
		if i%2 == 0 {
			p.Categories = []string{llmCategory.name}
		}
		if o.pageSize > 0 {
			p.size = bodySize(r, o.pageSize)
		}
		if o.oddTitles && i < len(oddTitles) {
			p.Title = oddTitles[i]
		}
		posts[i] = p
	}
	return posts
}

const (
	// shellSize is what a busy blog puts around a body.
	shellSize = 21 << 10
	// busyComments is how many comments an article of a busy blog has.
	busyComments = 12
)

// bodySize is the size of a body whose page has about size bytes, from two thirds of it to four.
func bodySize(r *rand.Rand, size int) int {
	return max(shortBody, size*2/3+r.IntN(size*2/3)-shellSize)
}

// oddTitles are titles that real blogs have and programs stumble over.
var oddTitles = []string{
	"🚀 大模型推理加速 🎉👩‍💻",
	"مقدمة في معالجة اللغة الطبيعية",
	"<script>alert(1)</script> 与 \"引号\" & 'x' 的转义",
	"同名文章",
	"同名文章",
	"../../etc/passwd: 路径 C:\\windows?*|",
	"CON",
	strings.Repeat("很长很长的标题", 40),
	"a < b && c > d：$x^2$ 与 `code`",
}

// strangers are posts of another category: what sidebars and related posts show.
func strangers(newest time.Time) []*post {
	titles := []string{"在路上：从成都到拉萨", "读《人月神话》", "我的书桌", "周末做了一次红烧肉", "把博客从虚拟主机搬到自己的机器", "二〇二四年的总结"}
	posts := make([]*post, len(titles))
	for i := range posts {
		id := strangerID + len(titles) - i
		published := newest.Add(-time.Duration(i*17+1) * 24 * time.Hour)
		posts[i] = &post{id: id, Post: Post{
			Title: titles[i], Author: author, Published: published, Modified: published, Categories: []string{otherNames.name}, Tags: []string{"生活"},
		}}
	}
	return posts
}

// linkDeep lets every post with a generated body speak of its neighbours and of a stranger.
func (s *Site) linkDeep() {
	link := func(p *post) string {
		return fmt.Sprintf(`<a href="%s">%s</a>`, s.address(p), html.EscapeString(p.Title))
	}
	bodies := make([]string, len(s.posts))
	for i, p := range s.posts {
		near := s.posts[(i+1)%len(s.posts)]
		far := s.posts[(i+len(s.posts)/2)%len(s.posts)]
		bodies[i] = p.body() + fmt.Sprintf("\n<p>延伸阅读：本文的前一篇是%s，另见%s，闲话则在%s。</p>", link(near), link(far), link(s.others[i%len(s.others)]))
	}
	for i, p := range s.posts {
		p.Body = bodies[i]
	}
}

// split ends n-1 pages of a body, each between two blocks.
func split(body string, n int) string {
	const between = "\n\n<" // blank lines of code are not followed by a tag
	blocks := strings.Split(body, between)
	for k := 1; k < n; k++ {
		if last := k*len(blocks)/n - 1; last >= 0 {
			blocks[last] += "\n\n" + pageMark
		}
	}
	return strings.Join(blocks, between)
}

// randomFor is a source of chance that depends on a post's number and on what it is for, and on nothing else.
func randomFor(id int, purpose uint64) *rand.Rand {
	return rand.New(rand.NewPCG(uint64(id), purpose))
}

func pick[T any](r *rand.Rand, from []T) T { return from[r.IntN(len(from))] }

var (
	models = []string{"BERT", "RoBERTa", "GPT-2", "T5", "ChatGLM-6B", "LLaMA-13B", "Qwen-7B", "Baichuan2", "DeepSeek-V2", "Mixtral", "BiLSTM-CRF", "TextCNN"}
	tasks  = []string{"命名实体识别", "文本分类", "阅读理解", "机器翻译", "摘要生成", "关系抽取", "情感分析", "检索问答", "指令微调", "意图识别"}
	tricks = []string{"学习率预热", "梯度裁剪", "混合精度训练", "数据增强", "标签平滑", "知识蒸馏", "对抗训练", "旋转位置编码", "分组查询注意力", "LoRA"}
	sets   = []string{"CLUE", "MSRA", "CMRC 2018", "LCQMC", "DuReader", "C-Eval", "CMMLU", "THUCNews", "WMT19", "GSM8K"}
	kinds  = []string{"实战笔记", "原理分析", "踩坑记录", "论文解读", "调优小结", "源码阅读", "入门教程", "复现报告"}
	topics = []string{"问题从哪里来", "数据准备", "模型结构", "训练细节", "实验结果", "误差分析", "部署与成本", "还没有解决的问题"}
	words  = []string{"大模型", "NLP", "深度学习", "Transformer", "微调", "检索", "评测", "PyTorch", "部署", "数据"}
)

func title(r *rand.Rand, id int) string {
	return fmt.Sprintf("%s之%s：%s（%d）", pick(r, tasks), pick(r, tricks), pick(r, kinds), id)
}

func pickTags(r *rand.Rand) []string {
	i, j := r.IntN(len(words)), 1+r.IntN(len(words)-1)
	return []string{words[i], words[(i+j)%len(words)]}
}

// sentence is one of many: of words that fit anywhere, or about an experiment, with its own numbers.
func sentence(r *rand.Rand) string {
	if r.IntN(4) > 0 {
		return prose(r)
	}
	n := func(most int) int { return 2 + r.IntN(most) }
	switch r.IntN(16) {
	case 0:
		return fmt.Sprintf("在%s任务上，%s相比基线提升了%d.%d个点，但推理延迟也从%d毫秒涨到了%d毫秒。", pick(r, tasks), pick(r, models), n(9), n(7), n(90), 100+n(300))
	case 1:
		return fmt.Sprintf("我们用%s做了%d组对照实验，每组跑%d个随机种子，最后报告平均值和方差。", pick(r, sets), n(40), n(8))
	case 2:
		return fmt.Sprintf("如果把%s和%s一起用，收益并不是简单相加，第%d轮之后甚至会互相抵消。", pick(r, tricks), pick(r, tricks), n(30))
	case 3:
		return fmt.Sprintf("这里有一个容易忽略的细节：分词器在全角标点前会多切出%d个token，标签因此错位。", n(4))
	case 4:
		return fmt.Sprintf("显存方面，%s在半精度下大约需要%dGB，打开<strong>%s</strong>之后可以降到%dGB。", pick(r, models), 20+n(60), pick(r, tricks), n(18))
	case 5:
		return fmt.Sprintf("从损失曲线看，前%d步下降很快，随后进入平台期，这时把学习率降到%de-5会有改善。", n(5000), n(7))
	case 6:
		return fmt.Sprintf("很多人会问，为什么不直接换成%s？答案很朴素：成本高了%d倍，而%s的收益只有%d.%d%%。", pick(r, models), n(7), pick(r, tasks), n(3), n(8))
	case 7:
		return fmt.Sprintf("%s里大约有%d.%d%%的样本是重复的，去重之后指标会掉一点，但更可信。", pick(r, sets), n(20), n(8))
	case 8:
		return fmt.Sprintf("为了验证这个猜想，我把第%d层的注意力画了出来，第%d个头明显在看分隔符。", n(30), n(15))
	case 9:
		return fmt.Sprintf("论文报告的结果是%d.%d，复现得到%d.%d，差距主要来自<em>数据清洗</em>的顺序。", 70+n(20), n(7), 60+n(20), n(7))
	case 10:
		return fmt.Sprintf("调用<code>model.generate(max_new_tokens=%d)</code>的时候，别忘了把填充放在左边。", n(2000))
	case 11:
		return fmt.Sprintf("线上第%d周的反馈里，长尾实体占了坏例的%d%%，于是我们单独补了%d条样本。", n(50), n(60), n(6000))
	case 12:
		return fmt.Sprintf("记该层的输出为 $h_{%d}=\\mathrm{softmax}(QK^\\top/\\sqrt{%d})V$，它的范数决定了后面是否要再做归一化。", n(30), 32*n(6))
	case 13:
		return fmt.Sprintf("词表从%d扩到%d以后，平均每个汉字只要0.%d个token，上下文里能放下更多内容。", 20000+n(9000), 60000+n(90000), 40+n(50))
	case 14:
		return fmt.Sprintf("和%s不同，%s采用前置归一化，训练更稳，代价是最终效果略低%d.%d个点。", pick(r, models), pick(r, models), n(2), n(8))
	}
	return fmt.Sprintf("两位标注者的一致率最初只有%d.%d%%，把规范改写到第%d版之后才稳定下来。", 60+n(20), n(8), n(6))
}

func paragraph(r *rand.Rand, sentences int) string {
	var b strings.Builder
	b.WriteString("<p>")
	for range sentences {
		b.WriteString(sentence(r))
	}
	b.WriteString("</p>")
	return b.String()
}
