package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"archiver"
	"archiver/internal/config"
	"archiver/internal/schedule"
	"archiver/storage"

	"github.com/spf13/cobra"
)

// lookEvery is how often cron or a timer should look what is due, in minutes. Looking asks no site.
const lookEvery = 5

func newSchedule(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "schedule",
		Short: "Show and set when the sources are due, and print what cron or systemd needs",
		Long: `A schedule says when a source is due, in the five fields of cron or as @hourly, @daily, @weekly, @monthly. "archiver sync --due" syncs what
is due, from cron or a timer; "archiver daemon" does it without either. docs/cron.md shows all three.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newScheduleShow(a), newScheduleSet(a))
	return cmd
}

func newScheduleShow(a *app) *cobra.Command {
	var asJSON, crontab, systemd bool
	cmd := &cobra.Command{
		Use:   "show [SOURCE…]",
		Short: "Show when the sources are due, or the crontab line or systemd units to look for it",
		Example: `  archiver schedule show
  archiver schedule show --crontab >> crontab.txt
  archiver schedule show --systemd`,
		RunE: func(cmd *cobra.Command, args []string) error {
			ctx := cmd.Context()
			store, cfg, err := a.openToRead(ctx)
			if err != nil {
				return err
			}
			defer store.Close()
			switch {
			case crontab:
				_, err = fmt.Fprint(a.Out, crontabLine(a.ownCommand(cfg)))
				return err
			case systemd:
				_, err = fmt.Fprint(a.Out, systemdUnits(a.ownCommand(cfg)))
				return err
			}
			sources, err := activeSources(ctx, store)
			if err != nil {
				return err
			}
			if len(args) > 0 {
				if _, sources, err = sourceIDs(ctx, store, args); err != nil {
					return err
				}
			}
			return a.showSchedules(cfg, withDeclared(cfg, sources), asJSON, time.Now())
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "one JSON object a line")
	cmd.Flags().BoolVar(&crontab, "crontab", false, "print the line for cron that syncs what is due")
	cmd.Flags().BoolVar(&systemd, "systemd", false, "print the unit and timer for systemd that sync what is due")
	cmd.MarkFlagsMutuallyExclusive("json", "crontab", "systemd")
	return cmd
}

// scheduleRecord is the JSON object of a source's schedule.
type scheduleRecord struct {
	Source   string     `json:"source"`
	Schedule string     `json:"schedule"`
	Of       string     `json:"of,omitempty"` // who says so: source, config
	LastRun  *time.Time `json:"last_run,omitempty"`
	NextRun  *time.Time `json:"next_run,omitempty"`
	Due      bool       `json:"due"`
}

func (a *app) showSchedules(cfg config.Config, sources []archiver.Source, asJSON bool, now time.Time) error {
	rows := [][]string{{"SOURCE", "SCHEDULE", "LAST RUN", "NEXT RUN"}}
	for _, source := range sources {
		r := scheduleRecord{Source: source.Name, Schedule: scheduleOf(cfg, source)}
		s, err := schedule.Parse(r.Schedule)
		if err != nil {
			return err
		}
		shown, last, next := r.Schedule, "never", "-"
		switch {
		case source.Settings.Schedule != "":
			r.Of = "source"
		case r.Schedule != "":
			r.Of = "config"
			shown += " (of all)"
		default:
			shown = "-"
		}
		if !source.LastRun.IsZero() {
			at := source.LastRun.UTC()
			r.LastRun, last = &at, at.Local().Format("2006-01-02 15:04")
		}
		if r.Due = s.Due(source.LastRun, now); r.Due {
			next = "now"
		} else if t := s.Next(now); !t.IsZero() {
			at := t.UTC()
			r.NextRun, next = &at, t.Format("2006-01-02 15:04")
		}
		if asJSON {
			if err := jsonLine(a.Out, r); err != nil {
				return err
			}
			continue
		}
		rows = append(rows, []string{source.Name, shown, last, next})
	}
	if asJSON {
		return nil
	}
	return table(a.Out, rows)
}

func newScheduleSet(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "set SOURCE CRON|off",
		Short: "Set when a source is due",
		Example: `  archiver schedule set nlp "15 3 * * *"     at a quarter past three each night
  archiver schedule set nlp @weekly
  archiver schedule set nlp off              only when you sync it yourself`,
		Args: cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			ctx := cmd.Context()
			if _, err := schedule.Parse(args[1]); err != nil {
				return err
			}
			store, cfg, err := a.open(ctx)
			if err != nil {
				return err
			}
			defer store.Close()
			return a.setSchedule(ctx, store, cfg, args[0], strings.TrimSpace(args[1]))
		},
	}
}

func (a *app) setSchedule(ctx context.Context, store storage.Store, cfg config.Config, name, text string) error {
	source, err := findSource(ctx, store, name)
	if err != nil {
		return err
	}
	if text == "" {
		return &archiver.Error{Kind: archiver.Invalid, Err: errors.New("the schedule is empty"), Hint: `write "off" for none`}
	}
	change := settingChange{"schedule": func(to *archiver.Settings) { to.Schedule = text }}
	if source, err = a.setSettings(ctx, store, cfg, source, change); err != nil {
		return err
	}
	s, err := schedule.Parse(text)
	if err != nil || a.quiet {
		return err
	}
	words := "off"
	if now := time.Now(); s.Due(source.LastRun, now) {
		words = text + ", due now"
	} else if next := s.Next(now); !next.IsZero() {
		words = text + ", next " + next.Format("2006-01-02 15:04")
	}
	_, err = fmt.Fprintf(a.Out, "%s: %s\n", source.Name, words)
	return err
}

// ownCommand is the command line that syncs what is due in this archive, whoever runs it and from where.
func (a *app) ownCommand(cfg config.Config) []string {
	program, err := os.Executable()
	if err != nil || strings.HasPrefix(program, os.TempDir()) {
		program = "archiver" // built by `go run`, and gone soon
	}
	command := []string{program, "--db", absolute(a.archivePath(cfg))}
	if a.configFile != "" {
		command = append(command, "--config", absolute(a.configFile))
	}
	return append(command, "sync", "--due")
}

func absolute(path string) string {
	if abs, err := filepath.Abs(path); err == nil {
		return abs
	}
	return path
}

// crontabLine is the line for cron. A percent sign is a line's end to cron.
func crontabLine(command []string) string {
	words := make([]string, len(command))
	for i, word := range command {
		words[i] = strings.ReplaceAll(shellWord(word), "%", `\%`)
	}
	return fmt.Sprintf("# archiver: every %d minutes, look which sources are due. Where none is, no site is asked and nothing is said.\n*/%d * * * * %s\n",
		lookEvery, lookEvery, strings.Join(words, " "))
}

// shellWord writes a word as a shell reads it.
func shellWord(word string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("/._-+:,@=", r)
	}
	if word != "" && strings.IndexFunc(word, func(r rune) bool { return !plain(r) }) < 0 {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}

const systemdText = `# ~/.config/systemd/user/archiver.service
[Unit]
Description=Sync the blogs that are due
Wants=network-online.target
After=network-online.target

[Service]
Type=oneshot
ExecStart=%s
# Some articles did not come, another sync is at work, a site refuses: the next run tries again.
SuccessExitStatus=3 5 6
TimeoutStopSec=10
Nice=10
NoNewPrivileges=yes

# ~/.config/systemd/user/archiver.timer
[Unit]
Description=Look every %d minutes which blogs are due

[Timer]
OnCalendar=*:0/%d
Persistent=yes

[Install]
WantedBy=timers.target
`

// systemdUnits are the unit and its timer.
func systemdUnits(command []string) string {
	words := make([]string, len(command))
	for i, word := range command {
		words[i] = systemdWord(word)
	}
	return fmt.Sprintf(systemdText, strings.Join(words, " "), lookEvery, lookEvery)
}

// systemdWord writes a word as ExecStart reads it.
func systemdWord(word string) string {
	word = strings.NewReplacer("%", "%%", "$", "$$", `\`, `\\`, `"`, `\"`).Replace(word)
	if strings.ContainsAny(word, " \t'\"\\;") {
		return `"` + word + `"`
	}
	return word
}
