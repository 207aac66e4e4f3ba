package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"archiver"
	"archiver/internal/config"
	"archiver/internal/testsite"
	"archiver/storage"
)

// This file is the second half of the demo: its blog goes on, and the archive follows.

// What becomes of the sample blog after its first sync.
const (
	demoEdited  = "RAG优化浅谈"
	demoDeleted = "ChatGPT分析"
	demoBefore  = "切分是被低估的一步"
	demoAfter   = "切分是最容易被低估的一步"
	demoAdded   = "LoRA 微调笔记"
	demoBody    = `<p>全量微调要更新所有参数，LoRA 只学一个低秩的增量：</p>
<p>$$W = W_0 + \frac{\alpha}{r}BA,\quad B\in\mathbb{R}^{d\times r},\ A\in\mathbb{R}^{r\times k}$$</p>
<p>秩 $r$ 取 8 到 64 就够，推理之前把增量并回原来的权重，没有一点额外的开销。先训练注意力里的查询和取值两个矩阵，不够再加其余的。</p>`
)

// goOn publishes, edits and deletes one article each.
func goOn(site *testsite.Site) error {
	find := func(title string) (int, error) {
		i := slices.IndexFunc(site.Articles(), func(t testsite.Truth) bool { return t.Title == title })
		if i < 0 {
			return 0, archiver.Errorf(archiver.Internal, "the sample blog has no %q", title)
		}
		return i, nil
	}
	edited, err := find(demoEdited)
	if err != nil {
		return err
	}
	site.Edit(edited, func(p *testsite.Post) { p.Body = strings.Replace(p.Body, demoBefore, demoAfter, 1) })
	deleted, err := find(demoDeleted)
	if err != nil {
		return err
	}
	site.Delete(deleted)
	site.Add(testsite.Post{Title: demoAdded, Body: demoBody, Tags: []string{"大模型", "微调"}})
	return nil
}

// demoLater has the blog go on, syncs again and shows what came of it.
func (a *app) demoLater(ctx context.Context, store storage.Store, site *testsite.Site, o syncOptions) error {
	if err := goOn(site); err != nil {
		return err
	}
	a.say("")
	a.say("meanwhile the author published 《%s》, edited 《%s》 and deleted 《%s》", demoAdded, demoEdited, demoDeleted)
	a.say("")
	a.say("$ archiver --db %s sync --delay 0", a.db)
	if err := a.sync(ctx, store, config.Config{}, o, nil, []string{"nlp"}); err != nil {
		return err
	}
	a.say("")
	a.say("$ archiver --db %s list --state changed,gone", a.db)
	want, err := a.listWanted([]string{"changed", string(archiver.ArticleGone)}, "")
	if err != nil {
		return err
	}
	if err := a.listEvents(ctx, store, storage.Query{Brief: true, Newest: true}, want, false); err != nil {
		return err
	}
	for article, err := range store.Articles(ctx, storage.Query{Brief: true, States: articleStates}) {
		if err != nil {
			return err
		}
		if article.Title == demoEdited {
			return a.demoDiff(ctx, store, article)
		}
	}
	return fmt.Errorf("%q is not in the archive", demoEdited)
}

func (a *app) demoDiff(ctx context.Context, store storage.Store, article archiver.Article) error {
	a.say("")
	a.say("$ archiver --db %s diff %s", a.db, article.ID)
	paint, err := a.painter("auto")
	if err != nil {
		return err
	}
	old, new, err := a.chooseRevisions(ctx, store, article, nil)
	if err != nil || new.Revision == 0 {
		return err
	}
	return a.wordDiff(old, new, paint)
}
