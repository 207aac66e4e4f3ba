-- What a sync remembers of a source.
ALTER TABLE source ADD COLUMN last_whole INTEGER NOT NULL DEFAULT 0; -- when the listing was last read to its end
ALTER TABLE source ADD COLUMN last_run INTEGER NOT NULL DEFAULT 0;
ALTER TABLE source ADD COLUMN settings TEXT NOT NULL DEFAULT ''; -- archiver.Settings as JSON
ALTER TABLE source ADD COLUMN channels TEXT NOT NULL DEFAULT ''; -- []archiver.Way as JSON
ALTER TABLE source ADD COLUMN ended_walk INTEGER NOT NULL DEFAULT 0; -- the last walk that came to an end
ALTER TABLE source ADD COLUMN whole_walk INTEGER NOT NULL DEFAULT 0; -- the last one that came to the listing's end
ALTER TABLE source ADD COLUMN told_walk INTEGER NOT NULL DEFAULT 0; -- the last one in which a channel told of all articles
ALTER TABLE source ADD COLUMN doubt INTEGER NOT NULL DEFAULT 0; -- 1 where the next walk is to be a whole one
UPDATE source SET last_whole = last_sync;

-- Where in the listing an address stood, when a channel last told of it, and when the listing was found to have left it out.
ALTER TABLE member ADD COLUMN place INTEGER NOT NULL DEFAULT 0;
ALTER TABLE member ADD COLUMN told INTEGER NOT NULL DEFAULT 0; -- the walk in which a channel that tells of all told of it
ALTER TABLE member ADD COLUMN lost INTEGER NOT NULL DEFAULT 0;
ALTER TABLE member ADD COLUMN ref TEXT NOT NULL DEFAULT ''; -- archiver.Entry.Ref
CREATE INDEX member_ref ON member (source, ref) WHERE ref <> '';

-- What a channel tells of and the listing never named, so that each raises doubt once.
CREATE TABLE stranger (
	source INTEGER NOT NULL REFERENCES source ON DELETE CASCADE,
	key    TEXT NOT NULL,
	told   INTEGER NOT NULL,
	PRIMARY KEY (source, key)
) STRICT, WITHOUT ROWID;

ALTER TABLE article ADD COLUMN gone INTEGER NOT NULL DEFAULT 0;
ALTER TABLE article ADD COLUMN why TEXT NOT NULL DEFAULT '';
UPDATE article SET gone = checked WHERE state = 'gone';

-- A sum of all columns of a raw page, so that a flipped bit is seen; NULL from before this column.
ALTER TABLE page ADD COLUMN seal BLOB;

-- What servers gave to ask again by, by the key of the address.
CREATE TABLE validator (
	key      TEXT PRIMARY KEY,
	etag     TEXT NOT NULL,
	modified TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- archiver.HostState.
CREATE TABLE host (
	name      TEXT PRIMARY KEY,
	paused    INTEGER NOT NULL,
	robots    BLOB,
	robots_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Pictures, each once. The sum is the SHA-256 of data.
CREATE TABLE asset (
	id     INTEGER PRIMARY KEY,
	sum    BLOB NOT NULL UNIQUE,
	type   TEXT NOT NULL,
	width  INTEGER NOT NULL,
	height INTEGER NOT NULL,
	data   BLOB NOT NULL
) STRICT;

-- Addresses of pictures, with what became of them.
CREATE TABLE image (
	id      INTEGER PRIMARY KEY,
	key     TEXT NOT NULL UNIQUE,
	url     TEXT NOT NULL,
	state   TEXT NOT NULL,
	reason  TEXT NOT NULL,
	checked INTEGER NOT NULL,
	asset   INTEGER REFERENCES asset
) STRICT;
CREATE INDEX image_asset ON image (asset) WHERE asset IS NOT NULL;
CREATE INDEX image_pending ON image (id) WHERE state = 'pending';

-- The pictures of an article, in its order, the lead image first. What an older revision shows stays.
CREATE TABLE article_image (
	article INTEGER NOT NULL REFERENCES article ON DELETE CASCADE,
	image   INTEGER NOT NULL REFERENCES image,
	place   INTEGER NOT NULL,
	PRIMARY KEY (article, image)
) STRICT, WITHOUT ROWID;
CREATE INDEX article_image_image ON article_image (image);

-- Tasks learn the role 'asset'. SQLite cannot change a CHECK, so the table is made anew.
CREATE TABLE task_v3 (
	id          INTEGER PRIMARY KEY,
	source      INTEGER NOT NULL REFERENCES source ON DELETE CASCADE,
	role        TEXT NOT NULL CHECK (role IN ('listing', 'facts', 'article', 'asset')),
	key         TEXT NOT NULL,
	url         TEXT NOT NULL,
	state       TEXT NOT NULL,
	attempt     INTEGER NOT NULL,
	walk        INTEGER NOT NULL,
	number      INTEGER NOT NULL,
	barren      INTEGER NOT NULL,
	not_before  INTEGER NOT NULL, -- of a done article: when it is to be looked at again
	lease_until INTEGER NOT NULL,
	changed     INTEGER NOT NULL, -- when it came to its state
	reason      TEXT NOT NULL,
	entries     TEXT NOT NULL,
	UNIQUE (source, role, key)
) STRICT;
INSERT INTO task_v3 SELECT id, source, role, key, url, state, attempt, walk, number, barren, not_before, lease_until, changed, reason, entries FROM task;
DROP TABLE task;
ALTER TABLE task_v3 RENAME TO task;
CREATE INDEX task_pending ON task (source, role, not_before, number, id, lease_until) WHERE state = 'pending';
CREATE INDEX task_problem ON task (source, changed) WHERE state NOT IN ('pending', 'done');
-- Articles that were read are looked at again, oldest look first.
CREATE INDEX task_recheck ON task (source, not_before) WHERE state = 'done' AND not_before > 0;
UPDATE task SET not_before = changed + 604800000 WHERE role = 'article' AND state = 'done';
