package testsite_test

import (
	"strings"
	"testing"

	"archiver"
	"archiver/extract"
	"archiver/internal/testsite"

	"github.com/google/go-cmp/cmp"
)

// What the gallery's post shows is what its truth says, in that order, and each picture is judged as the truth says.
func TestGallery(t *testing.T) {
	for _, theme := range []testsite.Theme{testsite.Classic, testsite.FullText} {
		site := start(t, testsite.Posts(2), testsite.Gallery(), testsite.Style(theme))
		page := site.Articles()[0].URL
		_, body, err := get(t, page)
		if err != nil {
			t.Fatal(err)
		}
		x := extract.New(extract.Options{})
		a := x.Article(nil)
		if _, err := a.Add(&archiver.Page{URL: page, Requested: page, Text: string(body)}); err != nil {
			t.Fatal(err)
		}
		article, err := a.Article()
		if err != nil {
			t.Fatal(err)
		}
		var want, got []string
		for _, p := range site.Gallery() {
			want = append(want, p.URL+" "+p.Type)
		}
		for _, url := range article.Images {
			_, raw, err := get(t, url)
			if err != nil {
				t.Fatal(err)
			}
			asset, _ := x.Asset(&archiver.Page{URL: url, Raw: raw})
			got = append(got, url+" "+asset.Type)
			if strings.Contains(string(asset.Data), "script>") {
				t.Errorf("%s holds a script", url)
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	}
}

func TestHotlinkGuard(t *testing.T) {
	for _, status := range []int{200, 403} {
		site := start(t, testsite.Posts(1), testsite.Gallery(), testsite.HotlinkGuard(status))
		url := site.Gallery()[0].URL
		res, stranger, err := get(t, url)
		if err != nil || res.StatusCode != status {
			t.Fatal(res, err)
		}
		_, foreign, err := get(t, url, "Referer: https://elsewhere.example/")
		if err != nil || string(foreign) != string(stranger) {
			t.Errorf("another site gets %d bytes: %v", len(foreign), err)
		}
		res, own, err := get(t, url, "Referer: "+site.URL()+"/")
		if err != nil || res.StatusCode != 200 || string(own) == string(stranger) {
			t.Errorf("its own pages get %v: %v", res, err)
		}
	}
}
