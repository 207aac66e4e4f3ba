package export

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"archiver"

	"github.com/google/go-cmp/cmp"
	"github.com/nlnwa/gowarc/v3"
)

// cellar is a shelf with raw pages.
type cellar struct {
	shelf
	pages map[string][]archiver.Page
}

func (s *cellar) Pages(_ context.Context, id string) ([]archiver.Page, error) {
	return s.pages[id], nil
}

// shelved are the pages of articles: two of each, with a picture that all of them show and one that could not be had.
func shelved(t testing.TB, all ...archiver.Article) *cellar {
	t.Helper()
	picture := pngOf(t, 40, 20)
	s := &cellar{pages: map[string][]archiver.Page{}}
	at := time.Date(2024, 6, 1, 20, 0, 0, 5e8, east)
	for _, a := range all {
		for n := range 2 {
			s.pages[a.ID] = append(s.pages[a.ID], archiver.Page{URL: fmt.Sprintf("%s?page=%d", a.URL, n), Status: 200, ContentType: "text/html", Charset: "GB18030",
				Raw: []byte("<p>\xd6\xd0\xce\xc4\r\n\r\nWARC/1.1\r\n\r\n" + a.ID), FetchedAt: at})
		}
		s.keep(a.ID, "https://blog.example/img/rag.png", "image/png", 40, 20, picture)
		s.images[a.ID][0].Checked = at.Add(time.Hour)
		s.miss(a.ID, "https://blog.example/img/gone.png", "404")
	}
	return s
}

type warcRecord struct {
	Type, Target, Date, Kind string
	Body                     string
}

// TestWARC reads a file back with the strictest reader, which compares the digests, and has each record in a member of gzip of its own.
func TestWARC(t *testing.T) {
	all := append(small(), oddlyTitled()...)
	library := shelved(t, all...)
	data := export(t, "warc", articlesOf(all...), Options{Library: library, Sources: []archiver.Source{source}})
	reader, err := gowarc.NewWarcFileReaderFromStream(bytes.NewReader(data), 0, gowarc.WithStrictValidation())
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	var got []warcRecord
	ids := map[string]bool{}
	for {
		next, err := reader.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if len(next.Validation) > 0 {
			t.Error(next.Validation)
		}
		r := next.WarcRecord
		h := r.WarcHeader()
		raw, err := r.Block().RawBytes()
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(raw)
		if validation, invalid := r.ValidateDigest(); err != nil || invalid != nil || len(validation) > 0 {
			t.Errorf("digest: %v %v %v", err, invalid, validation)
		}
		if !strings.HasPrefix(h.Get(gowarc.WarcBlockDigest), "sha1:") || ids[r.RecordId()] || r.Version() != gowarc.V1_1 {
			t.Errorf("record %s, %s, digest %s", r.RecordId(), r.Version(), h.Get(gowarc.WarcBlockDigest))
		}
		ids[r.RecordId()] = true
		got = append(got, warcRecord{r.Type().String(), h.Get(gowarc.WarcTargetURI), h.Get(gowarc.WarcDate), h.Get(gowarc.ContentType), string(body)})
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	}
	if got[0].Type != "warcinfo" || !strings.Contains(got[0].Body, "isPartOf: "+source.URL+"\r\n") {
		t.Errorf("the first record: %+v", got[0])
	}
	var want []warcRecord
	for i, a := range all {
		for _, p := range library.pages[a.ID] {
			want = append(want, warcRecord{"resource", address(p.URL), "2024-06-01T12:00:00Z", "text/html; charset=gb18030", string(p.Raw)})
		}
		if i == 0 { // the same picture once
			want = append(want, warcRecord{"resource", "https://blog.example/img/rag.png", "2024-06-01T13:00:00Z", "image/png", string(pngOf(t, 40, 20))})
		}
	}
	if diff := cmp.Diff(want, got[1:]); diff != "" {
		t.Errorf("records (-want +got):\n%s", diff)
	}
	if got, want := members(t, data), len(want)+1; got != want {
		t.Errorf("%d members of gzip, want %d", got, want)
	}
	if without := export(t, "warc", articlesOf(all...), Options{Library: library, NoImages: true}); bytes.Equal(without, data) || members(t, without) != len(want) {
		t.Error("the file without pictures")
	}
}

// members counts the members of a gzip file and holds that each is one whole record.
func members(t *testing.T, data []byte) (n int) {
	t.Helper()
	in := bytes.NewReader(data)
	zip, err := gzip.NewReader(in)
	if err != nil {
		t.Fatal(err)
	}
	for {
		zip.Multistream(false)
		record, err := io.ReadAll(zip)
		if err != nil || !bytes.HasPrefix(record, []byte("WARC/1.1\r\n")) || !bytes.HasSuffix(record, []byte("\r\n\r\n")) {
			t.Fatalf("member %d: %v, %.40q", n, err, record)
		}
		n++
		if err := zip.Reset(in); err == io.EOF {
			return n
		} else if err != nil {
			t.Fatal(err)
		}
	}
}

func TestWARCWithoutPages(t *testing.T) {
	f, _ := Lookup("warc")
	for _, library := range []Library{nil, &cellar{}} {
		var b bytes.Buffer
		if _, err := f.Write(context.Background(), &b, articlesOf(small()...), Options{Library: library}); archiver.KindOf(err) != archiver.NoMatch || b.Len() > 0 {
			t.Errorf("%v: %v, %d bytes", library, err, b.Len())
		}
	}
	all := small()
	result, err := f.Write(context.Background(), io.Discard, articlesOf(all...), Options{Library: shelved(t, all[0])})
	if diff := cmp.Diff(Result{Articles: 3, Notes: []string{"2 articles have no raw page in the archive"}}, result); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
}

// endless has a large raw page of every article.
type endless struct{ *shelf }

func (endless) Pages(_ context.Context, id string) ([]archiver.Page, error) {
	return []archiver.Page{{URL: "https://blog.example/" + id, ContentType: "text/html", Raw: []byte(strings.Repeat(id, 20_000))}}, nil
}
