package storagetest

import (
	"context"
	"fmt"
	"time"

	"archiver"
)

func listingPage(number int, walk int64) archiver.Task {
	return archiver.Task{Role: archiver.RoleListing, URL: fmt.Sprintf("https://blog.example/category/nlp/page/%d/", number), Number: number, Walk: walk}
}

func factsTask(name string) archiver.Task {
	return archiver.Task{Role: archiver.RoleFacts, URL: "https://blog.example/wp-json/" + name}
}

var frontierPromises = map[string]func(*bench){
	"a walk begins with the listing's first page": func(b *bench) {
		source := b.add("nlp")
		b.same("walk", b.walk(source, noon), int64(1))
		b.same("walk again", b.walk(source, noon), int64(2))
		task := b.one(source, noon)
		b.same("task", task, archiver.Task{ID: task.ID, SourceID: source.ID, Role: archiver.RoleListing, URL: source.URL, State: archiver.TaskPending,
			Walk: 2, Number: 1, LeaseUntil: noon.Add(lease)})
		_, err := b.StartWalk(b.Context(), 77, noon, archiver.WalkOptions{})
		b.kind(err, archiver.Invalid)
	},
	"a new walk ends what an earlier one left of the listing": func(b *bench) {
		source := b.add("nlp")
		walk := b.walk(source, noon)
		b.commit(archiver.Outcome{Task: b.one(source, noon), Next: []archiver.Task{listingPage(2, walk), listingPage(3, walk)}, Entries: entries("a")})
		b.walk(source, noon)
		b.same("backlog", b.backlog(source), archiver.Backlog{Listing: 1, Articles: 1, Due: time.Unix(0, 0).UTC()})
	},
	"a new walk frees what a killed run had leased": func(b *bench) {
		source := b.add("nlp")
		b.list(source, noon, "a", "b")
		old := b.claim(source, noon, 1)[0]
		soon := noon.Add(time.Second)
		b.walk(source, soon)
		b.commit(archiver.Outcome{Task: b.one(source, soon)})
		b.same("claimed", urls(b.claim(source, soon, 10)), []string{"article " + address("a"), "article " + address("b")})
		b.must(b.Release(b.Context(), old))
		b.same("claimed again", urls(b.claim(source, soon, 10)), []string(nil))
	},
	"a pause that the server asked for outlives a new walk": func(b *bench) {
		source := b.add("nlp")
		b.walk(source, noon)
		later := noon.Add(time.Hour)
		b.commit(archiver.Outcome{Task: b.one(source, noon), State: archiver.TaskPending, Attempt: 1, NotBefore: later})
		b.walk(source, noon)
		b.same("claimed before", urls(b.claim(source, noon, 10)), []string(nil))
		b.same("attempt", b.one(source, later).Attempt, 0)
	},
	"a new walk pends failed tasks anew and those whose recheck is due": func(b *bench) {
		source := b.add("nlp")
		b.list(source, noon, "failed", "due", "wall", "later", "never", "done")
		tasks := b.claim(source, noon, 10)
		ends := []archiver.Outcome{
			{State: archiver.TaskFailed, Attempt: 6, Reason: "timeout"},
			{State: archiver.TaskBlocked, NotBefore: noon.Add(time.Hour), Reason: "robots"},
			{State: archiver.TaskQuarantined, NotBefore: noon.Add(time.Hour), Reason: "no article"},
			{State: archiver.TaskGone, NotBefore: noon.Add(3 * time.Hour)},
			{State: archiver.TaskQuarantined},
			{State: archiver.TaskDone},
		}
		for i, outcome := range ends {
			outcome.Task = tasks[i]
			if outcome.State == archiver.TaskDone {
				a := article("done")
				outcome.Article = &a
			}
			b.commit(outcome)
		}
		at := noon.Add(2 * time.Hour)
		b.walk(source, at)
		b.commit(archiver.Outcome{Task: b.one(source, at), At: at})
		got := b.claim(source, at, 10)
		b.same("claimed", urls(got), []string{"article " + address("failed"), "article " + address("due"), "article " + address("wall")})
		for _, task := range got {
			b.same("attempt of "+task.URL, task.Attempt, 0)
			b.same("reason of "+task.URL, task.State, archiver.TaskPending)
		}
	},
	"listing goes before facts, facts before articles": func(b *bench) {
		source := b.add("nlp")
		walk := b.walk(source, noon)
		b.commit(archiver.Outcome{Task: b.one(source, noon), Entries: entries("a", "b"), Next: []archiver.Task{listingPage(2, walk), factsTask("posts")}})
		second := b.one(source, noon)
		b.same("second", second.Role, archiver.RoleListing)
		b.same("while a listing page is leased", urls(b.claim(source, noon, 10)), []string(nil))
		b.commit(archiver.Outcome{Task: second, Entries: entries("c")})
		facts := b.one(source, noon)
		b.same("third", facts.Role, archiver.RoleFacts)
		b.same("while facts are leased", urls(b.claim(source, noon, 10)), []string(nil))
		b.commit(archiver.Outcome{Task: facts})
		b.same("in the listing's order", urls(b.claim(source, noon, 10)),
			[]string{"article " + address("a"), "article " + address("b"), "article " + address("c")})
	},
	"what waits for its time keeps no later role waiting": func(b *bench) {
		source := b.add("nlp")
		walk := b.walk(source, noon)
		b.commit(archiver.Outcome{Task: b.one(source, noon), Entries: entries("a"), Next: []archiver.Task{listingPage(2, walk)}})
		b.commit(archiver.Outcome{Task: b.one(source, noon), State: archiver.TaskPending, Attempt: 1, NotBefore: noon.Add(time.Minute)})
		b.same("claimed", b.one(source, noon).Role, archiver.RoleArticle)
		b.same("backlog", b.backlog(source), archiver.Backlog{Listing: 1, Articles: 1, Due: noon.Add(time.Minute)})
	},
	"a task is leased to one, until the lease ends": func(b *bench) {
		source := b.add("nlp")
		b.list(source, noon, "a", "b", "c")
		first := b.claim(source, noon, 2)
		b.same("first two", urls(first), []string{"article " + address("a"), "article " + address("b")})
		b.same("the rest", urls(b.claim(source, noon, 2)), []string{"article " + address("c")})
		b.same("nothing more", urls(b.claim(source, noon, 2)), []string(nil))
		b.same("due", b.backlog(source).Due, noon.Add(lease))
		b.same("none asked for", urls(b.claim(source, noon.Add(lease), 0)), []string(nil))
		b.same("after the lease", len(b.claim(source, noon.Add(lease), 10)), 3)
	},
	"a released task is as it was": func(b *bench) {
		source := b.add("nlp")
		b.list(source, noon, "a")
		task := b.one(source, noon)
		b.must(b.Release(b.Context(), task))
		again := b.one(source, noon.Add(time.Second))
		task.LeaseUntil = again.LeaseUntil
		b.same("task", again, task)
		// A lease that went to another is not given back by the first.
		old := again
		newer := b.one(source, noon.Add(2*lease))
		b.must(b.Release(b.Context(), old))
		b.same("claimed", urls(b.claim(source, noon.Add(2*lease), 1)), []string(nil))
		b.must(b.Release(b.Context(), newer))
		b.one(source, noon.Add(2*lease))
	},
	"a retry waits for its time and remembers its attempts": func(b *bench) {
		source := b.add("nlp")
		b.list(source, noon, "a", "b")
		tasks := b.claim(source, noon, 10)
		later := noon.Add(90 * time.Second)
		b.commit(archiver.Outcome{Task: tasks[0], State: archiver.TaskPending, Attempt: 2, NotBefore: later, Reason: "503"})
		b.must(b.Release(b.Context(), tasks[1]))
		b.same("now", urls(b.claim(source, noon, 10)), []string{"article " + address("b")})
		got := b.one(source, later)
		b.same("later", got.URL, address("a"))
		b.same("attempt", got.Attempt, 2)
		b.same("reason", got.Reason, "503")
	},
	"an outcome whose lease went to another adds what it read, and no failure": func(b *bench) {
		source := b.add("nlp")
		b.list(source, noon, "a")
		slow := b.one(source, noon)
		quick := b.one(source, noon.Add(lease))
		a := article("a")
		b.commit(archiver.Outcome{Task: quick, Article: &a})
		b.commit(archiver.Outcome{Task: slow, State: archiver.TaskPending, Attempt: 1, NotBefore: noon})
		b.same("backlog", b.backlog(source), archiver.Backlog{})
		b.commit(archiver.Outcome{Task: slow, Article: &a})
		b.same("revision", b.article(address("a")).Revision, 1)
		b.sound()
	},
	"problems are the tasks that did not end well, oldest first": func(b *bench) {
		source := b.add("nlp")
		b.list(source, noon, "a", "b", "c", "d")
		tasks := b.claim(source, noon, 10)
		b.commit(archiver.Outcome{Task: tasks[2], State: archiver.TaskDenied, Reason: "needs a login", At: noon})
		b.commit(archiver.Outcome{Task: tasks[0], State: archiver.TaskGone, Reason: "404", At: noon.Add(time.Minute)})
		a := article("b")
		b.commit(archiver.Outcome{Task: tasks[1], Article: &a})
		got := b.problems(source)
		b.same("problems", urls(got), []string{"article " + address("c"), "article " + address("a")})
		b.same("reason", got[0].Reason, "needs a login")
		b.same("state", got[0].State, archiver.TaskDenied)
		b.same("attempts of a done task's source", b.backlog(source).Articles, 1)
	},
	"an empty archive has nothing to do": func(b *bench) {
		source := b.add("nlp")
		b.same("backlog", b.backlog(source), archiver.Backlog{})
		b.same("claimed", urls(b.claim(source, noon, 10)), []string(nil))
		b.same("problems", urls(b.problems(source)), []string(nil))
		b.sound()
	},
	"an ended context ends the work": func(b *bench) {
		source := b.add("nlp")
		b.walk(source, noon)
		ctx, cancel := context.WithCancel(b.Context())
		cancel()
		if _, err := b.Claim(ctx, source.ID, noon, lease, 1); err == nil || ctx.Err() == nil {
			b.Errorf("Claim gave %v", err)
		}
		b.one(source, noon)
	},
}
