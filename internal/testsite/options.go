package testsite

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"time"

	"golang.org/x/text/encoding/htmlindex"
)

// Option is one knob of a Site.
type Option func(*options)

type options struct {
	posts      int
	perPage    int
	seed       bool
	added      []Post
	theme      Theme
	pagination Pagination
	trap       bool

	protected map[int]bool
	parts     map[int]int
	oddTitles bool
	deepLinks bool
	pageSize  int // bytes of an article's page; 0 for short ones
	prerender bool

	zone       *time.Location
	noZone     bool
	charset    string
	label      string
	labelled   bool // label was set
	gzip       bool
	validators bool
	stale      bool
	live       bool

	rest    bool
	feed    FeedFormat
	items   int // of a feed
	sitemap SitemapShape

	guard        int // the status that strangers get instead of pictures
	robots       string
	robotsStatus int
	faults       []*rule
}

// wordpressRobots is the robots.txt that WordPress writes by itself.
const wordpressRobots = "User-agent: *\nDisallow: /wp-admin/\nAllow: /wp-admin/admin-ajax.php\n"

func defaults() options {
	return options{
		posts: 30, perPage: 10, theme: Classic, pagination: NextLink, protected: map[int]bool{}, parts: map[int]int{},
		zone: time.FixedZone("", 8*60*60), charset: "utf-8", gzip: true, robots: wordpressRobots, robotsStatus: http.StatusOK,
	}
}

func (o *options) check() error {
	count := o.posts
	if o.seed {
		count = len(seedPosts)
	}
	count += len(o.added)
	for _, i := range slices.Concat(slices.Collect(maps.Keys(o.protected)), slices.Collect(maps.Keys(o.parts))) {
		if i < 0 || i >= count {
			return fmt.Errorf("no post %d: there are %d", i, count)
		}
	}
	if _, err := htmlindex.Get(o.charset); err != nil {
		return fmt.Errorf("charset %q: %w", o.charset, err)
	}
	if o.posts < 0 || o.perPage < 1 {
		return fmt.Errorf("%d posts, %d a page", o.posts, o.perPage)
	}
	return nil
}

// Posts generates n posts instead of 30.
func Posts(n int) Option { return func(o *options) { o.posts = n } }

// PerPage lists n posts a page instead of ten.
func PerPage(n int) Option { return func(o *options) { o.perPage = n } }

// Seed is the demo: ten written articles about language models, five a page.
func Seed() Option {
	return func(o *options) { o.seed, o.perPage = true, 5 }
}

// With adds posts of the caller's own, to the generated ones or, after Posts(0), alone. See Site.Add.
func With(posts ...Post) Option { return func(o *options) { o.added = append(o.added, posts...) } }

// Style is the theme: Classic if not set.
func Style(theme Theme) Option { return func(o *options) { o.theme = theme } }

// Paginate is how the listing leads to its further pages: NextLink if not set.
func Paginate(pagination Pagination) Option { return func(o *options) { o.pagination = pagination } }

// Trap makes every page beyond the last answer 200 with the last page's posts, and always link to one more.
func Trap() Option { return func(o *options) { o.trap = true } }

// Protected puts posts behind a password; i counts as in Site.Articles.
func Protected(i ...int) Option {
	return func(o *options) {
		for _, i := range i {
			o.protected[i] = true
		}
	}
}

// MultiPage splits a generated post over n pages; i counts as in Site.Articles.
func MultiPage(i, n int) Option { return func(o *options) { o.parts[i] = n } }

// OddTitles gives the first posts titles that break things: right to left, emoji, markup, one title twice, very long.
func OddTitles() Option { return func(o *options) { o.oddTitles = true } }

// DeepLinks lets every generated post link to neighbours of its category and to a post of another one.
func DeepLinks() Option { return func(o *options) { o.deepLinks = true } }

// PageSize makes the pages of generated posts between two and four thirds of kb KiB, with the sidebar, the related posts
// and the comments of a busy blog. All pages are made before Start returns, so serving them costs next to nothing.
func PageSize(kb int) Option {
	return func(o *options) { o.pageSize, o.prerender = kb<<10, kb > 0 }
}

// Zone is the blog's time zone: +08:00 if not set.
func Zone(zone *time.Location) Option { return func(o *options) { o.zone = zone } }

// NoZone writes dates without a zone.
func NoZone() Option { return func(o *options) { o.noZone = true } }

// Charset sends pages in an encoding, labelled so in the header and in the page.
func Charset(name string) Option { return func(o *options) { o.charset = name } }

// Label says what header and page claim the encoding to be, true or not; empty for no label at all.
func Label(name string) Option { return func(o *options) { o.label, o.labelled = name, true } }

// NoGzip never compresses.
func NoGzip() Option { return func(o *options) { o.gzip = false } }

// Validators sends ETag on every page and Last-Modified on articles, and answers 304.
func Validators() Option { return func(o *options) { o.validators = true } }

// FalseNotModified answers 304 to everybody who was there before, whatever changed since.
func FalseNotModified() Option {
	return func(o *options) { o.validators, o.stale = true, true }
}

// Live counts views and tells how long it took in every page: no two answers are the same bytes, nor their validators.
func Live() Option { return func(o *options) { o.live = true } }

// REST tells of the posts as WordPress does, at /wp-json/ and ?rest_route=, and says so in Link headers.
func REST() Option { return func(o *options) { o.rest = true } }

// Feed tells of the newest n posts in a feed that every page names; it has validators.
func Feed(format FeedFormat, n int) Option {
	return func(o *options) { o.feed, o.items = format, n }
}

// Sitemap lists every post with its time of change, and robots.txt says where; it has validators.
func Sitemap(shape SitemapShape) Option { return func(o *options) { o.sitemap = shape } }

// Robots is the text of robots.txt; WordPress's own if not set.
func Robots(text string) Option { return func(o *options) { o.robots = text } }

// RobotsStatus is the status of robots.txt.
func RobotsStatus(code int) Option { return func(o *options) { o.robotsStatus = code } }

// Every lets every nth request meet a fault; requests of robots.txt are not counted.
func Every(n int, fault Fault) Option {
	return func(o *options) { o.faults = append(o.faults, &rule{every: n, fault: fault}) }
}

// OnPath lets every request of a path meet a fault. A path with a query is compared with it, one without is not.
func OnPath(path string, fault Fault) Option {
	return func(o *options) { o.faults = append(o.faults, &rule{path: path, fault: fault}) }
}
