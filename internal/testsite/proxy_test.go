package testsite_test

import (
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"archiver/internal/testsite"

	"github.com/google/go-cmp/cmp"
)

// TestProxySpoils asks for everything often: every fault comes, about as many as were asked for, the same ones for the same seed.
func TestProxySpoils(t *testing.T) {
	site := start(t, testsite.Posts(30), testsite.REST())
	var met [2]map[string]int
	const rounds = 10
	for i := range met {
		proxy, err := testsite.StartProxy(site.URL(), 7, time.Millisecond)
		if err != nil {
			t.Fatal(err)
		}
		_, clean, err := get(t, proxy.URL()+"/archives/101")
		if err != nil || strings.Contains(string(clean), site.URL()) || !strings.Contains(string(clean), proxy.URL()+"/category/nlp/") {
			t.Errorf("the page has the blog's address, or not the proxy's: %v", err)
		}
		proxy.Spoil(0.1)
		for range rounds {
			for id := range 30 {
				// What comes is not the question here, and faults of the connection are errors.
				get(t, fmt.Sprintf("%s/archives/%d", proxy.URL(), 100+id))
			}
		}
		met[i] = proxy.Met()
		proxy.Close()
	}
	if diff := cmp.Diff(met[0], met[1]); diff != "" {
		t.Errorf("one seed, two kinds of luck:\n%s", diff)
	}
	total := 0
	for n := range maps.Values(met[0]) {
		total += n
	}
	if all := rounds * 30; total < all*6/100 || total > all*14/100 {
		t.Errorf("%d faults in %d answers", total, all)
	}
	if kinds := len(testsite.RealFaults(0)); len(met[0]) < kinds/3 {
		t.Errorf("%d of %d faults", len(met[0]), kinds)
	}
}

// TestRealFaults meets each of them once: it has an effect, and the next answer is the page.
func TestRealFaults(t *testing.T) {
	plain := start(t, testsite.Posts(1))
	a := plain.Articles()[0]
	_, page, err := get(t, a.URL, "Accept-Encoding: gzip")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range testsite.RealFaults(5 * time.Millisecond) {
		t.Run(f.Name, func(t *testing.T) {
			path := "/archives/100"
			if f.Name == "page as picture" {
				path = "/wp-content/uploads/2025/02/fig01.png"
			}
			site := start(t, testsite.Posts(1), testsite.OnPath(path, f.Fault.Times(1)))
			began := time.Now()
			res, body, err := get(t, site.URL()+path, "Accept-Encoding: gzip")
			same := func() bool {
				return err == nil && res.StatusCode == 200 && len(body) == len(page) && time.Since(began) < 5*time.Millisecond
			}
			if same() {
				t.Error("it has no effect")
			}
			res, body, err = get(t, site.URL()+path, "Accept-Encoding: gzip")
			if err != nil || res.StatusCode != 200 || len(body) < 100 {
				t.Errorf("afterwards: %v %v", res, err)
			}
		})
	}
}
