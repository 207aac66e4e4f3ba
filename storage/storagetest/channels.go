package storagetest

import (
	"time"

	"archiver"
)

// channels brings a walk to where its channels are asked: a listing of the paths was read, and one answer is due. ends has it read to its end.
func (b *bench) channels(source archiver.Source, now time.Time, ends bool, listed ...string) (archiver.Walk, archiver.Task) {
	b.Helper()
	walk := b.start(source, now, func(opts *archiver.WalkOptions) { opts.Ask = []string{factsTask("posts").URL} })
	b.commit(archiver.Outcome{Task: b.next(source, now), At: now, Entries: entries(listed...), WalkEnd: ends})
	return walk, b.next(source, now)
}

func post(path, ref, mark string) archiver.Entry {
	return archiver.Entry{Channel: archiver.ChannelREST, URL: address(path), Ref: ref, Mark: mark}
}

// told has a channel that tells of all tell of these.
func (b *bench) told(task archiver.Task, now time.Time, all ...archiver.Entry) archiver.Receipt {
	b.Helper()
	return b.commit(archiver.Outcome{Task: task, At: now, Entries: all, Total: len(all)})
}

var channelPromises = map[string]func(*bench){
	"an article whose mark is another one is read again": func(b *bench) {
		source := b.add("nlp")
		marks := func(now time.Time, a, c string) []string {
			b.Helper()
			_, task := b.channels(source, now, true, "a", "b", "c")
			b.told(task, now, post("a", "1", a), post("b", "2", "same"), post("c", "3", c))
			tasks := b.claim(source, now, 10)
			for _, task := range tasks {
				a := article(paths([]archiver.Task{task})[0])
				b.commit(archiver.Outcome{Task: task, At: now, Article: &a})
			}
			b.end(source, now)
			return paths(tasks)
		}
		b.same("first", marks(noon, "m1", ""), []string{"a", "b", "c"})
		b.same("the first mark says nothing", marks(noon.Add(day), "m1", "m1"), []string(nil))
		b.same("another", marks(noon.Add(2*day), "m2", "m2"), []string{"a", "c"})
		b.same("none says nothing", marks(noon.Add(3*day), "", "m2"), []string(nil))
	},
	"an entry with nothing but a mark keeps what its channel said": func(b *bench) {
		source := b.add("nlp")
		_, task := b.channels(source, noon, true, "a")
		full := post("a", "1", "m1")
		full.Title, full.Authors, full.Tags = "T", []string{"王"}, []string{"x"}
		b.told(task, noon, full)
		b.read(source, noon)
		_, task = b.channels(source, noon.Add(day), true, "a")
		b.told(task, noon.Add(day), post("a", "1", "m2"))
		full.Mark = "m2"
		got, err := b.Entries(b.Context(), archiver.ArticleID(address("a")))
		b.must(err)
		b.same("entries", got, append(entries("a"), full))
	},
	"what a post said of itself is kept, and reads nothing again": func(b *bench) {
		source := b.add("nlp")
		_, task := b.channels(source, noon, true, "a")
		b.told(task, noon, post("a", "1", "m1"))
		a, said := article("a"), post("a", "1", "m2")
		said.Title = "T"
		b.commit(archiver.Outcome{Task: b.next(source, noon), Article: &a, Entries: []archiver.Entry{said}})
		b.same("backlog", b.backlog(source), archiver.Backlog{})
		_, task = b.channels(source, noon.Add(day), true, "a")
		b.told(task, noon.Add(day), post("a", "1", "m2"))
		b.same("backlog after it", b.backlog(source), archiver.Backlog{})
	},
	"a stranger raises doubt once, in a walk that was not whole, and is counted while it is told of": func(b *bench) {
		source := b.add("nlp")
		ref := func(paths ...string) (all []archiver.Entry) {
			for _, path := range paths {
				all = append(all, post(path, path, ""))
			}
			return all
		}
		_, task := b.channels(source, noon, true, "a", "b")
		b.told(task, noon, ref("a", "b", "s1")...)
		b.read(source, noon)
		b.end(source, noon)
		for i, tt := range []struct {
			ends bool
			told []string
			want archiver.Walk // the walk in which they are told
		}{
			{false, []string{"a", "b", "s1"}, archiver.Walk{Told: 3}},
			{false, []string{"a", "b", "s1", "s2"}, archiver.Walk{Told: 3}},
			{true, []string{"a", "b", "s1", "s2"}, archiver.Walk{Told: 4, Whole: true}}, // of doubt
			{false, []string{"a", "b", "s1", "s2"}, archiver.Walk{Told: 4}},
			{false, []string{"a", "b", "s2"}, archiver.Walk{Told: 4}},
			{false, []string{"a", "b", "s2"}, archiver.Walk{Told: 3}}, // what is not told of any more is not waited for
		} {
			now := noon.Add(time.Duration(i+1) * time.Hour)
			walk, next := b.channels(source, now, tt.ends, "a", "b")
			tt.want.Number, tt.want.Sure = int64(i+2), true
			b.same("walk", walk, tt.want)
			b.told(next, now, ref(tt.told...)...)
			b.end(source, now)
		}
		b.same("no member, no task", b.backlog(source), archiver.Backlog{})
	},
	"an answer of an earlier walk takes nothing back that the present one was told": func(b *bench) {
		source := b.add("nlp")
		_, late := b.channels(source, noon, true, "a", "b")
		b.commit(archiver.Outcome{Task: late, State: archiver.TaskPending, Attempt: 1, NotBefore: noon.Add(time.Minute), Next: []archiver.Task{factsTask("posts?page=2")}})
		old := b.next(source, noon)
		b.commit(archiver.Outcome{Task: old, State: archiver.TaskPending, Attempt: 1, NotBefore: noon.Add(time.Hour)})
		now := noon.Add(2 * time.Hour)
		b.start(source, now, whole, func(opts *archiver.WalkOptions) { opts.Ask = []string{factsTask("posts").URL} })
		b.first(source, now, "a")
		tasks := b.claim(source, now, 10)
		b.same("both are there", paths(tasks), []string{"wp-json/posts", "wp-json/posts?page=2"})
		for _, present := range []bool{true, false} {
			for _, task := range tasks {
				if present == (task.URL == factsTask("posts").URL) {
					b.told(task, now, post("a", "1", ""), post("b", "2", ""))
				}
			}
		}
		b.same("missing", b.end(source, now), archiver.Missing{Of: 2})
	},
	"an article that its channel knows at another address is the same article": func(b *bench) {
		for i, listed := range []bool{false, true} {
			source := b.add([]string{"hidden", "listed"}[i])
			old, fresh := source.Name+"-old", source.Name+"-new"
			_, task := b.channels(source, noon, true, old, "x")
			b.told(task, noon, post(old, "1", "m1"), post("x", "2", "m1"))
			b.read(source, noon)
			b.end(source, noon)
			now := noon.Add(day)
			var page []string
			if listed {
				page = []string{fresh, "x"}
			}
			_, task = b.channels(source, now, false, page...)
			b.told(task, now, post(fresh, "1", "m2"), post("x", "2", "m1"))
			b.same("missing", b.end(source, now), archiver.Missing{Of: 2})
			task = b.one(source, now)
			b.same("task", []any{task.URL, task.Known, task.Missing}, []any{address(fresh), true, false})
			a := article(fresh)
			a.Title = "On " + old
			a.HTML, a.Markdown = article(old).HTML, article(old).Markdown
			receipt := b.commit(archiver.Outcome{Task: task, At: now, Article: &a})
			b.same("receipt", receipt, archiver.Receipt{Moved: true})
			for _, path := range []string{old, fresh} {
				got := b.article(address(path))
				b.same(path, []any{got.ID, got.URL, got.Revision}, []any{archiver.ArticleID(address(old)), address(fresh), 1})
			}
			b.start(source, now.Add(100*day), whole)
			b.first(source, now.Add(100*day), fresh, "x")
			b.same("what it was at is asked no more", paths(b.claim(source, now.Add(100*day), 10)), []string{fresh, "x"})
			b.sound()
		}
	},
	"numbers that are given anew rename nothing": func(b *bench) {
		source := b.add("nlp")
		_, task := b.channels(source, noon, true, "a", "b", "c")
		b.told(task, noon, post("a", "1", ""), post("b", "2", ""), post("c", "3", ""))
		b.read(source, noon)
		b.end(source, noon)
		now := noon.Add(day)
		_, task = b.channels(source, now, false, "a", "c")
		// Two that are listed where they were, and one whose new address is another article's.
		b.told(task, now, post("a", "3", ""), post("c", "2", ""), post("b", "1", ""))
		b.same("missing", b.end(source, now), archiver.Missing{Of: 3})
		for _, path := range []string{"a", "b", "c"} {
			b.same(path, b.article(address(path)).ID, archiver.ArticleID(address(path)))
		}
		b.same("told", b.start(source, now).Told, 3)
	},
	"what was lost and is told of again is back": func(b *bench) {
		source := b.add("nlp")
		_, task := b.channels(source, noon, true, "a", "b")
		b.told(task, noon, post("a", "1", ""), post("b", "2", ""))
		b.read(source, noon)
		b.end(source, noon)
		now := noon.Add(day)
		_, task = b.channels(source, now, false, "a")
		b.told(task, now, post("a", "1", ""))
		b.end(source, now)
		receipt := b.commit(archiver.Outcome{Task: b.one(source, now), At: now, State: archiver.TaskGone, Reason: "404"})
		b.same("gone", receipt, archiver.Receipt{Gone: true})
		now = noon.Add(2 * day)
		_, task = b.channels(source, now, false, "a")
		b.told(task, now, post("a", "1", ""), post("b", "2", ""))
		b.same("missing", b.end(source, now), archiver.Missing{Of: 2})
		b.same("receipts", b.read(source, now), []archiver.Receipt{{Back: true}})
	},
}
