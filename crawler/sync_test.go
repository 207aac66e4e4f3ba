package crawler

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"archiver"

	"github.com/google/go-cmp/cmp"
)

const (
	restAt = "http://blog.example/rest"
	feedAt = "http://blog.example/feed"
	mapAt  = "http://blog.example/map"
)

// blog is a reader of which a test says what channels and pages tell.
type blog struct {
	reader
	facts     func(page *archiver.Page) (archiver.Facts, error)
	posts     func(page *archiver.Page) ([]archiver.Post, error)
	noarchive string
	text      map[string]archiver.Article // by the address that answered
}

func (b blog) Facts(page *archiver.Page) (archiver.Facts, error) { return b.facts(page) }

func (b blog) Posts(page *archiver.Page) ([]archiver.Post, error) { return b.posts(page) }

func (b blog) Noarchive(page *archiver.Page) bool { return page.URL == b.noarchive }

func (b blog) Article(entries []archiver.Entry) Assembly {
	return &assembly{pages: pages{b.reader, ""}, blog: b}
}

// assembly is an article whose text is said by the page's address, or is the page's own.
type assembly struct {
	pages
	blog    blog
	article archiver.Article
	err     error
}

func (a *assembly) Add(page *archiver.Page) (string, error) {
	known, ok := a.blog.text[page.URL]
	switch {
	case page.Text == "none":
		a.err = archiver.Errorf(archiver.Unusable, "no article in it")
		return "", a.err
	case len(page.Raw) > 0:
		known = archiver.Article{URL: page.URL, Markdown: string(page.Raw), HTML: string(page.Raw), State: archiver.ArticleSaved}
	case !ok:
		known = archiver.Article{URL: page.URL, State: archiver.ArticleSaved}
	}
	a.article = known
	return "", nil
}

func (a *assembly) Article() (archiver.Article, error) { return a.article, a.err }

// runOf is a run that is asked for one task at a time.
func runOf(net *web, extract Extractor, store *shelf, walk archiver.Walk) *run {
	if net.asked == nil {
		net.asked = map[string]int{}
	}
	r := &run{Crawler: New(store, net, extract, Options{Now: func() time.Time { return noon }}), source: quickly, walk: walk}
	r.site.model = &archiver.SiteModel{}
	r.ways.put(archiver.Settings{}, nil)
	return r
}

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func TestChannelsToAsk(t *testing.T) {
	rest, feed, sitemap := archiver.Way{Channel: archiver.ChannelREST, URL: restAt}, archiver.Way{Channel: archiver.ChannelFeed, URL: feedAt},
		archiver.Way{Channel: archiver.ChannelSitemap, URL: mapAt}
	for _, tt := range []struct {
		name     string
		settings archiver.Settings
		ways     []archiver.Way
		want     []string
	}{
		{"none", archiver.Settings{}, nil, nil},
		{"the one that tells of all is asked alone", archiver.Settings{}, []archiver.Way{rest, feed, sitemap}, []string{restAt}},
		{"wherever it stands", archiver.Settings{}, []archiver.Way{feed, rest}, []string{restAt}},
		{"else all", archiver.Settings{}, []archiver.Way{feed, sitemap}, []string{feedAt, mapAt}},
		{"but those that are not wanted", archiver.Settings{Discover: []archiver.Channel{archiver.ChannelFeed}}, []archiver.Way{rest, feed, sitemap}, []string{feedAt}},
		{"the listing alone", archiver.Settings{Discover: []archiver.Channel{archiver.ChannelListing}}, []archiver.Way{rest, feed}, nil},
	} {
		var c channels
		c.put(tt.settings, tt.ways)
		if diff := cmp.Diff(tt.want, c.toAsk()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
	for _, tt := range []struct {
		name, failed, other string
		settings            archiver.Settings
		ways                []archiver.Way
		left                []archiver.Way
		ask                 []string
	}{
		{"the others", restAt, "", archiver.Settings{}, []archiver.Way{rest, feed, sitemap}, []archiver.Way{feed, sitemap}, []string{feedAt, mapAt}},
		{"the one that is made up", restAt, feedAt, archiver.Settings{}, []archiver.Way{rest, sitemap}, []archiver.Way{feed, sitemap}, []string{feedAt, mapAt}},
		{"which is there already", restAt, feedAt, archiver.Settings{}, []archiver.Way{rest, feed}, []archiver.Way{feed}, []string{feedAt}},
		{"or is not wanted", restAt, feedAt, archiver.Settings{Discover: []archiver.Channel{archiver.ChannelREST}}, []archiver.Way{rest}, []archiver.Way{}, nil},
		{"a feed has been asked with the others", feedAt, "", archiver.Settings{}, []archiver.Way{feed, sitemap}, []archiver.Way{sitemap}, nil},
		{"a further page of a channel", restAt + "?page=2", "", archiver.Settings{}, []archiver.Way{rest}, nil, nil},
	} {
		var c channels
		c.put(tt.settings, tt.ways)
		left, ask := c.instead(tt.failed, tt.other)
		if diff := cmp.Diff(tt.left, left) + cmp.Diff(tt.ask, ask); diff != "" {
			t.Errorf("instead: %s (-want +got):\n%s", tt.name, diff)
		}
	}
}

func TestDiscover(t *testing.T) {
	rest, feed := archiver.Way{Channel: archiver.ChannelREST, URL: restAt}, archiver.Way{Channel: archiver.ChannelFeed, URL: feedAt}
	sitemap := func(url string) archiver.Way { return archiver.Way{Channel: archiver.ChannelSitemap, URL: url} }
	for _, tt := range []struct {
		name     string
		settings archiver.Settings
		ways     []archiver.Way
		robots   []string
		want     []archiver.Way
	}{
		{"what tells of all is enough", archiver.Settings{}, []archiver.Way{rest, feed}, []string{mapAt}, []archiver.Way{rest, feed}},
		{"named sitemaps", archiver.Settings{}, []archiver.Way{feed}, []string{mapAt}, []archiver.Way{feed, sitemap(mapAt)}},
		{"the usual one", archiver.Settings{}, []archiver.Way{feed}, []string{}, []archiver.Way{feed, sitemap("http://blog.example/sitemap.xml")}},
		{"robots.txt cannot be read", archiver.Settings{}, []archiver.Way{feed}, nil, []archiver.Way{feed}},
		{"not wanted", archiver.Settings{Discover: []archiver.Channel{archiver.ChannelFeed}}, []archiver.Way{rest, feed}, []string{mapAt}, []archiver.Way{feed}},
		{"in the place of one that is not wanted", archiver.Settings{Discover: []archiver.Channel{archiver.ChannelSitemap}}, []archiver.Way{rest}, []string{mapAt}, []archiver.Way{sitemap(mapAt)}},
	} {
		r := runOf(&web{maps: tt.robots}, reader{}, &shelf{}, archiver.Walk{})
		r.source.Settings = tt.settings
		if diff := cmp.Diff(tt.want, r.discover(t.Context(), archiver.Listing{Ways: tt.ways})); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}

// TestConditionalRequests: what was not read to its end before, or is to be read whatever happened, is asked for without condition.
func TestConditionalRequests(t *testing.T) {
	validator := archiver.Validator{ETag: `"e"`}
	for _, tt := range []struct {
		walk archiver.Walk
		full bool
		task archiver.Task
		want bool
	}{
		{archiver.Walk{Sure: true}, false, archiver.Task{Role: archiver.RoleListing, Number: 1}, true},
		{archiver.Walk{Sure: true}, false, archiver.Task{Role: archiver.RoleListing, Number: 2}, false},
		{archiver.Walk{}, false, archiver.Task{Role: archiver.RoleListing, Number: 1}, false},
		{archiver.Walk{Sure: true, Whole: true}, false, archiver.Task{Role: archiver.RoleListing, Number: 1}, false},
		{archiver.Walk{Sure: true}, false, archiver.Task{Role: archiver.RoleFacts, Number: 1}, true},
		{archiver.Walk{}, false, archiver.Task{Role: archiver.RoleFacts, Number: 1}, false},
		{archiver.Walk{Sure: true, Whole: true}, false, archiver.Task{Role: archiver.RoleFacts, Number: 1}, false},
		{archiver.Walk{Whole: true}, false, archiver.Task{Role: archiver.RoleArticle, Known: true}, true},
		{archiver.Walk{}, false, archiver.Task{Role: archiver.RoleArticle}, false},
		{archiver.Walk{Whole: true}, true, archiver.Task{Role: archiver.RoleArticle, Known: true}, false},
	} {
		tt.task.URL, tt.task.Validator = "http://blog.example/x", validator
		net := &web{give: map[string]archiver.Page{tt.task.URL: {URL: tt.task.URL, Status: statusNotModified}}}
		r := runOf(net, blog{reader: reader{}, facts: func(*archiver.Page) (archiver.Facts, error) { return archiver.Facts{}, nil }}, &shelf{}, tt.walk)
		r.opts.Full = tt.full
		s := r.handle(t.Context(), job{task: withID(r, tt.task)})
		if got := !net.reqs[0].Validator.IsZero(); got != tt.want {
			t.Errorf("%+v of %+v, full %t: conditional %t, want %t", tt.task.Role, tt.walk, tt.full, got, tt.want)
		}
		if s.err != nil || s.outcome.State != archiver.TaskDone || !s.outcome.Unchanged {
			t.Errorf("%s: %+v, %v", tt.task.Role, s.outcome, s.err)
		}
	}
}

// withID puts a task into the run's frontier.
func withID(r *run, task archiver.Task) archiver.Task {
	store := r.frontier.(*shelf)
	store.put(task)
	task.ID, task.State = int64(len(store.tasks)), archiver.TaskPending
	return task
}

// TestUnchangedArticlesAreLookedAtByAge: a server that confirms a young article is asked again soon.
func TestUnchangedArticlesAreLookedAtByAge(t *testing.T) {
	const at = "http://blog.example/x"
	for _, tt := range []struct {
		known []archiver.Article
		want  time.Duration
	}{
		{[]archiver.Article{{URL: at, Published: archiver.At(noon.Add(-16 * 24 * time.Hour))}}, 48 * time.Hour},
		{[]archiver.Article{{URL: at, Published: archiver.At(noon.AddDate(-9, 0, 0))}}, latestLook},
		{[]archiver.Article{{URL: at, Published: archiver.At(noon.Add(time.Hour))}}, earliestLook},
		{[]archiver.Article{{URL: at, Published: archiver.At(noon.AddDate(-9, 0, 0)), Modified: archiver.At(noon.Add(-24 * time.Hour))}}, earliestLook},
		{[]archiver.Article{{URL: at}}, undatedLook},
		{nil, undatedLook},
	} {
		net := &web{give: map[string]archiver.Page{at: {URL: at, Status: statusNotModified}}}
		r := runOf(net, blog{}, &shelf{known: tt.known}, archiver.Walk{})
		s := r.handle(t.Context(), job{task: withID(r, archiver.Task{Role: archiver.RoleArticle, URL: at, Known: true})})
		if got := s.outcome.NotBefore.Sub(noon); got != tt.want {
			t.Errorf("%+v: looked at after %v, want %v", tt.known, got, tt.want)
		}
	}
}

// TestIndexIsReadOnWhereTheCountDiffers: where a channel counts what was expected, the first answer tells of all that changed.
func TestIndexIsReadOnWhereTheCountDiffers(t *testing.T) {
	for _, tt := range []struct {
		name        string
		walk        archiver.Walk
		fresh       int64
		channel     archiver.Channel
		number      int
		total, next int
		want        int
	}{
		{"as expected", archiver.Walk{Told: 250}, 0, archiver.ChannelREST, 1, 250, 2, 0},
		{"with what is new", archiver.Walk{Told: 250}, 3, archiver.ChannelREST, 1, 253, 2, 0},
		{"one is gone", archiver.Walk{Told: 250}, 0, archiver.ChannelREST, 1, 249, 2, 2},
		{"one is gone and one new", archiver.Walk{Told: 250}, 1, archiver.ChannelREST, 1, 250, 2, 2},
		{"one that the listing hides", archiver.Walk{Told: 250}, 0, archiver.ChannelREST, 1, 251, 2, 2},
		{"whole", archiver.Walk{Told: 250, Whole: true}, 0, archiver.ChannelREST, 1, 250, 2, 2},
		{"a host that gives ten at a time", archiver.Walk{Whole: true}, 0, archiver.ChannelREST, 1, 250, 24, 24},
		{"endless", archiver.Walk{Whole: true}, 0, archiver.ChannelREST, 1, 1 << 30, 5000, maxIndexPages},
		{"a feed of a new source", archiver.Walk{First: true, Whole: true}, 0, archiver.ChannelFeed, 1, 0, 1, 1},
		{"a feed of a known one", archiver.Walk{Whole: true}, 0, archiver.ChannelFeed, 1, 0, 1, 0},
		{"a feed without end", archiver.Walk{First: true, Whole: true}, 0, archiver.ChannelFeed, maxFeedPages, 0, 1, 0},
		{"an index of sitemaps", archiver.Walk{}, 0, archiver.ChannelSitemap, 1, 0, 99, maxSitemaps},
		{"an index of indexes", archiver.Walk{}, 0, archiver.ChannelSitemap, 2, 0, 3, 0},
	} {
		var next []string
		for i := range tt.next {
			next = append(next, fmt.Sprint(restAt, "?page=", i+2))
		}
		told := blog{facts: func(*archiver.Page) (archiver.Facts, error) {
			return archiver.Facts{Channel: tt.channel, Total: tt.total, Next: next}, nil
		}}
		r := runOf(&web{}, told, &shelf{}, tt.walk)
		r.fresh.Store(tt.fresh)
		outcome, err := r.facts(t.Context(), archiver.Task{Role: archiver.RoleFacts, URL: restAt, Walk: 7, Number: tt.number})
		if err != nil || len(outcome.Next) != tt.want || outcome.Total != tt.total {
			t.Errorf("%s: %d more, total %d, %v; want %d", tt.name, len(outcome.Next), outcome.Total, err, tt.want)
		}
		for _, task := range outcome.Next {
			if task.Walk != 7 || task.Number != tt.number+1 || task.Role != archiver.RoleFacts {
				t.Errorf("%s: %+v", tt.name, task)
			}
		}
	}
}

// postTasks are tasks whose articles a channel may give whole.
func postTasks(n int) (tasks []archiver.Task) {
	for i := range n {
		url := fmt.Sprint("http://blog.example/p", i)
		tasks = append(tasks, archiver.Task{ID: int64(i + 1), Role: archiver.RoleArticle, URL: url,
			Entries: []archiver.Entry{{Channel: archiver.ChannelREST, URL: url, Ref: fmt.Sprint(i)}}})
	}
	return tasks
}

func postOf(i int, url string) archiver.Post {
	return archiver.Post{Entry: archiver.Entry{Channel: archiver.ChannelREST, URL: url, Ref: fmt.Sprint(i)}}
}

// included are the numbers that a request for posts names.
func included(url string) (refs []int) {
	_, list, _ := strings.Cut(url, "?include=")
	for ref := range strings.SplitSeq(list, ",") {
		var n int
		_, _ = fmt.Sscan(ref, &n)
		refs = append(refs, n)
	}
	return refs
}

func TestPostsAreAskedForAtOnce(t *testing.T) {
	all := func(page *archiver.Page) (posts []archiver.Post, err error) {
		for _, i := range included(page.URL) {
			posts = append(posts, postOf(i, fmt.Sprint("http://blog.example/p", i)))
		}
		return posts, nil
	}
	atMost := func(n int) func(page *archiver.Page) ([]archiver.Post, error) {
		return func(page *archiver.Page) ([]archiver.Post, error) {
			if len(included(page.URL)) > n {
				return nil, archiver.Errorf(archiver.Unusable, "it is cut short")
			}
			return all(page)
		}
	}
	for _, tt := range []struct {
		name     string
		n        int
		posts    func(page *archiver.Page) ([]archiver.Post, error)
		fail     error
		given    int
		requests []int // how many posts each asks for
		size     int   // of the next one
	}{
		{"all", 70, all, nil, 70, []int{70}, maxPosts},
		{"more than fit", 130, all, nil, 130, []int{100, 30}, maxPosts},
		{"too large", 70, atMost(fewPosts), nil, 70, []int{70, 20, 20, 20, 10}, fewPosts},
		{"much too large", 70, atMost(1), nil, 0, []int{70, 20}, 0},
		{"not today", 70, all, archiver.Errorf(archiver.Transient, "502"), 0, []int{70}, maxPosts},
		{"refused", 70, all, archiver.Errorf(archiver.Denied, "401"), 0, []int{70}, maxPosts},
		{"one that is not there", 10, func(page *archiver.Page) ([]archiver.Post, error) {
			posts, err := all(page)
			return posts[1:], err
		}, nil, 9, []int{10}, maxPosts},
		{"another address", 3, func(*archiver.Page) ([]archiver.Post, error) {
			return []archiver.Post{postOf(0, "http://blog.example/other"), postOf(1, "https://www.blog.example/p1/"), postOf(9, "http://blog.example/p2")}, nil
		}, nil, 1, []int{3}, maxPosts},
		{"a bug", 10, func(*archiver.Page) ([]archiver.Post, error) { panic("of ours") }, nil, 0, []int{10, 10}, 0},
	} {
		net := &web{answer: func(string, int) error { return tt.fail }}
		r := runOf(net, blog{posts: tt.posts}, &shelf{}, archiver.Walk{})
		r.ways.put(archiver.Settings{}, []archiver.Way{{Channel: archiver.ChannelREST, URL: restAt}})
		given := r.posts(t.Context(), postTasks(tt.n))
		var requests []int
		for _, req := range net.reqs {
			requests = append(requests, len(included(req.URL)))
		}
		if diff := cmp.Diff(tt.requests, requests); diff != "" || len(given) != tt.given || r.ways.most() != tt.size {
			t.Errorf("%s: %d given, %d to ask for next\n%s", tt.name, len(given), r.ways.most(), diff)
		}
		for id, post := range given {
			if fmt.Sprint(id-1) != post.Entry.Ref {
				t.Errorf("%s: task %d got post %s", tt.name, id, post.Entry.Ref)
			}
		}
	}
}

// TestPostsOfAHostThatGivesFewAtATime: what it has more of is asked for again, what it has not is not.
func TestPostsOfAHostThatGivesFewAtATime(t *testing.T) {
	few := func(page *archiver.Page) (posts []archiver.Post, err error) {
		for _, i := range included(page.URL) {
			if i != 13 && len(posts) < 10 {
				posts = append(posts, postOf(i, fmt.Sprint("http://blog.example/p", i)))
			}
		}
		left := 0
		for _, i := range included(page.URL) {
			if i != 13 {
				left++
			}
		}
		page.Total = left
		return posts, nil
	}
	net := &web{}
	r := runOf(net, blog{posts: few}, &shelf{}, archiver.Walk{})
	r.ways.put(archiver.Settings{}, []archiver.Way{{Channel: archiver.ChannelREST, URL: restAt}})
	if given := r.posts(t.Context(), postTasks(45)); len(given) != 44 || len(net.reqs) != 5 {
		t.Errorf("%d of 44 given in %d requests, want 5", len(given), len(net.reqs))
	}
}

// TestPostsAndPages: a post with a text is read in the place of its page, one without it says what it knows, and a locked one asks nothing.
func TestPostsAndPages(t *testing.T) {
	task := postTasks(1)[0]
	for _, tt := range []struct {
		name  string
		post  archiver.Post
		asked int
		state archiver.TaskState
		text  string
	}{
		{"whole", archiver.Post{Page: archiver.Page{URL: task.URL, Raw: []byte("post"), ContentType: "application/json"}}, 0, archiver.TaskDone, "post"},
		{"without text", archiver.Post{}, 1, archiver.TaskDone, "page"},
		{"behind a password", archiver.Post{Entry: archiver.Entry{Protected: true}}, 0, archiver.TaskProtected, ""},
	} {
		net := &web{}
		r := runOf(net, blog{text: map[string]archiver.Article{task.URL: {URL: task.URL, Markdown: "page", State: archiver.ArticleSaved}}}, &shelf{}, archiver.Walk{First: true})
		tt.post.Entry.URL, tt.post.Entry.Ref, tt.post.Entry.Mark, tt.post.Entry.Channel = task.URL, "0", "m", archiver.ChannelREST
		s := r.handle(t.Context(), job{task: withID(r, task), post: &tt.post})
		if len(net.reqs) != tt.asked || s.outcome.State != tt.state || s.outcome.Article == nil || s.outcome.Article.Markdown != tt.text {
			t.Errorf("%s: %d requests, %s, %+v", tt.name, len(net.reqs), s.outcome.State, s.outcome.Article)
		}
		if diff := cmp.Diff([]archiver.Entry{tt.post.Entry}, s.outcome.Entries, cmp.AllowUnexported(archiver.Timestamp{})); diff != "" {
			t.Errorf("%s: entries (-want +got):\n%s", tt.name, diff)
		}
	}
}

func TestNoarchive(t *testing.T) {
	const at = "http://blog.example/x"
	for _, ignore := range []bool{false, true} {
		r := runOf(&web{}, blog{noarchive: at}, &shelf{}, archiver.Walk{First: true})
		r.source.Settings.IgnoreNoarchive = ignore
		s := r.handle(t.Context(), job{task: withID(r, archiver.Task{Role: archiver.RoleArticle, URL: at})})
		want := map[bool]archiver.TaskState{false: archiver.TaskBlocked, true: archiver.TaskDone}[ignore]
		if s.outcome.State != want || (len(s.outcome.Pages) > 0) != ignore || (s.outcome.Article != nil) != ignore {
			t.Errorf("ignored %t: %s with %d pages, %v", ignore, s.outcome.State, len(s.outcome.Pages), s.err)
		}
	}
}

// TestStrayedListingPages: a page of the listing that answers elsewhere is none, and where it goes on is another matter than where it begins.
func TestStrayedListingPages(t *testing.T) {
	for _, tt := range []struct {
		number int
		to     string
		want   archiver.Kind // Internal for none
	}{
		{1, "http://blog.example/nlp/", archiver.Internal},
		{1, "https://www.blog.example/nlp", archiver.Internal},
		{1, "http://blog.example/topics/nlp/", archiver.Internal}, // the category has another address
		{1, "http://blog.example/", archiver.Unusable},
		{1, "http://blog.example/?from=nlp", archiver.Unusable},
		{2, "http://blog.example/nlp/2/", archiver.Internal},
		{2, "http://blog.example/nlp/page/2/", archiver.Internal},
		{2, "http://blog.example/", archiver.Transient},
		{2, "http://blog.example/login/", archiver.Transient},
	} {
		at := map[int]string{1: quickly.URL, 2: quickly.URL + "2"}[tt.number]
		net := &web{give: map[string]archiver.Page{at: {URL: tt.to, Status: 200}}}
		r := runOf(net, reader{pages: 2, articles: 3}, &shelf{}, archiver.Walk{})
		outcome, err := r.listing(t.Context(), archiver.Task{Role: archiver.RoleListing, URL: at, Number: tt.number})
		if got := archiver.KindOf(err); err != nil && got != tt.want || err == nil && (tt.want != archiver.Internal || len(outcome.Entries) != 3) {
			t.Errorf("page %d at %s: %v, %d entries; want %v", tt.number, tt.to, err, len(outcome.Entries), tt.want)
		}
	}
}

// TestCompare: of what is another text only what the author changed is a change.
func TestCompare(t *testing.T) {
	const at = "http://blog.example/x"
	long := strings.Repeat("条件随机场是一种概率图模型，", 20)
	known := archiver.Article{ID: "1", URL: at, Title: "T", Markdown: long, HTML: long, Revision: 1, State: archiver.ArticleSaved, Modified: archiver.At(noon)}
	article := func(change func(*archiver.Article)) archiver.Article {
		a := known
		change(&a)
		return a
	}
	html, json := archiver.Page{Requested: at, URL: at, ContentType: "text/html"}, archiver.Page{Requested: at, URL: at, ContentType: "application/json"}
	led := html
	led.URL = "http://blog.example/y"
	for _, tt := range []struct {
		name   string
		read   archiver.Article
		page   archiver.Page
		stored []archiver.Page
		again  archiver.Article // what the stored page says today
		cause  string
		kind   archiver.Kind // Internal for none
	}{
		{"the same", known, html, []archiver.Page{html}, known, "", archiver.Internal},
		{"read with better knowledge", article(func(a *archiver.Article) { a.HTML = "better" }), html, []archiver.Page{html},
			article(func(a *archiver.Article) { a.HTML = "better" }), archiver.CauseReextract, archiver.Internal},
		{"changed", article(func(a *archiver.Article) { a.HTML = "changed" }), html, []archiver.Page{html}, known, "", archiver.Internal},
		{"by another channel", article(func(a *archiver.Article) { a.HTML = "told so" }), json, []archiver.Page{html}, known, archiver.CauseChannel, archiver.Internal},
		{"by another channel, later", article(func(a *archiver.Article) { a.HTML, a.Modified = "told so", archiver.At(noon.Add(time.Hour)) }), json,
			[]archiver.Page{html}, known, "", archiver.Internal},
		{"without stored pages", article(func(a *archiver.Article) { a.HTML = "changed" }), html, nil, known, "", archiver.Internal},
		{"led to itself", article(func(a *archiver.Article) { a.URL, a.Markdown = led.URL, long+"more" }), led, []archiver.Page{html}, known, "", archiver.Internal},
		{"led to another", archiver.Article{URL: led.URL, Title: "U", Markdown: strings.Repeat("梯度下降", 30)}, led, []archiver.Page{html}, known, "", archiver.Gone},
	} {
		tt.again.URL = "" // the extractor of the test tells by its text alone
		r := runOf(&web{}, blog{text: map[string]archiver.Article{at: tt.again}}, &shelf{known: []archiver.Article{known}, stored: map[string][]archiver.Page{"1": tt.stored}}, archiver.Walk{})
		outcome := archiver.Outcome{Article: &tt.read, Pages: []archiver.Page{tt.page}}
		err := r.compare(t.Context(), archiver.Task{URL: at, Known: true}, &outcome)
		if outcome.Cause != tt.cause || archiver.KindOf(err) != tt.kind || (err == nil) != (tt.kind == archiver.Internal) {
			t.Errorf("%s: cause %q, %v; want %q, %v", tt.name, outcome.Cause, err, tt.cause, tt.kind)
		}
	}
}

// TestEarlierAddress: only an address that ended is an earlier one.
func TestEarlierAddress(t *testing.T) {
	const before, now = "http://blog.example/old", "http://blog.example/new"
	for _, tt := range []struct {
		name string
		twin string
		to   string // where the old address leads
		err  error
		want string
	}{
		{"no twin", "", before, nil, ""},
		{"301 to it", before, now + "/", nil, before},
		{"404", before, "", archiver.Errorf(archiver.Gone, "404"), before},
		{"still there", before, before, nil, ""},
		{"leads elsewhere", before, "http://blog.example/third", nil, ""},
		{"not known today", before, "", archiver.Errorf(archiver.Transient, "503"), ""},
		{"refused", before, "", archiver.Errorf(archiver.Blocked, "robots"), ""},
	} {
		net := &web{answer: func(string, int) error { return tt.err }, give: map[string]archiver.Page{before: {URL: tt.to, Status: 200}}}
		r := runOf(net, blog{}, &shelf{twin: tt.twin}, archiver.Walk{})
		got, err := r.earlier(t.Context(), &archiver.Article{URL: now})
		if err != nil || got != tt.want || (len(net.reqs) == 0) != (tt.twin == "") {
			t.Errorf("%s: %q, %v, %d requests; want %q", tt.name, got, err, len(net.reqs), tt.want)
		}
	}
}

// TestMissingArticles: what the list does not name and its address does not have is gone, in whatever way blogs say so.
func TestMissingArticles(t *testing.T) {
	const at = "http://blog.example/x"
	for _, tt := range []struct {
		name           string
		missing, known bool
		page           archiver.Page
		err            error
		want           archiver.TaskState
	}{
		{"404", true, true, archiver.Page{}, archiver.Errorf(archiver.Gone, "404"), archiver.TaskGone},
		{"soft 404", true, true, archiver.Page{URL: at, Text: "none"}, nil, archiver.TaskGone},
		{"soft 404 of one that is listed", false, true, archiver.Page{URL: at, Text: "none"}, nil, archiver.TaskQuarantined},
		{"leads to the front page", true, true, archiver.Page{URL: "http://blog.example/"}, nil, archiver.TaskGone},
		{"leads to the list", true, true, archiver.Page{URL: "https://blog.example/nlp"}, nil, archiver.TaskGone},
		{"a known one that is listed leads to the front page", false, true, archiver.Page{URL: "http://blog.example/"}, nil, archiver.TaskQuarantined},
		{"a new one leads to the front page", false, false, archiver.Page{URL: "http://blog.example/"}, nil, archiver.TaskQuarantined},
		{"leads to a page without an article", false, true, archiver.Page{URL: "http://blog.example/404.html", Text: "none"}, nil, archiver.TaskGone},
		{"is there", true, true, archiver.Page{URL: at}, nil, archiver.TaskDone},
		{"not today", true, true, archiver.Page{}, archiver.Errorf(archiver.Transient, "503"), archiver.TaskPending},
		{"refused", true, true, archiver.Page{}, archiver.Errorf(archiver.Blocked, "403"), archiver.TaskBlocked},
	} {
		net := &web{answer: func(string, int) error { return tt.err }, give: map[string]archiver.Page{at: tt.page}}
		r := runOf(net, blog{}, &shelf{}, archiver.Walk{})
		s := r.handle(t.Context(), job{task: withID(r, archiver.Task{Role: archiver.RoleArticle, URL: at, Missing: tt.missing, Known: tt.known})})
		if s.outcome.State != tt.want {
			t.Errorf("%s: %s (%v), want %s", tt.name, s.outcome.State, s.err, tt.want)
		}
	}
}

// TestABugCostsNoLaterRole: a listing page or a channel that brings the reader down does not keep the articles waiting.
func TestABugCostsNoLaterRole(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		source := quickly
		source.Channels = []archiver.Way{{Channel: archiver.ChannelFeed, URL: feedAt}}
		bug := blog{reader: reader{pages: 1, articles: 3}, facts: func(*archiver.Page) (archiver.Facts, error) { panic("of ours") }}
		store := &shelf{}
		began := time.Now()
		report, err := New(store, &web{asked: map[string]int{}}, bug, Options{Workers: 2}).Sync(t.Context(), source)
		if err != nil || report.Saved != 3 || !report.Internal || report.ExitCode() != archiver.ExitInternal {
			t.Errorf("%d saved, exit code %d, %v", report.Saved, report.ExitCode(), err)
		}
		if store.ended != 1 || time.Since(began) > time.Second || report.Waiting > 0 {
			t.Errorf("ended %d times, after %v, %d wait", store.ended, time.Since(began), report.Waiting)
		}
	})
}

// keeper is a shelf that notes in which order things happen.
type keeper struct {
	*shelf
	order *[]string
}

func (k keeper) EndWalk(ctx context.Context, source int64, now time.Time) (archiver.Missing, error) {
	*k.order = append(*k.order, "end")
	k.put(archiver.Task{Role: archiver.RoleArticle, URL: "http://blog.example/lost", Missing: true, Known: true, Entries: []archiver.Entry{{URL: "http://blog.example/lost"}}})
	return archiver.Missing{Articles: 1, Of: 9}, nil
}

func (k keeper) Commit(ctx context.Context, o archiver.Outcome) (archiver.Receipt, error) {
	k.mu.Lock()
	*k.order = append(*k.order, string(o.Task.Role))
	k.mu.Unlock()
	return k.shelf.Commit(ctx, o)
}

// TestWalkEndsBeforeArticles: whether an article is missing is known before it is read, and what is missing is read in the same sync.
func TestWalkEndsBeforeArticles(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var order []string
		source := quickly
		source.Channels = []archiver.Way{{Channel: archiver.ChannelFeed, URL: feedAt}}
		told := blog{reader: reader{pages: 2, articles: 2}, facts: func(*archiver.Page) (archiver.Facts, error) { return archiver.Facts{}, nil }}
		report, err := New(keeper{&shelf{}, &order}, &web{asked: map[string]int{}}, told, Options{Workers: 3}).Sync(t.Context(), source)
		want := []string{"listing", "listing", "facts", "end", "article", "article", "article", "article", "article"}
		if diff := cmp.Diff(want, order); diff != "" || err != nil {
			t.Errorf("%v (-want +got):\n%s", err, diff)
		}
		if report.Left != 0 {
			t.Errorf("%d left", report.Left)
		}
	})
}

func TestReportCounts(t *testing.T) {
	done, gone := archiver.TaskDone, archiver.TaskGone
	for _, tt := range []struct {
		name    string
		task    archiver.Task
		state   archiver.TaskState
		receipt archiver.Receipt
		cause   string
		err     error
		want    Report
		exit    int
	}{
		{"saved", archiver.Task{}, done, archiver.Receipt{Added: true, Revised: true}, "", nil, Report{Saved: 1}, 0},
		{"changed", archiver.Task{Known: true}, done, archiver.Receipt{Revised: true}, "", nil, Report{Changed: 1}, 0},
		{"reread", archiver.Task{Known: true}, done, archiver.Receipt{Revised: true}, archiver.CauseReextract, nil, Report{Reread: 1}, 0},
		{"checked", archiver.Task{Known: true}, done, archiver.Receipt{}, "", nil, Report{Checked: 1}, 0},
		{"left the category", archiver.Task{Known: true, Missing: true}, done, archiver.Receipt{Gone: true}, "", nil, Report{Checked: 1, Gone: 1}, 0},
		{"back", archiver.Task{Known: true}, done, archiver.Receipt{Back: true}, "", nil, Report{Checked: 1, Back: 1}, 0},
		{"moved", archiver.Task{Known: true}, done, archiver.Receipt{Moved: true}, "", nil, Report{Checked: 1, Moved: 1}, 0},
		{"gone", archiver.Task{Known: true}, gone, archiver.Receipt{Gone: true}, "", archiver.Errorf(archiver.Gone, "404"), Report{Gone: 1}, 0},
		{"gone before it was read, and not listed", archiver.Task{Missing: true}, gone, archiver.Receipt{}, "", archiver.Errorf(archiver.Gone, "404"), Report{}, 0},
		{"listed and not there", archiver.Task{}, gone, archiver.Receipt{}, "", archiver.Errorf(archiver.Gone, "404"), Report{Failed: 1}, archiver.ExitPartial},
		{"refused", archiver.Task{}, archiver.TaskBlocked, archiver.Receipt{}, "", archiver.Errorf(archiver.Blocked, "403"), Report{Failed: 1, Blocked: true}, archiver.ExitBlocked},
		{"locked", archiver.Task{}, archiver.TaskProtected, archiver.Receipt{Locked: true}, "", archiver.ErrProtected, Report{Protected: 1}, 0},
		{"locked still", archiver.Task{Known: true}, archiver.TaskProtected, archiver.Receipt{}, "", archiver.ErrProtected, Report{Checked: 1}, 0},
		{"to be tried again", archiver.Task{}, archiver.TaskPending, archiver.Receipt{}, "", archiver.Errorf(archiver.Transient, "503"), Report{Left: 1}, 0},
	} {
		tt.task.Role, tt.task.URL = archiver.RoleArticle, "http://blog.example/x"
		r := Report{Left: 1}
		r.add(settled{task: tt.task, outcome: archiver.Outcome{State: tt.state, Cause: tt.cause}, receipt: tt.receipt, err: tt.err})
		if problem := len(r.Problems) > 0; problem != (tt.want.Failed > 0) {
			t.Errorf("%s: told as a problem: %t", tt.name, problem)
		}
		r.Problems = nil
		if diff := cmp.Diff(tt.want, r, cmp.AllowUnexported(archiver.Timestamp{})); diff != "" || r.ExitCode() != tt.exit {
			t.Errorf("%s: exit code %d, want %d (-want +got):\n%s", tt.name, r.ExitCode(), tt.exit, diff)
		}
	}
}

// TestAProblemIsToldOnce: an article may fail twice in one run, when it turns out to be missing after it was read.
func TestAProblemIsToldOnce(t *testing.T) {
	var r Report
	for range 2 {
		r.add(settled{task: archiver.Task{Role: archiver.RoleArticle, URL: "http://blog.example/x"}, outcome: archiver.Outcome{State: archiver.TaskDenied},
			err: archiver.Errorf(archiver.Denied, "401")})
	}
	if len(r.Problems) != 1 {
		t.Errorf("it is told %d times", len(r.Problems))
	}
}

func TestExitCodes(t *testing.T) {
	for _, tt := range []struct {
		report Report
		want   int
	}{
		{Report{Gone: 3, Protected: 2, Dead: 4}, archiver.ExitDone},
		{Report{Stopped: true, Left: 40}, archiver.ExitDone},
		{Report{Partial: true}, archiver.ExitPartial},
		{Report{Waiting: 1}, archiver.ExitBlocked},
		{Report{Waiting: 1, Failed: 1}, archiver.ExitBlocked},
		{Report{Broken: archiver.Errorf(archiver.Unusable, "no list")}, archiver.ExitSource},
		{Report{Broken: archiver.Errorf(archiver.Blocked, "403")}, archiver.ExitBlocked},
		{Report{Broken: archiver.Errorf(archiver.Gone, "404"), Failed: 2}, archiver.ExitSource},
		{Report{Broken: errors.New("x"), Internal: true}, archiver.ExitInternal},
	} {
		if got := tt.report.ExitCode(); got != tt.want {
			t.Errorf("%+v: exit code %d, want %d", tt.report, got, tt.want)
		}
	}
}

// TestAlarmIsSaid: a list that lost most of what it named is broken, and nothing else is.
func TestAlarmIsSaid(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		report, err := New(alarmed{&shelf{}}, &web{asked: map[string]int{}}, reader{pages: 1, articles: 3}, Options{}).Sync(t.Context(), quickly)
		if err != nil || report.Saved != 3 || report.ExitCode() != archiver.ExitSource || archiver.HintOf(report.Broken) == "" {
			t.Errorf("%d saved, exit code %d, %v, %v", report.Saved, report.ExitCode(), report.Broken, err)
		}
		if !strings.Contains(fmt.Sprint(report.Broken), "3 articles of the 43") {
			t.Errorf("it says %v", report.Broken)
		}
	})
}

type alarmed struct{ *shelf }

func (alarmed) EndWalk(context.Context, int64, time.Time) (archiver.Missing, error) {
	return archiver.Missing{Articles: 40, Of: 43, Alarm: true}, nil
}

// TestWalkOptions is what a run asks of the frontier.
func TestWalkOptions(t *testing.T) {
	since := noon.Add(-time.Hour)
	rest := []archiver.Way{{Channel: archiver.ChannelREST, URL: restAt}}
	for _, tt := range []struct {
		opts   Options
		source archiver.Source
		want   archiver.WalkOptions
	}{
		{Options{}, archiver.Source{}, archiver.WalkOptions{Recheck: archiver.DefaultRecheck, Rechecks: maxRechecks, Images: true}},
		{Options{Full: true, Since: since}, archiver.Source{Settings: archiver.Settings{Recheck: time.Hour, NoImages: true}},
			archiver.WalkOptions{Whole: true, Since: since, Recheck: time.Hour, Rechecks: maxRechecks}},
		{Options{}, archiver.Source{Channels: rest}, archiver.WalkOptions{Recheck: archiver.DefaultRecheck, Rechecks: maxPostRechecks, Images: true, Ask: []string{restAt}}},
	} {
		tt.source.URL, tt.source.ID = quickly.URL, 1
		store := &shelf{}
		told := blog{reader: reader{pages: 1, articles: 1}, facts: func(*archiver.Page) (archiver.Facts, error) { return archiver.Facts{}, nil }}
		if _, err := New(store, &web{asked: map[string]int{}}, told, tt.opts).Sync(t.Context(), tt.source); err != nil {
			t.Error(err)
		}
		if diff := cmp.Diff(tt.want, store.opts); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
}
