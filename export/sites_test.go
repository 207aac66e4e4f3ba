package export

import (
	"io/fs"
	"net/url"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"archiver"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"
)

// What a site generator would run, in a line and in code, closed and not.
const instructions = `见 {{< foo >}} 和 {{% bar "x" %}}，{{ site.title }} 与 {% include secret.html %}。

`

const instructionCode = `{{< figure src="x" >}}
{{</* done */>}} {{%/* done */%}}
{{ page.title }} {%- if x -%} {% endraw %} {% raw %} {%- endraw -%}
{{< unclosed
{{% too`

// builtArticles are articles of every kind that a generator has to build.
func builtArticles(library *kept) []archiver.Article {
	articles := append(small(), nasty()...)
	for i := range articles {
		a := &articles[i]
		if a.URL == "" || i >= 3 {
			a.URL = "https://blog.example/nasty/" + string(rune('a'+i)) + ".html"
		}
		a.ID = archiver.ArticleID(a.URL)
	}
	a, b := &articles[0], &articles[1]
	a.Tags, b.Tags = []string{"RAG", "大模型", "C++"}, []string{"RAG"}
	name := "https://blog.example/img/rag.png"
	library.add(a, name, "image/png", "PNG")
	a.Markdown = instructions + "![RAG 的流程图](" + name + ")\n\n[下一篇](" + b.URL + ")，[没有的](https://blog.example/nowhere)\n\n```text\n" + instructionCode + "\n```\n"
	b.Markdown = "见[上一篇](" + a.URL + ")\n\n" + instructions + "`{{< code`\n"
	articles[2].Markdown = "[一](" + a.URL + ")\n"
	a.Language, b.Language = "zh-CN", "zh-CN"
	return articles
}

// builtPage is what a page of a built site shows.
type builtPage struct {
	path, title, date string
	tags, code        []string
	links             []string
	text              string
}

// builtPages reads the pages of articles out of a built site, by the addresses of the articles.
func builtPages(t *testing.T, dir string) map[string]builtPage {
	t.Helper()
	pages := map[string]builtPage{}
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || path.Ext(name) != ".html" {
			return err
		}
		f, err := os.Open(name)
		if err != nil {
			return err
		}
		defer f.Close()
		doc, err := html.Parse(f)
		if err != nil {
			return err
		}
		rel, _ := filepath.Rel(dir, name)
		p, id := builtPage{path: filepath.ToSlash(rel), text: textOf(doc)}, ""
		for n := range doc.Descendants() {
			switch {
			case n.Type != html.ElementNode:
			case n.Data == "body":
				id, p.date = attr(n, "data-url"), attr(n, "data-date")
			case n.Data == "h1" && p.title == "":
				p.title = textOf(n)
			case n.Data == "i" && hasClass(n, "tag"):
				p.tags = append(p.tags, textOf(n))
			case n.Data == "pre":
				p.code = append(p.code, strings.TrimSuffix(textOf(n), "\n"))
			case n.Data == "img":
				p.links = append(p.links, attr(n, "src"))
			case n.Data == "a":
				p.links = append(p.links, attr(n, "href"))
			}
		}
		if id != "" {
			if pages[id].path != "" {
				t.Errorf("%s is built twice: %s and %s", id, pages[id].path, rel)
			}
			pages[id] = p
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return pages
}

// checkBuilt compares a built site with the articles; base is the path that it is served below.
func checkBuilt(t *testing.T, dir, base string, articles []archiver.Article) {
	t.Helper()
	pages := builtPages(t, dir)
	want := 0
	for i := range articles {
		a := &articles[i]
		page, ok := pages[a.URL]
		if isDraft(a) {
			if ok {
				t.Errorf("%q is a draft and was built", titleOf(a))
			}
			continue
		}
		want++
		if !ok {
			t.Errorf("%q was not built", titleOf(a))
			continue
		}
		if page.title != titleOf(a) {
			t.Errorf("title %.80q, want %.80q", page.title, titleOf(a))
		}
		if on := day(a.Published); on != "" && !strings.HasPrefix(page.date, on) {
			t.Errorf("%s: date %s, want %s", page.path, page.date, a.Published)
		}
		if diff := cmp.Diff(slices.Sorted(slices.Values(shown(a.Tags))), slices.Sorted(slices.Values(page.tags))); diff != "" {
			t.Errorf("%s: tags (-want +got):\n%s", page.path, diff)
		}
		for _, link := range page.links {
			u, err := url.Parse(link)
			if err != nil || u.Scheme != "" || u.Path == "" {
				continue
			}
			at := path.Join("/", path.Dir(page.path), u.Path)
			if rest, ok := strings.CutPrefix(u.Path, base); ok {
				at = "/" + rest
			}
			if _, err := os.Stat(filepath.Join(dir, filepath.FromSlash(at))); err != nil {
				t.Errorf("%s leads to %s: %v", page.path, link, err)
			}
		}
	}
	if len(pages) != want {
		t.Errorf("%d pages of articles were built, want %d", len(pages), want)
	}
	first := pages[articles[0].URL]
	if diff := cmp.Diff([]string{instructionCode}, first.code); diff != "" {
		t.Errorf("code (-want +got):\n%s", diff)
	}
	plainText := strings.NewReplacer("“", `"`, "”", `"`).Replace(first.text)
	if line := strings.TrimSpace(instructions); !strings.Contains(plainText, line) {
		t.Errorf("the text has not %q:\n%.600s", line, plainText)
	}
	if len(first.links) != 3 || strings.HasPrefix(first.links[0], "http") || strings.HasPrefix(first.links[1], "http") || first.links[2] != "https://blog.example/nowhere" {
		t.Errorf("the first page leads to %q", first.links)
	}
}

// write puts a file of a site into its place.
func writeSiteFile(t *testing.T, dir, name, content string) {
	t.Helper()
	full := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(full), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(full, []byte(content), 0o666); err != nil {
		t.Fatal(err)
	}
}

// build runs a generator.
func build(t *testing.T, dir, program string, args ...string) {
	t.Helper()
	cmd := exec.Command(program, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "LANG=C.UTF-8")
	out, err := cmd.CombinedOutput()
	if err != nil || strings.Contains(strings.ToUpper(string(out)), "ERROR") {
		t.Fatalf("%s %v: %v\n%.3000s", program, args, err, out)
	}
}

// sitesOf are the sources that sites are built of: one, and two with a folder each.
var sitesOf = map[string][]archiver.Source{"one": {source}, "two": {source, {Name: "机器 学习"}}}

// TestHugo has the real Hugo build a site. ARCHIVER_HUGO names the program.
func TestHugo(t *testing.T) {
	hugo := os.Getenv("ARCHIVER_HUGO")
	if hugo == "" {
		t.Skip("ARCHIVER_HUGO names no Hugo")
	}
	for name, sources := range sitesOf {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			library := &kept{}
			articles := builtArticles(library)
			if name == "two" {
				articles[1].Source = "机器 学习"
			}
			exportAs(t, "markdown", filepath.Join(dir, "content", "posts"), Options{Flavor: FlavorHugo, Sources: sources, Library: library}, articles...)
			writeSiteFile(t, dir, "config.toml", "baseURL = \"https://site.example/sub/\"\ntitle = \"t\"\n[markup.goldmark.renderer]\nunsafe = true\n")
			writeSiteFile(t, dir, "layouts/_default/single.html", `<body data-url="{{ .Params.source_url }}" data-date="{{ .Date.Format "2006-01-02T15:04:05Z07:00" }}"><h1>{{ .Title }}</h1>{{ range .Params.tags }}<i class="tag">{{ . }}</i>{{ end }}{{ .Content }}</body>`)
			writeSiteFile(t, dir, "layouts/_default/list.html", `<body>{{ range .Pages }}<a href="{{ .RelPermalink }}">{{ .Title }}</a> {{ .Summary }}{{ end }}</body>`)
			build(t, dir, hugo, "--panicOnWarning", "--buildFuture")
			checkBuilt(t, filepath.Join(dir, "public"), "/sub/", articles)
			if _, err := os.Stat(filepath.Join(dir, "public", "posts", manifestName)); err == nil {
				t.Error("the manifest was published")
			}
		})
	}
}

// TestJekyll has the real Jekyll build a site. ARCHIVER_JEKYLL names the program.
func TestJekyll(t *testing.T) {
	jekyll := os.Getenv("ARCHIVER_JEKYLL")
	if jekyll == "" {
		t.Skip("ARCHIVER_JEKYLL names no Jekyll")
	}
	for name, sources := range sitesOf {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			library := &kept{}
			articles := builtArticles(library)
			if name == "two" {
				articles[1].Source = "机器 学习"
			}
			exportAs(t, "markdown", dir, Options{Flavor: FlavorJekyll, Sources: sources, Library: library}, articles...)
			writeSiteFile(t, dir, "_config.yml", "title: t\nbaseurl: /sub\nfuture: true\npermalink: /:year/:title.html\ntimezone: Asia/Shanghai\n")
			writeSiteFile(t, dir, "_layouts/post.html", `<body data-url="{{ page.source_url | escape }}" data-date="{{ page.date | date_to_xmlschema }}"><h1>{{ page.title | escape }}</h1>{% for tag in page.tags %}<i class="tag">{{ tag | escape }}</i>{% endfor %}{{ content }}</body>`)
			build(t, dir, jekyll, "build")
			checkBuilt(t, filepath.Join(dir, "_site"), "/sub/", articles)
		})
	}
}
