package storagetest

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"archiver"
)

const day = 24 * time.Hour

// start begins a walk as a daily sync does: whole each week.
func (b *bench) start(source archiver.Source, now time.Time, change ...func(*archiver.WalkOptions)) archiver.Walk {
	b.Helper()
	opts := archiver.WalkOptions{Recheck: 7 * day, Rechecks: 100}
	for _, set := range change {
		set(&opts)
	}
	walk, err := b.StartWalk(b.Context(), source.ID, now, opts)
	b.must(err)
	return walk
}

func whole(opts *archiver.WalkOptions) { opts.Whole = true }

// first claims the first page of a listing that was begun, and has it name the paths and nothing after them.
func (b *bench) first(source archiver.Source, now time.Time, paths ...string) archiver.Receipt {
	b.Helper()
	return b.commit(archiver.Outcome{Task: b.next(source, now), At: now, Entries: entries(paths...), WalkEnd: true, Stop: 5})
}

// next claims the task that comes first.
func (b *bench) next(source archiver.Source, now time.Time) archiver.Task {
	b.Helper()
	tasks := b.claim(source, now, 1)
	if len(tasks) == 0 {
		b.Fatal("there is no task")
	}
	return tasks[0]
}

func (b *bench) end(source archiver.Source, now time.Time) archiver.Missing {
	b.Helper()
	missing, err := b.EndWalk(b.Context(), source.ID, now)
	b.must(err)
	return missing
}

// read commits the articles of all tasks that are due, as they are to be known after that.
func (b *bench) read(source archiver.Source, now time.Time, change ...func(*archiver.Article)) []archiver.Receipt {
	b.Helper()
	var receipts []archiver.Receipt
	for _, task := range b.claim(source, now, 100) {
		a := article(strings.Trim(strings.TrimPrefix(task.URL, "https://blog.example/"), "/"))
		for _, set := range change {
			set(&a)
		}
		receipts = append(receipts, b.commit(archiver.Outcome{Task: task, At: now, Article: &a, NotBefore: now.Add(30 * day)}))
	}
	return receipts
}

// sync walks a listing of one page to its end and reads what is new; what is missing is left to do.
func (b *bench) sync(source archiver.Source, now time.Time, paths ...string) archiver.Missing {
	b.Helper()
	b.start(source, now, whole)
	b.first(source, now, paths...)
	b.read(source, now)
	return b.end(source, now)
}

// paths are the addresses of tasks without what they have in common.
func paths(tasks []archiver.Task) []string {
	var all []string
	for _, task := range tasks {
		all = append(all, strings.Trim(strings.TrimPrefix(task.URL, "https://blog.example/"), "/"))
	}
	slices.Sort(all)
	return all
}

func numbered(n int) []string {
	var all []string
	for i := range n {
		all = append(all, fmt.Sprintf("p%03d", i))
	}
	return all
}

var walkPromises = map[string]func(*bench){
	"a walk is whole the first time, each recheck, when asked, and after doubt": func(b *bench) {
		source := b.add("nlp")
		walk := b.start(source, noon)
		b.same("first", walk, archiver.Walk{Number: 1, Whole: true, First: true, Sure: true})
		walk = b.start(source, noon)
		b.same("broken off", walk, archiver.Walk{Number: 2, Whole: true, First: true})
		b.first(source, noon, "a")
		b.end(source, noon)
		b.same("second", b.start(source, noon.Add(day)), archiver.Walk{Number: 3, Sure: true})
		b.same("unsure", b.start(source, noon.Add(day)), archiver.Walk{Number: 4})
		b.same("asked", b.start(source, noon.Add(day), whole).Whole, true)
		b.same("recheck", b.start(source, noon.Add(7*day)).Whole, true)
		b.first(source, noon.Add(7*day), "a")
		b.end(source, noon.Add(7*day))
		b.same("after it", b.start(source, noon.Add(8*day)).Whole, false)
	},
	"a walk that was begun and not ended is none that the next may trust": func(b *bench) {
		source := b.add("nlp")
		b.sync(source, noon, "old1", "old2", "old3", "old4", "old5", "old6")
		// A run is killed when it has read a first page of new articles.
		walk := b.start(source, noon.Add(day))
		b.same("whole", walk.Whole, false)
		page := b.next(source, noon.Add(day))
		next := []archiver.Task{listingPage(2, walk.Number)}
		b.commit(archiver.Outcome{Task: page, At: noon.Add(day), Entries: entries("n1", "n2", "n3", "n4", "n5", "n6"), Next: next, Stop: 5})
		walk = b.start(source, noon.Add(2*day))
		b.same("sure", walk.Sure, false)
		page = b.next(source, noon.Add(2*day))
		next[0].Walk = walk.Number
		b.commit(archiver.Outcome{Task: page, At: noon.Add(2 * day), Entries: entries("n1", "n2", "n3", "n4", "n5", "n6"), Next: next, Stop: 5})
		b.same("it goes on behind them", b.one(source, noon.Add(2*day)).Number, 2)
	},
	"a walk between whose listing and whose channels a run was killed is none that the next may trust": func(b *bench) {
		source := b.add("nlp")
		b.sync(source, noon, "a")
		b.start(source, noon.Add(day), func(opts *archiver.WalkOptions) { opts.Ask = []string{factsTask("feed").URL} })
		b.first(source, noon.Add(day), "a")
		b.end(source, noon.Add(day)) // as a run does that is to stop
		b.same("sure", b.start(source, noon.Add(2*day)).Sure, false)
	},
	"a listing that is not newest first is always read to its end": func(b *bench) {
		orders := map[string]func(place int) archiver.Timestamp{
			"newest":  func(place int) archiver.Timestamp { return archiver.At(noon.Add(-time.Duration(place) * day)) },
			"oldest":  func(place int) archiver.Timestamp { return archiver.At(noon.Add(time.Duration(place) * day)) },
			"random":  func(place int) archiver.Timestamp { return archiver.At(noon.Add(time.Duration(place*7919%31) * day)) },
			"undated": func(int) archiver.Timestamp { return archiver.Timestamp{} },
			"sticky": func(place int) archiver.Timestamp {
				if place < 3 {
					place += 100
				}
				return archiver.At(noon.Add(-time.Duration(place) * day))
			},
		}
		got := map[string]bool{}
		for name, published := range orders {
			source := b.add(name)
			b.start(source, noon)
			var listed []string
			for i := range 30 {
				listed = append(listed, fmt.Sprintf("%s%d", name, i))
			}
			b.first(source, noon, listed...)
			for i, task := range b.claim(source, noon, 100) {
				a := article(listed[i])
				a.Published = published(i)
				b.commit(archiver.Outcome{Task: task, Article: &a})
			}
			b.end(source, noon)
			got[name] = b.start(source, noon.Add(day)).Whole
		}
		b.same("whole", got, map[string]bool{"newest": false, "oldest": true, "random": true, "undated": false, "sticky": false})
	},
	"a clock that was years ahead puts nothing off for years": func(b *bench) {
		source := b.add("nlp")
		ahead := noon.AddDate(10, 0, 0)
		b.sync(source, ahead, "a", "b")
		b.start(source, ahead)
		b.commit(archiver.Outcome{Task: b.one(source, ahead), At: ahead, State: archiver.TaskPending, Attempt: 1, NotBefore: ahead.Add(time.Hour)})
		b.same("whole", b.start(source, noon).Whole, true)
		b.first(source, noon, "a", "b")
		b.same("looked at again", paths(b.claim(source, noon, 10)), []string{"a", "b"})
	},
	"a clock that jumps back has no more looked at again than is allowed": func(b *bench) {
		source := b.add("nlp")
		b.sync(source, noon, numbered(40)...)
		for _, now := range []time.Time{noon.AddDate(-10, 0, 0), noon.AddDate(10, 0, 0)} {
			b.start(source, now, func(opts *archiver.WalkOptions) { opts.Rechecks = 7 })
			b.first(source, now, numbered(40)...)
			b.same("looked at", len(b.read(source, now)), 7)
			b.same("missing", b.end(source, now), archiver.Missing{Of: 40})
		}
	},
	"articles are looked at again when their time has come, the longest due first, and no more than are allowed": func(b *bench) {
		source := b.add("nlp")
		b.start(source, noon)
		b.first(source, noon, "a", "b", "c", "d")
		for i, task := range b.claim(source, noon, 10) {
			a := article(strings.TrimSuffix(strings.TrimPrefix(task.URL, "https://blog.example/"), "/"))
			b.commit(archiver.Outcome{Task: task, Article: &a, NotBefore: noon.Add(time.Duration(4-i) * day)})
		}
		b.end(source, noon)
		few := func(opts *archiver.WalkOptions) { opts.Rechecks = 2 }
		now := noon.Add(3*day + time.Hour)
		b.start(source, now, few)
		b.first(source, now, "a", "b", "c", "d")
		b.same("first", paths(b.claim(source, now, 10)), []string{"c", "d"})
		tasks := b.claim(source, now.Add(lease), 10)
		b.same("known", tasks[0].Known, true)
		for _, task := range tasks {
			b.commit(archiver.Outcome{Task: task, At: now, Unchanged: true, NotBefore: now.Add(30 * day)})
		}
		b.start(source, now, few)
		b.first(source, now, "a", "b", "c", "d")
		b.same("then", paths(b.claim(source, now, 10)), []string{"b"})
	},
	"what was published or changed since then is looked at again where that is asked": func(b *bench) {
		source := b.add("nlp")
		b.start(source, noon)
		b.first(source, noon, "old", "new", "changed")
		for _, task := range b.claim(source, noon, 10) {
			a := article(paths([]archiver.Task{task})[0])
			a.Published = archiver.At(noon.Add(-100 * day))
			if a.Title == "On new" {
				a.Published = archiver.At(noon.Add(2 * day))
			}
			if a.Title == "On changed" {
				b.saved = task
			}
			b.commit(archiver.Outcome{Task: task, Article: &a})
		}
		b.end(source, noon)
		a := article("changed")
		a.Published = archiver.At(noon.Add(-100 * day))
		a.Markdown, a.HTML = "another", "<p>another</p>"
		b.again(source, noon.Add(2*day), &a)
		now := noon.Add(3 * day)
		b.start(source, now, func(opts *archiver.WalkOptions) { opts.Since = noon.Add(day) })
		b.first(source, now, "old", "new", "changed")
		b.same("claimed", paths(b.claim(source, now, 10)), []string{"changed", "new"})
	},
	"a whole walk that is asked for looks at all that is listed, whatever became of it": func(b *bench) {
		source, other := b.add("nlp"), b.add("other")
		b.sync(other, noon, "elsewhere")
		b.sync(source, noon, "a", "dead", "left", "elsewhere")
		b.sync(source, noon.Add(day), "a", "dead", "elsewhere")
		for _, task := range b.claim(source, noon.Add(day), 10) {
			b.commit(archiver.Outcome{Task: task, At: noon.Add(day), State: archiver.TaskGone, Reason: "404"})
		}
		b.start(source, noon.Add(2*day), whole)
		b.first(source, noon.Add(2*day), "a", "dead", "elsewhere")
		for _, task := range b.claim(source, noon.Add(2*day), 10) {
			if task.URL == address("dead") {
				b.commit(archiver.Outcome{Task: task, At: noon.Add(2 * day), State: archiver.TaskGone, Reason: "404"})
			}
		}
		b.start(source, noon.Add(3*day), whole)
		b.first(source, noon.Add(3*day), "a", "dead", "elsewhere")
		b.same("looked at", paths(b.claim(source, noon.Add(3*day), 10)), []string{"a", "dead", "elsewhere"})
	},
	"channels are asked at their addresses, once a walk": func(b *bench) {
		source := b.add("nlp")
		ask := func(opts *archiver.WalkOptions) {
			opts.Ask = []string{factsTask("feed").URL, factsTask("map").URL}
		}
		b.start(source, noon, ask)
		b.first(source, noon, "a")
		facts := b.claim(source, noon, 10)
		b.same("asked", paths(facts), []string{"wp-json/feed", "wp-json/map"})
		b.commit(archiver.Outcome{Task: facts[0], Next: []archiver.Task{factsTask("feed?paged=2")}})
		b.commit(archiver.Outcome{Task: facts[1]})
		b.start(source, noon.Add(day), ask)
		b.first(source, noon.Add(day), "a")
		b.same("asked again, what an earlier walk had left is not", paths(b.claim(source, noon.Add(day), 10)), []string{"wp-json/feed", "wp-json/map"})
	},
	"one of several sources looks again at an article": func(b *bench) {
		one, two := b.add("one"), b.add("two")
		for _, source := range []archiver.Source{one, two} {
			b.start(source, noon)
			b.first(source, noon, "a", "b")
		}
		b.read(one, noon)
		b.read(two, noon)
		for _, source := range []archiver.Source{one, two} {
			b.end(source, noon)
		}
		now := noon.Add(31 * day)
		for i, source := range []archiver.Source{one, two} {
			b.start(source, now)
			b.first(source, now, "a", "b")
			tasks := b.claim(source, now, 10)
			b.same("asked by "+source.Name, len(tasks), []int{2, 0}[i])
			for j, task := range tasks {
				outcome := archiver.Outcome{Task: task, At: now, Unchanged: true, NotBefore: now.Add(30 * day)}
				if a := article("b"); j == 1 {
					outcome.Unchanged, outcome.Article = false, &a
				}
				b.commit(outcome)
			}
			b.end(source, now)
		}
	},
	"an article whose source was removed is looked at by another that lists it": func(b *bench) {
		one, two := b.add("one"), b.add("two")
		b.sync(one, noon, "a")
		b.sync(two, noon, "a")
		now := noon.Add(40 * day)
		b.start(two, now)
		b.first(two, now, "a")
		b.same("while the first is there", len(b.claim(two, now, 10)), 0)
		_, err := b.RemoveSource(b.Context(), one.ID, false)
		b.must(err)
		b.start(two, now)
		b.first(two, now, "a")
		b.same("after that", paths(b.claim(two, now, 10)), []string{"a"})
	},
}

var missingPromises = map[string]func(*bench){
	"what a whole walk did not meet is looked at": func(b *bench) {
		source := b.add("nlp")
		b.sync(source, noon, "a", "b", "c")
		b.same("missing", b.sync(source, noon.Add(day), "a", "c"), archiver.Missing{Articles: 1, Of: 3})
		task := b.one(source, noon.Add(day))
		b.same("task", []any{task.URL, task.Missing, task.Known}, []any{address("b"), true, true})
		// What was not looked at stays to be looked at.
		b.start(source, noon.Add(2*day))
		b.first(source, noon.Add(2*day), "a", "c")
		b.same("missing still", b.one(source, noon.Add(2*day)).Missing, true)
	},
	"what is named again before it was looked at is not missing": func(b *bench) {
		source := b.add("nlp")
		b.sync(source, noon, "a", "b", "c")
		b.sync(source, noon.Add(day), "a")
		b.start(source, noon.Add(2*day), func(opts *archiver.WalkOptions) { opts.Ask = []string{factsTask("posts").URL} })
		b.first(source, noon.Add(2*day), "a", "b")
		told := archiver.Entry{Channel: archiver.ChannelREST, URL: address("c"), Ref: "3"}
		b.commit(archiver.Outcome{Task: b.one(source, noon.Add(2*day)), Entries: []archiver.Entry{told}, Total: 3})
		tasks := b.claim(source, noon.Add(2*day), 10)
		b.same("tasks", paths(tasks), []string{"b", "c"})
		for _, task := range tasks {
			b.same(task.URL+" is missing", task.Missing, false)
		}
	},
	"a walk that stopped early tells of nothing missing": func(b *bench) {
		source := b.add("nlp")
		b.sync(source, noon, numbered(8)...)
		b.start(source, noon.Add(day))
		page := b.one(source, noon.Add(day))
		b.commit(archiver.Outcome{Task: page, At: noon.Add(day), Entries: entries(numbered(6)...), Next: []archiver.Task{listingPage(2, page.Walk)}, Stop: 5})
		b.same("backlog", b.backlog(source), archiver.Backlog{})
		b.same("missing", b.end(source, noon.Add(day)), archiver.Missing{})
	},
	"a page of the listing that was not read leaves the walk open": func(b *bench) {
		for i, state := range []archiver.TaskState{archiver.TaskFailed, archiver.TaskQuarantined, archiver.TaskPending} {
			source := b.add(fmt.Sprint("nlp", i))
			b.sync(source, noon, "a", "b")
			now := noon.Add(8 * day)
			b.same("whole", b.start(source, now).Whole, true)
			page := b.one(source, now)
			b.commit(archiver.Outcome{Task: page, At: now, Entries: entries("a"), Next: []archiver.Task{listingPage(2+2*i, page.Walk), listingPage(3+2*i, page.Walk)}})
			tasks := b.claim(source, now, 10)
			b.commit(archiver.Outcome{Task: tasks[1], At: now, WalkEnd: true})
			b.commit(archiver.Outcome{Task: tasks[0], At: now, State: state, NotBefore: now.Add(time.Hour), Reason: "503"})
			b.same(string(state), b.end(source, now), archiver.Missing{})
			walk := b.start(source, now.Add(2*time.Hour))
			b.same("the next one", []bool{walk.Whole, walk.Sure}, []bool{true, false})
			b.same("begins anew", urls(b.claim(source, now.Add(2*time.Hour), 10)), []string{"listing " + source.URL})
		}
	},
	"a channel that tells of all may contradict the listing, and may agree": func(b *bench) {
		source := b.add("nlp")
		tell := func(now time.Time, total int, told ...string) {
			b.Helper()
			var all []archiver.Entry
			for _, path := range told {
				all = append(all, archiver.Entry{Channel: archiver.ChannelREST, URL: address(path), Ref: path})
			}
			b.commit(archiver.Outcome{Task: b.next(source, now), At: now, Entries: all, Total: total})
		}
		ask := func(opts *archiver.WalkOptions) { opts.Ask = []string{factsTask("posts").URL} }
		now := noon
		b.start(source, now, ask)
		b.first(source, now, "a", "b", "c", "d")
		tell(now, 4, "a", "b", "c", "d")
		b.read(source, now)
		b.same("first", b.end(source, now), archiver.Missing{Of: 4})
		b.same("told", b.start(source, now).Told, 4)

		now = noon.Add(8 * day)
		b.start(source, now, ask)
		b.first(source, now, "a", "b")
		tell(now, 3, "a", "b", "c")
		b.same("the channel knows one that the listing hides", b.end(source, now), archiver.Missing{Articles: 1, Of: 4})
		b.same("task", paths(b.claim(source, now, 10)), []string{"d"})

		now = noon.Add(9 * day)
		walk := b.start(source, now, ask)
		b.same("whole", walk.Whole, false)
		b.first(source, now, "a", "b", "c", "d")
		tell(now, 3, "a", "b", "c")
		b.same("the listing names one that the channel hides", b.end(source, now), archiver.Missing{Of: 4})

		now = noon.Add(10 * day)
		b.start(source, now, ask)
		page := b.next(source, now)
		b.commit(archiver.Outcome{Task: page, At: now, Unchanged: true, WalkEnd: true})
		tell(now, 4, "a", "b", "c")
		b.same("it did not tell of all that it counts", b.end(source, now), archiver.Missing{})

		b.start(source, now, ask)
		b.commit(archiver.Outcome{Task: b.next(source, now), At: now, Unchanged: true, WalkEnd: true})
		tell(now, 3, "a", "b", "c")
		b.same("it tells alone", b.end(source, now), archiver.Missing{Articles: 1, Of: 4})
	},
	"a listing that lost most articles at once is not believed, nor a channel alone; both are": func(b *bench) {
		source := b.add("nlp")
		all := numbered(30)
		told := func(n int) (entries []archiver.Entry) {
			for _, path := range all[:n] {
				entries = append(entries, archiver.Entry{Channel: archiver.ChannelREST, URL: address(path), Ref: path})
			}
			return entries
		}
		ask := func(opts *archiver.WalkOptions) { opts.Ask = []string{factsTask("posts").URL} }
		b.start(source, noon, ask)
		b.first(source, noon, all...)
		b.commit(archiver.Outcome{Task: b.one(source, noon), Entries: told(30), Total: 30})
		b.read(source, noon)
		b.end(source, noon)

		now := noon.Add(day)
		b.start(source, now, ask)
		b.commit(archiver.Outcome{Task: b.next(source, now), At: now, Unchanged: true, WalkEnd: true})
		b.commit(archiver.Outcome{Task: b.one(source, now), At: now, Entries: told(3), Total: 3})
		b.same("the channel alone", b.end(source, now), archiver.Missing{Of: 30})

		b.same("the next one is whole", b.start(source, now).Whole, true)
		b.first(source, now, all[:3]...)
		b.same("the listing alone", b.end(source, now), archiver.Missing{Articles: 27, Of: 30, Alarm: true})
		b.same("nothing is done", b.backlog(source).Articles, 0)

		b.same("the next one is whole", b.start(source, now, ask).Whole, true)
		b.first(source, now, all[:3]...)
		b.commit(archiver.Outcome{Task: b.one(source, now), At: now, Entries: told(3), Total: 3})
		b.same("both", b.end(source, now), archiver.Missing{Articles: 27, Of: 30})
		b.same("all are looked at", b.backlog(source).Articles, 27)
		b.same("and the doubt is gone", b.start(source, now).Whole, false)
	},
	"a few of few are no alarm": func(b *bench) {
		source := b.add("nlp")
		b.sync(source, noon, numbered(9)...)
		b.same("missing", b.sync(source, noon, "p000"), archiver.Missing{Articles: 8, Of: 9})
	},
}

var stopPromises = map[string]func(*bench){
	"a walk stops where a page ends with known entries in a row": func(b *bench) {
		old := numbered(12)
		for i, tt := range []struct {
			page []string
			stop bool
		}{
			{old[:10], true},
			{append([]string{"new0"}, old[:5]...), true},
			{append([]string{"new1"}, old[:4]...), false},
			{append(append([]string{}, old[:9]...), "new2"), false},                       // sticky posts on top
			{append(append(append([]string{}, old[:3]...), "new3"), old[3:10]...), true},  // and known ones below
			{append(append(append([]string{}, old[:8]...), "new4"), old[8:10]...), false}, // but too few
			{old[:3], true}, // a short page, all known
			{[]string{"new5", "p000", "p001"}, false},
			{nil, false},
		} {
			source := b.add(fmt.Sprint("nlp", i))
			b.sync(source, noon, old...)
			walk := b.start(source, noon.Add(day))
			next := []archiver.Task{{Role: archiver.RoleListing, URL: source.URL + "page/2/", Number: 2, Walk: walk.Number}, factsTask("feed")}
			b.commit(archiver.Outcome{Task: b.next(source, noon.Add(day)), At: noon.Add(day), Entries: entries(tt.page...), Next: next, Stop: 5})
			backlog := b.backlog(source)
			b.same(fmt.Sprint(tt.page), []int{backlog.Listing, backlog.Facts}, []int{map[bool]int{true: 0, false: 1}[tt.stop], 1})
		}
	},
	"entries that this walk has met on an earlier page neither stop it nor keep it going": func(b *bench) {
		source := b.add("nlp")
		old := numbered(12)
		b.sync(source, noon, old...)
		walk := b.start(source, noon.Add(day))
		b.commit(archiver.Outcome{Task: b.one(source, noon.Add(day)), Entries: entries(append(old[:2:2], "n1", "n2")...), Next: []archiver.Task{listingPage(2, walk.Number)}, Stop: 5})
		page := entries(append([]string{"n2"}, append(old[2:7:7], "n1")...)...)
		b.commit(archiver.Outcome{Task: b.one(source, noon.Add(day)), Entries: page, Next: []archiver.Task{listingPage(3, walk.Number)}, Stop: 5})
		b.same("listing", b.backlog(source).Listing, 0)
	},
	"articles that another source has are new to a listing that never named them": func(b *bench) {
		one, two := b.add("one"), b.add("two")
		b.sync(two, noon, "x1", "x2", "x3", "x4", "x5")
		b.sync(one, noon, numbered(6)...)
		walk := b.start(two, noon.Add(day))
		next := []archiver.Task{{Role: archiver.RoleListing, URL: two.URL + "page/2/", Number: 2, Walk: walk.Number}}
		b.commit(archiver.Outcome{Task: b.one(two, noon.Add(day)), Entries: entries(numbered(6)...), Next: next, Stop: 5})
		b.same("listing", b.backlog(two).Listing, 1)
	},
	"a listing that did not change ends the walk, and makes none whole": func(b *bench) {
		source := b.add("nlp")
		b.sync(source, noon, "a", "b")
		now := noon.Add(8 * day)
		b.start(source, now)
		b.commit(archiver.Outcome{Task: b.one(source, now), At: now, Unchanged: true, WalkEnd: true})
		b.same("missing", b.end(source, now), archiver.Missing{})
		walk := b.start(source, now)
		b.same("the next", []bool{walk.Sure, walk.Whole}, []bool{true, true})
		got, err := b.Source(b.Context(), source.Name)
		b.must(err)
		b.same("synced", []time.Time{got.LastSync, got.LastWhole}, []time.Time{now, noon})
	},
	"what is listed again, or under another title, is read again": func(b *bench) {
		source := b.add("nlp")
		b.sync(source, noon, "a", "b", "c")
		b.sync(source, noon.Add(day), "a", "c")
		b.commit(archiver.Outcome{Task: b.one(source, noon.Add(day)), At: noon.Add(day), State: archiver.TaskGone, Reason: "404"})
		now := noon.Add(2 * day)
		b.start(source, now)
		page := entries("a", "b", "c")
		page[2].Title = "Another"
		b.commit(archiver.Outcome{Task: b.one(source, now), At: now, Entries: page, WalkEnd: true})
		b.same("members", b.end(source, now), archiver.Missing{Of: 3})
		tasks := b.claim(source, now, 10)
		b.same("read again", paths(tasks), []string{"b", "c"})
		for _, task := range tasks {
			b.same(task.URL+" is missing", task.Missing, false)
		}
		b.read(source, now.Add(lease))
		b.same("back", b.article(address("b")).State, archiver.ArticleSaved)
	},
}
