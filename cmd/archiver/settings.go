package main

import (
	"context"
	"fmt"

	"archiver"
	"archiver/internal/config"
	"archiver/internal/schedule"
	"archiver/storage"

	"github.com/spf13/cobra"
)

// This file is the settings of a source as flags. Rules: a flag that is not given changes nothing; what the configuration says of a
// source goes before the archive, so a flag that it would overrule is refused, with the line.

// settingFlags are the flags that keep settings of a source in the archive.
type settingFlags struct {
	schedule, recheck, images, noarchive string
	discover                             []string
}

func (s *settingFlags) flags(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&s.schedule, "schedule", "", "keep with the source when it is due: `\"15 3 * * *\"`, @daily, or off")
	flags.StringSliceVar(&s.discover, "discover", nil, "keep with the source which `CHANNELS` may be asked: auto, or some of rest, feed, sitemap, listing")
	flags.StringVar(&s.recheck, "recheck", "", "keep with the source how long its listing goes without being read to its end: `7d`")
	flags.StringVar(&s.images, "images", "", "keep with the source what becomes of pictures: `download or none`")
	flags.StringVar(&s.noarchive, "noarchive", "", "keep with the source what a page's wish not to be archived means: `respect or ignore`")
}

// settingChange is what is to become of settings, by the configuration's key for it.
type settingChange map[string]func(*archiver.Settings)

func (c settingChange) empty() bool { return len(c) == 0 }

func (c settingChange) apply(s archiver.Settings) archiver.Settings {
	for _, change := range c {
		change(&s)
	}
	return s
}

// read reads the flags that were given.
func (s settingFlags) read(cmd *cobra.Command) (settingChange, error) {
	change := settingChange{}
	given := func(name string) bool { return cmd.Flags().Changed(name) }
	if given("schedule") {
		if _, err := schedule.Parse(s.schedule); err != nil {
			return nil, err
		}
		change["schedule"] = func(to *archiver.Settings) { to.Schedule = s.schedule }
	}
	if given("discover") {
		channels, err := config.Channels(s.discover)
		if err != nil {
			return nil, err
		}
		if len(channels) == 0 {
			channels = nil
		}
		change["discover"] = func(to *archiver.Settings) { to.Discover = channels }
	}
	if given("recheck") {
		length, err := config.Recheck(s.recheck)
		if err != nil {
			return nil, asInvalid(err)
		}
		change["recheck"] = func(to *archiver.Settings) { to.Recheck = length }
	}
	if given("images") {
		download, err := config.Images(s.images)
		if err != nil {
			return nil, err
		}
		change["images"] = func(to *archiver.Settings) { to.NoImages = !download }
	}
	if given("noarchive") {
		respect, err := config.NoArchive(s.noarchive)
		if err != nil {
			return nil, err
		}
		change["noarchive"] = func(to *archiver.Settings) { to.IgnoreNoarchive = !respect }
	}
	return change, nil
}

// asInvalid makes a plain error one of the user's input.
func asInvalid(err error) error {
	if archiver.KindOf(err) == archiver.Invalid {
		return err
	}
	return &archiver.Error{Kind: archiver.Invalid, Err: err}
}

// setSettings keeps a change in the archive.
func (a *app) setSettings(ctx context.Context, store storage.Store, cfg config.Config, source archiver.Source, change settingChange) (archiver.Source, error) {
	kept, err := store.Source(ctx, source.URL)
	if err != nil {
		return source, err
	}
	if declared, ok := declaredSource(cfg, source); ok {
		for key := range change {
			if declared.Says(key) {
				return source, &archiver.Error{Kind: archiver.Invalid, Err: fmt.Errorf("the configuration says the %s of %s", key, source.Name),
					Hint: "change it there: " + declared.At(key)}
			}
		}
	}
	if err := store.SetSettings(ctx, source.ID, change.apply(kept.Settings)); err != nil {
		return source, err
	}
	source.Settings = change.apply(source.Settings)
	return source, nil
}

// declaredSource finds what the configuration says of a source.
func declaredSource(cfg config.Config, source archiver.Source) (config.Source, bool) {
	for _, declared := range cfg.Sources {
		if archiver.Key(declared.URL) == archiver.Key(source.URL) {
			return declared, true
		}
	}
	return config.Source{}, false
}

// withDeclared gives the sources the settings that the configuration says.
func withDeclared(cfg config.Config, sources []archiver.Source) []archiver.Source {
	for i, source := range sources {
		if declared, ok := declaredSource(cfg, source); ok {
			sources[i].Settings = declared.Over(source.Settings)
		}
	}
	return sources
}
