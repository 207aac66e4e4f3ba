package config

import (
	"fmt"
	"io"

	"archiver"

	"github.com/pelletier/go-toml/v2"
)

// WriteSources writes sources as the tables that Parse reads: what is as usual in their settings is left out.
func WriteSources(w io.Writer, sources []archiver.Source) error {
	for i, s := range sources {
		f := sourceFile{Name: s.Name, URL: s.URL}
		for _, channel := range s.Settings.Discover {
			f.Discover = append(f.Discover, string(channel))
		}
		if s.Settings.Schedule != "" {
			f.Schedule = &s.Settings.Schedule
		}
		if s.Settings.Recheck != 0 {
			length := written(SpanWords(s.Settings.Recheck))
			f.Recheck = &length
		}
		if s.Settings.NoImages {
			f.Images = new("none")
		}
		if s.Settings.IgnoreNoarchive {
			f.NoArchive = new("ignore")
		}
		text, err := toml.Marshal(f)
		if err != nil {
			return archiver.Errorf(archiver.Internal, "write source %s: %w", s.Name, err)
		}
		between := ""
		if i > 0 {
			between = "\n"
		}
		if _, err := fmt.Fprintf(w, "%s[[source]]\n%s", between, text); err != nil {
			return err
		}
	}
	return nil
}
