package testsite

import (
	"embed"
	"path"
	"strings"
	"time"
)

// The demo: ten articles about language models, each a file of HTML as WordPress stores it. The listing shows the beginning
// of each up to <!--more-->, cut in the middle of a sentence, as a real blog does it.
//
//go:embed seed/*.html
var seedFiles embed.FS

type seedPost struct {
	file, title, published, modified string
	tags                             []string
}

// seedPosts is newest first. Dates are local time of the blog.
var seedPosts = []seedPost{
	{"deepseek", "DeepSeek技术分析", "2025-02-20 09:30", "2025-02-23 21:05", []string{"大模型", "DeepSeek", "MoE"}},
	{"rag", "RAG优化浅谈", "2025-01-30 18:44", "", []string{"大模型", "RAG", "检索"}},
	{"sft", "大模型 SFT 经验分享", "2025-01-13 14:38", "", []string{"大模型", "微调"}},
	{"langchain", "LLM之LangChain(一)—— 六大核心模块简要汇总", "2024-12-24 06:39", "2024-12-25 08:00", []string{"大模型", "LangChain"}},
	{"chatglm", "ChatGLM系列模型架构", "2024-12-17 21:02", "", []string{"大模型", "ChatGLM"}},
	{"rlhf", "LLM预训练之RLHF(一):RLHF及其变种", "2024-11-25 06:00", "", []string{"大模型", "RLHF"}},
	{"instruction", "LLM指令微调综述", "2024-11-03 13:02", "", []string{"大模型", "微调", "综述"}},
	{"compare", "开源模型对比", "2024-10-16 20:11", "2024-11-01 10:00", []string{"大模型", "开源"}},
	{"chatgpt", "ChatGPT分析", "2024-09-29 23:17", "", []string{"大模型", "ChatGPT"}},
	{"adversarial", "NLP中的对抗训练", "2024-09-08 11:26", "", []string{"对抗训练", "PyTorch"}},
}

// seeded publishes the demo.
func seeded(zone *time.Location) []*post {
	posts := make([]*post, 0, len(seedPosts))
	for i, seed := range seedPosts {
		body, err := seedFiles.ReadFile(path.Join("seed", seed.file+".html"))
		if err != nil {
			panic(err) // the files are built in
		}
		p := &post{id: firstID + len(seedPosts) - 1 - i, main: true, Post: Post{
			Title: seed.title, Body: strings.TrimSpace(string(body)), Author: author, Published: seedTime(seed.published, zone),
			Tags: seed.tags, Slug: seed.file,
		}}
		p.Modified = p.Published
		if seed.modified != "" {
			p.Modified = seedTime(seed.modified, zone)
		}
		if seed.file != "adversarial" {
			p.Categories = []string{llmCategory.name}
		}
		posts = append(posts, p)
	}
	return posts
}

func seedTime(s string, zone *time.Location) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04", s, zone)
	if err != nil {
		panic(err) // a constant of this file
	}
	return t
}
