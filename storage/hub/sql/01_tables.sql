-- The shared database. One generic table of records: a replica's tables change with every release,
-- this one does not; what a newer client writes and an older one does not know stays in `data`.

CREATE TABLE hub (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    epoch text NOT NULL,                 -- changes when the town says that a backup was restored
    protocol integer NOT NULL,
    schema_min integer NOT NULL,         -- clients with an older schema are refused
    schema_max integer NOT NULL,         -- the newest schema that this database's rules know
    backup_days integer NOT NULL DEFAULT 30 CHECK (backup_days > 0),   -- see 10_keep.sql
    horizon_days integer NOT NULL DEFAULT 180 CHECK (horizon_days > 0)
);

-- The rules as data, from clerk.rules and storage.tables (clerk hub init, clerk hub migrate).
CREATE TABLE rule_action (
    action text PRIMARY KEY,
    roles text[] NOT NULL,
    tables text[] NOT NULL               -- what the action may touch
);
CREATE TABLE rule_transition (
    tbl text NOT NULL, state text NOT NULL, action text NOT NULL, next text NOT NULL,
    PRIMARY KEY (tbl, state, action, next)
);
CREATE TABLE rule_table (
    tbl text PRIMARY KEY,
    required text[] NOT NULL,            -- the fields that every row has
    fields jsonb NOT NULL                -- {name: {"kind": "string" or "number", "terms": the values
                                         -- it may have, "refers": the table whose id it is,
                                         -- "author": it names nobody but the entry's clerk}}
);
ALTER TABLE rule_table ALTER fields SET STORAGE PLAIN;  -- read for each patch: never unpacked

-- A stream: one for each office, for the town, for what lies with no office, for each device.
CREATE TABLE scope (
    id text PRIMARY KEY,
    last bigint NOT NULL DEFAULT 0,      -- the number of its newest row; dense from 1
    digest bigint NOT NULL DEFAULT 0,
    horizon bigint NOT NULL DEFAULT 0    -- who has not come so far fills anew
);

CREATE TABLE account (role_name name PRIMARY KEY, clerk_id text NOT NULL UNIQUE);

-- Who works where and who stands in for whom: kept from the records by a trigger.
CREATE TABLE member (
    id text PRIMARY KEY, clerk_id text NOT NULL, office_id text NOT NULL, role text NOT NULL,
    since date, until date
);
CREATE INDEX member_by_clerk ON member (clerk_id);
CREATE TABLE stand_in (
    id text PRIMARY KEY, clerk_id text NOT NULL, deputy_id text NOT NULL, may text NOT NULL,
    starts_on date NOT NULL, ends_on date NOT NULL
);
CREATE INDEX stand_in_by_deputy ON stand_in (deputy_id);

CREATE TABLE device (
    id text PRIMARY KEY,
    clerk_id text NOT NULL,
    last bigint NOT NULL DEFAULT 0,      -- high-water mark: the last of its entries that was judged
    brought bigint NOT NULL DEFAULT 0,   -- ... and the last that was made before it joined
    schema integer NOT NULL,
    program text NOT NULL DEFAULT '',
    seen timestamptz NOT NULL DEFAULT now()
);

-- What only one row of a table may have.
CREATE FUNCTION sole_of(p_tbl text, p_row jsonb) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE p_tbl WHEN 'cases' THEN p_row ->> 'number' WHEN 'clerks' THEN p_row ->> 'login'
        WHEN 'items' THEN p_row ->> 'external_id' WHEN 'payments' THEN p_row ->> 'external_id'
        WHEN 'fines' THEN p_row ->> 'external_id' END
$$;

-- A row lies in one scope; a person's row in every scope that refers to it, as a copy in each.
-- What is searched for stands in columns of its own, so that an edit of anything else touches no
-- index (a heap-only update).
CREATE TABLE record (
    tbl text NOT NULL,
    id text NOT NULL,
    scope text NOT NULL,
    data jsonb NOT NULL,                 -- without nulls
    no bigint NOT NULL,                  -- the entry that wrote it last
    made bigint NOT NULL,                -- ... and the one that made it
    gone boolean NOT NULL DEFAULT false, -- a tombstone: data is empty
    case_id text GENERATED ALWAYS AS (data ->> 'case_id') STORED,
    item_id text GENERATED ALWAYS AS (data ->> 'item_id') STORED,
    person_id text GENERATED ALWAYS AS (data ->> 'person_id') STORED,
    sole text GENERATED ALWAYS AS (sole_of(tbl, data)) STORED,
    words tsvector,
    PRIMARY KEY (id, tbl, scope)         -- what differs most stands first
) WITH (fillfactor = 80);
CREATE INDEX record_by_scope ON record (scope, tbl);
CREATE INDEX record_by_case ON record (case_id) WHERE case_id IS NOT NULL;
CREATE INDEX record_by_item ON record (item_id) WHERE item_id IS NOT NULL;
CREATE INDEX record_by_person ON record (person_id) WHERE person_id IS NOT NULL;
CREATE UNIQUE INDEX record_sole ON record (tbl, sole) WHERE sole IS NOT NULL;
CREATE INDEX record_words ON record USING gin (words) WHERE words IS NOT NULL;

-- The journal: every entry that was judged, by the order of its commit within each scope.
CREATE SEQUENCE entry_no;
CREATE TABLE entry (
    no bigint PRIMARY KEY,
    id text NOT NULL UNIQUE,
    device text NOT NULL,
    dseq bigint,                         -- the device's own number; NULL: written here
    role_name text NOT NULL,             -- who was connected
    clerk_id text NOT NULL,
    on_behalf_of text,
    action text NOT NULL,
    kind text NOT NULL,
    undoes text,
    undoable integer NOT NULL,
    claim integer NOT NULL,
    schema integer NOT NULL,
    device_at bigint NOT NULL,           -- information; the order is the server's
    at bigint NOT NULL,
    outcome text NOT NULL CHECK (outcome IN ('ok', 'conflict', 'rejected')),
    UNIQUE (device, dseq)
);
CREATE TABLE stream (
    scope text NOT NULL,
    n bigint NOT NULL,
    no bigint NOT NULL,
    digest bigint NOT NULL,
    patches jsonb NOT NULL,              -- the entry's patches that concern this scope
    -- Of each patch the entry that wrote its row before, 0 where none did: from `record.no` on, a
    -- record's history is read backwards.
    before bigint[] NOT NULL,
    PRIMARY KEY (scope, n)
);
CREATE INDEX stream_by_entry ON stream (no);

CREATE TABLE refusal (
    no bigint PRIMARY KEY,
    device text NOT NULL,
    outcome text NOT NULL,
    code text NOT NULL,
    patches jsonb NOT NULL,              -- what was wanted, whole
    theirs jsonb NOT NULL                -- what stood there: {"tbl/id": {field: value}}
);

CREATE TABLE content (
    sha256 text PRIMARY KEY,
    data bytea NOT NULL,
    at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE number_range (name text PRIMARY KEY, next bigint NOT NULL);
CREATE TABLE lease (
    name text NOT NULL, first bigint NOT NULL, last bigint NOT NULL, device text NOT NULL,
    clerk_id text NOT NULL, at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (name, first)
);

CREATE UNLOGGED TABLE presence (
    device text NOT NULL, case_id text NOT NULL, clerk_id text NOT NULL, since bigint NOT NULL,
    until timestamptz NOT NULL, PRIMARY KEY (case_id, device)
);

CREATE TABLE read_log (
    no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL, clerk_id text NOT NULL, device text NOT NULL, way text NOT NULL,
    tbl text NOT NULL, row_id text NOT NULL, reason text NOT NULL
);
CREATE INDEX read_log_by_row ON read_log (tbl, row_id);
CREATE TABLE grant_log (
    no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT now(), by_role name NOT NULL, what text NOT NULL,
    clerk_id text, office_id text, role text
);
-- What no honest client does: forged actors, foreign devices, broken batches.
CREATE TABLE incident (
    no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT now(), by_role name NOT NULL, device text NOT NULL,
    code text NOT NULL
);
