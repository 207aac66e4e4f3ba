package extract

import (
	"fmt"
	"strings"
	"testing"

	"archiver"

	"github.com/google/go-cmp/cmp"
)

func TestPictures(t *testing.T) {
	const text = "<p>这一段文字说明下面的图片是怎么画出来的，以及为什么要这样画，它足够长，可以算作一篇文章的正文。</p>"
	for name, tt := range map[string]struct {
		head, body string
		want       []string
	}{
		"none": {body: ""},
		"in order, each once": {
			body: `<p><img src="/b.png" alt="b"><img src="a.png?x=1#frag"></p>` + text + `<p><img src="https://cdn.example/c.jpg"> <img src="http://www.a.example/b.png"></p>`,
			want: []string{"https://a.example/b.png", "https://a.example/archives/a.png?x=1", "https://cdn.example/c.jpg"},
		},
		"the lead image first": {
			head: `<meta property="og:image" content="https://a.example/lead.jpg">`,
			body: `<p><img src="/b.png"><img src="/lead.jpg"></p>`,
			want: []string{"https://a.example/lead.jpg", "https://a.example/b.png"},
		},
		"the best file": {
			body: `<p><img src="/s.jpg" srcset="/s.jpg 300w, /s-1024x768.jpg 1024w"></p>` + text +
				`<picture><source srcset="/p.webp" type="image/webp"><img src="/p.jpg"></picture>`,
			want: []string{"https://a.example/s-1024x768.jpg", "https://a.example/p.jpg"},
		},
		"the full size that a picture links to": {
			body: `<p><a href="/uploads/x.jpg"><img src="/uploads/x-300x200.jpg"></a></p>` + text + `<p><a href="/other.jpg">另一张</a></p>`,
			want: []string{"https://a.example/uploads/x.jpg"},
		},
		"a gallery": {
			body: `<figure class="wp-block-gallery"><figure class="wp-block-image"><img src="/1.jpg"></figure><figure class="wp-block-image"><img data-src="/2.jpg" src="data:image/gif;base64,R0lGODlhAQABAAAAACw="></figure></figure>`,
			want: []string{"https://a.example/1.jpg", "https://a.example/2.jpg"},
		},
		"no film, pixel or picture of the page's own": {
			body: `<video src="/f.mp4" poster="/poster.jpg"></video>` + text + `<img src="/t.gif" width="1" height="1"><img alt="x" src="data:image/png;base64,AAAA">`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			page := "<html><head><title>图</title>" + tt.head + "</head><body><article><h1>图</h1>" + strings.Repeat(text, 6) + tt.body + text + "</article></body></html>"
			a := New(Options{}).Article(nil)
			if _, err := a.Add(&archiver.Page{URL: "https://a.example/archives/1", Requested: "https://a.example/archives/1", Text: page}); err != nil {
				t.Fatal(err)
			}
			got, err := a.Article()
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got.Images); diff != "" {
				t.Errorf("%s\n%s", diff, got.HTML)
			}
		})
	}
}

func TestPicturesAreBounded(t *testing.T) {
	tree := newElement("div")
	for i := range 2 * maxPictures {
		tree.AppendChild(newElement("img", picture{src: fmt.Sprintf("https://a.example/%d.png", i)}.attributes()...))
	}
	if n := len(pictures(tree, "https://a.example/lead.png")); n != maxPictures {
		t.Errorf("%d pictures, want %d", n, maxPictures)
	}
}
