package export

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"archiver"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

func schema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	f, err := os.Open(filepath.Join("..", "docs", "article.schema.json"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	document, err := jsonschema.UnmarshalJSON(f)
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("article.schema.json", document); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("article.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestJSONKeepsTheSchema(t *testing.T) {
	s := schema(t)
	check := func(line []byte) {
		t.Helper()
		if bytes.ContainsRune(line, '\n') {
			t.Errorf("more than a line: %q", line)
		}
		v, err := jsonschema.UnmarshalJSON(bytes.NewReader(line))
		if err == nil {
			err = s.Validate(v)
		}
		if err != nil {
			t.Errorf("%v\n%.300s", err, line)
		}
	}
	brief := small()[0]
	brief.HTML, brief.Markdown = "", ""
	full := small()[0]
	full.Tags, full.Excerpt, full.Image = []string{"RAG"}, "摘要", "https://blog.example/img/lead.png"
	for _, a := range append(nasty(), brief, full, archiver.Article{ID: "0123456789ab", URL: "https://x.example/", State: archiver.ArticleProtected}) {
		if strings.Contains(a.URL, "\"") {
			a.URL = "http://xn--fsqu00a.example/" // addresses in the archive are canonical
		}
		line, err := JSON(a)
		if err != nil {
			t.Fatal(err)
		}
		check(line)
	}
	for line := range bytes.Lines(export(t, "jsonl", articlesOf(small()...), Options{})) {
		check(bytes.TrimSuffix(line, []byte{'\n'}))
	}
}

// TestSchemaIsStrict: every key of the object is in the schema, and no other one passes.
func TestSchemaIsStrict(t *testing.T) {
	s := schema(t)
	for i := range reflect.TypeFor[Record]().NumField() {
		key, _, _ := strings.Cut(reflect.TypeFor[Record]().Field(i).Tag.Get("json"), ",")
		if s.Properties[key] == nil {
			t.Errorf("the schema has no %q", key)
		}
	}
	if got, want := len(s.Properties), reflect.TypeFor[Record]().NumField(); got != want {
		t.Errorf("the schema has %d keys, the object %d", got, want)
	}
	for _, bad := range []string{
		`{"id":"0123456789ab","url":"https://x.example/","state":"saved","other":1}`,
		`{"id":"0123456789ab","url":"https://x.example/"}`,
		`{"id":"xyz","url":"https://x.example/","state":"saved"}`,
		`{"id":"0123456789ab","url":"https://x.example/","state":"lost"}`,
		`{"id":"0123456789ab","url":"https://x.example/","state":"saved","published":""}`,
		`{"id":"0123456789ab","url":"https://x.example/","state":"saved","published":"2024-13-01"}`,
		`{"id":"0123456789ab","url":"https://x.example/","state":"saved","authors":[]}`,
		`{"id":"0123456789ab","url":"https://x.example/","state":"saved","checked":"2024-01-01"}`,
	} {
		v, err := jsonschema.UnmarshalJSON(strings.NewReader(bad))
		if err != nil {
			t.Fatal(err)
		}
		if s.Validate(v) == nil {
			t.Errorf("passes: %s", bad)
		}
	}
}

func TestJSONObject(t *testing.T) {
	a := small()[0]
	a.HTML, a.Markdown = `<p>a & b</p>`, "a & b <c>"
	got, err := JSON(a)
	if err != nil {
		t.Fatal(err)
	}
	want := `{"id":"66c1b80b7151","url":"https://blog.example/post/1/","source":"nlp","title":"RAG 优化浅谈","authors":["张三"],` +
		`"published":"2023-11-02T08:30:00+08:00","modified":"2024-02-03","categories":["自然语言处理(NLP)"],"language":"zh-CN","words":100,` +
		`"markdown":"a & b <c>","html":"<p>a & b</p>","first_seen":"2024-06-01T12:00:00Z","checked":"2024-07-01T12:00:00Z","state":"saved"}`
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("object (-want +got):\n%s", diff)
	}
	got, err = JSON(archiver.Article{ID: "0123456789ab", URL: "https://x.example/", State: archiver.ArticleGone})
	if want := `{"id":"0123456789ab","url":"https://x.example/","state":"gone"}`; err != nil || string(got) != want {
		t.Errorf("what is not known: %s, want %s", got, want)
	}
}

func TestJSONDocument(t *testing.T) {
	var got struct {
		Format   string
		Sources  []map[string]string
		Articles []Record
	}
	document := export(t, "json", articlesOf(small()...), Options{Sources: []archiver.Source{source, {Name: "b", URL: "https://b.example/"}}})
	if err := json.Unmarshal(document, &got); err != nil {
		t.Fatalf("%v\n%s", err, document)
	}
	var want []Record
	for _, a := range small() {
		want = append(want, RecordOf(a))
	}
	if diff := cmp.Diff(want, got.Articles); diff != "" {
		t.Errorf("articles (-want +got):\n%s", diff)
	}
	sources := []map[string]string{{"name": "nlp", "url": source.URL, "title": source.Title}, {"name": "b", "url": "https://b.example/"}}
	if diff := cmp.Diff(sources, got.Sources); diff != "" || got.Format != "archiver/1" {
		t.Errorf("format %q, sources (-want +got):\n%s", got.Format, diff)
	}
	if one := export(t, "json", articlesOf(small()[0]), Options{}); !json.Valid(one) || !bytes.Contains(one, []byte(`"sources":[]`)) {
		t.Errorf("one article, no source: %s", one)
	}
}
