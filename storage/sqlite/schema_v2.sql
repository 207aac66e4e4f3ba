-- What the pages of a site have in common: archiver.SiteModel as JSON.
CREATE TABLE site (
	host    TEXT PRIMARY KEY,
	lessons INTEGER NOT NULL, -- pages that it was ever learned from
	model   TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Why a revision was made: '' where the site's text is new, 'reextract' where the same page was read with better knowledge.
ALTER TABLE revision ADD COLUMN cause TEXT NOT NULL DEFAULT '';

-- A sum of the text, the same for the same text under another title; 0 for none, for a few words, and from before this column.
ALTER TABLE revision ADD COLUMN same INTEGER NOT NULL DEFAULT 0;
CREATE INDEX revision_same ON revision (same) WHERE same <> 0;
