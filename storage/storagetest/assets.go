package storagetest

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"

	"archiver"
)

var assetPromises = map[string]func(*bench){
	"an article's pictures are asked for in its order, after all articles": func(b *bench) {
		source := b.add("nlp")
		b.list(source, noon, "a", "b")
		tasks := b.claim(source, noon, 1)
		b.commit(withImages(tasks[0], "lead.png", "2.png", "3.png"))
		b.same("claimed", urls(b.claim(source, noon, 10)), []string{"article " + address("b")})
		b.same("backlog", b.backlog(source).Assets, 3)
		b.same("nothing while an article is read", urls(b.claim(source, noon, 10)), []string(nil))
		// Where one waits, its pictures do not.
		b.walk(source, noon)
		b.commit(archiver.Outcome{Task: b.one(source, noon), WalkEnd: true})
		b.commit(archiver.Outcome{Task: b.one(source, noon), State: archiver.TaskGone, Reason: "404", NotBefore: noon.Add(time.Hour)})
		tasks = b.claim(source, noon, 10)
		b.same("claimed", urls(tasks), []string{"asset " + picture("lead.png"), "asset " + picture("2.png"), "asset " + picture("3.png")})
		b.same("shown by", tasks[0].Entries[0].URL, address("a"))
		b.same("images", b.images("a"), []archiver.Image{pending("lead.png"), pending("2.png"), pending("3.png")})
		b.sound()
	},
	"a picture is stored as it is, for all articles that show it, by one task": func(b *bench) {
		one, two := b.add("one"), b.add("two")
		b.saveWith(one, noon, "a", "x.png")
		b.saveWith(two, noon, "b", "x.png", "y.png")
		b.same("of the second", urls(b.claim(two, noon, 10)), []string{"asset " + picture("y.png")})
		b.commit(stored(b.one(one, noon), "bytes"))
		want := archiver.Image{
			URL: picture("x.png"), State: archiver.AssetStored, Checked: noon, Sum: sumOf("bytes"), Type: "image/png", Width: 3, Height: 2, Size: 5,
		}
		b.same("images of the first", b.images("a"), []archiver.Image{want})
		b.same("images of the second", b.images("b"), []archiver.Image{want, pending("y.png")})
		for _, name := range []string{sumOf("bytes"), picture("x.png"), "http://www.blog.example/x.png"} {
			got, err := b.Asset(b.Context(), name)
			b.must(err)
			b.same(name, got, asset(picture("x.png"), "bytes"))
		}
		for _, name := range []string{sumOf("other"), picture("y.png"), "nonsense", ""} {
			_, err := b.Asset(b.Context(), name)
			b.kind(err, archiver.NoMatch)
		}
		_, err := b.Images(b.Context(), "000000000000")
		b.kind(err, archiver.NoMatch)
		// A third article that shows it asks for nothing.
		b.saveWith(one, noon.Add(time.Minute), "c", "x.png")
		b.same("backlog", b.backlog(one), archiver.Backlog{})
		b.sound()
	},
	"the same bytes at two addresses are kept once": func(b *bench) {
		source := b.add("nlp")
		b.saveWith(source, noon, "a", "x.png", "x-copy.png")
		for _, task := range b.claim(source, noon, 10) {
			b.commit(stored(task, "bytes"))
		}
		images := b.images("a")
		b.same("sums", []string{images[0].Sum, images[1].Sum}, []string{sumOf("bytes"), sumOf("bytes")})
		got, err := b.Asset(b.Context(), sumOf("bytes"))
		b.must(err)
		b.same("its first address", got.URL, picture("x.png"))
	},
	"a dead picture is recorded with the reason, and tried again later": func(b *bench) {
		source := b.add("nlp")
		b.saveWith(source, noon, "a", "x.png")
		later := noon.Add(archiver.RecheckBlocked)
		b.commit(archiver.Outcome{Task: b.one(source, noon), State: archiver.TaskGone, Reason: "404 Not Found", NotBefore: later})
		want := archiver.Image{URL: picture("x.png"), State: archiver.AssetFailed, Reason: "404 Not Found", Checked: noon}
		b.same("images", b.images("a"), []archiver.Image{want})
		article := b.saved
		article.LeaseUntil = time.Time{}
		b.commit(archiver.Outcome{Task: article, At: noon.Add(time.Hour), Article: articleWith("a", "x.png"), Images: true})
		b.same("backlog before it is due", b.backlog(source).Assets, 0)
		b.list(source, later, "a")
		b.same("backlog when it is due", b.backlog(source).Assets, 1)
		b.commit(stored(b.one(source, later), "bytes"))
		b.same("state", b.images("a")[0].State, archiver.AssetStored)
		b.same("reason", b.images("a")[0].Reason, "")
	},
	"a picture that was not reached waits with the reason": func(b *bench) {
		source := b.add("nlp")
		b.saveWith(source, noon, "a", "x.png")
		b.commit(archiver.Outcome{Task: b.one(source, noon), State: archiver.TaskPending, Reason: "timeout", Attempt: 1, NotBefore: noon.Add(time.Minute)})
		b.same("images", b.images("a"), []archiver.Image{{URL: picture("x.png"), State: archiver.AssetPending, Reason: "timeout", Checked: noon}})
		b.commit(stored(b.one(source, noon.Add(time.Hour)), "bytes"))
		b.same("state", b.images("a")[0].State, archiver.AssetStored)
	},
	"a picture that failed for good is not asked for at each walk": func(b *bench) {
		source := b.add("nlp")
		b.saveWith(source, noon, "a", "x.png", "pixel.gif")
		tasks := b.claim(source, noon, 10)
		later := noon.Add(archiver.RecheckBlocked)
		b.commit(archiver.Outcome{Task: tasks[0], State: archiver.TaskFailed, Reason: "no such host", NotBefore: later})
		b.commit(archiver.Outcome{Task: tasks[1], Reason: "a tracking pixel"})
		b.same("states", []archiver.AssetState{b.images("a")[0].State, b.images("a")[1].State}, []archiver.AssetState{archiver.AssetFailed, archiver.AssetFailed})
		b.walk(source, noon.Add(time.Hour))
		b.same("soon", b.backlog(source).Assets, 0)
		b.walk(source, later)
		b.same("later", b.backlog(source).Assets, 1)
	},
	"nothing takes a stored picture away": func(b *bench) {
		one, two := b.add("one"), b.add("two")
		b.saveWith(one, noon, "a", "x.png")
		b.commit(stored(b.one(one, noon), "bytes"))
		before := b.images("a")[0]
		at := noon.Add(time.Hour)
		for _, state := range []archiver.TaskState{archiver.TaskGone, archiver.TaskFailed, archiver.TaskQuarantined, archiver.TaskPending, archiver.TaskDone} {
			outcome := archiver.Outcome{Task: b.assetTask(two, "x.png", at), State: state, Reason: "it is " + string(state), At: at}
			b.commit(outcome)
			got := b.images("a")[0]
			b.same("reason", got.Reason, "it is "+string(state))
			got.Reason, got.Checked = before.Reason, before.Checked
			b.same("picture", got, before)
			at = at.Add(archiver.RecheckBlocked)
		}
		b.commit(stored(b.assetTask(two, "x.png", at), "others"))
		got := b.images("a")[0]
		got.Checked = before.Checked
		b.same("the first bytes stay", got, before)
		b.sound()
	},
	"what an article showed once stays one of its pictures, behind the others": func(b *bench) {
		source := b.add("nlp")
		b.saveWith(source, noon, "a", "1.png", "2.png", "3.png")
		for _, task := range b.claim(source, noon, 10) {
			b.commit(stored(task, task.URL))
		}
		edited := articleWith("a", "3.png", "new.png", "1.png")
		edited.HTML += "<p>edited</p>"
		at := noon.Add(time.Hour)
		task := b.due(source)
		b.commit(archiver.Outcome{Task: task, At: at, Article: edited, Images: true})
		b.same("images", names(b.images("a")), []string{"3.png", "new.png", "1.png", "2.png"})
		b.same("asked for", urls(b.claim(source, at, 10)), []string{"asset " + picture("new.png")})
		// The page is gone, or locked: it shows nothing, and keeps what it showed.
		b.retry(source, archiver.Outcome{State: archiver.TaskProtected, Images: true, At: at,
			Article: &archiver.Article{URL: address("a"), Title: "密码保护", State: archiver.ArticleProtected}})
		b.same("images", names(b.images("a")), []string{"3.png", "new.png", "1.png", "2.png"})
		b.sound()
	},
	"a source that wants no pictures knows their addresses, and may want them later": func(b *bench) {
		source := b.add("nlp")
		b.list(source, noon, "a")
		b.commit(archiver.Outcome{Task: b.one(source, noon), Article: articleWith("a", "x.png")})
		b.same("images", b.images("a"), []archiver.Image{pending("x.png")})
		_, err := b.StartWalk(b.Context(), source.ID, noon.Add(time.Hour), archiver.WalkOptions{})
		b.must(err)
		b.same("backlog", b.backlog(source).Assets, 0)
		b.list(source, noon.Add(2*time.Hour), "a")
		b.same("claimed", urls(b.claim(source, noon.Add(2*time.Hour), 10)), []string{"asset " + picture("x.png")})
	},
	"what is read of stored pages anew shows pictures too": func(b *bench) {
		source := b.add("nlp")
		b.save(source, noon, "a", nil)
		for _, text := range []string{"", "<p>better</p>"} {
			again := b.article(address("a"))
			again.HTML += text
			again.Images = []string{picture("x.png"), picture("y.png" + text)}
			_, err := b.Reextract(b.Context(), again, noon.Add(time.Hour))
			b.must(err)
		}
		b.same("images", len(b.images("a")), 3)
		b.list(source, noon.Add(2*time.Hour), "a")
		b.same("backlog", b.backlog(source).Assets, 3)
	},
	"a source that goes leaves its pictures to be fetched by others": func(b *bench) {
		one, two := b.add("one"), b.add("two")
		b.saveWith(one, noon, "a", "x.png", "y.png")
		b.list(two, noon, "a")
		b.same("of the second", b.backlog(two).Assets, 0)
		_, err := b.RemoveSource(b.Context(), one.ID, false)
		b.must(err)
		b.list(two, noon.Add(time.Hour), "a")
		b.same("after the removal", b.backlog(two).Assets, 2)
		_, err = b.RemoveSource(b.Context(), one.ID, true)
		b.must(err)
		b.same("after the purge", names(b.images("a")), []string{"x.png", "y.png"})
		b.sound()
	},
	"a purge takes pictures that nothing else shows": func(b *bench) {
		one, two := b.add("one"), b.add("two")
		b.saveWith(one, noon, "a", "mine.png", "ours.png", "copy.png")
		for _, task := range b.claim(one, noon, 10) {
			b.commit(stored(task, task.URL))
		}
		b.saveWith(two, noon, "b", "ours.png", "theirs.png")
		b.commit(stored(b.one(two, noon), picture("copy.png"))) // the bytes of another address
		_, err := b.RemoveSource(b.Context(), one.ID, true)
		b.must(err)
		for name, kept := range map[string]bool{"mine.png": false, "ours.png": true, "theirs.png": true, "copy.png": false} {
			if _, err := b.Asset(b.Context(), picture(name)); (err == nil) != kept {
				b.Errorf("%s: %v", name, err)
			}
		}
		for name, kept := range map[string]bool{"mine.png": false, "ours.png": true, "copy.png": true} {
			if _, err := b.Asset(b.Context(), sumOf(picture(name))); (err == nil) != kept {
				b.Errorf("bytes of %s: %v", name, err)
			}
		}
		b.sound()
		// A picture that comes when its article was purged is no wreck.
		b.saveWith(two, noon, "c", "late.png")
		late := b.one(two, noon)
		b.commit(stored(late, "bytes"))
	},
}

func picture(name string) string { return "https://blog.example/" + name }

func pending(name string) archiver.Image {
	return archiver.Image{URL: picture(name), State: archiver.AssetPending}
}

func asset(url, bytes string) archiver.Asset {
	return archiver.Asset{URL: url, Type: "image/png", Width: 3, Height: 2, Data: []byte(bytes)}
}

func sumOf(bytes string) string {
	sum := sha256.Sum256([]byte(bytes))
	return hex.EncodeToString(sum[:])
}

// stored is the outcome of a picture's task that brought the bytes.
func stored(task archiver.Task, bytes string) archiver.Outcome {
	a := asset(task.URL, bytes)
	return archiver.Outcome{Task: task, Asset: &a}
}

func names(images []archiver.Image) []string {
	var all []string
	for _, i := range images {
		all = append(all, i.URL[len(picture("")):])
	}
	return all
}

func articleWith(path string, pictures ...string) *archiver.Article {
	a := article(path)
	for _, name := range pictures {
		a.Images = append(a.Images, picture(name))
	}
	return &a
}

func withImages(task archiver.Task, pictures ...string) archiver.Outcome {
	path := task.URL[len(picture("")) : len(task.URL)-1]
	return archiver.Outcome{Task: task, Article: articleWith(path, pictures...), Images: true}
}

// saveWith lists one path and commits its article with pictures.
func (b *bench) saveWith(source archiver.Source, now time.Time, path string, pictures ...string) {
	b.Helper()
	b.list(source, now, path)
	b.saved = b.one(source, now)
	b.commit(withImages(b.saved, pictures...))
}

func (b *bench) images(path string) []archiver.Image {
	b.Helper()
	images, err := b.Images(b.Context(), archiver.ArticleID(address(path)))
	b.must(err)
	return images
}

// assetTask has a source fetch a picture, although the archive may have it.
func (b *bench) assetTask(source archiver.Source, name string, now time.Time) archiver.Task {
	b.Helper()
	walk := b.walk(source, now)
	listing := b.one(source, now)
	b.commit(archiver.Outcome{Task: listing, WalkEnd: true, At: now, Next: []archiver.Task{{Role: archiver.RoleAsset, URL: picture(name), Walk: walk}}})
	tasks := b.claim(source, now, 10)
	if len(tasks) != 1 || tasks[0].Role != archiver.RoleAsset {
		b.Fatal(fmt.Sprint("claimed ", urls(tasks)))
	}
	return tasks[0]
}
