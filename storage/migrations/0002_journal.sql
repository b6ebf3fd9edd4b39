-- The journal: one entry per user action. Entries are only ever added.
CREATE TABLE entries (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    at INTEGER NOT NULL,              -- the device's clock, ms UTC: information, never order
    clerk_id TEXT NOT NULL,
    on_behalf_of TEXT,
    device TEXT NOT NULL,
    action TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('do', 'undo', 'redo')),
    undoes TEXT UNIQUE,               -- the entry that this one takes back
    undoable INTEGER NOT NULL,
    office_id TEXT,                   -- the stream it belongs to; NULL: the whole town
    schema INTEGER NOT NULL,
    patches TEXT NOT NULL             -- [[table, row id, add|set|drop, {field: [old, new]}], ...]
);
CREATE INDEX entries_by_clerk ON entries (clerk_id, device, kind, seq);

-- Which rows an entry touched: the history of a record, and what stands on what.
CREATE TABLE entry_rows (
    tbl TEXT NOT NULL,
    row_id TEXT NOT NULL,
    seq INTEGER NOT NULL,
    PRIMARY KEY (tbl, row_id, seq)
) WITHOUT ROWID;

-- What the shared database has not acknowledged yet.
CREATE TABLE outbox (seq INTEGER PRIMARY KEY);

-- Content by its hash. codec 0: as it is, 1: zlib.
CREATE TABLE content (
    sha256 TEXT PRIMARY KEY,
    size INTEGER NOT NULL,
    codec INTEGER NOT NULL,
    data BLOB NOT NULL
);

-- Of this workstation alone, never journaled, never shared.
CREATE TABLE local (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE number_ranges (name TEXT PRIMARY KEY, next INTEGER NOT NULL, last INTEGER) WITHOUT ROWID;
CREATE TABLE drafts (
    clerk_id TEXT NOT NULL,
    place TEXT NOT NULL,
    at INTEGER NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (clerk_id, place)
) WITHOUT ROWID;
