CREATE TABLE offices (
    pos INTEGER NOT NULL,
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    prefix TEXT NOT NULL,
    is_intake INTEGER NOT NULL,
    PRIMARY KEY (pos),
    UNIQUE (id)
);

CREATE TABLE clerks (
    pos INTEGER NOT NULL,
    id TEXT NOT NULL,
    login TEXT NOT NULL,
    name TEXT NOT NULL,
    active INTEGER NOT NULL,
    PRIMARY KEY (pos),
    UNIQUE (id),
    UNIQUE (login)
);

CREATE TABLE memberships (
    pos INTEGER NOT NULL,
    id TEXT NOT NULL,
    clerk_id TEXT NOT NULL,
    office_id TEXT NOT NULL,
    role TEXT NOT NULL,
    since TEXT,
    until TEXT,
    PRIMARY KEY (pos),
    UNIQUE (id),
    CHECK (role IN ('clerk', 'officer', 'supervisor', 'admin'))
);

CREATE INDEX ix_memberships_clerk_id ON memberships (clerk_id);

CREATE TABLE absences (
    pos INTEGER NOT NULL,
    id TEXT NOT NULL,
    clerk_id TEXT NOT NULL,
    deputy_id TEXT,
    may TEXT NOT NULL,
    starts_on TEXT NOT NULL,
    ends_on TEXT NOT NULL,
    PRIMARY KEY (pos),
    UNIQUE (id),
    CHECK (may IN ('read', 'act', 'sign'))
);

CREATE INDEX ix_absences_clerk_id ON absences (clerk_id);

CREATE TABLE services (
    pos INTEGER NOT NULL,
    id TEXT NOT NULL,
    office_id TEXT NOT NULL,
    title TEXT NOT NULL,
    PRIMARY KEY (pos),
    UNIQUE (id)
);

CREATE INDEX ix_services_office_id ON services (office_id);

CREATE TABLE service_versions (
    pos INTEGER NOT NULL,
    id TEXT NOT NULL,
    service_id TEXT NOT NULL,
    version INTEGER NOT NULL,
    state TEXT NOT NULL,
    valid_from TEXT NOT NULL,
    valid_to TEXT,
    definition TEXT NOT NULL,
    PRIMARY KEY (pos),
    UNIQUE (id),
    CHECK (state IN ('draft', 'published', 'withdrawn'))
);

CREATE INDEX ix_service_versions_service_id ON service_versions (service_id);

CREATE TABLE service_steps (
    pos INTEGER NOT NULL,
    id TEXT NOT NULL,
    version_id TEXT NOT NULL,
    position INTEGER NOT NULL,
    title TEXT NOT NULL,
    norm_minutes INTEGER NOT NULL,
    checklist TEXT NOT NULL,
    PRIMARY KEY (pos),
    UNIQUE (id)
);

CREATE INDEX ix_service_steps_version_id ON service_steps (version_id);

CREATE TABLE persons (
    pos INTEGER NOT NULL,
    id TEXT NOT NULL,
    family_name TEXT NOT NULL,
    given_name TEXT NOT NULL,
    born_on TEXT,
    street TEXT NOT NULL,
    postcode TEXT NOT NULL,
    city TEXT NOT NULL,
    email TEXT NOT NULL,
    phone TEXT NOT NULL,
    PRIMARY KEY (pos),
    UNIQUE (id)
);

CREATE TABLE items (
    pos INTEGER NOT NULL,
    id TEXT NOT NULL,
    channel TEXT NOT NULL,
    external_id TEXT NOT NULL,
    raw_sha256 TEXT,
    text_sha256 TEXT,
    message_id TEXT,
    thread_key TEXT NOT NULL,
    sender_name TEXT NOT NULL,
    sender_address TEXT NOT NULL,
    subject TEXT NOT NULL,
    sent_at INTEGER,
    received_at INTEGER NOT NULL,
    attachments INTEGER NOT NULL,
    state TEXT NOT NULL,
    reason TEXT,
    office_id TEXT,
    claimed_by TEXT,
    case_id TEXT,
    person_id TEXT,
    priority INTEGER NOT NULL,
    PRIMARY KEY (pos),
    UNIQUE (id),
    UNIQUE (external_id),
    CHECK (channel IN ('mail', 'form', 'phone', 'counter', 'letter', 'fax', 'app')),
    CHECK (state IN ('open', 'filed', 'done', 'aside', 'duplicate', 'spam', 'quarantine'))
);

CREATE INDEX ix_items_case_id ON items (case_id);

CREATE INDEX ix_items_message_id ON items (message_id);

CREATE INDEX ix_items_raw_sha256 ON items (raw_sha256);

CREATE INDEX ix_items_thread_key ON items (thread_key);

CREATE TABLE cases (
    pos INTEGER NOT NULL,
    id TEXT NOT NULL,
    number TEXT NOT NULL,
    office_id TEXT NOT NULL,
    service_id TEXT,
    version_id TEXT,
    assignee_id TEXT,
    person_id TEXT,
    state TEXT NOT NULL,
    subject TEXT NOT NULL,
    opened_at INTEGER NOT NULL,
    target_on TEXT,
    legal_on TEXT,
    closed_at INTEGER,
    result TEXT,
    retain_until TEXT,
    PRIMARY KEY (pos),
    UNIQUE (id),
    UNIQUE (number),
    CHECK (state IN ('open', 'waiting', 'closed'))
);

CREATE INDEX ix_cases_person_id ON cases (person_id);

CREATE TABLE statuses (
    pos INTEGER NOT NULL,
    id TEXT NOT NULL,
    case_id TEXT NOT NULL,
    parent_id TEXT,
    clerk_id TEXT NOT NULL,
    at INTEGER NOT NULL,
    text TEXT NOT NULL,
    audience TEXT NOT NULL,
    PRIMARY KEY (pos),
    UNIQUE (id),
    CHECK (audience IN ('involved', 'internal'))
);

CREATE INDEX ix_statuses_case_id ON statuses (case_id);

CREATE TABLE notes (
    pos INTEGER NOT NULL,
    id TEXT NOT NULL,
    case_id TEXT,
    item_id TEXT,
    clerk_id TEXT NOT NULL,
    at INTEGER NOT NULL,
    text TEXT NOT NULL,
    audience TEXT NOT NULL,
    PRIMARY KEY (pos),
    UNIQUE (id),
    CHECK (audience IN ('involved', 'internal'))
);

CREATE INDEX ix_notes_case_id ON notes (case_id);

CREATE INDEX ix_notes_item_id ON notes (item_id);

CREATE TABLE documents (
    pos INTEGER NOT NULL,
    id TEXT NOT NULL,
    item_id TEXT,
    case_id TEXT,
    replaces_id TEXT,
    name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    content_sha256 TEXT NOT NULL,
    size INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (pos),
    UNIQUE (id)
);

CREATE INDEX ix_documents_case_id ON documents (case_id);

CREATE INDEX ix_documents_item_id ON documents (item_id);

CREATE TABLE follow_ups (
    pos INTEGER NOT NULL,
    id TEXT NOT NULL,
    case_id TEXT,
    item_id TEXT,
    office_id TEXT,
    clerk_id TEXT,
    due_on TEXT NOT NULL,
    text TEXT NOT NULL,
    state TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    PRIMARY KEY (pos),
    UNIQUE (id),
    CHECK (state IN ('open', 'done'))
);

CREATE INDEX ix_follow_ups_case_id ON follow_ups (case_id);

CREATE INDEX ix_follow_ups_item_id ON follow_ups (item_id);

CREATE TABLE relations (
    pos INTEGER NOT NULL,
    id TEXT NOT NULL,
    case_id TEXT NOT NULL,
    other_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    PRIMARY KEY (pos),
    UNIQUE (id),
    CHECK (kind IN ('related', 'follows', 'parent'))
);

CREATE INDEX ix_relations_case_id ON relations (case_id);

CREATE INDEX ix_relations_other_id ON relations (other_id);

-- The orders in which lists are read: one index per list, the key of its pages at the end.
CREATE INDEX items_by_office ON items (state, office_id, received_at, id);
CREATE INDEX items_by_clerk ON items (state, claimed_by, received_at, id);
CREATE INDEX items_by_state ON items (state, received_at, id);
CREATE INDEX cases_by_office ON cases (state, office_id, opened_at, id);
CREATE INDEX cases_by_clerk ON cases (state, assignee_id, opened_at, id);
CREATE INDEX follow_ups_by_clerk ON follow_ups (state, clerk_id, due_on, id);
CREATE INDEX follow_ups_by_office ON follow_ups (state, office_id, due_on, id);
CREATE INDEX persons_by_name ON persons (family_name, given_name, id);
