-- The search index: FTS5 over folded text, kept by storage.indexing. Each index has a view that says
-- what stands in it, so that FTS5's own integrity check can prove that the index equals its rows.
-- Texts are handed over as BLOBs, for as TEXT they would end at a NUL.
-- Letters and digits make words, as storage.folding says; private-use characters do not.

-- Every word of the index once; its trigrams find parts of words ("laterne" in "strassenlaterne").
CREATE TABLE vocabulary (pos INTEGER PRIMARY KEY, word TEXT NOT NULL UNIQUE);
CREATE VIRTUAL TABLE vocabulary_parts USING fts5(
    word, content='vocabulary', content_rowid='pos', tokenize='trigram', detail=none, columnsize=0
);
CREATE TRIGGER vocabulary_drop BEFORE DELETE ON vocabulary BEGIN
    INSERT INTO vocabulary_parts (vocabulary_parts, rowid, word) VALUES ('delete', old.pos, old.word);
END;

CREATE VIEW items_folded AS
SELECT i.pos AS pos, i.id AS id, fold(CAST(i.subject AS BLOB)) AS subject,
       fold(CAST(i.sender_name || ' ' || i.sender_address AS BLOB)) AS sender, fold(c.data) AS body
FROM items i LEFT JOIN content c ON c.sha256 = i.text_sha256;
CREATE VIRTUAL TABLE items_search USING fts5(
    subject, sender, body,
    content='items_folded', content_rowid='pos', tokenize="unicode61 remove_diacritics 0 categories 'L* N*'"
);

CREATE VIEW cases_folded AS
SELECT pos, id, fold(CAST(number AS BLOB)) AS number, fold(CAST(subject AS BLOB)) AS subject FROM cases;
CREATE VIRTUAL TABLE cases_search USING fts5(
    number, subject,
    content='cases_folded', content_rowid='pos', tokenize="unicode61 remove_diacritics 0 categories 'L* N*'"
);

CREATE VIEW notes_folded AS
SELECT pos, id, fold(CAST(text AS BLOB)) AS text FROM notes;
CREATE VIRTUAL TABLE notes_search USING fts5(
    text,
    content='notes_folded', content_rowid='pos', tokenize="unicode61 remove_diacritics 0 categories 'L* N*'"
);

CREATE VIEW persons_folded AS
SELECT pos, id, fold(CAST(given_name || ' ' || family_name AS BLOB)) AS name,
       fold(CAST(street || ' ' || postcode || ' ' || city || ' ' || email || ' ' || phone AS BLOB)) AS address
FROM persons;
CREATE VIRTUAL TABLE persons_search USING fts5(
    name, address,
    content='persons_folded', content_rowid='pos', tokenize="unicode61 remove_diacritics 0 categories 'L* N*'"
);
