package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"archiver"
	"archiver/internal/config"

	"github.com/spf13/pflag"
)

// This file writes the configuration's exports after a sync. Rules: only those of whose sources something changed; one that fails is
// told, and neither the sync nor the others suffer; a mistake in one is told when the configuration is read.

// readExport checks an export of the configuration. The error names its line.
func readExport(e config.Export) (edition, error) {
	wrong := func(option string, err error) (edition, error) {
		hint := archiver.HintOf(err)
		if a, ok := errors.AsType[*archiver.Error](err); ok && a.Err != nil {
			err = a.Err
		}
		return edition{}, &archiver.Error{Kind: archiver.Invalid, Op: "read configuration", URL: e.At(option), Hint: hint, Err: fmt.Errorf("export: %s: %w", option, err)}
	}
	format, err := lookupFormat(e.Format)
	if err != nil {
		return wrong("format", err)
	}
	var f exportFlags
	flags := pflag.NewFlagSet("export", pflag.ContinueOnError)
	f.flags(flags)
	for _, option := range e.Options {
		if err := flags.Set(option.Name, option.Value); err != nil {
			return wrong(option.Name, fmt.Errorf("%q does not belong here", option.Value))
		}
		// One by one, so that the line of the one that is wrong is told. What hangs on another one is read again below.
		if _, err := f.read(flags, format); err != nil && option.Name != "chunks" && option.Name != "overlap" {
			return wrong(option.Name, err)
		}
	}
	w, err := f.read(flags, format)
	if err != nil {
		return wrong("overlap", err)
	}
	return w, nil
}

// checkExports finds the mistakes that only the formats know.
func checkExports(cfg config.Config) error {
	for _, e := range cfg.Exports {
		if _, err := readExport(e); err != nil {
			return err
		}
	}
	return nil
}

// exports writes what the configuration says, and tells what was not written.
func (p *pass) exports(ctx context.Context) {
	var changed []archiver.Source
	for _, r := range p.reports {
		if changes(r) > 0 {
			changed = append(changed, r.Source)
		}
	}
	if len(changed) == 0 {
		return
	}
	slices.SortFunc(changed, func(a, b archiver.Source) int { return int(a.ID - b.ID) }) // syncs end in any order
	for _, e := range p.cfg.Exports {
		err := context.Canceled
		if !p.interrupts.came() {
			err = p.exportOne(ctx, e, changed)
		}
		switch {
		case err == nil:
		case errors.Is(err, context.Canceled) && p.interrupts.came():
			fmt.Fprintf(p.Err, "archiver: interrupted, so the export at %s was not written\n", e.At(""))
		default:
			sayError(p.Err, err)
			fmt.Fprintf(p.Err, "archiver: that was the export at %s; the sync itself is saved\n", e.At(""))
			p.code = archiver.WorseExit(p.code, archiver.ExitPartial)
		}
	}
}

// exportOne writes one export of the configuration, where its sources are among those that changed.
func (p *pass) exportOne(ctx context.Context, e config.Export, changed []archiver.Source) error {
	ids, sources, err := sourceIDs(ctx, p.store, e.Sources)
	if err != nil {
		return err
	}
	mine := slices.DeleteFunc(slices.Clone(changed), func(s archiver.Source) bool { return len(ids) > 0 && !slices.Contains(ids, s.ID) })
	if len(mine) == 0 {
		return nil
	}
	if !e.PerSource() {
		if len(ids) == 0 {
			if sources, err = p.store.Sources(ctx); err != nil {
				return err
			}
		}
		return p.exportTo(ctx, e, "", ids, sources)
	}
	var all error
	for _, source := range mine {
		all = errors.Join(all, p.exportTo(ctx, e, source.Name, []int64{source.ID}, []archiver.Source{source}))
	}
	return all
}

// exportTo writes an export of sources. name is that of the one source, empty for several.
func (p *pass) exportTo(ctx context.Context, e config.Export, name string, ids []int64, sources []archiver.Source) error {
	w, err := readExport(e)
	if err != nil {
		return err
	}
	w.ids, w.sources = ids, sources
	var made string
	w.target, made = e.Place(name, time.Now())
	if _, err := os.Stat(made); err == nil {
		if err := os.MkdirAll(filepath.Dir(w.target), 0o755); err != nil {
			return &archiver.Error{Kind: archiver.Storage, Op: "make the folder", URL: filepath.Dir(w.target), Err: err}
		}
	}
	result, err := p.app.export(ctx, p.store, w)
	if err != nil {
		if archiver.KindOf(err) == archiver.NoMatch {
			return nil // the last one stays
		}
		return err
	}
	if err := p.tellExport(w, result, false); err != nil {
		return err
	}
	return p.follow(ctx, "the command of the export", e.Run, "ARCHIVER_PATH="+result.Path, "ARCHIVER_FORMAT="+w.format.Name, "ARCHIVER_SOURCE="+name)
}
