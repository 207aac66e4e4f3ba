package export

import (
	"bytes"
	"context"
	"errors"
	"strings"

	"archiver"
)

// This file writes a folder of Markdown files, one an article, with its pictures beside them. What happens to files that are there
// is folder.go's; what the file says is frontmatter.go's and relink.go's; where it stands is layout.go's.

const markdownExt = ".md"

// notebook is a Markdown folder that is being written.
type notebook struct {
	*neighbours
	layout layout
	page   bytes.Buffer
}

func writeMarkdown(ctx context.Context, target string, articles Articles, opts Options) (Result, error) {
	flavor := opts.Flavor
	if flavor == "" {
		flavor = FlavorPlain
	}
	l, ok := layoutOf(flavor, len(opts.Sources) > 1)
	if !ok {
		return Result{}, &archiver.Error{Kind: archiver.Invalid, Op: "export markdown", Err: errors.New("there is no flavor " + string(flavor)),
			Hint: "the flavors are plain, obsidian, hugo, jekyll"}
	}
	book := &notebook{layout: l}
	return writeFolder(ctx, target, string(flavor), articles, opts, l, func(n *neighbours, a *archiver.Article) error {
		book.neighbours = n
		return book.add(ctx, a)
	}, nil)
}

// add writes the article's file and its pictures.
func (n *notebook) add(ctx context.Context, a *archiver.Article) error {
	at, err := n.place(a)
	if err != nil || at == "" {
		return err
	}
	pictures, err := n.pictures(ctx, a, at)
	if err != nil {
		return err
	}
	front := frontMatter{flavor: n.layout.flavor, image: a.Image}
	if picture := pictures.find(a.Image); picture != "" {
		front.image = n.layout.plainLink(at, picture)
	}
	if err := n.earlier(ctx, a, at, &front); err != nil {
		return err
	}
	var failed error
	text := relink(markdownText(a.Markdown), func(destination string, image bool) string {
		if picture := pictures.find(destination); picture != "" {
			if failed = errors.Join(failed, pictures.put(ctx, picture)); failed != nil {
				return ""
			}
			return n.layout.link(at, picture)
		}
		if image {
			return ""
		}
		to := n.leaf(destination)
		if to == nil || to.draft && n.layout.builds {
			return ""
		}
		return n.layout.link(at, to.path)
	})
	if picture := pictures.find(a.Image); picture != "" {
		failed = errors.Join(failed, pictures.put(ctx, picture))
	}
	if failed != nil {
		return failed
	}
	n.page.Reset()
	front.write(&n.page, a)
	if text = strings.Trim(text, "\n"); text != "" {
		n.page.WriteString("\n" + n.layout.inert(text) + "\n")
	}
	return n.folder.put(piece{key: idOf(a), source: a.Source, names: n.layout.names(a), content: n.page.Bytes()})
}

// earlier finds the titles and addresses that the article had.
func (n *notebook) earlier(ctx context.Context, a *archiver.Article, at string, front *frontMatter) error {
	if n.opts.Library == nil {
		return nil
	}
	revisions, err := n.opts.Library.Revisions(ctx, a.ID)
	if err != nil {
		return err
	}
	for _, r := range revisions {
		if r.Title != a.Title {
			front.titles = append(front.titles, r.Title)
		}
	}
	front.addresses, err = n.opts.Library.Addresses(ctx, a.ID)
	front.name = n.layout.name(at)
	return err
}

// markdownText is Markdown without what no editor shows and some terminal obeys.
func markdownText(s string) string {
	return strings.Map(func(r rune) rune {
		if forbidden(r) {
			return -1
		}
		return r
	}, s)
}
