package crawler

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"

	"archiver"
)

// This file reads articles again from their stored pages, without a request. Rules: what the site's pages have in common is learned
// first, from all of them, and then each is read with it; each article is a transaction of its own, so a run may be broken off
// and begun again; an article whose pages give nothing now, or far less, keeps the text it has and is reported.

// maxTaught is how many articles of a site are read to learn from: as many as its model counts.
const maxTaught = archiver.MaxSitePages - 1

// Rereading is what reading articles again did.
type Rereading struct {
	Read    int // articles looked at
	Changed int
	Failed  int
	// Problems are the articles that kept their text, the first maxProblems.
	Problems []Problem
	// Revised are the IDs of the articles whose text changed.
	Revised []string
}

// ExitCode is the exit code of a command that did this and nothing else.
func (r Rereading) ExitCode() int {
	if r.Failed > 0 {
		return archiver.ExitPartial
	}
	return archiver.ExitDone
}

// RereadOptions say how articles are read again.
type RereadOptions struct {
	// Learn has the site's model made anew from these articles first. Otherwise the stored one is used as it is.
	Learn bool
	// DryRun writes nothing: what would change is counted.
	DryRun bool
	// Progress is called after each article with what was done and how many there are.
	Progress func(done Rereading, of int)
}

// Reextract reads the articles of these IDs again. The report is complete also where the error is not nil, which ends the
// reading: Storage, or the context's.
func (c *Crawler) Reextract(ctx context.Context, archive Archive, ids []string, opts RereadOptions) (Rereading, error) {
	r := rereading{Crawler: c, archive: archive, opts: opts, sites: map[string]*archiver.SiteModel{}}
	if opts.Learn {
		if err := r.learn(ctx, ids); err != nil {
			return r.report, err
		}
	}
	for _, id := range ids {
		if err := context.Cause(ctx); err != nil {
			return r.report, err
		}
		if err := r.one(ctx, id); err != nil {
			return r.report, err
		}
		if opts.Progress != nil {
			opts.Progress(r.report, len(ids))
		}
	}
	return r.report, nil
}

type rereading struct {
	*Crawler
	archive Archive
	opts    RereadOptions
	sites   map[string]*archiver.SiteModel // by host
	report  Rereading
}

// learn makes the models of the articles' sites anew. One that was learned from more pages than these stays.
func (r *rereading) learn(ctx context.Context, ids []string) error {
	step := max(1, (len(ids)+maxTaught-1)/maxTaught)
	fresh := map[string]*archiver.SiteModel{}
	for i := 0; i < len(ids); i += step {
		if err := context.Cause(ctx); err != nil {
			return err
		}
		pages, entries, err := r.stored(ctx, ids[i])
		if err != nil {
			return err
		}
		if len(pages) == 0 {
			continue
		}
		host := archiver.Host(pages[0].URL)
		site := fresh[host]
		if site == nil {
			site = &archiver.SiteModel{Host: host}
		}
		_, taught, err := r.read(pages, entries, site)
		if err == nil {
			fresh[host] = taught
		}
	}
	for host, site := range fresh {
		known, err := r.archive.Site(ctx, host)
		if err != nil {
			return err
		}
		if site.Pages < known.Pages {
			continue
		}
		r.sites[host] = site
		if !r.opts.DryRun {
			if err := r.archive.PutSite(ctx, *site); err != nil {
				return err
			}
		}
	}
	return nil
}

// stored is what the archive has of an article.
func (r *rereading) stored(ctx context.Context, id string) ([]archiver.Page, []archiver.Entry, error) {
	pages, err := r.archive.Pages(ctx, id)
	if err != nil {
		return nil, nil, err
	}
	entries, err := r.archive.Entries(ctx, id)
	return pages, entries, err
}

func (r *rereading) siteOf(ctx context.Context, host string) (*archiver.SiteModel, error) {
	if site := r.sites[host]; site != nil {
		return site, nil
	}
	site, err := r.archive.Site(ctx, host)
	if err != nil {
		return nil, err
	}
	r.sites[host] = &site
	return &site, nil
}

// one reads an article again and keeps what changed. The error ends the run.
func (r *rereading) one(ctx context.Context, id string) error {
	was, err := r.archive.Article(ctx, id)
	if err != nil {
		return err
	}
	pages, entries, err := r.stored(ctx, id)
	if err != nil {
		return err
	}
	if len(pages) == 0 || was.Revision == 0 {
		return nil // a post with a password, or one that was gone when it was first asked for
	}
	r.report.Read++
	site, err := r.siteOf(ctx, archiver.Host(pages[0].URL))
	if err != nil {
		return err
	}
	now, _, err := r.read(pages, entries, site)
	if err != nil {
		r.fail(was.URL, err)
		return nil
	}
	now.ID, now.Source, now.Revision = was.ID, was.Source, was.Revision
	if r.opts.DryRun {
		if archiver.Shrank(was.Words, now.Words) {
			r.fail(was.URL, fmt.Errorf("it would shrink from %d words to %d", was.Words, now.Words))
		} else if now.ContentHash() != was.ContentHash() || now.Markdown != was.Markdown || now.Words != was.Words || now.Site != was.Site {
			r.change(was.ID)
		}
		return nil
	}
	commit, cancel := context.WithTimeout(context.WithoutCancel(ctx), max(settleTime, lease))
	defer cancel()
	receipt, err := r.archive.Reextract(commit, now, r.Crawler.opts.Now())
	switch {
	case err != nil:
		return err
	case receipt.Refused != "":
		r.fail(was.URL, errors.New(receipt.Refused))
	case receipt.Revised:
		r.change(was.ID)
	}
	return nil
}

// read puts the article together from its pages. A page that brings the reader down is one failure.
func (r *rereading) read(pages []archiver.Page, entries []archiver.Entry, site *archiver.SiteModel) (article archiver.Article, taught *archiver.SiteModel, err error) {
	defer func() {
		if p := recover(); p != nil {
			r.Crawler.opts.Log.Error("panic", "url", pages[0].URL, "stack", string(debug.Stack()))
			err = &archiver.Error{Kind: archiver.Internal, Op: "understand", URL: pages[0].URL, Err: fmt.Errorf("panic: %v", p)}
		}
	}()
	article, assembly, err := r.assemble(pages, entries, site)
	if err != nil {
		return archiver.Article{}, site, err
	}
	return article, assembly.Teach(site), nil
}

// assemble puts an article together from stored pages, with what is known of its site.
func (c *Crawler) assemble(pages []archiver.Page, entries []archiver.Entry, site *archiver.SiteModel) (archiver.Article, Assembly, error) {
	assembly := c.extract.Article(entries)
	assembly.Knowing(site)
	for i := range pages {
		if _, err := assembly.Add(&pages[i]); err != nil {
			return archiver.Article{}, nil, err
		}
	}
	article, err := assembly.Article()
	return article, assembly, err
}

func (r *rereading) change(id string) {
	r.report.Changed++
	r.report.Revised = append(r.report.Revised, id)
}

func (r *rereading) fail(url string, err error) {
	r.report.Failed++
	if len(r.report.Problems) < maxProblems {
		r.report.Problems = append(r.report.Problems, Problem{URL: url, Kind: archiver.KindOf(err), Err: err})
	}
}
