package rule_test

import (
	"strings"
	"testing"
	"time"

	"archiver/extract/rule"

	"github.com/google/go-cmp/cmp"
)

const siteFile = "\ufeff# a blog of nobody\r\n" + `title: //h1[@class="head"]
title: substring-before(//title, ' - ')

body: //div[@id='text']
author://span[@rel='author']
date: //time/@datetime
strip: //div[@class='promo']
strip_id_or_class: share
strip_image_src: /ads/
next_page_link: //a[@class='next']
if_page_contains: //div[@class='pages']
single_page_link: //a[contains(@href, 'print')]
find_string: <noscript>
replace_string: <div>
replace_string(<br>:<br>): <p>
prune: no
tidy: no
strip: //div[
wrap_in(blockquote): //div[@class='quote']
if_page_contains: //p
colour: red
this is no directive
find_string: alone
body:
test_url: https://blog.example/2024/1
`

func TestFile(t *testing.T) {
	r := rule.ParseFile("blog.example.txt", []byte(siteFile)).Rule()
	written := func(c rule.Choice) (all []string) {
		for _, s := range c {
			all = append(all, s.Text)
		}
		return all
	}
	got := map[string][]string{
		"title": written(r.Article.Title), "body": written(r.Article.Body), "author": written(r.Article.Author), "date": written(r.Article.Published),
		"strip": written(r.Article.Remove), "next": written(r.Article.Next), "single": written(r.Article.Single),
	}
	want := map[string][]string{
		"title": {`//h1[@class="head"]`, "substring-before(//title, ' - ')"}, "body": {"//div[@id='text']"}, "author": {"//span[@rel='author']"},
		"date": {"//time/@datetime"}, "strip": {"//div[@class='promo']", "strip_id_or_class: share", "strip_image_src: /ads/"},
		"next": {"//a[@class='next']"}, "single": {"//a[contains(@href, 'print')]"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if r.Article.Next[0].If == nil || r.Article.Single[0].If != nil && r.Article.Single[0].If.Text != "//p" {
		t.Error("the condition is not the next page's")
	}
	if diff := cmp.Diff([]rule.Replacement{{"<noscript>", "<div>"}, {"<br>:<br>", "<p>"}}, r.Article.Replace); diff != "" {
		t.Error(diff)
	}
	unused := strings.Join(r.Unused, "\n")
	for _, line := range []string{
		"blog.example.txt:17: prune: no effect", ":18: tidy: no effect", ":19: strip: ", ":20: wrap_in: no effect",
		":22: colour: unknown directive", `:23: "this is no directive": no directive`, ":24: find_string: no replace_string follows", ":25: body: it is empty",
	} {
		if !strings.Contains(unused, line) {
			t.Errorf("not told: %s", line)
		}
	}
	if len(r.Unused) != 8 {
		t.Errorf("%d lines are told:\n%s", len(r.Unused), unused)
	}
}

// TestNames holds that a name takes out what is named so, and not what has its letters in a word.
func TestNames(t *testing.T) {
	for _, tt := range []struct {
		name, attr string
		found      bool
	}{
		{"ad", "ad", true}, {"ad", "header", false}, {"ad", "top-ad", true}, {"ad", "ad_box x", true}, {"ad", "x ad", true}, {"ad", "ads", false},
		{"share", "post-share-box", true}, {"related_posts", "related_posts", true}, {"-ad", "top-ad", true}, {"share box", "a share box b", true},
	} {
		r := rule.ParseFile("x.txt", []byte("strip_id_or_class: "+tt.name)).Rule()
		found, err := r.Article.Remove[0].Find(tree(t, `<p class="`+tt.attr+`">x</p>`), rule.NewBudget())
		if err != nil || (len(found) > 0) != tt.found {
			t.Errorf("%q in %q: %d, %v", tt.name, tt.attr, len(found), err)
		}
	}
}

func TestHosts(t *testing.T) {
	for _, tt := range []struct {
		host, path, address string
		want                bool
	}{
		{"blog.example", "", "https://blog.example/1", true},
		{"blog.example", "", "https://www.blog.example/1", true},
		{"www.Blog.example", "", "https://blog.example:8080/1", true},
		{"blog.example", "", "https://x.blog.example/1", false},
		{"*.blog.example", "", "https://x.y.blog.example/1", true},
		{"*.blog.example", "", "https://blog.example/1", false},
		{"*.blog.example", "", "https://myblog.example/1", false},
		{"blog.example", "/notes/", "https://blog.example/notes/1", true},
		{"blog.example", "/notes/", "https://blog.example/2", false},
	} {
		if got := (&rule.Rule{Hosts: []string{tt.host}, Path: tt.path}).For(tt.address); got != tt.want {
			t.Errorf("%s %s for %s: %v", tt.host, tt.path, tt.address, got)
		}
	}
	want := []string{"a.b.example.txt", ".b.example.txt", ".example.txt"}
	if diff := cmp.Diff(want, rule.FileNames("a.b.example")); diff != "" {
		t.Error(diff)
	}
}

// FuzzFile holds that reading what was written gives the same lines, and that each line is used, told, or a test.
func FuzzFile(f *testing.F) {
	f.Add(siteFile)
	f.Add("replace_string(): x\nreplace_string(a)b): c\n: x\n a ( b ): c\nhttp_header(user-agent): x\nreplace_string(a) \v: b")
	f.Add("\f\ufeff# a blog: of nobody\n\ufefftitle: \ufeff//h1")
	f.Fuzz(func(t *testing.T, text string) {
		file := rule.ParseFile("x.txt", []byte(text))
		again := rule.ParseFile("x.txt", []byte(file.String()))
		for i := range file.Lines {
			file.Lines[i].Number = 0
		}
		for i := range again.Lines {
			again.Lines[i].Number = 0
		}
		if diff := cmp.Diff(file, again); diff != "" {
			t.Fatalf("%q written: %q\n%s", text, file.String(), diff)
		}
		r := file.Rule()
		a := r.Article
		told := len(r.Unused)
		for _, c := range []rule.Choice{a.Title, a.Author, a.Published, a.Body, a.Remove, a.Next, a.Single} {
			told += len(c)
			for _, s := range c {
				if s.If != nil && s.If.Text != "" {
					told++
				}
			}
		}
		told += len(a.Replace)
		least := 0
		for _, l := range file.Lines {
			if l.Name != "test_url" && l.Name != "test_contains" && l.Name != "find_string" {
				least++
			}
		}
		if told < least {
			t.Errorf("%d of %d lines are used or told: %q", told, least, text)
		}
	})
}

// FuzzSelectors holds that no text makes a selector that panics or never ends.
func FuzzSelectors(f *testing.F) {
	const longest = 20 * time.Second // hundreds of times what it takes: other programs want the processor too
	for _, seed := range []string{"a > b", "//a[@b='c'] | //d", "p:nth-child(2n+1)", "a[b", "((((", "..//*[last()]/..", "//a[1 div 0]", "*:not([x])", "//@*[.='']/..", "a\\", "-1 + //a * 2", "substring(//a, 0 div 0)"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		root := tree(t, page)
		for _, compile := range []func(string) (rule.Selector, error){rule.CSS, rule.XPath} {
			began := time.Now()
			sel, err := compile(text)
			if took := time.Since(began); took > longest {
				t.Errorf("%q takes %s to compile", text, took)
			}
			if err != nil {
				continue
			}
			began = time.Now()
			found, _ := sel.Find(root, rule.NewBudget())
			if took := time.Since(began); took > longest {
				t.Errorf("%q takes %s", text, took)
			}
			for _, m := range found {
				_ = m.Text()
			}
		}
	})
}
