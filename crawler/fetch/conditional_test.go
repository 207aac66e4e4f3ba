package fetch

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"archiver"

	"github.com/google/go-cmp/cmp"
)

// conditions notes the conditional headers of each request, as "path: If-None-Match | If-Modified-Since".
func conditions(sent *notes, handler http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		sent.add(fmt.Sprintf("%s: %s | %s", r.URL.Path, r.Header.Get("If-None-Match"), r.Header.Get("If-Modified-Since")))
		handler(w, r)
	}
}

func TestConditional(t *testing.T) {
	const (
		tag  = `W/"65e5\"` + `"`
		date = "Wed, 04 Mar 2026 05:08:07 GMT"
		none = " | "
	)
	tests := []struct {
		name      string
		validator archiver.Validator
		answer    http.HandlerFunc
		want      *archiver.Page // nil: an error of kind Unusable
		sent      string
	}{
		{"unchanged, nothing repeated", archiver.Validator{ETag: tag, Modified: date},
			func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(304) },
			&archiver.Page{Status: 304, ETag: tag, Modified: date}, tag + " | " + date},
		{"unchanged, another tag", archiver.Validator{ETag: tag, Modified: date},
			func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("ETag", `"b"`); w.WriteHeader(304) },
			&archiver.Page{Status: 304, ETag: `"b"`, Modified: date}, tag + " | " + date},
		{"unchanged by date", archiver.Validator{Modified: date},
			func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(304) },
			&archiver.Page{Status: 304, Modified: date}, none + date},
		{"changed", archiver.Validator{ETag: `"a"`},
			func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("ETag", `"b"`)
				w.Header().Set("Content-Type", "text/html")
				fmt.Fprint(w, "<p>new</p>")
			},
			&archiver.Page{Status: 200, ETag: `"b"`, ContentType: "text/html", Charset: "utf-8", Raw: []byte("<p>new</p>"), Text: "<p>new</p>"}, `"a"` + none},
		{"a packed page of Apache", archiver.Validator{ETag: `"65-gzip"`},
			func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(304) },
			&archiver.Page{Status: 304, ETag: `"65-gzip"`}, `"65-gzip", "65"` + none},
		{"nothing asked", archiver.Validator{},
			func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(304) }, nil, none},
		{"a validator that no header can hold", archiver.Validator{ETag: "\"a\r\nX: y\""},
			func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(304) }, nil, none},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var sent notes
			s := serve(t, func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path == "/robots.txt" {
					http.NotFound(w, r)
					return
				}
				conditions(&sent, tt.answer)(w, r)
			})
			var traffic archiver.Traffic
			page, err := client(t, Options{}, s).Fetch(t.Context(), archiver.Request{URL: s.URL + "/p", Validator: tt.validator, Traffic: &traffic})
			if diff := cmp.Diff([]string{"/p: " + tt.sent}, sent.all()); diff != "" {
				t.Errorf("headers (-want +got):\n%s", diff)
			}
			if tt.want == nil {
				wantKind(t, err, archiver.Unusable, "304")
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			page.FetchedAt = time.Time{}
			tt.want.Requested, tt.want.URL = s.URL+"/p", s.URL+"/p"
			if len(page.Raw) == 0 {
				page.Raw = nil
			}
			if diff := cmp.Diff(tt.want, page); diff != "" {
				t.Errorf("page (-want +got):\n%s", diff)
			}
		})
	}
}

// A validator belongs to one address: where that redirects, nothing is known; where a cookie leads back to it, it is.
func TestConditionalRedirect(t *testing.T) {
	var sent notes
	s := serve(t, conditions(&sent, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/robots.txt":
			http.NotFound(w, r)
		case "/moved":
			http.Redirect(w, r, "/new", http.StatusMovedPermanently)
		case "/new":
			w.WriteHeader(http.StatusNotModified)
		case "/cookie":
			if _, err := r.Cookie("seen"); err != nil {
				http.SetCookie(w, &http.Cookie{Name: "seen", Value: "1"})
				http.Redirect(w, r, "/cookie", http.StatusFound)
				return
			}
			w.WriteHeader(http.StatusNotModified)
		}
	}))
	c := client(t, Options{}, s)
	ask := func(path string) (*archiver.Page, error) {
		return c.Fetch(t.Context(), archiver.Request{URL: s.URL + path, Validator: archiver.Validator{ETag: `"a"`}})
	}
	_, err := ask("/moved")
	wantKind(t, err, archiver.Unusable, "304")
	if page, err := ask("/cookie"); err != nil || page.Status != http.StatusNotModified {
		t.Errorf("a cookie on the way: %v", err)
	}
	want := []string{"/robots.txt:  | ", `/moved: "a" | `, "/new:  | ", `/cookie: "a" | `, `/cookie: "a" | `}
	if diff := cmp.Diff(want, sent.all()); diff != "" {
		t.Errorf("headers (-want +got):\n%s", diff)
	}
}
