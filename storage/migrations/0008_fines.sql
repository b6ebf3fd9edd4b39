-- Letters, money and fines; what persons, documents and follow-ups need for them.
ALTER TABLE offices ADD COLUMN settings TEXT;
ALTER TABLE offices ADD COLUMN four_eyes_above INTEGER;
ALTER TABLE follow_ups ADD COLUMN rule TEXT;
ALTER TABLE persons ADD COLUMN birth_name TEXT;
ALTER TABLE persons ADD COLUMN birth_place TEXT;
ALTER TABLE persons ADD COLUMN nationality TEXT;
ALTER TABLE persons ADD COLUMN died_on TEXT;
ALTER TABLE persons ADD COLUMN shielded_until TEXT;
ALTER TABLE documents ADD COLUMN kind TEXT;

CREATE TABLE letters (
    pos INTEGER NOT NULL,
    id TEXT NOT NULL,
    case_id TEXT NOT NULL,
    office_id TEXT NOT NULL,
    person_id TEXT,
    template TEXT NOT NULL,
    subject TEXT NOT NULL,
    state TEXT NOT NULL,
    way TEXT NOT NULL,
    details TEXT NOT NULL,
    drafted_by TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    wording TEXT,
    signatures INTEGER NOT NULL,
    signed_by TEXT,
    signed_for TEXT,
    signed_at INTEGER,
    second_by TEXT,
    second_for TEXT,
    second_at INTEGER,
    document_id TEXT,
    queued_at INTEGER,
    queued_on TEXT,
    sent_at INTEGER,
    sent_by TEXT,
    PRIMARY KEY (pos),
    UNIQUE (id),
    CHECK (state IN ('draft', 'signed', 'final', 'queued', 'sent', 'withdrawn')),
    CHECK (way IN ('print', 'mail', 'formal'))
);

CREATE INDEX ix_letters_case_id ON letters (case_id);

CREATE TABLE claims (
    pos INTEGER NOT NULL,
    id TEXT NOT NULL,
    case_id TEXT NOT NULL,
    office_id TEXT NOT NULL,
    person_id TEXT,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    reference TEXT NOT NULL,
    position INTEGER NOT NULL,
    amount INTEGER NOT NULL,
    paid INTEGER NOT NULL,
    due_on TEXT,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (pos),
    UNIQUE (id),
    CHECK (kind IN ('warning', 'fine', 'side', 'fee', 'expenses', 'other')),
    CHECK (state IN ('open', 'paid', 'deferred', 'waived', 'cancelled'))
);

CREATE INDEX ix_claims_case_id ON claims (case_id);

CREATE INDEX ix_claims_reference ON claims (reference);

CREATE TABLE payments (
    pos INTEGER NOT NULL,
    id TEXT NOT NULL,
    office_id TEXT NOT NULL,
    case_id TEXT,
    external_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    booked_on TEXT NOT NULL,
    amount INTEGER NOT NULL,
    currency TEXT NOT NULL,
    payer TEXT NOT NULL,
    payer_iban TEXT NOT NULL,
    purpose TEXT NOT NULL,
    reference TEXT NOT NULL,
    reason TEXT NOT NULL,
    replaces_id TEXT,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (pos),
    UNIQUE (id),
    UNIQUE (external_id),
    CHECK (kind IN ('bank', 'cash', 'card', 'online', 'refund', 'reversal')),
    CHECK (state IN ('booked', 'suggested', 'clarify', 'reversed', 'wanted', 'settled'))
);

CREATE INDEX ix_payments_case_id ON payments (case_id);

CREATE TABLE allocations (
    pos INTEGER NOT NULL,
    id TEXT NOT NULL,
    case_id TEXT NOT NULL,
    payment_id TEXT NOT NULL,
    claim_id TEXT NOT NULL,
    amount INTEGER NOT NULL,
    PRIMARY KEY (pos),
    UNIQUE (id)
);

CREATE INDEX ix_allocations_case_id ON allocations (case_id);

CREATE INDEX ix_allocations_claim_id ON allocations (claim_id);

CREATE INDEX ix_allocations_payment_id ON allocations (payment_id);

CREATE TABLE instalments (
    pos INTEGER NOT NULL,
    id TEXT NOT NULL,
    case_id TEXT NOT NULL,
    position INTEGER NOT NULL,
    due_on TEXT NOT NULL,
    amount INTEGER NOT NULL,
    state TEXT NOT NULL,
    PRIMARY KEY (pos),
    UNIQUE (id),
    CHECK (state IN ('open', 'paid', 'lapsed'))
);

CREATE INDEX ix_instalments_case_id ON instalments (case_id);

CREATE TABLE online_payments (
    pos INTEGER NOT NULL,
    id TEXT NOT NULL,
    case_id TEXT NOT NULL,
    reference TEXT NOT NULL,
    provider_id TEXT NOT NULL,
    state TEXT NOT NULL,
    amount INTEGER NOT NULL,
    redirect TEXT NOT NULL,
    reason TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    asked_at INTEGER,
    PRIMARY KEY (pos),
    UNIQUE (id),
    CHECK (state IN ('initial', 'waiting', 'paid', 'failed', 'canceled', 'expired'))
);

CREATE INDEX ix_online_payments_case_id ON online_payments (case_id);

CREATE TABLE offences (
    pos INTEGER NOT NULL,
    id TEXT NOT NULL,
    office_id TEXT NOT NULL,
    code TEXT NOT NULL,
    area TEXT NOT NULL,
    subject TEXT NOT NULL,
    title TEXT NOT NULL,
    charge TEXT NOT NULL,
    provisions TEXT NOT NULL,
    rate INTEGER NOT NULL,
    rate_repeat INTEGER,
    rate_intent INTEGER,
    maximum INTEGER NOT NULL,
    limitation TEXT NOT NULL,
    words TEXT NOT NULL,
    valid_from TEXT NOT NULL,
    valid_to TEXT,
    PRIMARY KEY (pos),
    UNIQUE (id),
    CHECK (area IN ('municipal', 'traffic')),
    CHECK (limitation IN ('by_maximum', 'traffic'))
);

CREATE INDEX ix_offences_code ON offences (code);

CREATE INDEX ix_offences_office_id ON offences (office_id);

CREATE TABLE fines (
    pos INTEGER NOT NULL,
    id TEXT NOT NULL,
    case_id TEXT NOT NULL,
    office_id TEXT NOT NULL,
    state TEXT NOT NULL,
    reference TEXT,
    external_id TEXT,
    source TEXT NOT NULL,
    area TEXT NOT NULL,
    acted_from TEXT NOT NULL,
    acted_to TEXT,
    place TEXT NOT NULL,
    place_more TEXT NOT NULL,
    district TEXT NOT NULL,
    latitude TEXT NOT NULL,
    longitude TEXT NOT NULL,
    officer TEXT NOT NULL,
    unity TEXT NOT NULL,
    guilt TEXT NOT NULL,
    amount INTEGER NOT NULL,
    fee INTEGER NOT NULL,
    expenses INTEGER NOT NULL,
    plate TEXT NOT NULL,
    plate_shown TEXT NOT NULL,
    plate_country TEXT NOT NULL,
    vehicle TEXT NOT NULL,
    evidence TEXT NOT NULL,
    limitation_on TEXT,
    absolute_on TEXT,
    restricted INTEGER NOT NULL,
    review_on TEXT,
    PRIMARY KEY (pos),
    UNIQUE (id),
    UNIQUE (external_id),
    CHECK (state IN ('recorded', 'investigating', 'warned', 'warning_offered', 'warning_effective', 'hearing', 'referred', 'investigated', 'notice', 'served', 'objection', 'rejected', 'intermediate', 'court', 'final', 'deferred', 'enforcement', 'detention', 'discontinued', 'settled')),
    CHECK (source IN ('entry', 'xmlmde', 'xowi', 'report')),
    CHECK (area IN ('municipal', 'traffic')),
    CHECK (unity IN ('same_act', 'several_acts')),
    CHECK (guilt IN ('negligent', 'intent'))
);

CREATE INDEX ix_fines_case_id ON fines (case_id);

CREATE INDEX ix_fines_place ON fines (place);

CREATE INDEX ix_fines_reference ON fines (reference);

CREATE TABLE fine_offences (
    pos INTEGER NOT NULL,
    id TEXT NOT NULL,
    case_id TEXT NOT NULL,
    offence_id TEXT,
    position INTEGER NOT NULL,
    code TEXT NOT NULL,
    charge TEXT NOT NULL,
    provisions TEXT NOT NULL,
    details TEXT NOT NULL,
    amount INTEGER NOT NULL,
    maximum INTEGER NOT NULL,
    limitation TEXT NOT NULL,
    PRIMARY KEY (pos),
    UNIQUE (id),
    CHECK (limitation IN ('by_maximum', 'traffic'))
);

CREATE INDEX ix_fine_offences_case_id ON fine_offences (case_id);

CREATE TABLE participants (
    pos INTEGER NOT NULL,
    id TEXT NOT NULL,
    case_id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    role TEXT NOT NULL,
    note TEXT NOT NULL,
    PRIMARY KEY (pos),
    UNIQUE (id),
    CHECK (role IN ('offender', 'keeper', 'driver', 'witness', 'informant', 'representative', 'defender', 'service_agent', 'authority', 'expert'))
);

CREATE INDEX ix_participants_case_id ON participants (case_id);

CREATE INDEX ix_participants_person_id ON participants (person_id);

CREATE TABLE fine_steps (
    pos INTEGER NOT NULL,
    id TEXT NOT NULL,
    case_id TEXT NOT NULL,
    participant_id TEXT,
    letter_id TEXT,
    action TEXT NOT NULL,
    state TEXT NOT NULL,
    on_date TEXT NOT NULL,
    at INTEGER NOT NULL,
    clerk_id TEXT NOT NULL,
    text TEXT NOT NULL,
    details TEXT NOT NULL,
    PRIMARY KEY (pos),
    UNIQUE (id),
    CHECK (state IN ('recorded', 'investigating', 'warned', 'warning_offered', 'warning_effective', 'hearing', 'referred', 'investigated', 'notice', 'served', 'objection', 'rejected', 'intermediate', 'court', 'final', 'deferred', 'enforcement', 'detention', 'discontinued', 'settled'))
);

CREATE INDEX ix_fine_steps_case_id ON fine_steps (case_id);

CREATE TABLE dogs (
    pos INTEGER NOT NULL,
    id TEXT NOT NULL,
    case_id TEXT NOT NULL,
    name TEXT NOT NULL,
    breed TEXT NOT NULL,
    chip TEXT NOT NULL,
    tag TEXT NOT NULL,
    on_leash INTEGER,
    muzzled INTEGER,
    incident TEXT NOT NULL,
    injured TEXT NOT NULL,
    PRIMARY KEY (pos),
    UNIQUE (id)
);

CREATE INDEX ix_dogs_case_id ON dogs (case_id);

-- The orders of the lists.
CREATE INDEX fines_by_limitation ON fines (office_id, limitation_on, id)
    WHERE limitation_on IS NOT NULL;
CREATE INDEX fines_by_act ON fines (office_id, state, acted_from, id);
CREATE INDEX cases_by_retention ON cases (office_id, retain_until)
    WHERE retain_until IS NOT NULL;
CREATE INDEX fines_by_plate ON fines (plate, acted_from, id) WHERE plate <> '';
CREATE INDEX letters_by_state ON letters (office_id, state, created_at, id);
CREATE INDEX payments_by_day ON payments (office_id, state, booked_on, id);
CREATE INDEX claims_by_due ON claims (office_id, state, due_on, id);
CREATE INDEX offences_by_code ON offences (office_id, code, valid_from);
CREATE INDEX letters_by_person ON letters (person_id) WHERE person_id IS NOT NULL;
CREATE INDEX letters_by_document ON letters (document_id) WHERE document_id IS NOT NULL;
CREATE INDEX claims_by_person ON claims (person_id) WHERE person_id IS NOT NULL;
CREATE INDEX payments_by_reference ON payments (reference, amount) WHERE reference <> '';
CREATE INDEX payments_by_payer ON payments (payer_iban, amount) WHERE payer_iban <> '';
CREATE INDEX payments_by_reversed ON payments (replaces_id) WHERE replaces_id IS NOT NULL;
CREATE INDEX fine_offences_by_offence ON fine_offences (offence_id) WHERE offence_id IS NOT NULL;
CREATE INDEX fine_steps_by_letter ON fine_steps (letter_id) WHERE letter_id IS NOT NULL;
CREATE INDEX fine_steps_by_participant ON fine_steps (participant_id)
    WHERE participant_id IS NOT NULL;
-- What deputies did in somebody's name; what came in is received in everybody's.
CREATE INDEX entries_by_absent ON entries (on_behalf_of, at)
    WHERE on_behalf_of IS NOT NULL AND clerk_id <> 'intake';
CREATE INDEX persons_by_street ON persons (city, street);
CREATE INDEX follow_ups_by_rule ON follow_ups (case_id, rule) WHERE rule IS NOT NULL;

-- Counters, as those of 0003; nobody has a fine, a letter or a payment for oneself.
CREATE TRIGGER fines_count_add AFTER INSERT ON fines BEGIN
    INSERT INTO counters (area, office_id, state, clerk_id, n)
    VALUES ('fines', ifnull(new.office_id, ''), new.state, '', 1)
    ON CONFLICT DO UPDATE SET n = n + (1);
END;
CREATE TRIGGER fines_count_drop AFTER DELETE ON fines BEGIN
    INSERT INTO counters (area, office_id, state, clerk_id, n)
    VALUES ('fines', ifnull(old.office_id, ''), old.state, '', -1)
    ON CONFLICT DO UPDATE SET n = n + (-1);
END;
CREATE TRIGGER fines_count_set AFTER UPDATE OF office_id, state ON fines BEGIN
    INSERT INTO counters (area, office_id, state, clerk_id, n)
    VALUES ('fines', ifnull(old.office_id, ''), old.state, '', -1)
    ON CONFLICT DO UPDATE SET n = n + (-1);
    INSERT INTO counters (area, office_id, state, clerk_id, n)
    VALUES ('fines', ifnull(new.office_id, ''), new.state, '', 1)
    ON CONFLICT DO UPDATE SET n = n + (1);
END;

CREATE TRIGGER letters_count_add AFTER INSERT ON letters BEGIN
    INSERT INTO counters (area, office_id, state, clerk_id, n)
    VALUES ('letters', ifnull(new.office_id, ''), new.state, '', 1)
    ON CONFLICT DO UPDATE SET n = n + (1);
END;
CREATE TRIGGER letters_count_drop AFTER DELETE ON letters BEGIN
    INSERT INTO counters (area, office_id, state, clerk_id, n)
    VALUES ('letters', ifnull(old.office_id, ''), old.state, '', -1)
    ON CONFLICT DO UPDATE SET n = n + (-1);
END;
CREATE TRIGGER letters_count_set AFTER UPDATE OF office_id, state ON letters BEGIN
    INSERT INTO counters (area, office_id, state, clerk_id, n)
    VALUES ('letters', ifnull(old.office_id, ''), old.state, '', -1)
    ON CONFLICT DO UPDATE SET n = n + (-1);
    INSERT INTO counters (area, office_id, state, clerk_id, n)
    VALUES ('letters', ifnull(new.office_id, ''), new.state, '', 1)
    ON CONFLICT DO UPDATE SET n = n + (1);
END;

CREATE TRIGGER payments_count_add AFTER INSERT ON payments BEGIN
    INSERT INTO counters (area, office_id, state, clerk_id, n)
    VALUES ('payments', ifnull(new.office_id, ''), new.state, '', 1)
    ON CONFLICT DO UPDATE SET n = n + (1);
END;
CREATE TRIGGER payments_count_drop AFTER DELETE ON payments BEGIN
    INSERT INTO counters (area, office_id, state, clerk_id, n)
    VALUES ('payments', ifnull(old.office_id, ''), old.state, '', -1)
    ON CONFLICT DO UPDATE SET n = n + (-1);
END;
CREATE TRIGGER payments_count_set AFTER UPDATE OF office_id, state ON payments BEGIN
    INSERT INTO counters (area, office_id, state, clerk_id, n)
    VALUES ('payments', ifnull(old.office_id, ''), old.state, '', -1)
    ON CONFLICT DO UPDATE SET n = n + (-1);
    INSERT INTO counters (area, office_id, state, clerk_id, n)
    VALUES ('payments', ifnull(new.office_id, ''), new.state, '', 1)
    ON CONFLICT DO UPDATE SET n = n + (1);
END;
