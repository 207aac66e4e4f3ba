package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"archiver"
	"archiver/storage"
)

// This file lists what happened: articles that are new, that their author changed, that went, and what did not come. Each state
// is a group of its own, in the order of eventStates; an article may stand in more than one.

// lately is how far back "new" and "changed" go unless told otherwise.
const lately = 7 * 24 * time.Hour

// wanted is what list is to show.
type wanted struct {
	states       []archiver.ArticleState
	tasks        []archiver.TaskState
	new, changed bool
	since        time.Time // zero where no moment was named
	now          time.Time
}

// plain reports whether only the standing of articles is asked for.
func (l wanted) plain() bool { return !l.new && !l.changed && len(l.tasks) == 0 && l.since.IsZero() }

var (
	articleStates = []archiver.ArticleState{archiver.ArticleSaved, archiver.ArticleGone, archiver.ArticleProtected}
	taskStates    = []archiver.TaskState{archiver.TaskFailed, archiver.TaskQuarantined, archiver.TaskBlocked, archiver.TaskDenied}
)

// listWanted reads --state and --since.
func (a *app) listWanted(states []string, since string) (wanted, error) {
	l := wanted{now: time.Now()}
	refuse := func(what, hint string) (wanted, error) {
		return l, &archiver.Error{Kind: archiver.Invalid, Err: errors.New(what), Hint: hint}
	}
	if since != "" {
		var ok bool
		if l.since, ok = moment(since, l.now); !ok {
			return refuse(fmt.Sprintf("--since %q is no time", since), "it is like 7d, 12h, 2026-11-01 or 2026-11-01T08:00:00Z")
		}
		if len(states) == 0 {
			states = []string{"new", "changed", "gone"}
		}
	}
	for _, s := range states {
		switch {
		case s == "new":
			l.new = true
		case s == "changed":
			l.changed = true
		case slices.Contains(articleStates, archiver.ArticleState(s)):
			l.states = append(l.states, archiver.ArticleState(s))
		case slices.Contains(taskStates, archiver.TaskState(s)):
			l.tasks = append(l.tasks, archiver.TaskState(s))
		default:
			return refuse(fmt.Sprintf("there is no state %q", s), "the states are new, changed, saved, gone, protected, failed, quarantined, blocked, denied")
		}
	}
	if since != "" && (len(l.tasks) > 0 || slices.Contains(l.states, archiver.ArticleSaved) || slices.Contains(l.states, archiver.ArticleProtected)) {
		return refuse("--since goes with the states new, changed and gone", "leave the others out, or --since")
	}
	if len(states) == 0 {
		l.states = articleStates
	}
	return l, nil
}

// moment reads a time as people write it: a number of days, hours or minutes ago, a day of this machine's calendar, or RFC 3339.
func moment(text string, now time.Time) (time.Time, bool) {
	if days, ok := strings.CutSuffix(text, "d"); ok {
		n, err := strconv.Atoi(days)
		return now.AddDate(0, 0, -n), err == nil && n >= 0
	}
	if d, err := time.ParseDuration(text); err == nil {
		return now.Add(-d), d >= 0
	}
	if t, err := time.ParseInLocation(time.DateOnly, text, time.Local); err == nil {
		return t, true
	}
	t, err := time.Parse(time.RFC3339, text)
	return t, err == nil
}

// event is one row of what happened.
type event struct {
	state   string
	at      time.Time
	article archiver.Article
}

// listEvents shows the groups that are wanted.
func (a *app) listEvents(ctx context.Context, store storage.Store, query storage.Query, want wanted, asJSON bool) error {
	var events []event
	group := func(state string, query storage.Query, at func(archiver.Article) (time.Time, error)) error {
		for article, err := range store.Articles(ctx, query) {
			if err != nil {
				return err
			}
			when, err := at(article)
			if err != nil {
				return err
			}
			events = append(events, event{state, when, article})
		}
		return nil
	}
	since := want.since
	if since.IsZero() {
		since = want.now.Add(-lately)
	}
	if want.new {
		q := query
		q.New, q.States = since, articleStates
		if err := group("new", q, func(article archiver.Article) (time.Time, error) { return article.FirstSeen, nil }); err != nil {
			return err
		}
	}
	if want.changed {
		q := query
		q.Changed, q.States = since, articleStates
		if err := group("changed", q, func(article archiver.Article) (time.Time, error) { return lastChange(ctx, store, article) }); err != nil {
			return err
		}
	}
	for _, state := range want.states {
		q := query
		q.States, q.Gone = []archiver.ArticleState{state}, want.since
		err := group(string(state), q, func(article archiver.Article) (time.Time, error) {
			if state == archiver.ArticleGone {
				return article.Gone, nil
			}
			return article.Checked, nil
		})
		if err != nil {
			return err
		}
	}
	var tasks []archiver.Task
	if len(want.tasks) > 0 {
		all, err := problemTasks(ctx, store, query.Sources)
		if err != nil {
			return err
		}
		for _, t := range all {
			if slices.Contains(want.tasks, t.State) {
				tasks = append(tasks, t)
			}
		}
	}
	if asJSON {
		for _, e := range events {
			if err := writeArticleJSON(a.Out, e.article); err != nil {
				return err
			}
		}
		return a.problemsJSON(tasks)
	}
	return a.eventTable(events, tasks)
}

// lastChange is when an article's author was last seen to have changed it.
func lastChange(ctx context.Context, store storage.Store, article archiver.Article) (at time.Time, err error) {
	revisions, err := store.Revisions(ctx, article.ID)
	for _, r := range revisions {
		if r.Number > 1 && r.Cause == storage.CauseAuthor {
			at = r.Seen
		}
	}
	return at, err
}

func (a *app) eventTable(events []event, tasks []archiver.Task) error {
	if len(events)+len(tasks) == 0 {
		fmt.Fprintln(a.Err, "archiver: none")
		return nil
	}
	rows := [][]string{{"STATE", "SINCE", "ID", "TITLE"}}
	for _, e := range events {
		when := "–"
		if !e.at.IsZero() {
			when = e.at.Local().Format(time.DateOnly)
		}
		title := cut(printable(titleOf(e.article)), 70)
		if e.state == string(archiver.ArticleGone) && e.article.Why != "" {
			title += " (" + printable(e.article.Why) + ")"
		}
		rows = append(rows, []string{e.state, when, e.article.ID, title})
	}
	for _, t := range tasks {
		rows = append(rows, []string{string(t.State), "–", "–", printable(t.URL + ": " + t.Reason)})
	}
	return table(a.Out, rows)
}
