package extract

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// This file knows the names that article pages give their parts. Rules: a name is known whole, or by its first or last word; a
// name that says what a page has or lacks ("has-sidebar") says nothing; WordPress writes an article's own categories into
// its class, so of such a class only the known words are read.

// role is what an element's names and kind say it is; several may hold.
type role uint16

const (
	roleBody     role = 1 << iota // holds the text of the article, and on the themes we know nothing else
	roleLoose                     // holds the text of the article, among other things
	roleForeign                   // lists other things: menu, sidebar, related posts
	roleComments                  // what readers wrote
	roleExtra                     // the article's, but not its text: tags, share buttons, licence, table of contents
	roleSure                      // a foreign or extra name that no author gives a part of the text
	roleParts                     // leads to the article's other pages
	roleTitle
	roleMeta // date, author, categories, counts
	roleDate
	roleUpdated
	roleAuthor
	roleCategory
	roleTag
	roleSummary
	roleSite // the blog's name
)

const roleNotText = roleForeign | roleComments | roleExtra | roleParts

// partNames are known whole.
var partNames = withNames(map[role]string{
	roleBody: `entry-content post-content post-body article-content article-body article-entry e-content markdown-body post_content article_content
		articlebody post-entry post__content entry__content article__content article__body post__body single-content single__content blog-content
		blog-post-content wp-block-post-content td-post-content rich_media_content js_content cnblogs_post_body content_views yue post-full-content
		gh-content available-content article-text post-text entry-text entry-body entrytext postbody post_body article_body articlecontent postcontent
		entrycontent blogcontent main-text story-body story-content single-post-content post-single-content the-content the_content article-detail
		post-detail post-contents article__text entry-inner post-inner-content article-main-content post_text entry_content blog_content s-content
		article-container post-article markdown-body`,
	roleLoose: `hentry h-entry post article entry blog-post single-post content main-content page-content prose text markdown main-inner post-block
		article-post post-single single post-main article-main content-body`,
	roleForeign: `site-header site-footer footer page-header-bar masthead colophon sidebar secondary widget-area widget blogroll tagcloud tag-cloud skip-link
		screen-reader-text sr-only`,
	roleForeign | roleSure: `jp-relatedposts yarpp yarpp-related related-posts relatedposts related_posts related-post post-navigation
		wp-block-post-navigation-link post-prevnext post-nav post-near post-nav-next post-nav-prev nav-links article-nav wp_rp_wrap crp_related
		wp-related-posts similar-posts recommend-posts recommended-posts`,
	roleComments | roleSure: `comments comments-area comment-list commentlist comment-respond respond disqus_thread vcomments vcomment gitalk-container
		gitalk utterances giscus waline valine twikoo wp-block-post-comments wp-block-comments post-comments comments-section comment-form`,
	roleExtra | roleSure: `sharedaddy sd-sharing addtoany_share_save_container addtoany_content a2a_kit share-buttons social-share social-share-buttons
		post-share article-share post-copyright post_copyright article-copyright post-license article-license article-licensing license-box license-wrap creative-commons
		post-reward reward-container post-donate reward donate post-tags post-tag entry-tags tags-links tag-links cat-links article-tags article-tag
		article-tag-list post-tags-container tag-list-inline entry-footer post-footer article-footer author-box post-author-box author-bio
		about-author author-info saboxplugin-wrap abh_box wp-block-post-author post-views post-ratings wp-postratings jp-post-flair
		ez-toc-container toc_container toc-container lwptoc post-toc article-toc table-of-contents toc entry-meta post-meta article-meta
		wp-block-post-terms wp-block-post-date post-password-form edit-link post-edit-link heateor_sss_sharing_container postmetadata`,
	roleParts | roleSure: `page-links page-link post-nav-links post-page-numbers link-pages wp-link-pages article-pagination post-pagination
		entry-pagination paged-links post-pages article-paging`,
	roleParts: `pagination pager page-numbers pagenavi wp-pagenavi page-nav`,
	roleTitle: `entry-title post-title article-title p-name post__title entry__title article__title wp-block-post-title single-title post_title
		article_title blog-title-post headline single-post-title post-headline`,
	roleSite:                `site-title site-name site-logo blog-title wp-block-site-title logo brand navbar-brand blog-name site-branding`,
	roleDate | roleMeta:     `dt-published entry-date post-date article-date published posted-on publish-date pubdate post-time article-time create-time date post__date entry__date`,
	roleUpdated | roleMeta:  `dt-updated updated modified last-modified post-updated update-time modified-date last-updated`,
	roleAuthor | roleMeta:   `p-author author vcard post-author entry-author byline article-author author-name post__author post-copyright-author post-copyright__author copyright-author wp-block-post-author__name author-link`,
	roleCategory | roleMeta: `cat-links post-category post-categories entry-category entry-categories article-category article-category-link category-links p-category taxonomy-category`,
	roleTag | roleMeta: `tags-links post-tags post-tag entry-tags article-tags article-tag article-tag-list article-tag-list-link tag-links taxonomy-post_tag
		tags tag-list post-tags-container`,
	roleMeta:    `entry-meta post-meta article-meta meta postmeta postmetadata post-info article-info entry-info post-info-meta byline post__meta`,
	roleSummary: `entry-summary post-excerpt excerpt summary p-summary post-subtitle subtitle entry-subtitle post-description article-summary`,
})

// partWords are known as the first or the last word of a name.
var partWords = withNames(map[role]string{
	roleForeign: `sidebar sidebars widget widgets related recommend recommended recent popular ranking breadcrumb breadcrumbs crumb crumbs menu menus
		navbar nav navigation tagcloud blogroll modal popup masthead topbar aside ads advert advertisement subscribe newsletter search cookie login`,
	roleComments: `comments comment commentlist respond disqus gitalk valine waline twikoo giscus utterances`,
	roleExtra:    `share sharing social copyright license licence licensing reward donate toc`,
	roleParts:    `pagination pager pagenavi paging`,
})

func withNames(lists map[role]string) map[string]role {
	roles := make(map[string]role)
	for r, names := range lists {
		for name := range strings.FieldsSeq(names) {
			roles[name] |= r
		}
	}
	return roles
}

// rolesOf reads the class, id and itemprop of an element, and its kind.
func (s *survey) rolesOf(n *html.Node) role {
	var r role
	wordPress := false
	for i := range n.Attr {
		switch a := &n.Attr[i]; a.Key {
		case "class":
			names := r
			for name := range strings.FieldsSeq(a.Val) {
				switch name {
				case "hentry", "type-post", "wp-block-post":
					wordPress = true
				}
				names |= s.roleOfName(name)
			}
			r = names
		case "id":
			r |= s.roleOfName(a.Val)
		case "itemprop":
			r |= itemRoles(a.Val)
		case "role":
			switch a.Val {
			case "navigation", "complementary", "contentinfo", "search", "menu", "banner":
				r |= roleForeign
			case "dialog", "alertdialog": // the longest text of a short article's page may be the question about cookies
				r |= roleForeign | roleSure
			case "main", "article":
				r |= roleLoose
			}
		case "rel":
			if hasRel(n, "author") {
				r |= roleAuthor | roleMeta
			}
		}
	}
	if wordPress {
		r = roleLoose
	}
	switch n.DataAtom {
	case atom.Nav:
		r |= roleForeign
	case atom.Main, atom.Article:
		r = r&^(roleForeign|roleExtra|roleSure|roleMeta|roleParts) | roleLoose
	}
	if r&(roleBody|roleLoose) != 0 && r&roleComments == 0 {
		// "post-content author-box" is unheard of, "article-content pagination-enabled" is not.
		if r&roleBody != 0 {
			r &^= roleNotText | roleMeta | roleSure
		}
	}
	return r
}

// roleOfName reads one name, and remembers it: a page repeats its names.
func (s *survey) roleOfName(name string) role {
	if r, ok := s.names[name]; ok {
		return r
	}
	r, ok := partNames[strings.ToLower(name)]
	if !ok {
		r = roleOfWords(name)
	}
	s.names[name] = r
	return r
}

func roleOfWords(name string) role {
	var buf [8]string
	words := splitName(name, buf[:0])
	if len(words) == 0 || stateWords[words[0]] || stateWords[words[len(words)-1]] {
		return 0
	}
	if r := partWords[words[0]] | partWords[words[len(words)-1]]; r != 0 {
		return r
	}
	return dateOfWords(words)
}

// dateOfWords knows the many names of dates: "post-create-date", "post-meta-date-updated". How long reading takes is none.
func dateOfWords(words []string) role {
	dated := false
	var r role
	for _, word := range words {
		switch word {
		case "date", "time", "datetime":
			dated = true
		case "datum":
			dated, r = true, max(r, roleDate)
		case "update", "updated", "modified", "edited", "lastmod":
			r = roleUpdated
		case "post", "entry", "article", "create", "created", "publish", "published", "news", "blog", "pub", "uploaded", "submitted":
			if r == 0 {
				r = roleDate
			}
		case "read", "reading":
			return 0
		}
	}
	if !dated || r == 0 {
		return 0
	}
	return r | roleMeta
}

func itemRoles(value string) role {
	var r role
	for name := range strings.FieldsSeq(value) {
		switch name {
		case "articleBody":
			r |= roleBody
		case "headline":
			r |= roleTitle
		case "datePublished", "dateCreated":
			r |= roleDate | roleMeta
		case "dateModified":
			r |= roleUpdated | roleMeta
		case "author":
			r |= roleAuthor | roleMeta
		case "keywords":
			r |= roleTag | roleMeta
		case "articleSection":
			r |= roleCategory | roleMeta
		case "comment", "comments":
			r |= roleComments
		}
	}
	return r
}
