package main

import (
	"bufio"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"strings"

	"archiver"
	"archiver/storage"

	"github.com/spf13/cobra"
	"golang.org/x/net/html/charset"
)

// This file takes in lists of sources that other programs keep. Rules: nothing is fetched; each line or outline gets a word on what
// became of it; what is a source already is left as it is.

const (
	// maxImport bounds the file: a reader with a thousand blogs has half a megabyte of OPML.
	maxImport = 16 << 20
	// maxOutlines is far more than anybody reads.
	maxOutlines = 10_000
)

// What becomes of an imported address.
const (
	importAdded   = "added"
	importKnown   = "known"   // a source already, or named before in the same file
	importRefused = "refused" // no address that can be a source
)

// importRecord is the JSON object of an imported address.
type importRecord struct {
	Result string `json:"result"`
	Source string `json:"source,omitempty"`
	URL    string `json:"url"`
	Reason string `json:"reason,omitempty"`
}

func newImport(a *app) *cobra.Command {
	var dryRun, asJSON bool
	var s settingFlags
	cmd := &cobra.Command{
		Use:   "import urls|opml FILE|-",
		Short: "Take the sources of a list: addresses one a line, or a feed reader's OPML; nothing is fetched",
		Long: `Remember every address of a file as a source. "urls" is one address of a category page a line; what stands behind a # is a remark. "opml" is
what feed readers export. A feed names no category page: of one whose address tells it (…/category/nlp/feed/) that page is taken, else the outline's
web page; where there is neither, it is said.`,
		Example: `  archiver import urls blogs.txt --schedule @daily
  archiver import opml subscriptions.opml --dry-run`,
		Args: cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			change, err := s.read(cmd)
			if err != nil {
				return err
			}
			found, err := a.readImport(args[0], args[1])
			if err != nil {
				return err
			}
			store, _, err := a.open(cmd.Context())
			if err != nil {
				return err
			}
			defer store.Close()
			return a.importSources(cmd.Context(), store, found, change.apply(archiver.Settings{}), dryRun, asJSON)
		},
	}
	cmd.Flags().BoolVar(&dryRun, "dry-run", false, "say what would become a source, and write nothing")
	cmd.Flags().BoolVar(&asJSON, "json", false, "one JSON object a line")
	s.flags(cmd)
	return cmd
}

// imported is an address of a list; why it cannot be a source, where it cannot.
type imported struct {
	url string
	err error
}

func (a *app) readImport(format, path string) ([]imported, error) {
	read := map[string]func(io.Reader) ([]imported, error){"urls": readURLs, "opml": readOPML}[format]
	if read == nil {
		return nil, &archiver.Error{Kind: archiver.Invalid, Err: fmt.Errorf("%q is no format of a list", format), Hint: "the formats are urls and opml"}
	}
	in := a.In
	if path != "-" {
		f, err := os.Open(path)
		if err != nil {
			return nil, &archiver.Error{Kind: archiver.Invalid, Op: "import", URL: path, Err: errors.Unwrap(err), Hint: "name a file that is there, or - for standard input"}
		}
		defer f.Close()
		in = f
	}
	bounded := &io.LimitedReader{R: in, N: maxImport + 1}
	found, err := read(bounded)
	switch {
	case bounded.N == 0:
		err = errors.New("larger than a list of sources can be")
	case err == nil && len(found) == 0:
		err = errors.New("there is no address in it")
	}
	if err != nil {
		return nil, &archiver.Error{Kind: archiver.Invalid, Op: "import", URL: path, Err: err}
	}
	return found, nil
}

// readURLs reads one address a line.
func readURLs(in io.Reader) (found []imported, err error) {
	lines := bufio.NewScanner(in)
	for lines.Scan() && len(found) < maxOutlines {
		line := strings.TrimPrefix(lines.Text(), "\ufeff")
		if at := strings.Index(" "+line, " #"); at >= 0 {
			line = line[:at]
		}
		if fields := strings.Fields(line); len(fields) == 1 {
			found = append(found, imported{url: fields[0]})
		} else if len(fields) > 1 {
			found = append(found, imported{url: strings.TrimSpace(line), err: errors.New("there is more than an address on the line")})
		}
	}
	return found, lines.Err()
}

// readOPML reads the outlines of a feed reader, at any depth.
func readOPML(in io.Reader) (found []imported, err error) {
	decoder := xml.NewDecoder(in)
	decoder.Strict = false // readers write bare ampersands
	decoder.Entity = xml.HTMLEntity
	decoder.CharsetReader = charset.NewReaderLabel
	for opml := false; len(found) < maxOutlines; {
		token, err := decoder.Token()
		if err == io.EOF && opml {
			return found, nil
		}
		if err != nil && err != io.EOF {
			return nil, fmt.Errorf("it is no OPML: %w", err)
		}
		if err == io.EOF {
			return nil, errors.New("it is no OPML")
		}
		element, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		opml = opml || strings.EqualFold(element.Name.Local, "opml")
		if !opml || !strings.EqualFold(element.Name.Local, "outline") {
			continue
		}
		attr := map[string]string{}
		for _, a := range element.Attr {
			attr[strings.ToLower(a.Name.Local)] = strings.TrimSpace(a.Value)
		}
		if outline, ok := pageOfFeed(attr["xmlurl"], attr["htmlurl"]); ok {
			found = append(found, outline)
		}
	}
	return found, nil
}

// pageOfFeed is the page to archive of a feed: the one whose feed it is, as far as the addresses tell. ok is false for a folder.
func pageOfFeed(feed, page string) (_ imported, ok bool) {
	if feed == "" {
		return imported{url: page}, page != ""
	}
	if u, err := url.Parse(feed); err == nil && u.RawQuery == "" {
		path := strings.TrimSuffix(u.Path, "/")
		for _, end := range []string{"/feed", "/feed/atom", "/feed/rss", "/feed/rss2", "/rss"} {
			if base, found := strings.CutSuffix(path, end); found && base != "" {
				u.Path, u.RawPath = base+"/", ""
				return imported{url: u.String()}, true
			}
		}
	}
	if page != "" {
		return imported{url: page}, true
	}
	return imported{url: feed, err: errors.New("a feed alone tells the newest articles only; give the address of its category page")}, true
}

func (a *app) importSources(ctx context.Context, store storage.Store, found []imported, settings archiver.Settings, dryRun, asJSON bool) error {
	counts, seen := map[string]int{}, map[string]bool{}
	for _, item := range found {
		record, err := importOne(ctx, store, item, settings, seen, dryRun)
		if err != nil {
			return err
		}
		counts[record.Result]++
		switch {
		case asJSON:
			err = jsonLine(a.Out, record)
		case record.Result == importRefused:
			fmt.Fprintf(a.Err, "archiver: %s: %s\n", printable(record.URL), printable(record.Reason))
		case !a.quiet:
			_, err = fmt.Fprintln(a.Out, strings.TrimRight(fmt.Sprintf("%-8s%s  %s %s", record.Result, record.Source, record.URL, bracketed(record.Reason)), " "))
		}
		if err != nil {
			return err
		}
	}
	if !asJSON && !a.quiet {
		words := ""
		if dryRun {
			words = "; nothing was written"
		}
		fmt.Fprintf(a.Err, "archiver: %d added, %d known, %d refused%s\n", counts[importAdded], counts[importKnown], counts[importRefused], words)
	}
	if counts[importRefused] > 0 {
		return exit(archiver.ExitPartial)
	}
	return nil
}

func bracketed(words string) string {
	if words == "" {
		return ""
	}
	return "(" + words + ")"
}

// importOne makes an address a source. The error is of the archive; what is wrong with the address is in the record.
func importOne(ctx context.Context, store storage.Store, item imported, settings archiver.Settings, seen map[string]bool, dryRun bool) (importRecord, error) {
	record := importRecord{Result: importRefused, URL: item.url}
	if item.err != nil {
		record.Reason = item.err.Error()
		return record, nil
	}
	at, err := address(item.url)
	if err != nil {
		record.Reason = err.Error()
		return record, nil
	}
	record.URL = at
	if seen[archiver.Key(at)] {
		record.Result, record.Source, record.Reason = importKnown, archiver.SourceName(at), "it stands twice in the list"
		return record, nil
	}
	seen[archiver.Key(at)] = true
	known, err := store.Source(ctx, at)
	switch {
	case err == nil && !known.Removed:
		record.Result, record.Source = importKnown, known.Name
		return record, nil
	case err != nil && archiver.KindOf(err) != archiver.Invalid:
		return record, err
	}
	record.Result, record.Source = importAdded, archiver.SourceName(at)
	if dryRun {
		return record, nil
	}
	source, err := addSource(ctx, store, at, "", settings)
	record.Source = source.Name
	return record, err
}
