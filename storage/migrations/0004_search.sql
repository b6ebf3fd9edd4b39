-- The search index: FTS5 over folded text, kept by triggers. Each index has a view that says what
-- stands in it, so that FTS5's own integrity check can prove that the index equals its rows.
-- Letters and digits make words, as storage.folding says; private-use characters do not.

-- Every word of the index once; its trigrams find parts of words ("laterne" in "strassenlaterne").
CREATE TABLE vocabulary (pos INTEGER PRIMARY KEY, word TEXT NOT NULL UNIQUE);
CREATE VIRTUAL TABLE vocabulary_parts USING fts5(
    word, content='vocabulary', content_rowid='pos', tokenize='trigram', detail=none, columnsize=0
);
CREATE TRIGGER vocabulary_add AFTER INSERT ON vocabulary BEGIN
    INSERT INTO vocabulary_parts (rowid, word) VALUES (new.pos, new.word);
END;
CREATE TRIGGER vocabulary_drop BEFORE DELETE ON vocabulary BEGIN
    INSERT INTO vocabulary_parts (vocabulary_parts, rowid, word) VALUES ('delete', old.pos, old.word);
END;

CREATE VIEW items_folded AS
SELECT i.pos AS pos, fold(i.subject) AS subject,
       fold(i.sender_name || ' ' || i.sender_address) AS sender, fold(c.data) AS body
FROM items i LEFT JOIN content c ON c.sha256 = i.text_sha256;
CREATE VIRTUAL TABLE items_search USING fts5(
    subject, sender, body,
    content='items_folded', content_rowid='pos', tokenize="unicode61 remove_diacritics 0 categories 'L* N*'"
);
CREATE TRIGGER items_search_add AFTER INSERT ON items BEGIN
    INSERT INTO items_search (rowid, subject, sender, body)
    SELECT pos, subject, sender, body FROM items_folded WHERE pos = new.pos;
    INSERT OR IGNORE INTO vocabulary (word)
    SELECT value FROM items_folded, json_each(new_words(subject || ' ' || sender || ' ' || body)) WHERE pos = new.pos;
END;
CREATE TRIGGER items_search_drop BEFORE DELETE ON items BEGIN
    INSERT INTO items_search (items_search, rowid, subject, sender, body)
    SELECT 'delete', pos, subject, sender, body FROM items_folded WHERE pos = old.pos;
END;
CREATE TRIGGER items_search_before BEFORE UPDATE OF subject, sender_name, sender_address, text_sha256 ON items BEGIN
    INSERT INTO items_search (items_search, rowid, subject, sender, body)
    SELECT 'delete', pos, subject, sender, body FROM items_folded WHERE pos = old.pos;
END;
CREATE TRIGGER items_search_after AFTER UPDATE OF subject, sender_name, sender_address, text_sha256 ON items BEGIN
    INSERT INTO items_search (rowid, subject, sender, body)
    SELECT pos, subject, sender, body FROM items_folded WHERE pos = new.pos;
    INSERT OR IGNORE INTO vocabulary (word)
    SELECT value FROM items_folded, json_each(new_words(subject || ' ' || sender || ' ' || body)) WHERE pos = new.pos;
END;

CREATE VIEW cases_folded AS
SELECT pos, fold(number) AS number, fold(subject) AS subject FROM cases;
CREATE VIRTUAL TABLE cases_search USING fts5(
    number, subject,
    content='cases_folded', content_rowid='pos', tokenize="unicode61 remove_diacritics 0 categories 'L* N*'"
);
CREATE TRIGGER cases_search_add AFTER INSERT ON cases BEGIN
    INSERT INTO cases_search (rowid, number, subject)
    SELECT pos, number, subject FROM cases_folded WHERE pos = new.pos;
    INSERT OR IGNORE INTO vocabulary (word)
    SELECT value FROM cases_folded, json_each(new_words(number || ' ' || subject)) WHERE pos = new.pos;
END;
CREATE TRIGGER cases_search_drop BEFORE DELETE ON cases BEGIN
    INSERT INTO cases_search (cases_search, rowid, number, subject)
    SELECT 'delete', pos, number, subject FROM cases_folded WHERE pos = old.pos;
END;
CREATE TRIGGER cases_search_before BEFORE UPDATE OF number, subject ON cases BEGIN
    INSERT INTO cases_search (cases_search, rowid, number, subject)
    SELECT 'delete', pos, number, subject FROM cases_folded WHERE pos = old.pos;
END;
CREATE TRIGGER cases_search_after AFTER UPDATE OF number, subject ON cases BEGIN
    INSERT INTO cases_search (rowid, number, subject)
    SELECT pos, number, subject FROM cases_folded WHERE pos = new.pos;
    INSERT OR IGNORE INTO vocabulary (word)
    SELECT value FROM cases_folded, json_each(new_words(number || ' ' || subject)) WHERE pos = new.pos;
END;

CREATE VIEW notes_folded AS
SELECT pos, fold(text) AS text FROM notes;
CREATE VIRTUAL TABLE notes_search USING fts5(
    text,
    content='notes_folded', content_rowid='pos', tokenize="unicode61 remove_diacritics 0 categories 'L* N*'"
);
CREATE TRIGGER notes_search_add AFTER INSERT ON notes BEGIN
    INSERT INTO notes_search (rowid, text)
    SELECT pos, text FROM notes_folded WHERE pos = new.pos;
    INSERT OR IGNORE INTO vocabulary (word)
    SELECT value FROM notes_folded, json_each(new_words(text)) WHERE pos = new.pos;
END;
CREATE TRIGGER notes_search_drop BEFORE DELETE ON notes BEGIN
    INSERT INTO notes_search (notes_search, rowid, text)
    SELECT 'delete', pos, text FROM notes_folded WHERE pos = old.pos;
END;
CREATE TRIGGER notes_search_before BEFORE UPDATE OF text ON notes BEGIN
    INSERT INTO notes_search (notes_search, rowid, text)
    SELECT 'delete', pos, text FROM notes_folded WHERE pos = old.pos;
END;
CREATE TRIGGER notes_search_after AFTER UPDATE OF text ON notes BEGIN
    INSERT INTO notes_search (rowid, text)
    SELECT pos, text FROM notes_folded WHERE pos = new.pos;
    INSERT OR IGNORE INTO vocabulary (word)
    SELECT value FROM notes_folded, json_each(new_words(text)) WHERE pos = new.pos;
END;

CREATE VIEW persons_folded AS
SELECT pos, fold(given_name || ' ' || family_name) AS name,
       fold(street || ' ' || postcode || ' ' || city || ' ' || email || ' ' || phone) AS address
FROM persons;
CREATE VIRTUAL TABLE persons_search USING fts5(
    name, address,
    content='persons_folded', content_rowid='pos', tokenize="unicode61 remove_diacritics 0 categories 'L* N*'"
);
CREATE TRIGGER persons_search_add AFTER INSERT ON persons BEGIN
    INSERT INTO persons_search (rowid, name, address)
    SELECT pos, name, address FROM persons_folded WHERE pos = new.pos;
    INSERT OR IGNORE INTO vocabulary (word)
    SELECT value FROM persons_folded, json_each(new_words(name || ' ' || address)) WHERE pos = new.pos;
END;
CREATE TRIGGER persons_search_drop BEFORE DELETE ON persons BEGIN
    INSERT INTO persons_search (persons_search, rowid, name, address)
    SELECT 'delete', pos, name, address FROM persons_folded WHERE pos = old.pos;
END;
CREATE TRIGGER persons_search_before BEFORE UPDATE OF given_name, family_name, street, postcode, city, email, phone ON persons BEGIN
    INSERT INTO persons_search (persons_search, rowid, name, address)
    SELECT 'delete', pos, name, address FROM persons_folded WHERE pos = old.pos;
END;
CREATE TRIGGER persons_search_after AFTER UPDATE OF given_name, family_name, street, postcode, city, email, phone ON persons BEGIN
    INSERT INTO persons_search (rowid, name, address)
    SELECT pos, name, address FROM persons_folded WHERE pos = new.pos;
    INSERT OR IGNORE INTO vocabulary (word)
    SELECT value FROM persons_folded, json_each(new_words(name || ' ' || address)) WHERE pos = new.pos;
END;
