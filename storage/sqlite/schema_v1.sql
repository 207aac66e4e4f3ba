-- Times are Unix milliseconds, 0 for none; dates of pages are text as archiver.Timestamp writes it, '' for none.
-- Lists are JSON arrays, '' for none. A key is archiver.Key of an address.

CREATE TABLE source (
	id        INTEGER PRIMARY KEY,
	name      TEXT NOT NULL UNIQUE,
	url       TEXT NOT NULL,
	key       TEXT NOT NULL UNIQUE,
	title     TEXT NOT NULL,
	added     INTEGER NOT NULL,
	last_sync INTEGER NOT NULL,
	walk      INTEGER NOT NULL,
	removed   INTEGER NOT NULL CHECK (removed IN (0, 1))
) STRICT;

-- The frontier. A task is leased while it is pending and lease_until is to come.
CREATE TABLE task (
	id          INTEGER PRIMARY KEY,
	source      INTEGER NOT NULL REFERENCES source ON DELETE CASCADE,
	role        TEXT NOT NULL CHECK (role IN ('listing', 'facts', 'article')),
	key         TEXT NOT NULL,
	url         TEXT NOT NULL,
	state       TEXT NOT NULL,
	attempt     INTEGER NOT NULL,
	walk        INTEGER NOT NULL,
	number      INTEGER NOT NULL,
	barren      INTEGER NOT NULL,
	not_before  INTEGER NOT NULL,
	lease_until INTEGER NOT NULL,
	changed     INTEGER NOT NULL, -- when it came to its state
	reason      TEXT NOT NULL,
	entries     TEXT NOT NULL,
	UNIQUE (source, role, key)
) STRICT;

CREATE INDEX task_pending ON task (source, role, not_before, number, id, lease_until) WHERE state = 'pending';
CREATE INDEX task_problem ON task (source, changed) WHERE state NOT IN ('pending', 'done');

-- What a source's listing lists, read or not yet read, and the last walk that saw it.
CREATE TABLE member (
	source INTEGER NOT NULL REFERENCES source ON DELETE CASCADE,
	key    TEXT NOT NULL,
	walk   INTEGER NOT NULL,
	PRIMARY KEY (source, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE article (
	id         INTEGER PRIMARY KEY,
	name       TEXT NOT NULL UNIQUE, -- archiver.ArticleID
	url        TEXT NOT NULL,
	source     INTEGER NOT NULL REFERENCES source,
	state      TEXT NOT NULL,
	first_seen INTEGER NOT NULL,
	checked    INTEGER NOT NULL,
	revision   INTEGER NOT NULL, -- the current one; 0 where there is no text
	undated    INTEGER NOT NULL, -- 1 where published is absent
	published  INTEGER NOT NULL  -- for sorting
) STRICT;

CREATE INDEX article_order ON article (undated, published, url, id);

-- Every address an article was found under.
CREATE TABLE address (
	key     TEXT PRIMARY KEY,
	article INTEGER NOT NULL REFERENCES article ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE INDEX address_article ON address (article);

-- What an article said, and when it was seen to say so first. Number 0 is the facts of an article without text.
CREATE TABLE revision (
	id         INTEGER PRIMARY KEY, -- rises with time
	article    INTEGER NOT NULL REFERENCES article ON DELETE CASCADE,
	number     INTEGER NOT NULL,
	seen       INTEGER NOT NULL,
	hash       BLOB NOT NULL, -- archiver.Article.ContentHash
	seal       BLOB NOT NULL, -- a sum of the columns that hash leaves out
	title      TEXT NOT NULL,
	authors    TEXT NOT NULL,
	published  TEXT NOT NULL,
	modified   TEXT NOT NULL,
	categories TEXT NOT NULL,
	tags       TEXT NOT NULL,
	language   TEXT NOT NULL,
	site       TEXT NOT NULL,
	excerpt    TEXT NOT NULL,
	image      TEXT NOT NULL,
	words      INTEGER NOT NULL,
	markdown   TEXT NOT NULL,
	html       TEXT NOT NULL,
	UNIQUE (article, number)
) STRICT;

-- Raw pages of one site are alike: the first one kept is the dictionary of those after it. An ID is never given twice, or
-- pages would be unpacked with a wrong one.
CREATE TABLE dictionary (
	id   INTEGER PRIMARY KEY AUTOINCREMENT,
	host TEXT NOT NULL UNIQUE,
	raw  BLOB NOT NULL -- zstd
) STRICT;

-- Raw pages: of an article, or of a task that found none in them.
CREATE TABLE page (
	id           INTEGER PRIMARY KEY,
	article      INTEGER REFERENCES article ON DELETE CASCADE,
	task         INTEGER REFERENCES task ON DELETE CASCADE,
	requested    TEXT NOT NULL,
	url          TEXT NOT NULL,
	status       INTEGER NOT NULL,
	content_type TEXT NOT NULL,
	charset      TEXT NOT NULL,
	links        TEXT NOT NULL,
	pages        INTEGER NOT NULL,
	etag         TEXT NOT NULL,
	modified     TEXT NOT NULL,
	robots       TEXT NOT NULL,
	fetched      INTEGER NOT NULL,
	dictionary   INTEGER NOT NULL REFERENCES dictionary,
	raw          BLOB NOT NULL, -- zstd with that dictionary
	CHECK ((article IS NULL) <> (task IS NULL))
) STRICT;

CREATE INDEX page_article ON page (article) WHERE article IS NOT NULL;
CREATE INDEX page_task ON page (task) WHERE task IS NOT NULL;

-- Text with Han, Kana and Hangul characters set apart. It holds no copy of the text.
CREATE VIRTUAL TABLE search USING fts5 (title, facts, body, content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 2');

-- The last revision that the full-text index took in.
CREATE TABLE search_mark (
	id       INTEGER PRIMARY KEY CHECK (id = 1),
	revision INTEGER NOT NULL
) STRICT;
INSERT INTO search_mark VALUES (1, 0);
