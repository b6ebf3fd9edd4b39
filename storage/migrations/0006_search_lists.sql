-- The search asks for words only, never for phrases, columns or ranks: its indexes keep no places of
-- words and no lengths of rows, which halves them. Of a long text each word goes in once.
-- hashsize: bytes that are collected before they are written out; a small change never has as much.

DROP VIEW items_folded;
CREATE VIEW items_folded AS
SELECT i.pos AS pos, i.id AS id, fold(CAST(i.subject AS BLOB)) AS subject,
       fold(CAST(i.sender_name || ' ' || i.sender_address AS BLOB)) AS sender, words(c.data) AS body
FROM items i LEFT JOIN content c ON c.sha256 = i.text_sha256;
DROP TABLE items_search;
CREATE VIRTUAL TABLE items_search USING fts5(
    subject, sender, body, detail=none, columnsize=0,
    content='items_folded', content_rowid='pos', tokenize="unicode61 remove_diacritics 0 categories 'L* N*'"
);
INSERT INTO items_search (items_search, rank) VALUES ('hashsize', 8388608);
INSERT INTO items_search (items_search) VALUES ('rebuild');

DROP TABLE cases_search;
CREATE VIRTUAL TABLE cases_search USING fts5(
    number, subject, detail=none, columnsize=0,
    content='cases_folded', content_rowid='pos', tokenize="unicode61 remove_diacritics 0 categories 'L* N*'"
);
INSERT INTO cases_search (cases_search) VALUES ('rebuild');

DROP TABLE notes_search;
CREATE VIRTUAL TABLE notes_search USING fts5(
    text, detail=none, columnsize=0,
    content='notes_folded', content_rowid='pos', tokenize="unicode61 remove_diacritics 0 categories 'L* N*'"
);
INSERT INTO notes_search (notes_search) VALUES ('rebuild');

DROP TABLE persons_search;
CREATE VIRTUAL TABLE persons_search USING fts5(
    name, address, detail=none, columnsize=0,
    content='persons_folded', content_rowid='pos', tokenize="unicode61 remove_diacritics 0 categories 'L* N*'"
);
INSERT INTO persons_search (persons_search) VALUES ('rebuild');
