-- Counters kept by triggers: a count is read, never counted. '' stands for nobody.
CREATE TABLE counters (
    area TEXT NOT NULL,
    office_id TEXT NOT NULL,
    state TEXT NOT NULL,
    clerk_id TEXT NOT NULL,
    n INTEGER NOT NULL,
    PRIMARY KEY (area, state, office_id, clerk_id)
) WITHOUT ROWID;

CREATE TRIGGER items_count_add AFTER INSERT ON items BEGIN
    INSERT INTO counters (area, office_id, state, clerk_id, n)
    VALUES ('items', ifnull(new.office_id, ''), new.state, ifnull(new.claimed_by, ''), 1)
    ON CONFLICT DO UPDATE SET n = n + (1);
END;
CREATE TRIGGER items_count_drop AFTER DELETE ON items BEGIN
    INSERT INTO counters (area, office_id, state, clerk_id, n)
    VALUES ('items', ifnull(old.office_id, ''), old.state, ifnull(old.claimed_by, ''), -1)
    ON CONFLICT DO UPDATE SET n = n + (-1);
END;
CREATE TRIGGER items_count_set AFTER UPDATE OF office_id, state, claimed_by ON items BEGIN
    INSERT INTO counters (area, office_id, state, clerk_id, n)
    VALUES ('items', ifnull(old.office_id, ''), old.state, ifnull(old.claimed_by, ''), -1)
    ON CONFLICT DO UPDATE SET n = n + (-1);
    INSERT INTO counters (area, office_id, state, clerk_id, n)
    VALUES ('items', ifnull(new.office_id, ''), new.state, ifnull(new.claimed_by, ''), 1)
    ON CONFLICT DO UPDATE SET n = n + (1);
END;

CREATE TRIGGER cases_count_add AFTER INSERT ON cases BEGIN
    INSERT INTO counters (area, office_id, state, clerk_id, n)
    VALUES ('cases', ifnull(new.office_id, ''), new.state, ifnull(new.assignee_id, ''), 1)
    ON CONFLICT DO UPDATE SET n = n + (1);
END;
CREATE TRIGGER cases_count_drop AFTER DELETE ON cases BEGIN
    INSERT INTO counters (area, office_id, state, clerk_id, n)
    VALUES ('cases', ifnull(old.office_id, ''), old.state, ifnull(old.assignee_id, ''), -1)
    ON CONFLICT DO UPDATE SET n = n + (-1);
END;
CREATE TRIGGER cases_count_set AFTER UPDATE OF office_id, state, assignee_id ON cases BEGIN
    INSERT INTO counters (area, office_id, state, clerk_id, n)
    VALUES ('cases', ifnull(old.office_id, ''), old.state, ifnull(old.assignee_id, ''), -1)
    ON CONFLICT DO UPDATE SET n = n + (-1);
    INSERT INTO counters (area, office_id, state, clerk_id, n)
    VALUES ('cases', ifnull(new.office_id, ''), new.state, ifnull(new.assignee_id, ''), 1)
    ON CONFLICT DO UPDATE SET n = n + (1);
END;

CREATE TRIGGER follow_ups_count_add AFTER INSERT ON follow_ups BEGIN
    INSERT INTO counters (area, office_id, state, clerk_id, n)
    VALUES ('follow_ups', ifnull(new.office_id, ''), new.state, ifnull(new.clerk_id, ''), 1)
    ON CONFLICT DO UPDATE SET n = n + (1);
END;
CREATE TRIGGER follow_ups_count_drop AFTER DELETE ON follow_ups BEGIN
    INSERT INTO counters (area, office_id, state, clerk_id, n)
    VALUES ('follow_ups', ifnull(old.office_id, ''), old.state, ifnull(old.clerk_id, ''), -1)
    ON CONFLICT DO UPDATE SET n = n + (-1);
END;
CREATE TRIGGER follow_ups_count_set AFTER UPDATE OF office_id, state, clerk_id ON follow_ups BEGIN
    INSERT INTO counters (area, office_id, state, clerk_id, n)
    VALUES ('follow_ups', ifnull(old.office_id, ''), old.state, ifnull(old.clerk_id, ''), -1)
    ON CONFLICT DO UPDATE SET n = n + (-1);
    INSERT INTO counters (area, office_id, state, clerk_id, n)
    VALUES ('follow_ups', ifnull(new.office_id, ''), new.state, ifnull(new.clerk_id, ''), 1)
    ON CONFLICT DO UPDATE SET n = n + (1);
END;
