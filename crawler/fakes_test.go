package crawler

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"archiver"
)

// shelf is a frontier in memory: just enough of the contract to test the loop in a bubble of time, where a real database
// would hold the clock still.
type shelf struct {
	mu       sync.Mutex
	tasks    []*archiver.Task
	articles []archiver.Article
	commits  []archiver.Outcome
	released int
	full     bool   // the disk
	refuse   string // the address of an article that the store does not take

	walk   archiver.Walk        // what StartWalk gives; the first one where its number is 0
	opts   archiver.WalkOptions // what it was told
	ended  int                  // how often a walk was ended
	known  []archiver.Article
	stored map[string][]archiver.Page
	twin   string
}

func (s *shelf) StartWalk(_ context.Context, source int64, _ time.Time, opts archiver.WalkOptions) (archiver.Walk, error) {
	s.opts = opts
	s.put(archiver.Task{SourceID: source, Role: archiver.RoleListing, URL: "http://blog.example/nlp/", Number: 1, Walk: 1})
	for _, address := range opts.Ask {
		s.put(archiver.Task{SourceID: source, Role: archiver.RoleFacts, URL: address, Number: 1, Walk: 1})
	}
	if s.walk.Number == 0 {
		s.walk = archiver.Walk{Number: 1, Whole: true, First: true}
	}
	return s.walk, nil
}

func (s *shelf) EndWalk(context.Context, int64, time.Time) (archiver.Missing, error) {
	s.ended++
	return archiver.Missing{}, nil
}

func (s *shelf) Article(_ context.Context, address string) (archiver.Article, error) {
	for _, a := range s.known {
		if a.URL == address {
			return a, nil
		}
	}
	return archiver.Article{}, archiver.Errorf(archiver.NoMatch, "no such article")
}

func (s *shelf) Pages(_ context.Context, id string) ([]archiver.Page, error) {
	return s.stored[id], nil
}

func (s *shelf) Twin(context.Context, int64, archiver.Article) (string, error) { return s.twin, nil }

func (s *shelf) put(task archiver.Task) bool {
	for _, known := range s.tasks {
		if known.URL == task.URL && known.Role == task.Role {
			return false
		}
	}
	task.ID, task.State = int64(len(s.tasks)+1), archiver.TaskPending
	s.tasks = append(s.tasks, &task)
	return true
}

func (s *shelf) Claim(_ context.Context, _ int64, now time.Time, lease time.Duration, limit int) (claimed []archiver.Task, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, role := range []archiver.Role{archiver.RoleListing, archiver.RoleFacts, archiver.RoleArticle, archiver.RoleAsset} {
		busy := false
		for _, t := range s.tasks {
			if t.Role != role || t.State != archiver.TaskPending || t.NotBefore.After(now) {
				continue
			}
			busy = true
			if !t.LeaseUntil.After(now) && len(claimed) < limit {
				t.LeaseUntil = now.Add(lease)
				claimed = append(claimed, *t)
			}
		}
		if busy {
			return claimed, nil
		}
	}
	return nil, nil
}

func (s *shelf) Release(_ context.Context, task archiver.Task) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.released++
	s.tasks[task.ID-1].LeaseUntil = time.Time{}
	return nil
}

func (s *shelf) Commit(_ context.Context, o archiver.Outcome) (receipt archiver.Receipt, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.full {
		return receipt, &archiver.Error{Kind: archiver.Storage, Op: "commit", Err: errors.New("the disk is full")}
	}
	s.commits = append(s.commits, o)
	if o.Article != nil && o.Task.URL == s.refuse {
		s.tasks[o.Task.ID-1].State = archiver.TaskQuarantined
		return archiver.Receipt{Refused: "it shrank"}, nil
	}
	t := s.tasks[o.Task.ID-1]
	t.State, t.Attempt, t.NotBefore, t.LeaseUntil = o.State, o.Attempt, o.NotBefore, time.Time{}
	if o.Task.Role == archiver.RoleListing {
		for _, e := range o.Entries {
			if s.put(archiver.Task{Role: archiver.RoleArticle, URL: e.URL, Entries: []archiver.Entry{e}}) {
				receipt.NewArticles++
				receipt.NewInWalk++
			}
		}
	}
	for _, next := range o.Next {
		next.Barren = 0
		if receipt.NewInWalk == 0 {
			next.Barren = o.Task.Barren + 1
		}
		s.put(next)
	}
	if o.Article != nil {
		s.articles = append(s.articles, *o.Article)
		receipt.Added, receipt.Revised = !o.Task.Known, true
		receipt.Locked = o.Article.State == archiver.ArticleProtected
	}
	return receipt, nil
}

func (s *shelf) Site(_ context.Context, host string) (archiver.SiteModel, error) {
	return archiver.SiteModel{Host: host}, nil
}

func (s *shelf) Backlog(context.Context, int64) (b archiver.Backlog, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, t := range s.tasks {
		if t.State != archiver.TaskPending {
			continue
		}
		switch t.Role {
		case archiver.RoleListing:
			b.Listing++
		case archiver.RoleFacts:
			b.Facts++
		case archiver.RoleArticle:
			b.Articles++
		}
		due := t.NotBefore
		if t.LeaseUntil.After(due) {
			due = t.LeaseUntil
		}
		if due.IsZero() {
			due = time.Unix(1, 0)
		}
		if b.Due.IsZero() || due.Before(b.Due) {
			b.Due = due
		}
	}
	return b, nil
}

// web answers addresses with what a test says, and counts.
type web struct {
	mu     sync.Mutex
	asked  map[string]int
	answer func(url string, nth int) error
	give   map[string]archiver.Page // the pages that are not plain ones
	reqs   []archiver.Request
	maps   []string // the sitemaps that robots.txt names; it cannot be read where nil
}

func (w *web) Fetch(ctx context.Context, req archiver.Request) (*archiver.Page, error) {
	w.mu.Lock()
	w.asked[req.URL]++
	w.reqs = append(w.reqs, req)
	nth := w.asked[req.URL]
	w.mu.Unlock()
	req.Traffic.Add(1, 100)
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if w.answer != nil {
		if err := w.answer(req.URL, nth); err != nil {
			return nil, err
		}
	}
	page := archiver.Page{URL: req.URL, Status: 200}
	if given, ok := w.give[req.URL]; ok {
		page = given
	}
	page.Requested = req.URL
	return &page, nil
}

func (w *web) Sitemaps(context.Context, string) ([]string, error) {
	if w.maps != nil {
		return w.maps, nil
	}
	return nil, archiver.Errorf(archiver.Transient, "robots.txt cannot be read now")
}

// reader understands the pages of web: a listing of n articles a page, and an article on every other page.
type reader struct {
	pages, articles int
	locked, broken  string // the address of an article with a password, and of one that brings the reader down
}

func (r reader) Listing(page *archiver.Page) (l archiver.Listing, err error) {
	n := 1
	_, _ = fmt.Sscanf(page.URL, "http://blog.example/nlp/%d", &n)
	for i := range r.articles {
		l.Entries = append(l.Entries, archiver.Entry{URL: fmt.Sprintf("http://blog.example/%d-%d", n, i)})
	}
	if n < r.pages {
		l.Next = []string{fmt.Sprintf("http://blog.example/nlp/%d", n+1)}
	}
	return l, nil
}

func (reader) Facts(*archiver.Page) (archiver.Facts, error) { return archiver.Facts{}, nil }

func (r reader) Instead(_, channel string) string {
	if channel == "http://blog.example/rest" {
		return "http://blog.example/feed"
	}
	return ""
}

func (reader) PostsAt(index string, refs []string) string {
	return index + "?include=" + strings.Join(refs, ",")
}

func (reader) Posts(*archiver.Page) ([]archiver.Post, error) { return nil, nil }

func (reader) Asset(page *archiver.Page) (archiver.Asset, error) {
	return archiver.Asset{URL: page.URL}, nil
}

func (reader) Noarchive(*archiver.Page) bool { return false }

func (r reader) Article(entries []archiver.Entry) Assembly { return &pages{r, entries[0].URL} }

type pages struct {
	reader
	url string
}

func (p *pages) Knowing(site *archiver.SiteModel) {
	if site == nil {
		panic("an article is read without what is known of its site")
	}
}

func (p *pages) Teach(site *archiver.SiteModel) *archiver.SiteModel {
	taught := *site
	taught.Lessons++
	taught.Pages++
	return &taught
}

func (p *pages) Add(page *archiver.Page) (string, error) {
	if page.URL == p.broken {
		panic("a page that brings the reader down")
	}
	return "", nil
}

func (p *pages) Article() (archiver.Article, error) {
	if p.url == p.locked {
		return archiver.Article{URL: p.url, State: archiver.ArticleProtected}, archiver.ErrProtected
	}
	return archiver.Article{URL: p.url, State: archiver.ArticleSaved}, nil
}
