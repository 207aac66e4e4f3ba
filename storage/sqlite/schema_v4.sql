-- Where articles were delivered to: files and people.
CREATE TABLE target (
	id   INTEGER PRIMARY KEY,
	name TEXT NOT NULL UNIQUE,
	last INTEGER NOT NULL -- when something was last delivered to it
) STRICT;

-- Which text of an article a target has.
CREATE TABLE delivery (
	target   INTEGER NOT NULL REFERENCES target ON DELETE CASCADE,
	article  INTEGER NOT NULL REFERENCES article ON DELETE CASCADE,
	revision INTEGER NOT NULL,
	PRIMARY KEY (target, article)
) STRICT, WITHOUT ROWID;
CREATE INDEX delivery_article ON delivery (article);
