package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"

	"archiver"
	"archiver/extract"
	"archiver/extract/rule"
	"archiver/internal/config"
)

// This file wires the rules of sites: those of the configuration are compiled when it is read, so that a wrong selector is told
// before anything is fetched; the community's files are read when a page of their host is.

// maxRuleFile bounds one of the community's files; the longest have some tens of kilobytes.
const maxRuleFile = 256 << 10

// extractor makes the Extractor that knows the rules of the configuration.
func (a *app) extractor(cfg config.Config, opts extract.Options) (*extract.Extractor, error) {
	book, err := a.book(cfg)
	if err != nil {
		return nil, err
	}
	opts.Rules = book
	return extract.New(opts), nil
}

// book compiles the rules; others go before those of the configuration.
func (a *app) book(cfg config.Config, others ...*rule.Rule) (*rule.Book, error) {
	rules, err := compileRules(cfg.Rules)
	if err != nil {
		return nil, err
	}
	file, err := a.communityFiles(cfg.FTR)
	if err != nil {
		return nil, err
	}
	return rule.NewBook(append(others, rules...), file), nil
}

func compileRules(written []config.Rule) ([]*rule.Rule, error) {
	var rules []*rule.Rule
	for i := range written {
		r, err := compileRule(&written[i])
		if err != nil {
			return nil, err
		}
		rules = append(rules, r)
	}
	return rules, nil
}

// compileRule makes a rule of what the configuration says. The error names the line of the selector that is wrong.
func compileRule(w *config.Rule) (*rule.Rule, error) {
	r := &rule.Rule{Name: w.At(""), Hosts: w.Hosts, Path: w.Path}
	var wrong error
	css := func(key, text string) rule.Choice {
		if text == "" || wrong != nil {
			return nil
		}
		sel, err := rule.CSS(text)
		if err != nil {
			wrong = &archiver.Error{
				Kind: archiver.Invalid, Op: "read configuration", URL: w.At(key), Err: fmt.Errorf("%s = %q is no CSS selector: %w", key, text, err),
				Hint: `write one like "article h2 > a.title"`,
			}
			return nil
		}
		return rule.Choice{sel}
	}
	l, a := w.Listing, w.Article
	listing := rule.Listing{Item: css("listing.item", l.Item), Link: css("listing.link", l.Link), Next: css("listing.next", l.Next)}
	if len(listing.Item)+len(listing.Link)+len(listing.Next) > 0 {
		r.Listing = &listing
	}
	article := rule.Article{
		Title: css("article.title", a.Title), Body: css("article.body", a.Body), Author: css("article.author", a.Author),
		Published: css("article.published", a.Published), Next: css("article.next", a.Next),
	}
	for _, text := range a.Remove {
		article.Remove = append(article.Remove, css("article.remove", text)...)
	}
	if len(article.Title)+len(article.Body)+len(article.Author)+len(article.Published)+len(article.Next)+len(article.Remove) > 0 {
		r.Article = &article
	}
	return r, wrong
}

// communityFiles gives what reads the rule for a host from a folder of ftr-site-config files; nil where no folder is named.
func (a *app) communityFiles(folder string) (func(host string) *rule.Rule, error) {
	if folder == "" {
		return nil, nil
	}
	if info, err := os.Stat(folder); err != nil || !info.IsDir() {
		return nil, &archiver.Error{
			Kind: archiver.Invalid, Op: "read configuration", URL: folder, Err: errors.New("ftr names a folder that is not there"),
			Hint: "name the folder that holds the files HOST.txt",
		}
	}
	log, err := a.logger()
	if err != nil {
		return nil, err
	}
	read := func(name string) *rule.Rule {
		file, err := readCommunityFile(folder, name)
		if err != nil {
			if !errors.Is(err, fs.ErrNotExist) {
				log.Info("a rule file cannot be read", "folder", folder, "file", name, "error", err)
			}
			return nil
		}
		return file.Rule()
	}
	return func(host string) *rule.Rule {
		if host == "" || len(host) > 253 { // longer is no host
			return nil
		}
		global := read(rule.GlobalFile)
		for _, name := range rule.FileNames(host) {
			if r := read(name); r != nil {
				if global != nil {
					return r.And(global)
				}
				return r
			}
		}
		return global
	}, nil
}

// readCommunityFile reads a file of the folder, and nothing outside of it whatever the name is.
func readCommunityFile(folder, name string) (rule.File, error) {
	root, err := os.OpenRoot(folder)
	if err != nil {
		return rule.File{}, err
	}
	defer root.Close()
	f, err := root.Open(name)
	if err != nil {
		return rule.File{}, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxRuleFile+1))
	if err != nil {
		return rule.File{}, err
	}
	if len(data) > maxRuleFile {
		return rule.File{}, fmt.Errorf("it is larger than %d KiB", maxRuleFile>>10)
	}
	return rule.ParseFile(name, data), nil
}

// ruleFile reads the rules of a file that is named on the command line: [[rule]] tables, or a file of the community's format.
func ruleFile(path string) ([]*rule.Rule, error) {
	if strings.HasSuffix(path, ".txt") {
		dir, name := ".", path
		if i := strings.LastIndexAny(path, "/"+string(os.PathSeparator)); i >= 0 {
			dir, name = path[:i+1], path[i+1:]
		}
		file, err := readCommunityFile(dir, name)
		if err != nil {
			return nil, &archiver.Error{Kind: archiver.Invalid, Op: "read rule", URL: path, Err: err}
		}
		return []*rule.Rule{file.Rule()}, nil
	}
	cfg, err := config.Load(path)
	if err != nil {
		return nil, err
	}
	if len(cfg.Rules) == 0 {
		return nil, &archiver.Error{Kind: archiver.Invalid, Op: "read rule", URL: path, Err: errors.New("it has no rule"), Hint: `a rule begins with [[rule]] and hosts = ["blog.example"]`}
	}
	return compileRules(cfg.Rules)
}
