package export

import (
	"archive/zip"
	"bufio"
	"bytes"
	_ "embed"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"archiver"

	"golang.org/x/net/html"
)

// This file makes one page of a book: all its parts in the order of the spine, with names of their own for what links lead to, and the
// pictures beside it. A part is read and written as a stream of tags; nothing of a book is held but its list of parts.

//go:embed print.css
var printStyle []byte

// pageHead says beside the rest that nothing is loaded but pictures and styles from files.
const pageHead = `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops">
<head>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src file: data:; style-src file: 'unsafe-inline'; font-src file:"/>
`

// spine is what a book says of its parts.
type spine struct {
	Title string `xml:"metadata>title"`
	Items []struct {
		ID   string `xml:"id,attr"`
		Href string `xml:"href,attr"`
		Type string `xml:"media-type,attr"`
		Is   string `xml:"properties,attr"`
	} `xml:"manifest>item"`
	Refs []struct {
		ID string `xml:"idref,attr"`
	} `xml:"spine>itemref"`
}

// unfoldBook writes the page of a book, and its pictures and styles, into dir.
func unfoldBook(dir, book, page string) (err error) {
	archive, err := zip.OpenReader(filepath.Join(dir, book))
	if err != nil {
		return fmt.Errorf("read the book: %w", err)
	}
	defer archive.Close()
	root, err := os.OpenRoot(dir)
	if err != nil {
		return diskError(dir, err)
	}
	defer root.Close()
	const base = "EPUB/"
	var s spine
	data, err := partOf(&archive.Reader, base+"package.opf")
	if err == nil {
		err = xml.Unmarshal(data, &s)
	}
	if err != nil {
		return fmt.Errorf("read the book: %w", err)
	}
	file, err := root.Create(page)
	if err != nil {
		return diskError(dir, err)
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	out := bufio.NewWriterSize(diskWriter{file, dir}, 1<<16)
	p := pageWriter{out: out, parts: map[string]string{}}
	names := p.order(&s, base)
	var head bytes.Buffer
	head.WriteString(pageHead + "<title>")
	writeText(&head, s.Title)
	head.WriteString("</title>\n")
	for _, item := range s.Items {
		name := path.Join(base, item.Href)
		if _, ok := p.parts[name]; ok || strings.HasSuffix(name, ".ncx") {
			continue
		}
		if err := unpack(&archive.Reader, root, name); err != nil {
			return err
		}
		if item.Type == "text/css" {
			head.WriteString(`<link rel="stylesheet" href="` + name + `"/>` + "\n")
		}
	}
	head.WriteString("<style>\n")
	head.Write(printStyle)
	head.WriteString("</style>\n</head>\n<body>\n")
	out.Write(head.Bytes())
	for _, name := range names {
		data, err := partOf(&archive.Reader, name)
		if err != nil {
			return err
		}
		if err := p.part(name, data); err != nil {
			return err
		}
	}
	out.WriteString("</body>\n</html>\n")
	return out.Flush()
}

// order names the parts of a book, in the order they are read in. Contents that are not in it stand before the first chapter.
func (p *pageWriter) order(s *spine, base string) []string {
	hrefs := map[string]string{}
	nav := ""
	for _, item := range s.Items {
		hrefs[item.ID] = path.Join(base, item.Href)
		if strings.Contains(item.Is, "nav") {
			nav = hrefs[item.ID]
		}
	}
	var names []string
	for _, ref := range s.Refs {
		name := hrefs[ref.ID]
		if name == nav {
			nav = ""
		}
		if nav != "" && strings.Contains(name, "/text/") {
			names = append(names, nav)
			nav = ""
		}
		names = append(names, name)
	}
	for i, name := range names {
		p.parts[name] = "p" + strconv.Itoa(i)
	}
	return names
}

func partOf(archive *zip.Reader, name string) ([]byte, error) {
	file, err := archive.Open(name)
	if err != nil {
		return nil, fmt.Errorf("read the book: %w", err)
	}
	defer file.Close()
	return io.ReadAll(file)
}

func unpack(archive *zip.Reader, root *os.Root, name string) error {
	data, err := partOf(archive, name)
	if err != nil {
		return err
	}
	if err = root.MkdirAll(path.Dir(name), 0o700); err == nil {
		err = root.WriteFile(name, data, 0o600)
	}
	if err != nil {
		return diskError(root.Name(), err)
	}
	return nil
}

// pageWriter writes the parts of a book into one page.
type pageWriter struct {
	out   *bufio.Writer
	parts map[string]string // the parts' names on the page, by their paths in the book
}

// reference is an attribute that names something, as the book writes it.
var reference = regexp.MustCompile(` (id|href|src|xlink:href|aria-labelledby|aria-describedby)="([^"]*)"`)

// spoken are the attributes of a part's html and body that say something of its text.
var spoken = regexp.MustCompile(` (?:xml:lang|lang|dir)="[^"]*"`)

// part writes what is in the body of a part.
func (p *pageWriter) part(name string, data []byte) error {
	if err := badXML(data); err != nil {
		return &archiver.Error{Kind: archiver.Internal, Op: "export pdf", URL: name, Err: err} // a browser would print its complaint
	}
	tags := html.NewTokenizer(bytes.NewReader(data))
	about := ""
	inside := false
	for {
		kind := tags.Next()
		if kind == html.ErrorToken {
			return nil
		}
		raw := string(tags.Raw())
		if kind == html.StartTagToken || kind == html.SelfClosingTagToken || kind == html.EndTagToken {
			tag, _ := tags.TagName()
			switch {
			case kind == html.StartTagToken && string(tag) == "html":
				about = strings.Join(spoken.FindAllString(raw, -1), "")
			case kind == html.StartTagToken && string(tag) == "body":
				inside = true
				p.out.WriteString(`<section class="part" id="` + p.parts[name] + `"` + about + ">\n")
				continue
			case kind == html.EndTagToken && string(tag) == "body":
				_, err := p.out.WriteString("</section>\n")
				return err
			}
			if kind != html.EndTagToken {
				raw = p.rewritten(name, raw)
			}
			if kind == html.StartTagToken && string(tag) == "details" && !strings.Contains(raw, " open=") {
				raw = strings.Replace(raw, "<details", `<details open="open"`, 1) // paper cannot be opened
			}
		}
		if inside {
			p.out.WriteString(raw)
		}
	}
}

// rewritten is a tag whose names and links are those of the page.
func (p *pageWriter) rewritten(name, tag string) string {
	own := p.parts[name] + "-"
	return reference.ReplaceAllStringFunc(tag, func(s string) string {
		m := reference.FindStringSubmatch(s)
		key, value := m[1], m[2]
		switch {
		case key == "id":
			value = own + value
		case strings.HasPrefix(key, "aria-"):
			ids := strings.Fields(value)
			for i := range ids {
				ids[i] = own + ids[i]
			}
			value = strings.Join(ids, " ")
		case strings.Contains(value, ":"): // http, https, mailto, data
		default:
			file, fragment, marked := strings.Cut(value, "#")
			target := path.Join(path.Dir(name), file)
			if file == "" {
				target = name
			}
			part, ok := p.parts[target]
			switch {
			case ok && marked:
				value = "#" + part + "-" + fragment
			case ok:
				value = "#" + part
			default:
				value = target
			}
		}
		return " " + key + `="` + value + `"`
	})
}

// badXML is what an XML reader would not take.
func badXML(data []byte) error {
	decoder := xml.NewDecoder(bytes.NewReader(data))
	for {
		if _, err := decoder.Token(); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
	}
}
