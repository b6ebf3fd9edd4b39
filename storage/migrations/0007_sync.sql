-- A replica that is joined to a shared store (storage/sync). Own entries that the shared store has
-- not sent back yet stand in the high band of seq, from 2^60: seq - 2^60 is the device's own number,
-- which goes into dseq when they came back; hub_no is the number that the shared store gave.
ALTER TABLE entries ADD COLUMN dseq INTEGER;
ALTER TABLE entries ADD COLUMN claim INTEGER NOT NULL DEFAULT 0;
ALTER TABLE entries ADD COLUMN hub_no INTEGER;
DROP INDEX entries_by_clerk;
CREATE INDEX entries_by_clerk ON entries (clerk_id, device, ifnull(dseq + 1152921504606846976, seq));

-- The shared store's row beneath own pending entries, for exactly the rows that they touch.
CREATE TABLE shadow (
    tbl TEXT NOT NULL,
    row_id TEXT NOT NULL,
    data TEXT,                    -- {field: value} without nulls; NULL: there is no such row
    PRIMARY KEY (tbl, row_id)
) WITHOUT ROWID;

-- In which streams a person's row lies; it is gone when it lies in none.
CREATE TABLE copies (
    row_id TEXT NOT NULL,
    scope TEXT NOT NULL,
    PRIMARY KEY (row_id, scope)
) WITHOUT ROWID;

-- How far each stream was applied, and the digest of what was.
CREATE TABLE streams (
    scope TEXT PRIMARY KEY,
    cursor INTEGER NOT NULL,
    digest INTEGER NOT NULL
) WITHOUT ROWID;

-- Own entries as they were pushed: kept for a shared store that comes back from a backup.
CREATE TABLE sent (
    dseq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    at INTEGER NOT NULL,
    entry TEXT NOT NULL
);

-- Own entries that the shared store did not take: what was wanted, what stood there.
CREATE TABLE refusals (
    entry_id TEXT PRIMARY KEY,
    at INTEGER NOT NULL,
    clerk_id TEXT NOT NULL,
    action TEXT NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('conflict', 'rejected')),
    code TEXT NOT NULL,
    detail TEXT NOT NULL,
    patches TEXT NOT NULL,        -- as in entries
    theirs TEXT NOT NULL,         -- {"table/id": {field: value} or null}
    settled INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE INDEX refusals_open ON refusals (at) WHERE settled = 0;

-- What is named here and must be fetched: a row (field ''), or the content that a field names.
CREATE TABLE wanted (
    tbl TEXT NOT NULL,
    row_id TEXT NOT NULL,
    field TEXT NOT NULL,
    sha256 TEXT,
    PRIMARY KEY (field, tbl, row_id)
) WITHOUT ROWID;
CREATE INDEX wanted_by_content ON wanted (sha256) WHERE sha256 IS NOT NULL;
CREATE TABLE content_out (sha256 TEXT PRIMARY KEY) WITHOUT ROWID;
-- Content that rows named which left; swept from time to time.
CREATE TABLE loose (sha256 TEXT PRIMARY KEY) WITHOUT ROWID;

-- Number ranges leased ahead; the one in use stands in number_ranges.
CREATE TABLE leases (
    name TEXT NOT NULL,
    first INTEGER NOT NULL,
    last INTEGER NOT NULL,
    PRIMARY KEY (name, first)
) WITHOUT ROWID;

-- Which cases are open on this workstation, and who else has them open.
CREATE TABLE attention (case_id TEXT PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE presence (
    case_id TEXT NOT NULL,
    clerk_id TEXT NOT NULL,
    since INTEGER NOT NULL,
    PRIMARY KEY (case_id, clerk_id)
) WITHOUT ROWID;

-- Which persons' records were read here by search or number, until the shared store has it.
CREATE TABLE reads (
    id TEXT PRIMARY KEY,
    at INTEGER NOT NULL,
    clerk_id TEXT NOT NULL,
    way TEXT NOT NULL,
    tbl TEXT NOT NULL,
    row_id TEXT NOT NULL,
    reason TEXT NOT NULL
) WITHOUT ROWID;
