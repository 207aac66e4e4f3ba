package export

import (
	"bytes"
	"context"
	"errors"
	"path"

	"archiver"
)

// This file knows what else is in a folder that is being written: where the other articles are, and which pictures of an article
// the archive has. What an article leads to and the folder has, it leads to there.

// neighbours are the files of a folder.
type neighbours struct {
	folder *folder
	opts   Options
	layout layout
	leaves map[string]*leaf // by the keys of all addresses of the articles
}

// leaf is the file of an article that is to be written.
type leaf struct {
	path  string
	draft bool // it is no text to be published
}

// writeFolder writes articles into a folder: it plans where each of them is to be, has add write them one by one, and last what
// stands for all of them.
func writeFolder(ctx context.Context, target, form string, articles Articles, opts Options, l layout,
	add func(*neighbours, *archiver.Article) error, last func(*neighbours) error) (result Result, err error) {
	var n *neighbours
	defer func() {
		if n != nil {
			err = errors.Join(err, n.folder.close())
			result = n.folder.result
		}
	}()
	_, err = each(ctx, articles, opts, func(a *archiver.Article) error {
		if n == nil {
			f, err := openFolder(target, form)
			if err != nil {
				return err
			}
			n = &neighbours{folder: f, opts: opts, layout: l, leaves: map[string]*leaf{}}
			if l.begin != nil {
				l.begin(f)
			}
			if err := n.plan(ctx); err != nil {
				return err
			}
		}
		n.folder.result.Articles++
		return add(n, a)
	})
	if err == nil && last != nil {
		err = last(n)
	}
	if err == nil && opts.Whole {
		err = n.folder.clear(ctx, opts.Sources)
	}
	return result, err
}

// plan gives every article its place.
func (n *neighbours) plan(ctx context.Context) error {
	if n.opts.Brief == nil {
		return nil
	}
	for a, err := range n.opts.Brief {
		if err == nil && ctx.Err() != nil {
			err = context.Cause(ctx)
		}
		if err != nil {
			return err
		}
		at, err := n.folder.plan(idOf(&a), n.layout.names(&a), isOf(&a))
		if err != nil {
			return err
		}
		if at == "" {
			continue
		}
		if n.layout.planned != nil {
			n.layout.planned(n.folder, &a)
		}
		to := &leaf{path: at, draft: isDraft(&a)}
		keys := []string{keyOf(a.URL)}
		if n.opts.Library != nil {
			more, err := n.opts.Library.Addresses(ctx, a.ID)
			if err != nil {
				return err
			}
			keys = append(keys, more...)
		}
		for _, key := range keys {
			if n.leaves[key] == nil { // the first one that had the address
				n.leaves[key] = to
			}
		}
	}
	return nil
}

// place is where an article is to be; it is empty where a person's files are in the way.
func (n *neighbours) place(a *archiver.Article) (string, error) {
	names := n.layout.names(a)
	at, err := n.folder.plan(idOf(a), names, isOf(a))
	if err == nil && at == "" {
		n.folder.keep(names[len(names)-1], "a file of that name is there already; it was left as it is")
	}
	return at, err
}

// isOf tells a file that was written for the article.
func isOf(a *archiver.Article) func([]byte) bool {
	mark := []byte(`"` + idOf(a) + `"`)
	return func(content []byte) bool { return bytes.Contains(content, mark) }
}

// isDraft reports whether an article has no text that anybody should be shown.
func isDraft(a *archiver.Article) bool { return a.State == archiver.ArticleProtected }

// leaf is the article that an address leads to, where the folder has it.
func (n *neighbours) leaf(address string) *leaf { return n.leaves[keyOf(address)] }

// keyOf is the key of an address as it stands in a text.
func keyOf(address string) string {
	canonical, err := archiver.Canonical(address)
	if err != nil {
		return address
	}
	return archiver.Key(canonical)
}

// album is the pictures of one article that the archive has.
type album struct {
	*neighbours
	source string
	at     map[string]string // where each is to be, by the key of its address
	sums   map[string]string // by where
}

// pictures finds the article's pictures; at is where the article is.
func (n *neighbours) pictures(ctx context.Context, a *archiver.Article, at string) (*album, error) {
	p := &album{neighbours: n, source: a.Source}
	if n.opts.Library == nil || n.opts.NoImages {
		return p, nil
	}
	images, err := n.opts.Library.Images(ctx, a.ID)
	if err != nil && archiver.KindOf(err) != archiver.NoMatch {
		return nil, err
	}
	p.at, p.sums = map[string]string{}, map[string]string{}
	for _, image := range images {
		ext := pictureExt(image.Type)
		if image.Sum == "" || ext == "" || len(image.Sum) < pictureSum {
			continue
		}
		where := n.layout.picture(a, at, image.Sum[:pictureSum]+ext)
		p.at[keyOf(image.URL)], p.sums[where] = where, image.Sum
	}
	return p, nil
}

// pictureSum is how much of a picture's sum names its file: 64 bits, no two of a million are alike.
const pictureSum = 16

// pictureExt is the ending of a picture's file; empty for one that viewers would not know.
func pictureExt(mediaType string) string {
	switch mediaType {
	case "image/png":
		return ".png"
	case "image/jpeg":
		return ".jpg"
	case "image/gif":
		return ".gif"
	case "image/webp":
		return ".webp"
	case "image/avif":
		return ".avif"
	case "image/svg+xml":
		return ".svg"
	case "image/bmp":
		return ".bmp"
	case "image/x-icon":
		return ".ico"
	}
	return ""
}

// find is where the picture of an address is to be; empty where the archive does not have it.
func (p *album) find(address string) string {
	if len(p.at) == 0 || address == "" {
		return ""
	}
	return p.at[keyOf(address)]
}

// put writes the picture that belongs at a place, once.
func (p *album) put(ctx context.Context, where string) error {
	key, sum := "picture "+where, p.sums[where]
	if p.folder.had[key] || p.folder.has(key, sum) {
		p.folder.stands(key, p.source)
		return nil
	}
	asset, err := p.opts.Library.Asset(ctx, sum)
	if err != nil {
		return err
	}
	return p.folder.put(piece{key: key, source: p.source, names: []string{where}, content: asset.Data})
}

// dirOf is the folder of an article's source: each has its own where there are several.
func dirOf(a *archiver.Article, sources bool, name func(string) string) string {
	if !sources {
		return "."
	}
	return path.Clean(name(a.Source))
}
