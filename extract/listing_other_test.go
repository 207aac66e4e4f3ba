package extract

import (
	"strings"
	"testing"

	"archiver"
)

func TestListingIsAPage(t *testing.T) {
	tests := []struct{ name, text, says string }{
		{"RSS", `<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>x</title></channel></rss>`, "a feed"},
		{"Atom with a style sheet", "<?xml version=\"1.0\"?>\n<?xml-stylesheet href=\"/a.xsl\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\"></feed>", "a feed"},
		{"sitemap", `<?xml version="1.0"?><!-- made by x --><urlset xmlns="x"></urlset>`, "sitemap"},
		{"JSON", `{"name":"blog"}`, "data for programs"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := New(Options{}).Listing(&archiver.Page{URL: "https://blog.example/feed", Text: tt.text})
			if archiver.KindOf(err) != archiver.Unusable || !strings.Contains(err.Error(), tt.says) {
				t.Errorf("got %v, want an error of kind unusable that says %q", err, tt.says)
			}
		})
	}
	page := `<?xml version="1.0"?><!DOCTYPE html><html><body class="category"><p>没有文章</p></body></html>`
	if _, err := New(Options{}).Listing(&archiver.Page{URL: "https://blog.example/category/x/", Text: page}); err != nil {
		t.Errorf("an XHTML page is refused: %v", err)
	}
}
